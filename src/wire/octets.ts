/** Big-endian fields in octets: reading and writing judge nothing; whoever parses checks the length once before. */

export function get16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function get32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Copies `count` octets. A short part is copied octet by octet: a subarray for `set` would cost more, and would be garbage. */
export function copyOctets(from: Uint8Array, at: number, to: Uint8Array, toAt: number, count: number): void {
  if (at === 0 && count === from.length) {
    to.set(from, toAt);
    return;
  }
  if (count > 160) {
    to.set(from.subarray(at, at + count), toAt);
    return;
  }
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i];
}
