/** The programs of `/bin` and `/sbin`, by name. */
import { ip } from "./ip/main.ts";
import { ping } from "./ping/ping.ts";
import type { Tool } from "./process.ts";

export const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ["ip", ip],
  ["ping", ping],
]);
