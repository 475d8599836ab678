/** Deno's `serve` over the byte streams of a listener. */
import type { Addr } from "../socket/addresses.ts";
import { errors } from "../socket/errors.ts";
import type { ByteStream } from "./byte_reader.ts";
import { Connection } from "./server_connection.ts";

/** As Deno's `ServeHandlerInfo`. */
export interface ServeHandlerInfo<A extends Addr = Addr> {
  /** The address of the client. */
  remoteAddr: A;
  /** Settles when the response has been sent: rejects when the client went away before. */
  completed: Promise<void>;
}

/** As Deno's `ServeHandler`. */
export type ServeHandler<A extends Addr = Addr> = (
  request: Request,
  info: ServeHandlerInfo<A>,
) => Response | Promise<Response>;

/** As Deno's `ServeOptions`. */
export interface ServeOptions<A extends Addr = Addr> {
  /** Closes the server when it is aborted. */
  signal?: AbortSignal;
  /** Answers where the handler throws or rejects; by default with 500. */
  onError?: (error: unknown) => Response | Promise<Response>;
  /** Called when the server listens. Nothing is printed by default, other than by Deno. */
  onListen?: (localAddr: A) => void;
  /** Whether bodies are compressed for clients that accept it; default false. */
  automaticCompression?: boolean;
}

/** A connection as `serve` takes it. */
export interface ServedConn extends ByteStream {
  readonly remoteAddr: Addr;
}

/** A listener as `serve` takes it. */
export interface ServedListener extends AsyncIterable<ServedConn> {
  readonly addr: Addr;
  close(): void;
}

/** What the server of one world needs of it. */
export interface ServeWorld {
  /** Virtual time as a date, for the `date` field. */
  date(): string;
  /** Freezes virtual time while the platform works (compression). */
  hold<T>(promise: Promise<T>): Promise<T>;
}

/** What one server does with its connections. */
export class Server {
  readonly #listener: ServedListener;
  readonly #handler: ServeHandler;
  readonly #onError: (error: unknown) => Response | Promise<Response>;
  readonly #connections = new Set<Connection>();
  readonly finished: Promise<void>;
  readonly world: ServeWorld;
  readonly compress: boolean;
  readonly secure: boolean;
  #stopping = false;

  constructor(
    world: ServeWorld,
    listener: ServedListener,
    handler: ServeHandler,
    options: ServeOptions,
    secure = false,
  ) {
    this.world = world;
    this.#listener = listener;
    this.#handler = handler;
    this.compress = options.automaticCompression ?? false;
    this.secure = secure;
    this.#onError = options.onError ?? internalServerError;
    this.finished = this.#run(options.signal);
  }

  get addr(): Addr {
    return this.#listener.addr;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Stops listening, and waits until the requests under way are answered. */
  async shutdown(): Promise<void> {
    this.#stop();
    for (const connection of this.#connections) connection.closeIfIdle();
    await this.finished;
  }

  #stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    try {
      this.#listener.close();
    } catch (error) {
      if (!(error instanceof errors.BadResource)) throw error;
    }
  }

  async #run(signal: AbortSignal | undefined): Promise<void> {
    const onAbort = () => {
      this.#stop();
      for (const connection of this.#connections) connection.abort();
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const served: Set<Promise<void>> = new Set();
    for await (const conn of this.#listener) {
      const connection = new Connection(this, conn);
      this.#connections.add(connection);
      const done: Promise<void> = connection.serve().finally(() => {
        this.#connections.delete(connection);
        served.delete(done);
      });
      served.add(done);
    }
    await Promise.all(served);
    signal?.removeEventListener("abort", onAbort);
  }

  /** The handler's response, or that of `onError`. */
  async respond(request: Request, info: ServeHandlerInfo): Promise<Response> {
    try {
      const made = this.#handler(request, info);
      return checkedResponse(made instanceof Response ? made : await made);
    } catch (error) {
      try {
        return checkedResponse(await this.#onError(error));
      } catch (second) {
        console.error("Exception in onError while handling exception", second);
        return plainError();
      }
    }
  }
}

function checkedResponse(response: Response): Response {
  if (!(response instanceof Response)) {
    throw new TypeError("Return value from serve handler must be a response or a promise resolving to a response");
  }
  if (response.type === "error") {
    throw new TypeError("Return value from serve handler must not be an error response (like Response.error())");
  }
  if (response.bodyUsed) {
    throw new TypeError("The body of the Response returned from the serve handler has already been consumed");
  }
  return response;
}

function internalServerError(error: unknown): Response {
  console.error(error);
  return plainError();
}

function plainError(): Response {
  return new Response(new TextEncoder().encode("Internal Server Error"), { status: 500 });
}
