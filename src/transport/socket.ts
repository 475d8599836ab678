/**
 * What every socket has: the addresses it is bound and connected to, its options, its pending error, and the slots through
 * which it tells its owner what happened. Sockets are synchronous: a call answers at once, with 0 or a count, or with a
 * negative errno (`-Errno.EAGAIN` when it would have to wait); the slots are called from within the stack when it is worth
 * trying again. No Promise, no exception.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import type { IpAddress, IpHost } from "../ip/host.ts";

/** What IP_RECVERR gives: an error that a packet of this socket met, with the address that reported it. */
export interface SocketError {
  errno: number;
  /** SO_EE_ORIGIN_LOCAL 1, ICMP 2, ICMP6 3. */
  origin: number;
  type: number;
  code: number;
  /** The MTU of EMSGSIZE. */
  info: number;
  /** Who sent the ICMP error; null for a local one. */
  offender: IpAddress | null;
  /** TTL or hop limit that the ICMP message came with (IP_RECVTTL); left out for a local error. */
  ttl?: number;
  /** The interface by which the report came: the scope of a link-local offender. */
  device?: Interface | null;
  /** Where the packet was going. */
  destination: IpAddress;
  destinationPort: number;
  /** The packet's payload as far as it was quoted (for ping: the ICMP message). */
  payload: Uint8Array;
}

export abstract class Socket {
  /** 4 or 6; a socket of 6 takes IPv4 too, as mapped addresses, unless `v6Only`. */
  readonly family: 4 | 6;
  readonly host: IpHost;
  localAddress: IpAddress;
  localPort = 0;
  remoteAddress: IpAddress | null = null;
  remotePort = 0;

  /** SO_BINDTODEVICE. */
  device: Interface | null = null;
  reuseAddress = false;
  reusePort = false;
  broadcast = false;
  v6Only = false;
  /** SO_MARK, SO_PRIORITY, IP_TOS or IPV6_TCLASS; IP_TTL or IPV6_UNICAST_HOPS (-1 is the default). */
  mark = 0;
  priority = 0;
  tos = 0;
  ttl = -1;
  /** SO_RCVBUF and SO_SNDBUF in octets, as getsockopt gives them (doubled). */
  receiveBuffer = 212992;
  sendBuffer = 212992;
  /** SO_ERROR: a positive errno, or 0. Read and cleared by `takeError`. */
  error = 0;
  /** IP_RECVERR: errors are queued here as well. */
  receiveErrors = false;
  errors: SocketError[] | null = null;
  closed = false;

  /** Slots. Called from within the stack: do little, and call the socket freely. `onReadable` also at the end of a stream. */
  onReadable: (() => void) | null = null;
  onWritable: (() => void) | null = null;
  /** A pending error, or the connection has ended for good. */
  onError: (() => void) | null = null;

  /** Who opened it, for `ss -p` and for the list of a DeadlockError. */
  program = "";
  pid = 0;
  /** Its number in the world, for `ss -e` and `/proc/net/*`. */
  inode = 0;

  constructor(host: IpHost, family: 4 | 6, any: IpAddress) {
    this.host = host;
    this.family = family;
    this.localAddress = any;
  }

  /** Port 0 takes an ephemeral one. 0 or a negative errno (EADDRINUSE, EADDRNOTAVAIL, EINVAL). */
  abstract bind(address: IpAddress, port: number): number;
  abstract connect(address: IpAddress, port: number): number;
  /** Closes; what is waiting is told through the slots no more. */
  abstract close(): void;

  takeError(): number {
    const error = this.error;
    this.error = 0;
    return error;
  }
}
