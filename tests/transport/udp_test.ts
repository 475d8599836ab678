import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Errno } from "../../src/wire/errno.ts";
import { put16 } from "../../src/wire/octets.ts";
import type { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { Random } from "../../src/time/random.ts";
import { UdpSocket } from "../../src/transport/udp_socket.ts";
import { Hosts, ip4, ip6 } from "./hosts.ts";

const ANY = 0, LOOPBACK = ip4("127.0.0.1"), ANY6 = ip6("::"), LOOPBACK6 = ip6("::1");
const text = (value: string) => new TextEncoder().encode(value);

function bound(host: NetworkNamespace, address: number | Uint8Array, port: number, set?: (socket: UdpSocket) => void) {
  const socket = new UdpSocket(host.udp, typeof address === "number" ? 4 : 6);
  set?.(socket);
  return { socket, errno: socket.bind(address, port) };
}

function received(socket: UdpSocket): string | null {
  const buffer = new Uint8Array(2000);
  const count = socket.receive(buffer);
  return count < 0 ? null : new TextDecoder().decode(buffer.subarray(0, count));
}

Deno.test("a datagram goes to who is bound, and the answer comes back", () => {
  const hosts = new Hosts();
  const { socket: server } = bound(hosts.b, ANY, 7);
  const client = new UdpSocket(hosts.a.udp);
  assertEquals(client.send(text("ping"), ip4("10.0.0.2"), 7), 4);
  assertEquals(received(server), null);
  hosts.run();
  assertEquals(received(server), "ping");
  assertEquals([server.sender4, server.senderPort, server.receivedTtl], [ip4("10.0.0.1"), client.localPort, 64]);
  assertEquals(server.receivedDevice, hosts.deviceB);
  server.send(text("pong"), server.senderAddress, server.senderPort);
  hosts.run();
  assertEquals(received(client), "pong");
  assertEquals([hosts.a.mib.udp.OutDatagrams, hosts.a.mib.udp.InDatagrams], [1, 1]);
});

Deno.test("IPv6 works alike, and a socket of both takes IPv4 as mapped addresses", () => {
  const hosts = new Hosts();
  const { socket: server } = bound(hosts.b, ANY6, 7);
  const client6 = new UdpSocket(hosts.a.udp, 6), client4 = new UdpSocket(hosts.a.udp, 4);
  assertEquals(client6.send(text("six"), ip6("fd00::2"), 7), 3);
  hosts.run(1);
  assertEquals(received(server), "six");
  assertEquals(server.senderAddress, ip6("fd00::1"));
  client4.send(text("four"), ip4("10.0.0.2"), 7);
  hosts.run(1);
  assertEquals(received(server), "four");
  assertEquals(server.senderVersion, 4);
  assertEquals(server.send(text("back"), ip6("::ffff:10.0.0.1"), client4.localPort), 4);
  hosts.run(1);
  assertEquals(received(client4), "back");
});

Deno.test("whether two sockets may have one port", () => {
  const { a } = new Hosts();
  const taken = (
    first: number | Uint8Array,
    second: number | Uint8Array,
    set?: (socket: UdpSocket, index: number) => void,
  ): number => {
    const one = bound(a, first, 5000, (socket) => set?.(socket, 0));
    const two = bound(a, second, 5000, (socket) => set?.(socket, 1));
    assertEquals(one.errno, 0);
    one.socket.close();
    two.socket.close();
    return two.errno;
  };
  const inUse = -Errno.EADDRINUSE;
  assertEquals(taken(ANY, ANY), inUse);
  assertEquals(taken(ANY, LOOPBACK), inUse);
  assertEquals(taken(LOOPBACK, ip4("10.0.0.1")), 0);
  assertEquals(taken(ANY6, ANY), inUse);
  assertEquals(taken(ANY, ANY6), inUse);
  assertEquals(taken(ANY6, ANY, (socket, index) => socket.v6Only = index === 0), 0);
  assertEquals(taken(ANY6, LOOPBACK6), inUse);
  assertEquals(taken(LOOPBACK6, LOOPBACK), 0);
  assertEquals(taken(ANY, ANY, (socket) => socket.reuseAddress = true), 0);
  assertEquals(taken(ANY, ANY, (socket, index) => socket.reuseAddress = index === 0), inUse);
  assertEquals(taken(ANY, ANY, (socket) => socket.reusePort = true), 0);
  assertEquals(
    taken(ANY, ANY, (socket, index) => socket.device = index === 0 ? a.loopback : a.interfaces.byName("v0")!),
    0,
  );
});

Deno.test("bind refuses foreign addresses and a second time", () => {
  const { a } = new Hosts();
  assertEquals(bound(a, ip4("10.0.0.9"), 1).errno, -Errno.EADDRNOTAVAIL);
  assertEquals(bound(a, ip6("fd00::9"), 1).errno, -Errno.EADDRNOTAVAIL);
  const { socket } = bound(a, ANY, 0);
  assertEquals(socket.bind(ANY, 5), -Errno.EINVAL);
  assert(socket.localPort >= 32768 && socket.localPort <= 60999);
});

Deno.test("ephemeral ports keep to ip_local_port_range and ip_local_reserved_ports, and run out", () => {
  const { a } = new Hosts();
  const set = (name: string, value: string) =>
    a.sysctls().find(({ path }) => path === `net/ipv4/${name}`)!.write!(value);
  set("ip_local_port_range", "40000 40003");
  set("ip_local_reserved_ports", "40001-40002");
  const ports = [bound(a, ANY, 0), bound(a, ANY, 0)].map(({ socket }) => socket.localPort);
  assertEquals(ports.sort(), [40000, 40003]);
  assertEquals(bound(a, ANY, 0).errno, -Errno.EADDRINUSE);
});

Deno.test("the socket that fits best gets the datagram", () => {
  const hosts = new Hosts();
  const share = (socket: UdpSocket) => socket.reuseAddress = true;
  const any = bound(hosts.a, ANY, 9, share).socket;
  const exact = bound(hosts.a, LOOPBACK, 9, share).socket;
  const connected = bound(hosts.a, LOOPBACK, 9, share).socket;
  const peer = bound(hosts.a, LOOPBACK, 1000).socket, other = bound(hosts.a, LOOPBACK, 1001).socket;
  connected.connect(LOOPBACK, 1000);
  peer.send(text("to connected"), LOOPBACK, 9);
  other.send(text("to exact"), LOOPBACK, 9);
  other.send(text("to any"), ip4("127.0.0.2"), 9);
  hosts.run();
  assertEquals([received(connected), received(exact), received(any)], ["to connected", "to exact", "to any"]);
  assertEquals([received(connected), received(exact), received(any)], [null, null, null]);
});

Deno.test("SO_REUSEPORT spreads flows over the group, and one flow stays with one member", () => {
  const hosts = new Hosts();
  const members = Array.from({ length: 4 }, () => bound(hosts.a, ANY, 53, (socket) => socket.reusePort = true).socket);
  const counts = () => members.map((member) => member.pending);
  const client = new UdpSocket(hosts.a.udp);
  for (let i = 0; i < 10; i++) client.send(text("x"), LOOPBACK, 53);
  hosts.run();
  assertEquals(counts().filter((count) => count > 0), [10]);
  for (let i = 0; i < 200; i++) new UdpSocket(hosts.a.udp).send(text("x"), LOOPBACK, 53);
  hosts.run();
  assert(counts().every((count) => count > 20), String(counts()));
});

Deno.test("a closed port answers with ICMP: a connected socket hears of it, another only if it asked", () => {
  for (const [to, family] of [["127.0.0.1", 4], ["10.0.0.2", 4], ["::1", 6], ["fd00::2", 6]] as const) {
    const hosts = new Hosts();
    const address = family === 4 ? ip4(to) : ip6(to);
    const connected = new UdpSocket(hosts.a.udp, family), plain = new UdpSocket(hosts.a.udp, family);
    const asking = new UdpSocket(hosts.a.udp, family);
    asking.receiveErrors = true;
    assertEquals(connected.connect(address, 9), 0);
    connected.send(text("a"));
    plain.send(text("b"), address, 9);
    asking.send(text("hello"), address, 9);
    hosts.run(1);
    const buffer = new Uint8Array(10);
    assertEquals(connected.receive(buffer), -Errno.ECONNREFUSED);
    assertEquals(connected.receive(buffer), -Errno.EAGAIN);
    assertEquals(plain.receive(buffer), -Errno.EAGAIN);
    const error = asking.nextError()!;
    assertEquals([error.errno, error.destination, error.destinationPort], [Errno.ECONNREFUSED, address, 9]);
    assertEquals([error.offender, new TextDecoder().decode(error.payload)], [address, "hello"]);
    assertEquals([asking.error, asking.nextError()], [0, null]);
  }
});

Deno.test("SO_RCVBUF holds as many as Linux counts; the rest is dropped and counted", () => {
  for (
    const [buffer, size, count] of [
      [2304, 64, 2],
      [2304, 1000, 1],
      [9216, 64, 11],
      [20000, 1000, 8],
      [212992, 64, 256],
      [2304, 4000, 1],
    ]
  ) {
    const hosts = new Hosts();
    const { socket } = bound(hosts.a, LOOPBACK, 9, (it) => it.receiveBuffer = buffer);
    const client = new UdpSocket(hosts.a.udp);
    for (let i = 0; i < 300; i++) client.send(new Uint8Array(size), LOOPBACK, 9);
    hosts.run();
    assertEquals([socket.pending, socket.drops, hosts.a.mib.udp.RcvbufErrors], [count, 300 - count, 300 - count]);
    socket.close();
    assertEquals(hosts.world.packets.outstanding, 0);
  }
});

Deno.test("a broadcast needs SO_BROADCAST and reaches all sockets that it fits", () => {
  const hosts = new Hosts();
  const share = (socket: UdpSocket) => socket.reuseAddress = true;
  const one = bound(hosts.b, ANY, 67, share).socket, two = bound(hosts.b, ANY, 67, share).socket;
  const exact = bound(hosts.b, ip4("10.0.0.2"), 67, share).socket;
  const client = new UdpSocket(hosts.a.udp);
  assertEquals(client.send(text("who"), ip4("10.0.0.255"), 67), -Errno.EACCES);
  client.broadcast = true;
  assertEquals(client.send(text("who"), ip4("10.0.0.255"), 67), 3);
  hosts.run(1);
  assertEquals([received(one), received(two), received(exact)], ["who", "who", null]);
  client.send(text("x"), ip4("10.0.0.255"), 68);
  hosts.run(1);
  assertEquals([hosts.b.mib.udp.IgnoredMulti, hosts.b.mib.udp.NoPorts], [1, 0]);
  assertEquals(hosts.world.packets.outstanding, 0);
});

Deno.test("a multicast reaches the members, the sender's own only with IP_MULTICAST_LOOP", () => {
  const hosts = new Hosts();
  const group = ip4("239.1.2.3");
  const member = bound(hosts.b, ANY, 5353).socket;
  assertEquals(member.joinGroup(group, hosts.deviceB), 0);
  assertEquals(member.joinGroup(group, hosts.deviceB), -Errno.EADDRINUSE);
  const own = bound(hosts.a, ANY, 5353).socket;
  own.joinGroup(group, hosts.deviceA);
  const client = new UdpSocket(hosts.a.udp);
  client.multicastDevice = hosts.deviceA;
  client.send(text("loop"), group, 5353);
  hosts.run(1);
  assertEquals([received(member), received(own)], ["loop", "loop"]);
  assertEquals(member.receivedTtl, 1);
  const silent = new UdpSocket(hosts.a.udp);
  silent.multicastDevice = hosts.deviceA;
  silent.multicastLoop = false;
  silent.multicastTtl = 4;
  silent.send(text("no loop"), group, 5353);
  hosts.run(1);
  assertEquals([received(member), received(own)], ["no loop", null]);
  assertEquals(member.receivedTtl, 4);
  assertEquals(member.leaveGroup(group, hosts.deviceB), 0);
  client.send(text("gone"), group, 5353);
  hosts.run(1);
  assertEquals(received(member), null);
});

Deno.test("multicast over IPv6", () => {
  const hosts = new Hosts();
  const group = ip6("ff05::1:3");
  const member = bound(hosts.b, ANY6, 5353).socket;
  assertEquals(member.joinGroup(group, hosts.deviceB), 0);
  const client = new UdpSocket(hosts.a.udp, 6);
  client.multicastDevice = hosts.deviceA;
  hosts.run(3);
  assertEquals(client.send(text("six"), group, 5353), 3);
  hosts.run(1);
  assertEquals(received(member), "six");
  const own = bound(hosts.a, ANY6, 5353).socket;
  own.joinGroup(group, hosts.deviceA);
  client.send(text("loop"), group, 5353);
  client.multicastLoop = false;
  client.send(text("none"), group, 5353);
  hosts.run(1);
  assertEquals([received(own), received(own)], ["loop", null]);
  while (received(member) !== null);
  client.multicastTtl = 7;
  client.send(text("far"), group, 5353);
  hosts.run(1);
  assertEquals([received(member), member.receivedTtl], ["far", 7]);
});

Deno.test("what is too long is refused, or sent in fragments and put together", () => {
  const hosts = new Hosts();
  const server = bound(hosts.b, ANY, 7).socket;
  const client = new UdpSocket(hosts.a.udp);
  assertEquals(client.send(new Uint8Array(65508), ip4("10.0.0.2"), 7), -Errno.EMSGSIZE);
  const big = new Uint8Array(30000).map((_, index) => index * 7);
  assertEquals(client.send(big, ip4("10.0.0.2"), 7), 30000);
  hosts.run(1);
  const buffer = new Uint8Array(40000);
  assertEquals(server.receive(buffer), 30000);
  assertEquals(buffer.subarray(0, 30000), big);
  client.pmtuDiscover = "do";
  client.receiveErrors = true;
  assertEquals(client.send(big, ip4("10.0.0.2"), 7), -Errno.EMSGSIZE);
  assertEquals([client.nextError()?.errno, client.errors?.length], [Errno.EMSGSIZE, 0]);
});

Deno.test("a short buffer cuts a datagram, MSG_PEEK leaves it, shutdown ends both ways", () => {
  const hosts = new Hosts();
  const server = bound(hosts.a, LOOPBACK, 7).socket;
  const client = new UdpSocket(hosts.a.udp);
  client.send(text("hello"), LOOPBACK, 7);
  hosts.run();
  const buffer = new Uint8Array(3);
  assertEquals([server.receive(buffer, 0, 3, true), server.receivedLength, server.pending], [3, 5, 1]);
  assertEquals([server.receive(buffer), server.pending], [3, 0]);
  assertEquals(server.shutdown(true, true), -Errno.ENOTCONN);
  client.connect(LOOPBACK, 7);
  assertEquals(client.shutdown(true, true), 0);
  assertEquals([client.send(text("x")), client.receive(buffer)], [-Errno.EPIPE, 0]);
});

Deno.test("disconnect forgets what bind did not ask for", () => {
  const hosts = new Hosts();
  const socket = new UdpSocket(hosts.a.udp);
  socket.connect(ip4("10.0.0.2"), 7);
  assertEquals(socket.localAddress, ip4("10.0.0.1"));
  socket.disconnect();
  assertEquals([socket.localAddress, socket.localPort, socket.send(text("x"))], [0, 0, -Errno.EDESTADDRREQ]);
  const named = bound(hosts.a, LOOPBACK, 99).socket;
  named.connect(LOOPBACK, 7);
  named.disconnect();
  assertEquals([named.localAddress, named.localPort], [LOOPBACK, 99]);
});

Deno.test("no route, no destination, port 0", () => {
  const { a } = new Hosts();
  const socket = new UdpSocket(a.udp);
  assertEquals(socket.send(text("x")), -Errno.EDESTADDRREQ);
  assertEquals(socket.send(text("x"), ip4("10.0.0.2"), 0), -Errno.EINVAL);
  assertEquals(socket.send(text("x"), ip4("8.8.8.8"), 53), -Errno.ENETUNREACH);
  assertEquals(socket.connect(ip4("8.8.8.8"), 53), -Errno.ENETUNREACH);
  assertEquals(new UdpSocket(a.udp, 6).send(text("x"), ip6("2001:db8::1"), 53), -Errno.ENETUNREACH);
});

Deno.test("a wrong checksum, length or IPv6 without a sum is dropped and counted", () => {
  const hosts = new Hosts();
  const { b, world } = hosts;
  bound(b, ANY, 7);
  const send = (payload: number[], edit: (bytes: Uint8Array, at: number) => void) => {
    const packet = world.packets.allocate(100);
    const at = packet.head;
    packet.bytes.fill(0, at, at + 100);
    packet.bytes[at] = 0x45;
    packet.bytes.set([10, 0, 0, 1, 10, 0, 0, 2], at + 12);
    put16(packet.bytes, at + 20, 1000);
    put16(packet.bytes, at + 22, 7);
    put16(packet.bytes, at + 24, 8 + payload.length);
    packet.bytes.set(payload, at + 28);
    packet.tail = at + 28 + payload.length;
    packet.network = at;
    packet.head = packet.transport = at + 20;
    packet.device = hosts.deviceB;
    edit(packet.bytes, at + 20);
    b.udp.protocol4.input(packet);
  };
  send([1, 2, 3], () => {});
  assertEquals(b.mib.udp.InErrors, 0);
  send([1, 2, 3], (bytes, at) => put16(bytes, at + 6, 1));
  assertEquals([b.mib.udp.InCsumErrors, b.mib.udp.InErrors], [1, 1]);
  send([1, 2, 3], (bytes, at) => put16(bytes, at + 4, 500));
  send([1, 2, 3], (bytes, at) => put16(bytes, at + 4, 7));
  assertEquals([b.mib.udp.InCsumErrors, b.mib.udp.InErrors], [1, 3]);
});

Deno.test("any octets at the input are dropped or delivered, and no packet is lost", () => {
  const hosts = new Hosts();
  const { a, world } = hosts;
  const sockets = [bound(a, ANY, 7).socket, bound(a, ANY6, 8).socket];
  for (const socket of sockets) socket.receiveErrors = true;
  const random = new Random("udp fuzz");
  for (let i = 0; i < 5000; i++) {
    const length = random.below(60);
    const packet = world.packets.allocate(100);
    const version = random.below(2) === 0 ? 4 : 6;
    const at = packet.head;
    for (let j = at; j < at + 100; j++) packet.bytes[j] = random.below(256);
    packet.bytes[at] = version === 4 ? 0x45 : 0x60;
    packet.network = at;
    packet.head = packet.transport = at + (version === 4 ? 20 : 40);
    if (random.below(2) === 0) put16(packet.bytes, packet.head + 2, 7 + random.below(2));
    if (random.below(2) === 0) put16(packet.bytes, packet.head + 4, length);
    if (random.below(2) === 0) put16(packet.bytes, packet.head + 6, 0);
    packet.tail = packet.head + length;
    packet.device = a.loopback;
    const protocol = version === 4 ? a.udp.protocol4 : a.udp.protocol6;
    if (random.below(4) === 0 && length >= 8) {
      protocol.error!(packet, random.below(20), random.below(20), random.below(2000), 1);
      packet.release();
    } else protocol.input(packet);
    hosts.run();
  }
  for (const socket of sockets) socket.close();
  assertEquals(world.packets.outstanding, 0);
  assertNotEquals(a.mib.udp.InErrors, 0);
});
