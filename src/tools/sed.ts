/** `sed`: addresses, `s`, `y`, `d`, `p`, `q`, `=`, `a`, `i`, `c`, `n` of GNU sed, with -n, -e, -E, -i and -s. */
import { KernelError, strerror } from "../wire/errno.ts";
import { openOperand, readAll } from "./input.ts";
import { OptionParser } from "./getopt.ts";
import type { Process } from "./process.ts";
import { compile, RegularExpressionError } from "./regular_expression.ts";

type Address = { line: number; step: number } | { last: true } | { pattern: RegExp };

interface Command {
  from: Address | null;
  to: Address | null;
  negative: boolean;
  verb: string;
  text: string;
  pattern: RegExp | null;
  /** Of `s`: which match is replaced, at the first; all from there on with `every`. */
  nth: number;
  every: boolean;
  print: boolean;
  active: boolean;
}

class SedError extends Error {}

class Script {
  #at = 0;
  constructor(readonly text: string, readonly extended: boolean) {}

  commands(): Command[] {
    const all: Command[] = [];
    for (;;) {
      while (/[\s;]/.test(this.text[this.#at] ?? "")) this.#at++;
      if (this.#at >= this.text.length) return all;
      all.push(this.#command());
    }
  }

  fail(words: string): SedError {
    return new SedError(`-e expression #1, char ${this.#at}: ${words}`);
  }

  #compile(pattern: string, flags: string): RegExp {
    try {
      return compile(pattern, this.extended, flags);
    } catch (error) {
      if (error instanceof RegularExpressionError) throw this.fail(error.message);
      throw error;
    }
  }

  #number(): number {
    const digits = /^\d+/.exec(this.text.slice(this.#at))?.[0] ?? "";
    this.#at += digits.length;
    return Number(digits);
  }

  #address(): Address | null {
    const mark = this.text[this.#at];
    if (mark === "$") {
      this.#at++;
      return { last: true };
    }
    if (/\d/.test(mark ?? "")) {
      const line = this.#number();
      if (this.text[this.#at] !== "~") return { line, step: 0 };
      this.#at++;
      return { line, step: this.#number() };
    }
    if (mark !== "/" && mark !== "\\") return null;
    if (mark === "\\") this.#at++;
    const end = this.text[this.#at++];
    const pattern = this.#until(end, "unterminated address regex");
    const fold = this.text[this.#at] === "I";
    if (fold) this.#at++;
    return { pattern: this.#compile(pattern, fold ? "i" : "") };
  }

  #until(end: string, unterminated: string): string {
    let text = "";
    for (; this.#at < this.text.length; this.#at++) {
      const one = this.text[this.#at];
      if (one === end) {
        this.#at++;
        return text;
      }
      if (one === "\\" && this.#at + 1 < this.text.length) {
        const next = this.text[++this.#at];
        text += next === end ? next : `\\${next}`;
      } else text += one;
    }
    throw this.fail(unterminated);
  }

  #command(): Command {
    const command: Command = {
      from: this.#address(),
      to: null,
      negative: false,
      verb: "",
      text: "",
      pattern: null,
      nth: 1,
      every: false,
      print: false,
      active: false,
    };
    if (command.from !== null && this.text[this.#at] === ",") {
      this.#at++;
      command.to = this.#address();
      if (command.to === null) throw this.fail("unexpected `,'");
    }
    for (; /[ !]/.test(this.text[this.#at] ?? ""); this.#at++) if (this.text[this.#at] === "!") command.negative = true;
    command.verb = this.text[this.#at++] ?? "";
    if (command.verb === "") throw this.fail("missing command");
    if (command.verb === "s" || command.verb === "y") this.#replacement(command);
    else if ("aic".includes(command.verb)) {
      const rest = /^[^\n]*/.exec(this.text.slice(this.#at))![0];
      this.#at += rest.length;
      command.text = rest.replace(/^\s*(?:\\\n?)?/, "");
    } else if (!"dpqn=".includes(command.verb)) throw this.fail(`unknown command: \`${command.verb}'`);
    else if (!/^[ \t]*($|[;\n])/.test(this.text.slice(this.#at))) throw this.fail("extra characters after command");
    return command;
  }

  #replacement(command: Command): void {
    const end = this.text[this.#at++];
    const unterminated = `unterminated \`${command.verb}' command`;
    const pattern = this.#until(end, unterminated);
    command.text = this.#until(end, unterminated);
    if (command.verb === "y") {
      command.pattern = null;
      command.text = `${pattern}\0${command.text}`;
      return;
    }
    let flags = "g";
    for (;; this.#at++) {
      const flag = this.text[this.#at] ?? ";";
      if (flag === "g") command.every = true;
      else if (flag === "p") command.print = true;
      else if (flag === "i" || flag === "I") flags += "i";
      else if (/[1-9]/.test(flag)) {
        command.nth = this.#number();
        this.#at--;
      } else if (/[\s;]/.test(flag)) break;
      else throw this.fail("unknown option to `s'");
    }
    command.pattern = this.#compile(pattern, flags);
  }
}

function substitute(command: Command, line: string): string | null {
  let count = 0, done = false;
  const replaced = line.replace(command.pattern!, (...found: (string | number)[]) => {
    count++;
    if (count < command.nth || (done && !command.every)) return String(found[0]);
    done = true;
    return command.text.replace(/\\([\s\S])|&/g, (whole, one: string | undefined) => {
      if (one === undefined) return String(found[0]);
      if (/\d/.test(one)) return String(typeof found[Number(one)] === "string" ? found[Number(one)] : "");
      return one === "n" ? "\n" : one === "t" ? "\t" : whole.slice(1);
    });
  });
  return done ? replaced : null;
}

function matches(address: Address, line: string, number: number, last: boolean): boolean {
  if ("last" in address) return last;
  if ("pattern" in address) return address.pattern.test(line);
  if (address.step > 0) return number >= address.line && (number - address.line) % address.step === 0;
  return number === address.line;
}

function selected(command: Command, line: string, number: number, last: boolean): boolean {
  const { from, to } = command;
  if (from === null) return true;
  if (to === null) return matches(from, line, number, last);
  if (command.active) {
    const past = "line" in to && number >= to.line;
    if (past || matches(to, line, number, last)) command.active = false;
    return !("line" in to) || number <= to.line;
  }
  if (!matches(from, line, number, last)) return false;
  command.active = !("line" in to && number >= to.line);
  return true;
}

/** What the commands make of a text; `quit` tells that `q` ended it. */
function edit(
  commands: readonly Command[],
  text: string,
  quiet: boolean,
  start: number,
): { out: string; lines: number; quit: boolean } {
  const lines = text.split("\n");
  const open = lines[lines.length - 1] !== "";
  if (!open) lines.pop();
  let out = "";
  const put = (line: string, index: number): void =>
    void (out += index === lines.length - 1 && open ? line : `${line}\n`);
  for (let index = 0; index < lines.length; index++) {
    let line: string | null = lines[index];
    let after = "";
    for (const command of commands) {
      const number = start + index + 1;
      if (selected(command, line, number, index === lines.length - 1) === command.negative) continue;
      const { verb } = command;
      if (verb === "d" || verb === "c") {
        if (verb === "c" && !command.active) out += `${command.text}\n`;
        line = null;
        break;
      }
      if (verb === "q") {
        if (!quiet) put(line, index);
        return { out: out + after, lines: start + index + 1, quit: true };
      }
      if (verb === "p") put(line, index);
      else if (verb === "=") out += `${number}\n`;
      else if (verb === "i") out += `${command.text}\n`;
      else if (verb === "a") after += `${command.text}\n`;
      else if (verb === "n" && index + 1 < lines.length) {
        if (!quiet) put(line, index);
        line = lines[++index];
      } else if (verb === "y") {
        const [from, to] = command.text.split("\0");
        line = [...line].map((one) => from.includes(one) ? to[from.indexOf(one)] : one).join("");
      } else if (verb === "s") {
        const replaced = substitute(command, line);
        if (replaced === null) continue;
        line = replaced;
        if (command.print) put(line, index);
      }
    }
    if (line !== null && !quiet) put(line, index);
    out += after;
  }
  return { out, lines: start + lines.length, quit: false };
}

export async function sed(process: Process): Promise<number> {
  let quiet = false, extended = false, inPlace = false;
  const scripts: string[] = [];
  const complain = (words: string): void => process.stderr.write(`${words}\n`);
  const options = new OptionParser("sed", process.args, "ne:Erisuz", complain, [
    { name: "quiet", option: "n" },
    { name: "expression", argument: 1, option: "e" },
    { name: "regexp-extended", option: "E" },
    { name: "in-place", option: "i" },
  ]);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    if (one.option === "n") quiet = true;
    else if (one.option === "e") scripts.push(one.argument);
    else if (one.option === "E" || one.option === "r") extended = true;
    else if (one.option === "i") inPlace = true;
  }
  const operands = [...options.operands];
  if (scripts.length === 0) {
    const script = operands.shift();
    if (script === undefined) {
      complain("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
      return 1;
    }
    scripts.push(script);
  }
  try {
    const commands = new Script(scripts.join("\n"), extended).commands();
    return await editAll(process, commands, operands.length > 0 ? operands : ["-"], quiet, inPlace);
  } catch (error) {
    if (!(error instanceof SedError)) throw error;
    complain(`sed: ${error.message}`);
    return 1;
  }
}

async function editAll(
  process: Process,
  commands: readonly Command[],
  operands: readonly string[],
  quiet: boolean,
  inPlace: boolean,
): Promise<number> {
  let code = 0;
  let number = 0;
  let whole = "";
  for (const operand of operands) {
    const input = openOperand(process, operand, (words) => `sed: can't read ${operand}: ${words}`);
    if (input === null) {
      code = 2;
      continue;
    }
    const text = new TextDecoder().decode(await readAll(input));
    if (!inPlace) {
      whole += text;
      continue;
    }
    const { out, lines } = edit(commands, text, quiet, 0);
    number = lines;
    try {
      process.files.write(process.files.resolve(operand, process.cwd), out);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(`sed: couldn't open file ${operand}: ${strerror(error.errno)}\n`);
      return 4;
    }
  }
  if (!inPlace) process.stdout.write(edit(commands, whole, quiet, number).out);
  return code;
}
