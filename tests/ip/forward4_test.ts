import { assertEquals } from "@std/assert";
import { RTN_BLACKHOLE, RTN_PROHIBIT, RTN_UNREACHABLE } from "../../src/ip/netlink.ts";
import { changeLink } from "../../src/device/link.ts";
import { Host4, ip4, run, threeHosts, twoHosts, wire } from "./host4.ts";

Deno.test("a router passes packets on with one hop less, and says when there are none left", () => {
  const { world, h1, r, h2 } = threeHosts();
  h1.echo("10.0.2.2");
  run(world, 1);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
  h1.echo("10.0.2.2", { ttl: 1 });
  run(world, 1);
  assertEquals(h1.take(), ["error 11/0 0 from 10.0.1.2"]);
  assertEquals(r.mib.ip.ForwDatagrams, 2);
  assertEquals(r.mib.ip.InHdrErrors, 1);
  assertEquals(h2.mib.icmp.InEchos, 1);
});

Deno.test("a host that does not forward drops, and counts addresses that are not its own", () => {
  const { world, h1, r } = threeHosts();
  r.write("net/ipv4/ip_forward", "0");
  h1.echo("10.0.2.2");
  run(world, 1);
  assertEquals(h1.take(), []);
  assertEquals(r.mib.ip.InAddrErrors, 1);
});

Deno.test("a router without a way says which kind", () => {
  const { world, h1, r } = threeHosts();
  r.route("10.78.0.0/16", "add", RTN_PROHIBIT).route("10.79.0.0/16", "add", RTN_BLACKHOLE)
    .route("10.80.0.0/16", "add", RTN_UNREACHABLE);
  const answer = (to: string) => {
    h1.echo(to);
    run(world, 4);
    return h1.take();
  };
  assertEquals(answer("10.77.0.1"), ["error 3/0 0 from 10.0.1.2"]);
  assertEquals(answer("10.78.0.1"), ["error 3/13 0 from 10.0.1.2"]);
  assertEquals(answer("10.79.0.1"), []);
  assertEquals(answer("10.80.0.1"), ["error 3/1 0 from 10.0.1.2"]);
  assertEquals(answer("10.0.2.77"), ["error 3/1 0 from 10.0.1.2"]);
});

Deno.test("errors to one host are limited: six at once, then one a second", () => {
  const { world, h1 } = threeHosts();
  for (let i = 0; i < 20; i++) h1.echo("10.0.2.2", { ttl: 1 });
  run(world, 0.5);
  assertEquals(h1.take().length, 6);
  for (let i = 0; i < 3; i++) {
    run(world, 1.01);
    for (let j = 0; j < 5; j++) h1.echo("10.0.2.2", { ttl: 1 });
  }
  run(world, 0.1);
  assertEquals(h1.take().length, 3);
});

Deno.test("a small link: fragments without DF; with it Fragmentation Needed, and the path MTU is remembered for 600 s", () => {
  const { world, h1, r, h2 } = threeHosts();
  for (const [host, name] of [[r, "right"], [h2, "left"]] as [Host4, string][]) {
    changeLink(host.device(name), { mtu: 1000 });
  }
  h1.echo("10.0.2.2", { size: 1400, discover: "dont" });
  run(world, 1);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
  assertEquals([r.mib.ip.FragOKs, r.mib.ip.FragCreates], [1, 2]);
  assertEquals(h1.mib.ip.ReasmOKs, 1);
  h1.echo("10.0.2.2", { size: 1400, discover: "do" });
  run(world, 1);
  assertEquals(h1.take(), ["error 3/4 1000 from 10.0.1.2"]);
  assertEquals(h1.echo("10.0.2.2", { size: 1400, discover: "do" }), -90);
  assertEquals(h1.ipv4.getRoute({ destination: ip4("10.0.2.2") }).mtu, 1000);
  assertEquals(h1.echo("10.0.2.2", { size: 972, discover: "do" }), 0);
  run(world, 1);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
  h1.echo("10.0.2.2", { size: 1400 });
  run(world, 1);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
  run(world, 600);
  assertEquals(h1.ipv4.getRoute({ destination: ip4("10.0.2.2") }).mtu, 0);
  assertEquals(h1.echo("10.0.2.2", { size: 1400, discover: "do" }), 0);
  run(world, 1);
  assertEquals(world.packets.outstanding, 0);
});

/** h1 has a detour: its default route leads by r, but h2 is on the same wire. */
function detour(): { world: Host4["world"]; h: Host4; r: Host4; other: Host4 } {
  const { world, a: h, b: r } = twoHosts();
  const other = new Host4(world, "other").up("lo");
  wire(r, "v1", other, "v1");
  r.addr("10.0.5.1/24", "v1").write("net/ipv4/ip_forward", "1");
  other.addr("10.0.5.2/24", "v1").route("default via 10.0.5.1");
  return { world, h, r, other };
}

Deno.test("a router that sends a packet back to its wire tells the sender of the better way", () => {
  const { world, h, r } = detour();
  h.route("10.9.0.0/16 via 10.0.0.2");
  r.route("10.9.0.0/16 via 10.0.0.1");
  h.echo("10.9.0.1");
  run(world, 0.1);
  assertEquals([r.mib.icmp.OutRedirects, h.mib.icmp.InRedirects], [1, 1]);
  r.write("net/ipv4/conf/all/send_redirects", "0");
  r.write("net/ipv4/conf/v0/send_redirects", "0");
  run(world, 30);
  h.echo("10.9.0.1");
  run(world, 0.1);
  assertEquals(r.mib.icmp.OutRedirects, 1);
});

Deno.test("strict reverse path filtering drops what comes by the wrong way", () => {
  const { world, h, r, other } = detour();
  r.route("172.16.0.0/16 via 10.0.5.2");
  h.addr("172.16.0.1/32", "lo").route("10.0.5.0/24 via 10.0.0.2");
  other.route("172.16.0.0/16 via 10.0.5.1");
  h.echo("10.0.5.2", { source: "172.16.0.1" });
  run(world, 1);
  assertEquals(other.mib.icmp.InEchos, 1);
  r.write("net/ipv4/conf/v0/rp_filter", "1");
  h.echo("10.0.5.2", { source: "172.16.0.1" });
  run(world, 1);
  assertEquals(other.mib.icmp.InEchos, 1);
  assertEquals(r.mib.tcpExt.IPReversePathFilter, 1);
  r.write("net/ipv4/conf/v0/rp_filter", "2");
  h.echo("10.0.5.2", { source: "172.16.0.1" });
  run(world, 1);
  assertEquals(other.mib.icmp.InEchos, 2);
});

Deno.test("own and loopback sources from a wire are martians", () => {
  const { world, h, r } = detour();
  h.addr("10.0.5.1/32", "lo").route("10.0.5.0/24 via 10.0.0.2");
  // ARP asks in the name of the right address, or it were not answered.
  h.write("net/ipv4/conf/v0/arp_announce", "2");
  h.echo("10.0.0.2", { source: "10.0.5.1" });
  h.write("net/ipv4/conf/v0/route_localnet", "1");
  h.echo("10.0.0.2", { source: "127.0.0.1" });
  run(world, 1);
  assertEquals([r.mib.ip.InReceives, r.mib.icmp.InEchos], [2, 0]);
  r.write("net/ipv4/conf/v0/accept_local", "1");
  h.echo("10.0.0.2", { source: "10.0.5.1" });
  run(world, 1);
  assertEquals(r.mib.icmp.InEchos, 1);
});
