/** `wc`: lines, words and octets. */
import { OptionParser } from "./getopt.ts";
import { openOperand, readAll, tryHelp } from "./input.ts";
import type { InputStream, Process } from "./process.ts";

const LONG = [
  { name: "bytes", option: "c" },
  { name: "chars", option: "m" },
  { name: "lines", option: "l" },
  { name: "words", option: "w" },
  { name: "max-line-length", option: "L" },
] as const;

/** In the order in which they are printed. */
const COLUMNS = ["l", "w", "m", "c", "L"] as const;
type Column = typeof COLUMNS[number];
type Counts = { [column in Column]: number };

/** Width of a number that stands for what is no regular file. */
const PIPE_WIDTH = 7;

function countsOf(data: Uint8Array): Counts {
  const text = new TextDecoder().decode(data);
  const lines = text.split("\n");
  return {
    l: lines.length - 1,
    w: text.split(/[ \t\n\v\f\r]+/).filter((word) => word !== "").length,
    m: [...text].length,
    c: data.length,
    L: lines.reduce((most, line) => Math.max(most, line.length), 0),
  };
}

function widthOf(inputs: readonly (InputStream | null)[], columns: number): number {
  if (inputs.length === 1 && columns === 1) return 1;
  const total = inputs.reduce((sum, input) => sum + (input?.size ?? 0), 0);
  const others = inputs.some((input) => input !== null && input.size === undefined);
  return Math.max(String(total).length, others ? PIPE_WIDTH : 1);
}

export async function wc(process: Process): Promise<number> {
  const given = new Set<string>();
  const options = new OptionParser("wc", process.args, "clLmw", tryHelp(process), LONG);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 1;
    given.add(one.option);
  }
  const columns = given.size === 0 ? (["l", "w", "c"] as const) : COLUMNS.filter((column) => given.has(column));
  const operands = options.operands.length > 0 ? options.operands : [""];
  const inputs = operands.map((operand) => operand === "" ? process.stdin : openOperand(process, operand));
  const width = widthOf(inputs, columns.length);
  const line = (counts: Counts, name: string): string =>
    columns.map((column) => String(counts[column]).padStart(width)).join(" ") + (name === "" ? "" : ` ${name}`) + "\n";
  const total: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  for (let i = 0; i < operands.length; i++) {
    const input = inputs[i];
    if (input === null) continue;
    const counts = countsOf(await readAll(input));
    process.stdout.write(line(counts, operands[i]));
    for (const column of COLUMNS) {
      total[column] = column === "L" ? Math.max(total.L, counts.L) : total[column] + counts[column];
    }
  }
  if (operands.length > 1) process.stdout.write(line(total, "total"));
  return inputs.includes(null) ? 1 : 0;
}
