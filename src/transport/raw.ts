/** Raw sockets of one namespace (SOCK_RAW; Linux's net/ipv4/raw.c and net/ipv6/raw.c). */
import type { Interface } from "../device/interface.ts";
import type { IpAddress, IpHost } from "../ip/host.ts";
import { fold, sumOctets } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import {
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_RAW,
  IPPROTO_UDP,
  IPV4_DESTINATION,
  IPV4_HEADER,
  IPV4_SOURCE,
} from "../wire/ipv4.ts";
import { IN6ADDR_LOOPBACK, IPV6_DESTINATION, IPV6_SOURCE, isMulticast6 } from "../wire/ipv6.ts";
import { copyOctets, get32, put16 } from "../wire/octets.ts";
import { CHECKSUM_NONE, type Packet } from "../wire/packet.ts";
import { DatagramSocket, ORIGIN_ICMP, ORIGIN_ICMP6 } from "./datagram_socket.ts";
import { sendWithHeader } from "./family.ts";
import { countIcmpOut } from "./icmp_counters.ts";
import { icmpError, icmpError6 } from "./icmp_errors.ts";
import { addressAt } from "./ping.ts";
import { isAny } from "./ports.ts";

export class Raw {
  readonly #sockets: RawSocket[] = [];

  constructor(readonly host: IpHost) {}

  /** For `/proc/net/raw` (family 4) and `raw6`. */
  sockets(family?: 4 | 6): RawSocket[] {
    return this.#sockets.filter((socket) => family === undefined || socket.family === family);
  }

  add(socket: RawSocket): void {
    this.#sockets.push(socket);
  }

  remove(socket: RawSocket): void {
    const index = this.#sockets.indexOf(socket);
    if (index >= 0) this.#sockets.splice(index, 1);
  }

  /** Gives a copy to each socket of this protocol that the packet fits (`raw_v4_input`). True when one took it. */
  input(packet: Packet, version: 4 | 6, protocol: number): boolean {
    let taken = false;
    for (const socket of this.#sockets) {
      if (!socket.matches(packet, version, protocol, true)) continue;
      taken = true;
      socket.take(packet);
    }
    return taken;
  }

  /** An ICMP error quoted a packet of this protocol (`raw_icmp_error`); `packet` is at the quoted headers. */
  error(
    packet: Packet,
    version: 4 | 6,
    protocol: number,
    type: number,
    code: number,
    info: number,
    offender: IpAddress,
  ): void {
    for (const socket of this.#sockets) {
      if (!socket.matches(packet, version, protocol, false)) continue;
      const bytes = packet.bytes;
      const at = packet.network + (version === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
      socket.icmpError(packet, version === 4 ? icmpError(type, code) : icmpError6(type, code), {
        origin: version === 4 ? ORIGIN_ICMP : ORIGIN_ICMP6,
        type,
        code,
        info,
        offender,
        destination: version === 4 ? get32(bytes, at) : bytes.slice(at, at + 16),
        destinationPort: 0,
      });
    }
  }
}

export class RawSocket extends DatagramSocket {
  /** IP_HDRINCL: what is sent has its IP header; for IPPROTO_RAW always. IPv4 only. */
  headerIncluded: boolean;
  /** ICMP_FILTER and ICMP6_FILTER: a message whose type has its bit set is not given to this socket. 256 bits. */
  readonly filter: Uint32Array = new Uint32Array(8);
  /** IPV6_CHECKSUM: where in the payload the kernel puts and checks a checksum; -1 nowhere. */
  checksumOffset: number;

  constructor(readonly raw: Raw, family: 4 | 6, protocol: number) {
    super(raw.host, family, protocol);
    this.headerIncluded = family === 4 && protocol === IPPROTO_RAW;
    this.checksumOffset = family === 6 && protocol === IPPROTO_ICMPV6 ? 2 : -1;
    raw.add(this);
  }

  /** Lets only these types of ICMP messages come in. */
  accept(...types: number[]): void {
    this.filter.fill(0xffffffff);
    for (const type of types) this.filter[type >>> 5] &= ~(1 << (type & 31));
  }

  /** There is no port: what is given as one is ignored. */
  bind(address: IpAddress, _port = 0): number {
    if (this.closed) return -Errno.EINVAL;
    return this.bindAddress(address);
  }

  connect(address: IpAddress, _port = 0): number {
    if (this.family === 6 && isAny(address)) address = IN6ADDR_LOOPBACK;
    this.remoteAddress = address;
    this.forgetPaths();
    const path = this.pathTo(null, 0, null);
    if (typeof path === "number") {
      this.remoteAddress = null;
      return path;
    }
    this.remoteAddress = path.destination;
    if (isAny(this.localAddress)) this.setLocal(path.source);
    return 0;
  }

  disconnect(): number {
    this.remoteAddress = null;
    this.forgetPaths();
    return 0;
  }

  /** `raw_v4_match`: `incoming` tells a received packet from one of our own that an error quotes. */
  matches(packet: Packet, version: 4 | 6, protocol: number, incoming: boolean): boolean {
    if (this.family !== version || this.protocolNumber !== protocol) return false;
    if (this.device !== null && this.device !== packet.device) return false;
    const bytes = packet.bytes;
    const source = packet.network + (version === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    const destination = packet.network + (version === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    const local = incoming ? destination : source, remote = incoming ? source : destination;
    if (this.remoteAddress !== null && !addressAt(bytes, remote, this.remoteAddress)) return false;
    if (!isAny(this.localAddress) && !addressAt(bytes, local, this.localAddress)) {
      // rawv6 takes the groups that it joined whatever it is bound to
      if (version === 4 || !incoming || !isMulticast6(bytes, local)) return false;
    }
    if (!incoming) return true;
    if (version === 4 ? bytes[local] >>> 4 === 14 : bytes[local] === 255) {
      const group = version === 4 ? get32(bytes, local) : bytes.subarray(local, local + 16);
      if (!this.takesGroup(group, packet.device as Interface | null)) return false;
    }
    return !(protocol === (version === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) || !this.#filtered(packet);
  }

  #filtered(packet: Packet): boolean {
    if (packet.tail <= packet.head) return true;
    const type = packet.bytes[packet.head];
    if (this.family === 4 && type > 31) return false; // icmp_filter knows 32 types
    return (this.filter[type >>> 5] & (1 << (type & 31))) !== 0;
  }

  /** Queues a copy: for IPv4 with its IP header, for IPv6 without and only if the checksum asked for is right. */
  take(packet: Packet): void {
    if (this.checksumOffset >= 0 && packet.checksum === CHECKSUM_NONE && !this.#rightChecksum(packet)) {
      this.drops++;
      return;
    }
    const copy = packet.copy();
    copy.transport = copy.head;
    if (this.family === 4) copy.head = copy.network;
    this.enqueue(copy);
  }

  #rightChecksum(packet: Packet): boolean {
    const length = packet.tail - packet.head;
    const bytes = packet.bytes, addresses = packet.network + IPV6_SOURCE;
    const pseudo = sumOctets(bytes, addresses, addresses + 32) + this.protocolNumber + length;
    return fold(sumOctets(bytes, packet.head, packet.tail, pseudo)) === 0xffff;
  }

  protected override get anySource(): boolean {
    return this.headerIncluded;
  }

  /** Sends one packet: the payload, or with IP_HDRINCL the whole packet. The octets sent, or a negative errno. */
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
    const path = this.pathTo(address, 0, scope);
    if (typeof path === "number") return path;
    if (this.headerIncluded && (length < IPV4_HEADER || (bytes[from] & 15) * 4 > length)) return -Errno.EINVAL;
    const room = this.headerIncluded ? 65535 : 65535 - (path.version === 4 ? path.headerLength : 0);
    if (length > room || (this.headerIncluded && length > path.mtu())) {
      this.localError(Errno.EMSGSIZE, path.mtu(), path.destination, 0);
      return -Errno.EMSGSIZE;
    }
    const packet = this.host.world.packets.allocate(length);
    const at = packet.head;
    copyOctets(bytes, from, packet.bytes, at, length);
    packet.tail = at + length;
    packet.transport = at;
    packet.mark = this.mark;
    packet.priority = this.priority;
    packet.socket = this;
    if (this.headerIncluded) return this.#sent(sendWithHeader(path, packet), length);
    if (this.checksumOffset >= 0) {
      if (this.checksumOffset + 2 > length) {
        packet.release();
        return -Errno.EINVAL;
      }
      const field = at + this.checksumOffset;
      put16(packet.bytes, field, 0);
      const sum = ~fold(sumOctets(packet.bytes, at, packet.tail, path.pseudoSum(this.protocolNumber, length))) & 0xffff;
      put16(packet.bytes, field, sum === 0 && this.protocolNumber === IPPROTO_UDP ? 0xffff : sum);
    }
    if (this.protocolNumber === IPPROTO_ICMP && this.family === 4) countIcmpOut(this.host.mib, 4, bytes[from]);
    if (this.protocolNumber === IPPROTO_ICMPV6 && this.family === 6) countIcmpOut(this.host.mib, 6, bytes[from]);
    const errno = path.send(packet, this.protocolNumber);
    if (errno === -Errno.EMSGSIZE) this.localError(Errno.EMSGSIZE, path.mtu(), path.destination, 0);
    return this.#sent(errno, length);
  }

  #sent(errno: number, length: number): number {
    if (errno >= 0) return length;
    return errno === -Errno.ENOBUFS && !this.receiveErrors ? length : errno;
  }

  close(): void {
    if (this.closed) return;
    this.raw.remove(this);
    this.dispose();
  }
}
