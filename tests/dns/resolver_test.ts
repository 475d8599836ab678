/** Names through emulated servers: search lists, time-outs, TCP, caches, zones. */
import { assertEquals, assertRejects } from "@std/assert";
import { candidates, parseResolvConf } from "../../src/dns/resolv_conf.ts";
import { Zone } from "../../src/dns/zone.ts";
import { type Host, Network } from "../../mod.ts";

const ZONE = `$ORIGIN example.com.
$TTL 300
@ SOA ns admin 1 7200 3600 1209600 60
@ NS ns
ns A 10.0.0.2
www A 192.0.2.1
www A 192.0.2.2
alias CNAME www
chain CNAME alias
*.wild A 192.0.2.9
sub NS ns.sub
ns.sub A 192.0.2.10
short 5 A 192.0.2.5
${Array.from({ length: 100 }, (_, i) => `many A 10.1.0.${i}`).join("\n")}
`;

async function withNames(
  conf: string,
  test: (client: Host, net: Network, server: Host) => Promise<void>,
): Promise<void> {
  using net = new Network({ seed: 1 });
  const client = net.host("client"), server = net.host("server");
  net.veth([client, "eth0", "10.0.0.1/24"], [server, "eth0", "10.0.0.2/24"]);
  client.files.write("/etc/resolv.conf", conf);
  await net.run(async () => {
    server.dnsServer({ zones: { "example.com": ZONE }, rotate: false, hostname: "10.0.0.2" });
    await test(client, net, server);
  });
}

Deno.test("the search list comes first for names of few dots, last for others", () => {
  const conf = parseResolvConf("search a.example b.example\noptions ndots:2\n");
  assertEquals(candidates(conf, "www"), ["www.a.example.", "www.b.example.", "www."]);
  assertEquals(candidates(conf, "x.y.z"), ["x.y.z.", "x.y.z.a.example.", "x.y.z.b.example."]);
  assertEquals(candidates(conf, "www."), ["www."]);
});

Deno.test("names are found through the search list, aliases and wildcards, by getent and resolveDns", async () => {
  await withNames("nameserver 10.0.0.2\nsearch example.com\n", async (client) => {
    assertEquals((await client.exec("getent ahostsv4 www")).stdout.includes("192.0.2.1"), true);
    assertEquals(await client.resolveDns("chain.example.com", "A"), ["192.0.2.1", "192.0.2.2"]);
    assertEquals(await client.resolveDns("x.wild.example.com", "A"), ["192.0.2.9"]);
    assertEquals(((await client.resolveDns("many.example.com", "A")) as string[]).length, 100); // over TCP
    await assertRejects(() => client.resolveDns("nope.example.com", "A"), Deno.errors.NotFound);
    await assertRejects(() => client.resolveDns("www.example.com", "MX"), Deno.errors.NotFound);
    assertEquals((await client.exec("getent hosts nope.example.com")).code, 2);
  });
});

Deno.test("a server that does not answer costs its time-out, each round, before the next is asked", async () => {
  await withNames("nameserver 10.0.0.2\noptions timeout:1 attempts:2\n", async (client, net, server) => {
    await server.exec("ip addr add 10.0.0.3/24 dev eth0");
    const silent = server.listenDatagram({ transport: "udp", hostname: "10.0.0.3", port: 53 });
    client.files.write("/etc/resolv.conf", "nameserver 10.0.0.3\nnameserver 10.0.0.2\noptions timeout:1 attempts:2\n");
    const start = net.clock.now();
    assertEquals(await client.resolveDns("www.example.com", "A"), ["192.0.2.1", "192.0.2.2"]);
    assertEquals(Math.round((net.clock.now() - start) / 1000), 1);
    client.files.write("/etc/resolv.conf", "nameserver 10.0.0.3\noptions timeout:1 attempts:2\n");
    const then = net.clock.now();
    await assertRejects(() => client.resolveDns("www.example.com", "A"), Deno.errors.TimedOut);
    assertEquals(Math.round((net.clock.now() - then) / 1000), 3);
    silent.close();
  });
});

Deno.test("a forwarding server keeps an answer for its TTL of virtual time", async () => {
  await withNames("nameserver 10.0.0.1\n", async (client, net) => {
    const cache = client.dnsServer({ zones: {}, forwarders: ["10.0.0.2"] });
    const ask = () => client.resolveDns("short.example.com", "A");
    await ask();
    await ask();
    assertEquals([cache.counters.forwarded, cache.counters.cacheHits], [1, 1]);
    await net.clock.sleep(6000);
    await ask();
    assertEquals(cache.counters.forwarded, 2);
  });
});

Deno.test("a zone answers with aliases, delegations, NXDOMAIN and NODATA as RFC 1034 has it", () => {
  const zone = Zone.parse(ZONE);
  const summary = (name: string, type: number) => {
    const { rcode, authoritative, answers, authority, additional } = zone.answer(name, type);
    return [
      rcode,
      authoritative,
      answers.map((it) => it.data.type),
      authority.map((it) => it.data.type),
      additional.length,
    ];
  };
  assertEquals(summary("chain.example.com.", 1), [0, true, ["CNAME", "CNAME", "A", "A"], [], 0]);
  assertEquals(summary("x.sub.example.com.", 1), [0, false, [], ["NS"], 1]);
  assertEquals(summary("nope.example.com.", 1), [3, true, [], ["SOA"], 0]);
  assertEquals(summary("www.example.com.", 28), [0, true, [], ["SOA"], 0]);
  assertEquals(summary("wild.example.com.", 1), [0, true, [], ["SOA"], 0]);
  assertEquals(zone.answer("nope.example.com.", 1).authority[0].ttl, 60);
});

Deno.test("with `rotate` the servers take turns as the first; without it the first in the file is asked", async () => {
  await withNames("", async (client, _net, server) => {
    for (const last of [3, 4]) await server.exec(`ip addr add 10.0.0.${last}/24 dev eth0`);
    const servers = [3, 4].map((last) =>
      server.dnsServer({
        zones: { "other.test": `@ SOA ns admin 1 2 3 4 5\nx A 192.0.2.${last}` },
        hostname: `10.0.0.${last}`,
      })
    );
    const asked = async (options: string) => {
      client.files.write("/etc/resolv.conf", `nameserver 10.0.0.3\nnameserver 10.0.0.4\n${options}`);
      const before = servers.map((it) => it.counters.queries);
      const answers = new Set<string>();
      for (let i = 0; i < 40; i++) {
        for (const one of await client.resolveDns("x.other.test", "A")) answers.add(`${one}`);
      }
      return [servers.map((it, i) => it.counters.queries - before[i]), [...answers].sort()] as const;
    };
    assertEquals(await asked(""), [[40, 0], ["192.0.2.3"]]);
    const [counts, answers] = await asked("options rotate\n");
    assertEquals(answers, ["192.0.2.3", "192.0.2.4"]);
    assertEquals([counts[0] + counts[1], counts.every((count) => count >= 10)], [40, true]);
  });
});
