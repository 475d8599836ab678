import { octets, outcome, parity, readAll, text } from "./parity.ts";

parity("a Unix stream", async (api) => {
  const path = api.path("stream.sock");
  const listener = api.listen({ transport: "unix", path });
  const accepted = listener.accept();
  const client = await api.connect({ transport: "unix", path });
  const server = await accepted;
  const addresses = [listener.addr, client.localAddr, client.remoteAddr, server.localAddr, server.remoteAddr]
    .map((addr) => addr.path === path ? "path" : addr.path);
  await server.write(octets("hello"));
  server.close();
  const seen = [addresses, await readAll(client), await outcome(() => client.write(octets("x")))];
  client.close();
  seen.push(await outcome(() => api.listen({ transport: "unix", path })));
  listener.close();
  seen.push((await outcome(() => api.connect({ transport: "unix", path })) as { name: string }).name);
  return seen;
});

parity("closing with unread data resets a Unix stream", async (api) => {
  const path = api.path("reset.sock");
  const listener = api.listen({ transport: "unix", path });
  const accepted = listener.accept();
  const client = await api.connect({ transport: "unix", path });
  const server = await accepted;
  await client.write(octets("unread"));
  server.close();
  const seen = [await outcome(() => client.read(new Uint8Array(4))), await outcome(() => client.closeWrite())];
  client.close();
  listener.close();
  return seen;
});

parity("Unix datagrams", async (api) => {
  const path = api.path("a.sock"), other = `${path}2`;
  const a = api.listenDatagram({ transport: "unixpacket", path });
  const b = api.listenDatagram({ transport: "unixpacket", path: other });
  const sent = await a.send(octets("x"), b.addr);
  const [data, from] = await b.receive();
  const gone = await outcome(() => a.send(octets("x"), { transport: "unixpacket", path: `${path}3` }));
  const seen = [sent, text(data), (from as Deno.UnixAddr).path === path, gone];
  a.close();
  b.close();
  return seen;
});
