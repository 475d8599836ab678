/**
 * TIME-WAIT, and FIN-WAIT-2 of a connection that its application has closed: a light object in the place of the connection
 * (`inet_timewait_sock`), which answers old segments (RFC 9293 section 3.10.7.4, RFC 6191, RFC 1337).
 *
 * @module
 */
import { Timer } from "../../time/scheduler.ts";
import { ACK, FIN, RST, SYN } from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import { Endpoint, TIME_WAITER } from "./endpoint.ts";
import type { Incoming } from "./incoming.ts";
import { TIME_WAIT_NS } from "./closing.ts";
import type { ReceivedOptions } from "./options.ts";
import { after, before } from "./sequence.ts";
import { FIN_WAIT2, TIME_WAIT } from "./states.ts";
import type { Tcp } from "./tcp.ts";
import { receiveWindow } from "./window.ts";

/** What the protocol does about a segment. */
export const TW_NOTHING = 0;
export const TW_ACK = 1;
export const TW_RESET = 2;
/** A SYN that may open the connection anew. */
export const TW_SYN = 3;

class TimeWaitTimer extends Timer {
  constructor(readonly timeWait: TimeWait) {
    super(timeWaitOver);
  }
}

function timeWaitOver(this: Timer): void {
  const { timeWait } = this as TimeWaitTimer;
  timeWait.tcp.endTimeWait(timeWait);
}

export class TimeWait extends Endpoint {
  override readonly kind = TIME_WAITER;
  sndNxt = 0;
  rcvNxt = 0;
  rcvWnd = 0;
  rcvScale = 0;
  tsRecent = 0;
  tsRecentStamp = 0;
  tsOffset = 0;
  timestampsOk = false;
  tos = 0;
  ttl = -1;
  mark = 0;
  inode = 0;
  lastOutOfWindowAck = -1e12;
  /** Virtual ns at which it ends. */
  readonly timer: Timer;

  constructor(readonly tcp: Tcp, c: Connection, state: number) {
    super();
    this.state = state;
    this.version = c.version;
    this.local = c.local;
    this.remote = c.remote;
    this.localPort = c.localPort;
    this.remotePort = c.remotePort;
    this.localKey = c.localKey;
    this.remoteKey = c.remoteKey;
    this.portsKey = c.portsKey;
    this.hash = c.hash;
    this.boundIndex = c.boundIndex;
    this.reuseAddress = c.reuseAddress;
    this.reusePort = c.reusePort;
    this.v6Only = c.v6Only;
    this.sndNxt = c.sndNxt;
    this.rcvNxt = c.rcvNxt;
    this.rcvWnd = receiveWindow(c);
    this.rcvScale = c.rcvScale;
    this.tsRecent = c.tsRecent;
    this.tsRecentStamp = c.tsRecentStamp;
    this.tsOffset = c.tsOffset;
    this.timestampsOk = c.timestampsOk;
    this.tos = c.options.tos;
    this.ttl = c.options.ttl;
    this.mark = c.options.mark;
    this.inode = c.inode;
    this.timer = new TimeWaitTimer(this);
  }

  reschedule(ns: number): void {
    this.tcp.host.world.scheduler.after(this.timer, ns);
  }

  /** What to do about a segment (`tcp_timewait_state_process`). */
  receive(s: Incoming, options: ReceivedOptions): number {
    const old = this.timestampsOk && options.timestamps && this.tsRecent !== 0 &&
      ((this.tsRecent - options.value) | 0) > 0;
    return this.state === FIN_WAIT2 ? this.#finWait2(s, options, old) : this.#timeWait(s, options, old);
  }

  #finWait2(s: Incoming, options: ReceivedOptions, old: boolean): number {
    const end = (this.rcvNxt + this.rcvWnd) | 0;
    const inWindow = s.sequence === this.rcvNxt ||
      (after(s.end, this.rcvNxt) && before(s.sequence, end)) || (s.sequence === end && s.sequence === s.end);
    if (old || !inWindow) return this.#limited(s) ? TW_NOTHING : TW_ACK;
    if ((s.flags & RST) !== 0) return this.#kill();
    if ((s.flags & SYN) !== 0 && !before(s.sequence, this.rcvNxt)) return TW_RESET;
    if ((s.flags & ACK) === 0 || !after(s.end, this.rcvNxt) || s.end === s.sequence) return TW_NOTHING;
    if ((s.flags & FIN) === 0 || s.end !== ((this.rcvNxt + 1) | 0)) return TW_RESET;
    this.state = TIME_WAIT;
    this.rcvNxt = s.end;
    if (options.timestamps) this.tsRecent = options.value;
    this.reschedule(TIME_WAIT_NS);
    return TW_ACK;
  }

  #timeWait(s: Incoming, options: ReceivedOptions, old: boolean): number {
    if (!old && s.sequence === this.rcvNxt && (s.sequence === s.end || (s.flags & RST) !== 0)) {
      if ((s.flags & RST) !== 0) {
        if (this.tcp.sysctls.rfc1337 === 0) return this.#kill();
      } else this.reschedule(TIME_WAIT_NS);
      if (options.timestamps) this.tsRecent = options.value;
      return TW_NOTHING;
    }
    if (
      (s.flags & (SYN | RST | ACK)) === SYN && !old &&
      (after(s.sequence, this.rcvNxt) || (options.timestamps && ((this.tsRecent - options.value) | 0) < 0))
    ) return TW_SYN;
    if (old) this.tcp.ext.PAWSTimewait++;
    if ((s.flags & RST) !== 0) return TW_NOTHING;
    if (old || (s.flags & ACK) !== 0) this.reschedule(TIME_WAIT_NS);
    return this.#limited(s) ? TW_NOTHING : TW_ACK;
  }

  #kill(): number {
    this.tcp.endTimeWait(this);
    return TW_NOTHING;
  }

  #limited(s: Incoming): boolean {
    if (s.sequence !== s.end && (s.flags & SYN) === 0) return false;
    const now = this.tcp.now;
    if (now - this.lastOutOfWindowAck < this.tcp.sysctls.invalidRatelimit * 1000) {
      if (this.state === FIN_WAIT2) this.tcp.ext.TCPACKSkippedFinWait2++;
      else this.tcp.ext.TCPACKSkippedTimeWait++;
      return true;
    }
    this.lastOutOfWindowAck = now;
    return false;
  }
}
