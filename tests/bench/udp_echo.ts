/**
 * W1: UDP echo of 64 octets with synchronous sockets, over lo and over a veth of no delay, 32 in flight. Prints JSON lines as
 * the peers do: packets per second (two an echo) and by how much the heap grew meanwhile.
 */
import { World } from "../../src/device/world.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { UdpSocket } from "../../src/transport/udp_socket.ts";

const PAYLOAD = 64, WINDOW = 32, ROUNDS = 12, ECHOES = 200_000;
/** The first rounds let the compiler see what is hot. */
const WARM_UP = 2;

export interface Echo {
  peer: "netns";
  w: "W1";
  variant: "lo" | "veth";
  window: number;
  pps: number;
  wall_s: number;
  heap_growth_bytes: number;
}

function namespaces(world: World, variant: Echo["variant"]): [NetworkNamespace, NetworkNamespace, number, number] {
  const a = new NetworkNamespace(world, "a", 1);
  changeLink(a.loopback, { up: true });
  if (variant === "lo") return [a, a, 0x7f000001, 0x7f000001];
  const b = new NetworkNamespace(world, "b", 2);
  const device = createLink(a, { kind: "veth", name: "v0", peer: { name: "v0", owner: b } });
  const peer = device.link!;
  a.ipv4.addAddress(device, { local: 0x0a000001, prefixLength: 24 }, "add");
  b.ipv4.addAddress(peer, { local: 0x0a000002, prefixLength: 24 }, "add");
  changeLink(device, { up: true });
  changeLink(peer, { up: true });
  return [a, b, 0x0a000001, 0x0a000002];
}

/** Echoes as many as it says above. */
export function udpEcho(variant: Echo["variant"]): Echo {
  const world = new World(1);
  const [a, b, , addressB] = namespaces(world, variant);
  const { scheduler } = world;
  while (scheduler.nextAt() < 5e9) scheduler.step(); // carriers and addresses settle
  const server = new UdpSocket(b.udp), client = new UdpSocket(a.udp);
  server.bind(addressB, 7);
  client.connect(addressB, 7);
  const buffer = new Uint8Array(PAYLOAD);
  let left = 0, echoed = 0;
  server.onReadable = () => {
    server.receive(buffer);
    server.send(buffer, server.sender4, server.senderPort);
  };
  client.onReadable = () => {
    client.receive(buffer);
    echoed++;
    if (--left > 0) client.send(buffer);
  };
  let heap = 0, start = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (round === WARM_UP) {
      echoed = 0;
      heap = Deno.memoryUsage().heapUsed;
      start = performance.now();
    }
    left = ECHOES;
    scheduler.now += 1e6; // an instant carries no more than so much
    for (let i = 0; i < WINDOW; i++) client.send(buffer);
    while (scheduler.pending) scheduler.drain();
    if (variant === "veth" && round === 0) {
      while (scheduler.nextAt() < scheduler.now + 1e9 && left > 0) scheduler.step();
    }
  }
  const wall = (performance.now() - start) / 1e3;
  const growth = Deno.memoryUsage().heapUsed - heap;
  if (echoed < (ROUNDS - WARM_UP) * ECHOES) throw new Error(`only ${echoed} echoes`);
  const pps = Math.round(2 * echoed / wall);
  return { peer: "netns", w: "W1", variant, window: WINDOW, pps, wall_s: wall, heap_growth_bytes: growth };
}

if (import.meta.main) { for (const variant of ["lo", "veth"] as const) console.log(JSON.stringify(udpEcho(variant))); }
