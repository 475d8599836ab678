/** A pair of interfaces: what one sends the other receives (`drivers/net/veth.c`). */
import type { Packet } from "../wire/packet.ts";
import { TO_HOST } from "../wire/packet.ts";
import { Errno } from "../wire/errno.ts";
import { BROADCAST_MAC, ETHERNET_HEADER } from "../wire/ethernet.ts";
import { type Driver, IFF_BROADCAST, IFF_MULTICAST, IFF_UP, Interface, type InterfaceOwner } from "./interface.ts";
import { RANDOM_ADDRESS } from "./lifecycle.ts";

/** Octets that a frame may be longer than MTU and header: a VLAN tag. */
const VLAN_HEADER = 4;

/** What the two ends have in common. */
export class VethPair implements Driver {
  readonly kind = "veth";
  /** The wire is cut: no carrier, whatever the ends do. */
  cut = false;
  /** The wire loses everything, silently. */
  parted = false;

  /** The packet itself goes to the peer; only one that somebody else holds too is copied. */
  transmit(packet: Packet, device: Interface): number {
    const peer = device.link;
    const length = packet.tail - packet.head;
    if (peer === null || length < ETHERNET_HEADER) {
      device.counters.txDropped++;
      packet.release();
      return -Errno.ENOBUFS;
    }
    if (this.cut) {
      device.counters.txErrors++;
      device.counters.txCarrier++;
      packet.release();
      return -Errno.ENOBUFS;
    }
    if (!isForwardable(peer, length, packet.gsoSize)) {
      peer.counters.rxDropped++;
      device.counters.txDropped++;
      packet.release();
      return -Errno.ENOBUFS;
    }
    device.counters.txPackets++;
    device.counters.txBytes += length;
    if (this.parted) {
      device.owner.world.drop(packet, "PARTITION");
      return 0;
    }
    let given = packet;
    if (!packet.owned) {
      given = packet.copy();
      packet.release();
    }
    scrub(given, peer.owner !== device.owner);
    peer.receive(given);
    return 0;
  }

  open(device: Interface): number {
    const peer = device.link;
    if (peer !== null && peer.up && !this.cut) {
      device.setCarrier(true);
      peer.setCarrier(true);
    }
    return 0;
  }

  stop(device: Interface): void {
    device.setCarrier(false);
    device.link?.setCarrier(false);
  }
}

/** `__is_skb_forwardable` */
export function isForwardable(to: Interface, length: number, gsoSize: number): boolean {
  if ((to.flags & IFF_UP) === 0) return false;
  return length <= to.mtu + to.headerLength + VLAN_HEADER || gsoSize > 0;
}

/** Takes off what belongs to the sender's side (`skb_scrub_packet`). */
export function scrub(packet: Packet, crossing: boolean): void {
  packet.kind = TO_HOST;
  packet.route = null;
  packet.socket = null;
  packet.priority = 0;
  if (crossing) packet.mark = 0;
}

/** One end, without carrier; not yet registered nor joined to its peer. */
export function createVethEnd(owner: InterfaceOwner, name: string, pair: VethPair): Interface {
  const device = new Interface(name, pair, RANDOM_ADDRESS, BROADCAST_MAC, owner);
  device.flags = IFF_BROADCAST | IFF_MULTICAST;
  return device;
}

/** The other end of a veth; null for what is none. */
export function vethPeer(device: Interface): Interface | null {
  return device.driver instanceof VethPair ? device.link : null;
}
