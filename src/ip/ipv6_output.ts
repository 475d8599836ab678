/** The way down (`net/ipv6/ip6_output.c`): from a packet with its IPv6 header and route to the link. */
import type { Interface } from "../device/interface.ts";
import { IFF_LOOPBACK } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { ETH_P_IPV6, ETHERNET_HEADER } from "../wire/ethernet.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_HOP_LIMIT,
  IPV6_LENGTH,
  IPV6_NEXT_HEADER,
  IPV6_SOURCE,
} from "../wire/ipv6.ts";
import { put16 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import { putMulticastMac } from "./address_kind6.ts";
import { fragment6 } from "./fragment6.ts";
import { NF_LOCAL_OUT, NF_POST_ROUTING } from "./host.ts";
import { inet6 } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { lookup } from "./lookup6.ts";
import { isMember6 } from "./mld6.ts";
import type { NeighbourEntry } from "./neighbour.ts";
import { RTN_LOCAL } from "./netlink.ts";
import type { Route6 } from "./route6.ts";

/** Writes the fixed header at `at` for what follows up to `tail`. */
export function putHeader6(
  packet: Packet,
  at: number,
  nextHeader: number,
  hopLimit: number,
  trafficClass: number,
  flowLabel: number,
  source: Uint8Array,
  destination: Uint8Array,
): void {
  const bytes = packet.bytes;
  bytes[at] = 0x60 | (trafficClass >>> 4);
  bytes[at + 1] = (trafficClass << 4) | (flowLabel >>> 16);
  bytes[at + 2] = flowLabel >>> 8;
  bytes[at + 3] = flowLabel;
  put16(bytes, at + IPV6_LENGTH, packet.tail - at - IPV6_HEADER);
  bytes[at + IPV6_NEXT_HEADER] = nextHeader;
  bytes[at + IPV6_HOP_LIMIT] = hopLimit;
  for (let i = 0; i < 16; i++) {
    bytes[at + IPV6_SOURCE + i] = source[i];
    bytes[at + IPV6_DESTINATION + i] = destination[i];
  }
  packet.network = packet.head = at;
  packet.protocol = ETH_P_IPV6;
}

/** The interface that a route leaves by: what is for this host goes over lo. */
export function routeDevice(ip: Ipv6, route: Route6): Interface {
  return route.type === RTN_LOCAL ? ip.host.loopback : route.device;
}

/**
 * Sends a packet that begins with its IPv6 header (`ip6_output`), in fragments when it is longer than `mtu` and its sender is
 * this host. Takes the reference. 0 or a negative errno.
 */
export function output6(ip: Ipv6, packet: Packet, route: Route6, mtu: number): number {
  const device = routeDevice(ip, route);
  const owner = inet6(device);
  if (owner === null || owner.config.disable_ipv6 !== 0) {
    ip.host.mib.ip6.OutDiscards++;
    packet.release();
    return 0;
  }
  const { netfilter } = ip.host;
  if (netfilter !== null) {
    const passed = netfilter.pass(NF_POST_ROUTING, 6, packet, null, device);
    if (passed === null) return -Errno.EPERM;
    packet = passed;
  }
  if (packet.tail - packet.head > mtu && packet.gsoSize === 0) return fragment6(ip, packet, route, device, mtu);
  return finishOutput6(ip, packet, route, device);
}

/** What this host sends by itself (`ip6_local_out`): as `output6`, after the netfilter has seen it. */
export function localOutput6(ip: Ipv6, packet: Packet, route: Route6, mtu: number): number {
  if (ip.host.netfilter === null) return output6(ip, packet, route, mtu);
  packet.connection = null;
  return filteredOutput6(ip, packet, route, mtu);
}

/** As `localOutput6`, for what already belongs to a tracked connection. */
export function filteredOutput6(ip: Ipv6, packet: Packet, route: Route6, mtu: number): number {
  const netfilter = ip.host.netfilter!;
  packet.route = route;
  const passed = netfilter.pass(NF_LOCAL_OUT, 6, packet, null, routeDevice(ip, route));
  if (passed === null) return -Errno.EPERM;
  if (!netfilter.rerouted) return output6(ip, passed, route, mtu);
  const other = rerouteOutput6(ip, passed);
  if (other !== null && other.error >= 0) return output6(ip, passed, other, mtu);
  passed.release();
  return other === null ? -Errno.ENETUNREACH : other.error;
}

/** The route for the addresses and the mark that a packet has now (`ip6_route_me_harder`). */
function rerouteOutput6(ip: Ipv6, packet: Packet): Route6 | null {
  const { bytes, head } = packet;
  const flow = ip.flow;
  flow.destination = flow.source = bytes;
  flow.destinationAt = head + IPV6_DESTINATION;
  flow.sourceAt = head + IPV6_SOURCE;
  flow.input = ip.host.loopback;
  flow.output = null;
  flow.pinned = flow.strict = false;
  flow.mark = packet.mark;
  flow.tos = ((bytes[head] & 15) << 4) | (bytes[head + 1] >>> 4);
  flow.protocol = bytes[head + IPV6_NEXT_HEADER];
  flow.sourcePort = flow.destinationPort = 0;
  return lookup(ip, flow);
}

/** Finds the link address and hands the packet to the interface (`ip6_finish_output2`). */
export function finishOutput6(ip: Ipv6, packet: Packet, route: Route6, device: Interface): number {
  const mib = ip.host.mib.ip6;
  const bytes = packet.bytes;
  const at = packet.head;
  mib.OutTransmits++;
  mib.OutOctets += packet.tail - at;
  if ((device.flags & IFF_LOOPBACK) !== 0) return transmitOnLoopback(packet, device);
  if (bytes[at + IPV6_DESTINATION] === 0xff) return multicastOutput(ip, packet, device);
  const entry = neighbourOf(ip, packet, route, device);
  if (entry === null) {
    ip.host.world.drop(packet, "NEIGH_CREATEFAIL");
    return -Errno.ENOBUFS;
  }
  return entry.send(packet);
}

function transmitOnLoopback(packet: Packet, device: Interface): number {
  const bytes = packet.bytes;
  const head = packet.head - ETHERNET_HEADER;
  for (let i = 0; i < 12; i++) bytes[head + i] = 0;
  bytes[head + 12] = ETH_P_IPV6 >>> 8;
  bytes[head + 13] = ETH_P_IPV6 & 0xff;
  packet.head = packet.link = head;
  return device.transmit(packet);
}

/** The gateway's entry is kept with its route; a destination on the link is looked up. */
function neighbourOf(ip: Ipv6, packet: Packet, route: Route6, device: Interface): NeighbourEntry | null {
  const known = route.neighbour;
  if (known !== null && !known.dead) return known;
  const table = ip.neighbourTable();
  if (route.gateway !== null) return route.neighbour = table.obtain(route.gateway, device);
  const { bytes, head } = packet;
  const address = ip.scratch;
  for (let i = 0; i < 16; i++) address[i] = bytes[head + IPV6_DESTINATION + i];
  const entry = table.obtain(address, device);
  if (route.prefixLength === 128) route.neighbour = entry;
  return entry;
}

/** Groups that this host has joined itself get a copy, when the sender wants that (`ip6_dev_loopback_xmit`). */
function multicastOutput(ip: Ipv6, packet: Packet, device: Interface): number {
  const bytes = packet.bytes;
  const at = packet.head;
  const mib = ip.host.mib.ip6;
  mib.OutMcastPkts++;
  mib.OutMcastOctets += packet.tail - at;
  const owner = inet6(device)!;
  if (wantsLoop(packet) && isMember6(owner, bytes, at + IPV6_DESTINATION)) ip.loopMulticast(packet, device);
  if (bytes[at + IPV6_HOP_LIMIT] === 0 || (bytes[at + IPV6_DESTINATION + 1] & 15) <= 1) {
    packet.release();
    return 0;
  }
  return transmitMulticast(packet, device);
}

/** IPV6_MULTICAST_LOOP of the socket that it belongs to (`sk_mc_loop`). */
function wantsLoop({ socket }: Packet): boolean {
  return (socket as { multicastLoop?: boolean } | null)?.multicastLoop !== false;
}

/** Puts the link header of a group before the packet and sends it. */
export function transmitMulticast(packet: Packet, device: Interface): number {
  const bytes = packet.bytes;
  const at = packet.head;
  const head = at - ETHERNET_HEADER;
  putMulticastMac(bytes, head, bytes, at + IPV6_DESTINATION);
  const own = device.address;
  for (let i = 0; i < 6; i++) bytes[head + 6 + i] = own[i];
  bytes[head + 12] = ETH_P_IPV6 >>> 8;
  bytes[head + 13] = ETH_P_IPV6 & 0xff;
  packet.head = packet.link = head;
  return device.transmit(packet);
}
