/** ping's words for ICMP and ICMPv6 errors. */
import { formatIpv4 } from "../../wire/ipv4.ts";

const UNREACHABLE = [
  "Destination Net Unreachable",
  "Destination Host Unreachable",
  "Destination Protocol Unreachable",
  "Destination Port Unreachable",
  "", // Fragmentation needed: with the MTU
  "Source Route Failed",
  "Destination Net Unknown",
  "Destination Host Unknown",
  "Source Host Isolated",
  "Destination Net Prohibited",
  "Destination Host Prohibited",
  "Destination Net Unreachable for Type of Service",
  "Destination Host Unreachable for Type of Service",
  "Packet filtered",
  "Precedence Violation",
  "Precedence Cutoff",
];

const REDIRECT = [
  "Redirect Network",
  "Redirect Host",
  "Redirect Type of Service and Network",
  "Redirect Type of Service and Host",
];

/** `info` is the MTU, the pointer or the new gateway, as the type has it. */
export function icmpWords(type: number, code: number, info: number): string {
  switch (type) {
    case 0:
      return "Echo Reply";
    case 3:
      if (code === 4) return `Frag needed and DF set (mtu = ${info})`;
      return UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`;
    case 4:
      return "Source Quench";
    case 5:
      return `${REDIRECT[code] ?? `Redirect, Bad Code: ${code}`}(New nexthop: ${formatIpv4(info)})`;
    case 8:
      return "Echo Request";
    case 11:
      if (code === 0) return "Time to live exceeded";
      return code === 1 ? "Frag reassembly time exceeded" : `Time exceeded, Bad Code: ${code}`;
    case 12:
      return `Parameter problem: pointer = ${info}`;
    case 13:
      return "Timestamp";
    case 14:
      return "Timestamp Reply";
    case 15:
      return "Information Request";
    case 16:
      return "Information Reply";
    case 17:
      return "Address Mask Request";
    case 18:
      return "Address Mask Reply";
    default:
      return `Bad ICMP type: ${type}`;
  }
}

const UNREACHABLE6 = [
  "No route",
  "Administratively prohibited",
  "Beyond scope of source address",
  "Address unreachable",
  "Port unreachable",
  "Source address failed ingress/egress policy",
  "Reject route to destination",
];

export function icmp6Words(type: number, code: number, info: number): string {
  switch (type) {
    case 1:
      return `Destination unreachable: ${UNREACHABLE6[code] ?? `Unknown code ${code}`}`;
    case 2:
      return `Packet too big: mtu=${info}` + (code !== 0 ? `, code=${code}` : "");
    case 3:
      return "Time exceeded: " + (code === 0 ? "Hop limit" : code === 1 ? "Defragmentation failure" : `code ${code}`);
    case 4: {
      const problem = ["Wrong header field", "Unknown header", "Unknown option"][code] ?? `code ${code}`;
      return `Parameter problem: ${problem} at ${info}`;
    }
    case 128:
      return "Echo request";
    case 129:
      return "Echo reply";
    case 130:
      return "MLD Query";
    case 131:
      return "MLD Report";
    case 132:
      return "MLD Reduction";
    default:
      return `unknown icmp type: ${type}`;
  }
}
