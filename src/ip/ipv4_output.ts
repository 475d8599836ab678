/** The way out: from a finished IPv4 header to the neighbour, in fragments where the packet is too long (`net/ipv4/ip_output.c`). */
import type { Interface } from "../device/interface.ts";
import { checksum, fold, sumOctets } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import { ETH_P_IP } from "../wire/ethernet.ts";
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED } from "../wire/icmp.ts";
import {
  IP_DF,
  IP_MF,
  IP_OFFSET,
  IPV4_CHECKSUM,
  IPV4_DESTINATION,
  IPV4_FRAGMENT,
  IPV4_HEADER,
  IPV4_ID,
  IPV4_LENGTH,
  IPV4_PROTOCOL,
  IPV4_SOURCE,
  IPV4_TTL,
} from "../wire/ipv4.ts";
import { copyOctets, get16, get32, put16, put32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet, PacketQueue } from "../wire/packet.ts";
import type { Task } from "../time/scheduler.ts";
import type { Ipv4 } from "./ipv4.ts";
import { NF_LOCAL_OUT, NF_POST_ROUTING } from "./host.ts";
import { IPOPT_END, IPOPT_NOOP } from "./ip_options.ts";
import { RTN_BROADCAST, RTN_MULTICAST } from "./netlink.ts";
import { flow4 } from "./flow4.ts";
import { routeOutput } from "./route_output4.ts";
import { type Route4, RTCF_BROADCAST, RTCF_LOCAL, RTCF_MULTICAST } from "./route4.ts";

/** The kind of a copy of an own multicast or broadcast that comes back at once (PACKET_LOOPBACK). */
export const LOOPED = 5;

/** Writes the header's checksum over whatever is in the field. */
export function setHeaderChecksum(bytes: Uint8Array, at: number): void {
  const header = (bytes[at] & 15) << 2;
  const sum = sumOctets(bytes, at, at + header) - ((bytes[at + IPV4_CHECKSUM] << 8) | bytes[at + IPV4_CHECKSUM + 1]);
  put16(bytes, at + IPV4_CHECKSUM, ~fold(sum) & 0xffff);
}

/**
 * Puts an IPv4 header without options before `packet.head` (`ip_local_out`): `word` is DF or 0. An identifier of -1 is chosen here:
 * 0 for what will not be cut, else the next of the two hosts'.
 */
export function putHeader(
  ipv4: Ipv4,
  packet: Packet,
  source: number,
  destination: number,
  protocol: number,
  tos: number,
  ttl: number,
  word: number,
  identifier: number,
): void {
  const { bytes } = packet;
  packet.transport = packet.head;
  const at = packet.head -= IPV4_HEADER;
  packet.network = at;
  const length = packet.tail - at;
  if (identifier < 0) identifier = word === 0 ? ipv4.nextIdentifier(source, destination, protocol) : 0;
  bytes[at] = 0x45;
  bytes[at + 1] = tos;
  put16(bytes, at + IPV4_LENGTH, length > 0xffff ? 0 : length);
  put16(bytes, at + IPV4_ID, identifier);
  put16(bytes, at + IPV4_FRAGMENT, word);
  bytes[at + IPV4_TTL] = ttl;
  bytes[at + IPV4_PROTOCOL] = protocol;
  put32(bytes, at + IPV4_SOURCE, source);
  put32(bytes, at + IPV4_DESTINATION, destination);
  // The tenth word is the sum's own.
  const sum = 0x4500 + tos + (length & 0xffff) + identifier + word + (ttl << 8) + protocol + (source >>> 16) +
    (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  put16(bytes, at + IPV4_CHECKSUM, ~fold(sum) & 0xffff);
  ipv4.host.mib.ip.OutRequests++;
}

/**
 * Sends a packet whose `head` and `network` are at its IPv4 header (`ip_output`, `ip_mc_output`). Takes the reference. Longer
 * than `mtu`: it is cut; `loop` says
 * whether a multicast comes back to this host's own members; `ignoreDf` that it may be cut in spite of DF.
 */
export function output(
  ipv4: Ipv4,
  packet: Packet,
  route: Route4,
  mtu: number,
  loop = true,
  ignoreDf = false,
): number {
  packet.protocol = ETH_P_IP;
  packet.route = route;
  const { netfilter } = ipv4.host;
  if (netfilter !== null) {
    const passed = netfilter.pass(NF_POST_ROUTING, 4, packet, null, route.device);
    if (passed === null) return -Errno.EPERM;
    packet = passed;
    packet.route = route;
  }
  if ((route.flags & (RTCF_BROADCAST | RTCF_MULTICAST)) !== 0 && !loopBack(ipv4, packet, route, loop)) return 0;
  if (packet.tail - packet.head > mtu && !(packet.gsoSize > 0 && fitsCut(packet, mtu))) {
    return fragment(ipv4, packet, route, mtu, ignoreDf);
  }
  return transmit(ipv4, packet, route);
}

/** What this host sends by itself (`ip_local_out`): as `output`, after the netfilter has seen it. */
export function localOutput(ipv4: Ipv4, packet: Packet, route: Route4, mtu: number, loop = true): number {
  const { netfilter } = ipv4.host;
  if (netfilter === null) return output(ipv4, packet, route, mtu, loop);
  packet.connection = null;
  return filteredOutput(ipv4, packet, route, mtu, loop);
}

/** As `localOutput`, for what already belongs to a tracked connection. */
export function filteredOutput(ipv4: Ipv4, packet: Packet, route: Route4, mtu: number, loop = true): number {
  const netfilter = ipv4.host.netfilter!;
  packet.protocol = ETH_P_IP;
  packet.route = route;
  const passed = netfilter.pass(NF_LOCAL_OUT, 4, packet, null, route.device);
  if (passed === null) return -Errno.EPERM;
  if (!netfilter.rerouted) return output(ipv4, passed, route, mtu, loop);
  const other = rerouteOutput(ipv4, passed);
  if (other !== null) return output(ipv4, passed, other, other.mtu(ipv4.host.world.scheduler.now), loop);
  passed.release();
  return ipv4.routeError;
}

/** The route for the addresses and the mark that a packet has now (`ip_route_me_harder`). */
function rerouteOutput(ipv4: Ipv4, packet: Packet): Route4 | null {
  const { bytes, network } = packet;
  const flow = flow4();
  flow.destination = get32(bytes, network + IPV4_DESTINATION);
  flow.source = get32(bytes, network + IPV4_SOURCE);
  flow.tos = bytes[network + 1] & 0xfc;
  flow.mark = packet.mark;
  flow.protocol = bytes[network + IPV4_PROTOCOL];
  return routeOutput(ipv4, flow, true);
}

/** `ip_finish_output2` */
function transmit(ipv4: Ipv4, packet: Packet, route: Route4): number {
  const { ip, ipExt } = ipv4.host.mib;
  const length = packet.tail - packet.head;
  ip.OutTransmits++;
  ipExt.OutOctets += length;
  if (route.type === RTN_MULTICAST) {
    ipExt.OutMcastPkts++;
    ipExt.OutMcastOctets += length;
  } else if (route.type === RTN_BROADCAST) {
    ipExt.OutBcastPkts++;
    ipExt.OutBcastOctets += length;
  }
  const entry = route.neighbour(ipv4, get32(packet.bytes, packet.network + IPV4_DESTINATION));
  if (entry === null) {
    ipv4.host.world.drop(packet, "NEIGH_CREATEFAIL");
    return -Errno.ENOBUFS;
  }
  return entry.send(packet);
}

/** Whether the segments that a large packet will be cut into fit. */
export function fitsCut(packet: Packet, mtu: number): boolean {
  const { bytes, network } = packet;
  const header = (bytes[network] & 15) << 2;
  const transport = bytes[network + 9] === 6 ? (bytes[network + header + 12] >>> 4) << 2 : 8;
  return header + transport + packet.gsoSize <= mtu;
}

/** Copies of multicasts and broadcasts for this host itself. False when the packet goes no further (TTL 0). */
function loopBack(ipv4: Ipv4, packet: Packet, route: Route4, loop: boolean): boolean {
  if (route.device.loopback || (route.flags & RTCF_LOCAL) === 0) return true;
  const multicast = (route.flags & RTCF_MULTICAST) !== 0;
  if (!multicast || loop) ipv4.looped.push(packet, route);
  if (multicast && packet.bytes[packet.network + IPV4_TTL] === 0) {
    packet.release();
    return false;
  }
  return true;
}

/** Copies that come back within this instant, as if received by the interface they left by (`dev_loopback_xmit`). */
export class Looped implements Task {
  nextTask: Task | null = null;
  readonly #queue = new PacketQueue();

  constructor(readonly ipv4: Ipv4) {}

  push(packet: Packet, route: Route4): void {
    const copy = packet.copy();
    copy.kind = LOOPED;
    copy.device = route.device;
    copy.route = route;
    if (copy.checksum === CHECKSUM_NONE) copy.checksum = CHECKSUM_UNNECESSARY;
    if (this.#queue.length === 0) this.ipv4.host.world.scheduler.defer(this);
    this.#queue.push(copy);
  }

  run(): void {
    for (let packet = this.#queue.shift(); packet !== null; packet = this.#queue.shift()) {
      packet.network = packet.head;
      this.ipv4.input(packet, packet.device as Interface);
    }
  }
}

/** `ip_fragment`: cuts a packet into pieces of at most `mtu` octets, or tells its sender that it must not be cut. */
function fragment(ipv4: Ipv4, packet: Packet, route: Route4, mtu: number, ignoreDf: boolean): number {
  const { bytes, network } = packet;
  const { ip } = ipv4.host.mib;
  const word = get16(bytes, network + IPV4_FRAGMENT);
  if ((word & IP_DF) !== 0 && !ignoreDf) {
    ip.FragFails++;
    ipv4.icmp.send(packet, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
    packet.release();
    return -Errno.EMSGSIZE;
  }
  packet.completeChecksum();
  const header = (bytes[network] & 15) << 2;
  const piece = (mtu - header) & ~7;
  if (piece < 8) {
    ip.FragFails++;
    packet.release();
    return -Errno.EMSGSIZE;
  }
  const end = packet.tail;
  const more = word & IP_MF;
  let offset = word & IP_OFFSET;
  let error = 0;
  for (let at = network + header; at < end; at += piece) {
    const octets = Math.min(piece, end - at);
    const next = cut(ipv4, packet, header, at, octets);
    const last = at + octets >= end;
    put16(next.bytes, next.network + IPV4_FRAGMENT, (word & IP_DF) | (last ? more : IP_MF) | offset);
    if (at > network + header && header > IPV4_HEADER) dropUncopiedOptions(next.bytes, next.network, header);
    put16(next.bytes, next.network + IPV4_CHECKSUM, 0);
    put16(next.bytes, next.network + IPV4_CHECKSUM, checksum(next.bytes, next.network, next.network + header));
    offset += octets >>> 3;
    ip.FragCreates++;
    const result = transmit(ipv4, next, route);
    if (result < 0) error = result;
  }
  if (error === 0) ip.FragOKs++;
  else ip.FragFails++;
  packet.release();
  return error;
}

/** One fragment with the packet's header and `octets` of its payload. */
function cut(ipv4: Ipv4, packet: Packet, header: number, at: number, octets: number): Packet {
  const next = ipv4.host.world.packets.allocate(header + octets);
  const { head } = next;
  copyOctets(packet.bytes, packet.network, next.bytes, head, header);
  copyOctets(packet.bytes, at, next.bytes, head + header, octets);
  next.tail = head + header + octets;
  next.network = head;
  next.transport = head + header;
  next.protocol = ETH_P_IP;
  next.checksum = packet.checksum;
  next.mark = packet.mark;
  next.priority = packet.priority;
  next.route = packet.route;
  put16(next.bytes, head + IPV4_LENGTH, header + octets);
  return next;
}

/** Options without the copied bit stand in the first fragment only (`ip_options_fragment`). */
function dropUncopiedOptions(bytes: Uint8Array, network: number, header: number): void {
  const end = network + header;
  for (let at = network + IPV4_HEADER; at < end;) {
    const kind = bytes[at];
    if (kind === IPOPT_END) return;
    if (kind === IPOPT_NOOP) {
      at++;
      continue;
    }
    const length = bytes[at + 1];
    if (length < 2 || at + length > end) return;
    if ((kind & 0x80) === 0) bytes.fill(IPOPT_NOOP, at, at + length);
    at += length;
  }
}
