/** Addresses and prefixes as iproute2 reads and prints them (`get_addr`, `get_prefix`). */
import type { IpAddress } from "../../ip/host.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../../wire/ipv6.ts";
import { CommandError, parseUnsigned } from "./arguments.ts";

/** Address families by iproute2's names; `unspec` where none was given. */
export type Family = "unspec" | "inet" | "inet6" | "link" | "bridge" | "mpls";

export interface Prefix {
  family: Family;
  /** 0 or all zeroes for `default`, `any` and `all`. */
  address: IpAddress;
  /** Bits; -1 when nobody said (`default`, `any`, `all`). */
  length: number;
  /** `/length` was written. */
  given: boolean;
  /** `default`, `any` or `all`. */
  unspecified: boolean;
}

export function formatAddress(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

export function familyOf(address: IpAddress): "inet" | "inet6" {
  return typeof address === "number" ? "inet" : "inet6";
}

export function bits(address: IpAddress): 32 | 128 {
  return typeof address === "number" ? 32 : 128;
}

/** `10.0.0.1` without length when it is a host's, else with: what `ip route` prints. */
export function formatPrefix(address: IpAddress, length: number): string {
  return length === bits(address) ? formatAddress(address) : `${formatAddress(address)}/${length}`;
}

/** IPv4 as iproute2 reads it: one to four numbers of any base, the missing ones zero (`10.1` is 10.1.0.0). */
function parseShortIpv4(text: string): number | null {
  const words = text.split(".");
  if (words.length > 4) return null;
  let address = 0;
  for (let i = 0; i < 4; i++) {
    const octet = i < words.length ? parseUnsigned(words[i], 255) : 0;
    if (octet === null) return null;
    address = address * 256 + octet;
  }
  return address;
}

export function zeroAddress(family: Family): IpAddress {
  return family === "inet6" ? new Uint8Array(16) : 0;
}

/** An address, `default`, `any` or `all`; null when it is none or of another family than asked for. */
export function parseAddress(text: string, family: Family): Prefix | null {
  if (text === "default" || text === "any" || text === "all") {
    return { family, address: zeroAddress(family), length: -1, given: false, unspecified: true };
  }
  if (text.includes(":")) {
    if (family !== "unspec" && family !== "inet6") return null;
    const address = parseIpv6(text);
    return address === null ? null : { family: "inet6", address, length: 128, given: false, unspecified: false };
  }
  if (family !== "unspec" && family !== "inet") return null;
  const address = parseShortIpv4(text);
  return address === null ? null : { family: "inet", address, length: 32, given: false, unspecified: false };
}

/** A length, or a netmask as a dotted quad. */
function parseLength(text: string): number | null {
  const number = parseUnsigned(text);
  if (number !== null) return number;
  const mask = parseShortIpv4(text);
  if (mask === null || !text.includes(".")) return null;
  const ones = Math.clz32(~mask >>> 0);
  return mask === (ones === 0 ? 0 : (0xffffffff << (32 - ones)) >>> 0) ? ones : null;
}

export function parsePrefix(text: string, family: Family): Prefix | null {
  const slash = text.indexOf("/");
  const prefix = parseAddress(slash < 0 ? text : text.slice(0, slash), family);
  if (prefix === null || slash < 0) return prefix;
  const length = parseLength(text.slice(slash + 1));
  if (length === null) return null;
  if (prefix.unspecified) prefix.length = length;
  else if (length > prefix.length) return null;
  prefix.length = length;
  prefix.given = true;
  return prefix;
}

/** How error messages name a family (`family_name_verbose`). */
function verbose(family: Family): string {
  return family === "unspec" ? "any valid" : family;
}

/** `get_addr`. */
export function readAddress(text: string, family: Family): Prefix {
  if (family === "link") {
    throw new CommandError(`Error: "${text}" may be inet address, but it is not allowed in this context.\n`, 1);
  }
  return parseAddress(text, family) ?? fail(text, family, "address");
}

/** `get_prefix`. */
export function readPrefix(text: string, family: Family): Prefix {
  if (family === "link") {
    throw new CommandError(`Error: "${text}" may be inet prefix, but it is not allowed in this context.\n`, 1);
  }
  return parsePrefix(text, family) ?? fail(text, family, "prefix");
}

function fail(text: string, family: Family, what: string): never {
  throw new CommandError(`Error: ${verbose(family)} ${what} is expected rather than "${text}".\n`, 1);
}

/** Whether the first `length` bits are equal, and of one family. */
export function samePrefix(a: IpAddress, b: IpAddress, length: number): boolean {
  if (typeof a === "number") {
    if (typeof b !== "number") return false;
    return length === 0 || ((a ^ b) >>> (32 - length)) === 0;
  }
  if (typeof b === "number") return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false;
  return (length & 7) === 0 || ((a[whole] ^ b[whole]) >> (8 - (length & 7))) === 0;
}

export function sameAddress(a: IpAddress, b: IpAddress): boolean {
  return typeof a === typeof b && samePrefix(a, b, bits(a));
}
