/** The record layer (RFC 8446, 5): TLS_AES_128_GCM_SHA256 over a byte stream. */
import { corrupt, TlsFailure } from "./alerts.ts";
import { concat, cryptography } from "./cryptography.ts";
import type { DuplexStream } from "./duplex.ts";
import { expandLabel } from "./key_schedule.ts";

export const CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23;

/** Octets that one record carries at most, in the clear. */
export const RECORD_LIMIT = 16384;
/** What a protected record may be longer. */
const EXPANSION = 256;
const TAG = 16;
/** Octets that a read of the stream may bring. */
const CHUNK = 32768;

/** The protection of one direction. */
export class Protection {
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;
  #sequence = 0;

  constructor(readonly secret: Uint8Array) {
    this.#key = expandLabel(secret, "key", EMPTY, 16);
    this.#iv = expandLabel(secret, "iv", EMPTY, 12);
  }

  /** The next secret of the same direction (RFC 8446, 7.2). */
  next(): Protection {
    return new Protection(expandLabel(this.secret, "traffic upd", EMPTY, 32));
  }

  #nonce(): Uint8Array {
    const nonce = Uint8Array.from(this.#iv); // a Buffer's slice() would not copy
    for (let i = 0, rest = this.#sequence++; rest > 0; i++, rest = Math.floor(rest / 256)) nonce[11 - i] ^= rest % 256;
    return nonce;
  }

  seal(type: number, data: Uint8Array): Uint8Array {
    const head = Uint8Array.of(APPLICATION_DATA, 3, 3, (data.length + 1 + TAG) >> 8, data.length + 1 + TAG);
    const cipher = cryptography().createCipheriv("aes-128-gcm", this.#key, this.#nonce());
    cipher.setAAD(head);
    const sealed = cipher.update(concat(data, Uint8Array.of(type)));
    cipher.final();
    return concat(head, sealed, cipher.getAuthTag());
  }

  /** The inner record. */
  open(head: Uint8Array, sealed: Uint8Array): TlsRecord {
    if (sealed.length < TAG + 1) throw new TlsFailure("BadRecordMac", "cannot decrypt peer's message");
    const decipher = cryptography().createDecipheriv("aes-128-gcm", this.#key, this.#nonce());
    decipher.setAAD(head);
    decipher.setAuthTag(sealed.subarray(-TAG));
    let data: Uint8Array;
    try {
      data = decipher.update(sealed.subarray(0, -TAG));
      decipher.final();
    } catch {
      throw new TlsFailure("BadRecordMac", "cannot decrypt peer's message");
    }
    let end = data.length;
    while (end > 0 && data[end - 1] === 0) end--;
    if (end === 0) throw new TlsFailure("UnexpectedMessage", "peer sent no inner content type");
    if (end - 1 > RECORD_LIMIT) throw new TlsFailure("RecordOverflow", "peer sent excess record size");
    return { type: data[end - 1], data: data.subarray(0, end - 1) };
  }
}

const EMPTY = new Uint8Array(0);

export interface TlsRecord {
  readonly type: number;
  readonly data: Uint8Array;
}

export class Records {
  reading: Protection | null = null;
  writing: Protection | null = null;
  #buffer = new Uint8Array(0);
  #first = true;

  constructor(readonly stream: DuplexStream) {}

  async #have(count: number): Promise<boolean> {
    while (this.#buffer.length < count) {
      const piece = new Uint8Array(CHUNK);
      const read = await this.stream.read(piece);
      if (read === null) return false;
      this.#buffer = this.#buffer.length === 0
        ? piece.subarray(0, read)
        : concat(this.#buffer, piece.subarray(0, read));
    }
    return true;
  }

  /** The next record; null at the end of the stream. */
  async read(): Promise<TlsRecord | null> {
    if (!await this.#have(5)) return null;
    const head = this.#buffer.subarray(0, 5);
    const [type, major] = head;
    if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) throw corrupt("InvalidContentType");
    if (major !== 3) throw corrupt("UnknownProtocolVersion");
    const length = (head[3] << 8) | head[4];
    if (length > RECORD_LIMIT + (this.reading === null ? 0 : EXPANSION)) {
      throw corrupt("MessageTooLarge", this.#first ? "DecodeError" : "RecordOverflow");
    }
    if (length === 0 && type !== APPLICATION_DATA) throw corrupt("InvalidEmptyPayload");
    if (!await this.#have(5 + length)) return null;
    this.#first = false;
    const record = this.#buffer.subarray(0, 5 + length);
    this.#buffer = this.#buffer.subarray(5 + length);
    if (this.reading === null || type === CHANGE_CIPHER_SPEC) return { type, data: record.slice(5) };
    // An alert of a side that could not make out our keys is in the clear.
    if (type === ALERT && length === 2) return { type, data: record.slice(5) };
    if (type !== APPLICATION_DATA) throw new TlsFailure("UnexpectedMessage", "received unexpected message");
    return this.reading.open(record.subarray(0, 5), record.subarray(5));
  }

  /** A record as it goes out; `data` is not longer than `RECORD_LIMIT`. */
  encode(type: number, data: Uint8Array): Uint8Array {
    if (this.writing !== null) return this.writing.seal(type, data);
    return concat(Uint8Array.of(type, 3, 3, data.length >> 8, data.length), data);
  }

  async write(octets: Uint8Array): Promise<void> {
    let sent = await this.stream.write(octets);
    while (sent < octets.length) sent += await this.stream.write(octets.subarray(sent));
  }
}
