/**
 * `deno task soak [--seeds N] [--seed S]`: the property of TCP's streams (tests/transport/tcp/stream_property_test.ts) for many
 * more random programs, 100,000 by default. A failing one is made as small as it gets and printed; the last line is
 * `N passed, N failed`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import fc from "fast-check";
import { programs, runProgram } from "./transport/tcp/stream_program.ts";

/** Programs that are drawn from one seed of fast-check. */
const BATCH = 500;

const args = parseArgs(Deno.args, { string: ["seeds", "seed"], default: { seeds: "100000", seed: "1" } });
const wanted = Number(args.seeds), first = Number(args.seed);
if (!(wanted > 0 && Number.isInteger(first))) {
  console.error("usage: deno task soak [--seeds N] [--seed S]");
  Deno.exit(2);
}

let passed = 0, failed = 0;
const begun = performance.now();
for (let batch = 0; passed + failed < wanted; batch++) {
  const numRuns = Math.min(BATCH, wanted - passed - failed);
  const details = fc.check(fc.property(programs, runProgram), { numRuns, seed: first + batch });
  passed += details.numRuns - (details.failed ? 1 : 0);
  if (details.failed) {
    failed++;
    console.log(fc.defaultReportMessage(details));
  }
  if (batch % 10 === 9) {
    const seconds = (performance.now() - begun) / 1000;
    console.log(`${passed + failed} programs, ${failed} failed, ${seconds.toFixed(0)} s`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
