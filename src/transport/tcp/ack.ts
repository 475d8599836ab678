/** What an incoming acknowledgement does to the sender (RFC 9293 section 3.10.7.4; `tcp_ack`). */
import {
  FLAG_ACKED,
  FLAG_CA_ALERT,
  FLAG_DATA,
  FLAG_DATA_ACKED,
  FLAG_DSACKING_ACK,
  FLAG_ECE,
  FLAG_FORWARD_PROGRESS,
  FLAG_NO_CHALLENGE_ACK,
  FLAG_NOT_DUP,
  FLAG_ORIGINAL_SACKED,
  FLAG_RETRANS_DATA_ACKED,
  FLAG_SACK_RENEGING,
  FLAG_SET_TIMER,
  FLAG_SLOWPATH,
  FLAG_SND_UNA_ADVANCED,
  FLAG_SYN_ACKED,
  FLAG_UPDATE_TS_RECENT,
  FLAG_WIN_UPDATE,
} from "./ack_flags.ts";
import { CA_OPEN, type Connection, TIMER_NONE, TIMER_PROBE0, windowEnd } from "./connection.ts";
import type { ReceivedOptions } from "./options.ts";
import { maxRto, measureRtt, minRto, updateMinRtt } from "./rtt.ts";
import { rackAdvance, rackUpdateWindow } from "./rack.ts";
import {
  ackFlags,
  controlCongestion,
  countDelivered,
  fastRetransmitAlert,
  processTlpAck,
  removeRenoSacks,
  SEND_NOTHING,
  sendAfter,
  transmitRecovery,
} from "./recovery.ts";
import { checkReordering, highestSack, SackResult, tagSacked } from "./sack.ts";
import {
  EVER_RETRANSMITTED,
  freeSegment,
  LOST,
  RETRANSMITTED,
  SACKED,
  type Segment,
  SEGMENT_OVERHEAD,
} from "./segment_queue.ts";
import { after, before } from "./sequence.ts";
import { armTimer, rearmRto } from "./timers.ts";
import { scheduleLossProbe } from "./retransmit.ts";
import { sendAck, timestampNow } from "./transmit.ts";
import { SYN } from "../../wire/tcp.ts";
import { syncMss } from "./mss.ts";

const sack = new SackResult();

/** Results of `acknowledge`. */
export const ACK_OLD = 0;
export const ACK_GOOD = 1;
export const ACK_TOO_OLD = -1;
export const ACK_UNSENT = -2;

/** At most one in `tcp_invalid_ratelimit` ms of the answers that an attacker could provoke (`__tcp_oow_rate_limited`). */
export function rateLimited(c: Connection): boolean {
  const now = c.tcp.now;
  if (now - c.lastOutOfWindowAck < c.tcp.sysctls.invalidRatelimit * 1000) return true;
  c.lastOutOfWindowAck = now;
  return false;
}

/** RFC 5961's answer to what may be an attack. */
export function sendChallengeAck(c: Connection): void {
  if (rateLimited(c)) {
    c.tcp.ext.TCPACKSkippedChallenge++;
    return;
  }
  c.tcp.ext.TCPChallengeACK++;
  sendAck(c);
}

/** Takes the timestamp over if it is newer and the segment is not beyond what we acknowledged (RFC 7323 section 4.3). */
export function replaceTimestamp(c: Connection, sequence: number): void {
  if (!c.sawTimestamp || after(sequence, c.rcvWup)) return;
  if (((c.tsRecent - c.rcvTsVal) | 0) <= 0 || pawsExpired(c) || c.tsRecent === 0) storeTimestamp(c);
}

export function storeTimestamp(c: Connection): void {
  c.tsRecent = c.rcvTsVal;
  c.tsRecentStamp = seconds(c);
}

function seconds(c: Connection): number {
  return 1 + Math.floor(c.tcp.now / 1e6);
}

/** A timestamp older than 24 days says nothing any more (RFC 7323 section 5.5). */
export function pawsExpired(c: Connection): boolean {
  return seconds(c) >= c.tsRecentStamp + 60 * 60 * 24 * 24;
}

/** Processes the acknowledgement of a segment. One of `ACK_*`. */
export function acknowledge(
  c: Connection,
  sequence: number,
  end: number,
  ack: number,
  window: number,
  headerFlags: number,
  options: ReceivedOptions,
  flags: number,
): number {
  const priorUna = c.sndUna;
  const priorPackets = c.packetsOut;
  const delivered = c.delivered, lost = c.lostTotal;
  if (before(ack, priorUna)) {
    if (before(ack, (priorUna - Math.min(c.maxWindow, c.bytesAcked)) | 0)) {
      if ((flags & FLAG_NO_CHALLENGE_ACK) === 0) sendChallengeAck(c);
      return ACK_TOO_OLD;
    }
    if (options.sacks !== 0 && c.sackOk) {
      sack.priorDelivered = 0;
      tagSacked(c, options, ack, priorUna, sack);
      flags |= sack.flags;
      fastRetransmitAlert(c, priorUna, 0, flags);
      const what = sendAfter;
      countNewlyDelivered(c, sack.delivered, flags);
      transmitRecovery(c, what);
    }
    return ACK_OLD;
  }
  if (after(ack, c.sndNxt)) return ACK_UNSENT;
  if (ack !== priorUna) {
    flags |= FLAG_SND_UNA_ADVANCED;
    c.retransmits = 0;
  }
  const priorHighest = c.sackOk ? highestSack(c) : c.sndUna;
  if ((flags & FLAG_UPDATE_TS_RECENT) !== 0) replaceTimestamp(c, sequence);
  sack.flags = sack.delivered = sack.priorDelivered = 0;
  sack.firstSent = sack.lastSent = -1;
  if ((flags & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) === FLAG_SND_UNA_ADVANCED) {
    c.sndWl1 = sequence;
    advance(c, ack);
    flags |= FLAG_WIN_UPDATE;
    c.tcp.ext.TCPHPAcks++;
  } else {
    if (sequence !== end) flags |= FLAG_DATA;
    else c.tcp.ext.TCPPureAcks++;
    flags |= updateWindow(c, sequence, ack, window);
    if (options.sacks !== 0 && c.sackOk) {
      tagSacked(c, options, ack, priorUna, sack);
      flags |= sack.flags;
    }
    // ECE counts on what is no SYN (RFC 3168 section 6.1.2).
    if ((headerFlags & 0x40) !== 0 && (headerFlags & SYN) === 0 && (c.ecn & 1) !== 0) flags |= FLAG_ECE;
    if (sack.delivered !== 0) countDelivered(c, sack.delivered, (flags & FLAG_ECE) !== 0);
  }
  c.softError = 0;
  c.probesOut = 0;
  c.lastAckReceived = c.tcp.now;
  if (priorPackets === 0) {
    if ((flags & FLAG_DSACKING_ACK) !== 0) fastRetransmitAlert(c, priorUna, 0, flags);
    answerProbe(c);
    if (c.tlpHighSeq !== 0) processTlpAck(c, ack, flags);
    return ACK_GOOD;
  }
  flags = cleanQueue(c, priorHighest, priorUna, flags);
  rackUpdateWindow(c, sack.priorDelivered);
  if (c.tlpHighSeq !== 0) processTlpAck(c, ack, flags);
  let what = SEND_NOTHING;
  if ((flags & FLAG_NOT_DUP) === 0 || (flags & FLAG_CA_ALERT) !== 0 || c.caState !== CA_OPEN) {
    const duplicates = (flags & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK)) === 0 ? 1 : 0;
    fastRetransmitAlert(c, priorUna, duplicates, flags);
    flags = ackFlags;
    what = sendAfter;
  }
  if ((flags & FLAG_SET_TIMER) !== 0 && !scheduleLossProbe(c, true)) rearmRto(c);
  if ((flags & FLAG_FORWARD_PROGRESS) !== 0 || (flags & FLAG_NOT_DUP) === 0) c.path.confirm();
  const newly = c.delivered - delivered;
  c.tcp.ext.TCPDelivered += newly;
  if ((flags & FLAG_ECE) !== 0) c.tcp.ext.TCPDeliveredCE += newly;
  controlCongestion(c, newly, c.lostTotal - lost, flags);
  transmitRecovery(c, what);
  return ACK_GOOD;
}

function countNewlyDelivered(c: Connection, segments: number, flags: number): void {
  if (segments === 0) return;
  countDelivered(c, segments, (flags & FLAG_ECE) !== 0);
  c.tcp.ext.TCPDelivered += segments;
}

function advance(c: Connection, ack: number): void {
  c.bytesAcked += (ack - c.sndUna) | 0;
  c.sndUna = ack;
}

/** RFC 9293 section 3.10.7.4: SND.WND is taken from newer segments only (`tcp_ack_update_window`). */
function updateWindow(c: Connection, sequence: number, ack: number, window: number): number {
  let flags = 0;
  if (
    after(ack, c.sndUna) || after(sequence, c.sndWl1) || (sequence === c.sndWl1 && (window > c.sndWnd || window === 0))
  ) {
    flags = FLAG_WIN_UPDATE;
    c.sndWl1 = sequence;
    if (c.sndWnd !== window) {
      c.sndWnd = window;
      if (window > c.maxWindow) {
        c.maxWindow = window;
        syncMss(c, c.pmtu);
      }
    }
  }
  advance(c, ack);
  return flags;
}

/** The window opened, or is still closed: stops the probes or lets them go on (`tcp_ack_probe`). */
function answerProbe(c: Connection): void {
  const next = c.queue.unsent;
  if (next === null) return;
  if (!after(next.end, windowEnd(c))) {
    c.backoff = 0;
    c.probesStamp = 0;
    if (c.timerFor === TIMER_PROBE0) c.timerFor = TIMER_NONE;
  } else armTimer(c, TIMER_PROBE0, clampProbe(c, probeInterval(c)));
}

/** µs until the next probe of a closed window (`tcp_probe0_when`). */
export function probeInterval(c: Connection): number {
  const base = Math.max(c.rto, minRto(c));
  return Math.min(base * 2 ** c.backoff, maxRto(c));
}

/** The user's time-out bounds the wait (`tcp_clamp_probe0_to_user_timeout`). */
export function clampProbe(c: Connection, wait: number): number {
  if (c.options.userTimeout === 0 || c.probesStamp === 0) return wait;
  const left = c.options.userTimeout * 1000 - (c.tcp.now - c.probesStamp);
  return Math.max(Math.min(wait, left), 8000);
}

/** Takes off the queue what has been acknowledged, and measures the RTT by it (`tcp_clean_rtx_queue`). */
function cleanQueue(c: Connection, priorHighest: number, priorUna: number, flags: number): number {
  const queue = c.queue;
  const una = c.sndUna;
  const priorSacked = c.sackedOut;
  const ece = (flags & FLAG_ECE) !== 0;
  const now = c.tcp.now;
  let firstSent = -1, lastSent = -1, acked = 0, reordered = c.sndNxt;
  let segment = queue.first;
  let whole = true;
  while (segment !== null && segment !== queue.unsent) {
    let count = segment.count;
    const marks = segment.marks;
    if (after(segment.end, una)) {
      if (count === 1 || !after(una, segment.sequence)) break;
      count = trimAcked(c, segment, una);
      if (count === 0) break;
      whole = false;
    }
    if ((marks & (RETRANSMITTED | EVER_RETRANSMITTED)) !== 0) {
      if ((marks & RETRANSMITTED) !== 0) c.retransmitOut -= count;
      flags |= FLAG_RETRANS_DATA_ACKED;
    } else if ((marks & SACKED) === 0) {
      lastSent = segment.sentAt;
      if (firstSent < 0) firstSent = lastSent;
      if (before(segment.sequence, reordered)) reordered = segment.sequence;
      if (!after(segment.end, c.highSeq)) flags |= FLAG_ORIGINAL_SACKED;
    }
    if ((marks & SACKED) !== 0) c.sackedOut -= count;
    else if (c.sackOk) {
      countDelivered(c, count, ece);
      rackAdvance(c, marks, segment.end, segment.sentAt);
    }
    if ((marks & LOST) !== 0) c.lostOut -= count;
    c.packetsOut -= count;
    acked += count;
    if (segment.delivered > sack.priorDelivered) sack.priorDelivered = segment.delivered;
    if ((segment.flags & SYN) !== 0) {
      flags |= FLAG_SYN_ACKED;
      c.retransmitStamp = 0;
    } else flags |= FLAG_DATA_ACKED;
    if (!whole) break;
    const next: Segment | null = segment.next;
    queue.remove(segment);
    c.sendQueued -= SEGMENT_OVERHEAD + segment.length;
    freeSegment(segment);
    segment = next;
  }
  if (c.sackedOut === 0) c.hasHighestSack = false;
  const left = segment !== null && segment !== queue.unsent ? segment : null;
  if (left !== null && (left.marks & SACKED) !== 0) flags |= FLAG_SACK_RENEGING;
  let rtt = -1, congestionRtt = -1, sackRtt = -1;
  if (firstSent >= 0 && (flags & FLAG_RETRANS_DATA_ACKED) === 0) {
    rtt = now - firstSent;
    congestionRtt = now - lastSent;
  }
  if (sack.firstSent >= 0) {
    sackRtt = now - sack.firstSent;
    congestionRtt = now - sack.lastSent;
  }
  const measured = updateRtt(c, flags, rtt, sackRtt, congestionRtt);
  if ((flags & FLAG_ACKED) !== 0) {
    flags |= FLAG_SET_TIMER;
    if (!c.sackOk) {
      removeRenoSacks(c, acked, ece);
      if ((flags & FLAG_RETRANS_DATA_ACKED) !== 0) flags &= ~FLAG_ORIGINAL_SACKED;
    } else if (priorSacked !== 0 && before(reordered, priorHighest)) {
      checkLateSegment(c, reordered, priorHighest);
    }
  } else if (left !== null && measured && sackRtt >= 0 && sackRtt > now - left.sentAt) flags |= FLAG_SET_TIMER;
  if (priorUna !== una || sack.delivered !== 0) c.congestion.sample?.(c, acked, sampledRtt);
  return flags;
}

/** A hole was filled by a segment that was never sent again: it came late. */
function checkLateSegment(c: Connection, low: number, highest: number): void {
  const had = c.hasHighestSack, was = c.highestSack;
  c.hasHighestSack = true;
  c.highestSack = highest;
  checkReordering(c, low, false);
  c.hasHighestSack = had;
  c.highestSack = was;
}

let sampledRtt = -1;

/** Takes the RTT of an ACK: by what it acknowledged, else by its timestamp (`tcp_ack_update_rtt`). */
function updateRtt(c: Connection, flags: number, rtt: number, sackRtt: number, congestionRtt: number): boolean {
  if (rtt < 0) rtt = sackRtt;
  if (rtt < 0 && c.sawTimestamp && c.rcvTsEcr !== 0 && (flags & FLAG_ACKED) !== 0) {
    const ms = (timestampNow(c) - c.rcvTsEcr) | 0;
    if (ms >= 0 && ms < 0x7fffffff / 1000) rtt = congestionRtt = Math.max(ms, 1) * 1000;
  }
  sampledRtt = congestionRtt;
  if (rtt < 0) return false;
  updateMinRtt(c, congestionRtt >= 0 ? congestionRtt : rtt);
  measureRtt(c, rtt);
  c.backoff = 0;
  return true;
}

/** The SYN-ACK's RTT is the first sample of an accepted connection (`tcp_synack_rtt_meas`). */
export function measureHandshake(c: Connection, sample: number): void {
  updateRtt(c, FLAG_SYN_ACKED, sample, -1, sample);
}

/** Part of a segment that is many on the wire was acknowledged: cuts that off; how many of them (`tcp_tso_acked`). */
function trimAcked(c: Connection, segment: Segment, una: number): number {
  const size = Math.ceil(segment.length / segment.count);
  const was = segment.count;
  const cut = (una - segment.sequence) | 0;
  segment.start += cut;
  segment.length -= cut;
  segment.sequence = una;
  c.sendQueued -= cut;
  segment.count = Math.max(1, Math.ceil(segment.length / Math.max(size, 1)));
  return was - segment.count;
}
