/** `bash` and `sh`: the shell as a program. */
import type { InputStream, Process } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import type { ShellProcess } from "./process.ts";
import { addProgram } from "./programs.ts";
import { Leave, Shell } from "./shell.ts";

/** Runs text in a shell to its end, and ends what that leaves in the background. */
export async function runShell(shell: Shell, text: string, where: string): Promise<number> {
  let code: number;
  try {
    code = await shell.runText(text, where);
  } catch (error) {
    if (!(error instanceof Leave)) throw error;
    code = error.kind === "exit" || error.kind === "return" ? error.value : 0;
  }
  code = await shell.end(code);
  await shell.endJobs();
  return code;
}

async function readAll(stdin: InputStream): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for (let piece = await stdin.read(); piece !== null; piece = await stdin.read()) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

/** `bash [-ex] [-c COMMANDS | FILE] [WORD…]` */
async function bash(process: Process): Promise<number> {
  const args = [...process.args];
  const options = { errexit: false, xtrace: false };
  let command = false;
  while (args.length > 0 && /^-./.test(args[0]) && args[0] !== "--") {
    for (const letter of args[0].slice(1)) {
      if (letter === "c") command = true;
      else if (letter === "e") options.errexit = true;
      else if (letter === "x") options.xtrace = true;
      else if (!"lisu".includes(letter)) {
        process.stderr.write(`${process.name}: ${args[0]}: invalid option\n`);
        return 2;
      }
    }
    args.shift();
  }
  if (args[0] === "--") args.shift();
  const run = async (name: string, words: readonly string[], text: string, where: string): Promise<number> => {
    const shell = new Shell(process as ShellProcess, name, words);
    Object.assign(shell.options, options);
    return await runShell(shell, text, where);
  };
  if (command) {
    const [text, name = process.name, ...words] = args;
    if (text === undefined) {
      process.stderr.write(`${process.name}: -c: option requires an argument\n`);
      return 2;
    }
    return await run(name, words, text, `${name}: -c`);
  }
  const [path, ...words] = args;
  if (path === undefined) return await run(process.name, [], await readAll(process.stdin), process.name);
  try {
    const text = process.files.readText(process.files.resolve(path, process.cwd));
    return await run(path, words, text, path);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const directory = strerror(error.errno) === "Is a directory";
    process.stderr.write(`${directory ? path : process.name}: ${path}: ${strerror(error.errno)}\n`);
    return directory ? 126 : 127;
  }
}

addProgram("bash", bash);
addProgram("sh", bash);
