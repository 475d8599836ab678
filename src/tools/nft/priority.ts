/** The names of chains' priorities (`std_prios` in src/rule.c). */
import { NF_POST_ROUTING, NF_PRE_ROUTING } from "../../ip/host.ts";
import type { Family } from "../../netfilter/ruleset.ts";
import type { Style } from "./types.ts";

const NAMES: readonly (readonly [name: string, priority: number, place: number])[] = [
  ["raw", -300, -1],
  ["mangle", -150, -1],
  ["dstnat", -100, NF_PRE_ROUTING],
  ["filter", 0, -1],
  ["security", 50, -1],
  ["srcnat", 100, NF_POST_ROUTING],
];

/** A number within so much of a named one is shown as the difference from it. */
const REACH = 10;

/** The number of a name at a place; null where it means nothing. */
export function priorityOf(name: string, place: number): number | null {
  const found = NAMES.find((one) => one[0] === name && (one[2] < 0 || one[2] === place));
  return found === undefined ? null : found[1];
}

export function formatPriority(priority: number, place: number, _family: Family, style: Style): string {
  if (style.numericPriority) return String(priority);
  for (const [name, number, at] of NAMES) {
    if (at >= 0 && at !== place) continue;
    const offset = priority - number;
    if (Math.abs(offset) > REACH) continue;
    return offset === 0 ? name : `${name} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}`;
  }
  return String(priority);
}
