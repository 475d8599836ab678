/**
 * One IPv6 routing table: a path-compressed binary trie over the bits of the prefixes, whose nodes list their routes by
 * metric (`net/ipv6/ip6_fib.c`). Look-ups take the address as four 32-bit words and allocate nothing.
 *
 * @module
 */
import type { Route6 } from "./route6.ts";

/** The first `length` bits of the words are the node's prefix. A node without routes only joins two branches. */
export class FibNode6 {
  left: FibNode6 | null = null;
  right: FibNode6 | null = null;
  routes: Route6 | null = null;
  constructor(
    readonly w0: number,
    readonly w1: number,
    readonly w2: number,
    readonly w3: number,
    readonly length: number,
    public parent: FibNode6 | null,
  ) {}
}

export class Fib6Table {
  #root: FibNode6 | null = null;
  /** Routes in the table, each next hop counted. */
  size = 0;

  constructor(readonly id: number) {}

  /** The node of the longest prefix that holds the address and has routes; its shorter ones are met by `shorter`. */
  longest(w0: number, w1: number, w2: number, w3: number): FibNode6 | null {
    let best: FibNode6 | null = null;
    let node = this.#root;
    while (node !== null) {
      const length = node.length;
      if (!holds(node, length, w0, w1, w2, w3)) break;
      if (node.routes !== null) best = node;
      if (length === 128) break;
      node = bit(w0, w1, w2, w3, length) === 0 ? node.left : node.right;
    }
    return best;
  }

  /** The next shorter prefix with routes above `node`. */
  shorter(node: FibNode6): FibNode6 | null {
    let parent = node.parent;
    while (parent !== null && parent.routes === null) parent = parent.parent;
    return parent;
  }

  /** The node of exactly this prefix. */
  exact(w0: number, w1: number, w2: number, w3: number, length: number): FibNode6 | null {
    let node = this.#root;
    while (node !== null && node.length <= length && holds(node, node.length, w0, w1, w2, w3)) {
      if (node.length === length) return node.routes === null ? null : node;
      node = bit(w0, w1, w2, w3, node.length) === 0 ? node.left : node.right;
    }
    return null;
  }

  /** The routes of exactly this prefix, the best metric first. */
  routes(w0: number, w1: number, w2: number, w3: number, length: number): Route6 | null {
    return this.exact(w0, w1, w2, w3, length)?.routes ?? null;
  }

  /** Puts a route after those of its metric, or before them (`fib6_add_rt2node`). */
  insert(route: Route6, first = false): void {
    const node = this.#obtain(route);
    let before: Route6 | null = null;
    let after = node.routes;
    while (after !== null && (first ? after.metric < route.metric : after.metric <= route.metric)) {
      before = after;
      after = after.next;
    }
    this.#link(node, before, route, after);
  }

  /** Puts a route right behind another of its prefix. */
  insertAfter(route: Route6, other: Route6): void {
    this.#link(this.#obtain(route), other, route, other.next);
  }

  #link(node: FibNode6, before: Route6 | null, route: Route6, after: Route6 | null): void {
    route.next = after;
    if (before === null) node.routes = route;
    else before.next = route;
    route.linked = true;
    this.size++;
  }

  remove(route: Route6): void {
    const node = this.exact(route.w0, route.w1, route.w2, route.w3, route.prefixLength);
    if (node === null || !route.linked) return;
    if (node.routes === route) node.routes = route.next;
    else {
      for (let before = node.routes; before !== null; before = before.next) {
        if (before.next === route) before.next = route.next;
      }
    }
    route.linked = false;
    route.next = null;
    this.size--;
    if (node.routes === null) this.#prune(node);
  }

  /** Takes out nodes that neither have routes nor join two branches. */
  #prune(node: FibNode6): void {
    for (let at: FibNode6 | null = node; at !== null && at.routes === null;) {
      if (at.left !== null && at.right !== null) return;
      const child: FibNode6 | null = at.left ?? at.right;
      const parent: FibNode6 | null = at.parent;
      if (child !== null) child.parent = parent;
      this.#replace(parent, at, child);
      if (child !== null) return;
      at = parent;
    }
  }

  #replace(parent: FibNode6 | null, node: FibNode6, by: FibNode6 | null): void {
    if (parent === null) this.#root = by;
    else if (parent.left === node) parent.left = by;
    else parent.right = by;
  }

  /** The node of the route's prefix, made where there is none. */
  #obtain(route: Route6): FibNode6 {
    const { w0, w1, w2, w3, prefixLength: length } = route;
    let parent: FibNode6 | null = null;
    let node = this.#root;
    while (node !== null && node.length <= length && holds(node, node.length, w0, w1, w2, w3)) {
      if (node.length === length) return node;
      parent = node;
      node = bit(w0, w1, w2, w3, node.length) === 0 ? node.left : node.right;
    }
    const made = new FibNode6(w0, w1, w2, w3, length, parent);
    if (node === null) {
      this.#attach(parent, made);
      return made;
    }
    const common = Math.min(length, node.length, commonBits(node, w0, w1, w2, w3));
    if (common === length) {
      this.#replace(parent, node, made);
      adopt(made, node);
      return made;
    }
    const join = new FibNode6(w0, w1, w2, w3, common, parent);
    this.#replace(parent, node, join);
    adopt(join, node);
    adopt(join, made);
    return made;
  }

  #attach(parent: FibNode6 | null, node: FibNode6): void {
    if (parent === null) this.#root = node;
    else adopt(parent, node);
  }

  /** All routes in the kernel's dump order: what is more specific before what holds it, zeros before ones. */
  *[Symbol.iterator](): IterableIterator<Route6> {
    let node = this.#root;
    if (node === null) return;
    node = deepest(node);
    while (node !== null) {
      for (let route = node.routes, next; route !== null; route = next) {
        next = route.next;
        yield route;
      }
      const parent: FibNode6 | null = node.parent;
      node = parent !== null && parent.left === node && parent.right !== null ? deepest(parent.right) : parent;
    }
  }
}

function deepest(node: FibNode6): FibNode6 {
  for (let below = node.left ?? node.right; below !== null; below = node.left ?? node.right) node = below;
  return node;
}

function adopt(parent: FibNode6, child: FibNode6): void {
  child.parent = parent;
  if (bit(child.w0, child.w1, child.w2, child.w3, parent.length) === 0) parent.left = child;
  else parent.right = child;
}

/** Bit `index` (0 is the highest) of a 128-bit word. */
function bit(w0: number, w1: number, w2: number, w3: number, index: number): number {
  const word = index < 64 ? (index < 32 ? w0 : w1) : (index < 96 ? w2 : w3);
  return (word >>> (31 - (index & 31))) & 1;
}

/** Whether the first `length` bits are those of the node. */
function holds(node: FibNode6, length: number, w0: number, w1: number, w2: number, w3: number): boolean {
  if (length === 0) return true;
  if (length <= 32) return ((node.w0 ^ w0) >>> (32 - length)) === 0;
  if (node.w0 !== w0) return false;
  if (length <= 64) return ((node.w1 ^ w1) >>> (64 - length)) === 0;
  if (node.w1 !== w1) return false;
  if (length <= 96) return ((node.w2 ^ w2) >>> (96 - length)) === 0;
  return node.w2 === w2 && ((node.w3 ^ w3) >>> (128 - length)) === 0;
}

function commonBits(node: FibNode6, w0: number, w1: number, w2: number, w3: number): number {
  if (node.w0 !== w0) return Math.clz32(node.w0 ^ w0);
  if (node.w1 !== w1) return 32 + Math.clz32(node.w1 ^ w1);
  if (node.w2 !== w2) return 64 + Math.clz32(node.w2 ^ w2);
  return 96 + Math.clz32(node.w3 ^ w3);
}
