/**
 * Namespaces made and joined in a row by veths, addresses and all: the time and the octets of memory each. `links` has the
 * namespaces and their wires alone, `addressed` an IPv4 address at each end, set up.
 */
import { World } from "../../src/device/world.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";

const COUNT = 100_000;

export interface Namespaces {
  peer: "netns";
  w: "namespaces";
  variant: "links" | "addressed";
  count: number;
  wall_s: number;
  bytes_each: number;
}

function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

export function namespaces(variant: Namespaces["variant"], count: number): Namespaces {
  const before = memory();
  const start = performance.now();
  const world = new World(1);
  const all: NetworkNamespace[] = [];
  for (let i = 0; i < count; i++) {
    const namespace = new NetworkNamespace(world, `n${i}`, i + 1);
    all.push(namespace);
    if (i === 0) continue;
    const device = createLink(all[i - 1], { kind: "veth", name: "east", peer: { name: "west", owner: namespace } });
    if (variant === "links") continue;
    all[i - 1].ipv4.addAddress(device, { local: 0x0a000001, prefixLength: 24 }, "add");
    namespace.ipv4.addAddress(device.link!, { local: 0x0a000002, prefixLength: 24 }, "add");
    changeLink(device, { up: true });
    changeLink(device.link!, { up: true });
  }
  const wall = (performance.now() - start) / 1e3;
  const bytes = Math.round((memory() - before) / count);
  if (all.length !== count) throw new Error("not all were made");
  return { peer: "netns", w: "namespaces", variant, count, wall_s: wall, bytes_each: bytes };
}

if (import.meta.main) {
  console.log(JSON.stringify(namespaces("links", COUNT)));
  console.log(JSON.stringify(namespaces("addressed", COUNT)));
}
