/**
 * Longest prefix match for 32-bit addresses: a path-compressed binary trie (Patricia) whose nodes lie in one typed array,
 * so that a million prefixes cost some tens of megabytes and no work for the collector. A node carries the head of a list
 * that its user keeps (the routes of that prefix), as a number.
 *
 * @module
 */

import { smallWords } from "../wire/slab.ts";

/** Words of a node: key, child for a 0 bit, child for a 1 bit, and `(value + 1) << 6 | length`. Node 0 is the root, of length 0. */
const KEY = 0;
const CHILD = 1;
const INFO = 3;
const STRIDE = 4;
/** Words up to which the nodes share a block with those of other tables. */
const SMALL = 64;
/** Nodes from which a table that is much looked up is worth putting in order. */
const LARGE = 16384;

/** The root alone, for tables that have no route yet: an idle namespace has several. */
const EMPTY = new Int32Array(STRIDE);

export class FibTrie {
  #nodes: Int32Array<ArrayBuffer> = EMPTY;
  /** Nodes in use or free; and the free ones, linked through their first child. */
  #count = 1;
  #free = 0;
  /** Changes and lookups since the nodes were last put in order. */
  #changes = 0;
  #lookups = 0;
  /** For each value of the first 16 bits the node to begin at, and where in `#above` the shorter prefixes that cover it stand. */
  #begin: Int32Array | null = null;
  #aboveAt: Int32Array | null = null;
  /** Lists of places, each after its length. */
  #above: number[] = [];

  /** Octets held. */
  get bytes(): number {
    return this.#nodes.byteLength + (this.#begin === null ? 0 : 8 * 65536);
  }

  /** The value of exactly this prefix, or -1. */
  get(key: number, length: number): number {
    const nodes = this.#nodes;
    key |= 0;
    for (let at = 0;;) {
      const info = nodes[at + INFO];
      const own = info & 63;
      if (own >= length) return own === length && nodes[at + KEY] === key ? (info >> 6) - 1 : -1;
      at = nodes[at + CHILD + ((key >>> (31 - own)) & 1)];
      if (at === 0) return -1;
    }
  }

  /** Sets the value (0 and up) of a prefix; bits beyond its length must be 0. */
  set(key: number, length: number, value: number): void {
    key |= 0;
    if (this.#nodes === EMPTY) this.#nodes = smallWords(STRIDE * 4);
    let at = 0;
    for (;;) {
      const own = this.#nodes[at + INFO] & 63;
      if (own === length) break;
      const branch = at + CHILD + ((key >>> (31 - own)) & 1);
      const child = this.#nodes[branch];
      if (child === 0) {
        at = this.#add(key, length);
        this.#nodes[branch] = at;
        break;
      }
      const childKey = this.#nodes[child + KEY];
      const childLength = this.#nodes[child + INFO] & 63;
      const common = Math.min(Math.clz32(key ^ childKey), length, childLength);
      if (common === childLength) {
        at = child;
        continue;
      }
      const fork = this.#add(common === 0 ? 0 : key & (-1 << (32 - common)), common);
      this.#nodes[branch] = fork;
      this.#nodes[fork + CHILD + ((childKey >>> (31 - common)) & 1)] = child;
      at = fork;
    }
    this.#nodes[at + INFO] = ((value + 1) << 6) | length;
    this.#touch();
  }

  /** What was made for fast lookups no longer holds. */
  #touch(): void {
    this.#changes++;
    this.#lookups = 0;
    this.#begin = null;
  }

  /** Takes a prefix out. */
  delete(key: number, length: number): void {
    if (this.#nodes === EMPTY) return;
    key |= 0;
    let above = 0; // where the node above is linked, and the node itself
    let link = 0;
    let at = 0;
    const nodes = this.#nodes;
    let aboveLink = 0;
    for (;;) {
      const own = nodes[at + INFO] & 63;
      if (own >= length) break;
      aboveLink = link;
      above = at;
      link = at + CHILD + ((key >>> (31 - own)) & 1);
      at = nodes[link];
      if (at === 0) return;
    }
    if ((nodes[at + INFO] & 63) !== length || nodes[at + KEY] !== key) return;
    nodes[at + INFO] = length;
    this.#touch();
    if (at === 0) return;
    this.#splice(at, link);
    // The fork above may have lost its reason to be.
    if (above !== 0 && nodes[above + INFO] >> 6 === 0) this.#splice(above, aboveLink);
  }

  /** Removes a node without value that has at most one child. */
  #splice(at: number, link: number): void {
    const nodes = this.#nodes;
    const left = nodes[at + CHILD];
    const right = nodes[at + CHILD + 1];
    if (left !== 0 && right !== 0) return;
    nodes[link] = left !== 0 ? left : right;
    nodes[at + CHILD] = this.#free;
    this.#free = at;
  }

  #add(key: number, length: number): number {
    let at = this.#free;
    if (at !== 0) this.#free = this.#nodes[at + CHILD];
    else {
      at = this.#count++ * STRIDE;
      if (at + STRIDE > this.#nodes.length) {
        const length = this.#nodes.length * 2;
        const grown = length <= SMALL ? smallWords(length) : new Int32Array(length);
        grown.set(this.#nodes);
        this.#nodes = grown;
      }
    }
    this.#nodes[at + KEY] = key;
    this.#nodes[at + CHILD] = this.#nodes[at + CHILD + 1] = 0;
    this.#nodes[at + INFO] = length;
    return at;
  }

  /** Writes the places of all prefixes that cover `address` into `found`, shortest first; how many there are. */
  match(address: number, found: Int32Array): number {
    address |= 0;
    let count = 0;
    let at = 0;
    if (this.#begin !== null) {
      const first = address >>> 16;
      const above = this.#above;
      for (let i = this.#aboveAt![first], end = i + above[i]; i < end; i++) found[count++] = above[i + 1];
      at = this.#begin[first];
      if (at === 0) return count;
    } else if (this.#count > LARGE && ++this.#lookups > this.#count >> 3) this.#order();
    const nodes = this.#nodes;
    for (;;) {
      const info = nodes[at + INFO];
      const length = info & 63;
      if (info >> 6 !== 0) {
        if (length !== 0 && (address ^ nodes[at + KEY]) >>> (32 - length) !== 0) return count;
        found[count++] = at;
      }
      if (length === 32) return count;
      at = nodes[at + CHILD + ((address >>> (31 - length)) & 1)];
      if (at === 0) return count;
    }
  }

  /**
   * A large table that is much looked up and stays as it is: its nodes are laid out in the order of their keys, so that those of
   * one neighbourhood share cache lines, and lookups begin after the first 16 bits.
   */
  #order(): void {
    if (this.#changes > this.#count >> 2) this.#layOut();
    const begin = new Int32Array(65536);
    const aboveAt = new Int32Array(65536);
    const above: number[] = [];
    let last: number[] = [];
    for (let first = 0; first < 65536; first++) {
      const places: number[] = [];
      begin[first] = this.#descend(first << 16, places);
      if (first === 0 || places.length !== last.length || places.some((place, i) => place !== last[i])) {
        aboveAt[first] = above.length;
        above.push(places.length, ...places);
        last = places;
      } else aboveAt[first] = aboveAt[first - 1];
    }
    this.#begin = begin;
    this.#aboveAt = aboveAt;
    this.#above = above;
  }

  /** The first node of 16 bits or more on the way to a key, or 0; what covers the key before goes to `places`. */
  #descend(key: number, places: number[]): number {
    const nodes = this.#nodes;
    for (let at = 0;;) {
      const info = nodes[at + INFO];
      const length = info & 63;
      if (info >> 6 !== 0) {
        if (length !== 0 && (key ^ nodes[at + KEY]) >>> (32 - length) !== 0) return 0;
        places.push(at);
      }
      at = nodes[at + CHILD + ((key >>> (31 - length)) & 1)];
      if (at === 0 || (nodes[at + INFO] & 63) >= 16) return at;
    }
  }

  #layOut(): void {
    const old = this.#nodes;
    const nodes = new Int32Array(old.length);
    let count = 0;
    // Pairs of an old place and where its new one is to be linked.
    const stack = [0, -1];
    while (stack.length > 0) {
      const link = stack.pop()!;
      const from = stack.pop()!;
      const to = count++ * STRIDE;
      if (link >= 0) nodes[link] = to;
      nodes[to + KEY] = old[from + KEY];
      nodes[to + INFO] = old[from + INFO];
      for (let bit = 1; bit >= 0; bit--) {
        const child = old[from + CHILD + bit];
        if (child !== 0) stack.push(child, to + CHILD + bit);
      }
    }
    this.#nodes = nodes;
    this.#count = count;
    this.#free = 0;
    this.#changes = 0;
  }

  /** The value, and the length, of the prefix at a place that `match` found. */
  valueAt(place: number): number {
    return (this.#nodes[place + INFO] >> 6) - 1;
  }

  lengthAt(place: number): number {
    return this.#nodes[place + INFO] & 63;
  }

  /** All prefixes with a value, by key; of one key the longest first (the order in which Linux dumps a table). */
  *entries(): IterableIterator<{ key: number; length: number; value: number }> {
    const nodes = this.#nodes;
    const stack = [0];
    let same: { key: number; length: number; value: number }[] = [];
    while (stack.length > 0) {
      const at = stack.pop()!;
      const info = nodes[at + INFO];
      if (info >> 6 !== 0) {
        const key = nodes[at + KEY] >>> 0;
        if (same.length > 0 && same[0].key !== key) {
          yield* same.reverse();
          same = [];
        }
        same.push({ key, length: info & 63, value: (info >> 6) - 1 });
      }
      const right = nodes[at + CHILD + 1];
      const left = nodes[at + CHILD];
      if (right !== 0) stack.push(right);
      if (left !== 0) stack.push(left);
    }
    yield* same.reverse();
  }
}
