/** `sysctl` (procps 4.0.2): values below `/proc/sys`, shown and set. */
import { KernelError, strerror } from "../wire/errno.ts";
import { OptionParser } from "./getopt.ts";
import type { Process } from "./process.ts";
import { compile, RegularExpressionError } from "./regular_expression.ts";

const USAGE = `
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
`;

const LONG = [
  { name: "all", option: "a" },
  { name: "deprecated", option: "o" },
  { name: "dry-run", option: "D" },
  { name: "binary", option: "b" },
  { name: "ignore", option: "e" },
  { name: "names", option: "N" },
  { name: "values", option: "n" },
  { name: "load", argument: 2, option: "p" },
  { name: "pattern", argument: 1, option: "r" },
  { name: "quiet", option: "q" },
  { name: "write", option: "w" },
  { name: "help", option: "h" },
  { name: "version", option: "V" },
] as const;

const ROOT = "/proc/sys";

/** Names that are passed over where a folder is shown: others have taken their place. */
const DEPRECATED: ReadonlySet<string> = new Set(["base_reachable_time", "retrans_time"]);

/** `net.ipv4.ip_forward` or `net/ipv4/ip_forward` to a path: the first of `.` and `/` in it says which way round they are. */
function pathOf(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  const turned = first === "." ? key.replace(/[./]/g, (letter) => letter === "." ? "/" : ".") : key;
  return `${ROOT}/${turned}`;
}

function keyOf(path: string): string {
  return path.slice(ROOT.length + 1).replace(/[./]/g, (letter) => letter === "/" ? "." : "/");
}

class Sysctl {
  constructor(readonly process: Process, readonly given: ReadonlySet<string>, readonly pattern: RegExp | null) {}

  #complain(sentence: string): void {
    this.process.stderr.write(`sysctl: ${sentence}\n`);
  }

  /** False when there is nothing at the path (and the complaint has been written, unless such are ignored). */
  #exists(path: string): boolean {
    if (this.process.files.exists(path)) return true;
    if (!this.given.has("e")) this.#complain(`cannot stat ${path}: No such file or directory`);
    return false;
  }

  show(path: string): boolean {
    const { files } = this.process;
    if (!this.#exists(path)) return this.given.has("e");
    if (files.stat(path).kind === "directory") {
      let all = true;
      for (const name of files.list(path)) {
        if (!DEPRECATED.has(name)) all = this.show(`${path}/${name}`) && all;
      }
      return all;
    }
    const key = keyOf(path);
    if (this.pattern !== null && !this.pattern.test(key)) return true;
    let value: string;
    try {
      value = files.readText(path);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      // What can only be written is passed over.
      return true;
    }
    this.#print(key, value.replace(/\n$/, ""));
    return true;
  }

  #print(key: string, value: string): void {
    const { given, process } = this;
    if (given.has("N")) process.stdout.write(`${key}\n`);
    else {
      for (const line of value.split("\n")) {
        const name = given.has("n") || given.has("b") ? "" : `${key} = `;
        process.stdout.write(`${name}${line}${given.has("b") ? "" : "\n"}`);
      }
    }
  }

  set(path: string, value: string): boolean {
    const { files } = this.process;
    if (!this.#exists(path)) return this.given.has("e");
    const key = keyOf(path);
    if (files.stat(path).kind === "directory") {
      this.#complain(`setting key "${key}": Invalid argument`);
      return true;
    }
    try {
      if (!this.given.has("D")) files.write(path, `${value}\n`);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const readOnly = strerror(error.errno) === "Permission denied";
      this.#complain(`setting key "${key}": ${readOnly ? "Invalid argument" : strerror(error.errno)}`);
      return readOnly;
    }
    if (!this.given.has("q") || this.given.has("D")) this.#print(key, value);
    return true;
  }

  /** A word of the command line: `name` or `name=value`. */
  word(word: string): boolean {
    const equals = word.indexOf("=");
    if (equals < 0) {
      if (this.given.has("w")) {
        this.#complain("command line(0): invalid syntax, continuing...");
        return false;
      }
      return this.show(pathOf(word));
    }
    const key = word.slice(0, equals).trim();
    if (key === "") {
      this.#complain(`Path is not under ${ROOT}/: ${ROOT}/`);
      return false;
    }
    return this.set(pathOf(key), word.slice(equals + 1).trim());
  }

  /** The paths of a name of a settings file, in which `*` stands for any names. */
  #expand(key: string): string[] {
    const { files } = this.process;
    let paths = [ROOT];
    for (const part of pathOf(key).slice(ROOT.length + 1).split("/")) {
      paths = paths.flatMap((path) => {
        if (!part.includes("*")) return [`${path}/${part}`];
        const names = new RegExp(`^${part.replace(/[.+?^$()[\]{}|\\]/g, "\\$&").replaceAll("*", ".*")}$`);
        if (!files.exists(path) || files.stat(path).kind !== "directory") return [];
        return files.list(path).filter((name) => names.test(name)).map((name) => `${path}/${name}`);
      });
    }
    return paths;
  }

  /** A file of settings (sysctl.conf(5)). */
  load(path: string, text: string): boolean {
    const settings: [key: string, value: string][] = [];
    text.split("\n").forEach((line, i) => {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed[0] === "#" || trimmed[0] === ";") return;
      const match = /^-?\s*([^=]*?)\s*=\s*(.*)$/.exec(trimmed);
      if (match === null) this.#complain(`${path}(${i + 1}): invalid syntax, continuing...`);
      else settings.push([match[1], match[2]]);
    });
    let all = true;
    for (const [key, value] of settings) {
      for (const place of this.#expand(key)) all = this.set(place, value) && all;
    }
    return all;
  }
}

export async function sysctl(process: Process): Promise<number> {
  const given = new Set<string>();
  const loads: string[] = [];
  let pattern: RegExp | null = null;
  let fails = false;
  const options = new OptionParser("sysctl", process.args, "bneNwfp::qoxaAXr:Vdh", (sentence) => {
    process.stderr.write(`${sentence}\n${USAGE}`);
  }, LONG);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 0;
    if (one.option === "h" || one.option === "d") {
      process.stdout.write(USAGE);
      return 0;
    }
    if (one.option === "V") {
      process.stdout.write("sysctl from procps-ng 4.0.2\n");
      return 0;
    }
    if (one.option === "r") {
      try {
        pattern = compile(one.argument, true);
      } catch (error) {
        if (!(error instanceof RegularExpressionError)) throw error;
        process.stderr.write(`sysctl: ${error.message}\n`);
        return 1;
      }
    } else given.add(one.option === "A" || one.option === "X" ? "a" : one.option === "f" ? "p" : one.option);
    if ((one.option === "p" || one.option === "f") && one.argument !== "") loads.push(one.argument);
  }
  const tool = new Sysctl(process, given, pattern);
  if (given.has("p")) {
    const files = [...loads, ...options.operands];
    for (const path of files.length > 0 ? files : ["/etc/sysctl.conf"]) {
      fails = !await load(process, tool, path) || fails;
    }
    return fails ? 1 : 0;
  }
  if (given.has("a")) return tool.show(ROOT) ? 0 : 1;
  if (options.operands.length === 0) {
    process.stderr.write(USAGE);
    return 1;
  }
  for (const word of options.operands) fails = !tool.word(word) || fails;
  return fails ? 1 : 0;
}

async function load(process: Process, tool: Sysctl, path: string): Promise<boolean> {
  if (path === "-") {
    let text = "";
    const decoder = new TextDecoder();
    for (let piece = await process.stdin.read(); piece !== null; piece = await process.stdin.read()) {
      text += decoder.decode(piece, { stream: true });
    }
    return tool.load("-", text);
  }
  try {
    return tool.load(path, process.files.readText(process.files.resolve(path, process.cwd)));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`sysctl: cannot open "${path}": ${strerror(error.errno)}\n`);
    return false;
  }
}
