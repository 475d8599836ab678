/** The programs of `/bin` and `/sbin`, by name. */
import { ip } from "./ip/main.ts";
import { ping } from "./ping/ping.ts";
import type { Tool } from "./process.ts";
import { standardTools } from "./standard.ts";

export const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ...standardTools,
  ["ip", ip],
  ["ping", ping],
]);
