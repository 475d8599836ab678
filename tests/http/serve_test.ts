/** The server: how requests arrive, limits, what goes wrong on either side. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Host, Network } from "../../mod.ts";
import { octets } from "./stream.ts";

type Handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) => Response | Promise<Response>;

async function withServer(
  handler: Handler,
  test: (host: Host, net: Network, server: Deno.HttpServer) => Promise<void>,
  options: Partial<Deno.ServeTcpOptions> = {},
): Promise<void> {
  using net = new Network({ seed: 1 });
  const host = net.host("web");
  await net.run(async () => {
    const server = host.serve({ port: 80, onListen() {}, ...options }, handler as never);
    await test(host, net, server as unknown as Deno.HttpServer);
    await server.shutdown();
  });
}

async function raw(host: Host, request: string, size = Infinity): Promise<string> {
  const conn = await host.connect({ hostname: "127.0.0.1", port: 80 });
  const data = octets(request);
  (conn as unknown as Deno.TcpConn).setNoDelay();
  for (let at = 0; at < data.length;) at += await conn.write(data.subarray(at, Math.min(data.length, at + size)));
  const answer = await new Response(conn.readable).text();
  return answer.replace(/date: [^\r]*/i, "date: d");
}

const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
  "POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nT: u\r\n\r\n",
  "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "GET / HTTP/1.0\r\n\r\n",
  "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "\r\n\r\nPUT /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
  "GET / HTTP/1.1\nHost: a\nConnection: close\n\n",
  "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n",
  "nonsense\r\n\r\n",
];

Deno.test("a request that arrives octet by octet is answered like one that arrives whole", async () => {
  await withServer(
    async (request) => new Response(`${request.method} ${request.url} ${await request.text().catch(() => "broken")}`),
    async (host) => {
      for (const request of REQUESTS) {
        const whole = await raw(host, request);
        for (const size of [1, 2, 7]) assertEquals(await raw(host, request, size), whole, request);
      }
    },
  );
});

Deno.test("requests that two readers could read in two ways are refused with 400, and the connection is closed", async () => {
  await withServer(() => new Response("handled"), async (host) => {
    for (
      const head of [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "GET / HTTP/1.1\r\nHost: a\rX: b",
        "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c",
        "GET / HTTP/1.1\r\nHost : a",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5",
        "GET / HTTP/1.1\r\nHost: a\r\nA: \0",
        "GET  / HTTP/1.1\r\nHost: a",
        "GET / HTTP/1.1 \r\nHost: a",
      ]
    ) {
      const answer = await raw(host, `${head}\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert(answer.startsWith("HTTP/1.1 400 "), `${head}: ${answer}`);
      assertEquals(answer.includes("handled"), false, head);
    }
  });
});

Deno.test("bad sizes of chunks break the body", async () => {
  const seen: string[] = [];
  await withServer(async (request) => {
    seen.push(await request.text().catch((error) => error.constructor.name));
    return new Response("");
  }, async (host) => {
    const head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (
      const body of [
        "zz\r\n",
        "-5\r\nhello",
        "5 5\r\nhello\r\n",
        "5\nhello\r\n",
        "0x5\r\nhello\r\n",
        "fffffffffffffffff\r\n",
        "5\r\nhello0\r\n\r\n",
      ]
    ) {
      await raw(host, head + body);
    }
  });
  assertEquals(seen, Array(7).fill("BadResource"));
});

Deno.test("a head that is too long, or has too many fields, is answered with 400, as Deno does", async () => {
  await withServer(() => new Response("handled"), async (host) => {
    const long = await raw(host, `GET / HTTP/1.1\r\nHost: a\r\nA: ${"x".repeat(100_000)}\r\n\r\n`);
    assert(long.startsWith("HTTP/1.1 400 "), long.slice(0, 40));
    const many = await raw(host, `GET / HTTP/1.1\r\nHost: a\r\n${"A: b\r\n".repeat(2000)}\r\n`);
    assert(many.startsWith("HTTP/1.1 400 "), many.slice(0, 40));
  });
});

Deno.test("a client that goes away while the handler works aborts the request's signal", async () => {
  let reason = "";
  await withServer((request) => {
    return new Promise((resolve) => {
      request.signal.addEventListener("abort", () => {
        reason = request.signal.reason.name;
        resolve(new Response("too late"));
      });
    });
  }, async (host, net) => {
    const conn = await host.connect({ hostname: "127.0.0.1", port: 80 });
    await conn.write(octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    await net.clock.sleep(10);
    conn.close();
    await net.clock.sleep(10);
    assertEquals(reason, "AbortError");
  });
});

Deno.test("a client that closes its half aborts the signal, and still gets its answer", async () => {
  let aborted = false;
  await withServer(async (request) => {
    await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
    aborted = true;
    return new Response("late");
  }, async (host) => {
    const conn = await host.connect({ hostname: "127.0.0.1", port: 80 });
    await conn.write(octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    await conn.closeWrite();
    const answer = await new Response(conn.readable).text();
    assert(answer.endsWith("late"), answer);
    assert(aborted);
  });
});

Deno.test("a client that goes away in the middle of its body breaks the body", async () => {
  let seen = "";
  await withServer(async (request) => {
    seen = await request.text().catch((error) => error.constructor.name);
    return new Response("");
  }, async (host, net) => {
    const conn = await host.connect({ hostname: "127.0.0.1", port: 80 });
    await conn.write(octets("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly so much"));
    conn.close();
    await net.clock.sleep(10);
  });
  assertEquals(seen, "BadResource");
});

Deno.test("a handler that throws gives 500, and the connection goes on", async () => {
  let count = 0;
  await withServer(() => {
    if (count++ === 0) throw new Error("boom");
    return new Response("fine");
  }, async (host) => {
    const answers = await raw(
      host,
      "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    assert(/^HTTP\/1.1 500 .*HTTP\/1.1 200 OK.*fine$/s.test(answers), answers);
  }, { onError: () => new Response("sorry", { status: 500 }) });
});

Deno.test("a handler that never answers is left when the server's signal is aborted", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("web");
  await net.run(async () => {
    const stop = new AbortController();
    const server = host.serve({ port: 80, onListen() {}, signal: stop.signal }, () => new Promise(() => {}));
    const answer = host.fetch("http://127.0.0.1/");
    await net.clock.sleep(10);
    stop.abort();
    await assertRejects(() => answer, TypeError);
    await server.finished;
  });
});

Deno.test("a server on a Unix path answers there", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("web");
  await net.run(async () => {
    const server = host.serve(
      { path: "/tmp/web.sock", onListen() {} },
      (request) => new Response(new URL(request.url).pathname),
    );
    const conn = await host.connect({ transport: "unix", path: "/tmp/web.sock" });
    await conn.write(octets("GET /unix HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert((await new Response(conn.readable).text()).endsWith("/unix"));
    await server.shutdown();
  });
});

Deno.test("automatic compression codes what the client takes and what can be coded", async () => {
  await withServer(
    (request) =>
      new Response("x".repeat(2000), { headers: { "content-type": new URL(request.url).pathname.slice(1) } }),
    async (host) => {
      const head = async (path: string, coding: string) =>
        (await raw(host, `GET /${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${coding}\r\nConnection: close\r\n\r\n`))
          .split("\r\n\r\n")[0];
      assert(/content-encoding: gzip/i.test(await head("text/plain", "gzip")));
      assertEquals(/content-encoding/i.test(await head("text/plain", "identity")), false);
      assertEquals(/content-encoding/i.test(await head("image/png", "gzip")), false);
      const response = await host.fetch("http://127.0.0.1/text/plain");
      assertEquals((await response.text()).length, 2000);
    },
    { automaticCompression: true },
  );
});

Deno.test("completed resolves when the answer is sent, and is Interrupted when the client goes before its end", async () => {
  const outcomes: Promise<string>[] = [];
  using net = new Network({ seed: 1 });
  const host = net.host("web");
  await net.run(async () => {
    const server = host.serve({ port: 80, onListen() {} }, (request, info) => {
      outcomes.push(info.completed.then(() => "sent", (error) => error.constructor.name));
      if (request.url.endsWith("/whole")) return new Response("x");
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await net.clock.sleep(10);
            controller.enqueue(octets("piece"));
          },
        }),
      );
    });
    assertEquals(await (await host.fetch("http://127.0.0.1/whole")).text(), "x");
    const conn = await host.connect({ hostname: "127.0.0.1", port: 80 });
    await conn.write(octets("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    await net.clock.sleep(25);
    conn.close();
    await net.clock.sleep(20);
    assertEquals(await Promise.all(outcomes), ["sent", "Interrupted"]);
    await server.shutdown();
  });
});
