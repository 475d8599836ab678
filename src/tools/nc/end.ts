/** One side of socat: where octets come from, and where they go. */
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { openInput } from "../input.ts";
import type { InputStream, OutputStream, Process } from "../process.ts";
import type { Channel } from "./channel.ts";

export interface End {
  /** Null at the end. */
  read(): Promise<Uint8Array | null>;
  /** False when nothing can be written any more. */
  write(data: Uint8Array): Promise<boolean>;
  /** No more will be written. */
  finish(): void;
  close(): void;
  /** What has to end before socat may: a program that it started. */
  done(): Promise<void>;
}

const BUFFER = 8192;
const LARGEST_DATAGRAM = 65536;

/** A file that cannot be opened, in socat's words. */
export class FileError extends Error {}

export function standardEnd(process: Process, error: boolean): End {
  const output = error ? process.stderr : process.stdout;
  const closing = new AbortController();
  return {
    read: () => process.stdin.read(closing.signal),
    write: (data) => {
      output.write(data);
      return Promise.resolve(!output.broken);
    },
    finish: () => {},
    close: () => closing.abort(),
    done: () => Promise.resolve(),
  };
}

export function channelEnd(process: Process, channel: Channel): End {
  const buffer = new Uint8Array(channel.datagrams ? LARGEST_DATAGRAM : BUFFER);
  const waiters = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of [...waiters]) wake();
  };
  channel.onEvent(wakeAll);
  let closed = false;
  const event = async (): Promise<void> => {
    let own: (() => void) | null = null;
    await process.wait("socat's socket", (done) => waiters.add(own = done));
    if (own !== null) waiters.delete(own);
  };
  return {
    async read() {
      while (!closed) {
        const count = channel.read(buffer);
        if (count > 0) return buffer.slice(0, count);
        if (count === 0 && channel.datagrams) continue;
        if (count !== -Errno.EAGAIN || process.signal.aborted) return null;
        await event();
      }
      return null;
    },
    async write(data) {
      for (let at = 0; at < data.length;) {
        if (closed) return false;
        const count = channel.write(data.subarray(at));
        if (count >= 0) at += count;
        else if (count !== -Errno.EAGAIN || process.signal.aborted) return false;
        else await event();
      }
      return true;
    },
    finish: () => channel.shutdownWrite(),
    close: () => {
      closed = true;
      channel.close();
      wakeAll();
    },
    done: () => Promise.resolve(),
  };
}

/** @throws {FileError} */
export function openFile(
  process: Process,
  path: string,
  reads: boolean,
  writes: boolean,
  how: { create: boolean; append: boolean; truncate: boolean },
): End {
  const { files } = process;
  const full = files.resolve(path, process.cwd);
  let input: InputStream | null = null;
  try {
    const there = files.exists(full);
    if (!there && !how.create) throw new KernelError(Errno.ENOENT);
    if (writes && (!there || how.truncate)) files.write(full, "");
    if (reads) input = openInput(files, full);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const flags = (writes ? (reads ? 2 : 1) : 0) | (how.create ? 0o100 : 0);
    throw new FileError(`open("${path}", 0${flags.toString(8)}, 0666): ${strerror(error.errno)}`);
  }
  let first = !how.append && !how.truncate;
  let at = 0;
  return {
    read: () => input === null ? Promise.resolve(null) : input.read(),
    write: (data) => {
      if (first) {
        // Written over what is there, from its beginning.
        const was = files.read(full);
        const now = new Uint8Array(Math.max(was.length, at + data.length));
        now.set(was);
        now.set(data, at);
        files.write(full, now);
        at += data.length;
      } else files.write(full, data, { append: true });
      return Promise.resolve(true);
    },
    finish: () => first = false,
    close: () => {},
    done: () => Promise.resolve(),
  };
}

/** A pipe between socat and a program. */
class Pipe implements InputStream, OutputStream {
  broken = false;
  readonly terminal = false;
  readonly #pieces: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | null = null;

  write(data: string | Uint8Array): void {
    const octets = typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
    if (octets.length > 0) this.#pieces.push(octets);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  poll(): Uint8Array | null | undefined {
    return this.#pieces.shift() ?? (this.#ended ? null : undefined);
  }

  unread(data: Uint8Array): void {
    if (data.length > 0) this.#pieces.unshift(data);
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    for (;;) {
      const piece = this.poll();
      if (piece !== undefined) return piece;
      if (signal?.aborted) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
      this.#wake = null;
    }
  }
}

/** What is not wanted of its streams (`-u`) is socat's own. */
export function programEnd(process: Process, argv: string[], reads: boolean, writes: boolean): End {
  const input = new Pipe(), output = new Pipe();
  const program = process.start(argv, { ...(writes ? { stdin: input } : {}), ...(reads ? { stdout: output } : {}) });
  if (program === null) {
    process.stderr.write(`socat[${process.pid}] E execvp("${argv[0]}", "${argv[0]}"): No such file or directory\n`);
    output.end();
  }
  const ended = (program?.done ?? Promise.resolve(1)).then(() => {
    input.broken = true;
    output.end();
  });
  return {
    read: () => output.read(),
    write: (data) => {
      input.write(data);
      return Promise.resolve(!input.broken);
    },
    finish: () => input.end(),
    close: () => {
      input.end();
      output.end();
      program?.kill("SIGTERM");
    },
    done: () => input.broken || !reads ? ended : Promise.resolve(),
  };
}
