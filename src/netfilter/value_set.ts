/** Sets and maps of values (`nft_set`): anonymous ones in rules, and named ones. */
import { BREAK, CONTINUE, type HookState } from "./hook_state.ts";
import type { Chain, Statement } from "./chain.ts";
import { compareLoaded, compareValues, type Selector, type Value } from "./selector.ts";

/** Where an element of a map leads: a verdict, or a value. */
export interface VerdictData {
  readonly verdict: number;
  readonly chain: Chain | null;
}

/** One field of an element: from `low` to `high`. */
export interface Interval {
  readonly low: Value;
  readonly high: Value;
  /** It was written as a prefix of so many bits; -1: as a range or a single value. */
  readonly prefix: number;
}

export interface Element {
  /** One for each field of the key. */
  readonly fields: readonly Interval[];
  readonly verdict?: VerdictData;
  readonly data?: Value;
  readonly comment?: string;
  /** Everything (`*`). */
  readonly any?: boolean;
}

export class ValueSet {
  elements: Element[] = [];

  /** In the order of their values. */
  add(element: Element): void {
    const { elements } = this;
    let at = elements.length;
    while (at > 0 && compareElements(element, elements[at - 1]) < 0) at--;
    elements.splice(at, 0, element);
  }

  /** The element that is just this one. */
  same(element: Element): Element | undefined {
    return this.elements.find((other) =>
      other.any === element.any && other.fields.length === element.fields.length &&
      other.fields.every((field, i) =>
        compareValues(field.low, element.fields[i].low) === 0 && compareValues(field.high, element.fields[i].high) === 0
      )
    );
  }

  /** An element that has values in common with this one. */
  overlapping(element: Element): Element | undefined {
    return this.elements.find((other) =>
      !other.any && !element.any &&
      other.fields.every((field, i) =>
        compareValues(field.low, element.fields[i].high) <= 0 && compareValues(element.fields[i].low, field.high) <= 0
      )
    );
  }

  delete(element: Element): void {
    this.elements.splice(this.elements.indexOf(element), 1);
  }

  /** The element that holds the values of the packet; null also when the packet has no such values. */
  find(state: HookState, key: readonly Selector[]): Element | null {
    const { elements } = this;
    if (key.length > 1) return this.#findTogether(state, key);
    const selector = key[0];
    if (!selector.load(state)) return null;
    const { kind } = selector;
    if (kind === "text") {
      for (let i = 0; i < elements.length; i++) {
        if (elements[i].any || compareLoaded(state, kind, elements[i].fields[0].low) === 0) return elements[i];
      }
      return null;
    }
    let low = 0;
    let high = elements.length;
    const last = high > 0 && elements[high - 1].any ? elements[--high] : null;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareLoaded(state, kind, elements[middle].fields[0].low) >= 0) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && compareLoaded(state, kind, elements[low - 1].fields[0].high) <= 0) return elements[low - 1];
    return last;
  }

  #findTogether(state: HookState, key: readonly Selector[]): Element | null {
    next: for (const element of this.elements) {
      if (element.any) return element;
      for (let i = 0; i < key.length; i++) {
        if (!key[i].load(state)) return null;
        const { low, high } = element.fields[i];
        if (compareLoaded(state, key[i].kind, low) < 0) continue next;
        if (compareLoaded(state, key[i].kind, high) > 0) continue next;
      }
      return element;
    }
    return null;
  }
}

function compareElements(a: Element, b: Element): number {
  if (a.any || b.any) return (a.any ? 1 : 0) - (b.any ? 1 : 0);
  for (let i = 0; i < a.fields.length; i++) {
    const order = compareValues(a.fields[i].low, b.fields[i].low);
    if (order !== 0) return order;
  }
  return 0;
}

/** `KEY vmap SET` */
export class VerdictMap implements Statement {
  constructor(readonly key: readonly Selector[], readonly set: ValueSet) {}

  run(state: HookState): number {
    const element = this.set.find(state, this.key);
    if (element === null || element.verdict === undefined) return BREAK;
    state.target = element.verdict.chain;
    return element.verdict.verdict;
  }

  get targets(): Chain[] {
    return this.set.elements.flatMap((element) => element.verdict?.chain ?? []);
  }
}

/** `KEY SET`: goes on when the set has the packet's value, or when it does not. */
export class SetMatch implements Statement {
  constructor(readonly key: readonly Selector[], readonly set: ValueSet, readonly negated: boolean) {}

  run(state: HookState): number {
    for (let i = 0; i < this.key.length; i++) if (!this.key[i].load(state)) return BREAK;
    return (this.set.find(state, this.key) !== null) !== this.negated ? CONTINUE : BREAK;
  }
}
