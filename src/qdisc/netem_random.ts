/** The random processes of netem: correlated numbers, and losses that come in bursts. */
import type { Random } from "../time/random.ts";

/** Of a share from 0 to 1, the number that a uniform 32-bit number is compared with. */
export function threshold(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * 0xffffffff);
}

/**
 * Uniform 32-bit numbers of which each depends on the one before: with a probability of the correlation it is the same again (a DAR(1)
 * process), so that numbers, losses and delays of any distribution keep their mean and variance and have this very correlation.
 * Linux's `get_crandom` averages with the last number instead, which shrinks the spread (a loss of 10 % all but ends), and takes a
 * remainder of the result, which leaves no correlation of delays: not what its documentation says.
 */
export class CorrelatedRandom {
  readonly #again: number;
  #last: number;

  constructor(readonly random: Random, correlation: number) {
    this.#again = threshold(correlation);
    this.#last = random.uint32();
  }

  next(): number {
    if (this.#again === 0) return this.random.uint32();
    if (this.random.uint32() >= this.#again) this.#last = this.random.uint32();
    return this.#last;
  }
}

/** Shares are from 0 to 1. */
export type LossOptions =
  | { model: "random"; share: number; correlation?: number }
  /** A chain of four states (`loss state`): transitions between received and lost within gaps and bursts. */
  | { model: "state"; p13: number; p31: number; p32: number; p23: number; p14: number }
  /** Gilbert-Elliott: p and r are the transitions good to bad and back; h and k the shares received in the bad and the good state. */
  | { model: "gemodel"; p: number; r: number; h: number; k: number };

const TX_IN_GAP = 1;
const TX_IN_BURST = 2;
const LOST_IN_GAP = 3;
const LOST_IN_BURST = 4;

export class LossModel {
  #state = TX_IN_GAP;
  readonly #correlated: CorrelatedRandom;
  /** `clg.a1` … `a5`, in netem's order. */
  readonly #a1: number = 0;
  readonly #a2: number = 0;
  readonly #a3: number = 0;
  readonly #a4: number = 0;
  readonly #a5: number = 0;

  constructor(readonly random: Random, readonly options: LossOptions) {
    const correlation = options.model === "random" ? options.correlation ?? 0 : 0;
    this.#correlated = new CorrelatedRandom(random, correlation);
    if (options.model === "random") this.#a1 = threshold(options.share);
    else if (options.model === "state") {
      this.#a1 = threshold(options.p13);
      this.#a2 = threshold(options.p31);
      this.#a3 = threshold(options.p32);
      this.#a4 = threshold(options.p14);
      this.#a5 = threshold(options.p23);
    } else {
      this.#a1 = threshold(options.p);
      this.#a2 = threshold(options.r);
      this.#a3 = threshold(options.h);
      this.#a4 = threshold(1 - options.k);
    }
  }

  /** Whether the next packet is lost. */
  next(): boolean {
    if (this.options.model === "random") return this.#a1 > 0 && this.#a1 >= this.#correlated.next();
    return this.options.model === "state" ? this.#fourStates() : this.#gilbertElliott();
  }

  /** `loss_4state` */
  #fourStates(): boolean {
    const random = this.random.uint32();
    switch (this.#state) {
      case TX_IN_GAP:
        if (random < this.#a4) this.#state = LOST_IN_GAP;
        else if (random < this.#a1 + this.#a4) this.#state = LOST_IN_BURST;
        break;
      case TX_IN_BURST:
        if (random < this.#a5) this.#state = LOST_IN_BURST;
        break;
      case LOST_IN_BURST:
        if (random < this.#a3) this.#state = TX_IN_BURST;
        else if (random < this.#a2 + this.#a3) this.#state = TX_IN_GAP;
        break;
      case LOST_IN_GAP:
        this.#state = TX_IN_GAP;
    }
    return this.#state === LOST_IN_GAP || this.#state === LOST_IN_BURST;
  }

  /** `loss_gilb_ell`; TX_IN_GAP is the good state, LOST_IN_BURST the bad one. */
  #gilbertElliott(): boolean {
    const { random } = this;
    if (this.#state === TX_IN_GAP) {
      if (random.uint32() < this.#a1) this.#state = LOST_IN_BURST;
      return random.uint32() < this.#a4;
    }
    if (random.uint32() < this.#a2) this.#state = TX_IN_GAP;
    return random.uint32() > this.#a3;
  }
}
