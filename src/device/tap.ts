/** An Ethernet interface whose other side is user code (`drivers/net/tun.c` in TAP mode). */
import type { Packet } from "../wire/packet.ts";
import { BROADCAST_MAC, ETHERNET_HEADER } from "../wire/ethernet.ts";
import { pushTag } from "./ethernet_input.ts";
import { segment } from "./gso.ts";
import { type Driver, IFF_BROADCAST, IFF_MULTICAST, Interface, type InterfaceOwner } from "./interface.ts";
import { RANDOM_ADDRESS } from "./lifecycle.ts";

/** Longest frame that may be written: the largest IP packet with its link header and a tag. */
export const FRAME_LIMIT = 65535 + ETHERNET_HEADER + 4;

export class Tap implements Driver {
  readonly kind = "tap";
  readonly queued = true;
  /** Takes each frame that the interface sends, complete: checksums filled in, cut to the MTU. Null: they are dropped. */
  onFrame: ((frame: Uint8Array) => void) | null = null;
  #device: Interface | null = null;

  attach(device: Interface): void {
    this.#device = device;
  }

  transmit(packet: Packet, device: Interface): number {
    if (packet.gsoSize === 0) {
      this.#give(packet, device);
      return 0;
    }
    for (let piece = segment(packet); piece !== null;) {
      const next: Packet | null = piece.next;
      piece.next = null;
      this.#give(piece, device);
      piece = next;
    }
    return 0;
  }

  /** Hands in a frame as if it had come off the wire. False when it was dropped: the interface is down, or the frame is no frame. */
  write(frame: Uint8Array): boolean {
    const device = this.#device!;
    if (!device.up) {
      device.counters.rxDropped++;
      return false;
    }
    if (frame.length > FRAME_LIMIT) {
      device.counters.rxErrors++;
      return false;
    }
    const packet = device.owner.world.packets.allocate(frame.length);
    packet.bytes.set(frame, packet.head);
    packet.tail = packet.head + frame.length;
    return device.receive(packet);
  }

  #give(packet: Packet, device: Interface): void {
    const { counters } = device;
    if (this.onFrame === null || packet.tail - packet.head < ETHERNET_HEADER) {
      counters.txDropped++;
      packet.release();
      return;
    }
    let own = packet;
    if (!packet.owned) { // completing the checksum writes into it
      own = packet.copy();
      packet.release();
    }
    own.completeChecksum();
    if (own.vlan >= 0) pushTag(own);
    counters.txPackets++;
    counters.txBytes += own.tail - own.head;
    const frame = own.bytes.slice(own.head, own.tail);
    own.release();
    this.onFrame(frame);
  }
}

/** Not yet registered; its driver is the `Tap`. */
export function createTap(owner: InterfaceOwner, name: string): Interface {
  const tap = new Tap();
  const device = new Interface(name, tap, RANDOM_ADDRESS, BROADCAST_MAC, owner);
  device.flags = IFF_BROADCAST | IFF_MULTICAST;
  device.maxMtu = 65521; // MAX_MTU less the header: what tun.c allows
  tap.attach(device);
  return device;
}
