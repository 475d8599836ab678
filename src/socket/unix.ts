/** Deno's Unix sockets: `transport: "unix"` and `"unixpacket"`, with paths in the machine's files and abstract names. */
import type { FileView } from "../namespace/file_system.ts";
import { UnixSocket } from "../transport/unix.ts";
import { Wait, type Waits } from "../time/waits.ts";
import { Errno } from "../wire/errno.ts";
import type { Addr, UnixAddr } from "./addresses.ts";
import { type EdgeHost, untilClosed, waitsOf } from "./edge.ts";
import { badResource, interrupted, systemError } from "./errors.ts";
import { StreamConn, StreamListener } from "./stream.ts";

/** As Deno's `UnixConnectOptions`. */
export interface UnixConnectOptions {
  /** Tells the options of Unix sockets from the others. */
  transport: "unix";
  /** A path in the machine's files; a name that begins with a NUL is abstract. */
  path: string;
}

/** As Deno's `UnixListenOptions`. */
export interface UnixListenOptions {
  /** `unix` is a stream; `unixpacket` is for `listenDatagram`. */
  transport?: "unix" | "unixpacket";
  /** A path in the machine's files, where nothing may be; a name that begins with a NUL is abstract. */
  path: string;
}

/** As Deno's `UnixListenDatagramOptions`: without a path, a socket that only sends. */
export interface UnixListenDatagramOptions {
  /** A path in the machine's files, where nothing may be; a name that begins with a NUL is abstract. */
  path?: string;
}

/** Deno's backlog for Unix listeners. */
const BACKLOG = 1024;

function unixAddr(transport: "unix" | "unixpacket", path: string | null): UnixAddr {
  return { transport, path: path as string };
}

/** As Deno's `UnixConn`. */
export class UnixConn extends StreamConn {
  readonly #local: UnixAddr;
  readonly #remote: UnixAddr;

  /**
   * For `connectUnix` and listeners.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: UnixSocket) {
    super(socket, waitsOf(host), () => `${socket.path ?? socket.peerPath ?? "(unnamed)"} (unix)`);
    this.#local = unixAddr("unix", socket.path);
    this.#remote = unixAddr("unix", socket.peerPath);
  }

  /** This end's path. */
  get localAddr(): UnixAddr {
    return this.#local;
  }

  /** The peer's path. */
  get remoteAddr(): UnixAddr {
    return this.#remote;
  }
}

/** As Deno's `UnixListener`. */
export class UnixListener extends StreamListener<UnixConn> {
  readonly #addr: UnixAddr;
  readonly #files: FileView;

  /**
   * For `listenUnix`.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: UnixSocket) {
    const next = () => {
      const accepted = socket.accept();
      return accepted === null ? null : new UnixConn(host, accepted);
    };
    super(socket, waitsOf(host), next, () => `${socket.path} (unix)`);
    this.#addr = unixAddr("unix", socket.path);
    this.#files = host.files;
  }

  /** Stops listening, and removes the socket's file, as Deno does. */
  override close(): void {
    super.close();
    const { path } = this.#addr;
    if (path[0] !== "\0" && this.#files.exists(path)) this.#files.remove(path);
  }

  /** Where it listens. */
  get addr(): UnixAddr {
    return this.#addr;
  }
}

/** As Deno's `DatagramConn` of `transport: "unixpacket"`. */
export class UnixDatagramConn implements AsyncIterable<[Uint8Array<ArrayBuffer>, Addr]> {
  /** Octets that a datagram has at most. */
  readonly bufSize = 65507;
  readonly #socket: UnixSocket;
  readonly #waits: Waits;
  readonly #receivers: Wait<void>[] = [];

  /**
   * For `listenUnixDatagram`.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: UnixSocket) {
    this.#socket = socket;
    this.#waits = waitsOf(host);
    socket.onReadable = () => this.#receivers.shift()?.resolve();
  }

  /** Where it is bound. */
  get addr(): Addr {
    return unixAddr("unixpacket", this.#socket.path);
  }

  /**
   * Waits for a datagram: its octets, in `buffer` if given (the rest of a longer one is lost), and its sender.
   *
   * @throws {BadResource} the socket is closed
   * @throws {Interrupted} it was closed while waiting
   */
  async receive(buffer?: Uint8Array<ArrayBuffer>): Promise<[Uint8Array<ArrayBuffer>, Addr]> {
    for (;;) {
      if (this.#socket.closed) throw badResource("Socket has been closed");
      const datagram = this.#socket.receive();
      if (datagram !== null) {
        const into = buffer ?? new Uint8Array(datagram.data.length);
        const count = Math.min(into.length, datagram.data.length);
        into.set(datagram.data.subarray(0, count));
        return [into.subarray(0, count), unixAddr("unixpacket", datagram.from)];
      }
      const wait = new Wait<void>(this.#waits, `receive on ${this.#socket.path} (unixpacket)`, true);
      this.#receivers.push(wait);
      await wait.promise;
    }
  }

  /**
   * Sends a datagram to the socket at that path; gives the number of octets sent.
   *
   * @throws {BadResource} the socket is closed
   * @throws {NotFound} there is no such path
   * @throws {ConnectionRefused} nobody is bound to it
   */
  async send(data: Uint8Array, addr: Addr): Promise<number> {
    if (this.#socket.closed) throw badResource("Socket has been closed");
    if (addr.transport !== "unixpacket") throw new TypeError(`Cannot send to a "${addr.transport}" address from here`);
    const count = await Promise.resolve(this.#socket.send(data, addr.path));
    if (count < 0) throw systemError(count);
    return count;
  }

  /** Multicast is UDP's. */
  joinMulticastV4(_address: string, _networkInterface: string): Promise<never> {
    return Promise.reject(systemError(Errno.EOPNOTSUPP));
  }

  /** Multicast is UDP's. */
  joinMulticastV6(_address: string, _networkInterface: number): Promise<never> {
    return Promise.reject(systemError(Errno.EOPNOTSUPP));
  }

  /**
   * Closes the socket; a pending `receive` is interrupted.
   *
   * @throws {BadResource} it is closed already
   */
  close(): void {
    if (this.#socket.closed) throw badResource();
    this.#socket.close();
    for (const wait of this.#receivers.splice(0)) wait.reject(interrupted());
  }

  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** Closes the socket, if it is not closed. */
  [Symbol.dispose](): void {
    if (!this.#socket.closed) this.close();
  }

  /** Datagrams and their senders, until the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Addr]> {
    return untilClosed(() => this.receive(), () => this.#socket.closed);
  }
}

/** Deno's `connect` to a Unix path. */
export async function connectUnix(
  host: EdgeHost,
  options: UnixConnectOptions & { signal?: AbortSignal },
): Promise<UnixConn> {
  options.signal?.throwIfAborted();
  const socket = new UnixSocket("stream", host.unixNames);
  for (;;) {
    const errno = await Promise.resolve(socket.connect(options.path));
    if (errno === 0) return new UnixConn(host, socket);
    if (errno !== -Errno.EAGAIN) throw systemError(errno);
    // The listener's backlog is full: Linux waits for room in it.
    await waitsOf(host).sleep(1, options.signal);
    options.signal?.throwIfAborted();
  }
}

/** Deno's `listen` on a Unix path. */
export function listenUnix(host: EdgeHost, options: UnixListenOptions): UnixListener {
  const socket = new UnixSocket("stream", host.unixNames);
  const errno = socket.bind(options.path);
  if (errno < 0) throw systemError(errno);
  socket.listen(BACKLOG);
  return new UnixListener(host, socket);
}

/** Deno's `listenDatagram` on a Unix path. */
export function listenUnixDatagram(host: EdgeHost, options: UnixListenDatagramOptions): UnixDatagramConn {
  const socket = new UnixSocket("datagram", host.unixNames);
  const errno = options.path === undefined ? 0 : socket.bind(options.path);
  if (errno < 0) throw systemError(errno);
  return new UnixDatagramConn(host, socket);
}
