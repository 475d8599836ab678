/** The article's hosts file: names come from it, and it stays as it was written. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.host("ubuntu-host");
host.hosts.add("192.33.136.6", "ubuntu-host");

await net.run(async () => {
  for (const command of ["cat /etc/hosts", "getent hosts localhost", "getent hosts ubuntu-host", "hostname"]) {
    console.log(`$ ${command}\n${(await host.exec(command)).stdout}`);
  }
});
