/** Which port a MAC address is behind (`net/bridge/br_fdb.c`): a hash table of chains, without allocation in look-up. */
import type { BridgePort } from "./bridge.ts";

export const DEFAULT_AGEING_NS = 300e9;

export class FdbEntry {
  next: FdbEntry | null = null;
  /** Times (virtual ns) of the last look-up and the last sighting. */
  used = 0;
  updated = 0;
  constructor(
    /** The address in two halves of 24 bits. */
    readonly high: number,
    readonly low: number,
    /** Null: the bridge itself. */
    public port: BridgePort | null,
    /** The bridge's or a port's own address: frames to it go up. */
    public local: boolean,
    /** Never ages. */
    public isStatic: boolean,
    /** By `bridge fdb add`, not learned or an interface's own. */
    public byUser: boolean,
  ) {}

  get address(): Uint8Array {
    const { high, low } = this;
    return Uint8Array.of(high >>> 16, high >>> 8, high, low >>> 16, low >>> 8, low);
  }
}

export class Fdb {
  #buckets: (FdbEntry | null)[] = new Array(64).fill(null);
  #size = 0;
  #purgeAt = 64;
  ageingNs = DEFAULT_AGEING_NS;

  get size(): number {
    return this.#size;
  }

  /** The entry of the address at `at`, unless it has aged. */
  find(bytes: Uint8Array, at: number, now: number): FdbEntry | null {
    const entry = this.get(bytes, at);
    return entry !== null && this.expired(entry, now) ? null : entry;
  }

  /** The entry, aged or not. */
  get(bytes: Uint8Array, at: number): FdbEntry | null {
    const high = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    const low = (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];
    let entry = this.#buckets[hash(high, low) & (this.#buckets.length - 1)];
    while (entry !== null && (entry.low !== low || entry.high !== high)) entry = entry.next;
    return entry;
  }

  expired(entry: FdbEntry, now: number): boolean {
    return !entry.isStatic && !entry.local && entry.updated + this.ageingNs <= now;
  }

  add(
    bytes: Uint8Array,
    at: number,
    port: BridgePort | null,
    now: number,
    kind: { local?: boolean; isStatic?: boolean; byUser?: boolean } = LEARNED,
  ): FdbEntry {
    if (this.#size >= this.#purgeAt) {
      this.purge((entry) => this.expired(entry, now));
      this.#purgeAt = Math.max(64, this.#size * 2);
      if (this.#size * 2 > this.#buckets.length) this.#grow();
    }
    const high = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    const low = (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];
    const entry = new FdbEntry(high, low, port, !!kind.local, !!kind.isStatic, !!kind.byUser);
    entry.used = entry.updated = now;
    const bucket = hash(high, low) & (this.#buckets.length - 1);
    entry.next = this.#buckets[bucket];
    this.#buckets[bucket] = entry;
    this.#order.add(entry);
    this.#size++;
    return entry;
  }

  /** Removes those that `wanted` says. */
  purge(wanted: (entry: FdbEntry) => boolean): void {
    for (const entry of this.#order) if (wanted(entry)) this.remove(entry);
  }

  remove(entry: FdbEntry): void {
    const bucket = hash(entry.high, entry.low) & (this.#buckets.length - 1);
    let other = this.#buckets[bucket];
    if (other === entry) this.#buckets[bucket] = entry.next;
    else {
      while (other !== null && other.next !== entry) other = other.next;
      if (other === null) return;
      other.next = entry.next;
    }
    this.#order.delete(entry);
    this.#size--;
  }

  /** Those that have not aged, the newest first, as the kernel dumps them. */
  entries(now: number): FdbEntry[] {
    return [...this.#order].filter((entry) => !this.expired(entry, now)).reverse();
  }

  readonly #order = new Set<FdbEntry>();

  #grow(): void {
    let length = this.#buckets.length;
    while (length < this.#size * 2) length *= 2;
    this.#buckets = new Array(length).fill(null);
    for (const entry of this.#order) {
      const bucket = hash(entry.high, entry.low) & (length - 1);
      entry.next = this.#buckets[bucket];
      this.#buckets[bucket] = entry;
    }
  }
}

const LEARNED = {};

function hash(high: number, low: number): number {
  const mixed = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
