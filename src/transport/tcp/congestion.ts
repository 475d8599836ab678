/** What a congestion control is to the connection (Linux's `tcp_congestion_ops`), and which there are. */
import type { Connection } from "./connection.ts";

export interface CongestionControl {
  /** As `tcp_congestion_control` names it. */
  readonly name: string;
  /** Begins afresh: the connection was made, or the algorithm chosen. */
  init(c: Connection): void;
  /** The new slow-start threshold after a loss, in segments. */
  slowStartThreshold(c: Connection): number;
  /** `acked` segments were acknowledged while the window may grow. */
  avoid(c: Connection, acked: number): void;
  /** The window to go back to when a reduction was in vain. */
  undo(c: Connection): number;
  /** An RTT sample of µs (-1: none) came with `acked` segments. */
  sample?(c: Connection, acked: number, rttUs: number): void;
  /** A time-out has been taken for a loss. */
  lost?(c: Connection): void;
  /** Sending begins again after nothing was in flight. */
  restart?(c: Connection): void;
}

/** Grows the window by slow start up to the threshold; the acknowledged segments that are left over (`tcp_slow_start`). */
export function slowStart(c: Connection, acked: number): number {
  const cwnd = Math.min(c.cwnd + acked, c.ssthresh);
  acked -= cwnd - c.cwnd;
  c.cwnd = cwnd;
  return acked;
}

/** Grows the window by one segment for each `perSegment` acknowledged (`tcp_cong_avoid_ai`). */
export function additiveIncrease(c: Connection, perSegment: number, acked: number): void {
  if (c.cwndCount >= perSegment) {
    c.cwndCount = 0;
    c.cwnd++;
  }
  c.cwndCount += acked;
  if (c.cwndCount >= perSegment) {
    const delta = Math.floor(c.cwndCount / perSegment);
    c.cwndCount -= delta * perSegment;
    c.cwnd += delta;
  }
}

/** Whether the window was what bounded the sending, so that it may grow (`tcp_is_cwnd_limited`). */
export function isCwndLimited(c: Connection): boolean {
  if (c.cwndLimited) return true;
  return c.cwnd < c.ssthresh && c.cwnd < 2 * c.maxPacketsOut;
}
