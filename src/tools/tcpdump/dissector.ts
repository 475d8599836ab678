/**
 * What all printers of tcpdump share: the octets of one captured packet, the text so far, and how to say that more was there than
 * was captured. Reading beyond the captured octets ends the packet with ` [|protocol]`, whatever it holds.
 *
 * @module
 */
import { fold, sumOctets } from "../../wire/checksum.ts";
import { formatMac } from "../../wire/ethernet.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import { get16, get32 } from "../../wire/octets.ts";

/** Thrown by reading beyond the captured octets; caught where the packet's printing began. */
export const TRUNCATED: unique symbol = Symbol("truncated");

/** Names that tcpdump prints instead of numbers, unless told not to. */
export interface NameSource {
  host(address: number | Uint8Array): string | null;
  port(port: number, protocol: "tcp" | "udp"): string | null;
  protocol(number: number): string | null;
}

export interface DissectorOptions {
  /** `-v` given so many times. */
  verbose: number;
  /** `-e`: the link header. */
  link: boolean;
  quick: boolean;
  /** `-S` */
  absoluteSequence: boolean;
  /** `-K` */
  noChecksum: boolean;
  /** Frames that no printer knows are not dumped: `-q`, or a dump that follows anyway. */
  suppressUnknown: boolean;
  names: NameSource | null;
}

export class Dissector {
  bytes: Uint8Array = new Uint8Array(0);
  /** One past the last octet that may be looked at. */
  end = 0;
  text = "";
  /** Of the printer at work, for ` [|protocol]`. */
  protocol = "";
  /** Where the destination of an IPv6 packet's last segment lies, when a routing header names it; else -1. */
  finalDestination = -1;
  /** Sequence numbers that conversations began with: see tcp.ts. */
  readonly conversations: Map<string, { sequence: number; acknowledgement: number }> = new Map();

  constructor(readonly options: DissectorOptions) {}

  /** The text of one packet, from its link header on. */
  dissect(bytes: Uint8Array, print: (dissector: Dissector) => void): string {
    this.bytes = bytes;
    this.end = bytes.length;
    this.text = "";
    this.finalDestination = -1;
    try {
      print(this);
    } catch (error) {
      if (error !== TRUNCATED) throw error;
      this.truncated();
    }
    return this.text;
  }

  print(text: string): void {
    this.text += text;
  }

  truncated(): void {
    this.text += ` [|${this.protocol}]`;
  }

  invalid(): void {
    this.text += " (invalid)";
  }

  has(at: number, length: number): boolean {
    return at + length <= this.end;
  }

  need(at: number, length: number): void {
    if (at + length > this.end) throw TRUNCATED;
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.bytes[at];
  }

  u16(at: number): number {
    this.need(at, 2);
    return get16(this.bytes, at);
  }

  u32(at: number): number {
    this.need(at, 4);
    return get32(this.bytes, at);
  }

  ipv4(at: number): string {
    const address = this.u32(at);
    return this.options.names?.host(address) ?? formatIpv4(address);
  }

  ipv6(at: number): string {
    this.need(at, 16);
    return this.options.names?.host(this.bytes.subarray(at, at + 16)) ?? formatIpv6(this.bytes, at);
  }

  mac(at: number): string {
    this.need(at, 6);
    return formatMac(this.bytes, at);
  }

  port(port: number, protocol: "tcp" | "udp"): string {
    return this.options.names?.port(port, protocol) ?? String(port);
  }

  /** Ones' complement sum of some octets, folded: 0xffff when a checksum among them is right. */
  sum(from: number, to: number, initial = 0): number {
    return fold(sumOctets(this.bytes, from, to, initial));
  }

  /** The sum over the pseudo header of the IP packet at `ip` and `length` octets of its payload at `at`. */
  transportSum(ip: number, at: number, length: number, protocol: number): number {
    const six = this.bytes[ip] >>> 4 === 6;
    let addresses = six ? sumOctets(this.bytes, ip + 8, ip + 40) : sumOctets(this.bytes, ip + 12, ip + 20);
    const final = this.finalDestination;
    if (six && final >= 0) {
      addresses = sumOctets(this.bytes, ip + 8, ip + 24) + sumOctets(this.bytes, final, final + 16);
    }
    return this.sum(at, at + length, addresses + protocol + (length & 0xffff) + (length >>> 16));
  }

  /** Octets in hex, sixteen a line, each line after `before`. */
  hex(at: number, length: number, before: string): void {
    const end = Math.min(at + length, this.end);
    for (let line = at; line < end; line += 16) this.text += before + hexLine(this.bytes, line, end, at, false);
  }

  /** As `hex`, with the characters beside. */
  hexAndText(at: number, length: number, before = "\n\t"): void {
    const end = Math.min(at + length, this.end);
    for (let line = at; line < end; line += 16) this.text += before + hexLine(this.bytes, line, end, at, true);
  }

  /** A frame that no printer knows. */
  unknown(at: number, length: number): void {
    if (!this.options.suppressUnknown) this.hexAndText(at, length);
  }

  /** Octets as text, with what is not printable as `^A` or `M-x`. */
  safe(at: number, length: number): string {
    let text = "";
    for (let i = at; i < Math.min(at + length, this.end); i++) text += safeCharacter(this.bytes[i]);
    return text;
  }
}

/** What a checksum field should hold, when `sum` was the folded sum with the wrong one in it (`in_cksum_shouldbe`). */
export function shouldBe(field: number, sum: number): number {
  let shouldbe = field + sum;
  shouldbe = (shouldbe & 0xffff) + (shouldbe >>> 16);
  shouldbe = (shouldbe & 0xffff) + (shouldbe >>> 16);
  return shouldbe;
}

export function safeCharacter(octet: number): string {
  let text = "";
  if (octet & 0x80) {
    octet &= 0x7f;
    text = "M-";
  }
  if (octet < 32 || octet === 127) return `${text}^${String.fromCharCode(octet ^ 0x40)}`;
  return text + String.fromCharCode(octet);
}

/** `0x0000:  4500 0054 …`, with the characters beside when `characters`. `from` is where counting begins. */
export function hexLine(bytes: Uint8Array, at: number, end: number, from: number, characters: boolean): string {
  let digits = "";
  let text = "";
  for (let i = at; i < Math.min(at + 16, end); i++) {
    if ((i - at) % 2 === 0) digits += " ";
    digits += bytes[i].toString(16).padStart(2, "0");
    text += bytes[i] > 32 && bytes[i] < 127 ? String.fromCharCode(bytes[i]) : ".";
  }
  const offset = `0x${(at - from).toString(16).padStart(4, "0")}: `;
  return characters ? `${offset}${digits.padEnd(41)} ${text}` : offset + digits;
}

/** `0x` and four digits. */
export function hex16(value: number): string {
  return "0x" + value.toString(16).padStart(4, "0");
}

/** The names of the bits that are set, joined; `none` when there are none. */
export function bits(value: number, names: readonly (readonly [number, string])[], none = "none"): string {
  const set = names.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name);
  return set.length === 0 ? none : set.join(", ");
}
