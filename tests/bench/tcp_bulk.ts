/**
 * W2: one flow of TCP over lo, and over a veth of no delay and MTU 1500, with synchronous sockets. Prints JSON lines as the peers
 * do: payload octets read by the receiver per second of wall time. `deno run tests/bench/tcp_bulk.ts [octets]`
 */
import { changeLink, createLink } from "../../src/device/link.ts";
import { World } from "../../src/device/world.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { TcpSocket } from "../../src/transport/tcp/socket.ts";

const CHUNK = 65536;

/** Sends `total` octets from a client in `from` to `address` in `to`; seconds of wall time. */
function transfer(world: World, from: NetworkNamespace, to: NetworkNamespace, address: number, total: number): number {
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
  const begun = performance.now();
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
  const seconds = (performance.now() - begun) / 1000;
  listener.close();
  while (world.scheduler.pending) world.scheduler.drain();
  if (got !== total || world.packets.outstanding !== 0) throw new Error(`${got} of ${total}`);
  return seconds;
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

for (const variant of ["lo", "veth-1500"]) {
  const run = (octets: number) =>
    variant === "lo" ? transfer(world, a, a, 0x7f000001, octets) : transfer(world, a, b, 0x0a000002, octets);
  run(total / 8);
  const seconds = run(total);
  const MBps = Number((total / 1e6 / seconds).toFixed(1));
  console.log(
    JSON.stringify({
      peer: "netns",
      w: "W2",
      variant,
      chunk: CHUNK,
      bytes: total,
      wall_s: Number(seconds.toFixed(4)),
      MBps,
    }),
  );
}
