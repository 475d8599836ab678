/** NewReno (RFC 5681, RFC 6582). */
import { additiveIncrease, type CongestionControl, isCwndLimited, slowStart } from "./congestion.ts";
import type { Connection } from "./connection.ts";

export const reno: CongestionControl = {
  name: "reno",
  init(_c: Connection): void {},
  slowStartThreshold(c: Connection): number {
    return Math.max(c.cwnd >> 1, 2);
  },
  avoid(c: Connection, acked: number): void {
    if (!isCwndLimited(c)) return;
    if (c.cwnd < c.ssthresh) {
      acked = slowStart(c, acked);
      if (acked === 0) return;
    }
    additiveIncrease(c, c.cwnd, acked);
  },
  undo(c: Connection): number {
    return Math.max(c.cwnd, c.priorCwnd);
  },
};
