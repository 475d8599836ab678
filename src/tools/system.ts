/** Small programs that tell of the machine or of their words: `uname`, `whoami`, `id`, `nproc`, `date`, `env`, `seq`, …. */
import { KERNEL_RELEASE, KERNEL_VERSION } from "../namespace/proc.ts";
import { OptionParser } from "./getopt.ts";
import { readAll, tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

export function uname(process: Process): number {
  let given = "";
  const long = [{ name: "all", option: "a" }, { name: "nodename", option: "n" }, {
    name: "kernel-release",
    option: "r",
  }];
  const options = new OptionParser("uname", process.args, "asnrvmpio", tryHelp(process), long);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    given += one.option;
  }
  if (options.operands.length > 0) {
    tryHelp(process)(`uname: extra operand '${options.operands[0]}'`);
    return 1;
  }
  const parts: [letter: string, text: string][] = [
    ["s", "Linux"],
    ["n", process.machine.hostname],
    ["r", KERNEL_RELEASE],
    ["v", KERNEL_VERSION],
    ["m", "x86_64"],
    ["p", "unknown"],
    ["i", "unknown"],
    ["o", "GNU/Linux"],
  ];
  const shown = given.includes("a") ? "snrvmo" : given === "" ? "s" : given;
  process.stdout.write(`${parts.filter(([letter]) => shown.includes(letter)).map(([, text]) => text).join(" ")}\n`);
  return 0;
}

export function whoami(process: Process): number {
  if (process.args.length > 0) {
    tryHelp(process)(`whoami: extra operand '${process.args[0]}'`);
    return 1;
  }
  process.stdout.write("root\n");
  return 0;
}

export function id(process: Process): number {
  const letters = process.args.filter((word) => word.startsWith("-")).join("");
  const name = letters.includes("n");
  process.stdout.write(/[ugG]/.test(letters) ? (name ? "root\n" : "0\n") : "uid=0(root) gid=0(root) groups=0(root)\n");
  return 0;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `strftime` in UTC; `ns` is the part below a second. */
function formatDate(date: Date, ns: number, format: string): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const hour12 = date.getUTCHours() % 12 || 12;
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const values: { [letter: string]: () => string } = {
    "%": () => "%",
    a: () => DAYS[date.getUTCDay()].slice(0, 3),
    A: () => DAYS[date.getUTCDay()],
    b: () => MONTHS[date.getUTCMonth()].slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()],
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    F: () => formatDate(date, ns, "%Y-%m-%d"),
    H: () => two(date.getUTCHours()),
    I: () => two(hour12),
    j: () => String(Math.floor((date.getTime() - start) / 86_400_000) + 1).padStart(3, "0"),
    m: () => two(date.getUTCMonth() + 1),
    M: () => two(date.getUTCMinutes()),
    n: () => "\n",
    N: () => String(ns).padStart(9, "0"),
    p: () => date.getUTCHours() < 12 ? "AM" : "PM",
    R: () => formatDate(date, ns, "%H:%M"),
    s: () => String(Math.floor(date.getTime() / 1000)),
    S: () => two(date.getUTCSeconds()),
    t: () => "\t",
    T: () => formatDate(date, ns, "%H:%M:%S"),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    y: () => two(date.getUTCFullYear() % 100),
    Y: () => String(date.getUTCFullYear()),
    z: () => "+0000",
    Z: () => "UTC",
  };
  return format.replace(/%([-0_]?)([0-9]*)([a-zA-Z%])/g, (match, _flag, digits: string, letter: string) => {
    const text = Object.hasOwn(values, letter) ? values[letter]() : match;
    return letter === "N" && digits !== "" ? text.slice(0, Number(digits)) : text;
  });
}

export function date(process: Process): number {
  const now = process.machine.world.scheduler.now;
  const format = process.args.find((word) => word.startsWith("+"));
  const wrong = process.args.find((word) => !word.startsWith("+") && !/^-(u|-utc|-universal)$/.test(word));
  if (wrong !== undefined) {
    process.stderr.write(
      wrong.startsWith("-") ? `date: invalid option -- '${wrong[1]}'\n` : `date: invalid date '${wrong}'\n`,
    );
    return 1;
  }
  const moment = new Date(process.machine.world.wallClock());
  process.stdout.write(`${formatDate(moment, now % 1e9, format?.slice(1) ?? "%a %b %e %H:%M:%S %Z %Y")}\n`);
  return 0;
}

export async function env(process: Process): Promise<number> {
  const args = [...process.args];
  const variables = new Map(process.env);
  if (args[0] === "-i" || args[0] === "-") {
    variables.clear();
    args.shift();
  }
  while (args.length > 0 && args[0].includes("=")) {
    const [, name, value] = /^([^=]*)=([\s\S]*)$/.exec(args.shift()!)!;
    variables.set(name, value);
  }
  if (args.length === 0) {
    for (const [name, value] of variables) process.stdout.write(`${name}=${value}\n`);
    return 0;
  }
  const child = process.start(args, { env: variables, inPlace: true });
  if (child !== null) return await child.done;
  process.stderr.write(`env: '${args[0]}': No such file or directory\n`);
  return 127;
}

export function printenv(process: Process): number {
  if (process.args.length === 0) {
    for (const [name, value] of process.env) process.stdout.write(`${name}=${value}\n`);
    return 0;
  }
  let status = 0;
  for (const name of process.args) {
    const value = process.env.get(name);
    if (value === undefined) status = 1;
    else process.stdout.write(`${value}\n`);
  }
  return status;
}

/** Fractional digits of a number as written. */
function digits(word: string): number {
  return /\.([0-9]*)/.exec(word)?.[1].length ?? 0;
}

export function seq(process: Process): number {
  let separator = "\n", equal = false;
  const words = [...process.args];
  while (words.length > 0 && /^-[a-z]/.test(words[0])) {
    const word = words.shift()!;
    if (word === "-w") equal = true;
    else if (word === "-s") separator = words.shift() ?? "";
    else {
      tryHelp(process)(`seq: invalid option -- '${word[1]}'`);
      return 1;
    }
  }
  if (words.length === 0 || words.length > 3) {
    tryHelp(process)(words.length === 0 ? "seq: missing operand" : `seq: extra operand '${words[3]}'`);
    return 1;
  }
  const wrong = words.find((word) => word === "" || Number.isNaN(Number(word)));
  if (wrong !== undefined) {
    tryHelp(process)(`seq: invalid floating point argument: '${wrong}'`);
    return 1;
  }
  const numbers = words.map(Number);
  const last = numbers[numbers.length - 1];
  const first = numbers.length > 1 ? numbers[0] : 1;
  const step = numbers.length > 2 ? numbers[1] : 1;
  if (step === 0) {
    tryHelp(process)(`seq: invalid Zero increment value: '${words[1]}'`);
    return 1;
  }
  const precision = Math.max(...words.slice(0, Math.max(1, words.length - 1)).map(digits));
  const width = Math.max(first.toFixed(precision).length, last.toFixed(precision).length);
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  let text = "";
  for (let i = 0; i < count; i++) {
    const value = (first + i * step).toFixed(precision);
    text += `${i > 0 ? separator : ""}${equal ? value.padStart(width, "0") : value}`;
    if (text.length > 65536) {
      process.stdout.write(text);
      text = "";
      if (process.stdout.broken) return 0;
    }
  }
  process.stdout.write(count > 0 ? `${text}\n` : "");
  return 0;
}

export async function yes(process: Process): Promise<number> {
  const text = `${process.args.length > 0 ? process.args.join(" ") : "y"}\n`.repeat(512);
  for (;;) {
    process.stdout.write(text);
    if (process.stdout.broken) return 1;
    await process.sleep(0);
  }
}

export function basename(process: Process): number {
  const [path, suffix = ""] = process.args;
  if (path === undefined) {
    tryHelp(process)("basename: missing operand");
    return 1;
  }
  const name = path.replace(/(.)\/+$/, "$1").replace(/^.*\/(?=.)/, "");
  process.stdout.write(
    `${suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
  return 0;
}

export function dirname(process: Process): number {
  if (process.args.length === 0) {
    tryHelp(process)("dirname: missing operand");
    return 1;
  }
  for (const path of process.args) {
    const trimmed = path.replace(/(.)\/+$/, "$1");
    const at = trimmed.lastIndexOf("/");
    process.stdout.write(`${at < 0 ? "." : at === 0 ? "/" : trimmed.slice(0, at).replace(/(.)\/+$/, "$1")}\n`);
  }
  return 0;
}

export async function xargs(process: Process): Promise<number> {
  const args = [...process.args];
  let most = Infinity;
  while (args.length > 0 && /^-[nr0tP]/.test(args[0])) {
    const word = args.shift()!;
    if (word[1] === "n") most = Number(word.length > 2 ? word.slice(2) : args.shift());
  }
  const words = new TextDecoder().decode(await readAll(process.stdin)).split(/\s+/).filter((word) => word !== "");
  const command = args.length > 0 ? args : ["echo"];
  let status = 0;
  for (let i = 0; i < words.length || i === 0; i += Math.min(most, words.length || 1)) {
    const child = process.start([...command, ...words.slice(i, i + Math.min(most, words.length))]);
    if (child === null) {
      process.stderr.write(`xargs: ${command[0]}: No such file or directory\n`);
      return 127;
    }
    if (await child.done !== 0) status = 123;
  }
  return status;
}
