/** `/proc/net/{tcp,udp,raw,icmp,unix,packet,sockstat}` and their IPv6 twins, line by line as the kernel prints them. */
import type { IpAddress } from "../ip/host.ts";
import type { DatagramSocket } from "../transport/datagram_socket.ts";
import type { Connection } from "../transport/tcp/connection.ts";
import { CONNECTION, type Endpoint, REQUEST, TIME_WAITER } from "../transport/tcp/endpoint.ts";
import { ESTABLISHED, LISTEN, SYN_RECV } from "../transport/tcp/states.ts";
import { TimeWait } from "../transport/tcp/time_wait.ts";
import { shownTimer } from "../transport/tcp/timers.ts";
import { mapped6 } from "../wire/ipv6.ts";
import type { Machine } from "./machine.ts";
import type { NetworkNamespace } from "./namespace.ts";

const ADDRESSES4 = "sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const ADDRESSES6 =
  "sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** Widths to which lines of IPv4 are filled up (`seq_setwidth`). */
const TCP_WIDTH = 149;
const UDP_WIDTH = 127;

/** The state of a datagram socket that is not connected. */
const TCP_CLOSE = 7;

function hex(value: number, width: number): string {
  return (value >>> 0).toString(16).toUpperCase().padStart(width, "0");
}

/** The address as the processor reads it from memory, in words of four octets. */
function addressText(address: IpAddress | null, version: 4 | 6): string {
  if (version === 4) {
    const value = typeof address === "number" ? address : 0;
    return hex(((value & 255) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24), 8);
  }
  const bytes = address === null ? new Uint8Array(16) : typeof address === "number" ? mapped6(address) : address;
  let text = "";
  for (let at = 0; at < 16; at += 4) for (let i = 3; i >= 0; i--) text += hex(bytes[at + i], 2);
  return text;
}

interface Row {
  readonly local: IpAddress | null;
  readonly localPort: number;
  readonly remote: IpAddress | null;
  readonly remotePort: number;
  readonly state: number;
  readonly sent: number;
  readonly received: number;
  readonly inode: number;
  /** Which timer runs, jiffies until it fires, and what was sent in vain: segments again, and probes. */
  readonly timer?: number;
  readonly when?: number;
  readonly retransmits?: number;
  readonly probes?: number;
}

function common(row: Row, version: 4 | 6): string {
  return `${addressText(row.local, version)}:${hex(row.localPort, 4)} ${addressText(row.remote, version)}:${
    hex(row.remotePort, 4)
  } ${hex(row.state, 2)} ${hex(row.sent, 8)}:${hex(row.received, 8)} ${hex(row.timer ?? 0, 2)}:${
    hex(Math.max(0, row.when ?? 0), 8)
  } ${hex(row.retransmits ?? 0, 8)}     0 ${String(row.probes ?? 0).padStart(8)} ${row.inode}`;
}

/** udp4_format_sock, raw_sock_seq_show, ping_v4_format_sock and their IPv6 twins. */
function datagrams(sockets: Iterable<DatagramSocket>, version: 4 | 6, header: string, width = 0): string {
  const lines = [header];
  let number = 0;
  for (const socket of sockets) {
    const row = {
      local: socket.localAddress,
      localPort: socket.localPort,
      remote: socket.remoteAddress,
      remotePort: socket.remotePort,
      state: socket.remoteAddress === null ? TCP_CLOSE : ESTABLISHED,
      sent: 0,
      received: socket.queue.length,
      inode: socket.inode,
    };
    lines.push(`${String(number++).padStart(5)}: ${common(row, version)} 2 0000000000000000 ${socket.drops}`);
  }
  return lines.map((line) => `${line.padEnd(width)}\n`).join("");
}

function tcpRow(endpoint: Endpoint): Row {
  const { local, localPort, remote, remotePort } = endpoint;
  const state = endpoint.kind === REQUEST ? SYN_RECV : endpoint.state;
  const addresses = { local, localPort, remote, remotePort };
  if (endpoint instanceof TimeWait) {
    const when = Math.ceil((endpoint.timer.at / 1000 - endpoint.tcp.now) / TICK_US);
    return { ...addresses, state, sent: 0, received: 0, inode: 0, timer: 3, when };
  }
  if (endpoint.kind !== CONNECTION) return { ...addresses, state, sent: 0, received: 0, inode: 0 };
  const c = endpoint as Connection;
  const sent = (c.writeSeq - c.sndUna) | 0, received = (c.rcvNxt - c.copiedSeq) | 0;
  const { kind, delay } = shownTimer(c);
  return {
    ...addresses,
    state,
    sent,
    received: Math.max(0, received),
    inode: c.inode,
    timer: kind,
    when: Math.ceil(delay / TICK_US),
    retransmits: c.retransmits,
    probes: c.probesOut + c.keepProbes,
  };
}

/** Jiffies of USER_HZ in µs. */
const TICK_US = 10_000;

/** get_tcp4_sock, get_timewait4_sock, get_openreq4 and their IPv6 twins: listeners first. */
function tcp(namespace: NetworkNamespace, version: 4 | 6): string {
  const rows: string[] = [];
  for (const list of namespace.tcp.listeners.values()) {
    for (const listener of list) {
      const { binding } = listener;
      if (binding.version !== version) continue;
      const row = {
        local: binding.local,
        localPort: binding.localPort,
        remote: null,
        remotePort: 0,
        state: LISTEN,
        sent: 0,
        received: listener.acceptLength,
        inode: 0,
      };
      rows.push(`${common(row, version)} 1 0000000000000000 100 0 0 10 0`);
    }
  }
  for (const endpoint of namespace.tcp.connections) {
    if (endpoint.version !== version) continue;
    const line = common(tcpRow(endpoint), version);
    if (endpoint.kind === TIME_WAITER) rows.push(`${line} 3 0000000000000000`);
    else if (endpoint.kind === REQUEST) rows.push(`${line} 1 0000000000000000`);
    else {
      const { rto, ato, cwnd } = endpoint as Connection;
      const ticks = (us: number): number => Math.floor(us / TICK_US);
      rows.push(`${line} 1 0000000000000000 ${ticks(rto)} ${ticks(ato)} 0 ${cwnd} -1`);
    }
  }
  const lines = [
    `  ${version === 4 ? ADDRESSES4 : ADDRESSES6}`,
    ...rows.map((row, i) => `${String(i).padStart(4)}: ${row}`),
  ];
  return lines.map((line) => `${version === 4 ? line.padEnd(TCP_WIDTH) : line}\n`).join("");
}

/** unix_seq_show; only sockets that are bound are listed. */
function unix(namespace: NetworkNamespace, machine: Machine): string {
  let text = "Num       RefCount Protocol Flags    Type St Inode Path\n";
  for (const socket of machine.unixNames(namespace).sockets()) {
    const listening = socket.state === "listening";
    const state = socket.state === "connected" ? "03" : "01";
    text += `0000000000000000: 00000002 00000000 ${listening ? "00010000" : "00000000"} 0001 ${state} ${
      String(socket.inode).padStart(5)
    } ${(socket.path ?? "").replace(/^\0/, "@")}\n`;
  }
  return text;
}

function count(items: Iterable<unknown>): number {
  let sum = 0;
  for (const _ of items) sum++;
  return sum;
}

/** sockstat_seq_show */
function sockstat(namespace: NetworkNamespace): string {
  const { tcp, udp, raw } = namespace;
  const connections = [...tcp.connections].filter((one) => one.version === 4 && one.kind === CONNECTION).length;
  const listeners = [...tcp.listeners.values()].flat().filter((one) => one.binding.version === 4).length;
  const udps = count(udp.sockets(4)), raws = count(raw.sockets(4));
  const inuse = connections + listeners;
  return `sockets: used ${
    inuse + udps + raws
  }\nTCP: inuse ${inuse} orphan ${tcp.orphans} tw ${tcp.timeWaiters} alloc ${inuse} mem 0\n` +
    `UDP: inuse ${udps} mem 0\nUDPLITE: inuse 0\nRAW: inuse ${raws}\nFRAG: inuse 0 memory 0\n`;
}

/** sockstat6_seq_show */
function sockstat6(namespace: NetworkNamespace): string {
  const { tcp, udp, raw } = namespace;
  const connections = [...tcp.connections].filter((one) => one.version === 6 && one.kind === CONNECTION).length;
  const listeners = [...tcp.listeners.values()].flat().filter((one) => one.binding.version === 6).length;
  return `TCP6: inuse ${connections + listeners}\nUDP6: inuse ${count(udp.sockets(6))}\nUDPLITE6: inuse 0\n` +
    `RAW6: inuse ${count(raw.sockets(6))}\nFRAG6: inuse 0 memory 0\n`;
}

const REST = " ref pointer drops";

/** What `/proc/net` has of sockets. */
export const PROC_SOCKETS: readonly {
  readonly path: string;
  text(namespace: NetworkNamespace, machine: Machine): string;
}[] = [
  { path: "icmp", text: (namespace) => datagrams(namespace.ping.sockets(4), 4, `  ${ADDRESSES4}${REST}`, UDP_WIDTH) },
  { path: "icmp6", text: (namespace) => datagrams(namespace.ping.sockets(6), 6, `  ${ADDRESSES6}${REST}`) },
  { path: "raw", text: (namespace) => datagrams(namespace.raw.sockets(4), 4, `  ${ADDRESSES4}${REST}`) },
  { path: "raw6", text: (namespace) => datagrams(namespace.raw.sockets(6), 6, `  ${ADDRESSES6}${REST}`) },
  { path: "sockstat", text: sockstat },
  { path: "sockstat6", text: sockstat6 },
  { path: "tcp", text: (namespace) => tcp(namespace, 4) },
  { path: "tcp6", text: (namespace) => tcp(namespace, 6) },
  { path: "udp", text: (namespace) => datagrams(namespace.udp.sockets(4), 4, `   ${ADDRESSES4}${REST}`, UDP_WIDTH) },
  { path: "udp6", text: (namespace) => datagrams(namespace.udp.sockets(6), 6, `  ${ADDRESSES6}${REST}`) },
  { path: "unix", text: unix },
];
