/** UDP of one namespace, for both IP versions (RFC 768, RFC 8200 section 8.1; Linux's net/ipv4/udp.c and net/ipv6/udp.c). */
import type { Interface } from "../device/interface.ts";
import type { IpAddress, IpHost, Protocol } from "../ip/host.ts";
import type { UdpCounters } from "../ip/mib.ts";
import { fold, pseudoHeader, sumOctets } from "../wire/checksum.ts";
import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH } from "../wire/icmp.ts";
import { IPPROTO_UDP, IPV4_DESTINATION, IPV4_SOURCE } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_SOURCE } from "../wire/ipv6.ts";
import { get16, get32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet } from "../wire/packet.ts";
import { UDP_CHECKSUM, UDP_DESTINATION, UDP_HEADER, UDP_LENGTH, UDP_SOURCE } from "../wire/udp.ts";
import { icmpError, icmpError6 } from "./icmp_errors.ts";
import { ORIGIN_ICMP, ORIGIN_ICMP6 } from "./datagram_socket.ts";
import { isToMany, sendError } from "./family.ts";
import { addressesOverlap, devicesOverlap, equalAddress, type LocalPorts, PortTable } from "./ports.ts";
import type { UdpSocket } from "./udp_socket.ts";
import { score4, score6, takes4, takes6 } from "./udp_lookup.ts";

/** `udp_lib_lport_inuse`: who is on a port keeps off all that would receive the same, unless both agreed to share. */
function conflict(socket: UdpSocket, other: UdpSocket): boolean {
  if (socket.reuseAddress && other.reuseAddress) return false;
  if (!devicesOverlap(socket, other) || !addressesOverlap(socket, other)) return false;
  return !(socket.reusePort && other.reusePort);
}

export class Udp {
  readonly table: PortTable<UdpSocket>;
  readonly protocol4: Protocol = {
    input: (packet) => this.#input(packet, 4),
    error: (packet, type, code, info, offender) => this.#error4(packet, type, code, info, offender),
  };
  readonly protocol6: Protocol = {
    input: (packet) => this.#input(packet, 6),
    error: (packet, type, code, info, offender) => this.#error6(packet, type, code, info, offender),
  };
  /** Mixed into the hash that spreads datagrams over a SO_REUSEPORT group. */
  readonly #secret: number;

  constructor(readonly host: IpHost, ports: LocalPorts) {
    this.table = new PortTable(ports, conflict);
    this.#secret = ports.random.uint32();
  }

  /** Those with a port, for `/proc/net/udp` (family 4), `udp6` and `ss`. */
  *sockets(family?: 4 | 6): IterableIterator<UdpSocket> {
    for (const socket of this.table.sockets()) if (family === undefined || socket.family === family) yield socket;
  }

  counters(version: 4 | 6): UdpCounters {
    return version === 4 ? this.host.mib.udp : this.host.mib.udp6;
  }

  #input(packet: Packet, version: 4 | 6): void {
    if (!this.#check(packet, version)) {
      packet.release();
      return;
    }
    if (isToMany(packet, version)) {
      this.#deliverToAll(packet, version);
      return;
    }
    const socket = version === 4 ? this.#find4(packet) : this.#find6(packet);
    if (socket !== null) {
      this.#deliver(socket, packet, version);
      return;
    }
    this.counters(version).NoPorts++;
    if (version === 4) sendError(this.host, packet, 4, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH);
    else sendError(this.host, packet, 6, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH);
    packet.release();
  }

  /** Whether length and checksum are right; what lies behind the datagram is cut off. Counts what is not. */
  #check(packet: Packet, version: 4 | 6): boolean {
    const bytes = packet.bytes, at = packet.head;
    const available = packet.tail - at;
    const length = available < UDP_HEADER ? 0 : get16(bytes, at + UDP_LENGTH);
    if (length < UDP_HEADER || length > available) {
      this.counters(version).InErrors++;
      return false;
    }
    packet.tail = at + length;
    packet.transport = at;
    if (get16(bytes, at + UDP_CHECKSUM) === 0) {
      if (version === 4) return true; // RFC 768: the sender made none
    } else {
      if (packet.checksum !== CHECKSUM_NONE) return true;
      if (rightChecksum(packet, version, length)) {
        packet.checksum = CHECKSUM_UNNECESSARY;
        return true;
      }
    }
    const counters = this.counters(version);
    counters.InCsumErrors++;
    counters.InErrors++;
    return false;
  }

  #find4(packet: Packet): UdpSocket | null {
    const bytes = packet.bytes, ip = packet.network, at = packet.transport;
    return this.lookup4(
      get32(bytes, ip + IPV4_SOURCE),
      get16(bytes, at + UDP_SOURCE),
      get32(bytes, ip + IPV4_DESTINATION),
      get16(bytes, at + UDP_DESTINATION),
      packet.device as Interface | null,
    );
  }

  #find6(packet: Packet): UdpSocket | null {
    const bytes = packet.bytes, ip = packet.network, at = packet.transport;
    return this.lookup6(
      bytes,
      ip + IPV6_SOURCE,
      get16(bytes, at + UDP_SOURCE),
      ip + IPV6_DESTINATION,
      get16(bytes, at + UDP_DESTINATION),
      packet.device as Interface | null,
    );
  }

  /** `__udp4_lib_lookup`: the socket that fits a datagram from `source` to `destination` best; of equals the latest. */
  lookup4(
    source: number,
    sourcePort: number,
    destination: number,
    port: number,
    device: Interface | null,
  ): UdpSocket | null {
    const holders = this.table.at(port);
    if (holders === undefined) return null;
    let best: UdpSocket | null = null;
    let most = -1;
    for (let i = holders.length - 1; i >= 0; i--) {
      const score = score4(holders[i], source, sourcePort, destination, device);
      if (score > most) {
        most = score;
        best = holders[i];
      }
    }
    if (best === null || !best.reusePort || best.remoteAddress !== null || holders.length === 1) return best;
    const hash = Math.imul(source ^ this.#secret, 0x9e3779b1) ^
      Math.imul(destination ^ (sourcePort << 16 | port), 0x85ebca6b);
    return this.#ofGroup(holders, best, hash);
  }

  /** As `lookup4`, with the addresses at offsets of `bytes`. */
  lookup6(
    bytes: Uint8Array,
    source: number,
    sourcePort: number,
    destination: number,
    port: number,
    device: Interface | null,
  ): UdpSocket | null {
    const holders = this.table.at(port);
    if (holders === undefined) return null;
    let best: UdpSocket | null = null;
    let most = -1;
    for (let i = holders.length - 1; i >= 0; i--) {
      const score = score6(holders[i], bytes, source, sourcePort, destination, device);
      if (score > most) {
        most = score;
        best = holders[i];
      }
    }
    if (best === null || !best.reusePort || best.remoteAddress !== null || holders.length === 1) return best;
    let hash = this.#secret ^ (sourcePort << 16 | port);
    for (let i = 0; i < 16; i += 4) {
      hash = Math.imul(hash ^ get32(bytes, source + i), 0x9e3779b1) ^ get32(bytes, destination + i);
    }
    return this.#ofGroup(holders, best, Math.imul(hash, 0x85ebca6b));
  }

  /** `reuseport_select_sock`: one flow always reaches the same member of the group of sockets bound like `member`. */
  #ofGroup(holders: readonly UdpSocket[], member: UdpSocket, hash: number): UdpSocket {
    let count = 0;
    for (const socket of holders) if (sameGroup(socket, member)) count++;
    hash ^= hash >>> 15;
    let index = Math.floor((Math.imul(hash, 0x2c1b3c6d) >>> 0) / 4294967296 * count);
    for (const socket of holders) if (sameGroup(socket, member) && index-- === 0) return socket;
    return member;
  }

  #deliver(socket: UdpSocket, packet: Packet, version: 4 | 6): void {
    packet.head += UDP_HEADER;
    if (socket.enqueue(packet)) return;
    const counters = this.counters(version);
    counters.RcvbufErrors++;
    counters.InErrors++;
  }

  /** A broadcast or multicast goes to every socket that it fits (`__udp4_lib_mcast_deliver`); nobody answers when there is none. */
  #deliverToAll(packet: Packet, version: 4 | 6): void {
    const port = get16(packet.bytes, packet.transport + UDP_DESTINATION);
    let last: UdpSocket | null = null;
    for (const socket of [...this.table.at(port) ?? []]) {
      if (!(version === 4 ? takes4(socket, packet) : takes6(socket, packet))) continue;
      if (last !== null) this.#deliver(last, packet.copy(), version);
      last = socket;
    }
    if (last !== null) {
      this.#deliver(last, packet, version);
      return;
    }
    this.counters(version).IgnoredMulti++;
    packet.release();
  }

  #error4(packet: Packet, type: number, code: number, info: number, offender: IpAddress): void {
    const bytes = packet.bytes, ip = packet.network, at = packet.head;
    const destination = get32(bytes, ip + IPV4_DESTINATION);
    const destinationPort = get16(bytes, at + UDP_DESTINATION);
    const socket = this.lookup4(
      destination,
      destinationPort,
      get32(bytes, ip + IPV4_SOURCE),
      get16(bytes, at + UDP_SOURCE),
      packet.device as Interface | null,
    );
    if (socket === null) {
      this.host.mib.icmp.InErrors++;
      return;
    }
    packet.head += UDP_HEADER;
    const error = { origin: ORIGIN_ICMP, type, code, info, offender, destination, destinationPort };
    socket.icmpError(packet, icmpError(type, code), error);
    packet.head = at;
  }

  #error6(packet: Packet, type: number, code: number, info: number, offender: IpAddress): void {
    const bytes = packet.bytes, ip = packet.network, at = packet.head;
    const destinationPort = get16(bytes, at + UDP_DESTINATION);
    const socket = this.lookup6(
      bytes,
      ip + IPV6_DESTINATION,
      destinationPort,
      ip + IPV6_SOURCE,
      get16(bytes, at + UDP_SOURCE),
      packet.device as Interface | null,
    );
    if (socket === null) {
      this.host.mib.icmp6.InErrors++;
      return;
    }
    packet.head += UDP_HEADER;
    const destination = bytes.slice(ip + IPV6_DESTINATION, ip + IPV6_DESTINATION + 16);
    const error = { origin: ORIGIN_ICMP6, type, code, info, offender, destination, destinationPort };
    socket.icmpError(packet, icmpError6(type, code), error);
    packet.head = at;
  }
}

/** Whether the datagram of `length` octets at `packet.transport` sums up with its pseudo header. */
function rightChecksum(packet: Packet, version: 4 | 6, length: number): boolean {
  const bytes = packet.bytes, ip = packet.network, at = packet.transport;
  const pseudo = version === 4
    ? pseudoHeader(bytes, ip + IPV4_SOURCE, ip + IPV4_DESTINATION, 4, IPPROTO_UDP, length)
    : pseudoHeader(bytes, ip + IPV6_SOURCE, ip + IPV6_DESTINATION, 16, IPPROTO_UDP, length);
  return fold(sumOctets(bytes, at, at + length, pseudo)) === 0xffff;
}

function sameGroup(a: UdpSocket, b: UdpSocket): boolean {
  return a.reusePort && a.remoteAddress === null && a.family === b.family && a.device === b.device &&
    a.v6Only === b.v6Only && equalAddress(a.localAddress, b.localAddress);
}
