/** The lookup for packets that are sent here (`ip_route_output_key_hash`). */
import { IFF_LOOPBACK, IFF_UP, type Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { INADDR_BROADCAST, INADDR_LOOPBACK, IPPROTO_IGMP, isLoopback4, isMulticast4 } from "../wire/ipv4.ts";
import { deviceOfAddress, selectAddress } from "./address4.ts";
import type { FibInfo, FibNexthop } from "./fib_info4.ts";
import { type Flow4, LOOPBACK_INDEX } from "./flow4.ts";
import { inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { selectMultipath } from "./multipath4.ts";
import {
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_UNIVERSE,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_UNICAST,
} from "./netlink.ts";
import {
  type Exception4,
  exceptionFor,
  INPUT_LOCAL,
  isLocalMulticast,
  isZeronet,
  Route4,
  RTCF_BROADCAST,
  RTCF_LOCAL,
  RTCF_MULTICAST,
  RTCF_REDIRECTED,
} from "./route4.ts";

/**
 * The route for a packet made here; fills in `flow.source` and `flow.oif`. Null, and `ipv4.routeError`, when there is none.
 * `anySource` lets the source be one that is not ours.
 */
export function routeOutput(ipv4: Ipv4, flow: Flow4, anySource = false): Route4 | null {
  const { interfaces } = ipv4.host;
  const { destination } = flow;
  ipv4.routeError = -Errno.EINVAL;
  flow.iif = LOOPBACK_INDEX;
  const asked = flow.oif;
  if (flow.source !== 0) {
    if (isMulticast4(flow.source) || flow.source === INADDR_BROADCAST || isZeronet(flow.source)) return null;
    ipv4.routeError = -Errno.ENETUNREACH;
    if (flow.oif === 0 && (isMulticast4(destination) || destination === INADDR_BROADCAST)) {
      const device = deviceOfAddress(ipv4, flow.source);
      if (device === null) return null;
      flow.oif = device.index;
      return makeOutput(ipv4, flow, device, RTN_UNICAST, null, null, asked, 0, -1);
    }
    if (!anySource && deviceOfAddress(ipv4, flow.source) === null) return null;
  }
  let device: Interface | null = null;
  if (flow.oif !== 0) {
    device = interfaces.byIndex(flow.oif) ?? null;
    ipv4.routeError = -Errno.ENODEV;
    if (device === null) return null;
    ipv4.routeError = -Errno.ENETUNREACH;
    if ((device.flags & IFF_UP) === 0 || inDevice(device) === null) return null;
    if (isLocalMulticast(destination) || destination === INADDR_BROADCAST || flow.protocol === IPPROTO_IGMP) {
      if (flow.source === 0) flow.source = selectAddress(ipv4, device, 0, RT_SCOPE_LINK);
      return makeOutput(ipv4, flow, device, RTN_UNICAST, null, null, asked, 0, -1);
    }
    if (flow.source === 0) {
      if (isMulticast4(destination)) flow.source = selectAddress(ipv4, device, 0, RT_SCOPE_UNIVERSE);
      else if (destination === 0) flow.source = selectAddress(ipv4, device, 0, RT_SCOPE_HOST);
    }
  }
  if (destination === 0) {
    if (flow.source === 0) flow.source = INADDR_LOOPBACK;
    flow.destination = flow.source;
    flow.oif = LOOPBACK_INDEX;
    return makeOutput(ipv4, flow, ipv4.host.loopback, RTN_LOCAL, null, null, asked, 0, -1);
  }
  const error = ipv4.fib.lookup(flow);
  if (error !== 0) {
    ipv4.routeError = error;
    if (device === null) return null;
    // The tables are wrong, or it is not configured yet: what was bound to an interface is taken to be on its link.
    if (flow.source === 0) flow.source = selectAddress(ipv4, device, 0, RT_SCOPE_LINK);
    return makeOutput(ipv4, flow, device, RTN_UNICAST, null, null, asked, 0, -1);
  }
  const { result } = ipv4.fib;
  const { info, type, table, prefixLength } = result;
  let { nexthop } = result;
  if (type === RTN_LOCAL) {
    if (flow.source === 0) flow.source = info.source !== 0 ? info.source : destination;
    const found = nexthop.device!.index;
    flow.oif = LOOPBACK_INDEX;
    return makeOutput(ipv4, flow, ipv4.host.loopback, type, info, nexthop, found, table, prefixLength);
  }
  if (info.nexthops.length > 1 && asked === 0) nexthop = selectMultipath(ipv4, info, nexthop, flow);
  if (flow.source === 0) flow.source = preferredSource(ipv4, info, nexthop);
  flow.oif = nexthop.device!.index;
  return makeOutput(ipv4, flow, nexthop.device!, type, info, nexthop, asked, table, prefixLength);
}

/** `fib_result_prefsrc` */
export function preferredSource(ipv4: Ipv4, info: FibInfo, nexthop: FibNexthop): number {
  if (info.source !== 0) return info.source;
  if (nexthop.sourceGeneration !== ipv4.generation) {
    nexthop.source = selectAddress(ipv4, nexthop.device!, nexthop.gatewayAddress, info.scope);
    nexthop.sourceGeneration = ipv4.generation;
  }
  return nexthop.source;
}

/** `__mkroute_output` */
function makeOutput(
  ipv4: Ipv4,
  flow: Flow4,
  device: Interface,
  type: number,
  info: FibInfo | null,
  nexthop: FibNexthop | null,
  asked: number,
  table: number,
  prefixLength: number,
): Route4 | null {
  const own = inDevice(device);
  ipv4.routeError = -Errno.EINVAL;
  if (own === null) return null;
  const loopback = (device.flags & IFF_LOOPBACK) !== 0;
  if (own.conf.route_localnet === 0 && isLoopback4(flow.source) && !loopback) return null;
  const { destination } = flow;
  if (destination === INADDR_BROADCAST) {
    type = RTN_BROADCAST;
    info = nexthop = null;
  } else if (isMulticast4(destination)) type = RTN_MULTICAST;
  else if (isZeronet(destination)) return null;
  let flags = loopback ? RTCF_LOCAL : 0;
  if (type === RTN_BROADCAST) flags |= RTCF_BROADCAST | RTCF_LOCAL;
  else if (type === RTN_MULTICAST) {
    flags |= RTCF_MULTICAST;
    if (own.groups !== null && own.groups.has(destination)) flags |= RTCF_LOCAL;
    else flags &= ~RTCF_LOCAL;
    // A default route's gateway is of no use to a multicast.
    if (info !== null && prefixLength < 4) info = nexthop = null;
  } else if (type === RTN_LOCAL) flags |= RTCF_LOCAL;
  let exception: Exception4 | null = null;
  const cacheable = nexthop !== null && type !== RTN_MULTICAST &&
    !(type === RTN_LOCAL && asked !== 0 && asked !== device.index);
  if (nexthop !== null) {
    exception = exceptionFor(ipv4, nexthop, destination);
    const cached = exception !== null ? exception.route : cacheable ? nexthop.output : null;
    if (cached !== null && cached.generation === ipv4.generation && cached.type === type) return cached;
  }
  const route = new Route4(ipv4.generation, type, device, info, nexthop);
  route.flags = flags;
  route.table = table;
  if ((flags & RTCF_LOCAL) !== 0) route.input = INPUT_LOCAL;
  if (nexthop !== null && nexthop.gatewayAddress !== 0 && nexthop.scope === RT_SCOPE_LINK) {
    route.gateway = nexthop.gatewayAddress;
  }
  if (exception !== null) {
    route.exception = exception;
    if (exception.gateway !== 0) {
      route.gateway = exception.gateway;
      route.flags |= RTCF_REDIRECTED;
    }
    exception.route = route;
  } else if (cacheable) nexthop!.output = route;
  return route;
}
