/** The shell: runs what the parser gives, in bash's order and with bash's words. */
import type { FileView } from "../namespace/file_system.ts";
import { FixedInput } from "../tools/input.ts";
import type { InputStream, OutputStream } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { ArithmeticError, evaluate } from "./arithmetic.ts";
import { expandCommand, resolve } from "./assignments.ts";
import { builtins } from "./builtins.ts";
import { type Expander, expandPattern, expandText, expandWords, ExpansionError } from "./expand.ts";
import { runTest } from "./conditional.ts";
import { matches } from "./patterns.ts";
import { Parser } from "./parse.ts";
import type { ShellProcess } from "./process.ts";
import { findProgram } from "./programs.ts";
import { redirect } from "./redirect.ts";
import { signalNumber } from "./signals.ts";
import { Collector, Pipe } from "./streams.ts";
import {
  type AndOr,
  type Command,
  type List,
  type Pipeline,
  type Redirection,
  ShellSyntaxError,
  type SimpleCommand,
  type Word,
} from "./syntax.ts";
import { Traps } from "./traps.ts";
import { Variables } from "./variables.ts";

/** How deep functions may call each other. */
const CALL_LIMIT = 500;

/** Virtual ms that background commands have for ending by themselves after SIGTERM. */
const END_LIMIT_MS = 5000;

/** Status of a script that an expansion ended. */
const FATAL = 127;

/** The file descriptors of a command. */
export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Those above 2, which only redirections reach. */
  readonly others: ReadonlyMap<number, InputStream | OutputStream>;
}

/** A pipeline that runs in the background. */
export interface Job {
  readonly number: number;
  readonly process: ShellProcess;
  readonly done: Promise<number>;
  status: number | null;
}

/** `exit`, `return`, `break` and `continue` on their way out. */
export class Leave extends Error {
  constructor(readonly kind: "exit" | "return" | "break" | "continue", public value: number) {
    super(kind);
  }
}

export class Shell extends Variables implements Expander {
  readonly traps: Traps;
  readonly functions: Map<string, Command>;
  readonly jobs: Job[] = [];
  positional: readonly string[];
  /** `$?` */
  status = 0;
  /** `$!` */
  lastBackground = "";
  options: { errexit: boolean; xtrace: boolean; nounset: boolean; pipefail: boolean };
  streams: Streams;
  line = 1;
  /** Names that stand before complaints: `bash: line 1: `, or a script's. */
  interactive = false;
  loops = 0;
  calls = 0;
  #jobsStarted = 0;
  /** The status of a command is looked at: `set -e` does not end the shell. */
  #tested = 0;
  /** The whole of this shell is one command: a program may take its place. */
  #single = false;
  #substitutionStatus: number | null = null;

  constructor(readonly process: ShellProcess, readonly name: string, positional: readonly string[] = [], from?: Shell) {
    super(process.env, from);
    this.positional = positional;
    this.traps = new Traps(from?.traps);
    this.functions = new Map(from?.functions);
    this.options = { ...(from?.options ?? { errexit: false, xtrace: false, nounset: false, pipefail: false }) };
    this.streams = {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      others: from?.streams.others ?? new Map(),
    };
    if (from !== undefined) {
      this.line = from.line;
      this.status = from.status;
      this.lastBackground = from.lastBackground;
      this.loops = from.loops;
      this.calls = from.calls;
    }
  }

  get files(): FileView {
    return this.process.files;
  }

  get cwd(): string {
    return this.process.cwd;
  }

  override get(name: string): string | undefined {
    switch (name) {
      case "?":
        return String(this.status);
      case "$":
        return this.variables.get("$") ?? String(this.process.pid);
      case "!":
        return this.lastBackground;
      case "#":
        return String(this.positional.length);
      case "0":
        return this.name;
      case "-":
        return `${this.options.errexit ? "e" : ""}hB${this.interactive ? "i" : ""}${this.options.xtrace ? "x" : ""}`;
      case "PWD":
        return this.cwd;
      case "LINENO":
        return String(this.line);
      case "RANDOM":
        return String(this.process.namespace.random.below(32768));
      case "SECONDS":
        return String(Math.floor(this.process.machine.world.scheduler.now / 1e9));
      case "HOSTNAME":
        return this.variables.get(name) ?? this.process.machine.hostname;
    }
    return /^[0-9]+$/.test(name) ? this.positional[Number(name) - 1] : this.value(name);
  }

  get strict(): boolean {
    return this.options.nounset;
  }

  /** The environment of a program. */
  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const name of this.exported) {
      const value = this.variables.get(name);
      if (value !== undefined) env.set(name, value);
    }
    env.set("PWD", this.cwd);
    return env;
  }

  /** A complaint on standard error. */
  complain(words: string): void {
    const place = this.interactive ? `${this.name}: ` : `${this.name}: line ${this.line}: `;
    this.streams.stderr.write(`${place}${words}\n`);
  }

  /** Runs text to its end and gives the status of the last command; `where` stands before complaints about its syntax. */
  async runText(text: string, where: string): Promise<number> {
    const parser = new Parser(text);
    try {
      for (;;) {
        const list = parser.next();
        if (list === null) return this.status;
        await this.runList(list);
      }
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      const place = this.interactive ? `${where}: ` : `${where}: line ${error.line}: `;
      for (const line of error.message.split("\n")) this.streams.stderr.write(`${place}${line}\n`);
      if (error.text !== null) this.streams.stderr.write(`${place}\`${error.text}'\n`);
      return this.status = 2;
    }
  }

  async runList(list: List): Promise<number> {
    for (const andOr of list) {
      this.process.checkAlive();
      if (andOr.background) this.#startJob(andOr);
      else await this.#runAndOr(andOr);
      if (this.traps.waiting) await this.#runTraps();
    }
    return this.status;
  }

  /** Answers the signals that have come. */
  async #runTraps(): Promise<void> {
    for (let signal = this.traps.next(); signal !== undefined; signal = this.traps.next()) {
      const text = this.traps.commands.get(signal);
      if (text === undefined) throw new Leave("exit", 128 + signalNumber(signal));
      const before = this.status;
      await this.runText(text, this.name);
      this.status = before;
    }
  }

  /** The shell's end, with `trap … EXIT`: gives its exit code. */
  async end(code: number): Promise<number> {
    const text = this.traps.commands.get("SIGEXIT");
    this.traps.commands.delete("SIGEXIT");
    if (text === undefined || text === "") return code;
    this.status = code;
    try {
      await this.runText(text, this.name);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      if (error.kind === "exit") return error.value;
    }
    return code;
  }

  async #runAndOr(andOr: AndOr): Promise<number> {
    const parts = [{ operator: "", pipeline: andOr.first }, ...andOr.rest];
    for (let i = 0; i < parts.length; i++) {
      const { operator, pipeline } = parts[i];
      if (operator === "&&" && this.status !== 0) continue;
      if (operator === "||" && this.status === 0) continue;
      const last = i === parts.length - 1;
      if (!last) this.#tested++;
      try {
        this.status = await this.#runPipeline(pipeline);
      } finally {
        if (!last) this.#tested--;
      }
      if (last && this.status !== 0 && !pipeline.negated) this.#leaveOnError();
    }
    return this.status;
  }

  #leaveOnError(): void {
    if (this.options.errexit && this.#tested === 0) throw new Leave("exit", this.status);
  }

  /** Runs what only asks a question: `set -e` stays quiet. */
  async #runCondition(list: List): Promise<number> {
    this.#tested++;
    try {
      return await this.runList(list);
    } finally {
      this.#tested--;
    }
  }

  async #runPipeline(pipeline: Pipeline): Promise<number> {
    if (pipeline.negated) this.#tested++;
    try {
      const { commands } = pipeline;
      const status = commands.length === 1 ? await this.#runCommand(commands[0]) : await this.#runPiped(commands);
      return pipeline.negated ? (status === 0 ? 1 : 0) : status;
    } finally {
      if (pipeline.negated) this.#tested--;
    }
  }

  async #runPiped(commands: readonly Command[]): Promise<number> {
    const pipes = commands.slice(1).map(() => new Pipe(this.process.machine.world.waits));
    const running = commands.map(async (command, i) => {
      const shell = this.fork({
        ...this.streams,
        stdin: pipes[i - 1] ?? this.streams.stdin,
        stdout: pipes[i] ?? this.streams.stdout,
      });
      try {
        return await shell.runForked((own) => own.#runCommand(command), command.kind === "simple");
      } finally {
        pipes[i]?.end();
        pipes[i - 1]?.abandon();
        this.process.release(shell.process);
      }
    });
    const statuses = await Promise.all(running);
    this.process.checkAlive();
    const failed = this.options.pipefail ? statuses.findLast((status) => status !== 0) : undefined;
    return failed ?? statuses[statuses.length - 1];
  }

  /** A shell that begins as this one is: what it changes stays there. */
  fork(streams: Streams): Shell {
    const process = this.process.child(["bash"], {
      stdin: streams.stdin,
      stdout: streams.stdout,
      stderr: streams.stderr,
    });
    const shell = new Shell(process, this.name, this.positional, this);
    shell.streams = { ...shell.streams, others: streams.others };
    shell.set("$", this.get("$")!);
    return shell;
  }

  /** Runs a fork's only work in its process. */
  async runForked(work: (shell: Shell) => Promise<number>, single = false): Promise<number> {
    this.#single = single;
    return await this.process.run(async () => {
      let code: number;
      try {
        code = await work(this);
      } catch (error) {
        if (!(error instanceof Leave)) throw error;
        code = error.kind === "exit" || error.kind === "return" ? error.value : 0;
      }
      return await this.end(code);
    });
  }

  #startJob(andOr: AndOr): void {
    const shell = this.fork({ ...this.streams, stdin: this.interactive ? this.streams.stdin : new FixedInput("") });
    const { commands } = andOr.first;
    const single = andOr.rest.length === 0 && commands.length === 1 && commands[0].kind === "simple";
    const done = shell.runForked((own) => own.#runAndOr({ ...andOr, background: false }), single);
    const job: Job = { number: ++this.#jobsStarted, process: shell.process, done, status: null };
    done.then((status) => {
      job.status = status;
      this.process.release(shell.process);
    }, () => {});
    this.jobs.push(job);
    this.lastBackground = String(shell.process.pid);
    if (this.interactive) this.streams.stderr.write(`[${job.number}] ${shell.process.pid}\n`);
    this.status = 0;
  }

  /** What a `$( … )` prints. */
  async substitute(body: List): Promise<string> {
    const file = body.length === 1 ? onlyInput(body[0]) : null;
    if (file !== null) return await this.#contents(file);
    const collector = new Collector();
    const shell = this.fork({ ...this.streams, stdout: collector });
    this.status = this.#substitutionStatus = await shell.runForked((own) => own.runList(body));
    this.process.release(shell.process);
    this.process.checkAlive();
    return collector.text().replaceAll("\0", "").replace(/\n+$/, "");
  }

  /** `$(< FILE)` */
  async #contents(redirection: Redirection): Promise<string> {
    const streams = await redirect(this, [redirection]);
    this.#substitutionStatus = streams === null ? 1 : 0;
    const data = streams === null ? null : await streams.stdin.read();
    return new TextDecoder().decode(data ?? new Uint8Array(0)).replace(/\n+$/, "");
  }

  async #runCommand(command: Command): Promise<number> {
    this.line = command.line;
    try {
      if (command.kind === "simple") return await this.#runSimple(command);
      return await this.#redirected(command.redirections, () => this.#runCompound(command));
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error;
      this.complain(error.message);
      if (error.fatal && !this.interactive) throw new Leave("exit", FATAL);
      return 1;
    }
  }

  /** Runs `work` with redirections in force; 1 when one of them cannot be. */
  async #redirected(redirections: readonly Redirection[], work: () => Promise<number>): Promise<number> {
    if (redirections.length === 0) return await work();
    const before = this.streams;
    try {
      const streams = await redirect(this, redirections);
      if (streams === null) return 1;
      this.streams = streams;
      return await work();
    } finally {
      this.streams = before;
    }
  }

  async #runCompound(command: Exclude<Command, SimpleCommand>): Promise<number> {
    switch (command.kind) {
      case "group": {
        if (!command.subshell) return await this.runList(command.body);
        const shell = this.fork(this.streams);
        try {
          return await shell.runForked((own) => own.runList(command.body));
        } finally {
          this.process.release(shell.process);
        }
      }
      case "for":
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(command.name)) {
          this.complain(`\`${command.name}': not a valid identifier`);
          return 1;
        }
        return await this.#runLoop(
          (command.words === null ? [...this.positional] : await expandWords(this, command.words))[Symbol.iterator](),
          (value: string) => {
            this.set(command.name, value);
            return Promise.resolve(true);
          },
          command.body,
        );
      case "count": {
        if (await this.#arithmetic(command.first) === null) return 1;
        const steps = { next: () => ({ value: count++, done: false as const }) };
        let count = 0;
        let failed = false;
        const status = await this.#runLoop(steps, async (n) => {
          const stepped = n === 0 ? 1n : await this.#arithmetic(command.step);
          const value = stepped === null ? null : await this.#arithmetic(command.condition, 1n);
          failed = value === null;
          return value !== null && value !== 0n;
        }, command.body);
        return failed ? 1 : status;
      }
      case "arithmetic":
        return await this.#arithmetic(command.expression) ? 0 : 1;
      case "test":
        return await runTest(this, command.test);
      case "while": {
        const forever: Iterator<undefined> = { next: () => ({ value: undefined, done: false }) };
        const goesOn = async () => (await this.#runCondition(command.condition) === 0) !== command.until;
        return await this.#runLoop(forever, goesOn, command.body);
      }
      case "if":
        for (const { condition, body } of command.branches) {
          if (await this.#runCondition(condition) === 0) return await this.runList(body);
        }
        return command.otherwise === null ? 0 : await this.runList(command.otherwise);
      case "case": {
        const text = await expandText(this, command.word);
        for (const { patterns, body } of command.clauses) {
          for (const pattern of patterns) {
            if (!matches(await expandPattern(this, pattern), text)) continue;
            this.status = 0;
            return await this.runList(body);
          }
        }
        return 0;
      }
      case "function":
        this.functions.set(command.name, command.body);
        return 0;
    }
  }

  /** The value of `(( … ))`, `empty` when nothing stands there; null when the complaint has been written. */
  async #arithmetic(expression: Word, empty = 0n): Promise<bigint | null> {
    const text = await expandText(this, expression);
    if (this.options.xtrace) this.streams.stderr.write(`+ (( ${text} ))\n`);
    try {
      return text.trim() === "" ? empty : evaluate(text, this);
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      this.complain(`((: ${error.message}`);
      return null;
    }
  }

  async #runLoop<T>(values: Iterator<T>, prepare: (value: T) => Promise<boolean>, body: List): Promise<number> {
    let status = 0;
    this.loops++;
    try {
      for (let next = values.next(); !next.done; next = values.next()) {
        this.process.checkAlive();
        if (!await prepare(next.value)) break;
        try {
          status = await this.runList(body);
        } catch (error) {
          if (!(error instanceof Leave) || (error.kind !== "break" && error.kind !== "continue")) throw error;
          status = 0;
          if (error.value > 1 && this.loops > 1) throw new Leave(error.kind, error.value - 1);
          if (error.kind === "break") break;
        }
      }
    } finally {
      this.loops--;
    }
    return status;
  }

  async #runSimple(command: SimpleCommand): Promise<number> {
    this.#substitutionStatus = null;
    const words = await expandCommand(this, command.words);
    const assignments: [name: string, value: string][] = [];
    for (const assignment of command.assignments) {
      const resolved = await resolve(this, assignment);
      if (resolved === null) continue;
      assignments.push(resolved);
      if (words.length === 0) this.set(...resolved);
    }
    if (this.options.xtrace) this.#trace(assignments, words);
    const streams = await redirect(this, command.redirections);
    if (streams === null) return 1;
    if (words.length === 0) return this.#substitutionStatus ?? 0;
    const status = await this.#withStreams(streams, () => this.runWords(words, assignments));
    for (const array of command.arrays) if (status === 0) await resolve(this, array);
    return status;
  }

  #trace(assignments: readonly (readonly [string, string])[], words: readonly string[]): void {
    const quote = (word: string): string =>
      word === "" || /[^a-zA-Z0-9_.,:\/=@%+-]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
    for (const [name, value] of assignments) {
      this.streams.stderr.write(`+ ${name}=${value === "" ? "" : quote(value)}\n`);
    }
    if (words.length > 0) this.streams.stderr.write(`+ ${words.map(quote).join(" ")}\n`);
  }

  async #withStreams(streams: Streams, work: () => Promise<number>): Promise<number> {
    const before = this.streams;
    this.streams = streams;
    try {
      return await work();
    } finally {
      // `exec` without a program has its redirections stay.
      if (this.streams === streams) this.streams = before;
    }
  }

  /** Runs a command whose words are known: a function, a builtin, or a program. */
  async runWords(
    words: string[],
    assignments: readonly (readonly [string, string])[] = [],
    plain = false,
  ): Promise<number> {
    const [name, ...args] = words;
    const definition = plain ? undefined : this.functions.get(name);
    if (definition !== undefined) return await this.#call(definition, args);
    const builtin = builtins.get(name);
    if (builtin !== undefined) {
      for (const [variable, value] of assignments) this.set(variable, value);
      return await this.#builtin(name, () => builtin(this, args));
    }
    const env = this.environment();
    for (const [variable, value] of assignments) env.set(variable, value);
    return await this.runProgram(words, env);
  }

  async #builtin(name: string, run: () => number | Promise<number>): Promise<number> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.complain(`${name}: write error: ${strerror(error.errno)}`);
      return 1;
    }
  }

  async runProgram(words: string[], env: ReadonlyMap<string, string>, inPlace = this.#single): Promise<number> {
    const program = findProgram(words[0]);
    if (program === null) return this.#notFound(words[0]);
    const process = this.process.child(words, { ...this.streams, env, inPlace });
    try {
      const status = await process.run(program);
      this.process.checkAlive();
      return status;
    } finally {
      this.process.release(process);
    }
  }

  #notFound(name: string): number {
    if (!name.includes("/")) {
      this.complain(`${name}: command not found`);
      return 127;
    }
    const path = this.files.resolve(name, this.cwd);
    const exists = this.files.exists(path);
    const directory = exists && this.files.stat(path).kind === "directory";
    this.complain(
      `${name}: ${directory ? "Is a directory" : exists ? "Permission denied" : "No such file or directory"}`,
    );
    return exists ? 126 : 127;
  }

  async #call(body: Command, args: readonly string[]): Promise<number> {
    if (this.calls >= CALL_LIMIT) {
      this.complain(`maximum function nesting level exceeded (${CALL_LIMIT})`);
      return 1;
    }
    const before = this.positional;
    this.positional = args;
    this.calls++;
    this.scopes.enter();
    try {
      return await this.#runCommand(body);
    } catch (error) {
      if (error instanceof Leave && error.kind === "return") return error.value;
      throw error;
    } finally {
      this.scopes.leave();
      this.positional = before;
      this.calls--;
    }
  }

  /** Ends what still runs in the background, and waits until it has. */
  async endJobs(): Promise<void> {
    const running = this.jobs.filter((job) => job.status === null);
    for (const job of running) job.process.kill("SIGTERM");
    const all = Promise.all(running.map((job) => job.done));
    const { waits } = this.process.machine.world;
    await waits.wait("the end of background commands", (done) => void all.then(done, done), END_LIMIT_MS);
    for (const job of running) if (job.status === null) job.process.kill("SIGKILL");
    await all;
  }
}

/** The redirection of a command that is nothing but `< FILE`. */
function onlyInput({ first, rest }: AndOr): Redirection | null {
  const [command] = first.commands;
  if (rest.length > 0 || first.commands.length > 1 || command.kind !== "simple") return null;
  if (command.words.length + command.assignments.length > 0 || command.redirections.length !== 1) return null;
  return command.redirections[0].operator === "<" ? command.redirections[0] : null;
}
