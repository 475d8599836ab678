/** What the transports ask of an address family: its control plane, and two questions about a received packet. */
import type { IpHost, Path } from "../ip/host.ts";
import type { AddressFamily } from "../ip/netlink.ts";
import type { Packet } from "../wire/packet.ts";

export interface Family extends AddressFamily {
  /** Whether a received packet was broadcast or multicast, by its route (RTCF_BROADCAST, RTCF_MULTICAST). */
  isMany(packet: Packet): boolean;
  /** Answers a received packet, whose `network` is at its IP header, with an ICMP error (`icmp_send`); it stays the caller's. */
  sendError(packet: Packet, type: number, code: number, info: number): void;
  /** Sends a packet that has its IP header already (`raw_send_hdrinc`): length, checksum and, where zero, identification and source are filled in. */
  sendWithHeader(path: Path, packet: Packet): number;
}

export function familyOf(host: IpHost, version: 4 | 6): Family {
  return (version === 4 ? host.ipv4 : host.ipv6) as unknown as Family;
}
