/**
 * Loss recovery: the state machine Open, Disorder, CWR, Recovery, Loss (`tcp_fastretrans_alert`), proportional rate reduction
 * (RFC 6937, RFC 9438's β through the congestion control), F-RTO (RFC 5682), and taking a reduction back when it was in vain.
 *
 * @module
 */
import {
  CA_CWR,
  CA_DISORDER,
  CA_LOSS,
  CA_OPEN,
  CA_RECOVERY,
  type Connection,
  ECN_OK,
  ECN_QUEUE_CWR,
  INFINITE_SSTHRESH,
  inFlight,
  NAGLE_OFF,
  windowEnd,
} from "./connection.ts";
import {
  FLAG_DATA_ACKED,
  FLAG_DATA_SACKED,
  FLAG_DSACK_TLP,
  FLAG_ECE,
  FLAG_FORWARD_PROGRESS,
  FLAG_LOST_RETRANS,
  FLAG_NOT_DUP,
  FLAG_ORIGINAL_SACKED,
  FLAG_SACK_RENEGING,
  FLAG_SET_TIMER,
  FLAG_SND_UNA_ADVANCED,
} from "./ack_flags.ts";
import { currentMss, updatePacingRate } from "./mss.ts";
import { pushPending } from "./output.ts";
import { split } from "./resegment.ts";
import { retransmitLost } from "./retransmit.ts";
import { markLost, rackDetectLoss, rackMarkLost, rackTimeout } from "./rack.ts";
import { checkReordering } from "./sack.ts";
import { EVER_RETRANSMITTED, LOST, SACKED } from "./segment_queue.ts";
import { after, before } from "./sequence.ts";
import { SYN_SENT } from "./states.ts";
import { armTimer, rearmRto } from "./timers.ts";
import { TIMER_RETRANSMIT } from "./connection.ts";

/** What is to be sent after an ACK was dealt with. */
export const SEND_NOTHING = 0;
export const SEND_LOST = 1;
export const SEND_NEW = 2;

/** The flags of the ACK at hand as the state machine leaves them. */
export let ackFlags = 0;
export let sendAfter = SEND_NOTHING;

function leftOut(c: Connection): number {
  return c.sackedOut + c.lostOut;
}

export function inReduction(c: Connection): boolean {
  return c.caState === CA_CWR || c.caState === CA_RECOVERY;
}

export function queueCwr(c: Connection): void {
  if ((c.ecn & ECN_OK) !== 0) c.ecn |= ECN_QUEUE_CWR;
}

/** The threshold as it would be without the window's growth since (`tcp_current_ssthresh`). */
function currentThreshold(c: Connection): number {
  return inReduction(c) ? c.ssthresh : Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
}

function initUndo(c: Connection): void {
  c.undoMarker = c.sndUna === 0 ? 1 : c.sndUna;
  c.undoRetransmits = c.retransmitOut;
  if (c.tlpHighSeq !== 0 && c.tlpRetransmitted) c.undoRetransmits++;
  if (c.undoRetransmits === 0) c.undoRetransmits = -1;
}

/** Begins a reduction of the window (RFC 6937 section 3). */
function beginReduction(c: Connection): void {
  c.highSeq = c.sndNxt;
  c.tlpHighSeq = 0;
  c.cwndCount = 0;
  c.priorCwnd = c.cwnd;
  c.prrDelivered = 0;
  c.prrOut = 0;
  c.ssthresh = c.congestion.slowStartThreshold(c);
  queueCwr(c);
}

function reduce(c: Connection, delivered: number, lost: number, flags: number): void {
  if (delivered <= 0 || c.priorCwnd === 0) return;
  const flying = inFlight(c);
  const delta = c.ssthresh - flying;
  c.prrDelivered += delivered;
  let send: number;
  if (delta < 0) {
    send = Math.floor((c.ssthresh * c.prrDelivered + c.priorCwnd - 1) / c.priorCwnd) - c.prrOut;
  } else {
    send = Math.max(c.prrDelivered - c.prrOut, delivered);
    if ((flags & FLAG_SND_UNA_ADVANCED) !== 0 && lost === 0) send++;
    send = Math.min(delta, send);
  }
  // The first retransmission of a recovery goes out in any case.
  send = Math.max(send, c.prrOut === 0 ? 1 : 0);
  c.cwnd = Math.max(1, flying + send);
}

function endReduction(c: Connection): void {
  if (c.ssthresh < INFINITE_SSTHRESH && (c.caState === CA_CWR || c.undoMarker !== 0)) {
    c.cwnd = c.ssthresh;
    c.cwndStamp = c.tcp.now;
  }
}

/** Reduces the window for congestion without loss: ECN, or a local drop (`tcp_enter_cwr`). */
export function enterCwr(c: Connection): void {
  c.priorSsthresh = 0;
  if (c.caState < CA_CWR) {
    c.undoMarker = 0;
    beginReduction(c);
    c.caState = CA_CWR;
  }
}

function enterRecovery(c: Connection, ece: boolean): void {
  if (c.sackOk) c.tcp.ext.TCPSackRecovery++;
  else c.tcp.ext.TCPRenoRecovery++;
  c.priorSsthresh = 0;
  initUndo(c);
  if (!inReduction(c)) {
    if (!ece) c.priorSsthresh = currentThreshold(c);
    beginReduction(c);
  }
  c.caState = CA_RECOVERY;
}

/** A time-out: everything that was sent an RTT ago counts as lost, and slow start begins (`tcp_enter_loss`). */
export function enterLoss(c: Connection): void {
  const fresh = c.caState < CA_RECOVERY;
  const first = c.queue.first;
  const reneged = first !== null && (first.marks & SACKED) !== 0;
  if (reneged) {
    c.tcp.ext.TCPSACKReneging++;
    c.sackedOut = 0;
  } else if (!c.sackOk) c.sackedOut = 0;
  for (let segment = first; segment !== null && segment !== c.queue.unsent; segment = segment.next) {
    if (reneged) segment.marks &= ~SACKED;
    else if (segment !== first && rackTimeout(c, segment, 0) > 0) continue;
    markLost(c, segment);
  }
  if (c.caState <= CA_DISORDER || !after(c.highSeq, c.sndUna) || (c.caState === CA_LOSS && c.retransmits === 0)) {
    c.priorSsthresh = currentThreshold(c);
    c.priorCwnd = c.cwnd;
    c.ssthresh = c.congestion.slowStartThreshold(c);
    c.congestion.lost?.(c);
    initUndo(c);
  }
  c.cwnd = inFlight(c) + 1;
  c.cwndCount = 0;
  c.cwndStamp = c.tcp.now;
  const reordering = c.tcp.sysctls.reordering;
  if (c.caState <= CA_DISORDER && c.sackedOut >= reordering) c.reordering = Math.min(c.reordering, reordering);
  c.caState = CA_LOSS;
  c.highSeq = c.sndNxt;
  c.tlpHighSeq = 0;
  queueCwr(c);
  c.frto = c.tcp.sysctls.frto !== 0 && (fresh || c.retransmits !== 0);
}

function anyRetransmitted(c: Connection): boolean {
  if (c.retransmitOut > 0) return true;
  const first = c.queue.first;
  return first !== null && (first.marks & EVER_RETRANSMITTED) !== 0;
}

function undoReduction(c: Connection, unmark: boolean): void {
  if (unmark) {
    for (let s = c.queue.first; s !== null && s !== c.queue.unsent; s = s.next) s.marks &= ~LOST;
    c.lostOut = 0;
  }
  if (c.priorSsthresh !== 0) {
    c.cwnd = c.congestion.undo(c);
    if (c.priorSsthresh > c.ssthresh) {
      c.ssthresh = c.priorSsthresh;
      c.ecn &= ~ECN_QUEUE_CWR;
    }
  }
  c.cwndStamp = c.tcp.now;
  c.undoMarker = 0;
  c.rackAdvanced = true;
}

/** Whether the ACK is of the first transmission: by its timestamp, or since nothing was sent again (`tcp_packet_delayed`). */
function onlyDelayed(c: Connection): boolean {
  if (c.retransmitStamp !== 0) {
    return c.sawTimestamp && c.rcvTsEcr !== 0 &&
      ((c.rcvTsEcr - ((Math.floor(c.retransmitStamp / 1000) + c.tsOffset) | 0)) | 0) < 0;
  }
  if (!c.sackOk && !before(c.sndUna, c.highSeq)) return false;
  return c.state !== SYN_SENT;
}

function mayUndo(c: Connection): boolean {
  return c.undoMarker !== 0 && (c.undoRetransmits === 0 || onlyDelayed(c));
}

/** Without SACK the state is held until something above `highSeq` is acknowledged (RFC 6582 section 3.2). */
function holdsState(c: Connection): boolean {
  if (c.sndUna !== c.highSeq || c.sackOk) return false;
  if (!anyRetransmitted(c)) c.retransmitStamp = 0;
  return true;
}

function tryUndoRecovery(c: Connection): boolean {
  if (mayUndo(c)) {
    const loss = c.caState === CA_LOSS;
    undoReduction(c, false);
    if (loss) c.tcp.ext.TCPLossUndo++;
    else c.tcp.ext.TCPFullUndo++;
  } else if (c.rackReorderPersist > 0) c.rackReorderPersist--;
  if (holdsState(c)) return true;
  c.caState = CA_OPEN;
  return false;
}

function tryUndoDsack(c: Connection): boolean {
  if (c.undoMarker === 0 || c.undoRetransmits !== 0) return false;
  c.rackReorderPersist = Math.min(16, c.rackReorderPersist + 1);
  undoReduction(c, false);
  c.tcp.ext.TCPDSACKUndo++;
  return true;
}

function tryUndoLoss(c: Connection, byFrto: boolean): boolean {
  if (!byFrto && !mayUndo(c)) return false;
  undoReduction(c, true);
  c.tcp.ext.TCPLossUndo++;
  if (byFrto) c.tcp.ext.TCPSpuriousRTOs++;
  c.retransmits = 0;
  if (holdsState(c)) return true;
  if (byFrto || c.sackOk) c.caState = CA_OPEN;
  return true;
}

function tryUndoPartial(c: Connection, priorUna: number): boolean {
  if (c.undoMarker === 0 || !onlyDelayed(c)) return false;
  checkReordering(c, priorUna, true);
  if (c.retransmitOut !== 0) return true;
  if (!anyRetransmitted(c)) c.retransmitStamp = 0;
  undoReduction(c, true);
  c.tcp.ext.TCPPartialUndo++;
  tryKeepOpen(c);
  return false;
}

function tryKeepOpen(c: Connection): void {
  const state = leftOut(c) !== 0 || anyRetransmitted(c) ? CA_DISORDER : CA_OPEN;
  if (c.caState === state) return;
  c.caState = state;
  c.highSeq = c.sndNxt;
}

function tryToOpen(c: Connection, flags: number): void {
  if (!anyRetransmitted(c)) c.retransmitStamp = 0;
  if ((flags & FLAG_ECE) !== 0) enterCwr(c);
  if (c.caState !== CA_CWR) tryKeepOpen(c);
}

/** Duplicate ACKs stand for SACKed segments where the peer has no SACK (`tcp_add_reno_sack`). */
function addRenoSack(c: Connection, duplicates: number, ece: boolean): void {
  if (duplicates === 0) return;
  const was = c.sackedOut;
  c.sackedOut += duplicates;
  limitReno(c, 0);
  const more = c.sackedOut - was;
  if (more > 0) countDelivered(c, more, ece);
}

function limitReno(c: Connection, addend: number): void {
  const holes = Math.min(Math.max(c.lostOut, 1), c.packetsOut);
  if (c.sackedOut + holes <= c.packetsOut) return;
  c.sackedOut = c.packetsOut - holes;
  c.reordering = Math.min(c.packetsOut + addend, c.tcp.sysctls.maxReordering);
  c.reorderSeen++;
  c.tcp.ext.TCPRenoReorder++;
}

/** One segment of those acknowledged filled the hole; the rest had sent duplicate ACKs (`tcp_remove_reno_sacks`). */
export function removeRenoSacks(c: Connection, acked: number, ece: boolean): void {
  if (acked > 0) {
    countDelivered(c, Math.max(acked - c.sackedOut, 1), ece);
    c.sackedOut = acked - 1 >= c.sackedOut ? 0 : c.sackedOut - (acked - 1);
  }
  limitReno(c, acked);
}

export function countDelivered(c: Connection, segments: number, ece: boolean): void {
  c.delivered += segments;
  if (ece) c.deliveredCe += segments;
}

function identifyLoss(c: Connection): void {
  if (!c.queue.outstanding) return;
  if (!c.sackOk) {
    newRenoMarkLost(c, (ackFlags & FLAG_SND_UNA_ADVANCED) !== 0);
    return;
  }
  const was = c.retransmitOut;
  if (rackMarkLost(c)) ackFlags &= ~FLAG_SET_TIMER;
  if (was > c.retransmitOut) ackFlags |= FLAG_LOST_RETRANS;
}

/** RFC 6582: the first outstanding segment is lost after three duplicate ACKs, or when an ACK in recovery is partial. */
function newRenoMarkLost(c: Connection, advanced: boolean): void {
  if (!((c.caState < CA_RECOVERY && c.sackedOut >= c.reordering) || (c.caState === CA_RECOVERY && advanced))) return;
  let segment = c.queue.first!;
  if ((segment.marks & LOST) !== 0) return;
  const mss = Math.min(c.mss, Math.ceil(segment.length / segment.count) || c.mss);
  if (segment.count > 1 && segment.length > mss) segment = split(c, segment, Math.max(mss, c.mss), c.mss);
  markLost(c, segment);
}

/** SACKed data was dropped by the peer (RFC 2018 section 8): waits a little, then starts again (`tcp_check_sack_reneging`). */
function checkReneging(c: Connection, flags: number): boolean {
  if ((flags & FLAG_SACK_RENEGING) === 0 || (flags & FLAG_SND_UNA_ADVANCED) === 0) return false;
  armTimer(c, TIMER_RETRANSMIT, Math.max(c.srtt >> 4, 10000));
  ackFlags &= ~FLAG_SET_TIMER;
  return true;
}

/** In Loss: goes on until `highSeq` is acknowledged; F-RTO looks whether the time-out was spurious (`tcp_process_loss`). */
function processLoss(c: Connection, flags: number, duplicates: number): void {
  const recovered = !before(c.sndUna, c.highSeq);
  if ((flags & FLAG_SND_UNA_ADVANCED) !== 0 && tryUndoLoss(c, false)) return;
  if (c.frto) {
    if ((flags & FLAG_ORIGINAL_SACKED) !== 0 && tryUndoLoss(c, true)) return;
    if (after(c.sndNxt, c.highSeq)) {
      if ((flags & FLAG_DATA_SACKED) !== 0 || duplicates !== 0) c.frto = false;
    } else if ((flags & FLAG_SND_UNA_ADVANCED) !== 0 && !recovered) {
      c.highSeq = c.sndNxt;
      if (c.queue.unsent !== null && after(windowEnd(c), c.sndNxt)) {
        sendAfter = SEND_NEW;
        return;
      }
      c.frto = false;
    }
  }
  if (recovered) {
    tryUndoRecovery(c);
    return;
  }
  if (!c.sackOk) {
    if (after(c.sndNxt, c.highSeq) && duplicates !== 0) addRenoSack(c, duplicates, (flags & FLAG_ECE) !== 0);
    else if ((flags & FLAG_SND_UNA_ADVANCED) !== 0) c.sackedOut = 0;
  }
  sendAfter = SEND_LOST;
}

/** The state machine, run for every ACK that is not plain progress in Open. Leaves `ackFlags` and `sendAfter`. */
export function fastRetransmitAlert(c: Connection, priorUna: number, duplicates: number, flags: number): void {
  ackFlags = flags;
  sendAfter = SEND_NOTHING;
  const ece = (flags & FLAG_ECE) !== 0;
  if (c.packetsOut === 0 && c.sackedOut !== 0) c.sackedOut = 0;
  if (ece) c.priorSsthresh = 0;
  if (checkReneging(c, flags)) return;
  if (c.caState === CA_OPEN) c.retransmitStamp = 0;
  else if (!before(c.sndUna, c.highSeq)) {
    if (c.caState === CA_CWR) {
      // CWR lasts until something above is acknowledged, so that the bit has reached the receiver.
      if (c.sndUna !== c.highSeq) {
        endReduction(c);
        c.caState = CA_OPEN;
      }
    } else if (c.caState === CA_RECOVERY) {
      if (!c.sackOk) c.sackedOut = 0;
      if (tryUndoRecovery(c)) return;
      endReduction(c);
    }
  }
  if (c.caState === CA_RECOVERY) {
    if ((flags & FLAG_SND_UNA_ADVANCED) === 0) {
      if (!c.sackOk) addRenoSack(c, duplicates, ece);
    } else if (tryUndoPartial(c, priorUna)) return;
    if (tryUndoDsack(c)) tryToOpen(c, flags);
    identifyLoss(c);
    if (c.caState !== CA_RECOVERY) {
      if (c.lostOut === 0) return;
      enterRecovery(c, ece);
    }
    sendAfter = SEND_LOST;
    return;
  }
  if (c.caState === CA_LOSS) {
    processLoss(c, flags, duplicates);
    identifyLoss(c);
    if ((c.caState as number) !== CA_OPEN && (ackFlags & FLAG_LOST_RETRANS) === 0) return;
  }
  if (!c.sackOk) {
    if ((flags & FLAG_SND_UNA_ADVANCED) !== 0) c.sackedOut = 0;
    addRenoSack(c, duplicates, ece);
  }
  if (c.caState <= CA_DISORDER) tryUndoDsack(c);
  identifyLoss(c);
  if (c.lostOut === 0) {
    tryToOpen(c, flags);
    return;
  }
  enterRecovery(c, ece);
  sendAfter = SEND_LOST;
}

/** The ACK of a loss probe tells whether the tail was lost (RFC 8985 section 7.4; `tcp_process_tlp_ack`). */
export function processTlpAck(c: Connection, ack: number, flags: number): void {
  if (before(ack, c.tlpHighSeq)) return;
  if (!c.tlpRetransmitted || (flags & FLAG_DSACK_TLP) !== 0) c.tlpHighSeq = 0;
  else if (after(ack, c.tlpHighSeq)) {
    beginReduction(c);
    c.caState = CA_CWR;
    endReduction(c);
    tryKeepOpen(c);
    c.tcp.ext.TCPLossProbeRecovery++;
  } else if ((flags & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED)) === 0) c.tlpHighSeq = 0;
}

/** Adjusts the window after an ACK (`tcp_cong_control`). */
export function controlCongestion(c: Connection, delivered: number, lost: number, flags: number): void {
  if (inReduction(c)) reduce(c, delivered, lost, flags);
  else {
    const progress = c.reordering > c.tcp.sysctls.reordering ? FLAG_FORWARD_PROGRESS : FLAG_DATA_ACKED;
    if ((flags & progress) !== 0) {
      c.congestion.avoid(c, delivered);
      c.cwndStamp = c.tcp.now;
    }
  }
  updatePacingRate(c);
}

/** Sends what the recovery asks for (`tcp_xmit_recovery`). */
export function transmitRecovery(c: Connection, what: number): void {
  if (what === SEND_NOTHING || c.state === SYN_SENT) return;
  if (what === SEND_NEW) {
    pushPending(c, currentMss(c), NAGLE_OFF);
    if (after(c.sndNxt, c.highSeq)) return;
    c.frto = false;
  }
  retransmitLost(c);
}

/** The reordering timer fired: what waited for late segments is lost (`tcp_rack_reo_timeout`). */
export function reorderTimeout(c: Connection): void {
  const was = inFlight(c);
  const lost = c.lostTotal;
  rackDetectLoss(c);
  if (was !== inFlight(c)) {
    if (c.caState !== CA_RECOVERY) {
      enterRecovery(c, false);
      reduce(c, 1, c.lostTotal - lost, 0);
    }
    retransmitLost(c);
  }
  if (c.timerFor !== TIMER_RETRANSMIT) rearmRto(c);
}
