/** The options of a TCP socket: what setsockopt and getsockopt are about. */
import { Errno } from "../../wire/errno.ts";
import { IN6ADDR_ANY } from "../../wire/ipv6.ts";
import { Socket } from "../socket.ts";
import { enterPingpong } from "./acknowledgement.ts";
import { ACK_SCHEDULED, type Connection } from "./connection.ts";
import { ConnectionOptions } from "./connection_options.ts";
import { congestionControls } from "./congestion_controls.ts";
import { type TcpInfo, tcpInfo } from "./info.ts";
import type { Listener } from "./listen.ts";
import { DEFAULT_MSS } from "./mss.ts";
import { pushQueued } from "./output.ts";
import { isWriteable } from "./send_buffer.ts";
import { CAN_SEND, CLOSE, isOneOf, SYN_SENT } from "./states.ts";
import { quickAckState } from "./stream.ts";
import type { Tcp } from "./tcp.ts";
import { restartKeepalive } from "./timer_events.ts";
import { armKeepTimer, disarmKeepTimer } from "./timers.ts";
import { sendAck } from "./transmit.ts";

const DEFAULTS = new ConnectionOptions();

export abstract class TcpSocketOptions extends Socket {
  readonly tcp: Tcp;
  protected held: Connection | null = null;
  protected listening: Listener | null = null;
  /** Shared with others until this socket sets one itself. */
  protected optionSet: ConnectionOptions = DEFAULTS;

  constructor(tcp: Tcp, family: 4 | 6) {
    super(tcp.host, family, family === 4 ? 0 : IN6ADDR_ANY);
    this.tcp = tcp;
    this.inode = tcp.nextInode();
    this.receiveBuffer = tcp.sysctls.rmem[1];
    this.sendBuffer = tcp.sysctls.wmem[1];
  }

  protected ownOptions(): ConnectionOptions {
    let options = this.optionSet;
    if (options.mark === this.mark && options.tos === this.tos && options.ttl === this.ttl) return options;
    options = this.optionSet = options.clone();
    options.mark = this.mark;
    options.tos = this.tos;
    options.ttl = this.ttl;
    return options;
  }

  /** Sets options of this socket alone: those of an accepted connection are its listener's until then. */
  protected change(set: (options: ConnectionOptions) => void): void {
    this.optionSet = this.optionSet.clone();
    set(this.optionSet);
    if (this.held !== null) this.held.options = this.optionSet;
    if (this.listening !== null) this.listening.options = this.optionSet;
  }

  get options(): Readonly<ConnectionOptions> {
    return this.optionSet;
  }

  get noDelay(): boolean {
    return this.optionSet.noDelay;
  }

  /** TCP_NODELAY; what waits is sent. */
  set noDelay(on: boolean) {
    this.change((options) => options.noDelay = on);
    const c = this.held;
    if (on && c !== null && isOneOf(c.state, CAN_SEND)) pushQueued(c);
  }

  get cork(): boolean {
    return this.optionSet.cork;
  }

  /** TCP_CORK; taken off, what waits is sent. */
  set cork(on: boolean) {
    this.change((options) => options.cork = on);
    const c = this.held;
    if (!on && c !== null && isOneOf(c.state, CAN_SEND)) pushQueued(c);
  }

  get keepAlive(): boolean {
    return this.optionSet.keepAlive;
  }

  /** SO_KEEPALIVE. */
  set keepAlive(on: boolean) {
    const was = this.optionSet.keepAlive;
    this.change((options) => options.keepAlive = on);
    const c = this.held;
    if (c === null || on === was) return;
    if (on) {
      if (!isOneOf(c.state, (1 << CLOSE) | (1 << SYN_SENT))) {
        armKeepTimer(c, this.optionSet.keepIdleUs(this.tcp.sysctls));
      }
    } else disarmKeepTimer(c);
  }

  /** TCP_KEEPIDLE, seconds; 0 takes the sysctl's. */
  set keepIdle(seconds: number) {
    this.change((options) => options.keepIdle = seconds);
    const c = this.held;
    if (c !== null && this.optionSet.keepAlive) restartKeepalive(c);
  }

  get keepIdle(): number {
    return this.optionSet.keepIdle || this.tcp.sysctls.keepaliveTime;
  }

  /** TCP_KEEPINTVL, seconds. */
  set keepInterval(seconds: number) {
    this.change((options) => options.keepInterval = seconds);
  }

  get keepInterval(): number {
    return this.optionSet.keepInterval || this.tcp.sysctls.keepaliveInterval;
  }

  /** TCP_KEEPCNT. */
  set keepCount(count: number) {
    this.change((options) => options.keepCount = count);
  }

  get keepCount(): number {
    return this.optionSet.keepCount || this.tcp.sysctls.keepaliveProbes;
  }

  /** SO_LINGER in seconds; null is off. 0 resets on close. */
  set linger(seconds: number | null) {
    this.change((options) => options.linger = seconds ?? -1);
  }

  get linger(): number | null {
    return this.optionSet.linger < 0 ? null : this.optionSet.linger;
  }

  /** TCP_LINGER2, seconds; negative: no FIN-WAIT-2. */
  set linger2(seconds: number) {
    this.change((options) => options.linger2 = seconds);
  }

  /** TCP_USER_TIMEOUT in ms; 0 is off. */
  set userTimeout(ms: number) {
    this.change((options) => options.userTimeout = ms);
  }

  get userTimeout(): number {
    return this.optionSet.userTimeout;
  }

  /** TCP_SYNCNT. */
  set synCount(count: number) {
    this.change((options) => options.synCount = count);
  }

  /** TCP_DEFER_ACCEPT in retransmissions of the SYN-ACK. */
  set deferAccept(count: number) {
    this.change((options) => options.deferAccept = count);
  }

  /** TCP_MAXSEG: bounds what is offered and sent. */
  set maxSegment(mss: number) {
    this.change((options) => options.maxSegment = mss);
  }

  get maxSegment(): number {
    return this.held?.mss ?? (this.optionSet.maxSegment || DEFAULT_MSS);
  }

  /** TCP_WINDOW_CLAMP. */
  set windowClamp(octets: number) {
    this.change((options) => options.windowClamp = octets);
    const c = this.held;
    if (c !== null && octets > 0) c.windowClamp = Math.max(2304, octets);
  }

  /** TCP_NOTSENT_LOWAT. */
  set notSentLowat(octets: number) {
    this.change((options) => options.notSentLowat = octets);
  }

  /** SO_RCVLOWAT. */
  set receiveLowat(octets: number) {
    this.change((options) => options.receiveLowat = Math.max(1, octets));
  }

  get receiveLowat(): number {
    return this.optionSet.receiveLowat;
  }

  /** SO_RCVBUF: twice `octets` (`rmem_max` at the most) is set, at least 2304, and tuning ends. */
  setReceiveBuffer(octets: number): void {
    const size = Math.max(Math.min(octets, this.tcp.rmemMax) * 2, 2304);
    this.change((options) => options.receiveBuffer = size);
    this.receiveBuffer = size;
    if (this.held !== null) this.held.receiveBuffer = size;
  }

  /** SO_SNDBUF: twice `octets` (`wmem_max` at the most) is set, at least 4608, and tuning ends. */
  setSendBuffer(octets: number): void {
    const size = Math.max(Math.min(octets, this.tcp.wmemMax) * 2, 4608);
    this.change((options) => options.sendBuffer = size);
    this.sendBuffer = size;
    if (this.held !== null) {
      this.held.sendBuffer = size;
      if (this.held.wantsSpace && isWriteable(this.held)) this.onWritable?.();
    }
  }

  /** TCP_QUICKACK. */
  set quickAck(on: boolean) {
    const c = this.held;
    if (c === null) return;
    if (!on) {
      enterPingpong(c);
      return;
    }
    c.pingpong = 0;
    if (isOneOf(c.state, CAN_SEND) && (c.ackPending & ACK_SCHEDULED) !== 0) sendAck(c);
  }

  get quickAck(): boolean {
    return this.held === null || quickAckState(this.held);
  }

  /** TCP_CONGESTION: 0 or -ENOENT. */
  setCongestion(name: string): number {
    const control = congestionControls.get(name);
    if (control === undefined) return -Errno.ENOENT;
    this.change((options) => options.congestion = name);
    const c = this.held;
    if (c !== null && c.congestion !== control) {
      c.congestion = control;
      c.congestionState = null;
      control.init(c);
    }
    return 0;
  }

  get congestion(): string {
    return this.held?.congestion.name ?? (this.optionSet.congestion || this.tcp.sysctls.congestionControl);
  }

  /** IP_MTU_DISCOVER. */
  setPmtuDiscover(mode: "dont" | "want" | "do" | "probe"): void {
    this.change((options) => options.pmtuDiscover = mode);
    if (this.held !== null) this.held.path.pmtuDiscover = mode;
  }

  /** TCP_INFO. */
  info(): TcpInfo {
    return tcpInfo(this.held, this.listening);
  }
}
