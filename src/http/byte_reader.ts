/** Reads from a byte stream through a buffer: what the HTTP and WebSocket codecs parse from. */

/** The byte stream beneath a codec: a `TcpConn`, a `UnixConn`, a TLS stream, or Deno's own. */
export interface ByteStream {
  read(into: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
  close(): void;
}

const SIZE = 16384;

export class ByteReader {
  /** Octets [start, end) of `buffer` have been received and not consumed. */
  buffer: Uint8Array<ArrayBuffer> = new Uint8Array(SIZE);
  start = 0;
  end = 0;
  /** The stream has ended. */
  ended = false;

  constructor(readonly stream: Pick<ByteStream, "read">) {}

  get available(): number {
    return this.end - this.start;
  }

  /** What `fill` is doing, while it does: who comes meanwhile waits for the same. */
  #filling: Promise<boolean> | null = null;

  /** Receives more octets. False at the end of the stream. The buffer grows when it is full. */
  fill(): Promise<boolean> {
    return this.#filling ??= this.#fill();
  }

  async #fill(): Promise<boolean> {
    try {
      return await this.#receive();
    } finally {
      this.#filling = null;
    }
  }

  async #receive(): Promise<boolean> {
    if (this.ended) return false;
    this.#makeRoom();
    const count = await this.stream.read(this.buffer.subarray(this.end));
    if (count === null) {
      this.ended = true;
      return false;
    }
    this.end += count;
    return true;
  }

  /**
   * Copies up to `into.length` octets; 0 at the end of the stream. A large `into` is read into directly when nothing is
   * buffered.
   */
  async read(into: Uint8Array): Promise<number> {
    if (this.available === 0) {
      if (this.ended) return 0;
      if (into.length >= SIZE && this.#filling === null) {
        const count = await this.stream.read(into);
        if (count === null) this.ended = true;
        return count ?? 0;
      }
      if (!await this.fill()) return 0;
    }
    const count = Math.min(into.length, this.available);
    into.set(this.buffer.subarray(this.start, this.start + count));
    this.start += count;
    return count;
  }

  #makeRoom(): void {
    if (this.start === this.end) this.start = this.end = 0;
    if (this.end < this.buffer.length) return;
    const length = this.available;
    const into = length > this.buffer.length / 2 ? new Uint8Array(2 * this.buffer.length) : this.buffer;
    into.set(this.buffer.subarray(this.start, this.end));
    this.buffer = into;
    this.start = 0;
    this.end = length;
  }
}

/** Writes all of `data`. */
export async function writeAll(stream: Pick<ByteStream, "write">, data: Uint8Array): Promise<void> {
  let sent = await stream.write(data);
  while (sent < data.length) sent += await stream.write(data.subarray(sent));
}

/** Closes a stream that may be closed already. */
export function closeQuietly(stream: Pick<ByteStream, "close"> | null): void {
  try {
    stream?.close();
  } catch {
    // It was closed already.
  }
}

/** The parts in one piece, of `size` octets together. */
export function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
