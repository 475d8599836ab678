/** A network namespace: one of each of what it owns. Its layers are made when first used, so that an idle one is small. */
import type { Interface, LinkEvent } from "../device/interface.ts";
import { InterfaceTable } from "../device/interface_table.ts";
import { changeLink, deleteLink } from "../device/link.ts";
import { createLoopback } from "../device/loopback.ts";
import type { World } from "../device/world.ts";
import type { IpAddress, IpHost, NetlinkEvent, Protocol, SysctlEntry } from "../ip/host.ts";
import { Mib } from "../ip/mib.ts";
import { Ipv4 } from "../ip/ipv4.ts";
import { Ipv6 } from "../ip/ipv6.ts";
import type { Random } from "../time/random.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import { PacketSockets } from "../transport/packet_socket.ts";
import { Ping } from "../transport/ping.ts";
import { LocalPorts } from "../transport/ports.ts";
import { Raw } from "../transport/raw.ts";
import { Tcp } from "../transport/tcp/tcp.ts";
import { NamespaceIds } from "./namespace_ids.ts";
import type { Netfilter } from "../ip/host.ts";
import { Ruleset } from "../netfilter/ruleset.ts";
import { Udp } from "../transport/udp.ts";

export class NetworkNamespace implements IpHost {
  readonly interfaces: InterfaceTable = new InterfaceTable();
  readonly loopback: Interface;
  readonly ipv4: Ipv4;
  readonly ipv6: Ipv6;
  readonly mib: Mib = new Mib();
  /** It was deleted, and no process runs in it. */
  closed = false;
  /** Those who monitor this namespace's netlink messages. */
  get monitors(): Set<(event: NetlinkEvent) => void> {
    return this.#monitors ??= new Set();
  }
  netfilter: Netfilter | null = null;
  #ruleset: Ruleset | null = null;
  #monitors: Set<(event: NetlinkEvent) => void> | null = null;
  #random: Random | null = null;
  #ids: NamespaceIds | null = null;
  #localPorts: LocalPorts | null = null;
  #udp: Udp | null = null;
  #tcp: Tcp | null = null;
  #ping: Ping | null = null;
  #raw: Raw | null = null;
  #packets: PacketSockets | null = null;

  /** `name` is "" for a machine's own namespace; `id` numbers namespaces within the world, in order of their making. */
  constructor(readonly world: World, readonly name: string, readonly id: number) {
    this.ipv4 = new Ipv4(this);
    this.ipv6 = new Ipv6(this);
    this.loopback = createLoopback(this);
    this.interfaces.add(this.loopback);
    this.linkEvent(this.loopback, "register");
  }

  get random(): Random {
    return this.#random ??= this.world.random.split(`namespace ${this.id}`);
  }

  /** The ids by which this namespace speaks of others. */
  get ids(): NamespaceIds {
    return this.#ids ??= new NamespaceIds();
  }

  /** The range of ephemeral ports of all transports. */
  get localPorts(): LocalPorts {
    return this.#localPorts ??= new LocalPorts(this.random.split("ports"));
  }

  /** The tables of `nft`. */
  get ruleset(): Ruleset {
    return this.#ruleset ??= new Ruleset(this, (netfilter) => this.netfilter = netfilter);
  }

  get udp(): Udp {
    return this.#udp ??= new Udp(this, this.localPorts);
  }

  get tcp(): Tcp {
    return this.#tcp ??= new Tcp(this, this.localPorts);
  }

  get ping(): Ping {
    return this.#ping ??= new Ping(this);
  }

  get raw(): Raw {
    return this.#raw ??= new Raw(this);
  }

  get packetSockets(): PacketSockets {
    return this.#packets ??= new PacketSockets(this);
  }

  arpInput(packet: Packet, device: Interface): void {
    this.ipv4.arpInput(packet, device);
  }

  ipv4Input(packet: Packet, device: Interface): void {
    this.ipv4.input(packet, device);
  }

  ipv6Input(packet: Packet, device: Interface): void {
    this.ipv6.input(packet, device);
  }

  /** Made when the first packet or socket needs it. */
  protocol(version: 4 | 6, number: number): Protocol | null {
    if (number === IPPROTO_TCP) return this.tcp;
    if (number === IPPROTO_UDP) return version === 4 ? this.udp.protocol4 : this.udp.protocol6;
    return null;
  }

  rawInput(version: 4 | 6, number: number, packet: Packet): boolean {
    if (this.#ping !== null && number === (version === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
      this.#ping.input(packet, version);
    }
    return this.#raw !== null && this.#raw.input(packet, version, number);
  }

  rawError(
    version: 4 | 6,
    number: number,
    packet: Packet,
    type: number,
    code: number,
    info: number,
    offender: IpAddress,
  ): void {
    if (this.#ping !== null && number === (version === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
      this.#ping.error(packet, version, type, code, info, offender);
    }
    this.#raw?.error(packet, version, number, type, code, info, offender);
  }

  linkEvent(device: Interface, event: LinkEvent): void {
    // Of going up and down the message goes out before the layers follow (`__dev_notify_flags`), of all else after them.
    const first = event === "up" || event === "down";
    if (first) this.announce({ kind: "link", action: "new", subject: device });
    this.ipv4.linkEvent(device, event);
    this.ipv6.linkEvent(device, event);
    this.#packets?.linkEvent(device, event);
    if (first) return;
    if (event === "register") return; // the message comes when it is ready (rtnl_configure_link)
    if (event === "unregister") this.announce({ kind: "link", action: "delete", subject: device });
    else if (event !== "going-down") this.announce({ kind: "link", action: "new", subject: device });
  }

  /**
   * The end of the namespace (`cleanup_net`): its interfaces are removed, and with them the peers of its veths, its addresses,
   * routes and neighbours.
   */
  close(): void {
    this.closed = true;
    for (const device of this.interfaces) {
      if (!device.loopback && this.interfaces.byIndex(device.index) === device) deleteLink(device);
    }
    if (this.loopback.up) changeLink(this.loopback, { up: false });
  }

  announce(event: NetlinkEvent): void {
    // A message about a link whose other side is elsewhere names that namespace, which gives it an id.
    if (event.kind === "link" && event.action === "new") {
      const { link } = event.subject as Interface;
      if (link !== null && link.owner !== this && this.ids.known(link.owner) === undefined) {
        this.ids.of(link.owner);
        this.announce({ kind: "nsid", action: "new", subject: link.owner });
      }
    }
    if (this.#monitors !== null) { for (const monitor of this.#monitors) monitor(event); }
  }

  /** All sysctls of this namespace, made afresh: `net/…` paths. */
  sysctls(): SysctlEntry[] {
    return [
      ...this.ipv4.sysctls(),
      ...this.ipv6.sysctls(),
      ...this.localPorts.sysctls(),
      ...this.tcp.sysctlEntries(),
      ...this.ruleset.sysctls(),
    ];
  }
}
