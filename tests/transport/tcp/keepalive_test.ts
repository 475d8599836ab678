import { assert, assertEquals } from "@std/assert";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { ADDRESS_B, pair, run } from "./wire.ts";

Deno.test("a thousand idle connections with keepalive stay up for hours, at the cost of their probes alone", () => {
  const { world, a, b } = pair();
  for (const { tcp } of [a, b]) tcp.sysctls.keepaliveTime = 600;
  const listener = new TcpSocket(b.tcp);
  assertEquals(listener.bind(ADDRESS_B, 80), 0);
  assertEquals(listener.listen(4096), 0);
  const held: TcpSocket[] = [];
  listener.onReadable = () => {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept()) held.push(socket);
  };
  let failed = 0;
  for (let i = 0; i < 1000; i++) {
    const socket = new TcpSocket(a.tcp);
    socket.keepAlive = true;
    socket.onError = () => failed++;
    assertEquals(socket.connect(ADDRESS_B, 80), -115);
    held.push(socket);
  }
  run(world, 1000);
  assertEquals(held.length, 2000);
  const before = a.tcp.ext.TCPKeepAlive;
  run(world, 3600e3);
  const probes = a.tcp.ext.TCPKeepAlive - before;
  assert(probes >= 5000 && probes <= 6000, `${probes} probes`);
  assertEquals([failed, a.tcp.counters.CurrEstab, b.tcp.counters.CurrEstab], [0, 1000, 1000]);
  for (const socket of held) socket.close();
  run(world, 300e3);
  assertEquals(world.packets.outstanding, 0);
});
