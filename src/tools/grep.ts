/** `grep`: lines that match. */
import { OptionParser } from "./getopt.ts";
import { openOperand, readLines } from "./input.ts";
import type { InputStream, Process } from "./process.ts";
import { compile, RegularExpressionError, translate } from "./regular_expression.ts";

const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

const LONG = [
  { name: "regexp", argument: 1, option: "e" },
  { name: "extended-regexp", option: "E" },
  { name: "fixed-strings", option: "F" },
  { name: "basic-regexp", option: "G" },
  { name: "ignore-case", option: "i" },
  { name: "invert-match", option: "v" },
  { name: "word-regexp", option: "w" },
  { name: "line-regexp", option: "x" },
  { name: "count", option: "c" },
  { name: "files-with-matches", option: "l" },
  { name: "files-without-match", option: "L" },
  { name: "max-count", argument: 1, option: "m" },
  { name: "only-matching", option: "o" },
  { name: "quiet", option: "q" },
  { name: "silent", option: "q" },
  { name: "no-messages", option: "s" },
  { name: "line-number", option: "n" },
  { name: "with-filename", option: "H" },
  { name: "no-filename", option: "h" },
  { name: "after-context", argument: 1, option: "A" },
  { name: "before-context", argument: 1, option: "B" },
  { name: "context", argument: 1, option: "C" },
  { name: "line-buffered", option: "u" },
  { name: "color", argument: 2, option: "u" },
] as const;

interface Search {
  readonly expression: RegExp;
  readonly given: ReadonlySet<string>;
  readonly most: number;
  readonly before: number;
  readonly after: number;
  /** Names stand before the lines. */
  readonly named: boolean;
}

function expressionOf(patterns: readonly string[], given: ReadonlySet<string>): RegExp {
  const flags = given.has("i") ? "gi" : "g";
  const sources = patterns.flatMap((pattern) => pattern.split("\n")).map((pattern) =>
    given.has("F") ? pattern.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&") : translate(pattern, given.has("E"))
  );
  let source = sources.length === 1 ? sources[0] : sources.map((one) => `(?:${one})`).join("|");
  if (given.has("w")) source = `(?<!\\w)(?:${source})(?!\\w)`;
  if (given.has("x")) source = `^(?:${source})$`;
  try {
    return new RegExp(source, flags);
  } catch {
    return compile(patterns[0], given.has("E"), flags);
  }
}

export async function grep(process: Process): Promise<number> {
  const given = new Set<string>();
  const patterns: string[] = [];
  let most = Infinity, before = 0, after = 0;
  const complain = (sentence: string) => process.stderr.write(`${sentence}\n${USAGE}`);
  const options = new OptionParser("grep", process.args, "A:B:C:EFGHLce:hilm:noqsuvwxay", complain, LONG);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 2;
    const count = Number(one.argument);
    if (one.option === "e") patterns.push(one.argument);
    else if (/[ABCm]/.test(one.option)) {
      if (!/^[0-9]+$/.test(one.argument)) {
        process.stderr.write(
          `grep: ${one.argument}: ${one.option === "m" ? "invalid max count" : "invalid context length argument"}\n`,
        );
        return 2;
      }
      if (one.option === "m") most = count;
      if (one.option === "A" || one.option === "C") after = count;
      if (one.option === "B" || one.option === "C") before = count;
    } else if (one.option === "G") given.delete("E");
    else given.add(one.option === "y" ? "i" : one.option);
  }
  const operands = [...options.operands];
  if (patterns.length === 0) {
    if (operands.length === 0) {
      process.stderr.write(USAGE);
      return 2;
    }
    patterns.push(operands.shift()!);
  }
  const named = given.has("H") || (operands.length > 1 && !given.has("h"));
  try {
    const search: Search = { expression: expressionOf(patterns, given), given, most, before, after, named };
    return await searchAll(process, operands.length > 0 ? operands : ["-"], search);
  } catch (error) {
    if (!(error instanceof RegularExpressionError)) throw error;
    process.stderr.write(`grep: ${error.message}\n`);
    return 2;
  }
}

async function searchAll(process: Process, operands: readonly string[], search: Search): Promise<number> {
  let found = false, failed = false;
  for (const operand of operands) {
    const input =
      search.given.has("s") && operand !== "-" && !process.files.exists(process.files.resolve(operand, process.cwd))
        ? null
        : openOperand(process, operand);
    if (input === null) {
      failed = true;
      continue;
    }
    const count = await searchOne(process, operand === "-" ? "(standard input)" : operand, input, search);
    if (count > 0) found = true;
    if (found && search.given.has("q")) return 0;
  }
  return failed ? 2 : found ? 0 : 1;
}

async function searchOne(process: Process, name: string, input: InputStream, search: Search): Promise<number> {
  const { given, expression, most, before, after, named } = search;
  const quiet = given.has("q") || given.has("c") || given.has("l") || given.has("L");
  const show = (mark: string, number: number, text: string) =>
    process.stdout.write(`${named ? `${name}${mark}` : ""}${given.has("n") ? `${number}${mark}` : ""}${text}\n`);
  const held: string[] = [];
  let count = 0, number = 0, trailing = 0, lastShown = 0;
  for await (const { line } of readLines(input)) {
    number++;
    expression.lastIndex = 0;
    const matched = expression.test(line) !== given.has("v");
    if (!matched) {
      if (trailing > 0) {
        trailing--;
        show("-", number, line);
        lastShown = number;
      } else if (before > 0 && !quiet) {
        held.push(line);
        if (held.length > before) held.shift();
      }
      continue;
    }
    count++;
    if (given.has("q") || given.has("l")) break;
    if (!quiet) {
      const first = number - held.length;
      if ((before > 0 || after > 0) && lastShown > 0 && first > lastShown + 1) process.stdout.write("--\n");
      held.forEach((text, i) => show("-", first + i, text));
      held.length = 0;
      if (!given.has("o")) show(":", number, line);
      else if (!given.has("v")) {
        expression.lastIndex = 0;
        for (const match of line.matchAll(expression)) if (match[0] !== "") show(":", number, match[0]);
      }
      lastShown = number;
      trailing = after;
    }
    if (count >= most) break;
  }
  if (given.has("c")) process.stdout.write(`${named ? `${name}:` : ""}${count}\n`);
  if (given.has("l") && count > 0) process.stdout.write(`${name}\n`);
  if (given.has("L") && count === 0) process.stdout.write(`${name}\n`);
  return count;
}
