import { assertEquals } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { Host4, ip4, refusal, twoHosts, wire } from "./host4.ts";

function host(): Host4 {
  const world = new World(1);
  const a = new Host4(world, "a");
  const x = new Host4(world, "x");
  wire(a, "d0", x, "d0");
  return a;
}

Deno.test("a new namespace has no local table; lo brings it with 127.0.0.1/8", () => {
  const a = new Host4(new World(1), "a");
  assertEquals(a.ipv4.routes(255), undefined);
  a.up("lo");
  assertEquals(a.addresses("lo"), ["127.0.0.1/8"]);
  assertEquals(a.routes(255), [
    "local 127.0.0.0/8 dev lo src 127.0.0.1",
    "local 127.0.0.1/32 dev lo src 127.0.0.1",
    "broadcast 127.255.255.255/32 dev lo src 127.0.0.1",
  ]);
  a.down("lo");
  assertEquals(a.routes(255), ["local 127.0.0.0/8 dev lo src 127.0.0.1", "local 127.0.0.1/32 dev lo src 127.0.0.1"]);
});

Deno.test("primaries go by scope, secondaries last, and a primary takes its secondaries along", () => {
  const a = host();
  a.addr("10.0.0.1/24", "d0").addr("10.0.0.2/24", "d0").addr("10.0.0.3/25", "d0").addr("10.9.0.1/24", "d0", {
    scope: 254,
  });
  assertEquals(a.addresses("d0"), ["10.9.0.1/24", "10.0.0.1/24", "10.0.0.3/25", "10.0.0.2/24 secondary"]);
  a.delAddr("10.0.0.1/24", "d0");
  assertEquals(a.addresses("d0"), ["10.9.0.1/24", "10.0.0.3/25"]);
  assertEquals(a.routes(), ["10.0.0.0/25 dev d0 src 10.0.0.3", "10.9.0.0/24 dev d0 src 10.9.0.1"]);
});

Deno.test("with promote_secondaries the first secondary takes the primary's place and its routes", () => {
  const a = host();
  a.write("net/ipv4/conf/d0/promote_secondaries", "1");
  a.addr("10.0.0.1/24", "d0").addr("10.0.0.2/24", "d0").addr("10.0.0.3/24", "d0");
  a.delAddr("10.0.0.1/24", "d0");
  assertEquals(a.addresses("d0"), ["10.0.0.2/24", "10.0.0.3/24 secondary"]);
  assertEquals(a.routes(), ["10.0.0.0/24 dev d0 src 10.0.0.2"]);
  assertEquals(a.routes(255), [
    "local 10.0.0.2/32 dev d0 src 10.0.0.2",
    "local 10.0.0.3/32 dev d0 src 10.0.0.2",
    "broadcast 10.0.0.255/32 dev d0 src 10.0.0.2",
  ]);
});

Deno.test("the last address takes the routes of its interface along", () => {
  const a = host();
  a.addr("10.0.0.1/24", "d0").route("10.5.0.0/16 via 10.0.0.9");
  a.delAddr("10.0.0.1/24", "d0");
  assertEquals(a.routes(), []);
  assertEquals(a.routes(255), []);
});

Deno.test("addresses that cannot be are refused in the kernel's words", () => {
  const a = host();
  a.addr("10.0.0.1/24", "d0");
  assertEquals(refusal(() => a.addr("10.0.0.1/24", "d0")), "ipv4: Address already assigned");
  assertEquals(refusal(() => a.addr("10.0.0.2/24", "d0", { scope: 253 })), "ipv4: Invalid scope value");
  assertEquals(refusal(() => a.delAddr("10.0.0.9/24", "d0")), "ipv4: Address not found");
});

Deno.test("an address with a lifetime becomes deprecated, then goes", () => {
  const { world, a } = twoHosts();
  const device = a.device("v0");
  a.ipv4.addAddress(
    device,
    { local: ip4("10.0.7.1"), prefixLength: 24, validLifetime: 20, preferredLifetime: 10 },
    "add",
  );
  const flags = () => a.ipv4.addresses(device).find((one) => one.local === ip4("10.0.7.1"))?.flags;
  assertEquals(flags(), 0);
  while (world.scheduler.nextAt() <= 11e9) world.scheduler.step();
  assertEquals(flags(), 0x20);
  while (world.scheduler.nextAt() <= 21e9) world.scheduler.step();
  assertEquals(flags(), undefined);
});
