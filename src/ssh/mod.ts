/**
 * SSH for a network: importing this module gives its machines the programs `ssh`, `sshd`, `ssh-keygen`, `ssh-keyscan` and
 * `chpasswd`, and its namespaces `ns.sshd()`. It stands beside `mod.ts` and not in it because npm `ssh2`, which it loads when the
 * first of them is used, needs Deno or Node: the core stays free of packages, and a bundle for browsers has nothing of it. The
 * command line (`./cli`) imports it.
 *
 * Keys are made from the network's seed; what a session draws by itself (its key exchange, padding) is chance of the platform. So
 * two runs of a seed print the same, at the same virtual times and with packets of the same lengths, and only the ciphered octets
 * in them differ.
 *
 * ```ts ignore
 * import { Network } from "@netns/emulator";
 * import "@netns/emulator/ssh";
 *
 * using net = new Network({ seed: 1 });
 * const host = net.host("ubuntu");
 * await net.run(async () => {
 *   using _server = host.sshd({ users: { root: "secret" } });
 *   const options = "-o StrictHostKeyChecking=accept-new";
 *   const { stdout } = await host.exec(`ssh ${options} root@localhost hostname`, { stdin: "secret\n" });
 *   if (stdout !== "ubuntu\n") throw new Error(stdout);
 * });
 * ```
 *
 * @module
 */
import { onSshd } from "../network/ssh_door.ts";
import { addProgram } from "../shell/programs.ts";
import { ssh } from "./client.ts";
import { sshKeygen } from "./keygen.ts";
import { sshKeyscan } from "./keyscan.ts";
import { openListener, serveSsh } from "./server.ts";
import { chpasswd, sshd } from "./sshd.ts";

addProgram("ssh", ssh);
addProgram("sshd", sshd);
addProgram("ssh-keygen", sshKeygen);
addProgram("ssh-keyscan", sshKeyscan);
addProgram("chpasswd", chpasswd);

onSshd((place, options) =>
  serveSsh(place, [openListener(place, options.hostname ?? "0.0.0.0", options.port ?? 22)], options)
);

export type { NetAddr } from "../socket/addresses.ts";
export type { Sshd, SshdOptions } from "../network/ssh_door.ts";
