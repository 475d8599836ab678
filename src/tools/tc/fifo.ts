/** `pfifo`, `bfifo` and `pfifo_fast` (`tc/q_fifo.c`, `tc/tc_qdisc.c`). */
import { type Fifo, type FifoOptions, PRIOMAP } from "../../qdisc/fifo.ts";
import type { Discipline } from "../../qdisc/discipline.ts";
import { type Arguments, CommandError } from "../ip/arguments.ts";
import type { Printer } from "../ip/printer.ts";
import { formatSize, parseSize } from "./units.ts";
import { FIFO_USAGE } from "./usage.ts";

export function readFifo(kind: string, args: Arguments): FifoOptions {
  const options: FifoOptions = {};
  while (args.more) {
    const word = args.take();
    if (word === "limit") {
      const text = args.value();
      const limit = parseSize(text);
      if (limit === null) throw new CommandError(`${kind}: Illegal value for "limit": "${text}"\n`, 1);
      options.limit = limit;
    } else if (word === "help") throw new CommandError(FIFO_USAGE, 1);
    else throw new CommandError(`${kind}: unknown parameter "${word}"\n${FIFO_USAGE}`, 1);
  }
  return options;
}

export function printFifo(out: Printer, discipline: Discipline): void {
  const { limit, kind } = discipline as Fifo;
  out.put("limit", limit, `limit ${kind === "bfifo" ? formatSize(limit) : `${limit}p`}`);
}

export function printPfifoFast(out: Printer): void {
  out.put("bands", 3, "bands 3 ");
  out.text("priomap");
  out.openArray("priomap");
  for (const band of PRIOMAP) out.put("", band, ` ${band}`);
  out.closeArray();
  out.put("multiqueue", false, null);
}
