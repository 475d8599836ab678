/** What a running program has, as tools see it; src/shell makes them. */
import type { NetworkNamespace } from "../namespace/namespace.ts";

/** Where a program reads octets. `read` gives null at the end. */
export interface InputStream {
  read(): Promise<Uint8Array | null>;
}

/** Where a program writes text or octets: never waits, and is seen at once by who reads. */
export interface OutputStream {
  write(data: string | Uint8Array): void;
}

export interface Process {
  readonly pid: number;
  /** The words after the program's name. */
  readonly args: readonly string[];
  /** The name it was called by. */
  readonly name: string;
  /** `ip netns exec` starts a process in another namespace, with that one's files laid over the machine's. */
  readonly namespace: NetworkNamespace;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborted when the process is told to end: `reason` is "SIGINT" (Ctrl-C), "SIGTERM" or "SIGKILL". */
  readonly signal: AbortSignal;
  readonly env: Map<string, string>;
  cwd: string;
  /** Virtual milliseconds; ends early, without an error, when `signal` is aborted. */
  sleep(ms: number): Promise<void>;
  /** Starts another program and waits for its exit code; options default to this process's own. */
  spawn(
    argv: string[],
    options?: { namespace?: NetworkNamespace; stdin?: InputStream; stdout?: OutputStream; stderr?: OutputStream },
  ): Promise<number>;
}

/** A program: prints, waits, and returns its exit code. */
export type Tool = (process: Process) => number | Promise<number>;
