import { type Api, octets, outcome, parity, readAll } from "./parity.ts";

type Serve = { url: string; port: number; stop: () => Promise<void> };

function start(api: Api, handler: Deno.ServeHandler<Deno.NetAddr>, options: Partial<Deno.ServeTcpOptions> = {}): Serve {
  const server = api.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, ...options }, handler);
  return { url: `http://127.0.0.1:${server.addr.port}`, port: server.addr.port, stop: () => server.shutdown() };
}

/** Sends raw octets and gives all that comes back until the server closes. */
async function raw(api: Api, port: number, request: string): Promise<string> {
  const conn = await api.connect({ port, hostname: "127.0.0.1" });
  await conn.write(octets(request));
  const answer = await readAll(conn);
  conn.close();
  return answer.toLowerCase().replace(/date: [^\r]*/g, "date: d");
}

const CLOSE = "Host: x\r\nConnection: close\r\n";

parity("bodies of all kinds, as they are on the wire", async (api) => {
  const { port, stop } = start(api, (request) => {
    switch (new URL(request.url).pathname) {
      case "/text":
        return new Response("hello");
      case "/octets":
        return new Response(octets("abc"));
      case "/none":
        return new Response(null);
      case "/204":
        return new Response(null, { status: 204 });
      case "/304":
        return new Response(null, { status: 304 });
      case "/json":
        return Response.json({ a: 1 });
      case "/form":
        return new Response(new URLSearchParams({ a: "b" }));
      case "/length":
        return new Response("hello", { headers: { "content-length": "3" } });
      case "/status":
        return new Response("x", { status: 418 });
      default:
        return Response.redirect("http://other/");
    }
  });
  const seen = [];
  for (const path of ["/text", "/octets", "/none", "/204", "/304", "/json", "/form", "/length", "/status", "/else"]) {
    seen.push(await raw(api, port, `GET ${path} HTTP/1.1\r\n${CLOSE}\r\n`));
  }
  seen.push(await raw(api, port, `HEAD /text HTTP/1.1\r\n${CLOSE}\r\n`));
  seen.push(await raw(api, port, "GET /text HTTP/1.0\r\n\r\n"));
  await stop();
  return seen;
});

parity("what a handler sees of a request", async (api) => {
  const { port, stop } = start(api, async (request, info) => {
    const { method, url } = request;
    const seen = {
      method,
      url,
      headers: [...request.headers],
      body: await request.text(),
      from: info.remoteAddr.hostname,
    };
    return Response.json(seen);
  });
  const body = async (request: string) => JSON.parse((await raw(api, port, request)).split("\r\n\r\n")[1]);
  const seen = [
    await body(`GET /a?b=c HTTP/1.1\r\n${CLOSE}\r\n`),
    await body(`POST / HTTP/1.1\r\n${CLOSE}Content-Length: 5\r\n\r\nhello`),
    await body(
      `POST / HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n`,
    ),
    await body(`GET http://other/abs HTTP/1.1\r\n${CLOSE}\r\n`),
    await body(`\r\n\r\nPUT /x HTTP/1.1\r\n${CLOSE}A: 1\r\nA: 2\r\n\r\n`),
    await body(`GET / HTTP/1.1\nHost: x\nConnection: close\n\n`),
  ];
  await stop();
  return seen;
});

parity("requests that could be read in two ways are refused", async (api) => {
  const { port, stop } = start(api, () => new Response("handled"));
  const seen = [];
  for (
    const head of [
      "GET / HTTP/1.1\r\nHost: x\rX: y",
      "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c",
      "GET / HTTP/1.1\r\nHost : x",
      "GET / HTTP/1.1\r\nHo(st: x",
      "GET / HTTP/1.1\r\n: x",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip",
      "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked",
      "G(T / HTTP/1.1\r\nHost: x",
      "GET / HTTP/2.0\r\nHost: x",
      "GET / HTTP/1.2\r\nHost: x",
      "GET /",
    ]
  ) seen.push(await raw(api, port, `${head}\r\n\r\n`));
  await stop();
  return seen;
});

parity("errors of a handler, and onError", async (api) => {
  const first = start(api, () => {
    throw new Error("boom");
  }, { onError: (error) => new Response(`caught ${(error as Error).message}`, { status: 503 }) });
  const seen = [await raw(api, first.port, `GET / HTTP/1.1\r\n${CLOSE}\r\n`)];
  await first.stop();
  return seen;
});

parity("requests one after the other on one connection, and pipelined", async (api) => {
  let count = 0;
  const { port, stop } = start(api, () => new Response(String(++count)));
  const answers = await raw(
    api,
    port,
    `GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n${CLOSE}\r\n`,
  );
  await stop();
  return answers;
});

parity("fetch: text, json, headers, status, url", async (api) => {
  const { url, stop } = start(api, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/json") return Response.json({ deep: [1, 2, { x: null }] });
    if (pathname === "/missing") return new Response("no", { status: 404, headers: { "x-why": "gone" } });
    return new Response("hello");
  });
  const response = await api.fetch(`${url}/a?b#c`);
  const missing = await api.fetch(`${url}/missing`);
  const seen = [
    [
      response.status,
      response.statusText,
      response.ok,
      response.url,
      response.redirected,
      response.type,
      await response.text(),
    ],
    await (await api.fetch(`${url}/json`)).json(),
    [missing.status, missing.ok, missing.headers.get("x-why"), await missing.text()],
  ];
  await stop();
  return seen;
});

parity("fetch sends bodies of every kind", async (api) => {
  const { url, stop } = start(api, async (request) =>
    Response.json({
      method: request.method,
      type: request.headers.get("content-type")?.replace(/boundary=.*/, "boundary"),
      length: request.headers.get("content-length"),
      coding: request.headers.get("transfer-encoding"),
      body: request.headers.get("content-type")?.startsWith("multipart/")
        ? [...await request.formData()]
        : await request.text(),
    }));
  const form = new FormData();
  form.set("a", "b");
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(octets("from "));
      controller.enqueue(octets("a stream"));
      controller.close();
    },
  });
  const seen = [];
  for (
    const init of [
      { method: "POST", body: "text" },
      { method: "PUT", body: octets("octets") },
      { method: "POST", body: new URLSearchParams({ a: "b c" }) },
      { method: "POST", body: new Blob(["blob"], { type: "x/y" }) },
      { method: "POST", body: stream },
      { method: "POST" },
      { method: "DELETE" },
      { method: "patch", body: "x" },
    ] as RequestInit[]
  ) seen.push(await (await api.fetch(url, init)).json());
  const multipart = await (await api.fetch(url, { method: "POST", body: form })).json();
  seen.push({ ...multipart, length: multipart.length !== null });
  await stop();
  return seen;
});

parity("redirects and their modes", async (api) => {
  const { url, stop } = start(api, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/end") {
      return Response.json([request.method, request.headers.get("x-kept"), await request.text()]);
    }
    if (pathname === "/loop") return new Response(null, { status: 302, headers: { location: "/loop" } });
    const status = Number(pathname.slice(1));
    return new Response(null, { status, headers: { location: "/end" } });
  });
  const seen = [];
  for (const status of [301, 302, 303, 307, 308]) {
    const response = await api.fetch(`${url}/${status}`, {
      method: "POST",
      body: "sent",
      headers: { "x-kept": "yes" },
    });
    seen.push([response.redirected, response.url, await response.json()]);
  }
  const manual = await api.fetch(`${url}/302`, { redirect: "manual" });
  seen.push([manual.status, manual.headers.get("location"), await manual.text()]);
  seen.push(await outcome(() => api.fetch(`${url}/302`, { redirect: "error" })));
  seen.push(await outcome(() => api.fetch(`${url}/loop`)));
  await stop();
  return seen;
});

parity("fetch's errors", async (api) => [
  await outcome(() => api.fetch("not a url")),
  await outcome(() => api.fetch("other://x")),
  await outcome(() => api.fetch("http://127.0.0.1:1/")),
  await outcome(() => api.fetch("http://127.0.0.1:4/")),
  await outcome(() => api.fetch("http://127.0.0.1/", { body: "x" })),
  await outcome(() => api.fetch("http://127.0.0.1/", { signal: AbortSignal.abort() })),
]);

parity("a response that ends too early, and one that is none", async (api) => {
  const seen = [];
  for (
    const answer of [
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\n\r\nuntil the end",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
      "nonsense\r\n\r\n",
      "",
    ]
  ) {
    const listener = api.listen({ port: 0, hostname: "127.0.0.1" });
    const served = (async () => {
      const conn = await listener.accept();
      await conn.read(new Uint8Array(4096));
      if (answer !== "") await conn.write(octets(answer));
      conn.close();
    })();
    const got = await outcome(async () => {
      const response = await api.fetch(`http://127.0.0.1:${listener.addr.port}/`);
      return [response.status, response.statusText, await response.text()];
    });
    await served;
    listener.close();
    seen.push(got);
  }
  return seen;
});

parity("streaming both ways", async (api) => {
  const { url, stop } = start(api, (request) =>
    new Response(request.body!.pipeThrough(
      new TransformStream({
        transform(chunk: Uint8Array, controller) {
          controller.enqueue(chunk.map((octet) => octet ^ 1));
        },
      }),
    )));
  let count = 0;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(10_000).fill(count));
      if (++count === 40) controller.close();
    },
  });
  const response = await api.fetch(url, { method: "POST", body });
  let sum = 0, length = 0;
  for await (const chunk of response.body!) {
    length += chunk.length;
    for (const octet of chunk) sum += octet;
  }
  await stop();
  return { sum, length };
});

parity("a hundred requests at a time", async (api) => {
  const { url, stop } = start(api, (request) => new Response(new URL(request.url).pathname));
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => await (await api.fetch(`${url}/${i}`)).text()),
  );
  await stop();
  return answers;
});

parity("shutdown waits for the answer under way", async (api) => {
  let begun!: () => void;
  const handling = new Promise<void>((resolve) => begun = resolve);
  const { url, stop } = start(api, async () => {
    begun();
    await api.sleep(30);
    return new Response("late");
  });
  const response = api.fetch(url);
  await handling;
  const stopped = stop();
  const seen = [await (await response).text()];
  await stopped;
  seen.push((await outcome(() => api.fetch(url)) as { name: string }).name);
  return seen;
});
