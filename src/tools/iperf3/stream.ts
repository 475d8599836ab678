/** One stream of a test: what it sends or receives, and what it counts of that by interval (iperf_tcp.c, iperf_udp.c). */
import type { TcpSocket } from "../../transport/tcp/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { Errno } from "../../wire/errno.ts";
import type { Settings } from "./settings.ts";

/** What TCP says of a sending stream at the end of an interval. */
export interface TcpState {
  /** Octets, octets, µs, µs, octets. */
  cwnd: number;
  window: number;
  rtt: number;
  rttvar: number;
  pmtu: number;
}

/** Times are virtual ns. */
export interface Interval {
  start: number;
  end: number;
  bytes: number;
  omitted: boolean;
  retransmits: number;
  tcp: TcpState | null;
  packets: number;
  lost: number;
  outOfOrder: number;
  /** Seconds. */
  jitter: number;
}

/** What the other side said of a stream. */
export interface RemoteResult {
  bytes: number;
  retransmits: number;
  jitter: number;
  errors: number;
  packets: number;
  startTime: number;
  endTime: number;
}

const HEADER = 12;
const HEADER64 = 16;
/** Datagrams are drained into this. */
const LARGEST_DATAGRAM = 65536;

export class Stream {
  id = 0;
  start = 0;
  end = 0;
  bytes = 0;
  omittedBytes = 0;
  intervalBytes = 0;
  /** Datagrams: the last number sent or received. */
  packets = 0;
  omittedPackets = 0;
  lost = 0;
  omittedLost = 0;
  outOfOrder = 0;
  omittedOutOfOrder = 0;
  jitter = 0;
  #transit: number | null = null;
  retransmits = 0;
  #retransmitsBefore = 0;
  /** Highest and lowest that were seen, and the sum of RTTs for their mean. */
  maxCwnd = 0;
  maxWindow = 0;
  maxRtt = 0;
  minRtt = 0;
  sumRtt = 0;
  countRtt = 0;
  readonly intervals: Interval[] = [];
  remote: RemoteResult | null = null;
  /** It has failed, or its peer has ended it. */
  over = false;
  readonly localText: string;
  readonly remoteText: string;
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  readonly #header: number;

  /** `descriptor` is the number that a file of this kind has on Linux: reports name streams by it. */
  constructor(
    readonly socket: TcpSocket | UdpSocket,
    readonly sender: boolean,
    readonly descriptor: number,
    settings: Settings,
    addresses: [local: string, remote: string],
  ) {
    [this.localText, this.remoteText] = addresses;
    this.#buffer = new Uint8Array(sender ? settings.length : Math.max(settings.length, LARGEST_DATAGRAM));
    this.#view = new DataView(this.#buffer.buffer);
    this.#header = settings.counters64 ? HEADER64 : HEADER;
    if (sender) { for (let i = 0; i < this.#buffer.length; i++) this.#buffer[i] = 0x30 + i % 10; }
  }

  get udp(): boolean {
    return this.socket instanceof UdpSocket;
  }

  /** One block: octets that were taken, or a negative errno. */
  send(now: number): number {
    if (!(this.socket instanceof UdpSocket)) return this.#sent(this.socket.write(this.#buffer));
    const number = this.packets + 1;
    this.#view.setUint32(0, Math.floor(now / 1e9));
    this.#view.setUint32(4, Math.floor(now % 1e9 / 1000));
    if (this.#header === HEADER64) {
      this.#view.setUint32(8, Math.floor(number / 2 ** 32));
      this.#view.setUint32(12, number >>> 0);
    } else this.#view.setUint32(8, number >>> 0);
    const count = this.socket.send(this.#buffer);
    if (count > 0) this.packets = number;
    return this.#sent(count);
  }

  #sent(count: number): number {
    if (count > 0) {
      this.bytes += count;
      this.intervalBytes += count;
    } else if (count < 0 && count !== -Errno.EAGAIN && count !== -Errno.ECONNREFUSED) this.over = true;
    return count;
  }

  /** Takes all that has come; called from within the stack. `counts`: the test runs. Octets. */
  drain(now: number, counts: boolean): number {
    let total = 0;
    for (;;) {
      const { socket } = this;
      const count = socket instanceof UdpSocket ? socket.receive(this.#buffer) : socket.read(this.#buffer);
      if (count <= 0) {
        if (count !== -Errno.EAGAIN && !(socket instanceof UdpSocket)) this.over = true;
        break;
      }
      if (!counts) continue;
      if (socket instanceof UdpSocket) this.#datagram(now, count);
      total += count;
    }
    this.bytes += total;
    this.intervalBytes += total;
    return total;
  }

  /** Losses by the numbers, and RFC 1889's jitter (`iperf_udp_recv`). */
  #datagram(now: number, length: number): void {
    if (length < this.#header) return;
    const view = this.#view;
    const number = this.#header === HEADER64 ? view.getUint32(8) * 2 ** 32 + view.getUint32(12) : view.getUint32(8);
    if (number > this.packets) {
      this.lost += number - 1 - this.packets;
      this.packets = number;
    } else {
      this.outOfOrder++;
      if (this.lost > 0) this.lost--;
    }
    const transit = Math.floor(now / 1000) / 1e6 - (view.getUint32(0) + view.getUint32(4) / 1e6);
    if (this.#transit === null) this.#transit = transit;
    this.jitter += (Math.abs(transit - this.#transit) - this.jitter) / 16;
    this.#transit = transit;
  }

  /** What was counted until now counts no more (`iperf_reset_stats`). */
  omit(now: number): void {
    this.start = now;
    this.omittedBytes = this.bytes;
    this.intervalBytes = 0;
    this.omittedPackets = this.packets;
    this.omittedLost = this.lost;
    this.omittedOutOfOrder = this.outOfOrder;
    this.jitter = 0;
    this.retransmits = 0;
    this.#retransmitsBefore = this.#totalRetransmits();
  }

  #totalRetransmits(): number {
    return this.socket instanceof UdpSocket ? 0 : this.socket.info().totalRetrans;
  }

  /** Ends an interval (`iperf_stats_callback`). */
  endInterval(now: number, omitted: boolean): void {
    const last = this.intervals.at(-1);
    const sum = (of: (one: Interval) => number): number =>
      this.intervals.reduce((all, one) => all + (one.omitted && !omitted ? 0 : of(one)), 0);
    this.end = now;
    const interval: Interval = {
      start: last === undefined || last.end < this.start ? this.start : last.end,
      end: now,
      bytes: this.intervalBytes,
      omitted,
      retransmits: 0,
      tcp: null,
      packets: this.packets - this.omittedPackets - sum((one) => one.packets),
      lost: this.lost - this.omittedLost - sum((one) => one.lost),
      outOfOrder: this.outOfOrder - this.omittedOutOfOrder - sum((one) => one.outOfOrder),
      jitter: this.jitter,
    };
    if (this.sender && !(this.socket instanceof UdpSocket)) this.#measure(interval, this.socket);
    this.intervals.push(interval);
    this.intervalBytes = 0;
  }

  #measure(interval: Interval, socket: TcpSocket): void {
    const info = socket.info();
    interval.retransmits = info.totalRetrans - this.#retransmitsBefore;
    this.#retransmitsBefore = info.totalRetrans;
    this.retransmits += interval.retransmits;
    interval.tcp = {
      cwnd: info.sndCwnd * info.sndMss,
      window: info.sndWnd,
      rtt: info.rtt,
      rttvar: info.rttvar,
      pmtu: info.pmtu,
    };
    this.maxCwnd = Math.max(this.maxCwnd, interval.tcp.cwnd);
    this.maxWindow = Math.max(this.maxWindow, interval.tcp.window);
    if (interval.omitted) return;
    this.maxRtt = Math.max(this.maxRtt, info.rtt);
    this.minRtt = this.countRtt === 0 ? info.rtt : Math.min(this.minRtt, info.rtt);
    this.sumRtt += info.rtt;
    this.countRtt++;
  }
}
