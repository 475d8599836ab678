/** The way up (`net/ipv6/ip6_input.c`): checks, extension headers, the route, and delivery to protocols. */
import type { Interface } from "../device/interface.ts";
import { IFF_LOOPBACK } from "../device/interface.ts";
import { ICMPV6_ADM_PROHIBITED, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, ICMPV6_PARAMPROB } from "../wire/icmp.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_LENGTH,
  IPV6_NEXT_HEADER,
  IPV6_SOURCE,
  isLinkLocal6,
  NEXTHDR_DEST,
  NEXTHDR_FRAGMENT,
  NEXTHDR_HOP,
  NEXTHDR_ICMP,
  NEXTHDR_NONE,
  NEXTHDR_ROUTING,
} from "../wire/ipv6.ts";
import { get16, get32 } from "../wire/octets.ts";
import { type Packet, TO_OTHER_HOST } from "../wire/packet.ts";
import { isAny6, isLoopback6 } from "./address_kind6.ts";
import { optionsInput, routingInput, UNKNOWN_NEXT_HEADER } from "./extension_headers6.ts";
import { NF_LOCAL_IN, NF_PRE_ROUTING } from "./host.ts";
import { checksumRight6, icmp6Error, icmp6Input } from "./icmp6.ts";
import { inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { forward6 } from "./ipv6_forward.ts";
import { lookup, needsInterface } from "./lookup6.ts";
import { isMember6 } from "./mld6.ts";
import { RTN_ANYCAST, RTN_BLACKHOLE, RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RTN_PROHIBIT } from "./netlink.ts";
import { fragmentInput } from "./reassembly6.ts";
import type { Route6 } from "./route6.ts";

/** `packet.kind` of a copy of what this host sent to a group (PACKET_LOOPBACK). */
export const LOOPED = 5;

/** Takes a received packet that begins at `packet.head` (`ipv6_rcv`). */
export function input6(ip: Ipv6, packet: Packet, device: Interface): void {
  if (packet.kind === TO_OTHER_HOST) {
    ip.host.world.drop(packet, "OTHERHOST");
    return;
  }
  const mib = ip.host.mib.ip6;
  const { bytes, head: at } = packet;
  const length = packet.tail - at;
  mib.InReceives++;
  mib.InOctets += length;
  const owner = inet6(device);
  if (owner === null || owner.config.disable_ipv6 !== 0) {
    mib.InDiscards++;
    packet.release();
    return;
  }
  packet.network = at;
  packet.control = packet.control2 = 0;
  if (length < IPV6_HEADER || bytes[at] >>> 4 !== 6 || !addressesRight(packet, device)) {
    mib.InHdrErrors++;
    packet.release();
    return;
  }
  countEcn(ip, bytes[at + 1]);
  if (owner.config.drop_unicast_in_l2_multicast !== 0 && packet.kind !== 0 && bytes[at + IPV6_DESTINATION] !== 0xff) {
    mib.InHdrErrors++;
    packet.release();
    return;
  }
  const payload = get16(bytes, at + IPV6_LENGTH);
  const next = bytes[at + IPV6_NEXT_HEADER];
  if (payload !== 0 || next !== NEXTHDR_HOP) {
    if (packet.gsoSize === 0) {
      if (payload + IPV6_HEADER > length) {
        mib.InTruncatedPkts++;
        packet.release();
        return;
      }
      packet.tail = at + IPV6_HEADER + payload;
    }
  }
  packet.device = device;
  if (next === NEXTHDR_HOP && !hopByHopInput(ip, packet)) return;
  const { netfilter } = ip.host;
  if (netfilter !== null) {
    const passed = netfilter.pass(NF_PRE_ROUTING, 6, packet, device, null);
    if (passed === null) return;
    packet = passed;
  }
  routeInput(ip, owner, packet, device);
}

/** RFC 4291 sections 2.5.3 and 2.7: what may never be seen on a link. */
function addressesRight(packet: Packet, device: Interface): boolean {
  const { bytes, head: at } = packet;
  const source = at + IPV6_SOURCE;
  const destination = at + IPV6_DESTINATION;
  if (bytes[source] === 0xff) return false;
  if ((device.flags & IFF_LOOPBACK) === 0) {
    if (bytes[source] === 0 && isLoopback6(bytes, source)) return false;
    if (bytes[destination] === 0 && isLoopback6(bytes, destination)) return false;
    if (bytes[destination] === 0xff && (bytes[destination + 1] & 15) === 1 && packet.kind !== LOOPED) return false;
  }
  return bytes[destination] !== 0xff || (bytes[destination + 1] & 15) !== 0;
}

function countEcn(ip: Ipv6, octet: number): void {
  const mib = ip.host.mib.ip6;
  const ecn = (octet >>> 4) & 3;
  if (ecn === 0) mib.InNoECTPkts++;
  else if (ecn === 1) mib.InECT1Pkts++;
  else if (ecn === 2) mib.InECT0Pkts++;
  else mib.InCEPkts++;
}

/** The hop-by-hop options come first, before the route is looked for. False when the packet was dropped. */
function hopByHopInput(ip: Ipv6, packet: Packet): boolean {
  const end = optionsInput(ip, packet, packet.head + IPV6_HEADER, true);
  if (end !== 0) return true;
  packet.release();
  return false;
}

function routeInput(ip: Ipv6, owner: Inet6Device, packet: Packet, device: Interface): void {
  const route = findRoute(ip, packet, device);
  if (route === null) return discard(ip, packet, ICMPV6_NOROUTE);
  packet.route = route;
  switch (route.type) {
    case RTN_LOCAL:
      // What this host sends to a link-local address of its own belongs to that link (`IP6CB(skb)->iif`).
      if (route.device !== device && isLinkLocal6(packet.bytes, packet.head + IPV6_DESTINATION)) {
        packet.device = route.device;
        owner = inet6(route.device) ?? owner;
      }
      return deliver6(ip, owner, packet);
    case RTN_ANYCAST:
    case RTN_BROADCAST:
      return deliver6(ip, owner, packet);
    case RTN_MULTICAST:
      return multicastInput(ip, owner, packet);
    case RTN_BLACKHOLE:
      ip.host.world.drop(packet, "IP_BLACKHOLE");
      return;
    case RTN_PROHIBIT:
      return discard(ip, packet, ICMPV6_ADM_PROHIBITED);
    default:
      if (route.rejects || route.device === ip.host.loopback) return discard(ip, packet, ICMPV6_NOROUTE);
      forward6(ip, owner, packet, route, device);
  }
}

/** Nothing leads there: `ip6_pkt_discard`, `ip6_pkt_prohibit`. */
function discard(ip: Ipv6, packet: Packet, code: number): void {
  const mib = ip.host.mib.ip6;
  if (isAny6(packet.bytes, packet.head + IPV6_DESTINATION)) mib.InAddrErrors++;
  else mib.InNoRoutes++;
  icmp6Error(ip, packet, ICMPV6_DEST_UNREACH, code, 0);
  packet.release();
}

function findRoute(ip: Ipv6, packet: Packet, device: Interface): Route6 | null {
  const { bytes, head } = packet;
  const at = head + IPV6_DESTINATION;
  const cache = ip.inputCache;
  if (cache !== null) {
    const known = cache.find(bytes, at, device, ip.generation);
    if (known !== null) return known;
  }
  const flow = ip.flow;
  flow.destination = bytes;
  flow.destinationAt = at;
  flow.source = bytes;
  flow.sourceAt = head + IPV6_SOURCE;
  flow.input = flow.output = device;
  flow.pinned = false;
  flow.strict = (device.flags & IFF_LOOPBACK) === 0 && needsInterface(bytes, at);
  flow.mark = packet.mark;
  flow.tos = ((bytes[head] & 15) << 4) | (bytes[head + 1] >>> 4);
  flow.protocol = bytes[head + IPV6_NEXT_HEADER];
  flow.sourcePort = flow.destinationPort = 0;
  const route = lookup(ip, flow);
  if (route !== null && !ip.customRules) ip.remember(bytes, at, device, route);
  return route;
}

/** The routes of the destinations seen last on input, by destination and interface, until anything changes. */
export class InputCache6 {
  readonly #words = new Int32Array(64);
  readonly #devices: (Interface | null)[] = new Array(16).fill(null);
  readonly #routes: (Route6 | null)[] = new Array(16).fill(null);
  #generation = -1;

  find(bytes: Uint8Array, at: number, device: Interface, generation: number): Route6 | null {
    if (this.#generation !== generation) return null;
    const w3 = get32(bytes, at + 12) | 0;
    const slot = (w3 ^ (w3 >>> 4) ^ device.index) & 15;
    const words = this.#words;
    const from = slot * 4;
    if (this.#devices[slot] !== device || words[from + 3] !== w3) return null;
    if (words[from + 1] !== (get32(bytes, at + 4) | 0) || words[from + 2] !== (get32(bytes, at + 8) | 0)) return null;
    return words[from] === (get32(bytes, at) | 0) ? this.#routes[slot] : null;
  }

  put(bytes: Uint8Array, at: number, device: Interface, generation: number, route: Route6): void {
    if (this.#generation !== generation) {
      this.#generation = generation;
      this.#devices.fill(null);
      this.#routes.fill(null);
    }
    const w3 = get32(bytes, at + 12) | 0;
    const slot = (w3 ^ (w3 >>> 4) ^ device.index) & 15;
    this.#devices[slot] = device;
    this.#routes[slot] = route;
    for (let i = 0; i < 4; i++) this.#words[slot * 4 + i] = get32(bytes, at + 4 * i) | 0;
  }
}

/** To a group: for this host when it has joined it here (`ip6_mc_input`). */
function multicastInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const mib = ip.host.mib.ip6;
  const { bytes, head, tail } = packet;
  mib.InMcastPkts++;
  mib.InMcastOctets += tail - head;
  if (isMember6(owner, bytes, head + IPV6_DESTINATION)) deliver6(ip, owner, packet);
  else ip.host.world.drop(packet, "IP_NOT_MEMBER");
}

/** Walks the headers up to the transport protocol and hands the packet over (`ip6_protocol_deliver_rcu`). */
export function deliver6(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { netfilter } = ip.host;
  if (netfilter !== null && packet.head === packet.network) {
    const passed = netfilter.pass(NF_LOCAL_IN, 6, packet, packet.device as Interface, null);
    if (passed === null) return;
    packet = passed;
  }
  const { bytes, network } = packet;
  let at = network + IPV6_HEADER;
  let nextAt = network + IPV6_NEXT_HEADER;
  let next = bytes[nextAt];
  if (next === NEXTHDR_HOP && at + 8 <= packet.tail) {
    nextAt = at;
    next = bytes[at];
    at += (bytes[at + 1] + 1) * 8;
  }
  for (;;) {
    packet.head = packet.transport = at;
    // Raw sockets see messages of ICMPv6 only when their checksum is right (`rawv6_rcv`).
    const seen = next !== NEXTHDR_ICMP || checksumRight6(packet, at);
    const taken = seen && ip.host.rawInput(6, next, packet);
    let end: number;
    if (next === NEXTHDR_FRAGMENT) {
      end = fragmentInput(ip, owner, packet, at);
      if (end < 0) return; // it waits for the others, or was dropped
    } else if (next === NEXTHDR_DEST) end = optionsInput(ip, packet, at, false);
    else if (next === NEXTHDR_ROUTING) end = routingInput(ip, owner, packet, at);
    else {
      final(ip, owner, packet, next, nextAt, taken);
      return;
    }
    if (end === 0) {
      packet.release();
      return;
    }
    nextAt = at;
    next = bytes[at];
    at = end;
  }
}

function final(ip: Ipv6, owner: Inet6Device, packet: Packet, next: number, nextAt: number, taken: boolean): void {
  const mib = ip.host.mib.ip6;
  if (next === NEXTHDR_ICMP) {
    mib.InDelivers++;
    icmp6Input(ip, owner, packet);
    return;
  }
  const protocol = ip.host.protocol(6, next);
  if (protocol !== null) {
    mib.InDelivers++;
    protocol.input(packet);
    return;
  }
  if (next === NEXTHDR_NONE) {
    packet.release();
    return;
  }
  if (taken) mib.InDelivers++;
  else {
    mib.InUnknownProtos++;
    icmp6Error(ip, packet, ICMPV6_PARAMPROB, UNKNOWN_NEXT_HEADER, nextAt - packet.network);
  }
  packet.release();
}
