/** What errors are called in the sentences of programs. */
import { KernelError, strerror } from "../wire/errno.ts";

/** `Connection refused`, of an error of the stack or of Deno's API. */
export function systemErrorWords(error: unknown): string {
  if (error instanceof KernelError) return strerror(error.errno);
  return error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
}
