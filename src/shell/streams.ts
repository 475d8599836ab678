/** What stands between programs: pipes, files, and places that keep or pass on what is written. */
import type { FileView } from "../namespace/file_system.ts";
import { NamespaceFiles } from "../namespace/file_system.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import type { Waits } from "../time/waits.ts";
import type { InputStream, OutputStream } from "../tools/process.ts";

const encoder = new TextEncoder();

function octets(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? encoder.encode(data) : data;
}

/** Octets that a pipe holds at most: a program that never waits for its reader loses the rest, as if it had been ended. */
export const PIPE_LIMIT = 1 << 28;

/** A pipe without back-pressure. `end` is called when its last writer is gone, `abandon` when its reader is. */
export class Pipe implements InputStream, OutputStream {
  readonly terminal = false;
  broken = false;
  #chunks: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(readonly waits: Waits) {}

  write(data: string | Uint8Array): void {
    if (this.broken || this.#ended || data.length === 0) return;
    const chunk = octets(data);
    this.#held += chunk.length;
    if (this.#held > PIPE_LIMIT) return this.abandon();
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  abandon(): void {
    this.broken = true;
    this.#chunks = [];
    this.#held = 0;
  }

  unread(data: Uint8Array): void {
    if (data.length === 0) return;
    this.#chunks.unshift(data);
    this.#held += data.length;
  }

  poll(): Uint8Array | null | undefined {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return this.#ended ? null : undefined;
    this.#held -= chunk.length;
    return chunk;
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.poll();
      if (chunk !== undefined) return chunk;
      const woken = await this.waits.wait("read from a pipe", (done) => this.#wake = done, undefined, signal);
      this.#wake = null;
      if (!woken) return null;
    }
  }
}

/** Keeps what is written. */
export class Collector implements OutputStream {
  readonly broken = false;
  readonly terminal = false;
  #chunks: Uint8Array[] = [];

  write(data: string | Uint8Array): void {
    if (data.length > 0) this.#chunks.push(octets(data));
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [all];
    return all;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}

/** Passes on what is written. */
export class Passing implements OutputStream {
  readonly broken = false;
  constructor(readonly pass: (data: Uint8Array) => void, readonly terminal = false) {}

  write(data: string | Uint8Array): void {
    if (data.length > 0) this.pass(octets(data));
  }
}

/** A file that was opened for writing (it has been cut off already, unless it is appended to). */
export class FileOutput implements OutputStream {
  readonly broken = false;
  readonly terminal = false;

  constructor(readonly files: FileView, readonly path: string) {}

  /** Throws a KernelError: a sysctl refuses a value. */
  write(data: string | Uint8Array): void {
    if (data.length > 0) this.files.write(this.path, data, { append: true });
  }
}

/** Opens a file for writing; throws a KernelError as `open` does. */
export function openOutput(files: FileView, path: string, append: boolean): OutputStream {
  const made = files instanceof NamespaceFiles ? files.synthetic(path) : undefined;
  if (made === undefined) files.write(path, "", { append });
  else if (made.kind === "directory") throw new KernelError(Errno.EISDIR);
  else if (made.write === undefined) throw new KernelError(Errno.EACCES);
  return new FileOutput(files, path);
}
