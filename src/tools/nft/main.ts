/** `nft`, as of nftables 1.0.6: the tables of this namespace's packet filter. */
import { KernelError, strerror } from "../../wire/errno.ts";
import { openInput, readAll } from "../input.ts";
import type { Process, Tool } from "../process.ts";
import { readServices } from "../services.ts";
import { Commands } from "./commands.ts";
import { NftError } from "./lexer.ts";
import type { Style } from "./types.ts";
import { USAGE } from "./usage.ts";

const LONG: { readonly [name: string]: string } = {
  help: "h",
  version: "v",
  file: "f",
  check: "c",
  handle: "a",
  stateless: "s",
  terse: "t",
  service: "S",
  numeric: "n",
  "numeric-priority": "y",
  "numeric-protocol": "p",
  "numeric-time": "T",
  reversedns: "N",
  guid: "u",
  echo: "e",
  optimize: "o",
  includepath: "I",
  define: "D",
};

const WITH_VALUE = new Set(["f", "I", "D", "d"]);

interface Options {
  readonly flags: Set<string>;
  file: string | null;
  words: string[];
}

export const nft: Tool = async (process: Process): Promise<number> => {
  const options = readOptions(process);
  if (typeof options === "number") return options;
  const { flags, file, words } = options;
  if (flags.has("h")) process.stdout.write(USAGE);
  else if (flags.has("v") || flags.has("V")) process.stdout.write("nftables v1.0.6 (Lester Gooch #5)\n");
  else if (file === null && words.length === 0) {
    process.stderr.write("nft: no command specified\n");
    return 1;
  } else return await run(process, flags, file, words);
  return 0;
};

/** The exit code where the options are wrong. */
function readOptions(process: Process): Options | number {
  const options: Options = { flags: new Set(), file: null, words: [] };
  const args = [...process.args];
  const take = (flag: string, value: string | null): boolean => {
    options.flags.add(flag);
    if (!WITH_VALUE.has(flag)) return true;
    const given = value ?? args.shift();
    if (given === undefined) {
      process.stderr.write(`nft: option requires an argument -- '${flag}'\n`);
      return false;
    }
    if (flag === "f") options.file = given;
    return true;
  };
  while (args.length > 0) {
    const word = args.shift()!;
    if (word === "--") {
      options.words.push(...args.splice(0));
    } else if (word.startsWith("--")) {
      const [name, value] = word.slice(2).split("=");
      const flag = LONG[name];
      if (flag === undefined) {
        process.stderr.write(`nft: unrecognized option '${word}'\n`);
        return 1;
      }
      if (!take(flag, value ?? null)) return 1;
    } else if (word.startsWith("-") && word.length > 1 && options.words.length === 0) {
      for (let i = 1; i < word.length; i++) {
        const flag = word[i];
        if (!"hvVfDIcoastSNnuypTejd".includes(flag)) {
          process.stderr.write(`nft: invalid option -- '${flag}'\n`);
          return 1;
        }
        const rest = WITH_VALUE.has(flag) && i + 1 < word.length ? word.slice(i + 1) : null;
        if (!take(flag, rest)) return 1;
        if (rest !== null || WITH_VALUE.has(flag)) break;
      }
    } else options.words.push(word);
  }
  return optionsFirst(process, options);
}

/** Options after commands are refused, as far as there is no file. */
function optionsFirst(process: Process, options: Options): Options | number {
  const { words } = options;
  const late = words.findIndex((word, i) =>
    i > 0 && /^-[a-zA-Z]/.test(word) && words.slice(i).every((w) => w[0] === "-")
  );
  if (late < 0) return options;
  const line = `nft ${process.args.join(" ")} `;
  const column = line.indexOf(` ${words[late]}`) + 1;
  process.stderr.write(
    `Error: syntax error, options must be specified before commands\n${line}\n   ^${" ".repeat(column - 4)}${
      "~".repeat(words[late].length)
    }\n`,
  );
  return 1;
}

function styleOf(process: Process, flags: ReadonlySet<string>): Style {
  const { interfaces } = process.namespace;
  const numeric = flags.has("n");
  return {
    numeric,
    numericProtocol: numeric || flags.has("p"),
    numericPriority: numeric || flags.has("y"),
    service: flags.has("S"),
    stateless: flags.has("s"),
    terse: flags.has("t"),
    handle: flags.has("a"),
    services: readServices(process.files),
    interfaceName: (index) => interfaces.byIndex(index)?.name ?? null,
    interfaceIndex(name) {
      for (const device of interfaces) if (device.name === name) return device.index;
      return null;
    },
  };
}

async function run(
  process: Process,
  flags: ReadonlySet<string>,
  file: string | null,
  words: string[],
): Promise<number> {
  if (flags.has("j")) {
    process.stderr.write("nft: JSON is not emulated\n");
    return 1;
  }
  let text: string;
  let name = "";
  if (file === null) text = `${words.join(" ")}\n`;
  else {
    name = file === "-" ? "/dev/stdin" : file;
    try {
      const input = file === "-" || file === "/dev/stdin"
        ? process.stdin
        : openInput(process.files, process.files.resolve(file, process.cwd));
      text = new TextDecoder().decode(await readAll(input));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(
        `internal:0:0-0: Error: Could not open file "${file}": ${strerror(error.errno)}\n\n\n`,
      );
      return 1;
    }
  }
  const commands = new Commands(text, process.namespace.ruleset, styleOf(process, flags), flags.has("e"));
  try {
    process.stdout.write(commands.run(flags.has("c")));
    return 0;
  } catch (error) {
    if (!(error instanceof NftError)) throw error;
    process.stderr.write(complaint(error, text, name));
    return 1;
  }
}

/** The error with the line it is about, marked (`erec_print`). */
function complaint(error: NftError, text: string, name: string): string {
  const { place, cause2 } = error;
  const start = text.lastIndexOf("\n", place.from - 1) + 1;
  const end = text.indexOf("\n", place.from);
  const line = text.slice(start, end < 0 ? text.length : end);
  const from = place.from - start;
  const length = Math.max(1, Math.min(place.to - start, line.length + 1) - from);
  const marks: string[] = Array.from(
    { length: from + length },
    (_, i) => i < from ? (line[i] === "\t" ? "\t" : " ") : "^",
  );
  if (cause2 !== null) {
    for (let i = cause2.from - start; i < cause2.to - start; i++) if (i >= 0) marks[i] = "~";
  }
  const number = text.slice(0, start).split("\n").length;
  const where = name === "" ? "" : `${name}:${number}:${from + 1}-${from + length}: `;
  return `${where}Error: ${error.message}\n${line}\n${Array.from(marks, (mark) => mark ?? " ").join("")}\n`;
}
