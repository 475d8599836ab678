import fc from "fast-check";
import { programs, runProgram } from "./stream_program.ts";

/** `deno task soak` tries many more. `TCP_SEED` draws others. */
const numRuns = Number(Deno.env.get("TCP_RUNS") ?? 1000);
const seed = Number(Deno.env.get("TCP_SEED") ?? 7);

Deno.test("any mix of writes, reads and half closes over any wire delivers exactly what was written, or a clear error", () => {
  fc.assert(fc.property(programs, runProgram), { numRuns, seed });
});
