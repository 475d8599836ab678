/** `NAME=VALUE`, `NAME+=VALUE`, `NAME[INDEX]=VALUE` and `NAME=(…)`: found in words, and carried out. */
import { expandText, expandWords } from "./expand.ts";
import type { Shell } from "./shell.ts";
import type { Assignment, Word } from "./syntax.ts";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Builtins whose words that assign are not split. */
const DECLARATIONS = new Set(["declare", "export", "local"]);

export function isDeclaration(word: Word | undefined): boolean {
  return word?.length === 1 && word[0].kind === "text" && DECLARATIONS.has(word[0].text);
}

/** The assignment that a word is, or null. */
export function assignmentOf(word: Word): Assignment | null {
  const first = word[0];
  if (first === undefined || first.kind !== "text" || first.quoted) return null;
  const equals = first.text.indexOf("=");
  const bracket = first.text.indexOf("[");
  if (bracket > 0 && (equals < 0 || bracket < equals)) {
    return NAME.test(first.text.slice(0, bracket)) ? elementOf(word, bracket) : null;
  }
  if (equals <= 0) return null;
  const append = first.text[equals - 1] === "+";
  const name = first.text.slice(0, append ? equals - 1 : equals);
  if (!NAME.test(name)) return null;
  return { name, value: from(word, 0, equals + 1), append, subscript: null, elements: null };
}

/** `NAME[INDEX]=VALUE`, whose bracket stands at `bracket`; within `(…)` the name is "". */
function elementOf(word: Word, bracket: number): Assignment | null {
  const first = word[0];
  if (first.kind !== "text") return null;
  for (let i = 0; i < word.length; i++) {
    const part = word[i];
    if (part.kind !== "text" || part.quoted) continue;
    const end = part.text.search(/\]\+?=/);
    if (end < 0) continue;
    const before = { ...part, text: part.text.slice(i === 0 ? bracket + 1 : 0, end) };
    const subscript = i === 0
      ? [before]
      : [{ ...first, text: first.text.slice(bracket + 1) }, ...word.slice(1, i), before];
    const append = part.text[end + 1] === "+";
    const name = first.text.slice(0, bracket);
    return { name, value: from(word, i, end + (append ? 3 : 2)), append, subscript, elements: null };
  }
  return null;
}

/** What stands in a word from a letter of a text part on. */
function from(word: Word, index: number, start: number): Word {
  const part = word[index];
  const text = part.kind === "text" ? part.text.slice(start) : "";
  const rest = word.slice(index + 1);
  return text === "" || part.kind !== "text" ? rest : [{ ...part, text }, ...rest];
}

/** The name and value that an assignment comes to; `(…)` is carried out at once, which gives null. */
export async function resolve(shell: Shell, assignment: Assignment): Promise<[name: string, value: string] | null> {
  if (assignment.elements !== null) {
    await assignArray(shell, assignment, assignment.elements);
    return null;
  }
  const { subscript } = assignment;
  const name = subscript === null ? assignment.name : `${assignment.name}[${await expandText(shell, subscript)}]`;
  const text = await expandText(shell, assignment.value);
  return [name, assignment.append ? (shell.get(name) ?? "") + text : text];
}

async function assignArray(shell: Shell, { name, append }: Assignment, elements: readonly Word[]): Promise<void> {
  const array = append ? shell.elements(name).slice() : [];
  let at = array.length;
  for (const word of elements) {
    const first = word[0];
    const element = first.kind === "text" && !first.quoted && first.text[0] === "[" ? elementOf(word, 0) : null;
    if (element === null) {
      for (const field of await expandWords(shell, [word])) array[at++] = field;
    } else {
      at = shell.index(await expandText(shell, element.subscript ?? []));
      array[at++] = await expandText(shell, element.value);
    }
  }
  shell.setArray(name, array);
}

/** The words of a command: those of `export`, `local` and the like that assign are not split. */
export async function expandCommand(shell: Shell, words: readonly Word[]): Promise<string[]> {
  if (!isDeclaration(words[0])) return await expandWords(shell, words);
  const result: string[] = [];
  for (const word of words) {
    const assignment = assignmentOf(word);
    if (assignment === null) result.push(...await expandWords(shell, [word]));
    else result.push(`${assignment.name}=${await expandText(shell, assignment.value)}`);
  }
  return result;
}
