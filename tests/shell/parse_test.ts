import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ArithmeticError, evaluate } from "../../src/shell/arithmetic.ts";
import { expandBraces } from "../../src/shell/braces.ts";
import { Parser } from "../../src/shell/parse.ts";
import { matches, strip } from "../../src/shell/patterns.ts";
import { ShellSyntaxError } from "../../src/shell/syntax.ts";
import { Random } from "../../src/time/random.ts";

/** Parses all of it: the number of lines, or the error. */
function parseAll(text: string): number | ShellSyntaxError {
  const parser = new Parser(text);
  try {
    for (let count = 0;; count++) if (parser.next() === null) return count;
  } catch (error) {
    if (error instanceof ShellSyntaxError) return error;
    throw error;
  }
}

const PIECES = [
  ..."abc ;&|<>()$`\"'\\\n\t{}#!*?[]=~-123",
  "$(",
  "${",
  "$((",
  "))",
  "<<E\n",
  "E\n",
  "if ",
  "then ",
  "fi",
  "for ",
  "in ",
  "do ",
  "done",
  "case ",
  "esac",
  ";;",
  "while ",
  "&&",
  "||",
  ">&2",
  "x=",
  "[[ ",
  " ]]",
  " =~ ",
  "((",
  "a=(",
  "a[",
  "]=",
];

Deno.test("a million inputs of any kind are parsed or refused, never thrown at", () => {
  const random = new Random("shell fuzz");
  for (let i = 0; i < 1_000_000; i++) {
    let text = "";
    for (let length = random.below(12); length >= 0; length--) text += PIECES[random.below(PIECES.length)];
    parseAll(text);
  }
});

Deno.test("deeply nested text is refused, not followed to the end of the stack", () => {
  for (
    const piece of [
      "(",
      "$(",
      "${a:-",
      "{ ",
      "if ",
      '"$(',
      "`",
      "$((",
      "! ",
      "while ",
      "[[ ( ",
      "[[ ! ",
      "a=(",
      "((",
      "${a[",
    ]
  ) {
    parseAll(piece.repeat(20_000));
  }
});

Deno.test("any text may be quoted and comes back as one word", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const quoted = `'${text.replaceAll("'", "'\\''")}'`;
    const list = new Parser(`echo ${quoted}`).next()!;
    const command = list[0].first.commands[0];
    assert(command.kind === "simple");
    const parts = command.words[1];
    assertEquals(parts.map((part) => part.kind === "text" ? part.text : "?").join(""), text);
  }));
});

Deno.test("here-documents end at their word, or at the end", () => {
  assertEquals(parseAll("cat <<E\na\nE\necho b\n"), 2);
  assertEquals(parseAll("cat <<E\na\n"), 1);
});

Deno.test("arithmetic is C's over 64 bits", () => {
  const variables = new Map([["x", "5"], ["y", "x*2"]]);
  const value = (text: string): bigint =>
    evaluate(text, { get: (name) => variables.get(name), set: (name, text) => void variables.set(name, text) });
  assertEquals(value("1 + 2 * 3 - 4 / 2"), 5n);
  assertEquals(value("y"), 10n);
  assertEquals(value("x += 3"), 8n);
  assertEquals(value("x++ + ++x"), 18n);
  assertEquals(value("9223372036854775807 + 1"), -9223372036854775808n);
  assertEquals(value("1 ? 2 : 3"), 2n);
});

Deno.test("arithmetic on any text ends in a number or in its own error", () => {
  const random = new Random("arithmetic fuzz");
  const letters = [..."0123456789xyz+-*/%()<>=!&|^~?:, ", "**", "<<", "++"];
  for (let i = 0; i < 100_000; i++) {
    let text = "";
    for (let length = random.below(10); length >= 0; length--) text += letters[random.below(letters.length)];
    try {
      evaluate(text, { get: () => undefined, set: () => {} });
    } catch (error) {
      assert(error instanceof ArithmeticError, `${text}: ${error}`);
    }
  }
});

Deno.test("braces make one word several", () => {
  const words = (text: string): string[] =>
    expandBraces([{ kind: "text", text, quoted: false }]).map((word) =>
      word.map((part) => part.kind === "text" ? part.text : "").join("")
    );
  assertEquals(words("a{b,c{d,e}}f"), ["abf", "acdf", "acef"]);
  assertEquals(words("{1..3}{a,b}"), ["1a", "1b", "2a", "2b", "3a", "3b"]);
  assertEquals(words("{08..10}"), ["08", "09", "10"]);
  assertEquals(words("{a}{,}{"), ["{a}{", "{a}{"]);
});

Deno.test("patterns match as bash's", () => {
  assert(matches("a*c", "abbc"));
  assert(!matches("a*c", "abcd"));
  assert(matches("[a-c]?[!x]", "b1y"));
  assert(matches("\\*", "*") && !matches("\\*", "a"));
  assert(matches("[[:digit:]]*", "1x"));
  assert(!matches("[z-a]", "m"));
  assertEquals(strip("a.b.c", "*.", "##"), "c");
});
