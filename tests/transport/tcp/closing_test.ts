import { assert, assertEquals } from "@std/assert";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { ADDRESS_B, type Pair, pair, run } from "./wire.ts";

const EAGAIN = -11, EPIPE = -32, ETIMEDOUT = 110, ECONNRESET = 104;

function connection(p: Pair, set?: (listener: TcpSocket) => void): [client: TcpSocket, server: TcpSocket] {
  const listener = new TcpSocket(p.b.tcp);
  set?.(listener);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  const client = new TcpSocket(p.a.tcp);
  client.connect(ADDRESS_B, 80);
  run(p.world, 500);
  const server = listener.accept()!;
  listener.close();
  return [client, server];
}

const octets = (n: number) => new Uint8Array(n).fill(1);

Deno.test("who closes first waits 60 s; the other is gone at once, and nothing is left", () => {
  const p = pair();
  const [client, server] = connection(p);
  client.close();
  run(p.world, 10);
  assertEquals([server.state, server.read(octets(10))], ["CLOSE-WAIT", 0]);
  server.close();
  run(p.world, 10);
  assertEquals([p.a.tcp.timeWaiters, p.a.tcp.connections.size, p.b.tcp.connections.size], [1, 1, 0]);
  run(p.world, 60e3);
  assertEquals([p.a.tcp.connections.size, p.world.packets.outstanding], [0, 0]);
});

Deno.test("half closed: the other way goes on", () => {
  const p = pair();
  const [client, server] = connection(p);
  client.write(octets(100));
  assertEquals(client.shutdown("write"), 0);
  assertEquals(client.write(octets(1)), EPIPE);
  run(p.world, 300);
  assertEquals([server.read(octets(200)), server.read(octets(200))], [100, 0]);
  assertEquals(server.write(octets(3000)), 3000);
  run(p.world, 10);
  assertEquals([client.state, client.read(octets(5000))], ["FIN-WAIT-2", 3000]);
  server.close();
  run(p.world, 10);
  assertEquals([client.read(octets(10)), client.state], [0, "UNCONN"]);
});

Deno.test("written data is sent after close; a peer that does not read keeps the orphan until it does", () => {
  const p = pair();
  const [client, server] = connection(p);
  let sent = 0;
  for (let n = 0; n >= 0; n = client.write(octets(65536))) sent += n;
  run(p.world, 1000);
  for (let n = 0; n >= 0; n = client.write(octets(65536))) sent += n;
  client.close();
  run(p.world, 20e3);
  let got = 0;
  const drain = () => {
    for (let n = server.read(octets(65536)); n > 0; n = server.read(octets(65536))) got += n;
  };
  server.onReadable = drain;
  drain();
  run(p.world, 10e3);
  assertEquals(got, sent);
  assertEquals(server.state, "CLOSE-WAIT");
  server.close();
});

Deno.test("closing with unread data resets, and so does aborting", () => {
  for (const abort of [false, true]) {
    const p = pair();
    const [client, server] = connection(p);
    let failed = 0;
    client.onError = () => failed = client.takeError();
    if (!abort) client.write(octets(10));
    run(p.world, 100);
    if (abort) server.abort();
    else server.close();
    run(p.world, 100);
    assertEquals([failed, client.state, client.read(octets(1))], [ECONNRESET, "UNCONN", 0]);
    assertEquals([p.a.tcp.connections.size, p.b.tcp.connections.size], [0, 0]);
    assertEquals(p.b.tcp.counters.OutRsts, 1);
  }
});

Deno.test("a peer that vanishes: time-outs double until about 15 minutes have passed", () => {
  const p = pair();
  const [client] = connection(p);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  for (const wire of p.wires) wire.faults = { loss: 1 };
  client.write(octets(10));
  const begun = p.world.scheduler.now;
  run(p.world, 3000e3, () => failed !== 0);
  const seconds = (p.world.scheduler.now - begun) / 1e9;
  assertEquals(failed, ETIMEDOUT);
  assert(seconds > 924 && seconds < 1100, `${seconds} s`);
});

Deno.test("TCP_USER_TIMEOUT ends it sooner", () => {
  const p = pair();
  const [client] = connection(p);
  client.userTimeout = 5000;
  let failed = 0;
  client.onError = () => failed = client.takeError();
  for (const wire of p.wires) wire.faults = { loss: 1 };
  client.write(octets(10));
  const begun = p.world.scheduler.now;
  run(p.world, 3000e3, () => failed !== 0);
  const seconds = (p.world.scheduler.now - begun) / 1e9;
  assert(failed === ETIMEDOUT && seconds > 5 && seconds < 6.5, `${failed} after ${seconds} s`);
});

Deno.test("keepalive finds a peer that is gone, and leaves one alone that answers", () => {
  const p = pair();
  const [client, server] = connection(p);
  client.keepAlive = true;
  client.keepIdle = 10;
  client.keepInterval = 5;
  client.keepCount = 3;
  let failed = 0;
  client.onError = () => failed = client.takeError();
  run(p.world, 3600e3);
  assertEquals([failed, client.state, server.state], [0, "ESTAB", "ESTAB"]);
  assert(p.a.tcp.ext.TCPKeepAlive > 300);
  for (const wire of p.wires) wire.faults = { loss: 1 };
  const begun = p.world.scheduler.now;
  run(p.world, 3600e3, () => failed !== 0);
  const seconds = (p.world.scheduler.now - begun) / 1e9;
  assert(failed === ETIMEDOUT && seconds < 30, `${failed} after ${seconds} s`);
});

Deno.test("FIN-WAIT-2 of an orphan ends after tcp_fin_timeout", () => {
  const p = pair();
  p.a.tcp.sysctls.finTimeout = 5;
  const [client, server] = connection(p);
  client.close();
  run(p.world, 1000);
  assertEquals([...p.a.tcp.connections].map((c) => c.state), [5]);
  run(p.world, 6e3);
  assertEquals(p.a.tcp.connections.size, 0);
  assertEquals(server.write(octets(10)), 10);
  run(p.world, 100);
  assertEquals(server.write(octets(10)), EPIPE);
});

Deno.test("a listener that closes resets those that nobody accepted", () => {
  const p = pair();
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  const client = new TcpSocket(p.a.tcp);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  client.connect(ADDRESS_B, 80);
  run(p.world, 10);
  listener.close();
  run(p.world, 10);
  assertEquals([failed, p.b.tcp.connections.size, client.read(octets(1))], [ECONNRESET, 0, 0]);
});

Deno.test("closing while the SYN is on its way leaves nothing", () => {
  const p = pair(1, { loss: 1 });
  const client = new TcpSocket(p.a.tcp);
  client.connect(ADDRESS_B, 80);
  run(p.world, 10);
  client.close();
  assertEquals([p.a.tcp.connections.size, p.world.packets.outstanding], [0, 0]);
  run(p.world, 10e3);
});

Deno.test("a thousand keepalive connections idle for an hour cost about a second at the most", () => {
  const p = pair();
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(2000);
  const clients = Array.from({ length: 1000 }, () => {
    const client = new TcpSocket(p.a.tcp);
    client.keepAlive = true;
    client.keepIdle = 60;
    client.connect(ADDRESS_B, 80);
    return client;
  });
  run(p.world, 1000);
  const begun = performance.now();
  run(p.world, 3600e3);
  const seconds = (performance.now() - begun) / 1000;
  assert(clients.every((client) => client.state === "ESTAB"));
  assert(p.a.tcp.ext.TCPKeepAlive > 40000);
  assert(seconds < 10, `${seconds} s of wall time`);
});

Deno.test("reading in small pieces does not send windows that are silly", () => {
  const p = pair();
  const [client, server] = connection(p);
  while (client.write(octets(65536)) !== EAGAIN);
  run(p.world, 5000);
  const before = p.b.tcp.connections.size && server.info().segsOut;
  for (let i = 0; i < 1000; i++) server.read(octets(10));
  assert(server.info().segsOut - before < 3, "10,000 octets of a closed window are not worth many updates");
});
