/** The interface between the stack and a script: raw IP packets, no link layer (`drivers/net/tun.c` in TUN mode without offloads). */
import {
  type Driver,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_POINTOPOINT,
  Interface,
  type InterfaceOwner,
} from "../device/interface.ts";
import { segment } from "../device/gso.ts";
import { ETH_P_IP, ETH_P_IPV6 } from "../wire/ethernet.ts";
import type { Packet } from "../wire/packet.ts";

const ARPHRD_NONE = 0xfffe;
const NOTHING = new Uint8Array(0);

/** A packet that came out, from its IP header on, and when (ns of virtual time). */
export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly at: number;
}

export class Tun implements Driver {
  readonly kind = "tun";
  /** Packets that came out and were not looked at yet. */
  readonly outgoing: Outgoing[] = [];

  transmit(packet: Packet, device: Interface): number {
    if (packet.gsoSize === 0) {
      this.#take(packet, device);
      return 0;
    }
    for (let piece = segment(packet); piece !== null;) {
      const next: Packet | null = piece.next;
      piece.next = null;
      this.#take(piece, device);
      piece = next;
    }
    return 0;
  }

  #take(packet: Packet, device: Interface): void {
    let own = packet;
    if (!packet.exclusive) { // completing the checksum writes into it
      own = packet.copy();
      packet.release();
    }
    own.completeChecksum();
    own.head = own.network; // every neighbour has an Ethernet header put before it
    device.counters.txPackets++;
    device.counters.txBytes += own.length;
    this.outgoing.push({ bytes: own.bytes.slice(own.head, own.tail), at: device.owner.world.scheduler.now });
    own.release();
  }

  /** Hands a packet to the stack as if it had come in. */
  inject(bytes: Uint8Array, device: Interface): void {
    const packet = device.owner.world.packets.allocate(bytes.length);
    packet.bytes.set(bytes, packet.head);
    packet.tail = packet.head + bytes.length;
    packet.link = packet.network = packet.head;
    packet.protocol = bytes[0] >>> 4 === 4 ? ETH_P_IP : ETH_P_IPV6;
    packet.truesize = trueSize(bytes.length);
    device.counters.rxPackets++;
    device.counters.rxBytes += bytes.length;
    packet.device = device;
    device.owner.world.backlog.push(packet);
  }
}

/** What tun_alloc_skb gives: 64 octets of headroom, the packet, skb_shared_info, in a slab of a power of two, and the sk_buff. */
function trueSize(length: number): number {
  const needed = length + 384;
  if (needed <= 576) return 832;
  return (1 << (32 - Math.clz32(needed - 1))) + 256;
}

/** Not yet registered. */
export function createTun(owner: InterfaceOwner, name: string): { device: Interface; tun: Tun } {
  const tun = new Tun();
  const device = new Interface(name, tun, NOTHING, NOTHING, owner);
  device.type = ARPHRD_NONE;
  device.flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
  device.headerLength = 0;
  device.txqueuelen = 500;
  return { device, tun };
}
