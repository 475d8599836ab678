/** The options before the object, in the order in which iproute2 tries their abbreviations (`ip/ip.c`). */
import type { Process } from "../process.ts";
import { CommandError, matches, wrong } from "./arguments.ts";
import type { Family } from "./prefix.ts";
import { defaultOptions, type Options } from "./session.ts";

export interface Invocation {
  options: Options;
  /** The object and what follows. */
  words: string[];
  /** `-n NAME`. */
  namespace: string | null;
  /** `-b FILE`. */
  batch: string | null;
  version: boolean;
  help: boolean;
}

const FAMILIES: Record<string, Family> = {
  inet: "inet",
  inet6: "inet6",
  link: "link",
  bridge: "bridge",
  mpls: "mpls",
};

/** `-c`, `-color`, `-c=always`: null when the word is no colour option. */
export function parseColor(option: string, terminal: boolean): boolean | null {
  const [name, mode] = option.split("=", 2);
  if (name.length < 2 || !"-color".startsWith(name)) return null;
  if (mode === undefined || mode === "always") return true;
  if (mode === "never") return false;
  return mode === "auto" ? terminal : null;
}

export function parseOptions(process: Process, usage: string): Invocation {
  const options = defaultOptions();
  const result: Invocation = { options, words: [], namespace: null, batch: null, version: false, help: false };
  const words = [...process.args];
  const value = (): string => {
    const word = words.shift();
    if (word === undefined) throw new CommandError(usage, 255);
    return word;
  };
  while (words.length > 0 && words[0].startsWith("-")) {
    let option = words.shift()!;
    if (option === "--") break;
    if (option.startsWith("--")) option = option.slice(1);
    const is = (full: string) => matches(option, full);
    const color = parseColor(option, process.stdout.terminal);
    if (is("-loops")) options.loops = Number.parseInt(value()) || 0;
    else if (is("-family")) options.family = family(value());
    else if (option === "-4") options.family = "inet";
    else if (option === "-6") options.family = "inet6";
    else if (option === "-0") options.family = "link";
    else if (option === "-M") options.family = "mpls";
    else if (option === "-B") options.family = "bridge";
    else if (is("-human") || is("-human-readable")) options.human = true;
    else if (is("-iec")) options.iec = true;
    else if (is("-stats") || is("-statistics")) options.statistics++;
    else if (is("-details")) options.details = true;
    else if (is("-resolve")) options.resolve = true;
    else if (is("-oneline")) options.oneLine = true;
    else if (is("-timestamp")) options.timestamp = "long";
    else if (is("-tshort")) options.timestamp = "short";
    else if (is("-Version")) result.version = true;
    else if (is("-force")) options.force = true;
    else if (is("-batch")) result.batch = value();
    else if (is("-brief")) options.brief = true;
    else if (is("-json")) options.json = true;
    else if (is("-pretty")) options.pretty = true;
    else if (is("-rcvbuf")) receiveBuffer(value());
    else if (color !== null) options.color = color;
    else if (is("-help")) result.help = true;
    else if (is("-netns")) result.namespace = words.shift() ?? "(null)";
    else if (is("-Numeric")) options.numeric = true;
    else if (is("-all")) options.all = true;
    else throw new CommandError(`Option "${option}" is unknown, try "ip -help".\n`, 255);
    if (result.version || result.help) break;
  }
  result.words = words;
  return result;
}

function family(name: string): Family {
  if (name === "help") return "unspec";
  return FAMILIES[name] ?? wrong(name, "invalid protocol family");
}

function receiveBuffer(text: string): void {
  if (!/^(0x)?[0-9a-fA-F]+$/.test(text)) throw new CommandError(`Invalid rcvbuf size '${text}'\n`, 255);
}
