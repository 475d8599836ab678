import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { netTest } from "../../src/testing/mod.ts";

netTest("a test has a network of its own, and virtual time", async (net) => {
  const host = net.host("host");
  await net.clock.sleep(3_600_000);
  assertEquals(net.clock.now(), 3_600_000);
  assertEquals((await host.exec("ping -c 1 127.0.0.1")).code, 0);
});

netTest("the seed is the test's", { seed: 42 }, async (net) => {
  await Promise.resolve();
  assertEquals(net.seed, Deno.env.get("NETNS_SEED") === undefined ? 42 : net.seed);
});

const seeds: unknown[] = [];
netTest("a test runs with as many seeds as are asked for", { seed: 5, seeds: 3 }, (net) => {
  seeds.push(net.seed);
});
Deno.test("they counted up", () => {
  if (Deno.env.get("NETNS_SEED") === undefined) assertEquals(seeds, [5, 6, 7]);
});

netTest("steps work as in Deno's tests", async (net, t) => {
  await t.step("sleep", async () => {
    await net.clock.sleep(10);
  });
  assertEquals(net.clock.now(), 10);
});

/** Runs a file of tests as a user would, and gives what it prints. */
async function runTests(source: string, env: Record<string, string> = {}): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a_test.ts`, source);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", "--no-lock", "--no-config", `${folder}/a_test.ts`],
      env: { NO_COLOR: "1", ...env },
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const MODULE = new URL("../../src/testing/mod.ts", import.meta.url).href;

Deno.test("a failure says the seed, the virtual time, what is waited for, and how to run it again", async () => {
  const printed = await runTests(`
    import { netTest } from "${MODULE}";
    netTest("waits in vain", { seed: 9 }, async (net) => {
      const host = net.host("host");
      await net.clock.sleep(250);
      const socket = host.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 9 });
      await socket.receive();
    });
  `);
  assertStringIncludes(printed, 'netTest "waits in vain" failed');
  assertMatch(printed, /seed: +9\n +virtual time: \d+(\.\d+)? ms\n +waiting for: +receive on 127\.0\.0\.1:9 \(udp\)/);
  assertMatch(printed, /replay: +NETNS_SEED=9 deno test -A --filter "waits in vain" .*a_test\.ts/);
  assertStringIncludes(printed, "DeadlockError");
  assertStringIncludes(printed, "0 passed | 1 failed");
});

Deno.test("NETNS_SEED replaces the seed", async () => {
  const printed = await runTests(
    `
    import { netTest } from "${MODULE}";
    netTest("prints its seed", { seed: 9, seeds: 100 }, (net) => console.log("seed is", net.seed));
  `,
    { NETNS_SEED: "1234" },
  );
  assertEquals(printed.match(/seed is .*/g), ["seed is 1234"]);
});
