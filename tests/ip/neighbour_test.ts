import { assert, assertEquals } from "@std/assert";
import {
  NTF_PROXY,
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_PERMANENT,
  NUD_REACHABLE,
  NUD_STALE,
} from "../../src/ip/netlink.ts";
import { parseMac } from "../../src/wire/ethernet.ts";
import { type Host4, ip4, refusal, run, threeHosts, twoHosts } from "./host4.ts";

/** ARP packets that an interface sent, as `request|reply TARGET` with `!` for broadcast. */
function watchArp(host: Host4, device: string): string[] {
  const seen: string[] = [];
  host.device(device).taps = [{
    see(packet, _device, outgoing) {
      const { bytes } = packet;
      const at = packet.head + 14;
      if (!outgoing || packet.protocol !== 0x806) return;
      const kind = bytes[at + 7] === 1 ? "request" : "reply";
      seen.push(`${kind} ${[...bytes.subarray(at + 24, at + 28)].join(".")}${bytes[packet.head] === 255 ? "!" : ""}`);
    },
  }];
  return seen;
}

function state(host: Host4, address: string): number {
  return host.ipv4.neighbours().find((entry) => entry.address === ip4(address))?.state ?? -1;
}

Deno.test("ARP resolves on first use; who was asked knows the asker", () => {
  const { world, a, b } = twoHosts();
  assertEquals(a.echo("10.0.0.2"), 0);
  run(world, 0.1);
  assertEquals(a.take(), ["reply from 10.0.0.2 ttl 64"]);
  assertEquals(state(a, "10.0.0.2"), NUD_REACHABLE);
  assertEquals(state(b, "10.0.0.1"), NUD_DELAY);
});

Deno.test("a reachable neighbour becomes stale after 15 to 45 s, then is asked by unicast when used", () => {
  const { world, a } = twoHosts();
  a.echo("10.0.0.2");
  run(world, 14.9);
  assertEquals(state(a, "10.0.0.2"), NUD_REACHABLE);
  run(world, 31);
  assertEquals(state(a, "10.0.0.2"), NUD_STALE);
  const seen = watchArp(a, "v0");
  a.echo("10.0.0.2");
  assertEquals(state(a, "10.0.0.2"), NUD_DELAY);
  run(world, 5.1);
  assertEquals(seen.filter((line) => line.startsWith("request")), ["request 10.0.0.2"]);
  assertEquals(state(a, "10.0.0.2"), NUD_REACHABLE);
});

Deno.test("a transport's confirmation saves the question", () => {
  const { world, a, b } = twoHosts();
  a.echo("10.0.0.2");
  run(world, 50);
  const seen = watchArp(a, "v0");
  const path = a.ipv4.path({ destination: ip4("10.0.0.2"), protocol: 6 });
  path.refresh();
  a.echo("10.0.0.2");
  run(world, 4);
  path.confirm();
  run(world, 2);
  assertEquals(seen.filter((line) => line.startsWith("request")), []);
  assertEquals(state(a, "10.0.0.2"), NUD_REACHABLE);
  assertEquals(b.take(), []);
});

Deno.test("nobody answers: three requests a second apart, then the waiting packets come back as errors", () => {
  const { world, a } = twoHosts();
  const seen = watchArp(a, "v0");
  for (let i = 0; i < 3; i++) a.echo("10.0.0.77");
  assertEquals(state(a, "10.0.0.77"), NUD_INCOMPLETE);
  run(world, 2.9);
  assertEquals(a.take(), []);
  run(world, 0.2);
  assertEquals(seen, ["request 10.0.0.77!", "request 10.0.0.77!", "request 10.0.0.77!"]);
  assertEquals(a.take(), Array(3).fill("error 3/1 0 from 10.0.0.1"));
  assertEquals(state(a, "10.0.0.77"), NUD_FAILED);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("the queue of an unresolved neighbour is bounded: the oldest give way", () => {
  const { world, a } = twoHosts();
  for (let i = 0; i < 300; i++) a.echo("10.0.0.77");
  run(world, 0.001);
  assertEquals(world.packets.outstanding, 277);
  assertEquals(a.ipv4.arpTable!.discards, 23);
});

Deno.test("a permanent entry stays and is not asked for", () => {
  const { world, a, b } = twoHosts();
  const device = a.device("v0");
  a.ipv4.setNeighbour({ address: ip4("10.0.0.2"), device, linkAddress: b.device("v0").address.slice() }, "add");
  const seen = watchArp(a, "v0");
  a.echo("10.0.0.2");
  run(world, 400);
  assertEquals(a.take(), ["reply from 10.0.0.2 ttl 64"]);
  assertEquals(seen.filter((line) => line.startsWith("request 10.0.0.2!")), []);
  assertEquals(state(a, "10.0.0.2"), NUD_PERMANENT);
  const again = { address: ip4("10.0.0.2"), device, linkAddress: parseMac("02:00:00:00:00:99") };
  assertEquals(refusal(() => a.ipv4.setNeighbour(again, "add")), "File exists");
  a.ipv4.deleteNeighbour({ address: ip4("10.0.0.2"), device });
  assertEquals(
    refusal(() => a.ipv4.deleteNeighbour({ address: ip4("10.0.0.2"), device })),
    "No such file or directory",
  );
});

Deno.test("an interface that goes down forgets its neighbours", () => {
  const { world, a } = twoHosts();
  a.echo("10.0.0.2");
  run(world, 0.1);
  a.down("v0");
  assertEquals(a.neighbours(), []);
});

Deno.test("arp_ignore 1 answers only for the interface's own addresses", () => {
  const { world, a, b } = twoHosts();
  b.addr("10.99.0.1/24", "lo");
  a.route("10.99.0.0/24 dev v0");
  a.echo("10.99.0.1");
  run(world, 0.1);
  assertEquals(a.take(), ["reply from 10.99.0.1 ttl 64"]);
  a.ipv4.deleteNeighbour({ address: ip4("10.99.0.1"), device: a.device("v0") });
  b.write("net/ipv4/conf/v0/arp_ignore", "1");
  a.echo("10.99.0.1");
  run(world, 4);
  assertEquals(a.take(), ["error 3/1 0 from 10.0.0.1"]);
});

Deno.test("a router is proxy for what lies behind it, where proxy_arp or an entry says so", () => {
  const { world, h1, r } = threeHosts();
  h1.route("10.0.2.0/24 dev right");
  r.write("net/ipv4/conf/left/proxy_arp", "1");
  h1.echo("10.0.2.2");
  run(world, 2);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
  r.write("net/ipv4/conf/left/proxy_arp", "0");
  h1.down("right").up("right").route("default via 10.0.1.2").route("10.0.2.0/24 dev right");
  h1.echo("10.0.2.2");
  run(world, 4);
  assertEquals(h1.take(), ["error 3/1 0 from 10.0.1.1"]);
  r.ipv4.setNeighbour({ address: ip4("10.0.2.2"), device: r.device("left"), flags: NTF_PROXY }, "add");
  h1.echo("10.0.2.2");
  run(world, 2);
  assertEquals(h1.take(), ["reply from 10.0.2.2 ttl 63"]);
});

Deno.test("a table of more than gc_thresh1 entries is tidied of stale ones, and never grows beyond gc_thresh3", () => {
  const { world, a } = twoHosts();
  a.addr("10.8.0.1/16", "v0");
  for (let i = 2; i < 1500; i++) a.echo(`10.8.${i >> 8}.${i & 255}`);
  assert(a.ipv4.arpTable!.size <= 1024);
  run(world, 200);
  assert(a.ipv4.arpTable!.size < 128, `${a.ipv4.arpTable!.size} entries are left`);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a table of permanent entries only lets the world come to rest", () => {
  const { world, a } = twoHosts();
  const linkAddress = parseMac("02:00:00:00:00:99");
  for (let i = 2; i < 202; i++) {
    a.ipv4.setNeighbour({ address: ip4("10.0.0.0") + i, device: a.device("v0"), linkAddress }, "add");
  }
  run(world, 1000);
  assertEquals(world.scheduler.nextAt(), Infinity);
  assertEquals(a.ipv4.arpTable!.size, 200);
});

Deno.test("with arp_notify an interface that comes up tells of its addresses", () => {
  const { world, a } = twoHosts();
  a.write("net/ipv4/conf/v0/arp_notify", "1");
  const seen = watchArp(a, "v0");
  a.down("v0").up("v0");
  run(world, 0.1);
  assertEquals(seen, ["request 10.0.0.1!"]);
});
