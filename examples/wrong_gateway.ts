/** A host with a wrong gateway, found with the tools, and mended. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const [client, router, server] = ["client", "router", "server"].map((name) => net.host(name));
net.veth([client, "eth0", "192.168.1.10/24"], [router, "lan", "192.168.1.1/24"]);
net.veth([router, "wan", "203.0.113.1/24"], [server, "eth0", "203.0.113.80/24"]);

await net.run(async () => {
  await router.exec("sysctl -qw net.ipv4.ip_forward=1");
  await server.exec("ip route add default via 203.0.113.1");
  await client.exec("ip route add default via 192.168.1.254"); // somebody mistyped 192.168.1.1

  const show = async (command: string, comment = "") => {
    const { stdout, stderr } = await client.exec(command);
    console.log(`client$ ${command}${comment && `   # ${comment}`}\n${stdout}${stderr}`);
  };
  await show("ping -c 1 203.0.113.80", "the server cannot be reached");
  await show("ping -c 1 192.168.1.1", "the router can");
  await show("ip route get 203.0.113.80", "the way goes over 192.168.1.254");
  await show("ip neigh show 192.168.1.254", "and nobody there answers ARP");
  await show("ip route replace default via 192.168.1.1");
  await show("ping -c 1 203.0.113.80", "mended");
});
