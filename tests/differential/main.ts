/**
 * Random commands on a real kernel and in the emulator, side by side: `deno task differential [--seed N] [--count N] [--runs N]`.
 * Each run's seed is the one before and one. Root, `ip`, `bridge`, `ping`, Python and the recorder of transcripts (`--recorder
 * PATH`) are needed; without them it says so and ends well.
 *
 * @module
 */
import rules from "../../src/cli/normalise.json" with { type: "json" };
import { unifiedDiff } from "../../src/cli/diff.ts";
import { normaliser, replay } from "../../src/cli/transcript.ts";

const options = new Map<string, string>([["seed", "1"], ["count", "60"], ["runs", "1"]]);
options.set("recorder", new URL("../../../shared/linux-oracle/record", import.meta.url).pathname);
for (let i = 0; i < Deno.args.length; i += 2) {
  const name = Deno.args[i].replace(/^--/, "");
  if (!options.has(name) || Deno.args[i + 1] === undefined) {
    console.error("Usage: deno task differential [--seed N] [--count N] [--runs N] [--recorder PATH]");
    Deno.exit(2);
  }
  options.set(name, Deno.args[i + 1]);
}

async function output(command: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

async function missing(): Promise<string | null> {
  if (Deno.uid() !== 0) return "it needs root";
  for (const program of ["ip", "bridge", "ping", "python3"]) {
    const { code } = await output("sh", ["-c", `command -v ${program}`]);
    if (code !== 0) return `there is no ${program}`;
  }
  try {
    await Deno.stat(options.get("recorder")!);
  } catch {
    return `there is no recorder at ${options.get("recorder")}`;
  }
  return null;
}

const lack = await missing();
if (lack !== null) {
  console.log(`skipped: ${lack}`);
  Deno.exit(0);
}

const generator = decodeURIComponent(new URL("generate.py", import.meta.url).pathname);
const normalise = normaliser(rules);
const folder = await Deno.makeTempDir();
let different = 0;
for (let run = 0; run < Number(options.get("runs")); run++) {
  const seed = String(Number(options.get("seed")) + run);
  const path = `${folder}/seed-${seed}.t`;
  const generated = await output("python3", [generator, seed, options.get("count")!]);
  await Deno.writeTextFile(path, generated.text);
  const { code, text } = await output(options.get("recorder")!, [path]);
  const recorded = await Deno.readTextFile(path);
  if (code !== 0 || recorded === generated.text) {
    console.log(`seed ${seed}: not recorded\n${text}`);
    continue;
  }
  const diff = unifiedDiff(recorded, await replay(recorded, normalise), `seed ${seed}: kernel`, "emulator");
  console.log(diff === "" ? `seed ${seed}: equal` : diff);
  if (diff !== "") different++;
}
await Deno.remove(folder, { recursive: true });
Deno.exit(different > 0 ? 1 : 0);
