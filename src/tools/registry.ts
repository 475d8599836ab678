/** The programs of `/bin` and `/sbin`, by name. */
import type { Tool } from "./process.ts";

export const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([]);
