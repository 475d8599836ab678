/**
 * `deno task bench [--json] [WORKLOAD…]`: runs the workloads of the modules in this folder (`*_bench.ts`) and prints a table,
 * or with `--json` one object a line.
 *
 * A module exports `workloads`: see `Workload`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

/** One line of the table. */
export interface Measurement {
  /** What was measured: `packets`, `connections`, …. */
  readonly what: string;
  /** How much, in `unit`. */
  readonly value: number;
  /** `packets/s`, `bytes`, `ns`, …. */
  readonly unit: string;
  readonly [detail: string]: string | number;
}

export interface Workload {
  /** As the command line and the table have it: `w1`, `routes`, …. */
  readonly name: string;
  readonly description: string;
  run(): Measurement[] | Promise<Measurement[]> | AsyncIterable<Measurement>;
}

async function allWorkloads(): Promise<Workload[]> {
  const folder = new URL(".", import.meta.url);
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.name.endsWith("_bench.ts")) names.push(entry.name);
  const modules = await Promise.all(names.sort().map((name) => import(new URL(name, folder).href)));
  return modules.flatMap((module: { workloads?: Workload[] }) => module.workloads ?? []);
}

function format(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

const args = parseArgs(Deno.args, { boolean: ["json", "help"] });
const wanted = args._.map(String);
const workloads = await allWorkloads();
const unknown = wanted.filter((name) => !workloads.some((workload) => workload.name === name));
if (unknown.length > 0 || args.help) {
  for (const name of unknown) console.error(`bench: no workload "${name}"`);
  console.error(`Usage: deno task bench [--json] [WORKLOAD...]\n`);
  for (const { name, description } of workloads) console.error(`  ${name.padEnd(12)} ${description}`);
  Deno.exit(unknown.length > 0 ? 2 : 0);
}
for (const workload of workloads) {
  if (wanted.length > 0 && !wanted.includes(workload.name)) continue;
  const result = await workload.run();
  for await (const { what, value, unit, ...details } of result) {
    if (args.json) console.log(JSON.stringify({ workload: workload.name, what, value, unit, ...details }));
    else {
      const more = Object.entries(details).map(([name, detail]) => `${name} ${detail}`).join(", ");
      console.log(
        `${workload.name.padEnd(12)} ${what.padEnd(36)} ${format(value).padStart(14)} ${unit.padEnd(12)} ${more}`
          .trimEnd(),
      );
    }
  }
}
