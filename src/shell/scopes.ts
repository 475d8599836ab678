/** Variables of functions: what `local` hides comes back when the function returns. */

/** Where a shell keeps its variables. */
export interface Store {
  readonly variables: Map<string, string>;
  readonly arrays: Map<string, string[]>;
  readonly exported: Set<string>;
}

interface Hidden {
  readonly value: string | undefined;
  readonly elements: string[] | undefined;
  readonly exported: boolean;
}

export class Scopes {
  readonly #calls: Map<string, Hidden>[] = [];

  constructor(readonly store: Store, within: boolean) {
    if (within) this.enter();
  }

  /** Whether a function runs. */
  get within(): boolean {
    return this.#calls.length > 0;
  }

  enter(): void {
    this.#calls.push(new Map());
  }

  leave(): void {
    const { variables, arrays, exported } = this.store;
    for (const [name, hidden] of this.#calls.pop() ?? []) {
      if (hidden.value === undefined) variables.delete(name);
      else variables.set(name, hidden.value);
      if (hidden.elements === undefined) arrays.delete(name);
      else arrays.set(name, hidden.elements);
      if (hidden.exported) exported.add(name);
      else exported.delete(name);
    }
  }

  /** Makes a variable of the function that runs; a second time changes nothing. */
  declare(name: string): void {
    const call = this.#calls[this.#calls.length - 1];
    if (call === undefined || call.has(name)) return;
    const { variables, arrays, exported } = this.store;
    call.set(name, { value: variables.get(name), elements: arrays.get(name), exported: exported.has(name) });
    variables.delete(name);
    arrays.delete(name);
    exported.delete(name);
  }
}
