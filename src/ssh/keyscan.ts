/** `ssh-keyscan`: the public keys of hosts, as `known_hosts` has them. */
import type { Process } from "../tools/process.ts";
import { OptionParser } from "../tools/getopt.ts";
import { gaiError, lookUp } from "../tools/name_lookup.ts";
import { startConnect } from "../tools/tcp_client.ts";
import { duplexOver } from "../tls/duplex.ts";
import { knownName } from "./known_hosts.ts";
import { LibraryError, ssh2Library } from "./library.ts";
import { IDENT } from "./server.ts";
import { base64, firstString } from "./wire.ts";

const USAGE = "usage: ssh-keyscan [-46cDHv] [-f file] [-p port] [-T timeout] [-t type]\n" +
  "                   [host | addrlist namelist]\n";

export async function sshKeyscan(process: Process): Promise<number> {
  let port = 22, family: 4 | 6 | null = null;
  const complain = (text: string) => process.stderr.write(`${text.replace(/^ssh-keyscan: invalid/, "unknown")}\r\n`);
  const options = new OptionParser("ssh-keyscan", process.args, "46HT:cDf:p:t:v", complain);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "p") port = Number(one.argument);
    else if (one.option === "4" || one.option === "6") family = Number(one.option) as 4 | 6;
    else if (one.option === "?") {
      process.stderr.write(USAGE);
      return 1;
    }
  }
  if (options.operands.length === 0) {
    process.stderr.write(USAGE);
    return 1;
  }
  let found = 0;
  for (const host of options.operands) if (await scan(process, host, port, family)) found++;
  return found > 0 ? 0 : 1;
}

async function scan(process: Process, host: string, port: number, family: 4 | 6 | null): Promise<boolean> {
  const addresses = await lookUp(process, host, family);
  if (typeof addresses === "string") {
    process.stderr.write(`getaddrinfo ${host}: ${gaiError(addresses)}\r\n`);
    return false;
  }
  const { world } = process.namespace;
  for (const to of addresses) {
    const connecting = startConnect(process, to, port);
    if (await connecting.result !== 0) continue;
    const conn = connecting.stream();
    try {
      const ssh2 = await ssh2Library(world);
      const client = new ssh2.Client();
      let key: Uint8Array | null = null;
      await process.wait(`the key of ${host}`, (done) => {
        client.on("greeting", () => {}).on("error", done).on("close", done).connect({
          sock: duplexOver(world, conn),
          username: "",
          ident: IDENT,
          readyTimeout: 0,
          keepaliveInterval: 0,
          hostVerifier: (blob, answer) => {
            key = Uint8Array.from(blob);
            answer(false);
          },
          authHandler: (_left, _partial, answer) => answer(false),
        });
        world.settle();
      });
      if (key === null) return false;
      const { _remoteVer: version } = client as unknown as { _remoteVer?: string };
      process.stderr.write(`# ${host}:${port} SSH-2.0-${version ?? "unknown"}\n`);
      process.stdout.write(`${knownName(host, port)} ${firstString(key)} ${base64(key)}\n`);
      return true;
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      process.stderr.write(`ssh-keyscan: ${error.message}\r\n`);
    } finally {
      conn[Symbol.dispose]();
    }
  }
  return false;
}
