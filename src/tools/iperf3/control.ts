/** The control connection: state octets, the cookie, and JSON behind its length (iperf_api.c). */
import type { TcpSocket } from "../../transport/tcp/socket.ts";
import { Errno } from "../../wire/errno.ts";
import type { Process } from "../process.ts";

export const TEST_START = 1;
export const TEST_RUNNING = 2;
export const TEST_END = 4;
export const PARAM_EXCHANGE = 9;
export const CREATE_STREAMS = 10;
export const SERVER_TERMINATE = 11;
export const CLIENT_TERMINATE = 12;
export const EXCHANGE_RESULTS = 13;
export const DISPLAY_RESULTS = 14;
export const IPERF_DONE = 16;
export const ACCESS_DENIED = 255;
export const SERVER_ERROR = 254;

/** Octets of a cookie, its closing NUL included. */
export const COOKIE_SIZE = 37;
/** Longest JSON that is taken, octets. */
const MAX_JSON = 8 * 1024 * 1024;

/** A complaint behind `iperf3: `, and the exit code 1. */
export class IperfError extends Error {}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads exactly `length` octets; null when the connection ends before, or the process is told to. */
export async function readExactly(process: Process, socket: TcpSocket, length: number): Promise<Uint8Array | null> {
  const octets = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const count = socket.read(octets, at, length);
    if (count > 0) at += count;
    else if (count !== -Errno.EAGAIN) return null;
    else {
      await process.wait("iperf3's control connection", (done) => socket.onReadable = socket.onError = done);
      socket.onReadable = socket.onError = null;
      if (process.signal.aborted) return null;
    }
  }
  return octets;
}

/** Writes all of it. False when the connection has failed. */
export async function writeAll(process: Process, socket: TcpSocket, octets: Uint8Array): Promise<boolean> {
  let at = 0;
  while (at < octets.length) {
    const count = socket.write(octets, at);
    if (count >= 0) at += count;
    else if (count !== -Errno.EAGAIN) return false;
    else {
      await process.wait("room in iperf3's control connection", (done) => socket.onWritable = socket.onError = done);
      socket.onWritable = socket.onError = null;
      if (process.signal.aborted) return false;
    }
  }
  return true;
}

export class Control {
  constructor(readonly process: Process, readonly socket: TcpSocket) {
    socket.noDelay = true;
  }

  /** The state that has come, null when there is none yet, -1 at the end, or a negative errno less 1. */
  poll(): number | null {
    const octet = new Uint8Array(1);
    const count = this.socket.read(octet);
    if (count === -Errno.EAGAIN) return null;
    return count === 1 ? octet[0] : count - 1;
  }

  /** Waits for the next state; -1 at the end. */
  async state(): Promise<number> {
    return (await readExactly(this.process, this.socket, 1))?.[0] ?? -1;
  }

  send(state: number): void {
    this.socket.write(Uint8Array.of(state));
  }

  async sendJson(text: string): Promise<boolean> {
    const body = encoder.encode(text);
    const octets = new Uint8Array(4 + body.length);
    new DataView(octets.buffer).setUint32(0, body.length);
    octets.set(body, 4);
    return await writeAll(this.process, this.socket, octets);
  }

  /** The JSON object that comes; null when it is none. */
  async readJson(): Promise<Record<string, unknown> | null> {
    const head = await readExactly(this.process, this.socket, 4);
    if (head === null) return null;
    const length = new DataView(head.buffer).getUint32(0);
    if (length > MAX_JSON) return null;
    const body = await readExactly(this.process, this.socket, length);
    if (body === null) return null;
    try {
      const value: unknown = JSON.parse(decoder.decode(body));
      return typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }
}
