/** The client's side of the handshake, and the simultaneous open (RFC 9293 section 3.10.7.3). */
import { ACK, CWR, ECE, RST, SYN } from "../../wire/tcp.ts";
import { acknowledge, measureHandshake, storeTimestamp } from "./ack.ts";
import { FLAG_SLOWPATH } from "./ack_flags.ts";
import { enterQuickAck, isPingpong, MAX_QUICK_ACKS } from "./acknowledgement.ts";
import { closeSending, reset } from "./closing.ts";
import {
  ACK_SCHEDULED,
  type Connection,
  ECN_OK,
  SHUTDOWN_WRITE,
  TIMER_RETRANSMIT,
  WAKE_WRITABLE,
} from "./connection.ts";
import { guessReceiveMss, initTransfer } from "./establish.ts";
import { ANSWER_RESET, HANDLED, type Incoming } from "./incoming.ts";
import { currentMss, defaultMss, syncMss, updatePacingRate } from "./mss.ts";
import { type ReceivedOptions, TIMESTAMPS_LENGTH } from "./options.ts";
import { nonagleOf, pushPending, sendSynAck } from "./output.ts";
import { after } from "./sequence.ts";
import { ESTABLISHED, SYN_RECV, SYN_SENT } from "./states.ts";
import { armAckTimer, armKeepTimer, armTimer } from "./timers.ts";
import { sendAck } from "./transmit.ts";

/** A simultaneous open is complete. */
export function establishedBySynAck(c: Connection, s: Incoming): void {
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

/** RFC 9293 section 3.10.7.3. */
export function receiveSynSent(c: Connection, s: Incoming, options: ReceivedOptions): number {
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
  let mss = options.mss || defaultMss(c.version);
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
