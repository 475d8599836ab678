/** Cutting segments of the send queue in two, and joining them (`tcp_fragment`, `tcp_grow_skb`, `tcp_retrans_try_collapse`). */
import { HEADROOM } from "../../wire/packet.ts";
import { FIN, PSH, SYN } from "../../wire/tcp.ts";
import { type Connection, windowEnd } from "./connection.ts";
import {
  dropPayload,
  EVER_RETRANSMITTED,
  freeSegment,
  LOST,
  makeSegment,
  RETRANSMITTED,
  SACKED,
  type Segment,
  SEGMENT_OVERHEAD,
} from "./segment_queue.ts";
import { after } from "./sequence.ts";
import { copyOctets } from "./transmit.ts";

/** Payload that a pooled packet of the large size holds. */
const LARGE_PAYLOAD = 66 * 1024;

/** How many segments of the MSS a segment is. */
export function countOf(length: number, mss: number): number {
  return length <= mss ? 1 : Math.ceil(length / mss);
}

/**
 * Cuts a segment in two at `length` octets (`tcp_fragment`). The part that is sent first gets a packet of its own, the rest
 * stays where it is: its header will lie where the first part's octets were. The front segment is put before the rest.
 */
export function split(c: Connection, segment: Segment, length: number, mss: number): Segment {
  const front = makeSegment();
  const packet = segment.packet!;
  const copy = c.tcp.host.world.packets.allocate(length);
  copyOctets(packet.bytes, segment.start, length, copy.bytes, HEADROOM);
  copy.tail = HEADROOM + length;
  front.packet = copy;
  front.start = HEADROOM;
  front.length = length;
  front.sequence = segment.sequence;
  front.end = (segment.sequence + length) | 0;
  front.flags = segment.flags & ~(FIN | PSH);
  front.marks = segment.marks;
  front.sentAt = segment.sentAt;
  front.delivered = segment.delivered;
  if (!packet.exclusive) {
    // Somebody still reads the old packet: the rest moves, or its header would be written over octets that are in use.
    const rest = segment.length - length;
    const moved = c.tcp.host.world.packets.allocate(rest);
    copyOctets(packet.bytes, segment.start + length, rest, moved.bytes, HEADROOM);
    dropPayload(packet);
    segment.packet = moved;
    segment.start = HEADROOM;
  } else segment.start += length;
  segment.sequence = front.end;
  segment.length -= length;
  c.sendQueued += SEGMENT_OVERHEAD;
  const was = segment.count;
  front.count = countOf(front.length, mss);
  segment.count = countOf(segment.length, mss);
  c.queue.insertBefore(segment, front);
  if (c.queue.unsent === segment) c.queue.unsent = front;
  else adjustCounts(c, front, was - front.count - segment.count);
  return front;
}

/** A sent segment is of fewer segments than was counted (`tcp_adjust_pcount`). */
export function adjustCounts(c: Connection, segment: Segment, fewer: number): void {
  if (fewer === 0) return;
  c.packetsOut -= fewer;
  if ((segment.marks & SACKED) !== 0) c.sackedOut -= fewer;
  if ((segment.marks & RETRANSMITTED) !== 0) c.retransmitOut -= fewer;
  if ((segment.marks & LOST) !== 0) c.lostOut -= fewer;
  if (c.sackedOut < 0) c.sackedOut = 0;
}

/** Takes octets of the next segments into one that is about to be sent, up to what may be sent at once (`tcp_grow_skb`). */
export function grow(c: Connection, segment: Segment, room: number): void {
  for (let next = segment.next; next !== null && room > 0; next = segment.next) {
    if (segment.packet === null || next.packet === null || segment.length === 0 || next.length === 0) return;
    const take = Math.min(room, next.length, LARGE_PAYLOAD - segment.length);
    if (take <= 0) return;
    appendOctets(c, segment, next.packet.bytes, next.start, take);
    segment.end = (segment.end + take) | 0;
    room -= take;
    if (take < next.length) {
      next.start += take;
      next.length -= take;
      next.sequence = segment.end;
      return;
    }
    segment.flags |= next.flags;
    segment.end = next.end;
    c.queue.remove(next);
    freeSegment(next);
    c.sendQueued -= SEGMENT_OVERHEAD;
  }
}

/** Puts octets behind a segment's payload; it moves into a larger packet when its own is full or somebody else reads it. */
export function appendOctets(c: Connection, segment: Segment, bytes: Uint8Array, from: number, length: number): void {
  let packet = segment.packet!;
  if (segment.start + segment.length + length > packet.bytes.length || !packet.exclusive) {
    const size = Math.max(Math.min(segment.length * 4, LARGE_PAYLOAD), segment.length + length);
    const larger = c.tcp.host.world.packets.allocate(size);
    copyOctets(packet.bytes, segment.start, segment.length, larger.bytes, HEADROOM);
    dropPayload(packet);
    segment.packet = packet = larger;
    segment.start = HEADROOM;
  }
  const at = segment.start + segment.length;
  if (from === 0 && length === bytes.length && length > 64) packet.bytes.set(bytes, at);
  else copyOctets(bytes, from, length, packet.bytes, at);
  segment.length += length;
}

/** Puts a segment's payload together with the next ones that fit (`tcp_retrans_try_collapse`). */
export function tryCollapse(c: Connection, segment: Segment, space: number): void {
  if (c.tcp.sysctls.retransCollapse === 0 || segment.count > 1 || (segment.flags & SYN) !== 0) return;
  for (let next = segment.next; next !== null && next !== c.queue.unsent; next = segment.next) {
    if ((next.marks & SACKED) !== 0 || segment.packet === null || next.packet === null || next.count > 1) return;
    if ((next.flags & FIN) !== 0 && next.length === 0) return;
    space -= next.length;
    if (space - segment.length < 0 || after(next.end, windowEnd(c))) return;
    const total = segment.length + next.length;
    const packet = c.tcp.host.world.packets.allocate(total);
    copyOctets(segment.packet.bytes, segment.start, segment.length, packet.bytes, HEADROOM);
    copyOctets(next.packet.bytes, next.start, next.length, packet.bytes, HEADROOM + segment.length);
    dropPayload(segment.packet);
    segment.packet = packet;
    segment.start = HEADROOM;
    segment.length = total;
    segment.end = next.end;
    segment.flags |= next.flags & (FIN | PSH);
    segment.marks |= next.marks & EVER_RETRANSMITTED;
    c.packetsOut -= next.count;
    if ((next.marks & RETRANSMITTED) !== 0) c.retransmitOut -= next.count;
    if ((next.marks & LOST) !== 0) c.lostOut -= next.count;
    if (!c.sackOk && c.sackedOut > 0) c.sackedOut--;
    c.queue.remove(next);
    freeSegment(next);
    c.sendQueued -= SEGMENT_OVERHEAD;
  }
}
