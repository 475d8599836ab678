/**
 * npm `ssh2`, loaded when it is first used. It is not imported before, and never from the core: `mod.ts` does not know this folder,
 * so a bundle for browsers has nothing of it. Of its optional native parts none is needed, and no permission is.
 *
 * @module
 */
import type { World } from "../device/world.ts";
import type { NodeDuplex, Octets } from "../tls/platform.ts";

/** A key that ssh2 has parsed. */
export interface ParsedKey {
  /** `ssh-ed25519` */
  readonly type: string;
  readonly comment: string;
  /** The public half as it goes over the wire (RFC 4253, 6.6). */
  getPublicSSH(): Octets;
  isPrivateKey(): boolean;
  equals(other: ParsedKey): boolean;
  verify(data: Uint8Array, signature: Uint8Array, hash?: string): boolean | Error;
}

interface Emitter {
  // deno-lint-ignore no-explicit-any -- a Node emitter hands over what each event has
  on(event: string, listener: (...args: any[]) => void): this;
  // deno-lint-ignore no-explicit-any
  once(event: string, listener: (...args: any[]) => void): this;
}

/** A channel of a session (RFC 4254, 5), on either side. */
export interface Channel extends Emitter {
  readonly stderr: Emitter & { write(data: Uint8Array | string): boolean };
  write(data: Uint8Array | string): boolean;
  end(): void;
  close(): void;
  /** The server's way to tell of the end: a code, or a signal's name without `SIG`. */
  exit(codeOrSignal: number | string, coreDumped?: boolean, message?: string): void;
  /** The client's way to send a signal, by name without `SIG`. */
  signal(name: string): void;
}

export interface AuthAnswer {
  type: "none" | "password" | "publickey";
  username: string;
  password?: string;
  key?: ParsedKey;
}

export interface ClientConfig {
  sock: NodeDuplex;
  username: string;
  ident: string;
  readyTimeout: number;
  keepaliveInterval: number;
  algorithms?: { [kind: string]: readonly string[] };
  hostVerifier(key: Octets, answer: (trusted: boolean) => void): void;
  authHandler(
    left: readonly string[] | null,
    partial: boolean | null,
    answer: (next: AuthAnswer | false) => void,
  ): void;
}

export interface Client extends Emitter {
  connect(config: ClientConfig): void;
  exec(command: string, options: SessionOptions, ready: (error: Error | undefined, channel: Channel) => void): void;
  shell(
    window: PseudoTerminal | false,
    options: SessionOptions,
    ready: (error: Error | undefined, channel: Channel) => void,
  ): void;
  end(): void;
}

export interface PseudoTerminal {
  term?: string;
  rows?: number;
  cols?: number;
}

export interface SessionOptions {
  pty?: PseudoTerminal | boolean;
}

/** A request of a client to be let in. */
export interface AuthContext {
  readonly method: string;
  readonly username: string;
  readonly password: string;
  readonly key: { algo: string; data: Octets };
  readonly blob?: Octets;
  readonly signature?: Octets;
  readonly hashAlgo?: string;
  accept(): void;
  reject(methodsLeft?: readonly string[]): void;
}

export interface ServerConnection extends Emitter {
  end(): void;
}

export interface Ssh2 {
  Client: new () => Client;
  Server:
    & (new (
      config: { hostKeys: readonly string[]; ident: string; algorithms?: { [kind: string]: readonly string[] } },
      listener: (client: ServerConnection) => void,
    ) => { injectSocket(socket: NodeDuplex): void })
    & { KEEPALIVE_CLIENT_INTERVAL: number };
  utils: { parseKey(data: Uint8Array | string, passphrase?: string): ParsedKey | ParsedKey[] | Error };
}

/** Told when the library cannot be had. */
export class LibraryError extends Error {
  override name = "LibraryError";
}

let loading: Promise<Ssh2> | null = null;

async function load(): Promise<Ssh2> {
  try {
    const [{ default: ssh2 }, { default: crypto }] = await Promise.all([
      import("ssh2") as Promise<{ default: Ssh2 }>,
      import("ssh2/lib/protocol/crypto.js") as Promise<{ default: { init: Promise<unknown> } }>,
    ]);
    // Its ciphers are compiled aside; connections that do not wait for that are the same in each run.
    await crypto.init;
    // A real timer, which would have real time decide what happens in virtual time.
    ssh2.Server.KEEPALIVE_CLIENT_INTERVAL = -1;
    return ssh2;
  } catch (error) {
    loading = null;
    throw new LibraryError(`npm:ssh2 cannot be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The library; virtual time stands still while it is loaded.
 *
 * @throws {LibraryError} it cannot be had
 */
export function ssh2Library(world: World): Promise<Ssh2> {
  return world.hold(loading ??= load());
}
