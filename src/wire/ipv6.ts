/** IPv6 (RFC 8200): offsets from the start of the header, and addresses as 16 octets or text (RFC 5952). */
import { formatIpv4, parseIpv4 } from "./ipv4.ts";

export const IPV6_HEADER = 40;
export const IPV6_FLOW = 0;
export const IPV6_LENGTH = 4;
export const IPV6_NEXT_HEADER = 6;
export const IPV6_HOP_LIMIT = 7;
export const IPV6_SOURCE = 8;
export const IPV6_DESTINATION = 24;

export const NEXTHDR_HOP = 0;
export const NEXTHDR_ROUTING = 43;
export const NEXTHDR_FRAGMENT = 44;
export const NEXTHDR_ICMP = 58;
export const NEXTHDR_NONE = 59;
export const NEXTHDR_DEST = 60;

/** 16 octets. Treated as immutable wherever it is shared. */
export type Ipv6Address = Uint8Array;

export const IN6ADDR_ANY: Ipv6Address = new Uint8Array(16);
export const IN6ADDR_LOOPBACK: Ipv6Address = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

export function equal6(a: Uint8Array, b: Uint8Array, atA = 0, atB = 0): boolean {
  for (let i = 0; i < 16; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}

/** The text of RFC 5952, as `inet_ntop` gives it: `2001:db8::1`, `::ffff:1.2.3.4`. */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  const words: number[] = [];
  for (let i = 0; i < 8; i++) words.push((bytes[at + 2 * i] << 8) | bytes[at + 2 * i + 1]);
  let start = -1;
  let length = 1; // a single zero is not shortened
  for (let i = 0; i < 8;) {
    let j = i;
    while (j < 8 && words[j] === 0) j++;
    if (j - i > length) {
      start = i;
      length = j - i;
    }
    i = j > i ? j : i + 1;
  }
  const mapped = start === 0 && ((length === 5 && words[5] === 0xffff) || (length === 6 && words[6] !== 0));
  if (mapped) {
    const address = ((words[6] << 16) | words[7]) >>> 0;
    return (length === 5 ? "::ffff:" : "::") + formatIpv4(address);
  }
  const text = words.map((word) => word.toString(16));
  if (start < 0) return text.join(":");
  return text.slice(0, start).join(":") + "::" + text.slice(start + length).join(":");
}

/** Text as `inet_pton` takes it, without a scope (`%eth0`); null when it is not an address. */
export function parseIpv6(text: string): Uint8Array<ArrayBuffer> | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = halves.map((half) => half === "" ? [] : half.split(":"));
  const last = groups[groups.length - 1];
  if (last.length > 0 && last[last.length - 1].includes(".")) {
    const address = parseIpv4(last.pop()!);
    if (address === null) return null;
    last.push((address >>> 16).toString(16), (address & 0xffff).toString(16));
  }
  const count = groups.reduce((sum, words) => sum + words.length, 0);
  if (halves.length === 1 ? count !== 8 : count > 7) return null;
  const words = halves.length === 1
    ? groups[0]
    : [...groups[0], ...new Array<string>(8 - count).fill("0"), ...groups[1]];
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 8; i++) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(words[i])) return null;
    const word = parseInt(words[i], 16);
    bytes[2 * i] = word >>> 8;
    bytes[2 * i + 1] = word;
  }
  return bytes;
}

/** The IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2). */
export function mapped6(address: number): Ipv6Address {
  const bytes = new Uint8Array(16);
  bytes[10] = bytes[11] = 255;
  bytes[12] = address >>> 24;
  bytes[13] = address >>> 16;
  bytes[14] = address >>> 8;
  bytes[15] = address;
  return bytes;
}

export function isLinkLocal6(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xfe && (bytes[at + 1] & 0xc0) === 0x80;
}

export function isMulticast6(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xff;
}
