/** Namespaces on wires, spoken to as `ip` does, for the tests of IPv4. */
import type { Interface } from "../../src/device/interface.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import { World } from "../../src/device/world.ts";
import { type Nexthop, type Route, RTN_UNICAST } from "../../src/ip/netlink.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { parseMac } from "../../src/wire/ethernet.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { formatIpv4, parseIpv4 } from "../../src/wire/ipv4.ts";
import { put16 } from "../../src/wire/octets.ts";

export function ip4(text: string): number {
  return parseIpv4(text)!;
}

function prefix(cidr: string): { address: number; length: number } {
  if (cidr === "default") return { address: 0, length: 0 };
  const [address, length] = cidr.split("/");
  return { address: ip4(address), length: length === undefined ? 32 : Number(length) };
}

let namespaces = 1;

export class Host4 extends NetworkNamespace {
  /** `error TYPE/CODE INFO from OFFENDER` and `reply from SOURCE` in the order in which they came. */
  readonly log: string[] = [];

  constructor(world: World, name: string) {
    super(world, name, namespaces++);
    this.write("net/ipv6/conf/all/disable_ipv6", "1");
    this.write("net/ipv6/conf/default/disable_ipv6", "1");
  }

  read(path: string): string {
    return this.sysctls().find((entry) => entry.path === path)!.read();
  }

  write(path: string, value: string): void {
    this.sysctls().find((entry) => entry.path === path)!.write!(value);
  }

  device(name: string): Interface {
    return this.interfaces.byName(name)!;
  }

  up(...names: string[]): this {
    for (const name of names) changeLink(this.device(name), { up: true });
    return this;
  }

  down(...names: string[]): this {
    for (const name of names) changeLink(this.device(name), { up: false });
    return this;
  }

  addr(cidr: string, device: string, more: { peer?: string; scope?: number; broadcast?: number } = {}): this {
    const { address, length } = prefix(cidr);
    const peer = more.peer === undefined ? undefined : ip4(more.peer);
    this.ipv4.addAddress(this.device(device), { ...more, peer, local: address, prefixLength: length }, "add");
    return this;
  }

  delAddr(cidr: string, device: string): this {
    const { address, length } = prefix(cidr);
    this.ipv4.deleteAddress(this.device(device), { local: address, prefixLength: length });
    return this;
  }

  /** `10.5.0.0/16 via 10.0.0.2 dev eth0 metric 5 table 7 src 10.0.0.1 onlink` */
  route(text: string, mode: "add" | "replace" | "change" | "append" | "prepend" = "add", type = RTN_UNICAST): this {
    const { request } = this.#parse(text);
    this.ipv4.addRoute({ ...request, type }, mode);
    return this;
  }

  delRoute(text: string): this {
    this.ipv4.deleteRoute(this.#parse(text).request);
    return this;
  }

  #parse(text: string) {
    const [destination, ...words] = text.split(" ");
    const { address, length } = prefix(destination);
    const value = (word: string) => words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
    const device = value("dev");
    const via = value("via");
    const source = value("src");
    const number = (word: string) => value(word) === undefined ? undefined : Number(value(word));
    const hop = {
      device: device === undefined ? null : this.device(device),
      gateway: via === undefined ? null : ip4(via),
      flags: words.includes("onlink") ? 4 : 0,
    };
    const request = {
      destination: address,
      prefixLength: length,
      table: number("table"),
      metric: number("metric"),
      tos: number("tos"),
      scope: number("scope"),
      source: source === undefined ? null : ip4(source),
      nexthops: device === undefined && via === undefined ? [] : [hop],
    };
    return { request };
  }

  routes(table = 254): string[] {
    return [...this.ipv4.routes(table) ?? []].map(show);
  }

  addresses(device: string): string[] {
    return this.ipv4.addresses(this.device(device)).map((address) =>
      `${formatIpv4(address.local as number)}/${address.prefixLength}${(address.flags & 1) !== 0 ? " secondary" : ""}`
    );
  }

  neighbours(): string[] {
    return this.ipv4.neighbours().filter((entry) => entry.state !== 0x40).map((entry) =>
      `${formatIpv4(entry.address as number)} ${entry.state}`
    ).sort();
  }

  /** Sends an echo request of `size` octets after the ICMP header; 0 or a negative errno. */
  echo(
    to: string,
    options: { size?: number; ttl?: number; tos?: number; discover?: "dont" | "want" | "do"; source?: string } = {},
  ): number {
    const path = this.ipv4.path({
      destination: ip4(to),
      protocol: 1,
      source: options.source === undefined ? null : ip4(options.source),
    });
    path.ttl = options.ttl ?? -1;
    path.tos = options.tos ?? 0;
    if (options.discover !== undefined) path.pmtuDiscover = options.discover;
    const error = path.refresh();
    if (error < 0) return error;
    const size = 8 + (options.size ?? 56);
    const packet = this.world.packets.allocate(size);
    packet.tail = packet.head + size;
    packet.bytes.fill(7, packet.head, packet.tail);
    packet.bytes[packet.head] = 8;
    packet.bytes[packet.head + 1] = 0;
    put16(packet.bytes, packet.head + 2, 0);
    put16(packet.bytes, packet.head + 2, checksum(packet.bytes, packet.head, packet.tail));
    return path.send(packet, 1);
  }

  override rawInput(version: 4 | 6, number: number, packet: Parameters<NetworkNamespace["rawInput"]>[2]): boolean {
    const { bytes, head, network } = packet;
    const source = [...bytes.subarray(network + 12, network + 16)].join(".");
    if (version === 4 && number === 1 && bytes[head] === 0) {
      this.log.push(`reply from ${source} ttl ${bytes[network + 8]}`);
    }
    return super.rawInput(version, number, packet);
  }

  override rawError(...args: Parameters<NetworkNamespace["rawError"]>): void {
    const [version, , , type, code, info, offender] = args;
    if (version === 4) this.log.push(`error ${type}/${code} ${info} from ${formatIpv4(offender as number)}`);
    super.rawError(...args);
  }

  take(): string[] {
    return this.log.splice(0);
  }
}

function show(route: Route): string {
  const words = [`${formatIpv4(route.destination as number)}/${route.prefixLength}`];
  if (route.type !== RTN_UNICAST) {
    words.unshift(["", "", "local", "broadcast", "", "", "blackhole", "unreachable", "prohibit", "throw"][route.type]);
  }
  const hop = (one: Nexthop) =>
    (one.gateway === null ? "" : `via ${formatIpv4(one.gateway as number)} `) + `dev ${one.device!.name}`;
  words.push(...route.nexthops.map(hop));
  if (route.source !== null) words.push(`src ${formatIpv4(route.source as number)}`);
  if (route.metric !== 0) words.push(`metric ${route.metric}`);
  return words.join(" ");
}

/** The errno's number and the kernel's sentence of what `act` throws. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.extack ?? error.message;
    throw error;
  }
  return "";
}

let wires = 0;

/** A wire between two hosts, both ends up. */
export function wire(a: Host4, nameA: string, b: Host4, nameB: string): void {
  const n = ++wires;
  const mac = (end: number) => parseMac(`02:00:00:${((n >> 8) & 255).toString(16)}:${(n & 255).toString(16)}:0${end}`)!;
  createLink(a, { kind: "veth", name: nameA, address: mac(1), peer: { owner: b, name: nameB, address: mac(2) } });
  a.up(nameA);
  b.up(nameB);
}

export function run(world: World, seconds: number): void {
  const end = world.scheduler.now + seconds * 1e9;
  while (world.scheduler.nextAt() <= end) world.scheduler.step();
  world.scheduler.now = end;
}

/** `10.0.0.1` and `10.0.0.2` on a wire. */
export function twoHosts(seed: number | string = 1): { world: World; a: Host4; b: Host4 } {
  const world = new World(seed);
  const a = new Host4(world, "a").up("lo");
  const b = new Host4(world, "b").up("lo");
  wire(a, "v0", b, "v0");
  a.addr("10.0.0.1/24", "v0");
  b.addr("10.0.0.2/24", "v0");
  return { world, a, b };
}

/** h1 `10.0.1.1` — `10.0.1.2` r `10.0.2.1` — `10.0.2.2` h2, with routes and forwarding. */
export function threeHosts(seed: number | string = 1): { world: World; h1: Host4; r: Host4; h2: Host4 } {
  const world = new World(seed);
  const [h1, r, h2] = ["h1", "r", "h2"].map((name) => new Host4(world, name).up("lo"));
  wire(h1, "right", r, "left");
  wire(r, "right", h2, "left");
  h1.addr("10.0.1.1/24", "right").route("default via 10.0.1.2");
  r.addr("10.0.1.2/24", "left").addr("10.0.2.1/24", "right").write("net/ipv4/ip_forward", "1");
  h2.addr("10.0.2.2/24", "left").route("default via 10.0.2.1");
  return { world, h1, r, h2 };
}
