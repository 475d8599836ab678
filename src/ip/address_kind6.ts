/** What kind an IPv6 address is (RFC 4291), read from octets in place, and the well-known addresses. */
import { get32 } from "../wire/octets.ts";
import { type Ipv6Address, parseIpv6 } from "../wire/ipv6.ts";

function known(text: string): Ipv6Address {
  return parseIpv6(text)!;
}

export const LINKLOCAL_PREFIX: Ipv6Address = known("fe80::");
export const MULTICAST_PREFIX: Ipv6Address = known("ff00::");
export const INTERFACE_ALL_NODES: Ipv6Address = known("ff01::1");
export const LINK_ALL_NODES: Ipv6Address = known("ff02::1");
export const INTERFACE_ALL_ROUTERS: Ipv6Address = known("ff01::2");
export const LINK_ALL_ROUTERS: Ipv6Address = known("ff02::2");
export const SITE_ALL_ROUTERS: Ipv6Address = known("ff05::2");
export const MLDV2_ROUTERS: Ipv6Address = known("ff02::16");

/** Multicast scopes (RFC 4291 section 2.7), in which those of unicast addresses are expressed too (RFC 6724 section 3.1). */
export const SCOPE_INTERFACE = 1;
export const SCOPE_LINK = 2;
export const SCOPE_SITE = 5;
export const SCOPE_GLOBAL = 14;

export function isAny6(bytes: Uint8Array, at = 0): boolean {
  return (bytes[at] | bytes[at + 1]) === 0 && get32(bytes, at) === 0 && get32(bytes, at + 4) === 0 &&
    get32(bytes, at + 8) === 0 && get32(bytes, at + 12) === 0;
}

export function isLoopback6(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0 && get32(bytes, at) === 0 && get32(bytes, at + 4) === 0 && get32(bytes, at + 8) === 0 &&
    get32(bytes, at + 12) === 1;
}

export function isMapped6(bytes: Uint8Array, at = 0): boolean {
  return get32(bytes, at) === 0 && get32(bytes, at + 4) === 0 && get32(bytes, at + 8) === 0xffff;
}

export function isSiteLocal6(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xfe && (bytes[at + 1] & 0xc0) === 0xc0;
}

/** The scope of a unicast or multicast address (`__ipv6_addr_src_scope`): -1 for those that must not leave the host. */
export function scope6(bytes: Uint8Array, at = 0): number {
  if (bytes[at] === 0xff) return bytes[at + 1] & 15;
  if (bytes[at] === 0xfe) {
    const kind = bytes[at + 1] & 0xc0;
    if (kind === 0x80) return SCOPE_LINK;
    if (kind === 0xc0) return SCOPE_SITE;
  }
  if (bytes[at] === 0 && isLoopback6(bytes, at)) return SCOPE_LINK;
  return SCOPE_GLOBAL;
}

/** Whether the first `length` bits are equal. */
export function prefixEqual6(a: Uint8Array, b: Uint8Array, length: number, atA = 0, atB = 0): boolean {
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (a[atA + i] !== b[atB + i]) return false;
  const rest = length & 7;
  return rest === 0 || ((a[atA + whole] ^ b[atB + whole]) >> (8 - rest)) === 0;
}

/** How many leading bits are equal. */
export function commonPrefix6(a: Uint8Array, b: Uint8Array, atA = 0, atB = 0): number {
  for (let i = 0; i < 16; i++) {
    const difference = a[atA + i] ^ b[atB + i];
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return 128;
}

/** The address with all but its first `length` bits cleared; a new array. */
export function masked6(address: Uint8Array, length: number): Ipv6Address {
  const bytes = new Uint8Array(16);
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) bytes[i] = address[i];
  if (whole < 16) bytes[whole] = address[whole] & (0xff00 >> (length & 7));
  return bytes;
}

/** The solicited-node multicast group of an address (RFC 4291 section 2.7.1). */
export function solicitedNode(address: Uint8Array, at = 0): Ipv6Address {
  const group = new Uint8Array(16);
  group[0] = 0xff;
  group[1] = 2;
  group[11] = 1;
  group[12] = 0xff;
  group[13] = address[at + 13];
  group[14] = address[at + 14];
  group[15] = address[at + 15];
  return group;
}

/** Writes the modified EUI-64 of a MAC address (RFC 4291 appendix A) into the last eight octets. */
export function putEui64(address: Uint8Array, mac: Uint8Array): void {
  address[8] = mac[0] ^ 2;
  address[9] = mac[1];
  address[10] = mac[2];
  address[11] = 0xff;
  address[12] = 0xfe;
  address[13] = mac[3];
  address[14] = mac[4];
  address[15] = mac[5];
}

/** The Ethernet group of an IPv6 multicast address (RFC 2464 section 7) written at `at`. */
export function putMulticastMac(bytes: Uint8Array, at: number, group: Uint8Array, groupAt = 0): void {
  bytes[at] = bytes[at + 1] = 0x33;
  bytes[at + 2] = group[groupAt + 12];
  bytes[at + 3] = group[groupAt + 13];
  bytes[at + 4] = group[groupAt + 14];
  bytes[at + 5] = group[groupAt + 15];
}

/** A number that spreads addresses over hash buckets; a 32-bit signed integer. */
export function hash6(bytes: Uint8Array, at = 0): number {
  let hash = Math.imul(get32(bytes, at) ^ Math.imul(get32(bytes, at + 4), 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ get32(bytes, at + 8), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ get32(bytes, at + 12), 0x27d4eb2f);
  return hash ^ (hash >>> 16);
}
