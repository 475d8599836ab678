import { type Api, outcome, parity } from "./parity.ts";
import { DnsServer } from "../../src/dns/server.ts";
import { Zone } from "../../src/dns/zone.ts";

const ZONE = `$TTL 300
@ IN SOA ns1 admin ( 2024 3600 600 86400 60 )
  IN NS ns1
  MX 10 mail
  TXT "hello world" "two"
  CAA 0 issue "ca.test"
ns1 A 127.0.0.1
www AAAA 2001:db8::1
www A 10.0.0.1
alias CNAME www
_http._tcp SRV 1 2 80 www
naptr NAPTR 1 2 "u" "E2U" "!a!b!" .
long TXT "${"x".repeat(250)}" "${"y".repeat(250)}" "${"z".repeat(250)}"
`;

/** Our own name server, on either network. */
function nameServer(api: Api) {
  const datagrams = api.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  const { port } = datagrams.addr as Deno.NetAddr;
  const listener = api.listen({ port, hostname: "127.0.0.1" });
  const nothing = {
    exchange: () => Promise.resolve(null),
    exchangeTcp: () => Promise.resolve(null),
    randomId: () => 0,
  };
  const server = new DnsServer({ zones: [Zone.parse(ZONE, "example.test")] }, nothing, () => 0);
  const finished = Promise.all([server.serveUdp(datagrams), server.serveTcp(listener)]);
  return {
    options: { nameServer: { ipAddr: "127.0.0.1", port } },
    stop: async () => {
      datagrams.close();
      listener.close();
      await finished;
    },
  };
}

parity("records of every type, and names that are not there", async (api) => {
  const { options, stop } = nameServer(api);
  const seen = [];
  for (
    const [name, type] of [
      ["www.example.test", "A"],
      ["www.example.test", "AAAA"],
      ["alias.example.test", "A"],
      ["alias.example.test", "CNAME"],
      ["example.test", "MX"],
      ["example.test", "NS"],
      ["example.test", "SOA"],
      ["example.test", "CAA"],
      ["_http._tcp.example.test", "SRV"],
      ["naptr.example.test", "NAPTR"],
      ["www.example.test.", "A"],
      ["nope.example.test", "A"],
      ["www.example.test", "MX"],
      ["bad..name", "A"],
    ] as const
  ) seen.push(await outcome(() => api.resolveDns(name, type as "A", options)));
  seen.push(await outcome(() => api.resolveDns("www.example.test", "A", { ...options, signal: AbortSignal.abort() })));
  await stop();
  return seen;
});

parity("an answer that does not fit is asked for over TCP", async (api) => {
  const { options, stop } = nameServer(api);
  const seen = await api.resolveDns("long.example.test", "TXT", options);
  await stop();
  return seen.map((texts) => texts.join("").length);
});
