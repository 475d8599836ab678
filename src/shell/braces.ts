/** `{a,b}` and `{1..5}`: one word becomes several, before anything else happens to it. */
import type { Word, WordPart } from "./syntax.ts";

/** Words that one word may become. */
const BRACE_LIMIT = 100_000;

/** An unquoted letter, or a part that braces leave alone. */
type Atom = string | WordPart;

function toAtoms(word: Word): Atom[] {
  return word.flatMap((part): Atom[] => part.kind === "text" && !part.quoted ? [...part.text] : [part]);
}

function toWord(atoms: readonly Atom[]): Word {
  const word: WordPart[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") word.push({ kind: "text", text: plain, quoted: false });
    plain = "";
  };
  for (const atom of atoms) {
    if (typeof atom === "string") plain += atom;
    else {
      flush();
      word.push(atom);
    }
  }
  flush();
  return word;
}

/** The pieces between `{` at `open` and its `}`; null when there is none. */
function pieces(atoms: readonly Atom[], open: number): { parts: Atom[][]; end: number } | null {
  let depth = 0;
  const parts: Atom[][] = [[]];
  for (let i = open + 1; i < atoms.length; i++) {
    const atom = atoms[i];
    if (atom === "}" && depth === 0) return { parts, end: i };
    if (atom === "," && depth === 0) {
      parts.push([]);
      continue;
    }
    if (atom === "{") depth++;
    else if (atom === "}") depth--;
    parts[parts.length - 1].push(atom);
  }
  return null;
}

/** `1..5`, `5..1..2`, `a..e` */
function range(atoms: readonly Atom[]): Atom[][] | null {
  if (atoms.some((atom) => typeof atom !== "string")) return null;
  const text = atoms.join("");
  const numbers = /^(-?[0-9]{1,15})\.\.(-?[0-9]{1,15})(?:\.\.(-?[0-9]{1,15}))?$/.exec(text);
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?[0-9]{1,15}))?$/.exec(text);
  const match = numbers ?? letters;
  if (match === null) return null;
  const value = (one: string): number => numbers === null ? one.charCodeAt(0) : Number(one);
  const from = value(match[1]), to = value(match[2]);
  const step = Math.abs(Number(match[3] ?? 1)) || 1;
  if (Math.abs(to - from) / step > BRACE_LIMIT) return null;
  const padded = numbers !== null && (/^-?0[0-9]/.test(match[1]) || /^-?0[0-9]/.test(match[2]));
  const width = padded ? Math.max(match[1].length, match[2].length) : 0;
  const items: Atom[][] = [];
  for (let at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step) {
    const text = numbers === null
      ? String.fromCharCode(at)
      : at < 0
      ? `-${String(-at).padStart(width - 1, "0")}`
      : String(at).padStart(width, "0");
    items.push([...text]);
  }
  return items;
}

function expand(atoms: readonly Atom[], from: number): Atom[][] {
  for (let i = from; i < atoms.length; i++) {
    if (atoms[i] !== "{") continue;
    const found = pieces(atoms, i);
    if (found === null) continue;
    const items = found.parts.length > 1 ? found.parts.flatMap((part) => expand(part, 0)) : range(found.parts[0]);
    if (items === null) continue;
    const ends = expand(atoms.slice(found.end + 1), 0);
    if (items.length * ends.length > BRACE_LIMIT) continue;
    return items.flatMap((item) => ends.map((end) => [...atoms.slice(0, i), ...item, ...end]));
  }
  return [[...atoms]];
}

export function expandBraces(word: Word): Word[] {
  if (!word.some((part) => part.kind === "text" && !part.quoted && part.text.includes("{"))) return [word];
  return expand(toAtoms(word), 0).map(toWord);
}
