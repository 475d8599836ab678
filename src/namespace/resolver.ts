/**
 * Names to addresses and back, as glibc's getaddrinfo and getnameinfo do it with `hosts: files dns`: numbers, the hosts file,
 * then whoever asks the name servers; answers in the order of RFC 6724 (`rfc3484_sort` in sysdeps/posix/getaddrinfo.c).
 *
 * @module
 */
import type { IpAddress, Path } from "../ip/host.ts";
import type { AddressFamily } from "../ip/netlink.ts";
import { INADDR_LOOPBACK, isLoopback4, mask4 } from "../wire/ipv4.ts";
import { equal6, IN6ADDR_LOOPBACK, isLinkLocal6, isMulticast6, mapped6, parseIpv6 } from "../wire/ipv6.ts";
import { get32 } from "../wire/octets.ts";
import type { FileView } from "./file_system.ts";
import { hostByAddress, type HostsEntry, readHosts } from "./hosts.ts";
import type { NetworkNamespace } from "./namespace.ts";

const WORDS = {
  EAI_NONAME: "Name or service not known",
  EAI_AGAIN: "Temporary failure in name resolution",
  EAI_FAIL: "Non-recoverable failure in name resolution",
  EAI_NODATA: "No address associated with hostname",
  EAI_FAMILY: "ai_family not supported",
  EAI_ADDRFAMILY: "Address family for hostname not supported",
  EAI_SERVICE: "Servname not supported for ai_socktype",
} as const;

export type ResolveErrorCode = keyof typeof WORDS;

/** `gai_strerror` */
export function resolveErrorWords(code: ResolveErrorCode): string {
  return WORDS[code];
}

/** What getaddrinfo answers instead of addresses; the message is `gai_strerror`'s. */
export class ResolveError extends Error {
  override name = "ResolveError";
  constructor(readonly code: ResolveErrorCode) {
    super(WORDS[code]);
  }
}

export interface ResolvedAddress {
  readonly family: 4 | 6;
  readonly address: IpAddress;
  /** Index of the interface of `fe80::1%eth0`; 0 when none was given. */
  readonly scope: number;
}

export interface ResolvedName {
  /** Best first. */
  readonly addresses: readonly ResolvedAddress[];
  /** The name that a service has for it; the name asked for when it was a number. */
  readonly canonicalName: string;
}

/** Where a question is asked: the namespace that packets leave from, and its files. */
export interface NameContext {
  readonly namespace: NetworkNamespace;
  readonly files: FileView;
}

/** Who asks the name servers of `/etc/resolv.conf` (the `dns` of nsswitch.conf). */
export interface NameService {
  /** Throws a ResolveError. `family` null: both. */
  lookup(name: string, family: 4 | 6 | null, context: NameContext): Promise<ResolvedName>;
  /** The name of an address, or null. */
  reverse(address: IpAddress, context: NameContext): Promise<string | null>;
}

export interface ResolveOptions {
  /** Only this family. */
  family?: 4 | 6 | null;
  /** AI_ADDRCONFIG: only families of which an interface has an address other than loopback's. */
  addressConfigured?: boolean;
  /** AI_NUMERICHOST: EAI_NONAME for what is not a number. */
  numeric?: boolean;
  service?: NameService | null;
}

/** `inet_aton`: one to four numbers, decimal, 0x hexadecimal or 0 octal; null when it is none. */
export function parseIpv4Loose(text: string): number | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const values: number[] = [];
  for (const part of parts) {
    if (/^0[xX][0-9a-fA-F]+$/.test(part)) values.push(parseInt(part, 16));
    else if (/^0[0-7]*$/.test(part)) values.push(parseInt(part, 8));
    else if (/^[1-9][0-9]*$/.test(part)) values.push(Number(part));
    else return null;
  }
  const last = values.pop()!;
  let address = 0;
  for (const value of values) {
    if (value > 255) return null;
    address = address * 256 + value;
  }
  const room = 256 ** (4 - values.length);
  return last < room ? address * room + last : null;
}

/** An address written as a number, with the scope of `fe80::1%eth0`; null when it is not one. Throws EAI_NONAME for a scope that is not. */
export function parseNumericHost(namespace: NetworkNamespace, text: string): ResolvedAddress | null {
  const address4 = parseIpv4Loose(text);
  if (address4 !== null) return { family: 4, address: address4, scope: 0 };
  const percent = text.indexOf("%");
  const address = parseIpv6(percent < 0 ? text : text.slice(0, percent));
  if (address === null) return null;
  if (percent < 0) return { family: 6, address, scope: 0 };
  const zone = text.slice(percent + 1);
  const byName = isLinkLocal6(address) || (isMulticast6(address) && (address[1] & 15) <= 2)
    ? namespace.interfaces.byName(zone)?.index
    : undefined;
  const scope = byName ?? (/^[0-9]+$/.test(zone) && Number(zone) <= 0xffffffff ? Number(zone) : null);
  if (scope === null) throw new ResolveError("EAI_NONAME");
  return { family: 6, address, scope };
}

/** What can be asked of a name server at all (`res_hnok`, and the limits of RFC 1035 section 2.3.4). */
function isHostName(name: string): boolean {
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  return name.length <= 254 && labels.every((label) => /^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$/.test(label));
}

/** Addresses of a name in the hosts file, in the file's order (`_nss_files_gethostbyname4_r`). */
function fromHosts(entries: readonly HostsEntry[], name: string, family: 4 | 6 | null): ResolvedName | null {
  const wanted = name.toLowerCase();
  const addresses: ResolvedAddress[] = [];
  let canonicalName: string | null = null;
  for (const entry of entries) {
    if (entry.name.toLowerCase() !== wanted && !entry.aliases.some((alias) => alias.toLowerCase() === wanted)) continue;
    let address = entry.address;
    if (family === 4 && typeof address !== "number" && equal6(address, IN6ADDR_LOOPBACK)) address = INADDR_LOOPBACK;
    const own = typeof address === "number" ? 4 : 6;
    if (family !== null && own !== family) continue;
    canonicalName ??= entry.name;
    addresses.push({ family: own, address, scope: 0 });
  }
  return canonicalName === null ? null : { addresses, canonicalName };
}

/** Which families an interface has an address of, other than 127.0.0.1 and ::1 (`__check_pf`). */
function configuredFamilies(namespace: NetworkNamespace): { four: boolean; six: boolean } {
  let four = false, six = false;
  for (const device of namespace.interfaces) {
    for (const one of family(namespace, 4).addresses(device)) if (one.local !== INADDR_LOOPBACK) four = true;
    for (const one of family(namespace, 6).addresses(device)) {
      if (!equal6(one.local as Uint8Array, IN6ADDR_LOOPBACK)) six = true;
    }
  }
  return { four, six };
}

function family(namespace: NetworkNamespace, version: 4 | 6): AddressFamily {
  return version === 4 ? namespace.ipv4 : namespace.ipv6;
}

/**
 * getaddrinfo: the addresses of a name or number, best first.
 *
 * @throws {ResolveError} there are none
 */
export async function resolveName(
  context: NameContext,
  name: string,
  options: ResolveOptions = {},
): Promise<ResolvedName> {
  let only = options.family ?? null;
  if (options.addressConfigured) {
    const { four, six } = configuredFamilies(context.namespace);
    if (only === null && four !== six) only = four ? 4 : 6;
    else if ((only === 4 && !four) || (only === 6 && !six)) throw new ResolveError("EAI_NONAME");
  }
  const number = parseNumericHost(context.namespace, name);
  if (number !== null) {
    if (only !== null && number.family !== only) throw new ResolveError("EAI_ADDRFAMILY");
    return { addresses: [number], canonicalName: name };
  }
  if (options.numeric) throw new ResolveError("EAI_NONAME");
  const found = fromHosts(readHosts(context.files), name, only);
  if (found !== null) return { ...found, addresses: sortAddresses(context.namespace, found.addresses) };
  if (!isHostName(name)) throw new ResolveError("EAI_NONAME");
  if (options.service == null) throw new ResolveError("EAI_AGAIN");
  const answer = await options.service.lookup(name, only, context);
  return { ...answer, addresses: sortAddresses(context.namespace, answer.addresses) };
}

/** getnameinfo: the first name of an address in the hosts file, or what the name servers say; null when it has none. */
export async function nameOfAddress(
  context: NameContext,
  address: IpAddress,
  service: NameService | null = null,
): Promise<string | null> {
  const entry = hostByAddress(readHosts(context.files), address);
  if (entry !== null) return entry.name;
  return service === null ? null : await service.reverse(address, context);
}

const SCOPE_LINK_LOCAL = 2;
const SCOPE_SITE_LOCAL = 5;
const SCOPE_GLOBAL = 14;

function scopeOf(address: IpAddress): number {
  if (typeof address === "number") {
    return isLoopback4(address) || address >>> 16 === 0xa9fe ? SCOPE_LINK_LOCAL : SCOPE_GLOBAL;
  }
  if (isMulticast6(address)) return address[1] & 15;
  if (isLinkLocal6(address) || equal6(address, IN6ADDR_LOOPBACK)) return SCOPE_LINK_LOCAL;
  return address[0] === 0xfe && (address[1] & 0xc0) === 0xc0 ? SCOPE_SITE_LOCAL : SCOPE_GLOBAL;
}

/** RFC 6724 section 2.1 as glibc has it by default. Longest prefixes first. */
const POLICY: readonly (readonly [prefix: Uint8Array, length: number, label: number, precedence: number])[] = [
  [parseIpv6("::1")!, 128, 0, 50],
  [parseIpv6("::ffff:0:0")!, 96, 4, 10],
  [parseIpv6("::")!, 96, 3, 20],
  [parseIpv6("2001::")!, 32, 7, 40],
  [parseIpv6("2002::")!, 16, 2, 30],
  [parseIpv6("fec0::")!, 10, 5, 40],
  [parseIpv6("fc00::")!, 7, 6, 40],
  [parseIpv6("::")!, 0, 1, 40],
];

function hasPrefix(address: Uint8Array, prefix: Uint8Array, length: number): boolean {
  for (let bit = 0; bit < length; bit += 8) {
    const mask = length - bit >= 8 ? 255 : (255 << (8 - (length - bit))) & 255;
    if ((address[bit >> 3] & mask) !== (prefix[bit >> 3] & mask)) return false;
  }
  return true;
}

function policyOf(address: IpAddress): { label: number; precedence: number } {
  const bytes = typeof address === "number" ? mapped6(address) : address;
  const [, , label, precedence] = POLICY.find(([prefix, length]) => hasPrefix(bytes, prefix, length))!;
  return { label, precedence };
}

interface Candidate {
  readonly of: ResolvedAddress;
  /** What a socket connected there would have as its own address; null when it cannot be reached. */
  readonly source: IpAddress | null;
  readonly prefixLength: number;
}

function candidate(namespace: NetworkNamespace, of: ResolvedAddress): Candidate {
  const own = family(namespace, of.family);
  // connect(2) refuses a link-local address without a scope.
  if (of.scope === 0 && typeof of.address !== "number" && isLinkLocal6(of.address)) {
    return { of, source: null, prefixLength: 0 };
  }
  const device = of.scope === 0 ? null : namespace.interfaces.byIndex(of.scope) ?? null;
  const path: Path = own.path({ destination: of.address, device, protocol: 17 });
  if (path.refresh() !== 0) return { of, source: null, prefixLength: 0 };
  const source = path.source;
  for (const one of namespace.interfaces) {
    for (const { local, prefixLength } of own.addresses(one)) {
      const same = typeof local === "number" ? local === source : equal6(local, source as Uint8Array);
      if (same) return { of, source, prefixLength };
    }
  }
  return { of, source, prefixLength: 0 };
}

/** Bits after the common prefix of two addresses; more than there are when IPv4's subnet differs. */
function differingBits(one: Candidate): number {
  const a = one.of.address, b = one.source!;
  if (typeof a === "number" && typeof b === "number") {
    const inSubnet = ((a ^ b) & mask4(one.prefixLength)) === 0;
    return inSubnet ? 32 - Math.clz32(a ^ b) : 33;
  }
  for (let word = 0; word < 4; word++) {
    const difference = get32(a as Uint8Array, word * 4) ^ get32(b as Uint8Array, word * 4);
    if (difference !== 0) return 128 - word * 32 - Math.clz32(difference);
  }
  return 0;
}

/** Negative when `a` is the better destination (RFC 6724 section 6). */
function compare(a: Candidate, b: Candidate): number {
  if ((a.source === null) !== (b.source === null)) return a.source === null ? 1 : -1;
  const scopeA = scopeOf(a.of.address), scopeB = scopeOf(b.of.address);
  const policyA = policyOf(a.of.address), policyB = policyOf(b.of.address);
  if (a.source !== null && b.source !== null) {
    const matchA = scopeOf(a.source) === scopeA, matchB = scopeOf(b.source) === scopeB;
    if (matchA !== matchB) return matchA ? -1 : 1;
    const labelA = policyOf(a.source).label === policyA.label, labelB = policyOf(b.source).label === policyB.label;
    if (labelA !== labelB) return labelA ? -1 : 1;
  }
  if (policyA.precedence !== policyB.precedence) return policyB.precedence - policyA.precedence;
  if (scopeA !== scopeB) return scopeA - scopeB;
  if (a.of.family !== b.of.family || a.source === null || b.source === null) return 0;
  return differingBits(a) - differingBits(b);
}

/** The order of RFC 6724; what is equal keeps its place. */
export function sortAddresses(namespace: NetworkNamespace, addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  if (addresses.length < 2) return [...addresses];
  return addresses.map((one) => candidate(namespace, one)).sort(compare).map((one) => one.of);
}
