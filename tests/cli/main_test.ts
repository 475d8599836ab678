import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const root = new URL("../../", import.meta.url);
const main = new URL("src/cli/main.ts", root);

/** The stand-ins, when these tests run with them. */
async function standIns(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "tests/jsr/std.ts"], cwd: root })
    .output();
  return new TextDecoder().decode(stdout).trim().split("\n").filter((line) => line !== "");
}

const map = await standIns();

async function netns(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...map, main.href, ...args],
    cwd: root,
    stdin: "null",
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function scenario(text: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".sh" });
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("netns -c runs commands and passes on their exit code", async () => {
  assertEquals(await netns("-c", "echo out; echo err >&2; exit 3"), { code: 3, out: "out\n", err: "err\n" });
});

Deno.test("netns -c sleeps in virtual time", async () => {
  assertEquals((await netns("-c", "sleep 1d; date +%F")).out, "2025-01-02\n");
});

Deno.test("netns run runs a file, whose words are $1, $2, …", async () => {
  const path = await scenario("echo $1 $2 $#\nfalse\n");
  assertEquals(await netns("run", path, "a", "b"), { code: 1, out: "a b 2\n", err: "" });
  await Deno.remove(path);
});

Deno.test("a scenario that is missing or a folder: bash's words and code", async () => {
  assertEquals(await netns("run", "no.sh"), { code: 127, out: "", err: "bash: no.sh: No such file or directory\n" });
  assertEquals(await netns("run", "src"), { code: 126, out: "", err: "src: src: Is a directory\n" });
});

Deno.test("a scenario that does not parse: file, line and token, after what stood before it has run", async () => {
  const path = await scenario("echo first\nif true\nthen\n  echo x )\nfi\n");
  const { code, out, err } = await netns("run", path);
  assertEquals([code, out], [2, "first\n"]);
  assertEquals(err, `${path}: line 4: syntax error near unexpected token \`)'\n${path}: line 4: \`  echo x )'\n`);
  await Deno.remove(path);
});

Deno.test("an unknown command is named with its file and line", async () => {
  const path = await scenario("true\nnosuchcommand\n");
  assertEquals(await netns("run", path), {
    code: 127,
    out: "",
    err: `${path}: line 2: nosuchcommand: command not found\n`,
  });
  await Deno.remove(path);
});

Deno.test("netns oracle shows what differs and counts", async () => {
  const good = await scenario("# good\n$ echo a\na\n"), bad = await scenario("# bad\n$ echo a\nb\n");
  const { code, out } = await netns("oracle", good, bad);
  assertEquals(code, 1);
  assertStringIncludes(out, "-b\n+a\n");
  assertMatch(out, /\n1 passed, 1 failed\n$/);
  await Promise.all([Deno.remove(good), Deno.remove(bad)]);
});

Deno.test("netns shell reads commands from a pipe", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...map, main.href, "shell"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("x=5\necho $((x + 1))\nexit 4\n"));
  await writer.close();
  const { code, stdout } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [4, "6\n"]);
});

Deno.test("without words netns says how it is used", async () => {
  const { code, err } = await netns();
  assertEquals(code, 2);
  assertStringIncludes(err, "Usage: netns");
});
