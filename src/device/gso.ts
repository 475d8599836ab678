/**
 * Cutting a TCP or UDP packet that is larger than the MTU into the segments that go on a wire (`tcp_gso_segment`,
 * `__udp_gso_segment`, `inet_gso_segment`, `ipv6_gso_segment`).
 *
 * @module
 */
import { CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY, type Packet } from "../wire/packet.ts";
import { checksum, fold, pseudoHeader } from "../wire/checksum.ts";
import { get16, get32, put16, put32 } from "../wire/octets.ts";
import {
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_CHECKSUM,
  IPV4_DESTINATION,
  IPV4_HEADER,
  IPV4_ID,
  IPV4_LENGTH,
  IPV4_PROTOCOL,
  IPV4_SOURCE,
} from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_HEADER, IPV6_LENGTH, IPV6_NEXT_HEADER, IPV6_SOURCE } from "../wire/ipv6.ts";
import { CWR, FIN, PSH, TCP_CHECKSUM, TCP_FLAGS, TCP_HEADER, TCP_OFFSET, TCP_SEQUENCE } from "../wire/tcp.ts";
import { UDP_CHECKSUM, UDP_HEADER, UDP_LENGTH } from "../wire/udp.ts";

/** Extension headers that may stand between IPv6 and the transport (RFC 8200): each says its length in units of 8 octets. */
const EXTENSIONS = new Set([0, 43, 60]);

/**
 * The segments of a packet with `gsoSize`, linked through `next`; takes the packet's reference. `packet.network` is at the IP
 * header, `packet.head` before it. Null when the headers make no sense: the packet was dropped.
 * The segments' transport checksums are still to be completed (CHECKSUM_PARTIAL).
 */
export function segment(packet: Packet): Packet | null {
  const layout = parse(packet);
  if (layout === null) {
    packet.release();
    return null;
  }
  const { transport, payload, protocol } = layout;
  const size = packet.gsoSize;
  const end = packet.tail;
  let first: Packet | null = null;
  let last: Packet | null = null;
  let number = 0;
  for (let at = payload; at < end || number === 0; at += size, number++) {
    const octets = Math.min(size, end - at);
    const piece = cutPiece(packet, payload, at, octets);
    if (protocol === IPPROTO_TCP) finishTcp(piece, transport, at - payload, number === 0, at + octets >= end);
    finishHeaders(piece, transport, protocol, number);
    if (last === null) first = piece;
    else last.next = piece;
    last = piece;
  }
  packet.release();
  return first;
}

interface Layout {
  transport: number;
  payload: number;
  protocol: number;
}

function parse(packet: Packet): Layout | null {
  const { bytes, network, tail } = packet;
  if (packet.gsoSize <= 0 || tail - network < IPV4_HEADER) return null;
  let transport: number;
  let protocol: number;
  if (bytes[network] >>> 4 === 4) {
    const length = (bytes[network] & 15) * 4;
    if (length < IPV4_HEADER) return null;
    transport = network + length;
    protocol = bytes[network + IPV4_PROTOCOL];
  } else {
    transport = network + IPV6_HEADER;
    protocol = bytes[network + IPV6_NEXT_HEADER];
    while (EXTENSIONS.has(protocol) && transport + 8 <= tail) {
      protocol = bytes[transport];
      transport += (bytes[transport + 1] + 1) * 8;
    }
  }
  if (protocol === IPPROTO_UDP) {
    const payload = transport + UDP_HEADER;
    return payload <= tail ? { transport, payload, protocol } : null;
  }
  if (protocol !== IPPROTO_TCP || transport + TCP_HEADER > tail) return null;
  const payload = transport + (bytes[transport + TCP_OFFSET] >>> 4) * 4;
  return payload >= transport + TCP_HEADER && payload <= tail ? { transport, payload, protocol } : null;
}

/** A packet with the headers of `packet` and `octets` of its payload from `at`; offsets are the same. */
function cutPiece(packet: Packet, payload: number, at: number, octets: number): Packet {
  const piece = packet.pool.allocate(payload + octets);
  piece.bytes.set(packet.bytes.subarray(packet.head, payload), packet.head);
  piece.bytes.set(packet.bytes.subarray(at, at + octets), payload);
  piece.head = packet.head;
  piece.tail = payload + octets;
  piece.link = packet.link;
  piece.network = packet.network;
  piece.protocol = packet.protocol;
  piece.kind = packet.kind;
  piece.mark = packet.mark;
  piece.priority = packet.priority;
  piece.vlan = packet.vlan;
  piece.device = packet.device;
  piece.at = packet.at;
  return piece;
}

function finishTcp(piece: Packet, transport: number, offset: number, first: boolean, last: boolean): void {
  const bytes = piece.bytes;
  put32(bytes, transport + TCP_SEQUENCE, (get32(bytes, transport + TCP_SEQUENCE) + offset) >>> 0);
  let off = 0;
  if (!last) off |= FIN | PSH;
  if (!first) off |= CWR;
  bytes[transport + TCP_FLAGS] &= ~off;
}

/** Lengths, the IPv4 identification, and the pseudo header's sum, for what the piece holds. */
function finishHeaders(piece: Packet, transport: number, protocol: number, number: number): void {
  const { bytes, network, tail } = piece;
  const length = tail - transport;
  let sum: number;
  if (bytes[network] >>> 4 === 4) {
    put16(bytes, network + IPV4_LENGTH, tail - network);
    put16(bytes, network + IPV4_ID, (get16(bytes, network + IPV4_ID) + number) & 0xffff);
    put16(bytes, network + IPV4_CHECKSUM, 0);
    put16(bytes, network + IPV4_CHECKSUM, checksum(bytes, network, transport));
    sum = pseudoHeader(bytes, network + IPV4_SOURCE, network + IPV4_DESTINATION, 4, protocol, length);
  } else {
    put16(bytes, network + IPV6_LENGTH, tail - network - IPV6_HEADER);
    sum = pseudoHeader(bytes, network + IPV6_SOURCE, network + IPV6_DESTINATION, 16, protocol, length);
  }
  piece.transport = transport;
  const field = protocol === IPPROTO_TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
  if (protocol === IPPROTO_UDP) {
    put16(bytes, transport + UDP_LENGTH, length);
    if (get16(bytes, transport + UDP_CHECKSUM) === 0) { // sent without one (RFC 768)
      piece.checksum = CHECKSUM_UNNECESSARY;
      return;
    }
  }
  put16(bytes, transport + field, fold(sum));
  piece.checksum = CHECKSUM_PARTIAL;
  piece.checksumStart = transport;
  piece.checksumField = field;
}
