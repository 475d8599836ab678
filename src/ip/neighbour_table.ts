/**
 * The neighbour cache of one family in one namespace (`neigh_table`, `net/core/neighbour.c`): its entries, their collection, and
 * the addresses that are answered for.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { smallCopy } from "../wire/slab.ts";
import { type Scheduler, SECOND, Timer } from "../time/scheduler.ts";
import type { IpAddress, IpHost } from "./host.ts";
import {
  NeighbourEntry,
  type NeighbourHome,
  type NeighbourProtocol,
  UPDATE_ADMIN,
  UPDATE_ISROUTER,
  UPDATE_OVERRIDE,
  UPDATE_OVERRIDE_ISROUTER,
} from "./neighbour.ts";
import type { ChangeMode, Neighbour, NeighbourRequest } from "./netlink.ts";
import { NTF_PROXY, NTF_ROUTER, NTF_USE, NUD_FAILED, NUD_NOARP, NUD_NONE, NUD_PERMANENT } from "./netlink.ts";
import { type NeighbourLimits, type NeighbourParameters, randomizeReachableTime } from "./neighbour_parameters.ts";

/** An address for which an interface (or any) answers as if it were its own (`pneigh_entry`). */
export interface ProxyEntry {
  readonly address: IpAddress;
  readonly device: Interface | null;
  flags: number;
}

/** Entries of all interfaces of the namespace, found by address and interface. */
export class NeighbourTable implements NeighbourHome {
  readonly scheduler: Scheduler;
  readonly #buckets: (NeighbourEntry | null)[] = [null, null, null, null];
  #size = 0;
  #lastFlush = 0;
  #gc: Timer | null = null;
  readonly proxies: ProxyEntry[] = [];
  /** Waiting packets that gave way to newer ones. */
  discards = 0;

  constructor(readonly host: IpHost, readonly protocol: NeighbourProtocol, public limits: NeighbourLimits) {
    this.scheduler = host.world.scheduler;
  }

  get size(): number {
    return this.#size;
  }

  lookup(address: IpAddress, device: Interface): NeighbourEntry | null {
    let entry = this.#buckets[hash(address, device.index) & (this.#buckets.length - 1)];
    while (entry !== null && (entry.device !== device || !equalAddress(entry.address, address))) entry = entry.next;
    return entry;
  }

  /** The entry, made when there is none; null when the table is full (`__neigh_create`). */
  obtain(address: IpAddress, device: Interface): NeighbourEntry | null {
    return this.lookup(address, device) ?? this.#create(address, device);
  }

  #create(address: IpAddress, device: Interface): NeighbourEntry | null {
    const { limits, scheduler } = this;
    if (
      this.#size >= limits.gcThresh3 || (this.#size >= limits.gcThresh2 && scheduler.now > this.#lastFlush + 5 * SECOND)
    ) {
      this.#forcedGc();
      if (this.#size >= limits.gcThresh3) return null;
    }
    const entry = new NeighbourEntry(this, typeof address === "number" ? address : smallCopy(address), device);
    this.protocol.construct(entry);
    if (this.#size >= this.#buckets.length) this.#grow();
    const bucket = hash(address, device.index) & (this.#buckets.length - 1);
    entry.next = this.#buckets[bucket];
    this.#buckets[bucket] = entry;
    this.#size++;
    if (this.#size >= limits.gcThresh1) this.#armGc();
    return entry;
  }

  #grow(): void {
    const entries = [...this];
    this.#buckets.length *= 2;
    this.#buckets.fill(null);
    for (const entry of entries) {
      const bucket = hash(entry.address, entry.device.index) & (this.#buckets.length - 1);
      entry.next = this.#buckets[bucket];
      this.#buckets[bucket] = entry;
    }
  }

  *[Symbol.iterator](): IterableIterator<NeighbourEntry> {
    for (const first of this.#buckets.slice()) {
      for (let entry = first, next; entry !== null; entry = next) {
        next = entry.next;
        yield entry;
      }
    }
  }

  remove(entry: NeighbourEntry, announce = true): void {
    if (entry.dead) return;
    const bucket = hash(entry.address, entry.device.index) & (this.#buckets.length - 1);
    if (this.#buckets[bucket] === entry) this.#buckets[bucket] = entry.next;
    else {
      for (let before = this.#buckets[bucket]; before !== null; before = before.next) {
        if (before.next === entry) before.next = entry.next;
      }
    }
    this.#size--;
    entry.kill();
    if (announce) this.host.announce({ kind: "neighbour", action: "delete", subject: entry });
  }

  /** All entries of an interface, or but the permanent ones (`neigh_ifdown`, `neigh_changeaddr`, `neigh_carrier_down`). */
  flush(device: Interface, keepPermanent = false): void {
    if (this.#size === 0) return;
    for (const entry of this) {
      if (entry.device === device && !(keepPermanent && (entry.state & NUD_PERMANENT) !== 0)) this.remove(entry);
    }
  }

  /** The random reachable time in ns (RFC 4861 section 6.3.4), drawn again every 300 s. */
  reachableTime(parameters: NeighbourParameters): number {
    if (parameters.reachableTime === 0 || this.scheduler.now > parameters.randomizedAt + 300 * SECOND) {
      randomizeReachableTime(parameters, this.host.random, this.scheduler.now);
    }
    return parameters.reachableTime;
  }

  #armGc(): void {
    const timer = this.#gc ??= new Timer(() => this.#periodicGc());
    if (!timer.armed) this.scheduler.after(timer, 15 * SECOND);
  }

  /** `neigh_periodic_work`: only a table of gc_thresh1 and more is tidied. */
  #periodicGc(): void {
    if (this.#size < this.limits.gcThresh1) return;
    const now = this.scheduler.now;
    let passing = false;
    for (const entry of this) {
      if ((entry.state & NUD_PERMANENT) !== 0) continue;
      passing = true;
      if (entry.used < entry.confirmed && entry.confirmed <= now) entry.used = entry.confirmed;
      const stale = this.protocol.parameters(entry.device).gcStaleTime * SECOND;
      if (!entry.busy && (entry.state === NUD_FAILED || now > entry.used + stale)) this.remove(entry);
    }
    // Permanent entries alone are no reason to look again: a world where nothing else happens must come to rest.
    if (passing) this.#armGc();
  }

  /** `neigh_forced_gc` */
  #forcedGc(): void {
    const now = this.scheduler.now;
    let excess = this.#size - this.limits.gcThresh2;
    for (const entry of this) {
      if (excess <= 0) break;
      if (entry.busy || (entry.state & NUD_PERMANENT) !== 0) continue;
      if (entry.state === NUD_FAILED || entry.state === NUD_NOARP || entry.updated < now - 5 * SECOND) {
        this.remove(entry);
        excess--;
      }
    }
    this.#lastFlush = now;
  }

  /** `ip neigh add|replace|change` (`neigh_add`). */
  set(request: NeighbourRequest, mode: ChangeMode): void {
    const { address, device } = request;
    const flags = request.flags ?? 0;
    if ((flags & NTF_PROXY) !== 0) {
      this.addProxy(address, device, flags);
      return;
    }
    let state = request.state ?? NUD_PERMANENT;
    let entry = this.lookup(address, device);
    let update = UPDATE_OVERRIDE | UPDATE_ADMIN;
    if (entry === null) {
      if (mode !== "add" && mode !== "replace") throw new KernelError(Errno.ENOENT);
      entry = this.#create(address, device);
      if (entry === null) throw new KernelError(Errno.ENOBUFS);
    } else {
      if (mode === "add") throw new KernelError(Errno.EEXIST);
      if (mode !== "replace" && mode !== "change") update &= ~UPDATE_OVERRIDE;
    }
    if ((flags & NTF_ROUTER) !== 0) update |= UPDATE_ISROUTER;
    update |= UPDATE_OVERRIDE_ISROUTER;
    if ((flags & NTF_USE) !== 0) {
      entry.ready(null);
      return;
    }
    if (request.linkAddress === undefined && state === 0) state = NUD_NONE;
    const result = entry.update(request.linkAddress ?? null, state, update);
    if (result === -Errno.EINVAL) throw new KernelError(Errno.EINVAL, "No link layer address given");
    if (result < 0) throw new KernelError(-result);
  }

  /** `ip neigh del` (`neigh_delete`). */
  delete(request: NeighbourRequest): void {
    if (((request.flags ?? 0) & NTF_PROXY) !== 0) {
      const at = this.proxies.findIndex((proxy) =>
        proxy.device === request.device && equalAddress(proxy.address, request.address)
      );
      if (at < 0) throw new KernelError(Errno.ENOENT);
      this.proxies.splice(at, 1);
      return;
    }
    const entry = this.lookup(request.address, request.device);
    if (entry === null) throw new KernelError(Errno.ENOENT);
    if ((entry.state & NUD_NOARP) === 0) entry.update(null, NUD_FAILED, UPDATE_OVERRIDE | UPDATE_ADMIN);
    this.remove(entry);
  }

  addProxy(address: IpAddress, device: Interface | null, flags = 0): void {
    const known = this.proxies.find((proxy) => proxy.device === device && equalAddress(proxy.address, address));
    if (known !== undefined) known.flags = flags;
    else this.proxies.push({ address: typeof address === "number" ? address : smallCopy(address), device, flags });
  }

  /** Whether the interface answers for the address (`pneigh_lookup`). */
  isProxy(address: IpAddress, device: Interface): boolean {
    for (const proxy of this.proxies) {
      if ((proxy.device === device || proxy.device === null) && equalAddress(proxy.address, address)) return true;
    }
    return false;
  }

  /** What `ip neigh show` lists: in the order of the buckets, entries without state (`none`) included. */
  list(device?: Interface): Neighbour[] {
    const entries: Neighbour[] = [];
    for (const entry of this) if (device === undefined || entry.device === device) entries.push(entry);
    return entries;
  }

  listProxies(device?: Interface): Neighbour[] {
    return this.proxies.filter((proxy) => device === undefined || proxy.device === device).map((proxy) => ({
      address: proxy.address,
      device: proxy.device!,
      state: NUD_NONE,
      flags: proxy.flags | NTF_PROXY,
      linkAddress: null,
      used: 0,
      confirmed: 0,
      updated: 0,
      references: 0,
      probes: 0,
    }));
  }

  /** Drops what an interface that goes away left here. */
  forget(device: Interface): void {
    this.flush(device);
    for (let i = this.proxies.length - 1; i >= 0; i--) if (this.proxies[i].device === device) this.proxies.splice(i, 1);
  }
}

function hash(address: IpAddress, index: number): number {
  if (typeof address === "number") return Math.imul((address ^ index) | 0, 0x9e3779b1) >>> 8;
  let sum = index;
  for (let i = 0; i < 16; i++) sum = Math.imul(sum ^ address[i], 0x01000193);
  return sum >>> 8;
}

function equalAddress(a: IpAddress, b: IpAddress): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  for (let i = 15; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}
