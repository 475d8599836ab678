/** The real standard streams, as programs of the emulator see them. */
import { promptSecret } from "@std/cli/prompt-secret";
import { Passing } from "../shell/streams.ts";
import type { InputStream, OutputStream } from "../tools/process.ts";

/** Octets asked of the real input at a time. */
const PIECE = 65536;

function writeAll(target: { writeSync(data: Uint8Array): number }, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += target.writeSync(data.subarray(at));
}

/** A terminal turns a line feed into a new line only while it is not raw: so a carriage return goes before it. */
export function realOutput(target: typeof Deno.stdout | typeof Deno.stderr): OutputStream {
  return new Passing((data) => writeAll(target, data), target.isTerminal());
}

/** The real standard input. One read is under way at a time: who leaves it, leaves it to the next reader. */
export class RealInput implements InputStream {
  #pending: Promise<Uint8Array | null> | null = null;
  #ended = false;
  #held: Uint8Array | null = null;

  /** `around` is told of each read: with virtual time it holds the clock meanwhile. */
  constructor(readonly around: <T>(promise: Promise<T>) => Promise<T> = (promise) => promise) {}

  get askSecret(): InputStream["askSecret"] {
    // promptSecret puts the space behind the question itself
    return Deno.stdin.isTerminal() ? (prompt) => promptSecret(prompt.trimEnd(), { mask: "" }) : undefined;
  }

  get setRaw(): InputStream["setRaw"] {
    return Deno.stdin.isTerminal() ? (on) => Deno.stdin.setRaw(on) : undefined;
  }

  poll(): Uint8Array | null | undefined {
    const held = this.#held;
    this.#held = null;
    return held ?? (this.#ended ? null : undefined);
  }

  unread(data: Uint8Array): void {
    if (data.length > 0) this.#held = data;
  }

  async #readReal(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(PIECE);
    const count = await Deno.stdin.read(buffer);
    // Ctrl-D on a terminal ends what one program reads, not the input.
    if (count === null && !Deno.stdin.isTerminal()) this.#ended = true;
    return count === null ? null : buffer.subarray(0, count);
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    if (signal?.aborted) return null;
    const held = this.poll();
    if (held !== undefined) return held;
    const pending = this.#pending ??= this.#readReal();
    const aborted = Promise.withResolvers<null>();
    const stop = () => aborted.resolve(null);
    signal?.addEventListener("abort", stop);
    try {
      const data = await this.around(Promise.race([pending, aborted.promise]));
      if (!signal?.aborted) this.#pending = null;
      return data;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}
