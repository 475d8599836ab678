/**
 * Segments that come in for a connection (RFC 9293 section 3.10.7; Linux's tcp_input.c): validity, RST, SYN, acknowledgement,
 * text, FIN, and what is sent in answer.
 *
 * @module
 */
import type { Packet } from "../../wire/packet.ts";
import { ACK, CWR, ECE, FIN, RST, SYN } from "../../wire/tcp.ts";
import { Errno } from "../../wire/errno.ts";
import {
  ACK_GOOD,
  ACK_TOO_OLD,
  ACK_UNSENT,
  acknowledge,
  measureHandshake,
  pawsExpired,
  rateLimited,
  sendChallengeAck,
  storeTimestamp,
} from "./ack.ts";
import { FLAG_NO_CHALLENGE_ACK, FLAG_SLOWPATH, FLAG_UPDATE_TS_RECENT } from "./ack_flags.ts";
import {
  dataReceived,
  enterPingpong,
  enterQuickAck,
  inQuickAck,
  isPingpong,
  MAX_QUICK_ACKS,
} from "./acknowledgement.ts";
import {
  ACK_NOW,
  ACK_SCHEDULED,
  type Connection,
  ECN_DEMAND_CWR,
  ECN_OK,
  ECN_SEEN,
  SHUTDOWN_READ,
  SHUTDOWN_WRITE,
  TIMER_RETRANSMIT,
  WAKE_ERROR,
  WAKE_READABLE,
  WAKE_WRITABLE,
} from "./connection.ts";
import { expandSendBuffer, guessReceiveMss, initTransfer } from "./establish.ts";
import { syncMss, updatePacingRate } from "./mss.ts";
import type { ReceivedOptions } from "./options.ts";
import { TIMESTAMPS_LENGTH } from "./options.ts";
import { nonagleOf, pushPending, sendAck, sendDelayedAck, sendFin, sendSynAck } from "./output.ts";
import { currentMss } from "./mss.ts";
import {
  drainOutOfOrder,
  FIN_MARK,
  forgetBlocks,
  makeRoom,
  price,
  purgeOutOfOrder,
  queueOutOfOrder,
  queueReceived,
  setDsack,
} from "./reassembly.ts";
import { measureReceiverRtt, updateReceiverRtt } from "./rtt.ts";
import { after, before } from "./sequence.ts";
import {
  afterClose,
  CLOSE,
  CLOSE_WAIT,
  CLOSING,
  ESTABLISHED,
  FIN_WAIT1,
  FIN_WAIT2,
  LAST_ACK,
  SYN_RECV,
  SYN_SENT,
  TIME_WAIT,
} from "./states.ts";
import { armAckTimer, armKeepTimer, armTimer } from "./timers.ts";
import { chooseWindow, receiveWindow } from "./window.ts";

/** `TCP_TIMEWAIT_LEN`, ns. */
export const TIME_WAIT_NS = 60e9;

/** The segment at hand: read once by the protocol, then passed by reference. One object serves all. */
export class Incoming {
  sequence = 0;
  /** One past the last sequence number, SYN and FIN counted. */
  end = 0;
  ack = 0;
  flags = 0;
  /** As in the header. */
  window = 0;
  urgent = 0;
  /** Octets of payload, which begins at `packet.head`. */
  length = 0;
  /** Congestion Experienced and ECN-capable marks of the IP header. */
  ecn = 0;
}

/** What the caller does when a segment has been dealt with. */
export const HANDLED = 0;
export const ANSWER_RESET = 1;

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

/** A segment outside the window is told what we expect (`tcp_send_dupack`). */
function sendDuplicateAck(c: Connection, s: Incoming): void {
  if (s.end !== s.sequence && before(s.sequence, c.rcvNxt)) {
    c.tcp.ext.DelayedACKLost++;
    enterQuickAck(c, MAX_QUICK_ACKS);
    setDsack(c, s.sequence, after(s.end, c.rcvNxt) ? c.rcvNxt : s.end);
  }
  sendAck(c);
}

/** As `rateLimited`, but data is never part of a loop of ACKs (`tcp_oow_rate_limited`). */
function outOfWindowLimited(c: Connection, s: Incoming): boolean {
  if (s.sequence !== s.end && (s.flags & SYN) === 0) return false;
  return rateLimited(c);
}

/** RFC 7323 section 5.3 R1: a timestamp older than the last one, unless it is a mere repetition of an ACK. */
function pawsRejects(c: Connection, s: Incoming): boolean {
  if (((c.tsRecent - c.rcvTsVal) | 0) <= 1 || c.tsRecent === 0 || pawsExpired(c)) return false;
  const repeated = (s.flags & ACK) !== 0 && s.sequence === c.rcvNxt && s.end === s.sequence && s.ack === c.sndUna &&
    (s.window << c.sndScale) === c.sndWnd && ((c.tsRecent - c.rcvTsVal) | 0) <= Math.max(c.rto / 1000, 1);
  return !repeated;
}

/** RFC 9293 section 3.10.7.4, first to fourth; false: the segment has been answered and is to be dropped. */
function validate(c: Connection, s: Incoming, options: ReceivedOptions): boolean {
  if (c.timestampsOk && options.timestamps && pawsRejects(c, s)) {
    if ((s.flags & RST) === 0) {
      if ((s.flags & SYN) !== 0) {
        challengeSyn(c);
        return false;
      }
      c.tcp.ext.PAWSEstab++;
      if (outOfWindowLimited(c, s)) c.tcp.ext.TCPACKSkippedPAWS++;
      else sendDuplicateAck(c, s);
      return false;
    }
  }
  const window = (c.rcvNxt + receiveWindow(c)) | 0;
  const old = before(s.end, c.rcvWup);
  if (old || (after(s.end, window) && (after(s.sequence, window) || c.received !== null))) {
    if ((s.flags & RST) === 0) {
      if ((s.flags & SYN) !== 0) {
        challengeSyn(c);
        return false;
      }
      if (!old) c.tcp.ext.BeyondWindow++;
      if (outOfWindowLimited(c, s)) c.tcp.ext.TCPACKSkippedSeq++;
      else sendDuplicateAck(c, s);
    } else if (isResetAfterFin(c, s)) reset(c);
    return false;
  }
  if ((s.flags & RST) !== 0) {
    if (s.sequence === c.rcvNxt || isResetAfterFin(c, s) || s.sequence === highestBlock(c)) reset(c);
    else sendChallengeAck(c);
    return false;
  }
  if ((s.flags & SYN) !== 0) {
    // The SYN-ACK of a simultaneous open, whose SYN has come already.
    if (
      c.state === SYN_RECV && (s.flags & ACK) !== 0 && ((s.sequence + 1) | 0) === s.end &&
      ((s.sequence + 1) | 0) === c.rcvNxt && s.ack === c.sndNxt
    ) return true;
    challengeSyn(c);
    return false;
  }
  return true;
}

function challengeSyn(c: Connection): void {
  c.tcp.ext.TCPSYNChallenge++;
  sendChallengeAck(c);
}

/** A peer that has closed may reset from just before its FIN (RFC 5961 section 3.2, extended). */
function isResetAfterFin(c: Connection, s: Incoming): boolean {
  return s.sequence === ((c.rcvNxt - 1) | 0) && (c.state === CLOSE_WAIT || c.state === LAST_ACK || c.state === CLOSING);
}

function highestBlock(c: Connection): number {
  if (!c.sackOk || c.sackCount === 0) return c.rcvNxt;
  let highest = c.sacks![1];
  for (let i = 1; i < c.sackCount; i++) if (after(c.sacks![2 * i + 1], highest)) highest = c.sacks![2 * i + 1];
  return highest;
}

/** Takes a segment for a connection, and the packet's reference unless it is to be answered with a RST. */
export function receive(c: Connection, packet: Packet, s: Incoming, options: ReceivedOptions): number {
  c.segmentsIn++;
  if (s.length > 0) c.dataSegmentsIn++;
  noteTimestamps(c, options);
  if (c.state === CLOSE) {
    packet.release();
    return HANDLED;
  }
  if (c.state === SYN_SENT) {
    const verdict = receiveSynSent(c, s, options);
    if (verdict === HANDLED) packet.release();
    return verdict;
  }
  const window = s.window << c.sndScale;
  const established = c.state === ESTABLISHED;
  // Header prediction (RFC 7323 appendix A): what comes next, with the window unchanged, needs no check.
  const predicted = established && s.sequence === c.rcvNxt && (s.flags & ~8) === ACK && window === c.sndWnd &&
    c.outOfOrder === null && options.sacks === 0 && !after(s.ack, c.sndNxt) && !before(s.ack, c.sndUna) &&
    c.receiveQueued <= c.receiveBuffer && s.length <= receiveWindow(c) && options.timestamps === c.timestampsOk &&
    (!options.timestamps || ((c.rcvTsVal - c.tsRecent) | 0) >= 0);
  if (predicted) {
    if (options.timestamps && s.sequence === c.rcvWup) storeTimestamp(c);
    if (s.length === 0) {
      acknowledge(c, s.sequence, s.end, s.ack, window, s.flags, options, 0);
      packet.release();
      dataSendCheck(c);
      return HANDLED;
    }
    c.tcp.ext.TCPHPHits++;
  } else {
    if ((s.flags & (ACK | RST | SYN)) === 0 || !validate(c, s, options)) {
      packet.release();
      return HANDLED;
    }
  }
  const flags = (predicted ? 0 : FLAG_SLOWPATH) | FLAG_UPDATE_TS_RECENT | (established ? 0 : FLAG_NO_CHALLENGE_ACK);
  const verdict = acknowledge(c, s.sequence, s.end, s.ack, window, s.flags, options, flags);
  if (verdict < ACK_GOOD && c.state === SYN_RECV) return ANSWER_RESET;
  if (verdict < 0) {
    // RFC 9293 section 3.10.7.4: an ACK of what was never sent is answered with ours.
    if (verdict === ACK_UNSENT || (!established && verdict === ACK_TOO_OLD)) sendChallengeAck(c);
    packet.release();
    return HANDLED;
  }
  if (!established && !progress(c, s)) {
    if (afterProgress === HANDLED) packet.release();
    return afterProgress;
  }
  if (c.timestampsOk) measureReceiverByTimestamp(c, s);
  const answer = takeText(c, packet, s);
  if (answer !== HANDLED) return answer;
  if (c.state !== CLOSE && c.hashed) {
    dataSendCheck(c);
    ackSendCheck(c);
  }
  return HANDLED;
}

function noteTimestamps(c: Connection, options: ReceivedOptions): void {
  c.sawTimestamp = options.timestamps;
  if (options.timestamps) {
    c.rcvTsVal = options.value;
    c.rcvTsEcr = options.echo === 0 ? 0 : options.echo;
  }
}

/** Moves the state on by the acknowledgement of our SYN or FIN (RFC 9293 section 3.10.7.4, fifth). False: it is over. */
let afterProgress = HANDLED;
function progress(c: Connection, s: Incoming): boolean {
  afterProgress = HANDLED;
  switch (c.state) {
    case SYN_RECV:
      establishedBySynAck(c, s);
      return true;
    case FIN_WAIT1:
      return c.sndUna !== c.writeSeq || finAcknowledged(c, s);
    case CLOSING:
      if (c.sndUna !== c.writeSeq) return true;
      c.tcp.timeWait(c, TIME_WAIT, TIME_WAIT_NS);
      return false;
    case LAST_ACK:
      if (c.sndUna !== c.writeSeq) return true;
      c.tcp.done(c);
      return false;
  }
  return true;
}

/** A simultaneous open is complete. */
function establishedBySynAck(c: Connection, s: Incoming): void {
  c.delivered++;
  if (c.srtt === 0 && c.retransmits === 0) measureHandshake(c, c.tcp.now - c.lastSent);
  c.retransmitStamp = 0;
  initTransfer(c);
  c.copiedSeq = c.rcvNxt;
  c.state = ESTABLISHED;
  c.tcp.counters.CurrEstab++;
  c.sndUna = s.ack;
  c.sndWnd = s.window << c.sndScale;
  c.sndWl1 = s.sequence;
  if (c.timestampsOk) c.advertisedMss -= TIMESTAMPS_LENGTH;
  updatePacingRate(c);
  c.lastSent = c.tcp.now;
  guessReceiveMss(c);
  c.wake |= WAKE_WRITABLE;
  if (c.options.keepAlive) armKeepTimer(c, c.options.keepIdleUs(c.tcp.sysctls));
  if ((c.shutdown & SHUTDOWN_WRITE) !== 0) closeSending(c);
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

function finAcknowledged(c: Connection, s: Incoming): boolean {
  c.state = FIN_WAIT2;
  c.shutdown |= SHUTDOWN_WRITE;
  if (!c.orphan) {
    c.wake |= WAKE_WRITABLE;
    return true;
  }
  const fin = (s.flags & FIN) !== 0 ? 1 : 0;
  if (c.options.linger2 < 0 || (s.end !== s.sequence && after((s.end - fin) | 0, c.rcvNxt))) {
    c.tcp.ext.TCPAbortOnData++;
    c.tcp.done(c);
    afterProgress = ANSWER_RESET;
    return false;
  }
  const wait = finTime(c);
  if (wait > TIME_WAIT_NS) armKeepTimer(c, (wait - TIME_WAIT_NS) / 1000);
  else if (fin !== 0) armKeepTimer(c, wait / 1000);
  else {
    c.tcp.timeWait(c, FIN_WAIT2, wait);
    return false;
  }
  return true;
}

/** How long an orphan stays in FIN-WAIT-2, ns (`tcp_fin_time`). */
export function finTime(c: Connection): number {
  const ns = (c.options.linger2 || c.tcp.sysctls.finTimeout) * 1e9;
  return Math.max(ns, (c.rto * 4 - c.rto / 2) * 1000);
}

/** The segment's text and FIN (RFC 9293 section 3.10.7.4, seventh and eighth). Takes the packet's reference. */
function takeText(c: Connection, packet: Packet, s: Incoming): number {
  switch (c.state) {
    case CLOSE_WAIT:
    case CLOSING:
    case LAST_ACK:
      if (!before(s.sequence, c.rcvNxt)) break;
    // falls through
    case FIN_WAIT1:
    case FIN_WAIT2:
      // RFC 9293 section 3.6.1: data for nobody is answered with a RST.
      if (
        (c.shutdown & SHUTDOWN_READ) !== 0 && s.end !== s.sequence &&
        after((s.end - ((s.flags & FIN) !== 0 ? 1 : 0)) | 0, c.rcvNxt)
      ) {
        c.tcp.ext.TCPAbortOnData++;
        reset(c);
        return ANSWER_RESET;
      }
    // falls through
    case ESTABLISHED:
      queueData(c, packet, s);
      return HANDLED;
  }
  packet.release();
  return HANDLED;
}

/** `tcp_data_queue` */
function queueData(c: Connection, packet: Packet, s: Incoming): void {
  if (s.sequence === s.end) {
    packet.release();
    return;
  }
  noteEcn(c, s);
  c.hasDsack = false;
  if (s.sequence !== c.rcvNxt) {
    if (!after(s.end, c.rcvNxt)) {
      c.tcp.ext.DelayedACKLost++;
      setDsack(c, s.sequence, s.end);
      answerAtOnce(c, packet);
      return;
    }
    if (!before(s.sequence, (c.rcvNxt + receiveWindow(c)) | 0)) {
      answerAtOnce(c, packet);
      return;
    }
    if (!before(s.sequence, c.rcvNxt)) {
      c.ackPending |= ACK_SCHEDULED;
      packet.control = s.sequence;
      packet.control2 = s.end;
      if ((s.flags & FIN) !== 0) packet.kind = FIN_MARK;
      queueOutOfOrder(c, packet);
      return;
    }
    setDsack(c, s.sequence, c.rcvNxt);
    if (receiveWindow(c) === 0) {
      c.tcp.ext.TCPZeroWindowDrop++;
      answerAtOnce(c, packet);
      return;
    }
    // The part that is new. A SYN's sequence number has no octet.
    const old = (c.rcvNxt - s.sequence) | 0;
    packet.head += Math.min((s.flags & SYN) !== 0 ? old - 1 : old, s.length);
    s.length = packet.tail - packet.head;
    s.sequence = c.rcvNxt;
  } else if (receiveWindow(c) === 0 && s.length > 0) {
    c.tcp.ext.TCPZeroWindowDrop++;
    answerAtOnce(c, packet);
    return;
  }
  if (!makeRoom(c)) {
    c.ackPending |= ACK_SCHEDULED | ACK_NOW;
    c.wake |= WAKE_READABLE;
    if (c.received !== null && s.length > 0) {
      c.tcp.ext.TCPRcvQDrop++;
      packet.release();
      return;
    }
  }
  takeInOrder(c, packet, s);
}

function answerAtOnce(c: Connection, packet: Packet): void {
  enterQuickAck(c, MAX_QUICK_ACKS);
  c.ackPending |= ACK_SCHEDULED;
  packet.release();
}

function takeInOrder(c: Connection, packet: Packet, s: Incoming): void {
  c.rcvNxt = s.end;
  c.bytesReceived += s.length;
  if (s.length > 0) {
    if (!c.timestampsOk) measureReceiverRtt(c);
    const spent = price(packet);
    packet.control = s.sequence;
    packet.control2 = (s.sequence + s.length) | 0;
    queueReceived(c, packet);
    dataReceived(c, s.length, spent);
  } else packet.release();
  let fin = (s.flags & FIN) !== 0;
  if (!fin && c.outOfOrder !== null) {
    fin = drainOutOfOrder(c);
    // RFC 5681 section 4.2: a gap that is filled is acknowledged at once.
    if (c.outOfOrder === null) c.ackPending |= ACK_NOW;
  }
  if (fin) takeFin(c);
  if (c.sackCount !== 0) forgetBlocks(c);
  if (!c.orphan) {
    const ready = (c.rcvNxt - c.copiedSeq) | 0;
    if (ready >= c.options.receiveLowat || c.streamDone || c.receiveQueued * 8 > c.receiveBuffer * 7) {
      c.wake |= WAKE_READABLE;
    }
  }
}

/** `tcp_fin` */
function takeFin(c: Connection): void {
  c.ackPending |= ACK_SCHEDULED;
  c.shutdown |= SHUTDOWN_READ;
  c.streamDone = true;
  purgeOutOfOrder(c);
  c.sackCount = 0;
  switch (c.state) {
    case SYN_RECV:
    case ESTABLISHED:
      c.state = CLOSE_WAIT;
      enterPingpong(c);
      break;
    case FIN_WAIT1:
      sendAck(c);
      c.state = CLOSING;
      break;
    case FIN_WAIT2:
      sendAck(c);
      c.wake |= WAKE_READABLE;
      c.tcp.timeWait(c, TIME_WAIT, TIME_WAIT_NS);
      return;
  }
  c.wake |= WAKE_READABLE;
}

/** RFC 3168 section 6.1.3: Congestion Experienced is echoed until CWR comes (`tcp_ecn_check_ce`). */
function noteEcn(c: Connection, s: Incoming): void {
  if ((c.ecn & ECN_OK) === 0) return;
  if ((s.flags & CWR) !== 0) {
    c.ecn &= ~ECN_DEMAND_CWR;
    if (s.length > 0) c.ackPending |= ACK_NOW;
  }
  if (s.ecn === 3) {
    if ((c.ecn & ECN_DEMAND_CWR) === 0) {
      enterQuickAck(c, 2);
      c.ecn |= ECN_DEMAND_CWR;
    }
    c.ecn |= ECN_SEEN;
  } else if (s.ecn !== 0) c.ecn |= ECN_SEEN;
  else if ((c.ecn & ECN_SEEN) !== 0) enterQuickAck(c, 2); // not capable: perhaps a retransmission
}

/** The receiver's RTT by the timestamp that comes back with a full segment (`tcp_rcv_rtt_measure_ts`). */
function measureReceiverByTimestamp(c: Connection, s: Incoming): void {
  if (!c.sawTimestamp || c.rcvTsEcr === 0 || c.rcvTsEcr === c.rcvRttEcho || s.length < c.rcvMss) return;
  c.rcvRttEcho = c.rcvTsEcr;
  const ms = (((Math.floor(c.tcp.now / 1000) + c.tsOffset) | 0) - c.rcvTsEcr) | 0;
  if (ms < 0 || ms > 2000000) return;
  updateReceiverRtt(c, Math.max(ms, 1) * 1000, false);
}

/** Sends what the ACK made possible, and tells the writer of space (`tcp_data_snd_check`). */
function dataSendCheck(c: Connection): void {
  if (c.queue.unsent !== null) pushPending(c, currentMss(c), nonagleOf(c));
  if (c.wantsSpace) checkSpace(c);
}

/** `tcp_check_space` */
function checkSpace(c: Connection): void {
  if (c.options.sendBuffer === 0 && c.packetsOut - c.sackedOut - c.lostOut + c.retransmitOut < c.cwnd) {
    expandSendBuffer(c);
    c.cwndStamp = c.tcp.now;
  }
  if (isWriteable(c)) {
    c.wantsSpace = false;
    c.wake |= WAKE_WRITABLE;
  }
}

/** A third of the buffer is free, and not too much is unsent (`sk_stream_is_writeable`). */
export function isWriteable(c: Connection): boolean {
  return c.sendBuffer - c.sendQueued >= c.sendQueued >> 1 && memoryFree(c);
}

/** `sk_stream_memory_free` */
export function memoryFree(c: Connection): boolean {
  if (c.sendQueued >= c.sendBuffer) return false;
  const lowat = c.options.notSentLowat || c.tcp.sysctls.notsentLowat;
  return lowat >= 0x7fffffff || ((c.writeSeq - c.sndNxt) | 0) < lowat;
}

/** Acknowledges now or later what has come (`__tcp_ack_snd_check`). */
function ackSendCheck(c: Connection): void {
  if ((c.ackPending & (ACK_SCHEDULED | ACK_NOW)) === 0) return;
  const unacknowledged = (c.rcvNxt - c.rcvWup) | 0;
  if (
    (unacknowledged > c.rcvMss &&
      (((c.rcvNxt - c.copiedSeq) | 0) < c.options.receiveLowat || chooseWindow(c) >= c.rcvWnd)) ||
    inQuickAck(c) || (c.ackPending & ACK_NOW) !== 0 || c.outOfOrder !== null
  ) sendAck(c);
  else sendDelayedAck(c);
}

/** RFC 9293 section 3.10.7.3. */
function receiveSynSent(c: Connection, s: Incoming, options: ReceivedOptions): number {
  if ((s.flags & ACK) !== 0) {
    if (!after(s.ack, c.sndUna) || after(s.ack, c.sndNxt)) {
      if (c.retransmits === 0) armTimer(c, TIMER_RETRANSMIT, 8000);
      return (s.flags & RST) !== 0 ? HANDLED : ANSWER_RESET;
    }
    if (options.timestamps && options.echo !== 0 && !echoIsOurs(c, options.echo)) {
      c.tcp.ext.PAWSActive++;
      return (s.flags & RST) !== 0 ? HANDLED : ANSWER_RESET;
    }
    if ((s.flags & RST) !== 0) {
      reset(c);
      return HANDLED;
    }
    if ((s.flags & SYN) === 0) return HANDLED;
    takeSynOptions(c, s, options);
    if ((c.ecn & ECN_OK) !== 0 && ((s.flags & ECE) === 0 || (s.flags & CWR) !== 0)) c.ecn &= ~ECN_OK;
    c.sndWl1 = s.sequence;
    acknowledge(c, s.sequence, s.end, s.ack, s.window, s.flags, options, FLAG_SLOWPATH);
    c.sndWnd = s.window;
    finishConnect(c);
    return HANDLED;
  }
  if ((s.flags & RST) !== 0) return HANDLED;
  if ((s.flags & SYN) !== 0) {
    c.state = SYN_RECV;
    takeSynOptions(c, s, options);
    if ((c.ecn & ECN_OK) !== 0 && (s.flags & (ECE | CWR)) !== (ECE | CWR)) c.ecn &= ~ECN_OK;
    c.sndWnd = s.window;
    c.sndWl1 = s.sequence;
    c.maxWindow = s.window;
    syncMss(c, c.pmtu);
    guessReceiveMss(c);
    sendSynAck(c);
  }
  return HANDLED;
}

function echoIsOurs(c: Connection, echo: number): boolean {
  const first = (Math.floor(c.retransmitStamp / 1000) + c.tsOffset) | 0;
  const now = (Math.floor(c.tcp.now / 1000) + c.tsOffset) | 0;
  return ((echo - first) | 0) >= 0 && ((now - echo) | 0) >= 0;
}

/** What the peer's SYN offers, of what we offered. */
function takeSynOptions(c: Connection, s: Incoming, options: ReceivedOptions): void {
  const sysctls = c.tcp.sysctls;
  c.irs = s.sequence;
  c.rcvNxt = c.rcvWup = c.copiedSeq = (s.sequence + 1) | 0;
  c.windowScaleOk = options.windowScale && sysctls.windowScaling !== 0;
  if (c.windowScaleOk) c.sndScale = options.scale;
  else {
    c.sndScale = c.rcvScale = 0;
    c.windowClamp = Math.min(c.windowClamp, 65535);
  }
  c.sackOk = options.sackPermitted && sysctls.sack !== 0;
  c.timestampsOk = options.timestamps && sysctls.timestamps !== 0;
  if (c.timestampsOk) {
    c.headerLength = 20 + TIMESTAMPS_LENGTH;
    if (c.state === SYN_SENT) c.advertisedMss -= TIMESTAMPS_LENGTH;
    storeTimestamp(c);
  } else c.headerLength = 20;
  let mss = options.mss || 536;
  if (c.options.maxSegment !== 0 && c.options.maxSegment < mss) mss = c.options.maxSegment;
  c.mssClamp = Math.max(mss, 48);
}

function finishConnect(c: Connection): void {
  syncMss(c, c.pmtu);
  guessReceiveMss(c);
  c.maxWindow = Math.max(c.maxWindow, c.sndWnd);
  c.copiedSeq = c.rcvNxt;
  c.state = ESTABLISHED;
  c.tcp.counters.CurrEstab++;
  initTransfer(c);
  c.lastSent = c.lastReceived = c.lastAckReceived = c.tcp.now;
  if (c.options.keepAlive) armKeepTimer(c, c.options.keepIdleUs(c.tcp.sysctls));
  c.wake |= WAKE_WRITABLE;
  if (c.queue.unsent !== null || c.options.deferAccept !== 0 || isPingpong(c)) {
    // Data will go with the acknowledgement shortly.
    c.ackPending |= ACK_SCHEDULED;
    enterQuickAck(c, MAX_QUICK_ACKS);
    armAckTimer(c, 200000);
    if (c.queue.unsent !== null) pushPending(c, currentMss(c), nonagleOf(c));
  } else sendAck(c);
  if ((c.shutdown & SHUTDOWN_WRITE) !== 0) closeSending(c);
}
