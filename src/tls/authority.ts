/**
 * A certificate authority for tests: its keys come from the network's seed, and its certificates (X.509 v3, RFC 5280) are Ed25519's
 * (RFC 8410), so that the same seed gives the same octets; ECDSA P-256 for browsers, which know no other.
 *
 * @module
 */
import type { Random } from "../time/random.ts";
import { concat, cryptography, type PlatformKey } from "./cryptography.ts";

/** Until when, for which names, and with what key a certificate is. */
export interface IssueOptions {
  /** When it begins to be valid: default 2020. */
  from?: Date;
  /** When it ends to be: default the end of 2049. Certificates are looked at in virtual time, which begins in 2025. */
  until?: Date;
  /** Default `ed25519`. Browsers want `ecdsa`, whose signatures are random. */
  algorithm?: "ed25519" | "ecdsa";
}

/** A certificate and its key, as PEM, as Deno's `listenTls` and `serve` take them. */
export interface Certificate {
  /** The certificate. */
  cert: string;
  /** Its private key. */
  key: string;
}

const FROM = Date.UTC(2020, 0, 1), UNTIL = Date.UTC(2049, 11, 31, 23, 59, 59);
const encoder = new TextEncoder();

// DER (X.690): what certificates are written in.

function der(tag: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const { length } = concat(...parts);
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concat(Uint8Array.of(tag, ...head), ...parts);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const set = (...parts: Uint8Array[]) => der(0x31, ...parts);
const octets = (data: Uint8Array) => der(4, data);
const bits = (data: Uint8Array) => der(3, Uint8Array.of(0), data);
const truth = () => der(1, Uint8Array.of(255));

function oid(text: string): Uint8Array<ArrayBuffer> {
  const [first, second, ...rest] = text.split(".").map(Number);
  const out = [first * 40 + second];
  for (const value of rest) {
    const groups = [value & 127];
    for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 127) | 128);
    out.push(...groups);
  }
  return der(6, Uint8Array.from(out));
}

function time(date: Date): Uint8Array<ArrayBuffer> {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050 ? der(0x17, encoder.encode(text.slice(2))) : der(0x18, encoder.encode(text));
}

const commonName = (name: string) => sequence(set(sequence(oid("2.5.4.3"), der(0x0c, encoder.encode(name)))));
const extension = (id: string, critical: boolean, value: Uint8Array) =>
  sequence(oid(id), ...(critical ? [truth()] : []), octets(value));

function pem(label: string, data: Uint8Array): string {
  const text = btoa(String.fromCharCode(...data)).match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

/** The octets of an address in a certificate; null when the name is none. */
function addressOctets(name: string): Uint8Array<ArrayBuffer> | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return Uint8Array.from(name.split("."), Number);
  if (!name.includes(":")) return null;
  const [head, tail] = name.split("::");
  const groups = (part: string | undefined) => part ? part.split(":").map((one) => Number.parseInt(one, 16)) : [];
  const before = groups(head), after = groups(tail);
  const all = [...before, ...new Array(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

const generalName = (name: string) => {
  const address = addressOctets(name);
  return address === null ? der(0x82, encoder.encode(name)) : der(0x87, address);
};

interface Key {
  readonly secret: PlatformKey;
  readonly pem: string;
  readonly spki: Uint8Array;
  readonly algorithm: "ed25519" | "ecdsa";
}

function makeKey(random: Random, algorithm: "ed25519" | "ecdsa"): Key {
  const crypto = cryptography();
  const seed = new Uint8Array(32);
  random.fill(seed);
  let pkcs8: Uint8Array;
  if (algorithm === "ed25519") {
    pkcs8 = sequence(der(2, Uint8Array.of(0)), sequence(oid("1.3.101.112")), octets(octets(seed)));
  } else {
    seed[0] &= 127; // below the order of the curve
    const pair = crypto.createECDH("prime256v1");
    pair.setPrivateKey(seed);
    const inner = sequence(der(2, Uint8Array.of(1)), octets(seed), der(0xa1, bits(pair.getPublicKey())));
    const curve = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"));
    pkcs8 = sequence(der(2, Uint8Array.of(0)), curve, octets(inner));
  }
  const secret = crypto.createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const spki = crypto.createPublicKey(secret).export({ format: "der", type: "spki" });
  return { secret, pem: pem("PRIVATE KEY", pkcs8), spki, algorithm };
}

/** A certificate authority. */
export class CertificateAuthority {
  /** Its own certificate, as PEM: what `caCerts` takes. */
  readonly cert: string;
  /** Its private key, as PEM. */
  readonly key: string;
  readonly #key: Key;
  readonly #ecdsa: () => CertificateAuthority;
  readonly #random: Random;
  readonly #name: string;
  #serial = 1;

  /** For `Network.ca` and `netns ca`. */
  constructor(random: Random, name = "netns test CA", algorithm: "ed25519" | "ecdsa" = "ed25519") {
    this.#random = random;
    this.#name = name;
    this.#key = makeKey(random, algorithm);
    this.key = this.#key.pem;
    const extensions = [
      extension("2.5.29.19", true, sequence(truth())),
      // keyCertSign, cRLSign
      extension("2.5.29.15", true, der(3, Uint8Array.of(1, 0x06))),
      extension("2.5.29.14", false, octets(this.#keyId())),
    ];
    this.cert = this.#signed(name, this.#key.spki, new Date(FROM), new Date(UNTIL), extensions);
    let other: CertificateAuthority | null = null;
    this.#ecdsa = () => other ??= new CertificateAuthority(random.split("ecdsa"), `${name} (ECDSA)`, "ecdsa");
  }

  /** The authority for ECDSA: this one, or one beside it that a browser can be told to trust. */
  get ecdsa(): CertificateAuthority {
    return this.#key.algorithm === "ecdsa" ? this : this.#ecdsa();
  }

  /**
   * A server's certificate for these names and addresses, and its key.
   *
   * @throws {TypeError} no name was given
   */
  issue(names: string[], options: IssueOptions = {}): Certificate {
    if (names.length === 0) throw new TypeError("A certificate needs at least one name");
    const algorithm = options.algorithm ?? this.#key.algorithm;
    if (algorithm === "ecdsa" && this.#key.algorithm !== "ecdsa") return this.#ecdsa().issue(names, options);
    const key = makeKey(this.#random, algorithm);
    const extensions = [
      extension("2.5.29.19", true, sequence()),
      extension("2.5.29.15", true, der(3, Uint8Array.of(7, 0x80))), // digitalSignature
      extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"))), // serverAuth
      extension("2.5.29.17", false, sequence(...names.map(generalName))),
      extension("2.5.29.35", false, sequence(der(0x80, this.#keyId()))),
    ];
    const from = options.from ?? new Date(FROM), until = options.until ?? new Date(UNTIL);
    return { cert: this.#signed(names[0], key.spki, from, until, extensions), key: key.pem };
  }

  #keyId(): Uint8Array {
    return cryptography().createHash("sha256").update(this.#key.spki).digest().subarray(0, 20);
  }

  #signed(subject: string, spki: Uint8Array, from: Date, until: Date, extensions: Uint8Array[]): string {
    const ed25519 = this.#key.algorithm === "ed25519";
    const algorithm = sequence(oid(ed25519 ? "1.3.101.112" : "1.2.840.10045.4.3.2"));
    const serial = this.#serial++;
    const body = sequence(
      der(0xa0, der(2, Uint8Array.of(2))),
      der(2, Uint8Array.of(1, serial >> 16, serial >> 8, serial)),
      algorithm,
      commonName(this.#name),
      sequence(time(from), time(until)),
      commonName(subject),
      spki,
      der(0xa3, sequence(...extensions)),
    );
    const signature = cryptography().sign(ed25519 ? null : "sha256", body, this.#key.secret);
    return pem("CERTIFICATE", sequence(body, algorithm, bits(signature)));
  }
}
