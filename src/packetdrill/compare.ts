/** Compares a packet that came out with the one that the script expects, in packetdrill's order and words. */
import { checksum } from "../wire/checksum.ts";
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from "../wire/tcp.ts";
import { ICMP_CODES, ICMP_TYPES } from "./icmp_names.ts";
import { hasData, type LivePacket, payloadStart } from "./live_packet.ts";
import { AE } from "./packet_parser.ts";
import type { IcmpSpec, PacketSpec, TcpOption, TcpSpec } from "./syntax.ts";

const FLAG_FIELDS: readonly [string, number][] = [
  ["tcp_fin", FIN],
  ["tcp_syn", SYN],
  ["tcp_rst", RST],
  ["tcp_psh", PSH],
  ["tcp_ack", ACK],
  ["tcp_urg", URG],
  ["tcp_ece", ECE],
  ["tcp_cwr", CWR],
  ["tcp_ae", AE],
];

/**
 * The first difference, or null. `actual` is `live` in the script's terms. `timestampTicks`: how far (in ticks) an outgoing
 * timestamp may be off, -1 for any.
 */
export function difference(
  script: PacketSpec,
  actual: PacketSpec,
  live: LivePacket,
  timestampTicks: number,
): string | null {
  if (live.version === 4 && checksum(live.bytes, 0, live.transport) !== 0) return "bad outbound IP checksum";
  const kind = script.body.protocol;
  if (kind !== actual.body.protocol) {
    return `live packet header layer 1: expected: ${kind.toUpperCase()} header vs actual: ${actual.body.protocol.toUpperCase()} header`;
  }
  const ip = ipDifference(script, actual, live);
  if (ip !== null) return ip;
  if (script.body.protocol === "tcp") {
    return tcpDifference(script.body, actual.body as TcpSpec, timestampTicks) ?? payloadDifference(live);
  }
  if (script.body.protocol === "icmp") return icmpDifference(script.body, live);
  return null;
}

function field(name: string, expected: number, actual: number): string | null {
  if (expected === actual) return null;
  const show = (value: number) => `${value >>> 0} (0x${(value >>> 0).toString(16)})`;
  return `live packet field ${name}: expected: ${show(expected)} vs actual: ${show(actual)}`;
}

function ipDifference(script: PacketSpec, actual: PacketSpec, live: LivePacket): string | null {
  const length = transportLength(script, actual);
  if (live.version === 4) {
    const header = field("ipv4_header_length", 5, live.transport / 4);
    if (header !== null) return header;
    if (length >= 0) {
      const total = field("ipv4_total_length", 20 + length, 20 + transportLength(actual, actual));
      if (total !== null) return total;
    }
  } else if (length >= 0) {
    const total = field("ipv6_payload_len", length, transportLength(actual, actual));
    if (total !== null) return total;
  }
  const { ip } = script;
  if (ip.ect01 && ((actual.ip.tos & 3) === 0 || (actual.ip.tos & 3) === 3)) {
    return `live packet field ip_ecn: expected: 0x1 or 0x2 vs actual: 0x${(actual.ip.tos & 3).toString(16)}`;
  }
  if (ip.tosMask !== 0) {
    const tos = field(ip.tosMask === 3 ? "ip_ecn" : "tos", ip.tos, actual.ip.tos & ip.tosMask);
    if (tos !== null) return tos;
  }
  return ip.ttl === 0 ? null : field("ttl", ip.ttl, actual.ip.ttl);
}

/** Octets behind the IP header; -1 when the script does not say. `<...>` takes the options that are there. */
function transportLength({ body }: PacketSpec, actual: PacketSpec): number {
  if (body.protocol === "icmp") return -1;
  if (body.protocol === "udp") return 8 + body.payload;
  return 20 + optionsLength(body.options ?? (actual.body as TcpSpec).options ?? []) + body.payload;
}

export function optionsLength(options: readonly TcpOption[]): number {
  let length = 0;
  for (const { kind, data } of options) length += kind <= 1 ? 1 : 2 + data.length;
  return (length + 3) & ~3;
}

function tcpDifference(script: TcpSpec, actual: TcpSpec, timestampTicks: number): string | null {
  const actualOptions = actual.options ?? [];
  const offset = field(
    "tcp_data_offset",
    5 + optionsLength(script.options ?? actualOptions) / 4,
    5 + optionsLength(actualOptions) / 4,
  );
  if (offset !== null) return offset;
  for (const [name, bit] of FLAG_FIELDS) {
    // where a sender cuts its data, and so where PSH comes, is not laid down
    if (bit === PSH && script.payload > 0) continue;
    const differs = field(name, (script.flags & bit) !== 0 ? 1 : 0, (actual.flags & bit) !== 0 ? 1 : 0);
    if (differs !== null) return differs;
  }
  return field("tcp_seq", script.sequence, actual.sequence) ??
    field("tcp_ack_seq", script.acknowledgement, actual.acknowledgement) ??
    (script.window < 0 ? null : field("tcp_window", script.window, actual.window)) ??
    field("tcp_urg_ptr", script.urgent, actual.urgent) ??
    optionsDifference(script.options, actualOptions, timestampTicks);
}

function optionsDifference(
  script: readonly TcpOption[] | null,
  actual: readonly TcpOption[],
  timestampTicks: number,
): string | null {
  if (script === null) return null;
  for (let i = 0; i < Math.max(script.length, actual.length); i++) {
    const expected = script[i], seen = actual[i];
    if (expected === undefined || seen === undefined || expected.kind !== seen.kind) return "bad outbound TCP options";
    if (hasData(seen.kind)) {
      if (expected.data.length !== seen.data.length) return `bad lengths for outbound TCP option ${expected.kind}`;
      if (expected.data.some((octet, at) => octet !== seen.data[at])) {
        return `bad value outbound TCP option ${expected.kind}`;
      }
    } else if (timestampTicks >= 0 && seen.data.length === 8) {
      const view = (data: Uint8Array) => new DataView(data.buffer, data.byteOffset).getUint32(0);
      if (Math.abs((view(expected.data) - view(seen.data)) | 0) > timestampTicks) {
        return "bad outbound TCP timestamp value";
      }
    }
  }
  return null;
}

/** What system calls send here is zeros. */
function payloadDifference(live: LivePacket): string | null {
  for (let at = payloadStart(live); at < live.end; at++) {
    if (live.bytes[at] !== 0) return "incorrect outbound data payload";
  }
  return null;
}

function icmpDifference(script: IcmpSpec, live: LivePacket): string | null {
  const type = ICMP_TYPES.get(script.type)!, code = script.code === null ? null : ICMP_CODES.get(script.code)!;
  const number = (numbers: { v4: number; v6: number }) => live.version === 4 ? numbers.v4 : numbers.v6;
  return field("icmp_type", number(type), live.bytes[live.transport]) ??
    (code === null ? null : field("icmp_code", number(code), live.bytes[live.transport + 1]));
}
