/** What rules look at in a packet and around it (`nft_payload`, `nft_meta`, `nft_ct`). */
import type { Interface } from "../device/interface.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { get16, get32 } from "../wire/octets.ts";
import { type Connection, CT_IS_REPLY, CT_UNTRACKED, type Tuple } from "./connection.ts";
import type { HookState } from "./hook_state.ts";

/** A number of up to 32 bits, octets in network order, or an interface's name (with `*` at its end: a beginning). */
export type Value = number | Uint8Array | string;

export type ValueKind = "number" | "octets" | "text";

/** Loads a value into `state.number`, `state.octets` and `state.at`, or `state.text`; false when the packet does not have it. */
export interface Selector {
  readonly kind: ValueKind;
  /** Octets of a value of that kind. */
  readonly size: number;
  load(state: HookState): boolean;
}

function numeric(load: (state: HookState) => boolean, size = 4): Selector {
  return { kind: "number", size, load };
}

/** A field of the transport header of one protocol (0: TCP, UDP or another with ports). */
function transportField(protocol: number, at: number, size: number, shift = 0, mask = -1): Selector {
  return numeric((state) => {
    if (protocol !== 0 ? state.protocol !== protocol : !hasPorts(state.protocol)) return false;
    if (state.fragment || state.transport < 0 || state.transport + at + size > state.tail) return false;
    state.number = ((field(state.bytes, state.transport + at, size) >>> shift) & mask) >>> 0;
    return true;
  }, size);
}

function hasPorts(protocol: number): boolean {
  return protocol === IPPROTO_TCP || protocol === IPPROTO_UDP || protocol === 132 || protocol === 33 ||
    protocol === 136;
}

function networkField(version: 4 | 6, at: number, size: number, shift = 0, mask = -1): Selector {
  return numeric((state) => {
    if (state.version !== version) return false;
    state.number = ((field(state.bytes, state.network + at, size) >>> shift) & mask) >>> 0;
    return true;
  }, size);
}

function address6(at: number): Selector {
  return {
    kind: "octets",
    size: 16,
    load(state) {
      if (state.version !== 6) return false;
      state.octets = state.bytes;
      state.at = state.network + at;
      return true;
    },
  };
}

function field(bytes: Uint8Array, at: number, size: number): number {
  return size === 1 ? bytes[at] : size === 2 ? get16(bytes, at) : get32(bytes, at);
}

function linkAddress(at: number): Selector {
  return {
    kind: "octets",
    size: 6,
    load(state) {
      if (state.input === null || state.input.loopback) return false;
      state.octets = state.bytes;
      state.at = state.packet.link + at;
      return true;
    },
  };
}

function interfaceIndex(of: (state: HookState) => Interface | null): Selector {
  return numeric((state) => {
    const device = of(state);
    if (device === null) return false;
    state.number = device.index;
    return true;
  });
}

function interfaceName(of: (state: HookState) => Interface | null): Selector {
  return {
    kind: "text",
    size: 16,
    load(state) {
      const device = of(state);
      if (device === null) return false;
      state.text = device.name;
      return true;
    },
  };
}

/** The bit of `ct state` that a packet has (NF_CT_STATE_BIT). */
function connectionState({ packet }: HookState): number {
  const info = packet.connectionInfo;
  if (packet.connection === null) return info === CT_UNTRACKED ? 64 : 1;
  return 1 << (info % CT_IS_REPLY + 1);
}

function ofConnection(read: (connection: Connection, state: HookState) => number): Selector {
  return numeric((state) => {
    const connection = state.packet.connection as Connection | null;
    if (connection === null) return false;
    state.number = read(connection, state);
    return true;
  });
}

function tuplePort(reply: boolean, source: boolean): Selector {
  return ofConnection((connection) => {
    const tuple: Tuple = connection.tuple(reply);
    return source ? tuple.sport : tuple.dport;
  });
}

function tupleAddress(reply: boolean, source: boolean): Selector {
  return numeric((state) => {
    const connection = state.packet.connection as Connection | null;
    if (connection === null || state.version !== 4) return false;
    const tuple = connection.tuple(reply);
    state.number = source ? tuple.s3 : tuple.d3;
    return true;
  });
}

const input = (state: HookState) => state.input;
const output = (state: HookState) => state.output;

/** By the words that name them. */
export const SELECTORS: ReadonlyMap<string, Selector> = new Map<string, Selector>([
  ["ip version", networkField(4, 0, 1, 4, 15)],
  ["ip hdrlength", networkField(4, 0, 1, 0, 15)],
  ["ip dscp", networkField(4, 1, 1, 2, 63)],
  ["ip ecn", networkField(4, 1, 1, 0, 3)],
  ["ip length", networkField(4, 2, 2)],
  ["ip id", networkField(4, 4, 2)],
  ["ip frag-off", networkField(4, 6, 2)],
  ["ip ttl", networkField(4, 8, 1)],
  ["ip protocol", networkField(4, 9, 1)],
  ["ip checksum", networkField(4, 10, 2)],
  ["ip saddr", networkField(4, 12, 4)],
  ["ip daddr", networkField(4, 16, 4)],
  ["ip6 version", networkField(6, 0, 1, 4, 15)],
  ["ip6 dscp", networkField(6, 0, 2, 6, 63)],
  ["ip6 ecn", networkField(6, 1, 1, 4, 3)],
  ["ip6 flowlabel", networkField(6, 0, 4, 0, 0xfffff)],
  ["ip6 length", networkField(6, 4, 2)],
  ["ip6 nexthdr", networkField(6, 6, 1)],
  ["ip6 hoplimit", networkField(6, 7, 1)],
  ["ip6 saddr", address6(8)],
  ["ip6 daddr", address6(24)],
  ["icmp type", transportField(IPPROTO_ICMP, 0, 1)],
  ["icmp code", transportField(IPPROTO_ICMP, 1, 1)],
  ["icmp checksum", transportField(IPPROTO_ICMP, 2, 2)],
  ["icmp id", transportField(IPPROTO_ICMP, 4, 2)],
  ["icmp sequence", transportField(IPPROTO_ICMP, 6, 2)],
  ["icmp mtu", transportField(IPPROTO_ICMP, 6, 2)],
  ["icmp gateway", transportField(IPPROTO_ICMP, 4, 4)],
  ["icmpv6 type", transportField(IPPROTO_ICMPV6, 0, 1)],
  ["icmpv6 code", transportField(IPPROTO_ICMPV6, 1, 1)],
  ["icmpv6 checksum", transportField(IPPROTO_ICMPV6, 2, 2)],
  ["icmpv6 id", transportField(IPPROTO_ICMPV6, 4, 2)],
  ["icmpv6 sequence", transportField(IPPROTO_ICMPV6, 6, 2)],
  ["icmpv6 mtu", transportField(IPPROTO_ICMPV6, 4, 4)],
  ["tcp sport", transportField(IPPROTO_TCP, 0, 2)],
  ["tcp dport", transportField(IPPROTO_TCP, 2, 2)],
  ["tcp sequence", transportField(IPPROTO_TCP, 4, 4)],
  ["tcp ackseq", transportField(IPPROTO_TCP, 8, 4)],
  ["tcp doff", transportField(IPPROTO_TCP, 12, 1, 4, 15)],
  ["tcp flags", transportField(IPPROTO_TCP, 13, 1)],
  ["tcp window", transportField(IPPROTO_TCP, 14, 2)],
  ["tcp checksum", transportField(IPPROTO_TCP, 16, 2)],
  ["tcp urgptr", transportField(IPPROTO_TCP, 18, 2)],
  ["udp sport", transportField(IPPROTO_UDP, 0, 2)],
  ["udp dport", transportField(IPPROTO_UDP, 2, 2)],
  ["udp length", transportField(IPPROTO_UDP, 4, 2)],
  ["udp checksum", transportField(IPPROTO_UDP, 6, 2)],
  ["th sport", transportField(0, 0, 2)],
  ["th dport", transportField(0, 2, 2)],
  ["ether saddr", linkAddress(6)],
  ["ether daddr", linkAddress(0)],
  [
    "meta length",
    numeric((state) => {
      state.number = state.tail - state.network;
      return true;
    }),
  ],
  [
    "meta protocol",
    numeric((state) => {
      state.number = state.version === 4 ? 0x0800 : 0x86dd;
      return true;
    }, 2),
  ],
  [
    "meta nfproto",
    numeric((state) => {
      state.number = state.version === 4 ? 2 : 10;
      return true;
    }, 1),
  ],
  [
    "meta l4proto",
    numeric((state) => {
      state.number = state.protocol;
      return state.transport >= 0;
    }, 1),
  ],
  [
    "meta mark",
    numeric((state) => {
      state.number = state.packet.mark >>> 0;
      return true;
    }),
  ],
  [
    "meta priority",
    numeric((state) => {
      state.number = state.packet.priority >>> 0;
      return true;
    }),
  ],
  [
    "meta pkttype",
    numeric((state) => {
      state.number = state.packet.kind === 5 ? 0 : state.packet.kind;
      return true;
    }, 1),
  ],
  ["meta iif", interfaceIndex(input)],
  ["meta oif", interfaceIndex(output)],
  ["meta iifname", interfaceName(input)],
  ["meta oifname", interfaceName(output)],
  [
    "ct state",
    numeric((state) => {
      state.number = connectionState(state);
      return true;
    }),
  ],
  ["ct mark", ofConnection((connection) => connection.mark >>> 0)],
  ["ct status", ofConnection((connection) => connection.status & 0x3fff & ~512)],
  ["ct direction", ofConnection((_, { packet }) => packet.connectionInfo >= CT_IS_REPLY ? 1 : 0)],
  [
    "ct expiration",
    ofConnection((connection, { netfilter }) => {
      return Math.max(0, Math.floor((connection.expires - netfilter.host.world.scheduler.now) / 1e6));
    }),
  ],
  ["ct original ip saddr", tupleAddress(false, true)],
  ["ct original ip daddr", tupleAddress(false, false)],
  ["ct reply ip saddr", tupleAddress(true, true)],
  ["ct reply ip daddr", tupleAddress(true, false)],
  ["ct original proto-src", tuplePort(false, true)],
  ["ct original proto-dst", tuplePort(false, false)],
  ["ct reply proto-src", tuplePort(true, true)],
  ["ct reply proto-dst", tuplePort(true, false)],
]);

/** Orders what was loaded against a value: negative, 0 or positive. */
export function compareLoaded(state: HookState, kind: ValueKind, value: Value): number {
  if (kind === "number") return state.number - (value as number);
  if (kind === "text") return compareName(state.text, value as string);
  const { octets, at } = state;
  const other = value as Uint8Array;
  for (let i = 0; i < other.length; i++) {
    const difference = octets[at + i] - other[i];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A name that ends in `*` stands for all that begin so; `\*` is the character itself. */
function compareName(name: string, pattern: string): number {
  if (pattern.endsWith("*") && !pattern.endsWith("\\*")) return name.startsWith(pattern.slice(0, -1)) ? 0 : 1;
  return name === pattern ? 0 : name < pattern ? -1 : 1;
}

/** The order of values of one kind, as sets are listed. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "number") return a - (b as number);
  if (typeof a === "string") return a < (b as string) ? -1 : a > (b as string) ? 1 : 0;
  const other = b as Uint8Array;
  for (let i = 0; i < a.length; i++) if (a[i] !== other[i]) return a[i] - other[i];
  return 0;
}
