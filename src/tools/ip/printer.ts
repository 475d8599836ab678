/**
 * iproute2's two ways of printing from one description (`lib/json_print.c`, `lib/json_writer.c`): what has a key goes into
 * JSON, what has a text into the text output.
 *
 * @module
 */

export type Color = "ifname" | "mac" | "inet" | "inet6" | "up" | "down";

/** ANSI colours on a light background, iproute2's default palette. */
const PALETTE: Record<Color, string> = { ifname: "36", mac: "33", inet: "35", inet6: "34", up: "32", down: "31" };

export interface PrinterOptions {
  json: boolean;
  pretty: boolean;
  /** Records on one line: `\` in place of a line's end within a record. */
  oneLine: boolean;
  color: boolean;
}

/** A number that JSON shows with fixed decimals. */
export class Decimal {
  constructor(readonly text: string) {}
}

export type JsonScalar = string | number | boolean | null | Decimal;

export class Printer {
  #text = "";
  #depth = 0;
  /** What stands before the next item of a JSON collection: nothing yet, or a comma. */
  #separator = "";

  constructor(readonly options: PrinterOptions, readonly sink: (text: string) => void) {}

  get json(): boolean {
    return this.options.json;
  }

  /** Hands on what was printed. */
  flush(): void {
    if (this.#text !== "") this.sink(this.#text);
    this.#text = "";
  }

  /**
   * A value: under `key` in JSON (null: not at all; "" : an element of an array), as `text` in text output (null: not at all).
   */
  put(key: string | null, value: JsonScalar, text: string | null, color?: Color | null): void {
    if (this.options.json) {
      if (key === null) return;
      if (key !== "") this.#name(key);
      this.#item();
      this.#text += typeof value === "string"
        ? quote(value)
        : value instanceof Decimal
        ? value.text
        : value === null
        ? "null"
        : String(value);
    } else if (text !== null) {
      this.#text += color && this.options.color ? `\x1b[${PALETTE[color]}m${text}\x1b[0m` : text;
    }
  }

  /** Text only. */
  text(text: string, color?: Color): void {
    if (!this.options.json) this.put(null, null, text, color);
  }

  /** The end of a line within a record (`_SL_`). */
  line(): void {
    if (!this.options.json) this.#text += this.options.oneLine ? "\\" : "\n";
  }

  /** JSON only: an array or object as the value of `key`, or as an element ("" ). */
  openArray(key = ""): void {
    if (!this.options.json) return;
    if (key !== "") this.#name(key);
    this.#begin("[");
    if (this.options.pretty) this.#text += " ";
  }

  closeArray(): void {
    if (!this.options.json) return;
    if (this.options.pretty && this.#separator !== "") this.#text += " ";
    this.#separator = "";
    this.#end("]");
  }

  openObject(key = ""): void {
    if (!this.options.json) return;
    if (key !== "") this.#name(key);
    this.#begin("{");
  }

  closeObject(): void {
    if (this.options.json) this.#end("}");
  }

  /** Begins the output of a command: in JSON all records are one array. */
  begin(): void {
    this.openArray();
  }

  end(): void {
    if (this.options.json) {
      this.closeArray();
      this.#text += "\n";
      this.#separator = "";
    }
    this.flush();
  }

  #name(key: string): void {
    this.#item();
    this.#newline();
    this.#separator = "";
    this.#text += quote(key) + (this.options.pretty ? ": " : ":");
  }

  #item(): void {
    this.#text += this.#separator;
    this.#separator = ",";
  }

  #begin(bracket: string): void {
    this.#item();
    this.#text += bracket;
    this.#depth++;
    this.#separator = "";
  }

  #end(bracket: string): void {
    this.#depth--;
    if (this.#separator !== "") this.#newline();
    this.#text += bracket;
    this.#separator = ",";
  }

  #newline(): void {
    if (this.options.pretty) this.#text += "\n" + "    ".repeat(this.#depth);
  }
}

function quote(text: string): string {
  const escaped = text.replace(/[\\"\n\t\r\f\b]/g, (c) => ESCAPES[c] ?? c);
  return `"${escaped}"`;
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\f": "\\f",
  "\b": "\\b",
};
