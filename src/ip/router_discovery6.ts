/** Routers: asking for them, and what their advertisements configure (RFC 4861 section 6.3, RFC 4862, RFC 4191). */
import type { Interface } from "../device/interface.ts";
import { SECOND, Timer } from "../time/scheduler.ts";
import { NDISC_ROUTER_SOLICITATION } from "../wire/icmp.ts";
import { IN6ADDR_ANY, IPV6_SOURCE, type Ipv6Address, isLinkLocal6, isMulticast6 } from "../wire/ipv6.ts";
import { get16, get32 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import { isAny6, LINK_ALL_ROUTERS, masked6 } from "./address_kind6.ts";
import { announce, newAddress, verifyLifetimes } from "./address6.ts";
import { IPV6_MIN_MTU, putInterfaceIdentifier } from "./addrconf6.ts";
import { changedConfig } from "./config6.ts";
import { startDad } from "./dad6.ts";
import type { Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import {
  findOption,
  learn,
  linkAddressOption,
  OPTION_MTU,
  OPTION_PREFIX_INFORMATION,
  OPTION_ROUTE_INFORMATION,
  OPTION_SOURCE_LINK_ADDRESS,
  putOption,
  sendNdisc,
} from "./ndisc6.ts";
import { UPDATE_ISROUTER, UPDATE_OVERRIDE, UPDATE_OVERRIDE_ISROUTER, UPDATE_WEAK_OVERRIDE } from "./neighbour.ts";
import {
  IFA_F_DEPRECATED,
  IFA_F_MANAGETEMPADDR,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_TENTATIVE,
  NTF_ROUTER,
  NUD_STALE,
  RT_TABLE_MAIN,
  RTN_UNICAST,
  RTPROT_RA,
} from "./netlink.ts";
import { equalGateway, METRIC_USER, Route6, RTF_ADDRCONF, RTF_DEFAULT, RTF_ROUTEINFO } from "./route6.ts";
import { addPrefixRoute, deviceMtuChanged, insertRoute, prefixRoute, removeRoute, routesOf } from "./route_table6.ts";

/** RFC 4862 section 5.5.3: an unauthenticated advertisement may not shorten a lifetime below two hours. */
const MIN_VALID_LIFETIME = 7200;

/** Asks the first time at once (duplicate address detection was the delay), then at growing intervals (RFC 7559). */
export function startRouterSolicitations(ip: Ipv6, owner: Inet6Device, source: Ipv6Address, group: Ipv6Address): void {
  sendRouterSolicitation(ip, owner, source, group);
  const interval = owner.config.router_solicitation_interval * SECOND;
  owner.solicited = true;
  owner.solicitation = {
    timer: new Timer(() => solicitAgain(ip, owner)),
    probes: 1,
    interval: interval * (0.9 + ip.random.float() * 0.2),
  };
  ip.host.world.scheduler.after(owner.solicitation.timer, Math.round(owner.solicitation.interval));
}

export function stopRouterSolicitations(ip: Ipv6, owner: Inet6Device): void {
  if (owner.solicitation !== null) ip.host.world.scheduler.cancel(owner.solicitation.timer);
  owner.solicitation = null;
}

/** `addrconf_rs_timer` */
function solicitAgain(ip: Ipv6, owner: Inet6Device): void {
  const running = owner.solicitation;
  if (running === null || owner.dead || !owner.ready || !ip.acceptsAdvertisements(owner) || owner.advertised) {
    owner.solicitation = null;
    return;
  }
  const most = owner.config.router_solicitations;
  if (running.probes++ >= most && most >= 0) {
    owner.solicitation = null;
    return;
  }
  const local = owner.linkLocal(IFA_F_TENTATIVE);
  if (local === null) return;
  sendRouterSolicitation(ip, owner, local.local, LINK_ALL_ROUTERS);
  const longest = owner.config.router_solicitation_max_interval * SECOND;
  running.interval *= 1.9 + ip.random.float() * 0.2;
  if (longest > 0 && running.interval > longest) running.interval = longest * (0.9 + ip.random.float() * 0.2);
  ip.host.world.scheduler.after(running.timer, Math.round(running.interval));
}

function sendRouterSolicitation(ip: Ipv6, owner: Inet6Device, source: Ipv6Address, group: Ipv6Address): void {
  const packet = ip.host.world.packets.allocate(16);
  const { bytes, head: at } = packet;
  bytes.fill(0, at, at + 8);
  bytes[at] = NDISC_ROUTER_SOLICITATION;
  packet.tail = putOption(bytes, at + 8, OPTION_SOURCE_LINK_ADDRESS, owner.device.address);
  sendNdisc(ip, owner.device, packet, source, group, null);
}

/** A host asks this router; answering is the work of a daemon, but the host is remembered (`ndisc_recv_rs`). */
export function solicitationOfRouterInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network, tail } = packet;
  if (tail - at < 8 || owner.config.forwarding === 0 || isAny6(bytes, network + IPV6_SOURCE)) return;
  const linkAddress = linkAddressOption(bytes, at + 8, tail, OPTION_SOURCE_LINK_ADDRESS);
  if (linkAddress === undefined) return;
  const source = bytes.slice(network + IPV6_SOURCE, network + IPV6_SOURCE + 16);
  const flags = UPDATE_WEAK_OVERRIDE | UPDATE_OVERRIDE | UPDATE_OVERRIDE_ISROUTER;
  learn(ip, owner.device, source, linkAddress, NUD_STALE, flags, true);
}

/** `ndisc_router_discovery` */
export function advertisementInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network, tail } = packet;
  const options = at + 16;
  if (tail < options || !isLinkLocal6(bytes, network + IPV6_SOURCE)) return;
  if (findOption(bytes, options, tail, 0) === -2) return;
  const source = bytes.slice(network + IPV6_SOURCE, network + IPV6_SOURCE + 16);
  const accepts = ip.acceptsAdvertisements(owner);
  let router: Route6 | null = null;
  if (accepts) {
    if (owner.solicited) owner.advertised = true;
    router = defaultRouter(ip, owner, bytes, at, source);
    linkParameters(ip, owner, bytes, at, router);
  }
  const linkAddress = linkAddressOption(bytes, options, tail, OPTION_SOURCE_LINK_ADDRESS);
  if (linkAddress === undefined) return;
  const update = UPDATE_WEAK_OVERRIDE | UPDATE_OVERRIDE | UPDATE_OVERRIDE_ISROUTER | UPDATE_ISROUTER;
  const entry = learn(ip, owner.device, source, linkAddress, NUD_STALE, update, true);
  if (entry !== null && router !== null) entry.flags |= NTF_ROUTER;
  if (!accepts || (owner.config.accept_ra_from_local === 0 && ip.isOwn(source, 0))) return;
  for (let option = options; option + 2 <= tail; option += bytes[option + 1] * 8) {
    if (bytes[option] === OPTION_PREFIX_INFORMATION && owner.config.accept_ra_pinfo !== 0) {
      prefixInformation(ip, owner, bytes, option);
    } else if (bytes[option] === OPTION_ROUTE_INFORMATION && owner.config.accept_ra_rtr_pref !== 0) {
      routeInformation(ip, owner, bytes, option, source);
    } else if (bytes[option] === OPTION_MTU && owner.config.accept_ra_mtu !== 0) {
      if (bytes[option + 1] === 1) advertisedMtu(ip, owner, get32(bytes, option + 4));
    }
  }
}

/** RFC 4191 section 2.1: 01 high, 11 low, 00 medium; 10 is reserved. */
function preference(flags: number): number {
  const bits = (flags >> 3) & 3;
  return bits === 1 ? 1 : bits === 3 ? -1 : 0;
}

function defaultRouter(
  ip: Ipv6,
  owner: Inet6Device,
  bytes: Uint8Array,
  at: number,
  source: Ipv6Address,
): Route6 | null {
  const { config, device } = owner;
  const lifetime = get16(bytes, at + 6);
  if (config.accept_ra_defrtr === 0 || (lifetime > 0 && lifetime < config.accept_ra_min_lft)) return null;
  if (config.accept_ra_from_local === 0 && ip.isOwn(source, 0)) return null;
  const rank = config.accept_ra_rtr_pref !== 0 ? preference(bytes[at + 5]) : 0;
  let route =
    routesOf(ip, RT_TABLE_MAIN, IN6ADDR_ANY, 0).find((one) =>
      one.device === device && (one.origin & RTF_DEFAULT) !== 0 && equalGateway(one.gateway, source)
    ) ?? null;
  if (route !== null && (lifetime === 0 || route.metric !== config.ra_defrtr_metric)) {
    removeRoute(ip, route);
    route = null;
  }
  if (lifetime === 0) return null;
  if (route === null) {
    route = new Route6(
      IN6ADDR_ANY,
      0,
      RT_TABLE_MAIN,
      RTN_UNICAST,
      RTPROT_RA,
      config.ra_defrtr_metric || METRIC_USER,
      device,
      source,
    );
    route.origin = RTF_ADDRCONF | RTF_DEFAULT;
    route.preference = rank;
    route.expires = ip.now + lifetime * SECOND;
    if (insertRoute(ip, route) < 0) return null;
    return route;
  }
  route.preference = rank;
  route.expires = ip.now + lifetime * SECOND;
  ip.changed();
  return route;
}

/** Hop limit, reachable time and retransmission timer. */
function linkParameters(ip: Ipv6, owner: Inet6Device, bytes: Uint8Array, at: number, router: Route6 | null): void {
  const hopLimit = bytes[at + 4];
  if (hopLimit > 0 && owner.config.accept_ra_min_hop_limit <= hopLimit) {
    if (owner.config.hop_limit !== hopLimit) owner.config = changedConfig(owner.config, "hop_limit", hopLimit);
    if (router !== null) router.metrics = { ...router.metrics, hoplimit: hopLimit };
  }
  const reachable = get32(bytes, at + 8);
  const retransmission = get32(bytes, at + 12);
  const current = ip.neighbourParameters(owner.device);
  if (retransmission > 0 && retransmission < 0x7fffffff && retransmission !== current.retransMs) {
    ip.ownNeighbourParameters(owner.device).retransMs = Math.max(retransmission, 10);
  }
  if (reachable > 0 && reachable < 3600000 && reachable !== current.baseReachableMs) {
    const parameters = ip.ownNeighbourParameters(owner.device);
    parameters.baseReachableMs = reachable;
    parameters.reachableTime = 0;
  }
}

/** `addrconf_prefix_rcv` */
function prefixInformation(ip: Ipv6, owner: Inet6Device, bytes: Uint8Array, at: number): void {
  if (bytes[at + 1] !== 4 || isMulticast6(bytes, at + 16) || isLinkLocal6(bytes, at + 16)) return;
  const length = bytes[at + 2];
  const valid = lifetime(get32(bytes, at + 4));
  const preferred = lifetime(get32(bytes, at + 8));
  if (preferred > valid || length > 128) return;
  const prefix = masked6(bytes.subarray(at + 16, at + 32), length);
  const { device, config } = owner;
  if ((bytes[at + 3] & 0x80) !== 0) {
    const route = prefixRoute(ip, device, prefix, length);
    if (route !== null) {
      if (valid === 0) removeRoute(ip, route);
      else if ((route.origin & RTF_ADDRCONF) !== 0) {
        route.expires = ip.now + valid * SECOND;
        ip.changed();
      }
    } else if (valid > 0) addPrefixRoute(ip, device, prefix, length, 0, ip.now + valid * SECOND, RTF_ADDRCONF);
  }
  if ((bytes[at + 3] & 0x40) === 0 || config.autoconf === 0 || length !== 64) return;
  if (!putInterfaceIdentifier(ip, owner, prefix)) return;
  configureAddress(ip, owner, prefix, valid, preferred);
}

function lifetime(seconds: number): number {
  return seconds === 0xffffffff ? Infinity : seconds;
}

/** `addrconf_prefix_rcv_add_addr` */
function configureAddress(ip: Ipv6, owner: Inet6Device, local: Ipv6Address, valid: number, preferred: number): void {
  const { config } = owner;
  let address = owner.find(local);
  if (address === null) {
    if (valid === 0 || (config.max_addresses > 0 && owner.addresses.length >= config.max_addresses)) return;
    const optimistic = config.optimistic_dad !== 0 && config.forwarding === 0 ? IFA_F_OPTIMISTIC : 0;
    address = newAddress(ip, owner, local, local, 64, optimistic | IFA_F_MANAGETEMPADDR, valid, preferred, 0);
    startDad(ip, address);
    verifyLifetimes(ip);
    return;
  }
  const stored = (address.validUntil - ip.now) / SECOND;
  if (stored <= 0) return;
  if (config.ra_honor_pio_life === 0) valid = Math.max(valid, Math.min(stored, MIN_VALID_LIFETIME));
  address.validUntil = ip.now + valid * SECOND;
  address.preferredUntil = preferred === 0 ? 0 : ip.now + preferred * SECOND;
  address.flags &= ~(IFA_F_DEPRECATED | IFA_F_PERMANENT);
  if (valid === Infinity) address.flags |= IFA_F_PERMANENT;
  if ((address.flags & IFA_F_TENTATIVE) === 0) announce(ip, address, "new");
  verifyLifetimes(ip);
}

/** `rt6_route_rcv` */
function routeInformation(ip: Ipv6, owner: Inet6Device, bytes: Uint8Array, at: number, source: Ipv6Address): void {
  const units = bytes[at + 1];
  const length = bytes[at + 2];
  const { config, device } = owner;
  if (units < 1 || units > 3 || length > 128 || (length > 64 && units < 3) || (length > 0 && units < 2)) return;
  if (length === 0 && config.accept_ra_defrtr === 0) return;
  if (length < config.accept_ra_rt_info_min_plen || length > config.accept_ra_rt_info_max_plen) return;
  if (((bytes[at + 3] >> 3) & 3) === 2) return;
  const seconds = lifetime(get32(bytes, at + 4));
  const prefix = new Uint8Array(16);
  prefix.set(bytes.subarray(at + 8, at + units * 8));
  const destination = masked6(prefix, length);
  let route =
    routesOf(ip, RT_TABLE_MAIN, destination, length).find((one) =>
      one.device === device && (one.origin & (RTF_ROUTEINFO | RTF_DEFAULT)) !== 0 && equalGateway(one.gateway, source)
    ) ?? null;
  if (route !== null && seconds === 0) {
    removeRoute(ip, route);
    return;
  }
  if (seconds === 0) return;
  if (route === null) {
    route = new Route6(destination, length, RT_TABLE_MAIN, RTN_UNICAST, RTPROT_RA, METRIC_USER, device, source);
    route.origin = RTF_ADDRCONF | RTF_ROUTEINFO;
    route.preference = preference(bytes[at + 3]);
    route.expires = ip.now + seconds * SECOND;
    insertRoute(ip, route);
    return;
  }
  route.preference = preference(bytes[at + 3]);
  route.expires = ip.now + seconds * SECOND;
  ip.changed();
}

function advertisedMtu(ip: Ipv6, owner: Inet6Device, mtu: number): void {
  owner.raMtu = mtu;
  if (mtu < IPV6_MIN_MTU || mtu > owner.device.mtu || mtu === owner.mtu) return;
  const was = owner.mtu;
  owner.mtu = mtu;
  deviceMtuChanged(ip, owner.device, was, mtu);
}

/** A router says that it is a host now: it is no default router any more (`rt6_clean_tohost`). */
export function routerBecameHost(ip: Ipv6, device: Interface, gateway: Ipv6Address): void {
  for (const route of routesOf(ip, RT_TABLE_MAIN, IN6ADDR_ANY, 0)) {
    if (route.device === device && (route.origin & RTF_ADDRCONF) !== 0 && equalGateway(route.gateway, gateway)) {
      removeRoute(ip, route);
    }
  }
}
