/** The body of an HTTP/1.1 message, decoded from its framing and encoded into it. */
import { type ByteReader, type ByteStream, writeAll } from "./byte_reader.ts";
import { type Framing, HEAD_LIMIT, headEnd, HttpParseError, latin1, latin1Bytes, parseTrailers } from "./head.ts";

/** Octets of a chunk's line: its size in hexadecimal, and extensions. */
const CHUNK_LINE_LIMIT = 4096;
const LF = 10, CR = 13;

/** Reads the body that follows a head; ends exactly where the next message begins. */
export class BodyReader {
  /** Octets left of a body of known length, or of the current chunk. */
  #left: number;
  #chunk = false;
  /** All of it was read. */
  done: boolean;
  /** Its framing makes no sense: nothing that follows on the connection can be trusted. */
  broken = false;

  constructor(readonly reader: ByteReader, readonly framing: Framing) {
    this.#left = framing.kind === "length" ? framing.length : 0;
    this.done = framing.kind === "none" || (framing.kind === "length" && framing.length === 0);
  }

  /**
   * Copies what comes next; 0 at the end of the body.
   *
   * @throws {HttpParseError} a bad chunk, or the stream ended before the body
   */
  async read(into: Uint8Array): Promise<number> {
    if (this.done) return 0;
    if (this.framing.kind === "close") {
      const count = await this.reader.read(into);
      if (count === 0) this.done = true;
      return count;
    }
    if (this.framing.kind === "chunked" && this.#left === 0) {
      try {
        await this.#nextChunk();
      } catch (error) {
        this.broken = true;
        throw error;
      }
      if (this.done) return 0;
    }
    const count = await this.reader.read(into.length > this.#left ? into.subarray(0, this.#left) : into);
    if (count === 0) throw new HttpParseError("the stream ended before the body");
    this.#left -= count;
    if (this.#left === 0 && this.framing.kind === "length") this.done = true;
    return count;
  }

  /** What is buffered of a body of known length, when that is all of it: read without waiting, else null. */
  whole(): Uint8Array<ArrayBuffer> | null {
    if (this.framing.kind !== "length" || this.done || this.reader.available < this.#left) return null;
    const { reader } = this;
    const bytes = reader.buffer.slice(reader.start, reader.start + this.#left);
    reader.start += this.#left;
    this.#left = 0;
    this.done = true;
    return bytes;
  }

  /** Reads on to the end, so that the next message can be read. False when that takes more than `limit` octets. */
  async skip(limit: number): Promise<boolean> {
    const scratch = new Uint8Array(16384);
    for (let skipped = 0; !this.done;) {
      skipped += await this.read(scratch);
      if (skipped > limit) return false;
    }
    return true;
  }

  async #nextChunk(): Promise<void> {
    if (this.#chunk) {
      const line = await this.#line();
      if (line !== "") throw new HttpParseError("a chunk is longer than its size");
    }
    this.#chunk = true;
    const line = await this.#line();
    const match = /^([0-9a-fA-F]{1,13})[ \t]*(;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line);
    if (match === null) throw new HttpParseError("invalid chunk size");
    this.#left = parseInt(match[1], 16);
    if (this.#left === 0) await this.#trailers();
  }

  /** A line that ends in CRLF, without it. */
  async #line(): Promise<string> {
    const { reader } = this;
    for (;;) {
      const at = reader.buffer.subarray(0, reader.end).indexOf(LF, reader.start);
      if (at >= 0) {
        if (at === reader.start || reader.buffer[at - 1] !== CR) throw new HttpParseError("a line ends without CR");
        const bytes = reader.buffer.subarray(reader.start, at - 1);
        reader.start = at + 1;
        return latin1(bytes, 0, bytes.length);
      }
      if (reader.available > CHUNK_LINE_LIMIT) throw new HttpParseError("a chunk's line is too long");
      if (!await reader.fill()) throw new HttpParseError("the stream ended before the body");
    }
  }

  async #trailers(): Promise<void> {
    const { reader } = this;
    for (;;) {
      const { buffer, start, end } = reader;
      if (end - start >= 2 && buffer[start] === CR && buffer[start + 1] === LF) {
        reader.start += 2;
        this.done = true;
        return;
      }
      const stop = headEnd(buffer, start, end);
      if (stop >= 0) {
        parseTrailers(buffer, start, stop);
        reader.start = stop;
        this.done = true;
        return;
      }
      if (end - start > HEAD_LIMIT) throw new HttpParseError("the trailers are too long");
      if (!await reader.fill()) throw new HttpParseError("the stream ended before the body");
    }
  }
}

const CRLF = latin1Bytes("\r\n");
const LAST_CHUNK = latin1Bytes("0\r\n\r\n");

/** Writes one chunk of a chunked body. */
export async function writeChunk(stream: Pick<ByteStream, "write">, data: Uint8Array): Promise<void> {
  if (data.length === 0) return;
  const size = latin1Bytes(`${data.length.toString(16)}\r\n`);
  if (data.length <= 16384) {
    const all = new Uint8Array(size.length + data.length + 2);
    all.set(size);
    all.set(data, size.length);
    all.set(CRLF, size.length + data.length);
    await writeAll(stream, all);
    return;
  }
  await writeAll(stream, size);
  await writeAll(stream, data);
  await writeAll(stream, CRLF);
}

/** Ends a chunked body, without trailers. */
export async function writeLastChunk(stream: Pick<ByteStream, "write">): Promise<void> {
  await writeAll(stream, LAST_CHUNK);
}
