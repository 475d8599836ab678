import { assert, assertEquals } from "@std/assert";
import { Network } from "../../src/network/network.ts";
import { execute, spawnProgram } from "../../src/shell/execute.ts";
import { Collector } from "../../src/shell/streams.ts";

/** Runs a command line on a new machine: what it printed, its code, and the virtual ms that it took. */
async function run(line: string, stdin = ""): Promise<[text: string, code: number, ms: number]> {
  using net = new Network({ seed: 1 });
  const { machine, kernel } = net.machine;
  const output = new Collector();
  const { code } = await net.run(() => execute(machine, kernel, line, { stdin, stdout: output, stderr: output }));
  assertEquals([...machine.processes.keys()], []);
  return [output.text(), code, net.clock.now()];
}

Deno.test("programs of a pipeline run at once, in virtual time", async () => {
  assertEquals(await run("sleep 3 | sleep 2"), ["", 0, 3000]);
  assertEquals(await run("sleep 3; sleep 2"), ["", 0, 5000]);
});

Deno.test("what is in the background goes on until wait", async () => {
  assertEquals(await run("{ sleep 2; echo b; } & sleep 1; echo a; wait; echo c"), ["a\nb\nc\n", 0, 2000]);
});

Deno.test("what is left in the background is ended with the shell", async () => {
  const [text, code, ms] = await run("sleep 1000 & echo started");
  assertEquals([text, code], ["started\n", 0]);
  assert(ms < 5000);
});

Deno.test("a writer whose reader has gone ends, as by SIGPIPE", async () => {
  assertEquals(await run("yes | head -n 1"), ["y\n", 0, 0]);
  assertEquals((await run("set -o pipefail; { yes; } | head -n 1; echo $?"))[0], "y\n141\n");
  assertEquals((await run("cat /dev/zero | head -c 3 | wc -c"))[0], "3\n");
});

Deno.test("a signal's number is in the exit code of what it ended", async () => {
  assertEquals((await run("sleep 9 & kill $!; wait $!; echo $?"))[0], "143\n");
  assertEquals((await run("sleep 9 & kill -9 $!; wait $!; echo $?"))[0], "137\n");
  assertEquals((await run("sleep 9 & kill -s INT %1; wait %1; echo $?"))[0], "130\n");
  assertEquals((await run("bash -c 'sleep 9; echo never' & kill $!; wait; echo done"))[0], "done\n");
});

Deno.test("timeout ends a program and says 124", async () => {
  assertEquals(await run("timeout 2 sleep 9; echo $?"), ["124\n", 0, 2000]);
  assertEquals(await run("timeout -s KILL 2 sleep 9; echo $?"), ["137\n", 0, 2000]);
});

Deno.test("standard input is read by one program after the other", async () => {
  assertEquals((await run("read a; read b; echo $b $a; cat", "one\ntwo\nthree\n"))[0], "two one\nthree\n");
});

Deno.test("an abort signal ends a command", async () => {
  using net = new Network({ seed: 1 });
  const { machine, kernel } = net.machine;
  const controller = new AbortController();
  net.clock.setTimeout(() => controller.abort(), 1500);
  const result = await net.run(() =>
    execute(machine, kernel, "echo a; sleep 9; echo b", { signal: controller.signal })
  );
  assertEquals(result, { code: 143, stdout: "a\n", stderr: "" });
  assertEquals(net.clock.now(), 1500);
});

Deno.test("a program is started by its words, and told signals", async () => {
  using net = new Network({ seed: 1 });
  const { machine, kernel } = net.machine;
  const stdout = new Collector();
  const { process, done } = spawnProgram(machine, kernel, ["sleep", "9"], { stdout });
  net.clock.setTimeout(() => process.kill("SIGTERM"), 10);
  assertEquals(await net.run(() => done), 143);
  assertEquals(process.killedBy, "SIGTERM");
});

Deno.test("two runs of a seed print the same", async () => {
  const line = "echo $RANDOM; head -c 16 /dev/urandom | sha256sum; date; ls /etc";
  assertEquals(await run(line), await run(line));
});

Deno.test("a shell that calls itself for ever is stopped", async () => {
  const [text, code] = await run("f() { f; }; f; echo $?");
  assertEquals(code, 0);
  assert(text.includes("maximum function nesting level exceeded"));
});
