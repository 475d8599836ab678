/** Handshake messages (RFC 8446, 4): reading and writing their fields. */
import { concat } from "./cryptography.ts";
import { TlsFailure } from "./alerts.ts";

export const CLIENT_HELLO = 1,
  SERVER_HELLO = 2,
  NEW_SESSION_TICKET = 4,
  ENCRYPTED_EXTENSIONS = 8,
  CERTIFICATE = 11,
  CERTIFICATE_REQUEST = 13,
  CERTIFICATE_VERIFY = 15,
  FINISHED = 20,
  KEY_UPDATE = 24;

export const SERVER_NAME = 0,
  SUPPORTED_GROUPS = 10,
  SIGNATURE_ALGORITHMS = 13,
  ALPN = 16,
  SUPPORTED_VERSIONS = 43,
  KEY_SHARE = 51;

export const AES_128_GCM_SHA256 = 0x1301, X25519 = 0x001d, TLS13 = 0x0304;

/** ServerHello.random of a HelloRetryRequest. */
export const RETRY = Uint8Array.from(
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c".match(/../g)!,
  (pair) => Number.parseInt(pair, 16),
);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Octets behind their length in `width` octets. */
export function vector(width: 1 | 2 | 3, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = concat(...parts);
  const head = [data.length >> 16, data.length >> 8, data.length].slice(3 - width);
  return concat(Uint8Array.from(head), data);
}

export function u16(...values: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
}

export function message(type: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(type), vector(3, ...parts));
}

export function extension(type: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(u16(type), vector(2, ...parts));
}

export function alpnExtension(names: readonly string[]): Uint8Array<ArrayBuffer> {
  return extension(ALPN, vector(2, ...names.map((name) => vector(1, encoder.encode(name)))));
}

/** Reads fields one after the other; what does not fit ends the connection. */
export class Fields {
  #at = 0;

  constructor(readonly data: Uint8Array, readonly what: string) {}

  get left(): number {
    return this.data.length - this.#at;
  }

  octets(count: number): Uint8Array {
    if (count > this.left) {
      throw new TlsFailure("DecodeError", `received corrupt message of type MessageTooShort: ${this.what}`);
    }
    return this.data.subarray(this.#at, this.#at += count);
  }

  number(width: number): number {
    if (width > this.left) this.octets(width);
    let value = 0;
    for (const end = this.#at + width; this.#at < end; this.#at++) value = value * 256 + this.data[this.#at];
    return value;
  }

  vector(width: number): Fields {
    return new Fields(this.octets(this.number(width)), this.what);
  }

  rest(): Uint8Array {
    return this.octets(this.left);
  }

  numbers(): number[] {
    const list: number[] = [];
    while (this.left > 0) list.push(this.number(2));
    return list;
  }

  end(): void {
    if (this.left > 0) {
      throw new TlsFailure("DecodeError", `received corrupt message of type TrailingData("${this.what}")`);
    }
  }
}

/** Extensions by type; one that comes twice ends the connection. */
export function readExtensions(fields: Fields): Map<number, Fields> {
  const found = new Map<number, Fields>();
  const list = fields.vector(2);
  while (list.left > 0) {
    const type = list.number(2);
    if (found.has(type)) throw new TlsFailure("IllegalParameter", "peer sent duplicate extensions");
    found.set(type, list.vector(2));
  }
  return found;
}

/** The names of an ALPN extension. */
export function readAlpn(fields: Fields | undefined): string[] | null {
  if (fields === undefined) return null;
  const names: string[] = [];
  const list = fields.vector(2);
  while (list.left > 0) names.push(decoder.decode(list.vector(1).rest()));
  return names;
}

/** The other side's X25519 share in a list of shares; undefined when there is none. */
export function findShare(list: Fields | undefined): Uint8Array | undefined {
  while (list !== undefined && list.left > 0) {
    const group = list.number(2);
    const share = list.vector(2).rest();
    if (group === X25519 && share.length === 32) return share;
  }
  return undefined;
}

/** What CertificateVerify signs (RFC 8446, 4.4.3). */
export function signedContent(transcript: Uint8Array): Uint8Array {
  return concat(new Uint8Array(64).fill(32), encoder.encode("TLS 1.3, server CertificateVerify\0"), transcript);
}
