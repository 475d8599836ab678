/** `printf`: C's formats over words; the format is used again until all words are. */
import { unescape } from "./echo.ts";
import type { Process } from "./process.ts";

const DIRECTIVE = /%([-+ 0#]*)(\*|[0-9]+)?(?:\.(\*|-?[0-9]*))?([a-zA-Z%])/g;

interface Formatted {
  readonly text: string;
  /** What was wrong, without the program's name. */
  readonly complaints: readonly string[];
}

function integer(word: string, complaints: string[]): bigint {
  if (word === "") return 0n;
  if (/^["']/.test(word)) return BigInt(word.codePointAt(1) ?? 0);
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(word);
  if (match === null || match[0] !== word) complaints.push(`${word}: invalid number`);
  if (match === null) return 0n;
  const digits = /^0[0-7]+$/.test(match[2]) ? `0o${match[2].slice(1)}` : match[2];
  return match[1] === "-" ? -BigInt(digits) : BigInt(digits);
}

function float(word: string, complaints: string[]): number {
  if (word === "") return 0;
  if (/^["']/.test(word)) return word.codePointAt(1) ?? 0;
  const value = Number(word);
  if (!Number.isNaN(value) && word.trim() !== "") return value;
  complaints.push(`${word}: invalid number`);
  return parseFloat(word) || 0;
}

function exponent(value: number, precision: number, upper: boolean): string {
  const text = value.toExponential(precision).replace(/e([-+])([0-9])$/, "e$10$2");
  return upper ? text.toUpperCase() : text;
}

function general(value: number, precision: number, upper: boolean): string {
  const digits = precision === 0 ? 1 : precision;
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const text = power < -4 || power >= digits ? exponent(value, digits - 1, upper) : value.toFixed(digits - 1 - power);
  return text.includes(".") ? text.replace(/\.?0+(?=e|E|$)/, "") : text;
}

function quote(word: string): string {
  if (word === "") return "''";
  return /[^\x20-\x7e]/.test(word)
    ? `$'${word.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'`
    : word.replace(/[^a-zA-Z0-9_.,:\/=@%+-]/g, "\\$&");
}

function number(value: bigint, flags: string, precision: number | null, base: number, upper: boolean): string {
  const negative = value < 0n && base === 10;
  let digits = (negative ? -value : BigInt.asUintN(64, value)).toString(base);
  if (upper) digits = digits.toUpperCase();
  if (precision !== null) digits = digits.padStart(precision, "0");
  if (flags.includes("#") && value !== 0n && base !== 10) digits = (base === 8 ? "0" : upper ? "0X" : "0x") + digits;
  if (base !== 10) return digits;
  return (negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + digits;
}

function pad(text: string, flags: string, width: number, numeric: boolean): string {
  if (text.length >= width) return text;
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || !numeric) return text.padStart(width);
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)![0];
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

export function formatPrintf(format: string, words: readonly string[]): Formatted {
  const complaints: string[] = [];
  let text = "";
  let at = 0;
  let ended = false;
  const plain = (piece: string): string => {
    const result = unescape(piece, false);
    ended ||= result.ended;
    return result.text;
  };
  do {
    const before = at;
    let end = 0;
    for (const match of format.matchAll(DIRECTIVE)) {
      text += plain(format.slice(end, match.index));
      if (ended) return { text, complaints };
      end = match.index + match[0].length;
      if (match[4] === "%") {
        text += "%";
        continue;
      }
      const width = match[2] === "*" ? Number(words[at++] ?? 0) : Number(match[2] ?? 0);
      const precision = match[3] === undefined
        ? null
        : match[3] === "*"
        ? Number(words[at++] ?? 0)
        : Number(match[3] || 0);
      const word = words[at++] ?? "";
      const piece = directive(match[4], match[1], precision, word, complaints);
      if (piece === null) {
        complaints.push(`\`${match[4]}': invalid format character`);
        return { text, complaints };
      }
      text += pad(piece.text, width < 0 ? `${match[1]}-` : match[1], Math.abs(width), piece.numeric);
      if (piece.ended) return { text, complaints };
    }
    text += plain(format.slice(end));
    if (at === before) break;
  } while (at < words.length && !ended);
  return { text, complaints };
}

function directive(
  letter: string,
  flags: string,
  precision: number | null,
  word: string,
  complaints: string[],
): { text: string; numeric: boolean; ended?: boolean } | null {
  const cut = (value: string): string => precision === null ? value : value.slice(0, Math.max(0, precision));
  switch (letter) {
    case "s":
      return { text: cut(word), numeric: false };
    case "b": {
      const { text, ended } = unescape(word, true);
      return { text: cut(text), numeric: false, ended };
    }
    case "q":
      return { text: quote(word), numeric: false };
    case "c":
      return { text: word.slice(0, 1), numeric: false };
    case "d":
    case "i":
      return { text: number(integer(word, complaints), flags, precision, 10, false), numeric: true };
    case "u":
      return { text: String(BigInt.asUintN(64, integer(word, complaints))), numeric: true };
    case "o":
      return { text: number(integer(word, complaints), flags, precision, 8, false), numeric: true };
    case "x":
    case "X":
      return { text: number(integer(word, complaints), flags, precision, 16, letter === "X"), numeric: true };
  }
  if (!/[eEfFgG]/.test(letter)) return null;
  const value = float(word, complaints);
  const digits = precision ?? 6;
  const sign = value >= 0 && flags.includes("+") ? "+" : "";
  if (!Number.isFinite(value)) {
    return { text: String(value).replace("Infinity", "inf").replace("NaN", "nan"), numeric: false };
  }
  if (/[fF]/.test(letter)) return { text: sign + value.toFixed(Math.min(digits, 100)), numeric: true };
  const upper = letter === "E" || letter === "G";
  const text = /[eE]/.test(letter)
    ? exponent(value, Math.min(digits, 100), upper)
    : general(value, Math.min(digits, 100), upper);
  return { text: sign + text, numeric: true };
}

export function printf(process: Process): number {
  const [format, ...words] = process.args[0] === "--" ? process.args.slice(1) : process.args;
  if (format === undefined) {
    process.stderr.write(`printf: missing operand\nTry 'printf --help' for more information.\n`);
    return 1;
  }
  const { text, complaints } = formatPrintf(format, words);
  process.stdout.write(text);
  for (const complaint of complaints) process.stderr.write(`printf: ${complaint}\n`);
  return complaints.length > 0 ? 1 : 0;
}
