/** `netns oracle PATH…`: replays transcripts of a real kernel and shows what differs. */
import { ProgressBar } from "@std/cli/unstable-progress-bar";
import { unifiedDiff } from "./diff.ts";
import { missingProgram, normaliser, replay, type Rule } from "./transcript.ts";
import rules from "./normalise.json" with { type: "json" };

/** All transcripts at a path: the file itself, or those below a folder, in the order of their names. */
async function transcripts(path: string): Promise<string[]> {
  if (!(await Deno.stat(path)).isDirectory) return [path];
  const names: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    if (entry.isDirectory || entry.name.endsWith(".t")) names.push(entry.name);
  }
  const found = await Promise.all(names.sort().map((name) => transcripts(`${path.replace(/\/$/, "")}/${name}`)));
  return found.flat();
}

/** What one transcript came to: "" is as recorded. */
async function check(path: string, normalise: (text: string) => string): Promise<string> {
  const recorded = await Deno.readTextFile(path);
  try {
    return unifiedDiff(recorded, await replay(recorded, normalise), path, `${path} (emulator)`);
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.stack ?? error.message : error}\n`;
  }
}

/** Prints a diff for each transcript that differs, and the sum. The exit code is 1 when one does, 2 for wrong words. */
export async function oracle(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    console.error("netns oracle: needs files or folders of transcripts (*.t)");
    return 2;
  }
  const files: string[] = [];
  for (const path of paths) {
    try {
      files.push(...await transcripts(path));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      console.error(`netns oracle: ${path}: No such file or directory`);
      return 2;
    }
  }
  const normalise = normaliser(rules as Rule[]);
  const bar = Deno.stderr.isTerminal() ? new ProgressBar({ max: files.length, clear: true }) : null;
  let passed = 0, failed = 0, skipped = 0;
  let report = "";
  for (const path of files) {
    const missing = missingProgram(await Deno.readTextFile(path));
    if (missing !== null) {
      skipped++;
      report += `${path}: skipped: the emulator has no ${missing}\n`;
    } else {
      const difference = await check(path, normalise);
      if (difference === "") passed++;
      else failed++;
      report += difference;
    }
    if (bar !== null) bar.value++;
    else {
      await Deno.stdout.write(new TextEncoder().encode(report));
      report = "";
    }
  }
  await bar?.stop();
  await Deno.stdout.write(new TextEncoder().encode(report));
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
}
