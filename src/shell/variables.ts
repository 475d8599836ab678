/** The variables and indexed arrays of a shell. */
import { ArithmeticError, evaluate } from "./arithmetic.ts";
import { ExpansionError } from "./expand.ts";
import { Scopes } from "./scopes.ts";

/** The highest index of an array. */
const INDEX_LIMIT = 1_000_000;

const ELEMENT = /^([a-zA-Z_][a-zA-Z0-9_]*)\[([\s\S]*)\]$/;

export abstract class Variables {
  readonly variables: Map<string, string>;
  /** Indexed arrays, with holes where nothing was set. */
  readonly arrays: Map<string, string[]>;
  readonly exported: Set<string>;
  readonly scopes: Scopes;

  /** Those of another shell, or of an environment. */
  constructor(env: ReadonlyMap<string, string>, from?: Variables) {
    this.variables = new Map(from?.variables ?? env);
    this.arrays = new Map(Array.from(from?.arrays ?? [], ([name, elements]) => [name, elements.slice()]));
    this.exported = new Set(from?.exported ?? env.keys());
    this.scopes = new Scopes(this, from?.scopes.within ?? false);
  }

  /** A variable, an element, or a special parameter. */
  abstract get(name: string): string | undefined;

  /** `NAME`, where an array's is its first element, or `NAME[INDEX]`. */
  protected value(name: string): string | undefined {
    const element = ELEMENT.exec(name);
    if (element === null) return this.variables.get(name) ?? this.arrays.get(name)?.[0];
    const elements = this.elements(element[1]);
    const index = this.index(element[2]);
    return elements[index < 0 ? elements.length + index : index];
  }

  set(name: string, value: string): void {
    const element = ELEMENT.exec(name);
    const elements = this.arrays.get(element?.[1] ?? name);
    if (element === null) {
      if (elements === undefined) this.variables.set(name, value);
      else elements[0] = value;
      return;
    }
    const index = this.index(element[2]);
    const own = elements ?? this.elements(element[1]).slice();
    const at = index < 0 ? own.length + index : index;
    if (at < 0 || at > INDEX_LIMIT) throw new ExpansionError(`${name}: bad array subscript`);
    own[at] = value;
    this.setArray(element[1], own);
  }

  /** The number of an element. */
  index(subscript: string): number {
    try {
      return Number(evaluate(subscript, this));
    } catch (error) {
      if (error instanceof ArithmeticError) throw new ExpansionError(error.message);
      throw error;
    }
  }

  /** Of an array, with its holes; a variable is an array of one. */
  elements(name: string): readonly string[] {
    const value = this.variables.get(name);
    return this.arrays.get(name) ?? (value === undefined ? [] : [value]);
  }

  setArray(name: string, elements: string[]): void {
    this.variables.delete(name);
    this.arrays.set(name, elements);
  }

  unset(name: string): boolean {
    const element = ELEMENT.exec(name);
    if (element !== null) {
      delete this.arrays.get(element[1])?.[this.index(element[2])];
      return true;
    }
    this.exported.delete(name);
    const array = this.arrays.delete(name);
    return this.variables.delete(name) || array;
  }
}
