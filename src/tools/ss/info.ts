/** `ss -i`: what TCP knows of a connection (`tcp_stats_print` in misc/ss.c). */
import type { TcpSocket } from "../../transport/tcp/socket.ts";

/** Up to six digits, as `%g`. */
function general(value: number): string {
  return String(Number(value.toPrecision(6)));
}

export function tcpInfoText(socket: TcpSocket, withOptions: boolean): string {
  const info = socket.info();
  const words: string[] = [];
  if (withOptions) {
    if ((info.options & 1) !== 0) words.push("ts");
    if ((info.options & 2) !== 0) words.push("sack");
    if ((info.options & 8) !== 0) words.push("ecn");
    if ((info.options & 16) !== 0) words.push("ecnseen");
  }
  words.push(socket.congestion);
  if (info.sndWscale !== 0 || info.rcvWscale !== 0) words.push(`wscale:${info.sndWscale},${info.rcvWscale}`);
  if (info.rto !== 0 && info.rto !== 3000000) words.push(`rto:${general(info.rto / 1000)}`);
  if (info.backoff !== 0) words.push(`backoff:${info.backoff}`);
  if (info.rtt !== 0) words.push(`rtt:${general(info.rtt / 1000)}/${general(info.rttvar / 1000)}`);
  if (info.ato !== 0) words.push(`ato:${general(info.ato / 1000)}`);
  if (info.sndMss !== 0) words.push(`mss:${info.sndMss}`);
  if (info.pmtu !== 0) words.push(`pmtu:${info.pmtu}`);
  if (info.rcvMss !== 0) words.push(`rcvmss:${info.rcvMss}`);
  if (info.advmss !== 0) words.push(`advmss:${info.advmss}`);
  if (info.sndCwnd !== 0) words.push(`cwnd:${info.sndCwnd}`);
  if (info.sndSsthresh < 0xffff) words.push(`ssthresh:${info.sndSsthresh}`);
  if (info.lastDataSent !== 0) words.push(`lastsnd:${info.lastDataSent}`);
  if (info.lastDataRecv !== 0) words.push(`lastrcv:${info.lastDataRecv}`);
  if (info.lastAckRecv !== 0) words.push(`lastack:${info.lastAckRecv}`);
  if (info.rtt !== 0 && info.sndMss !== 0 && info.sndCwnd !== 0) {
    words.splice(
      words.findIndex((word) => /^last/.test(word)) >>> 0,
      0,
      `send ${Math.round(info.sndCwnd * info.sndMss * 8e6 / info.rtt)}bps`,
    );
  }
  if (info.unacked !== 0) words.push(`unacked:${info.unacked}`);
  if (info.totalRetrans !== 0) words.push(`retrans:${info.retrans}/${info.totalRetrans}`);
  if (info.lost !== 0) words.push(`lost:${info.lost}`);
  if (info.sacked !== 0 && socket.state !== "LISTEN") words.push(`sacked:${info.sacked}`);
  if (info.reordering !== 3) words.push(`reordering:${info.reordering}`);
  if (info.rcvRtt !== 0) words.push(`rcv_rtt:${general(info.rcvRtt / 1000)}`);
  if (info.rcvSpace !== 0) words.push(`rcv_space:${info.rcvSpace}`);
  if (info.rcvSsthresh !== 0) words.push(`rcv_ssthresh:${info.rcvSsthresh}`);
  return words.join(" ");
}
