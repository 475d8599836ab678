/** What `-v` and `--trace-ascii` print (`tool_cb_dbg.c`). */
import { latin1 } from "../../http/head.ts";

type Kind = "*" | "<" | ">" | "{" | "}";

const TRACE_TITLES: Readonly<Record<Kind, string>> = {
  "*": "== Info: ",
  "<": "<= Recv header",
  ">": "=> Send header",
  "{": "<= Recv data",
  "}": "=> Send data",
};
/** Octets of a line of `--trace-ascii`. */
const TRACE_WIDTH = 64;

export class Trace {
  /** A run of data has been told of. */
  #tracedData = false;

  /** `write` null: nothing is printed. `ascii`: as `--trace-ascii`. `hideData`: the body goes to a terminal already. */
  constructor(
    readonly write: ((text: string | Uint8Array) => void) | null,
    readonly ascii: boolean,
    readonly hideData: boolean,
  ) {}

  info(text: string): void {
    if (this.write === null) return;
    this.#tracedData = false;
    this.write(this.ascii ? `== Info: ${text}\n` : `* ${text}\n`);
  }

  /** Lines with their ends. */
  header(kind: "<" | ">", lines: Uint8Array): void {
    if (this.write === null) return;
    this.#tracedData = false;
    if (this.ascii) return this.#dump(kind, lines);
    for (let at = 0; at < lines.length;) {
      const lf = lines.indexOf(10, at);
      const end = lf < 0 ? lines.length : lf + 1;
      this.write(`${kind} `);
      this.write(lines.subarray(at, end));
      at = end;
    }
  }

  data(kind: "{" | "}", octets: Uint8Array): void {
    if (this.write === null) return;
    if (this.ascii) return this.#dump(kind, octets);
    if (this.#tracedData || this.hideData) return;
    this.write(`${kind} [${octets.length} bytes data]\n`);
    this.#tracedData = true;
  }

  #dump(kind: Kind, octets: Uint8Array): void {
    const { length } = octets;
    let text = `${TRACE_TITLES[kind]}, ${length} bytes (0x${length.toString(16)})\n`;
    for (let at = 0; at < length;) {
      text += `${at.toString(16).padStart(4, "0")}: `;
      let end = at;
      for (; end < length && end < at + TRACE_WIDTH; end++) {
        if (octets[end] === 13 && octets[end + 1] === 10) break;
        const octet = octets[end];
        text += octet >= 0x20 && octet < 0x7f ? latin1(octets, end, end + 1) : ".";
      }
      if (octets[end] === 13 && octets[end + 1] === 10 && end < at + TRACE_WIDTH) end += 2;
      text += "\n";
      at = end;
    }
    this.write!(text);
  }
}
