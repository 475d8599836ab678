/** A tracked connection and its two tuples (`struct nf_conn`, `struct nf_conntrack_tuple_hash`). */
import type { HookState } from "./hook_state.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { get16, get32 } from "../wire/octets.ts";

/** What a packet is to its connection (`enum ip_conntrack_info`); with CT_IS_REPLY added, in the direction of replies. */
export const CT_ESTABLISHED = 0;
export const CT_RELATED = 1;
export const CT_NEW = 2;
export const CT_IS_REPLY = 3;
export const CT_UNTRACKED = 7;

/** Bits of `Connection.status` (IPS_*). */
export const IPS_EXPECTED = 1;
export const IPS_SEEN_REPLY = 2;
export const IPS_ASSURED = 4;
export const IPS_CONFIRMED = 8;
export const IPS_SRC_NAT = 16;
export const IPS_DST_NAT = 32;
export const IPS_SRC_NAT_DONE = 128;
export const IPS_DST_NAT_DONE = 256;
export const IPS_DYING = 512;

/** Addresses and ports of one direction. IPv4 addresses are in the last word; for ICMP the ports are identifier, and type and code. */
export class Tuple {
  next: Tuple | null = null;
  connection: Connection | null = null;
  version: 4 | 6 = 4;
  protocol = 0;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  sport = 0;
  dport = 0;

  constructor(readonly reply: boolean) {}

  get hash(): number {
    let h = this.s3 ^ Math.imul(this.d3, 0x9e3779b1) ^ this.protocol;
    if (this.version === 6) h ^= Math.imul(this.s0 ^ this.s1 ^ this.s2, 0x85ebca6b) ^ (this.d0 + this.d1 + this.d2);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul((this.sport << 16) | this.dport, 0x297a2d39);
    h = Math.imul(h ^ (h >>> 13), 0x85ebca6b);
    return (h ^ (h >>> 16)) >>> 0;
  }

  equals(other: Tuple): boolean {
    return this.s3 === other.s3 && this.d3 === other.d3 && this.sport === other.sport && this.dport === other.dport &&
      this.protocol === other.protocol && this.version === other.version && this.s2 === other.s2 &&
      this.d2 === other.d2 && this.s1 === other.s1 && this.d1 === other.d1 && this.s0 === other.s0 &&
      this.d0 === other.d0;
  }

  copy(other: Tuple): void {
    this.version = other.version;
    this.protocol = other.protocol;
    this.s0 = other.s0;
    this.s1 = other.s1;
    this.s2 = other.s2;
    this.s3 = other.s3;
    this.d0 = other.d0;
    this.d1 = other.d1;
    this.d2 = other.d2;
    this.d3 = other.d3;
    this.sport = other.sport;
    this.dport = other.dport;
  }

  /** The tuple of the answers (`nf_ct_invert_tuple`). */
  invert(other: Tuple): void {
    this.version = other.version;
    this.protocol = other.protocol;
    this.s0 = other.d0;
    this.s1 = other.d1;
    this.s2 = other.d2;
    this.s3 = other.d3;
    this.d0 = other.s0;
    this.d1 = other.s1;
    this.d2 = other.s2;
    this.d3 = other.s3;
    if (isIcmp(other.protocol)) {
      this.sport = other.sport;
      this.dport = (answerType(other.dport >>> 8) << 8) | (other.dport & 255);
    } else {
      this.sport = other.dport;
      this.dport = other.sport;
    }
  }

  /** From headers at these offsets; false when they are cut off (`nf_ct_get_tuple`). */
  read(bytes: Uint8Array, version: 4 | 6, network: number, transport: number, tail: number, protocol: number): boolean {
    this.version = version;
    this.protocol = protocol;
    if (version === 4) {
      this.s0 =
        this.s1 =
        this.s2 =
        this.d0 =
        this.d1 =
        this.d2 =
          0;
      this.s3 = get32(bytes, network + 12);
      this.d3 = get32(bytes, network + 16);
    } else {
      this.s0 = get32(bytes, network + 8);
      this.s1 = get32(bytes, network + 12);
      this.s2 = get32(bytes, network + 16);
      this.s3 = get32(bytes, network + 20);
      this.d0 = get32(bytes, network + 24);
      this.d1 = get32(bytes, network + 28);
      this.d2 = get32(bytes, network + 32);
      this.d3 = get32(bytes, network + 36);
    }
    this.sport = this.dport = 0;
    if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
      if (transport + 4 > tail) return false;
      this.sport = get16(bytes, transport);
      this.dport = get16(bytes, transport + 2);
    } else if (isIcmp(protocol)) {
      if (transport + 8 > tail) return false;
      this.sport = get16(bytes, transport + 4);
      this.dport = get16(bytes, transport);
    }
    return true;
  }

  readState(state: HookState): boolean {
    if (state.transport < 0) return false;
    return this.read(state.bytes, state.version, state.network, state.transport, state.tail, state.protocol);
  }
}

export function isIcmp(protocol: number): boolean {
  return protocol === IPPROTO_ICMP || protocol === IPPROTO_ICMPV6;
}

/** The type that answers a query or is answered by it; another type is its own. */
function answerType(type: number): number {
  switch (type) {
    case 0:
      return 8;
    case 8:
      return 0;
    case 13:
    case 15:
    case 17:
    case 139:
      return type + 1;
    case 14:
    case 16:
    case 18:
    case 140:
      return type - 1;
    case 128:
      return 129;
    case 129:
      return 128;
    default:
      return type;
  }
}

export class Connection {
  readonly original: Tuple = new Tuple(false);
  readonly reply: Tuple = new Tuple(true);
  status = 0;
  mark = 0;
  /** Virtual ns at which it is forgotten; before it is confirmed, how long it will be remembered from then on. */
  expires = 0;
  /** TCP: one of the states of tcp_states.ts. */
  state = 0;
  /** UDP: until when (ns) answers do not yet make it a stream. */
  streamFrom = 0;

  constructor() {
    this.original.connection = this.reply.connection = this;
  }

  tuple(reply: boolean): Tuple {
    return reply ? this.reply : this.original;
  }
}
