/** `cat`: files one after another. */
import { OptionParser } from "./getopt.ts";
import { openOperand, readLines, tryHelp } from "./input.ts";
import type { InputStream, Process } from "./process.ts";

/** `-v`, `-T` and `-E`: control characters as `^X`, tabs as `^I`, ends of lines as `$`. */
function visible(line: string, tabs: boolean): string {
  let text = "";
  for (const octet of new TextEncoder().encode(line)) {
    const low = octet & 127;
    if (octet > 127) text += "M-";
    if (octet === 9 && !tabs) text += "\t";
    else if (low < 32 || low === 127) text += `^${String.fromCharCode(low ^ 64)}`;
    else text += String.fromCharCode(low);
  }
  return text;
}

export async function cat(process: Process): Promise<number> {
  const given = new Set<string>();
  const options = new OptionParser("cat", process.args, "AbeEnstTuv", tryHelp(process), []);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    for (
      const letter of one.option === "A" ? "vET" : one.option === "e" ? "vE" : one.option === "t" ? "vT" : one.option
    ) {
      given.add(letter);
    }
  }
  const operands = options.operands.length > 0 ? options.operands : ["-"];
  let status = 0;
  const plain = [...given].every((letter) => letter === "u");
  const shown = new Lines(process, given);
  for (const operand of operands) {
    const input = openOperand(process, operand);
    if (input === null) status = 1;
    else if (plain) await copy(process, input);
    else await shown.copy(input);
  }
  return status;
}

async function copy(process: Process, input: InputStream): Promise<void> {
  for (let piece = await input.read(); piece !== null; piece = await input.read()) {
    process.stdout.write(piece);
    if (process.stdout.broken) return;
  }
}

class Lines {
  #number = 0;
  #blank = false;

  constructor(readonly process: Process, readonly options: ReadonlySet<string>) {}

  async copy(input: InputStream): Promise<void> {
    const { options } = this;
    for await (const { line, ended } of readLines(input)) {
      if (options.has("s") && line === "" && this.#blank) continue;
      this.#blank = line === "";
      const counts = options.has("b") ? line !== "" : options.has("n");
      const number = counts ? `${String(++this.#number).padStart(6)}\t` : "";
      const text = options.has("v")
        ? visible(line, options.has("T"))
        : options.has("T")
        ? line.replaceAll("\t", "^I")
        : line;
      this.process.stdout.write(`${number}${text}${ended ? (options.has("E") ? "$\n" : "\n") : ""}`);
    }
  }
}
