/** What all namespaces of one network share: the clock, the pool of packets, the seed, and packets on their way up. */
import { Scheduler, type Task } from "../time/scheduler.ts";
import { Random } from "../time/random.ts";
import { Waits } from "../time/waits.ts";
import { type Packet, PacketPool } from "../wire/packet.ts";
import { type DropReason, Drops } from "./drops.ts";
import type { Interface } from "./interface.ts";
import { Linkwatch } from "./linkwatch.ts";
import { carrierChanged } from "./lifecycle.ts";

/** Packets that may follow from each other, without anything else happening, before the world says that they go in circles. */
export const STORM_LIMIT = 50_000_000;
/** Group frames that bridges may flood meanwhile. */
export const FLOOD_LIMIT = 65_536;
/** Packets that may wait at once: a loop of bridges doubles them at each turn. */
export const BACKLOG_LIMIT = 32_768;

/**
 * Received packets that wait to be processed, first-in first-out over the whole world (`softnet_data.input_pkt_queue`):
 * a packet sent over lo or veth is never handled inside the call that sent it.
 */
export class Backlog implements Task {
  nextTask: Task | null = null;
  #first: Packet | null = null;
  #last: Packet | null = null;
  #queued = false;
  #waiting = 0;
  #floods = 0;
  /** Packets dropped because of these limits, and where the last of them was. */
  stormDrops = 0;
  stormedOn: Interface | null = null;

  constructor(readonly scheduler: Scheduler) {}

  /** Queues a packet for its `device`'s input (`netif_rx`). */
  push(packet: Packet): void {
    if (this.#waiting >= BACKLOG_LIMIT) {
      this.#drop(packet);
      return;
    }
    this.#waiting++;
    packet.next = null;
    if (this.#last === null) this.#first = packet;
    else this.#last.next = packet;
    this.#last = packet;
    if (!this.#queued) {
      this.#queued = true;
      this.scheduler.defer(this);
    }
  }

  run(): void {
    let count = 0;
    this.#floods = 0;
    for (let packet = this.#first; packet !== null; packet = this.#first) {
      this.#first = packet.next;
      if (this.#first === null) this.#last = null;
      packet.next = null;
      this.#waiting--;
      if (++count > STORM_LIMIT) this.#drop(packet);
      else (packet.device as Interface).input(packet);
    }
    this.#queued = false;
  }

  /** Whether a bridge may still flood this group frame; else it is dropped. */
  admitFlood(packet: Packet): boolean {
    if (++this.#floods <= FLOOD_LIMIT) return true;
    this.#drop(packet);
    return false;
  }

  #drop(packet: Packet): void {
    this.stormDrops++;
    this.stormedOn = packet.device as Interface;
    packet.release();
  }
}

/** What the clocks of a new world show: 1 January 2025, 00:00 UTC, in milliseconds since 1970. */
export const WORLD_EPOCH_MS = 1_735_689_600_000;

/** Addresses that share one block of memory. */
const SLAB = 256;

export class World {
  readonly scheduler: Scheduler = new Scheduler();
  readonly packets: PacketPool = new PacketPool();
  readonly backlog: Backlog = new Backlog(this.scheduler);
  /** What was dropped without any other counter. */
  readonly drops: Drops = new Drops();
  readonly linkwatch: Linkwatch = new Linkwatch(this.scheduler, carrierChanged);
  readonly random: Random;
  /** What user code waits for. */
  readonly waits: Waits = new Waits(this.scheduler);
  /** Numbers namespaces in the order of their making. */
  namespaces = 0;
  /** Numbers sockets in the order of their making: what `ss -e` and `/proc/net/*` show as their inodes. */
  sockets = 0;
  /** The last handle given to a qdisc that came without one (`autohandle`). */
  qdiscHandle = 0x80000000;
  /** Sees every packet that any interface sends or receives, when a capture is on (`packet.kind` says which way). */
  capture: ((packet: Packet, device: Interface, outgoing: boolean) => void) | null = null;

  /** Freezes virtual time until a promise of the real world settles; the driver of the world fills it. */
  hold: <T>(promise: Promise<T>) => Promise<T> = (promise) => promise;
  /** Freezes virtual time for a few turns of the real loop: a library of the platform deals with what it was handed. */
  settle: () => Promise<void> = () => Promise.resolve();

  #slab = new Uint8Array(0);
  #slabUsed = 0;

  constructor(seed: number | string) {
    this.random = new Random(seed);
  }

  /** Drops a packet that no other counter tells of (`kfree_skb_reason`). */
  drop(packet: Packet, reason: DropReason): void {
    this.drops[reason]++;
    packet.release();
  }

  /** Six octets for a MAC address, within a block of many: half the memory of an array of its own. */
  newAddress(): Uint8Array {
    if (this.#slabUsed === this.#slab.length) {
      this.#slab = new Uint8Array(6 * SLAB);
      this.#slabUsed = 0;
    }
    return this.#slab.subarray(this.#slabUsed, this.#slabUsed += 6);
  }

  /** What a clock on the wall of this world shows, in milliseconds since 1970. */
  wallClock(): number {
    return WORLD_EPOCH_MS + this.scheduler.now / 1e6;
  }
}
