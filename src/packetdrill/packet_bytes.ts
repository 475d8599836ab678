/** Makes the octets of a packet that a script lets come in. */
import type { IpAddress } from "../ip/host.ts";
import { checksum, pseudoHeader } from "../wire/checksum.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { get32, put16, put32 } from "../wire/octets.ts";
import { ACK, OPTION_SACK, OPTION_TIMESTAMPS } from "../wire/tcp.ts";
import { optionsLength } from "./compare.ts";
import type { Flow } from "./flow.ts";
import { ICMP_CODES, ICMP_TYPES } from "./icmp_names.ts";
import { AE } from "./packet_parser.ts";
import type { IcmpSpec, IpSpec, PacketSpec, TcpSpec, UdpSpec } from "./syntax.ts";

const DEFAULT_TTL = 255;

export function packetBytes({ ip, body }: PacketSpec, flow: Flow): Uint8Array {
  if (body.protocol === "tcp") return tcpBytes(ip, body, flow);
  return body.protocol === "udp" ? udpBytes(ip, body, flow) : icmpBytes(ip, body, flow);
}

/** An IP header and room for `length` octets behind it. */
function ipBytes(
  version: 4 | 6,
  { tos, ttl }: { tos: number; ttl: number },
  protocol: number,
  source: IpAddress,
  destination: IpAddress,
  length: number,
): { bytes: Uint8Array; at: number } {
  const at = version === 4 ? 20 : 40;
  const bytes = new Uint8Array(at + length);
  writeIp(bytes, 0, version, { tos, ttl }, protocol, source, destination, length);
  return { bytes, at };
}

function writeIp(
  bytes: Uint8Array,
  at: number,
  version: 4 | 6,
  { tos, ttl }: { tos: number; ttl: number },
  protocol: number,
  source: IpAddress,
  destination: IpAddress,
  length: number,
): void {
  if (version === 4) {
    bytes[at] = 0x45;
    bytes[at + 1] = tos;
    put16(bytes, at + 2, 20 + length);
    bytes[at + 8] = ttl || DEFAULT_TTL;
    bytes[at + 9] = protocol;
    put32(bytes, at + 12, source as number);
    put32(bytes, at + 16, destination as number);
    put16(bytes, at + 10, checksum(bytes, at, at + 20));
    return;
  }
  bytes[at] = 0x60 | (tos >>> 4);
  bytes[at + 1] = (tos & 15) << 4;
  put16(bytes, at + 4, length);
  bytes[at + 6] = protocol;
  bytes[at + 7] = ttl || DEFAULT_TTL;
  bytes.set(source as Uint8Array, at + 8);
  bytes.set(destination as Uint8Array, at + 24);
}

function sumWithPseudoHeader(bytes: Uint8Array, version: 4 | 6, at: number, protocol: number): number {
  const length = bytes.length - at;
  const pseudo = version === 4
    ? pseudoHeader(bytes, 12, 16, 4, protocol, length)
    : pseudoHeader(bytes, 8, 24, 16, protocol, length);
  return checksum(bytes, at, bytes.length, pseudo);
}

function tcpBytes(ip: IpSpec, tcp: TcpSpec, flow: Flow): Uint8Array {
  const header = 20 + optionsLength(tcp.options!);
  const { bytes, at } = ipBytes(flow.version, ip, IPPROTO_TCP, flow.remote, flow.local, header + tcp.payload);
  put16(bytes, at, tcp.sourcePort || flow.remotePort);
  put16(bytes, at + 2, tcp.destinationPort || flow.localPort);
  put32(bytes, at + 4, tcp.sequence);
  put32(bytes, at + 8, (tcp.flags & ACK) !== 0 ? flow.toLive(tcp.acknowledgement) : 0);
  bytes[at + 12] = (header / 4) << 4 | ((tcp.flags & AE) !== 0 ? 1 : 0);
  bytes[at + 13] = tcp.flags;
  put16(bytes, at + 14, Math.max(tcp.window, 0));
  put16(bytes, at + 18, tcp.urgent);
  writeOptions(bytes, at + 20, tcp, flow);
  put16(bytes, at + 16, sumWithPseudoHeader(bytes, flow.version, at, IPPROTO_TCP));
  return bytes;
}

/** What is left to a multiple of four octets is zeros: the end of the options. */
function writeOptions(bytes: Uint8Array, at: number, tcp: TcpSpec, flow: Flow): void {
  for (const { kind, data } of tcp.options!) {
    bytes[at++] = kind;
    if (kind <= 1) continue;
    bytes[at] = 2 + data.length;
    bytes.set(data, at + 1);
    if (kind === OPTION_SACK) {
      for (let i = 0; i < data.length; i += 4) put32(bytes, at + 1 + i, flow.toLive(get32(data, i)));
    } else if (kind === OPTION_TIMESTAMPS) put32(bytes, at + 5, flow.echoToLive(get32(data, 4)));
    at += 1 + data.length;
  }
}

function udpBytes(ip: IpSpec, udp: UdpSpec, flow: Flow): Uint8Array {
  const length = 8 + udp.payload;
  const { bytes, at } = ipBytes(flow.version, ip, IPPROTO_UDP, flow.remote, flow.local, length);
  put16(bytes, at, udp.sourcePort || flow.remotePort);
  put16(bytes, at + 2, udp.destinationPort || flow.localPort);
  put16(bytes, at + 4, length);
  put16(bytes, at + 6, sumWithPseudoHeader(bytes, flow.version, at, IPPROTO_UDP) || 0xffff);
  return bytes;
}

/** An error quotes the IP header and eight octets of what the flow sent; other messages have eight octets of nothing. */
function icmpBytes(ip: IpSpec, icmp: IcmpSpec, flow: Flow): Uint8Array {
  const { version } = flow;
  const number = (numbers: { v4: number; v6: number }) => version === 4 ? numbers.v4 : numbers.v6;
  const isError = !icmp.type.startsWith("echo");
  const quotedHeader = version === 4 ? 20 : 40;
  const length = 8 + (isError ? quotedHeader + 8 : 0);
  const protocol = version === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  const { bytes, at } = ipBytes(version, ip, protocol, flow.remote, flow.local, length);
  bytes[at] = number(ICMP_TYPES.get(icmp.type)!);
  bytes[at + 1] = icmp.code === null ? 0 : number(ICMP_CODES.get(icmp.code)!);
  if (icmp.mtu >= 0) put32(bytes, at + 4, icmp.mtu);
  if (icmp.identifier > 0) put16(bytes, at + 4, icmp.identifier);
  if (isError) writeQuoted(bytes, at + 8, icmp, flow);
  const sum = version === 4
    ? checksum(bytes, at, bytes.length)
    : sumWithPseudoHeader(bytes, version, at, IPPROTO_ICMPV6);
  put16(bytes, at + 2, sum);
  return bytes;
}

function writeQuoted(bytes: Uint8Array, at: number, { quoted }: IcmpSpec, flow: Flow): void {
  const tcp = quoted.protocol === "tcp";
  const length = (tcp ? 20 : 8) + quoted.payload;
  const protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
  writeIp(bytes, at, flow.version, { tos: 0, ttl: 64 }, protocol, flow.local, flow.remote, length);
  at += flow.version === 4 ? 20 : 40;
  put16(bytes, at, flow.localPort);
  put16(bytes, at + 2, flow.remotePort);
  if (tcp) put32(bytes, at + 4, flow.toLive(quoted.sequence));
  else put16(bytes, at + 4, length);
}
