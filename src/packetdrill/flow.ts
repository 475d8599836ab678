/**
 * The connection (or the UDP association) that a script is about: its real ports, and how the script's sequence numbers and
 * timestamps stand to the real ones. Local sequence numbers are the script's plus an offset; the remote ones are as the script has them.
 *
 * @module
 */
import type { IpAddress } from "../ip/host.ts";

export class Flow {
  localPort: number;
  remotePort: number;
  /** What a local sequence number is more than the script's; 0 until a SYN came out. */
  offset = 0;
  #scriptTimestamp = 0;
  #liveTimestamp = 0;
  #timestampKnown = false;
  readonly #timestamps = new Map<number, number>();

  constructor(
    readonly version: 4 | 6,
    readonly local: IpAddress,
    readonly remote: IpAddress,
    localPort: number,
    remotePort: number,
  ) {
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  toLive(sequence: number): number {
    return (sequence + this.offset) >>> 0;
  }

  toScript(sequence: number): number {
    return (sequence - this.offset) >>> 0;
  }

  /** An outgoing timestamp stood where the script has `script`. */
  learnTimestamp(script: number, live: number): void {
    this.#timestamps.set(script, live);
    if (this.#timestampKnown) return;
    this.#timestampKnown = true;
    this.#scriptTimestamp = script;
    this.#liveTimestamp = live;
  }

  /** An outgoing timestamp counted from the script's first. */
  timestampToScript(live: number): number {
    return this.#timestampKnown ? (live - this.#liveTimestamp + this.#scriptTimestamp) >>> 0 : live;
  }

  /** The echo of a timestamp that the script says an incoming packet has. */
  echoToLive(script: number): number {
    const live = this.#timestamps.get(script);
    if (live !== undefined) return live;
    if (script === 0 || !this.#timestampKnown) return script;
    return (script - this.#scriptTimestamp + this.#liveTimestamp) >>> 0;
  }
}
