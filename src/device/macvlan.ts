/** Interfaces with MAC addresses of their own on one interface (`drivers/net/macvlan.c`). */
import { Errno, KernelError } from "../wire/errno.ts";
import { BROADCAST_MAC, ETHERNET_HEADER } from "../wire/ethernet.ts";
import type { Packet } from "../wire/packet.ts";
import { TO_BROADCAST, TO_HOST, TO_MULTICAST } from "../wire/packet.ts";
import {
  ARPHRD_ETHER,
  type Driver,
  IFF_ALLMULTI,
  IFF_BROADCAST,
  IFF_MULTICAST,
  IFF_PROMISC,
  IFF_UP,
  Interface,
  type InterfaceOwner,
  type LinkEvent,
  type ReceiveHandler,
} from "./interface.ts";
import {
  addUpper,
  changePromiscuity,
  followCarrier,
  notify,
  RANDOM_ADDRESS,
  removeUpper,
  unregister,
} from "./lifecycle.ts";
import { macNumber } from "./link_groups.ts";
import { scrub } from "./veth.ts";

export const MACVLAN_PRIVATE = 1;
export const MACVLAN_VEPA = 2;
export const MACVLAN_BRIDGE = 4;
export const MACVLAN_PASSTHRU = 8;
const EVERY_MODE = MACVLAN_PRIVATE | MACVLAN_VEPA | MACVLAN_BRIDGE | MACVLAN_PASSTHRU;

export const MACVLAN_MODES: { readonly [name: string]: number } = {
  private: MACVLAN_PRIVATE,
  vepa: MACVLAN_VEPA,
  bridge: MACVLAN_BRIDGE,
  passthru: MACVLAN_PASSTHRU,
};

export interface MacvlanOptions {
  /** `vepa` when left out. */
  mode?: "private" | "vepa" | "bridge" | "passthru";
}

/** All macvlans of one interface (`macvlan_port`). */
export class MacvlanPort implements ReceiveHandler {
  readonly members: Interface[] = [];
  constructor(readonly lower: Interface) {}

  get passthru(): boolean {
    return this.members.some((device) => modeOf(device) === MACVLAN_PASSTHRU);
  }

  /** The member with the address at `at`, if it is up (`macvlan_hash_lookup`). */
  find(bytes: Uint8Array, at: number): Interface | null {
    for (const device of this.members) {
      const own = device.address;
      let i = 5;
      while (i >= 0 && own[i] === bytes[at + i]) i--;
      if (i < 0 && device.up) return device;
    }
    return null;
  }

  /** `macvlan_handle_frame` */
  handle(packet: Packet): boolean {
    const { bytes, link } = packet;
    if ((bytes[link] & 1) !== 0) {
      const source = this.find(bytes, link + 6);
      const mode = source === null ? 0 : modeOf(source);
      if (source !== null && (mode & (MACVLAN_VEPA | MACVLAN_BRIDGE)) === 0) {
        deliver(packet, source, true);
        return true;
      }
      if (source === null) this.broadcast(packet, null, EVERY_MODE);
      else this.broadcast(packet, source, mode === MACVLAN_VEPA ? MACVLAN_VEPA | MACVLAN_BRIDGE : MACVLAN_VEPA);
      return false;
    }
    const device = this.passthru ? this.members[0] : this.find(bytes, link);
    if (device === null) return false;
    if (!device.up) device.owner.world.drop(packet, "DEV_READY");
    else deliver(packet, device, false);
    return true;
  }

  /** A copy of a group frame (its link header at `link`) to each member of these modes that listens, but not to `from` (`macvlan_broadcast`). */
  broadcast(packet: Packet, from: Interface | null, modes: number): void {
    for (const device of this.members) {
      if (device === from || !device.up || (modeOf(device) & modes) === 0) continue;
      if (!listens(device, packet.bytes, packet.link)) continue;
      deliver(packet.copy(), device, true);
    }
  }
}

function modeOf(device: Interface): number {
  return (device.driver as Macvlan).mode;
}

/** Whether a frame to this group passes the interface's filter. */
function listens(device: Interface, bytes: Uint8Array, at: number): boolean {
  if ((device.flags & (IFF_PROMISC | IFF_ALLMULTI)) !== 0 || device.multicastList === null) return true;
  if ((bytes[at + 1] & bytes[at + 2] & bytes[at + 3]) === 255) return true;
  return device.multicastList.users(macNumber(bytes, at)) > 0;
}

/** Takes a frame whose `link` and `head` are set up to a macvlan. */
function deliver(packet: Packet, device: Interface, group: boolean): void {
  packet.device = device;
  packet.head = packet.link + ETHERNET_HEADER;
  packet.protocol = (packet.bytes[packet.link + 12] << 8) | packet.bytes[packet.link + 13];
  packet.kind = TO_HOST;
  if (group) {
    packet.kind = (packet.bytes[packet.link + 1] & packet.bytes[packet.link + 2]) === 255 ? TO_BROADCAST : TO_MULTICAST;
  }
  device.counters.rxPackets++;
  device.counters.rxBytes += packet.tail - packet.link;
  if (group) {
    device.counters.multicast++;
    device.owner.world.backlog.push(packet);
  } else device.input(packet);
}

export class Macvlan implements Driver {
  readonly kind = "macvlan";
  constructor(readonly port: MacvlanPort, readonly mode: number) {}

  /** `macvlan_queue_xmit` */
  transmit(packet: Packet, device: Interface): number {
    const { bytes, head } = packet;
    const length = packet.tail - head;
    const { counters } = device;
    if (length < ETHERNET_HEADER) {
      counters.txDropped++;
      packet.release();
      return -Errno.ENOBUFS;
    }
    if (this.mode === MACVLAN_BRIDGE) {
      packet.link = head;
      if ((bytes[head] & 1) !== 0) this.port.broadcast(packet, device, MACVLAN_BRIDGE);
      else {
        const to = this.port.find(bytes, head);
        if (to !== null && modeOf(to) === MACVLAN_BRIDGE) {
          counters.txPackets++;
          counters.txBytes += length;
          this.#hairpin(packet, device);
          return 0;
        }
      }
    }
    const result = this.port.lower.transmit(packet);
    if (result < 0) counters.txDropped++;
    else {
      counters.txPackets++;
      counters.txBytes += length;
    }
    return result;
  }

  /** To a neighbour on the same interface, by way of that interface's taps (`dev_forward_skb`). */
  #hairpin(packet: Packet, device: Interface): void {
    const { lower } = this.port;
    if ((lower.flags & IFF_UP) === 0) {
      lower.owner.world.drop(packet, "DEV_READY");
      return;
    }
    let own = packet;
    if (!packet.owned) {
      own = packet.copy();
      packet.release();
    }
    scrub(own, lower.owner !== device.owner);
    lower.forwardUp(own);
  }

  open(device: Interface): number {
    if (this.mode === MACVLAN_PASSTHRU) changePromiscuity(this.port.lower, 1);
    else if (equal(device.address, this.port.lower.address)) return -Errno.EADDRINUSE;
    else {
      const busy = this.port.members.some((other) =>
        other !== device && other.up && equal(other.address, device.address)
      );
      if (busy) return -Errno.EADDRINUSE;
    }
    return 0;
  }

  stop(): void {
    if (this.mode === MACVLAN_PASSTHRU) changePromiscuity(this.port.lower, -1);
  }

  remove(device: Interface): void {
    const { port } = this;
    removeUpper(port.lower, device);
    port.members.splice(port.members.indexOf(device), 1);
    if (port.members.length === 0) port.lower.handler = null;
  }

  setMtu(_device: Interface, mtu: number): number {
    return mtu > this.port.lower.mtu ? -Errno.EINVAL : 0;
  }

  setAddress(device: Interface, address: Uint8Array): number {
    if (this.mode === MACVLAN_PASSTHRU) return -Errno.EOPNOTSUPP;
    const { port } = this;
    const busy = equal(address, port.lower.address) ||
      port.members.some((other) => other !== device && other.up && equal(other.address, address));
    return device.up && busy ? -Errno.EADDRINUSE : 0;
  }

  /** `macvlan_device_event` */
  lowerEvent(device: Interface, lower: Interface, event: LinkEvent): void {
    if (event === "up" || event === "down" || event === "change") followCarrier(device, lower);
    else if (event === "mtu" && device.mtu > lower.mtu) {
      device.mtu = lower.mtu;
      notify(device, "mtu");
    } else if (event === "address" && this.mode === MACVLAN_PASSTHRU) {
      device.address = lower.address.slice();
      notify(device, "address");
    } else if (event === "unregister" && !lower.registered) unregister([device]);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Not yet registered; `joinMacvlan` follows.
 *
 * @throws {KernelError} EINVAL, EBUSY
 */
export function createMacvlan(
  owner: InterfaceOwner,
  name: string,
  link: Interface | undefined,
  options: MacvlanOptions,
): Interface {
  if (link === undefined) throw new KernelError(Errno.EINVAL);
  const lower = link.driver instanceof Macvlan ? link.driver.port.lower : link;
  if (lower.loopback || lower.type !== ARPHRD_ETHER) throw new KernelError(Errno.EINVAL);
  const handler = lower.handler;
  if (handler !== null && !(handler instanceof MacvlanPort)) throw new KernelError(Errno.EBUSY);
  const mode = MACVLAN_MODES[options.mode ?? "vepa"];
  if (mode === undefined) throw new KernelError(Errno.EINVAL);
  const port = handler ?? new MacvlanPort(lower);
  if (port.passthru || (mode === MACVLAN_PASSTHRU && port.members.length > 0)) throw new KernelError(Errno.EINVAL);
  const device = new Interface(name, new Macvlan(port, mode), RANDOM_ADDRESS, BROADCAST_MAC, owner);
  device.flags = IFF_BROADCAST | IFF_MULTICAST;
  if (mode === MACVLAN_PASSTHRU) device.address = lower.address.slice();
  device.mtu = lower.mtu;
  device.maxMtu = lower.maxMtu;
  device.link = lower;
  return device;
}

/** After registration: from now on it gets frames and follows its lower. */
export function joinMacvlan(device: Interface): void {
  const { port } = device.driver as Macvlan;
  port.lower.handler = port;
  port.members.push(device);
  addUpper(port.lower, device);
  followCarrier(device, port.lower);
  device.owner.world.linkwatch.fire(device);
}
