/** A UDP echo with Deno's API: the same lines as for `Deno.listenDatagram`, on a namespace. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.host("host");
const text = (octets: Uint8Array) => new TextDecoder().decode(octets);

await net.run(async () => {
  const server = host.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 7 });
  const echoing = (async () => {
    for await (const [data, from] of server) await server.send(data, from);
  })();

  using client = host.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  for (const word of ["hello", "from", "a", "namespace"]) {
    await client.send(new TextEncoder().encode(word), server.addr);
    const [answer] = await client.receive();
    console.log(`${word} -> ${text(answer)}`);
  }
  server.close();
  await echoing;
});
