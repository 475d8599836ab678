/**
 * Making, changing and removing interfaces: what rtnetlink's RTM_NEWLINK and RTM_DELLINK do (`net/core/rtnetlink.c`).
 * What is refused throws a `KernelError` with the kernel's errno and words.
 *
 * @module
 */
import { Errno, KernelError } from "../wire/errno.ts";
import { Bridge, type BridgeOptions, createBridge } from "./bridge.ts";
import { createDummy } from "./dummy.ts";
import {
  IFF_ALLMULTI,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_PROMISC,
  IFF_UP,
  type Interface,
  type InterfaceOwner,
  NAME_LIMIT,
} from "./interface.ts";
import {
  allocateName,
  changeAllMulticast,
  changePromiscuity,
  moveTo,
  notify,
  register,
  setUp,
  unregister,
} from "./lifecycle.ts";
import { createMacvlan, joinMacvlan, type MacvlanOptions } from "./macvlan.ts";
import { createTap } from "./tap.ts";
import { createVlan, joinVlan, type VlanOptions } from "./vlan.ts";
import { createVethEnd, VethPair, vethPeer } from "./veth.ts";

/** Longest alias, in octets (IFALIASZ - 1). */
export const ALIAS_LIMIT = 255;

/** What both ends of a new link may have said about them. */
export interface LinkAttributes {
  /** At most 15 octets; may hold one `%d` for the first free number. The kind's default pattern when left out: `veth%d`. */
  name?: string;
  /** The index; the next free one when left out. */
  index?: number;
  /** Six octets; made from the world's seed when left out. */
  address?: Uint8Array;
  broadcast?: Uint8Array;
  /** Octets. */
  mtu?: number;
  /** Packets. */
  txqueuelen?: number;
  group?: number;
}

/** `ip link add`. */
export interface LinkRequest extends LinkAttributes {
  /** `veth`, `dummy`, `bridge`, `vlan`, `macvlan`, `tap`. */
  kind: string;
  alias?: string;
  /** The interface that a vlan or macvlan stands on; of any namespace. */
  link?: Interface;
  bridge?: BridgeOptions;
  vlan?: VlanOptions;
  macvlan?: MacvlanOptions;
  /** The other end of a veth; in the same namespace when `owner` is left out. */
  peer?: LinkAttributes & { owner?: InterfaceOwner };
}

/** `ip link set`. What is left out stays; the order of application is the kernel's (`do_setlink`). */
export interface LinkChange {
  /** Moves it there. `name` is then also the name to take where its own is in use, `index` the new index. */
  netns?: InterfaceOwner;
  index?: number;
  address?: Uint8Array;
  mtu?: number;
  group?: number;
  name?: string;
  alias?: string;
  broadcast?: Uint8Array;
  /** The bridge to be a port of; null is `nomaster`. */
  master?: Interface | null;
  up?: boolean;
  arp?: boolean;
  multicast?: boolean;
  promiscuity?: boolean;
  allMulticast?: boolean;
  carrier?: boolean;
  txqueuelen?: number;
  bridge?: BridgeOptions;
}

/** Makes interfaces of a kind, registers them and returns the one asked for. */
type NewLink = (owner: InterfaceOwner, request: LinkRequest) => Interface;

const KINDS: ReadonlyMap<string, NewLink> = new Map<string, NewLink>([
  ["veth", newVeth],
  ["dummy", (owner, request) => newSimple(createDummy(owner, request.name ?? "dummy%d"), request)],
  ["tap", (owner, request) => newSimple(createTap(owner, request.name ?? "tap%d"), request)],
  ["bridge", newBridge],
  ["vlan", newVlan],
  ["macvlan", newMacvlan],
]);

/**
 * Makes an interface (and with `veth` its peer, which is registered first).
 *
 * @throws {KernelError} EEXIST when the name or index is in use, EOPNOTSUPP "Unknown device type.", EINVAL, EADDRNOTAVAIL, EBUSY, ERANGE
 */
export function createLink(owner: InterfaceOwner, request: LinkRequest): Interface {
  validate(request);
  const { interfaces } = owner;
  if (request.index !== undefined && interfaces.byIndex(request.index) !== undefined) {
    throw new KernelError(Errno.EEXIST);
  }
  if (request.name !== undefined && interfaces.byName(request.name) !== undefined) {
    throw new KernelError(Errno.EEXIST);
  }
  const newLink = KINDS.get(request.kind);
  if (newLink === undefined) throw new KernelError(Errno.EOPNOTSUPP, "Unknown device type.");
  try {
    const device = newLink(owner, request);
    if (request.alias !== undefined) device.alias = request.alias;
    owner.linkEvent(device, "ready");
    return device;
  } finally {
    owner.world.linkwatch.flush();
  }
}

/**
 * Removes an interface, and the peer of a veth with it.
 *
 * @throws {KernelError} EOPNOTSUPP for lo
 */
export function deleteLink(device: Interface): void {
  if (device.driver.kind === "") throw new KernelError(Errno.EOPNOTSUPP);
  const peer = vethPeer(device);
  unregister(peer === null ? [device] : [device, peer]);
  device.owner.world.linkwatch.flush();
}

/** Removes all interfaces of a namespace that is going (`default_device_exit_batch`); ends of veths elsewhere go too. lo is left, closed. */
export function deleteAllLinks(owner: InterfaceOwner): void {
  for (const device of [...owner.interfaces].reverse()) {
    if (device.driver.kind !== "" && device.registered) deleteLink(device);
  }
  const lo = owner.interfaces.byIndex(1);
  if (lo !== undefined) unregister([lo]);
  owner.world.linkwatch.flush();
}

/**
 * Changes an interface. What was applied before something is refused stays applied, as on Linux.
 *
 * @throws {KernelError}
 */
export function changeLink(device: Interface, change: LinkChange): void {
  validate(change);
  const linkwatch = device.owner.world.linkwatch;
  try {
    applyChange(device, change);
  } finally {
    linkwatch.flush();
  }
}

function applyChange(device: Interface, change: LinkChange): void {
  if (change.netns !== undefined) moveTo(device, change.netns, change.name, change.index);
  if (change.address !== undefined) setAddress(device, change.address);
  if (change.mtu !== undefined) setMtu(device, change.mtu);
  let told = false;
  if (change.group !== undefined) {
    device.group = change.group;
    told = true;
  }
  if (change.name !== undefined) rename(device, change.name);
  if (change.alias !== undefined) {
    device.alias = change.alias;
    told = true;
  }
  if (change.broadcast !== undefined) {
    device.broadcast = change.broadcast;
    notify(device, "address");
  }
  if (change.master !== undefined) setMaster(device, change.master);
  setFlags(device, change);
  if (change.carrier !== undefined) {
    const refused = device.driver.setCarrier?.(device, change.carrier) ?? -Errno.EOPNOTSUPP;
    if (refused < 0) throw new KernelError(-refused);
  }
  if (change.txqueuelen !== undefined && change.txqueuelen !== device.txqueuelen) {
    device.txqueuelen = change.txqueuelen;
    told = true;
  }
  if (change.bridge !== undefined) {
    if (!(device.driver instanceof Bridge)) throw new KernelError(Errno.EOPNOTSUPP);
    device.driver.configure(change.bridge);
  }
  if (told && device.up) notify(device, "change"); // netdev_state_change
}

/** What the attribute policy and `validate_linkmsg` refuse. */
function validate(attributes: LinkRequest | LinkChange): void {
  const { name, alias, address, broadcast } = attributes;
  const long = name !== undefined && new TextEncoder().encode(name).length > NAME_LIMIT;
  if (long || (alias !== undefined && new TextEncoder().encode(alias).length > ALIAS_LIMIT)) {
    throw new KernelError(Errno.ERANGE, "Attribute failed policy validation.");
  }
  if ((address !== undefined && address.length !== 6) || (broadcast !== undefined && broadcast.length !== 6)) {
    throw new KernelError(Errno.EINVAL);
  }
}

/** `is_valid_ether_addr` */
function isValidAddress(address: Uint8Array): boolean {
  return (address[0] & 1) === 0 && address.some((octet) => octet !== 0);
}

function mtuRefused(device: Interface, mtu: number): string | null {
  if (mtu < device.minMtu) return "mtu less than device minimum.";
  if (device.maxMtu > 0 && mtu > device.maxMtu) return "mtu greater than device maximum.";
  return null;
}

/** Gives a new interface its attributes (`rtnl_create_link`). */
function configure(device: Interface, attributes: LinkAttributes): void {
  if (attributes.index !== undefined) device.index = attributes.index;
  if (attributes.address !== undefined) {
    if (attributes.address.length !== 6) throw new KernelError(Errno.EINVAL);
    if (!isValidAddress(attributes.address)) throw new KernelError(Errno.EADDRNOTAVAIL);
    device.address = attributes.address.slice();
  }
  if (attributes.broadcast !== undefined) device.broadcast = attributes.broadcast.slice();
  if (attributes.mtu !== undefined) {
    if (mtuRefused(device, attributes.mtu) !== null) throw new KernelError(Errno.EINVAL);
    device.mtu = attributes.mtu;
  }
  if (attributes.txqueuelen !== undefined) device.txqueuelen = attributes.txqueuelen;
  if (attributes.group !== undefined) device.group = attributes.group;
}

function newSimple(device: Interface, request: LinkRequest): Interface {
  configure(device, request);
  register(device);
  return device;
}

function newBridge(owner: InterfaceOwner, request: LinkRequest): Interface {
  const device = createBridge(owner, request.name ?? "bridge%d");
  const bridge = device.driver as Bridge;
  if (request.bridge !== undefined) bridge.configure(request.bridge);
  newSimple(device, request);
  if (request.address !== undefined) bridge.setAddress(device, device.address);
  else bridge.registered();
  return device;
}

/** `vlan_newlink` */
function newVlan(owner: InterfaceOwner, request: LinkRequest): Interface {
  const { link, mtu } = request;
  const inherits = request.address === undefined;
  const device = createVlan(owner, request.name ?? "vlan%d", link, request.vlan, inherits);
  if (mtu !== undefined && mtu > link!.mtu) throw new KernelError(Errno.EINVAL);
  newSimple(device, request);
  joinVlan(device);
  return device;
}

/** `macvlan_common_newlink` */
function newMacvlan(owner: InterfaceOwner, request: LinkRequest): Interface {
  const device = createMacvlan(owner, request.name ?? "macvlan%d", request.link, request.macvlan ?? {});
  if (request.mtu !== undefined && request.mtu > device.link!.mtu) throw new KernelError(Errno.EINVAL);
  newSimple(device, request);
  joinMacvlan(device);
  return device;
}

/** `veth_newlink` */
function newVeth(owner: InterfaceOwner, request: LinkRequest): Interface {
  const asked = request.peer ?? {};
  const peerOwner = asked.owner ?? owner;
  const pair = new VethPair();
  const peer = createVethEnd(peerOwner, asked.name ?? "veth%d", pair);
  const device = createVethEnd(owner, request.name ?? "veth%d", pair);
  configure(device, request);
  configure(peer, asked);
  register(peer);
  peer.setCarrier(false);
  peerOwner.linkEvent(peer, "ready");
  try {
    register(device);
  } catch (error) {
    unregister([peer]);
    throw error;
  }
  device.link = peer;
  peer.link = device;
  device.setCarrier(false);
  return device;
}

/** `dev_set_mac_address`: the driver is not asked about the address that there is. */
function setAddress(device: Interface, address: Uint8Array): void {
  if (address.some((octet, i) => octet !== device.address[i])) {
    if (!isValidAddress(address)) throw new KernelError(Errno.EADDRNOTAVAIL);
    const refused = device.driver.setAddress?.(device, address) ?? 0;
    if (refused < 0) throw new KernelError(-refused);
  }
  device.address = address.slice();
  notify(device, "address");
}

/** `dev_set_mtu` */
function setMtu(device: Interface, mtu: number): void {
  if (mtu === device.mtu) return;
  const words = mtuRefused(device, mtu);
  if (words !== null) throw new KernelError(Errno.EINVAL, words);
  const refused = device.driver.setMtu?.(device, mtu) ?? 0;
  if (refused < 0) throw new KernelError(-refused);
  device.mtu = mtu;
  notify(device, "mtu");
}

/** `dev_change_name`; also of an interface that is up. */
function rename(device: Interface, name: string): void {
  if (name === device.name) return;
  device.owner.interfaces.rename(device, allocateName(device.owner, name));
  notify(device, "name");
}

/** `do_set_master`: it leaves the old one even if the new one refuses. */
function setMaster(device: Interface, master: Interface | null): void {
  if (device.master !== null) {
    if (device.master === master) return;
    device.master.driver.deletePort!(device.master, device);
  }
  if (master === null) return;
  if (master.driver.addPort === undefined) throw new KernelError(Errno.EOPNOTSUPP);
  master.driver.addPort(master, device);
}

/** `__dev_change_flags` and `__dev_notify_flags` */
function setFlags(device: Interface, change: LinkChange): void {
  const was = device.flags;
  if (change.arp !== undefined) device.flags = change.arp ? device.flags & ~IFF_NOARP : device.flags | IFF_NOARP;
  if (change.multicast !== undefined) {
    device.flags = change.multicast ? device.flags | IFF_MULTICAST : device.flags & ~IFF_MULTICAST;
  }
  const changed = was ^ device.flags;
  if (change.up !== undefined) {
    const refused = setUp(device, change.up);
    if (refused < 0) throw new KernelError(-refused);
  }
  if (change.promiscuity !== undefined && change.promiscuity !== ((device.userFlags & IFF_PROMISC) !== 0)) {
    device.userFlags ^= IFF_PROMISC;
    changePromiscuity(device, change.promiscuity ? 1 : -1);
  }
  if (change.allMulticast !== undefined && change.allMulticast !== ((device.userFlags & IFF_ALLMULTI) !== 0)) {
    device.userFlags ^= IFF_ALLMULTI;
    changeAllMulticast(device, change.allMulticast ? 1 : -1);
  }
  if (changed !== 0 && (device.flags & IFF_UP) !== 0) notify(device, "change");
}
