/** A chain of three routers: forwarding, TTL, and traceroute through it. */
import { type Host, Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const names = ["left", "r1", "r2", "r3", "right"];
const hosts: Host[] = names.map((name) => net.host(name));
for (let i = 0; i + 1 < hosts.length; i++) {
  net.veth([hosts[i], "east", `10.0.${i}.1/24`], [hosts[i + 1], "west", `10.0.${i}.2/24`], { delay: `${i + 1}ms` });
}

await net.run(async () => {
  await hosts[0].exec("ip route add default via 10.0.0.2");
  await hosts[4].exec("ip route add default via 10.0.3.1");
  for (let i = 1; i <= 3; i++) {
    await hosts[i].exec("sysctl -qw net.ipv4.ip_forward=1");
    if (i < 3) await hosts[i].exec(`ip route add 10.0.3.0/24 via 10.0.${i}.2`);
    if (i > 1) await hosts[i].exec(`ip route add 10.0.0.0/24 via 10.0.${i - 1}.1`);
  }
  // An answer to an expired probe comes from the nearer address of each router: those networks must be known as well.
  await hosts[3].exec("ip route add 10.0.1.0/24 via 10.0.2.1");
  for (const command of ["ping -c 2 10.0.3.2", "traceroute -n 10.0.3.2", "ping -c 1 -t 2 10.0.3.2"]) {
    const { stdout, stderr } = await hosts[0].exec(command);
    console.log(`left$ ${command}\n${stdout}${stderr}`);
  }
});
