/**
 * RACK-TLP (RFC 8985): a segment is lost when one that was sent after it has been delivered and more than a reordering window
 * has passed. Linux's tcp_recovery.c.
 *
 * @module
 */
import { armTimer } from "./timers.ts";
import { CA_RECOVERY, type Connection, NO_RTT, TIMER_REORDER } from "./connection.ts";
import { LOST, RETRANSMITTED, SACKED, type Segment } from "./segment_queue.ts";
import { after } from "./sequence.ts";

/** Recoveries for which a widened reordering window is kept (RFC 8985 section 6.2 step 4). */
const PERSIST = 16;
/** The least that a timer waits for beyond the window, µs (`TCP_TIMEOUT_MIN_US`). */
const TIMEOUT_MIN = 8000;
const STATIC_WINDOW = 2;
const NO_DUPLICATE_THRESHOLD = 4;

function sentAfter(time: number, other: number, sequence: number, otherSequence: number): boolean {
  return time > other || (time === other && after(sequence, otherSequence));
}

/** A segment was delivered: remembers the one sent last (RFC 8985 section 6.2 step 2; `tcp_rack_advance`). */
export function rackAdvance(c: Connection, marks: number, end: number, sentAt: number): void {
  const rtt = c.tcp.now - sentAt;
  // The ACK may be of the first transmission.
  if (rtt < c.minRtt && (marks & (RETRANSMITTED | 0x80)) !== 0 && c.minRtt !== NO_RTT) return;
  c.rackAdvanced = true;
  c.rackRtt = rtt;
  if (sentAfter(sentAt, c.rackTime, end, c.rackEnd)) {
    c.rackTime = sentAt;
    c.rackEnd = end;
  }
}

/** The reordering window in µs (`tcp_rack_reo_wnd`). */
function reorderingWindow(c: Connection): number {
  if (c.reorderSeen === 0) {
    if (c.caState >= CA_RECOVERY) return 0;
    if (c.sackedOut >= c.reordering && (c.tcp.sysctls.recovery & NO_DUPLICATE_THRESHOLD) === 0) return 0;
  }
  const rtt = c.minRtt === NO_RTT ? 0x7fffffff : c.minRtt;
  return Math.min((rtt >> 2) * c.rackReorderSteps, c.srtt >> 3);
}

/** µs until a segment counts as lost; 0 or less: it is. */
export function rackTimeout(c: Connection, segment: Segment, window: number): number {
  return c.rackRtt + window - (c.tcp.now - segment.sentAt);
}

/** Marks what is lost; the µs until more may be, or 0 (RFC 8985 section 6.2 step 5; `tcp_rack_detect_loss`). */
export function rackDetectLoss(c: Connection): number {
  const window = reorderingWindow(c);
  let wait = 0;
  const end = c.queue.unsent;
  for (let segment = c.queue.first; segment !== null && segment !== end; segment = segment.next) {
    const marks = segment.marks;
    if ((marks & SACKED) !== 0 || ((marks & LOST) !== 0 && (marks & RETRANSMITTED) === 0)) continue;
    if (!sentAfter(c.rackTime, segment.sentAt, c.rackEnd, segment.end)) continue;
    const left = rackTimeout(c, segment, window);
    if (left <= 0) markLost(c, segment);
    else if (left > wait) wait = left;
  }
  return wait;
}

/** After an ACK: marks losses, and arms the timer that will look again. True when it is armed (`tcp_rack_mark_lost`). */
export function rackMarkLost(c: Connection): boolean {
  if (!c.rackAdvanced) return false;
  c.rackAdvanced = false;
  const wait = rackDetectLoss(c);
  if (wait === 0) return false;
  armTimer(c, TIMER_REORDER, Math.min(wait + TIMEOUT_MIN, c.rto));
  return true;
}

/** Widens the reordering window in a round in which a D-SACK came (`tcp_rack_update_reo_wnd`). */
export function rackUpdateWindow(c: Connection, priorDelivered: number): void {
  if ((c.tcp.sysctls.recovery & STATIC_WINDOW) !== 0 || priorDelivered === 0) return;
  if (priorDelivered < c.rackLastDelivered) c.rackDsackSeen = false;
  if (c.rackDsackSeen) {
    c.rackReorderSteps = Math.min(255, c.rackReorderSteps + 1);
    c.rackDsackSeen = false;
    c.rackLastDelivered = c.delivered;
    c.rackReorderPersist = PERSIST;
  } else if (c.rackReorderPersist === 0) c.rackReorderSteps = 1;
}

/** Marks a segment lost, or lost once more (`tcp_mark_skb_lost`). */
export function markLost(c: Connection, segment: Segment): void {
  const marks = segment.marks;
  if ((marks & SACKED) !== 0) return;
  if ((marks & LOST) !== 0) {
    if ((marks & RETRANSMITTED) !== 0) {
      segment.marks &= ~RETRANSMITTED;
      c.retransmitOut -= segment.count;
      c.tcp.ext.TCPLostRetransmit += segment.count;
      c.lostTotal += segment.count;
    }
  } else {
    c.lostOut += segment.count;
    c.lostTotal += segment.count;
    segment.marks |= LOST;
  }
}
