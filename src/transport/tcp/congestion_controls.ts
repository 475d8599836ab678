/** The congestion controls that there are, by name. */
import type { CongestionControl } from "./congestion.ts";
import { cubic } from "./cubic.ts";
import { reno } from "./reno.ts";

export const congestionControls: ReadonlyMap<string, CongestionControl> = new Map([["reno", reno], ["cubic", cubic]]);
