/**
 * `deno task bench [--json] [WORKLOAD…]`: measures, each workload in a process of its own, and prints a table, or with `--json`
 * one object a line in the form of `shared/peers`.
 *
 * A workload is a program in this folder that prints such lines: `peer`, `w`, `variant`, and its figures.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

interface Workload {
  readonly name: string;
  readonly file: string;
  readonly description: string;
}

const WORKLOADS: readonly Workload[] = [
  { name: "w1", file: "udp_echo.ts", description: "UDP echo of 64 octets, 32 in flight" },
  { name: "w1-async", file: "udp_echo_async.ts", description: "UDP echo with Deno's API" },
  { name: "w2", file: "tcp_bulk.ts", description: "one flow of TCP" },
  { name: "w3", file: "router_chain.ts", description: "UDP through a chain of routers" },
  { name: "w4", file: "tcp_connections.ts", description: "1,000 TCP connections with 10 requests each" },
  { name: "w5", file: "event_queue.ts", description: "the event queue, hold model" },
  { name: "w6", file: "http.ts", description: "HTTP requests over keep-alive connections" },
  { name: "routes", file: "routes.ts", description: "a table of 1,000,000 routes" },
  { name: "namespaces", file: "namespaces.ts", description: "100,000 namespaces joined by veths" },
];

type Line = { readonly [field: string]: string | number };

/** The lines that a workload prints; null when it failed. What is no object of JSON goes to standard error. */
async function run({ file }: Workload): Promise<Line[] | null> {
  const path = decodeURIComponent(new URL(file, import.meta.url).pathname);
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", path, "--json"];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  const lines: Line[] = [];
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    if (line.startsWith("{")) lines.push(JSON.parse(line));
    else if (line !== "") console.error(line);
  }
  return code === 0 ? lines : null;
}

function show(value: string | number): string {
  if (typeof value === "string") return value;
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
}

async function exists({ file }: Workload): Promise<boolean> {
  return await Deno.stat(new URL(file, import.meta.url)).then(() => true, () => false);
}

const args = parseArgs(Deno.args, { boolean: ["json", "help"], string: ["_"] });
const wanted = args._.map(String);
const there = (await Promise.all(WORKLOADS.map(async (one) => await exists(one) ? [one] : []))).flat();
const unknown = wanted.filter((name) => !there.some((one) => one.name === name));
if (unknown.length > 0 || args.help) {
  for (const name of unknown) console.error(`bench: no workload "${name}"`);
  console.error("Usage: deno task bench [--json] [WORKLOAD...]\n");
  for (const { name, description } of there) console.error(`  ${name.padEnd(12)} ${description}`);
  Deno.exit(unknown.length > 0 ? 2 : 0);
}
let failed = false;
for (const workload of there) {
  if (wanted.length > 0 && !wanted.includes(workload.name)) continue;
  const lines = await run(workload);
  failed ||= lines === null;
  for (const line of lines ?? []) {
    if (args.json) console.log(JSON.stringify(line));
    else {
      const { peer: _peer, w: _w, variant = "", ...figures } = line;
      const text = Object.entries(figures).map(([name, value]) => `${name} ${show(value)}`).join("  ");
      console.log(`${workload.name.padEnd(12)} ${show(variant).padEnd(14)} ${text}`);
    }
  }
}
Deno.exit(failed ? 1 : 0);
