/**
 * Runs scripts in google/packetdrill's language against the stack, in virtual time, and tells the first difference in its words.
 *
 * @module
 */
import { parseScript } from "./parser.ts";
import { type Environment, Runner } from "./runner.ts";
import { type Option, settingsOf } from "./settings.ts";
import { ParseError } from "./syntax.ts";

export type { Environment };

export interface RunOptions {
  /** Makes a namespace for one script. */
  open(): Environment | Promise<Environment>;
  /** `--name=value` of the command line: they go before the script's own. */
  options?: readonly Option[];
  /** Takes what a script's code prints. */
  print?: (line: string) => void;
}

export interface Result {
  readonly passed: boolean;
  /** What went wrong, beginning with `PATH:LINE: `; null when it passed. */
  readonly error: string | null;
}

/** `path` stands in messages. */
export async function runScript(text: string, path: string, options: RunOptions): Promise<Result> {
  try {
    const script = parseScript(text, path);
    const settings = settingsOf(script, path, options.options ?? []);
    const runner = new Runner(path, script, settings, await options.open(), options.print ?? (() => {}));
    const error = await runner.run();
    return { passed: error === null, error };
  } catch (error) {
    if (error instanceof ParseError) return { passed: false, error: error.message };
    throw error;
  }
}
