/** Hosts that speak IPv6 only, on wires, with what they received: for the tests of src/ip. */
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Interface, LinkEvent } from "../../src/device/interface.ts";
import { InterfaceTable } from "../../src/device/interface_table.ts";
import { createLoopback } from "../../src/device/loopback.ts";
import { World } from "../../src/device/world.ts";
import type { IpHost, NetlinkEvent, Protocol } from "../../src/ip/host.ts";
import type { Ipv4 } from "../../src/ip/ipv4.ts";
import { Ipv6 } from "../../src/ip/ipv6.ts";
import { finishIcmp6 } from "../../src/ip/icmp6.ts";
import { Mib } from "../../src/ip/mib.ts";
import type { Route } from "../../src/ip/netlink.ts";
import { parseMac } from "../../src/wire/ethernet.ts";
import { formatIpv6, parseIpv6 } from "../../src/wire/ipv6.ts";
import { put16 } from "../../src/wire/octets.ts";
import type { Packet } from "../../src/wire/packet.ts";

export function ip6(text: string): Uint8Array {
  return parseIpv6(text)!;
}

let worlds = 0;

/** A host without IPv4 and transports; UDP datagrams and errors are written down. */
export class Host6 implements IpHost {
  readonly interfaces = new InterfaceTable();
  readonly mib = new Mib();
  readonly netfilter = null;
  readonly ipv4 = null as unknown as Ipv4;
  readonly ipv6: Ipv6 = new Ipv6(this);
  readonly loopback: Interface;
  readonly id = worlds++;
  readonly random;
  readonly events: NetlinkEvent[] = [];
  /** `type TYPE from SOURCE` of each ICMPv6 message, errors as `error TYPE/CODE INFO from OFFENDER`. */
  readonly log: string[] = [];
  readonly datagrams: Uint8Array[] = [];
  readonly udp: Protocol = {
    input: (packet: Packet) => {
      this.datagrams.push(packet.bytes.slice(packet.head, packet.tail));
      packet.release();
    },
    error: (_packet, type, code, info, offender) => {
      this.log.push(`error ${type}/${code} ${info} from ${formatIpv6(offender as Uint8Array)}`);
    },
  };

  constructor(readonly world: World, readonly name: string) {
    this.random = world.random.split(`test ${name}`);
    this.loopback = createLoopback(this);
    this.interfaces.add(this.loopback);
    this.linkEvent(this.loopback, "register");
  }

  arpInput(packet: Packet): void {
    packet.release();
  }

  ipv4Input(packet: Packet): void {
    packet.release();
  }

  ipv6Input(packet: Packet, device: Interface): void {
    this.ipv6.input(packet, device);
  }

  protocol(_version: 4 | 6, number: number): Protocol | null {
    return number === 17 ? this.udp : null;
  }

  rawInput(_version: 4 | 6, number: number, packet: Packet): boolean {
    if (number === 58) {
      this.log.push(`type ${packet.bytes[packet.head]} from ${formatIpv6(packet.bytes, packet.network + 8)}`);
    }
    return false;
  }

  rawError(
    _version: 4 | 6,
    number: number,
    _packet: Packet,
    type: number,
    code: number,
    info: number,
    offender: Uint8Array | number,
  ): void {
    if (number === 58) this.log.push(`error ${type}/${code} ${info} from ${formatIpv6(offender as Uint8Array)}`);
  }

  linkEvent(device: Interface, event: LinkEvent): void {
    this.ipv6.linkEvent(device, event);
  }

  announce(event: NetlinkEvent): void {
    this.events.push(event);
  }

  device(name: string): Interface {
    return this.interfaces.byName(name)!;
  }

  up(...names: string[]): void {
    for (const name of names) changeLink(this.device(name), { up: true });
  }

  /** `ip addr add ADDRESS/LENGTH dev NAME nodad` */
  address(name: string, cidr: string, flags = 2): void {
    const [address, length] = cidr.split("/");
    this.ipv6.addAddress(this.device(name), { local: ip6(address), prefixLength: Number(length), flags }, "add");
  }

  route(cidr: string, gateway: string | null, device: string | null = null, metric = 0): void {
    const [address, length] = cidr === "default" ? ["::", "0"] : cidr.split("/");
    this.ipv6.addRoute({
      destination: ip6(address),
      prefixLength: Number(length),
      metric,
      nexthops: [{
        gateway: gateway === null ? null : ip6(gateway),
        device: device === null ? null : this.device(device),
      }],
    }, "add");
  }

  sysctl(path: string, value?: string): string {
    const entry = this.ipv6.sysctls().find((one) => one.path === `net/ipv6/${path}`)!;
    if (value !== undefined) entry.write!(value);
    return entry.read();
  }

  addresses(name: string): string[] {
    return this.ipv6.addresses(this.device(name)).map((one) =>
      `${formatIpv6(one.local as Uint8Array)}/${one.prefixLength}`
    );
  }

  routes(table = 254): string[] {
    return [...this.ipv6.routes(table) ?? []].map(show);
  }

  /** Sends an echo request with a body of `size` octets; 0 or a negative errno. */
  ping(destination: string, size = 56, options: { device?: string; ttl?: number; source?: string } = {}): number {
    const path = this.ipv6.path({
      destination: ip6(destination),
      device: options.device === undefined ? null : this.device(options.device),
      source: options.source === undefined ? null : ip6(options.source),
      protocol: 58,
    });
    const found = path.refresh();
    if (found < 0) return found;
    if (options.ttl !== undefined) path.ttl = options.ttl;
    const packet = this.world.packets.allocate(8 + size);
    packet.tail = packet.head + 8 + size;
    for (let i = 0; i < size; i++) packet.bytes[packet.head + 8 + i] = i;
    packet.bytes[packet.head] = 128;
    packet.bytes[packet.head + 1] = 0;
    put16(packet.bytes, packet.head + 4, 7);
    put16(packet.bytes, packet.head + 6, 1);
    packet.transport = packet.head;
    finishIcmp6(packet, path.source as Uint8Array, path.destination as Uint8Array);
    return path.send(packet, 58);
  }

  /** What was logged since the last time. */
  take(): string[] {
    return this.log.splice(0).filter((line) => !/^type (13[0-9]|143)/.test(line));
  }
}

function show(route: Route): string {
  const hop = (one: { device: Interface | null; gateway: unknown }) =>
    (one.gateway === null ? "" : ` via ${formatIpv6(one.gateway as Uint8Array)}`) + ` dev ${one.device!.name}`;
  const hops = route.nexthops.map(hop).join(",");
  return `${formatIpv6(route.destination as Uint8Array)}/${route.prefixLength}${hops} metric ${route.metric}`;
}

/** A wire between two hosts. */
export function wire(a: Host6, nameA: string, b: Host6, nameB: string): void {
  const n = (a.id * 16 + b.id) % 250;
  createLink(a, {
    kind: "veth",
    name: nameA,
    address: parseMac(`02:00:00:00:${n.toString(16)}:01`)!,
    peer: { owner: b, name: nameB, address: parseMac(`02:00:00:00:${n.toString(16)}:02`)! },
  });
}

export function run(world: World, seconds: number): void {
  const end = world.scheduler.now + seconds * 1e9;
  while (world.scheduler.nextAt() <= end) world.scheduler.step();
  world.scheduler.now = end;
}

/** Two hosts on a wire, both up, `2001:db8::1` and `2001:db8::2`, without duplicate address detection. */
export function twoHosts(seed: number | string = 1): { world: World; a: Host6; b: Host6 } {
  const world = new World(seed);
  const a = new Host6(world, "a");
  const b = new Host6(world, "b");
  for (const host of [a, b]) host.sysctl("conf/default/accept_dad", "0");
  wire(a, "v0", b, "v0");
  for (const host of [a, b]) host.up("lo", "v0");
  a.address("v0", "2001:db8::1/64");
  b.address("v0", "2001:db8::2/64");
  run(world, 3);
  a.take();
  b.take();
  return { world, a, b };
}
