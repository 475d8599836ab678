/** `dig`, `host` and `nslookup` against what those of BIND 9.18 said to the same name server (`record.ts`). */
import { assertEquals } from "@std/assert";
import { Network } from "../../../mod.ts";
import answers from "./answers.json" with { type: "json" };
import { COMMANDS, normalised, RESOLV_CONF, respond, SERVERS } from "./responder.ts";

const recorded: Record<string, { stdout: string; stderr: string; code: number }> = answers;

for (const program of ["dig", "host", "nslookup"]) {
  Deno.test(`${program} says what BIND's says: answers, search lists, NXDOMAIN, SERVFAIL, time-outs`, async () => {
    using net = new Network({ seed: 1 });
    const host = net.host("host");
    host.files.write("/etc/resolv.conf", RESOLV_CONF);
    await net.run(async () => {
      await host.exec("ip link set lo up");
      for (const address of SERVERS) await host.exec(`ip addr add ${address}/32 dev lo`);
      const sockets = SERVERS.map((hostname) => host.listenDatagram({ transport: "udp", hostname, port: 53 }));
      const serving = sockets.map(async (socket) => {
        for await (const [octets, from] of socket) {
          const answer = respond(octets);
          if (answer !== null) await socket.send(answer, from);
        }
      });
      for (const command of COMMANDS.filter((one) => one.startsWith(`${program} `))) {
        const { stdout, stderr, code } = await host.exec(command);
        assertEquals({ stdout: normalised(stdout), stderr, code }, recorded[command], command);
      }
      for (const socket of sockets) socket.close();
      await Promise.all(serving);
    });
  });
}
