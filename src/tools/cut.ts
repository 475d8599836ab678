/** `cut` and `tr`: parts of lines, and letters for others. */
import { OptionParser } from "./getopt.ts";
import { openOperand, readLines, tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

type Ranges = readonly (readonly [from: number, to: number])[];

/** `1,3-5,7-`; a sentence when it is none. */
function parseRanges(text: string, things: string): Ranges | string {
  const ranges: [number, number][] = [];
  for (const part of text.split(/[, ]/)) {
    const match = /^([0-9]*)(-?)([0-9]*)$/.exec(part);
    if (match === null) {
      return `invalid ${things === "fields" ? "field" : "byte/character"} value '${part}'`.replace(
        "value",
        things === "fields" ? "value" : "position",
      );
    }
    if (part === "-") return "invalid range with no endpoint: -";
    const from = match[1] === "" ? 1 : Number(match[1]);
    const to = match[2] === "" ? from : match[3] === "" ? Infinity : Number(match[3]);
    if (part === "" || from === 0) {
      return things === "fields" ? "fields are numbered from 1" : "byte/character positions are numbered from 1";
    }
    if (to < from) return "invalid decreasing range";
    ranges.push([from, to]);
  }
  return ranges;
}

export async function cut(process: Process): Promise<number> {
  const complain = tryHelp(process);
  let list: { mode: string; text: string } | null = null;
  let delimiter = "\t", between: string | null = null, onlyDelimited = false, complement = false;
  const long = [
    { name: "fields", argument: 1, option: "f" },
    { name: "bytes", argument: 1, option: "b" },
    { name: "characters", argument: 1, option: "c" },
    { name: "delimiter", argument: 1, option: "d" },
    { name: "only-delimited", option: "s" },
    { name: "output-delimiter", argument: 1, option: "O" },
    { name: "complement", option: "C" },
  ] as const;
  const options = new OptionParser("cut", process.args, "b:c:d:f:nsz", complain, long);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    if (/[bcf]/.test(one.option)) {
      if (list !== null) {
        complain("cut: only one list may be specified");
        return 1;
      }
      list = { mode: one.option, text: one.argument };
    } else if (one.option === "d") {
      if (one.argument.length > 1) {
        complain("cut: the delimiter must be a single character");
        return 1;
      }
      delimiter = one.argument === "" ? "\0" : one.argument;
    } else if (one.option === "s") onlyDelimited = true;
    else if (one.option === "C") complement = true;
    else if (one.option === "O") between = one.argument;
  }
  if (list === null) {
    complain("cut: you must specify a list of bytes, characters, or fields");
    return 1;
  }
  const byField = list.mode === "f";
  const ranges = parseRanges(list.text, byField ? "fields" : "bytes");
  if (typeof ranges === "string") {
    complain(`cut: ${ranges}`);
    return 1;
  }
  const wanted = (position: number): boolean =>
    ranges.some(([from, to]) => position >= from && position <= to) !== complement;
  let status = 0;
  for (const operand of options.operands.length > 0 ? options.operands : ["-"]) {
    const input = openOperand(process, operand);
    if (input === null) {
      status = 1;
      continue;
    }
    for await (const { line } of readLines(input)) {
      if (byField && !line.includes(delimiter)) {
        if (!onlyDelimited) process.stdout.write(`${line}\n`);
        continue;
      }
      const parts = byField ? line.split(delimiter) : [...line];
      const kept = parts.filter((_, i) => wanted(i + 1)).join(byField ? between ?? delimiter : "");
      process.stdout.write(`${kept}\n`);
    }
  }
  return status;
}

const CLASSES: { readonly [name: string]: RegExp } = {
  alnum: /[a-zA-Z0-9]/,
  alpha: /[a-zA-Z]/,
  blank: /[ \t]/,
  digit: /[0-9]/,
  lower: /[a-z]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[0-9a-fA-F]/,
};

const ESCAPES: { readonly [letter: string]: string } = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  a: "\x07",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/** The letters of a set such as `a-z` or `[:upper:]`. */
function letters(set: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < set.length; i++) {
    const named = /^\[:([a-z]+):\]/.exec(set.slice(i));
    if (named !== null && named[1] in CLASSES) {
      for (let code = 0; code < 128; code++) {
        if (CLASSES[named[1]].test(String.fromCharCode(code))) result.push(String.fromCharCode(code));
      }
      i += named[0].length - 1;
      continue;
    }
    let letter = set[i];
    if (letter === "\\" && i + 1 < set.length) letter = ESCAPES[set[++i]] ?? set[i];
    if (set[i + 1] === "-" && i + 2 < set.length) {
      for (let code = letter.charCodeAt(0); code <= set.charCodeAt(i + 2); code++) {
        result.push(String.fromCharCode(code));
      }
      i += 2;
    } else result.push(letter);
  }
  return result;
}

export async function tr(process: Process): Promise<number> {
  const complain = tryHelp(process);
  const given = new Set<string>();
  const options = new OptionParser("tr", process.args, "+cCdst", complain, [{ name: "delete", option: "d" }]);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    given.add(one.option === "C" ? "c" : one.option);
  }
  const [first, second, third] = options.operands;
  const most = given.has("d") && !given.has("s") ? 1 : 2;
  if (first === undefined) {
    complain("tr: missing operand");
    return 1;
  }
  if (second === undefined && !given.has("d") && !given.has("s")) {
    complain(`tr: missing operand after '${first}'\nTwo strings must be given when translating.`);
    return 1;
  }
  if (third !== undefined || (second !== undefined && most === 1)) {
    complain(`tr: extra operand '${third ?? second}'`);
    return 1;
  }
  const from = letters(first), to = second === undefined ? [] : letters(second);
  const chosen = new Set(from);
  const inFirst = (letter: string): boolean => chosen.has(letter) !== given.has("c");
  const squeezed = given.has("s") ? new Set(second === undefined ? from : to) : null;
  const mapped = new Map(from.map((letter, i) => [letter, to[Math.min(i, to.length - 1)]]));
  const translate = (letter: string): string => {
    if (given.has("d") || to.length === 0 || !inFirst(letter)) return letter;
    return given.has("c") ? to[to.length - 1] : mapped.get(letter)!;
  };
  let last = "";
  const decoder = new TextDecoder();
  for (let piece = await process.stdin.read(); piece !== null; piece = await process.stdin.read()) {
    let text = "";
    for (const letter of decoder.decode(piece, { stream: true })) {
      if (given.has("d") && inFirst(letter)) continue;
      const out = translate(letter);
      const repeats = squeezed !== null && out === last && (second === undefined ? inFirst(out) : squeezed.has(out));
      if (!repeats) text += out;
      last = out;
    }
    process.stdout.write(text);
  }
  return 0;
}
