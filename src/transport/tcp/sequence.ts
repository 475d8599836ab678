/**
 * Sequence numbers (RFC 9293 section 3.4): arithmetic modulo 2³². They are kept as signed 32-bit integers, so that a machine
 * word holds them; `>>> 0` shows one as the wire does.
 *
 * @module
 */

/** Whether `a` comes before `b`. */
export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** Whether `a` comes after `b`. */
export function after(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}

/** Whether `at` lies in [low, high]. */
export function between(at: number, low: number, high: number): boolean {
  return ((high - low) >>> 0) >= ((at - low) >>> 0);
}

/** How far `a` is beyond `b`; negative when it is before. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}
