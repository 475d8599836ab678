import { assert, assertEquals } from "@std/assert";
import { sendNdisc } from "../../src/ip/ndisc6.ts";
import { formatIpv6 } from "../../src/wire/ipv6.ts";
import { put16, put32 } from "../../src/wire/octets.ts";
import { type Host6, ip6, run, twoHosts } from "./host6.ts";

interface Advertisement {
  lifetime?: number;
  hopLimit?: number;
  preference?: number;
  prefix?: string;
  flags?: number;
  valid?: number;
  preferred?: number;
  mtu?: number;
}

function linkLocal(host: Host6): string {
  return host.addresses("v0").at(-1)!.split("/")[0];
}

function advertise(router: Host6, options: Advertisement): void {
  const packet = router.world.packets.allocate(100);
  const { bytes, head: at } = packet;
  bytes.fill(0, at, at + 100);
  bytes[at] = 134;
  bytes[at + 4] = options.hopLimit ?? 64;
  bytes[at + 5] = options.preference ?? 0;
  put16(bytes, at + 6, options.lifetime ?? 1800);
  packet.tail = at + 16;
  if (options.prefix !== undefined) {
    const option = packet.tail;
    bytes.set([3, 4, 64, options.flags ?? 0xc0], option);
    put32(bytes, option + 4, options.valid ?? 86400);
    put32(bytes, option + 8, options.preferred ?? 14400);
    bytes.set(ip6(options.prefix), option + 16);
    packet.tail += 32;
  }
  if (options.mtu !== undefined) {
    bytes.set([5, 1, 0, 0], packet.tail);
    put32(bytes, packet.tail + 4, options.mtu);
    packet.tail += 8;
  }
  sendNdisc(router.ipv6, router.device("v0"), packet, ip6(linkLocal(router)), ip6("ff02::1"), null);
}

Deno.test("an advertisement gives an address, a prefix route, a default route and a hop limit", () => {
  const { world, a, b } = twoHosts();
  advertise(b, { prefix: "2001:db8:7::", hopLimit: 33 });
  run(world, 1);
  const own = a.ipv6.addresses(a.device("v0")).find((one) =>
    formatIpv6(one.local as Uint8Array).startsWith("2001:db8:7:")
  )!;
  assertEquals(Math.round((own.validUntil - world.scheduler.now) / 1e9), 86399);
  assertEquals(Math.round((own.preferredUntil - world.scheduler.now) / 1e9), 14399);
  const routes = a.routes();
  assert(routes.includes("2001:db8:7::/64 dev v0 metric 256"));
  assertEquals(routes.at(-1), `::/0 via ${linkLocal(b)} dev v0 metric 1024`);
  const route = [...a.ipv6.routes(254)!].at(-1)!;
  assertEquals(route.protocol, 9);
  assertEquals(route.metrics, { hoplimit: 33 });
  assertEquals(Math.round((route.expires - world.scheduler.now) / 1e9), 1799);
  assertEquals(a.sysctl("conf/v0/hop_limit"), "33");
});

Deno.test("a default router goes when its lifetime ends or is zero", () => {
  const { world, a, b } = twoHosts();
  advertise(b, { lifetime: 30 });
  run(world, 1);
  assertEquals(a.routes().length, 3);
  assertEquals(a.ping("3000::1"), 0);
  run(world, 30);
  assertEquals(a.routes().length, 2);
  assertEquals(a.ping("3000::1"), -101);
  advertise(b, { lifetime: 1800 });
  run(world, 1);
  advertise(b, { lifetime: 0 });
  run(world, 1);
  assertEquals(a.routes().length, 2);
});

Deno.test("a router, and who does not accept advertisements, ignores them", () => {
  const { world, a, b } = twoHosts();
  a.sysctl("conf/v0/accept_ra", "0");
  advertise(b, { prefix: "2001:db8:7::" });
  run(world, 1);
  assertEquals(a.addresses("v0").length, 2);
  a.sysctl("conf/v0/accept_ra", "1");
  a.sysctl("conf/v0/forwarding", "1");
  advertise(b, { prefix: "2001:db8:7::" });
  run(world, 1);
  assertEquals(a.addresses("v0").length, 2);
  a.sysctl("conf/v0/accept_ra", "2");
  advertise(b, { prefix: "2001:db8:7::" });
  run(world, 1);
  assertEquals(a.addresses("v0").length, 3);
});

Deno.test("no advertisement shortens a lifetime below two hours", () => {
  const { world, a, b } = twoHosts();
  advertise(b, { prefix: "2001:db8:7::" });
  run(world, 1);
  advertise(b, { prefix: "2001:db8:7::", valid: 10, preferred: 5 });
  run(world, 1);
  const own = a.ipv6.addresses(a.device("v0"))[0];
  assertEquals(Math.round((own.validUntil - world.scheduler.now) / 1e9), 7199);
  assertEquals(Math.round((own.preferredUntil - world.scheduler.now) / 1e9), 4);
});

Deno.test("an advertised MTU bounds what is sent on the link", () => {
  const { world, a, b } = twoHosts();
  advertise(b, { mtu: 1400 });
  run(world, 1);
  assertEquals(a.sysctl("conf/v0/mtu"), "1400");
  assertEquals(a.ipv6.path({ destination: ip6("2001:db8::2"), protocol: 17 }).mtu(), 1400);
  advertise(b, { mtu: 1000 });
  run(world, 1);
  assertEquals(a.sysctl("conf/v0/mtu"), "1400");
});
