/** Deno's `connect` and Deno's `listen` over TCP. */
import { TcpSocket } from "../transport/tcp/socket.ts";
import type { IpAddress } from "../ip/host.ts";
import { Wait } from "../time/waits.ts";
import { Errno } from "../wire/errno.ts";
import { checkedPort, formatAddress, type NetAddr, netAddr, numericAddress, type ScopedAddress } from "./addresses.ts";
import { addressesOf, type EdgeHost, waitsOf } from "./edge.ts";
import { badResource, systemError } from "./errors.ts";
import { StreamConn, StreamListener } from "./stream.ts";

/** As Deno's `ConnectOptions`. */
export interface ConnectOptions {
  /** The port to connect to. */
  port: number;
  /** An address, or a name whose addresses are tried in turn. Default `127.0.0.1`. */
  hostname?: string;
  /** Tells the options of TCP from the others. */
  transport?: "tcp";
  /** Gives up, with its reason, when it is aborted. */
  signal?: AbortSignal;
}

/** As Deno's `TcpListenOptions`. */
export interface TcpListenOptions {
  /** Default 0: a free one. */
  port?: number;
  /** Default `0.0.0.0`. */
  hostname?: string;
  /** Tells the options of TCP from the others. */
  transport?: "tcp";
  /** SO_REUSEPORT: others may listen there too, and connections are spread over them. Default false. */
  reusePort?: boolean;
  /** Connections that may wait to be accepted; default 511. */
  tcpBacklog?: number;
}

/** What Deno passes to `listen(2)` when it is not told. */
const BACKLOG = 511;

/** As Deno's `TcpConn`. */
export class TcpConn extends StreamConn {
  readonly #socket: TcpSocket;
  #local: NetAddr | null = null;
  #remote: NetAddr | null = null;

  /**
   * For `connectTcp` and listeners.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: TcpSocket) {
    super(socket, waitsOf(host), () => {
      const local = this.localAddr, remote = this.remoteAddr;
      return `${local.hostname}:${local.port} - ${remote.hostname}:${remote.port} (tcp)`;
    });
    this.#socket = socket;
  }

  /** This end's address and port. */
  get localAddr(): NetAddr {
    return this.#local ??= netAddr("tcp", this.#socket.localAddress, this.#socket.localPort);
  }

  /** The peer's address and port. */
  get remoteAddr(): NetAddr {
    return this.#remote ??= netAddr("tcp", this.#socket.remoteAddress!, this.#socket.remotePort);
  }

  /**
   * Turns Nagle's algorithm off (default) or on.
   *
   * @throws {BadResource} the connection is closed
   */
  setNoDelay(noDelay = true): void {
    if (this.isClosed) throw badResource();
    this.#socket.noDelay = noDelay;
  }

  /**
   * Turns keepalive probes on (default) or off.
   *
   * @throws {BadResource} the connection is closed
   */
  setKeepAlive(keepAlive = true): void {
    if (this.isClosed) throw badResource();
    this.#socket.keepAlive = keepAlive;
  }
}

/** As Deno's `TcpListener`. */
export class TcpListener extends StreamListener<TcpConn> {
  readonly #addr: NetAddr;

  /**
   * For `listenTcp`.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: TcpSocket) {
    const addr = netAddr("tcp", socket.localAddress, socket.localPort);
    super(
      socket,
      waitsOf(host),
      () => {
        const accepted = socket.accept();
        return accepted === null ? null : new TcpConn(host, accepted);
      },
      () => `${addr.hostname}:${addr.port} (tcp)`,
    );
    this.#addr = addr;
  }

  /** Where it listens. */
  get addr(): NetAddr {
    return this.#addr;
  }
}

/**
 * Deno's `connect` over TCP: tries the addresses of the name one after the other.
 *
 * @throws {ConnectionRefused} nobody listens there
 * @throws {TimedOut} nobody answered (about 130 s with Linux's defaults)
 * @throws {NetworkUnreachable} there is no route
 */
export async function connectTcp(host: EdgeHost, options: ConnectOptions): Promise<TcpConn> {
  const port = checkedPort(options.port);
  options.signal?.throwIfAborted();
  const addresses = await addressesOf(host, options.hostname ?? "127.0.0.1");
  let errno = -Errno.EADDRNOTAVAIL;
  for (const address of addresses) {
    const socket = new TcpSocket(host.kernel.tcp, typeof address.address === "number" ? 4 : 6);
    errno = await connected(host, socket, address, port, options.signal);
    if (errno === 0) return new TcpConn(host, socket);
    socket.close();
  }
  throw systemError(errno);
}

/** Connects a socket: 0 or a negative errno. */
async function connected(
  host: EdgeHost,
  socket: TcpSocket,
  to: ScopedAddress,
  port: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  socket.device = to.device;
  const errno = socket.connect(to.address, port);
  if (errno !== -Errno.EINPROGRESS) return errno;
  const wait = new Wait<void>(waitsOf(host), () => `connect to ${formatAddress(to.address)}:${port} (tcp)`);
  const onAbort = () => {
    socket.close();
    wait.reject(signal!.reason);
  };
  signal?.addEventListener("abort", onAbort);
  socket.onWritable = socket.onError = () => wait.resolve();
  try {
    await wait.promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  return -socket.takeError();
}

/**
 * Deno's `listen` over TCP.
 *
 * @throws {AddrInUse} another socket listens there
 * @throws {AddrNotAvailable} the address is not of this namespace
 */
export function listenTcp(
  host: EdgeHost,
  options: TcpListenOptions,
  names: (hostname: string) => IpAddress,
): TcpListener {
  const port = checkedPort(options.port ?? 0);
  const hostname = options.hostname ?? "0.0.0.0";
  const address = numericAddress(host.kernel, hostname)?.address ?? names(hostname);
  const socket = new TcpSocket(host.kernel.tcp, typeof address === "number" ? 4 : 6);
  socket.reuseAddress = true;
  socket.reusePort = options.reusePort ?? false;
  let errno = socket.bind(address, port);
  if (errno === 0) errno = socket.listen(options.tcpBacklog ?? BACKLOG);
  if (errno < 0) {
    socket.close();
    throw systemError(errno);
  }
  return new TcpListener(host, socket);
}
