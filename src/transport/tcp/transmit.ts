/**
 * A segment on its way out: its header, options and window, ECN, and the packet that carries it (`__tcp_transmit_skb`). Segments
 * without data are made here too: acknowledgements, probes, RSTs.
 *
 * @module
 */
import { fold } from "../../wire/checksum.ts";
import { put16, put32 } from "../../wire/octets.ts";
import { CHECKSUM_PARTIAL, HEADROOM, type Packet } from "../../wire/packet.ts";
import { ACK, CWR, ECE, RST, SYN, TCP_CHECKSUM, TCP_HEADER } from "../../wire/tcp.ts";
import { ackSent, dataSent, delayedAckIn } from "./acknowledgement.ts";
import {
  ACK_SCHEDULED,
  ACK_TIMER,
  type Connection,
  ECN_DEMAND_CWR,
  ECN_OK,
  ECN_QUEUE_CWR,
  windowEnd,
} from "./connection.ts";
import { sackLength } from "./mss.ts";
import {
  MAX_SACK_BLOCKS,
  type SynOffer,
  synOptionsLength,
  writePaddedTimestamps,
  writeSackHead,
  writeSynOptions,
} from "./options.ts";
import { type Segment, SEGMENT_OVERHEAD } from "./segment_queue.ts";
import { before } from "./sequence.ts";
import { armAckTimer } from "./timers.ts";
import { selectWindow } from "./window.ts";

const IPPROTO_TCP = 6;

const offer: SynOffer = { mss: 0, timestamps: false, value: 0, echo: 0, scale: -1, sack: false };

/** ECT(0) (RFC 3168 section 5). */
const ECT0 = 2;

/** The timestamp to send: ms, with the connection's own offset. */
export function timestampNow(c: Connection): number {
  return (Math.floor(c.tcp.now / 1000) + c.tsOffset) | 0;
}

/** Puts a header without options before the packet's payload; `size` octets of header in all, checksum left to the device. */
export function writeHeader(
  packet: Packet,
  localPort: number,
  remotePort: number,
  sequence: number,
  acknowledgement: number,
  flags: number,
  window: number,
  size: number,
): number {
  const at = packet.head -= size;
  packet.transport = at;
  const bytes = packet.bytes;
  bytes[at] = localPort >>> 8;
  bytes[at + 1] = localPort;
  bytes[at + 2] = remotePort >>> 8;
  bytes[at + 3] = remotePort;
  put32(bytes, at + 4, sequence);
  put32(bytes, at + 8, acknowledgement);
  bytes[at + 12] = size << 2;
  bytes[at + 13] = flags;
  put16(bytes, at + 14, window);
  put32(bytes, at + 16, 0); // checksum, urgent pointer
  return at;
}

/** Leaves the checksum to whoever needs it: the field holds the pseudo header's sum. */
export function leaveChecksum(packet: Packet, pseudoSum: number): void {
  packet.checksum = CHECKSUM_PARTIAL;
  packet.checksumStart = packet.transport;
  packet.checksumField = TCP_CHECKSUM;
  put16(packet.bytes, packet.transport + TCP_CHECKSUM, fold(pseudoSum));
}

/** Sends a packet whose payload is at [head, tail) with this connection's header (`__tcp_transmit_skb`). */
function transmitPacket(
  c: Connection,
  packet: Packet,
  sequence: number,
  flags: number,
  count: number,
  mss: number,
): number {
  const length = packet.tail - packet.head;
  const now = c.tcp.now;
  let size: number;
  const sack = (flags & SYN) === 0 ? sackLength(c) : 0;
  if ((flags & SYN) !== 0) {
    fillOffer(c, (flags & ACK) !== 0);
    size = TCP_HEADER + synOptionsLength(offer);
  } else size = c.headerLength + sack;
  if (c.ecn !== 0 && (flags & SYN) === 0 && (c.ecn & ECN_OK) !== 0) flags = markEcn(c, flags, sequence, length);
  // The window of a SYN is not scaled (RFC 7323 section 2.2).
  const window = (flags & SYN) !== 0 ? Math.min(c.rcvWnd, 65535) : selectWindow(c);
  const at = writeHeader(
    packet,
    c.localPort,
    c.remotePort,
    sequence,
    (flags & ACK) !== 0 ? c.rcvNxt : 0,
    flags,
    window,
    size,
  );
  if ((flags & SYN) !== 0) writeSynOptions(packet.bytes, at + TCP_HEADER, offer);
  else {
    if (c.timestampsOk) {
      writePaddedTimestamps(packet.bytes, at + TCP_HEADER, (Math.floor(now / 1000) + c.tsOffset) | 0, c.tsRecent);
    }
    if (sack !== 0) writeSack(c, packet.bytes, at + c.headerLength, (sack - 4) >> 3);
  }
  leaveChecksum(packet, c.path.pseudoSum(IPPROTO_TCP, size + length));
  packet.gsoSize = length > mss ? mss : 0;
  packet.truesize = SEGMENT_OVERHEAD + length;
  packet.mark = c.options.mark;
  if ((flags & ACK) !== 0) ackSent(c);
  if (length !== 0) {
    dataSent(c);
    c.dataSegmentsOut += count;
    c.bytesSent += length;
  }
  c.segmentsOut += count;
  c.tcp.counters.OutSegs += count;
  return c.path.send(packet, IPPROTO_TCP);
}

/** ECN on what is sent (`tcp_ecn_send`): data is ECT(0), retransmissions and pure ACKs are not; ECE until CWR has come. */
function markEcn(c: Connection, flags: number, sequence: number, length: number): number {
  let tos = c.options.tos & ~3;
  if (length !== 0 && !before(sequence, c.sndNxt)) {
    tos |= ECT0;
    if ((c.ecn & ECN_QUEUE_CWR) !== 0) {
      c.ecn &= ~ECN_QUEUE_CWR;
      flags |= CWR;
    }
  }
  c.path.tos = tos;
  if ((c.ecn & ECN_DEMAND_CWR) !== 0) flags |= ECE;
  return flags;
}

function fillOffer(c: Connection, answer: boolean): void {
  const sysctls = c.tcp.sysctls;
  offer.mss = c.advertisedMss;
  offer.timestamps = answer ? c.timestampsOk : sysctls.timestamps !== 0;
  offer.value = timestampNow(c);
  offer.echo = c.tsRecent;
  offer.scale = (answer ? c.windowScaleOk : sysctls.windowScaling !== 0) ? c.rcvScale : -1;
  offer.sack = answer ? c.sackOk : sysctls.sack !== 0;
}

function writeSack(c: Connection, bytes: Uint8Array, at: number, blocks: number): void {
  at = writeSackHead(bytes, at, blocks);
  if (c.hasDsack) {
    put32(bytes, at, c.dsackStart);
    put32(bytes, at + 4, c.dsackEnd);
    at += 8;
    blocks--;
    c.hasDsack = false; // a D-SACK is told once
  }
  for (let i = 0; i < blocks && i < MAX_SACK_BLOCKS; i++, at += 8) {
    put32(bytes, at, c.sacks![2 * i]);
    put32(bytes, at + 4, c.sacks![2 * i + 1]);
  }
}

/** Sends a segment of the queue, now or again. While somebody else still has its packet, a copy goes out. */
export function transmit(c: Connection, segment: Segment, mss: number): number {
  segment.sentAt = c.tcp.now;
  segment.delivered = c.delivered;
  let packet = segment.packet;
  if (packet === null) packet = c.tcp.host.world.packets.allocate(0);
  else if (packet.exclusive) {
    packet.hold();
    packet.retained = true;
    packet.head = segment.start;
    packet.tail = segment.start + segment.length;
  } else {
    const copy = c.tcp.host.world.packets.allocate(segment.length);
    copyOctets(packet.bytes, segment.start, segment.length, copy.bytes, HEADROOM);
    copy.tail = HEADROOM + segment.length;
    packet = copy;
  }
  return transmitPacket(c, packet, segment.sequence, segment.flags, segment.count, mss);
}

/** Copies octets; short runs without making a view. */
export function copyOctets(from: Uint8Array, at: number, length: number, to: Uint8Array, offset: number): void {
  if (length <= 40) {
    for (let i = 0; i < length; i++) to[offset + i] = from[at + i];
  } else to.set(from.subarray(at, at + length), offset);
}

/** A segment without data outside the queue: an acknowledgement, a probe or a RST. */
function transmitBare(c: Connection, sequence: number, flags: number): void {
  transmitPacket(c, c.tcp.host.world.packets.allocate(0), sequence, flags, 1, 65535);
}

/** Where a segment without data stands: at SND.NXT unless the window has shrunk (`tcp_acceptable_seq`). */
function acceptableSequence(c: Connection): number {
  const end = windowEnd(c);
  if (!before(end, c.sndNxt)) return c.sndNxt;
  if (c.windowScaleOk && ((c.sndNxt - end) | 0) < 1 << c.sndScale) return c.sndNxt;
  return end;
}

export function sendAck(c: Connection): void {
  if (c.state === 7) return;
  transmitBare(c, acceptableSequence(c), ACK);
}

/** A RST by which we end the connection (`tcp_send_active_reset`). */
export function sendReset(c: Connection): void {
  c.tcp.counters.OutRsts++;
  transmitBare(c, acceptableSequence(c), RST | ACK);
}

export function sendDelayedAck(c: Connection): void {
  const wait = delayedAckIn(c);
  if (wait === 0) {
    sendAck(c);
    return;
  }
  c.ackPending |= ACK_SCHEDULED | ACK_TIMER;
  armAckTimer(c, wait);
}

/** A keepalive or window probe: an old octet without data, which the peer answers (`tcp_xmit_probe_skb`). */
export function sendProbe(c: Connection, urgent = 0): void {
  transmitBare(c, (c.sndUna - (urgent === 0 ? 1 : 0)) | 0, ACK);
}
