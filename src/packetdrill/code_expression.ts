/** Python's expressions over numbers and strings. */
import type { CodeTokens } from "./code_tokens.ts";

export type Value = number | string | boolean | null;
export type Variables = Map<string, Value>;

/** What Python would end with. */
export class CodeError extends Error {
  override readonly name = "CodeError";
}

/** Binary operators by how tightly they bind, loosest first. */
const LEVELS: readonly (readonly string[])[] = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%"]];
const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
const DEPTH_LIMIT = 64;

export function truth(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}

export function evaluate(tokens: CodeTokens, variables: Variables): Value {
  if (++tokens.depth > DEPTH_LIMIT) throw new CodeError("SyntaxError: too many nested parentheses");
  const value = either(tokens, variables);
  tokens.depth--;
  if (!tokens.accept("if")) return value;
  const condition = truth(either(tokens, variables));
  tokens.expect("else");
  const other = evaluate(tokens, variables);
  return condition ? value : other;
}

function either(tokens: CodeTokens, variables: Variables): Value {
  let value = both(tokens, variables);
  while (tokens.accept("or")) {
    const right = both(tokens, variables);
    value = truth(value) ? value : right;
  }
  return value;
}

function both(tokens: CodeTokens, variables: Variables): Value {
  let value = negation(tokens, variables);
  while (tokens.accept("and")) {
    const right = negation(tokens, variables);
    value = truth(value) ? right : value;
  }
  return value;
}

function negation(tokens: CodeTokens, variables: Variables): Value {
  let negated = 0;
  while (tokens.accept("not")) negated++;
  const value = comparison(tokens, variables);
  return negated === 0 ? value : truth(value) === (negated % 2 === 0);
}

/** Comparisons chain: `1 <= x < 5`. */
function comparison(tokens: CodeTokens, variables: Variables): Value {
  let left = binary(tokens, variables, 0);
  let holds: Value | undefined;
  while (COMPARISONS.has(tokens.next)) {
    const operator = tokens.take();
    const right = binary(tokens, variables, 0);
    holds = (holds === undefined || truth(holds)) && compare(operator, left, right);
    left = right;
  }
  return holds ?? left;
}

function compare(operator: string, left: Value, right: Value): boolean {
  if (typeof left === "boolean") left = Number(left);
  if (typeof right === "boolean") right = Number(right);
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (left === null || right === null || typeof left !== typeof right) {
    throw new CodeError(`TypeError: '${operator}' not supported between these`);
  }
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

function binary(tokens: CodeTokens, variables: Variables, level: number): Value {
  if (level === LEVELS.length) return unary(tokens, variables);
  let left = binary(tokens, variables, level + 1);
  while (LEVELS[level].includes(tokens.next)) {
    const operator = tokens.take();
    left = calculate(operator, left, binary(tokens, variables, level + 1));
  }
  return left;
}

function calculate(operator: string, left: Value, right: Value): Value {
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (operator === "%" && typeof left === "string") {
    return left.replace(/%[-0-9.]*[dsfxu]/, String(right)); // only so much of printf as messages need
  }
  const a = number(left), b = number(right);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "//":
    case "%":
      if (b === 0) throw new CodeError("ZeroDivisionError: division by zero");
      if (operator === "/") return a / b;
      return operator === "//" ? Math.floor(a / b) : a - b * Math.floor(a / b);
    case "&":
      return Number(integer(a) & integer(b));
    case "|":
      return Number(integer(a) | integer(b));
    case "^":
      return Number(integer(a) ^ integer(b));
    case "<<":
      return a * 2 ** b;
    default:
      return Math.floor(a / 2 ** b);
  }
}

function number(value: Value): number {
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "number") throw new CodeError("TypeError: unsupported operand type(s)");
  return value;
}

function integer(value: number): bigint {
  if (!Number.isInteger(value)) throw new CodeError("TypeError: unsupported operand type(s)");
  return BigInt(value);
}

function unary(tokens: CodeTokens, variables: Variables): Value {
  let negative = false, inverted = false;
  for (;;) {
    if (tokens.accept("-")) negative = !negative;
    else if (tokens.accept("~")) inverted = !inverted;
    else if (!tokens.accept("+")) break;
  }
  let value = primary(tokens, variables);
  if (tokens.accept("**")) value = number(value) ** number(unary(tokens, variables));
  if (inverted) value = -number(value) - 1;
  return negative ? -number(value) : value;
}

function primary(tokens: CodeTokens, variables: Variables): Value {
  const token = tokens.take();
  if (token === "(") {
    const value = evaluate(tokens, variables);
    tokens.expect(")");
    return value;
  }
  if (/^[0-9.]/.test(token) && !Number.isNaN(Number(token))) return Number(token);
  if (/^["']/.test(token) && token.length > 1) return token.slice(1, -1);
  if (!/^[A-Za-z_]/.test(token)) throw new CodeError("SyntaxError: invalid syntax");
  if (tokens.accept("(")) return call(token, tokens, variables);
  if (token === "True") return true;
  if (token === "False") return false;
  if (token === "None") return null;
  const value = variables.get(token);
  if (value === undefined) throw new CodeError(`NameError: name '${token}' is not defined`);
  return value;
}

const FUNCTIONS: Readonly<Record<string, (values: number[]) => number>> = {
  abs: ([value]) => Math.abs(value),
  int: ([value]) => Math.trunc(value),
  float: ([value]) => value,
  round: ([value]) => Math.round(value),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
};

function call(name: string, tokens: CodeTokens, variables: Variables): Value {
  const values: Value[] = [];
  if (!tokens.accept(")")) {
    do values.push(evaluate(tokens, variables)); while (tokens.accept(","));
    tokens.expect(")");
  }
  if (name === "str" && values.length === 1) return String(values[0]);
  if (!Object.hasOwn(FUNCTIONS, name) || values.length === 0) {
    throw new CodeError(`NameError: name '${name}' is not defined`);
  }
  return FUNCTIONS[name](values.map(number));
}
