/**
 * Sending (RFC 9293 section 3.10.2 and 3.8; Linux's tcp_output.c): from the queue to the path, as far as the windows, Nagle's
 * rule and the size worth sending allow.
 *
 * @module
 */
import { ACK, CWR, ECE, FIN, PSH, SYN } from "../../wire/tcp.ts";
import {
  CA_RECOVERY,
  type Connection,
  ECN_OK,
  inFlight,
  NAGLE_CORK,
  NAGLE_OFF,
  NAGLE_PUSH,
  TIMER_LOSS_PROBE,
  TIMER_NONE,
  TIMER_PROBE0,
  TIMER_RETRANSMIT,
  windowEnd,
} from "./connection.ts";
import { validateWindow } from "./cwnd_validation.ts";
import { autosize, currentMss } from "./mss.ts";
import { countOf, grow, split } from "./resegment.ts";
import { scheduleLossProbe } from "./retransmit.ts";
import { minRto } from "./rtt.ts";
import { makeSegment, type Segment, SEGMENT_OVERHEAD } from "./segment_queue.ts";
import { after, before } from "./sequence.ts";
import { isOneOf, SYN_RECV, SYN_SENT } from "./states.ts";
import { armTimer, rearmRto } from "./timers.ts";
import { sendProbe, transmit } from "./transmit.ts";

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
