/** `trap`: what the shell does when a signal comes, and at its end. */
import type { Shell } from "./shell.ts";
import { parseSignal, signalNumber, SIGNALS } from "./signals.ts";

/** Those that end a shell which has not asked for them, after its `trap … EXIT`. */
const ENDING = new Set(["SIGHUP", "SIGINT", "SIGTERM"]);

export class Traps {
  /** By the signal's name with SIG; `SIGEXIT` is the shell's end. An empty text: the signal is ignored. */
  readonly commands = new Map<string, string>();
  readonly #pending: string[] = [];
  #wake: (() => void) | null = null;

  constructor(from?: Traps) {
    for (const [signal, text] of from?.commands ?? []) if (text === "") this.commands.set(signal, text);
  }

  /** Takes a signal; false when it does what it does to any process, `"ends"` when the end only comes later. */
  take(signal: string): boolean | "ends" {
    const text = this.commands.get(signal);
    if (text === "") return true;
    const ends = text === undefined && ENDING.has(signal) && this.commands.has("SIGEXIT");
    if (text === undefined && !ends) return false;
    this.#pending.push(signal);
    this.#wake?.();
    return ends ? "ends" : true;
  }

  /** The next signal that has come and is not yet answered. */
  next(): string | undefined {
    return this.#pending.shift();
  }

  get waiting(): boolean {
    return this.#pending.length > 0;
  }

  /** Waits, but not longer than until a signal comes: then its status, 128 and its number. */
  async interruptible(work: Promise<number>): Promise<number> {
    const signal = new Promise<void>((done) => this.#wake = done);
    try {
      return await Promise.race([work, signal.then(() => 128 + signalNumber(this.#pending[0]))]);
    } finally {
      this.#wake = null;
    }
  }
}

function show(shell: Shell, signals: readonly string[]): void {
  for (const name of SIGNALS) {
    const text = shell.traps.commands.get(`SIG${name}`);
    if (text === undefined || (signals.length > 0 && !signals.includes(`SIG${name}`))) continue;
    const shown = name === "EXIT" ? name : `SIG${name}`;
    shell.streams.stdout.write(`trap -- '${text.replaceAll("'", "'\\''")}' ${shown}\n`);
  }
}

/** `trap [-p] [[TEXT] SIGNAL…]` */
export function trap(shell: Shell, args: string[]): number {
  const words = args[0] === "--" ? args.slice(1) : args;
  const print = words.length === 0 || words[0] === "-p";
  const lone = words.length === 1 || /^[0-9]+$/.test(words[0] ?? "");
  const names = print || !lone ? words.slice(1) : words;
  let status = 0;
  const signals: string[] = [];
  for (const name of names) {
    const signal = parseSignal(name);
    if (signal !== null) signals.push(signal);
    else {
      shell.complain(`trap: ${name}: invalid signal specification`);
      status = 1;
    }
  }
  if (print) {
    if (names.length === 0 || signals.length > 0) show(shell, signals);
    return status;
  }
  for (const signal of signals) {
    if (lone || words[0] === "-") shell.traps.commands.delete(signal);
    else shell.traps.commands.set(signal, words[0]);
  }
  shell.process.onSignal = (signal) => shell.traps.take(signal);
  return status;
}
