/** Neighbour discovery (RFC 4861; `net/ipv6/ndisc.c`): solicitations, advertisements and redirects, and what they teach the neighbour table. */
import type { Interface } from "../device/interface.ts";
import { IFF_LOOPBACK, IFF_NOARP } from "../device/interface.ts";
import { ETH_P_IPV6, ZERO_MAC } from "../wire/ethernet.ts";
import {
  ICMP_CODE,
  ICMPV6_ADDR_UNREACH,
  ICMPV6_DEST_UNREACH,
  NDISC_NEIGHBOUR_ADVERTISEMENT,
  NDISC_NEIGHBOUR_SOLICITATION,
  NDISC_REDIRECT,
  NDISC_ROUTER_ADVERTISEMENT,
  NDISC_ROUTER_SOLICITATION,
} from "../wire/icmp.ts";
import {
  equal6,
  IPV6_DESTINATION,
  IPV6_HOP_LIMIT,
  IPV6_SOURCE,
  type Ipv6Address,
  isMulticast6,
  NEXTHDR_ICMP,
} from "../wire/ipv6.ts";
import { type Packet, TO_HOST } from "../wire/packet.ts";
import { MS, Timer } from "../time/scheduler.ts";
import { isAny6, LINK_ALL_NODES, putMulticastMac, solicitedNode } from "./address_kind6.ts";
import { failDad } from "./dad6.ts";
import { finishIcmp6, icmp6Error, sendLinkScope } from "./icmp6.ts";
import { type Address6, inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import {
  type NeighbourEntry,
  type NeighbourProtocol,
  UPDATE_ISROUTER,
  UPDATE_OVERRIDE,
  UPDATE_OVERRIDE_ISROUTER,
  UPDATE_WEAK_OVERRIDE,
} from "./neighbour.ts";
import type { NeighbourParameters } from "./neighbour_parameters.ts";
import {
  IFA_F_OPTIMISTIC,
  IFA_F_TENTATIVE,
  NTF_ROUTER,
  NUD_FAILED,
  NUD_NOARP,
  NUD_REACHABLE,
  NUD_STALE,
} from "./netlink.ts";
import { advertisementInput, solicitationOfRouterInput } from "./router_discovery6.ts";
import { routerBecameHost } from "./router_discovery6.ts";
import { redirectInput } from "./redirect6.ts";
import { selectSource } from "./source_address6.ts";

export const OPTION_SOURCE_LINK_ADDRESS = 1;
export const OPTION_TARGET_LINK_ADDRESS = 2;
export const OPTION_PREFIX_INFORMATION = 3;
export const OPTION_REDIRECTED = 4;
export const OPTION_MTU = 5;
export const OPTION_NONCE = 14;
export const OPTION_ROUTE_INFORMATION = 24;

const FLAG_ROUTER = 0x80;
const FLAG_SOLICITED = 0x40;
const FLAG_OVERRIDE = 0x20;

/** What the generic neighbour table asks of IPv6 (`nd_tbl`). */
export class Ndisc implements NeighbourProtocol {
  readonly etherType = ETH_P_IPV6;
  constructor(readonly ip: Ipv6) {}

  parameters(device: Interface): NeighbourParameters {
    return this.ip.neighbourParameters(device);
  }

  /** `ndisc_constructor` */
  construct(entry: NeighbourEntry): void {
    const { device } = entry;
    const address = entry.address as Ipv6Address;
    if (isMulticast6(address)) {
      const mac = new Uint8Array(6);
      putMulticastMac(mac, 0, address);
      entry.state = NUD_NOARP;
      entry.setLinkAddress(mac);
    } else if ((device.flags & (IFF_NOARP | IFF_LOOPBACK)) !== 0) {
      entry.state = NUD_NOARP;
      entry.setLinkAddress((device.flags & IFF_LOOPBACK) !== 0 ? ZERO_MAC : device.address);
    }
  }

  /** `ndisc_solicit` */
  solicit(entry: NeighbourEntry, waiting: Packet | null): void {
    const { ip } = this;
    const { device } = entry;
    const target = entry.address as Ipv6Address;
    const owner = inet6(device);
    let source: Ipv6Address | null = null;
    if (waiting !== null) {
      const own = owner?.find(waiting.bytes, waiting.network + IPV6_SOURCE) ?? null;
      if (own !== null && (own.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === 0) source = own.local;
    }
    const parameters = ip.neighbourParameters(device);
    const linkAddress = entry.probes < parameters.ucastSolicit ? entry.linkAddress : null;
    if (entry.probes >= parameters.ucastSolicit && entry.probes < parameters.ucastSolicit + parameters.appSolicit) {
      return;
    }
    const destination = linkAddress !== null ? target : solicitedNode(target);
    sendNeighbourSolicitation(ip, device, target, destination, source, linkAddress, null);
  }

  errorReport(_entry: NeighbourEntry, packet: Packet): void {
    packet.head = packet.network;
    icmp6Error(this.ip, packet, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
    packet.release();
  }
}

/** Sends a solicitation; `source` null is a link-local address of the interface. `linkAddress` is known for unicast. */
export function sendNeighbourSolicitation(
  ip: Ipv6,
  device: Interface,
  target: Ipv6Address,
  destination: Ipv6Address,
  source: Ipv6Address | null,
  linkAddress: Uint8Array | null,
  nonce: Uint8Array | null,
): void {
  const from = source ?? inet6(device)?.linkLocal(IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)?.local ?? null;
  if (from === null) return;
  const packet = ip.host.world.packets.allocate(40);
  const { bytes, head: at } = packet;
  bytes.fill(0, at, at + 8);
  bytes[at] = NDISC_NEIGHBOUR_SOLICITATION;
  bytes.set(target, at + 8);
  let tail = at + 24;
  if (!isAny6(from)) tail = putOption(bytes, tail, OPTION_SOURCE_LINK_ADDRESS, device.address);
  if (nonce !== null) tail = putOption(bytes, tail, OPTION_NONCE, nonce);
  packet.tail = tail;
  sendNdisc(ip, device, packet, from, destination, linkAddress);
}

export function sendNeighbourAdvertisement(
  ip: Ipv6,
  device: Interface,
  target: Ipv6Address,
  destination: Ipv6Address,
  router: boolean,
  solicited: boolean,
  override: boolean,
  withLinkAddress = true,
): void {
  const own = inet6(device)?.find(target) ?? null;
  const source = own !== null ? own.local : selectSource(ip, destination, 0, device);
  if (source === null) return;
  if (own !== null && (own.flags & IFA_F_OPTIMISTIC) !== 0) override = false;
  const force = inet6(device)!.config.force_tllao !== 0;
  const packet = ip.host.world.packets.allocate(32);
  const { bytes, head: at } = packet;
  bytes.fill(0, at, at + 8);
  bytes[at] = NDISC_NEIGHBOUR_ADVERTISEMENT;
  bytes[at + 4] = (router ? FLAG_ROUTER : 0) | (solicited ? FLAG_SOLICITED : 0) | (override ? FLAG_OVERRIDE : 0);
  bytes.set(target, at + 8);
  packet.tail = at + 24;
  if (withLinkAddress || force) packet.tail = putOption(bytes, at + 24, OPTION_TARGET_LINK_ADDRESS, device.address);
  sendNdisc(ip, device, packet, source, destination, null);
}

/** Writes an option of six octets; where the next one goes. */
export function putOption(bytes: Uint8Array, at: number, type: number, value: Uint8Array): number {
  bytes[at] = type;
  bytes[at + 1] = 1;
  for (let i = 0; i < 6; i++) bytes[at + 2 + i] = value[i];
  return at + 8;
}

/** Sends a message of neighbour discovery, whose body is in the packet, with the hop limit of 255 that proves it to be local. */
export function sendNdisc(
  ip: Ipv6,
  device: Interface,
  packet: Packet,
  source: Ipv6Address,
  destination: Ipv6Address,
  linkAddress: Uint8Array | null,
): void {
  packet.transport = packet.head;
  finishIcmp6(packet, source, destination);
  const type = packet.bytes[packet.head];
  ip.host.mib.icmp6.OutMsgs++;
  const tclass = inet6(device)?.config.ndisc_tclass ?? 0;
  sendLinkScope(ip, device, packet, NEXTHDR_ICMP, source, destination, 255, linkAddress, tclass);
  ip.countIcmpOut(type);
}

/** All our addresses, unasked: our link address changed (`ndisc_send_unsol_na`). */
export function advertiseAll(ip: Ipv6, device: Interface): void {
  const owner = inet6(device);
  if (owner === null || (owner.config.ndisc_notify === 0 && ip.allConfig.ndisc_notify === 0)) return;
  for (let i = owner.addresses.length - 1; i >= 0; i--) {
    const address = owner.addresses[i];
    if ((address.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === IFA_F_TENTATIVE) continue;
    sendNeighbourAdvertisement(ip, device, address.local, LINK_ALL_NODES, owner.config.forwarding !== 0, false, true);
  }
}

/** Where an option of this type begins between two offsets; -1 when there is none, -2 when the options are malformed. */
export function findOption(bytes: Uint8Array, from: number, to: number, type: number): number {
  let found = -1;
  for (let at = from; at + 2 <= to;) {
    const length = bytes[at + 1] * 8;
    if (length === 0 || at + length > to) return -2;
    if (bytes[at] === type && found < 0) found = at;
    at += length;
  }
  return found;
}

/** The link address that an option gives; undefined when the options are malformed or it has the wrong length, null when it is not there. */
export function linkAddressOption(
  bytes: Uint8Array,
  from: number,
  to: number,
  type: number,
): Uint8Array | null | undefined {
  const at = findOption(bytes, from, to, type);
  if (at === -1) return null;
  if (at < 0 || bytes[at + 1] !== 1) return undefined;
  return bytes.subarray(at + 2, at + 8);
}

/** A message whose checksum is right; `packet.head` is at the ICMPv6 header (`ndisc_rcv`). The packet stays the caller's. */
export function ndiscInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network } = packet;
  if (bytes[network + IPV6_HOP_LIMIT] !== 255 || bytes[at + ICMP_CODE] !== 0) return;
  switch (bytes[at]) {
    case NDISC_NEIGHBOUR_SOLICITATION:
      return solicitationInput(ip, owner, packet);
    case NDISC_NEIGHBOUR_ADVERTISEMENT:
      return neighbourAdvertisementInput(ip, owner, packet);
    case NDISC_ROUTER_SOLICITATION:
      return solicitationOfRouterInput(ip, owner, packet);
    case NDISC_ROUTER_ADVERTISEMENT:
      return advertisementInput(ip, owner, packet);
    case NDISC_REDIRECT:
      return redirectInput(ip, owner, packet);
  }
}

/** Learns about a neighbour (`ndisc_update`). */
export function learn(
  ip: Ipv6,
  device: Interface,
  address: Uint8Array,
  linkAddress: Uint8Array | null,
  state: number,
  flags: number,
  create: boolean,
): NeighbourEntry | null {
  const table = ip.neighbourTable();
  const entry = create ? table.obtain(address, device) : table.lookup(address, device);
  entry?.update(linkAddress, state, flags);
  return entry;
}

/** `ndisc_recv_ns` */
function solicitationInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network, tail } = packet;
  const source = network + IPV6_SOURCE;
  const destination = network + IPV6_DESTINATION;
  if (tail - at < 24 || isMulticast6(bytes, at + 8)) return;
  const detects = isAny6(bytes, source);
  const many = isMulticast6(bytes, destination);
  if (detects && !isSolicitedNode(bytes, destination)) return;
  const linkAddress = linkAddressOption(bytes, at + 24, tail, OPTION_SOURCE_LINK_ADDRESS);
  if (linkAddress === undefined || (detects && linkAddress !== null)) return;
  const device = owner.device;
  const own = owner.find(bytes, at + 8);
  let router = owner.config.forwarding !== 0;
  if (own !== null) {
    if (!answersFor(ip, own, bytes, at, tail, detects)) return;
  } else {
    const proxy = isProxied(ip, owner, bytes, at + 8);
    if (!proxy && !isAnycast(owner, bytes, at + 8)) return;
    if (proxy) router = false;
  }
  const target = bytes.slice(at + 8, at + 24);
  const asker = detects ? null : bytes.slice(source, source + 16);
  const link = linkAddress === null ? null : linkAddress.slice();
  const answer = () => answerSolicitation(ip, device, target, asker, link, router, own !== null, many);
  const delay = ip.neighbourParameters(device).proxyDelay;
  if (own !== null || packet.kind === TO_HOST || !many || delay === 0) answer();
  else answerLater(ip, device, delay, answer);
}

function answerSolicitation(
  ip: Ipv6,
  device: Interface,
  target: Ipv6Address,
  asker: Ipv6Address | null,
  linkAddress: Uint8Array | null,
  router: boolean,
  own: boolean,
  many: boolean,
): void {
  if (asker === null) {
    sendNeighbourAdvertisement(ip, device, target, LINK_ALL_NODES, router, false, own);
    return;
  }
  const flags = UPDATE_WEAK_OVERRIDE | UPDATE_OVERRIDE;
  const entry = learn(ip, device, asker, linkAddress, NUD_STALE, flags, !many || linkAddress !== null);
  if (entry !== null) sendNeighbourAdvertisement(ip, device, target, asker, router, true, own, many);
}

/** Who answers for others, or for an anycast address, gives the owner the precedence (`pneigh_enqueue`). `delay` in 10 ms. */
function answerLater(ip: Ipv6, device: Interface, delay: number, answer: () => void): void {
  if (ip.proxied >= ip.neighbourParameters(device).proxyQlen) return;
  ip.proxied++;
  const timer = new Timer(() => {
    ip.proxied--;
    if (device.up && inet6(device) !== null && device.owner === ip.host) answer();
  });
  ip.host.world.scheduler.after(timer, Math.floor(ip.random.float() * delay * 10 * MS));
}

/** A tentative address does not answer; another who detects duplicates of it, too, means that it is one. */
function answersFor(
  ip: Ipv6,
  own: Address6,
  bytes: Uint8Array,
  at: number,
  tail: number,
  detects: boolean,
): boolean {
  if ((own.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === 0) return true;
  if (!detects) return (own.flags & IFA_F_OPTIMISTIC) !== 0;
  const nonce = findOption(bytes, at + 24, tail, OPTION_NONCE);
  if (nonce >= 0 && own.nonce !== null && own.nonce.every((octet, i) => bytes[nonce + 2 + i] === octet)) return false;
  failDad(ip, own, true);
  return false;
}

function isSolicitedNode(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || bytes[at + 1] !== 2 || bytes[at + 11] !== 1 || bytes[at + 12] !== 0xff) return false;
  for (let i = 2; i < 11; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

export function isAnycast(owner: Inet6Device, bytes: Uint8Array, at: number): boolean {
  if (owner.anycasts === null) return false;
  for (const one of owner.anycasts) if (equal6(one.address, bytes, 0, at)) return true;
  return false;
}

function isProxied(ip: Ipv6, owner: Inet6Device, bytes: Uint8Array, at: number): boolean {
  if (owner.config.forwarding === 0 || (owner.config.proxy_ndp === 0 && ip.allConfig.proxy_ndp === 0)) return false;
  return ip.neighbourCache !== null && ip.neighbourCache.isProxy(bytes.subarray(at, at + 16), owner.device);
}

/** `ndisc_recv_na` */
function neighbourAdvertisementInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network, tail } = packet;
  if (tail - at < 24 || isMulticast6(bytes, at + 8)) return;
  const flags = bytes[at + 4];
  if (isMulticast6(bytes, network + IPV6_DESTINATION) && (flags & FLAG_SOLICITED) !== 0) return;
  if ((flags & FLAG_SOLICITED) === 0 && owner.config.drop_unsolicited_na !== 0) return;
  const linkAddress = linkAddressOption(bytes, at + 24, tail, OPTION_TARGET_LINK_ADDRESS);
  if (linkAddress === undefined) return;
  const own = owner.find(bytes, at + 8);
  if (own !== null) {
    if ((own.flags & IFA_F_TENTATIVE) !== 0) failDad(ip, own, true);
    return;
  }
  const target = bytes.subarray(at + 8, at + 24);
  const entry = ip.neighbourCache === null ? null : ip.neighbourCache.lookup(target, owner.device);
  if (entry === null || (entry.state & NUD_FAILED) !== 0) return;
  const was = entry.flags;
  let update = UPDATE_WEAK_OVERRIDE | UPDATE_OVERRIDE_ISROUTER;
  if ((flags & FLAG_OVERRIDE) !== 0) update |= UPDATE_OVERRIDE;
  if ((flags & FLAG_ROUTER) !== 0) update |= UPDATE_ISROUTER;
  entry.update(linkAddress, (flags & FLAG_SOLICITED) !== 0 ? NUD_REACHABLE : NUD_STALE, update);
  if ((was & ~entry.flags & NTF_ROUTER) !== 0) routerBecameHost(ip, owner.device, entry.address as Ipv6Address);
}
