/**
 * W4: 1,000 connections, then 10 requests and answers of 100 octets on each, over a veth of no delay: with synchronous sockets, and
 * with Deno's API as `shared/peers/deno/bench.ts w4 1000 10 100` has it; and what an idle connection takes of the heap. Prints JSON
 * lines as the peers do. `deno run --v8-flags=--expose-gc …` measures the heap exactly.
 */
import { Network } from "../../mod.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { World } from "../../src/device/world.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { TcpSocket } from "../../src/transport/tcp/socket.ts";
import { cpuSeconds } from "./cpu.ts";

const ADDRESS = 0x0a000002;
const SIZE = 100;

/** Seconds from the first socket to the last close. */
interface Taken {
  wall: number;
  cpu: number;
}

function since(begun: Taken): Taken {
  return { wall: performance.now() / 1000 - begun.wall, cpu: cpuSeconds() - begun.cpu };
}

function begin(): Taken {
  return { wall: performance.now() / 1000, cpu: cpuSeconds() };
}

function twoNamespaces(): { world: World; a: NetworkNamespace; b: NetworkNamespace } {
  const world = new World(1);
  const a = new NetworkNamespace(world, "a", 1), b = new NetworkNamespace(world, "b", 2);
  const device = createLink(a, { kind: "veth", name: "v0", peer: { name: "v0", owner: b } });
  const peer = b.interfaces.byName("v0")!;
  a.ipv4.addAddress(device, { local: 0x0a000001, prefixLength: 24 }, "add");
  b.ipv4.addAddress(peer, { local: ADDRESS, prefixLength: 24 }, "add");
  changeLink(device, { up: true });
  changeLink(peer, { up: true });
  return { world, a, b };
}

function serve(namespace: NetworkNamespace): TcpSocket {
  const listener = new TcpSocket(namespace.tcp);
  listener.bind(ADDRESS, 5001);
  listener.listen(4096);
  const buffer = new Uint8Array(SIZE);
  listener.onReadable = () => {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept()) {
      const connection = socket;
      connection.onReadable = () => {
        for (let n = connection.read(buffer); n !== -11; n = connection.read(buffer)) {
          if (n <= 0) {
            connection.close();
            return;
          }
          connection.write(buffer, 0, n);
        }
      };
    }
  };
  return listener;
}

/** The neighbour is found before, or all SYNs but a few would be dropped while they wait for it. */
function resolve(world: World, from: NetworkNamespace): void {
  const first = new TcpSocket(from.tcp);
  first.onWritable = () => first.close();
  first.connect(ADDRESS, 5001);
  while (!first.closed && world.scheduler.step());
}

function requests(count: number, each: number): Taken {
  const { world, a, b } = twoNamespaces();
  serve(b);
  resolve(world, a);
  const begun = begin();
  const request = new Uint8Array(SIZE).fill(1), into = new Uint8Array(SIZE);
  let done = 0;
  for (let i = 0; i < count; i++) {
    const client = new TcpSocket(a.tcp);
    let left = each, got = 0;
    client.onWritable = () => {
      client.onWritable = null;
      client.write(request);
    };
    client.onReadable = () => {
      for (let n = client.read(into, got, SIZE); n > 0; n = client.read(into, got, SIZE)) {
        got += n;
        if (got < SIZE) continue;
        got = 0;
        if (--left > 0) client.write(request);
        else {
          client.close();
          done++;
          return;
        }
      }
    };
    client.connect(ADDRESS, 5001);
  }
  while (done < count && world.scheduler.step());
  return since(begun);
}

interface Stream {
  read(into: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
  close(): void;
}

async function readAll(conn: Stream, into: Uint8Array): Promise<boolean> {
  for (let got = 0; got < into.length;) {
    const n = await conn.read(got === 0 ? into : into.subarray(got));
    if (n === null) return false;
    got += n;
  }
  return true;
}

async function writeAll(conn: Stream, data: Uint8Array): Promise<void> {
  for (let sent = 0; sent < data.length;) sent += await conn.write(sent === 0 ? data : data.subarray(sent));
}

async function echo(conn: Stream): Promise<void> {
  const buffer = new Uint8Array(SIZE);
  while (await readAll(conn, buffer)) await writeAll(conn, buffer);
  conn.close();
}

/** The same with promises; `wave` connections are opened at a time. */
async function requestsAsync(count: number, each: number, wave: number): Promise<Taken> {
  using net = new Network({ seed: 1 });
  const a = net.host("a"), b = net.host("b");
  net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"]);
  return await net.run(async () => {
    const listener = b.listen({ hostname: "10.0.0.2", port: 5001 });
    const serving = (async () => {
      for await (const conn of listener) echo(conn);
    })();
    const open = () => a.connect({ hostname: "10.0.0.2", port: 5001 });
    (await open()).close();
    const begun = begin();
    const request = new Uint8Array(SIZE).fill(1);
    const conns: Stream[] = [];
    while (conns.length < count) {
      conns.push(...await Promise.all(Array.from({ length: Math.min(wave, count - conns.length) }, open)));
    }
    await Promise.all(conns.map(async (conn) => {
      const answer = new Uint8Array(SIZE);
      for (let i = 0; i < each; i++) {
        await writeAll(conn, request);
        if (!await readAll(conn, answer)) throw new Error("the server closed");
      }
      conn.close();
    }));
    const taken = since(begun);
    listener.close();
    await serving;
    return taken;
  });
}

/** Octets of heap per idle connection, both ends and their sockets counted. */
function idleMemory(count: number): number {
  const { world, a, b } = twoNamespaces();
  const listener = new TcpSocket(b.tcp);
  listener.bind(ADDRESS, 5001);
  listener.listen(4096);
  const held: TcpSocket[] = [];
  listener.onReadable = () => {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept()) held.push(socket);
  };
  resolve(world, a);
  const open = (n: number) => {
    for (let i = 0; i < n; i++) {
      const client = new TcpSocket(a.tcp);
      client.connect(ADDRESS, 5001);
      held.push(client);
      while (world.scheduler.pending) world.scheduler.drain();
    }
  };
  open(100);
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  const before = Deno.memoryUsage();
  open(count);
  collect?.();
  const after = Deno.memoryUsage();
  return Math.round((after.heapUsed + after.external - before.heapUsed - before.external) / count / 2);
}

function print(variant: string, cold: Taken, warm: readonly Taken[]): void {
  const wall = Math.min(...warm.map((taken) => taken.wall)), cpu = Math.min(...warm.map((taken) => taken.cpu));
  console.log(JSON.stringify({
    peer: "netns",
    w: "W4",
    variant,
    conns: 1000,
    rr: 10000,
    wall_s: Number(wall.toFixed(4)),
    cpu_s: Number(cpu.toFixed(4)),
    cold_cpu_s: Number(cold.cpu.toFixed(4)),
    rr_ps: Math.round(10000 / wall),
  }));
}

print("veth", requests(1000, 10), [requests(1000, 10), requests(1000, 10), requests(1000, 10)]);
const run = () => requestsAsync(1000, 10, 100);
print("veth-async", await run(), [await run(), await run(), await run()]);
console.log(JSON.stringify({ peer: "netns", w: "W4", variant: "idle", bytes_per_connection_end: idleMemory(10000) }));
