/** A private host, a router that masquerades, and a server, without tools: `client - router - server`. */
import { World } from "../../src/device/world.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Interface } from "../../src/device/interface.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { Commands } from "../../src/tools/nft/commands.ts";
import type { Style } from "../../src/tools/nft/types.ts";
import { parseIpv4 } from "../../src/wire/ipv4.ts";

export const CLIENT = parseIpv4("10.0.0.1")!;
export const INSIDE = parseIpv4("10.0.0.254")!;
export const OUTSIDE = parseIpv4("192.0.2.1")!;
export const SERVER = parseIpv4("192.0.2.2")!;

export const style: Style = {
  numeric: false,
  numericProtocol: false,
  numericPriority: false,
  service: false,
  stateless: false,
  terse: false,
  handle: false,
  services: { name: () => null, port: () => null },
  interfaceName: () => null,
  interfaceIndex: () => null,
};

export interface Lab {
  world: World;
  client: NetworkNamespace;
  router: NetworkNamespace;
  server: NetworkNamespace;
  /** The router's interfaces. */
  inside: Interface;
  outside: Interface;
}

export function nft(namespace: NetworkNamespace, text: string): string {
  return new Commands(`${text}\n`, namespace.ruleset, style, false).run(false);
}

function join(
  a: NetworkNamespace,
  nameA: string,
  addressA: number,
  b: NetworkNamespace,
  nameB: string,
  addressB: number,
) {
  const device = createLink(a, { kind: "veth", name: nameA, peer: { name: nameB, owner: b } });
  a.ipv4.addAddress(device, { local: addressA, prefixLength: 24 }, "add");
  b.ipv4.addAddress(device.link!, { local: addressB, prefixLength: 24 }, "add");
  changeLink(device, { up: true });
  changeLink(device.link!, { up: true });
  return device;
}

export function sysctl(namespace: NetworkNamespace, path: string, value: string): void {
  namespace.sysctls().find((entry) => entry.path === path)!.write!(value);
}

export function run(world: World, seconds: number): void {
  const { scheduler } = world;
  const until = scheduler.now + seconds * 1e9;
  while (scheduler.nextAt() <= until) scheduler.step();
  scheduler.now = until;
}

export function masqueradeLab(seed = 1): Lab {
  const world = new World(seed);
  const [client, router, server] = ["client", "router", "server"].map((name, i) =>
    new NetworkNamespace(world, name, i)
  );
  const inside = join(client, "eth0", CLIENT, router, "in", INSIDE).link!;
  const outside = join(router, "out", OUTSIDE, server, "eth0", SERVER);
  client.ipv4.addRoute({ destination: 0, prefixLength: 0, nexthops: [{ gateway: INSIDE }] }, "add");
  sysctl(router, "net/ipv4/ip_forward", "1");
  nft(router, "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }");
  nft(router, 'add rule ip nat post oifname "out" masquerade');
  run(world, 3);
  return { world, client, router, server, inside, outside };
}
