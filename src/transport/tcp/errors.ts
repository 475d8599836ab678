/** ICMP errors that reach a connection (RFC 5461, RFC 5927; `tcp_v4_err`, `tcp_v6_err`): most are remembered, few end it. */
import { Errno } from "../../wire/errno.ts";
import { type Connection, WAKE_ERROR, WAKE_READABLE, WAKE_WRITABLE } from "./connection.ts";
import { syncMss } from "./mss.ts";
import { retransmitLost } from "./retransmit.ts";
import { markLost } from "./rack.ts";
import { between } from "./sequence.ts";
import { isOneOf, LISTEN, SYN_RECV, SYN_SENT } from "./states.ts";

const ERRNO4 = [
  Errno.ENETUNREACH,
  Errno.EHOSTUNREACH,
  Errno.ENOPROTOOPT,
  Errno.ECONNREFUSED,
  Errno.EMSGSIZE,
  Errno.EOPNOTSUPP,
  Errno.ENETUNREACH,
  Errno.EHOSTDOWN,
  64, // ENONET
  Errno.ENETUNREACH,
  Errno.EHOSTUNREACH,
  Errno.ENETUNREACH,
  Errno.EHOSTUNREACH,
  Errno.EHOSTUNREACH,
  Errno.EHOSTUNREACH,
  Errno.EHOSTUNREACH,
];
const ERRNO6 = [
  Errno.ENETUNREACH,
  Errno.EACCES,
  Errno.EHOSTUNREACH,
  Errno.EHOSTUNREACH,
  Errno.ECONNREFUSED,
  Errno.EACCES,
  Errno.EACCES,
];

function errnoOf(six: boolean, type: number, code: number): number {
  if (six) {
    if (type === 1) return ERRNO6[code] ?? Errno.EPROTO;
    return type === 3 ? Errno.EHOSTUNREACH : Errno.EPROTO;
  }
  if (type === 3) return ERRNO4[code] ?? 0;
  return type === 12 ? Errno.EPROTO : type === 11 ? Errno.EHOSTUNREACH : 0;
}

/** An error about a segment with this sequence number. */
export function connectionError(
  c: Connection,
  sequence: number,
  six: boolean,
  type: number,
  code: number,
  info: number,
): void {
  if (!between(sequence, c.sndUna, c.sndNxt)) {
    c.tcp.ext.OutOfWindowIcmps++;
    return;
  }
  if (six ? type === 2 : type === 3 && code === 4) {
    if (c.state !== LISTEN) shrinkMtu(c, info);
    return;
  }
  if (type === 5 || type === 137) return; // redirects are the IP layer's
  const errno = errnoOf(six, type, code);
  if (errno === 0) return;
  if (isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV))) {
    c.error = errno;
    c.wake |= WAKE_ERROR | WAKE_READABLE | WAKE_WRITABLE;
    c.tcp.done(c);
    return;
  }
  c.softError = errno;
}

/** The path takes less (RFC 1191, RFC 8201): what is too large is sent again in smaller segments (`tcp_v4_mtu_reduced`). */
function shrinkMtu(c: Connection, info: number): void {
  if (c.path.refresh() < 0) return;
  const mtu = Math.min(c.path.mtu(), info > 0 ? Math.max(info, 68) : c.pmtu);
  if (mtu >= c.pmtu) return;
  syncMss(c, c.path.mtu());
  const mss = c.mss;
  for (let s = c.queue.first; s !== null && s !== c.queue.unsent; s = s.next) {
    if (Math.ceil(s.length / s.count) > mss) markLost(c, s);
  }
  if (c.lostOut === 0) return;
  // Not congestion: the window stays (`tcp_simple_retransmit`).
  c.highSeq = c.sndNxt;
  c.ssthresh = Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
  c.priorSsthresh = 0;
  c.undoMarker = 0;
  c.caState = 4;
  retransmitLost(c);
}
