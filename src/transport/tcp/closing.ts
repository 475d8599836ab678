/** Ending: our FIN, the peer's RST, and how long to wait afterwards. */
import { Errno } from "../../wire/errno.ts";
import {
  type Connection,
  SHUTDOWN_READ,
  SHUTDOWN_WRITE,
  WAKE_ERROR,
  WAKE_READABLE,
  WAKE_WRITABLE,
} from "./connection.ts";
import { sendFin } from "./output.ts";
import { purgeReceived } from "./reassembly.ts";
import {
  afterClose,
  CLOSE,
  CLOSE_WAIT,
  ESTABLISHED,
  FIN_WAIT1,
  FIN_WAIT2,
  isOneOf,
  SYN_RECV,
  SYN_SENT,
} from "./states.ts";
import type { Tcp } from "./tcp.ts";
import { armKeepTimer, disarmKeepTimer } from "./timers.ts";
import { sendReset } from "./transmit.ts";

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

/** `tcp_close`: the connection goes on by itself until it ends. `abort`: reset it whatever it holds. */
export function closeConnection(c: Connection, tcp: Tcp, abort: boolean): void {
  c.shutdown |= SHUTDOWN_READ | SHUTDOWN_WRITE;
  const unread = c.received !== null;
  purgeReceived(c);
  if (c.state === CLOSE) {
    c.orphan = true;
    tcp.release(c);
    return;
  }
  if (abort || unread || c.options.linger === 0) {
    if (unread) tcp.ext.TCPAbortOnClose++;
    else tcp.ext.TCPAbortOnData++;
    if (needsReset(c)) sendReset(c);
    c.orphan = true;
    tcp.orphans++;
    tcp.done(c);
    return;
  }
  if (c.state === SYN_SENT) {
    c.orphan = true;
    tcp.orphans++;
    tcp.done(c);
    return;
  }
  closeSending(c);
  c.orphan = true;
  if (c.hashed) tcp.orphans++;
  if (c.state === FIN_WAIT2) {
    if (c.options.linger2 < 0) {
      sendReset(c);
      tcp.ext.TCPAbortOnLinger++;
      tcp.done(c);
    } else {
      const wait = finTime(c);
      if (wait > TIME_WAIT_NS) armKeepTimer(c, (wait - TIME_WAIT_NS) / 1000);
      else tcp.timeWait(c, FIN_WAIT2, wait);
    }
  } else if (c.options.keepAlive === false) disarmKeepTimer(c);
}

/** `tcp_need_reset` */
function needsReset(c: Connection): boolean {
  return isOneOf(c.state, (1 << ESTABLISHED) | (1 << 8) | (1 << FIN_WAIT1) | (1 << FIN_WAIT2) | (1 << SYN_RECV)) ||
    c.received !== null;
}
