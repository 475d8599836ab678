/** What a connection needs when it becomes one: buffers, first windows, sizes (`tcp_init_transfer`). */
import { type Connection, INFINITE_SSTHRESH } from "./connection.ts";
import { initialCwnd } from "./cwnd_validation.ts";
import { DEFAULT_MSS, pathMss, syncMss, updatePacingRate } from "./mss.ts";
import { FALLBACK_RTO } from "./rtt.ts";
import { fullSpace, initialWindow } from "./window.ts";

/** The send buffer for twice the window, counted in what segments cost (`tcp_sndbuf_expand`). */
export function expandSendBuffer(c: Connection): void {
  const size = Math.max(c.mssClamp, c.mss) + 320 + 320;
  const perSegment = (1 << (32 - Math.clz32(size - 1))) + 256;
  const segments = Math.max(10, c.cwnd, c.reordering + 1);
  const wanted = 2 * segments * perSegment;
  if (c.sendBuffer < wanted) c.sendBuffer = Math.min(wanted, c.tcp.sysctls.wmem[2]);
}

/** Buffers begin at the sysctls' middle values unless the application set them. */
export function initBuffers(c: Connection): void {
  c.receiveBuffer = c.options.receiveBuffer || c.tcp.sysctls.rmem[1];
  c.sendBuffer = c.options.sendBuffer || c.tcp.sysctls.wmem[1];
}

/** The MSS that we offer: the route's `advmss`, or what the interface's MTU holds; TCP_MAXSEG bounds it. */
export function advertisedMss(c: Connection): number {
  const mss = pathMss(c.path);
  const bound = c.options.maxSegment;
  return bound !== 0 && bound < mss ? bound : mss;
}

/** The window of our SYN, with `header` octets of options in later segments. */
export function offerWindow(c: Connection, header: number): void {
  const locked = c.options.receiveBuffer !== 0;
  const full = fullSpace(c);
  let clamp = c.options.windowClamp || (c.path.metrics?.window ?? 0);
  if (locked && (clamp > full || clamp === 0)) clamp = full;
  const sysctls = c.tcp.sysctls;
  const first = initialWindow(
    full,
    c.advertisedMss - header,
    clamp,
    sysctls.windowScaling !== 0,
    sysctls.rmem[2],
    c.path.metrics?.initrwnd ?? 0,
  );
  c.windowClamp = first.clamp;
  c.rcvWnd = first.window;
  c.rcvScale = first.scale;
  c.rcvSsthresh = first.window;
}

/** A first guess of the peer's segment size (`tcp_initialize_rcv_mss`). */
export function guessReceiveMss(c: Connection): void {
  const hint = Math.min(c.advertisedMss, c.mss, c.rcvWnd >> 1, DEFAULT_MSS);
  c.rcvMss = Math.max(hint, 88);
}

/** The handshake is done. */
export function initTransfer(c: Connection): void {
  c.path.refresh();
  c.pmtu = c.path.mtu();
  syncMss(c, c.pmtu);
  const metrics = c.path.metrics;
  if (metrics !== null && metrics.ssthresh) c.ssthresh = metrics.ssthresh;
  else if (c.ssthresh === 0) c.ssthresh = INFINITE_SSTHRESH;
  if (metrics !== null && metrics.reordering) c.reordering = metrics.reordering;
  else c.reordering = c.tcp.sysctls.reordering;
  if (c.srtt === 0) {
    // RFC 6298 section 5.7: the handshake gave no sample
    c.rttvar =
      c.mdev =
      c.mdevMax =
      c.rto =
        FALLBACK_RTO;
  }
  c.cwnd = c.totalRetransmits > 1 && c.undoMarker !== 0 ? 1 : initialCwnd(c);
  c.cwndStamp = c.lastSent = c.tcp.now;
  c.congestion.init(c);
  initBufferSpace(c);
  updatePacingRate(c);
}

/** `tcp_init_buffer_space` */
function initBufferSpace(c: Connection): void {
  if (c.options.sendBuffer === 0) expandSendBuffer(c);
  c.rcvqTime = c.tcp.now;
  c.rcvqSeq = c.copiedSeq;
  const full = fullSpace(c);
  const mss = c.advertisedMss;
  const app = c.tcp.sysctls.appWin;
  if (c.windowClamp >= full) {
    c.windowClamp = full;
    if (app !== 0 && full > 4 * mss) c.windowClamp = Math.max(full - (app >= 31 ? 0 : full >> app), 4 * mss);
  }
  if (app !== 0 && c.windowClamp > 2 * mss && c.windowClamp + mss > full) {
    c.windowClamp = Math.max(2 * mss, full - mss);
  }
  c.rcvSsthresh = Math.min(c.rcvSsthresh, c.windowClamp);
  c.rcvqSpace = Math.min(c.rcvSsthresh, c.rcvWnd, 10 * mss);
}
