/** Shell text to syntax, a complete command at a time, as bash reads it: what stands before an error has run by then. */
import { assignmentOf, isDeclaration } from "./assignments.ts";
import {
  type AndOr,
  type Assignment,
  type Command,
  type List,
  type Pipeline,
  type Redirection,
  type RedirectionOperator,
  ShellSyntaxError,
  type Word,
} from "./syntax.ts";
import { parseConditional } from "./parse_conditional.ts";
import { WordReader } from "./words.ts";

/** How deep commands and substitutions may stand in each other. */
const NESTING_LIMIT = 200;

/** Longest first, so that the first that fits is the token. */
const OPERATORS = [
  "&>>",
  "<<<",
  "<<-",
  "&&",
  "||",
  ";;",
  "|&",
  "&>",
  ">>",
  "<<",
  ">&",
  "<&",
  ">|",
  "<>",
  ";",
  "|",
  "&",
  "<",
  ">",
  "(",
  ")",
  "\n",
];

const OPERATOR_STARTS = "&|;<>()\n";

const REDIRECTIONS = new Set(["<", ">", ">>", ">|", "<>", ">&", "<&", "<<<", "<<", "<<-", "&>", "&>>"]);
const ENDS_LIST = new Set(["then", "else", "elif", "fi", "do", "done", "esac", "}"]);

interface HereDocument {
  readonly redirection: Redirection;
  readonly delimiter: string;
  readonly literal: boolean;
  readonly stripTabs: boolean;
}

export class Parser {
  readonly #words: WordReader;
  #hereDocuments: HereDocument[] = [];
  #depth = 0;

  constructor(readonly text: string, firstLine = 1) {
    this.#words = new WordReader(text, firstLine, (text, line) => {
      const parser = new Parser(text, line);
      parser.#depth = this.#depth + 1;
      return parser.#substitution();
    });
  }

  /** The commands up to the end of a line; null at the end of the text. */
  next(): List | null {
    for (;;) {
      this.#words.skipBlanks();
      if (this.#words.atEnd) return null;
      if (this.#operator() !== "\n") break;
      this.#newline();
    }
    const list = this.#list(false);
    const operator = this.#operator();
    if (operator === "\n") this.#newline();
    else if (!this.#words.atEnd) this.#unexpected();
    return list;
  }

  /** Where a command that begins now stands. */
  get line(): number {
    return this.#words.line;
  }

  /** All of a `$( … )`, up to the `)` that ends it: the text after it is the caller's. */
  #substitution(): { body: List; end: number; line: number } {
    const body = this.#compoundList();
    if (this.#operator() !== ")") {
      if (!this.#words.atEnd) this.#unexpected();
      throw new ShellSyntaxError("unexpected EOF while looking for matching `)'", this.#lastLine(), null);
    }
    this.#take(")");
    return { body, end: this.#words.position, line: this.#words.line };
  }

  #operator(): string | null {
    this.#words.skipBlanks();
    const { text, position } = this.#words;
    const first = text[position];
    if (first === undefined || !OPERATOR_STARTS.includes(first)) return null;
    return OPERATORS.find((operator) => text.startsWith(operator, position)) ?? null;
  }

  #take(operator: string): void {
    this.#words.position += operator.length;
  }

  #newline(): void {
    this.#take("\n");
    this.#words.line++;
    for (const document of this.#hereDocuments) document.redirection.target = this.#hereDocument(document);
    this.#hereDocuments = [];
  }

  #skipNewlines(): void {
    while (this.#operator() === "\n") this.#newline();
  }

  /** A word that is one unquoted piece of text and stands next, or null: it may be a keyword. */
  #peekKeyword(): string | null {
    this.#words.skipBlanks();
    if (!/[a-z!{}[]/.test(this.text[this.#words.position] ?? "")) return null;
    const match = /^[a-z!{}\[\]]+(?=[\s;&|()<>]|$)/.exec(
      this.text.slice(this.#words.position, this.#words.position + 12),
    );
    return match === null ? null : match[0];
  }

  #takeKeyword(keyword: string): boolean {
    if (this.#peekKeyword() !== keyword) return false;
    this.#words.position += keyword.length;
    return true;
  }

  #expectKeyword(keyword: string): void {
    this.#skipNewlines();
    if (!this.#takeKeyword(keyword)) this.#unexpected();
  }

  #lastLine(): number {
    return this.#words.firstLine + this.text.replace(/\n$/, "").split("\n").length;
  }

  #unexpected(): never {
    this.#words.skipBlanks();
    if (this.#words.atEnd) {
      throw new ShellSyntaxError("syntax error: unexpected end of file", this.#lastLine(), null);
    }
    const operator = this.#operator();
    const token = operator === "\n" ? "newline" : operator ?? this.#words.rawWord();
    this.#fail(token);
  }

  #fail(token: string): never {
    const start = this.text.lastIndexOf("\n", this.#words.position - 1) + 1;
    const end = this.text.indexOf("\n", start);
    const line = this.text.slice(start, end < 0 ? undefined : end);
    throw new ShellSyntaxError(`syntax error near unexpected token \`${token}'`, this.#words.line, line);
  }

  /** Commands separated by `;`, `&` and, within a compound command, newlines. */
  #list(compound: boolean): List {
    const list: AndOr[] = [];
    for (;;) {
      if (compound) this.#skipNewlines();
      const keyword = this.#peekKeyword();
      if (this.#words.atEnd || (compound && keyword !== null && ENDS_LIST.has(keyword))) break;
      const before = this.#operator();
      if (before === ")" || before === ";;") break;
      if (!compound && before === "\n") break;
      const andOr = this.#andOr();
      const operator = this.#operator();
      if (operator === "&" || operator === ";") this.#take(operator);
      list.push({ ...andOr, background: operator === "&" });
      if (operator !== "&" && operator !== ";" && !(compound && operator === "\n")) break;
    }
    return list;
  }

  /** A list that must not be empty. */
  #compoundList(): List {
    const list = this.#list(true);
    if (list.length === 0 && this.#operator() !== ")") this.#unexpected();
    return list;
  }

  #body(): List {
    const list = this.#list(true);
    if (list.length === 0) this.#unexpected();
    return list;
  }

  #andOr(): AndOr {
    const first = this.#pipeline();
    const rest: { operator: "&&" | "||"; pipeline: Pipeline }[] = [];
    for (;;) {
      const operator = this.#operator();
      if (operator !== "&&" && operator !== "||") return { first, rest, background: false };
      this.#take(operator);
      this.#skipNewlines();
      rest.push({ operator, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    let negated = false;
    while (this.#takeKeyword("!")) negated = !negated;
    const commands = [this.#command()];
    for (;;) {
      const operator = this.#operator();
      if (operator !== "|" && operator !== "|&") return { commands, negated };
      if (operator === "|&") {
        const text: Word = [{ kind: "text", text: "1", quoted: false }];
        commands[commands.length - 1].redirections.push({
          fd: 2,
          operator: ">&",
          target: text,
          line: this.#words.line,
        });
      }
      this.#take(operator);
      this.#skipNewlines();
      commands.push(this.#command());
    }
  }

  #command(): Command {
    if (++this.#depth > NESTING_LIMIT) this.#fail("(");
    const command = this.#compound() ?? this.#simple();
    this.#depth--;
    return command;
  }

  #compound(): Command | null {
    const line = this.#words.line;
    const keyword = this.#peekKeyword();
    let command: Command | null = this.#arithmetic(line);
    if (command !== null) {
      // A lone `)` later makes of `((` two subshells.
    } else if (this.#operator() === "(") {
      this.#take("(");
      const body = this.#body();
      if (this.#operator() !== ")") this.#unexpected();
      this.#take(")");
      command = { kind: "group", body, subshell: true, line, redirections: [] };
    } else if (keyword === "{") {
      this.#takeKeyword("{");
      const body = this.#body();
      this.#expectKeyword("}");
      command = { kind: "group", body, subshell: false, line, redirections: [] };
    } else if (keyword === "[[") {
      this.#takeKeyword("[[");
      command = { kind: "test", test: parseConditional(this.#words), line, redirections: [] };
    } else if (keyword === "function") command = this.#functionKeyword(line);
    else if (keyword === "if") command = this.#if(line);
    else if (keyword === "for") command = this.#for(line);
    else if (keyword === "while" || keyword === "until") {
      this.#takeKeyword(keyword);
      const condition = this.#body();
      command = {
        kind: "while",
        until: keyword === "until",
        condition,
        body: this.#doGroup(),
        line,
        redirections: [],
      };
    } else if (keyword === "case") command = this.#case(line);
    else if (keyword !== null && ENDS_LIST.has(keyword)) this.#unexpected();
    if (command === null) return null;
    for (let one = this.#redirection(); one !== null; one = this.#redirection()) command.redirections.push(one);
    return command;
  }

  #arithmetic(line: number): Command | null {
    this.#words.skipBlanks();
    if (!this.text.startsWith("((", this.#words.position)) return null;
    const text = this.#words.arithmeticText(this.#words.position + 2);
    if (text === null) return null;
    return { kind: "arithmetic", expression: this.#words.inner(text, line).hereDocument(), line, redirections: [] };
  }

  /** `function NAME …` */
  #functionKeyword(line: number): Command {
    this.#takeKeyword("function");
    const name = this.#plainWord();
    if (this.#operator() === "(") {
      this.#take("(");
      if (this.#operator() !== ")") this.#unexpected();
      this.#take(")");
    }
    this.#skipNewlines();
    return { kind: "function", name, body: this.#command(), line, redirections: [] };
  }

  #doGroup(): List {
    this.#expectKeyword("do");
    const body = this.#body();
    this.#expectKeyword("done");
    return body;
  }

  #if(line: number): Command {
    const branches: { condition: List; body: List }[] = [];
    let otherwise: List | null = null;
    for (let keyword = "if"; keyword !== "fi";) {
      this.#takeKeyword(keyword);
      if (keyword === "else") {
        otherwise = this.#body();
        keyword = "fi";
        this.#expectKeyword("fi");
        break;
      }
      const condition = this.#body();
      this.#expectKeyword("then");
      branches.push({ condition, body: this.#body() });
      const next = this.#peekKeyword();
      if (next !== "elif" && next !== "else" && next !== "fi") this.#unexpected();
      keyword = next;
      if (keyword === "fi") this.#takeKeyword("fi");
    }
    return { kind: "if", branches, otherwise, line, redirections: [] };
  }

  #for(line: number): Command {
    this.#takeKeyword("for");
    this.#words.skipBlanks();
    if (this.text.startsWith("((", this.#words.position)) return this.#count(line);
    const name = this.#plainWord();
    let words: Word[] | null = null;
    this.#skipNewlines();
    if (this.#takeKeyword("in")) {
      words = [];
      for (let word = this.#words.word(); word !== null; word = this.#words.word()) words.push(word);
    }
    const operator = this.#operator();
    if (operator === ";") this.#take(";");
    else if (words !== null && operator !== "\n") this.#unexpected();
    return { kind: "for", name, words, body: this.#doGroup(), line, redirections: [] };
  }

  /** `for ((FIRST; CONDITION; STEP))` */
  #count(line: number): Command {
    const parts = this.#words.arithmeticText(this.#words.position + 2)?.split(";");
    if (parts?.length !== 3) this.#unexpected();
    const [first, condition, step] = parts.map((text) => this.#words.inner(text, line).hereDocument());
    if (this.#operator() === ";") this.#take(";");
    this.#skipNewlines();
    let body: List;
    if (this.#takeKeyword("{")) {
      body = this.#body();
      this.#expectKeyword("}");
    } else body = this.#doGroup();
    return { kind: "count", first, condition, step, body, line, redirections: [] };
  }

  /** The variable of a loop or the like: any word; whether it is a name is seen when it runs. */
  #plainWord(): string {
    this.#words.skipBlanks();
    if (this.#words.atEnd || this.#operator() !== null) {
      if (this.#words.atEnd) this.#fail("newline");
      this.#unexpected();
    }
    const raw = this.#words.rawWord();
    this.#words.position += raw.length;
    return raw;
  }

  #case(line: number): Command {
    this.#takeKeyword("case");
    const word = this.#words.word();
    if (word === null) this.#unexpected();
    this.#expectKeyword("in");
    const clauses: { patterns: Word[]; body: List }[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#takeKeyword("esac")) break;
      if (this.#operator() === "(") this.#take("(");
      const patterns: Word[] = [];
      for (;;) {
        const pattern = this.#words.word();
        if (pattern === null) this.#unexpected();
        patterns.push(pattern);
        if (this.#operator() !== "|") break;
        this.#take("|");
      }
      if (this.#operator() !== ")") this.#unexpected();
      this.#take(")");
      clauses.push({ patterns, body: this.#list(true) });
      this.#skipNewlines();
      if (this.#operator() === ";;") this.#take(";;");
      else if (this.#peekKeyword() !== "esac") this.#unexpected();
    }
    return { kind: "case", word, clauses, line, redirections: [] };
  }

  #simple(): Command {
    const line = this.#words.line;
    const assignments: Assignment[] = [];
    const arrays: Assignment[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const redirection = this.#redirection();
      if (redirection !== null) {
        redirections.push(redirection);
        continue;
      }
      if (words.length === 1 && this.#operator() === "(") return this.#function(words[0], line);
      const word = this.#words.word();
      if (word === null) break;
      const assignment = words.length === 0 || isDeclaration(words[0]) ? assignmentOf(word) : null;
      const opens = this.text[this.#words.position] === "(" && assignment?.value.length === 0;
      if (assignment !== null && opens) {
        (words.length === 0 ? assignments : arrays).push({ ...assignment, elements: this.#elements() });
        if (words.length > 0) words.push([{ kind: "text", text: assignment.name, quoted: false }]);
      } else if (assignment !== null && words.length === 0) assignments.push(assignment);
      else words.push(word);
    }
    if (words.length + assignments.length + redirections.length === 0) this.#unexpected();
    return { kind: "simple", assignments, arrays, words, line, redirections };
  }

  /** The words of `NAME=(…)`. */
  #elements(): Word[] {
    const elements: Word[] = [];
    const { line } = this.#words;
    this.#take("(");
    for (;;) {
      this.#skipNewlines();
      const word = this.#words.word();
      if (word !== null) elements.push(word);
      else if (this.#words.atEnd) {
        throw new ShellSyntaxError("unexpected EOF while looking for matching `)'", line, null);
      } else if (this.#operator() === ")") break;
      else this.#unexpected();
    }
    this.#take(")");
    return elements;
  }

  #function(word: Word, line: number): Command {
    const name = word.length === 1 && word[0].kind === "text" && !word[0].quoted ? word[0].text : null;
    if (name === null || !/^\(\s*\)/.test(this.text.slice(this.#words.position))) this.#unexpected();
    this.#take("(");
    this.#words.skipBlanks();
    this.#take(")");
    this.#skipNewlines();
    return { kind: "function", name, body: this.#command(), line, redirections: [] };
  }

  #redirection(): Redirection | null {
    this.#words.skipBlanks();
    const { position } = this.#words;
    const numbered = /[0-9]/.test(this.text[position] ?? "");
    const digits = numbered ? /^[0-9]+(?=[<>])/.exec(this.text.slice(position, position + 12))?.[0] ?? "" : "";
    this.#words.position += digits.length;
    const operator = this.#operator();
    if (operator === null || !REDIRECTIONS.has(operator) || (digits !== "" && operator[0] === "&")) {
      this.#words.position = position;
      return null;
    }
    this.#take(operator);
    const line = this.#words.line;
    const fd = digits !== "" ? Number(digits) : operator[0] === "<" ? 0 : 1;
    this.#words.skipBlanks();
    const raw = this.#operator() === null && !this.#words.atEnd ? this.#words.rawWord() : "";
    const word = this.#words.word();
    if (word === null) {
      if (this.#words.atEnd) this.#fail("newline");
      this.#unexpected();
    }
    if (operator !== "<<" && operator !== "<<-") {
      return { fd, operator: operator as RedirectionOperator, target: word, line };
    }
    const redirection: Redirection = { fd, operator: "<<", target: [], line };
    this.#hereDocuments.push({
      redirection,
      delimiter: raw.replace(/["'\\]/g, ""),
      literal: /["'\\]/.test(raw),
      stripTabs: operator === "<<-",
    });
    return redirection;
  }

  /** The lines after a command with `<<`, up to the delimiter or the end. */
  #hereDocument(document: HereDocument): Word {
    let body = "";
    const firstLine = this.#words.line;
    while (!this.#words.atEnd) {
      const end = this.text.indexOf("\n", this.#words.position);
      const whole = this.text.slice(this.#words.position, end < 0 ? undefined : end);
      this.#words.position = end < 0 ? this.text.length : end + 1;
      this.#words.line++;
      const line = document.stripTabs ? whole.replace(/^\t+/, "") : whole;
      if (line === document.delimiter) break;
      body += `${line}\n`;
    }
    if (document.literal) return [{ kind: "text", text: body, quoted: true }];
    return this.#words.inner(body, firstLine).hereDocument();
  }
}
