/** A cursor over tokens, with packetdrill's words for what does not fit. */
import type { Token, TokenKind } from "./lexer.ts";
import { ParseError } from "./syntax.ts";

export class Tokens {
  #at = 0;
  #depth = 0;

  constructor(readonly path: string, readonly tokens: readonly Token[]) {}

  get next(): Token {
    return this.tokens[this.#at];
  }

  /** The token `ahead` of the next one; the end stays the end. */
  peek(ahead: number): Token {
    return this.tokens[Math.min(this.#at + ahead, this.tokens.length - 1)];
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.next.kind === kind && (text === undefined || this.next.text === text);
  }

  /** Takes the next token if it is this one. */
  accept(kind: TokenKind, text?: string): boolean {
    if (!this.is(kind, text)) return false;
    this.#at++;
    return true;
  }

  expect(kind: TokenKind, text?: string): Token {
    if (!this.is(kind, text)) throw this.syntaxError();
    return this.take();
  }

  mark(text: string): Token {
    return this.expect("mark", text);
  }

  /** An unsigned number below `limit`; `what` is out of range otherwise. */
  unsigned(limit: number, what: string): number {
    const token = this.expect("integer");
    const value = Number(token.text);
    if (value < 0 || value >= limit) throw this.semanticError(`${what} out of range`, token.line);
    return value;
  }

  /** Guards what nests against a script that only opens brackets. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > 64) throw this.syntaxError();
    const result = parse();
    this.#depth--;
    return result;
  }

  syntaxError(token: Token = this.next): ParseError {
    return new ParseError(this.path, token.line, `parse error at '${token.text}': syntax error`);
  }

  semanticError(what: string, line: number = this.next.line): ParseError {
    return new ParseError(this.path, line, `semantic error: ${what}`);
  }
}
