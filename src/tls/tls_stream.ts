/**
 * TLS 1.3 (RFC 8446) over a byte stream, both sides: X25519, AES-128-GCM, Ed25519, ECDSA and RSA-PSS certificates, ALPN.
 *
 * Only the ciphers are the platform's. Its own TLS would take chance and the date from the real world, and keeps the alerts to
 * itself: here the same seed gives the same octets, certificates end in virtual time, and each side learns what the other objects to.
 *
 * @module
 */
import { errors } from "../socket/errors.ts";
import type { Random } from "../time/random.ts";
import { ALERTS, corrupt, receivedAlert, TlsFailure, unexpectedEof } from "./alerts.ts";
import { checkChain, type Identity, schemeOf, sign, SIGNATURE_SCHEMES, signatureIsRight } from "./certificates.ts";
import { concat, cryptography, KeyExchange, type PlatformCertificate } from "./cryptography.ts";
import type { DuplexStream } from "./duplex.ts";
import { finished, KeySchedule, sha256 } from "./key_schedule.ts";
import * as m from "./messages.ts";
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  Protection,
  RECORD_LIMIT,
  Records,
} from "./records.ts";

/** As Deno's `TlsHandshakeInfo`. */
export interface TlsHandshakeInfo {
  /** The protocol that both sides speak; null when none was agreed upon. */
  alpnProtocol: string | null;
}

interface Common {
  readonly random: Random;
  readonly alpnProtocols?: readonly string[];
}

export interface ClientSettings extends Common {
  /** The name that the server's certificate must have. */
  readonly name: string;
  readonly trusted: readonly PlatformCertificate[];
  /** Virtual ms since 1970. */
  now(): number;
  /** Take any certificate. */
  readonly insecure?: boolean;
  /** Take a certificate for another name. */
  readonly anyName?: boolean;
}

export interface ServerSettings extends Common {
  readonly identity: Identity;
}

/** Octets of handshake messages that are waited for at most. */
const HANDSHAKE_LIMIT = 1 << 17;

/** A side of a TLS connection. The handshake begins at once. */
export class TlsStream implements DuplexStream {
  readonly #records: Records;
  readonly #handshake: Promise<TlsHandshakeInfo>;
  #transcript: Uint8Array = new Uint8Array(0);
  #messages: Uint8Array = new Uint8Array(0);
  /** Application data that was received and not read. */
  #data: Uint8Array = new Uint8Array(0);
  #failure: Error | null = null;
  #peer: readonly PlatformCertificate[] = [];
  #ended = false;
  #closedWrite = false;
  #done = false;
  /** Records that are being written. */
  #pending = 0;
  #writes: Promise<unknown> = Promise.resolve();
  #reads: Promise<unknown> = Promise.resolve();

  private constructor(stream: DuplexStream, handshake: (self: TlsStream) => Promise<TlsHandshakeInfo>) {
    this.#records = new Records(stream);
    this.#handshake = this.#guarded(() => handshake(this)).then((info) => {
      this.#done = true;
      return info;
    });
    // Who waits for it is told; nobody needs to.
    this.#handshake.catch(() => {});
  }

  static client(stream: DuplexStream, settings: ClientSettings): TlsStream {
    return new TlsStream(stream, (self) => self.#clientHandshake(settings));
  }

  static server(stream: DuplexStream, settings: ServerSettings): TlsStream {
    return new TlsStream(stream, (self) => self.#serverHandshake(settings));
  }

  /** What the server has shown, its own certificate first; empty until it has. */
  get peer(): readonly PlatformCertificate[] {
    return this.#peer;
  }

  /** Settles when the connection is ready for data. */
  handshake(): Promise<TlsHandshakeInfo> {
    return this.#handshake;
  }

  async read(into: Uint8Array): Promise<number | null> {
    await this.#handshake;
    const mine = this.#reads.then(() => this.#guarded(() => this.#read(into)));
    this.#reads = mine.catch(() => {});
    return await mine;
  }

  async write(data: Uint8Array): Promise<number> {
    await this.#handshake;
    if (this.#failure !== null) throw this.#failure;
    if (this.#closedWrite) throw new errors.BrokenPipe("Broken pipe (os error 32)");
    const part = data.slice(0, RECORD_LIMIT);
    await this.#send(APPLICATION_DATA, part);
    return part.length;
  }

  /** Says goodbye (close_notify) and ends the stream beneath on this side. */
  async closeWrite(): Promise<void> {
    await this.#handshake;
    await this.#sayGoodbye();
    await this.#records.stream.closeWrite();
  }

  close(): void {
    const { stream } = this.#records;
    if (this.#done && !this.#closedWrite && this.#failure === null && this.#pending === 0) {
      this.#closedWrite = true;
      // It is in the send buffer before the stream is closed.
      this.#records.write(this.#records.encode(ALERT, Uint8Array.of(1, ALERTS.CloseNotify))).catch(() => {});
    }
    stream.close();
  }

  async #sayGoodbye(): Promise<void> {
    if (this.#closedWrite) return;
    const goodbye = this.#send(ALERT, Uint8Array.of(1, ALERTS.CloseNotify));
    this.#closedWrite = true;
    await goodbye;
  }

  /** Records leave in the order of the calls. */
  #send(type: number, data: Uint8Array): Promise<void> {
    const octets = this.#records.encode(type, data);
    const mine = this.#pending++ === 0
      ? this.#records.write(octets)
      : this.#writes.then(() => this.#records.write(octets));
    const over = () => {
      this.#pending--;
    };
    this.#writes = mine.then(over, over);
    return mine;
  }

  /** Whatever goes wrong ends the connection: the other side is told by an alert. */
  async #guarded<T>(body: () => Promise<T>): Promise<T> {
    if (this.#failure !== null) throw this.#failure;
    try {
      return await body();
    } catch (error) {
      if (error instanceof TlsFailure) {
        this.#failure = error.toDeno();
        await this.#send(ALERT, Uint8Array.of(2, ALERTS[error.alert])).catch(() => {});
      } else this.#failure = error as Error;
      throw this.#failure;
    }
  }

  async #read(into: Uint8Array): Promise<number | null> {
    while (this.#data.length === 0) {
      if (this.#ended) return null;
      const record = await this.#records.read();
      if (record === null) {
        throw new errors.UnexpectedEof(
          "peer closed connection without sending TLS close_notify: https://docs.rs/rustls/latest/rustls/manual/_03_howto/index.html#unexpected-eof",
        );
      }
      if (record.type === APPLICATION_DATA) this.#data = record.data;
      else if (record.type === ALERT) this.#alert(record.data);
      else if (record.type === HANDSHAKE) await this.#afterHandshake(record.data);
      else {throw new TlsFailure(
          "UnexpectedMessage",
          "received unexpected message: got ChangeCipherSpec when expecting ApplicationData",
        );}
    }
    const count = Math.min(into.length, this.#data.length);
    into.set(this.#data.subarray(0, count));
    this.#data = this.#data.subarray(count);
    return count;
  }

  #alert(data: Uint8Array): void {
    if (data.length !== 2) throw corrupt("MessageTooShort");
    if (data[1] === ALERTS.CloseNotify) this.#ended = true;
    else if (data[1] !== ALERTS.UserCanceled) throw receivedAlert(data[1]);
  }

  /** Tickets are not used; keys may be changed. */
  async #afterHandshake(data: Uint8Array): Promise<void> {
    this.#messages = concat(this.#messages, data);
    for (let one = this.#takeMessage(); one !== null; one = this.#takeMessage()) {
      if (one[0] === m.NEW_SESSION_TICKET) continue;
      if (one[0] !== m.KEY_UPDATE || one.length !== 5 || one[4] > 1) {
        throw new TlsFailure("UnexpectedMessage", "received unexpected handshake message");
      }
      this.#records.reading = this.#records.reading!.next();
      if (one[4] === 0) continue;
      const sent = this.#send(HANDSHAKE, m.message(m.KEY_UPDATE, Uint8Array.of(0)));
      this.#records.writing = this.#records.writing!.next();
      await sent;
    }
  }

  /** A whole message out of what has come; null when it is not there yet. */
  #takeMessage(): Uint8Array | null {
    const data = this.#messages;
    if (data.length < 4) return null;
    const length = 4 + ((data[1] << 16) | (data[2] << 8) | data[3]);
    if (length > HANDSHAKE_LIMIT) throw corrupt("HandshakePayloadTooLarge");
    if (data.length < length) return null;
    this.#messages = data.subarray(length);
    return data.subarray(0, length);
  }

  /** The next message of the handshake, which must be of this type. */
  async #expect(type: number, what: string): Promise<m.Fields> {
    for (;;) {
      const one = this.#takeMessage();
      if (one !== null) {
        if (one[0] !== type) {
          throw new TlsFailure(
            "UnexpectedMessage",
            `received unexpected handshake message: got ${one[0]} when expecting ${what}`,
          );
        }
        this.#note(one);
        return new m.Fields(one.subarray(4), what);
      }
      const record = await this.#records.read();
      if (record === null) throw unexpectedEof();
      if (record.type === CHANGE_CIPHER_SPEC && record.data.length === 1 && record.data[0] === 1) continue;
      if (record.type === ALERT) {
        this.#alert(record.data);
        if (this.#ended) throw unexpectedEof();
        continue;
      }
      if (record.type !== HANDSHAKE) {
        throw new TlsFailure(
          "UnexpectedMessage",
          `received unexpected message: got record ${record.type} when expecting ${what}`,
        );
      }
      this.#messages = concat(this.#messages, record.data);
    }
  }

  #note(message: Uint8Array): void {
    this.#transcript = concat(this.#transcript, message);
  }

  get #hash(): Uint8Array {
    return sha256(this.#transcript);
  }

  /** Keys may only change between records. */
  #checkBoundary(): void {
    if (this.#messages.length > 0) {
      throw new TlsFailure("UnexpectedMessage", "key epoch or handshake flight with pending fragment");
    }
  }

  async #clientHandshake(settings: ClientSettings): Promise<TlsHandshakeInfo> {
    const records = this.#records;
    const exchange = new KeyExchange(octetsOf(settings.random));
    const hello = clientHello(settings, exchange);
    this.#note(hello);
    await this.#send(HANDSHAKE, hello);

    const share = readServerHello(await this.#expect(m.SERVER_HELLO, "ServerHello"));
    this.#checkBoundary();
    const shared = exchange.shared(share);
    if (shared === null) throw new TlsFailure("IllegalParameter", "peer sent an invalid key share");
    const schedule = new KeySchedule(shared);
    const handshake = schedule.handshake(this.#hash);
    records.reading = new Protection(handshake.server);
    records.writing = new Protection(handshake.client);

    const alpn = m.readAlpn(
      m.readExtensions(await this.#expect(m.ENCRYPTED_EXTENSIONS, "EncryptedExtensions")).get(m.ALPN),
    );
    if (alpn !== null && (alpn.length !== 1 || !settings.alpnProtocols?.includes(alpn[0]))) {
      throw new TlsFailure("IllegalParameter", "peer selected an application protocol that was not offered");
    }
    const chain = this.#peer = readCertificates(await this.#expect(m.CERTIFICATE, "Certificate"));
    const signed = this.#hash;
    const verify = await this.#expect(m.CERTIFICATE_VERIFY, "CertificateVerify");
    if (settings.insecure !== true) {
      checkChain(chain, settings.trusted, settings.anyName ? null : settings.name, settings.now());
    }
    const scheme = verify.number(2);
    const content = m.signedContent(signed);
    if (!signatureIsRight(scheme, chain[0].publicKey, content, verify.vector(2).rest())) {
      throw new TlsFailure("DecryptError", "invalid peer certificate: BadSignature");
    }
    await this.#checkFinished(handshake.server);
    const application = schedule.application(this.#hash);
    await this.#send(HANDSHAKE, m.message(m.FINISHED, finished(handshake.client, this.#hash)));
    records.reading = new Protection(application.server);
    records.writing = new Protection(application.client);
    return { alpnProtocol: alpn?.[0] ?? null };
  }

  async #checkFinished(secret: Uint8Array): Promise<void> {
    const wanted = finished(secret, this.#hash);
    const verify = (await this.#expect(m.FINISHED, "Finished")).rest();
    if (verify.length !== wanted.length || verify.some((octet, i) => octet !== wanted[i])) {
      throw new TlsFailure("DecryptError", "peer's Finished message is wrong: DecryptError");
    }
    this.#checkBoundary();
  }

  async #serverHandshake(settings: ServerSettings): Promise<TlsHandshakeInfo> {
    const records = this.#records;
    const hello = readClientHello(await this.#expect(m.CLIENT_HELLO, "ClientHello"));
    this.#checkBoundary();
    const scheme = schemeOf(settings.identity.key, hello.schemes);
    if (scheme === undefined) {
      throw new TlsFailure("HandshakeFailure", "peer is incompatible: NoSignatureSchemesInCommon");
    }
    const alpn = chooseAlpn(settings.alpnProtocols, hello.alpn);
    const exchange = new KeyExchange(octetsOf(settings.random));
    const shared = exchange.shared(hello.share);
    if (shared === null) throw new TlsFailure("IllegalParameter", "peer sent an invalid key share");

    const answer = serverHello(settings.random, hello.session, exchange);
    this.#note(answer);
    const flight = [records.encode(HANDSHAKE, answer)];
    // For boxes in between that know an older TLS (RFC 8446, D.4).
    if (hello.session.length > 0) flight.push(records.encode(CHANGE_CIPHER_SPEC, Uint8Array.of(1)));
    const schedule = new KeySchedule(shared);
    const handshake = schedule.handshake(this.#hash);
    records.writing = new Protection(handshake.server);
    const say = (message: Uint8Array) => {
      this.#note(message);
      for (let at = 0; at < message.length; at += RECORD_LIMIT) {
        flight.push(records.encode(HANDSHAKE, message.subarray(at, at + RECORD_LIMIT)));
      }
    };
    say(m.message(m.ENCRYPTED_EXTENSIONS, m.vector(2, alpn === null ? new Uint8Array(0) : m.alpnExtension([alpn]))));
    const { chain, key } = settings.identity;
    const list = chain.map(({ raw }) => concat(m.vector(3, raw), m.u16(0)));
    say(m.message(m.CERTIFICATE, Uint8Array.of(0), m.vector(3, ...list)));
    const signature = sign(scheme, key, m.signedContent(this.#hash));
    say(m.message(m.CERTIFICATE_VERIFY, m.u16(scheme), m.vector(2, signature)));
    say(m.message(m.FINISHED, finished(handshake.server, this.#hash)));
    const application = schedule.application(this.#hash);
    await records.write(concat(...flight));
    records.reading = new Protection(handshake.client);
    await this.#checkFinished(handshake.client);
    records.writing = new Protection(application.server);
    records.reading = new Protection(application.client);
    return { alpnProtocol: alpn };
  }
}

function octetsOf(random: Random): Uint8Array {
  const octets = new Uint8Array(32);
  random.fill(octets);
  return octets;
}

const HOST_NAME = 0;

/** A client's first message. */
export function clientHello({ random, name, alpnProtocols }: ClientSettings, exchange: KeyExchange): Uint8Array {
  const extensions = [
    m.extension(m.SUPPORTED_VERSIONS, m.vector(1, m.u16(m.TLS13))),
    m.extension(m.SUPPORTED_GROUPS, m.vector(2, m.u16(m.X25519))),
    m.extension(m.SIGNATURE_ALGORITHMS, m.vector(2, m.u16(...SIGNATURE_SCHEMES))),
    m.extension(m.KEY_SHARE, m.vector(2, m.u16(m.X25519), m.vector(2, exchange.share))),
  ];
  // An address is not sent as a name (RFC 6066, 3).
  if (/[a-z]/i.test(name) && !name.includes(":")) {
    const text = new TextEncoder().encode(name);
    extensions.unshift(m.extension(m.SERVER_NAME, m.vector(2, Uint8Array.of(HOST_NAME), m.vector(2, text))));
  }
  if (alpnProtocols !== undefined && alpnProtocols.length > 0) extensions.push(m.alpnExtension(alpnProtocols));
  return m.message(
    m.CLIENT_HELLO,
    m.u16(0x0303),
    octetsOf(random),
    m.vector(1),
    m.vector(2, m.u16(m.AES_128_GCM_SHA256)),
    m.vector(1, Uint8Array.of(0)),
    m.vector(2, ...extensions),
  );
}

/** A server's answer. */
export function serverHello(random: Random, session: Uint8Array, exchange: KeyExchange): Uint8Array {
  return m.message(
    m.SERVER_HELLO,
    m.u16(0x0303),
    octetsOf(random),
    m.vector(1, session),
    m.u16(m.AES_128_GCM_SHA256),
    Uint8Array.of(0),
    m.vector(
      2,
      m.extension(m.SUPPORTED_VERSIONS, m.u16(m.TLS13)),
      m.extension(m.KEY_SHARE, m.u16(m.X25519), m.vector(2, exchange.share)),
    ),
  );
}

/** The server's share. @throws {TlsFailure} */
export function readServerHello(fields: m.Fields): Uint8Array {
  const incompatible = (what: string) => new TlsFailure("ProtocolVersion", `peer is incompatible: ${what}`);
  fields.number(2);
  const random = fields.octets(32);
  if (random.every((octet, i) => octet === m.RETRY[i])) {
    throw new TlsFailure("HandshakeFailure", "peer is incompatible: NoKxGroupsInCommon");
  }
  fields.vector(1);
  const suite = fields.number(2);
  fields.number(1);
  const extensions = fields.left > 0 ? m.readExtensions(fields) : new Map<number, m.Fields>();
  fields.end();
  if (extensions.get(m.SUPPORTED_VERSIONS)?.number(2) !== m.TLS13) throw incompatible("ServerDoesNotSupportTls12Or13");
  if (suite !== m.AES_128_GCM_SHA256) {
    throw new TlsFailure("IllegalParameter", "peer selected an unoffered cipher suite");
  }
  const share = m.findShare(extensions.get(m.KEY_SHARE));
  if (share === undefined) throw new TlsFailure("MissingExtension", "peer sent no key share");
  return share;
}

/** What a client offers. */
export interface ClientHello {
  readonly session: Uint8Array;
  readonly schemes: readonly number[];
  readonly share: Uint8Array;
  readonly alpn: readonly string[] | null;
}

/** @throws {TlsFailure} */
export function readClientHello(fields: m.Fields): ClientHello {
  const incompatible = (alert: ConstructorParameters<typeof TlsFailure>[0], what: string) =>
    new TlsFailure(alert, `peer is incompatible: ${what}`);
  fields.number(2);
  fields.octets(32);
  const session = fields.vector(1).rest().slice();
  const suites = fields.vector(2).numbers();
  fields.vector(1);
  const extensions = fields.left > 0 ? m.readExtensions(fields) : new Map<number, m.Fields>();
  fields.end();
  if (!extensions.get(m.SUPPORTED_VERSIONS)?.vector(1).numbers().includes(m.TLS13)) {
    throw incompatible("ProtocolVersion", "Tls13RequiredForThisServer");
  }
  if (!suites.includes(m.AES_128_GCM_SHA256)) throw incompatible("HandshakeFailure", "NoCipherSuitesInCommon");
  const schemes = extensions.get(m.SIGNATURE_ALGORITHMS)?.vector(2).numbers();
  if (schemes === undefined) throw incompatible("MissingExtension", "SignatureAlgorithmsExtensionRequired");
  const share = m.findShare(extensions.get(m.KEY_SHARE)?.vector(2));
  if (share === undefined) throw incompatible("HandshakeFailure", "NoKxGroupsInCommon");
  return { session, schemes, share, alpn: m.readAlpn(extensions.get(m.ALPN)) };
}

/** The first protocol of the server's that the client offers; null when one of them has none to say. */
function chooseAlpn(own: readonly string[] | undefined, offered: readonly string[] | null): string | null {
  if (own === undefined || own.length === 0 || offered === null) return null;
  const chosen = own.find((name) => offered.includes(name));
  if (chosen === undefined) throw new TlsFailure("NoApplicationProtocol", "peer doesn't support any known protocol");
  return chosen;
}

function readCertificates(fields: m.Fields): PlatformCertificate[] {
  const crypto = cryptography();
  fields.vector(1);
  const list = fields.vector(3);
  const chain: PlatformCertificate[] = [];
  while (list.left > 0) {
    const raw = list.vector(3).rest();
    list.vector(2);
    try {
      chain.push(new crypto.X509Certificate(raw.slice()));
    } catch {
      throw new TlsFailure("BadCertificate", "invalid peer certificate: BadEncoding");
    }
  }
  if (chain.length === 0) throw new TlsFailure("CertificateRequired", "peer sent no certificates");
  return chain;
}
