/** The way in: checks, route, and delivery to those who listen here (`net/ipv4/ip_input.c`). */
import type { Interface } from "../device/interface.ts";
import { fold, sumOctets } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import {
  ICMP_DEST_UNREACH,
  ICMP_HOST_UNREACH,
  ICMP_NET_UNREACH,
  ICMP_PKT_FILTERED,
  ICMP_PROT_UNREACH,
} from "../wire/icmp.ts";
import {
  IP_MF,
  IP_OFFSET,
  IPPROTO_ICMP,
  IPPROTO_IGMP,
  IPV4_DESTINATION,
  IPV4_FRAGMENT,
  IPV4_HEADER,
  IPV4_LENGTH,
  IPV4_PROTOCOL,
  IPV4_SOURCE,
  IPV4_TOS,
  isMulticast4,
} from "../wire/ipv4.ts";
import { get16, get32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, type Packet, TO_BROADCAST, TO_MULTICAST, TO_OTHER_HOST } from "../wire/packet.ts";
import { NF_LOCAL_IN, NF_PRE_ROUTING } from "./host.ts";
import { icmpReceive } from "./icmp4.ts";
import { igmpReceive } from "./igmp.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { acceptsOptions } from "./ip_options.ts";
import { forward } from "./ipv4_forward.ts";
import { LOOPED } from "./ipv4_output.ts";
import { RTN_BROADCAST, RTN_MULTICAST } from "./netlink.ts";
import { INPUT_FORWARD, INPUT_LOCAL, type Route4, RTCF_BROADCAST, RTCF_MULTICAST } from "./route4.ts";
import { multicastInput, routeInput } from "./route_input4.ts";

/** `ip_rcv`: takes a packet whose `head` is at the IPv4 header. */
export function ipReceive(ipv4: Ipv4, packet: Packet, device: Interface): void {
  const own = inDevice(device);
  if (own === null || packet.kind === TO_OTHER_HOST) {
    ipv4.host.world.drop(packet, "OTHERHOST");
    return;
  }
  const { mib } = ipv4.host;
  const { ip, ipExt } = mib;
  const { bytes, head } = packet;
  const available = packet.tail - head;
  ip.InReceives++;
  ipExt.InOctets += available;
  let header = (bytes[head] & 15) << 2;
  if (available < IPV4_HEADER || bytes[head] >>> 4 !== 4 || header < IPV4_HEADER || available < header) {
    ip.InHdrErrors++;
    packet.release();
    return;
  }
  let tos = bytes[head + IPV4_TOS];
  countEcn(ipExt, tos & 3);
  if (packet.checksum === CHECKSUM_NONE && fold(sumOctets(bytes, head, head + header)) !== 0xffff) {
    ipExt.InCsumErrors++;
    ip.InHdrErrors++;
    packet.release();
    return;
  }
  let length = get16(bytes, head + IPV4_LENGTH);
  if (length > available) {
    ipExt.InTruncatedPkts++;
    packet.release();
    return;
  }
  if (length < header) {
    ip.InHdrErrors++;
    packet.release();
    return;
  }
  packet.tail = head + length;
  packet.transport = head + header;
  const { netfilter } = ipv4.host;
  if (netfilter !== null) {
    const passed = netfilter.pass(NF_PRE_ROUTING, 4, packet, device, null);
    if (passed === null) return;
    packet = passed;
    header = passed.transport - passed.network;
    length = passed.tail - passed.network;
    tos = passed.bytes[passed.network + IPV4_TOS];
  }
  // What was sent over lo, and copies of own multicasts, have their route already.
  const routed = packet.route !== null && (packet.kind === LOOPED || device.loopback);
  if (!routed && !findRoute(ipv4, packet, own, tos)) {
    packet.release();
    return;
  }
  if (header > IPV4_HEADER && !acceptsOptions(ipv4, packet)) {
    packet.release();
    return;
  }
  const route = packet.route as Route4;
  if (route.type === RTN_MULTICAST) {
    ipExt.InMcastPkts++;
    ipExt.InMcastOctets += length;
  } else if (route.type === RTN_BROADCAST) {
    ipExt.InBcastPkts++;
    ipExt.InBcastOctets += length;
  } else if (
    (packet.kind === TO_BROADCAST || packet.kind === TO_MULTICAST) && own.either("drop_unicast_in_l2_multicast")
  ) {
    ipv4.host.world.drop(packet, "UNICAST_IN_L2_MULTICAST");
    return;
  }
  if (route.input === INPUT_FORWARD) forward(ipv4, packet, own, route);
  else if (route.input === INPUT_LOCAL) deliver(ipv4, packet, own);
  else rejectUnroutable(ipv4, packet, own, route);
}

function countEcn(
  ipExt: { InNoECTPkts: number; InECT1Pkts: number; InECT0Pkts: number; InCEPkts: number },
  ecn: number,
): void {
  if (ecn === 0) ipExt.InNoECTPkts++;
  else if (ecn === 1) ipExt.InECT1Pkts++;
  else if (ecn === 2) ipExt.InECT0Pkts++;
  else ipExt.InCEPkts++;
}

/** Finds the route, from what was found for the last packet of this interface if that was alike. */
function findRoute(ipv4: Ipv4, packet: Packet, own: InDevice, tos: number): boolean {
  const { bytes, head } = packet;
  const destination = get32(bytes, head + IPV4_DESTINATION);
  const source = get32(bytes, head + IPV4_SOURCE);
  const { cache } = own;
  if (
    cache.destination === destination && cache.source === source && cache.generation === ipv4.generation &&
    cache.tos === tos && cache.mark === packet.mark
  ) {
    packet.route = cache.route;
    packet.control = cache.redirect ? 1 : 0;
    return true;
  }
  let error: number;
  if (isMulticast4(destination)) {
    const joined = own.groups !== null && own.groups.has(destination);
    error = joined ? multicastInput(ipv4, packet, source, destination, tos, own) : -Errno.EINVAL;
  } else error = routeInput(ipv4, packet, destination, source, tos, own);
  if (error !== 0) {
    const { drops } = ipv4.host.world;
    if (error === -Errno.EXDEV) ipv4.host.mib.tcpExt.IPReversePathFilter++;
    else if (isMulticast4(destination)) drops.IP_NOT_MEMBER++;
    else drops.IP_MARTIAN++;
    return false;
  }
  const route = packet.route as Route4;
  if (route.info !== null && route.info.nexthops.length > 1) return true;
  cache.destination = destination;
  cache.source = source;
  cache.tos = tos;
  cache.mark = packet.mark;
  cache.generation = ipv4.generation;
  cache.route = route;
  cache.redirect = packet.control === 1;
  return true;
}

/** `ip_error`: no way on from here. */
function rejectUnroutable(ipv4: Ipv4, packet: Packet, own: InDevice, route: Route4): void {
  const { error } = route;
  const { mib } = ipv4.host;
  if (!own.forwarding) {
    if (error === Errno.EHOSTUNREACH) mib.ip.InAddrErrors++;
    else if (error === Errno.ENETUNREACH) mib.ipExt.InNoRoutes++;
    else ipv4.host.world.drops.IP_BLACKHOLE++;
    packet.release();
    return;
  }
  let code = -1;
  if (error === Errno.EHOSTUNREACH) code = ICMP_HOST_UNREACH;
  else if (error === Errno.ENETUNREACH) {
    code = ICMP_NET_UNREACH;
    mib.ipExt.InNoRoutes++;
  } else if (error === Errno.EACCES) code = ICMP_PKT_FILTERED;
  else ipv4.host.world.drops.IP_BLACKHOLE++;
  if (code >= 0 && ipv4.icmp.allowRouteError(get32(packet.bytes, packet.network + IPV4_SOURCE))) {
    ipv4.icmp.send(packet, ICMP_DEST_UNREACH, code, 0);
  }
  packet.release();
}

/** `ip_local_deliver`: puts fragments together, then hands the packet to raw sockets and its protocol. */
function deliver(ipv4: Ipv4, packet: Packet, own: InDevice): void {
  if ((get16(packet.bytes, packet.network + IPV4_FRAGMENT) & (IP_MF | IP_OFFSET)) !== 0) {
    const whole = ipv4.fragments.receive(packet, own.device);
    if (whole === null) return;
    packet = whole;
  }
  const { host } = ipv4;
  if (host.netfilter !== null) {
    const passed = host.netfilter.pass(NF_LOCAL_IN, 4, packet, own.device, null);
    if (passed === null) return;
    packet = passed;
  }
  const { bytes, network } = packet;
  const protocol = bytes[network + IPV4_PROTOCOL];
  packet.head = packet.transport = network + ((bytes[network] & 15) << 2);
  const raw = host.rawInput(4, protocol, packet);
  const { ip } = host.mib;
  if (protocol === IPPROTO_ICMP) {
    ip.InDelivers++;
    icmpReceive(ipv4, packet, own);
    return;
  }
  if (protocol === IPPROTO_IGMP) {
    ip.InDelivers++;
    igmpReceive(ipv4, packet, own);
    return;
  }
  const taker = host.protocol(4, protocol);
  if (taker !== null) {
    ip.InDelivers++;
    taker.input(packet);
    return;
  }
  if (raw) ip.InDelivers++;
  else {
    ip.InUnknownProtos++;
    packet.head = network;
    ipv4.icmp.send(packet, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
  }
  packet.release();
}

/** Whether a received packet was meant for more than this host: such are not answered. */
export function isForMany(packet: Packet): boolean {
  const route = packet.route as Route4 | null;
  return route !== null && (route.flags & (RTCF_BROADCAST | RTCF_MULTICAST)) !== 0;
}
