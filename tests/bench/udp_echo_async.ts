/**
 * W1 with Deno's API on namespaces: `listenDatagram` at both ends of a veth, 32 datagrams of 64 octets in flight. The program is
 * that of `shared/peers/deno/bench.ts`, so the figures stand beside Deno's on the real loopback.
 */
import { Network } from "../../mod.ts";

const PAYLOAD = 64, WINDOW = 32, ECHOES = 200_000, WARM_UP = 20_000;

export interface AsyncEcho {
  peer: "netns";
  w: "W1";
  variant: "veth-async";
  window: number;
  pps: number;
  wall_s: number;
}

export async function udpEchoAsync(): Promise<AsyncEcho> {
  using net = new Network({ seed: 1 });
  const a = net.host("a"), b = net.host("b");
  net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"]);
  const wall = await net.run(async () => {
    const server = b.listenDatagram({ transport: "udp", hostname: "10.0.0.2", port: 7 });
    const client = a.listenDatagram({ transport: "udp", hostname: "10.0.0.1", port: 0 });
    const echoing = (async () => {
      const buffer = new Uint8Array(2048);
      try {
        for (;;) {
          const [data, from] = await server.receive(buffer);
          await server.send(data, from);
        }
      } catch {
        // closed
      }
    })();
    const payload = new Uint8Array(PAYLOAD).fill(7), buffer = new Uint8Array(2048);
    await client.send(payload, server.addr); // resolves the neighbour
    await client.receive(buffer);
    const echo = async (echoes: number) => {
      let sent = 0;
      for (; sent < WINDOW; sent++) await client.send(payload, server.addr);
      for (let got = 1; got <= echoes; got++) {
        await client.receive(buffer);
        if (sent < echoes) {
          sent++;
          await client.send(payload, server.addr);
        }
      }
    };
    await echo(WARM_UP);
    const start = performance.now();
    await echo(ECHOES);
    const seconds = (performance.now() - start) / 1e3;
    client.close();
    server.close();
    await echoing;
    return seconds;
  });
  return {
    peer: "netns",
    w: "W1",
    variant: "veth-async",
    window: WINDOW,
    pps: Math.round(2 * ECHOES / wall),
    wall_s: wall,
  };
}

if (import.meta.main) console.log(JSON.stringify(await udpEchoAsync()));
