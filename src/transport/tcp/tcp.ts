/**
 * TCP of a namespace: the tables of connections and listeners, and the way of a segment from the IP layer to one of them
 * (Linux's tcp_ipv4.c and tcp_ipv6.c).
 *
 * @module
 */
import type { IpHost, Path, Protocol, SysctlEntry } from "../../ip/host.ts";
import type { TcpCounters, TcpExtCounters } from "../../ip/mib.ts";
import type { AddressFamily } from "../../ip/netlink.ts";
import { fold, pseudoHeader, sumOctets } from "../../wire/checksum.ts";
import { Errno } from "../../wire/errno.ts";
import { get16, get32 } from "../../wire/octets.ts";
import { CHECKSUM_NONE, type Packet } from "../../wire/packet.ts";
import { ACK, FIN, RST, SYN, TCP_HEADER } from "../../wire/tcp.ts";
import { answerReset, sendTimeWaitAck } from "./answers.ts";
import { BindTable } from "./binding.ts";
import type { CongestionControl } from "./congestion.ts";
import { congestionControls } from "./congestion_controls.ts";
import { type Connection, type TcpProtocol, WAKE_READABLE, wakeOwner } from "./connection.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import { Cookies } from "./cookies.ts";
import { cubic } from "./cubic.ts";
import { CONNECTION, type Endpoint, EndpointTable, hashKeys, REQUEST, setKeys, TIME_WAITER } from "./endpoint.ts";
import { connectionError } from "./errors.ts";
import { countEstablished, finTime } from "./closing.ts";
import { ANSWER_RESET, Incoming } from "./incoming.ts";
import { receive } from "./input.ts";
import { findListener } from "./listener_lookup.ts";
import {
  checkRequest,
  dropRequest,
  type Listener,
  makeRequest,
  openConnection,
  receiveSyn,
  type Request,
} from "./listen.ts";
import { ReceivedOptions } from "./options.ts";
import { purgeOutOfOrder, purgeReceived } from "./reassembly.ts";
import { CLOSE, CLOSE_WAIT, ESTABLISHED, SYN_RECV, SYN_SENT, TIME_WAIT } from "./states.ts";
import { TcpSysctls } from "./sysctls.ts";
import { TimeWait, TW_ACK, TW_RESET, TW_SYN } from "./time_wait.ts";
import { LocalPorts } from "../ports.ts";
import { delayedAckTimer, keepaliveTimer, retransmitTimer } from "./timer_events.ts";
import { stopTimers } from "./timers.ts";

const IPPROTO_TCP = 6;
/** Cookies are looked for this long after the queue overflowed, µs. */
const COOKIE_TIME = 120e6;

const segment = new Incoming();
const options = new ReceivedOptions();

export class Tcp implements Protocol, TcpProtocol {
  readonly sysctls: TcpSysctls = new TcpSysctls();
  readonly connections: EndpointTable = new EndpointTable();
  readonly bindings: BindTable = new BindTable();
  readonly listeners: Map<number, Listener[]> = new Map();
  readonly counters: TcpCounters;
  readonly ext: TcpExtCounters;
  readonly cookies: Cookies;
  /** Number of TIME-WAIT objects. */
  timeWaiters = 0;
  orphans = 0;
  #secret: number;

  /** `net.core.somaxconn` */
  somaxconn = 4096;
  /** `net.core.rmem_max` and `wmem_max`: what SO_RCVBUF and SO_SNDBUF may ask for. */
  rmemMax = 4194304;
  wmemMax = 4194304;

  constructor(readonly host: IpHost, readonly localPorts: LocalPorts = new LocalPorts(host.random.split("ports"))) {
    this.counters = host.mib.tcp;
    this.ext = host.mib.tcpExt;
    const random = host.random.split("tcp");
    this.#secret = random.uint32() | 0;
    this.cookies = new Cookies(random);
  }

  get now(): number {
    return Math.floor(this.host.world.scheduler.now / 1000);
  }

  sysctlEntries(): SysctlEntry[] {
    return this.sysctls.entries();
  }

  nextInode(): number {
    return ++this.host.world.sockets;
  }

  family(version: 4 | 6): AddressFamily {
    return (version === 4 ? this.host.ipv4 : this.host.ipv6) as unknown as AddressFamily;
  }

  // Input

  /** `tcp_v4_rcv`, `tcp_v6_rcv` */
  input(packet: Packet): void {
    this.counters.InSegs++;
    const bytes = packet.bytes;
    const at = packet.head;
    const size = packet.tail - at;
    const header = size < TCP_HEADER ? 0 : (bytes[at + 12] >> 4) * 4;
    if (header < TCP_HEADER || header > size) {
      this.counters.InErrs++;
      packet.release();
      return;
    }
    const network = packet.network;
    const six = bytes[network] >> 4 === 6;
    if (packet.checksum === CHECKSUM_NONE && !this.#checksumIsRight(packet, six)) {
      this.counters.InCsumErrors++;
      this.counters.InErrs++;
      packet.release();
      return;
    }
    const s = segment;
    s.flags = bytes[at + 13];
    s.sequence = get32(bytes, at + 4) | 0;
    s.ack = get32(bytes, at + 8) | 0;
    s.window = get16(bytes, at + 14);
    s.length = size - header;
    s.end = (s.sequence + s.length + (s.flags & 1) + ((s.flags & SYN) >> 1)) | 0;
    s.ecn = six ? (bytes[network + 1] >> 4) & 3 : bytes[network + 1] & 3;
    options.read(bytes, at + TCP_HEADER, at + header, (s.flags & SYN) !== 0);
    const ports = (get16(bytes, at + 2) << 16) | get16(bytes, at);
    const device = packet.device === null ? 0 : packet.device.index;
    const found = six
      ? this.connections.find6(bytes, network + 24, network + 8, ports, device)
      : this.connections.find4(get32(bytes, network + 16) | 0, get32(bytes, network + 12) | 0, ports, device);
    if (found !== null) {
      if (found.kind === CONNECTION) this.#deliver(found as Connection, packet, header);
      else if (found.kind === REQUEST) this.#deliverRequest(found as Request, packet, header);
      else this.#deliverTimeWait(found as TimeWait, packet);
      return;
    }
    const listener = this.#listenerFor(packet, six, ports >>> 16, device);
    if (listener === null) {
      answerReset(this, packet, segment);
      packet.release();
    } else this.#deliverListener(listener, packet, header, null);
  }

  #checksumIsRight(packet: Packet, six: boolean): boolean {
    const bytes = packet.bytes, network = packet.network;
    const length = packet.tail - packet.head;
    const sum = six
      ? pseudoHeader(bytes, network + 8, network + 24, 16, IPPROTO_TCP, length)
      : pseudoHeader(bytes, network + 12, network + 16, 4, IPPROTO_TCP, length);
    return fold(sumOctets(bytes, packet.head, packet.tail, sum)) === 0xffff;
  }

  #deliver(c: Connection, packet: Packet, header: number): void {
    packet.head += header;
    if (receive(c, packet, segment, options) === ANSWER_RESET) {
      answerReset(this, packet, segment);
      packet.release();
    }
    if (c.wake !== 0) wakeOwner(c);
  }

  #deliverRequest(request: Request, packet: Packet, header: number): void {
    const outcome = checkRequest(request, segment, options);
    if (typeof outcome === "number") {
      if (outcome === ANSWER_RESET) answerReset(this, packet, segment);
      packet.release();
      return;
    }
    this.#accepted(outcome, request.listener, packet, header);
  }

  /** A connection has been made: the segment that made it may carry data. */
  #accepted(c: Connection, listener: Listener, packet: Packet, header: number): void {
    c.wake &= ~WAKE_READABLE;
    if (segment.length > 0 || (segment.flags & FIN) !== 0) this.#deliver(c, packet, header);
    else packet.release();
    listener.owner.becameReadable();
  }

  #deliverTimeWait(tw: TimeWait, packet: Packet): void {
    switch (tw.receive(segment, options)) {
      case TW_SYN: {
        const six = tw.version === 6;
        const listener = this.#listenerFor(packet, six, tw.localPort, packet.device?.index ?? 0);
        if (listener !== null) {
          const isn = (tw.sndNxt + 65535 + 2) | 0;
          this.endTimeWait(tw);
          this.#deliverListener(listener, packet, 0, isn);
          return;
        }
        sendTimeWaitAck(this, tw, packet);
        break;
      }
      case TW_ACK:
        sendTimeWaitAck(this, tw, packet);
        break;
      case TW_RESET:
        answerReset(this, packet, segment);
        this.endTimeWait(tw);
        break;
    }
    packet.release();
  }

  /** RFC 9293 section 3.10.7.2. */
  #deliverListener(listener: Listener, packet: Packet, header: number, isn: number | null): void {
    const flags = segment.flags;
    if ((flags & RST) !== 0) {
      this.host.world.drop(packet, "TCP_FLAGS");
      return;
    }
    if ((flags & ACK) !== 0) {
      const c = (flags & SYN) === 0 ? this.#checkCookie(listener, packet) : null;
      if (c !== null) {
        this.#accepted(c, listener, packet, header);
        return;
      }
      answerReset(this, packet, segment);
    } else if ((flags & SYN) !== 0 && (flags & FIN) === 0) receiveSyn(listener, packet, segment, options, isn);
    packet.release();
  }

  #checkCookie(listener: Listener, packet: Packet): Connection | null {
    if (this.sysctls.syncookies === 0) return null;
    if (this.sysctls.syncookies !== 2 && this.now - listener.overflowed > COOKIE_TIME) return null;
    const request = makeRequest(listener, packet, segment, options);
    if (request === null) return null;
    request.rcvIsn = (segment.sequence - 1) | 0;
    request.sntIsn = (segment.ack - 1) | 0;
    request.cookie = true;
    const mss = this.cookies.check(request, request.sntIsn);
    if (mss === 0) {
      this.ext.SyncookiesFailed++;
      return null;
    }
    this.ext.SyncookiesRecv++;
    if (listener.full) return null;
    request.mss = mss;
    if (request.timestampsOk) this.cookies.restore(request, (options.echo - request.tsOffset) | 0);
    return openConnection(request, segment);
  }

  #listenerFor(packet: Packet, six: boolean, port: number, device: number): Listener | null {
    const candidates = this.listeners.get(port);
    return candidates === undefined ? null : findListener(candidates, packet, six, device);
  }

  /** An ICMP error about a segment that we sent (`tcp_v4_err`, `tcp_v6_err`). */
  error(packet: Packet, type: number, code: number, info: number): void {
    const bytes = packet.bytes, network = packet.network, at = packet.head;
    const six = bytes[network] >> 4 === 6;
    const ports = (get16(bytes, at) << 16) | get16(bytes, at + 2);
    const found = six
      ? this.connections.find6(bytes, network + 8, network + 24, ports, 0)
      : this.connections.find4(get32(bytes, network + 12) | 0, get32(bytes, network + 16) | 0, ports, 0);
    if (found === null) {
      if (six) this.host.mib.icmp6.InErrors++;
      else this.host.mib.icmp.InErrors++;
      return;
    }
    const sequence = get32(bytes, at + 4) | 0;
    if (found.kind === REQUEST) {
      const request = found as Request;
      if (sequence !== request.sntIsn) this.ext.OutOfWindowIcmps++;
      else if (isFatal(six, type, code)) {
        dropRequest(request);
        this.ext.ListenDrops++;
      }
      return;
    }
    if (found.kind !== CONNECTION) return;
    const c = found as Connection;
    connectionError(c, sequence, six, type, code, info);
    if (c.wake !== 0) wakeOwner(c);
  }

  // Connections

  /** RFC 6528: a hash of the four-tuple, and a clock of 64 ns. */
  initialSequence(endpoint: Endpoint): number {
    const clock = Math.floor(this.host.world.scheduler.now / 64) % 4294967296;
    return (hashKeys(endpoint.localKey ^ this.#secret, endpoint.remoteKey, endpoint.portsKey) + clock) | 0;
  }

  timestampOffset(endpoint: Endpoint): number {
    return hashKeys(endpoint.localKey, endpoint.remoteKey ^ this.#secret, 0);
  }

  congestionFor(options: ConnectionOptions, path: Path): CongestionControl {
    const name = path.metrics?.congctl || options.congestion || this.sysctls.congestionControl;
    return congestionControls.get(name) ?? cubic;
  }

  addConnection(c: Connection): void {
    this.connections.insert(c);
    this.bindings.insert(c);
    c.hashed = true;
  }

  /** The connection is over (`tcp_done`): it leaves the tables, its timers stop. What was received stays to be read. */
  done(c: Connection): void {
    if (c.state === SYN_SENT || c.state === SYN_RECV) this.counters.AttemptFails++;
    else if (c.state === ESTABLISHED || c.state === CLOSE_WAIT) this.counters.EstabResets++;
    this.close(c);
  }

  /** As `done`, for an orderly end: not counted as a reset. */
  close(c: Connection): void {
    const was = c.state;
    c.state = CLOSE;
    countEstablished(c, was);
    stopTimers(c);
    c.shutdown = 3;
    c.queue.purge();
    c.sendQueued = 0;
    c.packetsOut =
      c.sackedOut =
      c.lostOut =
      c.retransmitOut =
        0;
    this.#remove(c);
    if (c.orphan) this.release(c);
  }

  #remove(c: Connection): void {
    if (!c.hashed) return;
    c.hashed = false;
    this.connections.remove(c);
    this.bindings.remove(c);
    if (c.orphan) this.orphans--;
  }

  /** Nobody will read what is left. */
  release(c: Connection): void {
    purgeReceived(c);
    purgeOutOfOrder(c);
    c.queue.purge();
    stopTimers(c);
  }

  /** Replaces a connection by a TIME-WAIT object in `state` (`tcp_time_wait`). */
  timeWait(c: Connection, state: number, ns: number): void {
    const tw = this.timeWaiters < this.sysctls.maxTwBuckets ? new TimeWait(this, c, state) : null;
    c.state = state;
    c.streamDone = true;
    const orphan = c.orphan;
    this.close(c);
    if (tw === null) {
      this.ext.TCPTimeWaitOverflow++;
      return;
    }
    this.connections.insert(tw);
    this.bindings.insert(tw);
    this.timeWaiters++;
    tw.reschedule(state === TIME_WAIT ? ns : Math.max(ns, orphan ? 0 : finTime(c)));
  }

  endTimeWait(tw: TimeWait): void {
    this.host.world.scheduler.cancel(tw.timer);
    if (!this.connections.remove(tw)) return;
    this.bindings.remove(tw);
    this.timeWaiters--;
    this.ext.TW++;
  }

  retransmitTimer(c: Connection): void {
    retransmitTimer(c);
    if (c.wake !== 0) wakeOwner(c);
  }

  delayedAckTimer(c: Connection): void {
    delayedAckTimer(c);
  }

  keepaliveTimer(c: Connection): void {
    keepaliveTimer(c);
    if (c.wake !== 0) wakeOwner(c);
  }

  // Listeners

  addListener(listener: Listener): void {
    const port = listener.binding.localPort;
    const same = this.listeners.get(port);
    if (same === undefined) this.listeners.set(port, [listener]);
    else same.push(listener);
  }

  /** Stops listening: half-open connections are forgotten, those that wait for accept are reset (`inet_csk_listen_stop`). */
  removeListener(listener: Listener): void {
    listener.closed = true;
    const port = listener.binding.localPort;
    const rest = (this.listeners.get(port) ?? []).filter((other) => other !== listener);
    if (rest.length === 0) this.listeners.delete(port);
    else this.listeners.set(port, rest);
    if (listener.requests > 0) {
      for (const endpoint of [...this.connections]) {
        if (endpoint.kind === REQUEST && (endpoint as Request).listener === listener) dropRequest(endpoint as Request);
      }
    }
  }

  // Ports

  /** Whether the addresses and ports are free for a new connection; a TIME-WAIT object that may be reused is ended. */
  claimTuple(c: Connection): number {
    setKeys(c);
    const found = this.connections.find(c.local, c.remote, c.portsKey);
    if (found === null) return 0;
    if (found.kind !== TIME_WAITER) return -Errno.EADDRNOTAVAIL;
    const tw = found as TimeWait;
    const reuse = this.sysctls.twReuse;
    const loopback = typeof c.local === "number" ? c.local >>> 24 === 127 : c.path.device.loopback;
    if (
      tw.timestampsOk && (reuse === 1 || (reuse === 2 && loopback)) &&
      1 + Math.floor(this.now / 1e6) - tw.tsRecentStamp >= this.sysctls.twReuseDelay / 1000
    ) {
      c.iss = (tw.sndNxt + 65535 + 2) | 0;
      c.tsRecent = tw.tsRecent;
      c.tsRecentStamp = tw.tsRecentStamp;
      this.endTimeWait(tw);
      this.ext.TWRecycled++;
      return 1;
    }
    return -Errno.EADDRNOTAVAIL;
  }

  /** An ephemeral port that `free` takes; 0 when there is none. */
  ephemeral(free: (port: number) => boolean): number {
    return this.localPorts.choose(free);
  }

  /** All sockets of the namespace, for `ss`, `netstat` and `/proc/net/tcp`: listeners first. */
  *endpoints(): IterableIterator<Listener | Endpoint> {
    for (const same of this.listeners.values()) yield* same;
    yield* this.connections;
  }
}

function isFatal(six: boolean, type: number, code: number): boolean {
  return six ? type === 1 && (code === 1 || code === 3 || code === 4) : type === 3 && code !== 4;
}
