/** Cutting what is longer than the path MTU, at its source only (RFC 8200 section 4.5; `ip6_fragment`). */
import type { Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { ETH_P_IPV6 } from "../wire/ethernet.ts";
import {
  IPV6_HEADER,
  IPV6_LENGTH,
  IPV6_NEXT_HEADER,
  NEXTHDR_DEST,
  NEXTHDR_FRAGMENT,
  NEXTHDR_HOP,
  NEXTHDR_ROUTING,
} from "../wire/ipv6.ts";
import { put16, put32 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import type { Ipv6 } from "./ipv6.ts";
import { finishOutput6 } from "./ipv6_output.ts";
import type { Route6 } from "./route6.ts";

export const FRAGMENT_HEADER = 8;

/** Takes the packet and its reference; 0 or a negative errno. */
export function fragment6(ip: Ipv6, packet: Packet, route: Route6, device: Interface, mtu: number): number {
  const mib = ip.host.mib.ip6;
  packet.completeChecksum();
  const { bytes, head } = packet;
  const previous = lastUnfragmentable(packet);
  const header = previous < 0 ? IPV6_HEADER : previousEnd(packet, previous);
  const room = (mtu - header - FRAGMENT_HEADER) & ~7;
  if (room < 8) {
    mib.FragFails++;
    packet.release();
    return -Errno.EMSGSIZE;
  }
  const nextAt = previous < 0 ? head + IPV6_NEXT_HEADER : previous;
  const nextHeader = bytes[nextAt];
  const identification = ip.random.uint32();
  const start = head + header;
  let result = 0;
  for (let from = start; from < packet.tail; from += room) {
    const last = packet.tail - from <= room;
    const length = last ? packet.tail - from : room;
    const fragment = ip.host.world.packets.allocate(header + FRAGMENT_HEADER + length);
    const out = fragment.bytes;
    const at = fragment.head;
    out.set(bytes.subarray(head, start), at);
    out[at + nextAt - head] = NEXTHDR_FRAGMENT;
    put16(out, at + IPV6_LENGTH, header - IPV6_HEADER + FRAGMENT_HEADER + length);
    const extension = at + header;
    out[extension] = nextHeader;
    out[extension + 1] = 0;
    put16(out, extension + 2, (from - start) | (last ? 0 : 1));
    put32(out, extension + 4, identification);
    out.set(bytes.subarray(from, from + length), extension + FRAGMENT_HEADER);
    fragment.tail = extension + FRAGMENT_HEADER + length;
    fragment.network = at;
    fragment.transport = extension;
    fragment.protocol = ETH_P_IPV6;
    fragment.mark = packet.mark;
    fragment.priority = packet.priority;
    fragment.socket = packet.socket;
    mib.FragCreates++;
    result = finishOutput6(ip, fragment, route, device);
    if (result < 0) break;
  }
  if (result < 0) mib.FragFails++;
  else mib.FragOKs++;
  packet.release();
  return result;
}

/**
 * Where the next-header field of the last header that every fragment repeats is (`ip6_find_1stfragopt`): hop-by-hop, routing, and
 * destination options before routing. -1 when there is only the fixed header.
 */
function lastUnfragmentable(packet: Packet): number {
  const { bytes, head, tail } = packet;
  let next = bytes[head + IPV6_NEXT_HEADER];
  let at = head + IPV6_HEADER;
  let found = -1;
  while (at + 8 <= tail && (next === NEXTHDR_HOP || next === NEXTHDR_ROUTING || next === NEXTHDR_DEST)) {
    if (next !== NEXTHDR_DEST) found = at;
    next = bytes[at];
    at += (bytes[at + 1] + 1) * 8;
  }
  return found;
}

function previousEnd(packet: Packet, at: number): number {
  return at + (packet.bytes[at + 1] + 1) * 8 - packet.head;
}
