/** What a running program has, as tools see it; src/shell makes them. */
import type { FileView } from "../namespace/file_system.ts";
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";

/** Where a program reads octets. `read` gives null at the end, and when `signal` is aborted. */
export interface InputStream {
  read(signal?: AbortSignal): Promise<Uint8Array | null>;
  /** What is there already, without waiting: null at the end, undefined when one would have to wait. */
  poll(): Uint8Array | null | undefined;
  /** Gives octets back: they are read again before what follows. */
  unread?(data: Uint8Array): void;
  /** Octets of the regular file that this is; undefined when it is none. */
  readonly size?: number;
  /** Only a terminal has it: asks for a line that is not shown, as `readpassphrase` does; null at the end of the input. */
  readonly askSecret?: (prompt: string) => string | null;
  /** Only a terminal has it: hands on each key as it is, unseen, or (as at first) lines, shown. */
  readonly setRaw?: (on: boolean) => void;
}

/** Where a program writes text or octets: never waits, and is seen at once by who reads. */
export interface OutputStream {
  write(data: string | Uint8Array): void;
  /** A pipe whose reader has gone: the writer of a real pipe would get SIGPIPE. */
  readonly broken: boolean;
  /** A terminal (the interactive shell), as `isatty` says. */
  readonly terminal: boolean;
}

export interface SpawnOptions {
  namespace?: NetworkNamespace;
  files?: FileView;
  stdin?: InputStream;
  stdout?: OutputStream;
  stderr?: OutputStream;
  env?: ReadonlyMap<string, string>;
  cwd?: string;
  /** The program takes the place of this process, number included, as `exec` has it. */
  inPlace?: boolean;
}

export interface Process {
  readonly pid: number;
  /** The words after the program's name. */
  readonly args: readonly string[];
  /** The name it was called by. */
  readonly name: string;
  readonly machine: Machine;
  /** `ip netns exec` starts a process in another namespace, with that one's files laid over the machine's. */
  readonly namespace: NetworkNamespace;
  /** The machine's files as this process sees them (`/etc/netns/NAME` laid over `/etc`, its namespace's `/proc/net` and `/sys`). */
  readonly files: FileView;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /**
   * Aborted when the process is told to end: `reason` is "SIGINT" (Ctrl-C), "SIGTERM", "SIGPIPE" or another. Only a signal that
   * the tool `handles` leaves it anything to do; any other has ended it: waits throw, what is written is lost, and its exit
   * code is the signal's.
   */
  readonly signal: AbortSignal;
  readonly env: Map<string, string>;
  cwd: string;
  /** Virtual milliseconds; ends early, without an error, when `signal` is aborted. */
  sleep(ms: number): Promise<void>;
  /**
   * Waits for a call from the kernel side (a socket's slot, a timer): `start` is handed the function that ends the wait.
   * Ends early when `signal` is aborted, and after `ms` of virtual time if given. True when `start`'s function ended it.
   * `what` says what is waited for, in a DeadlockError.
   */
  wait(what: string, start: (done: () => void) => void, ms?: number): Promise<boolean>;
  /** Starts another program and waits for its exit code; options default to this process's own. 127 when there is none. */
  spawn(argv: string[], options?: SpawnOptions): Promise<number>;
  /** Starts another program and leaves it running; null when there is none. */
  start(argv: string[], options?: SpawnOptions): StartedProcess | null;
}

/** A program that another one started. */
export interface StartedProcess {
  readonly pid: number;
  /** Its exit code: 128 and the signal's number when a signal ended it. */
  readonly done: Promise<number>;
  /** Sends it a signal: "SIGTERM", "SIGINT", …. */
  kill(signal: string): void;
}

/** A program: prints, waits, and returns its exit code. */
export interface Tool {
  (process: Process): number | Promise<number>;
  /** Signals that it asked for: `process.signal` tells of them, and the tool ends by itself (ping's statistics on SIGINT). */
  readonly handles?: readonly string[];
}

/** A tool that asks for signals. */
export function handling(tool: (process: Process) => number | Promise<number>, ...signals: string[]): Tool {
  return Object.assign((process: Process) => tool(process), { handles: signals });
}
