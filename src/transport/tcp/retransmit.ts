/** Sending again: what is lost, and the probe for a lost tail (RFC 8985 section 7). */
import { Errno } from "../../wire/errno.ts";
import { CWR, ECE, SYN } from "../../wire/tcp.ts";
import {
  CA_RECOVERY,
  type Connection,
  inFlight,
  NAGLE_OFF,
  TIMER_LOSS_PROBE,
  TIMER_NONE,
  TIMER_REORDER,
  TIMER_RETRANSMIT,
  windowEnd,
} from "./connection.ts";
import { autosize, currentMss } from "./mss.ts";
import { PUSH_PROBE, writeOut } from "./output.ts";
import { adjustCounts, countOf, split, tryCollapse } from "./resegment.ts";
import { minRto } from "./rtt.ts";
import { EVER_RETRANSMITTED, LOST, RETRANSMITTED, SACKED, type Segment } from "./segment_queue.ts";
import { after, before } from "./sequence.ts";
import { armTimer, disarmTimer, rearmRto, timeToRto } from "./timers.ts";
import { transmit } from "./transmit.ts";

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
