/** Arguments and results of system calls, as strace writes them. */
import type { Expression } from "./syntax.ts";
import type { Tokens } from "./tokens.ts";

const FUNCTIONS = new Set(["htons", "htonl", "inet_addr", "inet6_addr"]);

export function parseExpression(tokens: Tokens): Expression {
  return tokens.nested(() => {
    let left = parsePrimary(tokens);
    while (tokens.accept("mark", "|")) left = { kind: "or", left, right: parsePrimary(tokens) };
    return left;
  });
}

function parsePrimary(tokens: Tokens): Expression {
  const token = tokens.next;
  switch (token.kind) {
    case "integer":
    case "float":
      tokens.take();
      return { kind: "number", value: Number(token.text) };
    case "hex":
      tokens.take();
      return { kind: "number", value: parseInt(token.text, 16) };
    case "string":
      return parseString(tokens);
    case "word":
      return parseWord(tokens);
    case "mark":
      if (tokens.accept("mark", "...")) return { kind: "any" };
      if (tokens.accept("mark", "[")) return { kind: "list", items: parseItems(tokens, "]") };
      if (tokens.accept("mark", "{")) return { kind: "fields", fields: parseFields(tokens) };
  }
  throw tokens.syntaxError();
}

/** Strings that follow each other are one; `"GET"...` begins so. */
function parseString(tokens: Tokens): Expression {
  let value = "";
  while (tokens.is("string")) value += unescape(tokens.take().text);
  tokens.accept("mark", "...");
  return { kind: "string", value };
}

function unescape(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^])/g, (_all, code: string) => {
    if (/^x/.test(code)) return code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : code;
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8) & 255);
    return ({ n: "\n", t: "\t", r: "\r" } as Record<string, string>)[code] ?? code;
  });
}

function parseWord(tokens: Tokens): Expression {
  const name = tokens.take().text;
  if (FUNCTIONS.has(name) && tokens.accept("mark", "(")) {
    const argument = parseExpression(tokens);
    tokens.mark(")");
    return { kind: "function", name, argument };
  }
  if (tokens.accept("mark", "=")) {
    // `symbol = value` in a list: a struct's field outside braces
    return { kind: "fields", fields: new Map([[name, parseExpression(tokens)]]) };
  }
  return { kind: "word", name };
}

function parseItems(tokens: Tokens, close: string): Expression[] {
  const items: Expression[] = [];
  if (tokens.accept("mark", close)) return items;
  do items.push(parseExpression(tokens)); while (tokens.accept("mark", ","));
  tokens.mark(close);
  return items;
}

function parseFields(tokens: Tokens): Map<string, Expression> {
  const fields = new Map<string, Expression>();
  if (tokens.accept("mark", "}")) return fields;
  do {
    let name = String(fields.size);
    if (tokens.is("word") && isField(tokens)) {
      name = tokens.take().text;
      if (tokens.accept("mark", "(")) {
        // `msg_iov(1)=…`: how many there are
        fields.set(`${name}()`, parseExpression(tokens));
        tokens.mark(")");
      }
      tokens.mark("=");
    }
    fields.set(name, parseExpression(tokens));
  } while (tokens.accept("mark", ","));
  tokens.mark("}");
  return fields;
}

/** `name =` or `name(…) =`. */
function isField(tokens: Tokens): boolean {
  const { kind, text } = tokens.peek(1);
  if (kind !== "mark") return false;
  return text === "=" || (text === "(" && !FUNCTIONS.has(tokens.next.text));
}
