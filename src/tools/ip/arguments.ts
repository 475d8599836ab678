/** The words of an iproute2 command, read one after the other, with iproute2's complaints (`lib/utils.c`). */
import { type KernelError, strerror } from "../../wire/errno.ts";

/** A command that ends here: what it says on standard error and its exit code. */
export class CommandError extends Error {
  override name = "CommandError";
  constructor(readonly text: string, readonly code: number) {
    super(text.trimEnd());
  }
}

/** What iproute2 says of a request that the kernel refused. */
export function kernelComplaint(error: KernelError): string {
  if (error.extack === undefined) return `RTNETLINK answers: ${strerror(error.errno)}\n`;
  return `Error: ${error.extack}${error.extack.endsWith(".") ? "" : "."}\n`;
}

/** iproute2's abbreviations: `word` is the beginning of `full` (`matches()`). */
export function matches(word: string, full: string): boolean {
  return full.startsWith(word);
}

/** `invarg`: exit code 255. */
export function wrong(argument: string, why: string): never {
  throw new CommandError(`Error: argument "${argument}" is wrong: ${why}\n`, 255);
}

/** `duparg2`. */
export function garbage(what: string, word: string): never {
  throw new CommandError(`Error: either "${what}" is duplicate, or "${word}" is a garbage.\n`, 255);
}

/** `duparg`. */
export function duplicate(what: string, word: string): never {
  throw new CommandError(`Error: duplicate "${what}": "${word}" is the second value.\n`, 255);
}

/** `missarg`. */
export function missing(what: string): never {
  throw new CommandError(`Error: argument "${what}" is required\n`, 255);
}

export function incomplete(): never {
  throw new CommandError('Command line is not complete. Try option "help"\n', 255);
}

export function noDevice(name: string, code = 1): never {
  throw new CommandError(`Cannot find device "${name}"\n`, code);
}

/** A usage text: on standard error, exit code 255 unless given. */
export function usage(text: string, code = 255): never {
  throw new CommandError(text, code);
}

/** `Error: argument of "protodown" must be "on" or "off", not "x"`. */
export function onOff(what: string, word: string, code = 1): boolean {
  if (word === "on") return true;
  if (word === "off") return false;
  throw new CommandError(`Error: argument of "${what}" must be "on" or "off", not "${word}"\n`, code);
}

export class Arguments {
  #at = 0;
  constructor(readonly words: readonly string[]) {}

  get more(): boolean {
    return this.#at < this.words.length;
  }

  /** The word that comes next, without taking it; "" when there is none. */
  get peek(): string {
    return this.words[this.#at] ?? "";
  }

  /** Takes a word; the caller knows that there is one. */
  take(): string {
    return this.words[this.#at++];
  }

  /** Takes the word after a keyword (`NEXT_ARG`): without one the command line is not complete. */
  value(): string {
    if (!this.more) incomplete();
    return this.words[this.#at++];
  }

  /** All words that are left. */
  rest(): string[] {
    const rest = this.words.slice(this.#at);
    this.#at = this.words.length;
    return rest;
  }
}

/** A whole number as `strtoul` with base 0 reads it (`10`, `0x1f`, `017`), or null. */
export function parseNumber(text: string, base = 0): number | null {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+|[0-9a-fA-F]+)$/.exec(text);
  if (match === null) return null;
  const [, sign, digits] = match;
  let number: number;
  if (base === 16) number = parseInt(digits.replace(/^0x/i, ""), 16);
  else if (/^0x/i.test(digits)) number = parseInt(digits.slice(2), 16);
  else if (!/^\d+$/.test(digits)) return null;
  else if (base === 0 && digits.length > 1 && digits[0] === "0") {
    if (/[89]/.test(digits)) return null;
    number = parseInt(digits, 8);
  } else number = Number(digits);
  return sign === "-" ? -number : number;
}

/** `get_u32` and the like: a number from 0 to `most`, else null. */
export function parseUnsigned(text: string, most = 0xffffffff, base = 0): number | null {
  const number = parseNumber(text, base);
  return number === null || number < 0 || number > most ? null : number;
}

/** As `parseUnsigned`; anything else ends the command with iproute2's complaint `why`. */
export function unsigned(text: string, why: string, most = 0xffffffff, base = 0): number {
  return parseUnsigned(text, most, base) ?? wrong(text, why);
}
