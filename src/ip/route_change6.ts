/** `ip -6 route add|change|replace|append|del|get`: what the kernel checks, refuses and answers (`inet6_rtm_newroute`, `ip6_route_info_create`). */
import { IFF_LOOPBACK, type Interface } from "../device/interface.ts";
import { SECOND } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { equal6, IN6ADDR_ANY, type Ipv6Address, isLinkLocal6, isMulticast6 } from "../wire/ipv6.ts";
import { isAny6, isLoopback6, isMapped6, masked6 } from "./address_kind6.ts";
import { inet6 } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { routeDevice } from "./ipv6_output.ts";
import { type Flow6, lookup, lookupTable, needsInterface } from "./lookup6.ts";
import {
  type ChangeMode,
  type RouteAnswer,
  type RouteQuery,
  type RouteRequest,
  RT_TABLE_MAIN,
  RTN_ANYCAST,
  RTN_BLACKHOLE,
  RTN_LOCAL,
  RTN_THROW,
  RTN_UNICAST,
  RTN_UNSPEC,
  RTNH_F_LINKDOWN,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from "./netlink.ts";
import { METRIC_USER, Route6 } from "./route6.ts";
import { insertRoute, removeRoute, routesOf } from "./route_table6.ts";
import { selectSource } from "./source_address6.ts";

type NexthopRequest = NonNullable<RouteRequest["nexthops"]>[number];

/** `ip -6 route add` and the like. */
export function changeRoute(ip: Ipv6, request: RouteRequest, mode: ChangeMode): void {
  if (request.tos) throw new KernelError(Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6");
  if (request.prefixLength > 128) throw new KernelError(Errno.EINVAL, "Invalid prefix length");
  const hops = request.nexthops !== undefined && request.nexthops.length > 0 ? request.nexthops : [{}];
  const routes = hops.map((hop) => makeRoute(ip, request, hop, hops.length > 1));
  if (mode === "replace" || mode === "change") {
    replaceRoutes(ip, routes, mode === "replace");
    return;
  }
  const made: Route6[] = [];
  for (const route of routes) {
    const result = insertRoute(ip, route, mode === "add" && made.length === 0, routes.length === 1);
    if (result < 0) {
      for (const other of made) removeRoute(ip, other, false);
      throw new KernelError(-result);
    }
    made.push(route);
  }
  if (routes.length > 1) ip.host.announce({ kind: "route", action: "new", subject: routes[0] });
}

/** The route that a request describes to one next hop, if it may be. */
function makeRoute(ip: Ipv6, request: RouteRequest, hop: NexthopRequest, several: boolean): Route6 {
  const table = request.table || RT_TABLE_MAIN;
  let type = request.type ?? RTN_UNSPEC;
  if (type === RTN_UNSPEC) type = RTN_UNICAST;
  const destination = masked6(request.destination as Ipv6Address, request.prefixLength);
  const gateway = (hop.gateway ?? null) as Ipv6Address | null;
  const flags = hop.flags ?? 0;
  const own = type === RTN_LOCAL || type === RTN_ANYCAST;
  let device = hop.device ?? null;
  const rejects = type >= RTN_BLACKHOLE && type <= RTN_THROW;
  if (rejects) device = ip.host.loopback;
  else {
    if (device !== null) checkDevice(device, flags);
    if (several && gateway === null) {
      throw new KernelError(Errno.EINVAL, "Device only routes can not be added for IPv6 using the multipath API.");
    }
    if (gateway !== null) device = gatewayDevice(ip, gateway, device, table, flags);
    if (device === null) throw new KernelError(Errno.ENODEV);
    if (!device.up) throw new KernelError(Errno.ENETDOWN, "Nexthop device is not up");
  }
  const source = (request.source ?? null) as Ipv6Address | null;
  // `ipv6_chk_addr`: addresses of link or host scope are the outgoing device's own or nobody's.
  const near = source !== null && (isLinkLocal6(source) || isLoopback6(source));
  if (source !== null && !isAny6(source) && !(near ? ip.isOwnAt(source, device) : ip.isOwn(source, 0))) {
    throw new KernelError(Errno.EINVAL, "Invalid source address");
  }
  const route = new Route6(
    destination,
    request.prefixLength,
    table,
    type,
    request.protocol ?? RTPROT_BOOT,
    request.metric || METRIC_USER,
    device,
    rejects ? null : gateway,
  );
  route.source = source;
  route.metrics = request.metrics ?? null;
  route.preference = request.preference ?? 0;
  route.weight = hop.weight ?? 1;
  route.flags = flags & RTNH_F_ONLINK;
  if (!own && !device.carrier) route.flags |= RTNH_F_LINKDOWN;
  if (request.lifetime !== undefined && request.lifetime !== Infinity) {
    route.expires = ip.now + request.lifetime * SECOND;
  }
  return route;
}

function checkDevice(device: Interface, flags: number): void {
  const owner = inet6(device);
  if (owner === null) throw new KernelError(Errno.ENODEV);
  if ((flags & RTNH_F_ONLINK) !== 0 && !device.up) throw new KernelError(Errno.ENETDOWN, "Nexthop device is not up");
  if (owner.config.disable_ipv6 !== 0) throw new KernelError(Errno.EACCES, "IPv6 is disabled on nexthop device");
}

/** Whether a gateway can be one, and by which interface it is reached (`ip6_validate_gw`). */
function gatewayDevice(
  ip: Ipv6,
  gateway: Ipv6Address,
  device: Interface | null,
  table: number,
  flags: number,
): Interface {
  if (ip.isOwnAt(gateway, isLinkLocal6(gateway) ? device : null)) {
    throw new KernelError(Errno.EINVAL, "Gateway can not be a local address");
  }
  if (!isLinkLocal6(gateway)) {
    if (isAny6(gateway) || isMulticast6(gateway) || isLoopback6(gateway)) {
      if (!isMapped6(gateway)) throw new KernelError(Errno.EINVAL, "Invalid gateway address");
    }
    if ((flags & RTNH_F_ONLINK) !== 0) checkOnlink(ip, gateway, device, table);
    else device = reachedBy(ip, gateway, device, table);
  }
  if (device === null) throw new KernelError(Errno.EINVAL, "Egress device not specified");
  if ((device.flags & IFF_LOOPBACK) !== 0) {
    throw new KernelError(Errno.EINVAL, "Egress device can not be loopback device for this route");
  }
  return device;
}

function checkOnlink(ip: Ipv6, gateway: Ipv6Address, device: Interface | null, table: number): void {
  if (device === null) throw new KernelError(Errno.ENODEV, "Nexthop device required for onlink");
  const found = ip.table(table) === undefined
    ? null
    : lookupTable(ip, ip.table(table)!, gatewayFlow(ip, gateway, device));
  if (found === null || found.rejects || found.prefixLength === 0) return;
  if (found.type !== RTN_UNICAST || found.device !== device) {
    throw new KernelError(Errno.EINVAL, "Nexthop has invalid gateway or device mismatch");
  }
}

/** A gateway must be on a link of ours (`ip6_route_check_nh`). */
function reachedBy(ip: Ipv6, gateway: Ipv6Address, device: Interface | null, id: number): Interface {
  const table = ip.table(id);
  const flow = gatewayFlow(ip, gateway, device);
  let found = table === undefined ? null : lookupTable(ip, table, flow);
  if (found === null || !leadsTo(found, device)) found = lookup(ip, gatewayFlow(ip, gateway, device));
  if (found === null || !leadsTo(found, device)) throw new KernelError(Errno.EHOSTUNREACH);
  return found.device;
}

function leadsTo(route: Route6, device: Interface | null): boolean {
  return !route.rejects && route.gateway === null && (device === null || route.device === device);
}

function gatewayFlow(ip: Ipv6, gateway: Ipv6Address, device: Interface | null): Flow6 {
  const flow = ip.flow;
  flow.destination = gateway;
  flow.destinationAt = 0;
  flow.source = IN6ADDR_ANY;
  flow.sourceAt = 0;
  flow.input = ip.host.loopback;
  flow.output = device;
  flow.pinned = flow.strict = device !== null;
  flow.mark =
    flow.tos =
    flow.protocol =
    flow.sourcePort =
    flow.destinationPort =
      0;
  return flow;
}

/** The first route of the prefix and metric gives way, one of several paths with all of them (`fib6_add_rt2node`). */
function replaceRoutes(ip: Ipv6, routes: Route6[], create: boolean): void {
  const first = routes[0];
  const there = routesOf(ip, first.table, first.destination, first.prefixLength);
  if (there.length === 0 && !create) throw new KernelError(Errno.ENOENT, "Can not replace route - no match found");
  const same = there.filter((route) => route.metric === first.metric);
  const victim = same.find((route) => route.multipathable === first.multipathable) ?? same[0];
  if (victim === undefined) {
    if (!create) throw new KernelError(Errno.ENOENT);
  } else {
    const table = ip.obtainTable(first.table);
    const before = there[there.indexOf(victim) - 1] ?? null;
    const gone = victim.siblings?.slice() ?? [victim];
    for (const route of gone) removeRoute(ip, route, false);
    if (before !== null && before.linked) table.insertAfter(first, before);
    else table.insert(first, true);
    ip.changed();
    ip.host.announce({ kind: "route", action: "new", subject: first });
    routes = routes.slice(1);
  }
  for (const route of routes) insertRoute(ip, route, false, victim === undefined && route === first);
}

/** `ip -6 route del` (`ip6_route_del`): the first that has all that is given. */
export function deleteRoute(ip: Ipv6, request: RouteRequest): void {
  const destination = masked6(request.destination as Ipv6Address, request.prefixLength);
  const hops = request.nexthops !== undefined && request.nexthops.length > 0
    ? request.nexthops
    : [{} as NexthopRequest];
  let deleted = 0;
  for (const hop of hops) {
    const gateway = (hop.gateway ?? null) as Ipv6Address | null;
    for (const route of routesOf(ip, request.table || RT_TABLE_MAIN, destination, request.prefixLength)) {
      if (hop.device && route.device !== hop.device) continue;
      if (gateway !== null && (route.gateway === null || !equal6(route.gateway, gateway))) continue;
      if (request.metric && route.metric !== request.metric) continue;
      if (request.protocol && route.protocol !== request.protocol) continue;
      if (gateway !== null || route.siblings === null) removeRoute(ip, route);
      else {
        ip.host.announce({ kind: "route", action: "delete", subject: route });
        for (const path of route.siblings.slice()) removeRoute(ip, path, false);
      }
      deleted++;
      break;
    }
  }
  if (deleted < hops.length) throw new KernelError(Errno.ESRCH);
}

/** `ip -6 route get` (`inet6_rtm_getroute`). */
export function answerRoute(ip: Ipv6, query: RouteQuery): RouteAnswer {
  const destination = query.destination as Ipv6Address;
  const source = (query.source ?? null) as Ipv6Address | null;
  const any = source === null || isAny6(source);
  const flow = gatewayFlow(ip, destination, query.input ?? query.output ?? null);
  flow.source = source ?? IN6ADDR_ANY;
  flow.input = query.input ?? ip.host.loopback;
  flow.pinned = query.input == null && query.output != null;
  const pinned = flow.output !== null;
  flow.strict = pinned && (needsInterface(destination) || (query.input == null && any));
  flow.mark = query.mark ?? 0;
  flow.tos = query.tos ?? 0;
  flow.protocol = query.protocol ?? 0;
  flow.sourcePort = query.sourcePort ?? 0;
  flow.destinationPort = query.destinationPort ?? 0;
  const route = lookup(ip, flow);
  if (route === null) throw new KernelError(Errno.ENETUNREACH);
  if (route.error < 0) throw new KernelError(-route.error);
  const device = routeDevice(ip, route);
  let preferred: Ipv6Address | null = null;
  if (query.input == null) preferred = route.source ?? selectSource(ip, destination, 0, route.device);
  return {
    route,
    device,
    gateway: route.gateway,
    source: preferred,
    type: route.type,
    table: route.table,
    cacheFlags: [],
    mtu: route.learnedMtu,
    expires: route.learnedMtu !== 0 ? route.expires : Infinity,
  };
}
