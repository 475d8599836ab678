/** A running test: its streams, its timers and the loop that sends (iperf_client_api.c, iperf_server_api.c). */
import { Errno } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import type { Control } from "./control.ts";
import type { Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { RemoteResult, Stream } from "./stream.ts";

/** Blocks that one turn writes while no rate is wanted (`multisend`). */
const MULTISEND = 10;
/**
 * Virtual ns that a write costs, and each octet of it: what a machine of some 4 Gbit/s of copying has. Without, a test over
 * wires of no delay would have no end.
 */
const WRITE_NS = 2000;
const OCTET_NS = 1.9;

/** What the other side sent besides its streams. */
export interface RemoteSide {
  hasRetransmits: boolean;
  congestion: string;
  outputText: string | null;
}

export class IperfTest {
  readonly streams: Stream[] = [];
  /** The test's beginning: virtual ns. */
  start = 0;
  done = false;
  omitting = false;
  bytesSent = 0;
  bytesReceived = 0;
  blocksSent = 0;
  remote: RemoteSide | null = null;
  #wake: (() => void) | null = null;
  #cpuFree = 0;
  #nextStats = Infinity;
  #nextOmit = Infinity;
  #deadline = Infinity;
  #turn = 0;

  constructor(
    readonly process: Process,
    readonly settings: Settings,
    readonly control: Control,
    readonly report: Report,
    readonly cookie: string,
  ) {}

  get now(): number {
    return this.process.machine.world.scheduler.now;
  }

  get server(): boolean {
    return this.settings.server;
  }

  /** Streams that this side sends on, and those that it receives on. */
  get sends(): boolean {
    return this.settings.bidirectional || this.server === this.settings.reverse;
  }

  add(stream: Stream): void {
    stream.id = this.streams.length === 0 ? 1 : this.streams.length + 2;
    this.streams.push(stream);
  }

  /** Starts clocks, and what is received is counted from now on (`iperf_init_test`, `create_client_timers`). */
  begin(): void {
    const { settings, now } = this;
    this.start = now;
    this.#cpuFree = now;
    this.omitting = settings.omit > 0;
    for (const stream of this.streams) {
      stream.start = stream.end = now;
      const { socket } = stream;
      if (stream.sender) socket.onWritable = socket.onError = () => this.#wake?.();
      else {
        socket.onReadable = () => {
          this.bytesReceived += stream.drain(this.now, !this.done);
          if (settings.bytes > 0 || settings.blocks > 0 || stream.over) this.#wake?.();
        };
        this.bytesReceived += stream.drain(now, true);
      }
    }
    if (settings.interval > 0) this.#nextStats = now + settings.interval * 1e9;
    if (this.omitting) this.#nextOmit = now + settings.omit * 1e9;
    if (!this.server && settings.duration > 0) this.#deadline = now + (settings.duration + settings.omit) * 1e9;
  }

  /** Runs until the test's own end (true) or the next word of the other side (its state, -1 for its end). */
  async run(running: boolean): Promise<number | true> {
    const { socket } = this.control;
    for (;;) {
      const state = this.control.poll();
      if (state !== null) return state < 0 ? -1 : state;
      if (this.process.signal.aborted) return -1;
      this.#timers();
      if (!this.server && this.#finished()) return true;
      const sendAt = running ? this.#send() : Infinity;
      if (!this.server && this.#finished()) return true;
      const next = Math.min(sendAt, this.#nextStats, this.#nextOmit, this.#deadline);
      await this.process.wait("iperf3's test", (done) => {
        this.#wake = socket.onReadable = socket.onError = done;
      }, next === Infinity ? undefined : Math.max(0, next - this.now) / 1e6);
      this.#wake = socket.onReadable = socket.onError = null;
    }
  }

  #finished(): boolean {
    const { settings } = this;
    if (this.omitting) return false;
    return this.done ||
      (settings.bytes > 0 && (this.bytesSent >= settings.bytes || this.bytesReceived >= settings.bytes)) ||
      (settings.blocks > 0 &&
        (this.blocksSent >= settings.blocks || this.bytesReceived >= settings.blocks * settings.length));
  }

  #timers(): void {
    const { now } = this;
    if (now >= this.#deadline) this.done = true;
    if (now >= this.#nextStats) {
      this.#nextStats += this.settings.interval * 1e9;
      if (!this.done) {
        this.endInterval();
        this.report.interval(this);
      }
    }
    if (now < this.#nextOmit) return;
    this.#nextOmit = Infinity;
    this.omitting = false;
    this.start = now;
    this.bytesSent = this.bytesReceived = this.blocksSent = 0;
    for (const stream of this.streams) stream.omit(now);
    if (this.settings.interval > 0) this.#nextStats = now + this.settings.interval * 1e9;
  }

  endInterval(): void {
    for (const stream of this.streams) stream.endInterval(this.now, this.omitting);
  }

  /** Writes what may be written now; when to come again, in virtual ns. */
  #send(): number {
    const { settings, streams, now } = this;
    if (now < this.#cpuFree) return this.#cpuFree;
    let next = Infinity;
    let cost = 0;
    const most = settings.rate > 0 && settings.burst === 0 ? 1 : Math.max(settings.burst, MULTISEND);
    this.#turn++;
    for (let round = 0; round < most; round++) {
      let active = false;
      for (let i = 0; i < streams.length; i++) {
        const stream = streams[(i + this.#turn) % streams.length];
        if (!stream.sender || stream.over) continue;
        const green = round === 0 ? this.#green(stream) : now;
        if (green > now) {
          next = Math.min(next, green);
          continue;
        }
        const count = stream.send(now);
        if (count <= 0) {
          if (count !== -Errno.EAGAIN || stream.udp) cost += WRITE_NS;
          continue;
        }
        active = true;
        cost += WRITE_NS + count * OCTET_NS;
        this.bytesSent += count;
        this.blocksSent++;
        if (settings.rate > 0) next = Math.min(next, this.#green(stream));
        if (round + 1 < most && this.#finished()) return now;
      }
      if (!active) break;
      if (settings.rate === 0) next = now;
    }
    this.#cpuFree = now + Math.ceil(cost);
    return next === Infinity
      ? (cost > 0 && streams.some((one) => one.udp) ? this.#cpuFree : next)
      : Math.max(next, this.#cpuFree);
  }

  /** When a stream may send again for its rate: at the first tick of the pacing timer at which it is below (`iperf_check_throttle`). */
  #green(stream: Stream): number {
    const { rate, pacingTimer } = this.settings;
    if (rate === 0) return this.now;
    const bits = (stream.bytes - stream.omittedBytes) * 8;
    const seconds = bits / rate;
    if ((this.now - stream.start) / 1e9 > seconds || bits === 0) return this.now;
    const tick = Math.max(1, pacingTimer) * 1000;
    return stream.start + (Math.floor(seconds * 1e9 / tick) + 1) * tick;
  }

  /** No more is sent or taken in. */
  close(): void {
    for (const { socket } of this.streams) socket.close();
  }

  /** What this side tells of the test (`send_results`); a count that is not known is -1, as C prints it without a sign. */
  resultsText(outputText: string | null): string {
    const unknown = "18446744073709551615";
    const tcp = !this.settings.udp;
    const streams = this.streams.map((one) => {
      const bytes = one.bytes - one.omittedBytes;
      const retransmits = one.sender && tcp ? String(one.retransmits) : unknown;
      return `{"id":${one.id},"bytes":${bytes},"retransmits":${retransmits},"jitter":${one.jitter},"errors":${
        one.sender ? 0 : one.lost - one.omittedLost
      },"packets":${one.packets - one.omittedPackets},"start_time":0,"end_time":${(one.end - one.start) / 1e9}}`;
    });
    const has = !this.sends ? unknown : tcp ? "1" : "0";
    const congestion = tcp ? `,"congestion_used":${JSON.stringify(this.congestion)}` : "";
    const output = outputText === null ? "" : `,"server_output_text":${JSON.stringify(outputText)}`;
    return `{"cpu_util_total":0,"cpu_util_user":0,"cpu_util_system":0,"sender_has_retransmits":${has}${congestion}${output},"streams":[${
      streams.join(",")
    }]}`;
  }

  get congestion(): string {
    const socket = this.streams[0]?.socket;
    return socket !== undefined && "congestion" in socket ? socket.congestion : "";
  }

  /** Takes what the other side told (`get_results`). False when it is not that. */
  takeResults(from: Readonly<Record<string, unknown>>): boolean {
    if (!Array.isArray(from.streams)) return false;
    this.remote = {
      hasRetransmits: from.sender_has_retransmits === 1,
      congestion: typeof from.congestion_used === "string" ? from.congestion_used : "",
      outputText: typeof from.server_output_text === "string" ? from.server_output_text : null,
    };
    for (const one of from.streams as Record<string, unknown>[]) {
      const stream = this.streams.find((mine) => mine.id === one.id);
      if (stream === undefined) return false;
      const number = (name: string): number => typeof one[name] === "number" ? one[name] as number : 0;
      stream.remote = {
        bytes: number("bytes"),
        retransmits: number("retransmits") > 2 ** 63 ? -1 : number("retransmits"),
        jitter: number("jitter"),
        errors: number("errors"),
        packets: number("packets"),
        startTime: number("start_time"),
        endTime: number("end_time"),
      } satisfies RemoteResult;
    }
    return true;
  }
}
