/** The article's host: what `ifconfig` shows of its network card and of the loopback interface. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.machine; // ubuntu-host, as booted: lo is down, nothing else is there

await net.run(async () => {
  await host.exec(`
    sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip link set lo up
    ip netns add network
    ip link add eth0 address 02:42:c0:21:88:06 mtu 1450 txqueuelen 0 type veth peer name eth0 netns network
    ip -n network link set eth0 up
    ip addr add 192.33.136.6/24 brd + dev eth0
    ip link set eth0 up
    ping -q -c 7 localhost
  `);
  console.log("$ ifconfig");
  console.log((await host.exec("ifconfig")).stdout);
});
