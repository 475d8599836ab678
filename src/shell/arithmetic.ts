/** `$(( … ))`: C's expressions over 64-bit integers. */

/** The complaint is bash's, without the place. */
export class ArithmeticError extends Error {
  override name = "ArithmeticError";
}

/** Binary operators by how tightly they bind. */
const BINARY: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const TOKEN =
  /\s*([0-9]+#[0-9a-zA-Z@_]+|[0-9][0-9a-zA-Z_]*|[a-zA-Z_][a-zA-Z0-9_]*(?:\[(?:[^[\]]|\[[^[\]]*\])+\])?|<<=|>>=|\*\*|\|\||&&|==|!=|<=|>=|<<|>>|\+\+|--|[-+*/%&|^]=|[-+*/%&|^!~<>?:=(),])/y;

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_";

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => value ? 1n : 0n;

class Evaluator {
  readonly #tokens: string[] = [];
  /** Where in the text each token begins. */
  readonly #starts: number[] = [];
  #at = 0;

  constructor(readonly text: string, readonly variables: Variables, readonly depth: number) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) {
        if (text.slice(from).trim() === "") break;
        throw new ArithmeticError(
          `${text}: syntax error: invalid arithmetic operator (error token is "${text.slice(from).trim()}")`,
        );
      }
      this.#tokens.push(match[1]);
      this.#starts.push(TOKEN.lastIndex - match[1].length);
    }
  }

  evaluate(): bigint {
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma();
    if (this.#at < this.#tokens.length) this.#fail("syntax error in expression");
    return value;
  }

  #fail(what: string): never {
    const token = this.text.slice(this.#starts[Math.min(this.#at, this.#starts.length - 1)]);
    throw new ArithmeticError(`${this.text}: ${what} (error token is "${token}")`);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#take(",")) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    const name = this.#tokens[this.#at], operator = this.#tokens[this.#at + 1];
    if (!/^[a-zA-Z_]/.test(name ?? "") || !/^(=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<=|>>=)$/.test(operator ?? "")) {
      return this.#conditional();
    }
    this.#at += 2;
    const right = this.#assignment();
    const value = operator === "=" ? right : this.#apply(operator.slice(0, -1), this.#variable(name), right);
    this.variables.set(name, String(value));
    return value;
  }

  #conditional(): bigint {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#comma();
    if (!this.#take(":")) this.#fail("`:' expected for conditional expression");
    const no = this.#conditional();
    return condition !== 0n ? yes : no;
  }

  #binary(level: number): bigint {
    if (level === BINARY.length) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = BINARY[level].find((one) => this.#tokens[this.#at] === one);
      if (operator === undefined) return left;
      this.#at++;
      left = this.#apply(operator, left, this.#binary(level + 1));
    }
  }

  #apply(operator: string, a: bigint, b: bigint): bigint {
    switch (operator) {
      case "||":
        return truth(a !== 0n || b !== 0n);
      case "&&":
        return truth(a !== 0n && b !== 0n);
      case "|":
        return a | b;
      case "^":
        return a ^ b;
      case "&":
        return a & b;
      case "==":
        return truth(a === b);
      case "!=":
        return truth(a !== b);
      case "<=":
        return truth(a <= b);
      case ">=":
        return truth(a >= b);
      case "<":
        return truth(a < b);
      case ">":
        return truth(a > b);
      case "<<":
        return wrap(a << (b & 63n));
      case ">>":
        return a >> (b & 63n);
      case "+":
        return wrap(a + b);
      case "-":
        return wrap(a - b);
      case "*":
        return wrap(a * b);
    }
    if (b === 0n) {
      this.#at--;
      this.#fail("division by 0");
    }
    return wrap(operator === "/" ? a / b : a % b);
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#take("**")) return base;
    const exponent = this.#power();
    if (exponent < 0n) this.#fail("exponent less than 0");
    let result = 1n, square = base;
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = wrap(result * square);
      square = wrap(square * square);
    }
    return result;
  }

  #unary(): bigint {
    const token = this.#tokens[this.#at];
    if (token === "++" || token === "--") {
      this.#at++;
      const name = this.#tokens[this.#at++] ?? "";
      if (!/^[a-zA-Z_]/.test(name)) this.#fail("syntax error: operand expected");
      const value = this.#variable(name) + (token === "++" ? 1n : -1n);
      this.variables.set(name, String(wrap(value)));
      return wrap(value);
    }
    if (this.#take("!")) return truth(this.#unary() === 0n);
    if (this.#take("~")) return ~this.#unary();
    if (this.#take("-")) return wrap(-this.#unary());
    if (this.#take("+")) return this.#unary();
    return this.#primary();
  }

  #primary(): bigint {
    const token = this.#tokens[this.#at];
    if (this.#take("(")) {
      const value = this.#comma();
      if (!this.#take(")")) this.#fail("missing `)'");
      return value;
    }
    if (token === undefined || !/^[a-zA-Z_0-9]/.test(token)) this.#fail("syntax error: operand expected");
    this.#at++;
    if (/^[0-9]/.test(token)) return this.#number(token);
    const value = this.#variable(token);
    const after = this.#tokens[this.#at];
    if (after === "++" || after === "--") {
      this.#at++;
      this.variables.set(token, String(wrap(value + (after === "++" ? 1n : -1n))));
    }
    return value;
  }

  #number(token: string): bigint {
    const based = /^([0-9]+)#(.*)$/.exec(token);
    if (based !== null) return this.#based(token, Number(based[1]), based[2]);
    if (/^0[0-7]+$/.test(token)) return wrap(BigInt(`0o${token.slice(1)}`));
    if (!/^(0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)$/.test(token)) {
      throw new ArithmeticError(`${token}: value too great for base (error token is "${token}")`);
    }
    return wrap(BigInt(token));
  }

  /** `BASE#DIGITS`: after 9 come a to z, A to Z, @ and _; up to base 36 capitals are as small letters. */
  #based(token: string, base: number, digits: string): bigint {
    if (base < 2 || base > 64) this.#fail("invalid arithmetic base");
    let value = 0n;
    for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
      const worth = DIGITS.indexOf(digit);
      if (worth >= base) throw new ArithmeticError(`${token}: value too great for base (error token is "${token}")`);
      value = wrap(value * BigInt(base) + BigInt(worth));
    }
    return value;
  }

  #variable(name: string): bigint {
    const text = this.variables.get(name) ?? "";
    if (text === "") return 0n;
    if (this.depth > 64) {
      throw new ArithmeticError(`${text}: expression recursion level exceeded (error token is "${text}")`);
    }
    return new Evaluator(text, this.variables, this.depth + 1).evaluate();
  }
}

/** Throws an ArithmeticError. */
export function evaluate(expression: string, variables: Variables): bigint {
  return new Evaluator(expression.trimStart(), variables, 0).evaluate();
}
