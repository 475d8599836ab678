/**
 * Answers of the user. A terminal asks by itself, and shows no secret; where standard input is something else (a scenario, a test),
 * it stands for the keyboard: a line of it is an answer, and questions are on standard error.
 *
 * @module
 */
import type { Process } from "../tools/process.ts";

const LINE_FEED = 10;

/** The next line of standard input, without its end; null at the end. */
async function nextLine({ stdin }: Process): Promise<string | null> {
  const decoder = new TextDecoder();
  let line = "";
  for (let piece = await stdin.read(); piece !== null; piece = await stdin.read()) {
    const end = piece.indexOf(LINE_FEED);
    if (end < 0) {
      line += decoder.decode(piece, { stream: true });
      continue;
    }
    stdin.unread?.(piece.subarray(end + 1));
    return line + decoder.decode(piece.subarray(0, end));
  }
  return line === "" ? null : line;
}

/** Whether there is somebody at a terminal. */
export function atTerminal(process: Process): boolean {
  return process.stdin.askSecret !== undefined;
}

/** Asks for something that is not to be seen; null at the end of the input. */
export async function askSecret(process: Process, prompt: string): Promise<string | null> {
  const ask = process.stdin.askSecret;
  if (ask !== undefined) return ask(prompt);
  process.stderr.write(prompt);
  const answer = await nextLine(process);
  process.stderr.write("\n");
  return answer;
}

/** Asks for something that a terminal shows while it is typed; null at the end of the input. */
export async function ask(process: Process, prompt: string): Promise<string | null> {
  process.stderr.write(prompt);
  const answer = await nextLine(process);
  if (!atTerminal(process)) process.stderr.write(`${answer ?? ""}\n`);
  return answer;
}
