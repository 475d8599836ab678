/** `fetch`: its pool, and being aborted in each phase. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Network } from "../../mod.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { octets } from "./stream.ts";

Deno.test("fetches one after the other use one connection", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  const ports = new Set<number>();
  await net.run(async () => {
    const server = host.serve({ port: 80, onListen() {} }, (_, info) => {
      ports.add((info.remoteAddr as Deno.NetAddr).port);
      return new Response("x");
    });
    for (let i = 0; i < 5; i++) assertEquals(await (await host.fetch("http://127.0.0.1/")).text(), "x");
    await server.shutdown();
  });
  assertEquals(ports.size, 1);
});

Deno.test("a kept connection that the server has closed meanwhile is replaced by a new one", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  await net.run(async () => {
    const listener = host.listen({ port: 80 });
    let accepted = 0;
    const serving = (async () => {
      for await (const conn of listener) {
        accepted++;
        await conn.read(new Uint8Array(4096));
        await conn.write(octets("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        conn.close();
      }
    })();
    for (let i = 0; i < 3; i++) {
      assertEquals(await (await host.fetch("http://127.0.0.1/", { method: "POST", body: "x" })).text(), "hi");
      await net.clock.sleep(5);
    }
    listener.close();
    await serving;
    assertEquals(accepted, 3);
  });
});

Deno.test("a fetch is aborted before it begins, while it connects, waits for the head, and reads the body", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a"), other = net.host("b");
  net.veth([host, "eth0", "10.0.0.1/24"], [other, "eth0", "10.0.0.2/24"], { delay: "50ms" });
  await net.run(async () => {
    const server = other.serve({ port: 80, onListen() {} }, async (request) => {
      if (request.url.endsWith("/head")) await net.clock.sleep(1000);
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await net.clock.sleep(100);
            controller.enqueue(octets("piece"));
          },
        }),
      );
    });
    const aborted = async (path: string, ms: number) => {
      const controller = new AbortController();
      const fetched = (async () =>
        await (await host.fetch(`http://10.0.0.2/${path}`, { signal: controller.signal })).text())();
      fetched.catch(() => {});
      if (ms > 0) await net.clock.sleep(ms);
      controller.abort(new Error(`after ${ms}`));
      await assertRejects(() => fetched, Error, `after ${ms}`);
    };
    await aborted("x", 0);
    await aborted("x", 20);
    await aborted("head", 400);
    await aborted("body", 700);
    await net.clock.sleep(2000);
    await server.shutdown();
  });
});

Deno.test("many requests leave nothing behind", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await net.run(async () => {
    const server = host.serve({ port: 80, onListen() {} }, () => new Response("Hello, World!"));
    const some = async (count: number) => {
      for (let i = 0; i < count; i++) await (await host.fetch("http://127.0.0.1/")).arrayBuffer();
      collect();
      return Deno.memoryUsage().heapUsed;
    };
    await some(1000);
    const before = await some(1000);
    const after = await some(3000);
    assert(after - before < 2 << 20, `${after - before} octets more after 3,000 requests`);
    await server.shutdown();
  });
});
