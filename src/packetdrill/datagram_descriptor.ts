/** UDP, ping and raw sockets as file descriptors. */
import type { DatagramSocket } from "../transport/datagram_socket.ts";
import { PingSocket } from "../transport/ping.ts";
import { RawSocket } from "../transport/raw.ts";
import type { SocketError } from "../transport/socket.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { Errno } from "../wire/errno.ts";
import { Descriptor, type Endpoint, type OptionValue } from "./descriptor.ts";
import { SYMBOLS as S } from "./symbols.ts";

const DISCOVER = ["dont", "want", "do", "probe"] as const;

/** `net.core.rmem_max` and `wmem_max` of Linux 6.18. */
const CORE_MEMORY_MAX = 4194304;

export class DatagramDescriptor extends Descriptor {
  #flags = 0;

  constructor(readonly socket: DatagramSocket) {
    super();
    socket.onReadable = socket.onWritable = socket.onError = this.woken;
  }

  override get localPort(): number {
    return this.socket.localPort;
  }

  override get isDatagram(): boolean {
    return true;
  }

  override bind({ address, port }: Endpoint): number {
    return this.socket.bind(address, port);
  }

  override connect({ address, port }: Endpoint): number {
    return this.socket.connect(address, port);
  }

  override read(into: Uint8Array, flags: number): number {
    const { socket } = this;
    const count = socket.receive(into, 0, into.length, (flags & S.MSG_PEEK) !== 0);
    this.#flags = count >= 0 && socket.receivedLength > count ? S.MSG_TRUNC : 0;
    return count >= 0 && (flags & S.MSG_TRUNC) !== 0 ? socket.receivedLength : count;
  }

  override get readFlags(): number {
    return this.#flags;
  }

  override write(bytes: Uint8Array, _flags: number, to: Endpoint | null): number {
    const { socket } = this;
    if (socket instanceof UdpSocket) return socket.send(bytes, to?.address ?? null, to?.port ?? 0);
    if (socket instanceof PingSocket || socket instanceof RawSocket) return socket.send(bytes, to?.address ?? null);
    return -Errno.EOPNOTSUPP;
  }

  override nextError(): SocketError | null {
    return this.socket.nextError();
  }

  override shutdown(how: number): number {
    return this.socket.shutdown(how !== S.SHUT_WR, how !== S.SHUT_RD);
  }

  override setOption(level: number, name: number, value: OptionValue): number {
    const { socket } = this;
    if (typeof value !== "number") return -Errno.EINVAL;
    if (level === S.SOL_SOCKET) {
      if (name === S.SO_REUSEADDR) socket.reuseAddress = value !== 0;
      else if (name === S.SO_REUSEPORT) socket.reusePort = value !== 0;
      else if (name === S.SO_BROADCAST) socket.broadcast = value !== 0;
      else if (name === S.SO_RCVBUF) socket.receiveBuffer = Math.max(Math.min(value, CORE_MEMORY_MAX) * 2, 2304);
      else if (name === S.SO_RCVBUFFORCE) socket.receiveBuffer = Math.max(value * 2, 2304);
      else if (name === S.SO_SNDBUF) socket.sendBuffer = Math.max(Math.min(value, CORE_MEMORY_MAX) * 2, 4608);
      else if (name === S.SO_PRIORITY) socket.priority = value;
      else if (name === S.SO_MARK) socket.mark = value;
      else return -Errno.ENOPROTOOPT;
      return 0;
    }
    if (level === S.SOL_IP) {
      if (name === S.IP_TOS) socket.tos = value & 255;
      else if (name === S.IP_TTL) socket.ttl = value;
      else if (name === S.IP_RECVERR) socket.receiveErrors = value !== 0;
      else if (name === S.IP_MTU_DISCOVER && value in DISCOVER) socket.pmtuDiscover = DISCOVER[value];
      else return -Errno.ENOPROTOOPT;
      return 0;
    }
    if (level === S.SOL_IPV6) {
      if (name === S.IPV6_V6ONLY) socket.v6Only = value !== 0;
      else if (name === S.IPV6_UNICAST_HOPS) socket.ttl = value;
      else if (name === S.IPV6_TCLASS) socket.tos = value & 255;
      else if (name === S.IPV6_RECVERR) socket.receiveErrors = value !== 0;
      else if (name === S.IPV6_MTU_DISCOVER && value in DISCOVER) socket.pmtuDiscover = DISCOVER[value];
      else return -Errno.ENOPROTOOPT;
      return 0;
    }
    return -Errno.ENOPROTOOPT;
  }

  override getOption(level: number, name: number): OptionValue {
    const { socket } = this;
    if (level === S.SOL_SOCKET) {
      if (name === S.SO_ERROR) return socket.takeError();
      if (name === S.SO_TYPE) return socket instanceof RawSocket ? S.SOCK_RAW : S.SOCK_DGRAM;
      if (name === S.SO_REUSEADDR) return Number(socket.reuseAddress);
      if (name === S.SO_REUSEPORT) return Number(socket.reusePort);
      if (name === S.SO_BROADCAST) return Number(socket.broadcast);
      if (name === S.SO_RCVBUF) return socket.receiveBuffer;
      if (name === S.SO_SNDBUF) return socket.sendBuffer;
      if (name === S.SO_PROTOCOL) return socket.protocolNumber;
      if (name === S.SO_DOMAIN) return socket.family === 4 ? S.AF_INET : S.AF_INET6;
    } else if (level === S.SOL_IP) {
      if (name === S.IP_TOS) return socket.tos;
      if (name === S.IP_TTL) return socket.ttl < 0 ? 64 : socket.ttl;
      if (name === S.IP_MTU_DISCOVER) return DISCOVER.indexOf(socket.pmtuDiscover);
      if (name === S.IP_MTU) return socket.pathMtu();
    }
    return -Errno.ENOPROTOOPT;
  }

  override ioctl(request: number): number {
    if (request === S.SIOCINQ) return this.socket.nextLength;
    return request === S.SIOCOUTQ ? 0 : -Errno.EINVAL;
  }

  override ready(): number {
    const { socket } = this;
    let bits = socket.writeClosed ? 0 : S.POLLOUT | S.POLLWRNORM;
    if (socket.pending > 0 || socket.readClosed) bits |= S.POLLIN | S.POLLRDNORM;
    if (socket.error !== 0 || (socket.errors?.length ?? 0) > 0) bits |= S.POLLERR;
    return bits;
  }

  override close(): void {
    this.socket.close();
  }
}
