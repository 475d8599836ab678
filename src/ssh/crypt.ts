/** Passwords as `/etc/shadow` has them: SHA-512 crypt (U. Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6). */
import { cryptography } from "./keys.ts";
import { concat, encoder } from "./wire.ts";

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ROUNDS = 5000;

function sha512(...parts: Uint8Array[]): Uint8Array {
  return cryptography().createHash("sha512").update(concat(parts)).digest();
}

/** `length` octets of `block` over and over. */
function repeated(block: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => block[i % block.length]);
}

function encode(digest: Uint8Array): string {
  let text = "";
  const group = (a: number, b: number, c: number, count: number) => {
    for (let value = (a << 16) | (b << 8) | c; count > 0; count--, value >>>= 6) text += ALPHABET[value & 63];
  };
  let [a, b, c] = [0, 21, 42];
  for (let i = 0; i < 21; i++) {
    group(digest[a], digest[b], digest[c], 4);
    [a, b, c] = [b + 1, c + 1, a + 1];
  }
  group(0, 0, digest[63], 2);
  return text;
}

/** The hash of a password with the salt and rounds of `settings` (`$6$SALT$…`, `$6$rounds=N$SALT$…`). */
export function sha512Crypt(password: string, settings: string): string {
  const match = /^\$6\$(rounds=(\d+)\$)?([^$]{0,16})/.exec(settings)!;
  const rounds = Math.min(999_999, Math.max(1000, Number(match[2] ?? ROUNDS)));
  const key = encoder.encode(password), salt = encoder.encode(match[3]);
  const b = sha512(key, salt, key);
  const first: Uint8Array[] = [key, salt, repeated(b, key.length)];
  for (let bits = key.length; bits > 0; bits >>>= 1) first.push(bits & 1 ? b : key);
  let digest = sha512(...first);
  const p = repeated(sha512(repeated(key, key.length * key.length)), key.length);
  const s = repeated(sha512(repeated(salt, salt.length * (16 + digest[0]))), salt.length);
  for (let round = 0; round < rounds; round++) {
    const parts = [round & 1 ? p : digest];
    if (round % 3) parts.push(s);
    if (round % 7) parts.push(p);
    parts.push(round & 1 ? digest : p);
    digest = sha512(...parts);
  }
  return `$6$${match[1] ?? ""}${match[3]}$${encode(digest)}`;
}
