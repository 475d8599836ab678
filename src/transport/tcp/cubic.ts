/**
 * CUBIC (RFC 9438) with HyStart (Ha and Rhee, 2011), with Linux's constants: C = 0.4, β = 717/1024, fast convergence and the
 * friendly region on, HyStart by trains of ACKs and by delay from a window of 16 on.
 *
 * @module
 */
import { additiveIncrease, type CongestionControl, isCwndLimited, slowStart } from "./congestion.ts";
import { type Connection, inSlowStart } from "./connection.ts";
import { after } from "./sequence.ts";

/** β and C as fractions, and β's counterpart of the friendly region (RFC 9438 section 4.3). */
const BETA = 717 / 1024;
const C = 0.4;
const RENO_FRIENDLY = (8 * (1024 + 717)) / (3 * (1024 - 717)) / 8;

const HYSTART_LOW_WINDOW = 16;
const HYSTART_MIN_SAMPLES = 8;
/** µs: ACKs closer than this are of one train; bounds of the delay threshold. */
const HYSTART_ACK_DELTA = 2000;
const HYSTART_DELAY_MIN = 4000;
const HYSTART_DELAY_MAX = 16000;
const FAR = 0x7fffffff;

class CubicState {
  /** ACKs per increase of one segment. */
  perSegment = 0;
  lastMaxCwnd = 0;
  lastCwnd = 0;
  lastTime = 0;
  originPoint = 0;
  /** Seconds from the epoch to the origin point. */
  k = 0;
  /** µs; 0 is none. */
  delayMin = 0;
  /** Virtual µs at which this epoch of growth began; -1 is none. */
  epochStart = -1;
  ackCount = 0;
  renoCwnd = 0;
  found = false;
  samples = 0;
  roundStart = 0;
  endSeq = 0;
  lastAck = 0;
  currentRtt = FAR;
}

function stateOf(c: Connection): CubicState {
  return (c.congestionState ??= new CubicState()) as CubicState;
}

function beginRound(c: Connection, s: CubicState): void {
  s.roundStart = s.lastAck = c.tcp.now;
  s.endSeq = c.sndNxt;
  s.currentRtt = FAR;
  s.samples = 0;
}

function update(c: Connection, s: CubicState, cwnd: number, acked: number): void {
  const now = c.tcp.now;
  s.ackCount += acked;
  if (s.lastCwnd === cwnd && now - s.lastTime <= 31250) return; // HZ / 32
  if (s.epochStart >= 0 && now === s.lastTime) {
    friendly(s, cwnd);
    return;
  }
  s.lastCwnd = cwnd;
  s.lastTime = now;
  if (s.epochStart < 0) {
    s.epochStart = now;
    s.ackCount = acked;
    s.renoCwnd = cwnd;
    if (s.lastMaxCwnd <= cwnd) {
      s.k = 0;
      s.originPoint = cwnd;
    } else {
      s.k = Math.cbrt((s.lastMaxCwnd - cwnd) / C);
      s.originPoint = s.lastMaxCwnd;
    }
  }
  const t = (now - s.epochStart + s.delayMin) / 1e6;
  const offset = t - s.k;
  const target = Math.floor(s.originPoint + C * offset * offset * offset);
  s.perSegment = target > cwnd ? Math.floor(cwnd / (target - cwnd)) : 100 * cwnd;
  if (s.lastMaxCwnd === 0 && s.perSegment > 20) s.perSegment = 20; // the first epoch without a loss: grow at least 5 %
  friendly(s, cwnd);
}

/** As fast as Reno would be at the least (RFC 9438 section 4.3). */
function friendly(s: CubicState, cwnd: number): void {
  const delta = Math.max(1, Math.floor(cwnd * RENO_FRIENDLY));
  while (s.ackCount > delta) {
    s.ackCount -= delta;
    s.renoCwnd++;
  }
  if (s.renoCwnd > cwnd) s.perSegment = Math.min(s.perSegment, Math.floor(cwnd / (s.renoCwnd - cwnd)));
  s.perSegment = Math.max(s.perSegment, 2);
}

function hystart(c: Connection, s: CubicState, rtt: number): void {
  if (after(c.sndUna, s.endSeq)) beginRound(c, s);
  const now = c.tcp.now;
  if (now - s.lastAck <= HYSTART_ACK_DELTA) {
    s.lastAck = now;
    // Without pacing half the minimum RTT is the threshold (`hystart_ack_delay` is 0 below 64 KB/s of pacing).
    const threshold = s.delayMin / 2;
    if (now - s.roundStart > threshold) {
      s.found = true;
      c.tcp.ext.TCPHystartTrainDetect++;
      c.tcp.ext.TCPHystartTrainCwnd += c.cwnd;
      c.ssthresh = c.cwnd;
      return;
    }
  }
  if (s.currentRtt > rtt) s.currentRtt = rtt;
  if (s.samples < HYSTART_MIN_SAMPLES) {
    s.samples++;
    return;
  }
  const slack = Math.min(Math.max(s.delayMin / 8, HYSTART_DELAY_MIN), HYSTART_DELAY_MAX);
  if (s.currentRtt > s.delayMin + slack) {
    s.found = true;
    c.tcp.ext.TCPHystartDelayDetect++;
    c.tcp.ext.TCPHystartDelayCwnd += c.cwnd;
    c.ssthresh = c.cwnd;
  }
}

export const cubic: CongestionControl = {
  name: "cubic",
  init(c: Connection): void {
    c.congestionState = null; // made by the first acknowledgement
  },
  slowStartThreshold(c: Connection): number {
    const s = stateOf(c);
    s.epochStart = -1;
    // Fast convergence: one that lost below its last maximum leaves room for others.
    s.lastMaxCwnd = c.cwnd < s.lastMaxCwnd ? Math.floor(c.cwnd * (1 + BETA) / 2) : c.cwnd;
    return Math.max(Math.floor(c.cwnd * BETA), 2);
  },
  avoid(c: Connection, acked: number): void {
    if (!isCwndLimited(c)) return;
    if (inSlowStart(c)) {
      acked = slowStart(c, acked);
      if (acked === 0) return;
    }
    const s = stateOf(c);
    update(c, s, c.cwnd, acked);
    additiveIncrease(c, s.perSegment, acked);
  },
  undo(c: Connection): number {
    return Math.max(c.cwnd, c.priorCwnd);
  },
  sample(c: Connection, _acked: number, rttUs: number): void {
    if (rttUs < 0) return;
    let s = c.congestionState as CubicState | null;
    if (s === null) {
      s = stateOf(c);
      beginRound(c, s);
    }
    // Discards samples within a second of a fast recovery.
    if (s.epochStart >= 0 && c.tcp.now - s.epochStart < 1e6) return;
    const delay = rttUs === 0 ? 1 : rttUs;
    if (s.delayMin === 0 || s.delayMin > delay) s.delayMin = delay;
    if (!s.found && inSlowStart(c) && c.cwnd >= HYSTART_LOW_WINDOW) hystart(c, s, delay);
  },
  lost(c: Connection): void {
    const s = new CubicState();
    c.congestionState = s;
    beginRound(c, s);
  },
  restart(c: Connection): void {
    const s = c.congestionState as CubicState | null;
    if (s === null || s.epochStart < 0) return;
    // The time in which the application sent nothing is not part of the epoch.
    const idle = c.tcp.now - c.lastSent;
    if (idle > 0) s.epochStart = Math.min(s.epochStart + idle, c.tcp.now);
  },
};
