/** `netstat -s`: the counters of `/proc/net/snmp`, `netstat` and `snmp6` in net-tools' words. */
import type { Process } from "../process.ts";

/** How a counter is printed: always, when it is not 0, or under the title of a histogram; "static" ones never are. */
type Style = "number" | "nonzero" | "input" | "output" | "static";
type Entry = readonly [name: string, words: string, style: Style];

const n = "number", z = "nonzero", i = "input", o = "output";

// In net-tools' order: it looks names up by bisection, and where its order is wrong a name is not found.
const IP: readonly Entry[] = [
  ["DefaultTTL", "Default TTL is %", "static"],
  ["Forwarding", "Forwarding is %", "static"],
  ["ForwDatagrams", "% forwarded", n],
  ["FragCreates", "% fragments created", z],
  ["FragFails", "% outgoing packets failed fragmentation", z],
  ["FragOKs", "% outgoing packets fragmented ok", z],
  ["InAddrErrors", "% with invalid addresses", z],
  ["InDelivers", "% incoming packets delivered", n],
  ["InDiscards", "% incoming packets discarded", n],
  ["InHdrErrors", "% with invalid headers", z],
  ["InReceives", "% total packets received", n],
  ["InUnknownProtos", "% with unknown protocol", z],
  ["OutDiscards", "% outgoing packets dropped", z],
  ["OutNoRoutes", "% dropped because of missing route", z],
  ["OutRequests", "% requests sent out", n],
  ["ReasmFails", "% packet reassemblies failed", z],
  ["ReasmOKs", "% packets reassembled ok", z],
  ["ReasmReqds", "% reassemblies required", z],
  ["ReasmTimeout", "% fragments dropped after timeout", z],
];

const IP6: readonly Entry[] = [
  ["Ip6FragCreates", "% fragments created", z],
  ["Ip6FragFails", "% outgoing packets failed fragmentation", z],
  ["Ip6FragOKs", "% outgoing packets fragmented ok", z],
  ["Ip6InAddrErrors", "% with invalid addresses", z],
  ["Ip6InDelivers", "% incoming packets delivered", n],
  ["Ip6InDiscards", "% incoming packets discarded", n],
  ["Ip6InHdrErrors", "% with invalid headers", z],
  ["Ip6InMcastPkts", "% incoming multicast packets", z],
  ["Ip6InNoRoutes", "% incoming packets with no route", z],
  ["Ip6InReceives", "% total packets received", n],
  ["Ip6InTooBigErrors", "% with packets too big", z],
  ["Ip6InTruncatedPkts", "% with truncated packets", z],
  ["Ip6InUnknownProtos", "% with unknown protocol", z],
  ["Ip6OutDiscards", "% outgoing packets dropped", z],
  ["Ip6OutForwDatagrams", "% forwarded", n],
  ["Ip6OutMcastPkts", "% outgoing multicast packets", z],
  ["Ip6OutNoRoutes", "% dropped because of missing route", z],
  ["Ip6OutRequests", "% requests sent out", n],
  ["Ip6ReasmFails", "% packet reassemblies failed", z],
  ["Ip6ReasmOKs", "% packets reassembled ok", z],
  ["Ip6ReasmReqds", "% reassemblies required", z],
  ["Ip6ReasmTimeout", "% fragments dropped after timeout", z],
];

const ICMP: readonly Entry[] = [
  ["InAddrMaskReps", "address mask replies: %", i],
  ["InAddrMasks", "address mask request: %", i],
  ["InDestUnreachs", "destination unreachable: %", i],
  ["InEchoReps", "echo replies: %", i],
  ["InEchos", "echo requests: %", i],
  ["InErrors", "% input ICMP message failed", n],
  ["InMsgs", "% ICMP messages received", n],
  ["InParmProbs", "wrong parameters: %", i],
  ["InRedirects", "redirects: %", i],
  ["InSrcQuenchs", "source quenches: %", i],
  ["InTimeExcds", "timeout in transit: %", i],
  ["InTimestampReps", "timestamp reply: %", i],
  ["InTimestamps", "timestamp request: %", i],
  ["OutAddrMaskReps", "address mask replies: %", o],
  ["OutAddrMasks", "address mask requests: %", o],
  ["OutDestUnreachs", "destination unreachable: %", o],
  ["OutEchoReps", "echo replies: %", o],
  ["OutEchos", "echo requests: %", o],
  ["OutErrors", "% ICMP messages failed", n],
  ["OutMsgs", "% ICMP messages sent", n],
  ["OutParmProbs", "wrong parameters: %", o],
  ["OutRedirects", "redirect: %", o],
  ["OutSrcQuenchs", "source quench: %", o],
  ["OutTimeExcds", "time exceeded: %", o],
  ["OutTimestampReps", "timestamp replies: %", o],
  ["OutTimestamps", "timestamp requests: %", o],
];

const ICMP6: readonly Entry[] = [
  ["Icmp6InDestUnreachs", "destination unreachable: %", i],
  ["Icmp6InEchoReplies", "echo replies: %", i],
  ["Icmp6InEchos", "echo requests: %", i],
  ["Icmp6InErrors", "% input ICMP message failed", n],
  ["Icmp6InGroupMembQueries", "group member queries: %", i],
  ["Icmp6InGroupMembReductions", "group member reductions: %", i],
  ["Icmp6InGroupMembResponses", "group member responses: %", i],
  ["Icmp6InMsgs", "% ICMP messages received", n],
  ["Icmp6InNeighborAdvertisements", "neighbour advertisement: %", i],
  ["Icmp6InNeighborSolicits", "neighbour solicits: %", i],
  ["Icmp6InParmProblems", "parameter problem: %", i],
  ["Icmp6InPktTooBigs", "packets too big: %", i],
  ["Icmp6InRedirects", "redirects: %", i],
  ["Icmp6InRouterAdvertisements", "router advertisement: %", i],
  ["Icmp6InRouterSolicits", "router solicits: %", i],
  ["Icmp6InTimeExcds", "received ICMPv6 time exceeded: %", i],
  ["Icmp6OutDestUnreachs", "destination unreachable: %", o],
  ["Icmp6OutEchoReplies", "echo replies: %", o],
  ["Icmp6OutEchos", "echo requests: %", o],
  ["Icmp6OutGroupMembQueries", "group member queries: %", o],
  ["Icmp6OutGroupMembReductions", "group member reductions: %", o],
  ["Icmp6OutGroupMembResponses", "group member responses: %", o],
  ["Icmp6OutMsgs", "% ICMP messages sent", n],
  ["Icmp6OutNeighborAdvertisements", "neighbor advertisements: %", o],
  ["Icmp6OutNeighborSolicits", "neighbor solicits: %", o],
  ["Icmp6OutParmProblems", "parameter problem: %", o],
  ["Icmp6OutPktTooBigs", "packets too big: %", o],
  ["Icmp6OutRedirects", "redirects: %", o],
  ["Icmp6OutRouterAdvertisements ", "router advertisement: %", o],
  ["Icmp6OutRouterSolicits", "router solicits: %", o],
  ["Icmp6OutTimeExcds", "sent ICMPv6 time exceeded: %", o],
];

const TCP: readonly Entry[] = [
  ["ActiveOpens", "% active connection openings", n],
  ["AttemptFails", "% failed connection attempts", n],
  ["CurrEstab", "% connections established", n],
  ["EstabResets", "% connection resets received", n],
  ["InErrs", "% bad segments received", n],
  ["InSegs", "% segments received", n],
  ["MaxConn", "", n],
  ["OutRsts", "% resets sent", n],
  ["OutSegs", "% segments sent out", n],
  ["PassiveOpens", "% passive connection openings", n],
  ["RetransSegs", "% segments retransmitted", n],
  ["RtoAlgorithm", "RTO algorithm is %", "static"],
  ["RtoMax", "", n],
  ["RtoMin", "", n],
];

const UDP: readonly Entry[] = [
  ["InDatagrams", "% packets received", n],
  ["InErrors", "% packet receive errors", n],
  ["NoPorts", "% packets to unknown port received", n],
  ["OutDatagrams", "% packets sent", n],
  ["RcvbufErrors", "% receive buffer errors", n],
  ["SndbufErrors", "% send buffer errors", n],
];

const UDP6: readonly Entry[] = [
  ["Udp6InDatagrams", "% packets received", n],
  ["Udp6InErrors", "% packet receive errors", n],
  ["Udp6NoPorts", "% packets to unknown port received", n],
  ["Udp6OutDatagrams", "% packets sent", n],
];

const TCP_EXTENSIONS: readonly Entry[] = [
  ["DelayedACKLocked", "% delayed acks further delayed because of locked socket", z],
  ["DelayedACKLost", "Quick ack mode was activated % times", z],
  ["DelayedACKs", "% delayed acks sent", z],
  ["EmbryonicRsts", "% resets received for embryonic SYN_RECV sockets", z],
  ["ListenDrops", "% SYNs to LISTEN sockets dropped", z],
  ["ListenOverflows", "% times the listen queue of a socket overflowed", z],
  ["LockDroppedIcmps", "% ICMP packets dropped because socket was locked", z],
  ["OfoPruned", "% packets dropped from out-of-order queue because of socket buffer overrun", z],
  ["OutOfWindowIcmps", "% ICMP packets dropped because they were out-of-window", z],
  ["PAWSActive", "% active connections rejected because of time stamp", z],
  ["PAWSEstab", "% packetes rejected in established connections because of timestamp", z],
  ["PAWSPassive", "% passive connections rejected because of time stamp", z],
  ["PruneCalled", "% packets pruned from receive queue because of socket buffer overrun", z],
  ["RcvPruned", "% packets pruned from receive queue", z],
  ["SockMallocOOM", "Ran % times out of system memory during packet sending", z],
  ["SyncookiesFailed", "% invalid SYN cookies received", z],
  ["SyncookiesRecv", "% SYN cookies received", z],
  ["SyncookiesSent", "% SYN cookies sent", z],
  ["TCPAbortFailed", "% times unable to send RST due to no memory", z],
  ["TCPAbortOnClose", "% connections reset due to early user close", z],
  ["TCPAbortOnData", "% connections reset due to unexpected data", z],
  ["TCPAbortOnLinger", "% connections aborted after user close in linger timeout", z],
  ["TCPAbortOnMemory", "% connections aborted due to memory pressure", z],
  ["TCPAbortOnSyn", "% connections reset due to unexpected SYN", z],
  ["TCPAbortOnTimeout", "% connections aborted due to timeout", z],
  ["TCPDirectCopyFromBacklog", "% bytes directly in process context from backlog", z],
  ["TCPDirectCopyFromPrequeue", "% bytes directly received in process context from prequeue", z],
  ["TCPDSACKOfoRecv", "% DSACKs for out of order packets received", z],
  ["TCPDSACKOfoSent", "% DSACKs sent for out of order packets", z],
  ["TCPDSACKOldSent", "% DSACKs sent for old packets", z],
  ["TCPDSACKRecv", "% DSACKs received", z],
  ["TCPDSackUndo", "% congestion window recovered without slow start using DSACK", z],
  ["TCPDSACKUndo", "% congestion windows recovered without slow start by DSACK", z],
  ["TCPFACKReorder", "Detected reordering % times using FACK", z],
  ["TCPFastRetrans", "% fast retransmits", z],
  ["TCPForwardRetrans", "% forward retransmits", z],
  ["TCPFullUndo", "% congestion windows fully recovered without slow start", z],
  ["TCPHPAcks", "% predicted acknowledgments", z],
  ["TCPHPHits", "% packet headers predicted", n],
  ["TCPHPHitsToUser", "% packet headers predicted and directly queued to user", z],
  ["TCPLossFailures", "% timeouts in loss state", z],
  ["TCPLoss", "% TCP data loss events", z],
  ["TCPLossUndo", "% congestion windows recovered without slow start after partial ack", z],
  ["TCPLostRetransmits", "% retransmits lost", z],
  ["TCPMemoryPressures", "TCP ran low on memory % times", z],
  ["TCPPartialUndo", "% congestion windows partially recovered using Hoe heuristic", z],
  ["TCPPrequeued", "% packets directly queued to recvmsg prequeue", z],
  ["TCPPrequeueDropped", "% packets dropped from prequeue", z],
  ["TCPPureAcks", "% acknowledgments not containing data payload received", z],
  ["TCPRcvCollapsed", "% packets collapsed in receive queue due to low socket buffer", z],
  ["TCPRenoFailures", "% timeouts after reno fast retransmit", z],
  ["TCPRenoRecoveryFailed", "% reno fast retransmits failed", z],
  ["TCPRenoRecoveryFail", "% classic Reno fast retransmits failed", z],
  ["TCPRenoRecovery", "% times recovered from packet loss due to fast retransmit", z],
  ["TCPRenoReorder", "Detected reordering % times using reno fast retransmit", z],
  ["TCPSackFailures", "% timeouts after SACK recovery", z],
  ["TCPSackRecoveryFail", "% SACK retransmits failed", z],
  ["TCPSackRecovery", "% times recovered from packet loss by selective acknowledgements", z],
  ["TCPSACKReneging", "% bad SACK blocks received", z],
  ["TCPSACKReorder", "Detected reordering % times using SACK", z],
  ["TCPSchedulerFailed", "% times receiver scheduled too late for direct processing", z],
  ["TCPSlowStartRetrans", "% retransmits in slow start", z],
  ["TCPTimeouts", "% other TCP timeouts", z],
  ["TCPTSReorder", "Detected reordering % times using time stamp", z],
  ["TWKilled", "% TCP sockets finished time wait in slow timer", z],
  ["TW", "% TCP sockets finished time wait in fast timer", z],
  ["TWRecycled", "% time wait sockets recycled by time stamp", z],
];

interface Table {
  readonly entries: readonly Entry[] | null;
  readonly shown: boolean;
}

/** What `-t`, `-u` and `-w` chose; all when none was given. */
export interface StatisticsOptions {
  readonly raw: boolean;
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly six: boolean;
}

const TITLES: Readonly<Record<string, string>> = { input: "ICMP input histogram:", output: "ICMP output histogram:" };

/** `bsearch` of the C library, over a table that need not be in order. */
function find(entries: readonly Entry[], name: string): Entry | null {
  let low = 0, high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = entries[middle][0];
    if (at === name) return entries[middle];
    if (name < at) high = middle;
    else low = middle + 1;
  }
  return null;
}

class Printer {
  #style: Style = "number";
  text = "";

  constructor(readonly options: StatisticsOptions) {}

  /** Begins a table: its title, unless it was not chosen. */
  table(title: string): Table {
    const { raw, tcp, udp } = this.options;
    const known: Readonly<Record<string, Table>> = {
      Ip: { entries: IP, shown: raw },
      Icmp: { entries: ICMP, shown: raw },
      Tcp: { entries: TCP, shown: tcp },
      Udp: { entries: UDP, shown: udp },
      TcpExt: { entries: TCP_EXTENSIONS, shown: tcp },
      Ip6: { entries: IP6, shown: raw },
      Icmp6: { entries: ICMP6, shown: raw },
      Udp6: { entries: UDP6, shown: udp },
    };
    const table = known[title];
    if (table === undefined) {
      this.text += `${title}:\n`;
      return { entries: null, shown: true };
    }
    if (table.shown) this.text += `${title}:\n`;
    this.#style = "number";
    return table;
  }

  #indent(style: Style): string {
    return style === "input" || style === "output" ? " ".repeat(8) : " ".repeat(4);
  }

  value(table: Table, name: string, value: string): void {
    if (!table.shown) return;
    const entry = table.entries === null ? null : find(table.entries, name);
    if (entry === null) {
      if (value !== "0") this.text += `${this.#indent(this.#style)}${name}: ${value}\n`;
      return;
    }
    const [, words, style] = entry;
    if (style === "static" || words === "") return;
    if ((style === "input" || style === "output") && this.#style !== style) {
      this.text += `${this.#indent(this.#style)}${TITLES[style]}\n`;
    }
    if (style === "number" || value !== "0") this.text += `${this.#indent(style)}${words.replace("%", value)}\n`;
    this.#style = style;
  }
}

/** Pairs of lines: names, then numbers. */
function printPairs(printer: Printer, text: string, only: string | null): void {
  const lines = text.split("\n").filter((line) => line !== "");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [title, names] = lines[i].split(":", 2);
    if (only !== null && !title.startsWith(only)) continue;
    const values = lines[i + 1].slice(lines[i + 1].indexOf(":") + 1).trim().split(/\s+/);
    const table = printer.table(title);
    names.trim().split(/\s+/).forEach((name, at) => printer.value(table, name, values[at] ?? "0"));
  }
}

export function statistics(process: Process, options: StatisticsOptions): string {
  const printer = new Printer(options);
  if (!options.six) {
    printPairs(printer, process.files.readText("/proc/net/snmp"), null);
    printPairs(printer, process.files.readText("/proc/net/netstat"), null);
    return printer.text;
  }
  let title = "";
  let table: Table | null = null;
  for (const line of process.files.readText("/proc/net/snmp6").split("\n")) {
    const [name, value] = line.trim().split(/\s+/);
    if (value === undefined) continue;
    if (table === null || !name.includes(title)) {
      title = name.slice(0, name.indexOf("6") + 1);
      table = printer.table(title);
    }
    printer.value(table, name, value);
  }
  printPairs(printer, process.files.readText("/proc/net/snmp"), "Tcp");
  return printer.text;
}
