/** `sort` (as with LC_ALL=C) and `uniq`. */
import { OptionParser } from "./getopt.ts";
import { openOperand, readLines, tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

interface Key {
  readonly from: readonly [field: number, letter: number];
  /** The last field and the letters of it (0: all); null: to the end of the line. */
  readonly to: readonly [field: number, letters: number] | null;
  readonly flags: string;
}

function parseKey(text: string): Key | null {
  const match = /^([0-9]+)(?:\.([0-9]+))?([bdfhinrRV]*)(?:,([0-9]+)(?:\.([0-9]+))?([bdfhinrRV]*))?$/.exec(text);
  if (match === null || Number(match[1]) === 0) return null;
  const to = match[4] === undefined ? null : [Number(match[4]), Number(match[5] ?? 0)] as const;
  return { from: [Number(match[1]), Number(match[2] ?? 1)], to, flags: match[3] + (match[6] ?? "") };
}

/** Where each field begins and ends; without a separator a field holds the blanks before it. */
function fields(line: string, separator: string | null): [start: number, end: number][] {
  const result: [number, number][] = [];
  if (separator === null) {
    for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) result.push([match.index, match.index + match[0].length]);
    return result;
  }
  let start = 0;
  for (let end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, start)) {
    result.push([start, end]);
    start = end + 1;
  }
  result.push([start, line.length]);
  return result;
}

function keyText(line: string, key: Key, separator: string | null): string {
  const all = fields(line, separator);
  const first = all[key.from[0] - 1];
  if (first === undefined) return "";
  const skip = key.flags.includes("b") ? /^[ \t]*/.exec(line.slice(first[0]))![0].length : 0;
  const start = first[0] + skip + key.from[1] - 1;
  const last = key.to === null ? undefined : all[key.to[0] - 1];
  const end = last === undefined ? line.length : key.to![1] === 0 ? last[1] : last[0] + key.to![1];
  return line.slice(start, end);
}

function versionCompare(a: string, b: string): number {
  const split = (text: string): string[] => text.split(/([0-9]+)/);
  const left = split(a), right = split(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : plainCompare(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function plainCompare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SIZES = " KMGTPEZY";

function humanValue(text: string): number {
  const match = /^\s*(-?[0-9.]+)([KMGTPEZY]?)/.exec(text);
  return match === null ? 0 : Number(match[1]) * 1024 ** Math.max(0, SIZES.indexOf(match[2]));
}

function compareText(a: string, b: string, flags: string): number {
  if (flags.includes("n")) return (parseFloat(a) || 0) - (parseFloat(b) || 0);
  if (flags.includes("g")) return (Number(a) || 0) - (Number(b) || 0);
  if (flags.includes("h")) return humanValue(a) - humanValue(b);
  if (flags.includes("V")) return versionCompare(a, b);
  const fold = (text: string): string => {
    const shown = flags.includes("b") ? text.replace(/^[ \t]+/, "") : text;
    const plain = flags.includes("d") ? shown.replace(/[^a-zA-Z0-9 \t]/g, "") : shown;
    return flags.includes("f") ? plain.toUpperCase() : plain;
  };
  return plainCompare(fold(a), fold(b));
}

export async function sort(process: Process): Promise<number> {
  let flags = "", separator: string | null = null, output: string | null = null;
  const keys: Key[] = [];
  const long = [{ name: "reverse", option: "r" }, { name: "unique", option: "u" }, {
    name: "numeric-sort",
    option: "n",
  }];
  const options = new OptionParser("sort", process.args, "bcdfghik:mno:rst:uVz", tryHelp(process), long);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 2;
    if (one.option === "k") {
      const key = parseKey(one.argument);
      if (key === null) {
        process.stderr.write(`sort: invalid number at field start: invalid count at start of '${one.argument}'\n`);
        return 2;
      }
      keys.push(key);
    } else if (one.option === "t") {
      if (one.argument.length !== 1) {
        process.stderr.write(
          one.argument === "" ? "sort: empty tab\n" : `sort: multi-character tab '${one.argument}'\n`,
        );
        return 2;
      }
      separator = one.argument;
    } else if (one.option === "o") output = one.argument;
    else flags += one.option;
  }
  const lines: string[] = [];
  for (const operand of options.operands.length > 0 ? options.operands : ["-"]) {
    const input = openOperand(process, operand, (words) => `sort: cannot read: ${operand}: ${words}`);
    if (input === null) return 2;
    for await (const { line } of readLines(input)) lines.push(line);
  }
  const byKeys = (a: string, b: string): number => {
    if (keys.length === 0) return compareText(a, b, flags) * (flags.includes("r") ? -1 : 1);
    for (const key of keys) {
      const own = key.flags.replace("b", "") === "" ? key.flags + flags : key.flags;
      const order = compareText(keyText(a, key, separator), keyText(b, key, separator), own);
      if (order !== 0) return own.includes("r") ? -order : order;
    }
    return 0;
  };
  const last = flags.includes("s") || flags.includes("u") ? () => 0 : plainCompare;
  const reversed = flags.includes("r") ? -1 : 1;
  let sorted = lines.sort((a, b) => byKeys(a, b) || last(a, b) * reversed);
  if (flags.includes("u")) sorted = sorted.filter((line, i) => i === 0 || byKeys(sorted[i - 1], line) !== 0);
  const text = sorted.map((line) => `${line}\n`).join("");
  if (output === null) process.stdout.write(text);
  else process.files.write(process.files.resolve(output, process.cwd), text);
  return 0;
}

export async function uniq(process: Process): Promise<number> {
  const given = new Set<string>();
  const options = new OptionParser("uniq", process.args, "cdiu", tryHelp(process), [{ name: "count", option: "c" }]);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    given.add(one.option);
  }
  const input = openOperand(process, options.operands[0] ?? "-");
  if (input === null) return 1;
  let before: string | null = null, count = 0;
  const flush = () => {
    if (before === null || (given.has("d") && count < 2) || (given.has("u") && count > 1)) return;
    process.stdout.write(`${given.has("c") ? `${String(count).padStart(7)} ` : ""}${before}\n`);
  };
  const fold = (line: string): string => given.has("i") ? line.toLowerCase() : line;
  for await (const { line } of readLines(input)) {
    if (before !== null && fold(before) === fold(line)) {
      count++;
      continue;
    }
    flush();
    before = line;
    count = 1;
  }
  flush();
  return 0;
}
