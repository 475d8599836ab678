/**
 * When to acknowledge (RFC 9293 section 3.8.6.3): at once while the peer is in slow start or something is amiss (quick ACKs),
 * later and with data when the connection answers by turns (ping-pong). What is here keeps the account; `output.ts` sends.
 *
 * @module
 */
import { ACK_PUSHED, ACK_PUSHED2, ACK_SCHEDULED, ACK_TIMER, type Connection } from "./connection.ts";
import { FIN, PSH, SYN, TCP_HEADER, URG } from "../../wire/tcp.ts";
import { DEFAULT_MSS } from "./mss.ts";
import { windowFromSpace } from "./window.ts";

/** The least segment that is one of a peer's full ones (`TCP_MIN_MSS`). */
const LEAST_MSS = 88;
/** Flags of segments that may be smaller than full ones (`TCP_REMNANT`). */
const REMNANT = FIN | URG | SYN | PSH;
/** µs. */
export const ATO_MIN = 40000;
export const DELAYED_ACK_MIN = 40000;
export const DELAYED_ACK_MAX = 200000;
export const MAX_QUICK_ACKS = 16;

export function isPingpong(c: Connection): boolean {
  return c.pingpong >= c.tcp.sysctls.pingpongThreshold;
}

export function enterPingpong(c: Connection): void {
  c.pingpong = c.tcp.sysctls.pingpongThreshold;
}

/** Acknowledges the next segments at once: as many as half a window holds (`tcp_incr_quickack`). */
export function moreQuickAcks(c: Connection, most: number): void {
  let quick = Math.floor(c.rcvWnd / (2 * c.rcvMss));
  if (quick === 0) quick = 2;
  if (quick > most) quick = most;
  if (quick > c.quick) c.quick = quick;
}

export function enterQuickAck(c: Connection, most: number): void {
  moreQuickAcks(c, most);
  c.pingpong = 0;
  c.ato = ATO_MIN;
}

export function inQuickAck(c: Connection): boolean {
  return (c.quick !== 0 && !isPingpong(c)) || (c.path.metrics !== null && !!c.path.metrics.quickack);
}

/** Data was sent: if it answers what came just before, the connection goes by turns (`tcp_event_data_sent`). */
export function dataSent(c: Connection): void {
  const now = c.tcp.now;
  c.lastSent = now;
  if (now - c.lastReceived < c.ato && c.pingpong < 255) c.pingpong++;
}

/** An acknowledgement went out, alone or with data (`tcp_event_ack_sent`). */
export function ackSent(c: Connection): void {
  if (c.quick > 0) c.quick--;
  c.ackPending = 0;
  c.ackDeadline = 0;
  c.compressedAcks = 0;
}

/**
 * Learns the peer's segment size: the largest of the last ones, or two equal ones in a row. A segment that ends what the peer wrote
 * is to be acknowledged as soon as it has been read (`tcp_measure_rcv_mss`).
 */
function measureSegment(c: Connection, length: number, price: number, flags: number): void {
  const last = c.lastSegmentLength;
  c.lastSegmentLength = 0;
  if (length >= c.rcvMss) {
    if (length !== c.rcvMss) adaptRatio(c, Math.floor(length * 256 / price));
    c.rcvMss = Math.min(length, c.advertisedMss);
    if ((flags & PSH) !== 0) c.ackPending |= ACK_PUSHED;
    return;
  }
  const size = length + c.headerLength;
  if (size >= DEFAULT_MSS + TCP_HEADER || (size >= LEAST_MSS + TCP_HEADER && (flags & REMNANT) === 0)) {
    c.lastSegmentLength = length;
    if (length === last) {
      c.rcvMss = length;
      return;
    }
  }
  c.ackPending |= (c.ackPending & ACK_PUSHED) !== 0 ? ACK_PUSHED2 : ACK_PUSHED;
}

/** Payload's share of what packets cost has changed: the window follows. */
function adaptRatio(c: Connection, share: number): void {
  const ratio = Math.min(Math.max(share, 1), 255);
  if (ratio === c.scalingRatio) return;
  c.scalingRatio = ratio;
  setWindowClamp(c, windowFromSpace(c, c.receiveBuffer));
  if (c.windowClamp < c.rcvqSpace) c.rcvqSpace = c.windowClamp;
}

/** Sets the largest window that is offered, and what is offered for now with it (`tcp_set_window_clamp`). */
export function setWindowClamp(c: Connection, value: number): void {
  const clamp = Math.max(2304, value);
  const was = c.windowClamp;
  if (clamp === was) return;
  c.windowClamp = clamp;
  if (clamp < was) c.rcvSsthresh = Math.min(c.rcvSsthresh, clamp);
  else c.rcvSsthresh = Math.max(Math.min(c.rcvWnd, clamp), c.rcvSsthresh);
}

/** Lets the offered window grow while packets leave room for it (`tcp_grow_window`). */
function growWindow(c: Connection, length: number, price: number): void {
  const room = Math.min(c.windowClamp, windowFromSpace(c, c.receiveBuffer - c.receiveQueued)) - c.rcvSsthresh;
  if (room <= 0) return;
  let more = 0;
  if (windowFromSpace(c, price) <= length) more = 2 * c.advertisedMss;
  else {
    let truesize = windowFromSpace(c, price) >> 1;
    let window = windowFromSpace(c, c.tcp.sysctls.rmem[2]) >> 1;
    while (c.rcvSsthresh <= window) {
      if (truesize <= length) {
        more = 2 * c.rcvMss;
        break;
      }
      truesize >>= 1;
      window >>= 1;
    }
  }
  if (more === 0) return;
  c.rcvSsthresh += Math.min(room, Math.max(more, 2 * length));
  c.quick |= 1;
}

/** Data came in order: schedules its acknowledgement and learns how often data comes (`tcp_event_data_recv`). */
export function dataReceived(c: Connection, length: number, price: number, flags: number): void {
  c.ackPending |= ACK_SCHEDULED;
  measureSegment(c, length, price, flags);
  const now = c.tcp.now;
  if (c.ato === 0) {
    moreQuickAcks(c, MAX_QUICK_ACKS);
    c.ato = ATO_MIN;
  } else {
    const gap = now - c.lastReceived;
    if (gap <= ATO_MIN / 2) c.ato = (c.ato >> 1) + ATO_MIN / 2;
    else if (gap < c.ato) {
      c.ato = Math.min((c.ato >> 1) + gap, c.rto);
    } else if (gap > c.rto) moreQuickAcks(c, MAX_QUICK_ACKS); // it went idle: the peer starts slowly again
  }
  c.lastReceived = now;
  if (length >= 128) growWindow(c, length, price);
}

/** When a delayed acknowledgement is due, in µs from now; 0: at once (`tcp_send_delayed_ack`). */
export function delayedAckIn(c: Connection): number {
  let ato = c.ato;
  if (ato > DELAYED_ACK_MIN) {
    let most = 500000;
    if (isPingpong(c) || (c.ackPending & ACK_PUSHED) !== 0) most = DELAYED_ACK_MAX;
    if (c.srtt !== 0) most = Math.min(most, Math.max(c.srtt >> 3, DELAYED_ACK_MIN));
    ato = Math.min(ato, most);
  }
  ato = Math.min(ato, DELAYED_ACK_MAX);
  if ((c.ackPending & ACK_TIMER) !== 0 && c.ackDeadline !== 0) {
    const left = c.ackDeadline - c.tcp.now;
    if (left <= ato >> 2) return 0;
    if (left < ato) return left;
  }
  return Math.max(ato, 1);
}
