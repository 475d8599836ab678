/** Names and addresses as programs look them up: `getaddrinfo` and `getnameinfo` over the files of a process. */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import { hostByAddress, hostByName, readHosts } from "../namespace/hosts.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { IPPROTO_UDP } from "../wire/ipv4.ts";
import type { Process } from "./process.ts";

export interface LookedUp {
  readonly version: 4 | 6;
  readonly address: IpAddress;
  /** `%eth0` of a link-local address. */
  readonly scope: Interface | null;
  /** The text was an address already. */
  readonly numeric: boolean;
  readonly canonicalName: string;
}

export type GaiError = "EAI_NONAME" | "EAI_AGAIN" | "EAI_ADDRFAMILY" | "EAI_NODATA" | "EAI_SERVICE";

/** `gai_strerror`. */
export function gaiError(error: GaiError): string {
  switch (error) {
    case "EAI_NONAME":
      return "Name or service not known";
    case "EAI_AGAIN":
      return "Temporary failure in name resolution";
    case "EAI_ADDRFAMILY":
      return "Address family for hostname not supported";
    case "EAI_NODATA":
      return "No address associated with hostname";
    case "EAI_SERVICE":
      return "Servname not supported for ai_socktype";
  }
}

/** An IPv4 address in any form that `inet_aton` takes: one to four numbers, decimal, octal or hexadecimal. */
export function parseInetAton(text: string): number | null {
  const words = text.split(".");
  if (words.length > 4) return null;
  let address = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!/^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(word)) return null;
    const value = /^0[xX]/.test(word)
      ? parseInt(word.slice(2), 16)
      : word[0] === "0"
      ? parseInt(word, 8)
      : Number(word);
    const last = i === words.length - 1;
    if (value >= (last ? 2 ** (8 * (4 - i)) : 256)) return null;
    address = last ? address + value : address + value * 2 ** (8 * (3 - i));
  }
  return address;
}

/** An IPv6 address, perhaps with `%` and an interface's name or number; null when it is not one. */
export function parseScoped6(process: Process, text: string): { address: Uint8Array; scope: Interface | null } | null {
  const [digits, scopeName] = text.split("%", 2);
  const address = parseIpv6(digits);
  if (address === null) return null;
  if (scopeName === undefined) return { address, scope: null };
  const { interfaces } = process.namespace;
  const scope = interfaces.byName(scopeName) ??
    (/^\d+$/.test(scopeName) ? interfaces.byIndex(Number(scopeName)) : undefined);
  return scope === undefined ? null : { address, scope };
}

/** Address precedence of RFC 6724's policy table, as glibc has it. */
function precedence(address: IpAddress): number {
  if (typeof address === "number") return 10;
  const zeros = address.subarray(0, 12).every((octet) => octet === 0);
  if (zeros) return address[12] === 0 && address[13] === 0 && address[14] === 0 && address[15] === 1 ? 50 : 20;
  return address[0] === 0x20 && address[1] === 0x02 ? 30 : 40;
}

/** RFC 6724's scope of an address: 2 link-local, 5 site-local, 14 global. */
function scopeOf(address: IpAddress): number {
  if (typeof address === "number") {
    return address >>> 24 === 127 || address >>> 16 === 0xa9fe ? 2 : 14;
  }
  if (address[0] === 0xff) return address[1] & 15;
  if (address[0] === 0xfe) return (address[1] & 0xc0) === 0x80 ? 2 : (address[1] & 0xc0) === 0xc0 ? 5 : 14;
  return precedence(address) === 50 ? 2 : 14;
}

/** Sorts destinations by RFC 6724: those that can be reached, those whose source is of their scope, then by precedence. */
function sorted(process: Process, found: LookedUp[]): LookedUp[] {
  const { ipv4, ipv6 } = process.namespace;
  const ranked = found.map((it) => {
    const path = (it.version === 4 ? ipv4 : ipv6).path({
      destination: it.address,
      device: it.scope,
      protocol: IPPROTO_UDP,
    });
    const reachable = path.refresh() === 0;
    const sameScope = reachable && scopeOf(path.source) === scopeOf(it.address);
    return { it, rank: (reachable ? 1000 : 0) + (sameScope ? 500 : 0) + precedence(it.address) };
  });
  return ranked.sort((a, b) => b.rank - a.rank).map(({ it }) => it);
}

/** All addresses of a name or of an address's text in the order in which to try them, or why there are none. */
// deno-lint-ignore require-await -- names of a server will be waited for
export async function lookUp(process: Process, name: string): Promise<LookedUp[] | GaiError> {
  const four = parseInetAton(name);
  if (four !== null) return [{ version: 4, address: four, scope: null, numeric: true, canonicalName: name }];
  if (name.includes(":")) {
    const six = parseScoped6(process, name);
    if (six === null) return "EAI_NONAME";
    return [{ version: 6, ...six, numeric: true, canonicalName: name }];
  }
  const entries = readHosts(process.files);
  const found4 = hostByName(entries, name, 4);
  const found6 = hostByName(entries, name, 6);
  const canonicalName = (found4 ?? found6)?.name ?? name;
  const all: LookedUp[] = [];
  for (const found of [found6, found4]) {
    for (const address of found?.addresses ?? []) {
      const known = all.some((it) => it.version === found!.family && it.address === address);
      if (!known) all.push({ version: found!.family, address, scope: null, numeric: false, canonicalName });
    }
  }
  if (all.length === 0) return "EAI_AGAIN"; // no server answers
  return sorted(process, all);
}

/** The name of an address, or null when it has none. */
// deno-lint-ignore require-await
export async function nameOf(process: Process, address: IpAddress): Promise<string | null> {
  return hostByAddress(readHosts(process.files), address)?.name ?? null;
}
