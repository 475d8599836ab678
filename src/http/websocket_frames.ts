/** WebSocket frames (RFC 6455 section 5): reading them into messages, writing them. */
import type { ByteReader } from "./byte_reader.ts";

export const OP_CONTINUATION = 0;
export const OP_TEXT = 1;
export const OP_BINARY = 2;
export const OP_CLOSE = 8;
export const OP_PING = 9;
export const OP_PONG = 10;

/** Octets that one message may have; a longer one ends the connection with 1009. */
export const MESSAGE_LIMIT = 64 << 20;

/** Octets of room that a payload is given before any of it has come. */
const ROOM = 65536;

/** What the peer did against the protocol; `code` is what it is told in the Close frame. */
export class WebSocketProtocolError extends Error {
  override name = "WebSocketProtocolError";
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

export interface Frame {
  fin: boolean;
  opcode: number;
  payload: Uint8Array<ArrayBuffer>;
}

/** Reads frames; `masked` says whether the peer must mask them (a client must, a server must not). */
export class FrameReader {
  constructor(readonly reader: ByteReader, readonly masked: boolean) {}

  /**
   * The next frame, or null at the end of the stream.
   *
   * @throws {WebSocketProtocolError}
   */
  async read(): Promise<Frame | null> {
    const { reader } = this;
    if (!await this.#have(2)) return null;
    const first = reader.buffer[reader.start], second = reader.buffer[reader.start + 1];
    const opcode = first & 15;
    if ((first & 0x70) !== 0) throw new WebSocketProtocolError(1002, "Reserved bits are not zero");
    if (opcode > OP_PONG || (opcode > OP_BINARY && opcode < OP_CLOSE)) {
      throw new WebSocketProtocolError(1002, "Invalid opcode");
    }
    if ((second & 0x80) !== 0 !== this.masked) {
      throw new WebSocketProtocolError(1002, this.masked ? "Frame is not masked" : "Frame is masked");
    }
    const control = opcode >= OP_CLOSE;
    const short = second & 127;
    if (control && (short > 125 || (first & 0x80) === 0)) {
      throw new WebSocketProtocolError(
        1002,
        control && short > 125 ? "Control frame too large" : "Control frame must not be fragmented",
      );
    }
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const headLength = 2 + extended + (this.masked ? 4 : 0);
    if (!await this.#have(headLength)) return null;
    const length = this.#length(short, extended);
    if (length > MESSAGE_LIMIT) throw new WebSocketProtocolError(1009, "Frame too large");
    const maskAt = reader.start + headLength - 4;
    const mask = this.masked ? reader.buffer.slice(maskAt, maskAt + 4) : null;
    reader.start += headLength;
    let payload = new Uint8Array(Math.min(length, ROOM));
    for (let got = 0; got < length;) {
      if (got === payload.length) {
        // Room grows with what comes: a length that is only announced takes none.
        const larger = new Uint8Array(Math.min(length, 2 * got));
        larger.set(payload);
        payload = larger;
      }
      const count = await reader.read(payload.subarray(got));
      if (count === 0) return null;
      got += count;
    }
    if (mask !== null) applyMask(payload, mask);
    return { fin: (first & 0x80) !== 0, opcode, payload };
  }

  #length(short: number, extended: number): number {
    const { buffer, start } = this.reader;
    if (extended === 0) return short;
    let length = 0;
    for (let i = 0; i < extended; i++) length = length * 256 + buffer[start + 2 + i];
    return length;
  }

  async #have(count: number): Promise<boolean> {
    while (this.reader.available < count) if (!await this.reader.fill()) return false;
    return true;
  }
}

function applyMask(payload: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < payload.length; i++) payload[i] ^= mask[i & 3];
}

/** A whole frame; with a `mask` (a client's four octets) the payload is masked. */
export function encodeFrame(
  opcode: number,
  payload: Uint8Array,
  mask: Uint8Array | null,
  fin = true,
): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const head = 2 + extended + (mask === null ? 0 : 4);
  const frame = new Uint8Array(head + length);
  frame[0] = (fin ? 0x80 : 0) | opcode;
  frame[1] = (mask === null ? 0 : 0x80) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) {
    frame[2] = length >>> 8;
    frame[3] = length;
  } else if (extended === 8) {
    new DataView(frame.buffer).setBigUint64(2, BigInt(length));
  }
  frame.set(payload, head);
  if (mask !== null) {
    frame.set(mask, head - 4);
    applyMask(frame.subarray(head), mask);
  }
  return frame;
}

/** Whether a code may stand in a Close frame (RFC 6455 section 7.4). */
export function validCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
    (code >= 3000 && code <= 4999);
}

/** The payload of a Close frame. */
export function closePayload(code: number, reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + text.length);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(text, 2);
  return payload;
}
