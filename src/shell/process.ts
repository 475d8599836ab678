/** A running program: its number, streams, signals and end. */
import type { FileView } from "../namespace/file_system.ts";
import type { Machine, RunningProcess } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import type { InputStream, OutputStream, Process, SpawnOptions, StartedProcess, Tool } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { findProgram } from "./programs.ts";
import { endsProcess, signalNumber } from "./signals.ts";

/** What a process begins with. */
export interface Surroundings {
  readonly machine: Machine;
  readonly namespace: NetworkNamespace;
  readonly files: FileView;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** The process that this one takes the place of (`exec`), whose number it keeps. */
  readonly inPlaceOf?: RunningProcess;
}

/** Unwinds a program that a signal has ended; the shell's own, no tool sees it but in `finally`. */
class Killed extends Error {
  override name = "Killed";
}

/** An output of a process: silent once the process has been ended by a signal, which a reader that has gone sends. */
class ProcessOutput implements OutputStream {
  constructor(readonly inner: OutputStream, readonly process: ShellProcess) {}

  get broken(): boolean {
    return this.inner.broken;
  }

  get terminal(): boolean {
    return this.inner.terminal;
  }

  write(data: string | Uint8Array): void {
    if (this.process.killedBy !== null) return;
    if (this.inner.broken) this.process.kill("SIGPIPE");
    else this.inner.write(data);
  }
}

class ProcessInput implements InputStream {
  constructor(readonly inner: InputStream, readonly process: ShellProcess) {}

  get size(): number | undefined {
    return this.inner.size;
  }

  poll(): Uint8Array | null | undefined {
    return this.inner.poll();
  }

  unread(data: Uint8Array): void {
    this.inner.unread?.(data);
  }

  get askSecret(): InputStream["askSecret"] {
    return this.inner.askSecret?.bind(this.inner);
  }

  get setRaw(): InputStream["setRaw"] {
    return this.inner.setRaw?.bind(this.inner);
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    const own = this.process.signal;
    const data = await this.inner.read(signal === undefined ? own : AbortSignal.any([own, signal]));
    this.process.checkAlive();
    return data;
  }
}

export class ShellProcess implements Process, RunningProcess {
  readonly pid: number;
  readonly machine: Machine;
  readonly namespace: NetworkNamespace;
  readonly files: FileView;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Map<string, string>;
  cwd: string;
  /** The signal that ended it, or null. */
  killedBy: string | null = null;
  /** What a shell's `trap` makes of a signal: true when it is answered there, `"ends"` when the children still end. */
  onSignal: ((signal: string) => boolean | "ends") | null = null;
  readonly #controller = new AbortController();
  readonly #children = new Set<ShellProcess>();
  readonly #traps: Set<string>;
  /** The program that took this one's place: what is sent to this number is for it. */
  #successor: ShellProcess | null = null;

  constructor(
    readonly name: string,
    readonly args: readonly string[],
    from: Surroundings,
    traps: readonly string[] = [],
  ) {
    this.machine = from.machine;
    this.namespace = from.namespace;
    this.files = from.files;
    this.pid = from.inPlaceOf?.pid ?? from.machine.takePid();
    this.stdin = new ProcessInput(from.stdin instanceof ProcessInput ? from.stdin.inner : from.stdin, this);
    this.stdout = this.#output(from.stdout);
    this.stderr = from.stderr === from.stdout ? this.stdout : this.#output(from.stderr);
    this.env = new Map(from.env);
    this.cwd = from.cwd;
    this.#traps = new Set(traps);
  }

  /** What another process was given is passed on as it is: that one's end is not this one's. */
  #output(stream: OutputStream): ProcessOutput {
    return new ProcessOutput(stream instanceof ProcessOutput ? stream.inner : stream, this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Sends a signal: what the program has asked for is told to it, any other that ends processes ends it and its children. */
  kill(signal: string): void {
    if (this.#successor !== null) return this.#successor.kill(signal);
    if (this.killedBy !== null) return;
    if (this.#traps.has(signal) && signal !== "SIGKILL") {
      this.#wake(signal);
      return;
    }
    const answer = signal === "SIGKILL" ? false : this.onSignal?.(signal) ?? false;
    if (answer !== false) {
      this.machine.world.scheduler.woken = true;
      if (answer === "ends") { for (const child of this.#children) child.kill(signal); }
      return;
    }
    if (!endsProcess(signal)) return;
    this.killedBy = signal;
    for (const child of this.#children) child.kill(signal);
    this.#wake(signal);
  }

  #wake(signal: string): void {
    this.machine.world.scheduler.woken = true;
    this.#controller.abort(signal);
  }

  /** Throws when a signal has ended the process: nothing more may happen in it. */
  checkAlive(): void {
    if (this.killedBy !== null) throw new Killed();
  }

  async sleep(ms: number): Promise<void> {
    await this.machine.world.waits.wait(
      () => `${this.name}[${this.pid}]: sleep of ${ms} ms`,
      () => {},
      ms,
      this.signal,
    );
    this.checkAlive();
  }

  async wait(what: string, start: (done: () => void) => void, ms?: number): Promise<boolean> {
    const ended = await this.machine.world.waits.wait(`${this.name}[${this.pid}]: ${what}`, start, ms, this.signal);
    this.checkAlive();
    return ended;
  }

  async spawn(argv: string[], options: SpawnOptions = {}): Promise<number> {
    return await this.start(argv, options)?.done ?? 127;
  }

  start(argv: string[], options: SpawnOptions = {}): StartedProcess | null {
    const program = findProgram(argv[0]);
    if (program === null) return null;
    const child = this.child(argv, options);
    const done = child.run(program).finally(() => this.release(child));
    return { pid: child.pid, done, kill: (signal) => child.kill(signal) };
  }

  /** A process that begins with what this one has; it is ended when this one is ended. */
  child(argv: readonly string[], options: SpawnOptions = {}): ShellProcess {
    const namespace = options.namespace ?? this.namespace;
    const program = findProgram(argv[0]);
    const child = new ShellProcess(argv[0].replace(/^.*\//, ""), argv.slice(1), {
      machine: this.machine,
      namespace,
      files: options.files ?? (namespace === this.namespace ? this.files : this.machine.files(namespace)),
      stdin: options.stdin ?? this.stdin,
      stdout: options.stdout ?? this.stdout,
      stderr: options.stderr ?? this.stderr,
      env: options.env ?? this.env,
      cwd: options.cwd ?? this.cwd,
      inPlaceOf: options.inPlace ? this : undefined,
    }, program?.handles);
    if (options.inPlace) this.#successor = child;
    this.adopt(child);
    return child;
  }

  /** Ctrl-C: the programs that it started get SIGINT, and those that they started; it goes on itself. */
  interrupt(): void {
    for (const child of this.#children) {
      let program = child;
      while (program.#successor !== null) program = program.#successor;
      program.kill("SIGINT");
      if (program.killedBy === null) program.interrupt();
    }
  }

  /** Has a process ended when this one is. */
  adopt(child: ShellProcess): void {
    this.#children.add(child);
    if (this.killedBy !== null) child.kill(this.killedBy);
  }

  /** The other way round: it goes on by itself. */
  release(child: ShellProcess): void {
    this.#children.delete(child);
    if (this.#successor === child) this.#successor = null;
  }

  /** Runs a program in this process and gives its exit code: 128 and the signal's number when a signal ended it. */
  async run(program: Tool): Promise<number> {
    this.machine.processStarted(this);
    try {
      this.checkAlive();
      const code = await program(this);
      // What a program did at this instant has its effects before another one looks.
      if (this.killedBy === null) await this.machine.world.waits.sleep(0);
      if (this.killedBy === null) return code & 255;
    } catch (error) {
      if (!(error instanceof Killed) && this.killedBy === null) return this.#failed(error);
    } finally {
      for (const child of this.#children) child.kill("SIGHUP");
      this.machine.processEnded(this);
    }
    return 128 + signalNumber(this.killedBy!);
  }

  /** A file that refuses what is written to it: a sysctl that takes no such value. */
  #failed(error: unknown): number {
    if (!(error instanceof KernelError)) throw error;
    this.stderr.write(`${this.name}: write error: ${strerror(error.errno)}\n`);
    return 1;
  }
}
