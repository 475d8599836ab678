/** Words of shell text: quotes, escapes, and what stands behind a `$` or a backquote. */
import { type List, ShellSyntaxError, type Word, type WordPart } from "./syntax.ts";

/** Parses the commands of a `$( … )` that begins the text given; tells where the text after it goes on. */
export type SubstitutionParser = (text: string, line: number) => { body: List; end: number; line: number };

/** How deep `${ … }` may stand in each other. */
const NESTING_LIMIT = 200;

const ENDS_WORD = /[\s;&|()<>]/;
const PARAMETER = /^(?:[a-zA-Z_][a-zA-Z0-9_]*|[0-9]|[@*#?$!-])/;
const BRACED = /^(#?)([a-zA-Z_][a-zA-Z0-9_]*|[0-9]+|[@*#?$!-])/;
const INDICES = /^(!)([a-zA-Z_][a-zA-Z0-9_]*\[[@*]\])$/;
const SUBSCRIPT = /^\[((?:[^[\]]|\[[^[\]]*\])+)\]/;
const BRACED_OPERATOR = /^(?::[-=+?]|[-=+?]|##|%%|\/\/|\^\^|,,|[#%/^,]|:)/;

const ESCAPES: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

export class WordReader {
  position = 0;
  line: number;

  constructor(
    readonly text: string,
    readonly firstLine: number,
    readonly substitution: SubstitutionParser,
    readonly depth = 0,
  ) {
    this.line = firstLine;
    if (depth > NESTING_LIMIT) throw new ShellSyntaxError("bad substitution", firstLine, null);
  }

  /** A reader of text that stands within this one's. */
  inner(text: string, line: number): WordReader {
    return new WordReader(text, line, this.substitution, this.depth + 1);
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Spaces, joined lines, and a comment. */
  skipBlanks(): void {
    for (;;) {
      const letter = this.text[this.position];
      if (letter === " " || letter === "\t" || letter === "\r") this.position++;
      else if (letter === "\\" && this.text[this.position + 1] === "\n") {
        this.position += 2;
        this.line++;
      } else if (letter === "#" && (this.position === 0 || /[\s;&|()<>]/.test(this.text[this.position - 1]))) {
        const end = this.text.indexOf("\n", this.position);
        this.position = end < 0 ? this.text.length : end;
      } else return;
    }
  }

  /** The word that stands here, as it is written: for complaints. */
  rawWord(): string {
    const match = /^(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s;&|()<>"'\\])+/.exec(this.text.slice(this.position));
    return match === null ? this.text[this.position] : match[0];
  }

  /**
   * The word that stands next, or null when an operator or the end does. Of an `expression` (the right of `=~`), `|` and
   * what stands in parentheses are part.
   */
  word(expression = false): Word | null {
    this.skipBlanks();
    let depth = 0;
    const parts: WordPart[] = [];
    let plain = "";
    const flush = () => {
      if (plain !== "") parts.push({ kind: "text", text: plain, quoted: false });
      plain = "";
    };
    while (!this.atEnd) {
      const letter = this.text[this.position];
      if (expression && letter === "(") depth++;
      else if (expression && letter === ")" && depth > 0) depth--;
      else if (ENDS_WORD.test(letter) && depth === 0 && !(expression && letter === "|")) break;
      if (letter === "\\") {
        const next = this.text[this.position + 1];
        this.position += 2;
        if (next === "\n") this.line++;
        else {
          flush();
          parts.push({ kind: "text", text: next ?? "\\", quoted: true });
        }
      } else if (letter === "'" || letter === '"' || letter === "`" || letter === "$") {
        flush();
        this.#special(letter, parts, false);
      } else {
        if (letter === "\n") this.line++;
        plain += letter;
        this.position++;
      }
    }
    if (depth > 0) this.#unmatched(")", this.line);
    flush();
    return parts.length === 0 ? null : parts;
  }

  /** The text of a here-document: as between double quotes, where a double quote is an ordinary letter. */
  hereDocument(): Word {
    const parts: WordPart[] = [];
    this.#quoted(parts, null);
    return parts;
  }

  #special(letter: string, parts: WordPart[], quoted: boolean): void {
    if (letter === "'") return this.#singleQuotes(parts);
    if (letter === '"') return this.#doubleQuotes(parts);
    if (letter === "`") return this.#backquotes(parts, quoted);
    this.#dollar(parts, quoted);
  }

  #unmatched(quote: string, line: number): never {
    throw new ShellSyntaxError(`unexpected EOF while looking for matching \`${quote}'`, line, null);
  }

  #countLines(from: number): void {
    for (let i = from; i < this.position; i++) if (this.text[i] === "\n") this.line++;
  }

  #singleQuotes(parts: WordPart[]): void {
    const start = this.position + 1;
    const end = this.text.indexOf("'", start);
    if (end < 0) this.#unmatched("'", this.line);
    this.position = end + 1;
    parts.push({ kind: "text", text: this.text.slice(start, end), quoted: true });
    this.#countLines(start);
  }

  #doubleQuotes(parts: WordPart[]): void {
    this.position++;
    const before = parts.length;
    this.#quoted(parts, this.line);
    this.position++;
    if (parts.length === before) parts.push({ kind: "text", text: "", quoted: true });
  }

  /** Up to a `"`, which must come (`line` is where it began), or, when `line` is null, to the end. */
  #quoted(parts: WordPart[], line: number | null): void {
    let plain = "";
    const flush = () => {
      if (plain !== "") parts.push({ kind: "text", text: plain, quoted: true });
      plain = "";
    };
    for (;;) {
      if (this.atEnd) {
        if (line !== null) this.#unmatched('"', line);
        break;
      }
      const letter = this.text[this.position];
      if (letter === '"' && line !== null) break;
      if (letter === "\\") {
        const next = this.text[this.position + 1] ?? "";
        this.position += 2;
        if (next === "\n") this.line++;
        else if (next === "$" || next === "`" || next === "\\" || (next === '"' && line !== null)) plain += next;
        else plain += letter + next;
      } else if (letter === "$" || letter === "`") {
        flush();
        this.#special(letter, parts, true);
      } else {
        if (letter === "\n") this.line++;
        plain += letter;
        this.position++;
      }
    }
    flush();
  }

  #backquotes(parts: WordPart[], quoted: boolean): void {
    const line = this.line;
    const start = ++this.position;
    let inner = "";
    for (;; this.position++) {
      if (this.atEnd) this.#unmatched("`", line);
      const letter = this.text[this.position];
      if (letter === "`") break;
      const next = this.text[this.position + 1];
      if (letter === "\\" && (next === "`" || next === "\\" || next === "$")) {
        inner += next;
        this.position++;
      } else inner += letter;
    }
    this.position++;
    this.#countLines(start);
    const { body, end } = this.substitution(`${inner}\n)`, line);
    if (end < inner.length + 2) throw new ShellSyntaxError("syntax error near unexpected token `)'", line, inner);
    parts.push({ kind: "command", body, quoted });
  }

  #dollar(parts: WordPart[], quoted: boolean): void {
    const rest = this.text.slice(this.position + 1, this.position + 3);
    if (rest === "((" && this.#arithmetic(parts, quoted)) return;
    if (rest[0] === "(") {
      const { body, end, line } = this.substitution(this.text.slice(this.position + 2), this.line);
      this.position += 2 + end;
      this.line = line;
      parts.push({ kind: "command", body, quoted });
      return;
    }
    if (rest[0] === "{") return this.#braced(parts, quoted);
    if (rest[0] === "'" && !quoted) return this.#ansiQuotes(parts);
    if (rest[0] === '"' && !quoted) {
      this.position++;
      return this.#doubleQuotes(parts);
    }
    const name = PARAMETER.exec(this.text.slice(this.position + 1, this.position + 256))?.[0];
    if (name === undefined) {
      parts.push({ kind: "text", text: "$", quoted });
      this.position++;
      return;
    }
    this.position += 1 + name.length;
    parts.push({ kind: "parameter", name, quoted, operator: "", argument: null, source: `$${name}` });
  }

  /** `$(( … ))`; false when it is a command in parentheses after all. */
  #arithmetic(parts: WordPart[], quoted: boolean): boolean {
    const line = this.line;
    const text = this.arithmeticText(this.position + 3);
    if (text !== null) parts.push({ kind: "arithmetic", expression: this.inner(text, line).hereDocument(), quoted });
    return text !== null;
  }

  /** What stands from `start` up to `))`, which is taken too; null when one `)` comes first. */
  arithmeticText(start: number): string | null {
    let depth = 0;
    for (let i = start; i < this.text.length; i++) {
      if (this.text[i] === "(") depth++;
      else if (this.text[i] === ")" && depth > 0) depth--;
      else if (this.text[i] === ")") {
        if (this.text[i + 1] !== ")") return null;
        this.position = i + 2;
        this.#countLines(start);
        return this.text.slice(start, i);
      }
    }
    return null;
  }

  #braced(parts: WordPart[], quoted: boolean): void {
    const start = this.position;
    const end = this.#closingBrace(start + 2);
    if (end < 0) this.#unmatched("}", this.line);
    const source = this.text.slice(start, end + 1);
    const content = source.slice(2, -1);
    const indices = INDICES.exec(content);
    const [head = "", hash = "", plain = ""] = indices ?? BRACED.exec(content) ?? [];
    const index = indices === null && /^[a-zA-Z_]/.test(plain) ? SUBSCRIPT.exec(content.slice(head.length)) : null;
    const every = index !== null && (index[1] === "@" || index[1] === "*");
    const name = every ? plain + index[0] : plain;
    const after = content.slice(head.length + (index?.[0].length ?? 0));
    const operator = BRACED_OPERATOR.exec(after)?.[0] ?? "";
    const bad = name === "" || (after !== "" && operator === "") || (hash === "#" && after !== "");
    const argument = operator === "" ? null : this.#argument(after.slice(operator.length), quoted);
    this.position = end + 1;
    this.#countLines(start);
    parts.push({
      kind: "parameter",
      name,
      quoted,
      subscript: index === null || every ? undefined : this.inner(index[1], this.line).hereDocument(),
      operator: bad ? "bad" : indices !== null ? "indices" : hash !== "" && head.length > 1 ? "length" : operator,
      argument,
      source,
    });
  }

  /** What stands after an operator within `${ … }`. */
  #argument(text: string, quoted: boolean): Word {
    const reader = this.inner(text, this.line);
    if (quoted) return reader.hereDocument();
    const parts: WordPart[] = [];
    while (!reader.atEnd) {
      const letter = text[reader.position];
      const word = letter === "#" || ENDS_WORD.test(letter) ? null : reader.word();
      if (word !== null) parts.push(...word);
      else if (!reader.atEnd) parts.push({ kind: "text", text: text[reader.position++], quoted: false });
    }
    return parts;
  }

  #closingBrace(from: number): number {
    let depth = 0;
    for (let i = from; i < this.text.length; i++) {
      const letter = this.text[i];
      if (letter === "\\") i++;
      else if (letter === "'") {
        const end = this.text.indexOf("'", i + 1);
        if (end >= 0) i = end;
      } else if (letter === "$" && this.text[i + 1] === "{") depth++;
      else if (letter === "}" && depth-- === 0) return i;
    }
    return -1;
  }

  /** `$'…'` */
  #ansiQuotes(parts: WordPart[]): void {
    const start = this.position;
    let text = "";
    for (this.position += 2;; this.position++) {
      if (this.atEnd) this.#unmatched("'", this.line);
      const letter = this.text[this.position];
      if (letter === "'") break;
      if (letter !== "\\") {
        text += letter;
        continue;
      }
      const next = this.text[++this.position] ?? "";
      const number = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(this.text.slice(this.position, this.position + 4));
      if (number !== null) {
        text += String.fromCharCode(number[1] !== undefined ? parseInt(number[1], 16) : parseInt(number[2], 8) & 255);
        this.position += number[0].length - 1;
      } else if (next in ESCAPES) text += ESCAPES[next];
      else text += /["'?\\]/.test(next) ? next : `\\${next}`;
    }
    this.position++;
    this.#countLines(start);
    parts.push({ kind: "text", text, quoted: true });
  }
}
