/** Network address translation over tracked connections (`net/netfilter/nf_nat_core.c`). */
import { NF_LOCAL_IN, NF_LOCAL_OUT, NF_POST_ROUTING, NF_PRE_ROUTING } from "../ip/host.ts";
import type { Random } from "../time/random.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { type Chain, runBaseChain } from "./chain.ts";
import {
  type Connection,
  CT_IS_REPLY,
  CT_NEW,
  CT_RELATED,
  IPS_CONFIRMED,
  IPS_DST_NAT,
  IPS_DST_NAT_DONE,
  IPS_SRC_NAT,
  IPS_SRC_NAT_DONE,
  isIcmp,
  Tuple,
} from "./connection.ts";
import { type Conntrack, quotedTransport } from "./conntrack.ts";
import { ACCEPT, DROP, type HookState } from "./hook_state.ts";
import { completeIcmp, mangleHeaders, MANIP_DST, MANIP_SRC } from "./mangle.ts";

/** To what a rule translates (`struct nf_nat_range2`): an IPv4 address is in the last word. Ports of 0: not said. */
export class NatRange {
  readonly least: Uint32Array = new Uint32Array(4);
  readonly most: Uint32Array = new Uint32Array(4);
  address = false;
  leastPort = 0;
  mostPort = 0;
  random = false;
  persistent = false;
}

/** Ports tried before giving up (NF_NAT_MAX_ATTEMPTS). */
const ATTEMPTS = 128;

const current = new Tuple(false);
const wanted = new Tuple(false);
const inverse = new Tuple(false);
const target = new Tuple(false);
const found = new Int32Array(2);

export function manipOf(place: number): number {
  return place === NF_POST_ROUTING || place === NF_LOCAL_IN ? MANIP_SRC : MANIP_DST;
}

export class Nat {
  #random: Random | null = null;

  constructor(readonly conntrack: Conntrack) {}

  get random(): Random {
    return this.#random ??= this.conntrack.host.random.split("nat");
  }

  /** `nf_nat_inet_fn`: asks the nat chains of this place about a new connection, and translates packets of known ones. */
  run(state: HookState, chains: readonly Chain[]): number {
    const { packet } = state;
    const connection = packet.connection as Connection | null;
    if (connection === null) return ACCEPT;
    const info = packet.connectionInfo;
    const manip = manipOf(state.place);
    if (info === CT_RELATED || info === CT_RELATED + CT_IS_REPLY) {
      if (isIcmp(state.protocol)) return this.#translateError(state, connection, manip);
    } else if (info === CT_NEW) {
      const done = manip === MANIP_SRC ? IPS_SRC_NAT_DONE : IPS_DST_NAT_DONE;
      if ((connection.status & done) === 0 && (connection.status & IPS_CONFIRMED) === 0) {
        for (let i = 0; i < chains.length; i++) {
          const verdict = runBaseChain(chains[i], state);
          if (verdict !== ACCEPT) return verdict;
          if ((connection.status & done) !== 0) break;
        }
        if ((connection.status & done) === 0) this.setup(connection, null, manip);
      }
    }
    return this.#translate(state, connection, manip);
  }

  /** `nf_nat_packet` */
  #translate(state: HookState, connection: Connection, manip: number): number {
    const reply = state.packet.connectionInfo >= CT_IS_REPLY;
    if ((connection.status & statusBit(manip, reply)) === 0) return ACCEPT;
    this.#own(state);
    target.invert(connection.tuple(!reply));
    mangleHeaders(
      state.packet,
      state.version,
      state.network,
      state.transport,
      state.tail,
      state.protocol,
      target,
      manip,
    );
    return ACCEPT;
  }

  /** An ICMP error about a translated packet is translated, and so is what it quotes (`nf_nat_icmp_reply_translation`). */
  #translateError(state: HookState, connection: Connection, manip: number): number {
    const reply = state.packet.connectionInfo >= CT_IS_REPLY;
    if ((connection.status & statusBit(manip, reply)) === 0) return ACCEPT;
    this.#own(state);
    const { packet, bytes, version, network, transport, tail } = state;
    packet.completeChecksum();
    const quoted = transport + 8;
    const at = quotedTransport(bytes, version, quoted, tail, found);
    if (at < 0) return DROP;
    const opposite = connection.tuple(!reply);
    mangleHeaders(packet, version, quoted, at, tail, found[0], opposite, manip === MANIP_SRC ? MANIP_DST : MANIP_SRC);
    target.invert(opposite);
    mangleHeaders(packet, version, network, transport, transport, state.protocol, target, manip);
    completeIcmp(packet, version, network, transport);
    return ACCEPT;
  }

  /** What others hold as well is not written to. */
  #own(state: HookState): void {
    const { packet } = state;
    if (packet.owned) return;
    const copy = packet.copy();
    copy.route = packet.route;
    copy.socket = packet.socket;
    copy.checksumStart = packet.checksumStart;
    packet.release();
    state.take(copy);
  }

  /** Chooses the translation of a new connection (`nf_nat_setup_info`); null: none, but its tuple must be its own. */
  setup(connection: Connection, range: NatRange | null, manip: number): number {
    const done = manip === MANIP_SRC ? IPS_SRC_NAT_DONE : IPS_DST_NAT_DONE;
    if ((connection.status & done) !== 0) return ACCEPT;
    if ((connection.status & IPS_CONFIRMED) !== 0) return ACCEPT;
    current.invert(connection.reply);
    wanted.copy(current);
    this.#choose(connection, range, manip);
    if (!wanted.equals(current)) {
      connection.reply.invert(wanted);
      connection.status |= manip === MANIP_SRC ? IPS_SRC_NAT : IPS_DST_NAT;
    }
    connection.status |= done;
    return ACCEPT;
  }

  /** `get_unique_tuple` */
  #choose(connection: Connection, range: NatRange | null, manip: number): void {
    if (range !== null && range.address) this.#chooseAddress(connection, range, manip);
    const port = manip === MANIP_SRC || isIcmp(wanted.protocol) ? wanted.sport : wanted.dport;
    const bounded = range !== null && range.leastPort !== 0;
    if (range === null || !range.random) {
      if (bounded) {
        const inside = port >= range.leastPort && port <= range.mostPort;
        if (inside && (range.leastPort === range.mostPort || !this.#used())) return;
      } else if (!this.#used()) return;
    }
    this.#choosePort(range, manip, port);
  }

  /** One address of the range for each pair of hosts (`find_best_ips_proto`). */
  #chooseAddress(connection: Connection, range: NatRange, manip: number): void {
    const { original } = connection;
    let hash = original.s3 ^ original.s0 ^ original.s1 ^ original.s2;
    if (!range.persistent) hash ^= original.d3 ^ original.d0 ^ original.d1 ^ original.d2;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = (hash ^ (hash >>> 12)) >>> 0;
    const span = range.most[3] - range.least[3] + 1;
    const last = range.least[3] + (span > 1 ? Math.floor(hash / 4294967296 * span) : 0);
    if (manip === MANIP_SRC) {
      wanted.s0 = range.least[0];
      wanted.s1 = range.least[1];
      wanted.s2 = range.least[2];
      wanted.s3 = last;
    } else {
      wanted.d0 = range.least[0];
      wanted.d1 = range.least[1];
      wanted.d2 = range.least[2];
      wanted.d3 = last;
    }
  }

  /** Whether another connection has what would be the answers' tuple (`nf_nat_used_tuple`). */
  #used(): boolean {
    inverse.invert(wanted);
    return this.conntrack.find(inverse) !== null;
  }

  /** A port or identifier of the range that is free (`nf_nat_l4proto_unique_tuple`). */
  #choosePort(range: NatRange | null, manip: number, port: number): void {
    const { protocol } = wanted;
    const icmp = isIcmp(protocol);
    if (!icmp && protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return;
    let least: number;
    let size: number;
    if (range !== null && range.leastPort !== 0) {
      least = range.leastPort;
      size = range.mostPort - least + 1;
    } else if (icmp) {
      least = 0;
      size = 65536;
    } else {
      // Without being told, the destination's port is never changed.
      if (manip === MANIP_DST) return;
      if (port < 512) {
        least = 1;
        size = 511;
      } else if (port < 1024) {
        least = 600;
        size = 424;
      } else {
        least = 1024;
        size = 64512;
      }
    }
    let offset = this.random.below(size);
    for (let attempt = Math.min(size, ATTEMPTS); attempt > 0; attempt--, offset++) {
      const chosen = least + offset % size;
      if (manip === MANIP_SRC || protocol === IPPROTO_ICMP || protocol === IPPROTO_ICMPV6) wanted.sport = chosen;
      else wanted.dport = chosen;
      if (!this.#used()) return;
    }
  }
}

/** Which of a connection's translations this packet is due: answers are due the opposite one. */
function statusBit(manip: number, reply: boolean): number {
  return (manip === MANIP_SRC) !== reply ? IPS_SRC_NAT : IPS_DST_NAT;
}

/** Where a nat chain of each kind of place stands beside other hooks. */
export function natPriority(place: number): number {
  return place === NF_PRE_ROUTING || place === NF_LOCAL_OUT ? -100 : 100;
}
