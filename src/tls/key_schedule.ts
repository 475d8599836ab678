/** The key schedule (RFC 8446, 7.1) with SHA-256. */
import { concat, cryptography } from "./cryptography.ts";

const HASH_LENGTH = 32;
const encoder = new TextEncoder();

export function sha256(...parts: Uint8Array[]): Uint8Array {
  return cryptography().createHash("sha256").update(concat(...parts)).digest();
}

export function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return cryptography().createHmac("sha256", key).update(data).digest();
}

/** HKDF-Expand-Label, for at most one block of the hash. */
export function expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const name = encoder.encode(`tls13 ${label}`);
  const info = concat(Uint8Array.of(0, length, name.length), name, Uint8Array.of(context.length), context);
  return hmac(secret, concat(info, Uint8Array.of(1))).subarray(0, length);
}

const NOTHING = new Uint8Array(0);
const ZEROS = new Uint8Array(HASH_LENGTH);

/** The secrets of a handshake, from the shared secret of the key exchange on. */
export class KeySchedule {
  readonly #handshake: Uint8Array;

  constructor(shared: Uint8Array) {
    const early = hmac(ZEROS, ZEROS);
    this.#handshake = hmac(expandLabel(early, "derived", sha256(NOTHING), HASH_LENGTH), shared);
  }

  /** The traffic secrets of the handshake; `transcript` is the hash up to ServerHello. */
  handshake(transcript: Uint8Array): { client: Uint8Array; server: Uint8Array } {
    return secrets(this.#handshake, "hs", transcript);
  }

  /** Those of the application; `transcript` is the hash up to the server's Finished. */
  application(transcript: Uint8Array): { client: Uint8Array; server: Uint8Array } {
    const derived = expandLabel(this.#handshake, "derived", sha256(NOTHING), HASH_LENGTH);
    return secrets(hmac(derived, ZEROS), "ap", transcript);
  }
}

function secrets(from: Uint8Array, phase: string, transcript: Uint8Array): { client: Uint8Array; server: Uint8Array } {
  return {
    client: expandLabel(from, `c ${phase} traffic`, transcript, HASH_LENGTH),
    server: expandLabel(from, `s ${phase} traffic`, transcript, HASH_LENGTH),
  };
}

/** What Finished has to say. */
export function finished(secret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return hmac(expandLabel(secret, "finished", NOTHING, HASH_LENGTH), transcript);
}
