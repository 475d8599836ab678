/** Deno's `connectTls`, Deno's `listenTls` and Deno's `startTls` of a namespace. */
import type { NetworkNamespace } from "../namespace/namespace.ts";
import type { NetAddr } from "../socket/addresses.ts";
import { listen } from "../socket/deno.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { connectTcp, type TcpListener, type TcpListenOptions } from "../socket/tcp.ts";
import type { Random } from "../time/random.ts";
import { KernelError } from "../wire/errno.ts";
import { type Identity, parseCertificates, parseIdentity } from "./certificates.ts";
import type { PlatformCertificate } from "./cryptography.ts";
import type { DuplexStream } from "./duplex.ts";
import { type TlsHandshakeInfo, TlsStream } from "./tls_stream.ts";

export type { TlsHandshakeInfo } from "./tls_stream.ts";

/** Where a machine keeps the certificates that it trusts. */
export const TRUSTED_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** As Deno's `ConnectTlsOptions`. */
export interface ConnectTlsOptions {
  /** The port to connect to. */
  port: number;
  /** Default `127.0.0.1`. The server's certificate must be for it. */
  hostname?: string;
  /** Certificates to trust beside those of the machine, as PEM. */
  caCerts?: string[];
  /** Protocols to offer, best first. */
  alpnProtocols?: string[];
  /** Takes a certificate for another name. */
  unsafelyDisableHostnameVerification?: boolean;
}

/** As Deno's `TlsCertifiedKeyPem`. */
export interface TlsCertifiedKeyPem {
  /** The format of key and certificate. */
  keyFormat?: "pem";
  /** The private key, as PEM. */
  key: string;
  /** The certificate, and those between it and the authority, as PEM. */
  cert: string;
}

/** As Deno's `ListenTlsOptions`. */
export interface ListenTlsOptions extends TcpListenOptions {
  /** Protocols that are spoken, best first. */
  alpnProtocols?: string[];
}

/** As Deno's `StartTlsOptions`. */
export interface StartTlsOptions {
  /** The name that the server's certificate must be for: default `127.0.0.1`. */
  hostname?: string;
  /** Certificates to trust beside those of the machine, as PEM. */
  caCerts?: string[];
  /** Protocols to offer, best first. */
  alpnProtocols?: string[];
  /** Takes a certificate for another name. */
  unsafelyDisableHostnameVerification?: boolean;
}

/** What TLS is started on: a connected stream with its addresses. */
export interface PlainConn {
  /** Octets that were read; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Octets that were taken. */
  write(data: Uint8Array): Promise<number>;
  /** Ends the stream on its own side. */
  closeWrite(): Promise<void>;
  /** Closes the connection. */
  close(): void;
  /** Its own end. */
  readonly localAddr: NetAddr;
  /** The other end. */
  readonly remoteAddr: NetAddr;
}

/** Octets that a read of the readable stream takes at once. */
const CHUNK = 16384;

/** As Deno's `TlsConn`. */
export class TlsConn implements PlainConn, Disposable {
  /** Its own end. */
  readonly localAddr: NetAddr;
  /** The other end. */
  readonly remoteAddr: NetAddr;
  readonly #stream: TlsStream;
  #closed = false;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  /** For `connectTls`, `startTls` and listeners. */
  constructor(conn: PlainConn, stream: TlsStream) {
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
    this.#stream = stream;
  }

  /**
   * Waits until the connection is ready for data, which reading and writing do as well.
   *
   * @throws {InvalidData} one side does not take the other's certificate or words
   */
  handshake(): Promise<TlsHandshakeInfo> {
    return this.#stream.handshake();
  }

  /** Reads up to `into.length` octets; null at the end. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#stream.read(into);
  }

  /** Writes some of `data`, and gives how many octets of it. */
  write(data: Uint8Array): Promise<number> {
    return this.#stream.write(data);
  }

  /** Says that nothing more will be written. */
  closeWrite(): Promise<void> {
    return this.#stream.closeWrite();
  }

  /** Closes the connection. */
  close(): void {
    this.#closed = true;
    this.#stream.close();
  }

  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** What arrives, as a byte stream; at its end, or when it is cancelled, the connection is closed. */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#readable ??= new ReadableStream({
      type: "bytes",
      autoAllocateChunkSize: CHUNK,
      pull: async (controller) => {
        const request = controller.byobRequest!;
        const count = await this.read(request.view as Uint8Array<ArrayBuffer>);
        if (count === null) {
          this[Symbol.dispose]();
          controller.close();
          request.respond(0);
        } else request.respond(count);
      },
      cancel: () => this[Symbol.dispose](),
    });
  }

  /** What is written there is sent; closing it closes the connection. */
  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    return this.#writable ??= new WritableStream({
      write: async (chunk) => {
        for (let sent = 0; sent < chunk.length;) sent += await this.write(chunk.subarray(sent));
      },
      close: () => this[Symbol.dispose](),
      abort: () => this[Symbol.dispose](),
    });
  }

  /** As `close`, where it is not closed. */
  [Symbol.dispose](): void {
    if (!this.#closed) this.close();
  }
}

/** As Deno's `TlsListener`. */
export class TlsListener implements AsyncIterable<TlsConn>, Disposable {
  readonly #listener: TcpListener;
  readonly #wrap: (conn: PlainConn) => TlsConn;

  /** For `listenTls`. */
  constructor(listener: TcpListener, wrap: (conn: PlainConn) => TlsConn) {
    this.#listener = listener;
    this.#wrap = wrap;
  }

  /** Where it listens. */
  get addr(): NetAddr {
    return this.#listener.addr;
  }

  /** Waits for the next connection, whose handshake goes on by itself. */
  async accept(): Promise<TlsConn> {
    return this.#wrap(await this.#listener.accept());
  }

  /** Stops listening. */
  close(): void {
    this.#listener.close();
  }

  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** As `close`, where it is not closed. */
  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }

  /** The connections as they come in, until it is closed. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<TlsConn> {
    for await (const conn of this.#listener) yield this.#wrap(conn);
  }
}

const sources = new WeakMap<NetworkNamespace, Random>();

/** The namespace's source of keys and nonces. */
function randomOf(host: EdgeHost): Random {
  let random = sources.get(host.kernel);
  if (random === undefined) sources.set(host.kernel, random = host.kernel.random.split("tls"));
  return random;
}

/** The certificates that a machine trusts, and more of them as PEM. */
export function trustedBy(host: EdgeHost, more: readonly string[] = []): PlatformCertificate[] {
  let kept = "";
  try {
    kept = host.files.readText(TRUSTED_FILE);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
  return [kept, ...more].flatMap(parseCertificates);
}

/** A client's side over a stream. */
export function secureClient(
  host: EdgeHost,
  stream: DuplexStream,
  options: StartTlsOptions & { insecure?: boolean },
): TlsStream {
  const { world } = host.kernel;
  return TlsStream.client(stream, {
    random: randomOf(host),
    name: options.hostname ?? "127.0.0.1",
    trusted: trustedBy(host, options.caCerts),
    alpnProtocols: options.alpnProtocols,
    now: () => world.wallClock(),
    insecure: options.insecure,
    anyName: options.unsafelyDisableHostnameVerification,
  });
}

/** Deno's `connectTls`. Errors of the handshake come from `handshake`, `read` and `write`. */
export async function connectTls(host: EdgeHost, options: ConnectTlsOptions): Promise<TlsConn> {
  const { hostname = "127.0.0.1", port } = options;
  trustedBy(host, options.caCerts);
  const conn = await connectTcp(host, { hostname, port });
  return new TlsConn(conn, secureClient(host, conn, { ...options, hostname }));
}

/** Deno's `startTls`. */
export function startTls(host: EdgeHost, conn: PlainConn, options: StartTlsOptions = {}): Promise<TlsConn> {
  return Promise.resolve(new TlsConn(conn, secureClient(host, conn, options)));
}

/** A listener whose connections speak TLS. */
export function secureListener(
  host: EdgeHost,
  listener: TcpListener,
  identity: Identity,
  alpnProtocols?: readonly string[],
): TlsListener {
  return new TlsListener(
    listener,
    (conn) => new TlsConn(conn, TlsStream.server(conn, { random: randomOf(host), identity, alpnProtocols })),
  );
}

/** Deno's `listenTls`. */
export function listenTls(host: EdgeHost, options: ListenTlsOptions & TlsCertifiedKeyPem): TlsListener {
  if (options.cert === undefined || options.key === undefined) {
    // In parts: nothing in a bundle for browsers is to look like a use of it.
    const name = ["Deno", "listenTls"].join(".");
    throw new TypeError(`A key and certificate are required for \`${name}\``);
  }
  const identity = parseIdentity(options.cert, options.key);
  const listener = listen(host, { ...options, transport: "tcp" }) as TcpListener;
  return secureListener(host, listener, identity, options.alpnProtocols);
}
