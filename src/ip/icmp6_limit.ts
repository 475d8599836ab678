/** Limits on the rate of ICMPv6 errors and redirects (RFC 4443 section 2.4 (f); `inet_peer_xrlim_allow`, `icmp_global_allow`). */
import { SECOND } from "../time/scheduler.ts";
import { hash6 } from "./address_kind6.ts";

export const RATE_SECOND: number = SECOND;
/** A peer may save up this many times the interval. */
const BURST = 6;
/** Peers remembered; the oldest gives way. */
const PEER_LIMIT = 4096;
/** All errors together (`net.ipv4.icmp_msgs_per_sec`, `icmp_msgs_burst`). */
const GLOBAL_PER_SECOND = 10000;
const GLOBAL_BURST = 50;

interface Bucket {
  tokens: number;
  last: number;
}

export class IcmpLimits6 {
  readonly #peers = new Map<number, Bucket>();
  #credit = GLOBAL_BURST;
  #last = 0;

  /** Whether one more may go to this peer, when `interval` ns must lie between two on average. */
  allowPeer(peer: Uint8Array, interval: number, now: number): boolean {
    const key = hash6(peer);
    let bucket = this.#peers.get(key);
    if (bucket === undefined) {
      if (this.#peers.size >= PEER_LIMIT) this.#peers.delete(this.#peers.keys().next().value!);
      this.#peers.set(key, bucket = { tokens: 0, last: now - 60 * SECOND });
    }
    bucket.tokens = Math.min(bucket.tokens + now - bucket.last, BURST * interval);
    bucket.last = now;
    if (bucket.tokens < interval) return false;
    bucket.tokens -= interval;
    return true;
  }

  /** Whether the host as a whole may send one more. */
  allowGlobal(now: number): boolean {
    const earned = Math.min(now - this.#last, SECOND) * GLOBAL_PER_SECOND / SECOND;
    this.#credit = Math.min(this.#credit + earned, GLOBAL_BURST);
    this.#last = now;
    if (this.#credit < 1) return false;
    this.#credit--;
    return true;
  }
}
