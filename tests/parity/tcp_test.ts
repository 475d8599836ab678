import { octets, outcome, pair, parity, readAll, text } from "./parity.ts";

parity("a line each way, then the end of the stream", async (api) => {
  const [client, server] = await pair(api);
  await client.write(octets("question\n"));
  const buffer = new Uint8Array(64);
  const asked = text(buffer.subarray(0, (await server.read(buffer))!));
  await server.write(octets("answer\n"));
  await server.closeWrite();
  const answer = await readAll(client);
  client.close();
  const end = await server.read(buffer);
  server.close();
  return { asked, answer, end };
});

parity("addresses of a connection and a listener", async (api) => {
  const listener = api.listen({ port: 0 });
  const accepted = listener.accept();
  const client = await api.connect({ port: listener.addr.port });
  const server = await accepted;
  const seen = {
    listener: listener.addr,
    client: [client.localAddr, client.remoteAddr],
    server: [server.localAddr, server.remoteAddr],
    prototype: Object.getPrototypeOf(client.localAddr),
    same: client.localAddr.port === server.remoteAddr.port,
  };
  client.close();
  server.close();
  listener.close();
  return seen;
});

parity("an IPv6 listener takes IPv4 as mapped addresses", async (api) => {
  const listener = api.listen({ port: 0, hostname: "::" });
  const accepted = listener.accept();
  const client = await api.connect({ port: listener.addr.port, hostname: "127.0.0.1" });
  const server = await accepted;
  const seen = [listener.addr, client.remoteAddr, server.localAddr, server.remoteAddr];
  client.close();
  server.close();
  listener.close();
  return seen;
});

parity("nobody listens, wrong ports, addresses that are not ours", async (api) => {
  const listener = api.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  const seen = [
    await outcome(() => api.connect({ port: 1, hostname: "127.0.0.1" })),
    await outcome(() => api.listen({ port, hostname: "127.0.0.1" })),
    await outcome(() => api.listen({ port: 0, hostname: "9.9.9.9" })),
    await outcome(() => api.listen({ port: 70000 })),
    await outcome(() => api.listen({ port: "abc" as unknown as number })),
    await outcome(() => api.connect({ port: -1 })),
    await outcome(() => api.connect({} as Deno.ConnectOptions)),
    await outcome(() =>
      api.connect({ port: 1, hostname: "127.0.0.1", signal: AbortSignal.abort() } as Deno.ConnectOptions)
    ),
  ];
  listener.close();
  return seen;
});

parity("everything on a closed connection is a bad resource", async (api) => {
  const [client, server] = await pair(api);
  const pending = outcome(() => client.read(new Uint8Array(8)));
  client.close();
  const seen = [
    await pending,
    await outcome(() => client.read(new Uint8Array(8))),
    await outcome(() => client.write(new Uint8Array(8))),
    await outcome(() => client.closeWrite()),
    await outcome(() => client.close()),
    await outcome(() => client.remoteAddr.hostname),
    await server.read(new Uint8Array(8)),
  ];
  server.close();
  return seen;
});

parity("writing to a peer that has gone", async (api) => {
  const [client, server] = await pair(api);
  client.close();
  await api.sleep(20);
  const seen = [
    await outcome(() => server.read(new Uint8Array(8))),
    await outcome(() => server.write(octets("first"))),
  ];
  await api.sleep(20);
  seen.push(await outcome(() => server.write(octets("second"))));
  seen.push(await outcome(() => server.read(new Uint8Array(8))));
  seen.push(await outcome(() => server.closeWrite()));
  server.close();
  return seen;
});

parity("a peer that closes with unread data", async (api) => {
  const [client, server] = await pair(api);
  await server.write(octets("never read"));
  await api.sleep(20);
  client.close();
  await api.sleep(20);
  const seen = [
    await outcome(() => server.read(new Uint8Array(8))),
    await outcome(() => server.write(octets("x"))),
  ];
  server.close();
  return seen;
});

parity("half a close: the other half goes on", async (api) => {
  const [client, server] = await pair(api);
  await client.closeWrite();
  const seen = [
    await outcome(() => client.write(octets("x"))),
    await outcome(() => client.closeWrite()),
    await server.read(new Uint8Array(8)),
    await server.write(octets("still here")),
  ];
  server.close();
  seen.push(await readAll(client) as unknown as number);
  client.close();
  return seen;
});

parity("reads take turns, and an empty buffer reads nothing", async (api) => {
  const [client, server] = await pair(api);
  const seen = [await client.read(new Uint8Array(0))];
  const first = client.read(new Uint8Array(4)), second = client.read(new Uint8Array(4));
  await server.write(octets("abcdef"));
  seen.push(await first, await second);
  client.close();
  server.close();
  return seen;
});

parity("a listener that is closed while it accepts", async (api) => {
  const listener = api.listen({ port: 0, hostname: "127.0.0.1" });
  const pending = outcome(() => listener.accept());
  const busy = outcome(() => listener.accept());
  await api.sleep(5);
  listener.close();
  const seen = [
    await pending,
    await busy,
    await outcome(() => listener.accept()),
    await outcome(() => listener.close()),
  ];
  for await (const _conn of listener) seen.push("a connection");
  return seen;
});

parity("a listener's iteration ends when it is closed", async (api) => {
  const listener = api.listen({ port: 0, hostname: "127.0.0.1" });
  let count = 0;
  const served = (async () => {
    for await (const conn of listener) {
      count++;
      conn.close();
    }
  })();
  for (let i = 0; i < 3; i++) {
    const conn = await api.connect({ port: listener.addr.port, hostname: "127.0.0.1" });
    await conn.read(new Uint8Array(1));
    conn.close();
  }
  listener.close();
  await served;
  return count;
});

parity("streams close the connection at their end", async (api) => {
  const [client, server] = await pair(api);
  await client.write(octets("through a stream"));
  await client.closeWrite();
  let all = "";
  for await (const chunk of server.readable) all += text(chunk);
  const seen = [all, await outcome(() => server.write(octets("x"))), await outcome(() => server.close())];
  seen.push(await client.read(new Uint8Array(4)));
  client.close();
  return [...seen, server.readable === server.readable, server.writable === server.writable];
});

parity("a writable stream sends, and closing it closes the connection", async (api) => {
  const [client, server] = await pair(api);
  const writer = client.writable.getWriter();
  await writer.write(octets("one "));
  await writer.write(octets("two"));
  await writer.close();
  const seen = [
    await readAll(server),
    await outcome(() => client.read(new Uint8Array(4))),
    await outcome(() => client.close()),
  ];
  server.close();
  return seen;
});

parity("a cancelled stream closes the connection", async (api) => {
  const [client, server] = await pair(api);
  await server.readable.cancel();
  const seen = [await outcome(() => server.write(octets("x"))), await client.read(new Uint8Array(4))];
  client.close();
  return seen;
});

parity("a pipe through an echo server brings back a megabyte", async (api) => {
  const [client, server] = await pair(api);
  const echoed = server.readable.pipeTo(server.writable);
  const data = new Uint8Array(1 << 20).map((_, i) => i * 7);
  const sent = (async () => {
    for (let at = 0; at < data.length;) at += await client.write(data.subarray(at));
    await client.closeWrite();
  })();
  let sum = 0, count = 0;
  for await (const chunk of client.readable) {
    count += chunk.length;
    for (const octet of chunk) sum = (sum * 31 + octet) % 1000003;
  }
  await sent;
  await echoed;
  return { sum, count };
});

parity("options and disposal", async (api) => {
  const [client, server] = await pair(api);
  client.setNoDelay();
  client.setNoDelay(false);
  client.setKeepAlive(true);
  client.unref();
  client.ref();
  {
    using _client = client;
  }
  const seen = [await outcome(() => client.close()), await server.read(new Uint8Array(1))];
  server.close();
  return seen;
});
