/** Finding the route of a packet (`ip6_pol_route`, `fib6_rule_lookup`). */
import type { Interface } from "../device/interface.ts";
import { get32 } from "../wire/octets.ts";
import { IN6ADDR_ANY, isLinkLocal6 } from "../wire/ipv6.ts";
import { MS } from "../time/scheduler.ts";
import { hash6, isLoopback6 } from "./address_kind6.ts";
import type { Fib6Table } from "./fib6.ts";
import { inet6 } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { NUD_FAILED, RTN_THROW, RTNH_F_DEAD, RTNH_F_LINKDOWN } from "./netlink.ts";
import type { Route6 } from "./route6.ts";

/** Addresses that mean nothing without their interface (`rt6_need_strict`). */
export function needsInterface(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xff || isLinkLocal6(bytes, at) || (bytes[at] === 0 && isLoopback6(bytes, at));
}

/** What a route is asked for (`flowi6`). One object each namespace is filled again and again. */
export class Flow6 {
  destination: Uint8Array = IN6ADDR_ANY;
  destinationAt = 0;
  source: Uint8Array = IN6ADDR_ANY;
  sourceAt = 0;
  /** The interface that it came in on (lo for what is sent), and the one that it must leave by. */
  input: Interface | null = null;
  output: Interface | null = null;
  /** `output` was asked for rather than preferred: no other path of several is taken. */
  pinned = false;
  /** Only routes by `output` (RT6_LOOKUP_F_IFACE). */
  strict = false;
  mark = 0;
  tos = 0;
  protocol = 0;
  sourcePort = 0;
  destinationPort = 0;
}

/** Scores of `rt6_score_route`. */
const FAIL = -1;

/**
 * The route in one table, or null. Among the routes of one metric the best is the one by the wanted interface, of the
 * highest router preference (RFC 4191), whose gateway is not known to be unreachable (unless all are).
 */
export function lookupTable(ip: Ipv6, table: Fib6Table, flow: Flow6): Route6 | null {
  const bytes = flow.destination;
  const at = flow.destinationAt;
  const start = table.longest(
    get32(bytes, at) | 0,
    get32(bytes, at + 4) | 0,
    get32(bytes, at + 8) | 0,
    get32(bytes, at + 12) | 0,
  );
  if (start === 0) return null;
  const host = ip.allConfig.forwarding === 0;
  let route = climb(ip, table, start, flow, host);
  if (route === null && host) route = climb(ip, table, start, flow, false);
  if (route === null) return null;
  if (route.siblings !== null && !flow.pinned) route = multipath(ip, route, flow);
  return route.exceptions === null ? route : route.exception(bytes, at, ip.now) ?? route;
}

function climb(ip: Ipv6, table: Fib6Table, start: number, flow: Flow6, reachable: boolean): Route6 | null {
  for (let node = start; node !== 0; node = table.shorter(node)) {
    const route = select(ip, table.first(node), flow, reachable);
    if (route !== null) return route;
  }
  return null;
}

function select(ip: Ipv6, first: Route6 | null, flow: Flow6, reachable: boolean): Route6 | null {
  let best: Route6 | null = null;
  let bestScore = FAIL;
  for (let route = first; route !== null; route = route.next) {
    if (best !== null && route.metric !== best.metric) break;
    const score = scoreRoute(ip, route, flow, reachable);
    if (score > bestScore) {
      best = route;
      bestScore = score;
    }
  }
  return best;
}

function scoreRoute(ip: Ipv6, route: Route6, flow: Flow6, reachable: boolean): number {
  if ((route.flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) !== 0) {
    if ((route.flags & RTNH_F_DEAD) !== 0) return FAIL;
    if (inet6(route.device)?.config.ignore_routes_with_linkdown) return FAIL;
  }
  if (route.expires !== Infinity && route.expires <= ip.now) return FAIL;
  let score = 0;
  if (flow.output === null || flow.output === route.device) score = 2;
  else if (flow.strict) return FAIL;
  score |= (2 + route.preference) << 2;
  if (reachable && route.gateway !== null && !gatewayUsable(ip, route)) return FAIL;
  return score;
}

/** Whether nothing speaks against the gateway (`rt6_check_neigh`); one that failed is probed now and then (`rt6_probe`). */
function gatewayUsable(ip: Ipv6, route: Route6): boolean {
  const entry = ip.neighbourCache === null ? null : ip.neighbourCache.lookup(route.gateway!, route.device);
  if (entry === null || (entry.state & NUD_FAILED) === 0) return true;
  const interval = (inet6(route.device)?.config.router_probe_interval ?? 60) * 1000 * MS;
  if (ip.now >= route.probed + interval && entry.updated + interval <= ip.now) {
    route.probed = ip.now;
    ip.probeGateway(route);
  }
  return false;
}

/** The next hop of a multipath route for this flow: its hash falls into a share in proportion to the weights. */
function multipath(ip: Ipv6, route: Route6, flow: Flow6): Route6 {
  const siblings = route.siblings!;
  let total = 0;
  for (let i = 0; i < siblings.length; i++) if ((siblings[i].flags & RTNH_F_DEAD) === 0) total += siblings[i].weight;
  let share = (multipathHash(ip, flow) >>> 1) % total;
  for (let i = 0; i < siblings.length; i++) {
    const sibling = siblings[i];
    if ((sibling.flags & RTNH_F_DEAD) !== 0) continue;
    share -= sibling.weight;
    if (share < 0) return scoreRoute(ip, sibling, flow, true) < 0 ? route : sibling;
  }
  return route;
}

function multipathHash(ip: Ipv6, flow: Flow6): number {
  let hash = hash6(flow.source, flow.sourceAt) ^ Math.imul(hash6(flow.destination, flow.destinationAt), 0x9e3779b1) ^
    ip.flowKey ^ flow.protocol;
  if (ip.settings.fib_multipath_hash_policy === 1) {
    hash ^= Math.imul(flow.sourcePort ^ (flow.destinationPort << 16), 0x85ebca6b);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The route that the rules lead to, or null when there is none (ENETUNREACH). */
export function lookup(ip: Ipv6, flow: Flow6): Route6 | null {
  if (ip.customRules) return ip.lookupByRules(flow);
  if (ip.localTable !== null) {
    const route = lookupTable(ip, ip.localTable, flow);
    if (route !== null && route.type !== RTN_THROW) return route;
  }
  if (ip.mainTable === null) return null;
  const route = lookupTable(ip, ip.mainTable, flow);
  return route !== null && route.type !== RTN_THROW ? route : null;
}
