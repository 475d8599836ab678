/** SHA-256 (FIPS 180-4), and `sha256sum`. */
import { get32, put32 } from "../wire/octets.ts";
import { OptionParser } from "./getopt.ts";
import { openOperand, readAll, tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
function constants(): { k: Uint32Array; start: Uint32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 4294967296);
  return {
    k: Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    start: Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  };
}

const { k: K, start: START } = constants();
const W = new Uint32Array(64);

function rotate(word: number, count: number): number {
  return (word >>> count) | (word << (32 - count));
}

function block(state: Uint32Array, data: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) W[i] = get32(data, at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** The digest, 32 octets. */
export function sha256(data: Uint8Array): Uint8Array {
  const state = START.slice();
  const whole = data.length - data.length % 64;
  for (let at = 0; at < whole; at += 64) block(state, data, at);
  const rest = data.subarray(whole);
  const last = new Uint8Array(rest.length < 56 ? 64 : 128);
  last.set(rest);
  last[rest.length] = 0x80;
  put32(last, last.length - 8, Math.floor(data.length / 0x20000000));
  put32(last, last.length - 4, (data.length << 3) >>> 0);
  for (let at = 0; at < last.length; at += 64) block(state, last, at);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 8; i++) put32(digest, 4 * i, state[i]);
  return digest;
}

export async function sha256sum(process: Process): Promise<number> {
  const options = new OptionParser("sha256sum", process.args, "bt", tryHelp(process), [{
    name: "binary",
    option: "b",
  }]);
  for (let one = options.next(); one !== null; one = options.next()) if (one.option === "?") return 1;
  let status = 0;
  for (const operand of options.operands.length > 0 ? options.operands : ["-"]) {
    const input = openOperand(process, operand);
    if (input === null) {
      status = 1;
      continue;
    }
    const digest = sha256(await readAll(input));
    const hex = Array.from(digest, (octet) => octet.toString(16).padStart(2, "0")).join("");
    process.stdout.write(`${hex}  ${operand}\n`);
  }
  return status;
}
