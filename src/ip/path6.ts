/** A socket's way to one IPv6 destination: the route found for it, kept until something changes (`ip6_dst_lookup`, `sk_dst_check`). */
import type { Interface } from "../device/interface.ts";
import { sumOctets } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import { IN6ADDR_ANY, IN6ADDR_LOOPBACK, IPV6_HEADER, type Ipv6Address, isMulticast6 } from "../wire/ipv6.ts";
import type { Packet } from "../wire/packet.ts";
import { hash6, isAny6 } from "./address_kind6.ts";
import type { Path } from "./host.ts";
import { inet6 } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { localOutput6, putHeader6, routeDevice } from "./ipv6_output.ts";
import { lookup, needsInterface } from "./lookup6.ts";
import type { PathRequest, RouteMetrics } from "./netlink.ts";
import { RTN_UNICAST } from "./netlink.ts";
import type { Route6 } from "./route6.ts";
import { selectSource } from "./source_address6.ts";

/** The longest packet without a jumbo payload option. */
export const IPV6_MAX_PACKET = 65535 + IPV6_HEADER;

/** What a packet by this route may be long: learned, configured, or the link's (`ip6_mtu_from_fib6`). */
export function routeMtu(route: Route6): number {
  if (route.learnedMtu !== 0) return route.learnedMtu;
  const configured = route.metrics?.mtu ?? 0;
  if (configured !== 0) return Math.min(configured, IPV6_MAX_PACKET);
  return linkMtu(route.device);
}

function linkMtu(device: Interface): number {
  const mtu = inet6(device)?.mtu ?? device.mtu;
  return mtu < IPV6_MAX_PACKET ? mtu : IPV6_MAX_PACKET;
}

export class Path6 implements Path {
  readonly version = 6;
  readonly headerLength = IPV6_HEADER;
  source: Ipv6Address;
  readonly destination: Ipv6Address;
  ttl = -1;
  tos: number;
  mark: number;
  pmtuDiscover: "dont" | "want" | "do" | "probe" = "want";
  readonly #ip: Ipv6;
  readonly #bound: Ipv6Address | null;
  readonly #output: Interface | null;
  readonly #protocol: number;
  readonly #sourcePort: number;
  readonly #destinationPort: number;
  #route: Route6 | null = null;
  #generation = -1;
  #markUsed = 0;
  #error = 0;
  #sum = 0;
  #label = 0;
  #mtu = 0;
  #hopLimit = 64;

  constructor(ip: Ipv6, request: PathRequest) {
    this.#ip = ip;
    const asked = request.destination as Ipv6Address;
    this.destination = isAny6(asked) ? IN6ADDR_LOOPBACK : asked; // BSD: to nobody is to oneself
    const source = (request.source ?? null) as Ipv6Address | null;
    this.#bound = source === null || isAny6(source) ? null : source;
    this.source = this.#bound ?? IN6ADDR_ANY;
    this.#output = request.device ?? null;
    this.mark = request.mark ?? 0;
    this.tos = request.tos ?? 0;
    this.#protocol = request.protocol;
    this.#sourcePort = request.sourcePort ?? 0;
    this.#destinationPort = request.destinationPort ?? 0;
  }

  refresh(): number {
    const ip = this.#ip;
    const route = this.#route;
    if (this.#generation === ip.generation && this.#markUsed === this.mark) {
      if (route === null) return this.#error;
      if (route.expires === Infinity || route.expires > ip.now) return 0;
    }
    return this.#find();
  }

  #find(): number {
    const ip = this.#ip;
    this.#generation = ip.generation;
    this.#markUsed = this.mark;
    let route = this.#lookup(this.#bound ?? IN6ADDR_ANY);
    this.#route = null;
    if (this.#bound === null) {
      // ip6_dst_lookup_tail: a source is chosen before the route is judged, of all addresses where there is no way
      const way = route === null || route.error < 0 ? null : route;
      const source = way?.source ?? selectSource(ip, this.destination, 0, way === null ? null : way.device);
      if (source === null) return this.#error = -Errno.EADDRNOTAVAIL;
      this.source = source;
      if (ip.customRules) route = this.#lookup(source) ?? route;
    }
    if (route === null) {
      ip.host.mib.ip6.OutNoRoutes++;
      return this.#error = -Errno.ENETUNREACH;
    }
    if (route.error < 0) return this.#error = route.error;
    this.#route = route;
    this.#error = 0;
    this.#mtu = routeMtu(route);
    this.#hopLimit = route.metrics?.hoplimit ?? inet6(routeDevice(ip, route))?.config.hop_limit ?? 64;
    if (isMulticast6(this.destination)) this.#hopLimit = 1;
    this.#sum = sumOctets(this.source, 0, 16, sumOctets(this.destination, 0, 16));
    this.#label = ip.settings.auto_flowlabels === 1 ? this.#flowLabel() : 0;
    return 0;
  }

  #lookup(source: Ipv6Address): Route6 | null {
    const flow = this.#ip.flow;
    flow.destination = this.destination;
    flow.destinationAt = 0;
    flow.source = source;
    flow.sourceAt = 0;
    flow.input = this.#ip.host.loopback;
    flow.output = this.#output;
    flow.pinned = this.#output !== null;
    flow.strict = flow.pinned && (this.#bound === null || needsInterface(this.destination));
    flow.mark = this.mark;
    flow.tos = this.tos;
    flow.protocol = this.#protocol;
    flow.sourcePort = this.#sourcePort;
    flow.destinationPort = this.#destinationPort;
    return lookup(this.#ip, flow);
  }

  /** One label for each flow (RFC 6437 section 3), from a hash keyed by the namespace. */
  #flowLabel(): number {
    let hash = hash6(this.source) ^ Math.imul(hash6(this.destination), 0x9e3779b1) ^ this.#ip.flowKey;
    hash ^= Math.imul((this.#sourcePort << 16) ^ this.#destinationPort ^ (this.#protocol << 8), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    return ((hash ^ (hash >>> 13)) >>> 12) & 0xfffff;
  }

  get device(): Interface {
    return this.#route === null ? this.#ip.host.loopback : routeDevice(this.#ip, this.#route);
  }

  get type(): number {
    return this.#route?.type ?? RTN_UNICAST;
  }

  get metrics(): RouteMetrics | null {
    return this.#route?.metrics ?? null;
  }

  /** Bits of the route's prefix: limits of ICMPv6 errors depend on it. */
  get prefixLength(): number {
    return this.#route?.prefixLength ?? 0;
  }

  mtu(): number {
    this.refresh();
    if (this.#route === null) return IPV6_HEADER + 1240;
    return this.pmtuDiscover === "probe" ? linkMtu(this.device) : this.#mtu;
  }

  pseudoSum(protocol: number, length: number): number {
    return this.#sum + protocol + (length >>> 16) + (length & 0xffff);
  }

  send(packet: Packet, protocol: number): number {
    const found = this.refresh();
    if (found < 0) {
      packet.release();
      return found;
    }
    const head = packet.head - IPV6_HEADER;
    const length = packet.tail - head;
    const mtu = this.pmtuDiscover === "probe" ? linkMtu(this.device) : this.#mtu;
    if (packet.gsoSize === 0 && length > mtu) {
      const refused = this.pmtuDiscover === "do" || this.pmtuDiscover === "probe" || length > IPV6_MAX_PACKET;
      if (refused) {
        packet.release();
        return -Errno.EMSGSIZE;
      }
    }
    putHeader6(
      packet,
      head,
      protocol,
      this.ttl >= 0 ? this.ttl : this.#hopLimit,
      this.tos,
      this.#label,
      this.source,
      this.destination,
    );
    packet.mark = this.mark;
    this.#ip.host.mib.ip6.OutRequests++;
    return localOutput6(this.#ip, packet, this.#route!, mtu);
  }

  confirm(): void {
    const route = this.#route;
    if (route === null) return;
    const neighbour = route.neighbour ??
      this.#ip.neighbourCache?.lookup(route.gateway ?? this.destination, route.device);
    neighbour?.confirm();
  }
}
