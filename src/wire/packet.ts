/**
 * The packet: one pooled buffer with offsets to its headers, as Linux's `sk_buff`. It goes through lo and veth
 * without being copied, and back to its pool when its last reference is released.
 *
 * @module
 */

import { fold, sumOctets } from "./checksum.ts";
import { UDP_CHECKSUM } from "./udp.ts";

/** Octets kept free before the payload for TCP, IPv6 and Ethernet headers with options. */
export const HEADROOM = 192;

/** For whom a received frame was (Linux's PACKET_*). */
export const TO_HOST = 0;
export const TO_BROADCAST = 1;
export const TO_MULTICAST = 2;
export const TO_OTHER_HOST = 3;
export const OUTGOING = 4;

/** What is known of the transport checksum (Linux's CHECKSUM_*). */
export const CHECKSUM_NONE = 0; // nothing: whoever receives it verifies
export const CHECKSUM_UNNECESSARY = 1; // right: made or verified in this world
export const CHECKSUM_PARTIAL = 2; // the field holds the pseudo header's sum; filled in when somebody looks

/** What a packet needs to know of the interface it is on; in fact always `src/device`'s `Interface`. */
export interface Carrier {
  readonly index: number;
}

/** Sizes of buffers: of acknowledgements and short messages, of an Ethernet frame, of a segment that GSO cuts. */
const TINY = 512;
const SMALL = 2048;
const LARGE = 66 * 1024 + HEADROOM;
/** Free packets kept of each size; more are left to the collector. */
const SMALL_KEPT = 65536;
const LARGE_KEPT = 256;
/** Octets of the blocks that the two smaller sizes are cut from: the first of a pool, doubled up to the last. */
const FIRST_BLOCK = 16384;
const LAST_BLOCK = 262144;

export class Packet {
  /** First octet of the current layer (`skb->data`), and one past the last octet. */
  head = HEADROOM;
  tail = HEADROOM;
  /** Offsets of the link, network and transport headers; valid once that layer has been parsed or built. */
  link = 0;
  network = 0;
  transport = 0;
  /** EtherType, host order. */
  protocol = 0;
  /** TO_HOST … OUTGOING. */
  kind = TO_HOST;
  checksum = CHECKSUM_NONE;
  /** With CHECKSUM_PARTIAL: where the sum begins, and the field's offset from there. */
  checksumStart = 0;
  checksumField = 0;
  /** Payload octets of each segment when this is larger than the MTU and to be cut (GSO), else 0. */
  gsoSize = 0;
  /** `SO_MARK`/fwmark and `SO_PRIORITY`. */
  mark = 0;
  priority = 0;
  /** What it costs a receive buffer (`skb->truesize`) where its maker knows better than the octets tell; else 0. */
  truesize = 0;
  /** 802.1Q tag taken off or to be put on: TCI, or -1. */
  vlan = -1;
  /** The interface it came in on or goes out on. */
  device: Carrier | null = null;
  /** The route that input or output found for it (src/ip sets and reads it). */
  route: unknown = null;
  /** The socket that it belongs to, for write-space accounting and error queues; null when none. */
  socket: unknown = null;
  /** The tracked connection that it belongs to, and as what (`skb->_nfct`; src/netfilter sets and reads them). */
  connection: unknown = null;
  connectionInfo = 0;
  /** Virtual time (ns) at which it was sent or received, where a layer wants it. */
  at = 0;
  /** Scratch for the layer that holds the packet now (`skb->cb`). */
  control = 0;
  control2 = 0;
  /** Intrusive list link of whatever queue holds the packet. */
  next: Packet | null = null;
  /** Holders; 0 while it lies in the pool. */
  references = 0;
  /**
   * One of the holders keeps it only for its payload, to send that again (TCP): it reads neither headers, offsets nor
   * annotations, and does not write while others hold the packet.
   */
  retained = false;

  constructor(public bytes: Uint8Array, readonly pool: PacketPool) {}

  get length(): number {
    return this.tail - this.head;
  }

  /** Takes one more reference. */
  hold(): this {
    this.references++;
    return this;
  }

  /** Gives up a reference; the last one returns the packet to its pool. */
  release(): void {
    if (--this.references <= 0) this.pool.recycle(this);
  }

  /** Whether only one holder has it, so that all of it may be written to. */
  get exclusive(): boolean {
    return this.references === 1;
  }

  /** Whether headers, offsets and annotations may be changed: nobody else reads them. */
  get owned(): boolean {
    return this.references === 1 || (this.retained && this.references === 2);
  }

  /** A copy of its own buffer with the same contents, offsets and annotations. */
  copy(): Packet {
    const other = this.pool.allocate(this.tail - HEADROOM);
    other.bytes.set(this.bytes.subarray(0, this.tail), 0);
    other.head = this.head;
    other.tail = this.tail;
    other.link = this.link;
    other.network = this.network;
    other.transport = this.transport;
    other.protocol = this.protocol;
    other.kind = this.kind;
    other.checksum = this.checksum;
    other.checksumStart = this.checksumStart;
    other.checksumField = this.checksumField;
    other.gsoSize = this.gsoSize;
    other.mark = this.mark;
    other.priority = this.priority;
    other.truesize = this.truesize;
    other.vlan = this.vlan;
    other.device = this.device;
    other.connection = this.connection;
    other.connectionInfo = this.connectionInfo;
    other.at = this.at;
    return other;
  }

  /** Fills in a checksum that was left to the hardware (`skb_checksum_help`). */
  completeChecksum(): void {
    if (this.checksum !== CHECKSUM_PARTIAL) return;
    const field = this.checksumStart + this.checksumField;
    let sum = ~fold(sumOctets(this.bytes, this.checksumStart, this.tail)) & 0xffff;
    if (sum === 0 && this.checksumField === UDP_CHECKSUM) sum = 0xffff; // RFC 768: zero means none
    this.bytes[field] = sum >>> 8;
    this.bytes[field + 1] = sum;
    this.checksum = CHECKSUM_UNNECESSARY;
  }
}

/** Free packets of one size, and the block that more are cut from: buffers of their own cost the collector far more. */
class Size {
  free: Packet | null = null;
  count = 0;
  #block: ArrayBuffer = new ArrayBuffer(0);
  #used = 0;
  #next = FIRST_BLOCK;

  constructor(readonly octets: number) {}

  cut(pool: PacketPool): Packet {
    const { octets } = this;
    if (this.#used + octets > this.#block.byteLength) {
      this.#block = new ArrayBuffer(this.#next);
      this.#used = 0;
      if (this.#next < LAST_BLOCK) this.#next *= 2;
    }
    const bytes = new Uint8Array(this.#block, this.#used, octets);
    this.#used += octets;
    return new Packet(bytes, pool);
  }
}

/** Free packets of one world, in three sizes. */
export class PacketPool {
  readonly #tiny = new Size(TINY);
  readonly #small = new Size(SMALL);
  #large: Packet | null = null;
  #largeCount = 0;
  /** Packets in use: 0 when nothing is on its way and no socket holds data. */
  outstanding = 0;

  /** A packet with one reference, empty, and room for `size` octets after the headroom. */
  allocate(size: number): Packet {
    this.outstanding++;
    const room = size + HEADROOM;
    let packet: Packet | null;
    if (room <= SMALL) {
      const kept = room <= TINY ? this.#tiny : this.#small;
      packet = kept.free;
      if (packet !== null) {
        kept.free = packet.next;
        kept.count--;
      } else packet = kept.cut(this);
    } else if (room <= LARGE) {
      packet = this.#large;
      if (packet !== null) {
        this.#large = packet.next;
        this.#largeCount--;
      } else packet = new Packet(new Uint8Array(LARGE), this);
    } else packet = new Packet(new Uint8Array(room), this);
    packet.next = null;
    packet.references = 1;
    packet.retained = false;
    packet.head = packet.tail = HEADROOM;
    packet.kind = TO_HOST;
    packet.checksum = CHECKSUM_NONE;
    packet.gsoSize = 0;
    packet.mark = packet.priority = packet.truesize = 0;
    packet.vlan = -1;
    packet.device = null;
    packet.control = packet.control2 = 0;
    return packet;
  }

  /** For `Packet.release` only. */
  recycle(packet: Packet): void {
    this.outstanding--;
    packet.route = null;
    packet.socket = null;
    packet.connection = null;
    packet.device = null;
    const octets = packet.bytes.length;
    if (octets <= SMALL) {
      const kept = octets === TINY ? this.#tiny : this.#small;
      if (kept.count >= SMALL_KEPT) return;
      packet.next = kept.free;
      kept.free = packet;
      kept.count++;
    } else if (octets === LARGE && this.#largeCount < LARGE_KEPT) {
      packet.next = this.#large;
      this.#large = packet;
      this.#largeCount++;
    }
  }
}

/** A first-in first-out list of packets, linked through the packets themselves. */
export class PacketQueue {
  first: Packet | null = null;
  last: Packet | null = null;
  /** Packets and octets (from `head` to `tail` when they were put in). */
  length = 0;
  octets = 0;

  push(packet: Packet): void {
    packet.next = null;
    if (this.last === null) this.first = packet;
    else this.last.next = packet;
    this.last = packet;
    this.length++;
    this.octets += packet.tail - packet.head;
  }

  shift(): Packet | null {
    const packet = this.first;
    if (packet === null) return null;
    this.first = packet.next;
    if (this.first === null) this.last = null;
    packet.next = null;
    this.length--;
    this.octets -= packet.tail - packet.head;
    return packet;
  }

  /** Releases all. */
  purge(): void {
    for (let packet = this.shift(); packet !== null; packet = this.shift()) packet.release();
  }
}
