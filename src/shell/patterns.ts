/** Shell patterns: `*`, `?` and `[…]`, where a letter after a backslash stands for itself. */
import type { FileView } from "../namespace/file_system.ts";

/** Whether text that was not quoted means more than itself. */
export function hasPattern(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(pattern);
}

/** Puts a backslash before each letter that a pattern would take for more than itself. */
export function quotePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, "\\$&");
}

export function unquotePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, "$1");
}

const CLASSES: { readonly [name: string]: string } = {
  alnum: "a-zA-Z0-9",
  alpha: "a-zA-Z",
  blank: " \\t",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9a-fA-F",
};

function bracket(pattern: string, at: number): [source: string, end: number] | null {
  let i = at + 1;
  let source = "[";
  if (pattern[i] === "!" || pattern[i] === "^") {
    source += "^";
    i++;
  }
  for (let first = true;; first = false, i++) {
    const letter = pattern[i];
    if (letter === undefined) return null;
    if (letter === "]" && !first) break;
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(i, i + 12));
    if (named !== null && named[1] in CLASSES) {
      source += CLASSES[named[1]];
      i += named[0].length - 1;
    } else if (letter === "\\") source += `\\${pattern[++i] ?? "\\"}`;
    else source += /[\]\\^[]/.test(letter) ? `\\${letter}` : letter;
  }
  return [`${source}]`, i];
}

/** The regular expression (its source, without anchors) of a pattern; `any` is what `*` stands for. */
export function patternSource(pattern: string, any = "[\\s\\S]*", one = "[\\s\\S]"): string {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const letter = pattern[i];
    if (letter === "*") source += any;
    else if (letter === "?") source += one;
    else if (letter === "[") {
      const found = bracket(pattern, i);
      if (found === null) source += "\\[";
      else {
        source += found[0];
        i = found[1];
      }
    } else source += (letter === "\\" ? pattern[++i] ?? "\\" : letter).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  }
  return source;
}

/** A range such as `[z-a]` makes no regular expression: it matches nothing. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    return /(?!)/;
  }
}

export function matches(pattern: string, text: string): boolean {
  return compile(`^${patternSource(pattern)}$`).test(text);
}

/** The text without the shortest or longest start or end that the pattern matches (`#`, `##`, `%`, `%%`). */
export function strip(text: string, pattern: string, operator: string): string {
  const whole = compile(`^(?:${patternSource(pattern)})$`);
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => i);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    const part = operator[0] === "#" ? text.slice(0, length) : text.slice(text.length - length);
    if (whole.test(part)) return operator[0] === "#" ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

/** `${x/pattern/with}` and `${x//pattern/with}` */
export function substitute(text: string, pattern: string, replacement: string, all: boolean): string {
  if (pattern === "") return text;
  const anchored = pattern[0] === "#" ? "^" : "";
  const end = pattern[0] === "%" ? "$" : "";
  const source = `${anchored}(?:${patternSource(anchored + end === "" ? pattern : pattern.slice(1))})${end}`;
  const expression = new RegExp(compile(source).source, all ? "g" : "");
  return text.replace(expression, (match) => match === "" && all ? "" : replacement);
}

/** Names of files that match, sorted; none when nothing does. */
export function glob(files: FileView, pattern: string, cwd: string): string[] {
  const absolute = pattern.startsWith("/");
  let found = [absolute ? "/" : ""];
  for (const part of pattern.split("/").filter((one) => one !== "")) {
    const next: string[] = [];
    for (const base of found) {
      const at = files.resolve(base === "" ? "." : base, cwd);
      const join = (name: string): string => base === "" || base.endsWith("/") ? `${base}${name}` : `${base}/${name}`;
      if (!hasPattern(part)) {
        const name = unquotePattern(part);
        if (files.exists(files.resolve(join(name), cwd))) next.push(join(name));
        continue;
      }
      if (!files.exists(at) || files.stat(at).kind !== "directory") continue;
      for (const name of files.list(at)) {
        if (name.startsWith(".") !== part.startsWith(".") || !matches(part, name)) continue;
        next.push(join(name));
      }
    }
    found = next;
  }
  return found.sort();
}
