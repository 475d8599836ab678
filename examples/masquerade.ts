/**
 * A home router: two private hosts share one public address. `nft` masquerades them, lets nothing in that nobody asked for, and
 * forwards one port to a private server.
 *
 *     deno run examples/masquerade.ts
 *
 * @module
 */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const laptop = net.host("laptop");
const desktop = net.host("desktop");
const router = net.host("router");
const server = net.host("server");
net.veth([laptop, "eth0", "10.0.1.2/24"], [router, "lan1", "10.0.1.1/24"]);
net.veth([desktop, "eth0", "10.0.2.2/24"], [router, "lan2", "10.0.2.1/24"]);
net.veth([router, "wan", "192.0.2.1/24"], [server, "eth0", "192.0.2.80/24"], { delay: "10ms" });

await net.run(async () => {
  await laptop.exec("ip route add default via 10.0.1.1");
  await desktop.exec("ip route add default via 10.0.2.1");
  await router.exec("sysctl -qw net.ipv4.ip_forward=1");
  const nft = async (command: string) => {
    const { code, stderr } = await router.exec(`nft '${command}'`);
    if (code !== 0) throw new Error(stderr);
  };
  await nft("add table ip home");
  await nft("add chain ip home post { type nat hook postrouting priority srcnat; }");
  await nft("add rule ip home post oifname wan counter masquerade");
  await nft("add chain ip home pre { type nat hook prerouting priority dstnat; }");
  await nft("add rule ip home pre iifname wan tcp dport 8080 dnat to 10.0.2.2:80");
  await nft("add chain ip home forward { type filter hook forward priority filter; policy drop; }");
  await nft("add rule ip home forward ct state established,related accept");
  await nft("add rule ip home forward iifname lan* oifname wan accept");
  await nft("add rule ip home forward ct status dnat accept");

  server.serve(
    { port: 80, onListen() {} },
    (_request, { remoteAddr }) => new Response(`you are ${(remoteAddr as Deno.NetAddr).hostname}\n`),
  );
  desktop.serve({ port: 80, onListen() {} }, () => new Response("the desktop's own page\n"));
  for (const host of [laptop, desktop]) {
    console.log(`${host.hostname()}: ${(await (await host.fetch("http://192.0.2.80/")).text()).trim()}`);
  }
  console.log(`server: ${(await (await server.fetch("http://192.0.2.1:8080/")).text()).trim()}`);
  console.log((await laptop.exec("ping -c 1 192.0.2.80")).stdout);
  const { stdout } = await server.exec("ping -c 1 -W 1 10.0.1.2");
  console.log(stdout.split("\n").find((line) => line.includes("packet loss")) ?? "no route to a private host");
  console.log((await router.exec("nft list ruleset")).stdout);
});
