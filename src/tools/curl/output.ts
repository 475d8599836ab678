/** Where curl puts what it receives: standard output as stdio buffers it, or a file. */
import { KernelError, strerror } from "../../wire/errno.ts";
import type { Process } from "../process.ts";

/** What stdio keeps back when it does not write to a terminal. */
const STDIO_BUFFER = 4096;

/** Standard output. */
export class BufferedStdout {
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(readonly process: Process, readonly unbuffered: boolean) {}

  write(data: Uint8Array): void {
    this.#pieces.push(data);
    this.#size += data.length;
    if (this.unbuffered || this.#size > STDIO_BUFFER || this.process.stdout.terminal) this.flush();
  }

  flush(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    for (const piece of pieces) this.process.stdout.write(piece);
  }
}

/** A sink: false when it takes no more. */
export interface Sink {
  write(data: Uint8Array): boolean;
  /** All has come, if `good`; a file that got nothing is made then. */
  finish(good: boolean): void;
}

export function stdoutSink(process: Process, stdout: BufferedStdout): Sink {
  return {
    write(data) {
      stdout.write(data);
      return !process.stdout.broken;
    },
    finish: () => stdout.flush(),
  };
}

/** A file, made when the first octet comes. */
export function fileSink(
  process: Process,
  path: string,
  createDirs: boolean,
  append: boolean,
  warn: (words: string) => void,
): Sink {
  const whole = process.files.resolve(path, process.cwd);
  let opened = false;
  const put = (data: Uint8Array): boolean => {
    try {
      if (!opened && createDirs) {
        const slash = whole.lastIndexOf("/");
        if (slash > 0) process.files.makeDirectory(whole.slice(0, slash), { parents: true });
      }
      process.files.write(whole, data, { append: append || opened });
      opened = true;
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      warn(`Failed to open the file ${path}: ${strerror(error.errno)}`);
      return false;
    }
  };
  return {
    write: put,
    finish(good) {
      if (good && !opened) put(new Uint8Array(0));
    },
  };
}
