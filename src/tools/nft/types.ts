/** The data types of `nft`: how values are written and shown (`datatype.c`, `proto.c`, `ct.c`, `meta.c`). */
import type { Value } from "../../netfilter/selector.ts";
import { formatMac } from "../../wire/ethernet.ts";
import { formatIpv4, parseIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../../wire/ipv6.ts";
import type { Services } from "../services.ts";
import { NftError, type Place } from "./lexer.ts";

/** How things are shown: `-n`, `-p`, `-S`, `-s`, `-a`, `-y`. */
export interface Style {
  readonly numeric: boolean;
  readonly numericProtocol: boolean;
  readonly numericPriority: boolean;
  readonly service: boolean;
  readonly stateless: boolean;
  readonly terse: boolean;
  readonly handle: boolean;
  readonly services: Services;
  /** An interface's name by its number. */
  interfaceName(index: number): string | null;
  interfaceIndex(name: string): number | null;
}

type Names = readonly (readonly [name: string, value: number])[];

const named = (text: string): Names =>
  text.split(" ").map((word) => {
    const [name, value] = word.split("=");
    return [name, Number(value)] as const;
  });

const SYMBOLS: { readonly [type: string]: Names } = {
  icmp_type: named(
    "echo-reply=0 destination-unreachable=3 source-quench=4 redirect=5 echo-request=8 router-advertisement=9 router-solicitation=10 " +
      "time-exceeded=11 parameter-problem=12 timestamp-request=13 timestamp-reply=14 info-request=15 info-reply=16 " +
      "address-mask-request=17 address-mask-reply=18",
  ),
  icmp_code: named(
    "net-unreachable=0 host-unreachable=1 prot-unreachable=2 port-unreachable=3 net-prohibited=9 host-prohibited=10 " +
      "admin-prohibited=13 frag-needed=4",
  ),
  icmpv6_type: named(
    "destination-unreachable=1 packet-too-big=2 time-exceeded=3 parameter-problem=4 echo-request=128 echo-reply=129 " +
      "mld-listener-query=130 mld-listener-report=131 mld-listener-done=132 mld-listener-reduction=132 nd-router-solicit=133 " +
      "nd-router-advert=134 nd-neighbor-solicit=135 nd-neighbor-advert=136 nd-redirect=137 router-renumbering=138 " +
      "ind-neighbor-solicit=141 ind-neighbor-advert=142 mld2-listener-report=143",
  ),
  icmpv6_code: named(
    "no-route=0 admin-prohibited=1 addr-unreachable=3 port-unreachable=4 policy-fail=5 reject-route=6",
  ),
  icmpx_code: named("port-unreachable=1 admin-prohibited=3 no-route=0 host-unreachable=2"),
  tcp_flag: named("fin=1 syn=2 rst=4 psh=8 ack=16 urg=32 ecn=64 cwr=128"),
  ct_state: named("invalid=1 established=2 related=4 new=8 untracked=64"),
  ct_status: named("expected=1 seen-reply=2 assured=4 confirmed=8 snat=16 dnat=32 dying=512"),
  ct_dir: named("original=0 reply=1"),
  pkt_type: named("host=0 unicast=0 broadcast=1 multicast=2 other=3"),
  nf_proto: named("ipv4=2 ipv6=10"),
  ether_type: named("ip=2048 arp=2054 ip6=34525 vlan=33024"),
  inet_proto: named(
    "icmp=1 igmp=2 tcp=6 udp=17 dccp=33 gre=47 esp=50 ah=51 ipv6-icmp=58 icmpv6=58 ospf=89 pim=103 comp=108 vrrp=112 sctp=132 udplite=136",
  ),
  dscp: named(
    "cs0=0 cs1=8 cs2=16 cs3=24 cs4=32 cs5=40 cs6=48 cs7=56 df=0 be=0 lephb=1 af11=10 af12=12 af13=14 af21=18 af22=20 af23=22 " +
      "af31=26 af32=28 af33=30 af41=34 af42=36 af43=38 va=44 ef=46",
  ),
};

/** What an error calls a type. */
const DESCRIPTIONS: { readonly [type: string]: string } = {
  icmp_type: "ICMP type",
  icmp_code: "icmp code",
  icmpv6_type: "ICMPv6 type",
  icmpv6_code: "icmpv6 code",
  icmpx_code: "icmpx code",
  tcp_flag: "TCP flag",
  ct_state: "conntrack state",
  ct_status: "conntrack status",
  ct_dir: "conntrack direction",
  pkt_type: "packet type",
  nf_proto: "netfilter protocol",
  ether_type: "Ethernet protocol",
  dscp: "Differentiated Services Code Point",
};

/** Bits of a value of a type. */
const WIDTHS: { readonly [type: string]: number } = {
  ipv4_addr: 32,
  ipv6_addr: 128,
  ether_addr: 48,
  inet_service: 16,
  inet_proto: 8,
  icmp_type: 8,
  icmp_code: 8,
  icmpv6_type: 8,
  icmpv6_code: 8,
  tcp_flag: 8,
  ct_state: 32,
  ct_status: 32,
  ct_dir: 8,
  mark: 32,
  dscp: 6,
  ether_type: 16,
  nf_proto: 8,
  pkt_type: 8,
  iface_index: 32,
  ifname: 128,
};

export const FLAG_TYPES: ReadonlySet<string> = new Set(["tcp_flag", "ct_state", "ct_status"]);
export const SET_TYPES: ReadonlySet<string> = new Set([...Object.keys(WIDTHS), "verdict"]);

/** Bits of a type, or of an integer's field. */
export function widthOf(type: string, size: number): number {
  return WIDTHS[type] ?? size * 8;
}

/** Writes of one type: the value of a word. Throws an NftError at its place. */
export function parseValue(
  type: string,
  text: string,
  place: Place,
  style: Style,
  width: number,
  quoted = false,
): Value {
  if (type === "ipv4_addr") {
    const address = parseIpv4(text);
    if (address !== null) return address;
    const words = /^[\d.]+$/.test(text) ? "Name or service not known" : "Temporary failure in name resolution";
    throw new NftError(`Could not resolve hostname: ${words}`, place);
  }
  if (type === "ipv6_addr") {
    const address = parseIpv6(text);
    if (address !== null) return address;
    throw new NftError("Could not resolve hostname: Address family for hostname not supported", place);
  }
  if (type === "ether_addr") {
    const octets = text.split(":").map((word) => parseInt(word, 16));
    if (octets.length === 6 && octets.every((octet) => octet >= 0 && octet < 256)) return Uint8Array.from(octets);
    throw new NftError("syntax error, unexpected string", place);
  }
  if (type === "ifname") return text;
  if (type === "iface_index" && (quoted || !/^\d+$/.test(text))) {
    const index = style.interfaceIndex(text);
    if (index === null) throw new NftError("Interface does not exist", place);
    return index;
  }
  if (/^(0x[0-9a-fA-F]+|\d+)$/.test(text)) {
    const number = Number(text);
    if (number > 2 ** width - 1) {
      if (type === "inet_service") throw new NftError("Service out of range", place);
      throw new NftError(`Value ${text} exceeds valid range 0-${2 ** width - 1}`, place);
    }
    return number;
  }
  if (type === "inet_service") {
    const port = style.services.port(text);
    if (port !== null) return port;
    throw new NftError("Could not resolve service: Servname not supported for ai_socktype", place);
  }
  const symbol = SYMBOLS[type]?.find(([name]) => name === text);
  if (symbol !== undefined) return symbol[1];
  if (type === "inet_proto") throw new NftError("Could not resolve protocol name", place);
  const description = DESCRIPTIONS[type];
  throw new NftError(description === undefined ? "Could not parse integer" : `Could not parse ${description}`, place);
}

function symbolOf(type: string, value: number, style: Style): string | null {
  if (style.numeric) return null;
  return SYMBOLS[type]?.find(([, number]) => number === value)?.[0] ?? null;
}

/** The bits of a flags type by name, lowest first; null when there are others. */
export function flagNames(type: string, value: number, style: Style): string | null {
  let rest = value;
  const names: string[] = [];
  for (const [name, bit] of [...SYMBOLS[type]].sort((a, b) => a[1] - b[1])) {
    if ((value & bit) === 0) continue;
    names.push(style.numeric ? `0x${bit.toString(16)}` : name);
    rest &= ~bit;
  }
  return rest === 0 && names.length > 0 ? names.join(",") : null;
}

/** A value as it is listed. */
export function showValue(type: string, value: Value, style: Style): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value !== "number") return value.length === 6 ? formatMac(value) : formatIpv6(value);
  switch (type) {
    case "ipv4_addr":
      return formatIpv4(value);
    case "mark":
      return `0x${value.toString(16).padStart(8, "0")}`;
    case "iface_index": {
      const name = style.interfaceName(value);
      return name === null ? String(value) : `"${name}"`;
    }
    case "inet_service": {
      const name = style.service ? style.services.name(value, "tcp") ?? style.services.name(value, "udp") : null;
      return name === null ? String(value) : `"${name}"`;
    }
    case "inet_proto":
      return style.numericProtocol ? String(value) : symbolOf(type, value, style) ?? String(value);
    case "tcp_flag":
    case "ct_state":
    case "ct_status":
      return symbolOf(type, value, style) ?? `0x${value.toString(16)}`;
    case "dscp":
    case "ether_type":
      return symbolOf(type, value, style) ?? `0x${value.toString(16).padStart(type === "dscp" ? 2 : 4, "0")}`;
    default:
      return symbolOf(type, value, style) ?? String(value);
  }
}
