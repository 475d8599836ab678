/** What the table of connections holds: connections, requests of half-open ones, and TIME-WAIT (Linux's `sock_common`). */
import type { IpAddress } from "../../ip/host.ts";
import { equal6 } from "../../wire/ipv6.ts";
import { get32 } from "../../wire/octets.ts";

export const CONNECTION = 0;
export const REQUEST = 1;
export const TIME_WAITER = 2;
/** A socket that is bound, and perhaps listens. */
export const BINDING = 3;

export abstract class Endpoint {
  abstract readonly kind: number;
  /** One of states.ts. */
  state = 0;
  /** Of the packets on the wire: a mapped address makes it 4. */
  version: 4 | 6 = 4;
  local: IpAddress = 0;
  remote: IpAddress = 0;
  localPort = 0;
  remotePort = 0;
  /** 32 bits of each address, and both ports: what is compared first. */
  localKey = 0;
  remoteKey = 0;
  portsKey = 0;
  hash = 0;
  hashNext: Endpoint | null = null;
  /** Index of the interface that it is bound to, or 0. */
  boundIndex = 0;
  /** SO_REUSEADDR and SO_REUSEPORT when it was bound; `v6Only` matters for the any address. */
  reuseAddress = false;
  reusePort = false;
  v6Only = false;
  /** Links of those that hold one local port (`inet_bind_bucket`). */
  bindNext: Endpoint | null = null;
  bindPrevious: Endpoint | null = null;
  bound = false;
}

/** 32 bits that stand for an address; equal addresses have equal keys. */
export function addressKey(address: IpAddress): number {
  return typeof address === "number" ? address | 0 : addressKey6(address, 0);
}

export function addressKey6(bytes: Uint8Array, at: number): number {
  return (Math.imul(get32(bytes, at) ^ get32(bytes, at + 4), 0x9e3779b1) ^
    Math.imul(get32(bytes, at + 8), 0x85ebca6b) ^ get32(bytes, at + 12)) | 0;
}

export function hashKeys(localKey: number, remoteKey: number, portsKey: number): number {
  let hash = Math.imul(localKey ^ Math.imul(remoteKey, 0x85ebca6b), 0x9e3779b1) ^ Math.imul(portsKey, 0xc2b2ae35);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) | 0;
}

/** Sets the keys from addresses and ports. */
export function setKeys(endpoint: Endpoint): void {
  endpoint.localKey = addressKey(endpoint.local);
  endpoint.remoteKey = addressKey(endpoint.remote);
  endpoint.portsKey = (endpoint.localPort << 16) | endpoint.remotePort;
  endpoint.hash = hashKeys(endpoint.localKey, endpoint.remoteKey, endpoint.portsKey);
}

/** A table of endpoints by their four-tuple, chained through the endpoints; grows and shrinks by halves (`inet_hashinfo`). */
export class EndpointTable {
  #buckets: (Endpoint | null)[] = [null, null, null, null];
  #mask = 3;
  size = 0;

  insert(endpoint: Endpoint): void {
    if (this.size > this.#buckets.length) this.#resize(this.#buckets.length * 4);
    const at = endpoint.hash & this.#mask;
    endpoint.hashNext = this.#buckets[at];
    this.#buckets[at] = endpoint;
    this.size++;
  }

  remove(endpoint: Endpoint): boolean {
    const at = endpoint.hash & this.#mask;
    let previous: Endpoint | null = null;
    for (let entry = this.#buckets[at]; entry !== null; previous = entry, entry = entry.hashNext) {
      if (entry !== endpoint) continue;
      if (previous === null) this.#buckets[at] = entry.hashNext;
      else previous.hashNext = entry.hashNext;
      entry.hashNext = null;
      this.size--;
      if (this.size * 16 < this.#buckets.length) this.#resize(this.#buckets.length / 4);
      return true;
    }
    return false;
  }

  /** The IPv4 endpoint of a received packet; `device` is the index of the interface that it came in on. */
  find4(local: number, remote: number, ports: number, device: number): Endpoint | null {
    let entry = this.#buckets[hashKeys(local, remote, ports) & this.#mask];
    for (; entry !== null; entry = entry.hashNext) {
      if (
        entry.portsKey === ports && entry.remoteKey === remote && entry.localKey === local && entry.version === 4 &&
        (entry.boundIndex === 0 || entry.boundIndex === device)
      ) return entry;
    }
    return null;
  }

  /** The IPv6 endpoint of a packet whose addresses stand at these offsets. */
  find6(bytes: Uint8Array, local: number, remote: number, ports: number, device: number): Endpoint | null {
    const localKey = addressKey6(bytes, local), remoteKey = addressKey6(bytes, remote);
    let entry = this.#buckets[hashKeys(localKey, remoteKey, ports) & this.#mask];
    for (; entry !== null; entry = entry.hashNext) {
      if (
        entry.portsKey === ports && entry.remoteKey === remoteKey && entry.localKey === localKey &&
        entry.version === 6 && (entry.boundIndex === 0 || entry.boundIndex === device) &&
        equal6(entry.remote as Uint8Array, bytes, 0, remote) && equal6(entry.local as Uint8Array, bytes, 0, local)
      ) return entry;
    }
    return null;
  }

  /** The endpoint of these addresses and ports, whatever device it is bound to. */
  find(local: IpAddress, remote: IpAddress, ports: number): Endpoint | null {
    const localKey = addressKey(local), remoteKey = addressKey(remote);
    let entry = this.#buckets[hashKeys(localKey, remoteKey, ports) & this.#mask];
    for (; entry !== null; entry = entry.hashNext) {
      if (
        entry.portsKey === ports && entry.remoteKey === remoteKey && entry.localKey === localKey &&
        sameAddress(entry.local, local) && sameAddress(entry.remote, remote)
      ) return entry;
    }
    return null;
  }

  /** All, in the order of the buckets. */
  *[Symbol.iterator](): IterableIterator<Endpoint> {
    for (const first of this.#buckets) {
      for (let entry = first; entry !== null; entry = entry.hashNext) yield entry;
    }
  }

  #resize(length: number): void {
    if (length < 4) return;
    const old = this.#buckets;
    this.#buckets = new Array<Endpoint | null>(length).fill(null);
    this.#mask = length - 1;
    for (const first of old) {
      for (let entry = first; entry !== null;) {
        const next: Endpoint | null = entry.hashNext;
        const at = entry.hash & this.#mask;
        entry.hashNext = this.#buckets[at];
        this.#buckets[at] = entry;
        entry = next;
      }
    }
  }
}

export function sameAddress(a: IpAddress, b: IpAddress): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return equal6(a, b);
}
