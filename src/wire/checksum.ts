/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are unfolded numbers until `fold`. */
import { get16 } from "./octets.ts";

/** Adds the octets of [from, to) to `sum`; an odd last octet counts as the high half. Exact for up to 2³⁷ octets. */
export function sumOctets(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let at = from;
  // Two 32-bit halves kept apart would need carries; doubles hold 2^53, so plain addition is enough.
  for (; at + 8 <= to; at += 8) {
    sum += ((bytes[at] << 8) | bytes[at + 1]) + ((bytes[at + 2] << 8) | bytes[at + 3]) +
      ((bytes[at + 4] << 8) | bytes[at + 5]) + ((bytes[at + 6] << 8) | bytes[at + 7]);
  }
  for (; at + 2 <= to; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  if (at < to) sum += bytes[at] << 8;
  return sum;
}

/** Folds a sum into 16 bits, without inverting it. */
export function fold(sum: number): number {
  if (sum > 0xffffffff) sum = Math.floor(sum / 0x10000) + (sum % 0x10000);
  sum = (sum >>> 16) + (sum & 0xffff);
  sum = (sum >>> 16) + (sum & 0xffff);
  return sum;
}

/** The checksum field for the octets of [from, to), whose own checksum field must be zero: inverted and folded. */
export function checksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  return ~fold(sumOctets(bytes, from, to, sum)) & 0xffff;
}

/** The pseudo header's part of a UDP, TCP or ICMPv6 sum: addresses of `size` octets at `source` and `destination`. */
export function pseudoHeader(
  bytes: Uint8Array,
  source: number,
  destination: number,
  size: number,
  protocol: number,
  length: number,
): number {
  return sumOctets(bytes, source, source + size, 0) + sumOctets(bytes, destination, destination + size, 0) +
    protocol + (length >>> 16) + (length & 0xffff);
}

/** A checksum field after one 16-bit word changed from `was` to `is` (RFC 1624, equation 3). */
export function updated(field: number, was: number, is: number): number {
  return ~fold((~field & 0xffff) + (~was & 0xffff) + is) & 0xffff;
}

/** As `updated`, applied in place. */
export function updateAt(bytes: Uint8Array, field: number, was: number, is: number): void {
  const value = updated(get16(bytes, field), was, is);
  bytes[field] = value >>> 8;
  bytes[field + 1] = value;
}
