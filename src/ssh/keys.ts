/**
 * Ed25519 keys (RFC 8709) made from a network's seed, in OpenSSH's file format (PROTOCOL.key), and fingerprints.
 *
 * @module
 */
import type { Random } from "../time/random.ts";
import { type Octets, requiredModule } from "../tls/platform.ts";
import { base64, concat, encoder, firstString, string, uint32 } from "./wire.ts";

/** What this folder uses of `node:crypto`. */
export interface CryptoModule {
  createHash(name: string): Hash;
  createHmac(name: string, key: Uint8Array): Hash;
  createPrivateKey(options: { key: Uint8Array; format: "der"; type: "pkcs8" }): object;
  createPublicKey(key: object): { export(options: { format: "der"; type: "spki" }): Octets };
}

interface Hash {
  update(data: Uint8Array | string): Hash;
  digest(): Octets;
}

/** `node:crypto`. */
export function cryptography(): CryptoModule {
  return requiredModule<CryptoModule>("crypto", "SSH");
}

export const ED25519 = "ssh-ed25519";

/** PKCS #8 of an Ed25519 key up to its 32 octets (RFC 8410, 7). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

export interface KeyFiles {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----…` */
  readonly privateText: string;
  /** `ssh-ed25519 AAAA… COMMENT`, with the end of line. */
  readonly publicText: string;
  /** As it goes over the wire. */
  readonly blob: Uint8Array<ArrayBuffer>;
}

/** A new key: the same random source gives the same key. */
export function makeEd25519(random: Random, comment: string): KeyFiles {
  const secret = new Uint8Array(32);
  random.fill(secret);
  const crypto = cryptography();
  const key = crypto.createPrivateKey({
    key: concat([Uint8Array.from(PKCS8_HEAD), secret]),
    format: "der",
    type: "pkcs8",
  });
  const open = Uint8Array.from(crypto.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32));
  const blob = concat([string(ED25519), string(open)]);
  const check = uint32(random.uint32());
  const fields = [check, check, string(ED25519), string(open), string(concat([secret, open])), string(comment)];
  const length = fields.reduce((sum, field) => sum + field.length, 0);
  const padding = Uint8Array.from({ length: (8 - length % 8) % 8 }, (_, i) => i + 1);
  const head = [
    encoder.encode("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    uint32(1),
    string(blob),
  ];
  const whole = base64(concat([...head, string(concat([...fields, padding]))]));
  const lines = whole.match(/.{1,70}/g)!.join("\n");
  return {
    privateText: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicText: `${ED25519} ${base64(blob)} ${comment}\n`,
    blob,
  };
}

/** `SHA256:…`, as OpenSSH shows a public key. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${base64(cryptography().createHash("sha256").update(blob).digest()).replace(/=+$/, "")}`;
}

/** `ED25519`: the kind of a public key in OpenSSH's sentences. */
export function keyKind(blob: Uint8Array): string {
  const type = firstString(blob);
  return type.startsWith("ecdsa-") ? "ECDSA" : type.replace(/^(ssh|rsa)-/, "").replace(/-.*$/, "").toUpperCase();
}
