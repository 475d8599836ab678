/** Tokens of the Python in a script. A newline is a token, except in brackets; a comment is nothing. */
import { CodeError } from "./code_expression.ts";

const TOKEN =
  /[ \t\r\\]+|#[^\n]*|(\n|[A-Za-z_][A-Za-z0-9_.]*|0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|"[^"\n]*"|'[^'\n]*'|\*\*|\/\/|<<|>>|<=|>=|==|!=|[^])/y;

export class CodeTokens {
  readonly #tokens: string[] = [];
  #at = 0;
  depth = 0;

  constructor(text: string) {
    let brackets = 0;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const token = TOKEN.exec(text)![1];
      if (token === undefined) continue;
      if (token === "(" || token === "[") brackets++;
      else if (token === ")" || token === "]") brackets--;
      if (token !== "\n" || brackets <= 0) this.#tokens.push(token);
    }
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** "" at the end. */
  get next(): string {
    return this.#tokens[this.#at] ?? "";
  }

  peek(ahead: number): string {
    return this.#tokens[this.#at + ahead] ?? "";
  }

  take(): string {
    const token = this.next;
    this.#at++;
    return token;
  }

  is(token: string): boolean {
    return this.next === token;
  }

  accept(token: string): boolean {
    if (this.next !== token || this.ended) return false;
    this.#at++;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) throw new CodeError("SyntaxError: invalid syntax");
  }
}
