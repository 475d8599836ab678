/** What our tests use of `jsr:@std/assert`, behaving as it does, for machines that do not reach JSR. */

// deno-lint-ignore-file no-explicit-any -- the signatures are those of @std/assert

export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

const suffix = (message?: string): string => message ? `: ${message}` : ".";

function constructorsEqual(a: object, b: object): boolean {
  return a.constructor === b.constructor || (a.constructor === Object && !b.constructor) ||
    (!a.constructor && b.constructor === Object);
}

function keyedEqual(
  a: Map<unknown, unknown> | Set<unknown>,
  b: Map<unknown, unknown> | Set<unknown>,
  compare: (a: unknown, b: unknown) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  const rest = [...b.entries()];
  for (const [key, value] of a.entries()) {
    const at = rest.findIndex(([otherKey, other]) => compare(key, otherKey) && compare(value, other));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return true;
}

/** Deep equality: same constructor, same own enumerable properties, members of maps and sets in any order. */
export function equal(a: unknown, b: unknown): boolean {
  const seen = new Map<unknown, unknown>();
  function compare(a: any, b: any): boolean {
    if (a instanceof RegExp && b instanceof RegExp || a instanceof URL && b instanceof URL) {
      return String(a) === String(b);
    }
    if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (typeof a === "number" && typeof b === "number") return Number.isNaN(a) && Number.isNaN(b) || a === b;
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (!constructorsEqual(a, b)) return false;
    if (a instanceof WeakMap || a instanceof WeakSet || a instanceof WeakRef) return false;
    if (seen.get(a) === b) return true;
    if (ArrayBuffer.isView(a) && !(a instanceof DataView)) return viewsEqual(a as Uint8Array, b);
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    seen.set(a, b);
    if (a instanceof Map || a instanceof Set) return keyedEqual(a, b, compare);
    for (const key of [...keys, ...Object.getOwnPropertySymbols(a), ...Object.getOwnPropertySymbols(b)]) {
      if (!(key in a) || !(key in b) || !compare(a[key], b[key])) return false;
    }
    return true;
  }
  function viewsEqual(a: Uint8Array, b: Uint8Array): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!compare(a[i], b[i])) return false;
    return true;
  }
  return compare(a, b);
}

function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    getters: true,
  });
}

/** The lines that differ, by the longest common subsequence; long texts lose only their common ends. */
function difference(actual: string, expected: string): string {
  const a = actual.split("\n"), b = expected.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = a.slice(start, a.length - end), right = b.slice(start, b.length - end);
  const lines = a.slice(Math.max(0, start - 5), start).map((line) => `    ${line}`);
  if (left.length * right.length > 1e6) {
    lines.push(...left.map((line) => `-   ${line}`), ...right.map((line) => `+   ${line}`));
  } else lines.push(...merged(left, right));
  lines.push(...a.slice(a.length - end, a.length - end + 5).map((line) => `    ${line}`));
  return `\n\n    [Diff] Actual / Expected\n\n\n${lines.join("\n")}\n\n`;
}

function merged(left: string[], right: string[]): string[] {
  const common = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i][j] = left[i] === right[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines: string[] = [];
  let i = 0, j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`    ${left[i++]}`);
      j++;
    } else if (j >= right.length || i < left.length && common[i + 1][j] >= common[i][j + 1]) {
      lines.push(`-   ${left[i++]}`);
    } else lines.push(`+   ${right[j++]}`);
  }
  return lines;
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

export function assertFalse(expr: unknown, msg = ""): asserts expr is false | 0 | "" | null | undefined {
  if (expr) throw new AssertionError(msg);
}

export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}

export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${suffix(msg)}`);
}

export function unimplemented(msg?: string): never {
  throw new AssertionError(`Unimplemented${suffix(msg)}`);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  const text = typeof actual === "string" && typeof expected === "string"
    ? difference(actual, expected)
    : difference(format(actual), format(expected));
  throw new AssertionError(`Values are not equal${suffix(msg)}${text}`);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(`Expected actual: ${format(actual)} not to be: ${format(expected)}${suffix(msg)}`);
}

export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const a = format(actual), b = format(expected);
  if (a === b) {
    throw new AssertionError(`Values have the same structure but are not reference-equal${suffix(msg)}\n\n${a}\n`);
  }
  throw new AssertionError(`Values are not strictly equal${suffix(msg)}${difference(a, b)}`);
}

export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(`Expected "actual" to not be strictly equal to: ${format(actual)}${suffix(msg)}\n`);
}

export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  const limit = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (delta <= limit) return;
  const show = (n: number): string => Number.isInteger(n) ? n.toString() : n.toExponential();
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to be close to "${show(expected)}": delta "${show(delta)}" is greater than "${
      show(limit)
    }"${suffix(msg)}`,
  );
}

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(`Expected actual: "${actual}" to not be null or undefined${suffix(msg)}`);
}

export function assertInstanceOf<T extends abstract new (...args: any[]) => any>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const is = actual === null
    ? "null"
    : typeof actual === "object"
    ? `"${actual.constructor?.name}"`
    : `"${typeof actual}"`;
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name || "unknown"}" but was ${is}${suffix(msg)}`,
  );
}

export function assertNotInstanceOf<A, T>(
  actual: A,
  unexpectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is Exclude<A, T> {
  assertFalse(
    actual instanceof unexpectedType,
    `Expected object to not be an instance of "${typeof unexpectedType}"${suffix(msg)}`,
  );
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to match: "${expected}"${suffix(msg)}`);
}

export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to not match: "${expected}"${suffix(msg)}`);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(`Expected actual: "${actual}" to contain: "${expected}"${suffix(msg)}`);
}

export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void {
  const missing = Array.from(expected).filter((wanted) => !Array.from(actual).some((one) => equal(wanted, one)));
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${format(actual)}" to include: "${format(expected)}"${suffix(msg)}\nmissing: ${format(missing)}`,
  );
}

/** Whether `actual` has all that `expected` has, deeply; it may have more. */
export function assertObjectMatch(
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  function part(of: any, like: any): any {
    if (of === null || typeof of !== "object" || like === null || typeof like !== "object") return of;
    if (Array.isArray(like) || Array.isArray(of)) {
      return Array.isArray(of) && Array.isArray(like)
        ? of.map((one, i) => i < like.length ? part(one, like[i]) : one)
        : of;
    }
    if (Object.getPrototypeOf(like) !== Object.prototype) return of;
    return Object.fromEntries(
      Reflect.ownKeys(like).filter((key) => key in of).map((key) => [key, part(of[key], like[key])]),
    );
  }
  assertEquals(part(actual, expected), expected as any, msg);
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(`Expect ${format(actual)} > ${format(expected)}${msg ? `: ${msg}` : ""}`);
}

export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual >= expected) return;
  throw new AssertionError(`Expect ${format(actual)} >= ${format(expected)}${msg ? `: ${msg}` : ""}`);
}

export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(`Expect ${format(actual)} < ${format(expected)}${msg ? `: ${msg}` : ""}`);
}

export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual <= expected) return;
  throw new AssertionError(`Expect ${format(actual)} <= ${format(expected)}${msg ? `: ${msg}` : ""}`);
}

export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: abstract new (...args: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(`Expected "error" to be an Error object${suffix(msg)}`);
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${error.constructor?.name}"${suffix(msg)}`,
    );
  }
  const matches = msgMatches === undefined ||
    (typeof msgMatches === "string" ? error.message.includes(msgMatches) : msgMatches.test(error.message));
  if (matches) return;
  const wanted = msgMatches instanceof RegExp ? msgMatches.toString() : JSON.stringify(msgMatches);
  throw new AssertionError(
    `Expected error message to ${msgMatches instanceof RegExp ? "match" : "include"} ${wanted}, but got ${
      JSON.stringify(error.message)
    }${suffix(msg)}`,
  );
}

type ErrorClass<E> = abstract new (...args: any[]) => E;

function expectations<E extends Error>(
  first?: ErrorClass<E> | string,
  second?: string,
  third?: string,
): [ErrorClass<E> | undefined, string | undefined, string | undefined] {
  return typeof first === "string" ? [undefined, undefined, first] : [first, second, third];
}

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClassOrMsg?: (abstract new (...args: any[]) => E) | string,
  msgIncludesOrMsg?: string,
  third?: string,
): unknown {
  const [wanted, includes, msg] = expectations(errorClassOrMsg, msgIncludesOrMsg, third);
  try {
    fn();
  } catch (error) {
    if (wanted) {
      if (!(error instanceof Error)) throw new AssertionError(`A non-Error object was thrown${suffix(msg)}`);
      assertIsError(error, wanted, includes, msg);
    }
    return error;
  }
  throw new AssertionError(`Expected function to throw${suffix(msg)}`);
}

export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClassOrMsg?: (abstract new (...args: any[]) => E) | string,
  msgIncludesOrMsg?: string,
  third?: string,
): Promise<unknown> {
  const [wanted, includes, msg] = expectations(errorClassOrMsg, msgIncludesOrMsg, third);
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
    if (typeof promise?.then !== "function") throw new AssertionError("Function does not return a Promise");
    await promise;
  } catch (error) {
    if (promise === undefined) {
      throw new AssertionError(`Function throws when expected to reject${suffix(msg)}`, { cause: error });
    }
    if (error instanceof AssertionError && error.message === "Function does not return a Promise") throw error;
    if (wanted) {
      if (!(error instanceof Error)) throw new AssertionError(`A non-Error object was rejected${suffix(msg)}`);
      assertIsError(error, wanted, includes, msg);
    }
    return error;
  }
  throw new AssertionError(`Expected function to reject${suffix(msg)}`);
}
