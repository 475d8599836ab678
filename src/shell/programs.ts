/** What the shell can start: the tools, and the shell itself. */
import { tools } from "../tools/registry.ts";
import type { Tool } from "../tools/process.ts";

/** Where programs are, as `$PATH` says. */
const PROGRAM_PATH = /^(?:\/usr\/local\/s?bin|\/usr\/s?bin|\/s?bin)\/([^/]+)$/;

const OWN = new Map<string, Tool>();

/** Lets a layer above the tools (the shell itself) be started by name. */
export function addProgram(name: string, tool: Tool): void {
  OWN.set(name, tool);
}

/** The program of a command's first word, by name or by its path; null when there is none. */
export function findProgram(word: string): Tool | null {
  const name = word.includes("/") ? PROGRAM_PATH.exec(word)?.[1] : word;
  if (name === undefined) return null;
  return OWN.get(name) ?? tools.get(name) ?? null;
}
