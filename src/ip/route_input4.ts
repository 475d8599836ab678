/** The lookup for packets that come in (`ip_route_input`), and whether their source may come that way. */
import type { Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { INADDR_BROADCAST, isLoopback4, isMulticast4 } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import { isLocalAddress, onLink } from "./address4.ts";
import type { FibInfo, FibNexthop } from "./fib_info4.ts";
import { type Flow4, flow4, LOOPBACK_INDEX } from "./flow4.ts";
import { type InDevice, inDevice } from "./in_device.ts";
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
  RTN_UNREACHABLE,
} from "./netlink.ts";
import {
  exceptionFor,
  INPUT_ERROR,
  INPUT_FORWARD,
  INPUT_LOCAL,
  isLocalMulticast,
  isZeronet,
  Route4,
  RTCF_BROADCAST,
  RTCF_LOCAL,
  RTCF_MULTICAST,
} from "./route4.ts";

const inputFlow: Flow4 = flow4();

/** Asks as input would; the flow is shared: it is filled in anew for each question. */
function askInput(
  ipv4: Ipv4,
  destination: number,
  source: number,
  tos: number,
  iif: number,
  oif: number,
  mark: number,
  ignoreLinkdown: boolean,
): number {
  inputFlow.destination = destination;
  inputFlow.source = source;
  inputFlow.tos = tos;
  inputFlow.iif = iif;
  inputFlow.oif = oif;
  inputFlow.mark = mark;
  return ipv4.fib.lookup(inputFlow, RT_SCOPE_UNIVERSE, ignoreLinkdown);
}

/**
 * Whether a source may come in by this interface (`fib_validate_source`): negative when not (-EXDEV: by rp_filter),
 * 1 when the source is on this very link, else 0. Overwrites `fib.result`.
 */
export function validateSource(
  ipv4: Ipv4,
  source: number,
  destination: number,
  tos: number,
  oif: number,
  own: InDevice,
  mark: number,
): number {
  const { device, conf } = own;
  const filter = Math.max(conf.rp_filter, ipv4.settings.allConf.rp_filter);
  const acceptLocal = conf.accept_local !== 0 || ipv4.settings.allConf.accept_local !== 0;
  const redirects = conf.send_redirects !== 0 || ipv4.settings.allConf.send_redirects !== 0;
  if (filter === 0 && (device.index !== oif || !redirects)) {
    if (acceptLocal) return 0;
    if (!ipv4.customLocalRoutes && !ipv4.fib.rules.custom) return isLocalAddress(ipv4, source) ? -Errno.EINVAL : 0;
  }
  const marked = own.either("src_valid_mark") ? mark : 0;
  const unnumbered = own.addresses.length === 0;
  const { result } = ipv4.fib;
  if (askInput(ipv4, source, destination, tos, oif !== 0 ? oif : LOOPBACK_INDEX, 0, marked, false) !== 0) {
    return filter !== 0 ? -Errno.EXDEV : 0;
  }
  if (result.type !== RTN_UNICAST && (result.type !== RTN_LOCAL || !acceptLocal)) return -Errno.EINVAL;
  let uses = result.type === RTN_LOCAL && device === ipv4.host.loopback;
  for (const nexthop of result.info.nexthops) if (nexthop.device === device) uses = true;
  if (uses) return result.nexthop.scope >= RT_SCOPE_HOST ? 1 : 0;
  if (unnumbered) return filter !== 0 ? -Errno.EXDEV : 0;
  if (filter === 1) return -Errno.EXDEV;
  if (askInput(ipv4, source, destination, tos, oif !== 0 ? oif : LOOPBACK_INDEX, device.index, marked, true) !== 0) {
    return 0;
  }
  return result.type === RTN_UNICAST && result.nexthop.scope >= RT_SCOPE_HOST ? 1 : 0;
}

/**
 * Finds the route of a packet that came in, and sets `packet.route` (`ip_route_input_slow`). 0, or a negative errno when it is to be
 * dropped: a martian, or against rp_filter (-EXDEV). `packet.control` is 1 when the sender should be told of a better way.
 */
export function routeInput(
  ipv4: Ipv4,
  packet: Packet,
  destination: number,
  source: number,
  tos: number,
  own: InDevice,
): number {
  const { device } = own;
  packet.control = 0;
  if (isMulticast4(source) || source === INADDR_BROADCAST) return martianSource(ipv4, own, source, destination);
  if (destination === INADDR_BROADCAST || (source === 0 && destination === 0)) {
    return broadcastInput(ipv4, packet, source, destination, tos, own);
  }
  if (isZeronet(source)) return martianSource(ipv4, own, source, destination);
  if (isZeronet(destination)) return -Errno.EINVAL;
  if (isLoopback4(destination) || isLoopback4(source)) {
    const allowed = own.conf.route_localnet !== 0 || ipv4.settings.allConf.route_localnet !== 0;
    if (!allowed) return isLoopback4(destination) ? -Errno.EINVAL : martianSource(ipv4, own, source, destination);
  }
  inputFlow.protocol = inputFlow.sourcePort = inputFlow.destinationPort = 0;
  const error = askInput(ipv4, destination, source, tos, device.index, 0, packet.mark, false);
  if (error !== 0) {
    packet.route = errorRoute(ipv4, own.forwarding ? -error : Errno.EHOSTUNREACH);
    return 0;
  }
  const { info, nexthop, type, table } = ipv4.fib.result;
  if (type === RTN_BROADCAST && !own.both("bc_forwarding")) {
    return broadcastInput(ipv4, packet, source, destination, tos, own);
  }
  if (type === RTN_LOCAL) {
    const valid = validateSource(ipv4, source, destination, tos, 0, own, packet.mark);
    if (valid < 0) return rejected(ipv4, own, source, destination, valid);
    packet.route = nexthopInput(ipv4, nexthop, info, type, table, ipv4.host.loopback);
    return 0;
  }
  if (!own.forwarding) {
    packet.route = errorRoute(ipv4, Errno.EHOSTUNREACH);
    return 0;
  }
  if (type !== RTN_UNICAST && type !== RTN_BROADCAST) return -Errno.EINVAL;
  return forwardInput(ipv4, packet, destination, source, tos, own, info, nexthop, table);
}

/** `__mkroute_input` */
function forwardInput(
  ipv4: Ipv4,
  packet: Packet,
  destination: number,
  source: number,
  tos: number,
  own: InDevice,
  info: FibInfo,
  nexthop: FibNexthop,
  table: number,
): number {
  if (info.nexthops.length > 1) {
    inputFlow.destination = destination;
    inputFlow.source = source;
    nexthop = selectMultipath(ipv4, info, nexthop, inputFlow, packet);
  }
  const out = nexthop.device!;
  const outOwn = inDevice(out);
  if (outOwn === null) return -Errno.EINVAL;
  const valid = validateSource(ipv4, source, destination, tos, out.index, own, packet.mark);
  if (valid < 0) return rejected(ipv4, own, source, destination, valid);
  if (valid > 0 && out === own.device && outOwn.either("send_redirects")) {
    const gateway = nexthop.scope === RT_SCOPE_LINK ? nexthop.gatewayAddress : 0;
    if (outOwn.either("shared_media") || onLink(outOwn, source, gateway)) packet.control = 1;
  }
  const exception = exceptionFor(ipv4, nexthop, destination);
  if (exception !== null) {
    const route = nexthopInput(ipv4, nexthop, info, RTN_UNICAST, table, out, false);
    route.exception = exception;
    if (exception.gateway !== 0) route.gateway = exception.gateway;
    packet.route = route;
  } else packet.route = nexthopInput(ipv4, nexthop, info, RTN_UNICAST, table, out);
  return 0;
}

function nexthopInput(
  ipv4: Ipv4,
  nexthop: FibNexthop,
  info: FibInfo,
  type: number,
  table: number,
  device: Interface,
  cache = true,
): Route4 {
  const known = nexthop.input;
  if (cache && known !== null && known.generation === ipv4.generation && known.device === device) return known;
  const route = new Route4(ipv4.generation, type, device, info, nexthop);
  route.table = table;
  if (type === RTN_LOCAL) {
    route.flags = RTCF_LOCAL;
    route.input = INPUT_LOCAL;
  } else {
    route.input = INPUT_FORWARD;
    if (nexthop.scope === RT_SCOPE_LINK) route.gateway = nexthop.gatewayAddress;
  }
  if (cache) nexthop.input = route;
  return route;
}

function broadcastInput(
  ipv4: Ipv4,
  packet: Packet,
  source: number,
  destination: number,
  tos: number,
  own: InDevice,
): number {
  if (!isZeronet(source)) {
    const valid = validateSource(ipv4, source, 0, tos, 0, own, packet.mark);
    if (valid < 0) return rejected(ipv4, own, source, destination, valid);
  }
  let route = own.cache.broadcast;
  if (route === null || route.generation !== ipv4.generation) {
    route = new Route4(ipv4.generation, RTN_BROADCAST, ipv4.host.loopback, null, null);
    route.flags = RTCF_BROADCAST | RTCF_LOCAL;
    route.input = INPUT_LOCAL;
    own.cache.broadcast = route;
  }
  packet.route = route;
  return 0;
}

/** The route of a packet to a group that this host has joined there (`ip_route_input_mc`). */
export function multicastInput(
  ipv4: Ipv4,
  packet: Packet,
  source: number,
  destination: number,
  tos: number,
  own: InDevice,
): number {
  packet.control = 0;
  if (isMulticast4(source) || source === INADDR_BROADCAST) return -Errno.EINVAL;
  if (isLoopback4(source) && !own.either("route_localnet")) return -Errno.EINVAL;
  if (isZeronet(source)) {
    if (!isLocalMulticast(destination)) return -Errno.EINVAL;
  } else {
    const valid = validateSource(ipv4, source, 0, tos, 0, own, packet.mark);
    if (valid < 0) return rejected(ipv4, own, source, destination, valid);
  }
  const route = new Route4(ipv4.generation, RTN_MULTICAST, ipv4.host.loopback, null, null);
  route.flags = RTCF_MULTICAST | RTCF_LOCAL;
  route.input = INPUT_LOCAL;
  packet.route = route;
  return 0;
}

function errorRoute(ipv4: Ipv4, error: number): Route4 {
  const route = new Route4(ipv4.generation, RTN_UNREACHABLE, ipv4.host.loopback, null, null);
  route.input = INPUT_ERROR;
  route.error = error;
  return route;
}

function rejected(ipv4: Ipv4, own: InDevice, source: number, destination: number, error: number): number {
  martianSource(ipv4, own, source, destination);
  return error;
}

/** Counts what `ip_handle_martian_source` would log. */
function martianSource(ipv4: Ipv4, own: InDevice, _source: number, _destination: number): number {
  if (own.either("log_martians")) ipv4.martians++;
  return -Errno.EINVAL;
}
