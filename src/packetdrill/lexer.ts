/** Cuts a packetdrill script into tokens. */
import { ParseError } from "./syntax.ts";

export type TokenKind =
  | "integer" // 12, -1
  | "hex" // 0x1f
  | "float" // 0.1, .5
  | "word" // SO_REUSEADDR, P, 0a1b
  | "string" // "…"
  | "command" // `…`
  | "code" // %{ … }%
  | "option" // --name
  | "wait" // //+0.2 wait
  | "mark" // one character, or `...`
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** For strings, commands and code without what encloses them; for waits the number of seconds. */
  readonly text: string;
  readonly line: number;
}

/** Comments of the form `//+SECONDS wait` say something: nothing comes out for so long. */
const WAIT = /\/\/\+(\d+(?:\.\d+)?|\.\d+)[ \t]+wait[ \t]*(?=\n|$)/y;
const SKIP = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[^]*?\*\/)/y;
const TOKENS: readonly [TokenKind, RegExp][] = [
  ["code", /%\{([^]*?)\}%/y],
  ["command", /`((?:\\[^]|[^`\\])*)`/y],
  ["string", /"((?:\\[^]|[^"\\])*)"/y],
  ["option", /--([a-zA-Z0-9_]+(?:=(?:"[^"\n]*"|`[^`\n]*`|[^\s]*))?)/y],
  ["hex", /0[xX]([0-9a-fA-F]+)(?![a-zA-Z0-9_])/y],
  ["float", /(-?[0-9]*\.[0-9]+)(?![a-zA-Z0-9_])/y],
  ["integer", /(-?[0-9]+)(?![a-zA-Z0-9_])/y],
  ["word", /([a-zA-Z0-9_]+)/y],
  ["mark", /(\.\.\.|[^])/y],
];

export function tokenize(text: string, path: string): Token[] {
  const tokens: Token[] = [];
  let at = 0, line = 1;
  const advance = (length: number) => {
    const end = at + length;
    for (; at < end; at++) if (text.charCodeAt(at) === 10) line++;
  };
  while (at < text.length) {
    const wait = match(WAIT, text, at);
    if (wait !== null) {
      tokens.push({ kind: "wait", text: wait[1], line });
      advance(wait[0].length);
      continue;
    }
    const skipped = match(SKIP, text, at);
    if (skipped !== null) {
      advance(skipped[0].length);
      continue;
    }
    for (const [kind, pattern] of TOKENS) {
      const found = match(pattern, text, at);
      if (found === null) continue;
      if (kind === "mark" && (found[1] === "`" || found[1] === '"')) {
        throw new ParseError(path, line, `parse error at '${found[1]}': not closed`);
      }
      tokens.push({ kind, text: found[1], line });
      advance(found[0].length);
      break;
    }
  }
  tokens.push({ kind: "end", text: "", line });
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
