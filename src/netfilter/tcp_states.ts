/** The states of a tracked TCP connection, seen from between its ends (`nf_conntrack_proto_tcp.c`). */
import { ACK, FIN, RST, SYN } from "../wire/tcp.ts";

export const TCP_NONE = 0;
export const TCP_SYN_SENT = 1;
export const TCP_SYN_RECV = 2;
export const TCP_ESTABLISHED = 3;
export const TCP_FIN_WAIT = 4;
export const TCP_CLOSE_WAIT = 5;
export const TCP_LAST_ACK = 6;
export const TCP_TIME_WAIT = 7;
export const TCP_CLOSE = 8;
export const TCP_SYN_SENT2 = 9;
/** The packet means nothing to the state: it passes. */
export const TCP_IGNORE = 10;
export const TCP_INVALID = 11;

export const TCP_STATE_NAMES: readonly string[] = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
];

const NO = TCP_NONE, SS = TCP_SYN_SENT, SR = TCP_SYN_RECV, ES = TCP_ESTABLISHED, FW = TCP_FIN_WAIT, CW = TCP_CLOSE_WAIT;
const LA = TCP_LAST_ACK, TW = TCP_TIME_WAIT, CL = TCP_CLOSE, S2 = TCP_SYN_SENT2, IG = TCP_IGNORE, IV = TCP_INVALID;

export const TCP_SYN_SET = 0;
export const TCP_SYNACK_SET = 1;
export const TCP_FIN_SET = 2;
export const TCP_ACK_SET = 3;
export const TCP_RST_SET = 4;
const TCP_NONE_SET = 5;

/** By kind of segment, then by state NO SS SR ES FW CW LA TW CL S2. */
const ORIGINAL: readonly (readonly number[])[] = [
  [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2],
  [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR],
  [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
  [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV],
  [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
  [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
];

const REPLY: readonly (readonly number[])[] = [
  [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2],
  [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR],
  [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
  [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG],
  [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
  [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
];

/** `get_conntrack_index` */
export function segmentKind(flags: number): number {
  if ((flags & RST) !== 0) return TCP_RST_SET;
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? TCP_SYNACK_SET : TCP_SYN_SET;
  if ((flags & FIN) !== 0) return TCP_FIN_SET;
  if ((flags & ACK) !== 0) return TCP_ACK_SET;
  return TCP_NONE_SET;
}

export function nextTcpState(reply: boolean, kind: number, state: number): number {
  return (reply ? REPLY : ORIGINAL)[kind][state] ?? NO;
}
