/**
 * What UDP, ping and raw sockets have in common: a queue of received packets bounded by SO_RCVBUF, a cached way to the last
 * destination, multicast options, and the queue of ICMP errors (IP_RECVERR). Nothing is allocated for a datagram.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import type { IpAddress, IpHost, Path } from "../ip/host.ts";
import { RTN_BROADCAST, RTN_MULTICAST } from "../ip/netlink.ts";
import { Errno } from "../wire/errno.ts";
import { INADDR_ANY, IPV4_DESTINATION, IPV4_SOURCE, IPV4_TOS, IPV4_TTL, isMulticast4 } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_HOP_LIMIT, IPV6_SOURCE, isLinkLocal6, isMulticast6, mapped6 } from "../wire/ipv6.ts";
import { copyOctets, get32 } from "../wire/octets.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import type { IcmpError } from "./icmp_errors.ts";
import { familyOf } from "./family.ts";
import { equalAddress, ipv4Of, isAny } from "./ports.ts";
import { Socket, type SocketError } from "./socket.ts";

/** SO_EE_ORIGIN_* */
export const ORIGIN_LOCAL = 1;
export const ORIGIN_ICMP = 2;
export const ORIGIN_ICMP6 = 3;

/** Errors that wait to be read; later ones are lost. */
const ERRORS_LIMIT = 128;

const EAGAIN = -Errno.EAGAIN;
const ANY6 = new Uint8Array(16);

/** `skb->truesize` of a packet of `length` octets, IP header included: what it takes of SO_RCVBUF (Linux 6.18, amd64). */
export function trueSize(length: number): number {
  const needed = length + 351; // link header, its alignment, skb_shared_info
  if (needed <= 576) return 832; // the small head cache
  if (needed > 16384) return length + 804; // the payload lies in pages
  return (1 << (32 - Math.clz32(needed - 1))) + 256;
}

export abstract class DatagramSocket extends Socket {
  readonly queue: PacketQueue = new PacketQueue();
  /** Octets of SO_RCVBUF in use (`sk_rmem_alloc`), and datagrams dropped since it was full. */
  receiveUsed = 0;
  drops = 0;
  readClosed = false;
  writeClosed = false;

  /** IP_MTU_DISCOVER. */
  pmtuDiscover: "dont" | "want" | "do" | "probe" = "want";
  /** IP_MULTICAST_TTL, _LOOP and _ALL. */
  multicastTtl = 1;
  multicastLoop = true;
  multicastAll = true;
  #multicastDevice: Interface | null = null;
  #multicastSource: IpAddress | null = null;

  /** Of the datagram that `receive` gave last: who sent it (`sender6` is overwritten by the next), and its whole length. */
  senderVersion: 4 | 6 = 4;
  sender4 = 0;
  readonly sender6: Uint8Array;
  senderPort = 0;
  receivedLength = 0;
  /** The interface that it came in by (IP_PKTINFO), its TTL or hop limit, its TOS, and its time of arrival (ns). */
  receivedDevice: Interface | null = null;
  receivedTtl = 0;
  receivedTos = 0;
  /** Where it was sent to. */
  receivedDestination4 = 0;
  readonly receivedDestination6: Uint8Array;

  /** The way to the connected peer and to the last other destination. */
  #connectedPath: Path | null = null;
  #lastPath: Path | null = null;
  #lastPort = 0;
  #pathDevice: Interface | null = null;
  #pathMark = 0;
  #pathTos = 0;
  #groups: { device: Interface; group: IpAddress }[] | null = null;
  /** What `bind` asked for, and `disconnect` keeps. */
  protected boundAddress = false;
  protected boundPort = false;
  /** `localAddress` as IPv4: 0 is any, -1 takes no IPv4. */
  local4 = 0;
  /** Bound to no address: 0.0.0.0 or ::. */
  localAny = true;
  /** Bound to a group or a broadcast address: good for receiving, not as a source. */
  #notSource = false;

  constructor(host: IpHost, family: 4 | 6, readonly protocolNumber: number) {
    super(host, family, family === 4 ? INADDR_ANY : ANY6);
    this.inode = ++host.world.sockets;
    this.sender6 = family === 6 ? new Uint8Array(16) : ANY6;
    this.receivedDestination6 = family === 6 ? new Uint8Array(16) : ANY6;
  }

  /** IP_MULTICAST_IF: the interface that multicasts leave by; null takes the route's. */
  get multicastDevice(): Interface | null {
    return this.#multicastDevice;
  }
  set multicastDevice(device: Interface | null) {
    this.#multicastDevice = device;
    this.forgetPaths();
  }

  /** The source of multicasts from a socket that is bound to none; null takes the route's. */
  get multicastSource(): IpAddress | null {
    return this.#multicastSource;
  }
  set multicastSource(source: IpAddress | null) {
    this.#multicastSource = source;
    this.forgetPaths();
  }

  /** The address of the last sender; for IPv6 a copy. */
  get senderAddress(): IpAddress {
    return this.senderVersion === 4 ? this.sender4 : this.sender6.slice();
  }

  /** Datagrams and octets that wait to be read; the octets of the first (SIOCINQ, FIONREAD), or 0. */
  get pending(): number {
    return this.queue.length;
  }
  get nextLength(): number {
    return this.queue.first === null ? 0 : this.queue.first.length;
  }

  /**
   * Copies the next datagram into `into` (the rest of a longer one is lost: `receivedLength` tells) and describes it in
   * `sender…` and `received…`. The octets copied, or a negative errno: EAGAIN when there is none, or the pending error.
   * `peek` leaves it there (MSG_PEEK).
   */
  receive(into: Uint8Array, from = 0, to: number = into.length, peek = false): number {
    if (this.error !== 0) return -this.takeError();
    const packet = this.queue.first;
    if (packet === null) return this.readClosed ? 0 : EAGAIN;
    const length = packet.tail - packet.head;
    const count = length < to - from ? length : to - from;
    copyOctets(packet.bytes, packet.head, into, from, count);
    this.receivedLength = length;
    this.#describe(packet);
    if (!peek) {
      this.#dequeue();
      packet.release();
    }
    return count;
  }

  /** As `receive`, without copying: the packet, with `head` and `tail` around the datagram, is the caller's to release. */
  receivePacket(): Packet | null {
    const packet = this.queue.first;
    if (packet === null) return null;
    this.receivedLength = packet.tail - packet.head;
    this.#describe(packet);
    this.#dequeue();
    return packet;
  }

  #dequeue(): void {
    const packet = this.queue.shift()!;
    this.receiveUsed -= packet.control;
    this.received(packet);
  }

  #describe(packet: Packet): void {
    const bytes = packet.bytes, ip = packet.network;
    this.receivedDevice = packet.device as Interface | null;
    if (bytes[ip] >>> 4 === 4) {
      this.senderVersion = 4;
      this.sender4 = get32(bytes, ip + IPV4_SOURCE);
      this.receivedDestination4 = get32(bytes, ip + IPV4_DESTINATION);
      this.receivedTtl = bytes[ip + IPV4_TTL];
      this.receivedTos = bytes[ip + IPV4_TOS];
    } else {
      this.senderVersion = 6;
      copyOctets(bytes, ip + IPV6_SOURCE, this.sender6, 0, 16);
      copyOctets(bytes, ip + IPV6_DESTINATION, this.receivedDestination6, 0, 16);
      this.receivedTtl = bytes[ip + IPV6_HOP_LIMIT];
      this.receivedTos = (bytes[ip] & 15) << 4 | bytes[ip + 1] >>> 4;
    }
    this.senderPort = this.portOf(packet);
  }

  get anyAddress(): IpAddress {
    return this.family === 4 ? INADDR_ANY : ANY6;
  }

  /** An address as a socket of this family has it: IPv4 is mapped for IPv6. */
  protected ownForm(address: IpAddress): IpAddress {
    return this.family === 6 && typeof address === "number" ? mapped6(address) : address;
  }

  protected setLocal(address: IpAddress): void {
    this.localAddress = address;
    this.local4 = ipv4Of(address);
    this.localAny = typeof address === "number" ? address === 0 : equalAddress(address, ANY6);
    if (this.localAny) this.local4 = this.v6Only ? -1 : 0;
    this.#notSource = false;
    this.forgetPaths();
  }

  /** Sets the local address after asking whether this host has it (`__inet_bind`, `__inet6_bind`). 0 or a negative errno. */
  protected bindAddress(address: IpAddress): number {
    if (this.family === 4 && typeof address !== "number") return -Errno.EAFNOSUPPORT;
    const own = this.ownForm(address);
    const address4 = ipv4Of(own);
    if (this.family === 6 && address4 >= 0 && this.v6Only) return -Errno.EINVAL;
    if (!isAny(own)) {
      if (address4 < 0 && isLinkLocal6(own as Uint8Array) && this.device === null) return -Errno.EINVAL;
      const local = address4 < 0
        ? familyOf(this.host, 6).isLocal(own, this.device)
        : familyOf(this.host, 4).isLocal(address4, this.device);
      if (!local) return -Errno.EADDRNOTAVAIL;
    }
    this.setLocal(own);
    this.#notSource = !isAny(own) && this.#isGroup(own, address4);
    return 0;
  }

  #isGroup(address: IpAddress, address4: number): boolean {
    if (address4 < 0) return isMulticast6(address as Uint8Array);
    if (isMulticast4(address4)) return true;
    const path = familyOf(this.host, 4).path({ destination: address4, protocol: this.protocolNumber });
    return path.refresh() === 0 && path.type === RTN_BROADCAST;
  }

  /** The sender's port; 0 where the protocol has none. */
  protected portOf(_packet: Packet): number {
    return 0;
  }

  /** A packet was taken from the queue: UDP counts it now, as Linux does. */
  protected received(_packet: Packet): void {}

  /** Queues a packet, whose `head` is at what the reader gets; takes the reference. False when SO_RCVBUF is full. */
  enqueue(packet: Packet): boolean {
    const size = packet.truesize !== 0 ? packet.truesize : trueSize(packet.tail - packet.network);
    // __udp_enqueue_schedule_skb: an empty queue takes one packet, however large
    if (this.receiveUsed !== 0 && this.receiveUsed + size > this.receiveBuffer) {
      this.drops++;
      packet.release();
      return false;
    }
    packet.control = size;
    this.receiveUsed += size;
    this.queue.push(packet);
    if (this.onReadable !== null) this.onReadable();
    return true;
  }

  /**
   * The way to `address` (which may be an IPv4-mapped one), with this socket's options; the connected peer's when `address` is
   * null. A negative errno when there is none.
   */
  protected pathTo(address: IpAddress | null, port: number, scope: Interface | null): Path | number {
    const device = scope ?? this.device;
    if (this.#pathDevice !== device || this.#pathMark !== this.mark || this.#pathTos !== this.tos) {
      this.forgetPaths();
      this.#pathDevice = device;
      this.#pathMark = this.mark;
      this.#pathTos = this.tos;
    }
    let path: Path | null;
    if (address === null) {
      if (this.remoteAddress === null) return -Errno.EDESTADDRREQ;
      path = this.#connectedPath;
      if (path === null) {
        const made = this.#makePath(this.remoteAddress, this.remotePort, device);
        if (typeof made === "number") return made;
        path = this.#connectedPath = made;
      }
    } else {
      path = this.#lastPath;
      if (path === null || this.#lastPort !== port || !this.#leadsTo(path, address)) {
        const made = this.#makePath(address, port, device);
        if (typeof made === "number") return made;
        path = this.#lastPath = made;
        this.#lastPort = port;
      }
    }
    const errno = path.refresh();
    if (errno !== 0) return errno;
    if (path.type === RTN_BROADCAST && !this.broadcast) return -Errno.EACCES;
    path.tos = this.tos;
    path.pmtuDiscover = this.pmtuDiscover;
    if (path.type === RTN_MULTICAST) {
      path.ttl = this.multicastTtl;
      if (path.version === 4) path.multicastLoop = this.multicastLoop;
    } else path.ttl = this.ttl;
    return path;
  }

  #leadsTo(path: Path, address: IpAddress): boolean {
    if (typeof address === "number") return path.destination === address;
    if (path.version === 6) return equalAddress(path.destination, address);
    return path.destination === ipv4Of(address);
  }

  #makePath(address: IpAddress, port: number, device: Interface | null): Path | number {
    const destination4 = ipv4Of(address);
    let source: IpAddress | null = this.#notSource || isAny(this.localAddress) ? null : this.localAddress;
    if (destination4 < 0) {
      if (this.family === 4) return -Errno.EAFNOSUPPORT;
      if (source !== null && ipv4Of(source) >= 0) return -Errno.ENETUNREACH;
    } else {
      if (typeof address !== "number" && this.family === 4) return -Errno.EAFNOSUPPORT;
      if (this.v6Only) return -Errno.ENETUNREACH;
      if (source !== null) {
        source = ipv4Of(source);
        if (source < 0) return -Errno.EINVAL;
      }
    }
    const multicast = destination4 < 0 ? isMulticast6(address as Uint8Array) : isMulticast4(destination4);
    const family = familyOf(this.host, destination4 < 0 ? 6 : 4);
    return family.path({
      destination: destination4 < 0 ? (address as Uint8Array).slice() : destination4,
      source: source ?? (multicast ? this.multicastSource : null),
      device: device ?? (multicast ? this.multicastDevice : null),
      mark: this.mark,
      tos: this.tos,
      protocol: this.protocolNumber,
      sourcePort: this.localPort,
      destinationPort: port,
      anySource: this.anySource,
    });
  }

  /** Whether the source need not be an address of this host. */
  protected get anySource(): boolean {
    return false;
  }

  /** Options changed that the cached ways were made from: they are made again. */
  protected forgetPaths(): void {
    this.#connectedPath = this.#lastPath = null;
  }

  /** The path MTU to the peer (IP_MTU): octets, IP header included, or a negative errno. */
  pathMtu(): number {
    if (this.remoteAddress === null) return -Errno.ENOTCONN;
    const path = this.pathTo(null, this.remotePort, null);
    return typeof path === "number" ? path : path.mtu();
  }

  /** Joins a group (IP_ADD_MEMBERSHIP). Without an interface, that of the route to the group. */
  joinGroup(group: IpAddress, device: Interface | null = null): number {
    if (typeof group === "number" ? !isMulticast4(group) : !isMulticast6(group)) return -Errno.EINVAL;
    const on = device ?? this.#groupDevice(group);
    if (on === null) return -Errno.ENODEV;
    this.#groups ??= [];
    if (this.#groups.some((it) => it.device === on && equalAddress(it.group, group))) return -Errno.EADDRINUSE;
    this.#groups.push({ device: on, group });
    familyOf(this.host, typeof group === "number" ? 4 : 6).joinGroup(on, group);
    return 0;
  }

  leaveGroup(group: IpAddress, device: Interface | null = null): number {
    const index =
      this.#groups?.findIndex((it) => (device === null || it.device === device) && equalAddress(it.group, group)) ?? -1;
    if (index < 0) return -Errno.EADDRNOTAVAIL;
    const [{ device: on }] = this.#groups!.splice(index, 1);
    this.#leave(on, group);
    return 0;
  }

  #leave(device: Interface, group: IpAddress): void {
    if (device.owner !== this.host) return; // it left the namespace, and the membership ended with that
    if (this.host.interfaces.byIndex(device.index) !== device) return;
    familyOf(this.host, typeof group === "number" ? 4 : 6).leaveGroup(device, group);
  }

  #groupDevice(group: IpAddress): Interface | null {
    if (this.multicastDevice !== null) return this.multicastDevice;
    const family = familyOf(this.host, typeof group === "number" ? 4 : 6);
    const path = family.path({ destination: group, protocol: this.protocolNumber });
    return path.refresh() === 0 ? path.device : null;
  }

  /** Whether a datagram to this group is for this socket: it joined there, or takes those that anybody joined. */
  takesGroup(group: IpAddress, device: Interface | null): boolean {
    if (this.#groups !== null) {
      for (const it of this.#groups) if (it.device === device && equalAddress(it.group, group)) return true;
    }
    return this.multicastAll;
  }

  /** What `__udp4_lib_err` does once it has found the socket: `payload` octets from `packet.head` on are quoted. */
  icmpError(packet: Packet, meant: IcmpError, error: Omit<SocketError, "errno" | "payload">): void {
    const hard = meant.errno === Errno.EMSGSIZE ? this.pmtuDiscover !== "dont" : meant.fatal;
    if (this.receiveErrors) {
      const device = packet.device as Interface | null;
      // The ICMP message's own IP header follows the link header.
      const outer = packet.link + (device?.headerLength ?? 0);
      const ttl = packet.bytes[outer + (packet.bytes[outer] >>> 4 === 6 ? IPV6_HOP_LIMIT : IPV4_TTL)];
      const payload = packet.bytes.slice(packet.head, packet.tail);
      this.queueError({ errno: meant.errno, ...error, device, ttl, payload });
    } else if (!hard || this.remoteAddress === null) return;
    this.error = meant.errno;
    this.onError?.();
  }

  /** Too long for the way, and not to be fragmented: told to the error queue as well (`ip_local_error`). */
  protected localError(errno: number, info: number, destination: IpAddress, port: number): void {
    if (!this.receiveErrors) return;
    this.queueError({
      errno,
      origin: ORIGIN_LOCAL,
      type: 0,
      code: 0,
      info,
      offender: null,
      destination,
      destinationPort: port,
      payload: new Uint8Array(0),
    });
  }

  protected queueError(error: SocketError): void {
    this.errors ??= [];
    if (this.errors.length < ERRORS_LIMIT) this.errors.push(error);
  }

  /** The next of the error queue (MSG_ERRQUEUE); reading the last clears SO_ERROR. */
  nextError(): SocketError | null {
    const error = this.errors?.shift() ?? null;
    if (error !== null) this.error = this.errors!.length > 0 ? this.errors![0].errno : 0;
    return error;
  }

  /** Ends receiving, sending or both. What is queued can still be read. */
  shutdown(read: boolean, write: boolean): number {
    if (this.remoteAddress === null) return -Errno.ENOTCONN;
    if (read) {
      this.readClosed = true;
      this.onReadable?.();
    }
    if (write) this.writeClosed = true;
    return 0;
  }

  protected dispose(): void {
    this.closed = true;
    this.onReadable = this.onWritable = this.onError = null;
    this.queue.purge();
    this.receiveUsed = 0;
    this.errors = null;
    this.forgetPaths();
    for (const { device, group } of this.#groups ?? []) this.#leave(device, group);
    this.#groups = null;
  }
}
