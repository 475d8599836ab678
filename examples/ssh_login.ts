/** The article's login: ssh from a machine to itself. No permission is needed; npm ssh2 is loaded when it is first used. */
import { Network } from "@netns/emulator";
import "@netns/emulator/ssh";

using net = new Network({ seed: 1 });
const host = net.host("ubuntu-host");

await net.run(async () => {
  using _server = host.sshd({ users: { root: "not shown" } });
  // The host's key is known already, as on the article's machine.
  await host.exec("mkdir -p ~/.ssh; ssh-keyscan localhost > ~/.ssh/known_hosts");

  const command = "ssh root@localhost";
  // Standard input stands for the keyboard: the password, then what is typed into the remote shell.
  const { stderr, stdout } = await host.exec(command, { stdin: "not shown\n" });
  console.log(`$ ${command}\n${stderr}${stdout}`);

  const remote = "ssh -v root@localhost 'hostname; exit 7'";
  const { code, stdout: printed } = await host.exec(remote, { stdin: "not shown\n" });
  console.log(`$ ${remote}\n${printed}exit code ${code}`);
});
