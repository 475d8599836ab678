/**
 * What setsockopt sets on a TCP socket. Sockets share an object until they set something themselves: an accepted connection its
 * listener's, new sockets that of the defaults.
 */
import type { TcpSysctls } from "./sysctls.ts";

export class ConnectionOptions {
  /** TCP_NODELAY, TCP_CORK. */
  noDelay = false;
  cork = false;
  /** SO_KEEPALIVE; TCP_KEEPIDLE and TCP_KEEPINTVL in seconds, TCP_KEEPCNT; 0 takes the sysctl's. */
  keepAlive = false;
  keepIdle = 0;
  keepInterval = 0;
  keepCount = 0;
  /** SO_LINGER in seconds; -1 is off. */
  linger = -1;
  /** TCP_LINGER2 in seconds; 0 takes tcp_fin_timeout, negative: no FIN-WAIT-2 at all. */
  linger2 = 0;
  /** TCP_USER_TIMEOUT in ms; 0 is off. */
  userTimeout = 0;
  /** TCP_SYNCNT; 0 takes tcp_syn_retries. */
  synCount = 0;
  /** TCP_DEFER_ACCEPT in retransmissions. */
  deferAccept = 0;
  /** TCP_MAXSEG; 0 when not set. */
  maxSegment = 0;
  /** TCP_WINDOW_CLAMP; 0 when not set. */
  windowClamp = 0;
  /** SO_RCVLOWAT. */
  receiveLowat = 1;
  /** TCP_NOTSENT_LOWAT; 0 takes the sysctl's. */
  notSentLowat = 0;
  /** SO_RCVBUF and SO_SNDBUF as doubled; 0: autotuned. */
  receiveBuffer = 0;
  sendBuffer = 0;
  /** TCP_CONGESTION; "" takes the sysctl's. */
  congestion = "";
  /** IP_TOS or IPV6_TCLASS, IP_TTL, SO_MARK. */
  tos = 0;
  ttl = -1;
  mark = 0;
  /** IP_MTU_DISCOVER. */
  pmtuDiscover: "dont" | "want" | "do" | "probe" = "want";

  clone(): ConnectionOptions {
    return Object.assign(new ConnectionOptions(), this);
  }

  keepIdleUs(sysctls: TcpSysctls): number {
    return (this.keepIdle || sysctls.keepaliveTime) * 1e6;
  }

  keepIntervalUs(sysctls: TcpSysctls): number {
    return (this.keepInterval || sysctls.keepaliveInterval) * 1e6;
  }

  keepProbes(sysctls: TcpSysctls): number {
    return this.keepCount || sysctls.keepaliveProbes;
  }
}
