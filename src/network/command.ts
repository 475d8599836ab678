/** Deno's `Command` of a namespace: the emulated programs, with streams. */
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { type RunningCommand, spawnProgram } from "../shell/execute.ts";
import { SIGNALS } from "../shell/signals.ts";
import { Passing, Pipe } from "../shell/streams.ts";
import { errors } from "../socket/errors.ts";
import { KernelError } from "../wire/errno.ts";

/** As Deno's `Signal`. */
export type Signal =
  | "SIGABRT"
  | "SIGALRM"
  | "SIGBREAK"
  | "SIGBUS"
  | "SIGCHLD"
  | "SIGCONT"
  | "SIGEMT"
  | "SIGFPE"
  | "SIGHUP"
  | "SIGILL"
  | "SIGINFO"
  | "SIGINT"
  | "SIGIO"
  | "SIGPOLL"
  | "SIGUNUSED"
  | "SIGKILL"
  | "SIGPIPE"
  | "SIGPROF"
  | "SIGPWR"
  | "SIGQUIT"
  | "SIGSEGV"
  | "SIGSTKFLT"
  | "SIGSTOP"
  | "SIGSYS"
  | "SIGTERM"
  | "SIGTRAP"
  | "SIGTSTP"
  | "SIGTTIN"
  | "SIGTTOU"
  | "SIGURG"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGVTALRM"
  | "SIGWINCH"
  | "SIGXCPU"
  | "SIGXFSZ";

/** As Deno's `CommandOptions`, as far as it applies here. */
export interface CommandOptions {
  /** What follows the name. */
  args?: string[];
  /** The directory in the machine's files; default `/root`. */
  cwd?: string | URL;
  /** Variables, beside those that a login has. */
  env?: Record<string, string>;
  /** Ends the program with SIGTERM when it is aborted. */
  signal?: AbortSignal;
  /** Without the variables of a login. Default false. */
  clearEnv?: boolean;
  /** Default `null`; there is nothing to inherit. */
  stdin?: "piped" | "inherit" | "null";
  /** Default `piped`. */
  stdout?: "piped" | "inherit" | "null";
  /** Default `piped`. */
  stderr?: "piped" | "inherit" | "null";
}

/** As Deno's `CommandStatus`. */
export interface CommandStatus {
  /** Whether the code is 0. */
  success: boolean;
  /** The exit code; 128 and the number of the signal that ended it. */
  code: number;
  /** The signal that ended it. */
  signal: Signal | null;
}

/** As Deno's `CommandOutput`. */
export interface CommandOutput extends CommandStatus {
  /** All that it wrote to standard output. */
  readonly stdout: Uint8Array<ArrayBuffer>;
  /** All that it wrote to standard error. */
  readonly stderr: Uint8Array<ArrayBuffer>;
}

/** As Deno's `SubprocessReadableStream`. */
export interface PrintedStream extends ReadableStream<Uint8Array<ArrayBuffer>> {
  /** All of it, when the program has ended. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** All of it as octets. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** All of it as the value that its JSON text stands for. */
  // deno-lint-ignore no-explicit-any
  json(): Promise<any>;
  /** All of it as text. */
  text(): Promise<string>;
}

/** A readable stream of what a program prints. */
class Printed extends Passing {
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #ended = false;
  readonly stream: PrintedStream;

  constructor(wake: () => void) {
    super((data) => {
      if (this.#ended) return;
      wake();
      this.#controller.enqueue(data.slice());
    });
    const stream: ReadableStream<Uint8Array<ArrayBuffer>> = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#ended = true;
      },
    });
    const whole = () => new Response(stream);
    this.stream = Object.assign(stream, {
      arrayBuffer: () => whole().arrayBuffer(),
      bytes: async () => new Uint8Array(await whole().arrayBuffer()),
      json: () => whole().json(),
      text: () => whole().text(),
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller.close();
  }
}

/** As Deno's `ChildProcess`: a program that runs. */
export class ChildProcess {
  /** Its number on the emulated machine. */
  readonly pid: number;
  /** How it ended. */
  readonly status: Promise<CommandStatus>;
  readonly #command: RunningCommand;
  readonly #stdin: Pipe | null;
  readonly #stdout: Printed | null;
  readonly #stderr: Printed | null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  /**
   * For `Command`.
   *
   * @internal
   */
  constructor(command: RunningCommand, stdin: Pipe | null, stdout: Printed | null, stderr: Printed | null) {
    this.#command = command;
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.pid = command.process.pid;
    this.status = command.done.then((code) => {
      stdout?.end();
      stderr?.end();
      return { success: code === 0, code, signal: command.process.killedBy as Signal | null };
    });
  }

  /**
   * What is written there the program reads; closing it is the end of its input.
   *
   * @throws {TypeError} `stdin` is not `piped`
   */
  get stdin(): WritableStream<Uint8Array<ArrayBufferLike>> {
    const pipe = this.#stdin;
    if (pipe === null) throw new TypeError("Cannot get 'stdin': 'stdin' is not piped");
    return this.#writable ??= new WritableStream({
      write: (chunk) => {
        if (pipe.broken) throw new errors.BrokenPipe("Broken pipe (os error 32)");
        pipe.write(chunk);
      },
      close: () => pipe.end(),
      abort: () => pipe.end(),
    });
  }

  /**
   * What it prints.
   *
   * @throws {TypeError} `stdout` is not `piped`
   */
  get stdout(): PrintedStream {
    if (this.#stdout === null) throw new TypeError("Cannot get 'stdout': 'stdout' is not piped");
    return this.#stdout.stream;
  }

  /**
   * What it prints to standard error.
   *
   * @throws {TypeError} `stderr` is not `piped`
   */
  get stderr(): PrintedStream {
    if (this.#stderr === null) throw new TypeError("Cannot get 'stderr': 'stderr' is not piped");
    return this.#stderr.stream;
  }

  /** Waits for the end, and gives all that was printed. */
  async output(): Promise<CommandOutput> {
    const [status, stdout, stderr] = await Promise.all([this.status, bytesOf(this.#stdout), bytesOf(this.#stderr)]);
    return { ...status, stdout, stderr };
  }

  /** Sends a signal; default `SIGTERM`. */
  kill(signal: Signal | number = "SIGTERM"): void {
    this.#command.process.kill(typeof signal === "number" ? `SIG${SIGNALS[signal]}` : signal);
  }

  /** Nothing: virtual time is kept going by `run`, not by open resources. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** Ends the program with SIGTERM and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.status;
  }
}

async function bytesOf(printed: Printed | null): Promise<Uint8Array<ArrayBuffer>> {
  return printed === null ? new Uint8Array(0) : await printed.stream.bytes();
}

/** A program of the emulated machine, as Deno's `Command`. */
export class Command {
  readonly #start: (options: CommandOptions) => ChildProcess;
  readonly #options: CommandOptions;

  /**
   * For the classes that `Namespace.Command` gives.
   *
   * @internal
   */
  constructor(machine: Machine, kernel: NetworkNamespace, name: string | URL, options: CommandOptions = {}) {
    this.#options = options;
    this.#start = (how) => start(machine, kernel, [pathOf(name), ...(how.args ?? [])], how);
  }

  /** Runs it to its end and gives what it printed. */
  output(): Promise<CommandOutput> {
    return this.#start(this.#options).output();
  }

  /**
   * Starts it.
   *
   * @throws {NotFound} there is no program of this name
   */
  spawn(): ChildProcess {
    return this.#start(this.#options);
  }

  /**
   * Virtual time passes only while the program waits: there is no synchronous form.
   *
   * @throws {NotSupported} always
   */
  outputSync(): CommandOutput {
    throw new errors.NotSupported("Command.outputSync: virtual time cannot pass in a synchronous call; use output()");
  }
}

function pathOf(path: string | URL): string {
  return typeof path === "string" ? path : decodeURIComponent(path.pathname);
}

function start(machine: Machine, kernel: NetworkNamespace, argv: string[], options: CommandOptions): ChildProcess {
  const { waits, scheduler } = kernel.world;
  const wake = () => {
    scheduler.woken = true;
  };
  const stdin = options.stdin === "piped" ? new Pipe(waits) : null;
  const stdout = options.stdout === "null" ? null : new Printed(wake);
  const stderr = options.stderr === "null" ? null : new Printed(wake);
  const nowhere = new Passing(() => {});
  try {
    const command = spawnProgram(machine, kernel, argv, {
      stdin: stdin ?? "",
      stdout: stdout ?? nowhere,
      stderr: stderr ?? nowhere,
      env: options.env,
      clearEnv: options.clearEnv,
      cwd: options.cwd === undefined ? undefined : pathOf(options.cwd),
      signal: options.signal,
    });
    return new ChildProcess(command, stdin, stdout, stderr);
  } catch (error) {
    if (error instanceof KernelError) {
      throw new errors.NotFound(`Failed to spawn '${argv[0]}': No such file or directory (os error 2)`);
    }
    throw error;
  }
}
