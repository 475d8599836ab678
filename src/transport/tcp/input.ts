/**
 * Segments that come in for a connection (RFC 9293 section 3.10.7; Linux's tcp_input.c): validity, RST, SYN, acknowledgement,
 * text, FIN, and what is sent in answer.
 *
 * @module
 */
import type { Packet } from "../../wire/packet.ts";
import { ACK, FIN, RST, SYN } from "../../wire/tcp.ts";
import { ACK_GOOD, ACK_TOO_OLD, ACK_UNSENT, acknowledge, sendChallengeAck, storeTimestamp } from "./ack.ts";
import { FLAG_NO_CHALLENGE_ACK, FLAG_SLOWPATH, FLAG_UPDATE_TS_RECENT } from "./ack_flags.ts";
import { inQuickAck } from "./acknowledgement.ts";
import { finTime, reset, TIME_WAIT_NS } from "./closing.ts";
import { ACK_NOW, ACK_SCHEDULED, type Connection, SHUTDOWN_READ, SHUTDOWN_WRITE, WAKE_WRITABLE } from "./connection.ts";
import { establishedBySynAck, receiveSynSent } from "./handshake.ts";
import { ANSWER_RESET, HANDLED, type Incoming } from "./incoming.ts";
import { currentMss } from "./mss.ts";
import type { ReceivedOptions } from "./options.ts";
import { nonagleOf, pushPending } from "./output.ts";
import { updateReceiverRtt } from "./rtt.ts";
import { checkSpace } from "./send_buffer.ts";
import { after, before } from "./sequence.ts";
import {
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
import { queueData } from "./text.ts";
import { armKeepTimer } from "./timers.ts";
import { sendAck, sendDelayedAck } from "./transmit.ts";
import { validate } from "./validity.ts";
import { chooseWindow, receiveWindow } from "./window.ts";

/** Takes a segment for a connection, and the packet's reference unless it is to be answered with a RST. */
export function receive(c: Connection, packet: Packet, s: Incoming, options: ReceivedOptions): number {
  c.segmentsIn++;
  if (s.length > 0) c.dataSegmentsIn++;
  noteTimestamps(c, options);
  if (c.state === CLOSE) {
    c.tcp.host.world.drop(packet, "TCP_CLOSE");
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
  if (c.wantsSpace) checkSpace(c); // before the window is filled again: the buffer grows with it
  if (c.queue.unsent !== null) pushPending(c, currentMss(c), nonagleOf(c));
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
