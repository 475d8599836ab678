/** A name with two addresses: the name server turns their order, so that clients spread over two web servers. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const [client, router, dns, web1, web2] = ["client", "router", "dns", "web1", "web2"].map((name) => net.host(name));
[client, dns, web1, web2].forEach((host, i) => {
  net.veth([host, "eth0", `10.0.${i}.2/24`], [router, `port${i}`, `10.0.${i}.1/24`], { delay: "1ms" });
});

await net.run(async () => {
  await router.exec("sysctl -qw net.ipv4.ip_forward=1");
  for (const [i, host] of [client, dns, web1, web2].entries()) await host.exec(`ip route add default via 10.0.${i}.1`);
  using _server = dns.dnsServer({
    zones: {
      "example.test": `
        $TTL 60
        @    SOA ns admin 1 3600 600 86400 60
             NS  ns
        ns   A   10.0.1.2
        www  A   10.0.2.2
        www  A   10.0.3.2
      `.replace(/^ {8}/gm, ""),
    },
  });
  client.files.write("/etc/resolv.conf", "nameserver 10.0.1.2\nsearch example.test\n");
  const servers = [web1, web2].map((host) => host.serve({ port: 80 }, () => new Response(`this is ${host.name}`)));
  console.log(`www has ${(await client.resolveDns("www", "A")).sort().join(" and ")}`);
  for (let i = 0; i < 4; i++) {
    const page = await (await client.fetch("http://www.example.test/", { headers: { connection: "close" } })).text();
    console.log(`http://www.example.test/ -> ${page}`);
  }
  for (const server of servers) await server.shutdown();
});
