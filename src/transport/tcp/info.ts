/** TCP_INFO: `struct tcp_info` by its fields' names, in camel case. */
import { CA_OPEN, type Connection, ECN_OK, ECN_SEEN, INFINITE_SSTHRESH, NO_RTT } from "./connection.ts";
import type { Listener } from "./listen.ts";
import { CLOSE, LISTEN } from "./states.ts";

/** Times in µs (`last…` in ms), sizes in octets, windows of congestion in segments. */
export interface TcpInfo {
  /** Linux's number of the state. */
  state: number;
  caState: number;
  retransmits: number;
  probes: number;
  backoff: number;
  /** TCPI_OPT_*: 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 16 ECN seen. */
  options: number;
  sndWscale: number;
  rcvWscale: number;
  rto: number;
  ato: number;
  sndMss: number;
  rcvMss: number;
  /** Of a listener: connections that wait for accept; sacked: the backlog. */
  unacked: number;
  sacked: number;
  lost: number;
  retrans: number;
  lastDataSent: number;
  lastDataRecv: number;
  lastAckRecv: number;
  pmtu: number;
  rcvSsthresh: number;
  rtt: number;
  rttvar: number;
  sndSsthresh: number;
  sndCwnd: number;
  advmss: number;
  reordering: number;
  rcvRtt: number;
  rcvSpace: number;
  totalRetrans: number;
  /** Octets per second. */
  pacingRate: number;
  bytesAcked: number;
  bytesReceived: number;
  bytesSent: number;
  bytesRetrans: number;
  segsOut: number;
  segsIn: number;
  dataSegsIn: number;
  dataSegsOut: number;
  notsentBytes: number;
  minRtt: number;
  delivered: number;
  deliveredCe: number;
  dsackDups: number;
  reordSeen: number;
  rcvOoopack: number;
  sndWnd: number;
  rcvWnd: number;
  totalRto: number;
}

export function tcpInfo(c: Connection | null, listener: Listener | null): TcpInfo {
  const now = c?.tcp.now ?? 0;
  const ms = (at: number) => Math.floor((now - at) / 1000);
  return {
    state: listener !== null ? LISTEN : c?.state ?? CLOSE,
    caState: c?.caState ?? CA_OPEN,
    retransmits: c?.retransmits ?? 0,
    probes: c?.probesOut ?? 0,
    backoff: c?.backoff ?? 0,
    options: c === null
      ? 0
      : (c.timestampsOk ? 1 : 0) | (c.sackOk ? 2 : 0) | (c.windowScaleOk ? 4 : 0) | ((c.ecn & ECN_OK) !== 0 ? 8 : 0) |
        ((c.ecn & ECN_SEEN) !== 0 ? 16 : 0),
    sndWscale: c?.sndScale ?? 0,
    rcvWscale: c?.rcvScale ?? 0,
    rto: c?.rto ?? 0,
    ato: c?.ato ?? 0,
    sndMss: c?.mss ?? 0,
    rcvMss: c?.rcvMss ?? 0,
    unacked: listener !== null ? listener.acceptLength : c?.packetsOut ?? 0,
    sacked: listener !== null ? listener.backlog : c?.sackedOut ?? 0,
    lost: c?.lostOut ?? 0,
    retrans: c?.retransmitOut ?? 0,
    lastDataSent: c === null ? 0 : ms(c.lastSent),
    lastDataRecv: c === null ? 0 : ms(c.lastReceived),
    lastAckRecv: c === null ? 0 : ms(c.lastAckReceived),
    pmtu: c?.pmtu ?? 0,
    rcvSsthresh: c?.rcvSsthresh ?? 0,
    rtt: c === null ? 0 : c.srtt >> 3,
    rttvar: c === null ? 0 : c.mdev >> 2,
    sndSsthresh: c?.ssthresh ?? INFINITE_SSTHRESH,
    sndCwnd: c?.cwnd ?? 10,
    advmss: c?.advertisedMss ?? 0,
    reordering: c?.reordering ?? 3,
    rcvRtt: c === null ? 0 : c.rcvRttUs >> 3,
    rcvSpace: c?.rcvqSpace ?? 0,
    totalRetrans: c?.totalRetransmits ?? 0,
    pacingRate: c === null ? 0 : Math.floor(c.pacingRate),
    bytesAcked: c?.bytesAcked ?? 0,
    bytesReceived: c?.bytesReceived ?? 0,
    bytesSent: c?.bytesSent ?? 0,
    bytesRetrans: c?.bytesRetransmitted ?? 0,
    segsOut: c?.segmentsOut ?? 0,
    segsIn: c?.segmentsIn ?? 0,
    dataSegsIn: c?.dataSegmentsIn ?? 0,
    dataSegsOut: c?.dataSegmentsOut ?? 0,
    notsentBytes: c === null ? 0 : Math.max((c.writeSeq - c.sndNxt) | 0, 0),
    minRtt: c === null || c.minRtt === NO_RTT ? 0 : c.minRtt,
    delivered: c?.delivered ?? 0,
    deliveredCe: c?.deliveredCe ?? 0,
    dsackDups: c?.dsackDups ?? 0,
    reordSeen: c?.reorderSeen ?? 0,
    rcvOoopack: c?.outOfOrderPackets ?? 0,
    sndWnd: c?.sndWnd ?? 0,
    rcvWnd: c?.rcvWnd ?? 0,
    totalRto: c?.totalRto ?? 0,
  };
}
