/** Two hosts on a wire: names, a ping, what each tool shows of it. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const alice = net.host("alice");
const bob = net.host("bob");
net.veth([alice, "eth0", "10.0.0.1/24"], [bob, "eth0", "10.0.0.2/24"], { delay: "2ms" });
alice.hosts.add("10.0.0.2", "bob");

await net.run(async () => {
  for (const command of ["ping -c 3 bob", "ip neigh", "ip -s link show eth0", "ip route"]) {
    const { stdout, stderr } = await alice.exec(command);
    console.log(`alice$ ${command}\n${stdout}${stderr}`);
  }
});
