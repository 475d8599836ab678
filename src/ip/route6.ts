/** One IPv6 route to one next hop (`fib6_info` with its `fib6_nh`, and the `rt6_info` that packets carry). */
import type { Interface } from "../device/interface.ts";
import { get32, put32 } from "../wire/octets.ts";
import { equal6, type Ipv6Address } from "../wire/ipv6.ts";
import { hash6 } from "./address_kind6.ts";
import type { NeighbourEntry } from "./neighbour.ts";
import { type Nexthop, type Route, type RouteMetrics, RT_SCOPE_UNIVERSE, RTN_BLACKHOLE, typeError } from "./netlink.ts";

/** Learned by autoconfiguration or redirects rather than configured (RTF_ADDRCONF, RTF_DEFAULT, RTF_PREFIX_RT, RTF_DYNAMIC). */
export const RTF_ADDRCONF = 1;
export const RTF_DEFAULT = 2;
export const RTF_DYNAMIC = 4;
export const RTF_ROUTEINFO = 8;

/** IP6_RT_PRIO_*. */
export const METRIC_ADDRCONF = 256;
export const METRIC_USER = 1024;

/** Learned path MTUs and redirects that one route keeps; the oldest gives way (FIB6_MAX_DEPTH of each bucket in Linux). */
export const EXCEPTION_LIMIT = 2048;

export class Route6 implements Route, Nexthop {
  /** The prefix as four words: an array of octets would cost seven times as much. */
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  /** RTNH_F_*. */
  flags = 0;
  weight = 1;
  source: Ipv6Address | null = null;
  metrics: RouteMetrics | null = null;
  /** RFC 4191: -1 low, 0 medium, 1 high. */
  preference = 0;
  /** Absolute ns. */
  expires = Infinity;
  /** RTF_*. */
  origin = 0;
  /** All next hops of a multipath route in their order, this one among them. */
  siblings: Route6[] | null = null;
  /** Next in its node's list, which is ordered by metric. */
  next: Route6 | null = null;
  /** In the table: false once it was removed, so that whoever kept it asks again. */
  linked = false;
  /** Learned for single destinations (`rt6_exception`): chains by hash of the destination. */
  exceptions: Map<number, Route6> | null = null;
  exceptionCount = 0;
  /** For an exception: the route that it departs from, the learned MTU (0: none), and the next in its chain. */
  from: Route6 | null = null;
  learnedMtu = 0;
  nextException: Route6 | null = null;
  /** The gateway's neighbour, kept between packets; valid unless `dead`. */
  neighbour: NeighbourEntry | null = null;
  /** When its unreachable gateway was last probed (RFC 4191 section 3.5). */
  probed = -Infinity;

  constructor(
    destination: Ipv6Address,
    readonly prefixLength: number,
    readonly table: number,
    readonly type: number,
    readonly protocol: number,
    readonly metric: number,
    public device: Interface,
    public gateway: Ipv6Address | null,
  ) {
    this.w0 = get32(destination, 0) | 0;
    this.w1 = get32(destination, 4) | 0;
    this.w2 = get32(destination, 8) | 0;
    this.w3 = get32(destination, 12) | 0;
  }

  get destination(): Ipv6Address {
    const bytes = new Uint8Array(16);
    put32(bytes, 0, this.w0);
    put32(bytes, 4, this.w1);
    put32(bytes, 8, this.w2);
    put32(bytes, 12, this.w3);
    return bytes;
  }

  /** Whether it is the route of exactly this address. */
  #isFor(bytes: Uint8Array, at: number): boolean {
    return this.w3 === (get32(bytes, at + 12) | 0) && this.w2 === (get32(bytes, at + 8) | 0) &&
      this.w1 === (get32(bytes, at + 4) | 0) && this.w0 === (get32(bytes, at) | 0);
  }

  /** Refuses packets: 0, or a negative errno. */
  get error(): number {
    return this.type < RTN_BLACKHOLE ? 0 : typeError(this.type);
  }

  /** What was learned about one destination; dropped here when it has expired. */
  exception(destination: Uint8Array, at: number, now: number): Route6 | null {
    if (this.exceptions === null) return null;
    let route = this.exceptions.get(hash6(destination, at)) ?? null;
    while (route !== null && !route.#isFor(destination, at)) route = route.nextException;
    if (route !== null && route.expires <= now) {
      this.removeException(route);
      return null;
    }
    return route;
  }

  addException(route: Route6): void {
    const chains = this.exceptions ??= new Map();
    if (this.exceptionCount >= EXCEPTION_LIMIT) {
      const oldest: Route6 = chains.values().next().value!;
      this.removeException(oldest);
    }
    const hash = hash6(route.destination);
    route.nextException = chains.get(hash) ?? null;
    route.from = this;
    route.linked = true;
    chains.set(hash, route);
    this.exceptionCount++;
  }

  removeException(route: Route6): void {
    const hash = hash6(route.destination);
    const chains = this.exceptions!;
    const first = chains.get(hash) ?? null;
    if (first === route) {
      if (route.nextException === null) chains.delete(hash);
      else chains.set(hash, route.nextException);
    } else {
      for (let before = first; before !== null; before = before.nextException) {
        if (before.nextException === route) before.nextException = route.nextException;
      }
    }
    route.linked = false;
    this.exceptionCount--;
    if (this.exceptionCount === 0) this.exceptions = null;
  }

  /** Whether it is the same route to the same next hop. */
  duplicates(other: Route6): boolean {
    return this.device === other.device && this.type === other.type && equalGateway(this.gateway, other.gateway);
  }

  /** Whether it may become one path of several (`rt6_qualify_for_ecmp`). */
  get multipathable(): boolean {
    return this.gateway !== null && (this.origin & (RTF_ADDRCONF | RTF_DYNAMIC)) === 0;
  }

  /** Sends packets of this host to itself, or refuses them, by lo. */
  get rejects(): boolean {
    return this.type >= RTN_BLACKHOLE;
  }

  get tos(): number {
    return 0;
  }

  get scope(): number {
    return RT_SCOPE_UNIVERSE;
  }

  get nexthops(): readonly Nexthop[] {
    return this.siblings ?? [this];
  }
}

export function equalGateway(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equal6(a, b);
}
