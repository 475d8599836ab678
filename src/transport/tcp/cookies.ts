/**
 * SYN cookies (RFC 4987 section 3.6): with the queue of half-open connections full, what a SYN offered is kept in the initial
 * sequence number and the timestamp of the answer.
 *
 * @module
 */
import type { Random } from "../../time/random.ts";
import { hashKeys } from "./endpoint.ts";
import type { Request } from "./listen.ts";

/** What is left of the peer's MSS, for IPv4 and IPv6 (Linux's tables). */
const MSS4 = [536, 1300, 1440, 1460];
const MSS6 = [1220, 1420, 8940, 1440].sort((a, b) => a - b);
/** Minutes for which a cookie is good. */
const MAX_AGE = 2;

export class Cookies {
  readonly #secret: number;
  readonly #other: number;

  constructor(random: Random) {
    this.#secret = random.uint32() | 0;
    this.#other = random.uint32() | 0;
  }

  #minute(request: Request): number {
    return Math.floor(request.listener.tcp.now / 60e6);
  }

  #hash(request: Request, secret: number, count: number): number {
    return hashKeys(request.localKey ^ secret, request.remoteKey, request.portsKey ^ Math.imul(count + 1, 0x9e3779b1));
  }

  /** The sequence number that answers a SYN; the request's MSS becomes what the cookie can keep. */
  make(request: Request): number {
    const table = request.version === 4 ? MSS4 : MSS6;
    let index = table.length - 1;
    while (index > 0 && request.mss < table[index]) index--;
    request.mss = table[index];
    const count = this.#minute(request);
    return (this.#hash(request, this.#secret, 0) + request.rcvIsn + (count << 24) +
      ((this.#hash(request, this.#other, count) + index) & 0xffffff)) | 0;
  }

  /** The MSS that a cookie keeps, or 0 when it is none. `request` has the addresses, ports and the peer's sequence number. */
  check(request: Request, cookie: number): number {
    const now = this.#minute(request);
    const rest = (cookie - this.#hash(request, this.#secret, 0) - request.rcvIsn) | 0;
    const age = (now - (rest >>> 24)) & 0xff;
    if (age >= MAX_AGE) return 0;
    const index = (rest - this.#hash(request, this.#other, now - age)) & 0xffffff;
    const table = request.version === 4 ? MSS4 : MSS6;
    return index < table.length ? table[index] : 0;
  }

  /** Puts window scale, SACK and ECN into the low six bits of a timestamp that is not in the future. */
  timestamp(request: Request, value: number): number {
    const bits = (request.sndScale >= 0 ? request.sndScale : 15) | (request.sackOk ? 16 : 0) | (request.ecnOk ? 32 : 0);
    const stamped = (value & ~63) | bits;
    return ((stamped - value) | 0) > 0 ? (stamped - 64) | 0 : stamped;
  }

  /** Takes them out again. */
  restore(request: Request, echo: number): void {
    const bits = echo & 63;
    request.sndScale = (bits & 15) === 15 ? -1 : bits & 15;
    request.sackOk = (bits & 16) !== 0;
    request.ecnOk = (bits & 32) !== 0;
  }
}
