/** `test` and `[`: POSIX's expressions over words and files. */
import type { FileView } from "../namespace/file_system.ts";
import type { Process } from "./process.ts";

const BINARY = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);
const UNARY = /^-[abcdefghknprstuwxzLNOSGv]$/;

/** A complaint on its way out. */
class TestError extends Error {}

class Evaluation {
  #at = 0;

  constructor(readonly words: readonly string[], readonly files: FileView, readonly cwd: string) {}

  /** POSIX says what one to four words mean by their number; more are read as an expression. */
  evaluate(): boolean {
    const words = this.words;
    switch (words.length) {
      case 0:
        return false;
      case 1:
        return words[0] !== "";
      case 2:
        if (words[0] === "!") return words[1] === "";
        if (UNARY.test(words[0])) return this.#unary(words[0], words[1]);
        throw new TestError(`${words[0]}: unary operator expected`);
      case 3:
        if (BINARY.has(words[1])) return this.#binary(words[0], words[1], words[2]);
        if (words[1] === "-a") return words[0] !== "" && words[2] !== "";
        if (words[1] === "-o") return words[0] !== "" || words[2] !== "";
        if (words[0] === "!") return !new Evaluation(words.slice(1), this.files, this.cwd).evaluate();
        if (words[0] === "(" && words[2] === ")") return words[1] !== "";
        throw new TestError(`${words[1]}: binary operator expected`);
    }
    if (words.length === 4 && words[0] === "!") return !new Evaluation(words.slice(1), this.files, this.cwd).evaluate();
    const value = this.#or();
    if (this.#at < words.length) throw new TestError("too many arguments");
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.words[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      value ||= right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#term();
    while (this.words[this.#at] === "-a") {
      this.#at++;
      const right = this.#term();
      value &&= right;
    }
    return value;
  }

  #term(): boolean {
    const word = this.words[this.#at];
    if (word === undefined) throw new TestError("argument expected");
    if (word === "!") {
      this.#at++;
      return !this.#term();
    }
    if (word === "(") {
      this.#at++;
      const value = this.#or();
      if (this.words[this.#at++] !== ")") throw new TestError("`)' expected");
      return value;
    }
    const next = this.words[this.#at + 1];
    if (next !== undefined && BINARY.has(next)) {
      this.#at += 3;
      return this.#binary(word, next, this.words[this.#at - 1] ?? "");
    }
    if (UNARY.test(word) && next !== undefined) {
      this.#at += 2;
      return this.#unary(word, next);
    }
    this.#at++;
    return word !== "";
  }

  #unary(operator: string, operand: string): boolean {
    if (operator === "-n") return operand !== "";
    if (operator === "-z") return operand === "";
    if (operator === "-t" || operator === "-v") return false;
    const path = this.files.resolve(operand, this.cwd);
    if (operand === "" || !this.files.exists(path)) return false;
    const { kind, size } = this.files.stat(path);
    switch (operator) {
      case "-d":
        return kind === "directory";
      case "-f":
        return kind === "file";
      case "-S":
        return kind === "socket";
      case "-c":
        return kind === "device";
      case "-s":
        return size > 0;
      case "-b":
      case "-h":
      case "-L":
      case "-p":
      case "-u":
      case "-g":
      case "-k":
        return false;
      case "-x":
        return kind === "directory";
      default:
        return true;
    }
  }

  #integer(word: string): bigint {
    if (!/^\s*[-+]?[0-9]+\s*$/.test(word)) throw new TestError(`${word}: integer expression expected`);
    return BigInt(word.trim().replace(/^\+/, ""));
  }

  #binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "<":
        return left < right;
      case ">":
        return left > right;
      case "-nt":
      case "-ot":
        return false;
      case "-ef":
        return this.files.resolve(left, this.cwd) === this.files.resolve(right, this.cwd);
    }
    const a = this.#integer(left), b = this.#integer(right);
    switch (operator) {
      case "-eq":
        return a === b;
      case "-ne":
        return a !== b;
      case "-lt":
        return a < b;
      case "-le":
        return a <= b;
      case "-gt":
        return a > b;
      default:
        return a >= b;
    }
  }
}

/** The value, or what is wrong with the expression. */
export function evaluateTest(words: readonly string[], files: FileView, cwd: string): boolean | string {
  try {
    return new Evaluation(words, files, cwd).evaluate();
  } catch (error) {
    if (error instanceof TestError) return error.message;
    throw error;
  }
}

/** `test` and, with a closing bracket, `[`. */
export function test(process: Process): number {
  const bracket = process.name === "[";
  if (bracket && process.args[process.args.length - 1] !== "]") {
    process.stderr.write("[: missing ']'\n");
    return 2;
  }
  const words = bracket ? process.args.slice(0, -1) : process.args;
  const result = evaluateTest(words, process.files, process.cwd);
  if (typeof result === "boolean") return result ? 0 : 1;
  process.stderr.write(`${process.name}: ${result}\n`);
  return 2;
}
