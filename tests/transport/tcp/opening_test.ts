import { assert, assertEquals } from "@std/assert";
import { changeLink, createLink } from "../../../src/device/link.ts";
import { IN6ADDR_ANY, IN6ADDR_LOOPBACK, mapped6, parseIpv6 } from "../../../src/wire/ipv6.ts";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { ADDRESS_A, ADDRESS_B, pair, run } from "./wire.ts";

const LOOPBACK = 0x7f000001;
const EAGAIN = -11, EINVAL = -22, EPIPE = -32, EADDRINUSE = -98, EADDRNOTAVAIL = -99, ENETUNREACH = -101;
const ENOTCONN = -107, EINPROGRESS = -115, EISCONN = -106, EALREADY = -114, ECONNREFUSED = 111, EHOSTUNREACH = 113;
const text = new TextEncoder().encode("hello");

function listening(p: ReturnType<typeof pair>, port = 80, backlog = 10): TcpSocket {
  const listener = new TcpSocket(p.b.tcp);
  assertEquals(listener.bind(ADDRESS_B, port), 0);
  assertEquals(listener.listen(backlog), 0);
  return listener;
}

function connected(p: ReturnType<typeof pair>, listener: TcpSocket): [TcpSocket, TcpSocket] {
  const client = new TcpSocket(p.a.tcp);
  assertEquals(client.connect(ADDRESS_B, listener.localPort), EINPROGRESS);
  run(p.world, 500);
  const server = listener.accept();
  assert(server !== null);
  return [client, server];
}

Deno.test("a connection opens, carries octets both ways, and its addresses are known", () => {
  const p = pair();
  const listener = listening(p);
  const [client, server] = connected(p, listener);
  assertEquals([client.state, server.state, listener.state], ["ESTAB", "ESTAB", "LISTEN"]);
  assertEquals([server.localAddress, server.localPort, server.remoteAddress], [ADDRESS_B, 80, ADDRESS_A]);
  assertEquals(server.remotePort, client.localPort);
  assert(client.localPort >= 32768 && client.localPort <= 60999);
  assertEquals(client.write(text), 5);
  run(p.world, 1);
  assertEquals(server.readable, 5);
  const into = new Uint8Array(10);
  assertEquals([server.peek(into), server.read(into), server.read(into)], [5, 5, EAGAIN]);
  assertEquals(into.subarray(0, 5), text);
  assertEquals(client.connect(ADDRESS_B, 80), 0, "tells once how it went");
  assertEquals(client.connect(ADDRESS_B, 80), EISCONN);
});

Deno.test("calls in the wrong state have Linux's errors", () => {
  const p = pair();
  const socket = new TcpSocket(p.a.tcp);
  assertEquals([socket.read(text), socket.write(text), socket.shutdown("write")], [ENOTCONN, EPIPE, ENOTCONN]);
  assertEquals(socket.bind(0x08080808, 80), EADDRNOTAVAIL);
  assertEquals(socket.bind(ADDRESS_A, 0), 0);
  assertEquals(socket.bind(ADDRESS_A, 0), EINVAL);
  p.wires[0].faults = { loss: 1 };
  assertEquals(socket.connect(ADDRESS_B, 80), EINPROGRESS);
  assertEquals(socket.connect(ADDRESS_B, 80), EALREADY);
  assertEquals(socket.write(text), EAGAIN);
  assertEquals(socket.listen(1), EINVAL);
  assertEquals(new TcpSocket(p.a.tcp).connect(0x08080808, 80), ENETUNREACH);
});

Deno.test("nobody listens: refused", () => {
  const p = pair();
  const client = new TcpSocket(p.a.tcp);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  client.connect(ADDRESS_B, 81);
  run(p.world, 100);
  assertEquals(failed, ECONNREFUSED);
  assertEquals([p.a.tcp.counters.AttemptFails, p.b.tcp.counters.OutRsts], [1, 1]);
});

Deno.test("an answered ARP is missing: no route to host, after the neighbour's three tries", () => {
  const p = pair();
  const client = new TcpSocket(p.a.tcp);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  client.connect(0x0a000063, 80);
  run(p.world, 10e3, () => failed !== 0);
  assertEquals(failed, EHOSTUNREACH);
});

Deno.test("SYNs unanswered end in ETIMEDOUT after about 131 s", () => {
  const p = pair(1, { loss: 1 });
  const client = new TcpSocket(p.a.tcp);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  const begun = p.world.scheduler.now;
  client.connect(ADDRESS_B, 80);
  run(p.world, 300e3, () => failed !== 0);
  assertEquals(failed, 110);
  const seconds = (p.world.scheduler.now - begun) / 1e9;
  assert(seconds > 131 && seconds < 136, `${seconds} s`);
});

Deno.test("one port has one listener, unless both set SO_REUSEPORT, which then share the connections", () => {
  const p = pair();
  const listener = listening(p);
  const other = new TcpSocket(p.b.tcp);
  assertEquals(other.bind(0, 80), EADDRINUSE);
  other.reuseAddress = true;
  assertEquals(other.bind(ADDRESS_B, 80), EADDRINUSE, "a listener without the option is in the way");
  listener.close();
  const sharing = [1, 2, 3].map(() => {
    const socket = new TcpSocket(p.b.tcp);
    socket.reusePort = true;
    assertEquals(socket.bind(ADDRESS_B, 80), 0);
    assertEquals(socket.listen(100), 0);
    return socket;
  });
  for (let i = 0; i < 60; i++) new TcpSocket(p.a.tcp).connect(ADDRESS_B, 80);
  run(p.world, 100);
  const counts = sharing.map((socket) => socket.readable);
  assertEquals(counts.reduce((sum, n) => sum + n), 60);
  assert(counts.every((n) => n > 5), String(counts));
});

Deno.test("a port in TIME-WAIT may be bound only if both the old socket and the new one have SO_REUSEADDR", () => {
  const p = pair();
  const listener = new TcpSocket(p.b.tcp);
  listener.reuseAddress = true;
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  const [client, server] = connected(p, listener);
  server.close();
  run(p.world, 10);
  client.close();
  listener.close();
  run(p.world, 10);
  assertEquals(p.b.tcp.timeWaiters, 1);
  const again = new TcpSocket(p.b.tcp);
  assertEquals(again.bind(ADDRESS_B, 80), EADDRINUSE);
  again.reuseAddress = true;
  assertEquals(again.bind(ADDRESS_B, 80), 0);
  run(p.world, 61e3);
  assertEquals([p.b.tcp.timeWaiters, p.b.tcp.ext.TW], [0, 1]);
});

Deno.test("a listener that is full drops SYNs and counts them; its queue is served in order", () => {
  const p = pair();
  const listener = listening(p, 80, 2);
  const clients = Array.from({ length: 6 }, () => {
    const client = new TcpSocket(p.a.tcp);
    client.connect(ADDRESS_B, 80);
    run(p.world, 1);
    return client;
  });
  assertEquals(listener.readable, 3, "one more than the backlog");
  assert(p.b.tcp.ext.ListenOverflows > 0 && p.b.tcp.ext.ListenDrops > 0);
  assertEquals(listener.accept()?.remotePort, clients[0].localPort);
  assertEquals(listener.accept()?.remotePort, clients[1].localPort);
  run(p.world, 5e3);
  assertEquals(listener.accept()?.remotePort, clients[2].localPort);
});

Deno.test("a flood of SYNs is answered with cookies, and who answers a cookie is let in", () => {
  const p = pair();
  const listener = listening(p, 80, 5);
  p.wires[1].faults = { loss: 1 }; // nobody hears the SYN-ACKs
  for (let i = 0; i < 200; i++) {
    const client = new TcpSocket(p.a.tcp);
    client.connect(ADDRESS_B, 80);
    run(p.world, 0.1);
    client.close();
  }
  assert(p.b.tcp.connections.size <= 7, `${p.b.tcp.connections.size} half-open`);
  assert(p.b.tcp.ext.SyncookiesSent > 100);
  p.wires[1].faults = {};
  const [client, server] = connected(p, listener);
  assertEquals(p.b.tcp.ext.SyncookiesRecv, 1);
  client.write(text);
  run(p.world, 10);
  assertEquals(server.read(new Uint8Array(10)), 5);
  assertEquals([server.connection!.sackOk, server.connection!.windowScaleOk], [true, true], "kept in the timestamp");
});

Deno.test("IPv6, and a socket of both families", () => {
  const p = pair();
  const both = new TcpSocket(p.a.tcp, 6);
  assertEquals(both.bind(IN6ADDR_ANY, 80), 0);
  assertEquals(both.listen(10), 0);
  const four = new TcpSocket(p.a.tcp, 4), six = new TcpSocket(p.a.tcp, 6);
  assertEquals(four.connect(LOOPBACK, 80), EINPROGRESS);
  run(p.world, 1);
  assertEquals(both.accept()?.remoteAddress, mapped6(LOOPBACK));
  assertEquals(six.connect(IN6ADDR_LOOPBACK, 80), EINPROGRESS);
  run(p.world, 1);
  const server = both.accept()!;
  assertEquals([server.remoteAddress, six.state], [IN6ADDR_LOOPBACK, "ESTAB"]);
  assertEquals(six.write(new Uint8Array(200000)) > 0, true);
  run(p.world, 1);
  assert(server.read(new Uint8Array(65536)) > 0);
  const only = new TcpSocket(p.a.tcp, 6);
  only.v6Only = true;
  assertEquals(only.connect(mapped6(LOOPBACK), 80) < 0, true);
  assertEquals(new TcpSocket(p.a.tcp, 6).connect(parseIpv6("2001:db8::1")!, 80), ENETUNREACH);
  const mapped = new TcpSocket(p.a.tcp, 6);
  assertEquals(mapped.connect(mapped6(LOOPBACK), 80), EINPROGRESS);
  run(p.world, 1);
  assertEquals([mapped.state, mapped.remoteAddress], ["ESTAB", mapped6(LOOPBACK)]);
});

Deno.test("all ephemeral ports to one destination in use: no address available; another destination still has them", () => {
  const p = pair();
  p.a.localPorts.low = 40000;
  p.a.localPorts.high = 40009;
  listening(p, 80, 100);
  listening(p, 81, 100);
  const ports = Array.from({ length: 10 }, () => {
    const client = new TcpSocket(p.a.tcp);
    assertEquals(client.connect(ADDRESS_B, 80), EINPROGRESS);
    return client.localPort;
  });
  assertEquals(new Set(ports).size, 10);
  assertEquals(new TcpSocket(p.a.tcp).connect(ADDRESS_B, 80), EADDRNOTAVAIL);
  assertEquals(new TcpSocket(p.a.tcp).connect(ADDRESS_B, 81), EINPROGRESS);
});

Deno.test("a SYN with a later sequence number opens a connection in TIME-WAIT anew (RFC 6191)", () => {
  const p = pair();
  const listener = listening(p);
  const [client, server] = connected(p, listener);
  const port = client.localPort;
  server.close();
  run(p.world, 10);
  client.close();
  run(p.world, 1500);
  assertEquals(p.b.tcp.timeWaiters, 1);
  const again = new TcpSocket(p.a.tcp);
  assertEquals(again.bind(ADDRESS_A, port), 0);
  again.connect(ADDRESS_B, 80);
  run(p.world, 10);
  assertEquals([again.state, p.b.tcp.timeWaiters], ["ESTAB", 0]);
});

Deno.test("a bound device bounds who may come", () => {
  const p = pair();
  const dummy = createLink(p.b, { kind: "dummy", name: "d0" });
  changeLink(dummy, { up: true });
  const listener = new TcpSocket(p.b.tcp);
  listener.device = dummy;
  listener.bind(0, 80);
  listener.listen(5);
  const client = new TcpSocket(p.a.tcp);
  let failed = 0;
  client.onError = () => failed = client.takeError();
  client.connect(ADDRESS_B, 80);
  run(p.world, 100);
  assertEquals(failed, ECONNREFUSED);
});
