/**
 * One neighbour: which link address an address of a link has, and whether that is still so (RFC 4861 section 7.3,
 * `net/core/neighbour.c`). ARP and neighbour discovery plug in as a `NeighbourProtocol`.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { ETHERNET_HEADER } from "../wire/ethernet.ts";
import { Errno } from "../wire/errno.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import { smallBytes } from "../wire/slab.ts";
import { MS, type Scheduler, SECOND, Timer } from "../time/scheduler.ts";
import type { IpAddress, IpHost } from "./host.ts";
import type { Neighbour } from "./netlink.ts";
import {
  NTF_ROUTER,
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
import type { NeighbourParameters } from "./neighbour_parameters.ts";

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

/** What an entry asks of the table that it is in. */
export interface NeighbourHome {
  readonly host: IpHost;
  readonly scheduler: Scheduler;
  readonly protocol: NeighbourProtocol;
  /** Waiting packets that gave way to newer ones. */
  discards: number;
  /** The random reachable time in ns. */
  reachableTime(parameters: NeighbourParameters): number;
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
  readonly header: Uint8Array = smallBytes(ETHERNET_HEADER);
  #waiting: PacketQueue | null = null;
  #waitingBytes = 0;
  #timer: Timer | null = null;

  constructor(readonly table: NeighbourHome, readonly address: IpAddress, readonly device: Interface) {
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
    this.header.set(address.subarray(0, 6), 0);
    this.#linkAddress ??= this.header.subarray(0, 6);
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

function equalMac(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return false;
  return true;
}
