/**
 * TCP options (RFC 9293 section 3.2, RFC 7323, RFC 2018): read into one object that is used over and over, and written in
 * the order in which Linux writes them.
 *
 * @module
 */
import { get16, get32, put16, put32 } from "../../wire/octets.ts";
import {
  OPTION_END,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
} from "../../wire/tcp.ts";

/** RFC 7323 section 2.3. */
export const MAX_WINDOW_SCALE = 14;
/** Octets of the timestamps option with its padding. */
export const TIMESTAMPS_LENGTH = 12;
/** Blocks that fit into the header: 4 without timestamps, 3 with. */
export const MAX_SACK_BLOCKS = 4;

export class ReceivedOptions {
  timestamps = false;
  /** Signed 32-bit, like sequence numbers. */
  value = 0;
  echo = 0;
  /** 0 when absent. */
  mss = 0;
  windowScale = false;
  scale = 0;
  sackPermitted = false;
  /** Number of SACK blocks, and their edges: start and end in turn. */
  sacks = 0;
  readonly edges: Int32Array = new Int32Array(2 * MAX_SACK_BLOCKS);

  /** Reads the options between `at` and `end`. What is malformed ends the reading; nothing is refused (`tcp_parse_options`). */
  read(bytes: Uint8Array, at: number, end: number, syn: boolean): void {
    this.timestamps = this.windowScale = this.sackPermitted = false;
    this.mss = this.sacks = this.scale = 0;
    if (
      end - at === TIMESTAMPS_LENGTH && bytes[at] === OPTION_NOP && bytes[at + 1] === OPTION_NOP &&
      bytes[at + 2] === OPTION_TIMESTAMPS && bytes[at + 3] === 10
    ) {
      this.#timestamps(bytes, at + 4);
      return;
    }
    while (at < end) {
      const kind = bytes[at];
      if (kind === OPTION_END) return;
      if (kind === OPTION_NOP) {
        at++;
        continue;
      }
      if (at + 2 > end) return;
      const length = bytes[at + 1];
      if (length < 2 || at + length > end) return;
      switch (kind) {
        case OPTION_MSS:
          if (syn && length === 4) this.mss = get16(bytes, at + 2);
          break;
        case OPTION_WINDOW_SCALE:
          if (syn && length === 3) {
            this.windowScale = true;
            this.scale = Math.min(bytes[at + 2], MAX_WINDOW_SCALE);
          }
          break;
        case OPTION_SACK_PERMITTED:
          if (syn && length === 2) this.sackPermitted = true;
          break;
        case OPTION_TIMESTAMPS:
          if (length === 10) this.#timestamps(bytes, at + 2);
          break;
        case OPTION_SACK:
          if (!syn && length >= 10 && (length - 2) % 8 === 0) this.#sack(bytes, at + 2, (length - 2) >> 3);
          break;
      }
      at += length;
    }
  }

  #timestamps(bytes: Uint8Array, at: number): void {
    this.timestamps = true;
    this.value = get32(bytes, at) | 0;
    this.echo = get32(bytes, at + 4) | 0;
  }

  #sack(bytes: Uint8Array, at: number, blocks: number): void {
    this.sacks = Math.min(blocks, MAX_SACK_BLOCKS);
    for (let i = 0; i < 2 * this.sacks; i++) this.edges[i] = get32(bytes, at + 4 * i) | 0;
  }
}

/** What a SYN or SYN-ACK offers; null timestamps and -1 scale are left out. */
export interface SynOffer {
  mss: number;
  timestamps: boolean;
  value: number;
  echo: number;
  /** -1: no scaling. */
  scale: number;
  sack: boolean;
}

/** Octets of a SYN's options. */
export function synOptionsLength(offer: SynOffer): number {
  return 4 + (offer.timestamps ? 12 : offer.sack ? 4 : 0) + (offer.scale >= 0 ? 4 : 0);
}

/** Writes a SYN's options as `tcp_options_write` orders them: MSS, SACK permitted, timestamps, window scale. */
export function writeSynOptions(bytes: Uint8Array, at: number, offer: SynOffer): void {
  bytes[at] = OPTION_MSS;
  bytes[at + 1] = 4;
  put16(bytes, at + 2, offer.mss);
  at += 4;
  if (offer.timestamps) {
    bytes[at] = offer.sack ? OPTION_SACK_PERMITTED : OPTION_NOP;
    bytes[at + 1] = offer.sack ? 2 : OPTION_NOP;
    writeTimestamps(bytes, at + 2, offer.value, offer.echo);
    at += 12;
  } else if (offer.sack) {
    bytes[at] = bytes[at + 1] = OPTION_NOP;
    bytes[at + 2] = OPTION_SACK_PERMITTED;
    bytes[at + 3] = 2;
    at += 4;
  }
  if (offer.scale >= 0) {
    bytes[at] = OPTION_NOP;
    bytes[at + 1] = OPTION_WINDOW_SCALE;
    bytes[at + 2] = 3;
    bytes[at + 3] = offer.scale;
  }
}

function writeTimestamps(bytes: Uint8Array, at: number, value: number, echo: number): void {
  bytes[at] = OPTION_TIMESTAMPS;
  bytes[at + 1] = 10;
  put32(bytes, at + 2, value);
  put32(bytes, at + 6, echo);
}

/** The timestamps of a segment that is no SYN, with two octets of padding before it. */
export function writePaddedTimestamps(bytes: Uint8Array, at: number, value: number, echo: number): void {
  bytes[at] = bytes[at + 1] = OPTION_NOP;
  writeTimestamps(bytes, at + 2, value, echo);
}

/** The head of a SACK option of `blocks` blocks, padded; returns where the first block goes. */
export function writeSackHead(bytes: Uint8Array, at: number, blocks: number): number {
  bytes[at] = bytes[at + 1] = OPTION_NOP;
  bytes[at + 2] = OPTION_SACK;
  bytes[at + 3] = 2 + 8 * blocks;
  return at + 4;
}
