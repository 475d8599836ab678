/**
 * Options as glibc's `getopt_long` takes them: short ones may be grouped and carry their argument, words that are not options
 * may stand between (they are gathered), `--` ends the options, long ones may be shortened.
 *
 * @module
 */

export interface LongOption {
  readonly name: string;
  /** 0: no argument, 1: one, 2: may have one (`--x=y` only). */
  readonly argument?: 0 | 1 | 2;
  /** What `next` gives as the option: a short option's letter, or any word. */
  readonly option: string;
}

export interface ParsedOption {
  /** The letter, a long option's `option`, or "?" when it is wrong (the complaint has been written). */
  readonly option: string;
  /** The argument; "" when there is none. */
  readonly argument: string;
}

export class OptionParser {
  /** Words that are not options, in order. */
  readonly operands: string[] = [];
  #word = 0;
  #letter = 0;

  /**
   * `short` is as for `getopt`: letters, `:` after those with an argument, `::` where it may follow at once; a leading `+` stops at
   * the first word that is no option. Complaints go to `complain`, without an end of line.
   */
  constructor(
    readonly program: string,
    readonly args: readonly string[],
    readonly short: string,
    readonly complain: (sentence: string) => void,
    readonly long: readonly LongOption[] = [],
  ) {}

  /** The next option, or null when there are no more. */
  next(): ParsedOption | null {
    if (this.#letter > 0) return this.#shortOption();
    while (this.#word < this.args.length) {
      const word = this.args[this.#word];
      if (word === "--") {
        this.#word++;
        break;
      }
      if (word.length < 2 || word[0] !== "-") {
        if (this.short[0] === "+") break;
        this.operands.push(word);
        this.#word++;
        continue;
      }
      if (word[1] === "-" && this.long.length > 0) return this.#longOption(word);
      this.#letter = 1;
      return this.#shortOption();
    }
    while (this.#word < this.args.length) this.operands.push(this.args[this.#word++]);
    return null;
  }

  #shortOption(): ParsedOption {
    const word = this.args[this.#word];
    const letter = word[this.#letter++];
    const last = this.#letter >= word.length;
    const at = letter === ":" || letter === "+" ? -1 : this.short.indexOf(letter);
    const takes = at >= 0 && this.short[at + 1] === ":";
    if (at < 0 || !takes) {
      if (last) this.#nextWord();
      if (at >= 0) return { option: letter, argument: "" };
      this.complain(`${this.program}: invalid option -- '${letter}'`);
      return { option: "?", argument: letter };
    }
    const rest = word.slice(this.#letter);
    this.#nextWord();
    if (!last) return { option: letter, argument: rest };
    if (this.short[at + 2] === ":") return { option: letter, argument: "" };
    if (this.#word < this.args.length) return { option: letter, argument: this.args[this.#word++] };
    this.complain(`${this.program}: option requires an argument -- '${letter}'`);
    return { option: "?", argument: letter };
  }

  #longOption(word: string): ParsedOption {
    this.#word++;
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    let found = this.long.filter((option) => option.name === name);
    if (found.length === 0) found = this.long.filter((option) => option.name.startsWith(name));
    const same = found.every((option) => option.option === found[0].option && option.argument === found[0].argument);
    if (found.length > 1 && !same) {
      const names = found.map((option) => ` '--${option.name}'`).join("");
      this.complain(`${this.program}: option '${word}' is ambiguous; possibilities:${names}`);
      return { option: "?", argument: "" };
    }
    if (found.length === 0) {
      this.complain(`${this.program}: unrecognized option '--${name}'`);
      return { option: "?", argument: "" };
    }
    const { option, argument = 0, name: full } = found[0];
    if (equals >= 0) {
      if (argument > 0) return { option, argument: word.slice(equals + 1) };
      this.complain(`${this.program}: option '--${full}' doesn't allow an argument`);
      return { option: "?", argument: "" };
    }
    if (argument !== 1) return { option, argument: "" };
    if (this.#word < this.args.length) return { option, argument: this.args[this.#word++] };
    this.complain(`${this.program}: option '--${full}' requires an argument`);
    return { option: "?", argument: "" };
  }

  #nextWord(): void {
    this.#letter = 0;
    this.#word++;
  }
}
