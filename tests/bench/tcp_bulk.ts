/**
 * W2: one flow of TCP over lo, and over a veth of no delay and MTU 1500, with synchronous sockets and with Deno's API. Prints JSON
 * lines as the peers do: payload octets read by the receiver per second of wall time, and the processor time that it took.
 * `deno run tests/bench/tcp_bulk.ts [octets]`
 */
import { Network } from "../../mod.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { World } from "../../src/device/world.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { TcpSocket } from "../../src/transport/tcp/socket.ts";
import { cpuSeconds } from "./cpu.ts";

const CHUNK = 65536;

interface Taken {
  wall: number;
  cpu: number;
}

/** Sends `total` octets from a client in `from` to `address` in `to`. */
function transfer(world: World, from: NetworkNamespace, to: NetworkNamespace, address: number, total: number): Taken {
  const listener = new TcpSocket(to.tcp);
  listener.bind(address, 5001);
  listener.listen(1);
  const into = new Uint8Array(CHUNK), data = new Uint8Array(CHUNK).fill(7);
  let got = 0, left = total;
  listener.onReadable = () => {
    const connection = listener.accept()!;
    connection.onReadable = () => {
      for (let n = connection.read(into); n !== -11; n = connection.read(into)) {
        if (n <= 0) {
          connection.close();
          return;
        }
        got += n;
      }
    };
  };
  const client = new TcpSocket(from.tcp);
  const begun = performance.now(), cpu = cpuSeconds();
  client.onWritable = () => {
    while (left > 0) {
      const n = client.write(data, 0, Math.min(left, CHUNK));
      if (n < 0) return;
      left -= n;
    }
    client.close();
  };
  client.connect(address, 5001);
  const end = world.scheduler.now + 60e9;
  while (got < total && world.scheduler.now < end && world.scheduler.step());
  const taken = { wall: (performance.now() - begun) / 1000, cpu: cpuSeconds() - cpu };
  listener.close();
  while (world.scheduler.pending) world.scheduler.drain();
  if (got !== total || world.packets.outstanding !== 0) throw new Error(`${got} of ${total}`);
  return taken;
}

/** The same with promises. */
async function transferAsync(loopback: boolean, total: number): Promise<Taken> {
  using net = new Network({ seed: 1 });
  const a = net.host("a"), b = loopback ? a : net.host("b");
  if (!loopback) net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"]);
  const hostname = loopback ? "127.0.0.1" : "10.0.0.2";
  return await net.run(async () => {
    const listener = b.listen({ hostname, port: 5001 });
    const receiving = (async () => {
      using conn = await listener.accept();
      const into = new Uint8Array(CHUNK);
      let got = 0;
      for (let n = await conn.read(into); n !== null; n = await conn.read(into)) got += n;
      return got;
    })();
    using conn = await a.connect({ hostname, port: 5001 });
    const data = new Uint8Array(CHUNK).fill(7);
    const begun = performance.now(), cpu = cpuSeconds();
    for (let left = total; left > 0;) {
      left -= await conn.write(left >= CHUNK ? data : data.subarray(0, left));
    }
    await conn.closeWrite();
    const got = await receiving;
    const taken = { wall: (performance.now() - begun) / 1000, cpu: cpuSeconds() - cpu };
    listener.close();
    if (got !== total) throw new Error(`${got} of ${total}`);
    return taken;
  });
}

const total = Number(Deno.args.find((word) => /^\d+$/.test(word)) ?? 2 ** 30);
const world = new World(1);
const a = new NetworkNamespace(world, "a", 1), b = new NetworkNamespace(world, "b", 2);
for (const namespace of [a, b]) changeLink(namespace.loopback, { up: true });
const device = createLink(a, { kind: "veth", name: "v0", peer: { name: "v0", owner: b } });
const peer = b.interfaces.byName("v0")!;
a.ipv4.addAddress(device, { local: 0x0a000001, prefixLength: 24 }, "add");
b.ipv4.addAddress(peer, { local: 0x0a000002, prefixLength: 24 }, "add");
changeLink(device, { up: true });
changeLink(peer, { up: true });

const RUNS: Record<string, (octets: number) => Taken | Promise<Taken>> = {
  "lo": (octets) => transfer(world, a, a, 0x7f000001, octets),
  "veth-1500": (octets) => transfer(world, a, b, 0x0a000002, octets),
  "lo-async": (octets) => transferAsync(true, octets),
  "veth-async": (octets) => transferAsync(false, octets),
};
for (const [variant, run] of Object.entries(RUNS)) {
  await run(total / 8);
  const { wall, cpu } = await run(total);
  console.log(
    JSON.stringify({
      peer: "netns",
      w: "W2",
      variant,
      chunk: CHUNK,
      bytes: total,
      wall_s: Number(wall.toFixed(4)),
      cpu_s: Number(cpu.toFixed(4)),
      MBps: Number((total / 1e6 / wall).toFixed(1)),
    }),
  );
}
