/**
 * W3: UDP payloads of 1000 octets one way through a chain of routers (`routers + 1` links), 32 in flight. Prints a JSON line
 * for each length of chain: delivered × links a second, as the peers do.
 */
import { World } from "../../src/device/world.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { UdpSocket } from "../../src/transport/udp_socket.ts";

const PAYLOAD = 1000, WINDOW = 32, WARM_UP = 2000;

export interface Chain {
  peer: "netns";
  w: "W3";
  variant: "veth";
  routers: number;
  linkhops_ps: number;
  wall_s: number;
}

/** A chain with routes both ways; the address of the last host. */
function chain(world: World, routers: number): { first: NetworkNamespace; last: NetworkNamespace; address: number } {
  const nodes = Array.from({ length: routers + 2 }, (_, i) => new NetworkNamespace(world, `n${i}`, i + 1));
  const east = (i: number) => (0x0a000001 + i * 256) >>> 0, west = (i: number) => east(i) + 1;
  for (let i = 0; i + 1 < nodes.length; i++) {
    const device = createLink(nodes[i], { kind: "veth", name: "east", peer: { name: "west", owner: nodes[i + 1] } });
    nodes[i].ipv4.addAddress(device, { local: east(i), prefixLength: 24 }, "add");
    nodes[i + 1].ipv4.addAddress(device.link!, { local: west(i), prefixLength: 24 }, "add");
    changeLink(device, { up: true });
    changeLink(device.link!, { up: true });
  }
  nodes.forEach((node, i) => {
    const forwarding = node.sysctls().find((entry) => entry.path === "net/ipv4/ip_forward")!;
    if (i > 0 && i + 1 < nodes.length) forwarding.write!("1");
    const { ipv4 } = node;
    if (i + 1 < nodes.length) {
      const to = { destination: east(routers) & 0xffffff00, prefixLength: 24 };
      if (i < routers) ipv4.addRoute({ ...to, nexthops: [{ gateway: west(i) }] }, "add");
    }
    if (i > 1) {
      ipv4.addRoute(
        { destination: east(0) & 0xffffff00, prefixLength: 24, nexthops: [{ gateway: east(i - 1) }] },
        "add",
      );
    }
  });
  return { first: nodes[0], last: nodes[nodes.length - 1], address: west(routers) };
}

/** Sends `count` datagrams through `routers` routers. */
export function routerChain(routers: number, count: number): Chain {
  const world = new World(1);
  const { first, last, address } = chain(world, routers);
  const { scheduler } = world;
  while (scheduler.nextAt() < 5e9) scheduler.step(); // carriers and addresses settle
  const sink = new UdpSocket(last.udp), source = new UdpSocket(first.udp);
  sink.bind(address, 9);
  source.ttl = 255; // more routers than the default of 64
  source.connect(address, 9);
  const payload = new Uint8Array(PAYLOAD), into = new Uint8Array(PAYLOAD);
  let left = 0, delivered = 0;
  sink.onReadable = () => {
    sink.receive(into);
    delivered++;
    if (left > 0) {
      left--;
      source.send(payload);
    }
  };
  const send = (datagrams: number) => {
    const until = delivered + datagrams;
    left = datagrams - Math.min(WINDOW, datagrams);
    for (let i = Math.min(WINDOW, datagrams); i > 0; i--) source.send(payload);
    while (delivered < until && scheduler.step());
  };
  send(1); // resolves the neighbours
  send(WARM_UP);
  const before = delivered;
  const start = performance.now();
  send(count);
  const wall = (performance.now() - start) / 1e3;
  if (delivered - before !== count) throw new Error(`${delivered - before} of ${count} datagrams arrived`);
  return {
    peer: "netns",
    w: "W3",
    variant: "veth",
    routers,
    linkhops_ps: Math.round(count * (routers + 1) / wall),
    wall_s: wall,
  };
}

if (import.meta.main) {
  for (const routers of [2, 10, 50, 200]) {
    console.log(JSON.stringify(routerChain(routers, Math.round(1_000_000 / (routers + 1)))));
  }
}
