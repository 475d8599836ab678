/** Deno's `serve` of a namespace: its overloads, options and server object. */
import type { Addr, NetAddr, UnixAddr, VsockAddr } from "../socket/addresses.ts";
import { listen } from "../socket/deno.ts";
import { errors } from "../socket/errors.ts";
import type { EdgeHost } from "../socket/edge.ts";
import type { TcpListener } from "../socket/tcp.ts";
import { parseIdentity } from "../tls/certificates.ts";
import { secureListener, type TlsListener } from "../tls/deno_tls.ts";
import { type ServedListener, type ServeHandler, type ServeOptions, Server, type ServeWorld } from "./serve.ts";

export type { ServeHandler, ServeHandlerInfo, ServeOptions } from "./serve.ts";

/** As Deno's `ServeTcpOptions`. */
export interface ServeTcpOptions extends ServeOptions<NetAddr> {
  /** Tells the options of TCP from the others. */
  transport?: "tcp";
  /** Default 8000; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`. */
  hostname?: string;
  /** SO_REUSEPORT: others may listen there too, and connections are spread over them. Default false. */
  reusePort?: boolean;
  /** Connections that may wait to be accepted; default 511. */
  tcpBacklog?: number;
  /** With `key`: a certificate as PEM, and HTTPS is served. */
  cert?: string;
  /** The certificate's private key, as PEM. */
  key?: string;
}

/** As Deno's `ServeUnixOptions`. */
export interface ServeUnixOptions extends ServeOptions<UnixAddr> {
  /** Tells the options of Unix sockets from the others. */
  transport?: "unix";
  /** The socket's path in the machine's files; a name that begins with a NUL is abstract. */
  path: string;
}

/** As Deno's `ServeVsockOptions`: refused. */
export interface ServeVsockOptions extends ServeOptions<VsockAddr> {
  /** Tells the options of vsock from the others. */
  transport?: "vsock";
  /** The context of a virtual machine. */
  cid: number;
  /** The context's port. */
  port: number;
}

/** As Deno's `ServeInit`. */
export interface ServeInit<A extends Addr = Addr> {
  /** Answers each request. */
  handler: ServeHandler<A>;
}

/** As Deno's `HttpServer`. */
export interface HttpServer<A extends Addr = Addr> extends AsyncDisposable {
  /** Settles when the server has stopped and its connections are over. */
  finished: Promise<void>;
  /** Where it listens. */
  addr: A;
  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void;
  /** Nothing, as `ref`. */
  unref(): void;
  /** Stops listening, and waits until the requests under way are answered. */
  shutdown(): Promise<void>;
}

type AnyOptions = (ServeTcpOptions | ServeUnixOptions) & Partial<ServeInit>;

/** The server for the arguments of `serve`. */
export function serve(world: ServeWorld, host: EdgeHost, args: unknown[]): HttpServer {
  const { options, handler } = argumentsOf(args);
  if ("cid" in options) throw new errors.NotSupported("vsock: there are no virtual machines in this network");
  const listener = "path" in options ? listen(host, { transport: "unix", path: options.path }) : listen(host, {
    port: options.port ?? 8000,
    hostname: options.hostname ?? "0.0.0.0",
    reusePort: options.reusePort,
    tcpBacklog: options.tcpBacklog,
  });
  const secure = secured(host, listener, options);
  const server = new Server(
    world,
    (secure ?? listener) as ServedListener,
    handler,
    options as ServeOptions,
    secure !== null,
  );
  const { addr } = server;
  (options as ServeOptions).onListen?.(addr);
  return {
    finished: server.finished,
    addr,
    ref() {},
    unref() {},
    shutdown: () => server.shutdown(),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The listener for HTTPS when there is a certificate; null when there is none. */
function secured(host: EdgeHost, listener: Disposable, options: AnyOptions): TlsListener | null {
  if (!("cert" in options || "key" in options)) return null;
  try {
    const { cert, key } = options as ServeTcpOptions;
    if (cert === undefined || key === undefined) {
      throw new TypeError("Both 'cert' and 'key' must be provided to enable HTTPS");
    }
    return secureListener(host, listener as TcpListener, parseIdentity(cert, key), ["http/1.1"]);
  } catch (error) {
    listener[Symbol.dispose]();
    throw error;
  }
}

function argumentsOf(args: unknown[]): { options: AnyOptions; handler: ServeHandler } {
  const [first, second] = args;
  if (typeof first === "function") return { options: (second ?? {}) as AnyOptions, handler: first as ServeHandler };
  const options = (first ?? {}) as AnyOptions;
  const handler = typeof second === "function" ? second : options.handler;
  if (typeof handler !== "function") throw new TypeError("A handler function must be provided.");
  return { options, handler: handler as ServeHandler };
}
