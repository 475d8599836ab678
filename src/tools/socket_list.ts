/** The sockets of a namespace as `ss` and `netstat` list them. */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import { Listener } from "../transport/tcp/listen.ts";
import { Connection } from "../transport/tcp/connection.ts";
import { type Endpoint, TIME_WAITER } from "../transport/tcp/endpoint.ts";
import { TcpSocket } from "../transport/tcp/socket.ts";
import { NEW_SYN_RECV, stateName, SYN_RECV } from "../transport/tcp/states.ts";
import { TimeWait } from "../transport/tcp/time_wait.ts";
import { shownTimer } from "../transport/tcp/timers.ts";
import type { DatagramSocket } from "../transport/datagram_socket.ts";
import type { UnixSocket } from "../transport/unix.ts";
import type { Process } from "./process.ts";

export interface ListedSocket {
  readonly protocol: "tcp" | "udp" | "raw" | "icmp";
  readonly family: 4 | 6;
  /** As `ss` names it: ESTAB, LISTEN, UNCONN, …. */
  readonly state: string;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: IpAddress;
  /** The port, or a raw socket's protocol. */
  readonly localPort: number;
  readonly remote: IpAddress;
  readonly remotePort: number;
  readonly device: Interface | null;
  readonly v6Only: boolean;
  readonly inode: number;
  readonly program: string;
  readonly pid: number;
  /** The timer that runs, for `-o`; null when none does. */
  readonly timer: ListedTimer | null;
  readonly tcp: TcpSocket | null;
}

export interface ListedTimer {
  readonly name: "on" | "keepalive" | "timewait" | "persist";
  /** Virtual ns until it fires. */
  readonly at: number;
  /** How often it fired in vain. */
  readonly retries: number;
}

const ANY6 = new Uint8Array(16);

function any(family: 4 | 6): IpAddress {
  return family === 4 ? 0 : ANY6;
}

/** In the order of their numbers (`tmr_name`). */
const TIMER_NAMES = ["", "on", "keepalive", "timewait", "persist"] as const;

function timerOf(endpoint: Listener | Endpoint, now: number): ListedTimer | null {
  if (endpoint instanceof TimeWait) return { name: "timewait", at: endpoint.timer.at - now, retries: 0 };
  if (!(endpoint instanceof Connection)) return null;
  const { kind, delay, retries } = shownTimer(endpoint);
  const name = TIMER_NAMES[kind];
  return name === "" ? null : { name, at: Math.max(0, delay * 1000), retries };
}

export function tcpSockets(process: Process): ListedSocket[] {
  const { tcp, interfaces, world } = process.namespace;
  const listed: ListedSocket[] = [];
  for (const endpoint of tcp.endpoints()) {
    const place = endpoint instanceof Listener ? endpoint.binding : endpoint;
    const owner = endpoint instanceof Listener || endpoint instanceof Connection ? endpoint.owner : null;
    const socket = owner instanceof TcpSocket ? owner : null;
    const family = socket?.family ?? (typeof place.local === "number" ? 4 : 6);
    const timeWait = !(endpoint instanceof Listener) && endpoint.kind === TIME_WAITER;
    const state = endpoint instanceof Listener
      ? "LISTEN"
      : stateName(endpoint.state === NEW_SYN_RECV ? SYN_RECV : endpoint.state);
    listed.push({
      protocol: "tcp",
      family,
      state,
      receiveQueue: endpoint instanceof Listener ? endpoint.acceptLength : socket?.readable ?? 0,
      sendQueue: endpoint instanceof Listener ? endpoint.backlog : socket?.unacked ?? 0,
      local: place.local,
      localPort: place.localPort,
      remote: endpoint instanceof Listener ? any(family) : endpoint.remote,
      remotePort: endpoint instanceof Listener ? 0 : endpoint.remotePort,
      device: interfaces.byIndex(place.boundIndex) ?? null,
      v6Only: socket?.v6Only ?? false,
      inode: timeWait ? 0 : socket?.inode ?? 0,
      program: socket?.program ?? "",
      pid: socket?.pid ?? 0,
      timer: timerOf(endpoint, world.scheduler.now),
      tcp: socket,
    });
  }
  return listed;
}

function datagram(protocol: "udp" | "raw" | "icmp", socket: DatagramSocket, port: number): ListedSocket {
  return {
    protocol,
    family: socket.family,
    state: socket.remoteAddress === null ? "UNCONN" : "ESTAB",
    receiveQueue: socket.receiveUsed,
    sendQueue: 0,
    local: socket.localAddress,
    localPort: port,
    remote: socket.remoteAddress ?? any(socket.family),
    remotePort: socket.remotePort,
    device: socket.device,
    v6Only: socket.v6Only,
    inode: socket.inode,
    program: socket.program,
    pid: socket.pid,
    timer: null,
    tcp: null,
  };
}

export function udpSockets(process: Process): ListedSocket[] {
  return [...process.namespace.udp.sockets()].map((socket) => datagram("udp", socket, socket.localPort));
}

export function rawSockets(process: Process): ListedSocket[] {
  return process.namespace.raw.sockets().map((socket) => datagram("raw", socket, socket.protocolNumber));
}

/** Unix sockets that have a name. */
export function unixSockets(process: Process): UnixSocket[] {
  return [...process.machine.unixNames(process.namespace).sockets()];
}

/** Whether an IPv4 socket, or an IPv6 one with an IPv4-mapped address, talks IPv4. */
export function isAnyAddress(address: IpAddress): boolean {
  return typeof address === "number" ? address === 0 : address.every((octet) => octet === 0);
}
