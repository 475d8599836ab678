import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { DeadlockError, LeftRunningError, Network, NetworkUsageError } from "../../mod.ts";

Deno.test("an hour of virtual sleep passes at once, and the clock says so", async () => {
  using net = new Network();
  await net.run(async () => {
    await net.clock.sleep(3_600_000);
  });
  assertEquals(net.clock.now(), 3_600_000);
});

Deno.test("sleeps end in the order of their times, then in the order in which they began", async () => {
  using net = new Network();
  const order: string[] = [];
  await net.run(async () => {
    await Promise.all(
      [["b", 20], ["a", 10], ["c", 20], ["z", 0]].map(async ([name, ms]) => {
        await net.clock.sleep(ms as number);
        order.push(`${name}@${net.clock.now()}`);
      }),
    );
  });
  assertEquals(order, ["z@0", "a@10", "b@20", "c@20"]);
});

Deno.test("user code that is woken gets its turn, through any chain of promises, before time goes on", async () => {
  using net = new Network();
  const seen: number[] = [];
  await net.run(async () => {
    const slow = (async () => {
      await net.clock.sleep(5);
      for (let i = 0; i < 200; i++) await Promise.resolve();
      seen.push(net.clock.now());
    })();
    const fast = net.clock.sleep(5.000001).then(() => seen.push(net.clock.now()));
    await Promise.all([slow, fast]);
  });
  assertEquals(seen, [5, 5.000001]);
});

Deno.test("timers and intervals run in virtual time and can be cleared", async () => {
  using net = new Network();
  const ticks: number[] = [];
  await net.run(async () => {
    const { clock } = net;
    const interval = clock.setInterval((label: string) => ticks.push(Number(label) + clock.now()), 100, "0");
    const never = clock.setTimeout(() => ticks.push(-1), 250);
    clock.clearTimeout(never);
    clock.clearTimeout(undefined);
    clock.clearTimeout(12345);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 350));
    clock.clearInterval(interval);
  });
  assertEquals(ticks, [100, 200, 300]);
});

Deno.test("a sleep ends with its signal, and a timeout signal is aborted in virtual time", async () => {
  using net = new Network();
  await net.run(async () => {
    const signal = net.clock.timeoutSignal(50);
    const error = await assertRejects(() => net.clock.sleep(1000, { signal }), DOMException);
    assertEquals(error.name, "TimeoutError");
    assertEquals(net.clock.now(), 50);
    await assertRejects(
      () => net.clock.sleep(1, { signal: AbortSignal.abort(new RangeError("mine")) }),
      RangeError,
      "mine",
    );
  });
});

Deno.test("run gives what its function gives, and throws what it throws", async () => {
  using net = new Network();
  assertEquals(await net.run(() => 7), 7);
  assertEquals(await net.run(async () => await Promise.resolve("x")), "x");
  await assertRejects(() => net.run(() => Promise.reject(new RangeError("no"))), RangeError, "no");
  await assertRejects(
    () =>
      net.run(() => {
        throw new TypeError("at once");
      }),
    TypeError,
    "at once",
  );
});

Deno.test("a promise that nobody can settle is a DeadlockError that says what is waited for", async () => {
  using net = new Network();
  const host = net.host("host");
  using socket = host.listenDatagram({ transport: "udp", port: 53, hostname: "127.0.0.1" });
  const error = await assertRejects(() => net.run(() => socket.receive()), DeadlockError);
  assertStringIncludes(error.message, "receive on 127.0.0.1:53 (udp)");
  assertEquals(error.waits, ["receive on 127.0.0.1:53 (udp)"]);
});

Deno.test("a promise that is not the network's own is a DeadlockError that tells of hold", async () => {
  using net = new Network();
  const error = await assertRejects(() => net.run(() => new Promise(() => {})), DeadlockError);
  assertStringIncludes(error.message, "net.hold(promise)");
});

Deno.test("housekeeping alone does not keep a program that waits for ever alive", async () => {
  using net = new Network();
  const [a, b] = [net.host("a"), net.host("b")];
  net.veth([a, "eth0", "10.0.0.1/24", "fd00::1/64"], [b, "eth0", "10.0.0.2/24", "fd00::2/64"]);
  using socket = a.listenDatagram({ transport: "udp", port: 53, hostname: "10.0.0.1" });
  await assertRejects(() => net.run(() => socket.receive()), DeadlockError);
});

Deno.test("a time limit ends a run with the list of waits", async () => {
  using net = new Network();
  const error = await assertRejects(
    () => net.run(() => net.clock.sleep(10_000), { timeLimit: "2s" }),
    DeadlockError,
  );
  assertStringIncludes(error.message, "the time limit of 2s has passed");
  assertStringIncludes(error.message, "sleep of 10000 ms");
  assertEquals(net.clock.now(), 2000);
});

Deno.test("work that nobody awaited is a LeftRunningError that lists it", async () => {
  using net = new Network();
  const error = await assertRejects(
    () =>
      net.run(() => {
        net.clock.sleep(10);
        net.clock.setInterval(() => {}, 20);
      }),
    LeftRunningError,
  );
  assertEquals(error.work, ["sleep of 10 ms", "setInterval of 20 ms"]);
});

Deno.test("sockets that only wait for others may be left open", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(() => {
    const socket = host.listenDatagram({ transport: "udp", port: 7, hostname: "127.0.0.1" });
    (async () => {
      for await (const [data, from] of socket) await socket.send(data, from);
    })();
  });
});

Deno.test("an error in a timer's callback or in a background task ends the run", async () => {
  using net = new Network();
  await assertRejects(
    () =>
      net.run(async () => {
        net.clock.setTimeout(() => {
          throw new RangeError("in a callback");
        }, 5);
        await net.clock.sleep(1000);
      }),
    RangeError,
    "in a callback",
  );
  using other = new Network();
  await assertRejects(
    () =>
      other.run(async () => {
        (async () => {
          await other.clock.sleep(5);
          throw new RangeError("in the background");
        })();
        await other.clock.sleep(1000);
      }),
    RangeError,
    "in the background",
  );
});

Deno.test("run, advance and step refuse to nest, and a closed network refuses all", async () => {
  const net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    await assertRejects(() => net.run(() => {}), NetworkUsageError, "run() was called while run() runs");
    await assertRejects(() => net.advance(1), NetworkUsageError, "advance() was called while run() runs");
    await assertRejects(() => net.step(), NetworkUsageError);
  });
  net.close();
  net.close();
  await assertRejects(() => net.run(() => {}), NetworkUsageError, "closed");
  assertThrows(() => net.host("a"), NetworkUsageError, "closed");
  assertThrows(() => host.listen({ port: 1 }), NetworkUsageError, "closed");
  await assertRejects(() => host.exec("true"), NetworkUsageError, "closed");
});

Deno.test("advance runs what is due and stops at the moment asked for; step runs one event", async () => {
  using net = new Network();
  const fired: number[] = [];
  net.clock.setTimeout(() => fired.push(net.clock.now()), 10);
  net.clock.setTimeout(() => fired.push(net.clock.now()), 20);
  await net.advance(15);
  assertEquals([fired, net.clock.now()], [[10], 15]);
  assertEquals(await net.step(), true);
  assertEquals([fired, net.clock.now()], [[10, 20], 20]);
  assertEquals(await net.step(), false);
  await net.advance("1h");
  assertEquals(net.clock.now(), 20 + 3_600_000);
});

Deno.test("hold freezes virtual time while the real world works", async () => {
  using net = new Network();
  await net.run(async () => {
    const digest = await net.hold(crypto.subtle.digest("SHA-256", new Uint8Array(1 << 16)));
    assertEquals(digest.byteLength, 32);
    assertEquals(net.clock.now(), 0);
    const both = await Promise.all([net.hold(Deno.readTextFile(new URL(import.meta.url))), net.clock.sleep(5)]);
    assert(both[0].length > 100);
    assertEquals(net.clock.now(), 5);
  });
});

Deno.test("a network on the real clock follows the wall clock", async () => {
  using net = new Network({ clock: "real" });
  await net.run(async () => {
    await net.clock.sleep(20);
    assert(net.clock.now() >= 20 && net.clock.now() < 5000, String(net.clock.now()));
  });
});

Deno.test("hosts and namespaces that cannot be are refused with what to do", () => {
  using net = new Network();
  net.host("a");
  assertThrows(() => net.host("a"), NetworkUsageError, "use another name");
  assertThrows(() => net.host("no spaces"), NetworkUsageError, "Not a host name");
  const namespace = net.namespace("x");
  assertEquals(namespace.name, "x");
  assertThrows(() => net.namespace("x"), NetworkUsageError, "use another name");
  assertThrows(() => net.namespace("a/b"), NetworkUsageError, "Not a name");
  assertEquals([...net.machine.namespaces.keys()], ["x"]);
  net.machine.removeNamespace("x");
  assertThrows(() => net.machine.removeNamespace("x"), NetworkUsageError, "no namespace");
  assertThrows(() => namespace.listen({ port: 1 }), NetworkUsageError, "was deleted");
});
