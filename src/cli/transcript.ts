/** Transcripts of commands (`.t`): their text, and what the emulator prints for the same commands. */
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { Network } from "../network/network.ts";
import { type RunningCommand, spawnProgram } from "../shell/execute.ts";
import { findProgram } from "../shell/programs.ts";
import { Collector } from "../shell/streams.ts";
import type { Waits } from "../time/waits.ts";

/** One replacement of `normalise.json`. */
export interface Rule {
  readonly why: string;
  readonly pattern: string;
  readonly replacement: string;
}

/** Virtual ms that a command may take, that one in the background may go on under `wait`, and that it then has to end. */
const COMMAND_LIMIT_MS = 90_000;
const WAIT_LIMIT_MS = 20_000;
const END_LIMIT_MS = 5_000;

/** Programs beside the network tools that a scenario may use; one that lacks here has the scenario skipped. */
const STANDARD = [
  "cat",
  "cut",
  "echo",
  "grep",
  "head",
  "mkdir",
  "python3",
  "sha256sum",
  "sleep",
  "socat",
  "sort",
  "tail",
  "true",
  "wc",
];

/** The standard program that a transcript needs and the emulator lacks, or null. */
export function missingProgram(transcript: string): string | null {
  for (const line of transcript.split("\n")) {
    if (!line.startsWith("$ ")) continue;
    for (const match of line.slice(2).matchAll(/(?:^|[|;&(]\s*|\bexec \S+ |\btimeout \S+ )([a-z0-9_-]+)/g)) {
      if (STANDARD.includes(match[1]) && findProgram(match[1]) === null) return match[1];
    }
  }
  return null;
}

/** Makes what is random on a real machine the same everywhere. */
export function normaliser(rules: readonly Rule[]): (text: string) => string {
  const compiled = rules.map(({ pattern, replacement }) => ({ expression: new RegExp(pattern, "g"), replacement }));
  return (text) =>
    compiled.reduce((result, { expression, replacement }) => result.replace(expression, replacement), text);
}

interface Started {
  readonly command: RunningCommand;
  readonly output: Collector;
}

/** Runs the commands of one transcript, each in a shell of its own. */
class Replay {
  #transcript = "";
  #background: Started[] = [];

  constructor(
    readonly machine: Machine,
    readonly namespace: NetworkNamespace,
    readonly waits: Waits,
    readonly normalise: (text: string) => string,
  ) {}

  async run(transcript: string): Promise<string> {
    for (const line of transcript.split("\n")) {
      if (line.startsWith("# ") || line === "#") this.#transcript += `${line}\n`;
      if (!line.startsWith("$ ")) continue;
      this.#transcript += `${line}\n`;
      const command = line.slice(2).trim();
      if (command.endsWith(" &")) this.#background.push(this.#start(command.slice(0, -2)));
      else if (command === "wait") await this.#wait();
      else await this.#foreground(command);
    }
    for (const { command } of this.#background) command.process.kill("SIGTERM");
    for (const process of this.machine.processes.values()) process.kill("SIGKILL");
    return this.#transcript;
  }

  #start(line: string): Started {
    const output = new Collector();
    const command = spawnProgram(this.machine, this.namespace, ["bash", "-c", line], {
      stdout: output,
      stderr: output,
    });
    return { command, output };
  }

  /** Whether a command ends within `ms`. */
  async #ends({ command }: Started, ms: number): Promise<boolean> {
    return await this.waits.wait("a command's end", (done) => void command.done.then(done, done), ms);
  }

  async #foreground(line: string): Promise<void> {
    const started = this.#start(line);
    if (!await this.#ends(started, COMMAND_LIMIT_MS)) {
      started.command.process.kill("SIGKILL");
      this.#transcript += `(still running after ${COMMAND_LIMIT_MS / 1000} s)\n`;
    }
    this.#show(started.output.text().replaceAll("bash: line 1: ", ""), await started.command.done);
  }

  async #wait(): Promise<void> {
    for (const started of this.#background) {
      if (!await this.#ends(started, WAIT_LIMIT_MS)) {
        started.command.process.kill("SIGTERM");
        if (!await this.#ends(started, END_LIMIT_MS)) started.command.process.kill("SIGKILL");
      }
      const code = await started.command.done;
      this.#show(started.output.text(), started.command.process.killedBy === null ? code : 0);
    }
    this.#background = [];
  }

  #show(printed: string, code: number): void {
    const text = printed.replace(/\r\n?/g, "\n"); // the recorder reads what commands print with universal newlines
    this.#transcript += this.normalise(text) + (text !== "" && !text.endsWith("\n") ? "\n" : "");
    if (code !== 0) this.#transcript += `[${code}]\n`;
  }
}

/** What the emulator makes of a transcript's commands, on a new machine. */
export async function replay(transcript: string, normalise: (text: string) => string): Promise<string> {
  const network = new Network({ seed: 1 });
  try {
    const { machine, kernel } = network.machine;
    return await network.run(() => new Replay(machine, kernel, network.world.waits, normalise).run(transcript));
  } finally {
    network.close();
  }
}
