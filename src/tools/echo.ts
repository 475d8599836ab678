/** `echo`: its words, with `-n`, `-e` and `-E` as bash's has them. */
import type { Process } from "./process.ts";

const ESCAPES: { readonly [letter: string]: string } = {
  "\\": "\\",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Text with its backslash sequences carried out; `ended` when `\c` said that nothing more follows. */
export function unescape(text: string, octalNeedsZero: boolean): { text: string; ended: boolean } {
  const pattern = octalNeedsZero
    ? /\\(c|[\\abefnrtv]|0[0-7]{0,3}|x[0-9a-fA-F]{1,2})/g
    : /\\(c|[\\abefnrtv"]|[0-7]{1,3}|x[0-9a-fA-F]{1,2})/g;
  let ended = text.length;
  const result = text.replace(pattern, (match, what: string, at: number) => {
    if (at >= ended) return "";
    if (what === "c") {
      ended = at;
      return "\0END";
    }
    if (what[0] === "x") return String.fromCharCode(parseInt(what.slice(1), 16));
    if (/^[0-7]/.test(what)) return String.fromCharCode(parseInt(what, 8) & 255);
    return ESCAPES[what] ?? match.slice(1);
  });
  const end = ended < text.length ? result.indexOf("\0END") : -1;
  return end < 0 ? { text: result, ended: false } : { text: result.slice(0, end), ended: true };
}

/** What `echo` prints. */
export function echoText(args: readonly string[]): string {
  let newline = true, escapes = false;
  let i = 0;
  for (; i < args.length && /^-[neE]+$/.test(args[i]); i++) {
    for (const letter of args[i].slice(1)) {
      if (letter === "n") newline = false;
      else escapes = letter === "e";
    }
  }
  const text = args.slice(i).join(" ");
  if (!escapes) return newline ? `${text}\n` : text;
  const { text: result, ended } = unescape(text, true);
  return newline && !ended ? `${result}\n` : result;
}

export function echo(process: Process): number {
  process.stdout.write(echoText(process.args));
  return 0;
}
