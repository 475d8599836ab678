/** What TLS takes of the platform: Node's crypto module of Deno or Node, whose functions used here are all synchronous. */
import { type Octets, requiredModule } from "./platform.ts";

interface Hash {
  update(data: Uint8Array | string): Hash;
  digest(): Octets;
}

interface Cipher {
  setAAD(data: Uint8Array): void;
  setAuthTag(tag: Uint8Array): void;
  getAuthTag(): Octets;
  update(data: Uint8Array): Octets;
  final(): Octets;
}

/** A key that the platform holds. */
export interface PlatformKey {
  readonly asymmetricKeyType: string;
  readonly asymmetricKeyDetails?: { namedCurve?: string };
  export(options: { format: "der"; type: "spki" | "pkcs8" }): Octets;
}

/** A certificate that the platform has parsed. */
export interface PlatformCertificate {
  readonly raw: Octets;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly subjectAltName: string | undefined;
  readonly validFrom: string;
  readonly validTo: string;
  readonly publicKey: PlatformKey;
  readonly ca: boolean;
  checkIssued(issuer: PlatformCertificate): boolean;
  verify(key: PlatformKey): boolean;
}

interface SigningKey {
  key: PlatformKey;
  padding?: number;
  saltLength?: number;
}

/** What this project uses of Node's crypto module. */
export interface CryptoModule {
  readonly constants: { readonly RSA_PKCS1_PSS_PADDING: number };
  X509Certificate: new (data: Uint8Array | string) => PlatformCertificate;
  createHash(name: string): Hash;
  createHmac(name: string, key: Uint8Array): Hash;
  createCipheriv(name: string, key: Uint8Array, nonce: Uint8Array): Cipher;
  createDecipheriv(name: string, key: Uint8Array, nonce: Uint8Array): Cipher;
  createPrivateKey(key: string | { key: Uint8Array; format: "der"; type: "pkcs8" }): PlatformKey;
  createPublicKey(key: PlatformKey | { key: Uint8Array; format: "der"; type: "spki" }): PlatformKey;
  createECDH(curve: string): { setPrivateKey(secret: Uint8Array): void; getPublicKey(): Octets };
  diffieHellman(keys: { privateKey: PlatformKey; publicKey: PlatformKey }): Octets;
  sign(algorithm: string | null, data: Uint8Array, key: SigningKey | PlatformKey): Octets;
  verify(algorithm: string | null, data: Uint8Array, key: SigningKey | PlatformKey, signature: Uint8Array): boolean;
}

/** Node's crypto module. Throws NotSupported in a browser. */
export function cryptography(): CryptoModule {
  return requiredModule<CryptoModule>("crypto", "TLS");
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** X25519 (RFC 7748) with a secret that is given. */
export class KeyExchange {
  readonly share: Octets;
  readonly #key: PlatformKey;

  constructor(secret: Uint8Array) {
    const crypto = cryptography();
    this.#key = crypto.createPrivateKey({ key: concat(PKCS8_X25519, secret), format: "der", type: "pkcs8" });
    this.share = crypto.createPublicKey(this.#key).export({ format: "der", type: "spki" }).slice(-32);
  }

  /** The shared secret; null when the other share is a point that gives none. */
  shared(share: Uint8Array): Uint8Array | null {
    const crypto = cryptography();
    try {
      const publicKey = crypto.createPublicKey({ key: concat(SPKI_X25519, share), format: "der", type: "spki" });
      const secret = crypto.diffieHellman({ privateKey: this.#key, publicKey });
      return secret.some((octet) => octet !== 0) ? secret : null;
    } catch {
      return null;
    }
  }
}

/** RFC 8410: what stands before the 32 octets of a key. */
const PKCS8_X25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const SPKI_X25519 = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0);
