/** What the README shows of the examples is what they print, and it shows all of them. */
import { assert, assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));
const names = [...Deno.readDirSync(new URL("examples/", root))].map((entry) => entry.name).sort();

Deno.test("the README lists each example", () => {
  assertEquals(names.filter((name) => !readme.includes(`\`examples/${name}\``)), []);
});

for (const { name: output } of Deno.readDirSync(new URL("examples/", import.meta.url))) {
  const name = output.replace(/out$/, "ts");
  Deno.test(`the README shows lines that examples/${name} prints`, async () => {
    const shown = new RegExp(`\`examples/${name}\`: .*\n\n\`\`\`text\n([^\`]*)\`\`\``).exec(readme)?.[1];
    assert(shown !== undefined, "no output is shown");
    const printed = await Deno.readTextFile(new URL(`examples/${output}`, import.meta.url));
    const lines = printed.split("\n").map((line) => line.trimEnd());
    let at = 0;
    for (const line of shown.trimEnd().split("\n")) {
      if (line === "…") continue;
      const found = lines.indexOf(line, at);
      assert(found >= at, `not printed, or not in this order: ${line}`);
      at = found + 1;
    }
  });
}
