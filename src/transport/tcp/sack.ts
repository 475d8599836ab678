/** SACK of the peer: the scoreboard (RFC 2018, RFC 6675; `tcp_sacktag_write_queue`) and D-SACK (RFC 2883). */
import type { Connection } from "./connection.ts";
import type { ReceivedOptions } from "./options.ts";
import { split } from "./resegment.ts";
import { rackAdvance } from "./rack.ts";
import { EVER_RETRANSMITTED, LOST, RETRANSMITTED, SACKED, type Segment } from "./segment_queue.ts";
import { after, before } from "./sequence.ts";
import { FLAG_DATA_SACKED, FLAG_DSACK_TLP, FLAG_DSACKING_ACK, FLAG_ORIGINAL_SACKED } from "./ack_flags.ts";

/** What one ACK's blocks did; used over and over. */
export class SackResult {
  flags = 0;
  /** Send times of the first and last newly SACKed segment that was never retransmitted; -1 none. */
  firstSent = -1;
  lastSent = -1;
  delivered = 0;
  /** Lowest sequence number that came late. */
  reordered = 0;
  priorDelivered = 0;
}

/** The start of the highest SACKed segment (`tcp_highest_sack_seq`). */
export function highestSack(c: Connection): number {
  return c.sackedOut === 0 || !c.hasHighestSack ? c.sndUna : c.highestSack;
}

/** Takes the SACK blocks of an ACK into the scoreboard. */
export function tagSacked(
  c: Connection,
  options: ReceivedOptions,
  ack: number,
  priorUna: number,
  result: SackResult,
): void {
  result.flags = result.delivered = 0;
  result.firstSent = result.lastSent = -1;
  result.reordered = c.sndNxt;
  if (c.sackedOut === 0) c.hasHighestSack = false;
  const edges = options.edges;
  const duplicate = checkDsack(c, options, ack, priorUna, result);
  if (before(ack, (priorUna - c.maxWindow) | 0) || c.packetsOut === 0) return;
  for (let i = 0; i < options.sacks; i++) {
    const start = edges[2 * i], end = edges[2 * i + 1];
    const isDuplicate = i === 0 && duplicate;
    if (!isValid(c, isDuplicate, start, end)) {
      if (isDuplicate) {
        if (c.undoMarker === 0) c.tcp.ext.TCPDSACKIgnoredNoUndo++;
        else c.tcp.ext.TCPDSACKIgnoredOld++;
      } else if (end !== c.sndUna && !before(end, c.sndUna)) c.tcp.ext.TCPSACKDiscard++;
      continue;
    }
    if (!after(end, c.sndUna) && !isDuplicate) continue;
    tagBlock(c, start, end, isDuplicate, result);
  }
  if (result.delivered !== 0 || result.reordered !== c.sndNxt) checkReordering(c, result.reordered, false);
}

/** Whether a block may be believed (`tcp_is_sackblock_valid`). */
function isValid(c: Connection, isDuplicate: boolean, start: number, end: number): boolean {
  if (after(end, c.sndNxt) || !before(start, end)) return false;
  if (!before(start, c.sndNxt)) return false;
  if (after(start, c.sndUna)) return true;
  if (!isDuplicate || c.undoMarker === 0) return false;
  if (after(end, c.sndUna)) return false;
  if (!before(start, c.undoMarker)) return true;
  if (!after(end, c.undoMarker)) return false;
  return !before(start, (end - c.maxWindow) | 0);
}

/** The first block may tell of data received twice (RFC 2883 section 4; `tcp_check_dsack`). */
function checkDsack(
  c: Connection,
  options: ReceivedOptions,
  ack: number,
  priorUna: number,
  result: SackResult,
): boolean {
  const edges = options.edges;
  const start = edges[0], end = edges[1];
  const ext = c.tcp.ext;
  if (before(start, ack)) ext.TCPDSACKRecv++;
  else if (options.sacks > 1 && !after(end, edges[3]) && !before(start, edges[2])) ext.TCPDSACKOfoRecv++;
  else return false;
  const segments = dsackSegments(c, start, end, result);
  if (segments === 0) {
    ext.TCPDSACKIgnoredDubious++;
    return false;
  }
  ext.TCPDSACKRecvSegs += segments;
  if (c.undoMarker !== 0 && c.undoRetransmits > 0 && !after(end, priorUna) && after(end, c.undoMarker)) {
    c.undoRetransmits = Math.max(0, c.undoRetransmits - segments);
  }
  return true;
}

function dsackSegments(c: Connection, start: number, end: number, result: SackResult): number {
  const length = (end - start) | 0;
  if (length <= 0 || length > c.maxWindow) return 0;
  let segments = 1;
  if (length > c.mss) segments = Math.ceil(length / c.mss);
  else if (c.tlpHighSeq !== 0 && c.tlpHighSeq === end) result.flags |= FLAG_DSACK_TLP;
  c.dsackDups += segments;
  if (c.dsackDups > c.totalRetransmits) return 0; // more than we ever sent twice
  c.dsackSeen = true;
  if (c.reorderSeen !== 0 && (result.flags & FLAG_DSACK_TLP) === 0) c.rackDsackSeen = true;
  result.flags |= FLAG_DSACKING_ACK;
  result.delivered += segments;
  return segments;
}

function tagBlock(c: Connection, start: number, end: number, isDuplicate: boolean, result: SackResult): void {
  for (let segment = c.queue.first; segment !== null && segment !== c.queue.unsent; segment = segment.next) {
    if (!before(segment.sequence, end)) return;
    if (!after(segment.end, start)) continue;
    if (before(segment.sequence, start) || after(segment.end, end)) {
      if ((segment.marks & SACKED) !== 0) continue; // all of it is SACKed already
      const part = cut(c, segment, start, end);
      if (part === null) continue;
      segment = part;
      if (before(segment.sequence, start)) continue; // the part before the block: the next one is in it
    }
    tag(c, segment, isDuplicate, result);
  }
}

/** Cuts a segment that a block covers in part, at a multiple of its MSS (`tcp_match_skb_to_sack`); the front part. */
function cut(c: Connection, segment: Segment, start: number, end: number): Segment | null {
  if (segment.count <= 1) return null;
  const mss = Math.ceil(segment.length / segment.count);
  const size = segment.packet === null ? 0 : c.mss < mss ? mss : c.mss;
  let length: number;
  if (before(segment.sequence, start)) {
    length = (start - segment.sequence) | 0;
    length = Math.ceil(length / size) * size;
  } else {
    length = (end - segment.sequence) | 0;
    length -= length % size;
  }
  if (length <= 0 || length >= segment.length) return null;
  return split(c, segment, length, size);
}

/** Marks one segment (`tcp_sacktag_one`). */
function tag(c: Connection, segment: Segment, isDuplicate: boolean, result: SackResult): void {
  const count = segment.count;
  let marks = segment.marks;
  if (isDuplicate && (marks & (RETRANSMITTED | EVER_RETRANSMITTED)) !== 0) {
    if (c.undoMarker !== 0 && c.undoRetransmits > 0 && after(segment.end, c.undoMarker)) {
      c.undoRetransmits = Math.max(0, c.undoRetransmits - count);
    }
    if ((marks & SACKED) !== 0 && before(segment.sequence, result.reordered)) result.reordered = segment.sequence;
  }
  if (!after(segment.end, c.sndUna)) return;
  if ((marks & SACKED) === 0) {
    rackAdvance(c, marks, segment.end, segment.sentAt);
    if ((marks & RETRANSMITTED) !== 0) {
      if ((marks & LOST) !== 0) {
        marks &= ~(LOST | RETRANSMITTED);
        c.lostOut -= count;
        c.retransmitOut -= count;
      }
    } else {
      if ((marks & EVER_RETRANSMITTED) === 0) {
        if (before(segment.sequence, highestSack(c)) && before(segment.sequence, result.reordered)) {
          result.reordered = segment.sequence;
        }
        if (!after(segment.end, c.highSeq)) result.flags |= FLAG_ORIGINAL_SACKED;
        if (result.firstSent < 0) result.firstSent = segment.sentAt;
        result.lastSent = segment.sentAt;
      }
      if ((marks & LOST) !== 0) {
        marks &= ~LOST;
        c.lostOut -= count;
      }
    }
    marks |= SACKED;
    result.flags |= FLAG_DATA_SACKED;
    c.sackedOut += count;
    result.delivered += count;
    if (segment.delivered > result.priorDelivered) result.priorDelivered = segment.delivered;
    if (!c.hasHighestSack || !before(segment.sequence, c.highestSack)) {
      c.highestSack = segment.sequence;
      c.hasHighestSack = true;
    }
  }
  if (isDuplicate && (marks & RETRANSMITTED) !== 0) {
    marks &= ~RETRANSMITTED;
    c.retransmitOut -= count;
  }
  segment.marks = marks;
}

/** Something came after what was sent later: segments are reordered on the way (`tcp_check_sack_reordering`). */
export function checkReordering(c: Connection, low: number, byTimestamp: boolean): void {
  const highest = c.hasHighestSack ? c.highestSack : c.sndUna;
  if (!before(low, highest)) return;
  const metric = (highest - low) | 0;
  if (metric > c.reordering * c.mss && c.mss > 0) {
    c.reordering = Math.min(Math.ceil(metric / c.mss), c.tcp.sysctls.maxReordering);
  }
  c.reorderSeen++;
  if (byTimestamp) c.tcp.ext.TCPTSReorder++;
  else c.tcp.ext.TCPSACKReorder++;
}
