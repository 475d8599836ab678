/** Extension headers of received packets (RFC 8200 section 4; `net/ipv6/exthdrs.c`). Each answers 0 when the packet was dropped or the next offset. */
import { TO_HOST } from "../wire/packet.ts";
import type { Packet } from "../wire/packet.ts";
import { IPV6_DESTINATION, IPV6_HEADER, IPV6_LENGTH, isMulticast6 } from "../wire/ipv6.ts";
import { get16, get32 } from "../wire/octets.ts";
import { ICMPV6_PARAMPROB } from "../wire/icmp.ts";
import { icmp6Error } from "./icmp6.ts";
import type { Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";

const PAD1 = 0;
const PADN = 1;
const ROUTER_ALERT = 5;
const JUMBO = 194;

/** Codes of Parameter Problem. */
export const ERRONEOUS_FIELD = 0;
export const UNKNOWN_NEXT_HEADER = 1;
export const UNKNOWN_OPTION = 2;
export const INCOMPLETE_FIRST_FRAGMENT = 3;

/** `packet.control` of a packet with a router alert. */
export const ALERTED = 1;

/**
 * Options at `at` (hop-by-hop or for the destination). The offset behind them; 0 when the packet must be dropped, which is then counted.
 */
export function optionsInput(ip: Ipv6, packet: Packet, at: number, hopByHop: boolean): number {
  const { bytes, tail } = packet;
  const mib = ip.host.mib.ip6;
  const end = at + 8 <= tail ? at + (bytes[at + 1] + 1) * 8 : tail + 1;
  const longest = hopByHop ? ip.settings.max_hbh_length : ip.settings.max_dst_opts_length;
  if (end > tail || end - at > longest) {
    mib.InHdrErrors++;
    return 0;
  }
  const limit = hopByHop ? ip.settings.max_hbh_opts_number : ip.settings.max_dst_opts_number;
  let options = 0;
  let padding = 0;
  for (let option = at + 2; option < end;) {
    const type = bytes[option];
    if (type === PAD1) {
      option++;
      if (++padding > 7) return malformed(ip);
      continue;
    }
    if (option + 2 > end) return malformed(ip);
    const length = bytes[option + 1] + 2;
    if (option + length > end) return malformed(ip);
    if (type === PADN) {
      padding += length;
      if (padding > 7) return malformed(ip);
      for (let i = 2; i < length; i++) if (bytes[option + i] !== 0) return malformed(ip);
    } else {
      padding = 0;
      if (++options > limit && limit >= 0) return malformed(ip);
      if (!optionInput(ip, packet, type, option, hopByHop)) return 0;
    }
    option += length;
  }
  return end;
}

function malformed(ip: Ipv6): number {
  ip.host.mib.ip6.InHdrErrors++;
  return 0;
}

/** False when the packet is dropped. */
function optionInput(ip: Ipv6, packet: Packet, type: number, option: number, hopByHop: boolean): boolean {
  if (hopByHop && type === ROUTER_ALERT) {
    if (packet.bytes[option + 1] !== 2) {
      malformed(ip);
      return false;
    }
    packet.control |= ALERTED;
    return true;
  }
  if (hopByHop && type === JUMBO) return jumboInput(ip, packet, option);
  return unknownOption(ip, packet, type, option);
}

/** RFC 2675: our interfaces carry no jumbograms, so a right one is longer than what came. */
function jumboInput(ip: Ipv6, packet: Packet, option: number): boolean {
  const { bytes, network, tail } = packet;
  const mib = ip.host.mib.ip6;
  const length = get32(bytes, option + 2);
  if (bytes[option + 1] !== 4 || ((option - network) & 3) !== 2) mib.InHdrErrors++;
  else if (length <= 65535) {
    mib.InHdrErrors++;
    icmp6Error(ip, packet, ICMPV6_PARAMPROB, ERRONEOUS_FIELD, option + 2 - network);
  } else if (get16(bytes, network + IPV6_LENGTH) !== 0) {
    mib.InHdrErrors++;
    icmp6Error(ip, packet, ICMPV6_PARAMPROB, ERRONEOUS_FIELD, option - network);
  } else if (length > tail - network - IPV6_HEADER) mib.InTruncatedPkts++;
  else return true;
  return false;
}

/** The two highest bits of its type say what becomes of a packet with an option that nobody knows (RFC 8200 section 4.2). */
function unknownOption(ip: Ipv6, packet: Packet, type: number, option: number): boolean {
  const action = type >> 6;
  if (action === 0) return true;
  ip.host.mib.ip6.InHdrErrors++;
  const many = isMulticast6(packet.bytes, packet.network + IPV6_DESTINATION);
  if (action === 2 || (action === 3 && !many)) {
    icmp6Error(ip, packet, ICMPV6_PARAMPROB, UNKNOWN_OPTION, option - packet.network);
  }
  return false;
}

/** A routing header: passed over when nothing is left to visit; else no type is taken (RFC 5095, `ipv6_rthdr_rcv`). */
export function routingInput(ip: Ipv6, _owner: Inet6Device, packet: Packet, at: number): number {
  const { bytes, network, tail } = packet;
  const mib = ip.host.mib.ip6;
  const end = at + 8 <= tail ? at + (bytes[at + 1] + 1) * 8 : tail + 1;
  if (end > tail) {
    mib.InHdrErrors++;
    return 0;
  }
  if (packet.kind !== TO_HOST || isMulticast6(bytes, network + IPV6_DESTINATION)) {
    mib.InAddrErrors++;
    return 0;
  }
  if (bytes[at + 3] === 0) return end;
  mib.InHdrErrors++;
  icmp6Error(ip, packet, ICMPV6_PARAMPROB, ERRONEOUS_FIELD, at + 2 - network);
  return 0;
}

/** Walks over the extension headers (`ipv6_skip_exthdr`): where the transport header begins, or -1. The protocol is left in `result[0]`. */
export function skipExtensions(bytes: Uint8Array, at: number, tail: number, next: number, result: Int32Array): number {
  result[1] = 0;
  for (;;) {
    if (next !== 0 && next !== 43 && next !== 44 && next !== 51 && next !== 60) {
      result[0] = next;
      return next === 59 ? -1 : at;
    }
    if (at + 8 > tail) return -1;
    if (next === 44) {
      if ((get16(bytes, at + 2) & 0xfff8) !== 0) {
        result[0] = bytes[at];
        result[1] = 1;
        return at + 8;
      }
      next = bytes[at];
      at += 8;
    } else {
      const length = next === 51 ? (bytes[at + 1] + 2) * 4 : (bytes[at + 1] + 1) * 8;
      next = bytes[at];
      at += length;
    }
  }
}
