/** What the CLI uses of `jsr:@std/cli`, behaving as it does, for machines that do not reach JSR. */

export interface ParseOptions {
  boolean?: readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  alias?: Record<string, string | readonly string[]>;
  default?: Record<string, unknown>;
  stopEarly?: boolean;
  "--"?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

// deno-lint-ignore no-explicit-any -- as @std/cli gives it when nothing is known of the options
export type Args = { [name: string]: any; _: (string | number)[]; "--"?: string[] };

/** Command line words into options and the rest, as minimist reads them. */
export function parseArgs(words: readonly string[], options: ParseOptions = {}): Args {
  const args: Args = { _: [] };
  const booleans = new Set(options.boolean), strings = new Set(options.string), collected = new Set(options.collect);
  const aliases = new Map<string, string[]>();
  for (const [name, others] of Object.entries(options.alias ?? {})) {
    const all = [name, ...(typeof others === "string" ? [others] : others)];
    for (const one of all) aliases.set(one, all.filter((other) => other !== one));
  }
  const any = (set: Set<string>, name: string): boolean =>
    set.has(name) || (aliases.get(name) ?? []).some((other) => set.has(other));
  for (const name of booleans) args[name] = false;
  for (const name of collected) args[name] = [];
  Object.assign(args, options.default);
  const known = (name: string): boolean =>
    any(booleans, name) || any(strings, name) || any(collected, name) || aliases.has(name) ||
    name in (options.default ?? {});
  const number = (value: string): string | number =>
    /^-?(0x[0-9a-f]+|\d+(\.\d*)?(e[-+]?\d+)?|\.\d+)$/i.test(value) ? Number(value) : value;
  const set = (word: string, name: string, value: string | boolean): void => {
    if (options.unknown !== undefined && !known(name) && options.unknown(word, name, value) === false) return;
    const plain = typeof value === "boolean" || any(strings, name) ? value : number(value);
    for (const one of [name, ...(aliases.get(name) ?? [])]) {
      if (any(collected, name)) (args[one] ??= []).push(plain);
      else args[one] = plain;
    }
  };
  const end = words.indexOf("--");
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  const rest: string[] = [];
  const value = (i: number): string | undefined =>
    i + 1 < before.length && (!before[i + 1].startsWith("-") || /^-\d/.test(before[i + 1]) || before[i + 1] === "-")
      ? before[i + 1]
      : undefined;
  for (let i = 0; i < before.length; i++) {
    const word = before[i];
    const long = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word);
    if (long !== null) {
      const [, name, given] = long;
      if (given !== undefined) set(word, name, any(booleans, name) ? given !== "false" : given);
      else if (name.startsWith("no-") && options.negatable?.includes(name.slice(3))) set(word, name.slice(3), false);
      else if (!any(booleans, name) && value(i) !== undefined) set(word, name, before[++i]);
      else set(word, name, any(strings, name) ? "" : true);
    } else if (/^-[^-]/.test(word)) {
      const letters = word.slice(1);
      for (let at = 0; at < letters.length; at++) {
        const letter = letters[at], tail = letters.slice(at + 1);
        if (any(booleans, letter) || tail !== "" && /^[a-zA-Z]/.test(tail) && !any(strings, letter)) {
          set(word, letter, true);
        } else if (tail !== "") {
          set(word, letter, tail.replace(/^=/, ""));
          break;
        } else if (value(i) !== undefined) set(word, letter, before[++i]);
        else set(word, letter, any(strings, letter) ? "" : true);
      }
    } else {
      if (options.stopEarly) {
        rest.push(...before.slice(i));
        break;
      }
      if (options.unknown === undefined || options.unknown(word) !== false) rest.push(word);
    }
  }
  args._ = any(strings, "_") ? rest : rest.map(number);
  if (options["--"]) args["--"] = [...after];
  else args._.push(...after);
  return args;
}

export interface PromptSecretOptions {
  /** What is shown for each letter; "" shows nothing. */
  mask?: string;
  clear?: boolean;
}

/** Asks on the terminal without showing what is typed; null when standard input is no terminal. */
export function promptSecret(message = "Secret", options: PromptSecretOptions = {}): string | null {
  if (!Deno.stdin.isTerminal()) return null;
  const mask = options.mask ?? "*";
  const show = (text: string): void => void Deno.stdout.writeSync(new TextEncoder().encode(text));
  show(`${message} `);
  Deno.stdin.setRaw(true);
  let secret = "";
  try {
    const one = new Uint8Array(1);
    for (;;) {
      if (Deno.stdin.readSync(one) === null || one[0] === 13 || one[0] === 10) break;
      if (one[0] === 3 || one[0] === 4) return null;
      if (one[0] === 127 || one[0] === 8) {
        if (secret !== "") show(mask === "" ? "" : "\b \b");
        secret = secret.slice(0, -1);
        continue;
      }
      secret += String.fromCharCode(one[0]);
      show(mask);
    }
  } finally {
    Deno.stdin.setRaw(false);
    show("\n");
  }
  return secret;
}

export interface ProgressBarOptions {
  max: number;
  value?: number;
  writable?: WritableStream<Uint8Array>;
  barLength?: number;
  clear?: boolean;
}

/** A bar on the terminal that `stop` takes away. */
export class ProgressBar {
  value: number;
  max: number;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #options: ProgressBarOptions;
  constructor(options: ProgressBarOptions) {
    this.#options = options;
    this.value = options.value ?? 0;
    this.max = options.max;
    this.#writer = (options.writable ?? Deno.stderr.writable).getWriter() as WritableStreamDefaultWriter<Uint8Array>;
    this.#timer = setInterval(() => this.#draw(), 200);
    this.#draw();
  }
  #draw(): void {
    const length = this.#options.barLength ?? 50;
    const full = Math.min(length, Math.floor(length * this.value / Math.max(1, this.max)));
    this.#write(`\r\x1b[K[${"#".repeat(full)}${"-".repeat(length - full)}] [${this.value}/${this.max}]`);
  }
  #write(text: string): void {
    this.#writer.write(new TextEncoder().encode(text)).catch(() => {});
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#write(this.#options.clear ? "\r\x1b[K" : "\n");
    await this.#writer.ready;
    this.#writer.releaseLock();
  }
}
