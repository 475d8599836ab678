/** What bash does itself, without starting a program. */
import { evaluateTest } from "../tools/test.ts";
import { echoText } from "../tools/echo.ts";
import { formatPrintf } from "../tools/printf.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { ArithmeticError, evaluate } from "./arithmetic.ts";
import { findProgram } from "./programs.ts";
import { Leave, type Shell } from "./shell.ts";
import { parseSignal, signalNumber, SIGNALS } from "./signals.ts";
import { trap } from "./traps.ts";

export type Builtin = (shell: Shell, args: string[]) => number | Promise<number>;

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The number of `exit`, `return` and the like; null when the complaint has been written. */
function numeric(shell: Shell, name: string, args: readonly string[], otherwise: number): number | null {
  if (args.length === 0) return otherwise;
  if (!/^[-+]?[0-9]+$/.test(args[0])) {
    shell.complain(`${name}: ${args[0]}: numeric argument required`);
    return null;
  }
  return Number(args[0]);
}

function exit(shell: Shell, args: string[]): number {
  const code = numeric(shell, "exit", args, shell.status);
  if (code !== null && args.length > 1) {
    shell.complain("exit: too many arguments");
    return 1;
  }
  throw new Leave("exit", (code ?? 2) & 255);
}

function returns(shell: Shell, args: string[]): number {
  if (shell.calls === 0) {
    shell.complain("return: can only `return' from a function or sourced script");
    return 2;
  }
  throw new Leave("return", (numeric(shell, "return", args, shell.status) ?? 2) & 255);
}

function leaveLoop(kind: "break" | "continue"): Builtin {
  return (shell, args) => {
    if (shell.loops === 0) {
      shell.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    const count = numeric(shell, kind, args, 1);
    if (count === null) return 1;
    if (count < 1) {
      shell.complain(`${kind}: ${args[0]}: loop count out of range`);
      return 1;
    }
    throw new Leave(kind, count);
  };
}

function cd(shell: Shell, args: string[]): number {
  const words = args.filter((word) => word !== "-L" && word !== "-P" && word !== "--");
  if (words.length > 1) {
    shell.complain("cd: too many arguments");
    return 1;
  }
  let target = words[0] ?? shell.get("HOME") ?? "";
  if (words.length === 0 && target === "") {
    shell.complain("cd: HOME not set");
    return 1;
  }
  if (target === "-") {
    target = shell.variables.get("OLDPWD") ?? "";
    if (target === "") {
      shell.complain("cd: OLDPWD not set");
      return 1;
    }
    shell.streams.stdout.write(`${target}\n`);
  }
  const path = shell.files.resolve(target, shell.cwd);
  try {
    if (shell.files.stat(path).kind !== "directory") {
      shell.complain(`cd: ${target}: Not a directory`);
      return 1;
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    shell.complain(`cd: ${target}: ${strerror(error.errno)}`);
    return 1;
  }
  shell.set("OLDPWD", shell.cwd);
  shell.process.cwd = path;
  return 0;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"$`]/g, "\\$&")}"`;
}

function exports(shell: Shell, args: string[]): number {
  let status = 0;
  const words = args.filter((word) => word !== "-p");
  if (words.length === 0) {
    for (const name of [...shell.exported].sort()) {
      const value = shell.variables.get(name);
      shell.streams.stdout.write(`declare -x ${name}${value === undefined ? "" : `=${quoted(value)}`}\n`);
    }
  }
  for (const word of words) {
    const [, name, , value] = /^([^=]*)(=([\s\S]*))?$/.exec(word)!;
    if (!NAME.test(name)) {
      shell.complain(`export: \`${word}': not a valid identifier`);
      status = 1;
      continue;
    }
    if (value !== undefined) shell.set(name, value);
    shell.exported.add(name);
  }
  return status;
}

function unset(shell: Shell, args: string[]): number {
  let functions = false;
  for (const word of args) {
    if (word === "-f") functions = true;
    else if (word === "-v") functions = false;
    else if (/^-./.test(word)) {
      shell.complain(`unset: ${word}: invalid option`);
      shell.streams.stderr.write("unset: usage: unset [-f] [-v] [-n] [name ...]\n");
      return 2;
    } else if (functions || !shell.unset(word)) shell.functions.delete(word);
  }
  return 0;
}

const LONG_OPTIONS: { readonly [name: string]: "errexit" | "xtrace" | "nounset" | "pipefail" } = {
  errexit: "errexit",
  xtrace: "xtrace",
  nounset: "nounset",
  pipefail: "pipefail",
};
const SHORT_OPTIONS: { readonly [letter: string]: "errexit" | "xtrace" | "nounset" } = {
  e: "errexit",
  x: "xtrace",
  u: "nounset",
};

/** Options that this shell knows and has no use for. */
const NO_EFFECT = "abfhkmnptvBCEHPT";

function set(shell: Shell, args: string[]): number {
  if (args.length === 0) {
    for (const name of [...shell.variables.keys()].sort()) {
      if (NAME.test(name)) shell.streams.stdout.write(`${name}=${shell.variables.get(name)}\n`);
    }
    return 0;
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === "--" || !/^[-+]./.test(word)) {
      shell.positional = args.slice(word === "--" ? i + 1 : i);
      return 0;
    }
    const on = word[0] === "-";
    for (const letter of word.slice(1)) {
      if (letter === "o") {
        const name = args[++i];
        if (name === undefined) break;
        if (name in LONG_OPTIONS) shell.options[LONG_OPTIONS[name]] = on;
        else {
          shell.complain(`set: ${name}: invalid option name`);
          return 2;
        }
      } else if (letter in SHORT_OPTIONS) shell.options[SHORT_OPTIONS[letter]] = on;
      else if (!NO_EFFECT.includes(letter)) {
        shell.complain(`set: ${word}: invalid option`);
        shell.streams.stderr.write("set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n");
        return 2;
      }
    }
  }
  return 0;
}

function shift(shell: Shell, args: string[]): number {
  const count = numeric(shell, "shift", args, 1);
  if (count === null) return 1;
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
}

function echo(shell: Shell, args: string[]): number {
  shell.streams.stdout.write(echoText(args));
  return 0;
}

function printf(shell: Shell, args: string[]): number {
  const words = args[0] === "--" ? args.slice(1) : args;
  const variable = words[0] === "-v" && words.length > 1 ? words[1] : null;
  const [format, ...values] = variable === null ? words : words.slice(2);
  if (format === undefined) {
    shell.streams.stderr.write("printf: usage: printf [-v var] format [arguments]\n");
    return 2;
  }
  const { text, complaints } = formatPrintf(format, values);
  for (const complaint of complaints) shell.complain(`printf: ${complaint}`);
  if (variable === null) shell.streams.stdout.write(text);
  else shell.set(variable, text);
  return complaints.length > 0 ? 1 : 0;
}

function test(name: string): Builtin {
  return (shell, args) => {
    if (name === "[") {
      if (args[args.length - 1] !== "]") {
        shell.complain("[: missing `]'");
        return 2;
      }
      args = args.slice(0, -1);
    }
    const result = evaluateTest(args, shell.files, shell.cwd);
    if (typeof result === "boolean") return result ? 0 : 1;
    shell.complain(`${name}: ${result}`);
    return 2;
  };
}

async function wait(shell: Shell, args: string[]): Promise<number> {
  if (args.length === 0) {
    const status = await shell.traps.interruptible(Promise.all(shell.jobs.map((job) => job.done)).then(() => 0));
    shell.process.checkAlive();
    if (status === 0) shell.jobs.length = 0;
    return status;
  }
  let status = 0;
  for (const word of args) {
    const job = word.startsWith("%")
      ? shell.jobs.find((one) => String(one.number) === word.slice(1))
      : shell.jobs.find((one) => String(one.process.pid) === word);
    if (job !== undefined) {
      status = await shell.traps.interruptible(job.done);
      shell.process.checkAlive();
      if (shell.traps.waiting) return status;
      shell.jobs.splice(shell.jobs.indexOf(job), 1);
      continue;
    }
    if (word.startsWith("%")) shell.complain(`wait: ${word}: no such job`);
    else if (/^[0-9]+$/.test(word)) shell.complain(`wait: pid ${word} is not a child of this shell`);
    else shell.complain(`wait: \`${word}': not a pid or valid job spec`);
    status = word.startsWith("%") || /^[0-9]+$/.test(word) ? 127 : 1;
  }
  return status;
}

function kill(shell: Shell, args: string[]): number {
  let signal = "SIGTERM";
  let words = args;
  const usage = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n";
  if (words[0] === "-l" || words[0] === "-L") return listSignals(shell, words.slice(1));
  if (words[0] !== undefined && /^-./.test(words[0]) && words[0] !== "--") {
    const separate = words[0] === "-s" || words[0] === "-n";
    const text = separate ? words[1] ?? "" : words[0].slice(1);
    const parsed = parseSignal(text);
    if (parsed === null) {
      shell.complain(`kill: ${text}: invalid signal specification`);
      return 1;
    }
    signal = parsed;
    words = words.slice(separate ? 2 : 1);
  } else if (words[0] === "--") words = words.slice(1);
  if (words.length === 0) {
    shell.streams.stderr.write(usage);
    return 2;
  }
  let status = 0;
  for (const word of words) status = killOne(shell, word, signal) ?? status;
  return status;
}

/** Null when it went well. */
function killOne(shell: Shell, word: string, signal: string): number | null {
  if (word.startsWith("%")) {
    const job = shell.jobs.find((one) => String(one.number) === word.slice(1) && one.status === null);
    if (job === undefined) {
      shell.complain(`kill: ${word}: no such job`);
      return 1;
    }
    job.process.kill(signal);
    return null;
  }
  if (!/^-?[0-9]+$/.test(word)) {
    shell.complain(`kill: ${word}: arguments must be process or job IDs`);
    return 1;
  }
  const process = shell.process.machine.processes.get(Math.abs(Number(word)));
  if (process === undefined) {
    shell.complain(`kill: (${word}) - No such process`);
    return 1;
  }
  process.kill(signal);
  return null;
}

function listSignals(shell: Shell, words: readonly string[]): number {
  let status = 0;
  for (const word of words) {
    const code = Number(word);
    const name = /^[0-9]+$/.test(word) ? SIGNALS[code > 128 ? code - 128 : code] : undefined;
    const number = parseSignal(word);
    if (name !== undefined) shell.streams.stdout.write(`${name}\n`);
    else if (number !== null) shell.streams.stdout.write(`${signalNumber(number)}\n`);
    else {
      shell.complain(`kill: ${word}: invalid signal specification`);
      status = 1;
    }
  }
  if (words.length > 0) return status;
  const cells = SIGNALS.slice(1).map((name, i) => `${String(i + 1).padStart(2)}) SIG${name}`);
  for (let i = 0; i < cells.length; i += 5) shell.streams.stdout.write(`${cells.slice(i, i + 5).join("\t")}\n`);
  return 0;
}

function jobs(shell: Shell): number {
  for (const job of shell.jobs) {
    const state = job.status === null ? "Running" : job.status === 0 ? "Done" : `Exit ${job.status}`;
    shell.streams.stdout.write(`[${job.number}]  ${state}\n`);
  }
  return 0;
}

async function read(shell: Shell, args: string[]): Promise<number> {
  const names = args.filter((word) => !word.startsWith("-"));
  const raw = args.includes("-r");
  let line = "";
  let ended = false;
  const decoder = new TextDecoder();
  // A line at a time: what follows it in the same piece is put back for whoever reads next.
  for (;;) {
    const piece = await shell.streams.stdin.read();
    if (piece === null) {
      ended = true;
      break;
    }
    const end = piece.indexOf(10);
    line += decoder.decode(end < 0 ? piece : piece.subarray(0, end), { stream: true });
    if (end < 0) continue;
    shell.streams.stdin.unread?.(piece.subarray(end + 1));
    break;
  }
  if (!raw) line = line.replace(/\\([\s\S])/g, "$1");
  const separators = shell.variables.get("IFS") ?? " \t\n";
  if (names.length === 0) shell.set("REPLY", line);
  let rest = trim(line, separators);
  for (let i = 0; i < names.length; i++) {
    const last = i === names.length - 1;
    let end = 0;
    while (end < rest.length && !separators.includes(rest[end])) end++;
    shell.set(names[i], last ? rest : rest.slice(0, end));
    rest = trim(rest.slice(end), separators);
  }
  return ended ? 1 : 0;
}

function trim(text: string, separators: string): string {
  let start = 0, end = text.length;
  while (start < end && separators.includes(text[start])) start++;
  while (end > start && separators.includes(text[end - 1])) end--;
  return text.slice(start, end);
}

async function source(shell: Shell, args: string[]): Promise<number> {
  const [path, ...positional] = args;
  if (path === undefined) {
    shell.complain("source: filename argument required");
    shell.streams.stderr.write("source: usage: source filename [arguments]\n");
    return 2;
  }
  let text: string;
  try {
    text = shell.files.readText(shell.files.resolve(path, shell.cwd));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    shell.complain(`${path}: ${strerror(error.errno)}`);
    return 1;
  }
  const before = shell.positional;
  if (positional.length > 0) shell.positional = positional;
  shell.calls++;
  try {
    return await shell.runText(text, path);
  } catch (error) {
    if (error instanceof Leave && error.kind === "return") return error.value;
    throw error;
  } finally {
    shell.calls--;
    shell.positional = before;
  }
}

async function evals(shell: Shell, args: string[]): Promise<number> {
  return await shell.runText(args.join(" "), `${shell.name}: eval`);
}

async function exec(shell: Shell, args: string[]): Promise<number> {
  if (args.length === 0) {
    // The redirections of this command stay: a fresh object is none that `#withStreams` puts back.
    shell.streams = { ...shell.streams };
    return 0;
  }
  if (findProgram(args[0]) === null) {
    shell.complain(`exec: ${args[0]}: not found`);
    throw new Leave("exit", 127);
  }
  shell.traps.commands.clear();
  throw new Leave("exit", await shell.runProgram(args, shell.environment(), true));
}

function describe(shell: Shell, name: string): { kind: string; words: string; place: string } | null {
  if (shell.functions.has(name)) return { kind: "function", words: `${name} is a function`, place: name };
  if (builtins.has(name)) return { kind: "builtin", words: `${name} is a shell builtin`, place: name };
  if (findProgram(name) === null) return null;
  const place = name.includes("/") ? name : `/usr/bin/${name}`;
  return { kind: "file", words: `${name} is ${place}`, place };
}

function type(shell: Shell, args: string[]): number {
  let status = 0;
  const short = args[0] === "-t";
  for (const name of short ? args.slice(1) : args) {
    const found = describe(shell, name);
    if (found === null) {
      if (!short) shell.complain(`type: ${name}: not found`);
      status = 1;
    } else shell.streams.stdout.write(`${short ? found.kind : found.words}\n`);
  }
  return status;
}

async function command(shell: Shell, args: string[]): Promise<number> {
  if (args[0] !== "-v" && args[0] !== "-V") return args.length === 0 ? 0 : await shell.runWords(args, [], true);
  const found = args.slice(1).map((name) => describe(shell, name));
  for (const one of found) {
    if (one !== null) shell.streams.stdout.write(`${args[0] === "-v" ? one.place : one.words}\n`);
  }
  return found.some((one) => one !== null) ? 0 : 1;
}

/** `local` and `declare`: within a function they hide what is outside. */
function declares(own: "local" | "declare"): Builtin {
  return (shell, args) => {
    if (own === "local" && !shell.scopes.within) {
      shell.complain("local: can only be used in a function");
      return 1;
    }
    let status = 0;
    const options = args.filter((word) => /^-./.test(word)).join("");
    for (const word of args.filter((one) => !/^[-+]./.test(one))) {
      const [, name, , value] = /^([^=]*)(=([\s\S]*))?$/.exec(word)!;
      if (!NAME.test(name)) {
        shell.complain(`${own}: \`${word}': not a valid identifier`);
        status = 1;
        continue;
      }
      if (!options.includes("g")) shell.scopes.declare(name);
      if (options.includes("a") && !shell.arrays.has(name)) shell.setArray(name, [...shell.elements(name)]);
      if (value !== undefined) shell.set(name, value);
      if (options.includes("x")) shell.exported.add(name);
    }
    return status;
  };
}

function letExpression(shell: Shell, args: string[]): number {
  if (args.length === 0) {
    shell.complain("let: expression expected");
    return 1;
  }
  try {
    let value = 0n;
    for (const word of args) value = evaluate(word, shell);
    return value === 0n ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    shell.complain(`let: ${error.message}`);
    return 1;
  }
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", () => 0],
  ["true", () => 0],
  ["false", () => 1],
  [".", source],
  ["[", test("[")],
  ["break", leaveLoop("break")],
  ["cd", cd],
  ["command", command],
  ["continue", leaveLoop("continue")],
  ["declare", declares("declare")],
  ["echo", echo],
  ["eval", evals],
  ["exec", exec],
  ["exit", exit],
  ["export", exports],
  ["jobs", jobs],
  ["kill", kill],
  ["let", letExpression],
  ["local", declares("local")],
  ["printf", printf],
  ["pwd", (shell) => {
    shell.streams.stdout.write(`${shell.cwd}\n`);
    return 0;
  }],
  ["read", read],
  ["return", returns],
  ["set", set],
  ["shift", shift],
  ["source", source],
  ["test", test("test")],
  ["trap", trap],
  ["type", type],
  ["umask", () => 0],
  ["unset", unset],
  ["wait", wait],
]);
