import { assertEquals } from "@std/assert";
import rules from "../../src/cli/normalise.json" with { type: "json" };
import { unifiedDiff } from "../../src/cli/diff.ts";
import { missingProgram, normaliser, replay } from "../../src/cli/transcript.ts";

async function transcripts(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) found.push(...await transcripts(new URL(`${entry.name}/`, folder)));
    else if (entry.name.endsWith(".t")) found.push(new URL(entry.name, folder));
  }
  return found.sort((a, b) => a.href < b.href ? -1 : 1);
}

const normalise = normaliser(rules);
const root = new URL("../", import.meta.url);

for (const url of await transcripts(root)) {
  const recorded = await Deno.readTextFile(url);
  const name = url.href.slice(root.href.length);
  Deno.test({
    name: `as a real kernel: ${name}`,
    ignore: missingProgram(recorded) !== null,
    fn: async () => assertEquals(unifiedDiff(recorded, await replay(recorded, normalise), name, "emulator"), ""),
  });
}
