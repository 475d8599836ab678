/** What all namespaces of one network share: the clock, the pool of packets, the seed, and packets on their way up. */
import { Scheduler, type Task } from "../time/scheduler.ts";
import { Random } from "../time/random.ts";
import { Waits } from "../time/waits.ts";
import { type Packet, PacketPool } from "../wire/packet.ts";
import type { Interface } from "./interface.ts";
import { Linkwatch } from "./linkwatch.ts";
import { carrierChanged } from "./lifecycle.ts";

/** Packets that one instant may carry before the world says that they go in circles. */
export const STORM_LIMIT = 5_000_000;

/**
 * Received packets that wait to be processed, first-in first-out over the whole world (`softnet_data.input_pkt_queue`):
 * a packet sent over lo or veth is never handled inside the call that sent it.
 */
export class Backlog implements Task {
  nextTask: Task | null = null;
  #first: Packet | null = null;
  #last: Packet | null = null;
  #queued = false;
  #instant = -1;
  #count = 0;
  /** Packets dropped because one instant carried more than `STORM_LIMIT`. */
  stormDrops = 0;

  constructor(readonly scheduler: Scheduler) {}

  /** Queues a packet for its `device`'s input (`netif_rx`). */
  push(packet: Packet): void {
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
    if (this.#instant !== this.scheduler.now) {
      this.#instant = this.scheduler.now;
      this.#count = 0;
    }
    for (let packet = this.#first; packet !== null; packet = this.#first) {
      this.#first = packet.next;
      if (this.#first === null) this.#last = null;
      packet.next = null;
      if (++this.#count > STORM_LIMIT) {
        this.stormDrops++;
        packet.release();
        continue;
      }
      (packet.device as Interface).input(packet);
    }
    this.#queued = false;
  }
}

export class World {
  readonly scheduler: Scheduler = new Scheduler();
  readonly packets: PacketPool = new PacketPool();
  readonly backlog: Backlog = new Backlog(this.scheduler);
  readonly linkwatch: Linkwatch = new Linkwatch(this.scheduler, carrierChanged);
  readonly random: Random;
  /** What user code waits for. */
  readonly waits: Waits = new Waits(this.scheduler);
  /** Numbers namespaces in the order of their making. */
  namespaces = 0;
  /** Sees every packet that any interface sends or receives, when a capture is on (`packet.kind` says which way). */
  capture: ((packet: Packet, device: Interface, outgoing: boolean) => void) | null = null;

  constructor(seed: number | string) {
    this.random = new Random(seed);
  }
}
