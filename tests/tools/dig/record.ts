/**
 * Writes `answers.json`: what the real `dig`, `host` and `nslookup` of BIND 9.18 say. Run as root with `-A`, in a network
 * namespace whose `lo` is up and has the addresses `SERVERS`, and whose `/etc/resolv.conf` is `RESOLV_CONF`.
 *
 * @module
 */
import { COMMANDS, normalised, respond, SERVERS } from "./responder.ts";

const sockets = SERVERS.map((hostname) => Deno.listenDatagram({ transport: "udp", hostname, port: 53 }));
sockets.forEach(async (socket) => {
  for await (const [octets, from] of socket) {
    const answer = respond(octets);
    if (answer !== null) await socket.send(answer, from);
  }
});

const answers: Record<string, { stdout: string; stderr: string; code: number }> = {};
const decoder = new TextDecoder();
for (const command of COMMANDS) {
  const [program, ...args] = command.split(" ");
  const { stdout, stderr, code } = await new Deno.Command(program, { args }).output();
  answers[command] = { stdout: normalised(decoder.decode(stdout)), stderr: decoder.decode(stderr), code };
}
for (const socket of sockets) socket.close();
await Deno.writeTextFile(new URL("answers.json", import.meta.url), `${JSON.stringify(answers, null, 2)}\n`);
