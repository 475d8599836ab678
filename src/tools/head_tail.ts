/** `head` and `tail`: the first and the last lines or octets of files. */
import { OptionParser, type ParsedOption } from "./getopt.ts";
import { openOperand, readAll, tryHelp } from "./input.ts";
import type { InputStream, Process } from "./process.ts";

const SUFFIXES: { readonly [suffix: string]: number } = {
  "": 1,
  b: 512,
  kB: 1e3,
  k: 1024,
  K: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1048576,
  MiB: 1048576,
  GB: 1e9,
  G: 1073741824,
  GiB: 1073741824,
};

interface Amount {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** `-` before head's number, `+` before tail's. */
  readonly sign: string;
}

function amount(process: Process, unit: Amount["unit"], text: string): Amount | null {
  const match = /^([-+]?)([0-9]+)([a-zA-Z]*)$/.exec(text);
  if (match === null || !(match[3] in SUFFIXES)) {
    process.stderr.write(`${process.name}: invalid number of ${unit}: '${text.replace(/^[-+]/, "")}'\n`);
    return null;
  }
  return { unit, sign: match[1], count: Number(match[2]) * SUFFIXES[match[3]] };
}

interface Settings {
  amount: Amount;
  headers: "auto" | "never" | "always";
  follow: boolean;
  operands: string[];
}

const LONG = [
  { name: "lines", argument: 1, option: "n" },
  { name: "bytes", argument: 1, option: "c" },
  { name: "quiet", option: "q" },
  { name: "silent", option: "q" },
  { name: "verbose", option: "v" },
  { name: "follow", argument: 2, option: "f" },
] as const;

/** Reads the words of either program; null when the complaint has been written. */
function settings(process: Process, short: string): Settings | null {
  // The old form, `head -5` and `tail -5` or `tail +5`.
  const args = process.args.map((word, i) => i === 0 && /^-[0-9]+$/.test(word) ? `-n${word.slice(1)}` : word);
  const result: Settings = {
    amount: { unit: "lines", count: 10, sign: "" },
    headers: "auto",
    follow: false,
    operands: [],
  };
  const options = new OptionParser(process.name, args, short, tryHelp(process), LONG);
  for (let one: ParsedOption | null = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return null;
    if (one.option === "q") result.headers = "never";
    else if (one.option === "v") result.headers = "always";
    else if (one.option === "f" || one.option === "F") result.follow = true;
    else if (one.option === "n" || one.option === "c") {
      const read = amount(process, one.option === "n" ? "lines" : "bytes", one.argument);
      if (read === null) return null;
      result.amount = read;
    }
  }
  result.operands = options.operands.length > 0 ? options.operands : ["-"];
  return result;
}

async function eachOperand(
  process: Process,
  { operands, headers }: Settings,
  show: (input: InputStream) => Promise<void>,
): Promise<number> {
  let status = 0;
  let before = false;
  for (const operand of operands) {
    const input = openOperand(
      process,
      operand,
      (words) => `${process.name}: cannot open '${operand}' for reading: ${words}`,
    );
    if (input === null) {
      status = 1;
      continue;
    }
    if (headers === "always" || (headers === "auto" && operands.length > 1)) {
      process.stdout.write(`${before ? "\n" : ""}==> ${operand === "-" ? "standard input" : operand} <==\n`);
    }
    before = true;
    await show(input);
  }
  return status;
}

/** The offset after `count` lines from the start; the length when there are fewer. */
function afterLines(data: Uint8Array, count: number): number {
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = data.indexOf(10, at);
    if (end < 0) return data.length;
    at = end + 1;
  }
  return at;
}

/** The offset of the last `count` lines. */
function lastLines(data: Uint8Array, count: number): number {
  let at = data.length;
  if (count === 0) return at;
  if (data[at - 1] === 10) at--;
  for (let i = 0; i < count; i++) {
    at = data.lastIndexOf(10, at - 1);
    if (at < 0) return 0;
    if (i < count - 1 && at === 0) return 0;
  }
  return at + 1;
}

/** The first lines or octets, as they come: no more is read than needed. */
async function copyFirst(process: Process, input: InputStream, { unit, count }: Amount): Promise<void> {
  let left = count;
  while (left > 0) {
    const piece = await input.read();
    if (piece === null) return;
    let end = Math.min(left, piece.length);
    if (unit === "lines") {
      let lines = 0;
      for (end = 0; end < piece.length && lines < left; end++) if (piece[end] === 10) lines++;
      left -= lines;
    } else left -= end;
    process.stdout.write(piece.subarray(0, end));
  }
}

export async function head(process: Process): Promise<number> {
  const given = settings(process, "c:n:qvz");
  if (given === null) return 1;
  const { unit, count, sign } = given.amount;
  return await eachOperand(process, given, async (input) => {
    if (sign !== "-") return await copyFirst(process, input, given.amount);
    const data = await readAll(input);
    const end = unit === "bytes"
      ? Math.max(0, data.length - count)
      : count === 0
      ? data.length
      : lastLines(data, count);
    process.stdout.write(data.subarray(0, end));
  });
}

/** Virtual ms between two looks at a file that is followed. */
const FOLLOW_MS = 1000;

export async function tail(process: Process): Promise<number> {
  const given = settings(process, "c:n:qvfFs:z");
  if (given === null) return 1;
  const { unit, count, sign } = given.amount;
  const status = await eachOperand(process, given, async (input) => {
    const data = await readAll(input);
    const skipped = Math.max(0, count - 1);
    const start = unit === "bytes"
      ? (sign === "+" ? Math.min(data.length, skipped) : Math.max(0, data.length - count))
      : sign === "+"
      ? afterLines(data, skipped)
      : lastLines(data, count);
    process.stdout.write(data.subarray(start));
  });
  const [path] = given.operands;
  if (given.follow && path !== "-") await follow(process, process.files.resolve(path, process.cwd));
  return status;
}

async function follow(process: Process, path: string): Promise<void> {
  const size = (): number => process.files.exists(path) ? process.files.read(path).length : 0;
  let seen = size();
  while (!process.signal.aborted) {
    await process.sleep(FOLLOW_MS);
    const now = size();
    if (now > seen) process.stdout.write(process.files.read(path).subarray(seen));
    seen = now;
  }
}
