import { octets, outcome, parity, text } from "./parity.ts";

parity("a datagram there and back", async (api) => {
  const a = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  const b = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  const sent = await a.send(octets("ping"), b.addr);
  const [data, from] = await b.receive();
  await b.send(octets("pong"), from);
  const [answer, back] = await a.receive();
  const seen = [sent, text(data), from, text(answer), back, a.addr];
  a.close();
  b.close();
  return seen;
});

parity("a datagram longer than the buffer is cut; an empty one is one", async (api) => {
  const a = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  await a.send(new Uint8Array(100).fill(3), a.addr);
  await a.send(new Uint8Array(0), a.addr);
  await a.send(new Uint8Array(3000).fill(1), a.addr);
  const buffer = new Uint8Array(10);
  const [data] = await a.receive(buffer);
  const seen = [
    data.length,
    data.buffer === buffer.buffer,
    (await a.receive())[0].length,
    (await a.receive())[0].length,
  ];
  a.close();
  return seen;
});

parity("errors of datagram sockets", async (api) => {
  const a = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  const { port } = a.addr as Deno.NetAddr;
  const to = (hostname: string, port: number): Deno.NetAddr => ({ transport: "udp", hostname, port });
  const seen = [
    await outcome(() => api.listenDatagram({ port, hostname: "127.0.0.1", transport: "udp" })),
    await outcome(() => api.listenDatagram({ port: 0, hostname: "9.9.9.9", transport: "udp" })),
    await outcome(() => a.send(octets("nobody"), to("127.0.0.1", 1))),
    await outcome(() => a.send(new Uint8Array(70000), to("127.0.0.1", 1))),
    await outcome(() => a.send(octets("x"), to("::1", 1))),
  ];
  const pending = outcome(() => a.receive());
  a.close();
  seen.push(
    await pending,
    await outcome(() => a.receive()),
    await outcome(() => a.send(octets("x"), to("127.0.0.1", 1))),
    await outcome(() => a.close()),
  );
  return seen;
});

parity("two receivers take turns, and iteration ends with the socket", async (api) => {
  const a = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  const first = a.receive(), second = a.receive();
  await a.send(octets("1"), a.addr);
  await a.send(octets("2"), a.addr);
  const seen = [text((await first)[0]), text((await second)[0])].sort(); // which of two waiting gets the first is not said
  const rest = (async () => {
    for await (const [data] of a) {
      seen.push(text(data));
      a.close();
    }
  })();
  await a.send(octets("3"), a.addr);
  await rest;
  return seen;
});

parity("groups are joined and left", async (api) => {
  const a = api.listenDatagram({ port: 0, hostname: "0.0.0.0", transport: "udp", reuseAddress: true, loopback: true });
  const membership = await a.joinMulticastV4("224.0.0.251", "127.0.0.1");
  await membership.setLoopback(true);
  await membership.setTTL(3);
  const seen = [
    Object.keys(membership),
    await outcome(() => membership.leave()),
    await outcome(() => a.joinMulticastV4("10.0.0.1", "127.0.0.1")),
    await outcome(() => a.joinMulticastV4("group", "127.0.0.1")),
  ];
  a.close();
  return seen;
});
