/** Files of commands, as `-batch` of ip, bridge and tc reads them. */
import { KernelError } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import { CommandError } from "./arguments.ts";
import type { Session } from "./session.ts";

/** The text of a batch file, or of standard input for `-`. */
async function batchText(process: Process, name: string): Promise<string> {
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
function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of line.replace(/#.*/, "").matchAll(/"([^"]*)"?|'([^']*)'?|([^\s"']+)/g)) {
    words.push(double ?? single ?? plain);
  }
  return words;
}

/**
 * A command a line; `-force` goes on after a failure. `run` gives a command's exit code; what it throws with the code
 * `fatal` ends the batch. Gives the exit code.
 */
export async function runBatch(
  session: Session,
  name: string,
  run: (session: Session, words: string[]) => number | Promise<number>,
  fatal?: number,
): Promise<number> {
  let code = 0;
  let number = 0;
  for (const line of (await batchText(session.process, name)).split("\n")) {
    number++;
    const words = splitWords(line);
    if (words.length === 0) continue;
    try {
      if (await run(session, words) === 0) continue;
    } catch (error) {
      if (!(error instanceof CommandError) || error.code === fatal) throw error;
      session.complain(error.text);
    }
    session.process.stderr.write(`Command failed ${name}:${number}\n`);
    code = 1;
    if (!session.options.force) break;
  }
  return code;
}
