/** Deno's `listenDatagram` over UDP: the socket behind promises. */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { Wait, type Waits } from "../time/waits.ts";
import { Errno } from "../wire/errno.ts";
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { type Addr, checkedPort, formatAddress, type NetAddr, netAddr, numericAddress } from "./addresses.ts";
import { addressesOf, type EdgeHost, untilClosed, waitsOf } from "./edge.ts";
import { badResource, interrupted, systemError } from "./errors.ts";

/** As Deno's `UdpListenOptions`. */
export interface UdpListenOptions {
  /** Default 0: a free one. */
  port?: number;
  /** Default `127.0.0.1`. */
  hostname?: string;
  /** SO_REUSEADDR, which UDP needs on each socket that shares the port. Default false. */
  reuseAddress?: boolean;
  /** Whether multicast that is sent comes back to this namespace. Default false. */
  loopback?: boolean;
}

/** As Deno's `MulticastV4Membership`. */
export interface MulticastV4Membership {
  /** Leaves the group. */
  leave: () => Promise<void>;
  /** Whether multicast that is sent comes back to this namespace. */
  setLoopback: (loopback: boolean) => Promise<void>;
  /** The TTL of multicast that is sent, 0 to 255. */
  setTTL: (ttl: number) => Promise<void>;
}

/** As Deno's `MulticastV6Membership`. */
export interface MulticastV6Membership {
  /** Leaves the group. */
  leave: () => Promise<void>;
  /** Whether multicast that is sent comes back to this namespace. */
  setLoopback: (loopback: boolean) => Promise<void>;
}

/** The largest UDP payload over IPv4: what `receive` takes when it is given no buffer. */
const LARGEST = 65507;

/** As Deno's `DatagramConn`: a bound UDP socket. */
export class DatagramConn implements AsyncIterable<[Uint8Array<ArrayBuffer>, Addr]> {
  /** Octets that `receive` takes at most when it is given no buffer. */
  readonly bufSize: number = LARGEST;
  readonly #host: EdgeHost;
  readonly #socket: UdpSocket;
  readonly #waits: Waits;
  readonly #addr: NetAddr;
  #receivers: Wait<void>[] = [];
  /** The last name that `send` was given, resolved. */
  #lastHostname = "";
  #lastAddress: IpAddress = 0;
  #lastDevice: Interface | null = null;
  /** The last sender, as text. */
  #sender: IpAddress = -1;
  #senderText = "";

  /**
   * For `listenDatagram`.
   *
   * @internal
   */
  constructor(host: EdgeHost, socket: UdpSocket) {
    this.#host = host;
    this.#socket = socket;
    this.#waits = waitsOf(host);
    this.#addr = netAddr("udp", socket.localAddress, socket.localPort);
    socket.onReadable = socket.onError = () => this.#receivers.shift()?.resolve();
  }

  /** The bound address and port. */
  get addr(): Addr {
    return this.#addr;
  }

  /**
   * Waits for a datagram: its octets, in `buffer` if given (the rest of a longer one is lost), and its sender.
   *
   * @throws {BadResource} the socket is closed
   * @throws {Interrupted} it was closed while waiting
   */
  async receive(buffer?: Uint8Array<ArrayBuffer>): Promise<[Uint8Array<ArrayBuffer>, Addr]> {
    const socket = this.#socket;
    for (;;) {
      if (socket.closed) throw badResource("Socket has been closed");
      const into = buffer ?? new Uint8Array(socket.nextLength);
      const count = socket.receive(into);
      if (count >= 0) return [count === into.length ? into : into.subarray(0, count), this.#senderAddr()];
      if (count !== -Errno.EAGAIN) throw systemError(count);
      const wait = new Wait<void>(
        this.#waits,
        () => `receive on ${this.#addr.hostname}:${this.#addr.port} (udp)`,
        true,
      );
      this.#receivers.push(wait);
      await wait.promise;
    }
  }

  /**
   * Sends a datagram; gives the number of octets sent.
   *
   * @throws {NetworkUnreachable} there is no route
   * @throws {Error} the datagram is too long, or the host name is unknown
   */
  async send(data: Uint8Array, addr: Addr): Promise<number> {
    if (this.#socket.closed) throw badResource("Socket has been closed");
    if (addr.transport !== "udp") throw new TypeError(`Cannot send to a "${addr.transport}" address from a UDP socket`);
    const port = checkedPort(addr.port);
    if (addr.hostname !== this.#lastHostname) await this.#resolve(addr.hostname);
    const count = this.#socket.send(data, this.#lastAddress, port, 0, data.length, this.#lastDevice);
    if (count < 0) throw systemError(count);
    return count;
  }

  /**
   * Joins an IPv4 group on the interface that has the address `networkInterface`; `0.0.0.0` leaves the choice to the routes.
   *
   * @throws {Error} not an address, or no interface has it
   */
  async joinMulticastV4(address: string, networkInterface: string): Promise<MulticastV4Membership> {
    const group = parseIpv4(address), local = parseIpv4(networkInterface);
    if (group === null || local === null) throw new Error("invalid IPv4 address syntax");
    const device = await Promise.resolve(local === 0 ? null : this.#interfaceWith(local));
    return this.#join(group, device);
  }

  /**
   * Joins an IPv6 group on the interface of that index; 0 leaves the choice to the routes.
   *
   * @throws {Error} not an address, or there is no such interface
   */
  async joinMulticastV6(address: string, networkInterface: number): Promise<MulticastV6Membership> {
    const group = parseIpv6(address);
    if (group === null) throw new Error("invalid IPv6 address syntax");
    const device = await Promise.resolve(
      networkInterface === 0 ? null : this.#host.kernel.interfaces.byIndex(networkInterface),
    );
    if (device === undefined) throw systemError(Errno.ENODEV);
    return this.#join(group, device);
  }

  /**
   * Closes the socket; a pending `receive` is interrupted.
   *
   * @throws {BadResource} it is closed already
   */
  close(): void {
    if (this.#socket.closed) throw badResource();
    this.#socket.close();
    const receivers = this.#receivers;
    this.#receivers = [];
    for (const wait of receivers) wait.reject(interrupted());
  }

  /** A world in virtual time is kept alive by `run`, not by its sockets: `ref` and `unref` change nothing. */
  ref(): void {}
  /** Nothing, as `ref`. */
  unref(): void {}

  /** Closes the socket, if it is not closed. */
  [Symbol.dispose](): void {
    if (!this.#socket.closed) this.close();
  }

  /** Datagrams and their senders, until the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Addr]> {
    return untilClosed(() => this.receive(), () => this.#socket.closed);
  }

  #senderAddr(): Addr {
    const socket = this.#socket;
    const sender = socket.senderVersion === 4 && socket.family === 4 ? socket.sender4 : socket.senderAddress;
    if (typeof sender !== "number" || sender !== this.#sender) {
      this.#sender = sender;
      this.#senderText = formatAddress(sender);
    }
    const addr = Object.create(null) as NetAddr;
    addr.hostname = this.#senderText;
    addr.port = socket.senderPort;
    addr.transport = "udp";
    return addr;
  }

  async #resolve(hostname: string): Promise<void> {
    const [found] = await addressesOf(this.#host, hostname);
    this.#lastHostname = hostname;
    this.#lastAddress = found.address;
    this.#lastDevice = found.device;
  }

  #interfaceWith(address: number): Interface {
    for (const device of this.#host.kernel.interfaces) {
      if (this.#host.kernel.ipv4.addresses(device).some((it) => it.local === address)) return device;
    }
    throw systemError(Errno.ENODEV);
  }

  #join(group: IpAddress, device: Interface | null): MulticastV4Membership {
    const socket = this.#socket;
    const check = (errno: number) => {
      if (errno < 0) throw systemError(errno);
    };
    check(socket.joinGroup(group, device));
    return {
      leave: async () => await Promise.resolve(check(socket.leaveGroup(group, device))),
      setLoopback: async (loopback) => {
        socket.multicastLoop = await Promise.resolve(loopback);
      },
      setTTL: async (ttl) => {
        socket.multicastTtl = await Promise.resolve(ttl);
      },
    };
  }
}

/**
 * Deno's `listenDatagram` of UDP.
 *
 * @throws {AddrInUse} another socket has the port
 * @throws {AddrNotAvailable} the address is not of this namespace
 */
export function listenUdp(
  host: EdgeHost,
  options: UdpListenOptions,
  names: (hostname: string) => IpAddress,
): DatagramConn {
  const port = checkedPort(options.port ?? 0);
  const hostname = options.hostname ?? "127.0.0.1";
  const numeric = numericAddress(host.kernel, hostname);
  const address = numeric?.address ?? names(hostname);
  const socket = new UdpSocket(host.kernel.udp, typeof address === "number" ? 4 : 6);
  socket.broadcast = true;
  socket.reuseAddress = options.reuseAddress ?? false;
  socket.multicastLoop = options.loopback ?? false;
  const errno = socket.bind(address, port);
  if (errno < 0) {
    socket.close();
    throw systemError(errno);
  }
  return new DatagramConn(host, socket);
}
