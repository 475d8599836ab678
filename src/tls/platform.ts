/**
 * The platform's own modules, asked of it while the program runs: nothing is imported, so a bundle for browsers holds nothing of
 * them and `process.getBuiltinModule` (Deno, Node 22.3) answers where there are any.
 *
 * @module
 */
import { errors } from "../socket/errors.ts";

/** What this project uses of Node's `Buffer`: it is a `Uint8Array`. */
export type Octets = Uint8Array<ArrayBuffer>;

/** What this project uses of Node's `stream.Duplex`. */
export interface NodeDuplex {
  push(chunk: Uint8Array | null): boolean;
  destroy(error?: Error): void;
  write(data: Uint8Array | string, done?: (error?: Error | null) => void): boolean;
  end(): void;
  pause(): void;
  resume(): void;
  on(event: string, listener: (...args: never[]) => void): this;
  once(event: string, listener: (...args: never[]) => void): this;
  removeListener(event: string, listener: (...args: never[]) => void): this;
  readonly destroyed: boolean;
}

interface DuplexMethods {
  read(): void;
  write(chunk: Octets, encoding: string, done: (error?: Error | null) => void): void;
  writev(chunks: readonly { chunk: Octets }[], done: (error?: Error | null) => void): void;
  final(done: (error?: Error | null) => void): void;
  destroy(error: Error | null, done: (error: Error | null) => void): void;
}

/** What this project uses of Node's stream module. */
export interface StreamModule {
  Duplex: new (methods: DuplexMethods) => NodeDuplex;
}

/** A module of the platform; null in a browser. */
export function platformModule<T>(name: string): T | null {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): T | undefined } };
  return process?.getBuiltinModule?.(name) ?? null;
}

/**
 * A module of the platform that `what` cannot do without.
 *
 * @throws {NotSupported} there is none here
 */
export function requiredModule<T>(name: string, what: string): T {
  const found = platformModule<T>(name);
  if (found === null) throw new errors.NotSupported(`${what} needs ${name} of Deno or Node, which is not here`);
  return found;
}
