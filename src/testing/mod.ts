/**
 * Deterministic network tests on `Deno.test`: each test has a fresh world, virtual time, and a seed that replays it.
 *
 * ```ts ignore
 * import { netTest } from "@netns/emulator/testing";
 *
 * netTest("a datagram arrives", { seed: 7 }, async (net) => {
 *   const host = net.host("host");
 *   using receiver = host.listenDatagram({ transport: "udp", port: 5000 });
 *   using sender = host.listenDatagram({ transport: "udp", port: 0 });
 *   await sender.send(new TextEncoder().encode("hello"), receiver.addr);
 *   const [data] = await receiver.receive();
 *   if (new TextDecoder().decode(data) !== "hello") throw new Error("lost");
 * });
 * ```
 *
 * @module
 */
import { Network } from "../network/network.ts";
import type { Duration } from "../network/units.ts";

/** How a test is run. */
export interface NetTestOptions {
  /** The world's seed (default 1). `NETNS_SEED` in the environment replaces it. */
  seed?: number | string;
  /** Runs the test with this many seeds: `seed`, `seed + 1`, … Needs a numeric seed. */
  seeds?: number;
  /** Virtual time after which the test fails (default one day). */
  timeLimit?: Duration;
  /** Skips the test. */
  ignore?: boolean;
  /** Runs only this one and those like it. */
  only?: boolean;
}

/** What the body of a test gets beside its network: in fact Deno's `TestContext`. */
export interface NetTestContext {
  /** The test's name. */
  readonly name: string;
  /** The URL of its module. */
  readonly origin: string;
  /** As `Deno.TestContext.step`. */
  // deno-lint-ignore no-explicit-any
  step(...args: any[]): Promise<boolean>;
}

/** What a test does, in a network of its own. */
export type NetTestBody = (net: Network, context: NetTestContext) => Promise<void> | void;

interface TestingRuntime {
  test(definition: {
    name: string;
    ignore?: boolean;
    only?: boolean;
    fn: (context: NetTestContext) => Promise<void>;
  }): void;
  env: { get(name: string): string | undefined };
  permissions?: { querySync(descriptor: { name: string; variable: string }): { state: string } };
}

const SEED_VARIABLE = "NETNS_SEED";

/**
 * Registers a test whose body runs inside `net.run` of a network of its own. A failure prints the seed, the virtual time, what
 * every task waits for, and the command that runs it again.
 *
 * @throws {TypeError} there is no `Deno.test` here
 */
export function netTest(name: string, body: NetTestBody): void;
/** As above, with options. */
export function netTest(name: string, options: NetTestOptions, body: NetTestBody): void;
export function netTest(name: string, ...rest: [NetTestBody] | [NetTestOptions, NetTestBody]): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  const runtime = (globalThis as { Deno?: TestingRuntime })["Deno"];
  if (runtime?.test === undefined) {
    throw new TypeError("netTest registers tests with Deno.test: run it with `deno test`");
  }
  runtime.test({
    name,
    ignore: options.ignore,
    only: options.only,
    fn: async (context) => {
      for (const seed of seedsOf(options, runtime)) await runOne(name, seed, options, body, context);
    },
  });
}

function seedsOf(options: NetTestOptions, runtime: TestingRuntime): (number | string)[] {
  const asked = environmentSeed(runtime);
  if (asked !== undefined) return [asked];
  const first = options.seed ?? 1;
  if (options.seeds === undefined) return [first];
  if (typeof first !== "number") throw new TypeError("`seeds` counts up from a numeric seed");
  return Array.from({ length: options.seeds }, (_, i) => first + i);
}

/** The seed of the environment, where it may be read without a prompt. */
function environmentSeed(runtime: TestingRuntime): number | string | undefined {
  const state = runtime.permissions?.querySync({ name: "env", variable: SEED_VARIABLE }).state;
  if (state !== "granted") return undefined;
  const text = runtime.env.get(SEED_VARIABLE);
  if (text === undefined || text === "") return undefined;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

async function runOne(
  name: string,
  seed: number | string,
  options: NetTestOptions,
  body: NetTestBody,
  context: NetTestContext,
): Promise<void> {
  using net = new Network({ seed });
  try {
    await net.run(async () => await body(net, context), { timeLimit: options.timeLimit ?? "24h" });
  } catch (error) {
    console.error(report(name, seed, net, context));
    throw error;
  }
}

function report(name: string, seed: number | string, net: Network, context: NetTestContext): string {
  const waits = net.waiting();
  const file = context.origin.startsWith("file://") ? ` ${decodeURIComponent(context.origin.slice(7))}` : "";
  return [
    `netTest "${name}" failed`,
    `  seed:         ${seed}`,
    `  virtual time: ${net.clock.now()} ms`,
    ...(waits.length === 0
      ? ["  waiting for:  nothing"]
      : waits.map((what, i) => `${i === 0 ? "  waiting for:  " : "                "}${what}`)),
    `  replay:       ${SEED_VARIABLE}=${seed} deno test -A --filter ${JSON.stringify(name)}${file}`,
  ].join("\n");
}
