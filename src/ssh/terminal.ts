/** A pseudo-terminal of a session (RFC 4254, 6.2 and 8): as much of its line discipline as a login needs. */
import { Passing } from "../shell/streams.ts";

const INTERRUPT = 3, CARRIAGE_RETURN = 13, LINE_FEED = 10;

export class Terminal {
  /** Interrupts what runs; null while a line is read, whose editor shows it. */
  running: (() => void) | null = null;
  #last = 0;

  /** What was typed, as programs read it; `show` echoes. */
  typed(data: Uint8Array, show: (data: Uint8Array) => void): Uint8Array {
    const interrupt = this.running;
    if (interrupt === null) return data;
    if (data.includes(INTERRUPT)) {
      show(new TextEncoder().encode("^C\r\n"));
      interrupt();
      data = data.filter((octet) => octet !== INTERRUPT);
    }
    const text = data.map((octet) => octet === CARRIAGE_RETURN ? LINE_FEED : octet);
    show(this.#withNewLines(text));
    return text;
  }

  /** The output of programs on their way to the client. */
  output(pass: (data: Uint8Array) => void): Passing {
    return new Passing((data) => pass(this.#withNewLines(data)), true);
  }

  #withNewLines(data: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const octet of data) {
      if (octet === LINE_FEED && this.#last !== CARRIAGE_RETURN) out.push(CARRIAGE_RETURN);
      out.push(this.#last = octet);
    }
    return Uint8Array.from(out);
  }
}
