/** What programs read: octets that are there from the start, files by name, and lines as they come. */
import { type FileView, NamespaceFiles } from "../namespace/file_system.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import type { InputStream, Process } from "./process.ts";

/** Octets that are there from the start. */
export class FixedInput implements InputStream {
  #data: Uint8Array | null;
  /** Of a regular file. */
  readonly size: number;

  constructor(data: string | Uint8Array) {
    const octets = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.size = octets.length;
    this.#data = octets.length === 0 ? null : octets;
  }

  poll(): Uint8Array | null {
    const data = this.#data;
    this.#data = null;
    return data;
  }

  read(): Promise<Uint8Array | null> {
    return Promise.resolve(this.poll());
  }

  unread(data: Uint8Array): void {
    if (data.length > 0) this.#data = data;
  }
}

/** A device that never ends (`/dev/zero`). */
class DeviceInput implements InputStream {
  constructor(readonly piece: () => Uint8Array) {}

  poll(): Uint8Array {
    return this.piece();
  }

  read(): Promise<Uint8Array | null> {
    return Promise.resolve(this.piece());
  }
}

/** Opens a file for reading; throws a KernelError as `open` and the first `read` do. */
export function openInput(files: FileView, path: string): InputStream {
  const made = files instanceof NamespaceFiles ? files.synthetic(path) : undefined;
  if (made?.piece !== undefined) return new DeviceInput(made.piece);
  return new FixedInput(files.read(path));
}

/** An operand's file, `-` being standard input; null when the complaint (`PROGRAM: FILE: …`) has been written. */
export function openOperand(
  process: Process,
  operand: string,
  complaint = (words: string): string => `${process.name}: ${operand}: ${words}`,
): InputStream | null {
  if (operand === "-") return process.stdin;
  try {
    return openInput(process.files, process.files.resolve(operand, process.cwd));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`${complaint(strerror(error.errno))}\n`);
    return null;
  }
}

/** All of a stream. */
export async function readAll(input: InputStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await input.read(); piece !== null; piece = await input.read()) {
    pieces.push(piece);
    length += piece.length;
  }
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** A stream's lines as they come, without their ends; `ended` is false for a last one that has none. */
export async function* readLines(input: InputStream): AsyncGenerator<{ line: string; ended: boolean }> {
  const decoder = new TextDecoder();
  let rest = "";
  for (let piece = await input.read(); piece !== null; piece = await input.read()) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield { line, ended: true };
  }
  rest += decoder.decode();
  if (rest !== "") yield { line: rest, ended: false };
}

/** The complaint about options as GNU's small programs end it. */
export function tryHelp(process: Process): (sentence: string) => void {
  return (sentence) => process.stderr.write(`${sentence}\nTry '${process.name} --help' for more information.\n`);
}
