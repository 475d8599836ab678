/**
 * Seeded random numbers: sfc32 (Doty-Humphrey's small fast counting generator, 128 bits of state), seeded from
 * an FNV-1a hash of a label. `split(label)` gives an independent generator that depends only on the seed and the
 * labels, so a new consumer does not disturb the others.
 *
 * @module
 */

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(readonly seed: number | string) {
    let hash = 0x811c9dc5;
    const text = String(seed);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#a = hash | 0;
    this.#b = Math.imul(hash ^ 0x9e3779b9, 0x85ebca6b) | 0;
    this.#c = Math.imul(hash ^ 0x7f4a7c15, 0xc2b2ae35) | 0;
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** An independent generator for the consumer `label`. */
  split(label: string): Random {
    return new Random(`${this.seed}/${label}`);
  }

  /** A uniform integer in [0, 2³²). */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result | 0;
    return result >>> 0;
  }

  /** A uniform number in [0, 1) with 32 bits. */
  float(): number {
    return this.uint32() / 4294967296;
  }

  /** A uniform integer in [0, bound), bound ≤ 2³². */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.uint32();
  }
}
