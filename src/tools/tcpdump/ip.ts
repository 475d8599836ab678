/** IPv4 headers, and which printer each protocol has. */
import { bits, type Dissector, shouldBe } from "./dissector.ts";
import { printIcmp } from "./icmp.ts";
import { printIcmp6 } from "./icmp6.ts";
import { printIgmp } from "./igmp.ts";
import { printIpv6 } from "./ip6.ts";
import { printTcp } from "./tcp.ts";
import { printUdp } from "./udp.ts";

/** As IP headers name protocols with `-v`. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  0: "Options",
  1: "ICMP",
  2: "IGMP",
  4: "IPIP",
  6: "TCP",
  8: "EGP",
  9: "IGRP",
  17: "UDP",
  33: "DCCP",
  41: "IPv6",
  43: "Routing",
  44: "Fragment",
  46: "RSVP",
  47: "GRE",
  50: "ESP",
  51: "AH",
  55: "Mobile IP",
  58: "ICMPv6",
  88: "EIGRP",
  89: "OSPF",
  103: "PIM",
  108: "Compressed IP",
  112: "VRRP",
  113: "PGM",
  132: "SCTP",
  135: "Mobility",
};

export function protocolName(protocol: number): string {
  return PROTOCOLS[protocol] ?? "unknown";
}

const FRAGMENT_FLAGS = [[0x2000, "+"], [0x4000, "DF"], [0x8000, "rsvd"]] as const;
const CONGESTION = ["", ",ECT(1)", ",ECT(0)", ",CE"];

/** Whether a protocol's printer writes the addresses itself, with the ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17;
}

/** An IPv4 packet at `at`, `length` octets long as the layer below says. */
export function printIpv4(dissector: Dissector, at: number, length: number): void {
  const { verbose, link, quick } = dissector.options;
  dissector.protocol = "ip";
  const version = dissector.u8(at) >>> 4;
  if (version !== 4) {
    dissector.print(version === 6 ? "IP6, wrong link-layer encapsulation" : `IP${version}`);
    dissector.invalid();
    return;
  }
  if (!link) dissector.print("IP ");
  dissector.need(at, 20);
  if (length < 20) {
    dissector.print(`truncated-ip ${length}`);
    return;
  }
  const headerLength = (dissector.u8(at) & 15) * 4;
  if (headerLength < 20) {
    dissector.print(`bad-hlen ${headerLength}`);
    return;
  }
  let total = dissector.u16(at + 2);
  if (length < total) dissector.print(`truncated-ip - ${total - length} bytes missing! `);
  if (total < headerLength) {
    if (total !== 0) {
      dissector.print(`bad-len ${total}`);
      return;
    }
    total = length; // a segment that is still to be cut (TSO)
  }
  const outer = dissector.end;
  dissector.end = Math.min(outer, at + total);
  const fragment = dissector.u16(at + 6);
  const protocol = dissector.u8(at + 9);
  if (verbose > 0) printHeader(dissector, at, headerLength, fragment, protocol);
  if ((fragment & 0x1fff) === 0) {
    if (!hasPorts(protocol)) dissector.print(`${dissector.ipv4(at + 12)} > ${dissector.ipv4(at + 16)}: `);
    if (!dissector.has(at, headerLength)) {
      dissector.print(` [remaining caplen(${dissector.end - at}) < header length(${headerLength})]`);
      dissector.need(at, headerLength);
    }
    const more = (fragment & 0x2000) !== 0;
    printProtocol(dissector, protocol, at + headerLength, total - headerLength, at, more, dissector.u8(at + 8));
  } else if (!quick || verbose > 0) {
    dissector.print(`${dissector.ipv4(at + 12)} > ${dissector.ipv4(at + 16)}: `);
    dissector.print(dissector.options.names?.protocol(protocol) ?? `ip-proto-${protocol}`);
  } else {
    dissector.print(`${dissector.ipv4(at + 12)} > ${dissector.ipv4(at + 16)}: `);
    dissector.print(dissector.options.names?.protocol(protocol) ?? `ip-proto-${protocol}`);
  }
  dissector.end = outer;
}

function printHeader(dissector: Dissector, at: number, headerLength: number, fragment: number, protocol: number): void {
  const tos = dissector.u8(at + 1);
  const ttl = dissector.u8(at + 8);
  dissector.print(`(tos 0x${tos.toString(16)}${CONGESTION[tos & 3]}`);
  if (ttl >= 1) dissector.print(`, ttl ${ttl}`);
  dissector.print(`, id ${dissector.u16(at + 4)}, offset ${(fragment & 0x1fff) * 8}`);
  dissector.print(`, flags [${bits(fragment & 0xe000, FRAGMENT_FLAGS)}]`);
  dissector.print(`, proto ${protocolName(protocol)} (${protocol}), length ${dissector.u16(at + 2)}`);
  let whole = true;
  if (headerLength > 20) {
    dissector.print(", options (");
    whole = printOptions(dissector, at + 20, headerLength - 20);
    if (!whole) dissector.print(" [truncated-option]");
    dissector.print(")");
  }
  if (!dissector.options.noChecksum && dissector.has(at, headerLength)) {
    const sum = dissector.sum(at, at + headerLength);
    if (sum !== 0xffff) {
      const field = dissector.u16(at + 10);
      dissector.print(`, bad cksum ${field.toString(16)} (->${shouldBe(field, ~sum & 0xffff).toString(16)})!`);
    }
  }
  dissector.print(")\n    ");
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: "EOL",
  1: "NOP",
  7: "RR",
  68: "timestamp",
  82: "traceroute",
  130: "security",
  131: "LSRR",
  137: "SSRR",
  148: "RA",
};

/** False when they were not captured whole. */
function printOptions(dissector: Dissector, at: number, length: number): boolean {
  let separator = "";
  while (length > 0) {
    dissector.print(separator);
    separator = ",";
    const code = dissector.u8(at);
    dissector.print(OPTION_NAMES[code] ?? `unknown ${code}`);
    let size = 1;
    if (code > 1) {
      size = dissector.u8(at + 1);
      if (size < 2) {
        dissector.print(` [bad length ${size}]`);
        return true;
      }
    }
    if (size > length) {
      dissector.print(` [bad length ${size}]`);
      return true;
    }
    if (!dissector.has(at, size)) return false;
    if (code === 0) return true;
    if (code === 68) printTimestamps(dissector, at, size);
    else if (code === 7 || code === 131 || code === 137) printRoute(dissector, at, size);
    else if (code === 148) {
      if (size < 4) dissector.print(` [bad length ${size}]`);
      else if (dissector.u16(at + 2) !== 0) dissector.print(` value ${dissector.u16(at + 2)}`);
    }
    at += size;
    length -= size;
  }
  return true;
}

function printRoute(dissector: Dissector, at: number, length: number): void {
  if (length < 3) {
    dissector.print(` [bad length ${length}]`);
    return;
  }
  if (((length + 1) & 3) !== 0) dissector.print(` [bad length ${length}]`);
  const pointer = dissector.u8(at + 2) - 1;
  if (pointer < 3 || ((pointer + 1) & 3) !== 0 || pointer > length + 1) {
    dissector.print(` [bad ptr ${dissector.u8(at + 2)}]`);
  }
  for (let i = 3; i < length; i += 4) {
    dissector.print(` ${dissector.ipv4(at + i)}`);
    if (pointer > i) dissector.print(",");
  }
}

function printTimestamps(dissector: Dissector, at: number, length: number): void {
  if (length < 4) {
    dissector.print(`[bad length ${length}]`);
    return;
  }
  dissector.print(" TS{");
  const flag = dissector.u8(at + 3) & 15;
  const size = flag !== 0 ? 8 : 4;
  if (((length - 4) & (size - 1)) !== 0) dissector.print(`[bad length ${length}]`);
  const pointer = dissector.u8(at + 2) - 1;
  if (pointer < 4 || ((pointer - 4) & (size - 1)) !== 0 || pointer > length + 1) {
    dissector.print(`[bad ptr ${dissector.u8(at + 2)}]`);
  }
  let i = 0;
  if (flag === 0 || flag === 1 || flag === 3) {
    dissector.print(["TSONLY", "TS+ADDR", "", "PRESPEC"][flag]);
    for (i = 4; i < length; i += size) {
      dissector.need(at + i, size);
      dissector.print(`${pointer === i ? " ^ " : " "}${dissector.u32(at + i + size - 4)}@`);
      if (size === 8) dissector.print(dissector.ipv4(at + i));
    }
  } else dissector.print(`[bad ts type ${flag}]`);
  if (pointer === i) dissector.print(" ^ ");
  const lost = dissector.u8(at + 3) >>> 4;
  dissector.print(lost !== 0 ? ` [${lost} hops not recorded]} ` : "}");
}

/** The payload of an IP packet whose header is at `ip`; `fragmented` when more of it comes in other packets. */
export function printProtocol(
  dissector: Dissector,
  protocol: number,
  at: number,
  length: number,
  ip: number,
  fragmented: boolean,
  ttl: number,
): void {
  void ttl;
  switch (protocol) {
    case 1:
      printIcmp(dissector, at, length, fragmented);
      return;
    case 2:
      printIgmp(dissector, at, length);
      return;
    case 4:
      printIpv4(dissector, at, length);
      return;
    case 6:
      printTcp(dissector, at, length, ip, fragmented);
      return;
    case 17:
      printUdp(dissector, at, length, ip, fragmented);
      return;
    case 41:
      printIpv6(dissector, at, length);
      return;
    case 58:
      printIcmp6(dissector, at, length, ip, fragmented);
      return;
    case 59:
      dissector.print("no next header");
      return;
    case 50:
      if (length >= 8) {
        dissector.print(
          `ESP(spi=0x${dissector.u32(at).toString(16).padStart(8, "0")},seq=0x${
            dissector.u32(at + 4).toString(16)
          }), length ${length}`,
        );
      }
      return;
    default:
      dissector.print(` ${dissector.options.names?.protocol(protocol) ?? `ip-proto-${protocol}`} ${length}`);
  }
}
