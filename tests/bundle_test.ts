import { assertEquals, assertStringIncludes } from "@std/assert";

const root = new URL("../", import.meta.url);

async function run(command: string, args: string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd: root, env: { NO_COLOR: "1" } })
    .output();
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

const PROGRAM = `
import { Network } from "./netns.mjs";
const net = new Network({ seed: 1 });
const [a, b] = [net.host("a"), net.host("b")];
net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"], { delay: "5ms" });
await net.run(async () => {
  const server = b.serve({ port: 80 }, () => new Response("from a bundle"));
  console.log(await (await a.fetch("http://10.0.0.2/")).text());
  await server.shutdown();
  try {
    await a.connect({ hostname: "10.0.0.2", port: 81 });
  } catch (error) {
    console.log(error.name, error.message);
  }
  console.log((await a.exec("ping -q -c 1 10.0.0.2")).stdout);
});
net.close();
`;

Deno.test("the core bundled for a browser has nothing of Deno or Node in it, and runs in Node", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bundled = await run(Deno.execPath(), [
      "bundle",
      "--platform",
      "browser",
      "-o",
      `${folder}/netns.mjs`,
      "mod.ts",
    ]);
    assertEquals(bundled.code, 0, bundled.output);
    const text = await Deno.readTextFile(`${folder}/netns.mjs`);
    assertEquals(text.match(/["'`]node:\w*|\bDeno\.\w*/g), null);
    await Deno.writeTextFile(`${folder}/program.mjs`, PROGRAM);
    const node = await run("node", [`${folder}/program.mjs`]).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
    if (node === null) return console.log("skipped: there is no node on this machine");
    assertEquals(node.code, 0, node.output);
    assertStringIncludes(
      node.output,
      "from a bundle\nConnectionRefused Connection refused (os error 111)\nPING 10.0.0.2",
    );
    assertStringIncludes(node.output, "1 packets transmitted, 1 received");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
