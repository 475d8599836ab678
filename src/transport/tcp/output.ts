/**
 * Sending (RFC 9293 section 3.10.2 and 3.8; Linux's tcp_output.c): from the queue to the path, as far as the windows, Nagle's
 * rule and the size worth sending allow.
 *
 * @module
 */
import { fold } from "../../wire/checksum.ts";
import { Errno } from "../../wire/errno.ts";
import { put16, put32 } from "../../wire/octets.ts";
import { CHECKSUM_PARTIAL, HEADROOM, type Packet } from "../../wire/packet.ts";
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, TCP_CHECKSUM, TCP_HEADER } from "../../wire/tcp.ts";
import { ackSent, dataSent, delayedAckIn } from "./acknowledgement.ts";
import {
  ACK_SCHEDULED,
  ACK_TIMER,
  CA_RECOVERY,
  type Connection,
  ECN_DEMAND_CWR,
  ECN_OK,
  ECN_QUEUE_CWR,
  inFlight,
  NAGLE_CORK,
  NAGLE_OFF,
  NAGLE_PUSH,
  TIMER_LOSS_PROBE,
  TIMER_NONE,
  TIMER_PROBE0,
  TIMER_REORDER,
  TIMER_RETRANSMIT,
  windowEnd,
} from "./connection.ts";
import { autosize, currentMss, sackLength } from "./mss.ts";
import {
  MAX_SACK_BLOCKS,
  type SynOffer,
  synOptionsLength,
  writePaddedTimestamps,
  writeSackHead,
  writeSynOptions,
} from "./options.ts";
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
import { after, before } from "./sequence.ts";
import { isOneOf, SYN_RECV, SYN_SENT } from "./states.ts";
import { armAckTimer, armTimer, disarmTimer, rearmRto, timeToRto } from "./timers.ts";
import { selectWindow } from "./window.ts";
import { minRto } from "./rtt.ts";

const IPPROTO_TCP = 6;
/** Payload that a pooled packet of the large size holds. */
const LARGE_PAYLOAD = 66 * 1024;
const offer: SynOffer = { mss: 0, timestamps: false, value: 0, echo: 0, scale: -1, sack: false };
/** ECT(0) (RFC 3168 section 5). */
const ECT0 = 2;

/** The timestamp to send: ms, with the connection's own offset. */
export function timestampNow(c: Connection): number {
  return (Math.floor(c.tcp.now / 1000) + c.tsOffset) | 0;
}

/** Puts a header without options before the packet's payload; `size` octets of header in all, checksum left to the device. */
export function writeHeader(
  packet: Packet,
  localPort: number,
  remotePort: number,
  sequence: number,
  acknowledgement: number,
  flags: number,
  window: number,
  size: number,
): number {
  const at = packet.head -= size;
  packet.transport = at;
  const bytes = packet.bytes;
  bytes[at] = localPort >>> 8;
  bytes[at + 1] = localPort;
  bytes[at + 2] = remotePort >>> 8;
  bytes[at + 3] = remotePort;
  put32(bytes, at + 4, sequence);
  put32(bytes, at + 8, acknowledgement);
  bytes[at + 12] = size << 2;
  bytes[at + 13] = flags;
  put16(bytes, at + 14, window);
  put32(bytes, at + 16, 0); // checksum, urgent pointer
  return at;
}

/** Leaves the checksum to whoever needs it: the field holds the pseudo header's sum. */
export function leaveChecksum(packet: Packet, pseudoSum: number): void {
  packet.checksum = CHECKSUM_PARTIAL;
  packet.checksumStart = packet.transport;
  packet.checksumField = TCP_CHECKSUM;
  put16(packet.bytes, packet.transport + TCP_CHECKSUM, fold(pseudoSum));
}

/** Sends a packet whose payload is at [head, tail) with this connection's header (`__tcp_transmit_skb`). */
function transmitPacket(
  c: Connection,
  packet: Packet,
  sequence: number,
  flags: number,
  count: number,
  mss: number,
): number {
  const length = packet.tail - packet.head;
  const now = c.tcp.now;
  let size: number;
  const sack = (flags & SYN) === 0 ? sackLength(c) : 0;
  if ((flags & SYN) !== 0) {
    fillOffer(c, (flags & ACK) !== 0);
    size = TCP_HEADER + synOptionsLength(offer);
  } else size = c.headerLength + sack;
  if (c.ecn !== 0 && (flags & SYN) === 0 && (c.ecn & ECN_OK) !== 0) flags = markEcn(c, flags, sequence, length);
  // The window of a SYN is not scaled (RFC 7323 section 2.2).
  const window = (flags & SYN) !== 0 ? Math.min(c.rcvWnd, 65535) : selectWindow(c);
  const at = writeHeader(
    packet,
    c.localPort,
    c.remotePort,
    sequence,
    (flags & ACK) !== 0 ? c.rcvNxt : 0,
    flags,
    window,
    size,
  );
  if ((flags & SYN) !== 0) writeSynOptions(packet.bytes, at + TCP_HEADER, offer);
  else {
    if (c.timestampsOk) {
      writePaddedTimestamps(packet.bytes, at + TCP_HEADER, (Math.floor(now / 1000) + c.tsOffset) | 0, c.tsRecent);
    }
    if (sack !== 0) writeSack(c, packet.bytes, at + c.headerLength, (sack - 4) >> 3);
  }
  leaveChecksum(packet, c.path.pseudoSum(IPPROTO_TCP, size + length));
  packet.gsoSize = length > mss ? mss : 0;
  packet.truesize = SEGMENT_OVERHEAD + length;
  packet.mark = c.options.mark;
  if ((flags & ACK) !== 0) ackSent(c);
  if (length !== 0) {
    dataSent(c);
    c.dataSegmentsOut += count;
    c.bytesSent += length;
  }
  c.segmentsOut += count;
  c.tcp.counters.OutSegs += count;
  return c.path.send(packet, IPPROTO_TCP);
}

/** ECN on what is sent (`tcp_ecn_send`): data is ECT(0), retransmissions and pure ACKs are not; ECE until CWR has come. */
function markEcn(c: Connection, flags: number, sequence: number, length: number): number {
  let tos = c.options.tos & ~3;
  if (length !== 0 && !before(sequence, c.sndNxt)) {
    tos |= ECT0;
    if ((c.ecn & ECN_QUEUE_CWR) !== 0) {
      c.ecn &= ~ECN_QUEUE_CWR;
      flags |= CWR;
    }
  }
  c.path.tos = tos;
  if ((c.ecn & ECN_DEMAND_CWR) !== 0) flags |= ECE;
  return flags;
}

function fillOffer(c: Connection, answer: boolean): void {
  const sysctls = c.tcp.sysctls;
  offer.mss = c.advertisedMss;
  offer.timestamps = answer ? c.timestampsOk : sysctls.timestamps !== 0;
  offer.value = timestampNow(c);
  offer.echo = c.tsRecent;
  offer.scale = (answer ? c.windowScaleOk : sysctls.windowScaling !== 0) ? c.rcvScale : -1;
  offer.sack = answer ? c.sackOk : sysctls.sack !== 0;
}

function writeSack(c: Connection, bytes: Uint8Array, at: number, blocks: number): void {
  at = writeSackHead(bytes, at, blocks);
  if (c.hasDsack) {
    put32(bytes, at, c.dsackStart);
    put32(bytes, at + 4, c.dsackEnd);
    at += 8;
    blocks--;
    c.hasDsack = false; // a D-SACK is told once
  }
  for (let i = 0; i < blocks && i < MAX_SACK_BLOCKS; i++, at += 8) {
    put32(bytes, at, c.sacks![2 * i]);
    put32(bytes, at + 4, c.sacks![2 * i + 1]);
  }
}

/** Sends a segment of the queue, now or again. While somebody else still has its packet, a copy goes out. */
export function transmit(c: Connection, segment: Segment, mss: number): number {
  segment.sentAt = c.tcp.now;
  segment.delivered = c.delivered;
  let packet = segment.packet;
  if (packet === null) packet = c.tcp.host.world.packets.allocate(0);
  else if (packet.exclusive) {
    packet.hold();
    packet.retained = true;
    packet.head = segment.start;
    packet.tail = segment.start + segment.length;
  } else {
    const copy = c.tcp.host.world.packets.allocate(segment.length);
    copyOctets(packet.bytes, segment.start, segment.length, copy.bytes, HEADROOM);
    copy.tail = HEADROOM + segment.length;
    packet = copy;
  }
  return transmitPacket(c, packet, segment.sequence, segment.flags, segment.count, mss);
}

/** Copies octets; short runs without making a view. */
export function copyOctets(from: Uint8Array, at: number, length: number, to: Uint8Array, offset: number): void {
  if (length <= 64) {
    for (let i = 0; i < length; i++) to[offset + i] = from[at + i];
  } else to.set(from.subarray(at, at + length), offset);
}

/** A segment without data outside the queue: an acknowledgement, a probe or a RST. */
function transmitBare(c: Connection, sequence: number, flags: number): void {
  transmitPacket(c, c.tcp.host.world.packets.allocate(0), sequence, flags, 1, 65535);
}

/** Where a segment without data stands: at SND.NXT unless the window has shrunk (`tcp_acceptable_seq`). */
function acceptableSequence(c: Connection): number {
  const end = windowEnd(c);
  if (!before(end, c.sndNxt)) return c.sndNxt;
  if (c.windowScaleOk && ((c.sndNxt - end) | 0) < 1 << c.sndScale) return c.sndNxt;
  return end;
}

export function sendAck(c: Connection): void {
  if (c.state === 7) return;
  transmitBare(c, acceptableSequence(c), ACK);
}

/** A RST by which we end the connection (`tcp_send_active_reset`). */
export function sendReset(c: Connection): void {
  c.tcp.counters.OutRsts++;
  transmitBare(c, acceptableSequence(c), RST | ACK);
}

export function sendDelayedAck(c: Connection): void {
  const wait = delayedAckIn(c);
  if (wait === 0) {
    sendAck(c);
    return;
  }
  c.ackPending |= ACK_SCHEDULED | ACK_TIMER;
  armAckTimer(c, wait);
}

/** A keepalive or window probe: an old octet without data, which the peer answers (`tcp_xmit_probe_skb`). */
export function sendProbe(c: Connection, urgent = 0): void {
  transmitBare(c, (c.sndUna - (urgent === 0 ? 1 : 0)) | 0, ACK);
}

/** How many segments of the MSS a segment is. */
export function countOf(length: number, mss: number): number {
  return length <= mss ? 1 : Math.ceil(length / mss);
}

/** Nagle's rule as modified by Minshall (`tcp_nagle_check`): whether a partial segment waits. */
function nagleHolds(c: Connection, partial: boolean, nonagle: number): boolean {
  if (!partial) return false;
  if ((nonagle & NAGLE_CORK) !== 0) return true;
  return nonagle === 0 && c.packetsOut !== 0 && after(c.sndSml, c.sndUna) && !after(c.sndSml, c.sndNxt);
}

/** Where to cut a segment that is larger than may be sent (`tcp_mss_split_point`). */
function splitPoint(c: Connection, segment: Segment, mss: number, segments: number, nonagle: number): number {
  const most = mss * segments;
  const window = (windowEnd(c) - segment.sequence) | 0;
  if (most <= window && segment !== c.queue.last) return most;
  const needed = Math.min(segment.length, window);
  if (most <= needed) return most;
  const partial = needed % mss;
  return nagleHolds(c, partial !== 0, nonagle) ? needed - partial : needed;
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

/** Puts what has been sent for the first time among what is outstanding (`tcp_event_new_data_sent`). */
export function newDataSent(c: Connection, segment: Segment): void {
  const before = c.packetsOut;
  c.queue.unsent = segment.next;
  c.sndNxt = segment.end;
  c.packetsOut += segment.count;
  if (before === 0 || c.timerFor === TIMER_LOSS_PROBE) rearmRto(c);
  c.tcp.ext.TCPOrigDataSent += segment.count;
}

/** Whether to wait for an ACK that lets a larger packet go, the last write being recent (`tcp_tso_should_defer`). */
let deferredByWindow = false;
function shouldDefer(c: Connection, segment: Segment, most: number): boolean {
  if (c.caState >= CA_RECOVERY) return false;
  const now = c.tcp.now;
  if (now - c.lastSent > 1000) return false;
  const sendWindow = (windowEnd(c) - segment.sequence) | 0;
  const congestionWindow = (c.cwnd - inFlight(c)) * c.mss;
  const limit = Math.min(sendWindow, congestionWindow);
  if (limit >= most * c.mss) return false;
  if (segment !== c.queue.last && limit >= segment.length) return false;
  const divisor = c.tcp.sysctls.tsoWinDivisor;
  if (divisor !== 0) {
    if (limit >= Math.floor(Math.min(c.sndWnd, c.cwnd * c.mss) / divisor)) return false;
  } else if (limit > 3 * c.mss) return false;
  const first = c.queue.outstanding ? c.queue.first : null;
  if (first === null) return false;
  if (now - first.sentAt < c.srtt >> 4) return false;
  deferredByWindow = congestionWindow >= sendWindow;
  if ((deferredByWindow ? sendWindow : congestionWindow) <= segment.length) return true;
  return (segment.flags & FIN) === 0;
}

/** Notes whether the congestion window was what bounded the sending (RFC 7661's idea; `tcp_cwnd_validate`). */
function validateWindow(c: Connection, limited: boolean): void {
  if (!before(c.sndUna, c.cwndUsageSeq) || limited || (!c.cwndLimited && c.packetsOut > c.maxPacketsOut)) {
    c.cwndLimited = limited;
    c.maxPacketsOut = c.packetsOut;
    c.cwndUsageSeq = c.sndNxt;
  }
  if (c.cwndLimited || (c.cwnd < c.ssthresh && c.cwnd < 2 * c.maxPacketsOut)) {
    c.cwndUsed = 0;
    c.cwndStamp = c.tcp.now;
    return;
  }
  if (c.packetsOut > c.cwndUsed) c.cwndUsed = c.packetsOut;
  if (c.tcp.sysctls.slowStartAfterIdle !== 0 && c.tcp.now - c.cwndStamp >= c.rto) applicationLimited(c);
}

/** The application did not fill the window for an RTO: it shrinks towards what was used (RFC 2861; `tcp_cwnd_application_limited`). */
function applicationLimited(c: Connection): void {
  if (c.caState === 0 && !c.wantsSpace) {
    const used = Math.max(c.cwndUsed, initialCwnd(c));
    if (used < c.cwnd) {
      c.ssthresh = Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
      c.cwnd = (c.cwnd + used) >> 1;
    }
    c.cwndUsed = 0;
  }
  c.cwndStamp = c.tcp.now;
}

/** RFC 6928, or the route's `initcwnd`. */
export function initialCwnd(c: Connection): number {
  return c.path.metrics?.initcwnd || 10;
}

/** After an idle time the window begins again, halved for each RTO that passed (RFC 2861; `tcp_cwnd_restart`). */
export function restartAfterIdle(c: Connection): void {
  if (c.tcp.sysctls.slowStartAfterIdle === 0 || c.packetsOut !== 0) return;
  let idle = c.tcp.now - c.lastSent;
  if (idle <= c.rto) return;
  c.ssthresh = Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
  const least = Math.min(initialCwnd(c), c.cwnd);
  let cwnd = c.cwnd;
  while ((idle -= c.rto) > 0 && cwnd > least) cwnd >>= 1;
  c.cwnd = Math.max(cwnd, least);
  c.cwndStamp = c.tcp.now;
  c.cwndUsed = 0;
}

/** Takes octets of the next segments into one that is about to be sent, up to what may be sent at once (`tcp_grow_skb`). */
function grow(c: Connection, segment: Segment, room: number): void {
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

/** `pushOne` of `writeOut`. */
export const PUSH_ALL = 0;
export const PUSH_ONE = 1;
/** One segment whatever the congestion window says: a loss probe. */
export const PUSH_PROBE = 2;

/**
 * Sends what may be sent of the queue (`tcp_write_xmit`). True when nothing is in flight and yet something could not be sent:
 * the window is closed and wants probing.
 */
export function writeOut(c: Connection, mss: number, nonagle: number, pushOne: number): boolean {
  let sent = 0, cwndLimited = false;
  const most = autosize(c, mss);
  for (let segment = c.queue.unsent; segment !== null; segment = c.queue.unsent) {
    const flying = inFlight(c);
    let quota = flying >= c.cwnd ? 0 : Math.min(Math.max(c.cwnd >> 1, 1), c.cwnd - flying);
    if (quota === 0) {
      if (pushOne !== PUSH_PROBE) break;
      quota = 1;
    }
    if (quota > most) quota = most;
    if (segment.length < quota * mss && segment.next !== null) grow(c, segment, quota * mss - segment.length);
    const end = segment.length > mss ? (segment.sequence + mss) | 0 : segment.end;
    if (after(end, windowEnd(c))) break;
    if (segment.sequence === segment.end) break;
    segment.count = countOf(segment.length, mss);
    if (segment.count === 1) {
      const rule = segment === c.queue.last ? nonagle : NAGLE_PUSH;
      if ((rule & NAGLE_PUSH) === 0 && (segment.flags & FIN) === 0 && nagleHolds(c, segment.length < mss, rule)) break;
    } else if (pushOne === PUSH_ALL && shouldDefer(c, segment, most)) {
      if (!deferredByWindow) cwndLimited = true;
      break;
    }
    const limit = segment.count > 1 ? splitPoint(c, segment, mss, quota, nonagle) : mss;
    if (segment.length > limit) segment = split(c, segment, limit, mss);
    if (transmit(c, segment, mss) < 0 && segment.sentAt < 0) break;
    newDataSent(c, segment);
    if (segment.length < mss * segment.count) c.sndSml = segment.end;
    sent += segment.count;
    if (pushOne !== PUSH_ALL) break;
  }
  if (inFlight(c) >= c.cwnd) cwndLimited = true;
  if (sent !== 0 || cwndLimited) validateWindow(c, cwndLimited);
  if (sent !== 0) {
    if (c.caState === 2 || c.caState === CA_RECOVERY) c.prrOut += sent;
    if (pushOne !== PUSH_PROBE) scheduleLossProbe(c, false);
    return false;
  }
  return c.packetsOut === 0 && c.queue.unsent !== null;
}

/** As `writeOut`; a window that is closed is probed (`__tcp_push_pending_frames`). */
export function pushPending(c: Connection, mss: number, nonagle: number): void {
  if (c.state === 7) return;
  if (writeOut(c, mss, nonagle, PUSH_ALL)) checkProbeTimer(c);
}

export function nonagleOf(c: Connection): number {
  return (c.options.noDelay ? NAGLE_OFF : 0) | (c.options.cork ? NAGLE_CORK : 0);
}

/** Sends what has become possible to send. */
export function pushQueued(c: Connection): void {
  if (c.queue.unsent !== null) pushPending(c, currentMss(c), nonagleOf(c));
}

/** Arms the probe of a closed window, unless another purpose has the timer (`tcp_check_probe_timer`). */
export function checkProbeTimer(c: Connection): void {
  if (c.packetsOut === 0 && c.timerFor === TIMER_NONE) armTimer(c, TIMER_PROBE0, Math.max(c.rto, minRto(c)));
}

/** Arms the probe for a lost tail (RFC 8985 section 7.2; `tcp_schedule_loss_probe`). True when it is armed. */
export function scheduleLossProbe(c: Connection, advancingRto: boolean): boolean {
  if (c.state !== 1 && c.state !== 4 && c.state !== 8 && c.state !== 9 && c.state !== 11) return false;
  const early = c.tcp.sysctls.earlyRetrans;
  if ((early !== 3 && early !== 4) || c.packetsOut === 0 || !c.sackOk || (c.caState !== 0 && c.caState !== 2)) {
    return false;
  }
  let delay = 1000000;
  if (c.srtt !== 0) {
    delay = c.srtt >> 2;
    delay += c.packetsOut === 1 ? minRto(c) : 8000;
  }
  const left = advancingRto ? c.rto : timeToRto(c);
  if (left > 0) delay = Math.min(delay, left);
  armTimer(c, TIMER_LOSS_PROBE, delay);
  return true;
}

/** Sends a probe for a lost tail: new data if there is any, else the last segment again (`tcp_send_loss_probe`). */
export function sendLossProbe(c: Connection): void {
  if (c.tlpHighSeq !== 0) {
    rearmRto(c);
    return;
  }
  c.tlpRetransmitted = false;
  const mss = currentMss(c);
  let out = c.packetsOut;
  const fresh = c.queue.unsent;
  if (
    fresh !== null && !after((fresh.sequence + Math.min(fresh.length, mss)) | 0, windowEnd(c)) &&
    fresh.sequence !== fresh.end
  ) {
    writeOut(c, mss, NAGLE_OFF, PUSH_PROBE);
    if (c.packetsOut > out) {
      out = -1;
    }
  }
  if (out >= 0) {
    let segment = c.queue.lastSent;
    if (segment === null) {
      disarmTimer(c);
      return;
    }
    if (segment.count > 1 && segment.length > (segment.count - 1) * mss) {
      split(c, segment, (segment.count - 1) * mss, mss);
      segment = c.queue.lastSent!;
    }
    if (sendAgain(c, segment, 1) < 0) {
      rearmRto(c);
      return;
    }
    c.tlpRetransmitted = true;
  }
  c.tlpHighSeq = c.sndNxt === 0 ? 1 : c.sndNxt;
  c.tcp.ext.TCPLossProbes++;
  c.timerFor = TIMER_NONE;
  rearmRto(c);
}

/** Puts a segment's payload together with the next ones that fit (`tcp_retrans_try_collapse`). */
function tryCollapse(c: Connection, segment: Segment, space: number): void {
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

/**
 * Sends a segment again, at most `segments` times the MSS of it, without taking account of it as a retransmission in flight
 * (`__tcp_retransmit_skb`). How many segments of the MSS that was, or a negative errno.
 */
function sendAgain(c: Connection, segment: Segment, segments: number): number {
  if (before(segment.sequence, c.sndUna)) {
    const acked = (c.sndUna - segment.sequence) | 0;
    if (acked >= segment.length || segment.packet === null) return -Errno.EINVAL;
    segment.start += acked;
    segment.length -= acked;
    segment.sequence = c.sndUna;
  }
  const refreshed = c.path.refresh();
  if (refreshed < 0) return refreshed;
  const mss = currentMss(c);
  let available = (windowEnd(c) - segment.sequence) | 0;
  // A window that shrank behind us: the first segment is sent all the same, as a probe.
  if (available <= 0) {
    if (segment.sequence !== c.sndUna) return -Errno.EAGAIN;
    available = mss;
  }
  let length = mss * segments;
  if (length > available) length = available - available % mss || available;
  if (segment.length > length) segment = split(c, segment, length, mss);
  else {
    const count = countOf(segment.length, mss);
    adjustCounts(c, segment, segment.count - count);
    segment.count = count;
    const room = Math.min(mss, available);
    if (segment.length < mss) tryCollapse(c, segment, room);
  }
  if ((segment.flags & SYN) !== 0 && (segment.flags & (ECE | CWR)) === (ECE | CWR)) segment.flags &= ~(ECE | CWR);
  const count = segment.count;
  c.tcp.counters.RetransSegs += count;
  c.totalRetransmits += count;
  c.bytesRetransmitted += segment.length;
  if ((segment.flags & SYN) !== 0) c.tcp.ext.TCPSynRetrans++;
  const error = transmit(c, segment, mss);
  if (error === -Errno.EMSGSIZE) return error;
  segment.marks |= EVER_RETRANSMITTED;
  if (error < 0) c.tcp.ext.TCPRetransFail += count;
  return count;
}

/** Sends a segment again as part of a recovery (`tcp_retransmit_skb`). 0, or a negative errno. */
export function retransmitSegment(c: Connection, segment: Segment, segments: number): number {
  const previous = segment.previous;
  const count = sendAgain(c, segment, segments);
  if (count < 0) return count;
  // When it was cut, the front part is what went out.
  const out = previous === null ? c.queue.first! : previous.next!;
  out.marks |= RETRANSMITTED;
  c.retransmitOut += count;
  if (c.retransmitStamp === 0) c.retransmitStamp = out.sentAt || 1;
  if (c.undoRetransmits < 0) c.undoRetransmits = 0;
  c.undoRetransmits += count;
  return 0;
}

/** Sends what is marked lost, oldest first, as the congestion window allows (`tcp_xmit_retransmit_queue`). */
export function retransmitLost(c: Connection): void {
  if (c.packetsOut === 0) return;
  const most = autosize(c, currentMss(c));
  let armed = false;
  for (let segment = c.queue.first; segment !== null && segment !== c.queue.unsent; segment = segment.next) {
    const room = c.cwnd - inFlight(c);
    if (room <= 0) break;
    const marks = segment.marks;
    if (c.retransmitOut >= c.lostOut) break;
    if ((marks & LOST) === 0 || (marks & (SACKED | RETRANSMITTED)) !== 0) continue;
    if (c.caState === 4) c.tcp.ext.TCPSlowStartRetrans++;
    else c.tcp.ext.TCPFastRetrans++;
    const first = segment === c.queue.first;
    const previous: Segment | null = segment.previous;
    if (retransmitSegment(c, segment, Math.min(room, most)) !== 0) break;
    // The segment may have been cut: what went out is the front part.
    segment = previous === null ? c.queue.first! : previous.next!;
    if (c.caState === 2 || c.caState === CA_RECOVERY) c.prrOut += segment.count;
    if (first && c.timerFor !== TIMER_REORDER) armed = true;
  }
  if (armed) armTimer(c, TIMER_RETRANSMIT, c.rto);
}

/** Probes a closed window, or sends what fits into a small one (`tcp_write_wakeup`). */
export function writeWakeup(c: Connection): number {
  if (c.state === 7) return -1;
  const segment = c.queue.unsent;
  if (segment !== null && before(segment.sequence, windowEnd(c))) {
    const mss = currentMss(c);
    const room = Math.min((windowEnd(c) - segment.sequence) | 0, mss);
    if (before(c.pushedSeq, segment.end)) c.pushedSeq = segment.end;
    let out = segment;
    if (segment.length > room) out = split(c, segment, room, mss);
    out.flags |= PSH;
    out.count = countOf(out.length, mss);
    const error = transmit(c, out, mss);
    newDataSent(c, out);
    return error < 0 ? 1 : 0;
  }
  sendProbe(c);
  return 0;
}

/** Queues a FIN behind the data, on the last segment if that has not gone (`tcp_send_fin`). */
export function sendFin(c: Connection): void {
  const last = c.queue.unsent !== null ? c.queue.last : null;
  const mss = currentMss(c);
  if (last !== null) {
    last.flags |= FIN;
    last.end = (last.end + 1) | 0;
  } else {
    const segment = makeSegment();
    segment.flags = ACK | FIN;
    segment.sequence = c.writeSeq;
    segment.end = (c.writeSeq + 1) | 0;
    c.sendQueued += SEGMENT_OVERHEAD;
    c.queue.push(segment);
  }
  c.writeSeq = (c.writeSeq + 1) | 0;
  pushPending(c, mss, NAGLE_OFF);
}

/** Queues and sends our SYN. */
export function sendSyn(c: Connection, flags: number): void {
  const segment = makeSegment();
  segment.flags = SYN | flags;
  segment.sequence = c.iss;
  segment.end = (c.iss + 1) | 0;
  c.sendQueued += SEGMENT_OVERHEAD;
  c.queue.push(segment);
  c.writeSeq = segment.end;
  c.retransmitStamp = c.tcp.now || 1;
  transmit(c, segment, 65535);
  c.queue.unsent = null;
  c.sndNxt = c.writeSeq;
  c.pushedSeq = c.writeSeq;
  c.packetsOut += 1;
  armTimer(c, TIMER_RETRANSMIT, c.rto);
}

/** Answers a SYN that crossed ours (`tcp_send_synack`): our SYN again, with its acknowledgement. */
export function sendSynAck(c: Connection): void {
  const segment = c.queue.first;
  if (segment === null || (segment.flags & SYN) === 0) return;
  segment.flags = (segment.flags & ~CWR) | ACK;
  if ((c.ecn & ECN_OK) === 0) segment.flags &= ~ECE;
  transmit(c, segment, 65535);
}

/** Whether our SYN is on its way. */
export function isOpening(c: Connection): boolean {
  return isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV));
}
