/** Words to fields: braces, parameters, commands, arithmetic, splitting and file names, in bash's order. */
import type { FileView } from "../namespace/file_system.ts";
import { ArithmeticError, evaluate } from "./arithmetic.ts";
import { expandBraces } from "./braces.ts";
import { glob, hasPattern, quotePattern, strip, substitute, unquotePattern } from "./patterns.ts";
import type { List, Word, WordPart } from "./syntax.ts";

/** What expansion needs of the shell. */
export interface Expander {
  readonly files: FileView;
  readonly cwd: string;
  /** A variable, or a special parameter other than `@` and `*`. */
  get(name: string): string | undefined;
  /** `set -u`: a variable that is not set is a mistake. */
  readonly strict: boolean;
  set(name: string, value: string): void;
  readonly positional: readonly string[];
  /** Of an array, with holes where nothing was set. */
  elements(name: string): readonly string[];
  /** What a command prints, without the newlines at its end. */
  substitute(body: List): Promise<string>;
}

/** Expansion that cannot be: the command is not run, its status is 1. The message is bash's, without the place. */
export class ExpansionError extends Error {
  override name = "ExpansionError";
  /** `fatal`: a shell that runs a script ends. */
  constructor(message: string, readonly fatal = false) {
    super(message);
  }
}

/** A field in the making: `pattern` is its text with all that was quoted behind backslashes. */
interface Field {
  text: string;
  pattern: string;
}

const SPACES = " \t\n";

type ParameterPart = WordPart & { kind: "parameter" };

async function parameterValue(shell: Expander, part: ParameterPart): Promise<string | undefined> {
  const { operator } = part;
  if (operator === "bad") throw new ExpansionError(`${part.source}: bad substitution`);
  if (isMany(part)) return (await manyValues(shell, part)).join(separator(shell, part));
  const name = part.subscript === undefined ? part.name : `${part.name}[${await expandText(shell, part.subscript)}]`;
  const value = shell.get(name);
  if (value === undefined && shell.strict && !/^:?[-+=?]$/.test(operator)) {
    throw new ExpansionError(`${name}: unbound variable`, true);
  }
  if (operator === "") return value;
  if (operator === "length") {
    return String([...(value ?? "")].length);
  }
  const argument = part.argument ?? [];
  const missing = value === undefined || (operator.startsWith(":") && value === "");
  switch (operator) {
    case "-":
    case ":-":
      return missing ? await expandText(shell, argument) : value;
    case "+":
    case ":+":
      return missing ? "" : await expandText(shell, argument);
    case "=":
    case ":=":
      if (!missing) return value;
      shell.set(name, await expandText(shell, argument));
      return shell.get(name);
    case "?":
    case ":?": {
      if (!missing) return value;
      const words = await expandText(shell, argument);
      throw new ExpansionError(`${name}: ${words === "" ? "parameter null or not set" : words}`, true);
    }
    case ":":
      return slice(shell, value ?? "", await expandText(shell, argument)) as string;
  }
  return await transform(shell, value ?? "", operator, argument);
}

/** Whether a parameter is a list: `@`, `*`, `NAME[@]`, `NAME[*]`. */
function isMany({ name }: ParameterPart): boolean {
  return name === "@" || name === "*" || name.endsWith("]");
}

/** What stands between the values of a list that becomes one text. */
function separator(shell: Expander, { name }: ParameterPart): string {
  return name.includes("*") ? (shell.get("IFS") ?? SPACES).slice(0, 1) : " ";
}

async function manyValues(shell: Expander, part: ParameterPart): Promise<string[]> {
  const { name, operator } = part;
  const positional = name === "@" || name === "*";
  const elements = positional ? shell.positional : shell.elements(name.slice(0, -3));
  const values = Object.values(elements);
  const argument = part.argument ?? [];
  switch (operator) {
    case "":
      return values;
    case "bad":
      throw new ExpansionError(`${part.source}: bad substitution`);
    case "length":
      return [String(values.length)];
    case "indices":
      return Object.keys(elements);
    case ":": {
      const range = await expandText(shell, argument);
      return slice(shell, positional ? [shell.get("0") ?? "", ...values] : values, range) as string[];
    }
  }
  if (/^:?[-+=?]$/.test(operator)) {
    const missing = values.length === 0 || (operator[0] === ":" && values.join("") === "");
    if (operator.endsWith("+")) return missing ? [] : [await expandText(shell, argument)];
    return missing ? [await expandText(shell, argument)] : values;
  }
  return await Promise.all(values.map((value) => transform(shell, value, operator, argument)));
}

async function transform(shell: Expander, value: string, operator: string, argument: Word): Promise<string> {
  switch (operator) {
    case "^":
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case "^^":
      return value.toUpperCase();
    case ",":
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case ",,":
      return value.toLowerCase();
  }
  const pattern = await expandPattern(shell, argument);
  if (operator === "#" || operator === "##" || operator === "%" || operator === "%%") {
    return strip(value, pattern, operator);
  }
  const [, from, , to = ""] = /^((?:\\[\s\S]|[^\\/])*)(\/([\s\S]*))?$/.exec(pattern)!;
  return substitute(value, from, unquotePattern(to), operator === "//");
}

/** `:START:LENGTH` of a text, or of a list. */
function slice(shell: Expander, value: string | string[], range: string): string | string[] {
  const [first, second] = range.split(":");
  const number = (text: string): number => Number(arithmetic(shell, text));
  const start = number(first);
  const from = start < 0 ? value.length + start : start;
  if (from < 0 || from > value.length) return value.slice(0, 0);
  if (second === undefined) return value.slice(from);
  const length = number(second);
  return length < 0 ? value.slice(from, value.length + length) : value.slice(from, from + length);
}

function arithmetic(shell: Expander, expression: string): bigint {
  try {
    return evaluate(expression, shell);
  } catch (error) {
    if (error instanceof ArithmeticError) throw new ExpansionError(error.message);
    throw error;
  }
}

async function partValue(shell: Expander, part: WordPart): Promise<string> {
  switch (part.kind) {
    case "text":
      return part.text;
    case "parameter":
      return await parameterValue(shell, part) ?? "";
    case "command":
      return await shell.substitute(part.body);
    case "arithmetic":
      return String(arithmetic(shell, await expandText(shell, part.expression)));
  }
}

function tilde(shell: Expander, word: Word): Word {
  const first = word[0];
  if (first === undefined || first.kind !== "text" || first.quoted || first.text[0] !== "~") return word;
  const [, name, rest] = /^~([^/]*)([\s\S]*)$/.exec(first.text)!;
  if (name !== "" && name !== "root") return word;
  return [
    { kind: "text", text: shell.get("HOME") ?? "/root", quoted: true },
    { ...first, text: rest },
    ...word.slice(1),
  ];
}

/** Whole, without splitting or file names: of assignments, redirections and `case`. */
export async function expandText(shell: Expander, word: Word): Promise<string> {
  let text = "";
  for (const part of tilde(shell, word)) text += await partValue(shell, part);
  return text;
}

/** As a pattern: what was quoted stands behind backslashes. */
export async function expandPattern(shell: Expander, word: Word): Promise<string> {
  let pattern = "";
  for (const part of tilde(shell, word)) {
    const value = await partValue(shell, part);
    pattern += part.quoted ? quotePattern(value) : part.kind === "text" ? value : value.replaceAll("\\", "\\\\");
  }
  return pattern;
}

class FieldMaker {
  readonly fields: Field[] = [];
  #current: Field | null = null;

  append(text: string, pattern: string): void {
    if (this.#current === null) this.fields.push(this.#current = { text: "", pattern: "" });
    this.#current.text += text;
    this.#current.pattern += pattern;
  }

  next(): void {
    this.#current = null;
  }

  /** Unquoted text that came from an expansion: every run of separators ends a field. */
  split(text: string, separators: string): void {
    let plain = "";
    for (const letter of text) {
      if (!separators.includes(letter)) {
        plain += letter;
        continue;
      }
      if (plain !== "") this.append(plain, plain.replaceAll("\\", "\\\\"));
      else if (!SPACES.includes(letter) && this.#current === null) this.append("", "");
      plain = "";
      this.next();
    }
    if (plain !== "") this.append(plain, plain.replaceAll("\\", "\\\\"));
  }
}

async function makeFields(shell: Expander, word: Word): Promise<Field[]> {
  const maker = new FieldMaker();
  const separators = shell.get("IFS") ?? SPACES;
  for (const part of tilde(shell, word)) {
    if (part.kind === "parameter" && isMany(part) && part.operator !== "length") {
      const values = await manyValues(shell, part);
      if (part.quoted && part.name.includes("*")) {
        const joined = values.join(separator(shell, part));
        maker.append(joined, quotePattern(joined));
      } else {
        values.forEach((value, i) => {
          if (i > 0) maker.next();
          if (part.quoted) maker.append(value, quotePattern(value));
          else maker.split(value, separators);
        });
      }
      continue;
    }
    const value = await partValue(shell, part);
    if (part.quoted) maker.append(value, quotePattern(value));
    else if (part.kind === "text") maker.append(value, value);
    else maker.split(value, separators);
  }
  return maker.fields;
}

/** The fields that words become. */
export async function expandWords(shell: Expander, words: readonly Word[]): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    for (const plain of expandBraces(word)) {
      for (const field of await makeFields(shell, plain)) {
        const names = hasPattern(field.pattern) ? glob(shell.files, field.pattern, shell.cwd) : [];
        if (names.length > 0) result.push(...names);
        else result.push(field.text);
      }
    }
  }
  return result;
}
