import { type Api, octets, outcome, parity } from "./parity.ts";

/** A server that echoes, and closes when it is told to. */
function echo(api: Api, options: Deno.UpgradeWebSocketOptions = {}) {
  const log: unknown[] = [];
  const server = api.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    try {
      const { socket, response } = api.upgradeWebSocket(request, options);
      socket.onopen = () => log.push(["open", socket.readyState, socket.url, socket.binaryType]);
      socket.onmessage = (event) => {
        log.push(["message", typeof event.data === "string" ? event.data : event.data.constructor.name]);
        if (event.data === "close") socket.close(4001, "bye");
        else socket.send(event.data);
      };
      socket.onclose = (event) => log.push(["close", event.code, event.reason, event.wasClean]);
      socket.onerror = (event) => log.push(["error", (event as ErrorEvent).message]);
      return response;
    } catch (error) {
      log.push(["refused", (error as Error).name, (error as Error).message]);
      return new Response("no", { status: 400 });
    }
  });
  return { url: `ws://127.0.0.1:${server.addr.port}/`, port: server.addr.port, log, stop: () => server.shutdown() };
}

function client(api: Api, url: string, protocols?: string | string[]) {
  const log: unknown[] = [];
  const socket = new api.WebSocket(url, protocols);
  const opened = Promise.withResolvers<void>();
  const waiting = { messages: Infinity, received: Promise.withResolvers<void>() };
  const closed = new Promise<void>((resolve) => {
    socket.onopen = () => {
      log.push(["open", socket.readyState, socket.protocol, socket.extensions, socket.binaryType]);
      opened.resolve();
    };
    socket.onmessage = (event) => {
      log.push(["message", typeof event.data === "string" ? event.data : event.data.constructor.name]);
      if (--waiting.messages === 0) waiting.received.resolve();
    };
    socket.onerror = (event) => log.push(["error", (event as ErrorEvent).message]);
    socket.onclose = (event) => {
      log.push(["close", event.code, event.reason, event.wasClean, socket.readyState]);
      resolve();
    };
  });
  /** Waits for that many messages from now on: the real machine may be slow. */
  const received = (messages: number) => {
    waiting.messages = messages;
    return waiting.received.promise;
  };
  return { socket, log, opened: opened.promise, received, closed };
}

parity("messages there and back, and a clean close", async (api) => {
  const server = echo(api);
  const { socket, log, opened, received, closed } = client(api, server.url);
  await opened;
  const echoed = received(3);
  socket.send("hello");
  socket.send(octets("abc"));
  socket.send("x".repeat(70_000));
  await echoed;
  socket.close(1000, "done");
  const state = socket.readyState;
  await closed;
  await api.sleep(20);
  await server.stop();
  return [state, log, server.log];
});

parity("the server closes", async (api) => {
  const server = echo(api);
  const { socket, log, opened, closed } = client(api, server.url);
  await opened;
  socket.send("close");
  await closed;
  await api.sleep(20);
  await server.stop();
  return [log, server.log];
});

parity("a subprotocol is chosen, or the handshake fails", async (api) => {
  const server = echo(api, { protocol: "chat" });
  const chosen = client(api, server.url, ["chat", "other"]);
  await chosen.opened;
  chosen.socket.close();
  await chosen.closed;
  const refused = client(api, server.url, ["other"]);
  await refused.closed;
  await server.stop();
  return [chosen.log, refused.log];
});

parity("misuse of a WebSocket", async (api) => {
  const server = echo(api);
  const { socket, log, opened, closed } = client(api, server.url);
  const seen = [await outcome(() => socket.send("too early"))];
  await opened;
  seen.push(await outcome(() => socket.close(1001)));
  seen.push(await outcome(() => socket.close(3000, "x".repeat(124))));
  seen.push(await outcome(() => new api.WebSocket("other://x")));
  socket.close();
  socket.close();
  await closed;
  await server.stop();
  return [seen, log];
});

parity("nobody there, and a server that does not upgrade", async (api) => {
  const plain = api.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => new Response("plain"));
  const one = client(api, `ws://127.0.0.1:${plain.addr.port}/`);
  await one.closed;
  await plain.shutdown();
  const two = client(api, `ws://127.0.0.1:${plain.addr.port}/`);
  await two.closed;
  return [one.log, two.log];
});
