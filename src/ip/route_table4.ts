/** Adding, changing, deleting and listing IPv4 routes (`fib_table_insert`, `fib_create_info`), with the kernel's own refusals. */
import { IFF_UP } from "../device/interface.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { mask4 } from "../wire/ipv4.ts";
import type { FibTable } from "./fib4.ts";
import { FibInfo, FibNexthop } from "./fib_info4.ts";
import { rebalance } from "./fib_frontend4.ts";
import { inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { flow4 } from "./flow4.ts";
import { preferredSource } from "./route_output4.ts";
import type { ChangeMode, Nexthop, Route, RouteMetrics, RouteRequest } from "./netlink.ts";
import {
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_ANYCAST,
  RTN_BLACKHOLE,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_THROW,
  RTN_UNICAST,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from "./netlink.ts";

/** A route as it is listed: a view of its table's records. */
class ListedRoute implements Route {
  constructor(
    readonly destination: number,
    readonly prefixLength: number,
    readonly tos: number,
    readonly table: number,
    private readonly info: FibInfo,
  ) {}
  get type(): number {
    return this.info.type;
  }
  get scope(): number {
    return this.info.scope;
  }
  get protocol(): number {
    return this.info.protocol;
  }
  get metric(): number {
    return this.info.metric;
  }
  get source(): number | null {
    return this.info.source === 0 ? null : this.info.source;
  }
  get nexthops(): readonly Nexthop[] {
    return this.info.nexthops;
  }
  get metrics(): RouteMetrics | null {
    return this.info.metrics;
  }
  get preference(): number {
    return 0;
  }
  get expires(): number {
    return Infinity;
  }
}

export function listedRoute(
  destination: number,
  prefixLength: number,
  tos: number,
  table: number,
  info: FibInfo,
): Route {
  return new ListedRoute(destination, prefixLength, tos, table, info);
}

/** In the order of the kernel's dump: by destination, the longest prefix first, then by TOS and metric. */
export function* listRoutes(table: FibTable): IterableIterator<Route> {
  for (const { key, length, value } of table.trie.entries()) {
    for (let alias = value; alias >= 0; alias = table.next(alias)) {
      const info = table.info(alias);
      if ((info.flags & RTNH_F_DEAD) !== 0) continue;
      yield new ListedRoute(key, length, table.tos(alias), table.id, info);
    }
  }
}

/** The least scope number of a route's type: a scope below is refused (`fib_props`). */
function typeScope(type: number): number {
  if (type === RTN_LOCAL) return RT_SCOPE_HOST;
  return type === RTN_BROADCAST || type === RTN_ANYCAST ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

/** The scope that `ip route` fills in when none is given. */
function defaultScope(type: number, request: RouteRequest): number {
  if (type === RTN_LOCAL) return RT_SCOPE_HOST;
  if (type === RTN_BROADCAST || type === RTN_ANYCAST || type === RTN_MULTICAST) return RT_SCOPE_LINK;
  const nexthops = request.nexthops ?? [];
  if (type === RTN_UNICAST && nexthops.length > 0 && nexthops.every((nexthop) => !nexthop.gateway)) {
    return RT_SCOPE_LINK;
  }
  return RT_SCOPE_UNIVERSE;
}

function refuse(errno: number, sentence: string): never {
  throw new KernelError(errno, sentence);
}

function checkPrefix(request: RouteRequest): void {
  if (request.prefixLength > 32) refuse(Errno.EINVAL, "Invalid prefix length");
  if ((((request.destination as number) & ~mask4(request.prefixLength)) >>> 0) !== 0) {
    refuse(Errno.EINVAL, "Invalid prefix for given prefix length");
  }
}

const checkFlow = flow4();

/** Whether a gateway can be reached, and by which interface (`fib_check_nh_v4_gw`). */
function checkGateway(ipv4: Ipv4, nexthop: FibNexthop, table: number, scope: number): void {
  const gateway = nexthop.gatewayAddress;
  let { device } = nexthop;
  if ((nexthop.flags & RTNH_F_ONLINK) !== 0) {
    if (scope >= RT_SCOPE_LINK) refuse(Errno.EINVAL, "Nexthop has invalid scope");
    if (device === null) refuse(Errno.ENODEV, "Nexthop device required for onlink");
    if ((device.flags & IFF_UP) === 0) refuse(Errno.ENETDOWN, "Nexthop device is not up");
    if (ipv4.addressType(gateway) !== RTN_UNICAST) refuse(Errno.EINVAL, "Nexthop has invalid gateway");
    nexthop.scope = RT_SCOPE_LINK;
  } else {
    checkFlow.destination = gateway;
    checkFlow.oif = device?.index ?? 0;
    const least = Math.max(scope + 1, RT_SCOPE_LINK);
    const { fib } = ipv4;
    const own = table !== RT_TABLE_MAIN ? fib.table(table) : undefined;
    let error = own === undefined ? -1 : own.lookup(checkFlow, least, true, fib.result);
    if (error !== 0) error = fib.lookup(checkFlow, least, true);
    if (error !== 0) refuse(-error, "Nexthop has invalid gateway");
    const { result } = fib;
    if (result.type !== RTN_UNICAST && result.type !== RTN_LOCAL) refuse(Errno.EINVAL, "Nexthop has invalid gateway");
    nexthop.scope = result.scope;
    device = result.nexthop.device;
    if (device === null) refuse(Errno.EINVAL, "No egress device for nexthop gateway");
    nexthop.device = device;
    if ((device.flags & IFF_UP) === 0) throw new KernelError(Errno.ENETDOWN);
  }
  if (!device.carrier) nexthop.flags |= RTNH_F_LINKDOWN;
}

/** A next hop that is an interface only (`fib_check_nh_nongw`). */
function checkInterface(nexthop: FibNexthop): void {
  const { device } = nexthop;
  if ((nexthop.flags & RTNH_F_ONLINK) !== 0) {
    refuse(Errno.EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set");
  }
  if (device === null || inDevice(device) === null) throw new KernelError(Errno.ENODEV);
  if ((device.flags & IFF_UP) === 0) refuse(Errno.ENETDOWN, "Device for nexthop is not up");
  nexthop.scope = RT_SCOPE_HOST;
  if (!device.carrier) nexthop.flags |= RTNH_F_LINKDOWN;
}

/** `fib_create_info` */
function createInfo(ipv4: Ipv4, request: RouteRequest, type: number, table: number): FibInfo {
  const scope = request.scope ?? defaultScope(type, request);
  if (typeScope(type) > scope) refuse(Errno.EINVAL, "Invalid scope");
  const given = request.nexthops ?? [];
  const nexthops = given.map(({ device, gateway, weight, flags }) =>
    new FibNexthop(device ?? null, (gateway as number | null | undefined) ?? 0, weight ?? 1, flags ?? 0)
  );
  const source = (request.source as number | null | undefined) ?? 0;
  const info = new FibInfo(
    table,
    type,
    scope,
    request.protocol ?? RTPROT_BOOT,
    request.metric ?? 0,
    source,
    nexthops,
    request.metrics ?? null,
  );
  if (type >= RTN_BLACKHOLE && type <= RTN_THROW) {
    if (nexthops.some((nexthop) => nexthop.device !== null || nexthop.gatewayAddress !== 0)) {
      refuse(Errno.EINVAL, "Gateway, device and multipath can not be specified for this route type");
    }
    nexthops.length = 0;
    return ipv4.fib.infos.share(info);
  }
  if (type < RTN_UNICAST || type > RTN_THROW) refuse(Errno.EINVAL, "Invalid route type");
  if (scope > RT_SCOPE_HOST) refuse(Errno.EINVAL, "Invalid scope");
  if (nexthops.length === 0) throw new KernelError(Errno.ENODEV);
  if (scope === RT_SCOPE_HOST) {
    if (nexthops.length !== 1) refuse(Errno.EINVAL, "Route with host scope can not have multiple nexthops");
    const [nexthop] = nexthops;
    if (nexthop.gatewayAddress !== 0) refuse(Errno.EINVAL, "Route with host scope can not have a gateway");
    if (nexthop.device === null) throw new KernelError(Errno.ENODEV);
    nexthop.scope = RT_SCOPE_NOWHERE;
  } else {
    for (const nexthop of nexthops) {
      if (nexthop.gatewayAddress !== 0) checkGateway(ipv4, nexthop, table, scope);
      else checkInterface(nexthop);
    }
    if (nexthops.every((nexthop) => (nexthop.flags & RTNH_F_LINKDOWN) !== 0)) info.flags |= RTNH_F_LINKDOWN;
  }
  if (source !== 0 && !isValidSource(ipv4, request, type, source)) refuse(Errno.EINVAL, "Invalid prefsrc address");
  if (nexthops.length > 1) {
    for (const nexthop of nexthops) preferredSource(ipv4, info, nexthop);
    rebalance(info);
  }
  return ipv4.fib.infos.share(info);
}

/** `fib_valid_prefsrc` */
function isValidSource(ipv4: Ipv4, request: RouteRequest, type: number, source: number): boolean {
  if (type === RTN_LOCAL && request.destination !== 0 && source === request.destination) return true;
  const table = request.table ?? RT_TABLE_MAIN;
  if (table !== RT_TABLE_MAIN && table !== RT_TABLE_LOCAL && ipv4.addressType(source, table) === RTN_LOCAL) {
    return true;
  }
  return ipv4.addressType(source) === RTN_LOCAL;
}

function tableOf(request: RouteRequest): number {
  return request.table === undefined || request.table === 0 ? RT_TABLE_MAIN : request.table;
}

/** `ip route add|change|replace|append|prepend` (`fib_table_insert`). */
export function addRoute(ipv4: Ipv4, request: RouteRequest, mode: ChangeMode): void {
  const error = enterRoute(ipv4, request, mode);
  if (error < 0) throw new KernelError(-error);
}

/** As `addRoute`; but that the route is there already, or is not there to be changed, is told by a negative errno. */
export function enterRoute(ipv4: Ipv4, request: RouteRequest, mode: ChangeMode): number {
  checkPrefix(request);
  const type = request.type === undefined || request.type === 0 ? RTN_UNICAST : request.type;
  const table = ipv4.fib.obtain(tableOf(request));
  const { prefixLength } = request;
  const key = request.destination as number;
  const tos = request.tos ?? 0;
  const info = createInfo(ipv4, request, type, table.id);
  info.references++; // until it is known whether it is wanted
  const error = insert(ipv4, table, key, prefixLength, tos, info, mode);
  ipv4.fib.infos.release(info);
  if (error < 0) return error;
  if (type === RTN_LOCAL && request.protocol !== 2) ipv4.customLocalRoutes = true;
  return 0;
}

function insert(
  ipv4: Ipv4,
  table: FibTable,
  key: number,
  length: number,
  tos: number,
  info: FibInfo,
  mode: ChangeMode,
): number {
  // The first alias that is not before the new one, and the one before it.
  let previous = -1;
  let alias = table.head(key, length);
  for (; alias >= 0; previous = alias, alias = table.next(alias)) {
    if (table.tos(alias) > tos) continue;
    if (table.tos(alias) < tos || table.info(alias).metric >= info.metric) break;
  }
  const same = (at: number) => at >= 0 && table.tos(at) === tos && table.info(at).metric === info.metric;
  if (same(alias)) {
    if (mode === "add" || mode === "test") return -Errno.EEXIST;
    let match = -1;
    let last = previous;
    for (let at = alias; same(at); last = at, at = table.next(at)) {
      if (match < 0 && table.info(at) === info) match = at;
    }
    if (mode === "replace" || mode === "change") {
      if (match >= 0) {
        return match === alias ? 0 : -Errno.EEXIST;
      }
      const old = table.info(alias);
      table.exchange(alias, info);
      ipv4.fib.infos.release(old);
      announce(ipv4, "new", table, key, length, tos, info);
      return 0;
    }
    if (match >= 0) return -Errno.EEXIST;
    if (mode === "append") previous = last;
  } else if (mode === "change" || mode === "test") return -Errno.ENOENT;
  table.insert(key, length, previous, info, tos);
  announce(ipv4, "new", table, key, length, tos, info);
  return 0;
}

function announce(
  ipv4: Ipv4,
  action: "new" | "delete",
  table: FibTable,
  key: number,
  length: number,
  tos: number,
  info: FibInfo,
): void {
  ipv4.changed();
  ipv4.host.announce({ kind: "route", action, subject: new ListedRoute(key, length, tos, table.id, info) });
}

/** `ip route del` (`fib_table_delete`): the first route that has all that is given. */
export function deleteRoute(ipv4: Ipv4, request: RouteRequest): void {
  const table = ipv4.fib.table(tableOf(request));
  if (table === undefined) throw new KernelError(Errno.ESRCH, "FIB table does not exist");
  checkPrefix(request);
  const key = request.destination as number;
  const { prefixLength } = request;
  const tos = request.tos ?? 0;
  let previous = -1;
  for (let alias = table.head(key, prefixLength); alias >= 0; previous = alias, alias = table.next(alias)) {
    if (table.tos(alias) !== tos || !isMeant(table.info(alias), request)) continue;
    const info = table.info(alias);
    table.remove(key, prefixLength, previous, alias);
    announce(ipv4, "delete", table, key, prefixLength, tos, info);
    ipv4.fib.infos.release(info);
    return;
  }
  throw new KernelError(Errno.ESRCH);
}

function isMeant(info: FibInfo, request: RouteRequest): boolean {
  if (request.type && request.type !== info.type) return false;
  if (request.scope !== undefined && request.scope !== RT_SCOPE_NOWHERE && request.scope !== info.scope) return false;
  if (request.source && request.source !== info.source) return false;
  if (request.protocol && request.protocol !== info.protocol) return false;
  if (request.metric && request.metric !== info.metric) return false;
  const given = request.nexthops ?? [];
  const fits = (at: number) => {
    const { device, gateway } = given[at];
    const nexthop = info.nexthops[at];
    if (nexthop === undefined) return !device && !gateway;
    return (!device || device === nexthop.device) && (!gateway || gateway === nexthop.gatewayAddress);
  };
  if (given.length > 1 && given.length !== info.nexthops.length) return false;
  for (let i = 0; i < given.length; i++) if (!fits(i)) return false;
  const metrics = request.metrics;
  if (metrics) {
    for (const [name, value] of Object.entries(metrics)) {
      if (info.metrics?.[name as keyof RouteMetrics] !== value) return false;
    }
  }
  return true;
}

/** Takes out the routes whose next hops are all dead (`fib_flush`). */
export function flushDead(ipv4: Ipv4): void {
  const dead = new Set(ipv4.fib.infos.list.filter((info) => info !== null && (info.flags & RTNH_F_DEAD) !== 0));
  if (dead.size === 0) return;
  for (const table of ipv4.fib.tables()) {
    for (const { key, length, value } of [...table.trie.entries()]) {
      let previous = -1;
      for (let alias = value, next; alias >= 0; alias = next) {
        next = table.next(alias);
        const info = table.info(alias);
        if (!dead.has(info)) {
          previous = alias;
          continue;
        }
        const tos = table.tos(alias);
        table.remove(key, length, previous, alias);
        announce(ipv4, "delete", table, key, length, tos, info);
        ipv4.fib.infos.release(info);
      }
    }
  }
}
