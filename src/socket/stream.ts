/** A connected byte stream behind promises: what Deno's `TcpConn` and Deno's `UnixConn` share. */
import { Wait, type Waits } from "../time/waits.ts";
import { Errno } from "../wire/errno.ts";
import { untilClosed } from "./edge.ts";
import { badResource, errors, interrupted, systemError } from "./errors.ts";

/** What the stack gives: counts or negative errnos at once, and slots that say when to try again. */
export interface StreamSocket {
  onReadable: (() => void) | null;
  onWritable: (() => void) | null;
  onError: (() => void) | null;
  readonly closed: boolean;
  /** Octets that can be read without waiting. */
  readonly readable: number;
  /** Octets copied, 0 at the end of the stream, or a negative errno. */
  read(into: Uint8Array, from?: number, to?: number): number;
  /** Octets taken, or a negative errno. */
  write(bytes: Uint8Array, from?: number, to?: number): number;
  shutdown(how: "read" | "write" | "both"): number;
  close(): void;
}

/** What `readable` hands on at once. */
const CHUNK = 65536;

/** One direction of a stream: the operations on it take turns. Each is told of by `begin`, and tells of its end by `end`. */
class Turns {
  /** Operations that have begun or wait for their turn. */
  #count = 0;
  #last: Promise<unknown> | null = null;

  get busy(): boolean {
    return this.#count !== 0;
  }

  begin(): void {
    this.#count++;
  }

  end(): void {
    if (--this.#count === 0) this.#last = null;
  }

  /** The operation that has begun: what comes meanwhile runs after it. */
  under<T>(operation: Promise<T>): Promise<T> {
    if (this.#count !== 0) this.#last = operation;
    return operation;
  }

  /** Runs `operation` after those before it. */
  after<T>(operation: () => Promise<T>): Promise<T> {
    this.#count++;
    return this.#last = this.#last!.then(operation, operation) as Promise<T>;
  }
}

/** As Deno's `Conn`, without its addresses. */
export class StreamConn implements Disposable {
  readonly #socket: StreamSocket;
  readonly #waits: Waits;
  readonly #describe: () => string;
  readonly #reads = new Turns();
  readonly #writes = new Turns();
  #reading: Wait<void> | null = null;
  #writing: Wait<void> | null = null;
  #readingWhat: (() => string) | null = null;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;
  #closed = false;

  /**
   * `describe` names the connection in a DeadlockError.
   *
   * @internal
   */
  constructor(socket: StreamSocket, waits: Waits, describe: () => string) {
    this.#socket = socket;
    this.#waits = waits;
    this.#describe = describe;
    socket.onReadable = () => this.#reading?.resolve();
    socket.onWritable = () => this.#writing?.resolve();
    socket.onError = () => {
      this.#reading?.resolve();
      this.#writing?.resolve();
    };
  }

  /**
   * Reads up to `into.length` octets; null at the end of the stream.
   *
   * @throws {BadResource} the connection is closed
   * @throws {Interrupted} it was closed while reading
   * @throws {ConnectionReset} the peer reset it
   */
  read(into: Uint8Array): Promise<number | null> {
    const reads = this.#reads;
    if (reads.busy) return reads.after(() => this.#read(into));
    if (!this.#closed && into.length > 0) {
      const count = this.#socket.read(into);
      if (count >= 0) return Promise.resolve(count === 0 ? null : count);
      if (count !== -Errno.EAGAIN) return Promise.reject(systemError(count));
    }
    reads.begin();
    return reads.under(this.#read(into));
  }

  /**
   * Writes some of `data`: gives how many octets the send buffer took, after waiting until it takes any.
   *
   * @throws {BadResource} the connection is closed
   * @throws {BrokenPipe} the peer closed or reset it, or `closeWrite` was called
   */
  write(data: Uint8Array): Promise<number> {
    const writes = this.#writes;
    if (writes.busy) return writes.after(() => this.#write(data));
    if (!this.#closed) {
      const count = this.#socket.write(data);
      if (count >= 0) return Promise.resolve(count);
      if (count !== -Errno.EAGAIN) return Promise.reject(systemError(count));
    }
    writes.begin();
    return writes.under(this.#write(data));
  }

  /**
   * Ends the stream towards the peer (FIN), which may go on sending.
   *
   * @throws {BadResource} the connection is closed
   */
  async closeWrite(): Promise<void> {
    if (this.#closed) throw badResource();
    const errno = await Promise.resolve(this.#socket.shutdown("write"));
    // tokio passes over a connection that is gone already
    if (errno < 0 && errno !== -Errno.ENOTCONN) throw systemError(errno);
  }

  /**
   * Closes the connection; pending operations are interrupted.
   *
   * @throws {BadResource} it is closed already
   */
  close(): void {
    if (this.#closed) throw badResource();
    this.#closed = true;
    // tokio's write half shuts down when it is dropped, before the socket is closed
    this.#socket.shutdown("write");
    this.#socket.close();
    this.#reading?.reject(interrupted());
    this.#writing?.reject(interrupted());
  }

  /** What arrives, as a byte stream; at its end, or when it is cancelled, the connection is closed. */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#readable ??= new ReadableStream({
      type: "bytes",
      autoAllocateChunkSize: CHUNK,
      pull: async (controller) => {
        const request = controller.byobRequest!;
        const view = request.view as Uint8Array<ArrayBuffer>;
        const count = await this.read(view);
        if (count === null) {
          this.#tryClose();
          controller.close();
          request.respond(0);
        } else request.respond(count);
      },
      cancel: () => this.#tryClose(),
    });
  }

  /** What is written there is sent, with back-pressure from the peer's window; closing it closes the connection. */
  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    return this.#writable ??= new WritableStream({
      write: async (chunk, controller) => {
        try {
          for (let sent = 0; sent < chunk.length;) sent += await this.write(sent === 0 ? chunk : chunk.subarray(sent));
        } catch (error) {
          controller.error(error);
          this.#tryClose();
        }
      },
      close: () => this.#tryClose(),
      abort: () => this.#tryClose(),
    });
  }

  /** A world in virtual time is kept alive by `run`, not by its sockets: `ref` and `unref` change nothing. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** Closes the connection, if it is not closed. */
  [Symbol.dispose](): void {
    this.#tryClose();
  }

  /**
   * Whether `close` was called.
   *
   * @internal
   */
  protected get isClosed(): boolean {
    return this.#closed;
  }

  #tryClose(): void {
    if (!this.#closed) this.close();
  }

  async #read(into: Uint8Array): Promise<number | null> {
    try {
      if (into.length === 0 && !this.#closed) return 0;
      for (;;) {
        if (this.#closed) throw badResource();
        const count = this.#socket.read(into);
        if (count > 0) return count;
        if (count === 0) return null;
        if (count !== -Errno.EAGAIN) throw systemError(count);
        this.#reading = new Wait<void>(this.#waits, this.#readingWhat ??= () => `read from ${this.#describe()}`, true);
        await this.#reading.promise;
        this.#reading = null;
      }
    } finally {
      this.#reads.end();
    }
  }

  async #write(data: Uint8Array): Promise<number> {
    try {
      for (;;) {
        if (this.#closed) throw badResource();
        const count = this.#socket.write(data);
        if (count >= 0) return count;
        if (count !== -Errno.EAGAIN) throw systemError(count);
        this.#writing = new Wait<void>(this.#waits, () => `write to ${this.#describe()}`);
        await this.#writing.promise;
        this.#writing = null;
      }
    } finally {
      this.#writes.end();
    }
  }
}

/** What a listening socket of the stack gives, beside the connections. */
export interface ListeningSocket {
  onReadable: (() => void) | null;
  close(): void;
}

/** As Deno's `Listener`, without its address. */
export class StreamListener<C extends StreamConn> implements AsyncIterable<C>, Disposable {
  readonly #socket: ListeningSocket;
  readonly #waits: Waits;
  readonly #next: () => C | null;
  readonly #describe: () => string;
  #accepting: Wait<void> | null = null;
  #closed = false;

  /**
   * `next` takes a connection that waits; `describe` names the listener in a DeadlockError.
   *
   * @internal
   */
  constructor(socket: ListeningSocket, waits: Waits, next: () => C | null, describe: () => string) {
    this.#socket = socket;
    this.#waits = waits;
    this.#next = next;
    this.#describe = describe;
    socket.onReadable = () => this.#accepting?.resolve();
  }

  /**
   * Waits for the next connection.
   *
   * @throws {BadResource} the listener is closed
   * @throws {Busy} another `accept` waits
   */
  async accept(): Promise<C> {
    if (this.#accepting !== null) throw busy();
    for (;;) {
      if (this.#closed) throw badResource("Listener has been closed");
      const conn = this.#next();
      if (conn !== null) return conn;
      this.#accepting = new Wait<void>(this.#waits, () => `accept on ${this.#describe()}`, true);
      try {
        await this.#accepting.promise;
      } finally {
        this.#accepting = null;
      }
    }
  }

  /**
   * Stops listening; a pending `accept` fails, connections that nobody accepted are reset.
   *
   * @throws {BadResource} it is closed already
   */
  close(): void {
    if (this.#closed) throw badResource();
    this.#closed = true;
    this.#socket.close();
    this.#accepting?.resolve();
  }

  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** Stops listening, if it listens. */
  [Symbol.dispose](): void {
    if (!this.#closed) this.close();
  }

  /** Connections as they come, until the listener is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<C> {
    return untilClosed(() => this.accept(), () => this.#closed);
  }
}

function busy(): Error {
  return new errors.Busy("Another accept task is ongoing");
}
