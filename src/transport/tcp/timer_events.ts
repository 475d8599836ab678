/** What happens when a timer of a connection fires: Linux's tcp_timer.c. */
import {
  CA_DISORDER,
  CA_LOSS,
  CA_RECOVERY,
  type Connection,
  TIMER_LOSS_PROBE,
  TIMER_NONE,
  TIMER_PROBE0,
  TIMER_REORDER,
  TIMER_RETRANSMIT,
  WAKE_ERROR,
  WAKE_READABLE,
  WAKE_WRITABLE,
} from "./connection.ts";
import { clampProbe, probeInterval } from "./ack.ts";
import { ATO_MIN, isPingpong } from "./acknowledgement.ts";
import { ACK_SCHEDULED } from "./connection.ts";
import { finTime, TIME_WAIT_NS } from "./closing.ts";
import { writeWakeup } from "./output.ts";
import { retransmitSegment, sendLossProbe } from "./retransmit.ts";
import { sendAck, sendReset } from "./transmit.ts";
import { enterLoss, reorderTimeout } from "./recovery.ts";
import { INITIAL_RTO, maxRto } from "./rtt.ts";
import { CLOSE, ESTABLISHED, FIN_WAIT2, isOneOf, LISTEN, SYN_RECV, SYN_SENT } from "./states.ts";
import { armKeepTimer, armTimer } from "./timers.ts";
import { Errno } from "../../wire/errno.ts";

/** `TCP_RTO_MIN` as the model of time-outs takes it, µs. */
const RTO_MIN = 200000;
/** What a probe waits for when it could not be sent for want of resources, µs. */
const RESOURCE_PROBE_INTERVAL = 500000;
const OPENING = (1 << SYN_SENT) | (1 << SYN_RECV);

export function retransmitTimer(c: Connection): void {
  if (isOneOf(c.state, (1 << CLOSE) | (1 << LISTEN))) return;
  const purpose = c.timerFor;
  switch (purpose) {
    case TIMER_REORDER:
      reorderTimeout(c);
      break;
    case TIMER_LOSS_PROBE:
      sendLossProbe(c);
      break;
    case TIMER_RETRANSMIT:
      c.timerFor = TIMER_NONE;
      retransmitTimeout(c);
      break;
    case TIMER_PROBE0:
      c.timerFor = TIMER_NONE;
      probeTimeout(c);
      break;
  }
}

/** The end of a connection whose peer does not answer (`tcp_write_err`). */
export function writeError(c: Connection): void {
  c.error = c.softError || Errno.ETIMEDOUT;
  c.wake |= WAKE_ERROR | WAKE_READABLE | WAKE_WRITABLE;
  c.queue.purge();
  c.sendQueued = 0;
  c.tcp.ext.TCPAbortOnTimeout++;
  c.tcp.done(c);
}

/** µs after which so many time-outs have passed (`tcp_model_timeout`). */
function modelTimeout(c: Connection, count: number, base: number): number {
  const most = maxRto(c);
  const linear = Math.floor(Math.log2(most / base));
  if (count <= linear) return (2 ** (count + 1) - 1) * base;
  return (2 ** (linear + 1) - 1) * base + (count - linear) * most;
}

function timedOut(c: Connection, count: number, timeout: number): boolean {
  if (c.retransmits === 0) return false;
  if (timeout === 0) timeout = modelTimeout(c, count, isOneOf(c.state, OPENING) ? INITIAL_RTO : RTO_MIN);
  return c.tcp.now - c.retransmitStamp >= timeout;
}

/** How often an orphan tries (`tcp_orphan_retries`). */
function orphanRetries(c: Connection, alive: boolean): number {
  const retries = c.tcp.sysctls.orphanRetries;
  if (c.softError !== 0 && !alive) return 0;
  return retries === 0 && alive ? 8 : retries;
}

/** Whether it is time to give up (`tcp_write_timeout`). */
function givesUp(c: Connection): boolean {
  const sysctls = c.tcp.sysctls;
  let expired = false;
  let retries: number;
  if (isOneOf(c.state, OPENING)) {
    retries = c.options.synCount || sysctls.synRetries;
    expired = c.retransmits >= retries + (c.state === SYN_SENT ? sysctls.synLinearTimeouts : 0);
  } else {
    retries = sysctls.retries2;
    if (c.orphan) retries = orphanRetries(c, c.rto < maxRto(c));
  }
  if (!expired) expired = timedOut(c, retries, c.options.userTimeout * 1000);
  if (expired) writeError(c);
  return expired;
}

function clampRto(c: Connection): number {
  if (c.options.userTimeout === 0) return c.rto;
  const left = c.options.userTimeout * 1000 - (c.tcp.now - c.retransmitStamp);
  return left <= 0 ? 1 : Math.min(c.rto, left);
}

/** RFC 6298 section 5.4 to 5.7 (`tcp_retransmit_timer`). */
function retransmitTimeout(c: Connection): void {
  if (c.packetsOut === 0 || c.queue.first === null) return;
  const ext = c.tcp.ext;
  c.tlpHighSeq = 0;
  if (c.sndWnd === 0 && !c.orphan && !isOneOf(c.state, OPENING)) {
    // The peer took its window back: what is sent again is a probe, and the connection lives while it answers.
    if (c.tcp.now - c.lastAckReceived > Math.max(c.options.userTimeout * 1000 || maxRto(c) * 2, maxRto(c))) {
      writeError(c);
      return;
    }
    enterLoss(c);
    retransmitSegment(c, c.queue.first, 1);
    backOff(c);
    return;
  }
  ext.TCPTimeouts++;
  if (givesUp(c)) return;
  if (c.retransmits === 0) {
    if (c.caState === CA_RECOVERY) {
      if (c.sackOk) ext.TCPSackRecoveryFail++;
      else ext.TCPRenoRecoveryFail++;
    } else if (c.caState === CA_LOSS) ext.TCPLossFailures++;
    else if (c.caState === CA_DISORDER || c.sackedOut !== 0) {
      if (c.sackOk) ext.TCPSackFailures++;
      else ext.TCPRenoFailures++;
    }
  }
  enterLoss(c);
  c.retransmits++;
  c.totalRto++;
  if (retransmitSegment(c, c.queue.first, 1) > 0) {
    armTimer(c, TIMER_RETRANSMIT, RESOURCE_PROBE_INTERVAL);
    return;
  }
  backOff(c);
}

function backOff(c: Connection): void {
  const sysctls = c.tcp.sysctls;
  if (c.state === ESTABLISHED && sysctls.thinLinearTimeouts !== 0 && c.packetsOut < 4 && c.retransmits <= 6) {
    c.backoff = 0;
    c.rto = Math.min((c.srtt >> 3) + c.rttvar, maxRto(c));
  } else if (c.state !== SYN_SENT || c.totalRto > sysctls.synLinearTimeouts) {
    c.backoff++;
    c.rto = Math.min(c.rto * 2, maxRto(c));
  }
  armTimer(c, TIMER_RETRANSMIT, clampRto(c));
}

/** A closed window is probed (RFC 9293 section 3.8.6.1; `tcp_probe_timer`). */
function probeTimeout(c: Connection): void {
  if (c.packetsOut !== 0 || c.queue.unsent === null) {
    c.probesOut = 0;
    c.probesStamp = 0;
    return;
  }
  const now = c.tcp.now;
  if (c.probesStamp === 0) c.probesStamp = now || 1;
  else if (c.options.userTimeout !== 0 && now - c.probesStamp >= c.options.userTimeout * 1000) {
    writeError(c);
    return;
  }
  let most = c.tcp.sysctls.retries2;
  if (c.orphan) {
    const alive = c.rto * 2 ** c.backoff < maxRto(c);
    most = orphanRetries(c, alive);
    if (!alive && c.backoff >= most) {
      writeError(c);
      return;
    }
  }
  if (c.probesOut >= most) {
    writeError(c);
    return;
  }
  const failed = writeWakeup(c);
  c.tcp.ext.TCPWinProbe++;
  if (c.packetsOut !== 0 || c.queue.unsent === null) {
    c.probesOut = c.backoff = c.probesStamp = 0;
    return;
  }
  c.probesOut++;
  let wait = RESOURCE_PROBE_INTERVAL;
  if (failed <= 0) {
    if (c.backoff < c.tcp.sysctls.retries2) c.backoff++;
    wait = probeInterval(c);
  }
  armTimer(c, TIMER_PROBE0, clampProbe(c, wait));
}

export function delayedAckTimer(c: Connection): void {
  c.ackDeadline = 0;
  if (isOneOf(c.state, (1 << CLOSE) | (1 << LISTEN)) || (c.ackPending & ACK_SCHEDULED) === 0) return;
  if (!isPingpong(c)) c.ato = Math.min(c.ato * 2, c.rto);
  else {
    // The answer did not come in time: it is not going by turns any more.
    c.pingpong = 0;
    c.ato = ATO_MIN;
  }
  sendAck(c);
  c.tcp.ext.DelayedACKs++;
}

/** µs since anything came from the peer. */
function idleTime(c: Connection): number {
  return c.tcp.now - Math.max(c.lastReceived, c.lastAckReceived);
}

/** RFC 9293 section 3.8.4 (`tcp_keepalive_timer`). */
export function keepaliveTimer(c: Connection): void {
  c.keepDeadline = 0;
  if (c.state === FIN_WAIT2 && c.orphan) {
    const wait = finTime(c) - TIME_WAIT_NS;
    if (c.options.linger2 >= 0 && wait > 0) c.tcp.timeWait(c, FIN_WAIT2, wait);
    else {
      sendReset(c);
      c.tcp.done(c);
    }
    return;
  }
  if (!c.options.keepAlive || isOneOf(c.state, (1 << CLOSE) | (1 << SYN_SENT))) return;
  const sysctls = c.tcp.sysctls;
  const idle = c.options.keepIdleUs(sysctls);
  if (c.packetsOut !== 0 || c.queue.first !== null) {
    armKeepTimer(c, idle);
    return;
  }
  const elapsed = idleTime(c);
  if (elapsed < idle) {
    armKeepTimer(c, idle - elapsed);
    return;
  }
  const userTimeout = c.options.userTimeout * 1000;
  if (
    userTimeout !== 0 ? elapsed >= userTimeout && c.probesOut > 0 : c.probesOut >= c.options.keepProbes(sysctls)
  ) {
    sendReset(c);
    writeError(c);
    return;
  }
  const failed = writeWakeup(c);
  c.tcp.ext.TCPKeepAlive++;
  if (failed <= 0) {
    c.probesOut++;
    armKeepTimer(c, c.options.keepIntervalUs(sysctls));
  } else armKeepTimer(c, RESOURCE_PROBE_INTERVAL);
}

/** SO_KEEPALIVE or TCP_KEEPIDLE was set on a connection: when the next probe is due. */
export function restartKeepalive(c: Connection): void {
  if (isOneOf(c.state, (1 << CLOSE) | (1 << LISTEN) | (1 << SYN_SENT))) return;
  armKeepTimer(c, Math.max(c.options.keepIdleUs(c.tcp.sysctls) - idleTime(c), 0));
}
