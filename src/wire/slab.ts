/**
 * Small arrays cut from larger blocks: an array of 16 octets with a buffer of its own costs 200 octets and more, a window on a
 * shared one half of that. For what lives long and is kept by the hundred thousand: addresses, the first nodes of routing tables.
 *
 * @module
 */

/** Octets of a block. */
const BLOCK = 32768;

let block = new ArrayBuffer(0);
let used = 0;

function cut(length: number): number {
  const at = used;
  if (at + length <= block.byteLength) {
    used = (at + length + 3) & ~3;
    return at;
  }
  block = new ArrayBuffer(BLOCK);
  used = (length + 3) & ~3;
  return 0;
}

/** So many octets (at most 1,024), zeroed. */
export function smallBytes(length: number): Uint8Array<ArrayBuffer> {
  const at = cut(length);
  return new Uint8Array(block, at, length);
}

/** A copy of a short array. */
export function smallCopy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = smallBytes(bytes.length);
  copy.set(bytes);
  return copy;
}

/** So many 32-bit words (at most 256), zeroed. */
export function smallWords(length: number): Int32Array<ArrayBuffer> {
  const at = cut(4 * length);
  return new Int32Array(block, at, length);
}
