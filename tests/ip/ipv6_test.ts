import { assertEquals } from "@std/assert";
import { Host6, run, twoHosts } from "./host6.ts";
import { World } from "../../src/device/world.ts";

Deno.test("::1 answers over lo once lo is up, and not before", () => {
  const world = new World(1);
  const host = new Host6(world, "a");
  assertEquals(host.ping("::1"), -101);
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
