import { assertEquals } from "@std/assert";
import { Errno } from "../../src/wire/errno.ts";
import { get16 } from "../../src/wire/octets.ts";
import { PingSocket } from "../../src/transport/ping.ts";
import { Hosts, ip4, ip6 } from "./hosts.ts";

const request = (type: number, payload = 56) => {
  const bytes = new Uint8Array(8 + payload);
  bytes[0] = type;
  bytes[7] = 1;
  return bytes;
};

for (const family of [4, 6] as const) {
  const [echo, reply] = family === 4 ? [8, 0] : [128, 129];
  const peer = family === 4 ? ip4("10.0.0.2") : ip6("fd00::2");
  const nobody = family === 4 ? ip4("10.0.0.77") : ip6("fd00::77");

  Deno.test(`an IPv${family} echo request comes back with the socket's identifier`, () => {
    const hosts = new Hosts();
    const socket = new PingSocket(hosts.a.ping, family);
    const other = new PingSocket(hosts.a.ping, family);
    other.send(request(echo), peer);
    assertEquals(socket.send(request(echo), peer), 64);
    hosts.run(1);
    const buffer = new Uint8Array(100);
    assertEquals(socket.receive(buffer), 64);
    assertEquals([buffer[0], get16(buffer, 4), get16(buffer, 6)], [reply, socket.identifier, 1]);
    assertEquals([socket.senderAddress, socket.receivedTtl], [peer, 64]);
    assertEquals(socket.receive(buffer), -Errno.EAGAIN);
    assertEquals(other.receive(buffer), 64);
  });

  Deno.test(`an IPv${family} ping socket sends nothing but echo requests`, () => {
    const hosts = new Hosts();
    const socket = new PingSocket(hosts.a.ping, family);
    assertEquals(socket.send(request(reply), peer), -Errno.EINVAL);
    assertEquals(socket.send(new Uint8Array(7), peer), -Errno.EINVAL);
  });

  Deno.test(`an IPv${family} ping socket hears that nobody is there`, () => {
    const hosts = new Hosts();
    const socket = new PingSocket(hosts.a.ping, family);
    socket.receiveErrors = true;
    socket.send(request(echo, 4), nobody);
    hosts.run(5);
    const error = socket.nextError()!;
    assertEquals([error.errno, error.destination, error.payload.length], [Errno.EHOSTUNREACH, nobody, 12]);
    socket.close();
    assertEquals(hosts.world.packets.outstanding, 0);
  });
}

Deno.test("two ping sockets do not have one identifier", () => {
  const { a } = new Hosts();
  const one = new PingSocket(a.ping), two = new PingSocket(a.ping);
  assertEquals([one.bind(0, 77), two.bind(0, 77), two.bind(0, 0)], [0, -Errno.EADDRINUSE, 0]);
  assertEquals([...a.ping.sockets(4)].length, 2);
});
