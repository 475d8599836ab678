/** A bridge with three hosts: it floods what it does not know, and learns who is where. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const bridge = net.host("bridge");
const hosts = ["a", "b", "c"].map((name, i) => {
  const host = net.host(name);
  net.veth([host, "eth0", `10.0.0.${i + 1}/24`], [bridge, `port${i + 1}`], {
    macs: [`02:00:00:00:00:0${i + 1}`, `02:00:00:00:01:0${i + 1}`],
  });
  return host;
});

await net.run(async () => {
  await bridge.exec(`
    ip link add br0 type bridge
    for port in port1 port2 port3; do ip link set $port master br0; done
    ip link set br0 up
  `);
  await net.clock.sleep(2000);
  console.log("a$ ping -q -c 2 10.0.0.2");
  console.log((await hosts[0].exec("ping -q -c 2 10.0.0.2")).stdout);
  console.log("bridge$ bridge fdb show br br0 dynamic");
  console.log((await bridge.exec("bridge fdb show br br0 dynamic | sort")).stdout);
  console.log("bridge$ bridge link");
  console.log((await bridge.exec("bridge link")).stdout);
});
