/** The congestion window of an application that does not fill it (RFC 2861; `tcp_cwnd_validate`). */
import type { Connection } from "./connection.ts";
import { before } from "./sequence.ts";

/** Notes whether the congestion window was what bounded the sending (RFC 7661's idea; `tcp_cwnd_validate`). */
export function validateWindow(c: Connection, limited: boolean): void {
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
