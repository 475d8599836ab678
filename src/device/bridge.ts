/**
 * A learning bridge (IEEE 802.1D without the spanning tree protocol; `net/bridge`). Multicast is flooded: as on Linux, where snooping
 * does nothing as long as there is no querier.
 *
 * @module
 */
import { Errno, KernelError } from "../wire/errno.ts";
import { BROADCAST_MAC } from "../wire/ethernet.ts";
import type { Packet } from "../wire/packet.ts";
import { TO_HOST } from "../wire/packet.ts";
import { Fdb, type FdbEntry } from "./fdb.ts";
import {
  ARPHRD_ETHER,
  type Driver,
  IFF_BROADCAST,
  IFF_MULTICAST,
  IFF_PROMISC,
  Interface,
  type InterfaceOwner,
  type LinkEvent,
  type ReceiveHandler,
} from "./interface.ts";
import { changeAllMulticast, changePromiscuity, joinLinkGroup, notify, RANDOM_ADDRESS, standsOn } from "./lifecycle.ts";
import { isForwardable } from "./veth.ts";

/** BR_STATE_*: without the spanning tree protocol a port is one of two. */
export const BR_STATE_DISABLED = 0;
export const BR_STATE_FORWARDING = 3;

/** All-snoopers (RFC 4286): a bridge that is up listens to them. */
const ALL_SNOOPERS: readonly number[] = [0x01005e00006a, 0x33330000006a];

/** Most ports of a bridge (BR_MAX_PORTS - 1). */
export const PORT_LIMIT = 1023;

export interface BridgeOptions {
  /** Nanoseconds after which a learned address is forgotten; 300 s by default, 0 forgets at once. */
  ageingNs?: number;
  /** Bit n: frames to 01:80:c2:00:00:0n are forwarded. Bits 0 to 2 cannot be set. */
  groupForwardMask?: number;
}

export class BridgePort implements ReceiveHandler {
  state = BR_STATE_DISABLED;
  priority = 32;
  cost = 2;
  learning = true;
  /** Unknown unicast, multicast and broadcast frames go out here. */
  flood = true;
  multicastFlood = true;
  broadcastFlood = true;
  /** Frames may go out where they came in. */
  hairpin = false;
  isolated = false;

  constructor(readonly bridge: Bridge, readonly device: Interface, readonly number: number) {}

  handle(packet: Packet): boolean {
    this.bridge.input(packet, this);
    return true;
  }
}

export class Bridge implements Driver {
  readonly kind = "bridge";
  readonly immutableNetns = true;
  readonly fdb: Fdb = new Fdb();
  /** The newest first: the order in which frames are flooded. */
  readonly ports: BridgePort[] = [];
  /** A port was ever added: from then on its limits of segmentation are its ports' (`br_set_gso_limits`). */
  hadPorts = false;
  groupForwardMask = 0;
  /** Set by the user: it does not follow the ports. */
  mtuSet = false;
  addressSet = false;
  #device: Interface | null = null;

  get device(): Interface {
    return this.#device!;
  }

  attach(device: Interface): void {
    this.#device = device;
  }

  /** @throws {KernelError} EINVAL for a mask with one of the bits that cannot be set */
  configure(options: BridgeOptions): void {
    if (options.groupForwardMask !== undefined) {
      if ((options.groupForwardMask & 7) !== 0) throw new KernelError(Errno.EINVAL);
      this.groupForwardMask = options.groupForwardMask;
    }
    if (options.ageingNs !== undefined) this.fdb.ageingNs = options.ageingNs;
  }

  // Frames.

  /** From above (`br_dev_xmit`). */
  transmit(packet: Packet, device: Interface): number {
    if (packet.tail - packet.head < 14) {
      device.counters.txDropped++;
      packet.release();
      return 0;
    }
    device.counters.txPackets++;
    device.counters.txBytes += packet.tail - packet.head;
    const { bytes, head } = packet;
    if ((bytes[head] & 1) !== 0) {
      this.#flood(packet, head, null);
      return 0;
    }
    const now = device.owner.world.scheduler.now;
    const entry = this.fdb.find(bytes, head, now);
    if (entry === null) this.#flood(packet, head, null);
    else this.#forward(packet, head, entry, null);
    return 0;
  }

  /** From a port (`br_handle_frame`); `head` is behind the link header. */
  input(packet: Packet, port: BridgePort): void {
    const { bytes, link } = packet;
    const { world } = this.device.owner;
    if ((bytes[link + 6] & 1) !== 0 || isZero(bytes, link + 6)) {
      world.drop(packet, "MAC_INVALID_SOURCE");
      return;
    }
    if (isLinkLocal(bytes, link) && !this.#forwardsGroup(bytes[link + 5])) {
      if (bytes[link + 5] === 1) world.drop(packet, "MAC_IEEE_MAC_CONTROL"); // pause frames end here
      else this.#localFinish(packet, port);
      return;
    }
    if (port.state !== BR_STATE_FORWARDING) {
      world.drop(packet, "BRIDGE_INGRESS_STP_STATE");
      return;
    }
    this.#inputFinish(packet, port);
  }

  /** 01:80:c2:00:00:00, the bridges' own protocol, passes while there is no spanning tree protocol here. */
  #forwardsGroup(last: number): boolean {
    return last === 0 || (last !== 1 && (this.groupForwardMask & (1 << last)) !== 0);
  }

  /** A frame for the port itself, not to be bridged (`br_handle_local_finish`). */
  #localFinish(packet: Packet, port: BridgePort): void {
    if (port.state === BR_STATE_FORWARDING && port.learning) this.#learn(packet, port);
    port.device.deliver(packet);
  }

  /** `br_handle_frame_finish` */
  #inputFinish(packet: Packet, port: BridgePort): void {
    const { bytes, link } = packet;
    const device = this.device;
    if (port.learning) this.#learn(packet, port);
    let up = (device.flags & IFF_PROMISC) !== 0;
    if (equalAddress(bytes, link, device.address)) packet.kind = TO_HOST;
    if ((bytes[link] & 1) !== 0) {
      const own = packet.copy();
      this.#flood(packet, link, port);
      this.#passUp(own);
      return;
    }
    const now = device.owner.world.scheduler.now;
    const entry = this.fdb.find(bytes, link, now);
    if (entry !== null && entry.local) {
      this.#passUp(packet);
      return;
    }
    up &&= device.up;
    const own = up ? packet.copy() : null;
    if (entry === null) this.#flood(packet, link, port);
    else this.#forward(packet, link, entry, port);
    if (own !== null) this.#passUp(own);
  }

  #learn(packet: Packet, port: BridgePort): void {
    const now = this.device.owner.world.scheduler.now;
    const source = packet.link + 6;
    const entry = this.fdb.get(packet.bytes, source);
    if (entry === null) {
      if (this.fdb.ageingNs > 0) this.fdb.add(packet.bytes, source, port, now);
      return;
    }
    if (entry.local) return; // somebody uses our own address
    entry.port = port;
    entry.updated = now;
  }

  /** To one port; takes the packet. */
  #forward(packet: Packet, link: number, entry: FdbEntry, from: BridgePort | null): void {
    entry.used = this.device.owner.world.scheduler.now;
    const port = entry.port;
    if (port !== null && delivers(port, from)) this.#send(packet, link, port);
    else this.device.owner.world.drop(packet, "BRIDGE_NO_EGRESS_PORT");
  }

  /** To all ports but the one it came from; takes the packet (`br_flood`). */
  #flood(packet: Packet, link: number, from: BridgePort | null): void {
    const bytes = packet.bytes;
    const group = (bytes[link] & 1) !== 0;
    if (group && !this.device.owner.world.backlog.admitFlood(packet)) return;
    const broadcast = group && (bytes[link + 1] & bytes[link + 2] & bytes[link + 3]) === 255;
    let last: BridgePort | null = null;
    for (let i = 0; i < this.ports.length; i++) {
      const port = this.ports[i];
      if (!delivers(port, from)) continue;
      if (!(broadcast ? port.broadcastFlood : group ? port.multicastFlood : port.flood)) continue;
      if (last !== null) this.#send(packet.copy(), link, last);
      last = port;
    }
    if (last !== null) this.#send(packet, link, last);
    else this.device.owner.world.drop(packet, "BRIDGE_NO_EGRESS_PORT");
  }

  /** `br_dev_queue_push_xmit` */
  #send(packet: Packet, link: number, port: BridgePort): void {
    packet.head = link;
    packet.link = link;
    if (!isForwardable(port.device, packet.tail - link, packet.gsoSize)) {
      port.device.owner.world.drop(packet, "PKT_TOO_BIG");
      return;
    }
    port.device.transmit(packet);
  }

  /** Up to the bridge's own interface (`br_pass_frame_up`), which does not count the link header. */
  #passUp(packet: Packet): void {
    const device = this.device;
    device.counters.rxPackets++;
    device.counters.rxBytes += packet.tail - packet.head;
    packet.device = device;
    device.input(packet);
  }

  // Ports and states.

  open(device: Interface): number {
    for (const group of ALL_SNOOPERS) joinLinkGroup(device, group, 1);
    for (const port of this.ports) this.#check(port);
    return 0;
  }

  stop(device: Interface): void {
    for (const group of ALL_SNOOPERS) joinLinkGroup(device, group, -1);
    for (const port of this.ports) if (port.state !== BR_STATE_DISABLED) this.#disable(port);
  }

  remove(): void {
    for (const port of [...this.ports]) this.deletePort(this.device, port.device);
  }

  /** @throws {KernelError} EINVAL for lo and what is not Ethernet, ELOOP for a bridge and what the bridge stands on, EBUSY for what has a handler already */
  addPort(bridge: Interface, device: Interface): void {
    if (device.loopback || device.type !== ARPHRD_ETHER) throw new KernelError(Errno.EINVAL);
    if (device.driver instanceof Bridge) {
      throw new KernelError(Errno.ELOOP, "Can not enslave a bridge to a bridge.");
    }
    if (device.handler !== null) throw new KernelError(Errno.EBUSY);
    if (standsOn(device, bridge)) throw new KernelError(Errno.ELOOP);
    let number = 1;
    this.hadPorts = true;
    while (this.ports.some((port) => port.number === number)) number++;
    if (number > PORT_LIMIT) throw new KernelError(Errno.EXFULL);
    const port = new BridgePort(this, device, number);
    changeAllMulticast(device, 1);
    changePromiscuity(device, 1);
    device.handler = port;
    device.master = bridge;
    this.ports.unshift(port);
    this.#addLocal(device.address, port);
    this.#followAddress();
    if (device.up && device.operUp && bridge.up) this.#enable(port);
    this.#followMtu();
    notify(device, "change");
  }

  deletePort(_bridge: Interface, device: Interface): void {
    const port = device.handler as BridgePort;
    this.#disable(port);
    changeAllMulticast(device, -1);
    changePromiscuity(device, -1);
    device.handler = null;
    device.master = null;
    this.ports.splice(this.ports.indexOf(port), 1);
    this.fdb.purge((entry) => entry.port === port);
    if (!this.device.registered) return;
    this.#followMtu();
    this.#followAddress();
    if (device.registered && device.up) notify(device, "change");
  }

  /** An event of a port (`br_device_event`). */
  lowerEvent(_bridge: Interface, lower: Interface, event: LinkEvent): void {
    const port = lower.handler as BridgePort;
    if (event === "up" || event === "down" || event === "change") this.#check(port);
    else if (event === "mtu") this.#followMtu();
    else if (event === "address") {
      this.fdb.purge((entry) => entry.port === port && entry.local && !entry.byUser);
      this.#addLocal(lower.address, port);
      this.#followAddress();
    }
  }

  /** The user sets the bridge's own (`br_stp_change_bridge_id`, which looks at the ports as well). */
  setAddress(_device: Interface, address: Uint8Array): number {
    this.addressSet = true;
    this.#ownAddress(address);
    this.#selectCarrier();
    return 0;
  }

  setMtu(): number {
    this.mtuSet = true;
    return 0;
  }

  /** `br_port_carrier_check` */
  #check(port: BridgePort): void {
    if (!this.device.up) return;
    const live = port.device.up && port.device.operUp;
    if (live && port.state === BR_STATE_DISABLED) this.#enable(port);
    else if (!live && port.state !== BR_STATE_DISABLED) this.#disable(port);
  }

  #enable(port: BridgePort): void {
    port.state = BR_STATE_FORWARDING;
    this.#selectCarrier();
  }

  #disable(port: BridgePort): void {
    port.state = BR_STATE_DISABLED;
    this.fdb.purge((entry) => entry.port === port && !entry.isStatic && !entry.local);
    this.#selectCarrier();
  }

  /** A bridge with no forwarding port has no carrier (`br_port_state_selection`). */
  #selectCarrier(): void {
    this.device.setCarrier(this.ports.some((port) => port.state === BR_STATE_FORWARDING));
  }

  /** The bridge is in its own table from the beginning (`br_fdb_change_mac_address`). */
  registered(): void {
    this.#ownAddress(this.device.address);
  }

  #ownAddress(address: Uint8Array): void {
    this.fdb.purge((entry) => entry.port === null && entry.local && !entry.byUser);
    this.#addLocal(address, null);
  }

  #addLocal(address: Uint8Array, port: BridgePort | null): void {
    const now = this.device.owner.world.scheduler.now;
    const entry = this.fdb.get(address, 0);
    if (entry !== null) {
      if (entry.local) return; // two ports with one address: the first has it
      this.fdb.remove(entry);
    }
    this.fdb.add(address, 0, port, now, { local: true, isStatic: true });
  }

  /** The lowest address of the ports, unless it was set (`br_stp_recalculate_bridge_id`). */
  #followAddress(): void {
    if (this.addressSet) return;
    let least: Uint8Array | null = null;
    for (const { device } of this.ports) if (least === null || before(device.address, least)) least = device.address;
    const address = least ?? new Uint8Array(6);
    if (equalAddress(address, 0, this.device.address)) return;
    this.#ownAddress(address);
    this.device.address = address.slice();
    this.#selectCarrier();
    notify(this.device, "address");
  }

  #followMtu(): void {
    if (this.mtuSet) return;
    let mtu = this.ports.length === 0 ? 1500 : 65535;
    for (const port of this.ports) mtu = Math.min(mtu, port.device.mtu);
    if (mtu === this.device.mtu) return;
    this.device.mtu = mtu;
    notify(this.device, "mtu");
  }
}

/** `should_deliver` */
function delivers(to: BridgePort, from: BridgePort | null): boolean {
  if (to.state !== BR_STATE_FORWARDING) return false;
  if (from === null) return true;
  return (to !== from || to.hairpin) && !(from.isolated && to.isolated);
}

/** 01:80:c2:00:00:0x */
function isLinkLocal(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x01 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0xc2 && bytes[at + 3] === 0 &&
    bytes[at + 4] === 0 && bytes[at + 5] < 16;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3] | bytes[at + 4] | bytes[at + 5]) === 0;
}

function equalAddress(bytes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let i = 5; i >= 0; i--) if (bytes[at + i] !== address[i]) return false;
  return true;
}

function before(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
}

/** Not yet registered; its driver is the `Bridge`. */
export function createBridge(owner: InterfaceOwner, name: string): Interface {
  const bridge = new Bridge();
  const device = new Interface(name, bridge, RANDOM_ADDRESS, BROADCAST_MAC, owner);
  device.flags = IFF_BROADCAST | IFF_MULTICAST;
  bridge.attach(device);
  return device;
}

/** The port that `device` is to its bridge, or null. */
export function bridgePort(device: Interface): BridgePort | null {
  return device.handler instanceof BridgePort ? device.handler : null;
}

/** `bridge fdb add|append|replace`: what kind of entry it is to be. */
export type FdbKind = "local" | "static" | "dynamic";

/**
 * Sets an entry of a port (or, with the bridge's own interface, of the bridge itself).
 *
 * @throws {KernelError} EEXIST with mode "add" when there is one, EINVAL for a group address or what is no port
 */
export function setFdbEntry(
  device: Interface,
  address: Uint8Array,
  kind: FdbKind,
  mode: "add" | "replace" | "append",
): void {
  const port = bridgePort(device);
  const bridge = port?.bridge ?? (device.driver instanceof Bridge ? device.driver : null);
  if (bridge === null || (address[0] & 1) !== 0 || isZero(address, 0)) throw new KernelError(Errno.EINVAL);
  const { now } = device.owner.world.scheduler;
  const entry = bridge.fdb.get(address, 0);
  if (entry !== null && mode === "add") throw new KernelError(Errno.EEXIST);
  if (entry !== null) bridge.fdb.remove(entry);
  const local = kind === "local" || port === null;
  bridge.fdb.add(address, 0, port, now, { local, isStatic: kind !== "dynamic", byUser: true });
}

/** `bridge fdb del`. Throws ENOENT. */
export function deleteFdbEntry(device: Interface, address: Uint8Array): void {
  const port = bridgePort(device);
  const bridge = port?.bridge ?? (device.driver instanceof Bridge ? device.driver : null);
  const entry = bridge?.fdb.get(address, 0) ?? null;
  if (bridge === null || entry === null || entry.port !== port) throw new KernelError(Errno.ENOENT);
  bridge.fdb.remove(entry);
}
