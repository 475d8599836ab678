import { assertEquals } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { RTN_BLACKHOLE, RTN_PROHIBIT, RTN_THROW, RTN_UNREACHABLE } from "../../src/ip/netlink.ts";
import { formatIpv4 } from "../../src/wire/ipv4.ts";
import { Host4, ip4, refusal, run, wire } from "./host4.ts";

function host(): Host4 {
  const world = new World(1);
  const a = new Host4(world, "a").up("lo");
  const x = new Host4(world, "x");
  wire(a, "d0", x, "d0");
  wire(a, "d1", x, "d1");
  return a.addr("10.0.0.1/24", "d0").addr("10.1.0.1/24", "d1");
}

function get(a: Host4, to: string, from?: string, mark = 0): string {
  const { device, gateway, source, table } = a.ipv4.getRoute({
    destination: ip4(to),
    source: from === undefined ? null : ip4(from),
    mark,
  });
  const address = (value: unknown) => value === null ? "-" : formatIpv4(value as number);
  return `${address(gateway)} ${device.name} ${address(source)} ${table}`;
}

Deno.test("the longest prefix wins, then the lowest metric", () => {
  const a = host();
  a.route("default via 10.0.0.254").route("172.16.0.0/12 via 10.1.0.254").route("172.16.5.0/24 via 10.0.0.253")
    .route("172.16.5.0/24 via 10.1.0.253 metric 50").route("172.16.5.9/32 dev d1 src 10.0.0.1");
  assertEquals(get(a, "8.8.8.8"), "10.0.0.254 d0 10.0.0.1 254");
  assertEquals(get(a, "172.17.0.1"), "10.1.0.254 d1 10.1.0.1 254");
  assertEquals(get(a, "172.16.5.1"), "10.0.0.253 d0 10.0.0.1 254");
  assertEquals(get(a, "172.16.5.9"), "- d1 10.0.0.1 254");
  a.delRoute("172.16.5.0/24 via 10.0.0.253");
  assertEquals(get(a, "172.16.5.1"), "10.1.0.253 d1 10.1.0.1 254");
  a.down("d1");
  assertEquals(a.routes(), ["0.0.0.0/0 via 10.0.0.254 dev d0", "10.0.0.0/24 dev d0 src 10.0.0.1"]);
});

Deno.test("wrong routes are refused in the kernel's words", () => {
  const a = host();
  const add = (text: string) => refusal(() => a.route(text));
  assertEquals(add("10.5.0.0/16 via 10.9.9.9"), "Nexthop has invalid gateway");
  assertEquals(add("10.5.0.1/16 via 10.0.0.2"), "Invalid prefix for given prefix length");
  assertEquals(add("10.5.0.0/16"), "No such device");
  assertEquals(add("10.5.0.0/16 via 10.0.0.1"), "");
  assertEquals(add("10.5.0.0/16 via 10.0.0.2"), "File exists");
  assertEquals(add("10.7.0.0/16 dev d0 src 9.9.9.9"), "Invalid prefsrc address");
  assertEquals(add("10.8.0.0/16 via 77.0.0.1 dev d0 onlink"), "");
  assertEquals(add("10.9.0.0/16 via 77.0.0.1 onlink"), "Nexthop device required for onlink");
  assertEquals(refusal(() => a.route("10.6.0.0/16 via 10.0.0.2", "change")), "No such file or directory");
  assertEquals(refusal(() => a.delRoute("10.6.0.0/16")), "No such process");
  assertEquals(refusal(() => a.delRoute("10.6.0.0/16 table 77")), "FIB table does not exist");
  a.down("d1");
  assertEquals(add("10.6.0.0/16 dev d1"), "Device for nexthop is not up");
});

Deno.test("append comes after, prepend before, replace in the place of the first", () => {
  const a = host();
  a.route("10.5.0.0/16 via 10.0.0.2").route("10.5.0.0/16 via 10.0.0.3", "append").route(
    "10.5.0.0/16 via 10.0.0.4",
    "prepend",
  );
  const vias = () => a.routes().filter((line) => line.startsWith("10.5")).map((line) => line.split(" ")[2]);
  assertEquals(vias(), ["10.0.0.4", "10.0.0.2", "10.0.0.3"]);
  a.route("10.5.0.0/16 via 10.0.0.9", "replace");
  assertEquals(vias(), ["10.0.0.9", "10.0.0.2", "10.0.0.3"]);
});

Deno.test("routes without a way have their own errors", () => {
  const a = host();
  a.route("10.20.0.0/16", "add", RTN_BLACKHOLE).route("10.21.0.0/16", "add", RTN_UNREACHABLE)
    .route("10.22.0.0/16", "add", RTN_PROHIBIT).route("10.23.0.0/16", "add", RTN_THROW);
  const error = (to: string) => refusal(() => get(a, to));
  assertEquals(error("10.20.0.1"), "Invalid argument");
  assertEquals(error("10.21.0.1"), "No route to host");
  assertEquals(error("10.22.0.1"), "Permission denied");
  assertEquals(error("10.23.0.1"), "Network is unreachable");
});

Deno.test("rules send flows to other tables, by source, destination and mark", () => {
  const a = host();
  a.addr("10.0.0.9/24", "d0");
  a.route("default via 10.0.0.254").route("default via 10.0.0.253 table 100");
  a.ipv4.addRule({ from: ip4("10.0.0.9"), fromLength: 32, table: 100 }, "add");
  a.ipv4.addRule({ to: ip4("192.0.2.0"), toLength: 24, table: 100, priority: 500 }, "add");
  a.ipv4.addRule({ fwmark: 7, table: 100, priority: 400 }, "add");
  assertEquals(a.ipv4.rules().map((rule) => rule.priority), [0, 400, 500, 32765, 32766, 32767]);
  assertEquals(get(a, "8.8.8.8"), "10.0.0.254 d0 10.0.0.1 254");
  assertEquals(get(a, "8.8.8.8", "10.0.0.9"), "10.0.0.253 d0 - 100");
  assertEquals(get(a, "192.0.2.1"), "10.0.0.253 d0 10.0.0.1 100");
  assertEquals(get(a, "8.8.8.8", undefined, 7), "10.0.0.253 d0 10.0.0.1 100");
  a.ipv4.deleteRule({ priority: 500 });
  assertEquals(get(a, "192.0.2.1"), "10.0.0.254 d0 10.0.0.1 254");
  assertEquals(refusal(() => a.ipv4.deleteRule({ priority: 999 })), "No such file or directory");
  a.ipv4.addRule({ table: 254, suppressPrefixLength: 0, priority: 300 }, "add");
  a.ipv4.addRule({ table: 100, priority: 301 }, "add");
  assertEquals(get(a, "8.8.8.8"), "10.0.0.253 d0 10.0.0.1 100");
});

Deno.test("without carrier a route is only passed over where the sysctl says so", () => {
  const a = host();
  a.route("10.5.0.0/16 via 10.1.0.2").route("10.0.0.0/8 via 10.0.0.2");
  a.device("d1").setCarrier(false);
  run(a.world, 2); // carrier changes are told of with a delay
  assertEquals(get(a, "10.5.0.1"), "10.1.0.2 d1 10.1.0.1 254");
  a.write("net/ipv4/conf/d1/ignore_routes_with_linkdown", "1");
  assertEquals(get(a, "10.5.0.1"), "10.0.0.2 d0 10.0.0.1 254");
  a.device("d1").setCarrier(true);
  run(a.world, 2);
  assertEquals(get(a, "10.5.0.1"), "10.1.0.2 d1 10.1.0.1 254");
});

Deno.test("flows spread over the next hops of a route by their weights", () => {
  const a = host();
  a.ipv4.addRoute({
    destination: ip4("10.64.0.0"),
    prefixLength: 10,
    nexthops: [{ gateway: ip4("10.0.0.2"), weight: 1 }, { gateway: ip4("10.1.0.2"), weight: 3 }],
  }, "add");
  let second = 0;
  for (let i = 0; i < 4000; i++) {
    const { device } = a.ipv4.getRoute({ destination: ip4("10.64.0.0") + i * 37 });
    if (device.name === "d1") second++;
  }
  if (Math.abs(second - 3000) > 110) throw new Error(`${second} of 4000 took the way of weight 3 of 4`);
  a.down("d1");
  assertEquals(get(a, "10.64.0.9"), "10.0.0.2 d0 10.0.0.1 254");
});
