/** Ending: our FIN, the peer's RST, and how long to wait afterwards. */
import { Errno } from "../../wire/errno.ts";
import { type Connection, WAKE_ERROR, WAKE_READABLE, WAKE_WRITABLE } from "./connection.ts";
import { sendFin } from "./output.ts";
import { afterClose, CLOSE, CLOSE_WAIT, ESTABLISHED, SYN_SENT } from "./states.ts";

/** `TCP_TIMEWAIT_LEN`, ns. */
export const TIME_WAIT_NS = 60e9;

/** Ends a connection that the peer has reset (`tcp_reset`). */
export function reset(c: Connection): void {
  switch (c.state) {
    case SYN_SENT:
      c.error = Errno.ECONNREFUSED;
      break;
    case CLOSE_WAIT:
      c.error = Errno.EPIPE;
      break;
    case CLOSE:
      return;
    default:
      c.error = Errno.ECONNRESET;
  }
  c.queue.purge();
  c.sendQueued = 0;
  c.wake |= WAKE_ERROR | WAKE_READABLE | WAKE_WRITABLE;
  c.tcp.done(c);
}

/** The application's close of its side: the next state, and a FIN if that goes with it. */
export function closeSending(c: Connection): void {
  const next = afterClose(c.state);
  const was = c.state;
  c.state = next.state;
  countEstablished(c, was);
  if (next.fin) sendFin(c);
}

/** `CurrEstab` counts ESTABLISHED and CLOSE-WAIT. */
export function countEstablished(c: Connection, was: number): void {
  const before = was === ESTABLISHED || was === CLOSE_WAIT, now = c.state === ESTABLISHED || c.state === CLOSE_WAIT;
  if (before && !now) c.tcp.counters.CurrEstab--;
}

/** How long an orphan stays in FIN-WAIT-2, ns (`tcp_fin_time`). */
export function finTime(c: Connection): number {
  const ns = (c.options.linger2 || c.tcp.sysctls.finTimeout) * 1e9;
  return Math.max(ns, (c.rto * 4 - c.rto / 2) * 1000);
}
