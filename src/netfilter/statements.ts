/** What rules consist of besides sets: comparisons, counters, limits, marks and verdicts. */
import { SECOND } from "../time/scheduler.ts";
import type { Chain, Statement } from "./chain.ts";
import { type Connection, CT_UNTRACKED } from "./connection.ts";
import { BREAK, CONTINUE, type HookState } from "./hook_state.ts";
import { compareLoaded, type Selector, type Value } from "./selector.ts";

export type Operator = "==" | "!=" | "<" | ">" | "<=" | ">=";

/** `SELECTOR OPERATOR VALUE`, of the bits of `mask` where there is one. */
export class Comparison implements Statement {
  constructor(
    readonly selector: Selector,
    readonly operator: Operator,
    readonly value: Value,
    readonly mask: number = -1,
  ) {}

  run(state: HookState): number {
    const { selector } = this;
    if (!selector.load(state)) return BREAK;
    if (this.mask !== -1) state.number = (state.number & this.mask) >>> 0;
    const order = compareLoaded(state, selector.kind, this.value);
    switch (this.operator) {
      case "==":
        return order === 0 ? CONTINUE : BREAK;
      case "!=":
        return order !== 0 ? CONTINUE : BREAK;
      case "<":
        return order < 0 ? CONTINUE : BREAK;
      case ">":
        return order > 0 ? CONTINUE : BREAK;
      case "<=":
        return order <= 0 ? CONTINUE : BREAK;
      case ">=":
        return order >= 0 ? CONTINUE : BREAK;
    }
  }
}

/** Between two values, both included; or not between them. */
export class RangeMatch implements Statement {
  constructor(readonly selector: Selector, readonly low: Value, readonly high: Value, readonly negated: boolean) {}

  run(state: HookState): number {
    if (!this.selector.load(state)) return BREAK;
    const { kind } = this.selector;
    const inside = compareLoaded(state, kind, this.low) >= 0 && compareLoaded(state, kind, this.high) <= 0;
    return inside !== this.negated ? CONTINUE : BREAK;
  }
}

/** `counter` */
export class Counter implements Statement {
  packets = 0;
  bytes = 0;

  run(state: HookState): number {
    this.packets++;
    this.bytes += state.tail - state.network;
    return CONTINUE;
  }
}

/** `accept`, `drop`, `jump CHAIN`, … */
export class Verdict implements Statement {
  constructor(readonly verdict: number, readonly chain: Chain | null = null) {}

  run(state: HookState): number {
    state.target = this.chain;
    return this.verdict;
  }

  get targets(): Chain[] {
    return this.chain === null ? [] : [this.chain];
  }
}

/** `limit`: a bucket of tokens, worth ns, filled by the passing of time (`nft_limit_eval`). */
export class Limit implements Statement {
  readonly #most: number;
  #tokens: number;
  #last = -1;

  /** `rate` packets or octets in `per` seconds, and `burst` more at once. */
  constructor(
    readonly rate: number,
    readonly per: number,
    readonly burst: number,
    readonly octets: boolean,
    readonly inverted: boolean,
  ) {
    this.#most = octets ? (rate + burst) * per * SECOND / rate : burst * per * SECOND / rate;
    this.#tokens = this.#most;
  }

  run(state: HookState): number {
    const now = state.netfilter.host.world.scheduler.now;
    if (this.#last < 0) this.#last = now;
    const units = this.octets ? state.tail - state.network : 1;
    const cost = Math.floor(this.per * SECOND * units / this.rate);
    const tokens = Math.min(this.#most, this.#tokens + now - this.#last);
    this.#last = now;
    if (tokens >= cost) {
      this.#tokens = tokens - cost;
      return this.inverted ? BREAK : CONTINUE;
    }
    this.#tokens = tokens;
    return this.inverted ? CONTINUE : BREAK;
  }
}

/** `meta mark set`, `ct mark set`, `meta priority set`: (source & mask) ^ xor, the source being a selector or nothing. */
export class MarkSet implements Statement {
  constructor(
    readonly what: "meta mark" | "ct mark" | "meta priority",
    readonly source: Selector | null,
    readonly mask: number,
    readonly xor: number,
  ) {}

  run(state: HookState): number {
    const { packet } = state;
    let value = 0;
    if (this.source !== null) {
      if (!this.source.load(state)) return BREAK;
      value = state.number;
    }
    value = ((value & this.mask) ^ this.xor) >>> 0;
    if (this.what === "meta priority") packet.priority = value;
    else if (this.what === "meta mark") {
      packet.mark = value;
    } else {
      const connection = packet.connection as Connection | null;
      if (connection === null) return BREAK;
      connection.mark = value;
    }
    return CONTINUE;
  }
}

/** `notrack` */
export class NoTrack implements Statement {
  run({ packet }: HookState): number {
    if (packet.connection === null) packet.connectionInfo = CT_UNTRACKED;
    return CONTINUE;
  }
}
