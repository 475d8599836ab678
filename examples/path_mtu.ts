/** Path MTU discovery: a router with a smaller link says so, and the sender remembers it. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const [client, router, server] = ["client", "router", "server"].map((name) => net.host(name));
net.veth([client, "eth0", "10.0.1.1/24"], [router, "left", "10.0.1.2/24"]);
net.veth([router, "right", "10.0.2.1/24"], [server, "eth0", "10.0.2.2/24"], { mtu: 1000 });

await net.run(async () => {
  await router.exec("sysctl -qw net.ipv4.ip_forward=1");
  await client.exec("ip route add default via 10.0.1.2");
  await server.exec("ip route add default via 10.0.2.1");
  for (
    const command of [
      "ping -c 1 -M do -s 1400 10.0.2.2",
      "ip route get 10.0.2.2",
      "ping -c 1 -M do -s 972 10.0.2.2",
      "tracepath -n 10.0.2.2",
    ]
  ) {
    const { stdout, stderr } = await client.exec(command);
    console.log(`client$ ${command}\n${stdout}${stderr}`);
  }
  await net.clock.sleep(601_000);
  console.log(
    `client$ ip route get 10.0.2.2   # ten minutes later\n${(await client.exec("ip route get 10.0.2.2")).stdout}`,
  );
});
