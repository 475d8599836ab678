/** First in, first out, limited in packets or octets (`net/sched/sch_fifo.c`), or in three bands (`pfifo_fast`). */
import type { Interface, Qdisc } from "../device/interface.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import { Discipline } from "./discipline.ts";

export interface FifoOptions {
  /** Packets (`pfifo`) or octets (`bfifo`); from the interface's txqueuelen when left out. */
  limit?: number;
}

/** `psched_mtu`: the longest frame. */
export function longestFrame(device: Interface): number {
  return device.mtu + device.headerLength;
}

export class Fifo extends Discipline {
  readonly #queue = new PacketQueue();
  limit: number;

  constructor(device: Interface, readonly kind: "pfifo" | "bfifo", options: FifoOptions = {}) {
    super(device);
    this.limit = this.#limit(options);
  }

  change(options: FifoOptions): void {
    this.limit = this.#limit(options);
  }

  #limit(options: FifoOptions): number {
    const { device } = this;
    if (options.limit !== undefined) return options.limit;
    return this.kind === "pfifo" ? device.txqueuelen : device.txqueuelen * longestFrame(device);
  }

  push(packet: Packet): number {
    const { backlogBytes, backlogPackets } = this.statistics;
    const full = this.kind === "pfifo" ? backlogPackets >= this.limit : backlogBytes + packet.control > this.limit;
    if (full) return this.drop(packet);
    this.#queue.push(packet);
    this.added(packet);
    return 0;
  }

  peek(): Packet | null {
    return this.#queue.first;
  }

  pull(): Packet | null {
    const packet = this.#queue.shift();
    if (packet === null) return null;
    this.removed(packet);
    this.sent(packet);
    return packet;
  }

  reset(): void {
    this.#queue.purge();
    this.statistics.backlogBytes = this.statistics.backlogPackets = 0;
  }
}

/** The band of each priority (`prio2band`). */
export const PRIOMAP: readonly number[] = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

export class PfifoFast extends Discipline {
  readonly kind = "pfifo_fast";
  readonly #bands = [new PacketQueue(), new PacketQueue(), new PacketQueue()];
  /** Of each band, from txqueuelen when it was made. */
  readonly #limit: number;

  constructor(device: Interface) {
    super(device);
    this.#limit = device.txqueuelen;
  }

  push(packet: Packet): number {
    const band = this.#bands[PRIOMAP[packet.priority & 15]];
    if (band.length >= this.#limit) return this.drop(packet);
    band.push(packet);
    this.added(packet);
    return 0;
  }

  peek(): Packet | null {
    for (const band of this.#bands) if (band.first !== null) return band.first;
    return null;
  }

  pull(): Packet | null {
    for (let i = 0; i < 3; i++) {
      const packet = this.#bands[i].shift();
      if (packet === null) continue;
      this.removed(packet);
      this.sent(packet);
      return packet;
    }
    return null;
  }

  reset(): void {
    for (const band of this.#bands) band.purge();
    this.statistics.backlogBytes = this.statistics.backlogPackets = 0;
  }
}

/** `noqueue` that the user put there; the one of itself is no object at all. */
export class Noqueue extends Discipline implements Qdisc {
  readonly kind = "noqueue";

  override enqueue(packet: Packet, device: Interface): number {
    return device.send(packet);
  }
  push(packet: Packet): number {
    return this.drop(packet);
  }
  peek(): Packet | null {
    return null;
  }
  pull(): Packet | null {
    return null;
  }
  reset(): void {}
}

/** What stands in a class whose qdisc was deleted: it drops (`noop_qdisc`). */
export class Noop extends Discipline {
  readonly kind = "noop";
  push(packet: Packet): number {
    return this.drop(packet);
  }
  peek(): Packet | null {
    return null;
  }
  pull(): Packet | null {
    return null;
  }
  reset(): void {}
}
