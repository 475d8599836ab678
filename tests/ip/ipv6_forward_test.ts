import { assert, assertEquals } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { changeLink } from "../../src/device/link.ts";
import { Host6, ip6, run, twoHosts, wire } from "./host6.ts";

/** h1 — r — h2, as in the transcript ipv6/forwarding.t. */
function chain(): { world: World; h1: Host6; r: Host6; h2: Host6 } {
  const world = new World(5);
  const h1 = new Host6(world, "h1");
  const r = new Host6(world, "r");
  const h2 = new Host6(world, "h2");
  for (const host of [h1, r, h2]) host.sysctl("conf/default/accept_dad", "0");
  r.sysctl("conf/all/forwarding", "1");
  wire(h1, "e0", r, "e0");
  wire(h2, "e0", r, "e1");
  h1.address("e0", "2001:db8:1::2/64");
  r.address("e0", "2001:db8:1::1/64");
  r.address("e1", "2001:db8:2::1/64");
  h2.address("e0", "2001:db8:2::2/64");
  h1.up("lo", "e0");
  h2.up("lo", "e0");
  r.up("lo", "e0", "e1");
  h1.route("default", "2001:db8:1::1");
  h2.route("default", "2001:db8:2::1");
  run(world, 3);
  for (const host of [h1, r, h2]) host.take();
  return { world, h1, r, h2 };
}

Deno.test("a router passes packets on and lowers the hop limit", () => {
  const { world, h1, r, h2 } = chain();
  assertEquals(h1.ping("2001:db8:2::2"), 0);
  run(world, 1);
  assertEquals(h1.take(), ["type 129 from 2001:db8:2::2"]);
  assertEquals(h2.take(), ["type 128 from 2001:db8:1::2"]);
  assertEquals(r.mib.ip6.OutForwDatagrams, 2);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a hop limit that ends at the router is told to the sender", () => {
  const { world, h1, r } = chain();
  h1.ping("2001:db8:2::2", 56, { ttl: 1 });
  run(world, 1);
  assertEquals(h1.take().filter((line) => line.startsWith("error")), ["error 3/0 0 from 2001:db8:1::1"]);
  assertEquals(r.mib.ip6.InHdrErrors, 1);
});

Deno.test("where no route leads, and where nobody answers, the sender hears it", () => {
  const { world, h1 } = chain();
  h1.ping("2001:db8:3::2");
  run(world, 1);
  assertEquals(h1.take().filter((line) => line.startsWith("error")), ["error 1/0 0 from 2001:db8:1::1"]);
  h1.ping("2001:db8:2::99");
  run(world, 5);
  assertEquals(h1.take().filter((line) => line.startsWith("error")), ["error 1/3 0 from 2001:db8:1::1"]);
});

Deno.test("without forwarding a host drops what is for others in silence", () => {
  const { world, h1, r } = chain();
  r.sysctl("conf/all/forwarding", "0");
  h1.ping("2001:db8:2::2");
  run(world, 1);
  assertEquals(h1.take(), []);
});

Deno.test("Packet Too Big teaches the path MTU, which expires after ten minutes", () => {
  const { world, h1, r, h2 } = chain();
  changeLink(r.device("e1"), { mtu: 1300 });
  changeLink(h2.device("e0"), { mtu: 1300 });
  h1.ping("2001:db8:2::2", 1400);
  run(world, 1);
  assertEquals(h1.take().filter((line) => line.startsWith("error")), ["error 2/0 1300 from 2001:db8:1::1"]);
  const learned = h1.ipv6.getRoute({ destination: ip6("2001:db8:2::2") });
  assertEquals(learned.mtu, 1300);
  assertEquals(learned.route.metric, 1024);
  assert(learned.expires > world.scheduler.now + 590e9 && learned.expires <= world.scheduler.now + 600e9);
  h1.ping("2001:db8:2::2", 1400);
  run(world, 1);
  assertEquals(h1.take(), ["type 129 from 2001:db8:2::2"]);
  assertEquals(h1.mib.ip6.FragCreates, 2);
  assertEquals(h2.mib.ip6.ReasmOKs, 1);
  run(world, 600);
  assertEquals(h1.ipv6.getRoute({ destination: ip6("2001:db8:2::2") }).mtu, 0);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a packet from a link-local address does not leave its link", () => {
  const { world, h1, r } = chain();
  h1.ping("2001:db8:2::2", 8, { source: h1.addresses("e0")[1].split("/")[0] });
  run(world, 1);
  assertEquals(h1.take().filter((line) => line.startsWith("error")).map((line) => line.slice(0, 9)), ["error 1/2"]);
  assertEquals(r.mib.ip6.InAddrErrors, 1);
});

Deno.test("a router on the way redirects to the better first hop, once a second", () => {
  const { world, a, b } = twoHosts(3);
  b.sysctl("conf/all/forwarding", "1");
  a.sysctl("conf/v0/accept_redirects", "1");
  const router = b.addresses("v0")[1].split("/")[0];
  a.route("2001:db8:5::/64", router, "v0");
  b.route("2001:db8:5::/64", "fe80::99", "v0");
  a.ping("2001:db8:5::1", 8);
  run(world, 1);
  assertEquals(b.mib.icmp6.OutRedirects, 1);
  assertEquals(a.mib.icmp6.InRedirects, 1);
  const found = a.ipv6.getRoute({ destination: ip6("2001:db8:5::1") });
  assertEquals(found.gateway, ip6("fe80::99"));
  a.ping("2001:db8:5::1", 8);
  run(world, 10);
  assertEquals(b.mib.icmp6.OutRedirects, 1);
});

Deno.test("errors to one destination are limited", () => {
  const { world, h1, r } = chain();
  for (let i = 0; i < 100; i++) h1.ping("2001:db8:3::2", 8);
  run(world, 0.001);
  // A /64 may have one every 25 ms, six at once.
  assertEquals(r.mib.icmp6.OutDestUnreachs, 6);
  assertEquals(r.mib.icmp6.OutRateLimitHost, 44); // fifty at once are all that a host may send
  run(world, 0.024);
  h1.ping("2001:db8:3::2", 8);
  run(world, 0.001);
  assertEquals(r.mib.icmp6.OutDestUnreachs, 7);
});
