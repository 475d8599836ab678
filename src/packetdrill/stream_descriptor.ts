/** A TCP socket as a file descriptor. */
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { TcpSocket } from "../transport/tcp/socket.ts";
import { Errno } from "../wire/errno.ts";
import type { Variables } from "./code_expression.ts";
import { Descriptor, type Endpoint, type OptionValue } from "./descriptor.ts";
import { SYMBOLS as S } from "./symbols.ts";
import { infoVariables } from "./tcp_info.ts";

const DISCOVER = ["dont", "want", "do", "probe"] as const;
const HOW = ["read", "write", "both"] as const;

export class StreamDescriptor extends Descriptor {
  readonly socket: TcpSocket;

  constructor(namespace: NetworkNamespace, family: 4 | 6, accepted: TcpSocket | null = null) {
    super();
    this.socket = accepted ?? new TcpSocket(namespace.tcp, family);
    this.#namespace = namespace;
    this.socket.onReadable = this.socket.onWritable = this.socket.onError = this.woken;
  }

  readonly #namespace: NetworkNamespace;

  override get localPort(): number {
    return this.socket.localPort;
  }

  override bind({ address, port }: Endpoint): number {
    return this.socket.bind(address, port);
  }

  override connect({ address, port }: Endpoint): number {
    return this.socket.connect(address, port);
  }

  override connectResult(): number {
    const { socket } = this;
    if (socket.state === "SYN-SENT" || socket.state === "SYN-RECV") return -Errno.EAGAIN;
    return -socket.takeError();
  }

  override listen(backlog: number): number {
    return this.socket.listen(backlog);
  }

  override accept(): Descriptor | number {
    const { socket } = this;
    if (socket.listener === null) return -Errno.EINVAL;
    const accepted = socket.accept();
    return accepted === null ? -Errno.EAGAIN : new StreamDescriptor(this.#namespace, socket.family, accepted);
  }

  override read(into: Uint8Array, flags: number): number {
    return (flags & S.MSG_PEEK) !== 0 ? this.socket.peek(into) : this.socket.read(into);
  }

  override write(bytes: Uint8Array, flags: number, _to: Endpoint | null): number {
    return this.socket.write(bytes, 0, bytes.length, (flags & S.MSG_MORE) !== 0);
  }

  override shutdown(how: number): number {
    return how in HOW ? this.socket.shutdown(HOW[how]) : -Errno.EINVAL;
  }

  override setOption(level: number, name: number, value: OptionValue): number {
    const { socket } = this;
    if (level === S.SOL_SOCKET && name === S.SO_LINGER) {
      if (typeof value !== "object") return -Errno.EINVAL;
      socket.linger = value.onoff !== 0 ? value.linger : null;
      return 0;
    }
    if (level === S.SOL_TCP && name === S.TCP_CONGESTION) return socket.setCongestion(String(value));
    if (typeof value !== "number") return -Errno.EINVAL;
    if (level === S.SOL_SOCKET) return this.#setSocketOption(name, value);
    if (level === S.SOL_TCP) return this.#setTcpOption(name, value);
    if (level === S.SOL_IP || level === S.SOL_IPV6) return this.#setIpOption(level, name, value);
    return -Errno.ENOPROTOOPT;
  }

  #setSocketOption(name: number, value: number): number {
    const { socket } = this;
    if (name === S.SO_REUSEADDR) socket.reuseAddress = value !== 0;
    else if (name === S.SO_REUSEPORT) socket.reusePort = value !== 0;
    else if (name === S.SO_KEEPALIVE) socket.keepAlive = value !== 0;
    else if (name === S.SO_RCVBUF || name === S.SO_RCVBUFFORCE) socket.setReceiveBuffer(value);
    else if (name === S.SO_SNDBUF || name === S.SO_SNDBUFFORCE) socket.setSendBuffer(value);
    else if (name === S.SO_RCVLOWAT) socket.receiveLowat = value;
    else if (name === S.SO_MARK) socket.mark = value;
    else if (name === S.SO_PRIORITY) socket.priority = value;
    else return -Errno.ENOPROTOOPT;
    return 0;
  }

  #setTcpOption(name: number, value: number): number {
    const { socket } = this;
    switch (name) {
      case S.TCP_NODELAY:
        socket.noDelay = value !== 0;
        return 0;
      case S.TCP_CORK:
        socket.cork = value !== 0;
        return 0;
      case S.TCP_QUICKACK:
        socket.quickAck = value !== 0;
        return 0;
      case S.TCP_MAXSEG:
        if (value !== 0 && (value < 88 || value > 32767)) return -Errno.EINVAL;
        socket.maxSegment = value;
        return 0;
      case S.TCP_KEEPIDLE:
        if (value < 1 || value > 32767) return -Errno.EINVAL;
        socket.keepIdle = value;
        return 0;
      case S.TCP_KEEPINTVL:
        if (value < 1 || value > 32767) return -Errno.EINVAL;
        socket.keepInterval = value;
        return 0;
      case S.TCP_KEEPCNT:
        if (value < 1 || value > 127) return -Errno.EINVAL;
        socket.keepCount = value;
        return 0;
      case S.TCP_SYNCNT:
        if (value < 1 || value > 127) return -Errno.EINVAL;
        socket.synCount = value;
        return 0;
      case S.TCP_LINGER2:
        socket.linger2 = value;
        return 0;
      case S.TCP_DEFER_ACCEPT:
        socket.deferAccept = retransmissionsWithin(value);
        return 0;
      case S.TCP_WINDOW_CLAMP:
        socket.windowClamp = value;
        return 0;
      case S.TCP_USER_TIMEOUT:
        if (value < 0) return -Errno.EINVAL;
        socket.userTimeout = value;
        return 0;
      case S.TCP_NOTSENT_LOWAT:
        socket.notSentLowat = value;
        return 0;
    }
    return -Errno.ENOPROTOOPT;
  }

  #setIpOption(level: number, name: number, value: number): number {
    const { socket } = this;
    const six = level === S.SOL_IPV6;
    if (name === (six ? S.IPV6_TCLASS : S.IP_TOS)) socket.tos = value & 255;
    else if (name === (six ? S.IPV6_UNICAST_HOPS : S.IP_TTL)) socket.ttl = value;
    else if (name === (six ? S.IPV6_RECVERR : S.IP_RECVERR)) socket.receiveErrors = value !== 0;
    else if (six && name === S.IPV6_V6ONLY) socket.v6Only = value !== 0;
    else if (name === (six ? S.IPV6_MTU_DISCOVER : S.IP_MTU_DISCOVER) && value in DISCOVER) {
      socket.setPmtuDiscover(DISCOVER[value]);
    } else return -Errno.ENOPROTOOPT;
    return 0;
  }

  override getOption(level: number, name: number): OptionValue {
    const { socket } = this;
    if (level === S.SOL_SOCKET) {
      if (name === S.SO_ERROR) return socket.takeError();
      if (name === S.SO_TYPE) return S.SOCK_STREAM;
      if (name === S.SO_PROTOCOL) return S.IPPROTO_TCP;
      if (name === S.SO_DOMAIN) return socket.family === 4 ? S.AF_INET : S.AF_INET6;
      if (name === S.SO_ACCEPTCONN) return Number(socket.listener !== null);
      if (name === S.SO_REUSEADDR) return Number(socket.reuseAddress);
      if (name === S.SO_REUSEPORT) return Number(socket.reusePort);
      if (name === S.SO_KEEPALIVE) return Number(socket.keepAlive);
      if (name === S.SO_RCVBUF) return socket.connection?.receiveBuffer ?? socket.receiveBuffer;
      if (name === S.SO_SNDBUF) return socket.connection?.sendBuffer ?? socket.sendBuffer;
      if (name === S.SO_RCVLOWAT) return socket.receiveLowat;
      if (name === S.SO_LINGER) return { onoff: Number(socket.linger !== null), linger: socket.linger ?? 0 };
    } else if (level === S.SOL_TCP) {
      if (name === S.TCP_NODELAY) return Number(socket.noDelay);
      if (name === S.TCP_CORK) return Number(socket.cork);
      if (name === S.TCP_QUICKACK) return Number(socket.quickAck);
      if (name === S.TCP_MAXSEG) return socket.maxSegment;
      if (name === S.TCP_KEEPIDLE) return socket.keepIdle;
      if (name === S.TCP_KEEPINTVL) return socket.keepInterval;
      if (name === S.TCP_KEEPCNT) return socket.keepCount;
      if (name === S.TCP_USER_TIMEOUT) return socket.userTimeout;
      if (name === S.TCP_CONGESTION) return socket.congestion;
      if (name === S.TCP_SYNCNT) return socket.options.synCount || this.#namespace.tcp.sysctls.synRetries;
      if (name === S.TCP_LINGER2) return socket.options.linger2 || this.#namespace.tcp.sysctls.finTimeout;
      if (name === S.TCP_DEFER_ACCEPT) return secondsOf(socket.options.deferAccept);
      if (name === S.TCP_WINDOW_CLAMP) return socket.connection?.windowClamp ?? socket.options.windowClamp;
      if (name === S.TCP_NOTSENT_LOWAT) return socket.options.notSentLowat;
    } else if (level === S.SOL_IP) {
      if (name === S.IP_TOS) return socket.tos;
      if (name === S.IP_TTL) return socket.ttl < 0 ? 64 : socket.ttl;
      if (name === S.IP_MTU) return socket.connection?.path.mtu() ?? -Errno.ENOTCONN;
    }
    return -Errno.ENOPROTOOPT;
  }

  override ioctl(request: number): number {
    const { socket } = this;
    if (request !== S.SIOCINQ && request !== S.SIOCOUTQ && request !== S.SIOCOUTQNSD) return -Errno.EINVAL;
    if (socket.listener !== null) return -Errno.EINVAL;
    if (request === S.SIOCINQ) return socket.readable;
    return request === S.SIOCOUTQ ? socket.unacked : socket.unsent;
  }

  /** `tcp_poll` */
  override ready(): number {
    const { socket } = this;
    if (socket.listener !== null) return socket.isReadable ? S.POLLIN | S.POLLRDNORM : 0;
    const { connection } = socket;
    const closed = connection === null || socket.state === "UNCONN";
    const read = connection === null || (connection.shutdown & 1) !== 0 || connection.streamDone;
    const written = connection === null || (connection.shutdown & 2) !== 0;
    let bits = 0;
    if ((read && written) || closed) bits |= S.POLLHUP;
    if (read && connection !== null) bits |= S.POLLIN | S.POLLRDNORM | S.POLLRDHUP;
    if (socket.isReadable) bits |= S.POLLIN | S.POLLRDNORM;
    if (socket.isWritable) bits |= S.POLLOUT | S.POLLWRNORM;
    if (connection !== null && connection.error !== 0) bits |= S.POLLERR;
    return bits;
  }

  override info(): Variables {
    return infoVariables(this.socket.info());
  }

  override close(): void {
    this.socket.close();
  }
}

/** The other way round (`retrans_to_secs`). */
function secondsOf(count: number): number {
  let period = 0;
  for (let i = 0, timeout = 1; i < count; i++, timeout = Math.min(timeout * 2, 120)) period += timeout;
  return period;
}

/** SYN-ACKs that are sent again within so many seconds (`secs_to_retrans`): 1 s, doubling to 120 s. */
function retransmissionsWithin(seconds: number): number {
  if (seconds <= 0) return 0;
  let count = 1;
  for (let period = 1, timeout = 1; seconds > period && count < 255; count++) {
    timeout = Math.min(timeout * 2, 120);
    period += timeout;
  }
  return count;
}
