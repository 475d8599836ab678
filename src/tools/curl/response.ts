/** Reading a response as curl does (`http.c`, `http_chunks.c`): line by line, then the body by its framing. */
import type { ByteStream } from "../../http/byte_reader.ts";
import { latin1 } from "../../http/head.ts";
import { TransferError } from "./connect.ts";

/** Octets that curl reads at once (`READBUFFER_SIZE` of the tool). */
const BUFFER = 102_400;
/** Octets of all header lines of one response (`MAX_HTTP_RESP_HEADER_SIZE`). */
const HEADERS_LIMIT = 300 * 1024;
const LF = 10;

export class ResponseReader {
  #buffer = new Uint8Array(BUFFER);
  #start = 0;
  #end = 0;
  /** Octets of the head that is read. */
  headerOctets = 0;

  constructor(readonly stream: ByteStream) {}

  /** More octets; false at the end of the stream. @throws {TransferError} */
  async #fill(): Promise<boolean> {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (this.#end === this.#buffer.length) {
      const rest = this.#buffer.slice(this.#start, this.#end);
      if (rest.length * 2 > this.#buffer.length) this.#buffer = new Uint8Array(2 * this.#buffer.length);
      this.#buffer.set(rest);
      this.#start = 0;
      this.#end = rest.length;
    }
    let count: number | null;
    try {
      count = await this.stream.read(this.#buffer.subarray(this.#end));
    } catch (error) {
      throw receiveError(error);
    }
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  /** Whether anything was received and not taken. */
  get available(): number {
    return this.#end - this.#start;
  }

  /** Waits until something is there; false at the end of the stream. */
  async more(): Promise<boolean> {
    return this.available > 0 || await this.#fill();
  }

  /** The first octets, whatever they are. */
  peek(count: number): string {
    return latin1(this.#buffer, this.#start, Math.min(this.#end, this.#start + count));
  }

  /** A line with its end; null when the stream ends before it. @throws {TransferError} */
  async line(): Promise<Uint8Array | null> {
    for (let from = this.#start;;) {
      const at = this.#buffer.subarray(0, this.#end).indexOf(LF, from);
      if (at >= 0) {
        const line = this.#buffer.slice(this.#start, at + 1);
        this.#start = at + 1;
        this.headerOctets += line.length;
        if (this.headerOctets > HEADERS_LIMIT) this.#tooLarge(this.headerOctets);
        return line;
      }
      if (this.available + this.headerOctets > HEADERS_LIMIT) this.#tooLarge(this.available + this.headerOctets);
      const scanned = this.available;
      if (!await this.#fill()) return null;
      from = this.#start + scanned;
    }
  }

  #tooLarge(octets: number): never {
    throw new TransferError(56, `Too large response headers: ${octets} > ${HEADERS_LIMIT}`);
  }

  /** Body octets as they come, at most `most`; null at the end of the stream. */
  async piece(most: number): Promise<Uint8Array | null> {
    if (this.available === 0 && !await this.#fill()) return null;
    const stop = Math.min(this.#end, this.#start + most);
    const piece = this.#buffer.slice(this.#start, stop);
    this.#start = stop;
    return piece;
  }

  /** Gives octets back. */
  unread(count: number): void {
    this.#start -= count;
  }
}

export function receiveError(error: unknown): TransferError {
  const code = (error as { code?: string }).code;
  const words = code === "ECONNRESET"
    ? "Connection reset by peer"
    : code === "ETIMEDOUT"
    ? "Connection timed out"
    : error instanceof Error
    ? error.message.replace(/ \(os error \d+\)$/, "")
    : String(error);
  return new TransferError(56, `Recv failure: ${words}`);
}

/** What a body is made of, without the framing of its chunks. */
export class ChunkDecoder {
  #state: "size" | "data" | "end" | "trailer" = "size";
  #text = "";
  #left = 0;
  done = false;

  /** Decodes what came; `used` tells how much of it belongs to this body. @throws {TransferError} */
  decode(piece: Uint8Array): { data: Uint8Array[]; used: number } {
    const data: Uint8Array[] = [];
    let at = 0;
    while (at < piece.length && !this.done) {
      if (this.#state === "data") {
        const stop = Math.min(piece.length, at + this.#left);
        data.push(piece.subarray(at, stop));
        this.#left -= stop - at;
        at = stop;
        if (this.#left === 0) this.#state = "end";
        continue;
      }
      const c = String.fromCharCode(piece[at++]);
      if (this.#state === "size") this.#size(c);
      else if (c === "\n") this.#lineEnd();
      else if (c !== "\r") {
        if (this.#state === "end") throw new TransferError(56, "Malformed encoding found in chunked-encoding");
        this.#text += c;
        if (this.#text.length > HEADERS_LIMIT) throw new TransferError(56, "Too large trailers");
      }
    }
    return { data, used: at };
  }

  /** The line of a chunk's size: hexadecimal digits, then whatever follows up to its end. */
  #size(c: string): void {
    if (c !== "\n") {
      if (this.#text === "" && !/[0-9a-fA-F]/.test(c)) {
        throw new TransferError(56, "Illegal or missing hexadecimal sequence in chunked-encoding");
      }
      if (this.#text.length < 4096) this.#text += c;
      if (/^[0-9a-fA-F]{17}/.test(this.#text)) {
        throw new TransferError(56, "Too long hexadecimal number in chunked-encoding");
      }
      return;
    }
    this.#left = parseInt(this.#text, 16);
    this.#text = "";
    if (!(this.#left >= 0)) throw new TransferError(56, "Illegal or missing hexadecimal sequence in chunked-encoding");
    this.#state = this.#left === 0 ? "trailer" : "data";
  }

  #lineEnd(): void {
    if (this.#state === "end") this.#state = "size";
    else if (this.#text === "") this.done = true;
    this.#text = "";
  }
}
