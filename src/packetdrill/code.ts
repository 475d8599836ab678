/**
 * The code in `%{ … }%`: the part of Python that assertions on tcp_info use. Statements are `assert EXPRESSION[, MESSAGE]`,
 * assignments, `print(…)` and expressions; there are no loops, so that any code ends.
 *
 * @module
 */
import { CodeError, evaluate, truth, type Value, type Variables } from "./code_expression.ts";
import { CodeTokens } from "./code_tokens.ts";

/** Where printed lines go. */
export type Printer = (line: string) => void;

/** Runs statements. Throws a `CodeError` whose message is what Python's last line would be. */
export function runCode(text: string, variables: Variables, print: Printer): void {
  const tokens = new CodeTokens(text);
  while (!tokens.ended) {
    if (tokens.accept("\n") || tokens.accept(";")) continue;
    runStatement(tokens, variables, print);
    if (!tokens.ended && !tokens.is("\n") && !tokens.is(";")) throw new CodeError("SyntaxError: invalid syntax");
  }
}

function runStatement(tokens: CodeTokens, variables: Variables, print: Printer): void {
  if (tokens.accept("pass")) return;
  if (tokens.accept("import")) {
    while (!tokens.ended && !tokens.is("\n") && !tokens.is(";")) tokens.take();
    return;
  }
  if (tokens.accept("assert")) {
    const holds = truth(evaluate(tokens, variables));
    const message = tokens.accept(",") ? show(evaluate(tokens, variables)) : null;
    if (!holds) throw new CodeError(message === null ? "AssertionError" : `AssertionError: ${message}`);
    return;
  }
  if (tokens.is("print") && tokens.peek(1) === "(") {
    tokens.take();
    tokens.take();
    const values: Value[] = [];
    if (!tokens.accept(")")) {
      do values.push(evaluate(tokens, variables)); while (tokens.accept(","));
      tokens.expect(")");
    }
    print(values.map(show).join(" "));
    return;
  }
  const name = tokens.next;
  if (/^[A-Za-z_]/.test(name) && tokens.peek(1) === "=") {
    tokens.take();
    tokens.take();
    variables.set(name, evaluate(tokens, variables));
    return;
  }
  evaluate(tokens, variables);
}

function show(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}
