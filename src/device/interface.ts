/**
 * The interface, as Linux's `net_device`: what every kind has in common. A driver says what becomes of a packet that is
 * sent; a qdisc stands before it; slots carry a received packet up.
 *
 * Down: `transmit` (dev_queue_xmit) → qdisc → `send` (dev_hard_start_xmit) → driver.
 * Up: driver → `receive` (netif_rx) → backlog → `input` (netif_receive_skb) → taps, handler, protocol slot.
 *
 * @module
 */

import type { Packet } from "../wire/packet.ts";
import { OUTGOING, TO_OTHER_HOST } from "../wire/packet.ts";
import { ETH_P_8021Q, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6 } from "../wire/ethernet.ts";
import { ethernetInput, untag } from "./ethernet_input.ts";
import type { InterfaceTable } from "./interface_table.ts";
import type { LinkGroups } from "./link_groups.ts";
import { IF_OPER_DOWN, IF_OPER_UNKNOWN, IF_OPER_UP, OPERSTATE_NAMES } from "./linkwatch.ts";
import type { World } from "./world.ts";

export const IFF_UP = 0x1;
export const IFF_BROADCAST = 0x2;
export const IFF_LOOPBACK = 0x8;
export const IFF_POINTOPOINT = 0x10;
export const IFF_RUNNING = 0x40;
export const IFF_NOARP = 0x80;
export const IFF_PROMISC = 0x100;
export const IFF_ALLMULTI = 0x200;
export const IFF_MULTICAST = 0x1000;
export const IFF_LOWER_UP = 0x10000;
export const IFF_DORMANT = 0x20000;

/** Link types (ARPHRD_*), as pcap and `ip` know them. */
export const ARPHRD_ETHER = 1;
export const ARPHRD_LOOPBACK = 772;

/** Longest name, in octets (IFNAMSIZ - 1). */
export const NAME_LIMIT = 15;

/** What happened to an interface, for those who listen (Linux's netdev notifier chain). */
export type LinkEvent =
  | "register" // came into the namespace
  | "ready" // its making, or its move here, is complete: nothing but the first message of it
  | "unregister" // leaves it: addresses, routes, neighbours and sockets' bindings go
  | "up" // IFF_UP was set
  | "going-down" // about to lose IFF_UP
  | "down" // IFF_UP is gone
  | "change" // carrier or other flags
  | "mtu"
  | "address"
  | "name";

/** What a namespace is to its interfaces: who listens, and where received packets go (Linux's `packet_type`s). */
export interface InterfaceOwner {
  readonly world: World;
  /** The namespace's name; "" for a machine's own. */
  readonly name: string;
  /** Numbers namespaces within the world. */
  readonly id: number;
  readonly interfaces: InterfaceTable;
  /** Each takes the packet and its reference; `packet.network` and `packet.head` are at that protocol's header. */
  arpInput(packet: Packet, device: Interface): void;
  ipv4Input(packet: Packet, device: Interface): void;
  ipv6Input(packet: Packet, device: Interface): void;
  /** Tells all layers of the namespace; lower layers hear of coming up first and of going down last. */
  linkEvent(device: Interface, event: LinkEvent): void;
}

/** Sees packets of an interface as a packet socket does (tcpdump). It must neither keep nor change them. */
export interface Tap {
  see(packet: Packet, device: Interface, outgoing: boolean): void;
}

/** What a kind of interface does. */
export interface Driver {
  /** As `ip link add type` names it: `veth`, `dummy`, `bridge`, …; "" for lo. */
  readonly kind: string;
  /** It has a queue of its own in front (`pfifo_fast` unless another is set): a tap. The others have none (IFF_NO_QUEUE). */
  readonly queued?: boolean;
  /** It stays in the namespace that it was made in (`netns_immutable`): lo and bridges. */
  readonly immutableNetns?: boolean;
  /** Takes the packet (its reference too); the frame begins at `packet.head`. 0, or -ENOBUFS when it was dropped for the sender to know. */
  transmit(packet: Packet, device: Interface): number;
  /** IFF_UP is being set or cleared; a driver with a wire sets the carrier here. A negative errno refuses. */
  open?(device: Interface): number;
  stop?(device: Interface): void;
  /** The interface is going for good. */
  remove?(device: Interface): void;
  /** The MTU is about to change: a negative errno refuses. */
  setMtu?(device: Interface, mtu: number): number;
  /** Takes a valid MAC address (`ndo_set_mac_address`); when left out it is just stored. A negative errno refuses. */
  setAddress?(device: Interface, address: Uint8Array): number;
  /** The carrier may be set from outside (`ip link set carrier`). */
  setCarrier?(device: Interface, carrier: boolean): number;
  /** An interface on which `device` stands, or a port of it, had an event. */
  lowerEvent?(device: Interface, lower: Interface, event: LinkEvent): void;
  /** Takes `port` as a port (`ip link set PORT master DEVICE`) and lets it go; throws a KernelError. */
  addPort?(device: Interface, port: Interface): void;
  deletePort?(device: Interface, port: Interface): void;
}

/** What stands between `transmit` and the driver; null on an interface is `noqueue` when up. */
export interface Qdisc {
  /** `pfifo`, `netem`, … */
  readonly kind: string;
  /** Takes the packet and its reference: it is sent now or later, or dropped and counted. Errno negated when it is dropped. */
  enqueue(packet: Packet, device: Interface): number;
  /** Releases what it holds: the interface goes down, or another qdisc takes its place. */
  reset(): void;
}

/**
 * What an interface has that was never up, is down or has no carrier (`noop_qdisc`): it drops, which counts on the interface.
 */
export const NOOP: Qdisc = {
  kind: "noop",
  enqueue(packet: Packet, device: Interface): number {
    device.counters.txDropped++;
    packet.release();
    return 0; // NET_XMIT_CN: the sender is not told
  },
  reset(): void {},
};

/** Makes the queue of an interface that has one by default; src/qdisc fills it. */
export const defaultQdisc: { create: ((device: Interface) => Qdisc) | null } = { create: null };

/** Counters as `/proc/net/dev` and `ip -s link` show them. */
export class InterfaceCounters {
  rxPackets = 0;
  rxBytes = 0;
  rxErrors = 0;
  rxDropped = 0;
  rxOverruns = 0;
  rxFrame = 0;
  rxMissed = 0;
  multicast = 0;
  /** Dropped since nobody speaks the protocol or the interface's layer refused it (rx_nohandler). */
  rxNoHandler = 0;
  txPackets = 0;
  txBytes = 0;
  txErrors = 0;
  txDropped = 0;
  txCarrier = 0;
  collisions = 0;
}

/** A handler that may take a received frame before the protocols (`rx_handler`: bridge, macvlan). */
export interface ReceiveHandler {
  /** True when it took the packet and its reference. */
  handle(packet: Packet, device: Interface): boolean;
}

export class Interface {
  /** Number within the namespace, from 1. */
  index = 0;
  flags = 0;
  mtu = 1500;
  minMtu = 68;
  maxMtu = 65535;
  txqueuelen = 1000;
  /** ARPHRD_*. */
  type = ARPHRD_ETHER;
  /** Octets of the link header: 14 for Ethernet and for lo. */
  headerLength = 14;
  alias = "";
  group = 0;
  /** IFLA_LINK: the interface that this one stands on (vlan, macvlan) or is wired to (veth), which may be in another namespace. */
  link: Interface | null = null;
  promiscuity = 0;
  allMulticast = 0;
  readonly counters: InterfaceCounters = new InterfaceCounters();
  /** Where the packets from above go on their way to the driver: null is noqueue, `NOOP` while down or without carrier. */
  qdisc: Qdisc | null = NOOP;
  /** The qdisc that is configured and that `ip` and `tc` show: null is noqueue, `NOOP` before the interface was ever up. */
  rootQdisc: Qdisc | null = NOOP;
  /** The bridge that this interface is a port of. */
  master: Interface | null = null;
  handler: ReceiveHandler | null = null;
  /** Sees tagged frames before `handler` does (`vlan_do_receive`). */
  vlanHandler: ReceiveHandler | null = null;
  taps: Tap[] | null = null;
  /** Interfaces that stand on this one (vlan, macvlan): told when it goes up, down or away. */
  uppers: Interface[] | null = null;
  /** The link-layer groups listened to. */
  multicastList: LinkGroups | null = null;
  /** More addresses of its own, as `02:00:00:00:00:01` (`bridge fdb add … self`). */
  unicastList: Set<string> | null = null;
  /** The link is there (what `netif_carrier_ok` says). */
  carrier = true;
  /** How often it came or went (`carrier_changes`). */
  carrierChanges = 0;
  /** IF_OPER_*; of an interface that is up. */
  operState: number = IF_OPER_UNKNOWN;
  /** The linkwatch has yet to handle a change of the carrier. */
  linkwatchPending = false;
  /** IFF_PROMISC and IFF_ALLMULTI as the user set them (`gflags`); `flags` has them also for bridges and captures. */
  userFlags = 0;
  /** False once it was removed. */
  registered = false;
  /** IPv4's and IPv6's own state of this interface (`in_device`, `inet6_dev`); set and read by src/ip only. */
  inet: unknown = null;
  inet6: unknown = null;

  constructor(
    public name: string,
    readonly driver: Driver,
    public address: Uint8Array,
    public broadcast: Uint8Array,
    public owner: InterfaceOwner,
  ) {}

  get up(): boolean {
    return (this.flags & IFF_UP) !== 0;
  }

  get loopback(): boolean {
    return (this.flags & IFF_LOOPBACK) !== 0;
  }

  /** It has been up: the qdisc of an interface that never was is shown as `noop`. */
  get activated(): boolean {
    return this.rootQdisc !== NOOP;
  }

  /** `noqueue`, `noop`, `pfifo_fast`, `netem`, … as `ip link` shows it. */
  get qdiscName(): string {
    return this.rootQdisc === null ? "noqueue" : this.rootQdisc.kind;
  }

  /** As `ip link` shows it: `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN`. */
  get operstate(): string {
    return OPERSTATE_NAMES[this.up ? this.operState : IF_OPER_DOWN];
  }

  /** `netif_oper_up` */
  get operUp(): boolean {
    return this.operState === IF_OPER_UP || this.operState === IF_OPER_UNKNOWN;
  }

  /** The flags that user space sees (`dev_get_flags`): with IFF_RUNNING and IFF_LOWER_UP, and promiscuity only as asked for by the user. */
  get reportedFlags(): number {
    let flags = this.flags & ~(IFF_PROMISC | IFF_ALLMULTI | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT);
    flags |= this.userFlags & (IFF_PROMISC | IFF_ALLMULTI);
    if (this.up) {
      if (this.operUp) flags |= IFF_RUNNING;
      if (this.carrier) flags |= IFF_LOWER_UP;
    }
    return flags;
  }

  /** Up and with carrier: what makes routes through it usable. */
  get running(): boolean {
    return this.carrier && (this.flags & IFF_UP) !== 0;
  }

  /**
   * Sends a packet whose link header, if the interface has one, begins at `packet.head` (`dev_queue_xmit`).
   * Takes the reference. 0, or -ENOBUFS when a full queue, or without a queue the driver, dropped it. Down or without carrier it is dropped and counted, but the
   * sender is not told.
   */
  transmit(packet: Packet): number {
    packet.device = this;
    if (this.qdisc !== null) return this.qdisc.enqueue(packet, this);
    return this.send(packet);
  }

  /** Hands a packet to taps and the driver (`dev_hard_start_xmit`); the driver counts. */
  send(packet: Packet): number {
    if (this.taps !== null || this.owner.world.capture !== null) this.#tap(packet, true);
    return this.driver.transmit(packet, this);
  }

  /**
   * A driver received an Ethernet frame that begins at `packet.head` (`eth_type_trans`, `netif_rx`): it is counted, its
   * header taken off, and it is handled within this instant, after what waits already. False: shorter than a header, dropped.
   */
  receive(packet: Packet): boolean {
    const counters = this.counters;
    const length = packet.tail - packet.head;
    if (!ethernetInput(packet, this)) {
      counters.rxErrors++;
      counters.rxFrame++;
      packet.release();
      return false;
    }
    counters.rxPackets++;
    counters.rxBytes += length;
    packet.device = this;
    this.owner.world.backlog.push(packet);
    return true;
  }

  /** As `receive`, for a frame that did not come through the driver and is not counted (`dev_forward_skb`). */
  forwardUp(packet: Packet): void {
    if (!ethernetInput(packet, this)) {
      this.owner.world.drop(packet, "PKT_TOO_SMALL");
      return;
    }
    packet.device = this;
    this.owner.world.backlog.push(packet);
  }

  /**
   * Handles a received packet (`__netif_receive_skb_core`). The driver has set `protocol`, `kind`, `link`, and left `head`
   * at the network header.
   */
  input(packet: Packet): void {
    if ((this.flags & IFF_UP) === 0) { // went down, or away, while it waited
      this.owner.world.drop(packet, "DEV_READY");
      return;
    }
    if (packet.protocol === ETH_P_8021Q && packet.vlan < 0 && !untag(packet)) {
      this.counters.rxDropped++;
      packet.release();
      return;
    }
    if (this.taps !== null || this.owner.world.capture !== null) this.#tap(packet, false);
    if (packet.vlan >= 0) {
      if (this.vlanHandler !== null && this.vlanHandler.handle(packet, this)) return;
      if (this.handler !== null && this.handler.handle(packet, this)) return;
      // A tag that nobody here takes: not for this host, unless it only carries a priority.
      if ((packet.vlan & 0xfff) !== 0) packet.kind = TO_OTHER_HOST;
      packet.vlan = -1;
    } else if (this.handler !== null && this.handler.handle(packet, this)) return;
    this.deliver(packet);
  }

  /** Gives a received packet to its protocol. */
  deliver(packet: Packet): void {
    packet.network = packet.head;
    const owner = this.owner;
    if (packet.protocol === ETH_P_IP) owner.ipv4Input(packet, this);
    else if (packet.protocol === ETH_P_IPV6) owner.ipv6Input(packet, this);
    else if (packet.protocol === ETH_P_ARP) owner.arpInput(packet, this);
    else {
      if (this.taps === null) this.counters.rxDropped++;
      packet.release();
    }
  }

  #tap(packet: Packet, outgoing: boolean): void {
    const kind = packet.kind;
    if (outgoing) packet.kind = OUTGOING;
    if (this.taps !== null) { for (const tap of this.taps) tap.see(packet, this, outgoing); }
    this.owner.world.capture?.(packet, this, outgoing);
    packet.kind = kind;
  }

  /** Sets or clears the carrier (`netif_carrier_on`, `netif_carrier_off`); the linkwatch does the rest. */
  setCarrier(carrier: boolean): void {
    if (this.carrier === carrier) return;
    this.carrier = carrier;
    this.carrierChanges++;
    if (this.registered) this.owner.world.linkwatch.fire(this);
  }
}
