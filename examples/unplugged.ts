/** Loopback goes on working while the network card is disconnected, and so does the machine's own address. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.host("ubuntu-host");
const other = net.host("other");
const cable = net.veth([host, "eth0", "192.33.136.6/24"], [other, "eth0", "192.33.136.7/24"]);

await net.run(async () => {
  const show = async (command: string) => {
    const { stdout, stderr, code } = await host.exec(command);
    console.log(`$ ${command}\n${stdout}${stderr}${code === 0 ? "" : `[exit code ${code}]\n`}`);
  };
  await show("ping -c 1 192.33.136.7");
  cable.cut();
  await show("ip -br link");
  await show("ping -c 1 127.0.0.1");
  await show("ping -c 1 192.33.136.6");
  await show("ping -c 1 -W 1 192.33.136.7");
});
