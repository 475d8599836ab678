/**
 * The timers of a connection. Acknowledgements move deadlines all the time, so a deadline is a field and the timer of the event
 * queue is touched only when it would fire too late: one that fires too early arms itself again.
 *
 * @module
 */
import { Timer } from "../../time/scheduler.ts";
import {
  type Connection,
  TIMER_LOSS_PROBE,
  TIMER_NONE,
  TIMER_PROBE0,
  TIMER_REORDER,
  TIMER_RETRANSMIT,
} from "./connection.ts";

/** A connection that does not exist any more is forgotten by its timers. */
export function stopTimers(c: Connection): void {
  const scheduler = c.tcp.host.world.scheduler;
  c.timerFor = TIMER_NONE;
  c.ackDeadline = c.keepDeadline = 0;
  if (c.timer !== null) scheduler.cancel(c.timer);
  if (c.ackTimer !== null) scheduler.cancel(c.ackTimer);
  if (c.keepTimer !== null) scheduler.cancel(c.keepTimer);
}

/** Length of a tick, µs (`CONFIG_HZ=250`). */
const TICK = 4000;

/**
 * When Linux's timer wheel would fire for a delay of µs: its buckets are coarser the further off they are, an eighth of the
 * time at the most, and a timer fires at the end of its bucket. Half a bucket late is what that makes on the average.
 */
export function wheelDelay(delay: number): number {
  let bucket = TICK;
  for (let reach = 63 * TICK; delay >= reach; reach *= 8) bucket *= 8;
  return Math.ceil(delay) + bucket / 2; // whole µs: `now` is, and a deadline must come
}

function ensure(c: Connection, timer: Timer, deadline: number): void {
  const at = deadline * 1000;
  if (!timer.armed || timer.at > at) c.tcp.host.world.scheduler.arm(timer, at);
}

/** A timer of a connection: `fire` is shared by all of one kind. */
class ConnectionTimer extends Timer {
  constructor(readonly connection: Connection, fire: (this: Timer) => void) {
    super(fire);
  }
}

function retransmissionDue(this: Timer): void {
  const c = (this as ConnectionTimer).connection;
  if (c.timerFor === TIMER_NONE) return;
  if (c.tcp.now < c.timerDeadline) ensure(c, this, c.timerDeadline);
  else c.tcp.retransmitTimer(c);
}

function acknowledgementDue(this: Timer): void {
  const c = (this as ConnectionTimer).connection;
  if (c.ackDeadline === 0) return;
  if (c.tcp.now < c.ackDeadline) ensure(c, this, c.ackDeadline);
  else c.tcp.delayedAckTimer(c);
}

function keepaliveDue(this: Timer): void {
  const c = (this as ConnectionTimer).connection;
  if (c.keepDeadline === 0) return;
  if (c.tcp.now < c.keepDeadline) ensure(c, this, c.keepDeadline);
  else c.tcp.keepaliveTimer(c);
}

/** Arms the retransmission timer for one of its purposes, `delay` µs from now (`tcp_reset_xmit_timer`). */
export function armTimer(c: Connection, purpose: number, delay: number): void {
  c.timerFor = purpose;
  c.timerDeadline = c.tcp.now + wheelDelay(delay);
  c.timer ??= new ConnectionTimer(c, retransmissionDue);
  ensure(c, c.timer, c.timerDeadline);
}

export function disarmTimer(c: Connection): void {
  c.timerFor = TIMER_NONE;
}

/** Arms the delayed acknowledgement (`icsk_delack_timer`), `delay` µs from now. */
export function armAckTimer(c: Connection, delay: number): void {
  c.ackDeadline = c.tcp.now + wheelDelay(delay);
  c.ackTimer ??= new ConnectionTimer(c, acknowledgementDue);
  ensure(c, c.ackTimer, c.ackDeadline);
}

/** Arms the keepalive timer (`sk_timer`), which also ends an orphan's FIN-WAIT-2, `delay` µs from now. */
export function armKeepTimer(c: Connection, delay: number): void {
  c.keepDeadline = c.tcp.now + wheelDelay(delay);
  c.keepTimer ??= new ConnectionTimer(c, keepaliveDue);
  ensure(c, c.keepTimer, c.keepDeadline);
}

export function disarmKeepTimer(c: Connection): void {
  c.keepDeadline = 0;
  if (c.keepTimer !== null) c.tcp.host.world.scheduler.cancel(c.keepTimer);
}

/** Restarts the retransmission time-out: from now, or from when the first outstanding segment was sent (`tcp_rearm_rto`). */
export function rearmRto(c: Connection): void {
  if (c.packetsOut === 0) {
    disarmTimer(c);
    return;
  }
  let delay = c.rto;
  if (c.timerFor === TIMER_REORDER || c.timerFor === TIMER_LOSS_PROBE) delay = Math.max(timeToRto(c), 1);
  armTimer(c, TIMER_RETRANSMIT, delay);
}

/** µs until the first outstanding segment's time-out; negative when it has passed (`tcp_rto_delta_us`). */
export function timeToRto(c: Connection): number {
  const first = c.queue.first;
  return first === null ? c.rto : first.sentAt + c.rto - c.tcp.now;
}

/** What `inet_diag` and `/proc/net/tcp` call the timers. */
export const SHOWN_NONE = 0;
export const SHOWN_RETRANSMIT = 1;
export const SHOWN_KEEPALIVE = 2;
export const SHOWN_PROBE = 4;

/** The timer that a listing shows of a connection: which, µs until it fires, and how often it did in vain (`get_tcp4_sock`). */
export function shownTimer(c: Connection): { kind: number; delay: number; retries: number } {
  const { now } = c.tcp;
  if (c.timerFor === TIMER_PROBE0) return { kind: SHOWN_PROBE, delay: c.timerDeadline - now, retries: c.probesOut };
  if (c.timerFor !== TIMER_NONE) {
    return { kind: SHOWN_RETRANSMIT, delay: c.timerDeadline - now, retries: c.retransmits };
  }
  if (c.keepDeadline !== 0) return { kind: SHOWN_KEEPALIVE, delay: c.keepDeadline - now, retries: c.keepProbes };
  return { kind: SHOWN_NONE, delay: 0, retries: 0 };
}
