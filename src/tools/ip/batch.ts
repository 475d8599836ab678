/** Files of commands, as `-batch` of ip, bridge and tc reads them. */
import { KernelError } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import { CommandError } from "./arguments.ts";

/** The text of a batch file, or of standard input for `-`. */
export async function batchText(process: Process, name: string): Promise<string> {
  if (name !== "-") {
    try {
      return process.files.readText(process.files.resolve(name, process.cwd));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw new CommandError(`Cannot open file "${name}" for reading: ${error.message}\n`, 1);
    }
  }
  const decoder = new TextDecoder();
  let text = "";
  for (let data = await process.stdin.read(); data !== null; data = await process.stdin.read()) {
    text += decoder.decode(data, { stream: true });
  }
  return text;
}

/** Words of a batch line: separated by blanks, quoted by `"` or `'`, up to a `#`. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of line.replace(/#.*/, "").matchAll(/"([^"]*)"?|'([^']*)'?|([^\s"']+)/g)) {
    words.push(double ?? single ?? plain);
  }
  return words;
}
