/** Deno's `serve` of a namespace: its overloads, options and server object. */
import type { Addr, NetAddr, UnixAddr, VsockAddr } from "../socket/addresses.ts";
import { listen } from "../socket/deno.ts";
import { errors } from "../socket/errors.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { type ServedListener, type ServeHandler, type ServeOptions, Server, type ServeWorld } from "./serve.ts";

export type { ServeHandler, ServeHandlerInfo, ServeOptions } from "./serve.ts";

/** As Deno's `ServeTcpOptions`. */
export interface ServeTcpOptions extends ServeOptions<NetAddr> {
  transport?: "tcp";
  /** Default 8000; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`. */
  hostname?: string;
  reusePort?: boolean;
  tcpBacklog?: number;
}

/** As Deno's `ServeUnixOptions`. */
export interface ServeUnixOptions extends ServeOptions<UnixAddr> {
  transport?: "unix";
  path: string;
}

/** As Deno's `ServeVsockOptions`: refused. */
export interface ServeVsockOptions extends ServeOptions<VsockAddr> {
  transport?: "vsock";
  cid: number;
  port: number;
}

/** As Deno's `ServeInit`. */
export interface ServeInit<A extends Addr = Addr> {
  handler: ServeHandler<A>;
}

/** As Deno's `HttpServer`. */
export interface HttpServer<A extends Addr = Addr> extends AsyncDisposable {
  /** Settles when the server has stopped and its connections are over. */
  finished: Promise<void>;
  addr: A;
  ref(): void;
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
  const server = new Server(world, listener as ServedListener, handler, options as ServeOptions);
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

function argumentsOf(args: unknown[]): { options: AnyOptions; handler: ServeHandler } {
  const [first, second] = args;
  if (typeof first === "function") return { options: (second ?? {}) as AnyOptions, handler: first as ServeHandler };
  const options = (first ?? {}) as AnyOptions;
  const handler = typeof second === "function" ? second : options.handler;
  if (typeof handler !== "function") throw new TypeError("A handler function must be provided.");
  return { options, handler: handler as ServeHandler };
}
