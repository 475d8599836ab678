/** `[[ … ]]`: what it asks, of words that are neither split nor taken for file names. */
import { compile, RegularExpressionError } from "../tools/regular_expression.ts";
import { evaluateTest } from "../tools/test.ts";
import { ArithmeticError, evaluate } from "./arithmetic.ts";
import { type Expander, expandPattern, expandText, ExpansionError } from "./expand.ts";
import { matches } from "./patterns.ts";
import type { Test, Word } from "./syntax.ts";

/** What a test needs of the shell. */
export interface Conditions extends Expander {
  /** Has an array hold these elements. */
  setArray(name: string, elements: string[]): void;
}

const INTEGER: { readonly [operator: string]: (a: bigint, b: bigint) => boolean } = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

/** Status of a regular expression that is none. */
const NO_EXPRESSION = 2;

/** The status: 0 when it holds. */
export async function runTest(shell: Conditions, test: Test): Promise<number> {
  switch (test.kind) {
    case "and":
      return await runTest(shell, test.left) || await runTest(shell, test.right);
    case "or":
      return await runTest(shell, test.left) && await runTest(shell, test.right);
    case "not":
      return await runTest(shell, test.inner) === 0 ? 1 : 0;
    case "unary": {
      const operand = await expandText(shell, test.operand);
      if (test.operator === "-v") return shell.get(operand) === undefined ? 1 : 0;
      return evaluateTest([test.operator, operand], shell.files, shell.cwd) === true ? 0 : 1;
    }
    case "binary":
      return await compare(shell, test.operator, await expandText(shell, test.left), test.right);
  }
}

async function compare(shell: Conditions, operator: string, left: string, right: Word): Promise<number> {
  if (operator === "=~") return matchExpression(shell, left, await expression(shell, right));
  if (operator === "=" || operator === "==" || operator === "!=") {
    return matches(await expandPattern(shell, right), left) === (operator !== "!=") ? 0 : 1;
  }
  const text = await expandText(shell, right);
  if (!(operator in INTEGER)) {
    return evaluateTest([left, operator, text], shell.files, shell.cwd) === true ? 0 : 1;
  }
  try {
    return INTEGER[operator](evaluate(left, shell), evaluate(text, shell)) ? 0 : 1;
  } catch (error) {
    if (error instanceof ArithmeticError) throw new ExpansionError(`[[: ${error.message}`);
    throw error;
  }
}

/** As a regular expression: what was quoted stands for itself. */
async function expression(shell: Conditions, word: Word): Promise<string> {
  let source = "";
  for (const part of word) {
    const text = await expandText(shell, [part]);
    source += part.quoted ? text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : text;
  }
  return source;
}

function matchExpression(shell: Conditions, text: string, source: string): number {
  let found: RegExpExecArray | null;
  try {
    found = compile(source, true).exec(text);
  } catch (error) {
    if (error instanceof RegularExpressionError) return NO_EXPRESSION;
    throw error;
  }
  shell.setArray("BASH_REMATCH", found === null ? [] : [...found].map((part) => part ?? ""));
  return found === null ? 1 : 0;
}
