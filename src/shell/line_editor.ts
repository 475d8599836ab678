/** Reads a line from a terminal with the usual keys: arrows, Home, End, Ctrl-A/E/U/K/W/L, history. */
import type { InputStream } from "../tools/process.ts";

/** Lines that are remembered. */
const HISTORY_LIMIT = 1000;

export class LineEditor {
  readonly history: string[] = [];
  #line: string[] = [];
  #at = 0;
  #recalled = 0;
  /** What the keyboard sent after the line that was read. */
  #rest = "";
  readonly #decoder = new TextDecoder();

  constructor(readonly input: InputStream, readonly show: (text: string) => void) {}

  /** The line; null at the end of the input (Ctrl-D on an empty line); "" after Ctrl-C. */
  async read(prompt: string): Promise<string | null> {
    this.#line = [];
    this.#at = 0;
    this.#recalled = this.history.length;
    this.show(prompt);
    for (;;) {
      while (this.#rest !== "") {
        const key = this.#takeKey();
        if (key === null) break;
        const answer = this.#press(key, prompt);
        if (answer !== undefined) return answer;
      }
      const piece = await this.input.read();
      if (piece === null) return null;
      this.#rest += this.#decoder.decode(piece, { stream: true });
    }
  }

  remember(line: string): void {
    if (line.trim() === "" || this.history[this.history.length - 1] === line) return;
    this.history.push(line);
    if (this.history.length > HISTORY_LIMIT) this.history.shift();
  }

  #takeKey(): string | null {
    // deno-lint-ignore no-control-regex -- these are what keys send
    const escape = /^\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])/.exec(this.#rest);
    // deno-lint-ignore no-control-regex -- a key whose rest is yet to come
    if (escape === null && /^\x1b(\[[0-9;]*|O)?$/.test(this.#rest)) return null;
    const key = escape?.[0] ?? String.fromCodePoint(this.#rest.codePointAt(0)!);
    this.#rest = this.#rest.slice(key.length);
    return key;
  }

  /** undefined: the line goes on. */
  #press(key: string, prompt: string): string | null | undefined {
    switch (key) {
      case "\r":
      case "\n":
        this.show("\r\n");
        return this.#line.join("");
      case "\x03":
        this.show("^C\r\n");
        return "";
      case "\x04":
        if (this.#line.length === 0) {
          this.show("\r\n");
          return null;
        }
        this.#line.splice(this.#at, 1);
        break;
      case "\x7f":
      case "\b":
        if (this.#at > 0) this.#line.splice(--this.#at, 1);
        break;
      case "\x1b[3~":
        this.#line.splice(this.#at, 1);
        break;
      case "\x01":
      case "\x1b[H":
      case "\x1b[1~":
      case "\x1bOH":
        this.#at = 0;
        break;
      case "\x05":
      case "\x1b[F":
      case "\x1b[4~":
      case "\x1bOF":
        this.#at = this.#line.length;
        break;
      case "\x02":
      case "\x1b[D":
        this.#at = Math.max(0, this.#at - 1);
        break;
      case "\x06":
      case "\x1b[C":
        this.#at = Math.min(this.#line.length, this.#at + 1);
        break;
      case "\x10":
      case "\x1b[A":
        this.#recall(-1);
        break;
      case "\x0e":
      case "\x1b[B":
        this.#recall(1);
        break;
      case "\x15":
        this.#line.splice(0, this.#at);
        this.#at = 0;
        break;
      case "\x0b":
        this.#line.splice(this.#at);
        break;
      case "\x17": {
        const before = this.#line.slice(0, this.#at).join("").replace(/\S+\s*$/, "");
        this.#line.splice(0, this.#at, ...before);
        this.#at = [...before].length;
        break;
      }
      case "\x0c":
        this.show("\x1b[H\x1b[2J");
        break;
      default:
        if (key < " " || key.startsWith("\x1b")) return undefined;
        this.#line.splice(this.#at++, 0, key);
        if (this.#at === this.#line.length) {
          this.show(key);
          return undefined;
        }
    }
    this.#redraw(prompt);
    return undefined;
  }

  #recall(step: number): void {
    const at = this.#recalled + step;
    if (at < 0 || at > this.history.length) return;
    this.#recalled = at;
    this.#line = [...(this.history[at] ?? "")];
    this.#at = this.#line.length;
  }

  #redraw(prompt: string): void {
    const back = this.#line.length - this.#at;
    this.show(`\r\x1b[K${prompt}${this.#line.join("")}${back > 0 ? `\x1b[${back}D` : ""}`);
  }
}
