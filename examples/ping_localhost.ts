/** The article's ping: four echoes over lo, and what they leave on its counters. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.host("ubuntu-host");

await net.run(async () => {
  console.log("$ ping -c 4 localhost");
  console.log((await host.exec("ping -c 4 localhost")).stdout);
  console.log("$ ip -s link show lo");
  console.log((await host.exec("ip -s link show lo")).stdout);
});
