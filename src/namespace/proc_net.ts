/** The files of `/proc/net`, line by line as the kernel prints them (the function that does is named beside each). */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import type { AddressFamily, Route } from "../ip/netlink.ts";
import {
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_NONE,
  NUD_PERMANENT,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_SITE,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_PROHIBIT,
  RTN_UNREACHABLE,
} from "../ip/netlink.ts";
import { formatMac, ZERO_MAC } from "../wire/ethernet.ts";
import { formatIpv4, mask4 } from "../wire/ipv4.ts";
import type { Machine } from "./machine.ts";
import type { NetworkNamespace } from "./namespace.ts";
import { conntrackText } from "./proc_conntrack.ts";
import { PROC_SOCKETS } from "./proc_sockets.ts";

export interface ProcNetFile {
  readonly path: string;
  text(namespace: NetworkNamespace, machine: Machine): string;
}

function family4(namespace: NetworkNamespace): AddressFamily {
  return namespace.ipv4;
}

function family6(namespace: NetworkNamespace): AddressFamily {
  return namespace.ipv6;
}

/** `%08X` of an address as the processor reads it from memory (little-endian). */
function hex4(address: number): string {
  const swapped = ((address << 24) | ((address & 0xff00) << 8) | ((address >>> 8) & 0xff00) | (address >>> 24)) >>> 0;
  return swapped.toString(16).toUpperCase().padStart(8, "0");
}

/** `%pi6`: 32 hex digits. */
function hex6(address: IpAddress): string {
  return Array.from(address as Uint8Array, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** dev_seq_printf_stats */
function dev(namespace: NetworkNamespace): string {
  const lines = [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
  ];
  const pad = (value: number | string, width: number): string => String(value).padStart(width);
  for (const device of namespace.interfaces) {
    const c = device.counters;
    lines.push(
      `${pad(device.name, 6)}: ${pad(c.rxBytes, 7)} ${pad(c.rxPackets, 7)} ${pad(c.rxErrors, 4)} ${
        pad(c.rxDropped + c.rxMissed, 4)
      } ${pad(c.rxOverruns, 4)} ${pad(c.rxFrame, 5)} ${pad(0, 10)} ${pad(c.multicast, 9)} ${pad(c.txBytes, 8)} ${
        pad(c.txPackets, 7)
      } ${pad(c.txErrors, 4)} ${pad(c.txDropped, 4)} ${pad(0, 4)} ${pad(c.collisions, 5)} ${pad(c.txCarrier, 7)} ${
        pad(0, 10)
      }`,
    );
  }
  return lines.join("\n") + "\n";
}

/** dev_mc_seq_show */
function devMcast(namespace: NetworkNamespace): string {
  let text = "";
  for (const device of namespace.interfaces) {
    for (const [address, users, byHand] of device.multicastList ?? []) {
      text += `${String(device.index).padEnd(4)} ${device.name.padEnd(15)} ${String(users).padEnd(5)} ${
        String(Number(byHand)).padEnd(5)
      } ${address.replaceAll(":", "")}\n`;
    }
  }
  return text;
}

type Counters = { readonly [name: string]: unknown };

/** The two lines of one group: names, then values. */
function pair(prefix: string, values: readonly (readonly [name: string, value: number])[]): string {
  return `${prefix}: ${values.map(([name]) => name).join(" ")}\n${prefix}: ${
    values.map(([, value]) => value).join(" ")
  }\n`;
}

function counted(counters: object): [string, number][] {
  return Object.entries(counters as Counters).filter((entry): entry is [string, number] =>
    typeof entry[1] === "number"
  );
}

function byType(types: ReadonlyMap<number, number>, prefix: string): [string, number][] {
  return [...types].filter(([, count]) => count > 0).sort(([a], [b]) => a - b).map((
    [type, count],
  ) => [`${prefix}Type${type}`, count]);
}

/** Message types that one pair of `IcmpMsg:` lines holds (PERLINE). */
const MESSAGES_PER_LINE = 16;

const NO_UDP_LITE: readonly (readonly [string, number])[] = [
  "InDatagrams",
  "NoPorts",
  "InErrors",
  "OutDatagrams",
  "RcvbufErrors",
  "SndbufErrors",
  "InCsumErrors",
  "IgnoredMulti",
  "MemErrors",
].map((name) => [name, 0]);

/** snmp_seq_show */
function snmp(namespace: NetworkNamespace): string {
  const mib = namespace.mib;
  const sysctls = namespace.sysctls();
  const value = (path: string, otherwise: number): number =>
    Number(sysctls.find((entry) => entry.path === path)?.read() ?? otherwise);
  const forwarding = value("net/ipv4/conf/all/forwarding", 0) !== 0 ? 1 : 2;
  const ip = counted(mib.ip);
  const messages = [...byType(mib.icmp.inTypes, "In"), ...byType(mib.icmp.outTypes, "Out")];
  let icmpMessages = "";
  for (let i = 0; i < messages.length; i += MESSAGES_PER_LINE) {
    icmpMessages += pair("IcmpMsg", messages.slice(i, i + MESSAGES_PER_LINE));
  }
  return pair("Ip", [["Forwarding", forwarding], ["DefaultTTL", value("net/ipv4/ip_default_ttl", 64)], ...ip]) +
    pair("Icmp", counted(mib.icmp)) + icmpMessages +
    pair("Tcp", [["RtoAlgorithm", 1], ["RtoMin", 200], ["RtoMax", 120000], ["MaxConn", -1], ...counted(mib.tcp)]) +
    pair("Udp", counted(mib.udp)) + pair("UdpLite", NO_UDP_LITE);
}

/** Nobody speaks MPTCP here: its counters (Linux 6.18) stay 0. */
const MPTCP_COUNTERS = [
  "MPCapableSYNRX MPCapableSYNTX MPCapableSYNACKRX MPCapableACKRX MPCapableFallbackACK MPCapableFallbackSYNACK",
  "MPCapableSYNTXDrop MPCapableSYNTXDisabled MPCapableEndpAttempt MPFallbackTokenInit MPTCPRetrans",
  "MPJoinNoTokenFound MPJoinSynRx MPJoinSynBackupRx MPJoinSynAckRx MPJoinSynAckBackupRx MPJoinSynAckHMacFailure",
  "MPJoinAckRx MPJoinAckHMacFailure MPJoinRejected MPJoinSynTx MPJoinSynTxCreatSkErr MPJoinSynTxBindErr",
  "MPJoinSynTxConnectErr DSSNotMatching DSSCorruptionFallback DSSCorruptionReset InfiniteMapTx InfiniteMapRx",
  "DSSNoMatchTCP DataCsumErr OFOQueueTail OFOQueue OFOMerge NoDSSInWindow DuplicateData AddAddr AddAddrTx",
  "AddAddrTxDrop EchoAdd EchoAddTx EchoAddTxDrop PortAdd AddAddrDrop MPJoinPortSynRx MPJoinPortSynAckRx",
  "MPJoinPortAckRx MismatchPortSynRx MismatchPortAckRx RmAddr RmAddrDrop RmAddrTx RmAddrTxDrop RmSubflow MPPrioTx",
  "MPPrioRx MPFailTx MPFailRx MPFastcloseTx MPFastcloseRx MPRstTx MPRstRx SubflowStale SubflowRecover SndWndShared",
  "RcvWndShared RcvWndConflictUpdate RcvWndConflict MPCurrEstab Blackhole MPCapableDataFallback MD5SigFallback",
  "DssFallback SimultConnectFallback FallbackFailed WinProbe",
].join(" ");

/** netstat_seq_show */
function netstat(namespace: NetworkNamespace): string {
  const multipath = `MPTcpExt: ${MPTCP_COUNTERS}\nMPTcpExt:${" 0".repeat(MPTCP_COUNTERS.split(" ").length)}\n`;
  return pair("TcpExt", counted(namespace.mib.tcpExt)) + pair("IpExt", counted(namespace.mib.ipExt)) + multipath;
}

/** snmp6_seq_show */
function snmp6(namespace: NetworkNamespace): string {
  const mib = namespace.mib;
  const lines = (prefix: string, values: readonly (readonly [string, number])[]): string =>
    values.map(([name, value]) => `${`${prefix}${name}`.padEnd(32)}\t${value}\n`).join("");
  const udpLite = NO_UDP_LITE.filter(([name]) => name !== "IgnoredMulti");
  return lines("Ip6", counted(mib.ip6)) + lines("Icmp6", counted(mib.icmp6)) +
    lines("Icmp6", [...byType(mib.icmp6.inTypes, "In"), ...byType(mib.icmp6.outTypes, "Out")]) +
    lines("Udp6", counted(mib.udp6)) + lines("UdpLite6", udpLite);
}

const ATF_COM = 2;
const ATF_PERM = 4;
const ATF_PUBL = 8;

/** arp_format_neigh_entry */
function arp(namespace: NetworkNamespace): string {
  let text = "IP address       HW type     Flags       HW address            Mask     Device\n";
  for (const one of family4(namespace).neighbours()) {
    if (one.state === NUD_NONE || (one.state & NUD_NOARP) !== 0) continue;
    const valid = (one.state & (NUD_INCOMPLETE | NUD_FAILED)) === 0;
    const flags = ((one.state & NUD_PERMANENT) !== 0 ? ATF_PERM : 0) | (valid ? ATF_COM : 0);
    const mac = formatMac(one.linkAddress ?? ZERO_MAC);
    text += `${formatIpv4(one.address as number).padEnd(16)} 0x${one.device.type.toString(16).padEnd(10)}0x${
      flags.toString(16).padEnd(10)
    }${mac}     *        ${one.device.name}\n`;
  }
  // arp_format_pneigh_entry
  for (const one of family4(namespace).proxyNeighbours()) {
    text += `${formatIpv4(one.address as number).padEnd(16)} 0x${(one.device?.type ?? 0).toString(16).padEnd(10)}0x${
      (ATF_PUBL | ATF_PERM).toString(16).padEnd(10)
    }00:00:00:00:00:00     *        ${one.device?.name ?? "*"}\n`;
  }
  return text;
}

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const RTF_HOST = 0x4;
const RTF_REJECT = 0x200;
const RTF_NONEXTHOP = 0x200000;
const RTF_LOCAL = 0x80000000;

/** Octets of one line of /proc/net/route, without its end. */
const ROUTE_LINE = 127;

/** fib_route_seq_show */
function route(namespace: NetworkNamespace): string {
  const routes = family4(namespace).routes(RT_TABLE_MAIN);
  if (routes === undefined) return "";
  const lines = ["Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"];
  for (const one of routes) {
    if (one.type === RTN_BROADCAST || one.type === RTN_MULTICAST) continue;
    const [hop] = one.nexthops;
    let flags = RTF_UP;
    if (one.type === RTN_UNREACHABLE || one.type === RTN_PROHIBIT) flags |= RTF_REJECT;
    if (hop?.gateway) flags |= RTF_GATEWAY;
    if (one.prefixLength === 32) flags |= RTF_HOST;
    const gateway = typeof hop?.gateway === "number" ? hop.gateway : 0;
    const metrics = one.metrics;
    lines.push(
      [
        hop?.device?.name ?? "*",
        hex4(one.destination as number),
        hex4(gateway),
        flags.toString(16).toUpperCase().padStart(4, "0"),
        0,
        0,
        one.metric,
        hex4(mask4(one.prefixLength)),
        metrics?.advmss ? metrics.advmss + 40 : 0,
        metrics?.window ?? 0,
        metrics?.rtt ?? 0,
      ].join("\t"),
    );
  }
  return lines.map((line) => `${line.padEnd(ROUTE_LINE)}\n`).join("");
}

/** if6_seq_show */
function ifInet6(namespace: NetworkNamespace): string {
  const scopes: { [scope: number]: string } = { [RT_SCOPE_HOST]: "10", [RT_SCOPE_LINK]: "20", [RT_SCOPE_SITE]: "40" };
  const hex = (value: number): string => (value & 0xff).toString(16).padStart(2, "0");
  let text = "";
  for (const device of namespace.interfaces) {
    for (const one of family6(namespace).addresses(device)) {
      text += `${hex6(one.local)} ${hex(device.index)} ${hex(one.prefixLength)} ${scopes[one.scope] ?? "00"} ${
        hex(one.flags)
      } ${device.name.padStart(8)}\n`;
    }
  }
  return text;
}

const ZERO6 = "0".repeat(32);

function ipv6RouteLine(one: Route): string {
  const hop = one.nexthops[0];
  let flags = RTF_UP;
  if (hop?.gateway) flags |= RTF_GATEWAY;
  if (one.type === RTN_LOCAL) flags |= RTF_LOCAL | RTF_NONEXTHOP;
  if (hop?.device === undefined || hop.device === null) flags |= RTF_REJECT | RTF_NONEXTHOP;
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
  return `${hex6(one.destination)} ${one.prefixLength.toString(16).padStart(2, "0")} ${ZERO6} 00 ${
    hop?.gateway ? hex6(hop.gateway) : ZERO6
  } ${hex(one.metric)} 00000001 00000000 ${hex(flags)} ${(hop?.device?.name ?? "lo").padStart(8)}\n`;
}

/** rt6_native_seq_show; a table without a default route ends with the entry that matches all and leads nowhere. */
function ipv6Route(namespace: NetworkNamespace): string {
  let text = "";
  for (const table of [RT_TABLE_MAIN, RT_TABLE_LOCAL]) {
    let ends = false;
    for (const one of family6(namespace).routes(table) ?? []) {
      text += ipv6RouteLine(one);
      ends ||= one.prefixLength === 0;
    }
    if (!ends) text += `${ZERO6} 00 ${ZERO6} 00 ${ZERO6} ffffffff 00000001 00000000 00200200       lo\n`;
  }
  return text;
}

function ipv4Groups(namespace: NetworkNamespace, device: Interface): { group: IpAddress; users: number }[] {
  return family4(namespace).multicastGroups(device);
}

/** igmp_mc_seq_show */
function igmp(namespace: NetworkNamespace): string {
  let text = "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n";
  for (const device of namespace.interfaces) {
    const groups = ipv4Groups(namespace, device);
    if (groups.length === 0) continue;
    text += `${device.index}\t${device.name.padEnd(10)}: ${String(groups.length).padStart(5)} ${"V3".padStart(7)}\n`;
    for (const { group, users } of groups) {
      text += `\t\t\t\t${hex4(group as number)} ${String(users).padStart(5)} 0:00000000\t\t0\n`;
    }
  }
  return text;
}

/** ac6_seq_show */
function anycast6(namespace: NetworkNamespace): string {
  let text = "";
  for (const device of namespace.interfaces) {
    for (const { address, users } of namespace.ipv6.anycasts(device)) {
      text += `${String(device.index).padEnd(4)} ${device.name.padEnd(15)} ${hex6(address)} ${
        String(users).padStart(5)
      }\n`;
    }
  }
  return text;
}

const MAF_NOREPORT = 8;
const MAF_LOADED = 4;

/** igmp6_mc_seq_show */
function igmp6(namespace: NetworkNamespace): string {
  let text = "";
  for (const device of namespace.interfaces) {
    for (const { group, users } of family6(namespace).multicastGroups(device)) {
      const bytes = group as Uint8Array;
      const allNodes = bytes[15] === 1 && bytes.subarray(2, 15).every((octet) => octet === 0);
      const near = (bytes[1] & 15) < 2; // of this host or interface only
      const flags = near ? MAF_NOREPORT : allNodes ? MAF_NOREPORT | MAF_LOADED : MAF_LOADED;
      text += `${String(device.index).padEnd(4)} ${device.name.padEnd(15)} ${hex6(group)} ${
        String(users).padStart(5)
      } ${flags.toString(16).toUpperCase().padStart(8, "0")} 0\n`;
    }
  }
  return text;
}

/** Every file of `/proc/net`. */
export const PROC_NET: readonly ProcNetFile[] = [
  { path: "anycast6", text: anycast6 },
  { path: "arp", text: arp },
  { path: "dev", text: dev },
  { path: "dev_mcast", text: devMcast },
  { path: "if_inet6", text: ifInet6 },
  { path: "igmp", text: igmp },
  { path: "igmp6", text: igmp6 },
  { path: "ipv6_route", text: ipv6Route },
  { path: "netstat", text: netstat },
  { path: "nf_conntrack", text: conntrackText },
  { path: "route", text: route },
  { path: "snmp", text: snmp },
  { path: "snmp6", text: snmp6 },
  ...PROC_SOCKETS,
];
