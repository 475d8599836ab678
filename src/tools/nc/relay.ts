/** Standard input to the net, the net to standard output, until both are done (`readwrite` of netcat.c). */
import { Errno } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import type { Channel } from "./channel.ts";
import type { NcOptions } from "./options.ts";

/** Octets read at once. */
const BUFFER = 16384;

export class Relay {
  #stdinOpen: boolean;
  #netInOpen = true;
  #netOutOpen = true;
  #stdoutOpen = true;
  /** Read from standard input and not yet sent. */
  #outgoing: Uint8Array | null = null;
  #reading = false;
  #wake: (() => void) | null = null;
  #received = 0;
  readonly #buffer = new Uint8Array(BUFFER);

  constructor(readonly process: Process, readonly channel: Channel, readonly options: NcOptions) {
    this.#stdinOpen = !options.noStdin;
    channel.onEvent(() => this.#wake?.());
  }

  /** True when nc is to end at once: the quit timer, or enough packets. */
  async run(): Promise<boolean> {
    const { options, process } = this;
    const scheduler = process.namespace.world.scheduler;
    let quitAt = Infinity;
    for (;;) {
      const drained = this.#outgoing === null;
      if (!this.#stdinOpen && !this.#netInOpen && drained) return false;
      if (!this.#netOutOpen && !this.#stdoutOpen) return false;
      if (options.listen && !this.#netInOpen && drained) return false;
      if (process.signal.aborted) return true;
      if (options.interval > 0) await process.sleep(options.interval * 1000);
      // Each turn of nc is a poll of the kernel, in which packets go on their way.
      if (this.#step()) await process.sleep(0);
      else {
        const limit = Math.min(options.timeout < 0 ? Infinity : options.timeout, (quitAt - scheduler.now) / 1e6);
        const woken = await process.wait("standard input or the net", (done) => this.#wake = done, finite(limit));
        this.#wake = null;
        if (!woken && !process.signal.aborted) return scheduler.now >= quitAt;
      }
      if (!this.#stdoutOpen && this.#netInOpen) this.#netInOpen = false;
      if (!this.#stdinOpen && this.#outgoing === null) {
        if (this.#netOutOpen && options.shutdownAtEof) this.channel.shutdownWrite();
        this.#netOutOpen = false;
        if (options.quit >= 0 && quitAt === Infinity) quitAt = scheduler.now + options.quit * 1e9;
        if (scheduler.now >= quitAt) return true;
      }
      if (!this.#netInOpen) this.#stdoutOpen = false;
      if (options.receiveLimit > 0 && this.#received >= options.receiveLimit) return true;
    }
  }

  /** Moves what can be moved; false when nothing could. */
  #step(): boolean {
    if (this.channel.takeError() !== 0) {
      this.#netInOpen = this.#netOutOpen = this.#stdinOpen = false;
      this.#outgoing = null;
      return true;
    }
    let moved = this.#readStdin();
    if (this.#netOutOpen && this.#outgoing !== null) moved = this.#send() || moved;
    if (this.#netInOpen) moved = this.#receive() || moved;
    if (this.process.stdout.broken && this.#stdoutOpen) {
      this.#stdoutOpen = false;
      moved = true;
    }
    return moved;
  }

  /** What comes is kept until it is sent; reading goes on behind. */
  #readStdin(): boolean {
    if (!this.#stdinOpen || this.#reading || this.#outgoing !== null) return false;
    if (!this.#netOutOpen) {
      this.#stdinOpen = false;
      return true;
    }
    const ready = this.process.stdin.poll();
    if (ready !== undefined) {
      this.#took(ready);
      return true;
    }
    this.#reading = true;
    this.process.stdin.read().then((data) => {
      this.#reading = false;
      this.#took(data);
      this.#wake?.();
    }, () => {
      this.#reading = false;
      this.#took(null);
    });
    return false;
  }

  #took(data: Uint8Array | null): void {
    if (data === null) this.#stdinOpen = false;
    else if (data.length > 0) this.#outgoing = this.options.crlf ? withCarriageReturns(data) : data;
  }

  #send(): boolean {
    const data = this.#outgoing!;
    const chunk = data.length > BUFFER ? data.subarray(0, BUFFER) : data;
    const count = this.channel.write(chunk);
    if (count === -Errno.EAGAIN) return false;
    if (count < 0) {
      this.#netOutOpen = false;
      this.#outgoing = null;
      return true;
    }
    this.#outgoing = count === data.length ? null : data.subarray(count);
    return true;
  }

  #receive(): boolean {
    const count = this.channel.read(this.#buffer);
    if (count === -Errno.EAGAIN) return false;
    if (count < 0 || (count === 0 && !this.channel.datagrams)) this.#netInOpen = false;
    else {
      this.#received++;
      this.process.stdout.write(this.#buffer.slice(0, count));
    }
    return true;
  }
}

/** A limit to wait, or none. */
function finite(ms: number): number | undefined {
  return ms === Infinity ? undefined : Math.max(0, ms);
}

/** `-C`: each line ends with CR LF. */
function withCarriageReturns(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 10 && data[i - 1] !== 13) out.push(13);
    out.push(data[i]);
  }
  return Uint8Array.from(out);
}
