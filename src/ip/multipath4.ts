/** Which of several next hops a flow takes: by a hash of what it consists of (`fib_select_multipath`, RFC 2992). */
import { get16 } from "../wire/octets.ts";
import { IP_MF, IP_OFFSET, IPPROTO_TCP, IPPROTO_UDP, IPV4_FRAGMENT, IPV4_PROTOCOL } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import type { Flow4 } from "./flow4.ts";
import type { FibInfo, FibNexthop } from "./fib_info4.ts";
import type { Ipv4 } from "./ipv4.ts";
import { NUD_VALID } from "./neighbour.ts";
import { RT_SCOPE_LINK } from "./netlink.ts";

function mix(hash: number, word: number): number {
  hash = Math.imul(hash ^ word, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** 31 bits: of the addresses, and with fib_multipath_hash_policy 1 of protocol and ports too. */
function flowHash(ipv4: Ipv4, flow: Flow4, packet: Packet | null): number {
  let hash = mix(mix(ipv4.hashSeed, flow.source), flow.destination);
  if (ipv4.settings.fib_multipath_hash_policy !== 0) {
    let { protocol, sourcePort, destinationPort } = flow;
    if (packet !== null) {
      const { bytes, network } = packet;
      protocol = bytes[network + IPV4_PROTOCOL];
      const ports = network + (bytes[network] & 15) * 4;
      const whole = (get16(bytes, network + IPV4_FRAGMENT) & (IP_MF | IP_OFFSET)) === 0;
      if (whole && (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) && packet.tail >= ports + 4) {
        sourcePort = get16(bytes, ports);
        destinationPort = get16(bytes, ports + 2);
      } else sourcePort = destinationPort = 0;
    }
    hash = mix(mix(hash, (sourcePort << 16) | destinationPort), protocol);
  }
  return hash >>> 1;
}

export function selectMultipath(
  ipv4: Ipv4,
  info: FibInfo,
  found: FibNexthop,
  flow: Flow4,
  packet: Packet | null = null,
): FibNexthop {
  const hash = flowHash(ipv4, flow, packet);
  const useNeighbour = ipv4.settings.fib_multipath_use_neigh !== 0;
  // Only what is sent from here prefers the way that its source belongs to.
  const source = packet === null ? flow.source : 0;
  let best = found;
  let score = 0;
  for (const nexthop of info.nexthops) {
    if (nexthop.upperBound === -1 || (useNeighbour && !isGood(ipv4, nexthop))) continue;
    let own = 0;
    if (source !== 0 && nexthop.source === source) own += 2;
    if (hash <= nexthop.upperBound) own++;
    if (own > score) {
      best = nexthop;
      if (own === 3 || (source === 0 && own === 1)) return best;
      score = own;
    }
  }
  return best;
}

/** `fib_good_nh`: the gateway is not known to be silent. */
function isGood(ipv4: Ipv4, nexthop: FibNexthop): boolean {
  if (nexthop.scope !== RT_SCOPE_LINK || nexthop.gatewayAddress === 0) return true;
  const entry = ipv4.arpTable?.lookup(nexthop.gatewayAddress, nexthop.device!) ?? null;
  return entry === null || entry.state === 0 || (entry.state & NUD_VALID) !== 0;
}
