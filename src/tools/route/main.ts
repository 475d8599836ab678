/** `route`, as of net-tools 2.10. */
import type { Process, Tool } from "../process.ts";
import { changeInet, changeInet6, Ended } from "./change.ts";
import { showInet, showInet6, type ShowOptions } from "./show.ts";
import { HELP_ERROR, HELP_OUTPUT, INET_USAGE, USAGE, VERSION } from "./usage.ts";

export const route: Tool = async (process: Process): Promise<number> => {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    process.stderr.write(error.text);
    return error.code;
  }
};

interface Options extends ShowOptions {
  family: "inet" | "inet6";
  cache: boolean;
  help: boolean;
  version: boolean;
}

function readOptions(process: Process, words: string[]): Options {
  const options: Options = { numeric: false, extended: 0, family: "inet", cache: false, help: false, version: false };
  while (words.length > 0 && words[0].startsWith("-") && words[0] !== "-net" && words[0] !== "-host") {
    const word = words.shift()!;
    if (word.startsWith("--")) readLong(process, options, word);
    else {
      for (let i = 1; i < word.length; i++) {
        const letter = word[i];
        if (letter === "A") {
          setFamily(options, word.slice(i + 1) || words.shift() || "");
          break;
        }
        readLetter(process, options, letter);
      }
    }
  }
  return options;
}

function readLetter(process: Process, options: Options, letter: string): void {
  if (letter === "n" || letter === "N") options.numeric = true;
  else if (letter === "e") options.extended++;
  else if (letter === "4") options.family = "inet";
  else if (letter === "6") options.family = "inet6";
  else if (letter === "C") options.cache = true;
  else if (letter === "V") options.version = true;
  else if (letter === "h" || letter === "?") options.help = true;
  else if (letter !== "v" && letter !== "F") {
    process.stderr.write(`route: invalid option -- '${letter}'\n`);
    options.help = true;
  }
}

function readLong(process: Process, options: Options, word: string): void {
  if (word === "--numeric") options.numeric = true;
  else if (word === "--extend") options.extended++;
  else if (word === "--cache") options.cache = true;
  else if (word === "--version") options.version = true;
  else if (word === "--help") options.help = true;
  else if (word === "--inet" || word === "--inet6") setFamily(options, word.slice(2));
  else if (word !== "--verbose" && word !== "--fib") {
    process.stderr.write(`route: unrecognized option '${word}'\n`);
    options.help = true;
  }
}

function setFamily(options: Options, name: string): void {
  if (name !== "inet" && name !== "inet6") throw new Ended(`route: ${name}: unknown address family\n`, 3);
  options.family = name;
}

async function run(process: Process): Promise<number> {
  const words = [...process.args];
  const options = readOptions(process, words);
  if (options.help) {
    process.stderr.write(HELP_ERROR);
    process.stdout.write(HELP_OUTPUT);
    return 0;
  }
  if (options.version) {
    process.stdout.write(VERSION);
    return 0;
  }
  const verb = words.shift();
  if (verb === undefined) {
    if (options.cache && options.family === "inet") {
      process.stdout.write(
        "Kernel IP routing cache\nSource          Destination     Gateway         Flags Metric Ref    Use Iface\n",
      );
      return 0;
    }
    return options.family === "inet" ? await showInet(process, options) : await showInet6(process, options);
  }
  if (verb === "flush") {
    throw new Ended(`Flushing \`${options.family}' routing table not supported\n${INET_USAGE}`, 3);
  }
  if (verb !== "add" && verb !== "del" && verb !== "delete") throw new Ended(USAGE, 3);
  if (options.family === "inet6") return changeInet6(process, words, verb === "add");
  if (words.length === 0) throw new Ended(INET_USAGE, 0);
  return await changeInet(process, words, verb === "add");
}
