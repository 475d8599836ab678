/** Routers (`ip6_forward`): what came for another goes on, one hop older. */
import type { Interface } from "../device/interface.ts";
import { ICMPV6_DEST_UNREACH, ICMPV6_PKT_TOOBIG, ICMPV6_TIME_EXCEED } from "../wire/icmp.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_HOP_LIMIT,
  IPV6_NEXT_HEADER,
  IPV6_SOURCE,
  isLinkLocal6,
  isMulticast6,
  NEXTHDR_ICMP,
} from "../wire/ipv6.ts";
import { type Packet, TO_HOST } from "../wire/packet.ts";
import { isAny6, isLoopback6 } from "./address_kind6.ts";
import { IPV6_MIN_MTU } from "./addrconf6.ts";
import { NF_FORWARD, NF_POST_ROUTING } from "./host.ts";
import { icmp6Error } from "./icmp6.ts";
import { RATE_SECOND } from "./icmp6_limit.ts";
import type { Inet6Device } from "./inet6_device.ts";
import { deliver6 } from "./ipv6_input.ts";
import type { Ipv6 } from "./ipv6.ts";
import { finishOutput6 } from "./ipv6_output.ts";
import { routeMtu } from "./path6.ts";
import { sendRedirect } from "./redirect6.ts";
import type { Route6 } from "./route6.ts";

/** RFC 4443 section 3.1: the source is beyond the scope in which it means something. */
const BEYOND_SCOPE = 2;

export function forward6(ip: Ipv6, owner: Inet6Device, packet: Packet, route: Route6, device: Interface): void {
  const mib = ip.host.mib.ip6;
  if ((ip.allConfig.forwarding === 0 && owner.config.force_forwarding === 0) || packet.kind !== TO_HOST) {
    ip.host.world.drop(packet, "IP_NOT_FORWARDED");
    return;
  }
  const { bytes, head } = packet;
  if (bytes[head + IPV6_HOP_LIMIT] <= 1) {
    icmp6Error(ip, packet, ICMPV6_TIME_EXCEED, 0, 0);
    mib.InHdrErrors++;
    packet.release();
    return;
  }
  if (ip.allConfig.proxy_ndp !== 0 && isProxied(ip, packet, device)) {
    if (!concernsNeighbours(packet)) {
      if (isLinkLocal6(bytes, head + IPV6_DESTINATION)) {
        mib.InDiscards++;
        packet.release();
        return;
      }
    } else return deliver6(ip, owner, packet);
  }
  const source = head + IPV6_SOURCE;
  if (route.device === device) {
    const viaGateway = route.gateway !== null;
    const target = viaGateway ? route.gateway! : bytes;
    const targetAt = viaGateway ? 0 : head + IPV6_DESTINATION;
    if (mayRedirect(ip, target, targetAt)) sendRedirect(ip, packet, device, target, targetAt);
  } else if (
    isMulticast6(bytes, source) || (bytes[source] === 0 && (isAny6(bytes, source) || isLoopback6(bytes, source)))
  ) {
    mib.InAddrErrors++;
    packet.release();
    return;
  } else if (isLinkLocal6(bytes, source)) {
    icmp6Error(ip, packet, ICMPV6_DEST_UNREACH, BEYOND_SCOPE, 0);
    mib.InAddrErrors++;
    packet.release();
    return;
  }
  const mtu = Math.max(routeMtu(route), IPV6_MIN_MTU);
  if (longest(packet) > mtu) {
    icmp6Error(ip, packet, ICMPV6_PKT_TOOBIG, 0, mtu);
    mib.InTooBigErrors++;
    mib.FragFails++;
    packet.release();
    return;
  }
  if (!packet.owned) packet = unshare(packet);
  packet.bytes[packet.head + IPV6_HOP_LIMIT]--;
  mib.OutForwDatagrams++;
  const { netfilter } = ip.host;
  if (netfilter !== null) {
    let passed = netfilter.pass(NF_FORWARD, 6, packet, device, route.device);
    if (passed !== null) passed = netfilter.pass(NF_POST_ROUTING, 6, passed, null, route.device);
    if (passed === null) return;
    packet = passed;
  }
  finishOutput6(ip, packet, route, route.device);
}

/** What the longest piece will be: of a packet that is to be cut, a segment. */
function longest(packet: Packet): number {
  if (packet.gsoSize === 0) return packet.tail - packet.head;
  const { bytes, head } = packet;
  const transport = head + IPV6_HEADER;
  const header = bytes[head + IPV6_NEXT_HEADER] === 6 ? (bytes[transport + 12] >>> 4) * 4 : 8;
  return Math.min(packet.tail - head, IPV6_HEADER + header + packet.gsoSize);
}

function unshare(packet: Packet): Packet {
  const copy = packet.copy();
  packet.release();
  return copy;
}

function isProxied(ip: Ipv6, packet: Packet, device: Interface): boolean {
  const at = packet.head + IPV6_DESTINATION;
  return ip.neighbourCache !== null && ip.neighbourCache.isProxy(packet.bytes.subarray(at, at + 16), device);
}

/** Solicitations and advertisements for a proxied address are for the proxy itself (`ip6_forward_proxy_check`). */
function concernsNeighbours(packet: Packet): boolean {
  const { bytes, head, tail } = packet;
  if (bytes[head + IPV6_NEXT_HEADER] !== NEXTHDR_ICMP || head + IPV6_HEADER >= tail) return false;
  const type = bytes[head + IPV6_HEADER];
  return type >= 133 && type <= 137;
}

/** Redirects about one target are limited to one in a second. */
function mayRedirect(ip: Ipv6, target: Uint8Array, targetAt: number): boolean {
  return ip.limits().allowPeer(target.subarray(targetAt, targetAt + 16), RATE_SECOND, ip.now);
}
