/** Whether a segment may be taken at all (RFC 9293 section 3.10.7.4 first to fourth, RFC 7323 section 5, RFC 5961; `tcp_validate_incoming`). */
import { ACK, RST, SYN } from "../../wire/tcp.ts";
import { pawsExpired, rateLimited, sendChallengeAck } from "./ack.ts";
import { enterQuickAck, MAX_QUICK_ACKS } from "./acknowledgement.ts";
import { reset } from "./closing.ts";
import type { Connection } from "./connection.ts";
import type { Incoming } from "./incoming.ts";
import type { ReceivedOptions } from "./options.ts";
import { setDsack } from "./reassembly.ts";
import { after, before } from "./sequence.ts";
import { CLOSE_WAIT, CLOSING, LAST_ACK, SYN_RECV } from "./states.ts";
import { sendAck } from "./transmit.ts";
import { receiveWindow } from "./window.ts";

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
export function validate(c: Connection, s: Incoming, options: ReceivedOptions): boolean {
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
