/** The token bucket filter: sends at a rate, with bursts up to a size (`net/sched/sch_tbf.c`). */
import type { Interface } from "../device/interface.ts";
import { segment } from "../device/gso.ts";
import { Timer } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import type { Packet } from "../wire/packet.ts";
import { Discipline, transmissionTime, wireLength } from "./discipline.ts";
import { Fifo, Noop } from "./fifo.ts";

export interface TbfOptions {
  /** Octets a second. */
  rate: number;
  /** The bucket, octets: the longest packet that passes, too. */
  burst: number;
  /** Octets that wait; `tc` makes it of `latency`: rate × latency + burst. */
  limit: number;
  /** Octets a second within a burst; needs `mtu`. */
  peakrate?: number;
  /** The peak bucket, octets. */
  mtu?: number;
}

export class Tbf extends Discipline {
  readonly kind = "tbf";
  options: TbfOptions;
  #child: Discipline;
  /** Tokens are nanoseconds of sending. */
  #tokens = 0;
  #peakTokens = 0;
  #checked = 0;
  #bucket = 0;
  #peakBucket = 0;
  #longest = 0;
  readonly #watchdog: Timer = new Timer(() => this.runRoot());

  /** @throws {KernelError} EINVAL when the rates make no sense */
  constructor(device: Interface, options: TbfOptions) {
    super(device);
    this.options = options;
    this.#child = new Fifo(device, "bfifo", { limit: options.limit });
    this.change(options);
  }

  change(options: TbfOptions): void {
    const { rate, burst, peakrate, mtu } = options;
    if (!(rate > 0) || !(burst > 0)) throw new KernelError(Errno.EINVAL);
    if (peakrate !== undefined && (peakrate <= rate || mtu === undefined || mtu <= 0)) {
      throw new KernelError(Errno.EINVAL);
    }
    this.options = options;
    if (this.#child instanceof Fifo) this.#child.limit = options.limit; // fifo_set_limit
    this.#bucket = transmissionTime(burst, rate);
    this.#tokens = this.#bucket;
    this.#longest = burst;
    if (peakrate !== undefined) {
      this.#peakBucket = transmissionTime(mtu!, peakrate);
      this.#longest = Math.min(burst, mtu!);
    }
    this.#peakTokens = this.#peakBucket;
    this.#checked = this.device.owner.world.scheduler.now;
  }

  override get child(): Discipline | null {
    return this.#child;
  }

  override graft(child: Discipline | null): void {
    this.#child.reset();
    this.#child = child ?? new Noop(this.device);
    this.statistics.backlogBytes = this.statistics.backlogPackets = 0;
  }

  push(packet: Packet): number {
    if (packet.control > this.#longest) {
      if (packet.gsoSize > 0) return this.#pushSegments(packet);
      return this.drop(packet);
    }
    return this.#pushChild(packet);
  }

  #pushChild(packet: Packet): number {
    const length = packet.control;
    const result = this.#child.push(packet);
    if (result < 0) this.statistics.dropped++;
    else {
      this.statistics.backlogBytes += length;
      this.statistics.backlogPackets++;
    }
    return result;
  }

  /** `tbf_segment` */
  #pushSegments(packet: Packet): number {
    let queued = 0;
    for (let piece = segment(packet); piece !== null;) {
      const next: Packet | null = piece.next;
      piece.next = null;
      piece.control = wireLength(piece);
      if (piece.control > this.#longest) this.drop(piece);
      else if (this.#pushChild(piece) === 0) queued++;
      piece = next;
    }
    return queued > 0 ? 0 : -Errno.ENOBUFS;
  }

  peek(): Packet | null {
    return this.#child.peek();
  }

  pull(): Packet | null {
    const first = this.#child.peek();
    if (first === null) return null;
    const { scheduler } = this.device.owner.world;
    const { rate, peakrate } = this.options;
    const passed = Math.min(scheduler.now - this.#checked, this.#bucket);
    const tokens = Math.min(passed + this.#tokens, this.#bucket) - transmissionTime(first.control, rate);
    let peak = 0;
    if (peakrate !== undefined) {
      peak = Math.min(passed + this.#peakTokens, this.#peakBucket) - transmissionTime(first.control, peakrate);
    }
    if (tokens < 0 || peak < 0) {
      scheduler.arm(this.#watchdog, scheduler.now + Math.max(-tokens, -peak));
      this.statistics.overlimits++;
      return null;
    }
    const packet = this.#child.pull();
    if (packet === null) return null;
    this.#checked = scheduler.now;
    this.#tokens = tokens;
    this.#peakTokens = peak;
    this.removed(packet);
    this.sent(packet);
    return packet;
  }

  reset(): void {
    this.#child.reset();
    this.statistics.backlogBytes = this.statistics.backlogPackets = 0;
    const { scheduler } = this.device.owner.world;
    scheduler.cancel(this.#watchdog);
    this.#checked = scheduler.now;
    this.#tokens = this.#bucket;
    this.#peakTokens = this.#peakBucket;
  }
}
