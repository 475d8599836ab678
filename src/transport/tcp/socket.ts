/**
 * The TCP socket: what an application holds of a connection or a listener. Synchronous: each call answers at once, with a count
 * or a negative errno, and the slots say when it is worth calling again.
 *
 * @module
 */
import type { IpAddress } from "../../ip/host.ts";
import { Errno } from "../../wire/errno.ts";
import { IN6ADDR_ANY, isLinkLocal6, mapped6 } from "../../wire/ipv6.ts";
import { TcpSocketOptions } from "./socket_options.ts";
import { Binding, isAny } from "./binding.ts";
import { Connection, type ConnectionOwner, ECN_OK, SHUTDOWN_READ, SHUTDOWN_WRITE, wakeOwner } from "./connection.ts";
import { advertisedMss, initBuffers, offerWindow } from "./establish.ts";
import { setKeys } from "./endpoint.ts";
import { closeConnection, closeSending } from "./closing.ts";
import { isWriteable } from "./send_buffer.ts";
import type { TcpInfo } from "./info.ts";
import { Listener, type ListenerOwner } from "./listen.ts";
import { DEFAULT_MSS, syncMss } from "./mss.ts";
import { sendSyn } from "./output.ts";
import { INITIAL_RTO } from "./rtt.ts";
import { CAN_SEND, CLOSE, isOneOf, LISTEN, stateName, SYN_RECV, SYN_SENT, SYNCHRONISED } from "./states.ts";
import * as stream from "./stream.ts";
import type { Tcp } from "./tcp.ts";
import { SYN_ECN } from "./ecn.ts";

export type { TcpInfo };

/** What `shutdown` takes. */
export type ShutdownHow = "read" | "write" | "both";

export class TcpSocket extends TcpSocketOptions implements ConnectionOwner, ListenerOwner {
  #binding: Binding | null = null;
  /** connect() was called and has not been told how it ended (`SS_CONNECTING`). */
  #connecting = false;

  /** Of the namespace `tcp` belongs to; `family` 6 takes IPv4 as well, as mapped addresses, unless `v6Only`. */
  constructor(tcp: Tcp, family: 4 | 6 = 4) {
    super(tcp, family);
  }

  /** The state by the name that `ss` prints: ESTAB, SYN-SENT, LISTEN, UNCONN, …. */
  get state(): string {
    return stateName(this.stateNumber);
  }

  /** The state by Linux's number. */
  get stateNumber(): number {
    if (this.listening !== null) return LISTEN;
    return this.held?.state ?? CLOSE;
  }

  /** The connection behind the socket: for `ss` and for tests. */
  get connection(): Connection | null {
    return this.held;
  }

  get listener(): Listener | null {
    return this.listening;
  }

  // Opening

  /** Port 0 takes an ephemeral one. 0, -EADDRINUSE, -EADDRNOTAVAIL, -EINVAL. */
  override bind(address: IpAddress, port: number): number {
    if (this.#binding !== null || this.held !== null) return -Errno.EINVAL;
    const wanted = this.#ownAddress(address);
    if (wanted === null) return -Errno.EAFNOSUPPORT;
    const version = typeof wanted === "number" ? 4 : 6;
    if (!isAny(wanted) && !this.tcp.family(version).isLocal(wanted, this.device)) return -Errno.EADDRNOTAVAIL;
    const binding = new Binding();
    // An IPv6 socket on a mapped address is one of IPv4.
    binding.version = this.family === 6 && version === 4 ? 4 : this.family;
    binding.local = wanted;
    binding.boundIndex = this.device?.index ?? 0;
    binding.reuseAddress = this.reuseAddress;
    binding.reusePort = this.reusePort;
    binding.v6Only = this.v6Only;
    binding.localPort = port;
    if (port === 0) {
      binding.localPort = this.tcp.ephemeral((candidate) => !this.tcp.bindings.conflicts(binding, candidate));
      if (binding.localPort === 0) return -Errno.EADDRINUSE;
    } else if (this.tcp.bindings.conflicts(binding, port)) return -Errno.EADDRINUSE;
    this.tcp.bindings.insert(binding);
    this.#binding = binding;
    this.localAddress = this.#shown(wanted);
    this.localPort = binding.localPort;
    return 0;
  }

  /** Listens; `backlog` connections may wait for `accept` (somaxconn bounds it). 0 or a negative errno. */
  listen(backlog: number): number {
    if (this.held !== null) return -Errno.EINVAL;
    const bounded = Math.min(backlog < 0 ? 0xffffffff : backlog, this.tcp.somaxconn);
    if (this.listening !== null) {
      this.listening.backlog = bounded;
      return 0;
    }
    if (this.#binding === null) {
      const error = this.bind(this.family === 4 ? 0 : IN6ADDR_ANY, 0);
      if (error < 0) return error;
    }
    const binding = this.#binding!;
    binding.state = LISTEN;
    // Two may share the port before either listens: only one may then (`inet_csk_listen_start`).
    binding.reuseAddress = this.reuseAddress;
    if (this.tcp.bindings.conflicts(binding, binding.localPort)) {
      binding.state = CLOSE;
      return -Errno.EADDRINUSE;
    }
    this.listening = new Listener(this.tcp, binding, this, this.ownOptions(), bounded);
    this.tcp.addListener(this.listening);
    return 0;
  }

  /** The oldest connection that waits, or null: `onReadable` tells of more. */
  accept(): TcpSocket | null {
    const c = this.listening?.shift() ?? null;
    if (c === null) return null;
    const socket = new TcpSocket(this.tcp, this.family);
    socket.#adopt(c);
    socket.inode = c.inode;
    socket.program = this.program;
    socket.pid = this.pid;
    return socket;
  }

  #adopt(c: Connection): void {
    this.held = c;
    this.optionSet = c.options;
    c.owner = this;
    this.localAddress = this.#shown(c.local);
    this.localPort = c.localPort;
    this.remoteAddress = this.#shown(c.remote);
    this.remotePort = c.remotePort;
    this.mark = c.options.mark;
    this.tos = c.options.tos;
    this.ttl = c.options.ttl;
    this.error = 0;
  }

  /**
   * Opens a connection: -EINPROGRESS, then `onWritable` when it stands or `onError`. Called again it says how that went: 0, the
   * error, -EALREADY or -EISCONN.
   */
  override connect(address: IpAddress, port: number): number {
    const now = this.held;
    if (this.#connecting && now !== null) {
      if (isOneOf(now.state, (1 << SYN_SENT) | (1 << SYN_RECV))) return -Errno.EALREADY;
      this.#connecting = false;
      if (now.state === CLOSE) {
        const error = stream.takeError(now) || -Errno.ECONNABORTED;
        this.#disconnected();
        return error;
      }
      return 0;
    }
    if (this.listening !== null || (now !== null && now.state !== CLOSE)) return -Errno.EISCONN;
    if (now !== null) this.#disconnected();
    let remote = this.#ownAddress(address);
    if (remote === null) return -Errno.EAFNOSUPPORT;
    if (isAny(remote)) remote = typeof remote === "number" ? 0x7f000001 : Uint8Array.of(...IN6ADDR_ANY.slice(0, 15), 1);
    const version = typeof remote === "number" ? 4 : 6;
    if (isMulticast(remote)) return -Errno.ENETUNREACH;
    const error = this.#open(remote, version, port);
    if (error < 0) return error;
    this.#connecting = true;
    return -Errno.EINPROGRESS;
  }

  #open(remote: IpAddress, version: 4 | 6, port: number): number {
    const tcp = this.tcp;
    const bound = this.#binding;
    const options = this.ownOptions();
    if (version === 6 && isLinkLocal6(remote as Uint8Array) && this.device === null) return -Errno.EINVAL;
    const source = bound !== null && !isAny(bound.local) ? bound.local : null;
    if (source !== null && (typeof source === "number") !== (version === 4)) return -Errno.ENETUNREACH;
    const path = tcp.family(version).path({
      destination: remote,
      source,
      device: this.device,
      mark: this.mark,
      tos: this.tos,
      protocol: 6,
      sourcePort: bound?.localPort ?? 0,
      destinationPort: port,
    });
    path.ttl = this.ttl;
    path.pmtuDiscover = options.pmtuDiscover;
    const refused = path.refresh();
    if (refused < 0) return refused;
    if (path.type === 3 || path.type === 5) {
      return version === 4 && path.type === 3 ? -Errno.EACCES : -Errno.ENETUNREACH;
    }
    const c = new Connection(tcp, path, options, tcp.congestionFor(options, path));
    c.version = version;
    c.local = path.source;
    c.remote = remote;
    c.remotePort = port;
    c.boundIndex = this.device?.index ?? 0;
    c.reuseAddress = this.reuseAddress;
    c.reusePort = this.reusePort;
    c.v6Only = this.v6Only;
    c.inode = this.inode;
    const claimed = this.#claim(c);
    if (claimed < 0) return claimed;
    if (bound !== null) {
      tcp.bindings.remove(bound);
      this.#binding = null;
    }
    this.held = c;
    c.owner = this;
    this.localAddress = this.#shown(c.local);
    this.localPort = c.localPort;
    this.remoteAddress = this.#shown(remote);
    this.remotePort = port;
    tcp.addConnection(c);
    this.#sendFirst(c, claimed);
    return 0;
  }

  /** A local port with which the four-tuple is free. 1: a TIME-WAIT object was taken over, with its next sequence number. */
  #claim(c: Connection): number {
    const tcp = this.tcp;
    const bound = this.#binding;
    if (bound !== null) {
      c.localPort = bound.localPort;
      return tcp.claimTuple(c);
    }
    let outcome = 0;
    c.localPort = tcp.ephemeral((candidate) => {
      if (!tcp.bindings.isFree(candidate) && tcp.bindings.heldByBinding(candidate)) return false;
      c.localPort = candidate;
      outcome = tcp.claimTuple(c);
      return outcome >= 0;
    });
    return c.localPort === 0 ? -Errno.EADDRNOTAVAIL : outcome;
  }

  #sendFirst(c: Connection, claimed: number): void {
    const tcp = this.tcp;
    setKeys(c);
    initBuffers(c);
    c.state = SYN_SENT;
    if (claimed === 0) c.iss = tcp.initialSequence(c);
    c.tsOffset = tcp.timestampOffset(c);
    c.sndUna =
      c.sndNxt =
      c.writeSeq =
      c.sndSml =
        c.iss;
    c.mssClamp = c.options.maxSegment || 65535;
    c.headerLength = tcp.sysctls.timestamps !== 0 ? 32 : 20;
    c.maxWindow = 0;
    c.mss = DEFAULT_MSS;
    syncMss(c, c.path.mtu());
    c.advertisedMss = advertisedMss(c);
    offerWindow(c, 0);
    c.rto = INITIAL_RTO;
    c.congestion.init(c);
    tcp.counters.ActiveOpens++;
    let flags = 0;
    if (tcp.sysctls.ecn === 1 || tcp.sysctls.ecn === 4) {
      flags = SYN_ECN;
      c.ecn = ECN_OK;
    }
    sendSyn(c, flags);
  }

  /** After an attempt that failed: the socket is as new, and still bound if it was by `bind`. */
  #disconnected(): void {
    const c = this.held;
    if (c === null) return;
    c.owner = null;
    c.orphan = true;
    this.tcp.release(c);
    this.held = null;
    this.#connecting = false;
    this.remoteAddress = null;
    this.remotePort = 0;
  }

  // Data

  /**
   * Takes octets of [from, to) to be sent. How many were taken, or a negative errno: -EAGAIN while the buffer is full (then
   * `onWritable`), -EPIPE after the sending side was closed, or the connection's error. `more` is MSG_MORE.
   */
  write(bytes: Uint8Array, from = 0, to: number = bytes.length, more = false): number {
    const c = this.held;
    if (c === null) return this.error !== 0 ? -this.takeError() : -Errno.EPIPE;
    return stream.write(c, bytes, from, to, more);
  }

  /** Reads octets that have come: how many, 0 at the end of the stream, -EAGAIN, or the connection's error. */
  read(into: Uint8Array, from = 0, to: number = into.length): number {
    const c = this.held;
    return c === null ? -Errno.ENOTCONN : stream.read(c, into, from, to, false);
  }

  /** As `read`, but what is read stays (MSG_PEEK). */
  peek(into: Uint8Array, from = 0, to: number = into.length): number {
    const c = this.held;
    return c === null ? -Errno.ENOTCONN : stream.read(c, into, from, to, true);
  }

  /** Octets that can be read now (SIOCINQ); of a listener, connections that wait for `accept`. */
  get readable(): number {
    if (this.listening !== null) return this.listening.acceptLength;
    const c = this.held;
    if (c === null || isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV))) return 0;
    let octets = 0;
    for (let packet = c.received; packet !== null; packet = packet.next) octets += packet.tail - packet.head;
    return octets;
  }

  /** Octets written that the peer has not acknowledged (SIOCOUTQ). */
  get unacked(): number {
    const c = this.held;
    if (c === null || isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV))) return 0;
    return (c.writeSeq - c.sndUna) | 0;
  }

  /** Octets written that have not been sent (SIOCOUTQNSD). */
  get unsent(): number {
    const c = this.held;
    return c === null || isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV)) ? 0 : (c.writeSeq - c.sndNxt) | 0;
  }

  /** What poll would say of writing: there is room, or writing would fail at once. */
  get isWritable(): boolean {
    const c = this.held;
    if (c === null) return this.listening === null;
    if ((c.shutdown & SHUTDOWN_WRITE) !== 0 || c.error !== 0) return true;
    return isOneOf(c.state, CAN_SEND) && isWriteable(c);
  }

  /** What poll would say of reading: data, the end, an error, or a connection to accept. */
  get isReadable(): boolean {
    if (this.listening !== null) return this.listening.first !== null;
    const c = this.held;
    if (c === null) return false;
    return c.received !== null || c.streamDone || c.error !== 0 || (c.shutdown & SHUTDOWN_READ) !== 0;
  }

  /** The connection stands, or stood: it is past the handshake. */
  get connected(): boolean {
    const c = this.held;
    return c !== null && isOneOf(c.state, SYNCHRONISED);
  }

  // Closing

  /** Closes one direction or both, the socket stays. 0 or -ENOTCONN. */
  shutdown(how: ShutdownHow): number {
    if (this.listening !== null) {
      if (how !== "write") this.#stopListening();
      return 0;
    }
    const c = this.held;
    if (c === null || c.state === CLOSE) return -Errno.ENOTCONN;
    const opening = isOneOf(c.state, 1 << SYN_SENT);
    if (opening) {
      this.tcp.done(c);
      return how === "read" ? 0 : 0;
    }
    if (how !== "write") {
      c.shutdown |= SHUTDOWN_READ;
      this.onReadable?.();
    }
    if (how !== "read" && (c.shutdown & SHUTDOWN_WRITE) === 0) {
      c.shutdown |= SHUTDOWN_WRITE;
      if (c.state !== SYN_RECV) closeSending(c);
    }
    if (c.wake !== 0) wakeOwner(c);
    return 0;
  }

  /**
   * Closes: what was written is still sent; unread data, or SO_LINGER of no time, resets the connection (`tcp_close`). The
   * slots are not called any more.
   */
  override close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onReadable = this.onWritable = this.onError = null;
    if (this.listening !== null) {
      this.#stopListening();
      return;
    }
    if (this.#binding !== null) {
      this.tcp.bindings.remove(this.#binding);
      this.#binding = null;
    }
    const c = this.held;
    if (c === null) return;
    c.owner = null;
    closeConnection(c, this.tcp, false);
  }

  /** Resets the connection at once, whatever is unsent or unread. */
  abort(): void {
    if (this.closed) return;
    this.change((options) => options.linger = 0);
    this.close();
  }

  #stopListening(): void {
    const listener = this.listening;
    if (listener === null) return;
    this.listening = null;
    this.tcp.removeListener(listener);
    this.tcp.bindings.remove(listener.binding);
    this.#binding = null;
    for (let c = listener.shift(); c !== null; c = listener.shift()) closeConnection(c, this.tcp, true);
  }

  // The connection's news

  becameReadable(): void {
    this.onReadable?.();
  }

  becameWritable(): void {
    this.onWritable?.();
  }

  failed(): void {
    const c = this.held;
    if (c !== null) this.error = c.error;
    this.onError?.();
  }

  /** SO_ERROR. */
  override takeError(): number {
    const c = this.held;
    if (c !== null) {
      const error = c.error || 0;
      c.error = 0;
      this.error = 0;
      return error;
    }
    return super.takeError();
  }

  // Addresses

  /** An address as this socket's family has it: a mapped one is an IPv4 address; null when the family cannot have it. */
  #ownAddress(address: IpAddress): IpAddress | null {
    if (typeof address === "number") return this.family === 4 || !this.v6Only ? address : null;
    if (this.family === 4) return null;
    if (isMapped(address)) {
      if (this.v6Only) return null;
      return ((address[12] << 24) | (address[13] << 16) | (address[14] << 8) | address[15]) >>> 0;
    }
    return address;
  }

  /** An address as the application sees it: on an IPv6 socket an IPv4 address is a mapped one. */
  #shown(address: IpAddress): IpAddress {
    return this.family === 6 && typeof address === "number" ? mapped6(address) : address;
  }
}

function isMapped(address: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return false;
  return address[10] === 255 && address[11] === 255;
}

function isMulticast(address: IpAddress): boolean {
  return typeof address === "number" ? address >>> 28 === 14 : address[0] === 0xff;
}
