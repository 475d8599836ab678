/**
 * The round-trip time: the sender's estimate and the time-out made of it (RFC 6298 with Linux's variance, `tcp_rtt_estimator`),
 * the least of a window of time, and the receiver's estimate that buffer tuning uses.
 *
 * @module
 */
import { type Connection, NO_RTT } from "./connection.ts";
import { after } from "./sequence.ts";

/** The first retransmission time-out (RFC 6298 section 2.1), µs. */
export const INITIAL_RTO = 1000000;
/** After time-outs of the SYN (RFC 6298 section 5.7), µs. */
export const FALLBACK_RTO = 3000000;
/** Above this an RTT sample makes no sense any more and would overflow. */
const MAX_RTT = 0x0fffffff;

/** The route's `rto_min`, or the sysctl's, µs. */
export function minRto(c: Connection): number {
  const metrics = c.path.metrics;
  return metrics !== null && metrics.rto_min !== undefined ? metrics.rto_min * 1000 : c.tcp.sysctls.rtoMinUs;
}

export function maxRto(c: Connection): number {
  return c.tcp.sysctls.rtoMaxMs * 1000;
}

/** Takes a sample of µs into the estimate and sets the time-out anew. */
export function measureRtt(c: Connection, sample: number): void {
  let error = Math.min(sample, MAX_RTT);
  let srtt = c.srtt;
  if (srtt !== 0) {
    error -= srtt >> 3;
    srtt += error;
    if (error < 0) {
      // A falling RTT must not raise the variance much: Eifel's remedy.
      error = -error - (c.mdev >> 2);
      if (error > 0) error >>= 3;
    } else error -= c.mdev >> 2;
    c.mdev += error;
    if (c.mdev > c.mdevMax) {
      c.mdevMax = c.mdev;
      if (c.mdevMax > c.rttvar) c.rttvar = c.mdevMax;
    }
    if (after(c.sndUna, c.rttSeq)) {
      if (c.mdevMax < c.rttvar) c.rttvar -= (c.rttvar - c.mdevMax) >> 2;
      c.rttSeq = c.sndNxt;
      c.mdevMax = minRto(c);
    }
  } else {
    srtt = error << 3;
    c.mdev = error << 1;
    c.rttvar = c.mdevMax = Math.max(c.mdev, minRto(c));
    c.rttSeq = c.sndNxt;
  }
  c.srtt = Math.max(1, srtt);
  setRto(c);
}

export function setRto(c: Connection): void {
  c.rto = Math.min((c.srtt >> 3) + c.rttvar, maxRto(c));
}

/** The least RTT of the last `tcp_min_rtt_wlen` seconds. */
export function updateMinRtt(c: Connection, sample: number): void {
  const now = c.tcp.now;
  if (sample <= c.minRtt || now - c.minRttAt > c.tcp.sysctls.minRttWindow * 1e6) {
    c.minRtt = sample;
    c.minRttAt = now;
  }
}

/** A sample of the receiver's RTT estimate; one that the window bounds only ever lowers it (`tcp_rcv_rtt_update`). */
export function updateReceiverRtt(c: Connection, sample: number, windowBound: boolean): void {
  const was = c.rcvRttUs;
  let estimate = Math.min(sample, MAX_RTT) << 3;
  if (was !== 0) {
    if (!windowBound) estimate = was + (sample - (was >> 3));
    else if (estimate >= was) return;
  }
  c.rcvRttUs = Math.max(1, estimate);
}

/** Without timestamps: the time in which one window of data came is an RTT at the most (`tcp_rcv_rtt_measure`). */
export function measureReceiverRtt(c: Connection): void {
  if (c.rcvRttTime !== 0) {
    if (((c.rcvNxt - c.rcvRttSeq) | 0) < 0) return;
    updateReceiverRtt(c, Math.max(c.tcp.now - c.rcvRttTime, 1), true);
  }
  c.rcvRttSeq = (c.rcvNxt + c.rcvWnd) | 0;
  c.rcvRttTime = c.tcp.now;
}

/** The RTT measured last; µs. `NO_RTT` when none was. */
export function leastRtt(c: Connection): number {
  return c.minRtt === NO_RTT ? NO_RTT : c.minRtt;
}
