/** Putting routes into the tables and taking them out: what the kernel does of its own and what interfaces' events do to routes. */
import type { Interface } from "../device/interface.ts";
import { SECOND, Timer } from "../time/scheduler.ts";
import { Errno } from "../wire/errno.ts";
import { get32 } from "../wire/octets.ts";
import { equal6, type Ipv6Address } from "../wire/ipv6.ts";
import { masked6 } from "./address_kind6.ts";
import { inet6 } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import {
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_ANYCAST,
  RTN_LOCAL,
  RTN_UNICAST,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  RTPROT_KERNEL,
} from "./netlink.ts";
import { METRIC_ADDRCONF, Route6, RTF_ADDRCONF, RTF_DEFAULT } from "./route6.ts";

/**
 * Puts a route in (`fib6_add_rt2node` without NLM_F_REPLACE). One that is there already only takes over its lifetime: -EEXIST.
 * With `exclusive` any route of the prefix and metric is in the way. A route that qualifies joins those of its metric as one of several paths.
 */
export function insertRoute(ip: Ipv6, route: Route6, exclusive = false, announce = true): number {
  const table = ip.obtainTable(route.table);
  let paths: Route6[] | null = null;
  const first = table.routes(route.w0, route.w1, route.w2, route.w3, route.prefixLength);
  for (let other = first; other !== null; other = other.next) {
    if (other.metric !== route.metric) continue;
    if (exclusive) return -Errno.EEXIST;
    if (other.duplicates(route)) {
      if (other.expires !== Infinity) {
        other.expires = route.expires;
        ip.changed();
      }
      return -Errno.EEXIST;
    }
    if (paths === null && route.multipathable && other.multipathable) paths = other.siblings ?? [other];
  }
  table.insert(route);
  if (paths !== null) {
    paths.push(route);
    for (const path of paths) path.siblings = paths;
  }
  ip.changed();
  if (route.expires !== Infinity) startRouteGc(ip);
  if (announce) ip.host.announce({ kind: "route", action: "new", subject: route });
  return 0;
}

/** Expired routes are not followed, and go when `route/gc_interval` has passed (`fib6_run_gc`). */
export function startRouteGc(ip: Ipv6): void {
  const timer = ip.routeGc ??= new Timer(() => collectExpired(ip));
  if (!timer.armed) ip.host.world.scheduler.after(timer, ip.settings["route/gc_interval"] * SECOND);
}

function collectExpired(ip: Ipv6): void {
  let left = false;
  for (const route of allRoutes(ip)) {
    if (route.expires <= ip.now) {
      removeRoute(ip, route);
      continue;
    }
    left ||= route.expires !== Infinity;
    for (const first of [...route.exceptions?.values() ?? []]) {
      for (let other: Route6 | null = first; other !== null; other = other.nextException) {
        if (other.expires <= ip.now) route.removeException(other);
        else left ||= other.expires !== Infinity;
      }
    }
  }
  if (left) startRouteGc(ip);
}

/** Takes a route out; of a multipath route only this next hop. */
export function removeRoute(ip: Ipv6, route: Route6, announce = true): void {
  if (!route.linked) return;
  if (announce) ip.host.announce({ kind: "route", action: "delete", subject: route });
  ip.table(route.table)?.remove(route);
  const paths = route.siblings;
  if (paths !== null) {
    paths.splice(paths.indexOf(route), 1);
    if (paths.length === 1) paths[0].siblings = null;
    route.siblings = null;
  }
  ip.changed();
}

/** The route of table local that makes an address the host's own (`addrconf_f6i_alloc`). */
export function localRoute(address: Ipv6Address, device: Interface, anycast = false): Route6 {
  return new Route6(
    address,
    128,
    RT_TABLE_LOCAL,
    anycast ? RTN_ANYCAST : RTN_LOCAL,
    RTPROT_KERNEL,
    0,
    device,
    null,
  );
}

/** The route to the addresses of a prefix on the link (`addrconf_prefix_route`). None while the interface is down. */
export function addPrefixRoute(
  ip: Ipv6,
  device: Interface,
  address: Ipv6Address,
  length: number,
  metric: number,
  expires: number,
  origin = 0,
): void {
  if (!device.up || inet6(device) === null) return;
  const prefix = masked6(address, length);
  const route = new Route6(
    prefix,
    length,
    RT_TABLE_MAIN,
    RTN_UNICAST,
    RTPROT_KERNEL,
    metric || METRIC_ADDRCONF,
    device,
    null,
  );
  route.expires = expires;
  route.origin = origin;
  if (!device.carrier) route.flags |= RTNH_F_LINKDOWN;
  insertRoute(ip, route);
}

/** The prefix route of an address on an interface (`addrconf_get_prefix_route`); `metric` 0 takes any. */
export function prefixRoute(
  ip: Ipv6,
  device: Interface,
  address: Ipv6Address,
  length: number,
  metric = 0,
): Route6 | null {
  const prefix = masked6(address, length);
  for (const route of routesOf(ip, RT_TABLE_MAIN, prefix, length)) {
    if (route.device !== device || route.gateway !== null || route.rejects) continue;
    if (metric !== 0 && route.metric !== metric) continue;
    return route;
  }
  return null;
}

/** The routes of one prefix. */
export function routesOf(ip: Ipv6, table: number, destination: Ipv6Address, length: number): Route6[] {
  const routes: Route6[] = [];
  const [w0, w1, w2, w3] = [0, 4, 8, 12].map((at) => get32(destination, at) | 0);
  let route = ip.table(table)?.routes(w0, w1, w2, w3, length) ?? null;
  for (; route !== null; route = route.next) routes.push(route);
  return routes;
}

function* allRoutes(ip: Ipv6): IterableIterator<Route6> {
  for (const id of ip.tables()) yield* [...ip.table(id)!];
}

/** The interface went down or away: its routes go, and of multipath routes its next hops are dead (`fib6_ifdown`). */
export function deviceRoutesDown(ip: Ipv6, device: Interface, unregister: boolean): void {
  for (const route of allRoutes(ip)) {
    if (route.device !== device || !route.linked) continue;
    const paths = route.siblings;
    if (paths === null || unregister) removeRoute(ip, route);
    else {
      route.flags |= RTNH_F_DEAD | RTNH_F_LINKDOWN;
      if (paths.every((path) => (path.flags & RTNH_F_DEAD) !== 0)) {
        for (const path of paths.slice()) removeRoute(ip, path);
      }
      ip.changed();
    }
  }
}

/** The carrier went: its routes are marked, and stay (`rt6_sync_down_dev` with NETDEV_CHANGE). */
export function deviceRoutesLinkDown(ip: Ipv6, device: Interface): void {
  for (const route of allRoutes(ip)) {
    if (route.device !== device || route.type === RTN_LOCAL || route.type === RTN_ANYCAST) continue;
    route.flags |= RTNH_F_LINKDOWN;
  }
  ip.changed();
}

/** The interface or its carrier is back (`rt6_sync_up`). */
export function deviceRoutesUp(ip: Ipv6, device: Interface, flags: number): void {
  const clear = flags | (device.carrier ? RTNH_F_LINKDOWN : 0);
  for (const route of allRoutes(ip)) if (route.device === device) route.flags &= ~clear;
  ip.changed();
}

/** Routes that prefer an address that is going prefer none then (`rt6_remove_prefsrc`). */
export function forgetSource(ip: Ipv6, address: Ipv6Address): void {
  for (const route of allRoutes(ip)) {
    if (route.source !== null && equal6(route.source, address)) route.source = null;
  }
}

/** A host that became a router forgets the routers that it learned (`rt6_purge_dflt_routers`). */
export function purgeDefaultRouters(ip: Ipv6): void {
  const learned = RTF_ADDRCONF | RTF_DEFAULT;
  for (const route of allRoutes(ip)) {
    if ((route.origin & learned) !== 0 && route.gateway !== null && inet6(route.device)?.config.accept_ra !== 2) {
      removeRoute(ip, route);
    }
  }
}

/** The interface's MTU changed: learned path MTUs above it, or that were as large as it was, follow (`rt6_mtu_change`). */
export function deviceMtuChanged(ip: Ipv6, device: Interface, was: number, mtu: number): void {
  for (const route of allRoutes(ip)) {
    if (route.device !== device || route.exceptions === null) continue;
    for (const first of [...route.exceptions.values()]) {
      for (let other: Route6 | null = first; other !== null; other = other.nextException) {
        if (other.learnedMtu > mtu || (other.learnedMtu === was && mtu > was)) other.learnedMtu = mtu;
      }
    }
  }
  ip.changed();
}
