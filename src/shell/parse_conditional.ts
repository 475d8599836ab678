/** What stands within `[[ … ]]`: a grammar of its own, whose words are not split. */
import { ShellSyntaxError, type Test, type Word } from "./syntax.ts";
import type { WordReader } from "./words.ts";

const UNARY = /^-[abcdefghknoprstuvwxzLNOSG]$/;
const BINARY = new Set(["=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);
const SYMBOLS = ["&&", "||", "(", ")", "<", ">", ";", "&", "|"];
const NESTING_LIMIT = 200;

class ConditionalParser {
  #depth = 0;

  constructor(readonly words: WordReader) {}

  /** Up to and with the `]]`. */
  parse(): Test {
    const test = this.#or();
    if (!this.#atClose()) this.#fail(null);
    this.words.position += 2;
    return test;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#take("||")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Test {
    let left = this.#term();
    while (this.#take("&&")) left = { kind: "and", left, right: this.#term() };
    return left;
  }

  #term(): Test {
    if (++this.#depth > NESTING_LIMIT) this.#fail(null);
    const test = this.#nested() ?? this.#comparison();
    this.#depth--;
    return test;
  }

  #nested(): Test | null {
    if (this.#take("(")) {
      const test = this.#or();
      if (!this.#take(")")) this.#fail("expected `)'");
      return test;
    }
    if (this.#raw() !== "!") return null;
    this.words.position++;
    return { kind: "not", inner: this.#term() };
  }

  #comparison(): Test {
    const first = this.#raw();
    const left = this.#word("command");
    if (UNARY.test(first)) return { kind: "unary", operator: first, operand: this.#word("unary") };
    const symbol = this.#symbol();
    if (this.#atClose() || symbol === "&&" || symbol === "||" || symbol === ")") {
      return { kind: "unary", operator: "-n", operand: left };
    }
    const operator = symbol ?? this.#raw();
    if (operator !== "<" && operator !== ">" && !BINARY.has(operator)) {
      this.#fail(this.words.atEnd ? null : "conditional binary operator expected");
    }
    this.words.position += operator.length;
    return { kind: "binary", operator, left, right: this.#word("binary", operator === "=~") };
  }

  /** Blanks, and newlines, which mean nothing here. */
  #skip(): void {
    for (;;) {
      this.words.skipBlanks();
      if (this.words.text[this.words.position] !== "\n") return;
      this.words.position++;
      this.words.line++;
    }
  }

  #symbol(): string | null {
    this.#skip();
    const { text, position } = this.words;
    return SYMBOLS.find((symbol) => text.startsWith(symbol, position)) ?? null;
  }

  #take(symbol: string): boolean {
    if (this.#symbol() !== symbol) return false;
    this.words.position += symbol.length;
    return true;
  }

  /** The word that stands next as it is written; "" when none does. */
  #raw(): string {
    return this.#symbol() !== null || this.words.atEnd ? "" : this.words.rawWord();
  }

  #atClose(): boolean {
    return this.#raw() === "]]";
  }

  #word(role: "command" | "unary" | "binary", expression = false): Word {
    this.#skip();
    const word = this.#atClose() ? null : this.words.word(expression);
    if (word !== null) return word;
    this.#fail(role === "command" || this.words.atEnd ? null : `unexpected argument to conditional ${role} operator`);
  }

  /** bash tells what is missing before it tells where. */
  #fail(what: string | null): never {
    const { words } = this;
    this.#skip();
    if (words.atEnd) throw new ShellSyntaxError("unexpected EOF while looking for `]]'", words.line, null);
    const token = this.#symbol() ?? words.rawWord();
    const start = words.text.lastIndexOf("\n", words.position - 1) + 1;
    const end = words.text.indexOf("\n", start);
    const where = `syntax error near ${what === null ? "unexpected token " : ""}\`${token}'`;
    throw new ShellSyntaxError(
      what === null ? where : `${what}\n${where}`,
      words.line,
      words.text.slice(start, end < 0 ? undefined : end),
    );
  }
}

/** Reads what follows a `[[`. */
export function parseConditional(words: WordReader): Test {
  return new ConditionalParser(words).parse();
}
