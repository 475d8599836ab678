/**
 * The connection (RFC 9293's transmission control block; Linux's `tcp_sock` and `inet_connection_sock`): what the mechanisms of
 * this folder read and write. Each group of fields belongs to the mechanism that is named above it. Sequence numbers are signed
 * 32-bit integers, times are µs of virtual time unless a name says otherwise, sizes are octets, windows of segments are counts.
 *
 * @module
 */
import type { IpHost, Path } from "../../ip/host.ts";
import type { TcpCounters, TcpExtCounters } from "../../ip/mib.ts";
import type { Timer } from "../../time/scheduler.ts";
import type { Packet } from "../../wire/packet.ts";
import type { CongestionControl } from "./congestion.ts";
import { CONNECTION, Endpoint } from "./endpoint.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import { SegmentQueue } from "./segment_queue.ts";
import type { TcpSysctls } from "./sysctls.ts";
import { CLOSE } from "./states.ts";

/** What a connection needs of the protocol of its namespace; `Tcp` is it. */
export interface TcpProtocol {
  readonly host: IpHost;
  readonly sysctls: TcpSysctls;
  readonly counters: TcpCounters;
  readonly ext: TcpExtCounters;
  /** Virtual time in µs. */
  readonly now: number;
  /** A timer of a connection is due. */
  retransmitTimer(connection: Connection): void;
  delayedAckTimer(connection: Connection): void;
  keepaliveTimer(connection: Connection): void;
  /** The connection is over: it leaves the tables; what it holds is released when its socket has gone. */
  done(connection: Connection): void;
  /** The connection is replaced by a light object that waits (`tcp_time_wait`); `state` is TIME_WAIT or FIN_WAIT2. */
  timeWait(connection: Connection, state: number, ns: number): void;
}

/** What a connection tells its owner: the socket that holds it. */
export interface ConnectionOwner {
  becameReadable(): void;
  becameWritable(): void;
  failed(): void;
}

/** Events that wait until the segment at hand has been dealt with, and then go to the owner. */
export const WAKE_READABLE = 1;
export const WAKE_WRITABLE = 2;
export const WAKE_ERROR = 4;

/** The congestion states of `tcp_ca_state`. */
export const CA_OPEN = 0;
export const CA_DISORDER = 1;
export const CA_CWR = 2;
export const CA_RECOVERY = 3;
export const CA_LOSS = 4;

/** What the retransmission timer is armed for (`ICSK_TIME_*`). */
export const TIMER_NONE = 0;
export const TIMER_RETRANSMIT = 1;
export const TIMER_PROBE0 = 3;
export const TIMER_LOSS_PROBE = 5;
export const TIMER_REORDER = 6;

/** `ack.pending` */
export const ACK_SCHEDULED = 1;
export const ACK_TIMER = 2;
export const ACK_PUSHED = 4;
export const ACK_PUSHED2 = 8;
export const ACK_NOW = 16;

/** `nonagle` */
export const NAGLE_OFF = 1;
export const NAGLE_CORK = 2;
export const NAGLE_PUSH = 4;

/** `ecn` */
export const ECN_OK = 1;
export const ECN_QUEUE_CWR = 2;
export const ECN_DEMAND_CWR = 4;
export const ECN_SEEN = 8;

export const SHUTDOWN_READ = 1;
export const SHUTDOWN_WRITE = 2;

/** No RTT has been measured. */
export const NO_RTT = 0xffffffff;
export const INFINITE_SSTHRESH = 0x7fffffff;

export class Connection extends Endpoint {
  override readonly kind = CONNECTION;
  owner: ConnectionOwner | null = null;
  /** Closed by its application: it lives on by itself until it ends (`SOCK_DEAD`). */
  orphan = false;
  /** In the tables. */
  hashed = false;
  /** WAKE_*. */
  wake = 0;
  /** Positive errno (SO_ERROR), and the one that is told only when the connection ends (`sk_err_soft`). */
  error = 0;
  softError = 0;
  /** SHUTDOWN_*. */
  shutdown = 0;
  /** The end of the stream has come or the connection is over (`SOCK_DONE`). */
  streamDone = false;
  /** Links of the accept queue. */
  acceptNext: Connection | null = null;
  /** Index in the list of a namespace's connections, for `ss`. */
  inode = 0;

  // Send sequence space (RFC 9293 section 3.3.1)
  iss = 0;
  sndUna = 0;
  sndNxt = 0;
  sndWnd = 0;
  sndWl1 = 0;
  maxWindow = 0;
  writeSeq = 0;
  pushedSeq = 0;
  /** End of the last segment smaller than the MSS (Minshall's `snd_sml`). */
  sndSml = 0;
  sndScale = 0;

  // Receive sequence space
  irs = 0;
  rcvNxt = 0;
  rcvWup = 0;
  rcvWnd = 0;
  rcvScale = 0;
  /** What the application has read. */
  copiedSeq = 0;
  /** Window that is offered at most for now, and ever (`rcv_ssthresh`, `window_clamp`). */
  rcvSsthresh = 0;
  windowClamp = 0;
  urgSeq = 0;
  /** Payload's share of what packets cost, in 256ths (`scaling_ratio`). */
  scalingRatio = 128;

  // Sizes
  /** The MSS of segments sent, of what the peer takes, and of what we offer (`mss_cache`, `mss_clamp`, `advmss`). */
  mss = 536;
  mssClamp = 536;
  advertisedMss = 536;
  /** The path MTU that `mss` was made from (`icsk_pmtu_cookie`). */
  pmtu = 0;
  /** Octets of the header with timestamps, without SACK. */
  headerLength = 20;
  gsoSegments = 0;

  // Buffers
  receiveBuffer = 0;
  sendBuffer = 0;
  receiveQueued = 0;
  sendQueued = 0;
  /** The application wanted to write more (`SOCK_NOSPACE`). */
  wantsSpace = false;
  readonly queue: SegmentQueue = new SegmentQueue();
  /** Data in order, then data beyond holes, as packets linked by `next`; `control` and `control2` are their sequence numbers. */
  received: Packet | null = null;
  receivedLast: Packet | null = null;
  outOfOrder: Packet | null = null;
  outOfOrderLast: Packet | null = null;

  // Options agreed
  timestampsOk = false;
  sackOk = false;
  windowScaleOk = false;
  dsackSeen = false;
  tsRecent = 0;
  /** Seconds; 0 while no timestamp has been taken. */
  tsRecentStamp = 0;
  tsOffset = 0;
  /** ECR of the segment at hand. */
  rcvTsEcr = 0;
  rcvTsVal = 0;
  sawTimestamp = false;
  ecn = 0;
  /** SACK blocks to send: edges in turn, made when first needed; the D-SACK block goes before them. */
  sacks: Int32Array | null = null;
  sackCount = 0;
  dsackStart = 0;
  dsackEnd = 0;
  hasDsack = false;

  // Acknowledging (acknowledgement.ts)
  ackPending = 0;
  quick = 0;
  pingpong = 0;
  /** µs; 0 until data has come. */
  ato = 0;
  lastReceived = 0;
  rcvMss = 536;
  lastSegmentLength = 0;
  ackDeadline = 0;
  lastOutOfWindowAck = -1e12;
  compressedAcks = 0;

  // Round-trip time (rtt.ts)
  /** Eighths of µs, quarters of µs, as Linux scales them. */
  srtt = 0;
  mdev = 0;
  mdevMax = 0;
  rttvar = 0;
  rttSeq = 0;
  rto = 1000000;
  backoff = 0;
  minRtt = NO_RTT;
  minRttAt = 0;
  rcvRttUs = 0;
  rcvRttSeq = 0;
  rcvRttTime = 0;
  rcvRttEcho = 0;
  rcvqSpace = 0;
  rcvqSeq = 0;
  rcvqTime = 0;

  // Congestion (congestion.ts, recovery.ts)
  congestion: CongestionControl;
  /** The state of the algorithm chosen: its own. */
  congestionState: unknown = null;
  caState = CA_OPEN;
  cwnd = 10;
  cwndCount = 0;
  ssthresh = INFINITE_SSTHRESH;
  cwndLimited = false;
  cwndUsageSeq = 0;
  maxPacketsOut = 0;
  cwndUsed = 0;
  cwndStamp = 0;
  priorCwnd = 0;
  priorSsthresh = 0;
  prrDelivered = 0;
  prrOut = 0;
  highSeq = 0;
  undoMarker = 0;
  /** Retransmissions that a D-SACK may show to have been in vain; -1 none. */
  undoRetransmits = 0;
  retransmitStamp = 0;
  packetsOut = 0;
  sackedOut = 0;
  lostOut = 0;
  retransmitOut = 0;
  reordering = 3;
  reorderSeen = 0;
  delivered = 0;
  deliveredCe = 0;
  frto = false;
  noCheckLost = false;
  pacingRate = 0;
  lostTotal = 0;
  lastSent = 0;
  /** Highest SACKed sequence number. */
  highestSack = 0;
  hasHighestSack = false;
  retransmitHigh = 0;

  // RACK-TLP (rack.ts)
  rackTime = 0;
  rackRtt = 0;
  rackEnd = 0;
  rackAdvanced = false;
  rackDsackSeen = false;
  rackReorderSteps = 1;
  rackReorderPersist = 0;
  rackLastDelivered = 0;
  tlpHighSeq = 0;
  tlpRetransmitted = false;

  // Timers (timers.ts)
  timer: Timer | null = null;
  timerFor = TIMER_NONE;
  timerDeadline = 0;
  ackTimer: Timer | null = null;
  keepTimer: Timer | null = null;
  keepDeadline = 0;
  retransmits = 0;
  /** Consecutive time-outs (`total_rto`), and when the first of them was. */
  totalRto = 0;
  probesOut = 0;
  probesStamp = 0;
  /** Probes of an idle connection that have not been answered. */
  keepProbes = 0;
  lastAckReceived = 0;
  /** FIN-WAIT-2 of an orphan waits in the keepalive timer. */
  orphanDeadline = 0;

  // What tcp_info tells beside
  bytesSent = 0;
  bytesAcked = 0;
  bytesReceived = 0;
  bytesRetransmitted = 0;
  segmentsIn = 0;
  segmentsOut = 0;
  dataSegmentsIn = 0;
  dataSegmentsOut = 0;
  totalRetransmits = 0;
  dsackDups = 0;
  outOfOrderPackets = 0;

  constructor(
    readonly tcp: TcpProtocol,
    readonly path: Path,
    public options: ConnectionOptions,
    congestion: CongestionControl,
  ) {
    super();
    this.congestion = congestion;
    this.state = CLOSE;
  }
}

/** Segments that are on the wire as far as one knows (RFC 6675's pipe; `tcp_packets_in_flight`). */
export function inFlight(c: Connection): number {
  return c.packetsOut - c.sackedOut - c.lostOut + c.retransmitOut;
}

/** The right edge of the peer's window. */
export function windowEnd(c: Connection): number {
  return (c.sndUna + c.sndWnd) | 0;
}

export function inSlowStart(c: Connection): boolean {
  return c.cwnd < c.ssthresh;
}

/** Tells the owner what happened since; it may call back into the connection. */
export function wakeOwner(c: Connection): void {
  const wake = c.wake;
  c.wake = 0;
  const owner = c.owner;
  if (owner === null) return;
  if ((wake & WAKE_ERROR) !== 0) owner.failed();
  if ((wake & WAKE_READABLE) !== 0) owner.becameReadable();
  if ((wake & WAKE_WRITABLE) !== 0) owner.becameWritable();
}
