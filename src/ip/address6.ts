/** Addresses of interfaces: adding, changing, removing, and their lifetimes (`net/ipv6/addrconf.c`). */
import type { Interface } from "../device/interface.ts";
import { SECOND, Timer } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { equal6, type Ipv6Address, isMulticast6 } from "../wire/ipv6.ts";
import { smallCopy } from "../wire/slab.ts";
import { isAny6, masked6, prefixEqual6, solicitedNode } from "./address_kind6.ts";
import { addMulticastRoute } from "./addrconf6.ts";
import { startDad, stopDad } from "./dad6.ts";
import { Address6, DAD_DEAD, inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { joinGroup6, leaveGroup6, multicastUp } from "./mld6.ts";
import {
  type AddressRequest,
  type ChangeMode,
  IFA_F_DEPRECATED,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_MCAUTOJOIN,
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_TENTATIVE,
} from "./netlink.ts";
import {
  addPrefixRoute,
  forgetSource,
  insertRoute,
  localRoute,
  prefixRoute,
  removeRoute,
  startRouteGc,
} from "./route_table6.ts";

const REQUESTABLE = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN |
  IFA_F_OPTIMISTIC;

/** `ip addr add|change|replace` (`inet6_rtm_newaddr`). */
export function requestAddress(ip: Ipv6, device: Interface, request: AddressRequest, mode: ChangeMode): void {
  const local = request.local as Ipv6Address;
  const length = request.prefixLength ?? 128;
  const valid = request.validLifetime ?? Infinity;
  const preferred = Math.min(request.preferredLifetime ?? Infinity, valid);
  const flags = (request.flags ?? 0) & REQUESTABLE;
  if (valid === 0) throw new KernelError(Errno.EINVAL, "ipv6: address lifetime invalid");
  const known = inet6(device)?.find(local) ?? null;
  if (known !== null) {
    if (mode !== "replace" && mode !== "change") throw new KernelError(Errno.EEXIST, "ipv6: address already assigned");
    modifyAddress(ip, known, flags, valid, preferred, request.metric ?? 0);
    return;
  }
  if (length > 128) throw new KernelError(Errno.EINVAL, "ipv6: Invalid prefix length");
  if ((flags & IFA_F_MANAGETEMPADDR) !== 0 && length !== 64) {
    throw new KernelError(Errno.EINVAL, 'ipv6: address with "mngtmpaddr" flag must have a prefix length of 64');
  }
  let owner = inet6(device);
  if (owner === null) owner = ip.attach(device);
  if (owner === null) throw new KernelError(Errno.EINVAL); // ipv6_add_dev: the MTU is too small
  if (owner.config.disable_ipv6 !== 0) throw new KernelError(Errno.EACCES, "ipv6: IPv6 is disabled on this device");
  if (owner.ready) multicastUp(ip, owner); // ipv6_find_idev has all groups reported again
  addMulticastRoute(ip, device);
  if (isAny6(local)) throw new KernelError(Errno.EADDRNOTAVAIL, "ipv6: Invalid address");
  if (isMulticast6(local) && (flags & IFA_F_MCAUTOJOIN) === 0) {
    throw new KernelError(Errno.EADDRNOTAVAIL, 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  }
  if ((flags & IFA_F_MCAUTOJOIN) !== 0 && isMulticast6(local)) joinGroup6(ip, owner, local);
  const peer = request.peer === undefined ? local : request.peer as Ipv6Address;
  const address = newAddress(ip, owner, local, peer, length, flags, valid, preferred, request.metric ?? 0);
  if ((flags & IFA_F_NOPREFIXROUTE) === 0) {
    addPrefixRoute(ip, device, local, length, address.metric, address.validUntil);
  }
  if ((address.flags & (IFA_F_OPTIMISTIC | IFA_F_NODAD)) === 0) announce(ip, address, "new");
  startDad(ip, address);
  verifyLifetimes(ip);
}

/** Puts an address on an interface, tentative unless IFA_F_NODAD says otherwise (`ipv6_add_addr`). Lifetimes in seconds. */
export function newAddress(
  ip: Ipv6,
  owner: Inet6Device,
  local: Ipv6Address,
  peer: Ipv6Address,
  length: number,
  flags: number,
  valid: number,
  preferred: number,
  metric: number,
): Address6 {
  const address = new Address6(owner, smallCopy(local), peer, length);
  address.peer = peer === local || equal6(peer, local) ? address.local : smallCopy(peer);
  address.flags = flags;
  address.metric = metric;
  if ((flags & IFA_F_NODAD) === 0) address.flags |= IFA_F_TENTATIVE;
  setLifetimes(ip, address, valid, preferred);
  address.route = localRoute(address.local, owner.device);
  owner.link(address);
  ip.changed();
  return address;
}

function setLifetimes(ip: Ipv6, address: Address6, valid: number, preferred: number): void {
  address.flags &= ~(IFA_F_PERMANENT | IFA_F_DEPRECATED);
  if (valid === Infinity) address.flags |= IFA_F_PERMANENT;
  if (preferred === 0) address.flags |= IFA_F_DEPRECATED;
  address.validUntil = ip.now + valid * SECOND;
  address.preferredUntil = preferred === 0 ? 0 : ip.now + preferred * SECOND;
}

/** `inet6_addr_modify` */
function modifyAddress(
  ip: Ipv6,
  address: Address6,
  flags: number,
  valid: number,
  preferred: number,
  metric: number,
): void {
  if ((flags & IFA_F_MANAGETEMPADDR) !== 0 && address.prefixLength !== 64) throw new KernelError(Errno.EINVAL);
  const hadRoute = (address.flags & (IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE)) === IFA_F_PERMANENT;
  const settable = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE;
  address.flags = (address.flags & ~settable) | (flags & settable);
  setLifetimes(ip, address, valid, preferred);
  const { device, local, prefixLength } = address;
  if ((flags & IFA_F_NOPREFIXROUTE) === 0) {
    const route = prefixRoute(ip, device, local, prefixLength, address.metric || 256);
    if (route !== null && (metric || 256) === route.metric) {
      route.expires = address.validUntil;
      startRouteGc(ip);
      ip.changed();
    } else {
      if (route !== null) removeRoute(ip, route);
      addPrefixRoute(ip, device, local, prefixLength, metric, address.validUntil);
    }
  } else if (hadRoute) cleanPrefixRoute(ip, address);
  address.metric = metric;
  announce(ip, address, "new");
  verifyLifetimes(ip);
}

/** `ip addr del` (`inet6_addr_del`). */
export function requestDeletion(ip: Ipv6, device: Interface, request: AddressRequest): void {
  const owner = inet6(device);
  if (owner === null) throw new KernelError(Errno.ENXIO, "ipv6: IPv6 is disabled on this device");
  const length = request.prefixLength ?? 128;
  const address = owner.addresses.find((one) =>
    one.prefixLength === length && equal6(one.local, request.local as Ipv6Address)
  );
  if (address === undefined) throw new KernelError(Errno.EADDRNOTAVAIL, "ipv6: address not found");
  deleteAddress(ip, address);
}

/** Takes an address off its interface, with its routes (`ipv6_del_addr`). */
export function deleteAddress(ip: Ipv6, address: Address6): void {
  if (address.state === DAD_DEAD) return;
  address.state = DAD_DEAD;
  const owner = address.inet6;
  owner.unlink(address);
  stopDad(ip, address);
  notifyDeleted(ip, address);
  if ((address.flags & (IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE)) === IFA_F_PERMANENT) cleanPrefixRoute(ip, address);
  forgetSource(ip, address.local);
  if ((address.flags & IFA_F_MCAUTOJOIN) !== 0) leaveGroup6(ip, owner, address.local);
  ip.changed();
}

/** The prefix route goes with the last permanent address of the prefix, or when the others' lifetimes end (`check_cleanup_prefix_route`). */
function cleanPrefixRoute(ip: Ipv6, address: Address6): void {
  let expires = 0;
  for (const other of address.inet6.addresses) {
    if (other === address || other.prefixLength !== address.prefixLength) continue;
    if (!prefixEqual6(other.local, address.local, address.prefixLength)) continue;
    if ((other.flags & (IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE)) !== 0) return;
    expires = Math.max(expires, other.validUntil);
  }
  const route = prefixRoute(ip, address.device, address.local, address.prefixLength, address.metric || 256);
  if (route === null) return;
  if (expires === 0) removeRoute(ip, route);
  else {
    route.expires = expires;
    startRouteGc(ip);
    ip.changed();
  }
}

/** The address may be used from now on: its route goes into table local (`__ipv6_ifa_notify` with RTM_NEWADDR). */
export function notifyUsable(ip: Ipv6, address: Address6): void {
  announce(ip, address, "new");
  const route = address.route ??= localRoute(address.local, address.device);
  if (!route.linked) insertRoute(ip, route);
  if (address.inet6.config.forwarding !== 0) joinSubnetRouter(ip, address);
  if (address.peer !== address.local) {
    addPrefixRoute(ip, address.device, address.peer, 128, address.metric, Infinity);
  }
  ip.changed();
}

/** The address is no longer to be used (`__ipv6_ifa_notify` with RTM_DELADDR). */
export function notifyDeleted(ip: Ipv6, address: Address6): void {
  announce(ip, address, "delete");
  leaveSubnetRouter(ip, address);
  leaveSolicitedNode(ip, address);
  if (address.peer !== address.local) {
    const route = prefixRoute(ip, address.device, address.peer, 128);
    if (route !== null) removeRoute(ip, route);
  }
  if (address.route !== null) removeRoute(ip, address.route);
  address.route = null;
  ip.changed();
}

export function leaveSolicitedNode(ip: Ipv6, address: Address6): void {
  leaveGroup6(ip, address.inet6, solicitedNode(address.local));
}

export function announce(ip: Ipv6, address: Address6, action: "new" | "delete"): void {
  ip.host.announce({ kind: "address", action, subject: address });
}

/** A router answers to the subnet-router anycast address of its prefixes (`addrconf_join_anycast`, RFC 4291 section 2.6.1). */
export function joinSubnetRouter(ip: Ipv6, address: Address6): void {
  if (address.anycast || address.prefixLength >= 127) return;
  const anycast = masked6(address.local, address.prefixLength);
  if (isAny6(anycast)) return;
  address.anycast = true;
  const owner = address.inet6;
  owner.anycasts ??= [];
  const known = owner.anycasts.find((one) => equal6(one.address, anycast));
  if (known !== undefined) {
    known.users++;
    return;
  }
  const route = localRoute(anycast, owner.device, true);
  owner.anycasts.push({ address: anycast, users: 1, route });
  insertRoute(ip, route);
  joinGroup6(ip, owner, solicitedNode(anycast));
}

export function leaveSubnetRouter(ip: Ipv6, address: Address6): void {
  if (!address.anycast) return;
  address.anycast = false;
  const owner = address.inet6;
  const anycast = masked6(address.local, address.prefixLength);
  const at = owner.anycasts!.findIndex((one) => equal6(one.address, anycast));
  if (at < 0 || --owner.anycasts![at].users > 0) return;
  removeRoute(ip, owner.anycasts![at].route);
  owner.anycasts!.splice(at, 1);
  leaveGroup6(ip, owner, solicitedNode(anycast));
}

/** Deprecates and removes addresses whose time has come, and sleeps until the next (`addrconf_verify_rtnl`). */
export function verifyLifetimes(ip: Ipv6): void {
  let next = Infinity;
  for (const device of ip.host.interfaces) {
    for (const address of inet6(device)?.addresses ?? []) {
      if ((address.flags & IFA_F_PERMANENT) !== 0 && address.preferredUntil === Infinity) continue;
      if (address.validUntil <= ip.now) {
        deleteAddress(ip, address);
        continue;
      }
      if (address.preferredUntil <= ip.now) {
        if (!address.deprecated) {
          address.flags |= IFA_F_DEPRECATED;
          ip.changed();
          announce(ip, address, "new");
        }
      } else next = Math.min(next, address.preferredUntil);
      next = Math.min(next, address.validUntil);
    }
  }
  if (next === Infinity) return;
  ip.lifetimes ??= new Timer(() => verifyLifetimes(ip));
  ip.host.world.scheduler.arm(ip.lifetimes, next);
}
