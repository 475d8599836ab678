/** What IPv6 does when interfaces come, change and go (`addrconf_notify`), and the addresses that they get by themselves. */
import {
  ARPHRD_ETHER,
  IFF_LOOPBACK,
  IFF_MULTICAST,
  type Interface,
  type LinkEvent,
  NOOP,
} from "../device/interface.ts";
import { IN6ADDR_LOOPBACK, type Ipv6Address, isLinkLocal6 } from "../wire/ipv6.ts";
import {
  INTERFACE_ALL_ROUTERS,
  LINK_ALL_ROUTERS,
  LINKLOCAL_PREFIX,
  MULTICAST_PREFIX,
  putEui64,
  SITE_ALL_ROUTERS,
} from "./address_kind6.ts";
import {
  joinSubnetRouter,
  leaveSolicitedNode,
  leaveSubnetRouter,
  newAddress,
  notifyDeleted,
  notifyUsable,
} from "./address6.ts";
import { changedConfig } from "./config6.ts";
import { runDad, startDad, stopDad } from "./dad6.ts";
import { DAD_DEAD, DAD_POST, DAD_PRE, inet6, Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { joinAllNodes, joinGroup6, leaveGroup6, multicastDown, multicastUp } from "./mld6.ts";
import { advertiseAll } from "./ndisc6.ts";
import {
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_TENTATIVE,
  RT_TABLE_LOCAL,
  RTN_MULTICAST,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  RTPROT_KERNEL,
} from "./netlink.ts";
import { METRIC_ADDRCONF, Route6 } from "./route6.ts";
import {
  addPrefixRoute,
  deviceMtuChanged,
  deviceRoutesDown,
  deviceRoutesLinkDown,
  deviceRoutesUp,
  insertRoute,
  localRoute,
  purgeDefaultRouters,
} from "./route_table6.ts";
import { stopRouterSolicitations } from "./router_discovery6.ts";

/** The smallest MTU that a link of IPv6 may have (RFC 8200 section 5). */
export const IPV6_MIN_MTU = 1280;

export function linkEvent6(ip: Ipv6, device: Interface, event: LinkEvent): void {
  switch (event) {
    case "register":
      if (device.mtu >= IPV6_MIN_MTU) attachDevice(ip, device);
      break;
    case "unregister":
      detachDevice(ip, device, true);
      break;
    case "up":
      if (inet6(device)?.config.disable_ipv6) break;
      restorePermanent(ip, device);
      if (linkReady(device)) becomeReady(ip, device);
      break;
    case "change":
      carrierChanged(ip, device);
      break;
    case "down":
      detachDevice(ip, device, false);
      break;
    case "mtu":
      mtuChanged(ip, device);
      break;
    case "address":
      ip.neighbourCache?.flush(device);
      if (device.up) advertiseAll(ip, device);
      break;
  }
}

/** `addrconf_link_ready` */
function linkReady(device: Interface): boolean {
  return device.up && device.operUp && device.qdisc !== NOOP;
}

/** Gives an interface its part of IPv6, with the sysctls of `default` (`ipv6_add_dev`). */
export function attachDevice(ip: Ipv6, device: Interface): Inet6Device | null {
  if (device.mtu < IPV6_MIN_MTU) return null;
  let config = ip.defaultConfig;
  if (device.loopback) config = ip.loopbackConfig();
  const owner = new Inet6Device(device, config);
  device.inet6 = owner;
  if (device.up && linkReady(device)) owner.ready = true;
  joinAllNodes(owner);
  if (config.forwarding !== 0 && (device.flags & IFF_MULTICAST) !== 0) joinGroup6(ip, owner, LINK_ALL_ROUTERS);
  return owner;
}

/** `addrconf_ifdown`: down, or gone for good. */
export function detachDevice(ip: Ipv6, device: Interface, unregister: boolean): void {
  const owner = inet6(device);
  deviceRoutesDown(ip, device, unregister);
  if (unregister) ip.neighbourCache?.forget(device);
  else ip.neighbourCache?.flush(device);
  if (owner === null) return;
  if (unregister) owner.dead = true;
  stopRouterSolicitations(ip, owner);
  owner.solicited = owner.advertised = false;
  if (!unregister) owner.ready = false;
  const keeps = !unregister && owner.config.disable_ipv6 === 0 &&
    (ip.allConfig.keep_addr_on_down > 0 || owner.config.keep_addr_on_down > 0);
  for (const address of owner.addresses) {
    stopDad(ip, address);
    if (keeps && (address.flags & IFA_F_PERMANENT) !== 0 && !isLinkLocal6(address.local)) {
      address.state = DAD_PRE;
      if ((address.flags & IFA_F_NODAD) === 0) address.flags |= IFA_F_TENTATIVE;
      address.route = null;
      leaveSubnetRouter(ip, address);
      leaveSolicitedNode(ip, address);
      continue;
    }
    owner.unlink(address);
    address.state = DAD_DEAD;
    notifyDeleted(ip, address);
  }
  owner.raMtu = 0;
  multicastDown(ip, owner);
  if (unregister) device.inet6 = null;
  ip.changed();
}

/** Addresses that were kept while the interface was down get their routes again (`addrconf_permanent_addr`). */
function restorePermanent(ip: Ipv6, device: Interface): void {
  for (const address of inet6(device)?.addresses ?? []) {
    if ((address.flags & IFA_F_PERMANENT) === 0) continue;
    if (address.route === null || !address.route.linked) address.route = localRoute(address.local, device);
    if ((address.flags & IFA_F_NOPREFIXROUTE) === 0) {
      addPrefixRoute(ip, device, address.local, address.prefixLength, address.metric, Infinity);
    }
    if (address.state === DAD_PRE) startDad(ip, address);
    else if (address.state === DAD_POST && (address.flags & IFA_F_TENTATIVE) === 0) insertRoute(ip, address.route);
  }
}

function carrierChanged(ip: Ipv6, device: Interface): void {
  const owner = inet6(device);
  if (!device.up || owner?.config.disable_ipv6) return;
  if (!linkReady(device)) {
    deviceRoutesLinkDown(ip, device);
    if (ip.allConfig.ndisc_evict_nocarrier !== 0 && owner?.config.ndisc_evict_nocarrier !== 0) {
      ip.neighbourCache?.flush(device, true);
    }
    return;
  }
  if (owner !== null && owner.ready) {
    multicastUp(ip, owner);
    deviceRoutesUp(ip, device, RTNH_F_LINKDOWN);
    return;
  }
  becomeReady(ip, device);
}

function mtuChanged(ip: Ipv6, device: Interface): void {
  const owner = inet6(device);
  if (device.mtu < IPV6_MIN_MTU) {
    if (owner !== null) detachDevice(ip, device, !device.loopback);
    return;
  }
  if (owner !== null) {
    deviceMtuChanged(ip, device, owner.mtu, device.mtu);
    owner.mtu = device.mtu;
    return;
  }
  if (attachDevice(ip, device)?.ready) becomeReady(ip, device);
}

/** Up and with carrier: the interface gets its addresses, and those that wait go through duplicate address detection. */
function becomeReady(ip: Ipv6, device: Interface): void {
  const owner = inet6(device) ?? attachDevice(ip, device);
  if (owner === null) return;
  owner.ready = true;
  const waits = owner.addresses.length > 0;
  if (device.loopback) configureLoopback(ip, owner);
  else configureDevice(ip, owner);
  if (waits) runDad(ip, owner, false);
  deviceRoutesUp(ip, device, RTNH_F_DEAD);
  if (device.mtu < IPV6_MIN_MTU) { // it shrank while lo was down
    detachDevice(ip, device, !device.loopback);
    return;
  }
  if (owner.mtu !== device.mtu) {
    deviceMtuChanged(ip, device, owner.mtu, device.mtu);
    owner.mtu = device.mtu;
  }
}

/** `init_loopback` */
function configureLoopback(ip: Ipv6, owner: Inet6Device): void {
  if (owner.device.up) multicastUp(ip, owner);
  if (owner.find(IN6ADDR_LOOPBACK) !== null) return;
  const address = newAddress(ip, owner, IN6ADDR_LOOPBACK, IN6ADDR_LOOPBACK, 128, IFA_F_NODAD, Infinity, Infinity, 0);
  address.flags = IFA_F_PERMANENT;
  address.state = DAD_POST;
  notifyUsable(ip, address);
}

/** `addrconf_dev_config` */
function configureDevice(ip: Ipv6, owner: Inet6Device): void {
  const device = owner.device;
  multicastUp(ip, owner);
  if (device.type !== ARPHRD_ETHER) return;
  addMulticastRoute(ip, device);
  const local = linkLocalAddress(ip, owner);
  if (local !== null) addLinkLocal(ip, owner, local);
}

/** The route of all groups on an interface (`addrconf_add_mroute`). */
export function addMulticastRoute(ip: Ipv6, device: Interface): void {
  if (device.loopback || !device.up) return;
  const route = new Route6(
    MULTICAST_PREFIX,
    8,
    RT_TABLE_LOCAL,
    RTN_MULTICAST,
    RTPROT_KERNEL,
    METRIC_ADDRCONF,
    device,
    null,
  );
  if (!device.carrier) route.flags |= RTNH_F_LINKDOWN;
  insertRoute(ip, route);
}

/** The interface's own link-local address by its `addr_gen_mode` (RFC 4291 appendix A, RFC 7217); null for none. */
function linkLocalAddress(ip: Ipv6, owner: Inet6Device): Ipv6Address | null {
  const mode = owner.config.addr_gen_mode;
  if (mode === 1) return null;
  const address = LINKLOCAL_PREFIX.slice();
  if (!putInterfaceIdentifier(ip, owner, address)) return null;
  return address;
}

/** Writes the interface identifier into the last eight octets. False when the mode has none. */
export function putInterfaceIdentifier(ip: Ipv6, owner: Inet6Device, address: Ipv6Address): boolean {
  const mode = owner.config.addr_gen_mode;
  if (mode === 2 || mode === 3) {
    const secret = mode === 3 ? (owner.secret ??= randomSecret(ip)) : owner.secret ?? ip.secret;
    if (secret === null) return false;
    putStableIdentifier(address, secret, owner.device.address);
    return true;
  }
  putEui64(address, owner.device.address);
  return true;
}

function randomSecret(ip: Ipv6): Ipv6Address {
  const secret = new Uint8Array(16);
  ip.random.fill(secret);
  return secret;
}

/** An identifier that only the secret, the prefix and the interface determine (RFC 7217); ours is a keyed FNV-1a. */
function putStableIdentifier(address: Ipv6Address, secret: Ipv6Address, mac: Uint8Array): void {
  for (let i = 8; i < 16; i++) {
    let hash = 0x811c9dc5 ^ i;
    for (let j = 0; j < 8; j++) hash = Math.imul(hash ^ address[j], 0x01000193);
    for (let j = 0; j < 16; j++) hash = Math.imul(hash ^ secret[j], 0x01000193);
    for (let j = 0; j < 6; j++) hash = Math.imul(hash ^ mac[j], 0x01000193);
    address[i] = hash >>> 13;
  }
}

/** `addrconf_add_linklocal` */
function addLinkLocal(ip: Ipv6, owner: Inet6Device, local: Ipv6Address): void {
  if (owner.find(local) !== null) return;
  const optimistic = owner.config.optimistic_dad !== 0 && owner.config.forwarding === 0 ? IFA_F_OPTIMISTIC : 0;
  const address = newAddress(ip, owner, local, local, 64, optimistic, Infinity, Infinity, 0);
  addPrefixRoute(ip, owner.device, local, 64, 0, Infinity);
  startDad(ip, address);
}

/** `disable_ipv6` was written: as if the interface went down or came up (`dev_disable_change`). */
export function setDisabled(ip: Ipv6, owner: Inet6Device, value: number): void {
  const was = owner.config.disable_ipv6;
  owner.config = changedConfig(owner.config, "disable_ipv6", value);
  if ((was !== 0) === (value !== 0)) return;
  if (value !== 0) detachDevice(ip, owner.device, false);
  else if (owner.device.up) linkEvent6(ip, owner.device, "up");
}

/** `forwarding` of one interface was written (`dev_forward_change`): a router listens to other groups, and forgets other routers. */
export function setForwarding(ip: Ipv6, owner: Inet6Device, value: number): void {
  const was = owner.config.forwarding;
  owner.config = changedConfig(owner.config, "forwarding", value);
  if ((was !== 0) === (value !== 0)) return;
  const multicast = (owner.device.flags & (IFF_MULTICAST | IFF_LOOPBACK)) === IFF_MULTICAST;
  if (multicast) {
    for (const group of [LINK_ALL_ROUTERS, INTERFACE_ALL_ROUTERS, SITE_ALL_ROUTERS]) {
      if (value !== 0) joinGroup6(ip, owner, group);
      else leaveGroup6(ip, owner, group);
    }
  }
  for (const address of owner.addresses) {
    if ((address.flags & IFA_F_TENTATIVE) !== 0) continue;
    if (value !== 0) joinSubnetRouter(ip, address);
    else leaveSubnetRouter(ip, address);
  }
  if (value !== 0) purgeDefaultRouters(ip);
  ip.changed();
}

/** `addr_gen_mode` was written: an interface that is ready gets the address of the new mode (`addrconf_sysctl_addr_gen_mode`). */
export function setAddressGeneration(ip: Ipv6, owner: Inet6Device, value: number): void {
  const was = owner.config.addr_gen_mode;
  owner.config = changedConfig(owner.config, "addr_gen_mode", value);
  if (was === value) return;
  const local = owner.ready && owner.device.type === ARPHRD_ETHER ? linkLocalAddress(ip, owner) : null;
  if (local !== null) addLinkLocal(ip, owner, local);
}
