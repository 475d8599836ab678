/** A packet that came out, read back into the script's terms. */
import { ICMPV6_MLD_QUERY } from "../wire/icmp.ts";
import { get16, get32 } from "../wire/octets.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { ACK, OPTION_END, OPTION_NOP, OPTION_TIMESTAMPS, SYN } from "../wire/tcp.ts";
import type { Flow } from "./flow.ts";
import { ICMP_CODES, ICMP_TYPES, icmpName } from "./icmp_names.ts";
import { AE } from "./packet_parser.ts";
import type { IcmpSpec, PacketSpec, TcpOption, TcpSpec } from "./syntax.ts";
import type { Outgoing } from "./tun.ts";

export interface LivePacket {
  readonly bytes: Uint8Array;
  /** ns */
  readonly at: number;
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Offset of the transport header, and one past the last octet. */
  readonly transport: number;
  readonly end: number;
}

export function readOutgoing({ bytes, at }: Outgoing): LivePacket | null {
  const version = bytes[0] >>> 4;
  if (version === 4) {
    if (bytes.length < 20) return null;
    return { bytes, at, version, protocol: bytes[9], transport: (bytes[0] & 15) * 4, end: get16(bytes, 2) };
  }
  if (version !== 6 || bytes.length < 40) return null;
  return { bytes, at, version, protocol: bytes[6], transport: 40, end: 40 + get16(bytes, 4) };
}

export function isTcp(packet: LivePacket): boolean {
  return packet.protocol === IPPROTO_TCP && packet.end - packet.transport >= 20;
}

/** Whether a script's packets of `protocol` are compared with this one: TCP and UDP always, ICMP only with ICMP, the rest never. */
export function isRelevant(packet: LivePacket, protocol: "tcp" | "udp" | "icmp"): boolean {
  if (packet.protocol === IPPROTO_TCP) return isTcp(packet);
  const length = packet.end - packet.transport;
  if (packet.protocol === IPPROTO_UDP) return length >= 8;
  if (protocol !== "icmp" || length < 8) return false;
  if (packet.version === 4) return packet.protocol === IPPROTO_ICMP;
  const type = packet.bytes[packet.transport];
  return packet.protocol === IPPROTO_ICMPV6 && type < ICMPV6_MLD_QUERY; // not what keeps the link going
}

/** Of a TCP packet. */
export function payloadStart(packet: LivePacket): number {
  return packet.transport + (packet.bytes[packet.transport + 12] >>> 4) * 4;
}

/** A SYN says which ports and which initial sequence number the stack chose; `script` is what the script has for it. */
export function learn(flow: Flow, packet: LivePacket, script: TcpSpec | null): void {
  if (!isTcp(packet)) return;
  const { bytes, transport } = packet;
  if ((bytes[transport + 13] & SYN) === 0) return;
  flow.localPort = get16(bytes, transport);
  flow.remotePort = get16(bytes, transport + 2);
  flow.offset = (get32(bytes, transport + 4) - (script?.sequence ?? 0)) >>> 0;
}

/** The packet as a script would have it; null for what no script can say. */
export function describe(packet: LivePacket, flow: Flow): PacketSpec | null {
  const { bytes, version, protocol, transport, end } = packet;
  const tos = version === 4 ? bytes[1] : ((bytes[0] & 15) << 4) | (bytes[1] >>> 4);
  const ip = { tosMask: 255, tos, ect01: false, ttl: version === 4 ? bytes[8] : bytes[7] };
  const length = end - transport;
  if (protocol === IPPROTO_TCP && length >= 20) return { outbound: true, ip, body: describeTcp(packet, flow) };
  if (protocol === IPPROTO_UDP && length >= 8) {
    const sourcePort = get16(bytes, transport), destinationPort = get16(bytes, transport + 2);
    return { outbound: true, ip, body: { protocol: "udp", sourcePort, destinationPort, payload: length - 8 } };
  }
  if (protocol === (version === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) && length >= 8) {
    return { outbound: true, ip, body: describeIcmp(packet) };
  }
  return null;
}

function describeIcmp({ bytes, version, transport }: LivePacket): IcmpSpec {
  const type = icmpName(ICMP_TYPES, version, bytes[transport]);
  const code = type === "unreachable" ? icmpName(ICMP_CODES, version, bytes[transport + 1]) : null;
  const mtu = code === "frag_needed" || type === "packet_too_big" ? get32(bytes, transport + 4) : -1;
  const identifier = type.startsWith("echo") ? get16(bytes, transport + 4) : 0;
  return { protocol: "icmp", type, code, mtu, identifier, quoted: { protocol: "tcp", sequence: 0, payload: 0 } };
}

function describeTcp(packet: LivePacket, flow: Flow): TcpSpec {
  const { bytes, transport, end } = packet;
  const flags = bytes[transport + 13] | ((bytes[transport + 12] & 1) !== 0 ? AE : 0);
  return {
    protocol: "tcp",
    sourcePort: get16(bytes, transport),
    destinationPort: get16(bytes, transport + 2),
    flags,
    sequence: flow.toScript(get32(bytes, transport + 4)),
    payload: end - payloadStart(packet),
    acknowledgement: (flags & ACK) !== 0 ? get32(bytes, transport + 8) : 0,
    window: get16(bytes, transport + 14),
    urgent: get16(bytes, transport + 18),
    options: describeOptions(bytes, transport + 20, payloadStart(packet), flow),
  };
}

function describeOptions(bytes: Uint8Array, at: number, end: number, flow: Flow): TcpOption[] {
  const options: TcpOption[] = [];
  while (at < end) {
    const kind = bytes[at];
    if (kind === OPTION_END || kind === OPTION_NOP) {
      options.push({ kind, data: new Uint8Array(0) });
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1] : 0;
    if (length < 2 || at + length > end) break;
    const data = bytes.slice(at + 2, at + length);
    if (kind === OPTION_TIMESTAMPS && data.length === 8) {
      new DataView(data.buffer).setUint32(0, flow.timestampToScript(get32(data, 0)));
    }
    options.push({ kind, data });
    at += length;
  }
  return options;
}

/** The first timestamp option's value in what was described, or what the script says; -1 when there is none. */
export function timestampOf(options: readonly TcpOption[] | null): number {
  for (const { kind, data } of options ?? []) if (kind === OPTION_TIMESTAMPS) return get32(data, 0);
  return -1;
}

/** The unmapped timestamp value of a live TCP packet; -1 when there is none. */
export function liveTimestamp(packet: LivePacket): number {
  const { bytes, transport } = packet;
  const end = payloadStart(packet);
  for (let at = transport + 20; at < end;) {
    const kind = bytes[at];
    if (kind === OPTION_END) break;
    if (kind === OPTION_NOP) at++;
    else if (at + 1 >= end || bytes[at + 1] < 2) break;
    else if (kind === OPTION_TIMESTAMPS && at + 10 <= end) return get32(bytes, at + 2);
    else at += bytes[at + 1];
  }
  return -1;
}

/** Whether two options of these kinds carry data that is to be equal. */
export function hasData(kind: number): boolean {
  return kind !== OPTION_END && kind !== OPTION_NOP && kind !== OPTION_TIMESTAMPS;
}
