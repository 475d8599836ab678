/** The places where packets meet chains, connection tracking and NAT, in order of priority (`net/netfilter/core.c`). */
import type { Interface } from "../device/interface.ts";
import {
  type IpHost,
  type Netfilter as NetfilterHooks,
  NF_LOCAL_IN,
  NF_LOCAL_OUT,
  NF_POST_ROUTING,
  NF_PRE_ROUTING,
} from "../ip/host.ts";
import { IP_MF, IP_OFFSET, IPV4_FRAGMENT } from "../wire/ipv4.ts";
import { get16 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import { type Chain, runBaseChain } from "./chain.ts";
import { CT_ESTABLISHED, Tuple } from "./connection.ts";
import { Conntrack } from "./conntrack.ts";
import { ACCEPT, DROP, HookState, STOLEN } from "./hook_state.ts";
import { Nat, natPriority } from "./nat.ts";

const PRIORITY_DEFRAG = -400;
const PRIORITY_CONNTRACK = -200;
const PRIORITY_CONFIRM = 2147483647;

/** What stands at a place. */
interface Hook {
  readonly priority: number;
  /** ACCEPT, DROP or STOLEN. */
  run(state: HookState): number;
}

class ChainHook implements Hook {
  readonly priority: number;
  constructor(readonly chain: Chain) {
    this.priority = chain.hook!.priority;
  }
  run(state: HookState): number {
    const mark = state.packet.mark;
    const verdict = runBaseChain(this.chain, state);
    if (this.chain.hook!.type === "route" && state.packet.mark !== mark) state.marked = true;
    return verdict;
  }
}

class NatHook implements Hook {
  readonly priority: number;
  constructor(place: number, readonly chains: readonly Chain[]) {
    this.priority = natPriority(place);
  }
  run(state: HookState): number {
    return state.netfilter.nat.run(state, this.chains);
  }
}

const TRACK: Hook = { priority: PRIORITY_CONNTRACK, run: (state) => state.netfilter.conntrack.track(state) };
const CONFIRM: Hook = { priority: PRIORITY_CONFIRM, run: (state) => state.netfilter.conntrack.confirm(state) };

/** Fragments are put together before connections are looked for (`ipv4_conntrack_defrag`). */
const DEFRAGMENT: Hook = {
  priority: PRIORITY_DEFRAG,
  run(state) {
    const { packet, bytes, network, input } = state;
    if (input === null || (get16(bytes, network + IPV4_FRAGMENT) & (IP_MF | IP_OFFSET)) === 0) return ACCEPT;
    const whole = state.netfilter.host.ipv4.fragments.receive(packet, input);
    if (whole === null) return STOLEN;
    whole.connection = packet.connection;
    whole.connectionInfo = CT_ESTABLISHED;
    state.take(whole);
    whole.transport = state.transport;
    return ACCEPT;
  },
};

const before = new Tuple(false);
const after = new Tuple(false);

export interface HookPlan {
  /** Base chains of tables that are not dormant, for this version. */
  readonly chains: readonly Chain[];
  readonly tracked: boolean;
}

export class Netfilter implements NetfilterHooks {
  readonly conntrack: Conntrack;
  readonly nat: Nat;
  rerouted = false;
  /** By place, for IPv4 and then for IPv6. */
  #hooks: Hook[][] = Array.from({ length: 10 }, () => []);
  /** One for each packet that is being looked at: an answer is sent while the packet it answers waits. */
  readonly #states: HookState[] = [];
  #depth = 0;

  constructor(readonly host: IpHost) {
    this.conntrack = new Conntrack(host);
    this.nat = new Nat(this.conntrack);
  }

  /** Sets up what packets meet from now on; false when that is nothing. */
  plan(ipv4: HookPlan, ipv6: HookPlan): boolean {
    this.#hooks = [...hooksOf(ipv4, 4), ...hooksOf(ipv6, 6)];
    return this.#hooks.some((hooks) => hooks.length > 0);
  }

  pass(
    place: number,
    version: 4 | 6,
    packet: Packet,
    input: Interface | null,
    output: Interface | null,
  ): Packet | null {
    if (place === NF_PRE_ROUTING && !input!.loopback) packet.connection = null;
    if (packet.connection === null && (place === NF_PRE_ROUTING || place === NF_LOCAL_OUT)) {
      packet.connectionInfo = CT_ESTABLISHED;
    }
    if (place === NF_LOCAL_OUT) this.rerouted = false;
    const hooks = this.#hooks[version === 4 ? place : place + 5];
    if (hooks.length === 0) return packet;
    const state = this.#states[this.#depth] ??= new HookState(this);
    this.#depth++;
    state.set(place, version, packet, input, output);
    state.marked = false;
    const local = place === NF_LOCAL_OUT;
    const { mark } = packet;
    if (local) before.read(state.bytes, version, state.network, state.transport, state.tail, 0);
    let verdict = ACCEPT;
    for (let i = 0; i < hooks.length && verdict === ACCEPT; i++) verdict = hooks[i].run(state);
    this.#depth--;
    const passed = state.packet;
    if (verdict !== ACCEPT) {
      if (verdict === DROP) passed.release();
      return null;
    }
    if (local) {
      after.read(state.bytes, version, state.network, state.transport, state.tail, 0);
      this.rerouted = !sameDestination() || (state.marked && passed.mark !== mark);
    }
    return passed;
  }
}

function sameDestination(): boolean {
  return before.d3 === after.d3 && before.d2 === after.d2 && before.d1 === after.d1 && before.d0 === after.d0;
}

function hooksOf(plan: HookPlan, version: 4 | 6): Hook[][] {
  const places: Hook[][] = [];
  const translated = plan.chains.some((chain) => chain.hook!.type === "nat");
  for (let place = NF_PRE_ROUTING; place <= NF_POST_ROUTING; place++) {
    const here = plan.chains.filter((chain) => chain.hook!.place === place);
    const hooks: Hook[] = here.filter((chain) => chain.hook!.type !== "nat").map((chain) => new ChainHook(chain));
    if (plan.tracked) {
      if (place === NF_PRE_ROUTING && version === 4) hooks.push(DEFRAGMENT);
      if (place === NF_PRE_ROUTING || place === NF_LOCAL_OUT) hooks.push(TRACK);
      if (place === NF_LOCAL_IN || place === NF_POST_ROUTING) hooks.push(CONFIRM);
      const edge = place === NF_PRE_ROUTING || place === NF_LOCAL_OUT || place === NF_LOCAL_IN ||
        place === NF_POST_ROUTING;
      if (translated && edge) {
        const chains = here.filter((chain) => chain.hook!.type === "nat");
        chains.sort((a, b) => a.hook!.priority - b.hook!.priority);
        hooks.push(new NatHook(place, chains));
      }
    }
    places.push(hooks.sort((a, b) => a.priority - b.priority));
  }
  return places;
}
