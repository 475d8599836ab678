/** ICMP types and codes by packetdrill's names, for both IP versions. */

export interface IcmpNumbers {
  readonly v4: number;
  readonly v6: number;
}

const both = (v4: number, v6: number): IcmpNumbers => ({ v4, v6 });

/** -1: the version has none. */
export const ICMP_TYPES: ReadonlyMap<string, IcmpNumbers> = new Map([
  ["echo_reply", both(0, 129)],
  ["unreachable", both(3, 1)],
  ["source_quench", both(4, -1)],
  ["redirect", both(5, 137)],
  ["echo_request", both(8, 128)],
  ["packet_too_big", both(-1, 2)],
  ["time_exceeded", both(11, 3)],
  ["parameter_problem", both(12, 4)],
  ["timestamp_request", both(13, -1)],
  ["timestamp_reply", both(14, -1)],
  ["information_request", both(15, -1)],
  ["information_reply", both(16, -1)],
  ["address_mask_request", both(17, -1)],
  ["address_mask_reply", both(18, -1)],
]);

export const ICMP_CODES: ReadonlyMap<string, IcmpNumbers> = new Map([
  ["net_unreachable", both(0, 0)],
  ["host_unreachable", both(1, 3)],
  ["protocol_unreachable", both(2, -1)],
  ["port_unreachable", both(3, 4)],
  ["frag_needed", both(4, -1)],
  ["source_route_failed", both(5, -1)],
  ["net_unknown", both(6, -1)],
  ["host_unknown", both(7, -1)],
  ["source_host_isolated", both(8, -1)],
  ["net_prohibited", both(9, -1)],
  ["host_prohibited", both(10, -1)],
  ["net_unreachable_for_tos", both(11, -1)],
  ["host_unreachable_for_tos", both(12, -1)],
  ["packet_filtered", both(13, -1)],
  ["precedence_violation", both(14, -1)],
  ["precedence_cutoff", both(15, -1)],
  ["no_route", both(-1, 0)],
  ["admin_prohibited", both(-1, 1)],
  ["not_neighbour", both(-1, 2)],
  ["address_unreachable", both(-1, 3)],
]);

/** The name of a number; the number itself when it has none. */
export function icmpName(names: ReadonlyMap<string, IcmpNumbers>, version: 4 | 6, number: number): string {
  for (const [name, numbers] of names) if ((version === 4 ? numbers.v4 : numbers.v6) === number) return name;
  return String(number);
}
