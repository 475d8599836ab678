/** The rules of the house: imports go only downwards, the core is alone in the world, and time is virtual. */
import { assertEquals } from "@std/assert";

/** From the lowest up. */
const LAYERS: readonly string[] = [
  "time",
  "wire",
  "device",
  "qdisc",
  "ip",
  "netfilter",
  "transport",
  "namespace",
  "socket",
  "tls",
  "http",
  "dns",
  "tools",
  "shell",
  "packetdrill",
  "network",
  "testing",
  "ssh",
  "cli",
];

/** Folders that may use the platform: they are no part of the core. */
const EDGES = new Set(["ssh", "cli"]);

/** Files of the core that stand where virtual time and the platform meet; they look for it on `globalThis` at run time. */
const MEETING_PLACES = new Set(["network/real_loop.ts"]);

/** What reads the real clock, a real timer or real chance. */
const REAL = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bperformance\.now\b/,
  /\bMath\.random\b/,
  /\bcrypto\.(getRandomValues|randomUUID)\b/,
  // A call, not a method of that name that somebody declares.
  /(?<![\w.#])(setTimeout|setInterval|setImmediate|queueMicrotask)\((?!\w+\??: )/,
];

const root = new URL("../src/", import.meta.url);

interface Source {
  /** Below `src/`. */
  readonly path: string;
  readonly text: string;
}

async function sources(folder: URL = root, prefix = ""): Promise<Source[]> {
  const found: Source[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name, folder);
    if (entry.isDirectory) found.push(...await sources(new URL(`${url.href}/`), `${prefix}${entry.name}/`));
    else if (entry.name.endsWith(".ts")) found.push({ path: prefix + entry.name, text: await Deno.readTextFile(url) });
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Specifiers of static and dynamic imports and of re-exports. */
function imports(text: string): string[] {
  const pattern = /^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/.*$/gm, "$1");
}

/** Code without comments and without what stands in quotes. */
function codeOnly(text: string): string {
  return withoutComments(text).replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""');
}

function folder(path: string): string {
  return path.slice(0, path.indexOf("/"));
}

function rank(name: string): number {
  return LAYERS.indexOf(name);
}

const all = await sources();
const core = all.filter(({ path }) => !EDGES.has(folder(path)));

Deno.test("each folder of src is a layer", () => {
  assertEquals([...new Set(all.map(({ path }) => folder(path)))].filter((name) => rank(name) < 0), []);
});

Deno.test("imports go only downwards", () => {
  const upward: string[] = [];
  for (const { path, text } of all) {
    for (const specifier of imports(text).filter((one) => one.startsWith("."))) {
      const target = new URL(specifier, new URL(path, root)).href.slice(root.href.length);
      if (rank(folder(target)) > rank(folder(path))) upward.push(`${path} imports ${target}`);
    }
  }
  assertEquals(upward, []);
});

Deno.test("the core imports no package, no node: and nothing from afar", () => {
  const foreign = core.flatMap(({ path, text }) =>
    imports(text).filter((specifier) => !specifier.startsWith(".")).map((specifier) => `${path} imports ${specifier}`)
  );
  assertEquals(foreign, []);
});

Deno.test("the core does not name Deno", () => {
  const named = core.flatMap(({ path, text }) =>
    codeOnly(text).split("\n").filter((line) => /(?<![\w.`])Deno\.\w/.test(line)).map((line) =>
      `${path}: ${line.trim()}`
    )
  );
  assertEquals(named, []);
});

Deno.test("below the edge there is no real clock, no real timer and no real chance", () => {
  const real = core.filter(({ path }) => !MEETING_PLACES.has(path)).flatMap(({ path, text }) =>
    codeOnly(text).split("\n").filter((line) => REAL.some((pattern) => pattern.test(line))).map((line) =>
      `${path}: ${line.trim()}`
    )
  );
  assertEquals(real, []);
});
