/** Changing addresses and ports of packets, and the checksums that cover them (`nf_nat_proto.c`). */
import { fold, updateAt } from "../wire/checksum.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, IPV4_CHECKSUM } from "../wire/ipv4.ts";
import { get16, put16 } from "../wire/octets.ts";
import { CHECKSUM_PARTIAL, type Packet } from "../wire/packet.ts";
import { TCP_CHECKSUM } from "../wire/tcp.ts";
import { UDP_CHECKSUM } from "../wire/udp.ts";
import { checksum } from "../wire/checksum.ts";
import type { Tuple } from "./connection.ts";

/** Which end is changed (NF_NAT_MANIP_*). */
export const MANIP_SRC = 0;
export const MANIP_DST = 1;

/** Where the transport's checksum is and how it is kept. */
let field = -1;
let partial = false;
/** The IPv4 header's checksum, or -1. */
let headerField = -1;

function covered(bytes: Uint8Array, was: number, is: number, pseudo: boolean): void {
  if (field < 0) return;
  if (!partial) updateAt(bytes, field, was, is);
  // What is still to be filled in holds the pseudo header's sum alone, not inverted.
  else if (pseudo) put16(bytes, field, fold(get16(bytes, field) + (~was & 0xffff) + is));
}

function putAddressWord(bytes: Uint8Array, at: number, value: number): void {
  const was = get16(bytes, at);
  if (was === value) return;
  if (headerField >= 0) updateAt(bytes, headerField, was, value);
  covered(bytes, was, value, true);
  put16(bytes, at, value);
}

function putAddress(bytes: Uint8Array, at: number, word: number): void {
  putAddressWord(bytes, at, word >>> 16);
  putAddressWord(bytes, at + 2, word & 0xffff);
}

function putPort(bytes: Uint8Array, at: number, value: number): void {
  const was = get16(bytes, at);
  if (was === value) return;
  covered(bytes, was, value, false);
  put16(bytes, at, value);
}

/** Gives the headers at these offsets the source or destination of `target`. `tail` bounds what is there of a quoted packet. */
export function mangleHeaders(
  packet: Packet,
  version: 4 | 6,
  network: number,
  transport: number,
  tail: number,
  protocol: number,
  target: Tuple,
  manip: number,
): void {
  const { bytes } = packet;
  headerField = version === 4 ? network + IPV4_CHECKSUM : -1;
  partial = packet.checksum === CHECKSUM_PARTIAL && packet.checksumStart === transport;
  field = -1;
  if (protocol === IPPROTO_TCP && transport + 18 <= tail) field = transport + TCP_CHECKSUM;
  else if (protocol === IPPROTO_UDP && transport + 8 <= tail && (partial || get16(bytes, transport + 6) !== 0)) {
    field = transport + UDP_CHECKSUM;
  } else if (protocol === IPPROTO_ICMPV6 && transport + 4 <= tail) field = transport + 2;
  const source = manip === MANIP_SRC;
  if (version === 4) putAddress(bytes, network + (source ? 12 : 16), source ? target.s3 : target.d3);
  else {
    const at = network + (source ? 8 : 24);
    putAddress(bytes, at, source ? target.s0 : target.d0);
    putAddress(bytes, at + 4, source ? target.s1 : target.d1);
    putAddress(bytes, at + 8, source ? target.s2 : target.d2);
    putAddress(bytes, at + 12, source ? target.s3 : target.d3);
  }
  if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
    if (transport + 4 <= tail) putPort(bytes, transport + (source ? 0 : 2), source ? target.sport : target.dport);
    // RFC 768: zero means none.
    if (protocol === IPPROTO_UDP && field >= 0 && !partial && get16(bytes, field) === 0) put16(bytes, field, 0xffff);
  } else if (protocol === IPPROTO_ICMP || protocol === IPPROTO_ICMPV6) {
    if (transport + 8 > tail || !hasIdentifier(protocol, bytes[transport])) return;
    if (protocol === IPPROTO_ICMP) field = transport + 2;
    putPort(bytes, transport + 4, target.sport);
  }
}

function hasIdentifier(protocol: number, type: number): boolean {
  if (protocol === IPPROTO_ICMPV6) return type === 128 || type === 129;
  return type === 0 || type === 8 || (type >= 13 && type <= 18);
}

/** The checksum of an ICMP error, after what it quotes was changed. */
export function completeIcmp(packet: Packet, version: 4 | 6, network: number, transport: number): void {
  const { bytes, tail } = packet;
  put16(bytes, transport + 2, 0);
  let sum = 0;
  if (version === 6) {
    for (let at = network + 8; at < network + 40; at += 2) sum += get16(bytes, at);
    sum += IPPROTO_ICMPV6 + (tail - transport);
  }
  put16(bytes, transport + 2, checksum(bytes, transport, tail, sum));
}
