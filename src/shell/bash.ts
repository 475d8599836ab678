/** `bash` and `sh`: a shell as a program, and the ways in for those who run commands on a machine. */
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import type { InputStream, OutputStream, Process } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { ShellProcess } from "./process.ts";
import { addProgram, findProgram } from "./programs.ts";
import { Leave, Shell } from "./shell.ts";
import { Collector, FixedInput } from "./streams.ts";

/** What a login as root has. */
const ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ["HOME", "/root"],
  ["LC_ALL", "C"],
  ["LOGNAME", "root"],
  ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  ["SHELL", "/bin/bash"],
  ["TZ", "UTC"],
  ["USER", "root"],
]);

export interface RunOptions {
  readonly stdin?: InputStream | string | Uint8Array;
  /** Where output goes; kept for the answer when left out. */
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
  readonly env?: { readonly [name: string]: string };
  /** `/root` when left out. */
  readonly cwd?: string;
  /** Ends the command as SIGTERM does. */
  readonly signal?: AbortSignal;
  /** With `/etc/netns/NAME` laid over `/etc`, as `ip netns exec` has it: default true. */
  readonly overlay?: boolean;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was started. */
export interface RunningCommand {
  readonly process: ShellProcess;
  /** The exit code: 128 and the signal's number when a signal ended it (`process.killedBy`). */
  readonly done: Promise<number>;
}

function input(stdin: RunOptions["stdin"]): InputStream {
  return typeof stdin === "object" && "poll" in stdin ? stdin : new FixedInput(stdin ?? "");
}

/** The process of a program that nobody's child is. Throws a KernelError ENOENT when there is no such program. */
function start(
  machine: Machine,
  namespace: NetworkNamespace,
  argv: readonly string[],
  options: RunOptions,
): RunningCommand {
  const program = findProgram(argv[0]);
  if (program === null) throw new KernelError(2);
  const env = new Map(ENVIRONMENT);
  for (const [name, value] of Object.entries(options.env ?? {})) env.set(name, value);
  const process = new ShellProcess(argv[0].replace(/^.*\//, ""), argv.slice(1), {
    machine,
    namespace,
    files: machine.files(namespace, options.overlay ?? true),
    stdin: input(options.stdin),
    stdout: options.stdout ?? new Collector(),
    stderr: options.stderr ?? new Collector(),
    env,
    cwd: options.cwd ?? "/root",
  }, program.handles);
  const stop = () => process.kill("SIGTERM");
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop);
  const done = process.run(program).finally(() => options.signal?.removeEventListener("abort", stop));
  return { process, done };
}

/** Starts a program by its words (`Deno.Command`). Throws a KernelError ENOENT when there is no such program. */
export function spawnProgram(
  machine: Machine,
  namespace: NetworkNamespace,
  argv: readonly string[],
  options: RunOptions = {},
): RunningCommand {
  return start(machine, namespace, argv, options);
}

/** Runs a command line as `bash -c` does, to its end. What it leaves in the background is ended. */
export async function execute(
  machine: Machine,
  namespace: NetworkNamespace,
  commandLine: string,
  options: RunOptions = {},
): Promise<CommandResult> {
  const stdout = new Collector(), stderr = new Collector();
  const own = { ...options, stdout: options.stdout ?? stdout, stderr: options.stderr ?? stderr };
  const code = await start(machine, namespace, ["bash", "-c", commandLine], own).done;
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs a script whose text comes from outside of the machine; `name` stands before complaints, with the line. */
export function runScript(
  machine: Machine,
  namespace: NetworkNamespace,
  name: string,
  text: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): RunningCommand {
  const env = new Map(ENVIRONMENT);
  for (const [variable, value] of Object.entries(options.env ?? {})) env.set(variable, value);
  const process = new ShellProcess("bash", [name, ...args], {
    machine,
    namespace,
    files: machine.files(namespace, options.overlay ?? true),
    stdin: input(options.stdin),
    stdout: options.stdout ?? new Collector(),
    stderr: options.stderr ?? new Collector(),
    env,
    cwd: options.cwd ?? "/root",
  });
  const done = process.run(() => runShell(new Shell(process, name, args), text, name));
  return { process, done };
}

/** Runs text in a shell to its end, and ends what that leaves in the background. */
export async function runShell(shell: Shell, text: string, where: string): Promise<number> {
  let code: number;
  try {
    code = await shell.runText(text, where);
  } catch (error) {
    if (!(error instanceof Leave)) throw error;
    code = error.kind === "exit" || error.kind === "return" ? error.value : 0;
  }
  await shell.endJobs();
  return code;
}

async function readAll(stdin: InputStream): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for (let piece = await stdin.read(); piece !== null; piece = await stdin.read()) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

/** `bash [-ex] [-c COMMANDS | FILE] [WORD…]` */
async function bash(process: Process): Promise<number> {
  const args = [...process.args];
  const options = { errexit: false, xtrace: false };
  let command = false;
  while (args.length > 0 && /^-./.test(args[0]) && args[0] !== "--") {
    for (const letter of args[0].slice(1)) {
      if (letter === "c") command = true;
      else if (letter === "e") options.errexit = true;
      else if (letter === "x") options.xtrace = true;
      else if (!"lisu".includes(letter)) {
        process.stderr.write(`${process.name}: ${args[0]}: invalid option\n`);
        return 2;
      }
    }
    args.shift();
  }
  if (args[0] === "--") args.shift();
  const run = async (name: string, words: readonly string[], text: string, where: string): Promise<number> => {
    const shell = new Shell(process as ShellProcess, name, words);
    Object.assign(shell.options, options);
    return await runShell(shell, text, where);
  };
  if (command) {
    const [text, name = process.name, ...words] = args;
    if (text === undefined) {
      process.stderr.write(`${process.name}: -c: option requires an argument\n`);
      return 2;
    }
    return await run(name, words, text, `${name}: -c`);
  }
  const [path, ...words] = args;
  if (path === undefined) return await run(process.name, [], await readAll(process.stdin), process.name);
  try {
    const text = process.files.readText(process.files.resolve(path, process.cwd));
    return await run(path, words, text, path);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const directory = strerror(error.errno) === "Is a directory";
    process.stderr.write(`${directory ? path : process.name}: ${path}: ${strerror(error.errno)}\n`);
    return directory ? 126 : 127;
  }
}

addProgram("bash", bash);
addProgram("sh", bash);
