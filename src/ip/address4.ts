/** IPv4 addresses on interfaces (`net/ipv4/devinet.c`): their order, who is secondary, and what their coming and going does. */
import { IFF_LOOPBACK, type Interface, NAME_LIMIT } from "../device/interface.ts";
import { SECOND } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { INADDR_LOOPBACK, isLoopback4, isMulticast4, mask4 } from "../wire/ipv4.ts";
import { addressDown, addressUp, addRoutes, removeRoutes, renewPrefixRoute } from "./fib_frontend4.ts";
import { flow4 } from "./flow4.ts";
import { joinGroup, leaveGroup } from "./igmp.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import type { AddressRequest, ChangeMode, InterfaceAddress } from "./netlink.ts";
import {
  IFA_F_DADFAILED,
  IFA_F_DEPRECATED,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_MCAUTOJOIN,
  IFA_F_NODAD,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_SECONDARY,
  IFA_F_TENTATIVE,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_UNIVERSE,
  RTN_BROADCAST,
  RTN_LOCAL,
} from "./netlink.ts";

/** Flags that only IPv6 addresses have (IPV6ONLY_FLAGS). */
const IPV6_ONLY = IFA_F_NODAD | IFA_F_OPTIMISTIC | IFA_F_DADFAILED | IFA_F_HOMEADDRESS | IFA_F_TENTATIVE |
  IFA_F_MANAGETEMPADDR;

export class Address4 implements InterfaceAddress {
  flags = 0;
  validUntil = Infinity;
  preferredUntil = Infinity;
  metric = 0;

  constructor(
    readonly device: Interface,
    readonly local: number,
    readonly peer: number,
    readonly prefixLength: number,
    readonly broadcast: number | null,
    readonly scope: number,
    public label: string,
  ) {}

  get mask(): number {
    return mask4(this.prefixLength);
  }

  get secondary(): boolean {
    return (this.flags & IFA_F_SECONDARY) !== 0;
  }

  /** It is no longer preferred; whether that is new. */
  deprecate(): boolean {
    if ((this.flags & IFA_F_DEPRECATED) !== 0) return false;
    this.flags |= IFA_F_DEPRECATED;
    return true;
  }

  /** Whether an address lies in its subnet (`inet_ifa_match`). */
  covers(address: number): boolean {
    return this.prefixLength === 0 || (address ^ this.peer) >>> (32 - this.prefixLength) === 0;
  }

  /** Whether another is of the same subnet. */
  shares(other: Address4): boolean {
    return this.prefixLength === other.prefixLength && this.covers(other.peer);
  }
}

/** Whether one of our interfaces has this very address (`inet_lookup_ifaddr_rcu`). */
export function isLocalAddress(ipv4: Ipv4, address: number): boolean {
  return ipv4.localAddresses.has(address);
}

const localFlow = flow4();

/** The interface that an own address belongs to, all of 127.0.0.0/8 included; null: it is not ours (`__ip_dev_find`). */
export function deviceOfAddress(ipv4: Ipv4, address: number): Interface | null {
  const found = ipv4.localAddresses.get(address);
  if (found !== undefined) return found.device;
  const { fib } = ipv4;
  if (fib.local === null) return null;
  localFlow.destination = address;
  if (fib.local.lookup(localFlow, 0, false, fib.result) !== 0 || fib.result.type !== RTN_LOCAL) return null;
  return fib.result.nexthop.device;
}

/** Whether one of the interface's subnets holds `address`, and `other` as well unless that is 0 (`inet_addr_onlink`). */
export function onLink(own: InDevice, address: number, other: number): boolean {
  for (const candidate of own.addresses) {
    if (candidate.covers(address) && (other === 0 || candidate.covers(other))) return true;
  }
  return false;
}

/** The source for packets that leave by an interface towards a destination (0: any), of at most this scope (`inet_select_addr`). */
export function selectAddress(ipv4: Ipv4, device: Interface, destination: number, scope: number): number {
  const own = inDevice(device);
  if (own !== null) {
    const localScope = own.conf.route_localnet !== 0 ? RT_SCOPE_LINK : RT_SCOPE_HOST;
    let first = 0;
    for (const address of own.addresses) {
      if (address.secondary || Math.min(address.scope, localScope) > scope) continue;
      if (destination === 0 || address.covers(destination)) return address.local;
      if (first === 0) first = address.local;
    }
    if (first !== 0) return first;
  }
  for (const other of ipv4.host.interfaces) {
    for (const address of inDevice(other)?.addresses ?? []) {
      if (!address.secondary && address.scope !== RT_SCOPE_LINK && address.scope <= scope) return address.local;
    }
  }
  return 0;
}

/** The primary address of a subnet (`inet_ifa_byprefix`). */
export function primaryOf(own: InDevice, prefix: number, length: number): Address4 | null {
  return own.addresses.find((address) =>
    !address.secondary && address.prefixLength === length && address.covers(prefix)
  ) ??
    null;
}

/** `__inet_insert_ifa` */
export function insertAddress(ipv4: Ipv4, own: InDevice, address: Address4): void {
  const { addresses } = own;
  let at = 0;
  address.flags &= ~(IFA_F_SECONDARY | IPV6_ONLY);
  for (let i = 0; i < addresses.length; i++) {
    const other = addresses[i];
    if (!other.secondary && address.scope <= other.scope) at = i + 1;
    if (other.shares(address)) {
      if (other.local === address.local) throw new KernelError(Errno.EEXIST, "ipv4: Address already assigned");
      if (other.scope !== address.scope) throw new KernelError(Errno.EINVAL, "ipv4: Invalid scope value");
      address.flags |= IFA_F_SECONDARY;
    }
  }
  if (address.secondary) at = addresses.length;
  own.addresses = addresses.toSpliced(at, 0, address);
  own.configured = true;
  if (!ipv4.localAddresses.has(address.local)) ipv4.localAddresses.set(address.local, address);
  ipv4.host.announce({ kind: "address", action: "new", subject: address });
  addressUp(ipv4, own, address);
  ipv4.watchLifetime(address);
}

/** `__inet_del_ifa`: with a primary go its secondaries, or the first of them takes its place (promote_secondaries). */
export function removeAddress(ipv4: Ipv4, own: InDevice, address: Address4): void {
  const promote = own.either("promote_secondaries");
  let heir: Address4 | null = null;
  if (!address.secondary) {
    const followers = own.addresses.filter((other) => other !== address && other.secondary && other.shares(address));
    if (promote) heir = followers[0] ?? null;
    else for (const follower of followers) unlink(ipv4, own, follower);
    if (heir !== null) { for (const follower of followers) removeRoutes(ipv4, own, follower, address); }
  }
  unlink(ipv4, own, address);
  if (heir === null) return;
  own.addresses = own.addresses.filter((other) => other !== heir);
  // After the last primary whose scope leaves room for it.
  let at = 0;
  own.addresses.forEach((other, i) => {
    if (!other.secondary && heir.scope <= other.scope) at = i + 1;
  });
  own.addresses = own.addresses.toSpliced(at, 0, heir);
  heir.flags &= ~IFA_F_SECONDARY;
  ipv4.host.announce({ kind: "address", action: "new", subject: heir });
  addressUp(ipv4, own, heir);
  for (const other of own.addresses) {
    if (other !== heir && other.secondary && other.shares(heir)) addRoutes(ipv4, own, other);
  }
  ipv4.changed();
}

function unlink(ipv4: Ipv4, own: InDevice, address: Address4): void {
  own.addresses = own.addresses.filter((other) => other !== address);
  if (ipv4.localAddresses.get(address.local) === address) {
    ipv4.localAddresses.delete(address.local);
    for (const device of ipv4.host.interfaces) {
      const other = inDevice(device)?.addresses.find((candidate) => candidate.local === address.local);
      if (other === undefined) continue;
      ipv4.localAddresses.set(address.local, other);
      break;
    }
  }
  ipv4.host.announce({ kind: "address", action: "delete", subject: address });
  addressDown(ipv4, own, address);
}

/** lo has 127.0.0.1/8 from its first coming up (`inetdev_event`). */
export function configureLoopback(ipv4: Ipv4, own: InDevice): void {
  if ((own.device.flags & IFF_LOOPBACK) === 0 || own.addresses.length > 0) return;
  const { device } = own;
  const address = new Address4(device, INADDR_LOOPBACK, INADDR_LOOPBACK, 8, null, RT_SCOPE_HOST, device.name);
  address.flags = IFA_F_PERMANENT;
  insertAddress(ipv4, own, address);
}

function setLifetime(ipv4: Ipv4, address: Address4, request: AddressRequest): void {
  const valid = request.validLifetime ?? Infinity;
  const preferred = request.preferredLifetime ?? Infinity;
  if (valid === 0 || preferred > valid) throw new KernelError(Errno.EINVAL, "ipv4: address lifetime invalid");
  const now = ipv4.host.world.scheduler.now;
  address.validUntil = now + valid * SECOND;
  address.preferredUntil = now + preferred * SECOND;
  address.flags &= ~(IFA_F_PERMANENT | IFA_F_DEPRECATED);
  if (valid === Infinity) address.flags |= IFA_F_PERMANENT;
  if (preferred === 0) address.flags |= IFA_F_DEPRECATED;
}

/** `ip addr add|change|replace` (`inet_rtm_newaddr`). */
export function addAddress(ipv4: Ipv4, device: Interface, request: AddressRequest, mode: ChangeMode): void {
  const own = inDevice(device);
  if (own === null) throw new KernelError(Errno.ENOBUFS);
  const local = request.local as number;
  const prefixLength = request.prefixLength ?? 32;
  if (prefixLength > 32 || prefixLength < 0) throw new KernelError(Errno.EINVAL, "ipv4: Invalid prefix length");
  const peer = (request.peer as number | undefined) ?? local;
  // As `ip` has it: 127.0.0.0/8 is for this host.
  const scope = request.scope ?? (isLoopback4(local) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);
  const label = request.label ?? device.name;
  const address = new Address4(device, local, peer, prefixLength, request.broadcast ?? null, scope, label);
  address.flags = request.flags ?? 0;
  address.metric = request.metric ?? 0;
  setLifetime(ipv4, address, request);
  const known = own.addresses.find((other) => other.shares(address) && other.local === local);
  if (known === undefined) {
    if (local === 0) return;
    if ((address.flags & IFA_F_MCAUTOJOIN) !== 0) {
      if (!isMulticast4(local)) throw new KernelError(Errno.EINVAL, "ipv4: Multicast auto join failed");
      joinGroup(ipv4, device, local);
    }
    insertAddress(ipv4, own, address);
    return;
  }
  if (mode !== "replace" && mode !== "change") throw new KernelError(Errno.EEXIST, "ipv4: Address already assigned");
  if (known.metric !== address.metric) {
    renewPrefixRoute(ipv4, own, known, address.metric);
    known.metric = address.metric;
  }
  setLifetime(ipv4, known, request);
  ipv4.watchLifetime(known);
  ipv4.host.announce({ kind: "address", action: "new", subject: known });
}

/** `ip addr del` (`inet_rtm_deladdr`). */
export function deleteAddress(ipv4: Ipv4, device: Interface, request: AddressRequest): void {
  const own = inDevice(device);
  if (own === null) throw new KernelError(Errno.ENODEV, "ipv4: Device not found");
  const length = request.prefixLength ?? null;
  const peer = (request.peer ?? request.local) as number;
  const found = own.addresses.find((address) =>
    address.local === request.local && (request.label === undefined || address.label === request.label) &&
    (length === null || (address.prefixLength === length && address.covers(peer)))
  );
  if (found === undefined) throw new KernelError(Errno.EADDRNOTAVAIL, "ipv4: Address not found");
  if (isMulticast4(found.local) && own.groups?.has(found.local)) leaveGroup(ipv4, device, found.local);
  removeAddress(ipv4, own, found);
}

/** The interface got another name: labels follow (`inetdev_changename`). */
export function renameLabels(own: InDevice): void {
  const { name } = own.device;
  own.addresses.forEach((address, i) => {
    const colon = address.label.indexOf(":");
    const suffix = i === 0 ? "" : colon < 0 ? `:${i + 1}` : address.label.slice(colon);
    address.label = name.slice(0, NAME_LIMIT - suffix.length) + suffix;
  });
}

/** Whether a socket may be bound to it: an own address, a broadcast address or a group (`inet_addr_valid_or_nonlocal`). */
export function isBindable(ipv4: Ipv4, address: number): boolean {
  if (address === 0 || isMulticast4(address) || ipv4.settings.ip_nonlocal_bind !== 0) return true;
  const type = ipv4.addressType(address);
  return type === RTN_LOCAL || type === RTN_BROADCAST;
}
