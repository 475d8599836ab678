/** Where the transports ask the IP layer about a received packet, and hand it packets that have a header already. */
import { icmp6Error } from "../ip/icmp6.ts";
import type { IpHost, Path } from "../ip/host.ts";
import { isForMany } from "../ip/ipv4_input.ts";
import type { AddressFamily } from "../ip/netlink.ts";
import type { Path4 } from "../ip/path4.ts";
import { IPV6_DESTINATION, isMulticast6 } from "../wire/ipv6.ts";
import type { Packet } from "../wire/packet.ts";

export function familyOf(host: IpHost, version: 4 | 6): AddressFamily {
  return version === 4 ? host.ipv4 : host.ipv6;
}

/** Whether a received packet was broadcast or multicast, by its route. */
export function isToMany(packet: Packet, version: 4 | 6): boolean {
  return version === 4 ? isForMany(packet) : isMulticast6(packet.bytes, packet.network + IPV6_DESTINATION);
}

/** Answers a received packet, whose `network` is at its IP header, with an ICMP error (`icmp_send`); it stays the caller's. */
export function sendError(host: IpHost, packet: Packet, version: 4 | 6, type: number, code: number): void {
  if (version === 4) host.ipv4.icmp.send(packet, type, code, 0);
  else icmp6Error(host.ipv6, packet, type, code, 0);
}

/** Sends a packet that begins with its IPv4 header (IP_HDRINCL), with what `raw_send_hdrinc` fills in. */
export function sendWithHeader(path: Path, packet: Packet): number {
  return (path as Path4).sendWithHeader(packet);
}
