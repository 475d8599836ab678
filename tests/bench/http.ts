/**
 * W6: HTTP requests with answers of 13 octets over keep-alive connections, 1 and 100 at a time, and WebSocket messages there and
 * back, on a namespace's loopback and, in the same run, on the real one with Deno's own server and client. Prints JSON lines as the
 * peers do, and by how much the heap grew over many requests.
 */
import { Network } from "../../mod.ts";

const WARM_UP = 2000, REQUESTS = 10_000, MESSAGES = 20_000;

interface Api {
  serve: typeof Deno.serve;
  fetch: typeof fetch;
  WebSocket: typeof WebSocket;
  upgradeWebSocket: typeof Deno.upgradeWebSocket;
}

async function requests(api: Api, url: string, count: number, atOnce: number): Promise<void> {
  let left = count;
  const one = async () => {
    while (left-- > 0) await (await api.fetch(url)).text();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

async function messages(api: Api, url: string, count: number): Promise<void> {
  const socket = new api.WebSocket(url.replace("http", "ws"));
  await new Promise((resolve) => socket.onopen = resolve);
  let left = count;
  await new Promise<void>((resolve) => {
    socket.onmessage = () => {
      if (--left > 0) socket.send("Hello, World!");
      else resolve();
    };
    socket.send("Hello, World!");
  });
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
}

async function measure(peer: string, api: Api): Promise<void> {
  const server = api.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    if (request.headers.get("upgrade") === null) return new Response("Hello, World!");
    const { socket, response } = api.upgradeWebSocket(request);
    socket.onmessage = (event) => socket.send(event.data);
    return response;
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const collect = (globalThis as { gc?: () => void }).gc;
  const print = (variant: string, count: number, ms: number, more: object = {}) =>
    console.log(JSON.stringify({ peer, w: "W6", variant, per_s: Math.round(count / ms * 1000), ...more }));
  await requests(api, url, WARM_UP, 100);
  for (const atOnce of [1, 100]) {
    collect?.();
    const heap = Deno.memoryUsage().heapUsed;
    const start = performance.now();
    await requests(api, url, REQUESTS, atOnce);
    const ms = performance.now() - start;
    collect?.();
    print(`fetch-${atOnce}`, REQUESTS, ms, { heap_growth_bytes: Deno.memoryUsage().heapUsed - heap });
  }
  await messages(api, url, WARM_UP);
  const start = performance.now();
  await messages(api, url, MESSAGES);
  print("websocket", MESSAGES, performance.now() - start);
  await server.shutdown();
}

await measure("deno", { serve: Deno.serve, fetch, WebSocket, upgradeWebSocket: Deno.upgradeWebSocket });
using net = new Network({ seed: 1 });
const host = net.host("bench");
await net.run(() =>
  measure("netns", {
    serve: host.serve.bind(host) as typeof Deno.serve,
    fetch: host.fetch.bind(host),
    WebSocket: host.WebSocket,
    upgradeWebSocket: host.upgradeWebSocket.bind(host),
  })
);
