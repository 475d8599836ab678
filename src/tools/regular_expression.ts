/** POSIX's basic and extended regular expressions, GNU's additions included, as JavaScript's. */

/** The complaint is glibc's. */
export class RegularExpressionError extends Error {
  override name = "RegularExpressionError";
}

const CLASSES: { readonly [name: string]: string } = {
  alnum: "a-zA-Z0-9",
  alpha: "a-zA-Z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9a-fA-F",
};

const KEPT: { readonly [letter: string]: string } = {
  w: "\\w",
  W: "\\W",
  s: "\\s",
  S: "\\S",
  b: "\\b",
  B: "\\B",
  "<": "\\b(?=\\w)",
  ">": "\\b(?<=\\w)",
  "`": "^",
  "'": "$",
};

class Translator {
  #at = 0;
  #open = 0;

  constructor(readonly pattern: string, readonly extended: boolean) {}

  translate(): string {
    let source = "";
    /** Nothing stands before that could be repeated. */
    let start = true;
    while (this.#at < this.pattern.length) {
      const [token, escaped] = this.#token();
      const special = escaped !== this.extended;
      if (token === "[" && !escaped) source += this.#bracket();
      else if (token === "(" && special) {
        source += "(";
        this.#open++;
        start = true;
        continue;
      } else if (token === ")" && special && (this.#open > 0 || !this.extended)) {
        if (this.#open-- === 0) throw new RegularExpressionError("Unmatched ) or \\)");
        source += ")";
      } else if (token === "|" && special) {
        source += "|";
        start = true;
        continue;
      } else if (token === "{" && special && !start) source += this.#interval();
      else if ((token === "+" || token === "?") && special && !start) source += token;
      else if (token === "*" && !escaped) source += start ? (this.extended ? "" : "\\*") : "*";
      else if (token === "^" && !escaped && (start || this.extended)) {
        source += "^";
        start = true;
        continue;
      } else if (token === "$" && !escaped && this.#atEnd()) source += "$";
      else if (token === "." && !escaped) source += ".";
      else if (escaped && /[1-9]/.test(token)) source += `\\${token}`;
      else if (escaped && token in KEPT) source += KEPT[token];
      else source += token.replace(/[\\^$.*+?()[\]{}|\/]/, "\\$&");
      start = false;
    }
    if (this.#open > 0) throw new RegularExpressionError("Unmatched ( or \\(");
    return source.replace(/([*+?]|\{[0-9,]+\})(?=[*+?])/g, "$1");
  }

  #token(): [letter: string, escaped: boolean] {
    const letter = this.pattern[this.#at++];
    if (letter !== "\\") return [letter, false];
    if (this.#at >= this.pattern.length) throw new RegularExpressionError("Trailing backslash");
    return [this.pattern[this.#at++], true];
  }

  #atEnd(): boolean {
    const rest = this.pattern.slice(this.#at);
    return this.extended || rest === "" || rest.startsWith("\\)") || rest.startsWith("\\|");
  }

  #interval(): string {
    const end = this.extended ? "}" : "\\}";
    const close = this.pattern.indexOf(end, this.#at);
    if (close < 0) {
      throw new RegularExpressionError("Unmatched { or \\{".replace(" { or \\{", this.extended ? " { or \\{" : " \\{"));
    }
    const text = this.pattern.slice(this.#at, close);
    if (!/^[0-9]*(,[0-9]*)?$/.test(text) || text === "") throw new RegularExpressionError("Invalid content of \\{\\}");
    this.#at = close + end.length;
    return `{${text.startsWith(",") ? `0${text}` : text}}`;
  }

  #bracket(): string {
    let source = "[";
    if (this.pattern[this.#at] === "^") {
      source += "^";
      this.#at++;
    }
    for (let first = true;; first = false) {
      const letter = this.pattern[this.#at];
      if (letter === undefined) throw new RegularExpressionError("Unmatched [, [^, [:, [., or [=");
      const named = /^\[:([a-z]+):\]/.exec(this.pattern.slice(this.#at, this.#at + 12));
      if (letter === "]" && !first) break;
      if (named !== null) {
        if (!(named[1] in CLASSES)) throw new RegularExpressionError("Invalid character class name");
        source += CLASSES[named[1]];
        this.#at += named[0].length;
        continue;
      }
      source += /[\]\\^[]/.test(letter) ? `\\${letter}` : letter;
      this.#at++;
    }
    this.#at++;
    return `${source}]`;
  }
}

/** The source of a JavaScript expression that matches what the pattern does. Throws a RegularExpressionError. */
export function translate(pattern: string, extended: boolean): string {
  return new Translator(pattern, extended).translate();
}

/** Throws a RegularExpressionError. */
export function compile(pattern: string, extended: boolean, flags = ""): RegExp {
  try {
    return new RegExp(translate(pattern, extended), flags);
  } catch (error) {
    if (error instanceof RegularExpressionError) throw error;
    throw new RegularExpressionError("Invalid regular expression");
  }
}
