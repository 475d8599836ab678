/** The ways in for those who run commands on a machine: a command line, a program by its words, a script's text. */
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { FixedInput } from "../tools/input.ts";
import type { InputStream, OutputStream } from "../tools/process.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { runShell } from "./bash.ts";
import { ShellProcess } from "./process.ts";
import { findProgram } from "./programs.ts";
import { Shell } from "./shell.ts";
import { Collector } from "./streams.ts";

/** What a login as root has. */
export const ENVIRONMENT: ReadonlyMap<string, string> = new Map([
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
  /** Without the variables of a login. */
  readonly clearEnv?: boolean;
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

/** A process that is nobody's child. */
function newProcess(
  machine: Machine,
  namespace: NetworkNamespace,
  argv: readonly string[],
  options: RunOptions,
  handles: readonly string[] = [],
): ShellProcess {
  const env = new Map(options.clearEnv ? [] : ENVIRONMENT);
  for (const [name, value] of Object.entries(options.env ?? {})) env.set(name, value);
  return new ShellProcess(argv[0].replace(/^.*\//, ""), argv.slice(1), {
    machine,
    namespace,
    files: machine.files(namespace, options.overlay ?? true),
    stdin: input(options.stdin),
    stdout: options.stdout ?? new Collector(),
    stderr: options.stderr ?? new Collector(),
    env,
    cwd: options.cwd ?? "/root",
  }, handles);
}

function running(process: ShellProcess, done: Promise<number>, signal: AbortSignal | undefined): RunningCommand {
  if (signal === undefined) return { process, done };
  const stop = () => process.kill("SIGTERM");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  return { process, done: done.finally(() => signal.removeEventListener("abort", stop)) };
}

/** Starts a program by its words, as `Deno.Command` does. Throws a KernelError ENOENT when there is no such program. */
export function spawnProgram(
  machine: Machine,
  namespace: NetworkNamespace,
  argv: readonly string[],
  options: RunOptions = {},
): RunningCommand {
  const program = findProgram(argv[0]);
  if (program === null) throw new KernelError(Errno.ENOENT);
  const process = newProcess(machine, namespace, argv, options, program.handles);
  return running(process, process.run(program), options.signal);
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
  const code = await spawnProgram(machine, namespace, ["bash", "-c", commandLine], own).done;
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
  const process = newProcess(machine, namespace, ["bash", name, ...args], options);
  const done = process.run(() => runShell(new Shell(process, name, args), text, name));
  return running(process, done, options.signal);
}
