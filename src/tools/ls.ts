/** `ls`: names in directories, one a line (as when it prints to no terminal). */
import { KernelError, strerror } from "../wire/errno.ts";
import { OptionParser } from "./getopt.ts";
import { tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

const TYPES = { directory: "d", file: "-", socket: "s", device: "c" } as const;

function entry(process: Process, path: string, name: string, long: boolean): string {
  if (!long) return `${name}\n`;
  const { kind, size } = process.files.stat(path);
  const mode = kind === "directory" ? "rwxr-xr-x" : kind === "device" ? "rw-rw-rw-" : "rw-r--r--";
  return `${TYPES[kind]}${mode} 1 root root ${String(size).padStart(6)} Jan  1 00:00 ${name}\n`;
}

export function ls(process: Process): number {
  const given = new Set<string>();
  const options = new OptionParser("ls", process.args, "1aAdlhrRtSFn", tryHelp(process), [{
    name: "all",
    option: "a",
  }]);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 2;
    given.add(one.option);
  }
  const operands = options.operands.length > 0 ? options.operands : ["."];
  const files: string[] = [], directories: string[] = [];
  let status = 0;
  for (const operand of [...operands].sort()) {
    const path = process.files.resolve(operand, process.cwd);
    try {
      (process.files.stat(path).kind === "directory" && !given.has("d") ? directories : files).push(operand);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(`ls: cannot access '${operand}': ${strerror(error.errno)}\n`);
      status = 2;
    }
  }
  const long = given.has("l") || given.has("n");
  for (const name of files) process.stdout.write(entry(process, process.files.resolve(name, process.cwd), name, long));
  directories.forEach((operand, i) => {
    if (operands.length > 1) process.stdout.write(`${i > 0 || files.length > 0 ? "\n" : ""}${operand}:\n`);
    const path = process.files.resolve(operand, process.cwd);
    let names = process.files.list(path);
    if (!given.has("a") && !given.has("A")) names = names.filter((name) => !name.startsWith("."));
    if (given.has("a")) names = [".", "..", ...names];
    if (given.has("r")) names.reverse();
    if (long) process.stdout.write("total 0\n");
    for (const name of names) process.stdout.write(entry(process, process.files.resolve(name, path), name, long));
  });
  return status;
}
