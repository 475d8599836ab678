/** Options of a received IPv4 header (RFC 791 section 3.1, `ip_options_compile`): checked; routes given by the sender are refused. */
import { ICMP_PARAMETER_PROBLEM } from "../wire/icmp.ts";
import { IPV4_HEADER } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import type { Ipv4 } from "./ipv4.ts";

export const IPOPT_END = 0;
export const IPOPT_NOOP = 1;
const IPOPT_RR = 7;
const IPOPT_TIMESTAMP = 68;
const IPOPT_RA = 148;
const IPOPT_LSRR = 131;
const IPOPT_SSRR = 137;

/** The offset, from the header, of what is wrong with the options; 0 when nothing is, -1 for a source route. */
export function checkOptions(bytes: Uint8Array, header: number, end: number): number {
  let sourceRoute = false;
  for (let at = header + IPV4_HEADER; at < end;) {
    const kind = bytes[at];
    if (kind === IPOPT_END) break;
    if (kind === IPOPT_NOOP) {
      at++;
      continue;
    }
    if (at + 2 > end) return at - header;
    const length = bytes[at + 1];
    if (length < 2 || at + length > end) return at - header;
    const wrong = checkOption(bytes, at, kind, length);
    if (wrong >= 0) return at + wrong - header;
    if (kind === IPOPT_LSRR || kind === IPOPT_SSRR) sourceRoute = true;
    at += length;
  }
  return sourceRoute ? -1 : 0;
}

/** The offset of a fault within an option, or -1. */
function checkOption(bytes: Uint8Array, at: number, kind: number, length: number): number {
  switch (kind) {
    case IPOPT_LSRR:
    case IPOPT_SSRR:
    case IPOPT_RR:
      if (length < 3) return 1;
      if (bytes[at + 2] < 4) return 2;
      return kind === IPOPT_RR && bytes[at + 2] <= length && bytes[at + 2] + 3 > length ? 2 : -1;
    case IPOPT_TIMESTAMP:
      if (length < 4) return 1;
      return bytes[at + 2] < 5 ? 2 : -1;
    case IPOPT_RA:
      return length < 4 ? 1 : -1;
  }
  return -1;
}

/** `ip_rcv_options`: false when the packet is to be dropped. */
export function acceptsOptions(ipv4: Ipv4, packet: Packet): boolean {
  const wrong = checkOptions(packet.bytes, packet.network, packet.transport);
  if (wrong > 0) {
    ipv4.host.mib.ip.InHdrErrors++;
    ipv4.icmp.send(packet, ICMP_PARAMETER_PROBLEM, 0, wrong << 24);
    return false;
  }
  if (wrong === 0) return true;
  // Not allowed (accept_source_route), or one that would have to be followed (ip_options_rcv_srr): this host is never its end.
  ipv4.host.world.drops.IP_SOURCE_ROUTE++;
  return false;
}
