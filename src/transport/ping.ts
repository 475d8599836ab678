/**
 * Ping sockets (SOCK_DGRAM with IPPROTO_ICMP or IPPROTO_ICMPV6; Linux's net/ipv4/ping.c): echo requests whose identifier is the
 * socket's port, so that answers and errors find their way back.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import type { IpAddress, IpHost } from "../ip/host.ts";
import { fold, pseudoHeader, sumOctets } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import {
  ICMP_CHECKSUM,
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_HEADER,
  ICMP_ID,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
} from "../wire/icmp.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPV4_DESTINATION, IPV4_SOURCE } from "../wire/ipv4.ts";
import { IN6ADDR_LOOPBACK, IPV6_DESTINATION, IPV6_SOURCE } from "../wire/ipv6.ts";
import { copyOctets, get16, get32, put16 } from "../wire/octets.ts";
import { CHECKSUM_NONE, type Packet } from "../wire/packet.ts";
import { DatagramSocket, ORIGIN_ICMP, ORIGIN_ICMP6 } from "./datagram_socket.ts";
import { icmpError, icmpError6 } from "./icmp_errors.ts";
import { countIcmpOut } from "./icmp_counters.ts";
import { isAny, LocalPorts, PortTable } from "./ports.ts";

/** The ping sockets of a namespace, by identifier; both families share the identifiers. */
export class Ping {
  readonly table: PortTable<PingSocket>;

  constructor(readonly host: IpHost) {
    const identifiers = new LocalPorts(host.random.split("ping"));
    identifiers.low = 1;
    identifiers.high = 65535;
    // ping_get_port asks for nothing but the number
    this.table = new PortTable(identifiers, (socket, other) => !(socket.reuseAddress && other.reuseAddress));
  }

  /** For `/proc/net/icmp` (family 4) and `icmp6`. */
  *sockets(family?: 4 | 6): IterableIterator<PingSocket> {
    for (const socket of this.table.sockets()) if (family === undefined || socket.family === family) yield socket;
  }

  /** An ICMP message came in: a copy of an echo reply goes to the socket of its identifier (`ping_rcv`). True when there is one. */
  input(packet: Packet, version: 4 | 6): boolean {
    const bytes = packet.bytes, at = packet.head;
    if (packet.tail - at < ICMP_HEADER) return false;
    if (bytes[at] !== (version === 4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY)) return false;
    const source = packet.network + (version === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    const destination = packet.network + (version === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    const device = packet.device as Interface | null;
    const socket = this.#find(bytes, version, get16(bytes, at + ICMP_ID), destination, source, device);
    if (socket === null || !rightChecksum(packet, version)) return false;
    const copy = packet.copy();
    copy.transport = copy.head;
    socket.enqueue(copy);
    return true;
  }

  /** An ICMP error quoted an echo request: `packet.network` and `packet.head` are at the quoted headers (`ping_err`). */
  error(packet: Packet, version: 4 | 6, type: number, code: number, info: number, offender: IpAddress): void {
    const bytes = packet.bytes, at = packet.head;
    if (bytes[at] !== (version === 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST)) return;
    const source = packet.network + (version === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    const destination = packet.network + (version === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    const device = packet.device as Interface | null;
    const socket = this.#find(bytes, version, get16(bytes, at + ICMP_ID), source, destination, device);
    if (socket === null) return;
    const meant = version === 4 ? icmpError(type, code) : icmpError6(type, code);
    socket.icmpError(packet, meant, {
      origin: version === 4 ? ORIGIN_ICMP : ORIGIN_ICMP6,
      type,
      code,
      info,
      offender,
      destination: version === 4 ? get32(bytes, destination) : bytes.slice(destination, destination + 16),
      destinationPort: 0,
    });
  }

  /** `ping_lookup`; `local` and `remote` are offsets of addresses. */
  #find(
    bytes: Uint8Array,
    version: 4 | 6,
    identifier: number,
    local: number,
    remote: number,
    device: Interface | null,
  ): PingSocket | null {
    for (const socket of this.table.at(identifier) ?? []) {
      if (socket.family !== version || (socket.device !== null && socket.device !== device)) continue;
      if (!isAny(socket.localAddress) && !addressAt(bytes, local, socket.localAddress)) continue;
      if (socket.remoteAddress !== null && !addressAt(bytes, remote, socket.remoteAddress)) continue;
      return socket;
    }
    return null;
  }
}

/** Sockets see the message before the ICMP layer has looked at its sum. */
function rightChecksum(packet: Packet, version: 4 | 6): boolean {
  if (packet.checksum !== CHECKSUM_NONE) return true;
  const bytes = packet.bytes, length = packet.tail - packet.head;
  const pseudo = version === 4
    ? 0
    : pseudoHeader(bytes, packet.network + IPV6_SOURCE, packet.network + IPV6_DESTINATION, 16, IPPROTO_ICMPV6, length);
  return fold(sumOctets(bytes, packet.head, packet.tail, pseudo)) === 0xffff;
}

/** Whether the address at an offset is `address`. */
export function addressAt(bytes: Uint8Array, at: number, address: IpAddress): boolean {
  if (typeof address === "number") return get32(bytes, at) === address;
  for (let i = 0; i < 16; i++) if (bytes[at + i] !== address[i]) return false;
  return true;
}

export class PingSocket extends DatagramSocket {
  constructor(readonly ping: Ping, family: 4 | 6 = 4) {
    super(ping.host, family, family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  }

  /** The identifier of its messages; 0 until it is bound or sends. */
  get identifier(): number {
    return this.localPort;
  }

  /** The port is the identifier; 0 takes one that is free. */
  bind(address: IpAddress, identifier: number): number {
    if (this.localPort !== 0 || this.closed) return -Errno.EINVAL;
    const refused = this.bindAddress(address);
    if (refused !== 0) return refused;
    const errno = this.ping.table.claim(this, identifier);
    if (errno !== 0) this.setLocal(this.anyAddress);
    return errno;
  }

  connect(address: IpAddress, port = 0): number {
    const errno = this.localPort !== 0 ? 0 : this.ping.table.claim(this, 0);
    if (errno !== 0) return errno;
    if (this.family === 6 && isAny(address)) address = IN6ADDR_LOOPBACK;
    this.remoteAddress = address;
    this.remotePort = port;
    this.forgetPaths();
    const path = this.pathTo(null, port, null);
    if (typeof path === "number") {
      this.remoteAddress = null;
      return path;
    }
    this.remoteAddress = path.destination;
    if (isAny(this.localAddress)) this.setLocal(path.source);
    return 0;
  }

  /**
   * Sends an ICMP echo request: `bytes` has the whole message, of which identifier and checksum are filled in. The octets sent,
   * or a negative errno: EINVAL for any other message, else as for UDP.
   */
  send(
    bytes: Uint8Array,
    address: IpAddress | null = null,
    from = 0,
    to: number = bytes.length,
    scope: Interface | null = null,
  ): number {
    if (this.error !== 0) return -this.takeError();
    if (this.closed) return -Errno.EBADF;
    const length = to - from;
    if (length > 65535) return -Errno.EMSGSIZE;
    const request = this.family === 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
    if (length < ICMP_HEADER || bytes[from] !== request || bytes[from + 1] !== 0) return -Errno.EINVAL;
    if (this.localPort === 0) {
      const errno = this.ping.table.claim(this, 0);
      if (errno !== 0) return errno;
    }
    const path = this.pathTo(address, 0, scope);
    if (typeof path === "number") return path;
    if (length + path.headerLength > 65535 + (path.version === 4 ? 0 : 40)) return -Errno.EMSGSIZE;
    const packet = this.host.world.packets.allocate(length);
    const out = packet.bytes, at = packet.head;
    copyOctets(bytes, from, out, at, length);
    put16(out, at + ICMP_ID, this.localPort);
    put16(out, at + ICMP_CHECKSUM, 0);
    const pseudo = this.family === 4 ? 0 : path.pseudoSum(IPPROTO_ICMPV6, length);
    put16(out, at + ICMP_CHECKSUM, ~fold(sumOctets(out, at, at + length, pseudo)));
    packet.tail = at + length;
    packet.transport = at;
    packet.mark = this.mark;
    packet.priority = this.priority;
    packet.socket = this;
    countIcmpOut(this.host.mib, this.family, request);
    const errno = path.send(packet, this.protocolNumber);
    if (errno >= 0) return length;
    if (errno === -Errno.EMSGSIZE) this.localError(Errno.EMSGSIZE, path.mtu(), path.destination, 0);
    return errno === -Errno.ENOBUFS && !this.receiveErrors ? length : errno;
  }

  close(): void {
    if (this.closed) return;
    this.ping.table.release(this);
    this.dispose();
  }
}
