/**
 * The network emulator: delays, loses, duplicates, corrupts and reorders packets (`net/sched/sch_netem.c`, whose algorithms
 * these are). Random numbers come from the world's seed.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { segment } from "../device/gso.ts";
import type { Random } from "../time/random.ts";
import { Timer } from "../time/scheduler.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import { Discipline, transmissionTime, wireLength } from "./discipline.ts";
import { DISTRIBUTION_SCALE, type DistributionName, distributionTable } from "./distribution.ts";
import { CorrelatedRandom, LossModel, type LossOptions, threshold } from "./netem_random.ts";

/** Shares are from 0 to 1, times in ns. */
export interface NetemOptions {
  /** Packets that may wait; 1000 when left out. */
  limit?: number;
  delay?: number;
  jitter?: number;
  delayCorrelation?: number;
  /** Of the jitter; `uniform` when left out. */
  distribution?: DistributionName;
  loss?: LossOptions;
  duplicate?: number;
  duplicateCorrelation?: number;
  corrupt?: number;
  corruptCorrelation?: number;
  reorder?: number;
  reorderCorrelation?: number;
  /** Only every so many packets may be reordered; 1 when there is a `reorder`. */
  gap?: number;
  rate?: NetemRate;
  slot?: NetemSlot;
  /** Marks packets (RFC 3168) that it would lose, if they can be marked. */
  ecn?: boolean;
}

export interface NetemRate {
  /** Octets a second. */
  rate: number;
  /** Octets more for each packet, may be negative; octets of a cell; octets more for each cell. */
  packetOverhead?: number;
  cellSize?: number;
  cellOverhead?: number;
}

/** Packets leave in bursts (TDMA): after a random time at most so many packets and octets. */
export interface NetemSlot {
  minDelay: number;
  maxDelay: number;
  packets?: number;
  bytes?: number;
}

export const DEFAULT_LIMIT = 1000;

export class Netem extends Discipline {
  readonly kind = "netem";
  options!: NetemOptions;
  readonly #random: Random;
  #limit = DEFAULT_LIMIT;
  #delay = 0;
  #jitter = 0;
  #table: Int16Array | null = null;
  #duplicate = 0;
  #corrupt = 0;
  #reorder = 0;
  #gap = 0;
  #counter = 0;
  #loss: LossModel | null = null;
  #delayRandom!: CorrelatedRandom;
  #duplicateRandom!: CorrelatedRandom;
  #corruptRandom!: CorrelatedRandom;
  #reorderRandom!: CorrelatedRandom;
  /** Packets in the order of their time (`control2`), those that came out of this order, and how many both are. */
  #first: Packet | null = null;
  #last: Packet | null = null;
  readonly #stragglers = new DepartureHeap();
  #length = 0;
  #peeked: Packet | null = null;
  /** Packets that overtake the others. */
  readonly #ahead = new PacketQueue();
  #child: Discipline | null = null;
  #slotNext = 0;
  #slotPackets = 0;
  #slotBytes = 0;
  readonly #watchdog: Timer = new Timer(() => this.runRoot());

  constructor(device: Interface, options: NetemOptions) {
    super(device);
    const { world, id } = device.owner;
    this.#random = world.random.split(`netem ${id} ${device.index} ${device.name}`);
    this.change(options);
  }

  change(options: NetemOptions): void {
    this.options = options;
    const random = this.#random;
    this.#limit = options.limit ?? DEFAULT_LIMIT;
    this.#delay = options.delay ?? 0;
    this.#jitter = Math.min(options.jitter ?? 0, 0x7fffffff);
    this.#table = distributionTable(options.distribution ?? "uniform");
    this.#duplicate = threshold(options.duplicate ?? 0);
    this.#corrupt = threshold(options.corrupt ?? 0);
    this.#reorder = threshold(options.reorder ?? 0);
    this.#gap = options.gap ?? (this.#reorder > 0 ? 1 : 0);
    if (options.gap !== undefined && options.gap > 0 && options.reorder === undefined) this.#reorder = threshold(1);
    this.#loss = options.loss === undefined ? null : new LossModel(random, options.loss);
    this.#delayRandom = new CorrelatedRandom(random, options.delayCorrelation ?? 0);
    this.#duplicateRandom = new CorrelatedRandom(random, options.duplicateCorrelation ?? 0);
    this.#corruptRandom = new CorrelatedRandom(random, options.corruptCorrelation ?? 0);
    this.#reorderRandom = new CorrelatedRandom(random, options.reorderCorrelation ?? 0);
    const { slot } = options;
    this.#slotNext = 0;
    if (slot !== undefined && (slot.minDelay > 0 || slot.maxDelay > 0)) {
      this.#slotNext = this.device.owner.world.scheduler.now;
      this.#slotPackets = slot.packets || Infinity;
      this.#slotBytes = slot.bytes || Infinity;
    }
  }

  override get child(): Discipline | null {
    return this.#child;
  }

  override graft(child: Discipline | null): void {
    const old = this.#child;
    if (old !== null) {
      this.statistics.backlogBytes -= old.statistics.backlogBytes;
      this.statistics.backlogPackets -= old.statistics.backlogPackets;
      old.reset();
    }
    this.#child = child;
  }

  /** `netem_enqueue` */
  push(packet: Packet): number {
    let count = 1;
    if (this.#duplicate > 0 && this.#duplicate >= this.#duplicateRandom.next()) count++;
    if (this.#loss !== null && this.#loss.next()) {
      if (this.options.ecn === true && markCongestion(packet)) this.statistics.dropped++;
      else count--;
    }
    if (count === 0) {
      this.statistics.dropped++;
      packet.release();
      return 0; // the sender is not told
    }
    if (this.#delay > 0 || this.#jitter > 0 || this.options.rate !== undefined) packet.socket = null;
    const twin = count > 1 ? this.#twin(packet) : null;
    if (this.#corrupt > 0 && this.#corrupt >= this.#corruptRandom.next()) {
      if (packet.gsoSize > 0) {
        const pieces = segment(packet);
        if (pieces === null) {
          this.statistics.dropped++;
          if (twin !== null) twin.release();
          return 0;
        }
        return this.#admitPieces(pieces, twin);
      }
      packet = this.#damage(packet);
    }
    return this.#admit(packet, twin);
  }

  #twin(packet: Packet): Packet {
    const twin = packet.copy();
    twin.control = packet.control;
    return twin;
  }

  /** Turns one bit over in a copy of its own with a complete checksum. */
  #damage(packet: Packet): Packet {
    let own = packet;
    if (!packet.exclusive) {
      own = packet.copy();
      own.control = packet.control;
      packet.release();
    }
    own.completeChecksum();
    own.checksum = 0;
    const random = this.#random;
    own.bytes[own.head + random.below(own.tail - own.head)] ^= 1 << random.below(8);
    return own;
  }

  /** Segments of a large packet: the first is damaged. */
  #admitPieces(first: Packet, twin: Packet | null): number {
    let next = first.next;
    first.next = null;
    first.control = wireLength(first);
    const result = this.#admit(this.#damage(first), twin);
    while (next !== null) {
      const piece: Packet = next;
      next = piece.next;
      piece.next = null;
      piece.control = wireLength(piece);
      this.push(piece);
    }
    return result;
  }

  #admit(packet: Packet, twin: Packet | null): number {
    if (this.#length >= this.#limit) {
      if (twin !== null) twin.release();
      return this.drop(packet);
    }
    if (twin !== null) {
      const saved = this.#duplicate;
      this.#duplicate = 0; // a copy is not copied again
      this.push(twin);
      this.#duplicate = saved;
    }
    this.added(packet);
    const { now } = this.device.owner.world.scheduler;
    const delayed = this.#gap === 0 || this.#counter < this.#gap - 1 || this.#reorder < this.#reorderRandom.next();
    if (delayed) {
      packet.control2 = this.#departure(packet, now);
      this.#counter++;
      this.#insert(packet);
    } else {
      packet.control2 = now;
      this.#counter = 0;
      this.#ahead.push(packet);
      this.statistics.requeues++;
    }
    return 0;
  }

  /** When it is to leave: after its delay, and with a rate not before the one in front has left the wire. */
  #departure(packet: Packet, now: number): number {
    let delay = this.#drawDelay();
    const { rate } = this.options;
    if (rate !== undefined) {
      const latest = Math.max(this.#last?.control2 ?? 0, this.#stragglers.latest);
      if (this.#length > 0) {
        delay = Math.max(0, delay - (latest - now));
        now = latest;
      }
      delay += wireTime(packet.control, rate);
    }
    return now + delay;
  }

  /** `tabledist` */
  #drawDelay(): number {
    const jitter = this.#jitter;
    if (jitter === 0) return this.#delay;
    const random = this.#delayRandom.next();
    if (this.#table === null) return random % (2 * jitter) + this.#delay - jitter;
    const t = this.#table[random % this.#table.length];
    return Math.round(jitter * t / DISTRIBUTION_SCALE) + this.#delay;
  }

  /** At the end, or, when others leave later, among the stragglers (`tfifo_enqueue`). */
  #insert(packet: Packet): void {
    this.#length++;
    const last = this.#last;
    if (last !== null && packet.control2 < last.control2) {
      this.#stragglers.push(packet);
      return;
    }
    packet.next = null;
    if (last === null) this.#first = packet;
    else last.next = packet;
    this.#last = packet;
  }

  /** The packet that leaves first (`netem_peek`). */
  #earliest(): Packet | null {
    const first = this.#first;
    const straggler = this.#stragglers.first;
    if (straggler === null || (first !== null && first.control2 <= straggler.control2)) return first;
    return straggler;
  }

  #remove(packet: Packet): void {
    this.#length--;
    if (packet !== this.#first) {
      this.#stragglers.shift();
      return;
    }
    this.#first = packet.next;
    packet.next = null;
    if (this.#first === null) this.#last = null;
  }

  /** A parent that looks at the next packet gets it with the next `pull` (`qdisc_peek_dequeued`). */
  peek(): Packet | null {
    this.#peeked ??= this.#take();
    return this.#peeked;
  }

  pull(): Packet | null {
    const peeked = this.#peeked;
    if (peeked === null) return this.#take();
    this.#peeked = null;
    return peeked;
  }

  /** `netem_dequeue` */
  #take(): Packet | null {
    const { scheduler } = this.device.owner.world;
    const { now } = scheduler;
    for (;;) {
      const ahead = this.#ahead.shift();
      if (ahead !== null) return this.#leave(ahead);
      const packet = this.#earliest();
      if (packet !== null && this.#slotNext > 0 && this.#slotNext < packet.control2) this.#nextSlot(now);
      if (packet === null || packet.control2 > now || this.#slotNext > now) {
        const other = this.#child === null ? null : this.#child.pull();
        if (other !== null) return this.#leave(other);
        if (packet !== null) scheduler.arm(this.#watchdog, Math.max(packet.control2, this.#slotNext));
        return null;
      }
      this.#remove(packet);
      if (this.#slotNext > 0) {
        this.#slotPackets--;
        this.#slotBytes -= packet.control;
        if (this.#slotPackets <= 0 || this.#slotBytes <= 0) this.#nextSlot(now);
      }
      if (this.#child === null) return this.#leave(packet);
      const length = packet.control;
      if (this.#child.push(packet) < 0) {
        this.statistics.dropped++;
        this.statistics.backlogBytes -= length;
        this.statistics.backlogPackets--;
      }
    }
  }

  #leave(packet: Packet): Packet {
    this.removed(packet);
    this.sent(packet);
    return packet;
  }

  #nextSlot(now: number): void {
    const slot = this.options.slot!;
    this.#slotNext = now + slot.minDelay + Math.floor(this.#random.float() * (slot.maxDelay - slot.minDelay));
    this.#slotPackets = slot.packets || Infinity;
    this.#slotBytes = slot.bytes || Infinity;
  }

  reset(): void {
    this.device.owner.world.scheduler.cancel(this.#watchdog);
    this.#ahead.purge();
    for (let packet = this.#first; packet !== null;) {
      const next: Packet | null = packet.next;
      packet.next = null;
      packet.release();
      packet = next;
    }
    for (let packet = this.#stragglers.shift(); packet !== null; packet = this.#stragglers.shift()) packet.release();
    this.#peeked?.release();
    this.#peeked = null;
    this.#first = this.#last = null;
    this.#length = 0;
    this.#child?.reset();
    this.statistics.backlogBytes = this.statistics.backlogPackets = 0;
  }
}

/** Packets by the time at which they leave: a binary heap. */
class DepartureHeap {
  readonly #heap: Packet[] = [];
  /** The latest departure among those inside, or an earlier time when there is none. */
  latest = 0;

  get first(): Packet | null {
    return this.#heap.length > 0 ? this.#heap[0] : null;
  }

  push(packet: Packet): void {
    const heap = this.#heap;
    if (heap.length === 0 || packet.control2 > this.latest) this.latest = packet.control2;
    let slot = heap.push(packet) - 1;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (heap[parent].control2 <= packet.control2) break;
      heap[slot] = heap[parent];
      slot = parent;
    }
    heap[slot] = packet;
  }

  shift(): Packet | null {
    const heap = this.#heap;
    const first = this.first;
    const last = heap.pop();
    if (first === null || last === undefined) return null;
    if (heap.length === 0) {
      this.latest = 0;
      return first;
    }
    let slot = 0;
    for (;;) {
      let child = slot * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].control2 < heap[child].control2) child++;
      if (heap[child].control2 >= last.control2) break;
      heap[slot] = heap[child];
      slot = child;
    }
    heap[slot] = last;
    return first;
  }
}

/** `packet_time_ns` */
function wireTime(octets: number, rate: NetemRate): number {
  octets += rate.packetOverhead ?? 0;
  const cell = rate.cellSize ?? 0;
  if (cell > 0) octets = Math.ceil(octets / cell) * (cell + (rate.cellOverhead ?? 0));
  return transmissionTime(Math.max(0, octets), rate.rate);
}

/** Sets Congestion Experienced if the sender can be told so (`INET_ECN_set_ce`). */
function markCongestion(packet: Packet): boolean {
  const { bytes, network, protocol } = packet;
  if (!packet.owned) return false;
  if (protocol === 0x0800) {
    const tos = bytes[network + 1];
    if ((tos & 3) === 0) return false;
    // The checksum of the header changes by as much as its field (RFC 1624).
    const was = (bytes[network + 10] << 8) | bytes[network + 11];
    let sum = (~was & 0xffff) + (~tos & 0xffff) + (tos | 3);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
    bytes[network + 1] = tos | 3;
    bytes[network + 10] = sum >>> 8;
    bytes[network + 11] = sum;
    return true;
  }
  if (protocol !== 0x86dd || (bytes[network + 1] & 0x30) === 0) return false;
  bytes[network + 1] |= 0x30;
  return true;
}
