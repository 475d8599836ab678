/** What an IPv4 lookup asks for (`struct flowi4`). */
import type { Flow } from "./fib_rules.ts";

export type Flow4 = Flow<number>;

/** The index of lo, by which packets that are made here "come in". */
export const LOOPBACK_INDEX = 1;

/** An empty flow; whoever looks up often keeps one and fills it in anew. */
export function flow4(): Flow4 {
  return {
    destination: 0,
    source: 0,
    iif: LOOPBACK_INDEX,
    oif: 0,
    mark: 0,
    tos: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
  };
}
