/** ICMPv6 (RFC 4443; `net/ipv6/icmp.c`): echo, errors that are sent, and errors that come and are handed to who sent what they quote. */
import type { Interface } from "../device/interface.ts";
import { IFF_LOOPBACK } from "../device/interface.ts";
import { fold, pseudoHeader, sumOctets } from "../wire/checksum.ts";
import {
  ICMP_CHECKSUM,
  ICMP_CODE,
  ICMP_HEADER,
  ICMPV6_DEST_UNREACH,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_MLD2_REPORT,
  ICMPV6_MLD_DONE,
  ICMPV6_MLD_QUERY,
  ICMPV6_MLD_REPORT,
  ICMPV6_PARAMPROB,
  ICMPV6_PKT_TOOBIG,
  ICMPV6_TIME_EXCEED,
  NDISC_NEIGHBOUR_ADVERTISEMENT,
  NDISC_NEIGHBOUR_SOLICITATION,
  NDISC_REDIRECT,
  NDISC_ROUTER_ADVERTISEMENT,
  NDISC_ROUTER_SOLICITATION,
} from "../wire/icmp.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_NEXT_HEADER,
  IPV6_SOURCE,
  type Ipv6Address,
  isLinkLocal6,
  isMulticast6,
  NEXTHDR_ICMP,
} from "../wire/ipv6.ts";
import { get32, put16, put32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet, TO_HOST } from "../wire/packet.ts";
import { MS } from "../time/scheduler.ts";
import { isAny6 } from "./address_kind6.ts";
import { skipExtensions, UNKNOWN_OPTION } from "./extension_headers6.ts";
import { inet6, type Inet6Device } from "./inet6_device.ts";
import { IPV6_MIN_MTU } from "./addrconf6.ts";
import type { Ipv6 } from "./ipv6.ts";
import { NF_LOCAL_OUT, NF_POST_ROUTING } from "./host.ts";
import { putHeader6, transmitMulticast } from "./ipv6_output.ts";
import { needsInterface } from "./lookup6.ts";
import { queryInput, reportInput } from "./mld6.ts";
import type { Icmp6Counters } from "./mib.ts";
import { isAnycast, ndiscInput } from "./ndisc6.ts";
import { learnMtu } from "./pmtu6.ts";

/** The counters of messages with a name in `/proc/net/snmp6`. */
const NAMES = new Map<number, string>([
  [ICMPV6_DEST_UNREACH, "DestUnreachs"],
  [ICMPV6_PKT_TOOBIG, "PktTooBigs"],
  [ICMPV6_TIME_EXCEED, "TimeExcds"],
  [ICMPV6_PARAMPROB, "ParmProblems"],
  [ICMPV6_ECHO_REQUEST, "Echos"],
  [ICMPV6_ECHO_REPLY, "EchoReplies"],
  [ICMPV6_MLD_QUERY, "GroupMembQueries"],
  [ICMPV6_MLD_REPORT, "GroupMembResponses"],
  [ICMPV6_MLD_DONE, "GroupMembReductions"],
  [NDISC_ROUTER_SOLICITATION, "RouterSolicits"],
  [NDISC_ROUTER_ADVERTISEMENT, "RouterAdvertisements"],
  [NDISC_NEIGHBOUR_SOLICITATION, "NeighborSolicits"],
  [NDISC_NEIGHBOUR_ADVERTISEMENT, "NeighborAdvertisements"],
  [NDISC_REDIRECT, "Redirects"],
  [ICMPV6_MLD2_REPORT, "MLDv2Reports"],
]);

type Numbers = { [name: string]: number };

export function countIn(mib: Icmp6Counters, type: number): void {
  mib.inTypes.set(type, (mib.inTypes.get(type) ?? 0) + 1);
  const name = NAMES.get(type);
  if (name !== undefined) (mib as unknown as Numbers)[`In${name}`]++;
}

export function countOut(mib: Icmp6Counters, type: number): void {
  mib.outTypes.set(type, (mib.outTypes.get(type) ?? 0) + 1);
  const name = NAMES.get(type);
  if (name !== undefined) (mib as unknown as Numbers)[`Out${name}`]++;
}

/** Fills in the checksum of a message from `packet.transport` to its end. */
export function finishIcmp6(packet: Packet, source: Ipv6Address, destination: Ipv6Address): void {
  const { bytes, transport: at, tail } = packet;
  put16(bytes, at + ICMP_CHECKSUM, 0);
  const length = tail - at;
  let sum = sumOctets(source, 0, 16, NEXTHDR_ICMP + (length >>> 16) + (length & 0xffff));
  sum = sumOctets(destination, 0, 16, sum);
  put16(bytes, at + ICMP_CHECKSUM, ~fold(sumOctets(bytes, at, tail, sum)) & 0xffff);
  packet.checksum = CHECKSUM_UNNECESSARY;
}

/** Sends on a link without asking the routing tables: what neighbour discovery and MLD do (`icmp6_dst_alloc`). */
export function sendLinkScope(
  ip: Ipv6,
  device: Interface,
  packet: Packet,
  nextHeader: number,
  source: Ipv6Address,
  destination: Ipv6Address,
  hopLimit: number,
  linkAddress: Uint8Array | null = null,
  trafficClass = 0,
): void {
  putHeader6(packet, packet.head - IPV6_HEADER, nextHeader, hopLimit, trafficClass, 0, source, destination);
  const mib = ip.host.mib.ip6;
  const { netfilter } = ip.host;
  if (netfilter !== null) {
    packet.connection = null;
    let passed = netfilter.pass(NF_LOCAL_OUT, 6, packet, null, device);
    if (passed !== null) passed = netfilter.pass(NF_POST_ROUTING, 6, passed, null, device);
    if (passed === null) return;
    packet = passed;
  }
  const length = packet.tail - packet.head;
  mib.OutRequests++;
  mib.OutTransmits++;
  mib.OutOctets += length;
  if (isMulticast6(destination)) {
    mib.OutMcastPkts++;
    mib.OutMcastOctets += length;
    transmitMulticast(packet, device);
    return;
  }
  const entry = ip.neighbourTable().obtain(destination, device);
  if (entry === null) {
    ip.host.world.drop(packet, "NEIGH_CREATEFAIL");
    return;
  }
  if (linkAddress !== null && entry.linkAddress === null) entry.setLinkAddress(linkAddress);
  entry.send(packet);
}

/** Whether the checksum of a received message, from `at` to the end, is right. It is not summed up again then. */
export function checksumRight6(packet: Packet, at: number): boolean {
  if (packet.checksum !== CHECKSUM_NONE) return true;
  const { bytes, network, tail } = packet;
  const sum = pseudoHeader(bytes, network + IPV6_SOURCE, network + IPV6_DESTINATION, 16, NEXTHDR_ICMP, tail - at);
  if (fold(sumOctets(bytes, at, tail, sum)) !== 0xffff) return false;
  packet.checksum = CHECKSUM_UNNECESSARY;
  return true;
}

/** A message for this host; `packet.head` is at it. Takes the packet. */
export function icmp6Input(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const mib = ip.host.mib.icmp6;
  const { bytes, head: at, tail } = packet;
  mib.InMsgs++;
  if (!checksumRight6(packet, at)) {
    mib.InCsumErrors++;
    mib.InErrors++;
    packet.release();
    return;
  }
  if (tail - at < ICMP_HEADER) {
    mib.InErrors++;
    packet.release();
    return;
  }
  const type = bytes[at];
  countIn(mib, type);
  switch (type) {
    case ICMPV6_ECHO_REQUEST:
      echoInput(ip, owner, packet);
      return;
    case NDISC_ROUTER_SOLICITATION:
    case NDISC_ROUTER_ADVERTISEMENT:
    case NDISC_NEIGHBOUR_SOLICITATION:
    case NDISC_NEIGHBOUR_ADVERTISEMENT:
    case NDISC_REDIRECT:
      ndiscInput(ip, owner, packet);
      break;
    case ICMPV6_MLD_QUERY:
      queryInput(ip, owner, packet);
      break;
    case ICMPV6_MLD_REPORT:
      reportInput(ip, owner, packet);
      break;
    default:
      if (type < 128) errorInput(ip, packet);
  }
  packet.release();
}

/** Answers an echo request (`icmpv6_echo_reply`). */
function echoInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network } = packet;
  const destination = network + IPV6_DESTINATION;
  const settings = ip.settings;
  const many = isMulticast6(bytes, destination);
  const anycast = !many && isAnycast(owner, bytes, destination);
  if (
    settings["icmp/echo_ignore_all"] !== 0 || (many && settings["icmp/echo_ignore_multicast"] !== 0) ||
    (anycast && settings["icmp/echo_ignore_anycast"] !== 0)
  ) {
    packet.release();
    return;
  }
  const answered = many || (anycast && settings.anycast_src_echo_reply === 0) ? -1 : destination;
  const path = ip.replyPath(packet, answered);
  path.tos = ((bytes[network] & 15) << 4) | (bytes[network + 1] >>> 4);
  path.mark = settings.fwmark_reflect !== 0 ? packet.mark : 0;
  const found = path.refresh();
  if (found < 0) {
    ip.host.world.drop(packet, "IP_OUTNOROUTES");
    return;
  }
  const length = packet.tail - at;
  const reply = ip.host.world.packets.allocate(length);
  reply.bytes.set(bytes.subarray(at, packet.tail), reply.head);
  reply.tail = reply.head + length;
  reply.transport = reply.head;
  reply.bytes[reply.head] = ICMPV6_ECHO_REPLY;
  finishIcmp6(reply, path.source, path.destination);
  packet.release();
  ip.host.mib.icmp6.OutMsgs++;
  countOut(ip.host.mib.icmp6, ICMPV6_ECHO_REPLY);
  path.send(reply, NEXTHDR_ICMP);
}

const found = new Int32Array(2);

/** An error that quotes a packet of ours goes to its protocol (`icmpv6_notify`). */
function errorInput(ip: Ipv6, packet: Packet): void {
  const { bytes, head: at, tail, network } = packet;
  const type = bytes[at];
  const code = bytes[at + ICMP_CODE];
  const info = type === ICMPV6_PKT_TOOBIG ? get32(bytes, at + 4) : 0;
  const quoted = at + ICMP_HEADER;
  if (quoted + IPV6_HEADER > tail) {
    ip.host.mib.icmp6.InErrors++;
    return;
  }
  const transport = skipExtensions(bytes, quoted + IPV6_HEADER, tail, bytes[quoted + IPV6_NEXT_HEADER], found);
  if (transport < 0 || transport + 8 > tail || found[1] !== 0) {
    ip.host.mib.icmp6.InErrors++;
    return;
  }
  const device = packet.device as Interface;
  if (type === ICMPV6_PKT_TOOBIG) learnMtu(ip, bytes, quoted, info, device);
  const number = found[0];
  const offender = bytes.slice(network + IPV6_SOURCE, network + IPV6_SOURCE + 16);
  packet.network = quoted;
  packet.head = packet.transport = transport;
  ip.host.rawError(6, number, packet, type, code, info, offender);
  ip.host.protocol(6, number)?.error?.(packet, type, code, info, offender);
}

/** Whether a packet may not be answered with an error, being one itself (`is_ineligible`). */
function isIneligible(packet: Packet): boolean {
  const { bytes, network, tail } = packet;
  const at = skipExtensions(bytes, network + IPV6_HEADER, tail, bytes[network + IPV6_NEXT_HEADER], found);
  if (at < 0) return false;
  return found[0] === NEXTHDR_ICMP && (found[1] !== 0 || at >= tail || bytes[at] < 128);
}

/**
 * Answers a packet, whose `network` is at its IPv6 header, with an error that quotes it (`icmp6_send`); the packet stays the caller's.
 * Nothing is sent about errors, to groups or from them (RFC 4443 section 2.4), or too often.
 */
export function icmp6Error(ip: Ipv6, packet: Packet, type: number, code: number, info: number): void {
  const { bytes, network } = packet;
  const source = network + IPV6_SOURCE;
  const destination = network + IPV6_DESTINATION;
  if (isMulticast6(bytes, source) || isAny6(bytes, source)) return;
  let from: Ipv6Address | null = null;
  if (isMulticast6(bytes, destination) || packet.kind !== TO_HOST) {
    const answered = type === ICMPV6_PKT_TOOBIG ||
      (type === ICMPV6_PARAMPROB && code === UNKNOWN_OPTION && (bytes[network + info] & 0xc0) === 0x80);
    if (!answered) return;
  } else if (ip.isOwn(bytes, destination)) from = bytes.slice(destination, destination + 16);
  if (isIneligible(packet)) return;
  const device = packet.device as Interface | null;
  const to = bytes.slice(source, source + 16);
  const path = ip.path({
    destination: to,
    source: from,
    device: device !== null && needsInterface(to) ? linkOf(ip, device, to) : null,
    mark: ip.settings.fwmark_reflect !== 0 ? packet.mark : 0,
    protocol: NEXTHDR_ICMP,
    anySource: from !== null,
  });
  if (path.refresh() < 0) return;
  if (!mayBother(ip, to, type, path.device, path.prefixLength)) return;
  const quoted = Math.min(packet.tail - network, IPV6_MIN_MTU - IPV6_HEADER - ICMP_HEADER);
  packet.completeChecksum();
  const error = ip.host.world.packets.allocate(ICMP_HEADER + quoted);
  const at = error.head;
  error.bytes[at] = type;
  error.bytes[at + ICMP_CODE] = code;
  put32(error.bytes, at + 4, info);
  error.bytes.set(bytes.subarray(network, network + quoted), at + ICMP_HEADER);
  error.tail = at + ICMP_HEADER + quoted;
  error.transport = at;
  finishIcmp6(error, path.source, path.destination);
  const mib = ip.host.mib.icmp6;
  mib.OutMsgs++;
  countOut(mib, type);
  path.send(error, NEXTHDR_ICMP);
}

/** The link that a link-local address belongs to, when the packet came over lo. */
function linkOf(ip: Ipv6, device: Interface, address: Ipv6Address): Interface {
  if (!device.loopback || !isLinkLocal6(address)) return device;
  for (const other of ip.host.interfaces) if (inet6(other)?.find(address)) return other;
  return device;
}

/** The limits that `icmp/ratelimit` and `icmp/ratemask` set. */
function mayBother(ip: Ipv6, to: Ipv6Address, type: number, device: Interface, prefixLength: number): boolean {
  if (type >= 128 || type === ICMPV6_PKT_TOOBIG || !ip.isRateLimited(type)) return true;
  if ((device.flags & IFF_LOOPBACK) !== 0) return true;
  const limits = ip.limits();
  if (!limits.allowGlobal(ip.now)) return false;
  let interval = ip.settings["icmp/ratelimit"] * MS;
  if (prefixLength < 128) interval /= 1 << ((128 - prefixLength) >> 5);
  if (interval === 0 || limits.allowPeer(to, interval, ip.now)) return true;
  ip.host.mib.icmp6.OutRateLimitHost++;
  return false;
}
