/** A UDP socket. */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import { fold } from "../wire/checksum.ts";
import { Errno } from "../wire/errno.ts";
import { IPPROTO_UDP, IPV4_HEADER } from "../wire/ipv4.ts";
import { IN6ADDR_LOOPBACK } from "../wire/ipv6.ts";
import { copyOctets, get16, put16 } from "../wire/octets.ts";
import { CHECKSUM_PARTIAL, type Packet } from "../wire/packet.ts";
import { UDP_CHECKSUM, UDP_DESTINATION, UDP_HEADER, UDP_LENGTH, UDP_SOURCE } from "../wire/udp.ts";
import { DatagramSocket } from "./datagram_socket.ts";
import { ipv4Of, isAny } from "./ports.ts";
import type { Udp } from "./udp.ts";

/** Largest datagram, header included, behind an IP header: IPv4's own counts in its length, IPv6's does not. */
const LARGEST4 = 65535 - IPV4_HEADER;
const LARGEST6 = 65535;

export class UdpSocket extends DatagramSocket {
  /** `remoteAddress` as IPv4; -1 for a proper IPv6 address. */
  remote4 = 0;

  constructor(readonly udp: Udp, family: 4 | 6 = 4) {
    super(udp.host, family, IPPROTO_UDP);
  }

  /** Port 0 takes an ephemeral one. 0, or -EINVAL (bound already), -EADDRNOTAVAIL, -EADDRINUSE, -EAFNOSUPPORT. */
  bind(address: IpAddress, port: number): number {
    if (this.localPort !== 0 || this.closed) return -Errno.EINVAL;
    const refused = this.bindAddress(address);
    if (refused !== 0) return refused;
    const errno = this.udp.table.claim(this, port);
    if (errno !== 0) {
      this.setLocal(this.anyAddress);
      return errno;
    }
    this.boundAddress = !isAny(address);
    this.boundPort = port !== 0;
    return 0;
  }

  #autobind(): number {
    if (this.localPort !== 0) return 0;
    if (this.localAny) this.setLocal(this.anyAddress); // IPV6_V6ONLY may have been set since
    return this.udp.table.claim(this, 0);
  }

  /** Sets the peer: only its datagrams come in, and `send` needs no address. 0, or a negative errno of the route. */
  connect(address: IpAddress, port: number): number {
    let errno = this.#autobind();
    if (errno !== 0) return errno;
    const was = this.remoteAddress, wasPort = this.remotePort;
    if (this.family === 6 && typeof address !== "number" && isAny(address)) address = IN6ADDR_LOOPBACK;
    this.remoteAddress = address;
    this.remotePort = port;
    this.forgetPaths();
    const path = this.pathTo(null, port, null);
    errno = typeof path === "number" ? path : 0;
    if (typeof path === "number") {
      this.remoteAddress = was;
      this.remotePort = wasPort;
      this.forgetPaths();
      return errno;
    }
    this.remoteAddress = this.ownForm(path.destination);
    this.remote4 = ipv4Of(this.remoteAddress);
    if (isAny(this.localAddress)) this.setLocal(this.ownForm(path.source));
    return 0;
  }

  /** Forgets the peer (connect to AF_UNSPEC), and the address and port that nobody asked for by `bind`. */
  disconnect(): number {
    this.remoteAddress = null;
    this.remotePort = this.remote4 = 0;
    this.forgetPaths();
    if (!this.boundAddress) this.setLocal(this.anyAddress);
    if (!this.boundPort) {
      this.udp.table.release(this);
      this.localPort = 0;
    }
    return 0;
  }

  /**
   * Sends the octets [from, to) of `bytes` as one datagram, to the peer when no address is given; `scope` is the interface of a
   * link-local one. The octets sent, or a negative errno: the pending error, EDESTADDRREQ, EMSGSIZE, EACCES (a broadcast without
   * SO_BROADCAST), EPIPE, ENETUNREACH, EHOSTUNREACH, ….
   */
  send(
    bytes: Uint8Array,
    address: IpAddress | null = null,
    port = 0,
    from = 0,
    to: number = bytes.length,
    scope: Interface | null = null,
  ): number {
    if (this.error !== 0) return -this.takeError();
    if (this.writeClosed) return -Errno.EPIPE;
    if (this.closed) return -Errno.EBADF;
    if (address === null) port = this.remotePort;
    if (port === 0) return address === null && this.remoteAddress === null ? -Errno.EDESTADDRREQ : -Errno.EINVAL;
    if (this.localPort === 0) {
      const errno = this.#autobind();
      if (errno !== 0) return errno;
    }
    const path = this.pathTo(address, port, scope);
    if (typeof path === "number") return path;
    const length = to - from + UDP_HEADER;
    if (length > (path.version === 4 ? LARGEST4 : LARGEST6)) {
      this.localError(Errno.EMSGSIZE, path.mtu(), path.destination, port);
      return -Errno.EMSGSIZE;
    }
    const packet = this.host.world.packets.allocate(length);
    const out = packet.bytes, at = packet.head;
    put16(out, at + UDP_SOURCE, this.localPort);
    put16(out, at + UDP_DESTINATION, port);
    put16(out, at + UDP_LENGTH, length);
    put16(out, at + UDP_CHECKSUM, fold(path.pseudoSum(IPPROTO_UDP, length)));
    copyOctets(bytes, from, out, at + UDP_HEADER, to - from);
    packet.tail = at + length;
    packet.transport = packet.checksumStart = at;
    packet.checksumField = UDP_CHECKSUM;
    packet.checksum = CHECKSUM_PARTIAL;
    packet.mark = this.mark;
    packet.priority = this.priority;
    packet.socket = this;
    const errno = path.send(packet, IPPROTO_UDP);
    if (errno < 0) return this.#failed(errno, path.version, path.mtu(), path.destination, port, to - from);
    this.udp.counters(path.version).OutDatagrams++;
    return to - from;
  }

  #failed(errno: number, version: 4 | 6, mtu: number, destination: IpAddress, port: number, length: number): number {
    if (errno === -Errno.EMSGSIZE) this.localError(Errno.EMSGSIZE, mtu, destination, port);
    if (errno !== -Errno.ENOBUFS) return errno;
    this.udp.counters(version).SndbufErrors++;
    return this.receiveErrors ? errno : length; // udp_send_skb: a full queue is nobody's error
  }

  protected override portOf(packet: Packet): number {
    return get16(packet.bytes, packet.transport + UDP_SOURCE);
  }

  protected override received(packet: Packet): void {
    this.udp.counters(packet.bytes[packet.network] >>> 4 === 4 ? 4 : 6).InDatagrams++;
  }

  close(): void {
    if (this.closed) return;
    this.udp.table.release(this);
    this.dispose();
  }
}
