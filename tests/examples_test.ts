/**
 * Each example runs as a user runs it, by `deno run` without a permission, and prints what `tests/examples/NAME.out` has (the
 * README shows the same). `UPDATE=1 deno test -A tests/examples_test.ts` writes these files anew.
 */
import { assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);
const names = [...Deno.readDirSync(new URL("examples/", root))]
  .map((entry) => entry.name)
  // That one waits for a browser: tests/network/door_test.ts.
  .filter((name) => name.endsWith(".ts") && name !== "web_server_browser.ts")
  .sort();

for (const name of names) {
  Deno.test(`examples/${name} prints what the README says`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "--no-lock", `examples/${name}`],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    const printed = new TextDecoder().decode(stdout);
    assertEquals({ code, stderr: new TextDecoder().decode(stderr) }, { code: 0, stderr: "" });
    const file = new URL(`examples/${name.replace(/\.ts$/, ".out")}`, import.meta.url);
    if (Deno.env.get("UPDATE") === "1") await Deno.writeTextFile(file, printed);
    assertEquals(printed, await Deno.readTextFile(file));
  });
}
