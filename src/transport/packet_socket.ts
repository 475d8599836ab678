/**
 * Packet sockets (AF_PACKET; Linux's net/packet/af_packet.c): frames as an interface sends and receives them, for tcpdump and
 * arping, and a way to send frames of one's own.
 *
 * @module
 */
import type { Interface, LinkEvent, Tap } from "../device/interface.ts";
import { IFF_UP } from "../device/interface.ts";
import { changePromiscuity } from "../device/lifecycle.ts";
import type { IpHost } from "../ip/host.ts";
import { Errno } from "../wire/errno.ts";
import { ETH_P_ALL, ETHERNET_DESTINATION, ETHERNET_HEADER, ETHERNET_SOURCE, ETHERNET_TYPE } from "../wire/ethernet.ts";
import { get16, put16 } from "../wire/octets.ts";
import { CHECKSUM_PARTIAL, type Packet } from "../wire/packet.ts";
import { trueSize } from "./datagram_socket.ts";

/** A frame as a packet socket gives it. */
export interface Frame {
  /** From the link header on, or with "dgram" from the network header on; cut to what the filter asked for. */
  readonly bytes: Uint8Array;
  /** Octets that it had. */
  readonly length: number;
  readonly device: Interface;
  /** TO_HOST … OUTGOING. */
  readonly kind: number;
  /** EtherType. */
  readonly protocol: number;
  /** Virtual time, ns. */
  readonly at: number;
  /** The transport checksum is not filled in yet (TP_STATUS_CSUMNOTREADY). */
  readonly checksumPartial: boolean;
  /** 802.1Q tag that was taken off: TCI, or -1. */
  readonly vlan: number;
  /** The sender's link-layer address; empty where the interface has none. */
  readonly sender: Uint8Array;
}

/**
 * A filter (SO_ATTACH_FILTER): how many octets of the frame that begins at `start` of `packet.bytes` to keep, 0 for none. With
 * "dgram" the frame begins at its network header.
 */
export type FrameFilter = (packet: Packet, start: number, device: Interface, outgoing: boolean) => number;

/** The packet sockets of a namespace, which hear of interfaces that come and go. */
export class PacketSockets {
  readonly #sockets: PacketSocket[] = [];

  constructor(readonly host: IpHost) {}

  /** For `/proc/net/packet`. */
  sockets(): readonly PacketSocket[] {
    return this.#sockets;
  }

  add(socket: PacketSocket): void {
    this.#sockets.push(socket);
  }

  remove(socket: PacketSocket): void {
    const index = this.#sockets.indexOf(socket);
    if (index >= 0) this.#sockets.splice(index, 1);
  }

  linkEvent(device: Interface, event: LinkEvent): void {
    for (const socket of [...this.#sockets]) socket.linkEvent(device, event);
  }
}

export class PacketSocket implements Tap {
  /** The interface that it is bound to; null is all. */
  device: Interface | null = null;
  /** EtherType; ETH_P_ALL also sees what is sent. 0 sees nothing. */
  protocol = 0;
  filter: FrameFilter | null = null;
  /** SO_RCVBUF in octets (doubled), and what of it is in use. */
  receiveBuffer = 212992;
  receiveUsed = 0;
  /** PACKET_STATISTICS: frames that passed the filter, and those of them that were lost since the buffer was full. */
  packets = 0;
  drops = 0;
  /** A pending error (ENETDOWN: the interface went down or away), or 0. */
  error = 0;
  closed = false;
  onReadable: (() => void) | null = null;
  onError: (() => void) | null = null;
  program = "";
  pid = 0;
  readonly inode: number;

  #frames: Frame[] = [];
  #first = 0;
  #promiscuous = false;

  constructor(readonly owner: PacketSockets, readonly type: "raw" | "dgram" = "raw") {
    this.inode = ++owner.host.world.sockets;
    owner.add(this);
  }

  get host(): IpHost {
    return this.owner.host;
  }

  /** Sees the frames of this protocol on one interface, or on all. 0 or a negative errno. */
  bind(device: Interface | null, protocol: number = ETH_P_ALL): number {
    if (this.closed) return -Errno.EBADF;
    this.#unhook();
    this.device = device;
    this.protocol = protocol;
    if (device !== null && (device.flags & IFF_UP) === 0) {
      this.error = Errno.ENETDOWN; // packet_do_bind
      this.onError?.();
    }
    this.#hook();
    return 0;
  }

  #hook(): void {
    if (this.protocol === 0) return;
    if (this.device !== null) attach(this.device, this);
    else for (const device of this.host.interfaces) attach(device, this);
  }

  #unhook(): void {
    if (this.device !== null) detach(this.device, this);
    else for (const device of this.host.interfaces) detach(device, this);
  }

  /** PACKET_ADD_MEMBERSHIP with PACKET_MR_PROMISC. */
  setPromiscuous(promiscuous: boolean): void {
    if (this.device === null || this.#promiscuous === promiscuous) return;
    this.#promiscuous = promiscuous;
    changePromiscuity(this.device, promiscuous ? 1 : -1);
  }

  /** `packet_notifier` */
  linkEvent(device: Interface, event: LinkEvent): void {
    if (this.device === null) {
      if (event === "register" && this.protocol !== 0) attach(device, this);
      else if (event === "unregister") detach(device, this);
      return;
    }
    if (device !== this.device) return;
    if (event === "down" || event === "unregister") {
      detach(device, this);
      if (event === "unregister") this.device = null;
      if (event === "unregister") this.protocol = 0;
      if (this.error === 0 && !this.closed) {
        this.error = Errno.ENETDOWN;
        this.onError?.();
      }
    } else if (event === "up") this.#hook();
  }

  see(packet: Packet, device: Interface, outgoing: boolean): void {
    if (this.protocol !== ETH_P_ALL && (outgoing || packet.protocol !== this.protocol)) return;
    const hasHeader = device.headerLength > 0;
    const link = outgoing || !hasHeader ? packet.head : packet.link;
    const start = this.type === "raw" ? link : link + device.headerLength;
    const length = packet.tail - start;
    let kept = length;
    if (this.filter !== null) {
      kept = this.filter(packet, start, device, outgoing);
      if (kept <= 0) return;
      if (kept > length) kept = length;
    }
    this.packets++;
    const size = trueSize(kept);
    if (this.receiveUsed !== 0 && this.receiveUsed + size > this.receiveBuffer) {
      this.drops++;
      return;
    }
    this.receiveUsed += size;
    this.#frames.push({
      bytes: packet.bytes.slice(start, start + kept),
      length,
      device,
      kind: packet.kind,
      protocol: hasHeader ? get16(packet.bytes, link + ETHERNET_TYPE) : packet.protocol,
      at: this.host.world.scheduler.now,
      checksumPartial: packet.checksum === CHECKSUM_PARTIAL,
      vlan: packet.vlan,
      sender: hasHeader ? packet.bytes.slice(link + ETHERNET_SOURCE, link + ETHERNET_SOURCE + 6) : new Uint8Array(0),
    });
    this.onReadable?.();
  }

  /** Frames that wait. */
  get pending(): number {
    return this.#frames.length - this.#first;
  }

  /** The next frame; null when there is none. */
  receive(): Frame | null {
    if (this.#first === this.#frames.length) return null;
    const frame = this.#frames[this.#first++];
    this.receiveUsed -= trueSize(frame.bytes.length);
    if (this.#first === this.#frames.length) {
      this.#frames = [];
      this.#first = 0;
    } else if (this.#first >= 1024) {
      this.#frames.splice(0, this.#first);
      this.#first = 0;
    }
    return frame;
  }

  takeError(): number {
    const error = this.error;
    this.error = 0;
    return error;
  }

  /**
   * Sends a whole frame ("raw"), or a packet to which the link header for `to` is put ("dgram"), by the interface bound to or
   * given. The octets sent, or a negative errno: ENXIO, ENETDOWN, EMSGSIZE, EINVAL, ENOBUFS.
   */
  send(
    bytes: Uint8Array,
    device: Interface | null = this.device,
    protocol: number = this.protocol,
    to: Uint8Array | null = null,
  ): number {
    if (this.closed) return -Errno.EBADF;
    if (device === null) return -Errno.ENXIO;
    if ((device.flags & IFF_UP) === 0) return -Errno.ENETDOWN;
    const header = device.headerLength;
    const length = this.type === "raw" ? bytes.length : bytes.length + header;
    if (length > device.mtu + header) return -Errno.EMSGSIZE;
    if (length < header || (this.type === "dgram" && header > 0 && to === null)) return -Errno.EINVAL;
    const packet = this.host.world.packets.allocate(length);
    const at = packet.head;
    packet.bytes.set(bytes, at + length - bytes.length);
    if (this.type === "dgram" && header === ETHERNET_HEADER) {
      packet.bytes.set(to!.subarray(0, 6), at + ETHERNET_DESTINATION);
      packet.bytes.set(device.address, at + ETHERNET_SOURCE);
      put16(packet.bytes, at + ETHERNET_TYPE, protocol);
    }
    packet.tail = at + length;
    packet.link = at;
    packet.network = at + header;
    packet.protocol = header === ETHERNET_HEADER ? get16(packet.bytes, at + ETHERNET_TYPE) : protocol;
    const errno = device.transmit(packet);
    return errno < 0 ? errno : bytes.length;
  }

  close(): void {
    if (this.closed) return;
    this.setPromiscuous(false);
    this.#unhook();
    this.owner.remove(this);
    this.closed = true;
    this.#frames = [];
    this.#first = this.receiveUsed = 0;
    this.onReadable = this.onError = null;
  }
}

/** The lists are replaced, not changed: a packet may be on its way through one. */
function attach(device: Interface, tap: Tap): void {
  if (device.taps === null) device.taps = [tap];
  else if (!device.taps.includes(tap)) device.taps = [...device.taps, tap];
}

function detach(device: Interface, tap: Tap): void {
  if (device.taps === null || !device.taps.includes(tap)) return;
  device.taps = device.taps.length === 1 ? null : device.taps.filter((other) => other !== tap);
}
