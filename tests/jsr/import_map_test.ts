import { assertEquals } from "@std/assert";

Deno.test("the stand-ins' import map has every import of deno.json", async () => {
  const read = async (path: string): Promise<Record<string, string>> =>
    JSON.parse(await Deno.readTextFile(new URL(path, import.meta.url))).imports;
  const ours = await read("import_map.json");
  for (const [name, target] of Object.entries(await read("../../deno.json"))) {
    const wanted = target.startsWith("jsr:") ? ours[target] : target;
    assertEquals(ours[name], wanted, name);
  }
});
