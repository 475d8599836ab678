/**
 * The send queue (Linux's `tcp_rtx_queue` and `sk_write_queue` in one list): what was sent and is not acknowledged, then what
 * is to be sent. Each segment holds its payload in a packet of its own, so that sending it copies nothing; while a lower layer
 * or the receiver still has the packet, a retransmission sends a copy (`skb_cloned`).
 *
 * @module
 */
import type { Packet } from "../../wire/packet.ts";

/** What is known of a sent segment (RFC 6675; `TCPCB_*`). */
export const SACKED = 0x01;
export const RETRANSMITTED = 0x02; // in flight again
export const LOST = 0x04;
export const EVER_RETRANSMITTED = 0x80;

/** What a segment costs beside its payload: `skb->truesize` of an empty `tcp_stream_alloc_skb`. */
export const SEGMENT_OVERHEAD = 960;

export class Segment {
  sequence = 0;
  /** One past the last sequence number, SYN and FIN counted. */
  end = 0;
  /** FIN, SYN, PSH, ACK, …: the octet of the header. */
  flags = 0;
  /** SACKED | RETRANSMITTED | LOST | EVER_RETRANSMITTED. */
  marks = 0;
  /** How many segments of the MSS it is on the wire (`tcp_skb_pcount`). */
  count = 1;
  /** The payload is `packet.bytes[start, start + length)`. Null for SYN and FIN alone. */
  packet: Packet | null = null;
  start = 0;
  length = 0;
  /** Virtual µs of its last transmission. */
  sentAt = 0;
  /** `delivered` of the connection when it was sent (for reordering and rates), and its time. */
  delivered = 0;
  previous: Segment | null = null;
  next: Segment | null = null;
}

let free: Segment | null = null;

/** A segment from the free list. */
export function makeSegment(): Segment {
  const segment = free;
  if (segment === null) return new Segment();
  free = segment.next;
  segment.next = null;
  return segment;
}

/** Gives up the packet of a segment, which a lower layer or the receiver may still have. */
export function dropPayload(packet: Packet): void {
  packet.retained = false;
  packet.release();
}

/** Gives a segment back, and its packet's reference. */
export function freeSegment(segment: Segment): void {
  if (segment.packet !== null) {
    dropPayload(segment.packet);
    segment.packet = null;
  }
  segment.previous = null;
  segment.flags =
    segment.marks =
    segment.length =
    segment.start =
      0;
  segment.count = 1;
  segment.next = free;
  free = segment;
}

export class SegmentQueue {
  first: Segment | null = null;
  last: Segment | null = null;
  /** The first that has not been sent; null when all have. */
  unsent: Segment | null = null;

  push(segment: Segment): void {
    segment.previous = this.last;
    segment.next = null;
    if (this.last === null) this.first = segment;
    else this.last.next = segment;
    this.last = segment;
    if (this.unsent === null) this.unsent = segment;
  }

  insertAfter(at: Segment, segment: Segment): void {
    segment.previous = at;
    segment.next = at.next;
    if (at.next === null) this.last = segment;
    else at.next.previous = segment;
    at.next = segment;
  }

  insertBefore(at: Segment, segment: Segment): void {
    segment.next = at;
    segment.previous = at.previous;
    if (at.previous === null) this.first = segment;
    else at.previous.next = segment;
    at.previous = segment;
  }

  remove(segment: Segment): void {
    if (segment.previous === null) this.first = segment.next;
    else segment.previous.next = segment.next;
    if (segment.next === null) this.last = segment.previous;
    else segment.next.previous = segment.previous;
    if (this.unsent === segment) this.unsent = segment.next;
  }

  /** The last of those that have been sent. */
  get lastSent(): Segment | null {
    return this.unsent === null ? this.last : this.unsent.previous;
  }

  /** Whether something has been sent and not acknowledged. */
  get outstanding(): boolean {
    return this.first !== null && this.first !== this.unsent;
  }

  purge(): void {
    for (let segment = this.first; segment !== null;) {
      const next = segment.next;
      freeSegment(segment);
      segment = next;
    }
    this.first = this.last = this.unsent = null;
  }
}
