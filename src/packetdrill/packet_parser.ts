/** Packets: `< P. 1:101(100) ack 1 win 512 <nop,nop,sack 1:2>`, `> udp (10)`, `< [1:1001(1000)] icmp unreachable frag_needed mtu 1200`. */
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from "../wire/tcp.ts";
import {
  OPTION_END,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
} from "../wire/tcp.ts";
import { ICMP_CODES, ICMP_TYPES } from "./icmp_names.ts";
import type { IcmpSpec, IpSpec, PacketSpec, TcpOption, TcpSpec, UdpSpec } from "./syntax.ts";
import type { Tokens } from "./tokens.ts";

export const OPTION_MD5 = 19;
export const OPTION_FAST_OPEN = 34;
/** RFC 6994's shared experimental option, with Fast Open's identifier (0xf989) first. */
export const OPTION_EXPERIMENTAL = 254;

/** AE (RFC 9768) is bit 8, beside the eight of the flags' octet. */
export const AE = 0x100;

const FLAGS: Readonly<Record<string, number>> = {
  F: FIN,
  S: SYN,
  R: RST,
  P: PSH,
  ".": ACK,
  U: URG,
  E: ECE,
  W: CWR,
  C: CWR,
  A: AE,
};

const ECN: Readonly<Record<string, number>> = { noecn: 0, ect1: 1, ect0: 2, ce: 3 };
const WORD32 = 2 ** 32, WORD16 = 65536;

export function parsePacket(tokens: Tokens): PacketSpec {
  const outbound = tokens.take().text === ">";
  let quoted: IcmpSpec["quoted"] | null = null;
  let ip: IpSpec = { tosMask: 0, tos: 0, ect01: false, ttl: 0 };
  while (tokens.is("mark", "[") || tokens.is("mark", "(")) {
    if (isQuoted(tokens)) quoted = parseQuoted(tokens);
    else ip = parseIp(tokens, outbound);
  }
  if (tokens.accept("word", "icmp")) return { outbound, ip, body: parseIcmp(tokens, quoted) };
  if (quoted !== null) throw tokens.syntaxError();
  if (tokens.accept("word", "udp")) return { outbound, ip, body: parseUdp(tokens) };
  return { outbound, ip, body: parseTcp(tokens, outbound) };
}

function isQuoted(tokens: Tokens): boolean {
  const first = tokens.peek(1);
  return tokens.is("mark", "[") && (first.kind === "integer" || first.text === "udp" || first.text === "raw");
}

/** `[1:1001(1000)]` or `[udp (100)]`: what an ICMP error quotes. */
function parseQuoted(tokens: Tokens): IcmpSpec["quoted"] {
  tokens.mark("[");
  let quoted: IcmpSpec["quoted"];
  if (tokens.accept("word", "udp")) {
    tokens.mark("(");
    quoted = { protocol: "udp", sequence: 0, payload: tokens.unsigned(WORD16, "UDP payload size") };
    tokens.mark(")");
  } else quoted = { protocol: "tcp", ...parseSequence(tokens) };
  tokens.mark("]");
  return quoted;
}

function parseIp(tokens: Tokens, outbound: boolean): IpSpec {
  const close = tokens.take().text === "[" ? "]" : ")";
  const ip = { tosMask: 0, tos: 0, ect01: false, ttl: 0 };
  do {
    const { text: word, line } = tokens.expect("word");
    if (word in ECN) {
      ip.tosMask |= 3;
      ip.tos |= ECN[word];
    } else if (word === "ect01") {
      if (!outbound) throw tokens.semanticError("[ect01] can only be used with outbound packets", line);
      ip.ect01 = true;
    } else if (word === "tos") {
      ip.tosMask = 255;
      ip.tos = parseInt(tokens.expect("hex").text, 16);
      if (ip.tos > 255) throw tokens.semanticError("tos out of range for 8 bits", line);
    } else if (word === "ttl") ip.ttl = tokens.unsigned(256, "ttl");
    else if (word === "flowlabel") tokens.expect("hex");
    else throw tokens.syntaxError();
  } while (tokens.accept("mark", ","));
  tokens.mark(close);
  return ip;
}

function parsePorts(tokens: Tokens): { sourcePort: number; destinationPort: number } {
  if (!(tokens.is("integer") && tokens.peek(1).text === ">")) return { sourcePort: 0, destinationPort: 0 };
  const sourcePort = tokens.unsigned(WORD16, "src port");
  tokens.mark(">");
  return { sourcePort, destinationPort: tokens.unsigned(WORD16, "dst port") };
}

function parseUdp(tokens: Tokens): UdpSpec {
  const ports = parsePorts(tokens);
  tokens.mark("(");
  const payload = tokens.unsigned(WORD16, "UDP payload size");
  tokens.mark(")");
  return { protocol: "udp", ...ports, payload };
}

function parseIcmp(tokens: Tokens, quoted: IcmpSpec["quoted"] | null): IcmpSpec {
  const type = tokens.expect("word");
  if (!ICMP_TYPES.has(type.text)) throw tokens.semanticError("bad icmp type", type.line);
  let code: string | null = null, mtu = -1, identifier = 0;
  if (tokens.is("word") && tokens.next.text !== "mtu" && tokens.next.text !== "id") {
    const word = tokens.take();
    code = word.text;
    if (!ICMP_CODES.has(code)) throw tokens.semanticError("bad icmp code", word.line);
  }
  if (tokens.accept("word", "mtu")) mtu = tokens.unsigned(WORD32, "mtu");
  if (tokens.accept("word", "id")) identifier = tokens.unsigned(WORD16, "id");
  if (quoted === null && isQuoted(tokens)) quoted = parseQuoted(tokens);
  quoted ??= { protocol: "tcp", sequence: 0, payload: 0 };
  return { protocol: "icmp", type: type.text, code, mtu, identifier, quoted };
}

function parseTcp(tokens: Tokens, outbound: boolean): TcpSpec {
  const ports = parsePorts(tokens);
  const flags = parseFlags(tokens);
  const { sequence, payload } = parseSequence(tokens);
  const acknowledgement = tokens.accept("word", "ack") ? tokens.unsigned(WORD32, "TCP ack sequence number") : 0;
  const window = tokens.accept("word", "win") ? tokens.unsigned(WORD16, "TCP window value") : -1;
  const urgent = tokens.accept("word", "urg") ? tokens.unsigned(WORD16, "urg_ptr value") : 0;
  const options = parseOptions(tokens, outbound);
  return { protocol: "tcp", ...ports, flags, sequence, payload, acknowledgement, window, urgent, options };
}

function parseFlags(tokens: Tokens): number {
  if (tokens.accept("mark", "-")) return 0;
  let flags = 0;
  if (tokens.is("word")) {
    const { text, line } = tokens.take();
    for (const letter of text) {
      if (!(letter in FLAGS)) throw tokens.semanticError(`The TCP flags have an invalid character '${letter}'`, line);
      flags |= FLAGS[letter];
    }
  } else if (!tokens.is("mark", ".")) throw tokens.syntaxError();
  if (tokens.accept("mark", ".")) flags |= ACK;
  return flags;
}

function parseSequence(tokens: Tokens): { sequence: number; payload: number } {
  const line = tokens.next.line;
  const sequence = tokens.unsigned(WORD32, "TCP start sequence number");
  tokens.mark(":");
  const end = tokens.unsigned(WORD32, "TCP end sequence number");
  tokens.mark("(");
  const payload = tokens.unsigned(WORD16, "TCP payload size");
  tokens.mark(")");
  if (end !== (sequence + payload) % WORD32) {
    throw tokens.semanticError("inconsistent TCP sequence numbers and payload size", line);
  }
  return { sequence, payload };
}

function parseOptions(tokens: Tokens, outbound: boolean): TcpOption[] | null {
  if (!(tokens.is("mark", "<") && (tokens.peek(1).kind === "word" || tokens.peek(1).text === "..."))) return [];
  const line = tokens.take().line;
  if (tokens.accept("mark", "...")) {
    tokens.mark(">");
    if (!outbound) {
      throw tokens.semanticError("<...> for TCP options can only be used with outbound packets", line);
    }
    return null;
  }
  const options: TcpOption[] = [];
  let length = 0;
  do {
    const option = parseTcpOption(tokens);
    length += option.kind <= OPTION_NOP ? 1 : 2 + option.data.length;
    if (length > 40) throw tokens.semanticError("TCP option list too long", line);
    options.push(option);
  } while (tokens.accept("mark", ","));
  tokens.mark(">");
  return options;
}

function parseTcpOption(tokens: Tokens): TcpOption {
  const { text: name } = tokens.expect("word");
  switch (name) {
    case "nop":
      return { kind: OPTION_NOP, data: new Uint8Array(0) };
    case "eol":
      return { kind: OPTION_END, data: new Uint8Array(0) };
    case "mss":
      return { kind: OPTION_MSS, data: octets(2, tokens.unsigned(WORD16, "mss value")) };
    case "wscale":
      return { kind: OPTION_WINDOW_SCALE, data: octets(1, tokens.unsigned(256, "window scale shift count")) };
    case "sackOK":
      return { kind: OPTION_SACK_PERMITTED, data: new Uint8Array(0) };
    case "sack":
      return { kind: OPTION_SACK, data: parseSack(tokens) };
    case "TS": {
      tokens.expect("word", "val");
      const value = tokens.unsigned(WORD32, "ts val");
      tokens.expect("word", "ecr");
      return { kind: OPTION_TIMESTAMPS, data: octets(4, value, tokens.unsigned(WORD32, "ecr val")) };
    }
    case "FO":
      return { kind: OPTION_FAST_OPEN, data: parseHex(tokens) };
    case "FOEXP":
      return { kind: OPTION_EXPERIMENTAL, data: Uint8Array.of(0xf9, 0x89, ...parseHex(tokens)) };
    case "md5":
      return { kind: OPTION_MD5, data: parseHex(tokens) };
  }
  throw tokens.syntaxError();
}

function parseSack(tokens: Tokens): Uint8Array {
  const edges: number[] = [];
  do {
    edges.push(tokens.unsigned(WORD32, "TCP SACK left sequence number"));
    tokens.mark(":");
    edges.push(tokens.unsigned(WORD32, "TCP SACK right sequence number"));
  } while (tokens.is("integer") && edges.length < 10);
  return octets(4, ...edges);
}

/** Hex digits without 0x: a cookie or digest. None is none. */
function parseHex(tokens: Tokens): Uint8Array {
  if (!(tokens.is("word") || tokens.is("integer"))) return new Uint8Array(0);
  const { text, line } = tokens.take();
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw tokens.semanticError("bad hex digits", line);
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

/** Big-endian numbers of `size` octets. */
function octets(size: number, ...values: number[]): Uint8Array {
  const bytes = new Uint8Array(size * values.length);
  values.forEach((value, index) => {
    for (let i = 0; i < size; i++) bytes[index * size + i] = Math.floor(value / 2 ** (8 * (size - 1 - i)));
  });
  return bytes;
}
