/** Duplicate address detection (RFC 4862 section 5.4; `addrconf_dad_*`). */
import { IFF_LOOPBACK, IFF_NOARP, IFF_POINTOPOINT } from "../device/interface.ts";
import { MS, SECOND, Timer } from "../time/scheduler.ts";
import { equal6, IN6ADDR_ANY, isLinkLocal6 } from "../wire/ipv6.ts";
import { smallBytes } from "../wire/slab.ts";
import { LINK_ALL_NODES, LINK_ALL_ROUTERS, LINKLOCAL_PREFIX, putEui64, solicitedNode } from "./address_kind6.ts";
import { announce, deleteAddress, notifyUsable } from "./address6.ts";
import { changedConfig } from "./config6.ts";
import {
  type Address6,
  DAD_DEAD,
  DAD_ERROR,
  DAD_POST,
  DAD_PRE,
  DAD_RUNNING,
  type Inet6Device,
} from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { joinGroup6, reportAfterDad } from "./mld6.ts";
import { sendNeighbourAdvertisement, sendNeighbourSolicitation } from "./ndisc6.ts";
import { IFA_F_DADFAILED, IFA_F_NODAD, IFA_F_OPTIMISTIC, IFA_F_PERMANENT, IFA_F_TENTATIVE } from "./netlink.ts";
import { insertRoute } from "./route_table6.ts";
import { startRouterSolicitations } from "./router_discovery6.ts";

/** Begins with an address: its solicited-node group is joined, and it is used at once where nothing has to be asked. */
export function startDad(ip: Ipv6, address: Address6): void {
  if (address.state === DAD_DEAD) return;
  address.state = DAD_RUNNING;
  const owner = address.inet6;
  const device = owner.device;
  joinGroup6(ip, owner, solicitedNode(address.local));
  const asks = (device.flags & (IFF_NOARP | IFF_LOOPBACK)) === 0 &&
    (ip.allConfig.accept_dad > 0 || owner.config.accept_dad > 0);
  if (!asks || (address.flags & IFA_F_TENTATIVE) === 0 || (address.flags & IFA_F_NODAD) !== 0) {
    const fresh = (address.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === IFA_F_TENTATIVE;
    complete(ip, address, fresh);
    return;
  }
  if (!owner.ready) {
    failDad(ip, address, false);
    return;
  }
  if ((address.flags & IFA_F_OPTIMISTIC) !== 0) {
    insertRoute(ip, address.route!);
    if (owner.config.use_optimistic !== 0) announce(ip, address, "new");
  }
  kick(ip, address);
}

/** Waits for a random time before the first solicitation. */
function kick(ip: Ipv6, address: Address6): void {
  const config = address.inet6.config;
  const delay = (address.flags & IFA_F_OPTIMISTIC) !== 0
    ? 0
    : Math.floor(ip.random.float() * (config.router_solicitation_delay || 0.004) * SECOND);
  if (config.enhanced_dad !== 0 || ip.allConfig.enhanced_dad !== 0) {
    ip.random.fill(address.nonce = smallBytes(6));
  }
  address.probes = config.dad_transmits;
  address.timer ??= new Timer(() => advance(ip, address));
  ip.host.world.scheduler.after(address.timer, delay);
}

function advance(ip: Ipv6, address: Address6): void {
  if (address.state === DAD_DEAD) return;
  const owner = address.inet6;
  if (owner.dead || !owner.ready) return;
  if (address.probes === 0) {
    complete(ip, address, (address.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === IFA_F_TENTATIVE);
    return;
  }
  address.probes--;
  const wait = Math.max(ip.neighbourParameters(owner.device).retransMs * MS, 10 * MS);
  ip.host.world.scheduler.after(address.timer!, wait);
  const group = solicitedNode(address.local);
  sendNeighbourSolicitation(ip, owner.device, address.local, group, IN6ADDR_ANY, null, address.nonce);
}

/** Nobody objected (`addrconf_dad_completed`). */
function complete(ip: Ipv6, address: Address6, advertise: boolean): void {
  const owner = address.inet6;
  const device = owner.device;
  stopDad(ip, address);
  address.flags &= ~(IFA_F_TENTATIVE | IFA_F_OPTIMISTIC | IFA_F_DADFAILED);
  address.state = DAD_POST;
  address.nonce = null;
  notifyUsable(ip, address);
  const first = isLinkLocal6(address.local) && lonelyLinkLocal(owner, address);
  if (first) reportAfterDad(ip, owner);
  if (advertise && (owner.config.ndisc_notify !== 0 || ip.allConfig.ndisc_notify !== 0)) {
    sendNeighbourAdvertisement(ip, device, address.local, LINK_ALL_NODES, owner.config.forwarding !== 0, false, true);
  }
  const asks = first && ip.acceptsAdvertisements(owner) && owner.config.router_solicitations !== 0;
  if (asks && (device.flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) === 0) {
    startRouterSolicitations(ip, owner, address.local, LINK_ALL_ROUTERS);
  }
}

/** The only usable link-local address of its interface (`ipv6_lonely_lladdr`). */
function lonelyLinkLocal(owner: Inet6Device, address: Address6): boolean {
  return !owner.addresses.some((other) =>
    other !== address && isLinkLocal6(other.local) &&
    (other.flags & (IFA_F_PERMANENT | IFA_F_TENTATIVE | IFA_F_OPTIMISTIC | IFA_F_DADFAILED)) === IFA_F_PERMANENT
  );
}

/** Another has the address, or the interface is not ready: a permanent address stays tentative, another goes (`addrconf_dad_stop`). */
export function failDad(ip: Ipv6, address: Address6, failed: boolean): void {
  stopDad(ip, address);
  if ((address.flags & IFA_F_PERMANENT) === 0) {
    deleteAddress(ip, address);
    return;
  }
  address.flags |= IFA_F_TENTATIVE;
  if (failed) {
    address.flags |= IFA_F_DADFAILED;
    address.state = DAD_ERROR;
  }
  announce(ip, address, "new");
  if (failed) giveUpInterface(address);
}

/** With accept_dad 2 another interface of the very same link address ends IPv6 here (RFC 4862 section 5.4.5). */
function giveUpInterface(address: Address6): void {
  const owner = address.inet6;
  if (owner.config.accept_dad <= 1 || owner.config.disable_ipv6 !== 0) return;
  const own = LINKLOCAL_PREFIX.slice();
  putEui64(own, owner.device.address);
  if (equal6(own, address.local)) owner.config = changedConfig(owner.config, "disable_ipv6", 1);
}

export function stopDad(ip: Ipv6, address: Address6): void {
  if (address.timer === null) return;
  ip.host.world.scheduler.cancel(address.timer);
  address.timer = null;
}

/** The interface became ready: what waited for it begins, or with `restart` everything begins again (`addrconf_dad_run`). */
export function runDad(ip: Ipv6, owner: Inet6Device, restart: boolean): void {
  for (const address of owner.addresses) {
    const waits = (address.flags & IFA_F_TENTATIVE) !== 0 && address.state === DAD_RUNNING && address.timer === null;
    if (!waits && !restart) continue;
    if (restart) {
      address.state = DAD_PRE;
      startDad(ip, address);
    } else kick(ip, address);
  }
}
