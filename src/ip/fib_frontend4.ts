/** What addresses and links do to the tables (`net/ipv4/fib_frontend.c`, `fib_semantics.c`). */
import { IFF_LOOPBACK, IFF_UP, type Interface } from "../device/interface.ts";
import { KernelError } from "../wire/errno.ts";
import { INADDR_BROADCAST } from "../wire/ipv4.ts";
import { type Address4, primaryOf } from "./address4.ts";
import type { FibInfo } from "./fib_info4.ts";
import { ignoresLinkdown, type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import {
  IFA_F_NOPREFIXROUTE,
  type RouteRequest,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_UNICAST,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  RTPROT_KERNEL,
} from "./netlink.ts";
import { deleteRoute, enterRoute, flushDead } from "./route_table4.ts";

/** A route that the kernel itself makes or takes away for an address (`fib_magic`); that it is there already, or gone, is no matter. */
function magic(
  ipv4: Ipv4,
  add: boolean,
  type: number,
  destination: number,
  length: number,
  primary: Address4,
  metric: number,
): void {
  const request: RouteRequest = {
    destination,
    prefixLength: length,
    type,
    table: type === RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
    protocol: RTPROT_KERNEL,
    scope: type === RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
    source: primary.local,
    metric,
    nexthops: [{ device: primary.device }],
  };
  try {
    if (add) enterRoute(ipv4, request, "append");
    else deleteRoute(ipv4, request);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

function prefixType(device: Interface): number {
  return (device.flags & IFF_LOOPBACK) !== 0 ? RTN_LOCAL : RTN_UNICAST;
}

/** The routes of an address (`fib_add_ifaddr`). */
export function addRoutes(ipv4: Ipv4, own: InDevice, address: Address4): void {
  const { device } = own;
  const { mask, prefixLength } = address;
  const prefix = (address.peer & mask) >>> 0;
  const primary = address.secondary ? primaryOf(own, prefix, prefixLength) : address;
  if (primary === null) return;
  magic(ipv4, true, RTN_LOCAL, address.local, 32, primary, 0);
  if ((device.flags & IFF_UP) === 0) return;
  if (address.broadcast !== null && address.broadcast !== 0 && address.broadcast !== INADDR_BROADCAST) {
    magic(ipv4, true, RTN_BROADCAST, address.broadcast, 32, primary, 0);
  }
  if (prefix >>> 24 === 0 || address.secondary || (prefix === address.local && prefixLength === 32)) return;
  if ((address.flags & IFA_F_NOPREFIXROUTE) === 0) {
    magic(ipv4, true, prefixType(device), prefix, prefixLength, primary, address.metric);
  }
  if (prefixLength < 31) magic(ipv4, true, RTN_BROADCAST, (prefix | ~mask) >>> 0, 32, primary, 0);
}

const LOCAL_STAYS = 1;
const BROADCAST_STAYS = 2;
const ZERO_STAYS = 4;
const ONES_STAYS = 8;

/** Takes the routes of an address away, but for those that others need (`fib_del_ifaddr`). `heirOf` is the primary whose place another takes. */
export function removeRoutes(ipv4: Ipv4, own: InDevice, address: Address4, heirOf: Address4 | null = null): void {
  const { mask, prefixLength } = address;
  const any = (address.peer & mask) >>> 0;
  const ones = (address.peer | ~mask) >>> 0;
  let primary = address;
  let subnet = false;
  if (address.secondary) {
    const found = heirOf !== null ? heirOf : primaryOf(own, any, prefixLength);
    if (found === null) return;
    primary = found;
  } else if (any >>> 24 !== 0 && (any !== address.local || prefixLength < 32)) {
    if ((address.flags & IFA_F_NOPREFIXROUTE) === 0) {
      magic(ipv4, false, prefixType(own.device), any, prefixLength, primary, 0);
    }
    subnet = true;
  }
  const { stays, gone } = whatStays(own, address, primary, heirOf, any, ones);
  if ((stays & BROADCAST_STAYS) === 0 && address.broadcast !== null) {
    magic(ipv4, false, RTN_BROADCAST, address.broadcast, 32, primary, 0);
  }
  if (subnet && prefixLength < 31) {
    if ((stays & ONES_STAYS) === 0) magic(ipv4, false, RTN_BROADCAST, ones, 32, primary, 0);
    if ((stays & ZERO_STAYS) === 0) magic(ipv4, false, RTN_BROADCAST, any, 32, primary, 0);
  }
  if ((stays & LOCAL_STAYS) !== 0) return;
  magic(ipv4, false, RTN_LOCAL, address.local, 32, primary, 0);
  if (gone && ipv4.addressType(address.local) !== RTN_LOCAL) {
    let dead = 0;
    for (const info of ipv4.fib.infos.list) {
      if (info === null || info.source !== address.local || info.table !== RT_TABLE_MAIN) continue;
      info.flags |= RTNH_F_DEAD;
      dead++;
    }
    if (dead > 0) flushDead(ipv4);
  }
}

function whatStays(
  own: InDevice,
  address: Address4,
  primary: Address4,
  heirOf: Address4 | null,
  any: number,
  ones: number,
): { stays: number; gone: boolean } {
  let stays = 0;
  let gone = true;
  let samePreferred = false;
  let theirs: Address4 | null = null;
  for (const other of own.addresses) {
    if (other === address) {
      gone = false;
      continue;
    }
    if (heirOf !== null && other.shares(heirOf)) continue;
    if (other.secondary) {
      if (other.shares(primary)) theirs = primary;
      else {
        if (!samePreferred) continue;
        if (theirs === null || !other.shares(theirs)) theirs = primaryOf(own, other.peer, other.prefixLength);
        if (theirs === null || theirs.local !== primary.local) continue;
      }
    } else {
      if (primary.local !== other.local) continue;
      theirs = other;
      if (primary !== theirs) samePreferred = true;
    }
    if (address.local === other.local) stays |= LOCAL_STAYS;
    if (address.broadcast === other.broadcast) stays |= BROADCAST_STAYS;
    if (ones === other.broadcast) stays |= ONES_STAYS;
    if (any === other.broadcast) stays |= ZERO_STAYS;
    if (theirs !== other || other.prefixLength >= 31) continue;
    const otherOnes = (other.peer | ~other.mask) >>> 0;
    const otherAny = (other.peer & other.mask) >>> 0;
    if (otherAny >>> 24 === 0) continue;
    if (address.broadcast === otherOnes || address.broadcast === otherAny) stays |= BROADCAST_STAYS;
    if (ones === otherOnes || ones === otherAny) stays |= ONES_STAYS;
    if (any === otherOnes || any === otherAny) stays |= ZERO_STAYS;
  }
  return { stays, gone };
}

/** The metric of an address's prefix route changes (`fib_modify_prefix_metric`). */
export function renewPrefixRoute(ipv4: Ipv4, own: InDevice, address: Address4, metric: number): void {
  const { device } = own;
  const prefix = (address.peer & address.mask) >>> 0;
  if ((device.flags & IFF_UP) === 0 || address.secondary || prefix >>> 24 === 0) return;
  if ((address.flags & IFA_F_NOPREFIXROUTE) !== 0 || (prefix === address.local && address.prefixLength === 32)) return;
  magic(ipv4, true, prefixType(device), prefix, address.prefixLength, address, metric);
  magic(ipv4, false, prefixType(device), prefix, address.prefixLength, address, address.metric);
}

/** `fib_inetaddr_event`: an address has come. */
export function addressUp(ipv4: Ipv4, own: InDevice, address: Address4): void {
  addRoutes(ipv4, own, address);
  syncUp(ipv4, own.device, RTNH_F_DEAD);
  ipv4.changed();
}

/** An address has gone; with the last one IPv4 is off on that interface. */
export function addressDown(ipv4: Ipv4, own: InDevice, address: Address4): void {
  removeRoutes(ipv4, own, address);
  if (own.addresses.length === 0) disable(ipv4, own.device, "down", true);
  ipv4.changed();
}

/** `fib_disable_ip` */
export function disable(ipv4: Ipv4, device: Interface, event: "down" | "unregister", force: boolean): void {
  if (syncDown(ipv4, device, event, force) > 0) flushDead(ipv4);
  ipv4.changed();
  ipv4.arpTable?.flush(device);
}

/** The interface came up: its addresses' routes come, and next hops live again (`fib_netdev_event`). */
export function linkUp(ipv4: Ipv4, device: Interface): void {
  const own = inDevice(device);
  if (own === null) return;
  for (const address of own.addresses) addRoutes(ipv4, own, address);
  syncUp(ipv4, device, RTNH_F_DEAD);
  ipv4.changed();
}

/** The carrier came or went. */
export function linkChange(ipv4: Ipv4, device: Interface): void {
  if (device.running) syncUp(ipv4, device, RTNH_F_LINKDOWN);
  else if (device.up) syncDown(ipv4, device, "change", false);
  ipv4.changed();
}

/** Marks next hops dead (`fib_sync_down_dev`); how many routes have none left. */
function syncDown(ipv4: Ipv4, device: Interface, event: "down" | "unregister" | "change", force: boolean): number {
  let dead = 0;
  const spared = force ? -1 : RT_SCOPE_NOWHERE;
  for (const info of ipv4.fib.infos.list) {
    if (info === null || !info.nexthops.some((nexthop) => nexthop.device === device)) continue;
    let gone = 0;
    for (const nexthop of info.nexthops) {
      if ((nexthop.flags & RTNH_F_DEAD) !== 0) gone++;
      else if (nexthop.device === device && nexthop.scope !== spared) {
        if (event !== "change") nexthop.flags |= RTNH_F_DEAD;
        nexthop.flags |= RTNH_F_LINKDOWN;
        gone++;
      }
      if (event === "unregister" && nexthop.device === device) {
        gone = info.nexthops.length;
        break;
      }
    }
    if (gone === info.nexthops.length) {
      if (event !== "change") info.flags |= RTNH_F_DEAD;
      info.flags |= RTNH_F_LINKDOWN;
      dead++;
    }
    rebalance(info);
  }
  return event === "change" ? 0 : dead;
}

/** Next hops over an interface live again (`fib_sync_up`). */
function syncUp(ipv4: Ipv4, device: Interface, flags: number): void {
  if (!device.up) return;
  if (flags === RTNH_F_DEAD && device.running) flags |= RTNH_F_LINKDOWN;
  for (const info of ipv4.fib.infos.list) {
    if (info === null || !info.nexthops.some((nexthop) => nexthop.device === device)) continue;
    let alive = 0;
    for (const nexthop of info.nexthops) {
      if ((nexthop.flags & flags) === 0) {
        alive++;
        continue;
      }
      if (nexthop.device !== device) continue;
      alive++;
      nexthop.flags &= ~flags;
    }
    if (alive > 0) info.flags &= ~flags;
    rebalance(info);
  }
}

export function rebalance(info: FibInfo): void {
  info.rebalance(ignoresLinkdown);
}
