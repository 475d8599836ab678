/**
 * Parses google/packetdrill's language: `--options`, commands in backquotes, and events, each with its time, which are packets,
 * system calls, commands and code. Throws nothing but `ParseError`.
 *
 * @module
 */
import { parseExpression } from "./expression_parser.ts";
import { tokenize } from "./lexer.ts";
import { parsePacket } from "./packet_parser.ts";
import type { Action, Command, EventTime, Expression, Script, ScriptEvent, SystemCall } from "./syntax.ts";
import { Tokens } from "./tokens.ts";

const SECOND = 1e9;

/** `path` is for error messages. */
export function parseScript(text: string, path: string): Script {
  const tokens = new Tokens(path, tokenize(text, path));
  const options: Script["options"][number][] = [];
  const init: Command[] = [], cleanup: Command[] = [];
  const events: ScriptEvent[] = [];
  while (tokens.is("option") || tokens.is("command")) {
    if (tokens.is("command")) init.push(parseCommand(tokens));
    else options.push(parseOption(tokens));
  }
  while (!tokens.is("end")) {
    if (tokens.is("command")) cleanup.push(parseCommand(tokens));
    else if (tokens.is("wait")) events.push(parseWait(tokens));
    else events.push(parseEvent(tokens));
  }
  return { options, init, cleanup, events };
}

function parseOption(tokens: Tokens): Script["options"][number] {
  const { text, line } = tokens.take();
  let name = text, value = "";
  const equals = text.indexOf("=");
  if (equals >= 0) {
    name = text.slice(0, equals);
    value = text.slice(equals + 1).replace(/^(["`])(.*)\1$/, "$2");
  } else if (tokens.accept("mark", "=")) value = tokens.take().text;
  return { name, value, line };
}

function parseCommand(tokens: Tokens): Command {
  const { text, line } = tokens.expect("command");
  return { kind: "command", text: text.replace(/\\(`)/g, "$1"), line };
}

function parseWait(tokens: Tokens): ScriptEvent {
  const { text, line } = tokens.take();
  const at = Math.round(Number(text) * SECOND);
  return { line, time: { kind: "relative", at, end: at }, action: { kind: "wait" } };
}

function parseEvent(tokens: Tokens): ScriptEvent {
  const line = tokens.next.line;
  const time = parseTime(tokens);
  return { line, time, action: parseAction(tokens) };
}

function parseTime(tokens: Tokens): EventTime {
  if (tokens.accept("mark", "*")) return { kind: "any", at: 0, end: 0 };
  const relative = tokens.accept("mark", "+");
  const at = parseSeconds(tokens);
  if (!tokens.accept("mark", "~")) return { kind: relative ? "relative" : "absolute", at, end: at };
  if (relative) tokens.mark("+");
  const end = parseSeconds(tokens);
  return { kind: relative ? "relative range" : "absolute range", at, end };
}

function parseSeconds(tokens: Tokens): number {
  const token = tokens.next;
  if (token.kind !== "integer" && token.kind !== "float") throw tokens.syntaxError();
  tokens.take();
  const seconds = Number(token.text);
  if (seconds < 0) throw tokens.semanticError("negative time", token.line);
  if (!(seconds < 1e6)) throw tokens.semanticError("time out of range", token.line);
  return Math.round(seconds * SECOND);
}

function parseAction(tokens: Tokens): Action {
  const token = tokens.next;
  if (token.kind === "command") return parseCommand(tokens);
  if (token.kind === "code") return { kind: "code", text: tokens.take().text.trim() };
  if (tokens.is("mark", "<") || tokens.is("mark", ">")) return { kind: "packet", packet: parsePacket(tokens) };
  return { kind: "call", call: parseCall(tokens) };
}

function parseCall(tokens: Tokens): SystemCall {
  const end = tokens.accept("mark", "...") ? parseSeconds(tokens) : null;
  const name = tokens.expect("word").text;
  const given: Expression[] = [];
  tokens.mark("(");
  if (!tokens.accept("mark", ")")) {
    do given.push(parseExpression(tokens)); while (tokens.accept("mark", ","));
    tokens.mark(")");
  }
  tokens.mark("=");
  const result = parseExpression(tokens);
  let errno: string | null = null;
  if (tokens.is("word")) errno = tokens.take().text;
  if (tokens.accept("mark", "(")) {
    // strerror's words, or flags as strace notes them
    while (!tokens.is("mark", ")")) if (tokens.take().kind === "end") throw tokens.syntaxError();
    tokens.mark(")");
  }
  return { name, arguments: given, end, result, errno };
}
