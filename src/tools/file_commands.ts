/** `mkdir`, `rm`, `rmdir`, `touch`, `cp`, `mv` and `tee`. */
import { KernelError, strerror } from "../wire/errno.ts";
import { type LongOption, OptionParser } from "./getopt.ts";
import { tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

interface Words {
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
}

/** Reads options; null when the complaint has been written. */
function words(process: Process, short: string, long: readonly LongOption[], missing: string): Words | null {
  const given = new Set<string>();
  const options = new OptionParser(process.name, process.args, short, tryHelp(process), long);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return null;
    given.add(one.option);
  }
  if (options.operands.length > 0 || missing === "" || (process.name === "rm" && given.has("f"))) {
    return { given, operands: options.operands };
  }
  tryHelp(process)(`${process.name}: missing ${missing}`);
  return null;
}

/** Does something to each operand; 1 when one was refused, with `complaint` before the reason. */
function each(
  process: Process,
  operands: readonly string[],
  complaint: string,
  act: (path: string, name: string) => void,
): number {
  let status = 0;
  for (const operand of operands) {
    try {
      act(process.files.resolve(operand, process.cwd), operand);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(`${process.name}: ${complaint} '${operand}': ${error.extack ?? strerror(error.errno)}\n`);
      status = 1;
    }
  }
  return status;
}

export function mkdir(process: Process): number {
  const given = words(
    process,
    "m:pvZ",
    [{ name: "parents", option: "p" }, { name: "verbose", option: "v" }],
    "operand",
  );
  if (given === null) return 1;
  return each(process, given.operands, "cannot create directory", (path, name) => {
    process.files.makeDirectory(path, { parents: given.given.has("p") });
    if (given.given.has("v")) process.stdout.write(`mkdir: created directory '${name}'\n`);
  });
}

export function rm(process: Process): number {
  const long = [{ name: "force", option: "f" }, { name: "recursive", option: "r" }, { name: "dir", option: "d" }];
  const read = words(process, "dfirRvI", long, "operand");
  if (read === null) return 1;
  const { given, operands } = read;
  return each(process, operands, "cannot remove", (path, name) => {
    if (given.has("f") && !process.files.exists(path)) return;
    const directory = process.files.stat(path).kind === "directory";
    if (directory && !given.has("r") && !given.has("R")) {
      if (!given.has("d")) throw new KernelError(21);
      if (process.files.list(path).length > 0) throw new KernelError(39, "Directory not empty");
    }
    process.files.remove(path, { recursive: true });
    if (given.has("v")) process.stdout.write(`removed ${directory ? "directory " : ""}'${name}'\n`);
  });
}

export function rmdir(process: Process): number {
  const given = words(process, "pv", [], "operand");
  if (given === null) return 1;
  return each(process, given.operands, "failed to remove", (path) => {
    if (process.files.stat(path).kind !== "directory") throw new KernelError(20);
    if (process.files.list(path).length > 0) throw new KernelError(39, "Directory not empty");
    process.files.remove(path, { recursive: true });
  });
}

export function touch(process: Process): number {
  const given = words(process, "acd:fhmr:t:", [{ name: "no-create", option: "c" }], "file operand");
  if (given === null) return 1;
  return each(process, given.operands, "cannot touch", (path) => {
    if (!process.files.exists(path) && !given.given.has("c")) process.files.write(path, "");
  });
}

export function cp(process: Process): number {
  return copyOrMove(process, "cannot stat", (from, to) => {
    process.files.write(to, process.files.read(from));
  });
}

export function mv(process: Process): number {
  return copyOrMove(process, "cannot stat", (from, to) => {
    if (from === to) return;
    process.files.write(to, process.files.read(from));
    process.files.remove(from);
  });
}

function copyOrMove(process: Process, complaint: string, act: (from: string, to: string) => void): number {
  const read = words(process, "afinprRuvT", [], "file operand");
  if (read === null) return 1;
  const { operands, given } = read;
  if (operands.length === 1) {
    tryHelp(process)(`${process.name}: missing destination file operand after '${operands[0]}'`);
    return 1;
  }
  const target = operands[operands.length - 1];
  const place = process.files.resolve(target, process.cwd);
  const directory = process.files.exists(place) && process.files.stat(place).kind === "directory";
  if (operands.length > 2 && !directory) {
    process.stderr.write(`${process.name}: target '${target}': Not a directory\n`);
    return 1;
  }
  let failed = false;
  const status = each(process, operands.slice(0, -1), complaint, (path, name) => {
    const to = directory ? `${place}/${path.slice(path.lastIndexOf("/") + 1)}` : place;
    if (process.files.stat(path).kind !== "directory") return act(path, to);
    if (process.name === "cp" && !given.has("r") && !given.has("R") && !given.has("a")) {
      process.stderr.write(`cp: -r not specified; omitting directory '${name}'\n`);
      failed = true;
      return;
    }
    copyTree(process, path, to);
    if (process.name === "mv") process.files.remove(path, { recursive: true });
  });
  return failed ? 1 : status;
}

function copyTree(process: Process, from: string, to: string): void {
  process.files.makeDirectory(to, { parents: true });
  for (const name of process.files.list(from)) {
    const path = `${from}/${name}`;
    if (process.files.stat(path).kind === "directory") copyTree(process, path, `${to}/${name}`);
    else process.files.write(`${to}/${name}`, process.files.read(path));
  }
}

export async function tee(process: Process): Promise<number> {
  const given = words(process, "aip", [{ name: "append", option: "a" }], "");
  if (given === null) return 1;
  const paths: string[] = [];
  let status = 0;
  for (const operand of given.operands) {
    const path = process.files.resolve(operand, process.cwd);
    try {
      process.files.write(path, "", { append: given.given.has("a") });
      paths.push(path);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(`tee: ${operand}: ${strerror(error.errno)}\n`);
      status = 1;
    }
  }
  for (let piece = await process.stdin.read(); piece !== null; piece = await process.stdin.read()) {
    process.stdout.write(piece);
    for (const path of paths) process.files.write(path, piece, { append: true });
  }
  return status;
}
