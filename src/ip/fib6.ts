/**
 * One IPv6 routing table: a path-compressed binary trie over the bits of the prefixes, whose nodes list their routes by metric
 * (`net/ipv6/ip6_fib.c`). The nodes lie in one typed array, so that a million prefixes are no work for the collector; a node is
 * known by its number. Look-ups take the address as four 32-bit words and allocate nothing.
 *
 * @module
 */
import { smallWords } from "../wire/slab.ts";
import type { Route6 } from "./route6.ts";

/**
 * Words of a node: its prefix, its length, its parent, and the children for a 0 and for a 1 bit. Node 0 is none.
 * A node without routes only joins two branches.
 */
const LENGTH = 4;
const PARENT = 5;
const CHILD = 6;
const SHIFT = 3;
/** Words up to which the nodes share a block with those of other tables. */
const SMALL = 128;
/** Nodes from which it is worth putting a table in order that is looked up much. */
const LARGE = 16384;

export class Fib6Table {
  #nodes = EMPTY;
  /** The routes of each node. */
  #lists: (Route6 | null)[] = [];
  #root = 0;
  /** Nodes ever used; and those free again, linked through their parents. */
  #count = 1;
  #free = 0;
  /** Look-ups since the last change of a large table; -1 when it is in order. */
  #lookups = 0;
  /**
   * Of a table in order: the node under which most others are, and for each value of the 16 bits after its prefix the best node
   * above and the node to go on from.
   */
  #trunk = 0;
  #begin: Int32Array | null = null;
  /** Routes in the table, each next hop counted. */
  size = 0;

  constructor(readonly id: number) {}

  /** The node of the longest prefix that holds the address and has routes, or 0; `shorter` gives the next ones. */
  longest(w0: number, w1: number, w2: number, w3: number): number {
    if (this.#lookups >= 0 && ++this.#lookups > this.#count && this.#count > LARGE) this.#order();
    const nodes = this.#nodes;
    const lists = this.#lists;
    let best = 0;
    let node = this.#root;
    const begin = this.#begin;
    if (begin !== null) {
      const trunk = this.#trunk << SHIFT;
      const length = nodes[trunk + LENGTH];
      if (holds(nodes, trunk, length, w0, w1, w2, w3)) {
        const slot = bits16(w0, w1, w2, w3, length) << 1;
        best = begin[slot];
        node = begin[slot + 1];
      }
    }
    while (node !== 0) {
      const at = node << SHIFT;
      const length = nodes[at + LENGTH];
      if (!holds(nodes, at, length, w0, w1, w2, w3)) break;
      if (lists[node] !== null) best = node;
      if (length === 128) break;
      node = nodes[at + CHILD + bit(w0, w1, w2, w3, length)];
    }
    return best;
  }

  /** The routes of a node, the best metric first. */
  first(node: number): Route6 | null {
    return this.#lists[node];
  }

  /** The next shorter prefix with routes above `node`, or 0. */
  shorter(node: number): number {
    let parent = this.#nodes[(node << SHIFT) + PARENT];
    while (parent !== 0 && this.#lists[parent] === null) parent = this.#nodes[(parent << SHIFT) + PARENT];
    return parent;
  }

  /** The routes of exactly this prefix, the best metric first. */
  routes(w0: number, w1: number, w2: number, w3: number, length: number): Route6 | null {
    const node = this.#exact(w0, w1, w2, w3, length);
    return node === 0 ? null : this.#lists[node];
  }

  #exact(w0: number, w1: number, w2: number, w3: number, length: number): number {
    const nodes = this.#nodes;
    for (let node = this.#root; node !== 0;) {
      const at = node << SHIFT;
      const own = nodes[at + LENGTH];
      if (own > length || !holds(nodes, at, own, w0, w1, w2, w3)) return 0;
      if (own === length) return node;
      node = nodes[at + CHILD + bit(w0, w1, w2, w3, own)];
    }
    return 0;
  }

  /** Puts a route after those of its metric, or before them (`fib6_add_rt2node`). */
  insert(route: Route6, first = false): void {
    const node = this.#obtain(route);
    let before: Route6 | null = null;
    let after = this.#lists[node];
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

  #link(node: number, before: Route6 | null, route: Route6, after: Route6 | null): void {
    route.next = after;
    if (this.#lists[node] === null) this.#disorder();
    if (before === null) this.#lists[node] = route;
    else before.next = route;
    route.linked = true;
    this.size++;
  }

  remove(route: Route6): void {
    const node = this.#exact(route.w0, route.w1, route.w2, route.w3, route.prefixLength);
    if (node === 0 || !route.linked) return;
    if (this.#lists[node] === route) this.#lists[node] = route.next;
    else {
      for (let before = this.#lists[node]; before !== null; before = before.next) {
        if (before.next === route) before.next = route.next;
      }
    }
    route.linked = false;
    route.next = null;
    this.size--;
    if (this.#lists[node] === null) {
      this.#disorder();
      this.#prune(node);
    }
  }

  #disorder(): void {
    this.#lookups = 0;
    this.#begin = null;
  }

  /** Takes out nodes that neither have routes nor join two branches. */
  #prune(node: number): void {
    const nodes = this.#nodes;
    while (node !== 0 && this.#lists[node] === null) {
      const at = node << SHIFT;
      const left = nodes[at + CHILD];
      const right = nodes[at + CHILD + 1];
      if (left !== 0 && right !== 0) return;
      const child = left !== 0 ? left : right;
      const parent = nodes[at + PARENT];
      this.#replace(parent, node, child);
      if (child !== 0) nodes[(child << SHIFT) + PARENT] = parent;
      nodes[at + PARENT] = this.#free;
      this.#free = node;
      if (child !== 0) return;
      node = parent;
    }
  }

  #replace(parent: number, node: number, by: number): void {
    if (parent === 0) this.#root = by;
    else {
      const child = (parent << SHIFT) + CHILD;
      if (this.#nodes[child] === node) this.#nodes[child] = by;
      else this.#nodes[child + 1] = by;
    }
  }

  /** The node of the route's prefix, made where there is none. */
  #obtain(route: Route6): number {
    const { w0, w1, w2, w3, prefixLength: length } = route;
    let parent = 0;
    let node = this.#root;
    while (node !== 0) {
      const at = node << SHIFT;
      const own = this.#nodes[at + LENGTH];
      if (own > length || !holds(this.#nodes, at, own, w0, w1, w2, w3)) break;
      if (own === length) return node;
      parent = node;
      node = this.#nodes[at + CHILD + bit(w0, w1, w2, w3, own)];
    }
    const made = this.#allocate(w0, w1, w2, w3, length, parent);
    if (node === 0) {
      if (parent === 0) this.#root = made;
      else this.#adopt(parent, made);
      return made;
    }
    const nodes = this.#nodes;
    const at = node << SHIFT;
    const common = Math.min(length, nodes[at + LENGTH], commonBits(nodes, at, w0, w1, w2, w3));
    if (common === length) {
      this.#replace(parent, node, made);
      this.#adopt(made, node);
      return made;
    }
    const join = this.#allocate(w0, w1, w2, w3, common, parent);
    this.#replace(parent, node, join);
    this.#adopt(join, node);
    this.#adopt(join, made);
    return made;
  }

  #allocate(w0: number, w1: number, w2: number, w3: number, length: number, parent: number): number {
    let node = this.#free;
    if (node !== 0) this.#free = this.#nodes[(node << SHIFT) + PARENT];
    else {
      node = this.#count++;
      if (this.#count << SHIFT > this.#nodes.length) {
        this.#grow();
      }
    }
    const nodes = this.#nodes;
    const at = node << SHIFT;
    nodes[at] = w0;
    nodes[at + 1] = w1;
    nodes[at + 2] = w2;
    nodes[at + 3] = w3;
    nodes[at + LENGTH] = length;
    nodes[at + PARENT] = parent;
    nodes[at + CHILD] = nodes[at + CHILD + 1] = 0;
    return node;
  }

  #grow(): void {
    const length = this.#nodes.length * 2 || 32;
    const larger = length <= SMALL ? smallWords(length) : new Int32Array(length);
    larger.set(this.#nodes);
    this.#nodes = larger;
    const nodes = length >> SHIFT;
    this.#lists = this.#lists.concat(new Array(nodes - this.#lists.length).fill(null));
  }

  #adopt(parent: number, child: number): void {
    const nodes = this.#nodes;
    const at = child << SHIFT;
    nodes[at + PARENT] = parent;
    const above = parent << SHIFT;
    nodes[above + CHILD + bit(nodes[at], nodes[at + 1], nodes[at + 2], nodes[at + 3], nodes[above + LENGTH])] = child;
  }

  /** Copies the nodes in the order of a walk, so that those of one small branch lie side by side in memory. */
  #order(): void {
    const from = this.#nodes;
    const lists = this.#lists;
    const nodes = new Int32Array(from.length);
    const ordered: (Route6 | null)[] = new Array(lists.length).fill(null);
    let count = 1;
    const waiting: number[] = this.#root === 0 ? [] : [this.#root, 0, 0];
    while (waiting.length > 0) {
      const slot = waiting.pop()!;
      const parent = waiting.pop()!;
      const node = waiting.pop()!;
      const made = count++;
      const at = made << SHIFT;
      for (let i = 0; i <= LENGTH; i++) nodes[at + i] = from[(node << SHIFT) + i];
      nodes[at + PARENT] = parent;
      ordered[made] = lists[node];
      if (slot !== 0) nodes[slot] = made;
      for (let side = 1; side >= 0; side--) {
        const child = from[(node << SHIFT) + CHILD + side];
        if (child !== 0) waiting.push(child, made, at + CHILD + side);
      }
    }
    this.#root = this.#root === 0 ? 0 : 1;
    this.#nodes = nodes;
    this.#lists = ordered;
    this.#count = count;
    this.#free = 0;
    this.#lookups = -1;
    this.#findTrunk();
    this.#fillBegin();
  }

  /**
   * Goes down as long as one of two branches has nine tenths of the nodes. Nodes are numbered in the order of a walk: a right
   * branch begins where the left one ends.
   */
  #findTrunk(): void {
    const nodes = this.#nodes;
    let node = this.#root;
    for (let end = this.#count;;) {
      const at = (node << SHIFT) + CHILD;
      const left = nodes[at];
      const right = nodes[at + 1];
      const split = right !== 0 ? right : end;
      const whole = end - node;
      if (left !== 0 && split - left > whole * 0.9) {
        node = left;
        end = split;
      } else if (right !== 0 && end - right > whole * 0.9) node = right;
      else break;
    }
    this.#trunk = node;
  }

  #fillBegin(): void {
    const nodes = this.#nodes;
    const trunk = this.#trunk << SHIFT;
    const length = nodes[trunk + LENGTH];
    if (length > 112) return;
    const begin = new Int32Array(2 * 65536);
    const above = this.shorter(this.#trunk);
    const words = new Int32Array(4);
    for (let value = 0; value < 65536; value++) {
      for (let i = 0; i < 4; i++) words[i] = nodes[trunk + i];
      putBits16(words, length, value);
      let best = above;
      let node = this.#trunk;
      while (node !== 0) {
        const at = node << SHIFT;
        const own = nodes[at + LENGTH];
        if (own >= length + 16) break;
        if (!holds(nodes, at, own, words[0], words[1], words[2], words[3])) {
          node = 0;
          break;
        }
        if (this.#lists[node] !== null) best = node;
        node = nodes[at + CHILD + bit(words[0], words[1], words[2], words[3], own)];
      }
      begin[2 * value] = best;
      begin[2 * value + 1] = node;
    }
    this.#begin = begin;
  }

  /** All routes in the kernel's dump order: what is more specific before what holds it, zeros before ones. */
  *[Symbol.iterator](): IterableIterator<Route6> {
    let node = this.#deepest(this.#root);
    while (node !== 0) {
      for (let route = this.#lists[node], next; route !== null; route = next) {
        next = route.next;
        yield route;
      }
      const nodes = this.#nodes;
      const parent = nodes[(node << SHIFT) + PARENT];
      if (parent === 0) return;
      const sibling = nodes[(parent << SHIFT) + CHILD + 1];
      node = sibling !== node && sibling !== 0 ? this.#deepest(sibling) : parent;
    }
  }

  #deepest(node: number): number {
    if (node === 0) return 0;
    for (;;) {
      const at = (node << SHIFT) + CHILD;
      const below = this.#nodes[at] !== 0 ? this.#nodes[at] : this.#nodes[at + 1];
      if (below === 0) return node;
      node = below;
    }
  }
}

const EMPTY = new Int32Array(0);

/** Bit `index` (0 is the highest) of a 128-bit word. */
function bit(w0: number, w1: number, w2: number, w3: number, index: number): number {
  const word = index < 64 ? (index < 32 ? w0 : w1) : (index < 96 ? w2 : w3);
  return (word >>> (31 - (index & 31))) & 1;
}

/** The 16 bits from bit `index` (at most 112) on. */
function bits16(w0: number, w1: number, w2: number, w3: number, index: number): number {
  const high = index < 64 ? (index < 32 ? w0 : w1) : (index < 96 ? w2 : w3);
  const low = index < 64 ? (index < 32 ? w1 : w2) : w3;
  const shift = index & 31;
  return (shift === 0 ? high >>> 16 : ((high << shift) | (low >>> (32 - shift))) >>> 16);
}

function putBits16(words: Int32Array, index: number, value: number): void {
  for (let i = 0; i < 16; i++) {
    const at = index + i;
    const mask = 1 << (31 - (at & 31));
    if (((value >>> (15 - i)) & 1) !== 0) words[at >> 5] |= mask;
    else words[at >> 5] &= ~mask;
  }
}

/** Whether the first `length` bits are those of the node. */
function holds(
  nodes: Int32Array,
  at: number,
  length: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): boolean {
  if (length === 0) return true;
  if (length <= 32) return ((nodes[at] ^ w0) >>> (32 - length)) === 0;
  if (nodes[at] !== w0) return false;
  if (length <= 64) return ((nodes[at + 1] ^ w1) >>> (64 - length)) === 0;
  if (nodes[at + 1] !== w1) return false;
  if (length <= 96) return ((nodes[at + 2] ^ w2) >>> (96 - length)) === 0;
  return nodes[at + 2] === w2 && ((nodes[at + 3] ^ w3) >>> (128 - length)) === 0;
}

function commonBits(nodes: Int32Array, at: number, w0: number, w1: number, w2: number, w3: number): number {
  if (nodes[at] !== w0) return Math.clz32(nodes[at] ^ w0);
  if (nodes[at + 1] !== w1) return 32 + Math.clz32(nodes[at + 1] ^ w1);
  if (nodes[at + 2] !== w2) return 64 + Math.clz32(nodes[at + 2] ^ w2);
  return 96 + Math.clz32(nodes[at + 3] ^ w3);
}
