import { assertEquals } from "@std/assert";
import { Host6, ip6, run, twoHosts } from "./host6.ts";
import { World } from "../../src/device/world.ts";

Deno.test("::1 answers over lo once lo is up, and not before", () => {
  const world = new World(1);
  const host = new Host6(world, "a");
  assertEquals(host.ping("::1"), -99);
  host.up("lo");
  assertEquals(host.addresses("lo"), ["::1/128"]);
  assertEquals(host.routes(255), ["::1/128 dev lo metric 0"]);
  assertEquals(host.routes(), []);
  assertEquals(host.ping("::1"), 0);
  run(world, 1);
  assertEquals(host.take(), ["type 128 from ::1", "type 129 from ::1"]);
  assertEquals(host.ping("::2"), -101);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("two hosts on a wire find each other and answer", () => {
  const { world, a, b } = twoHosts();
  assertEquals(a.ping("2001:db8::2"), 0);
  run(world, 1);
  assertEquals(a.take(), ["type 129 from 2001:db8::2"]);
  assertEquals(b.take(), ["type 128 from 2001:db8::1"]);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a host hears what it sends to a group that it has joined, unless it does not want to", () => {
  const { world, a, b } = twoHosts();
  a.ipv6.joinGroup(a.device("v0"), ip6("ff02::77"));
  b.ipv6.joinGroup(b.device("v0"), ip6("ff02::77"));
  for (const loop of [true, false]) {
    const path = a.ipv6.path({ destination: ip6("ff02::77"), device: a.device("v0"), protocol: 17 });
    assertEquals(path.refresh(), 0);
    const packet = world.packets.allocate(8);
    packet.tail += 8;
    packet.socket = { multicastLoop: loop };
    path.send(packet, 17);
    run(world, 1);
    assertEquals(a.datagrams.splice(0).length, loop ? 1 : 0);
    assertEquals(b.datagrams.splice(0).length, 1);
  }
  a.ipv6.leaveGroup(a.device("v0"), ip6("ff02::77"));
  assertEquals(a.ipv6.multicastGroups(a.device("v0")).length, 4);
});
