/** Redirections: which streams a command gets. */
import { FixedInput, openInput } from "../tools/input.ts";
import type { InputStream, OutputStream } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { expandText } from "./expand.ts";
import type { Shell, Streams } from "./shell.ts";
import { openOutput, Passing } from "./streams.ts";
import type { Redirection } from "./syntax.ts";

const BAD_DESCRIPTOR = 9;
const AMBIGUOUS = 22;

/** The streams that redirections make of the present ones; null when one cannot be (the complaint is written). */
export async function redirect(shell: Shell, redirections: readonly Redirection[]): Promise<Streams | null> {
  if (redirections.length === 0) return shell.streams;
  const fds = new Map<number, InputStream | OutputStream>(shell.streams.others);
  fds.set(0, shell.streams.stdin).set(1, shell.streams.stdout).set(2, shell.streams.stderr);
  for (const redirection of redirections) {
    const target = await expandText(shell, redirection.target);
    shell.line = redirection.line;
    try {
      redirectOne(shell, redirection, target, fds);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      shell.complain(`${target}: ${strerror(error.errno)}`);
      return null;
    }
  }
  const [stdin, stdout, stderr] = [fds.get(0)!, fds.get(1)!, fds.get(2)!];
  for (const fd of [0, 1, 2]) fds.delete(fd);
  return { stdin: stdin as InputStream, stdout: stdout as OutputStream, stderr: stderr as OutputStream, others: fds };
}

function redirectOne(
  shell: Shell,
  { fd, operator }: Redirection,
  target: string,
  fds: Map<number, InputStream | OutputStream>,
): void {
  const path = shell.files.resolve(target, shell.cwd);
  switch (operator) {
    case "<":
      fds.set(fd, openInput(shell.files, path));
      return;
    case "<<":
      fds.set(fd, new FixedInput(target));
      return;
    case "<<<":
      fds.set(fd, new FixedInput(`${target}\n`));
      return;
    case ">":
    case ">|":
    case ">>":
    case "<>":
      fds.set(fd, openOutput(shell.files, path, operator === ">>"));
      return;
    case "&>":
    case "&>>":
      fds.set(1, openOutput(shell.files, path, operator === "&>>"));
      fds.set(2, fds.get(1)!);
      return;
  }
  if (target === "-") {
    fds.set(fd, fd === 0 ? new FixedInput("") : new Passing(() => {}));
    return;
  }
  const source = /^[0-9]+$/.test(target) ? fds.get(Number(target)) : undefined;
  if (source !== undefined) fds.set(fd, source);
  else if (operator === ">&" && !/^[0-9]+$/.test(target)) {
    fds.set(1, openOutput(shell.files, path, false));
    fds.set(2, fds.get(1)!);
  } else throw new KernelError(/^[0-9]+$/.test(target) ? BAD_DESCRIPTOR : AMBIGUOUS);
}
