/**
 * Listening (RFC 9293 section 3.10.7.2): SYNs become requests, which are light; the third packet of the handshake makes a
 * connection of one and puts it into the accept queue (Linux's `tcp_conn_request`, `tcp_check_req`).
 *
 * @module
 */
import type { Path } from "../../ip/host.ts";
import { Timer } from "../../time/scheduler.ts";
import { get16 } from "../../wire/octets.ts";
import type { Packet } from "../../wire/packet.ts";
import { ACK, CWR, ECE, RST, SYN, TCP_HEADER } from "../../wire/tcp.ts";
import { measureHandshake } from "./ack.ts";
import { pathBack, sendRequestAck } from "./answers.ts";
import type { Binding } from "./binding.ts";
import { Connection, ECN_OK, WAKE_READABLE } from "./connection.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import { Endpoint, REQUEST, setKeys } from "./endpoint.ts";
import { advertisedMss, guessReceiveMss, initBuffers, initTransfer } from "./establish.ts";
import { ANSWER_RESET, HANDLED, type Incoming } from "./incoming.ts";
import {
  type ReceivedOptions,
  type SynOffer,
  synOptionsLength,
  TIMESTAMPS_LENGTH,
  writeSynOptions,
} from "./options.ts";
import { leaveChecksum, writeHeader } from "./transmit.ts";
import { defaultMss, pathMss, updatePacingRate } from "./mss.ts";
import { after, before } from "./sequence.ts";
import { ESTABLISHED, NEW_SYN_RECV } from "./states.ts";
import { armKeepTimer, wheelDelay } from "./timers.ts";
import type { Tcp } from "./tcp.ts";
import { initialWindow } from "./window.ts";

/** What a listening socket tells its owner. */
export interface ListenerOwner {
  becameReadable(): void;
}

export class Listener {
  /** Connections that wait for accept, oldest first, linked by `acceptNext`. */
  first: Connection | null = null;
  last: Connection | null = null;
  acceptLength = 0;
  /** Half-open connections. */
  requests = 0;
  /** Virtual µs at which cookies were sent last. */
  overflowed = -1e12;
  closed = false;

  constructor(
    readonly tcp: Tcp,
    readonly binding: Binding,
    public owner: ListenerOwner,
    public options: ConnectionOptions,
    public backlog: number,
  ) {}

  /** `sk_acceptq_is_full` */
  get full(): boolean {
    return this.acceptLength > this.backlog;
  }

  push(c: Connection): void {
    c.acceptNext = null;
    if (this.last === null) this.first = c;
    else this.last.acceptNext = c;
    this.last = c;
    this.acceptLength++;
  }

  shift(): Connection | null {
    const c = this.first;
    if (c === null) return null;
    this.first = c.acceptNext;
    if (this.first === null) this.last = null;
    c.acceptNext = null;
    this.acceptLength--;
    return c;
  }
}

class RequestTimer extends Timer {
  constructor(readonly request: Request) {
    super(requestDue);
  }
}

function requestDue(this: Timer): void {
  timeout((this as RequestTimer).request);
}

/** A half-open connection (`tcp_request_sock`). */
export class Request extends Endpoint {
  override readonly kind = REQUEST;
  rcvIsn = 0;
  sntIsn = 0;
  mss = 536;
  advertisedMss = 536;
  rcvWnd = 0;
  windowClamp = 0;
  rcvScale = 0;
  sndScale = -1;
  timestampsOk = false;
  sackOk = false;
  ecnOk = false;
  tsRecent = 0;
  tsOffset = 0;
  timeouts = 0;
  retransmits = 0;
  /** The third packet came, but the accept queue was full. */
  acked = false;
  sentAt = 0;
  lastOutOfWindowAck = -1e12;
  cookie = false;
  readonly timer: Timer;

  constructor(readonly listener: Listener, readonly path: Path) {
    super();
    this.state = NEW_SYN_RECV;
    this.timer = new RequestTimer(this);
  }
}

const offer: SynOffer = { mss: 0, timestamps: false, value: 0, echo: 0, scale: -1, sack: false };

/** Answers a SYN for a listener. `isn` is given when it reopens a connection in TIME-WAIT. */
export function receiveSyn(
  listener: Listener,
  packet: Packet,
  s: Incoming,
  options: ReceivedOptions,
  isn: number | null,
): void {
  const tcp = listener.tcp;
  const ext = tcp.ext;
  let cookie = false;
  if (isn === null && listener.requests > listener.backlog && tcp.sysctls.syncookies !== 2) {
    if (tcp.sysctls.syncookies === 0) {
      ext.TCPReqQFullDrop++;
      ext.ListenDrops++;
      return;
    }
    cookie = true;
  } else if (tcp.sysctls.syncookies === 2) cookie = true;
  if (cookie) ext.TCPReqQFullDoCookies++;
  if (listener.full) {
    ext.ListenOverflows++;
    ext.ListenDrops++;
    return;
  }
  const request = makeRequest(listener, packet, s, options);
  if (request === null) {
    ext.ListenDrops++;
    return;
  }
  const most = tcp.sysctls.maxSynBacklog;
  if (!cookie && isn === null && tcp.sysctls.syncookies === 0 && most - listener.requests < most >> 2) {
    ext.ListenDrops++;
    return;
  }
  if (cookie) {
    request.cookie = true;
    request.sntIsn = tcp.cookies.make(request);
    if (!request.timestampsOk) {
      request.sackOk = request.ecnOk = false;
      request.sndScale = -1;
      request.rcvScale = 0;
    }
    listener.overflowed = tcp.now;
    ext.SyncookiesSent++;
    sendSynAck(request);
    return;
  }
  request.sntIsn = isn ?? tcp.initialSequence(request);
  tcp.connections.insert(request);
  listener.requests++;
  request.sentAt = tcp.now;
  armRequest(request);
  sendSynAck(request);
}

/** What a SYN offers and we grant; null when there is no way back. */
export function makeRequest(
  listener: Listener,
  packet: Packet,
  s: Incoming,
  options: ReceivedOptions,
): Request | null {
  const tcp = listener.tcp, sysctls = tcp.sysctls;
  const path = pathBack(tcp, packet, listener.options);
  if (path.refresh() < 0) return null;
  const request = new Request(listener, path);
  request.version = path.version;
  request.local = path.source;
  request.remote = path.destination;
  request.localPort = listener.binding.localPort;
  request.remotePort = get16(packet.bytes, packet.transport);
  request.boundIndex = listener.binding.boundIndex;
  setKeys(request);
  request.rcvIsn = s.sequence;
  request.timestampsOk = options.timestamps && sysctls.timestamps !== 0;
  request.tsRecent = options.timestamps ? options.value : 0;
  request.tsOffset = tcp.timestampOffset(request);
  request.sackOk = options.sackPermitted && sysctls.sack !== 0;
  request.sndScale = options.windowScale && sysctls.windowScaling !== 0 ? options.scale : -1;
  const bound = listener.options.maxSegment;
  request.mss = Math.max(options.mss || defaultMss(path.version), 48);
  if (bound !== 0 && bound < request.mss) request.mss = bound;
  // RFC 3168 section 6.1.1: an ECN-setup SYN, on a path that is not ECN-marked itself.
  request.ecnOk = (s.flags & (ECE | CWR)) === (ECE | CWR) && sysctls.ecn !== 0 && s.ecn === 0;
  grantWindow(request);
  return request;
}

/** `tcp_openreq_init_rwin` */
export function grantWindow(request: Request): void {
  const { listener, path } = request;
  const sysctls = listener.tcp.sysctls, metrics = path.metrics;
  let mss = pathMss(path);
  const bound = listener.options.maxSegment;
  if (bound !== 0 && bound < mss) mss = bound;
  request.advertisedMss = mss;
  const buffer = listener.options.receiveBuffer || sysctls.rmem[1];
  const full = buffer >> 1;
  let clamp = listener.options.windowClamp || (metrics?.window ?? 0);
  if (listener.options.receiveBuffer !== 0 && (clamp > full || clamp === 0)) clamp = full;
  const first = initialWindow(
    full,
    mss - (request.timestampsOk ? TIMESTAMPS_LENGTH : 0),
    clamp,
    request.sndScale >= 0,
    sysctls.rmem[2],
    metrics?.initrwnd ?? 0,
  );
  request.rcvWnd = first.window;
  request.windowClamp = first.clamp;
  request.rcvScale = first.scale;
}

function sendSynAck(request: Request): void {
  const { listener, path } = request;
  const tcp = listener.tcp;
  const packet = tcp.host.world.packets.allocate(0);
  offer.mss = request.advertisedMss;
  offer.timestamps = request.timestampsOk;
  offer.value = (Math.floor(tcp.now / 1000) + request.tsOffset) | 0;
  if (request.cookie && request.timestampsOk) offer.value = tcp.cookies.timestamp(request, offer.value);
  offer.echo = request.tsRecent;
  offer.scale = request.sndScale >= 0 ? request.rcvScale : -1;
  offer.sack = request.sackOk;
  const size = TCP_HEADER + synOptionsLength(offer);
  const flags = SYN | ACK | (request.ecnOk ? ECE : 0);
  const window = Math.min(request.rcvWnd, 65535);
  const at = writeHeader(
    packet,
    request.localPort,
    request.remotePort,
    request.sntIsn,
    (request.rcvIsn + 1) | 0,
    flags,
    window,
    size,
  );
  writeSynOptions(packet.bytes, at + TCP_HEADER, offer);
  path.refresh();
  leaveChecksum(packet, path.pseudoSum(6, size));
  packet.mark = listener.options.mark;
  tcp.counters.OutSegs++;
  path.send(packet, 6);
}

/** The SYN-ACK was not answered (`reqsk_timer_handler`). */
function timeout(request: Request): void {
  const { listener } = request;
  const tcp = listener.tcp;
  if (request.timeouts >= (listener.options.synCount || tcp.sysctls.synackRetries)) {
    dropRequest(request);
    return;
  }
  // A peer whose ACK we have is not asked again while its connection has no place (TCP_DEFER_ACCEPT).
  if (!(request.acked && listener.options.deferAccept > request.timeouts + 1)) {
    sendSynAck(request);
    request.retransmits++;
    tcp.counters.RetransSegs++;
    tcp.ext.TCPSynRetrans++;
  }
  request.timeouts++;
  armRequest(request);
}

/** The wait doubles from a second on (`tcp_reqsk_timeout`). */
function armRequest(request: Request): void {
  const tcp = request.listener.tcp;
  const wait = Math.min(1e6 * 2 ** request.timeouts, tcp.sysctls.rtoMaxMs * 1000);
  tcp.host.world.scheduler.after(request.timer, wheelDelay(wait) * 1000);
}

export function dropRequest(request: Request): void {
  const tcp = request.listener.tcp;
  tcp.host.world.scheduler.cancel(request.timer);
  if (tcp.connections.remove(request)) request.listener.requests--;
}

/** A segment for a half-open connection: the connection that it completes, or what to do (`tcp_check_req`). */
export function checkRequest(
  request: Request,
  s: Incoming,
  options: ReceivedOptions,
): Connection | number {
  const { listener } = request;
  const tcp = listener.tcp;
  const rcvNxt = (request.rcvIsn + 1) | 0;
  const old = request.timestampsOk && options.timestamps && request.tsRecent !== 0 &&
    ((request.tsRecent - options.value) | 0) > 0;
  if (s.sequence === request.rcvIsn && (s.flags & (SYN | RST | ACK)) === SYN && !old) {
    if (limited(request)) {
      tcp.ext.TCPACKSkippedSynRecv++;
      return HANDLED;
    }
    sendSynAck(request);
    request.retransmits++;
    tcp.counters.RetransSegs++;
    tcp.ext.TCPSynRetrans++;
    armRequest(request);
    return HANDLED;
  }
  if ((s.flags & ACK) !== 0 && s.ack !== ((request.sntIsn + 1) | 0)) {
    return (s.flags & RST) !== 0 ? HANDLED : ANSWER_RESET;
  }
  const window = (rcvNxt + Math.min(request.rcvWnd, 65535)) | 0;
  const inWindow = s.sequence === rcvNxt || (after(s.end, rcvNxt) && before(s.sequence, window)) ||
    (s.sequence === window && s.sequence === s.end);
  if (old || !inWindow) {
    if ((s.flags & RST) === 0 && !limited(request)) sendRequestAck(request, rcvNxt);
    if (old) tcp.ext.PAWSEstab++;
    return HANDLED;
  }
  if (options.timestamps && !after(s.sequence, rcvNxt)) request.tsRecent = options.value;
  const flags = s.sequence === request.rcvIsn ? s.flags & ~SYN : s.flags;
  if ((flags & (RST | SYN)) !== 0) {
    tcp.counters.AttemptFails++;
    return embryonicReset(request, s);
  }
  if ((flags & ACK) === 0) return HANDLED;
  if (request.timeouts < listener.options.deferAccept && s.end === rcvNxt) {
    request.acked = true;
    tcp.ext.TCPDeferAcceptDrop++;
    return HANDLED;
  }
  if (listener.full) {
    tcp.ext.ListenOverflows++;
    tcp.ext.ListenDrops++;
    if (tcp.sysctls.abortOnOverflow === 0) {
      request.acked = true;
      return HANDLED;
    }
    return embryonicReset(request, s);
  }
  dropRequest(request);
  return openConnection(request, s);
}

function embryonicReset(request: Request, s: Incoming): number {
  request.listener.tcp.ext.EmbryonicRsts++;
  dropRequest(request);
  return (s.flags & RST) !== 0 ? HANDLED : ANSWER_RESET;
}

function limited(request: Request): boolean {
  const tcp = request.listener.tcp;
  if (tcp.now - request.lastOutOfWindowAck < tcp.sysctls.invalidRatelimit * 1000) return true;
  request.lastOutOfWindowAck = tcp.now;
  return false;
}

/** Makes the connection that a request has become (`tcp_create_openreq_child`), and queues it for accept. */
export function openConnection(request: Request, s: Incoming): Connection {
  const { listener } = request;
  const tcp = listener.tcp;
  const options = listener.options;
  const c = new Connection(tcp, request.path, options, tcp.congestionFor(options, request.path));
  c.version = request.version;
  c.local = request.local;
  c.remote = request.remote;
  c.localPort = request.localPort;
  c.remotePort = request.remotePort;
  c.localKey = request.localKey;
  c.remoteKey = request.remoteKey;
  c.portsKey = request.portsKey;
  c.hash = request.hash;
  c.boundIndex = request.boundIndex;
  c.reuseAddress = listener.binding.reuseAddress;
  c.reusePort = listener.binding.reusePort;
  c.v6Only = listener.binding.v6Only;
  c.inode = tcp.nextInode();
  initBuffers(c);
  c.iss = request.sntIsn;
  c.sndUna =
    c.sndNxt =
    c.writeSeq =
    c.pushedSeq =
    c.sndSml =
      (request.sntIsn + 1) | 0;
  c.irs = request.rcvIsn;
  c.rcvNxt = c.rcvWup = c.copiedSeq = (request.rcvIsn + 1) | 0;
  c.rcvWnd = c.rcvSsthresh = request.rcvWnd;
  c.windowClamp = request.windowClamp;
  c.windowScaleOk = request.sndScale >= 0;
  if (c.windowScaleOk) {
    c.sndScale = request.sndScale;
    c.rcvScale = request.rcvScale;
  } else c.windowClamp = Math.min(c.windowClamp, 65535);
  c.timestampsOk = request.timestampsOk;
  c.tsOffset = request.tsOffset;
  if (c.timestampsOk) {
    c.headerLength = TCP_HEADER + TIMESTAMPS_LENGTH;
    c.tsRecent = request.tsRecent;
    c.tsRecentStamp = 1 + Math.floor(tcp.now / 1e6);
  }
  c.sackOk = request.sackOk;
  if (request.ecnOk) c.ecn = ECN_OK;
  c.mssClamp = request.mss;
  c.advertisedMss = advertisedMss(c);
  c.sndWnd = s.window << c.sndScale;
  c.maxWindow = c.sndWnd;
  c.sndWl1 = s.sequence;
  c.pmtu = c.path.mtu();
  tcp.addConnection(c);
  // The ACK: the first sample of the RTT, and the state.
  c.state = ESTABLISHED;
  tcp.counters.PassiveOpens++;
  tcp.counters.CurrEstab++;
  c.delivered++;
  c.lastReceived = c.lastAckReceived = tcp.now;
  tcp.ext.TCPDelivered++;
  if (request.retransmits === 0 && !request.cookie) measureHandshake(c, tcp.now - request.sentAt);
  initTransfer(c);
  if (c.timestampsOk) c.advertisedMss -= TIMESTAMPS_LENGTH;
  updatePacingRate(c);
  guessReceiveMss(c);
  if (options.keepAlive) armKeepTimer(c, options.keepIdleUs(tcp.sysctls));
  listener.push(c);
  c.wake |= WAKE_READABLE;
  return c;
}
