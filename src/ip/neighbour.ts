/**
 * The neighbour cache of one family in one namespace: which link address an address of a link has, and whether that is
 * still so (RFC 4861 section 7.3, `net/core/neighbour.c`). ARP and neighbour discovery plug in as a `NeighbourProtocol`.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { ETHERNET_HEADER } from "../wire/ethernet.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import { MS, type Scheduler, SECOND, Timer } from "../time/scheduler.ts";
import type { IpAddress, IpHost } from "./host.ts";
import type { ChangeMode, Neighbour, NeighbourRequest } from "./netlink.ts";
import {
  NTF_PROXY,
  NTF_ROUTER,
  NTF_USE,
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_NONE,
  NUD_PERMANENT,
  NUD_PROBE,
  NUD_REACHABLE,
  NUD_STALE,
} from "./netlink.ts";
import { type NeighbourLimits, type NeighbourParameters, randomizeReachableTime } from "./neighbour_parameters.ts";

export const NUD_IN_TIMER: number = NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE;
export const NUD_VALID: number = NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY;
export const NUD_CONNECTED: number = NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE;

/** Flags of `NeighbourEntry.update` (NEIGH_UPDATE_F_*). */
export const UPDATE_OVERRIDE = 1;
export const UPDATE_WEAK_OVERRIDE = 2;
export const UPDATE_OVERRIDE_ISROUTER = 4;
export const UPDATE_ISROUTER = 8;
export const UPDATE_ADMIN = 16;

/** What a family does for its neighbours (`neigh_ops` and the table's constructor). */
export interface NeighbourProtocol {
  /** ETH_P_IP or ETH_P_IPV6. */
  readonly etherType: number;
  /** The sysctls of the interface's neighbours. */
  parameters(device: Interface): NeighbourParameters;
  /** Gives a new entry its state and link address where nothing has to be asked: multicast, broadcast, interfaces without ARP. */
  construct(entry: NeighbourEntry): void;
  /** Asks for the link address; `entry.probes` says how often that was done. `waiting` is the newest waiting packet; it stays the caller's. */
  solicit(entry: NeighbourEntry, waiting: Packet | null): void;
  /** Nobody answered: takes the packet and its reference and tells its sender. */
  errorReport(entry: NeighbourEntry, packet: Packet): void;
}

/** What a waiting packet weighs against unres_qlen_bytes: a buffer of a power of two and its descriptor (`skb->truesize`). */
function truesize(packet: Packet): number {
  const room = packet.tail - packet.head + 352;
  return (1 << (32 - Math.clz32(room - 1))) + 256;
}

/** One neighbour (`struct neighbour`). */
export class NeighbourEntry implements Neighbour {
  state: number = NUD_NONE;
  flags = 0;
  #linkAddress: Uint8Array | null = null;
  used: number;
  confirmed: number;
  updated: number;
  references = 0;
  probes = 0;
  /** Removed from its table: whoever keeps it must look it up again. */
  dead = false;
  /** Next in the bucket of the table. */
  next: NeighbourEntry | null = null;
  /** The link header to this neighbour; valid while the link address is known. */
  readonly header: Uint8Array = new Uint8Array(ETHERNET_HEADER);
  #waiting: PacketQueue | null = null;
  #waitingBytes = 0;
  #timer: Timer | null = null;

  constructor(readonly table: NeighbourTable, readonly address: IpAddress, readonly device: Interface) {
    const now = table.scheduler.now;
    this.used = this.updated = now;
    this.confirmed = now - 2 * table.protocol.parameters(device).baseReachableMs * MS;
    const type = table.protocol.etherType;
    this.header[12] = type >>> 8;
    this.header[13] = type;
  }

  /** Null while it is unknown, or no longer believed. */
  get linkAddress(): Uint8Array | null {
    return (this.state & NUD_VALID) !== 0 ? this.#linkAddress : null;
  }

  /** Sends a packet whose `head` is at the network header, now or when the link address is known (`neigh_output`). Takes the reference. */
  send(packet: Packet): number {
    if ((this.state & NUD_CONNECTED) === 0 && !this.ready(packet)) return 0;
    const head = packet.head - ETHERNET_HEADER;
    const bytes = packet.bytes;
    const header = this.header;
    for (let i = 0; i < ETHERNET_HEADER; i++) bytes[head + i] = header[i];
    packet.head = packet.link = head;
    return this.device.transmit(packet);
  }

  /**
   * Whether a packet may be sent now (`neigh_event_send`); else it waits or was dropped, and its reference is taken.
   * Without a packet, only sets the resolution going.
   */
  ready(packet: Packet | null): boolean {
    const now = this.table.scheduler.now;
    this.used = now;
    if ((this.state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE)) !== 0) return true;
    if (this.dead) {
      if (packet !== null) this.device.owner.world.drop(packet, "NEIGH_DEAD");
      return false;
    }
    const parameters = this.table.protocol.parameters(this.device);
    let probe = false;
    if ((this.state & (NUD_STALE | NUD_INCOMPLETE)) === 0) {
      this.updated = now;
      if (parameters.mcastSolicit + parameters.appSolicit === 0) {
        this.state = NUD_FAILED;
        if (packet !== null) this.device.owner.world.drop(packet, "NEIGH_FAILED");
        return false;
      }
      this.probes = parameters.ucastSolicit;
      this.state = NUD_INCOMPLETE;
      this.#arm(now + Math.max(parameters.retransMs * MS, 10 * MS));
      probe = true;
    } else if (this.state === NUD_STALE) {
      this.state = NUD_DELAY;
      this.updated = now;
      this.#arm(now + parameters.delayFirstProbe * SECOND);
    }
    if (this.state !== NUD_INCOMPLETE) return true;
    if (packet !== null) this.#wait(packet, parameters.unresQlenBytes);
    if (probe) this.#probe();
    return false;
  }

  /** A transport heard from it (`neigh_confirm`). */
  confirm(): void {
    this.confirmed = this.table.scheduler.now;
  }

  #wait(packet: Packet, limit: number): void {
    const queue = this.#waiting ??= new PacketQueue();
    const size = truesize(packet);
    while (this.#waitingBytes + size > limit) {
      const oldest = queue.shift();
      if (oldest === null) break;
      this.#waitingBytes -= truesize(oldest);
      this.table.discards++;
      oldest.release();
    }
    this.#waitingBytes += size;
    queue.push(packet);
  }

  #probe(): void {
    this.table.protocol.solicit(this, this.#waiting?.last ?? null);
    this.probes++;
  }

  #arm(at: number): void {
    this.table.scheduler.arm(this.#timer ??= new Timer(() => this.#expire()), at);
  }

  #disarm(): void {
    if (this.#timer !== null) this.table.scheduler.cancel(this.#timer);
  }

  /** `neigh_timer_handler` */
  #expire(): void {
    if (this.dead || (this.state & NUD_IN_TIMER) === 0) return;
    const now = this.table.scheduler.now;
    const parameters = this.table.protocol.parameters(this.device);
    const delay = parameters.delayFirstProbe * SECOND;
    const reachable = this.table.reachableTime(parameters);
    let next = now + Math.max(parameters.retransMs * MS, 10 * MS);
    let notify = false;
    if (this.state === NUD_REACHABLE) {
      if (now <= this.confirmed + reachable) next = this.confirmed + reachable;
      else if (now <= this.used + delay) {
        this.#become(NUD_DELAY);
        next = now + delay;
      } else {
        this.#become(NUD_STALE);
        notify = true;
      }
    } else if (this.state === NUD_DELAY) {
      notify = true;
      if (now <= this.confirmed + delay) {
        this.#become(NUD_REACHABLE);
        next = this.confirmed + reachable;
      } else {
        this.#become(NUD_PROBE);
        this.probes = 0;
      }
    }
    const asking = this.state === NUD_INCOMPLETE || this.state === NUD_PROBE;
    if (asking && this.probes >= this.#maxProbes(parameters)) {
      this.state = NUD_FAILED;
      this.#invalidate();
      this.#notify();
      return;
    }
    if ((this.state & NUD_IN_TIMER) !== 0) this.#arm(Math.max(next, now + 10 * MS));
    if (asking) this.#probe();
    if (notify) this.#notify();
  }

  #become(state: number): void {
    this.state = state;
    this.updated = this.table.scheduler.now;
  }

  #maxProbes(parameters: NeighbourParameters): number {
    return parameters.ucastSolicit + parameters.appSolicit +
      (this.state === NUD_PROBE ? parameters.mcastResolicit : parameters.mcastSolicit);
  }

  /** Those who wait hear that nobody answered (`neigh_invalidate`). Reporting may meet this very entry again. */
  #invalidate(): void {
    this.updated = this.table.scheduler.now;
    const queue = this.#waiting;
    if (queue === null) return;
    this.#waiting = null;
    this.#waitingBytes = 0;
    for (let packet = queue.shift(); packet !== null; packet = queue.shift()) {
      if (this.state === NUD_FAILED) this.table.protocol.errorReport(this, packet);
      else this.device.owner.world.drop(packet, "NEIGH_DEAD");
    }
  }

  #notify(): void {
    this.table.host.announce({ kind: "neighbour", action: "new", subject: this });
  }

  /**
   * What was learned about it, or what an administrator says (`neigh_update`): a state, and a link address or null to keep
   * the known one. 0 or a negative errno.
   */
  update(linkAddress: Uint8Array | null, state: number, flags: number): number {
    const old = this.state;
    if (this.dead) return -Errno.EPERM;
    if ((flags & UPDATE_ADMIN) === 0 && (old & (NUD_NOARP | NUD_PERMANENT)) !== 0) return -Errno.EPERM;
    if ((state & NUD_VALID) === 0) {
      this.#disarm();
      this.state = state;
      const failed = (old & (NUD_INCOMPLETE | NUD_PROBE)) !== 0 && (state & NUD_FAILED) !== 0;
      if (failed) this.#invalidate();
      if ((old & NUD_VALID) !== 0 || failed) this.#notify();
      return 0;
    }
    const known = this.linkAddress;
    if (linkAddress === null) {
      if (known === null) return -Errno.EINVAL;
      linkAddress = known;
    }
    const changed = known === null || !equalMac(linkAddress, known);
    const now = this.table.scheduler.now;
    if ((state & NUD_CONNECTED) !== 0) this.confirmed = now;
    let router = (flags & UPDATE_OVERRIDE_ISROUTER) !== 0;
    let write = changed;
    if ((old & NUD_VALID) !== 0) {
      if (changed && (flags & UPDATE_OVERRIDE) === 0) {
        router = false;
        if ((flags & UPDATE_WEAK_OVERRIDE) === 0 || (old & NUD_CONNECTED) === 0) return 0;
        write = false;
        state = NUD_STALE;
      } else if (!changed && state === NUD_STALE && (flags & UPDATE_ADMIN) === 0) state = old;
    }
    let notify = state !== old || write;
    if (notify) this.updated = now;
    if (state !== old) {
      this.#disarm();
      if ((state & NUD_PROBE) !== 0) this.probes = 0;
      this.state = state;
      if ((state & NUD_IN_TIMER) !== 0) {
        const parameters = this.table.protocol.parameters(this.device);
        this.#arm(now + (state === NUD_REACHABLE ? this.table.reachableTime(parameters) : 0));
      }
    }
    if (write) {
      this.setLinkAddress(linkAddress);
      if ((state & NUD_CONNECTED) === 0) {
        this.confirmed = now - 2 * this.table.protocol.parameters(this.device).baseReachableMs * MS;
      }
    }
    if (state !== old && (old & NUD_VALID) === 0) this.#flushWaiting();
    if (router) {
      const now = (flags & UPDATE_ISROUTER) !== 0 ? this.flags | NTF_ROUTER : this.flags & ~NTF_ROUTER;
      notify ||= now !== this.flags;
      this.flags = now;
    }
    if (notify) this.#notify();
    return 0;
  }

  /** Without any judgement: for constructors. */
  setLinkAddress(address: Uint8Array): void {
    this.#linkAddress = address.slice(0, 6);
    this.header.set(this.#linkAddress, 0);
    this.header.set(this.device.address.subarray(0, 6), 6);
  }

  #flushWaiting(): void {
    const queue = this.#waiting;
    if (queue === null) return;
    this.#waiting = null;
    this.#waitingBytes = 0;
    for (let packet = queue.shift(); packet !== null; packet = queue.shift()) this.send(packet);
  }

  /** Takes it out of use: what waits is dropped. For the table only. */
  kill(): void {
    this.dead = true;
    this.#disarm();
    this.#waiting?.purge();
    this.#waiting = null;
    this.#waitingBytes = 0;
  }

  /** In use by packets that wait. */
  get busy(): boolean {
    return this.#waiting !== null;
  }
}

/** An address for which an interface (or any) answers as if it were its own (`pneigh_entry`). */
export interface ProxyEntry {
  readonly address: IpAddress;
  readonly device: Interface | null;
  flags: number;
}

/** The table (`neigh_table`). Entries of all interfaces of the namespace, found by address and interface. */
export class NeighbourTable {
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
    const entry = new NeighbourEntry(this, typeof address === "number" ? address : address.slice(), device);
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
    else this.proxies.push({ address: typeof address === "number" ? address : address.slice(), device, flags });
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

function equalMac(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return false;
  return true;
}
