/**
 * All checks of the project, as `deno task test` runs them: format, lint, types, documentation, tests. With arguments only
 * those tests: `deno task test tests/ip --filter "a name"`. The last line is `N passed, N failed`, a check counting as one.
 *
 * @module
 */

const root = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");
const deno = Deno.execPath();

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs Deno; its output is shown as it comes, and kept. */
async function run(args: string[]): Promise<Outcome> {
  const child = new Deno.Command(deno, { args, cwd: root, stdout: "piped", stderr: "piped" }).spawn();
  let output = "";
  const pass = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const piece of stream) {
      output += decoder.decode(piece, { stream: true });
      await Deno.stdout.write(piece);
    }
  };
  const [{ code }] = await Promise.all([child.status, pass(child.stdout), pass(child.stderr)]);
  return { code, output };
}

async function standIns(): Promise<string[]> {
  const { stdout } = await new Deno.Command(deno, { args: ["run", "-A", "tests/jsr/std.ts"], cwd: root }).output();
  const option = new TextDecoder().decode(stdout).trim();
  return option === "" ? [] : [option];
}

/** Folders and files of the project's own text. */
async function sources(): Promise<string[]> {
  const wanted = ["mod.ts", "src", "tests", "examples"];
  const there = await Promise.all(wanted.map((path) => Deno.stat(`${root}/${path}`).then(() => path, () => null)));
  return there.filter((path) => path !== null);
}

const map = await standIns();
const paths = await sources();
const documents = ["README.md", ...paths.filter((path) => path === "mod.ts" || path === "src")];
const checks: [name: string, args: string[]][] = [
  ["format", ["fmt", "--check", "deno.json", ...paths]],
  ["lint", ["lint", ...(map.length > 0 ? ["--config", "tests/jsr/lint.json"] : []), ...paths]],
  ["types", ["check", ...map, ...paths]],
  ["documentation", ["doc", ...map, "--lint", "mod.ts", "src/testing/mod.ts", "src/ssh/mod.ts", "src/cli/main.ts"]],
  ["examples in the documentation", ["test", "-A", "--no-check", "--doc", "--reporter=dot", ...map, ...documents]],
];

let passed = 0, failed = 0;
for (const [name, args] of Deno.args.length > 0 ? [] : checks) {
  console.log(`\n== ${name}`);
  const { code } = await run(args);
  if (code === 0) passed++;
  else {
    failed++;
    console.log(`== ${name}: failed`);
  }
}

console.log("\n== tests");
const { code, output } = await run([
  "test",
  "-A",
  "--no-check",
  ...map,
  ...(Deno.args.length > 0 ? Deno.args : ["tests"]),
]);
// deno-lint-ignore no-control-regex -- the runner may write in colours
const plain = output.replace(/\x1b\[[0-9;]*m/g, "");
const sum = [...plain.matchAll(/\| (\d+) passed(?: \([^)]*\))? \| (\d+) failed/g)].at(-1);
passed += Number(sum?.[1] ?? 0);
failed += Number(sum?.[2] ?? 0);
if (sum === undefined || (code !== 0 && Number(sum[2]) === 0)) failed++;
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
