/** How large segments may be: from the path MTU, the peer's offer and the window (`tcp_sync_mss`, `tcp_xmit_size_goal`). */
import type { Path } from "../../ip/host.ts";
import type { Connection } from "./connection.ts";
import { TCP_HEADER } from "../../wire/tcp.ts";

/** The MSS of an IPv4 peer that offers none, and a first guess of much else (RFC 9293 section 3.7.1). */
export const DEFAULT_MSS = 536;

/** The MSS of a peer that offers none. */
export function defaultMss(version: 4 | 6): number {
  return version === 4 ? DEFAULT_MSS : 1220;
}
/** The largest packet that TCP makes, less the headers (`sk_gso_max_size`). */
const GSO_MAX_SIZE = 65536 - 320 - 1;
const GSO_MAX_SEGMENTS = 65535;

/** The MSS that goes with an MTU, options left out (`__tcp_mtu_to_mss`). */
function mtuToMss(c: Connection, mtu: number): number {
  return Math.max(Math.min(mtu - c.path.headerLength - TCP_HEADER, c.mssClamp), c.tcp.sysctls.minSndMss);
}

/** Half of the largest window that the peer has offered bounds a segment, unless it is tiny (`tcp_bound_to_half_wnd`). */
function boundToHalfWindow(c: Connection, size: number): number {
  const bound = c.maxWindow > DEFAULT_MSS ? c.maxWindow >> 1 : c.maxWindow;
  if (bound > 0 && size > bound) return Math.max(bound, 68 - c.headerLength);
  return size;
}

/** The MSS to offer on a path: the route's `advmss`, or what the MTU holds (`ipv4_default_advmss`, `ip6_default_advmss`). */
export function pathMss(path: Path): number {
  const set = path.metrics?.advmss ?? 0;
  if (set !== 0) return Math.min(set, 65535);
  const header = path.headerLength + TCP_HEADER;
  const mss = Math.max(path.mtu() - header, path.version === 4 ? 256 : 1220);
  if (path.version === 4) return Math.min(mss, 65535 - header);
  return mss > 65535 - TCP_HEADER ? 65535 : mss;
}

/** Takes a path MTU over; the MSS that it gives. */
export function syncMss(c: Connection, mtu: number): number {
  c.pmtu = mtu;
  c.mss = boundToHalfWindow(c, mtuToMss(c, mtu) - (c.headerLength - TCP_HEADER));
  return c.mss;
}

/** Octets of the SACK option that the next segment will carry. */
export function sackLength(c: Connection): number {
  const blocks = c.sackCount + (c.hasDsack ? 1 : 0);
  if (blocks === 0) return 0;
  const room = c.timestampsOk ? 3 : 4;
  return 4 + 8 * (blocks > room ? room : blocks);
}

/** The MSS for now: the path may have changed, and SACK blocks take room (`tcp_current_mss`). */
export function currentMss(c: Connection): number {
  let mss = c.mss;
  if (c.path.refresh() === 0) {
    const mtu = c.path.mtu();
    if (mtu !== c.pmtu) mss = syncMss(c, mtu);
  }
  return mss - sackLength(c);
}

/** How large a segment of the queue may grow before it is sent: a multiple of the MSS that lower layers take whole. */
export function sizeGoal(c: Connection, mss: number): number {
  const goal = boundToHalfWindow(c, GSO_MAX_SIZE);
  let size = c.gsoSegments * mss;
  if (goal < size || goal >= size + mss) {
    c.gsoSegments = Math.min(Math.max(Math.floor(goal / mss), 1), GSO_MAX_SEGMENTS);
    size = c.gsoSegments * mss;
  }
  return Math.max(size, mss);
}

/** The largest packet worth making at this rate, in segments: a millisecond's worth, more on short paths (`tcp_tso_autosize`). */
export function autosize(c: Connection, mss: number): number {
  let size = c.pacingRate / 1024;
  const shift = c.minRtt / (1 << c.tcp.sysctls.tsoRttLog);
  if (shift < 32) size += GSO_MAX_SIZE >> shift;
  if (size > GSO_MAX_SIZE) size = GSO_MAX_SIZE;
  // A packet is 64 KB at the most, whatever the least number of segments.
  const most = Math.max(Math.floor(GSO_MAX_SIZE / mss), 1);
  return Math.min(Math.max(Math.floor(size / mss), c.tcp.sysctls.minTsoSegs), most);
}

/** Octets per second at which the window would be sent (`tcp_update_pacing_rate`). */
export function updatePacingRate(c: Connection): void {
  const ratio = c.cwnd < c.ssthresh / 2 ? c.tcp.sysctls.pacingSsRatio : c.tcp.sysctls.pacingCaRatio;
  const rate = c.mss * 80000 * ratio * Math.max(c.cwnd, c.packetsOut);
  c.pacingRate = c.srtt !== 0 ? rate / c.srtt : rate;
}
