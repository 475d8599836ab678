/** Byte streams in memory for the codecs under test. */
import type { ByteStream } from "../../src/http/byte_reader.ts";

/** Gives `data` in pieces of `size` octets, then the end. */
export class PieceStream implements ByteStream {
  readonly written: Uint8Array[] = [];
  closed = false;
  #at = 0;

  constructor(readonly data: Uint8Array, readonly size = Infinity) {}

  read(into: Uint8Array): Promise<number | null> {
    if (this.#at >= this.data.length) return Promise.resolve(null);
    const count = Math.min(this.size, into.length, this.data.length - this.#at);
    into.set(this.data.subarray(this.#at, this.#at + count));
    this.#at += count;
    return Promise.resolve(count);
  }

  write(data: Uint8Array): Promise<number> {
    this.written.push(data.slice());
    return Promise.resolve(data.length);
  }

  close(): void {
    this.closed = true;
  }

  get text(): string {
    return this.written.map((it) => new TextDecoder().decode(it)).join("");
  }
}

export const octets = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A generator of numbers from a seed (xorshift32). */
export function chance(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A changed copy: octets replaced, cut, repeated. */
export function damaged(data: Uint8Array, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(data);
  switch (random(4)) {
    case 0:
      return copy.slice(0, random(copy.length + 1));
    case 1: {
      const at = random(copy.length);
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(Math.max(0, at - random(8)))]);
    }
    default:
      for (let i = random(4); i >= 0; i--) copy[random(copy.length)] = random(256);
      return copy;
  }
}
