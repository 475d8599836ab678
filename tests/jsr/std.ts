/**
 * Prints nothing when JSR answers, and otherwise the option that makes Deno take our stand-ins for `@std/*`:
 * `deno test -A $(deno run -A tests/jsr/std.ts)`. A network that swallows packets never times out by itself, hence the limit.
 *
 * @module
 */
const LIMIT_MS = 8000;

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

if (!await answers("https://jsr.io/@std/assert/meta.json")) {
  console.log(`--import-map=${decodeURIComponent(new URL("import_map.json", import.meta.url).pathname)}`);
}
Deno.exit(0);
