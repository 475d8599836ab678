/** Names for numbers, as /etc/iproute2 of the distribution has them (`lib/rt_names.c`). */
import * as nl from "../../ip/netlink.ts";
import { parseUnsigned } from "./arguments.ts";

/** A file of /etc/iproute2: numbers and their names. With `-N` numbers stay numbers. */
class NameTable {
  readonly #names = new Map<number, string>();
  readonly #numbers = new Map<string, number>();

  constructor(entries: readonly [number, string][], readonly most: number) {
    for (const [number, name] of entries) {
      this.#names.set(number, name);
      this.#numbers.set(name, number);
    }
  }

  name(number: number, numeric = false): string {
    return numeric ? String(number) : this.#names.get(number) ?? String(number);
  }

  /** A name or a number; null when it is neither. */
  parse(text: string): number | null {
    return this.#numbers.get(text) ?? parseUnsigned(text, this.most);
  }
}

export const routeProtocols: NameTable = new NameTable([
  [0, "unspec"],
  [1, "redirect"],
  [2, "kernel"],
  [3, "boot"],
  [4, "static"],
  [8, "gated"],
  [9, "ra"],
  [10, "mrt"],
  [11, "zebra"],
  [12, "bird"],
  [13, "dnrouted"],
  [14, "xorp"],
  [15, "ntk"],
  [16, "dhcp"],
  [18, "keepalived"],
  [42, "babel"],
  [99, "openr"],
  [186, "bgp"],
  [187, "isis"],
  [188, "ospf"],
  [189, "rip"],
  [192, "eigrp"],
], 255);

export const scopes: NameTable = new NameTable([
  [nl.RT_SCOPE_UNIVERSE, "global"],
  [nl.RT_SCOPE_NOWHERE, "nowhere"],
  [nl.RT_SCOPE_HOST, "host"],
  [nl.RT_SCOPE_LINK, "link"],
  [nl.RT_SCOPE_SITE, "site"],
], 255);

export const tables: NameTable = new NameTable([
  [nl.RT_TABLE_UNSPEC, "unspec"],
  [nl.RT_TABLE_LOCAL, "local"],
  [nl.RT_TABLE_MAIN, "main"],
  [nl.RT_TABLE_DEFAULT, "default"],
], 0xffffffff);

export const groups: NameTable = new NameTable([[0, "default"]], 0xffffffff);

export const routeTypes: NameTable = new NameTable([
  [nl.RTN_UNSPEC, "none"],
  [nl.RTN_UNICAST, "unicast"],
  [nl.RTN_LOCAL, "local"],
  [nl.RTN_BROADCAST, "broadcast"],
  [nl.RTN_ANYCAST, "anycast"],
  [nl.RTN_MULTICAST, "multicast"],
  [nl.RTN_BLACKHOLE, "blackhole"],
  [nl.RTN_UNREACHABLE, "unreachable"],
  [nl.RTN_PROHIBIT, "prohibit"],
  [nl.RTN_THROW, "throw"],
  [10, "nat"],
  [11, "xresolve"],
], 255);

const DS_FIELDS: readonly [number, string][] = [
  [0x00, "default"],
  [0x28, "AF11"],
  [0x30, "AF12"],
  [0x38, "AF13"],
  [0x48, "AF21"],
  [0x50, "AF22"],
  [0x58, "AF23"],
  [0x68, "AF31"],
  [0x70, "AF32"],
  [0x78, "AF33"],
  [0x88, "AF41"],
  [0x90, "AF42"],
  [0x98, "AF43"],
  [0x20, "CS1"],
  [0x40, "CS2"],
  [0x60, "CS3"],
  [0x80, "CS4"],
  [0xa0, "CS5"],
  [0xc0, "CS6"],
  [0xe0, "CS7"],
  [0xb8, "EF"],
];

/** The type-of-service octet: a name of rt_dsfield, or `0x10`. */
export function formatTos(tos: number, numeric = false): string {
  const name = DS_FIELDS.find(([number]) => number === tos)?.[1];
  return name !== undefined && !numeric ? name : `0x${tos.toString(16).padStart(2, "0")}`;
}

/** A name of rt_dsfield or a hexadecimal number; null when it is neither. */
export function parseTos(text: string): number | null {
  return DS_FIELDS.find(([, name]) => name === text)?.[0] ?? parseUnsigned(text, 255, 16);
}

const NUD_NAMES: readonly [number, string][] = [
  [nl.NUD_INCOMPLETE, "INCOMPLETE"],
  [nl.NUD_REACHABLE, "REACHABLE"],
  [nl.NUD_STALE, "STALE"],
  [nl.NUD_DELAY, "DELAY"],
  [nl.NUD_PROBE, "PROBE"],
  [nl.NUD_FAILED, "FAILED"],
  [nl.NUD_NOARP, "NOARP"],
  [nl.NUD_PERMANENT, "PERMANENT"],
];

export function nudNames(state: number): string[] {
  return NUD_NAMES.filter(([bit]) => (state & bit) !== 0).map(([, name]) => name);
}

/** `nud_state_a2n`: abbreviations are taken; null when it is no state. */
export function parseNud(text: string): number | null {
  const names: [string, number][] = [
    ["permanent", nl.NUD_PERMANENT],
    ["reachable", nl.NUD_REACHABLE],
    ["noarp", nl.NUD_NOARP],
    ["none", nl.NUD_NONE],
    ["stale", nl.NUD_STALE],
    ["incomplete", nl.NUD_INCOMPLETE],
    ["delay", nl.NUD_DELAY],
    ["probe", nl.NUD_PROBE],
    ["failed", nl.NUD_FAILED],
  ];
  const found = names.find(([name]) => name.startsWith(text));
  if (found !== undefined) return found[1];
  return parseUnsigned(text, 0xffff);
}

const IP_PROTOCOLS: readonly [number, string][] = [
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [33, "dccp"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [58, "ipv6-icmp"],
  [132, "sctp"],
];

export function formatIpProtocol(protocol: number, numeric = false): string {
  const name = IP_PROTOCOLS.find(([number]) => number === protocol)?.[1];
  return name === undefined || numeric ? `ipproto-${protocol}` : name;
}

export function parseIpProtocol(text: string): number | null {
  return IP_PROTOCOLS.find(([, name]) => name === text)?.[0] ?? parseUnsigned(text, 255);
}

export type { NameTable };
