/** The shell of a login: reads commands as they come, with a prompt and a line editor when there is a terminal. */
import { LineEditor } from "../shell/line_editor.ts";
import { Parser } from "../shell/parse.ts";
import type { ShellProcess } from "../shell/process.ts";
import { Leave, Shell } from "../shell/shell.ts";
import { ShellSyntaxError } from "../shell/syntax.ts";
import type { Terminal } from "./terminal.ts";

/** Whether more lines must come before this text can be run. */
function incomplete(text: string): boolean {
  for (const [, , delimiter] of text.matchAll(/<<-?\s*(["']?)(\w+)\1/g)) {
    if (!text.split("\n").some((line) => line.trim() === delimiter)) return true;
  }
  if (/(^|[^\\])(\\\\)*\\\n$/.test(text)) return true;
  const parser = new Parser(text);
  try {
    while (parser.next() !== null);
    return false;
  } catch (error) {
    return error instanceof ShellSyntaxError && /unexpected (EOF|end of file)/.test(error.message);
  }
}

/** Runs what comes until `exit` or the end of the input, and gives the exit code. */
export async function loginShell(process: ShellProcess, terminal: Terminal | null): Promise<number> {
  const shell = new Shell(process, terminal === null ? "bash" : "-bash");
  shell.interactive = terminal !== null;
  const next = terminal === null ? lines(shell) : prompts(shell);
  try {
    let text = "";
    for await (const line of next) {
      text += line;
      if (incomplete(text)) continue;
      const whole = text;
      text = "";
      if (terminal !== null) terminal.running = () => process.interrupt();
      await runText(shell, whole);
      if (terminal !== null) terminal.running = null;
    }
    if (text !== "") await runText(shell, text);
    if (terminal !== null) shell.streams.stderr.write("logout\n");
    return await shell.end(shell.status);
  } catch (error) {
    if (!(error instanceof Leave)) throw error;
    if (terminal !== null) shell.streams.stderr.write("logout\n");
    return await shell.end(error.value);
  } finally {
    if (terminal !== null) terminal.running = null;
    await shell.endJobs();
  }
}

async function runText(shell: Shell, text: string): Promise<void> {
  try {
    await shell.runText(text, shell.name);
  } catch (error) {
    if (!(error instanceof Leave) || error.kind === "exit") throw error;
  }
}

/** Lines with their ends, of an input that programs may read from as well. */
async function* lines(shell: Shell): AsyncGenerator<string> {
  const { stdin } = shell.streams;
  const decoder = new TextDecoder();
  for (let piece = await stdin.read(); piece !== null; piece = await stdin.read()) {
    const end = piece.indexOf(10);
    if (end >= 0) stdin.unread?.(piece.subarray(end + 1));
    yield decoder.decode(end >= 0 ? piece.subarray(0, end + 1) : piece, { stream: true });
  }
}

async function* prompts(shell: Shell): AsyncGenerator<string> {
  const { stdin, stdout } = shell.streams;
  const editor = new LineEditor(stdin, (text) => stdout.write(text));
  for (;;) {
    const home = shell.get("HOME");
    const place = shell.cwd === home ? "~" : shell.cwd;
    const user = shell.get("USER") ?? "root";
    const prompt = `${user}@${shell.process.machine.hostname}:${place}${user === "root" ? "#" : "$"} `;
    const line = await editor.read(prompt);
    if (line === null) return;
    editor.remember(line);
    yield `${line}\n`;
  }
}
