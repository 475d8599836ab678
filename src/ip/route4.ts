/**
 * The route objects that packets carry (`struct rtable`), and the two lookups that make them: for packets that are sent here
 * (`ip_route_output_key_hash`) and for packets that come in (`ip_route_input`).
 *
 * @module
 */
import { IFF_LOOPBACK, IFF_POINTOPOINT, IFF_UP, type Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { INADDR_BROADCAST, INADDR_LOOPBACK, IPPROTO_IGMP, isLoopback4, isMulticast4 } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import { deviceOfAddress, isLocalAddress, onLink, selectAddress } from "./address4.ts";
import type { FibInfo, FibNexthop } from "./fib_info4.ts";
import { type Flow4, flow4, LOOPBACK_INDEX } from "./flow4.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { selectMultipath } from "./multipath4.ts";
import type { NeighbourEntry } from "./neighbour.ts";
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

/** Flags of a route object (RTCF_*). */
export const RTCF_LOCAL = 1;
export const RTCF_BROADCAST = 2;
export const RTCF_MULTICAST = 4;
export const RTCF_REDIRECTED = 8;
/** The sender should be told of a better first hop: of a packet that came in, never of a route object. */
export const RTCF_DOREDIRECT = 16;

/** What becomes of a packet that comes in with this route (`dst.input`). */
export const INPUT_NONE = 0;
export const INPUT_LOCAL = 1;
export const INPUT_FORWARD = 2;
export const INPUT_ERROR = 3;

/** The largest packet that IPv4 can say (IP_MAX_MTU). */
export const IP_MAX_MTU = 65535;

/** What was learned of the way to one destination: a path MTU, or a better gateway (`fib_nh_exception`). */
export class Exception4 {
  pmtu = 0;
  locked = false;
  gateway = 0;
  /** Virtual ns until which the path MTU holds. */
  expires = 0;
  route: Route4 | null = null;
}

export class Route4 {
  flags = 0;
  /** 0 is on-link: the destination itself is the next hop. */
  gateway = 0;
  input: number = INPUT_NONE;
  /** Positive errno of an INPUT_ERROR. */
  error = 0;
  /** Where it was found; 0 and -1 when no table was asked. */
  table = 0;
  exception: Exception4 | null = null;
  /** The last next hop's entry. */
  #neighbour: NeighbourEntry | null = null;
  /** The interface has but one neighbour (lo, point-to-point links). */
  readonly #single: boolean;

  constructor(
    readonly generation: number,
    public type: number,
    readonly device: Interface,
    readonly info: FibInfo | null,
    readonly nexthop: FibNexthop | null,
  ) {
    this.#single = (device.flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) !== 0;
  }

  /** The neighbour for a destination, made when there is none; null when the table is full. */
  neighbour(ipv4: Ipv4, destination: number): NeighbourEntry | null {
    const next = this.#single ? 0 : this.gateway !== 0 ? this.gateway : destination;
    const known = this.#neighbour;
    if (known !== null && known.address === next && !known.dead) return known;
    return this.#neighbour = ipv4.neighbour(next, this.device);
  }

  /** A path MTU that was learned and still holds, or 0. */
  learnedMtu(now: number): number {
    const exception = this.exception;
    return exception !== null && exception.pmtu !== 0 && now < exception.expires ? exception.pmtu : 0;
  }

  /** `ip_dst_mtu_maybe_forward`; `now` is virtual time, or -1 to leave learned path MTUs aside. */
  mtu(now: number): number {
    if (now >= 0 && this.exception !== null) {
      const learned = this.learnedMtu(now);
      if (learned !== 0) return learned;
    }
    const mtu = this.info !== null && this.info.metrics !== null && this.info.metrics.mtu !== undefined
      ? this.info.metrics.mtu
      : this.device.mtu;
    return mtu > IP_MAX_MTU ? IP_MAX_MTU : mtu;
  }
}

/** What the last packet that came in by an interface was, and where it went: flows rarely change from packet to packet. */
export class InputCache {
  generation = -1;
  destination = 0;
  source = 0;
  tos = 0;
  mark = 0;
  redirect = false;
  route: Route4 | null = null;
  /** For interfaces without an entry in any table: limited broadcasts, and errors. */
  broadcast: Route4 | null = null;
}

function isZeronet(address: number): boolean {
  return address >>> 24 === 0;
}

function isLocalMulticast(address: number): boolean {
  return address >>> 8 === 0xe00000;
}

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

/** What is known of the destination beyond this next hop, and still holds (`find_exception`). */
function exceptionFor(ipv4: Ipv4, nexthop: FibNexthop, destination: number): Exception4 | null {
  const { exceptions } = nexthop;
  if (exceptions === null) return null;
  const exception = exceptions.get(destination);
  if (exception === undefined) return null;
  if (ipv4.host.world.scheduler.now < exception.expires) return exception;
  exceptions.delete(destination);
  return null;
}

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
