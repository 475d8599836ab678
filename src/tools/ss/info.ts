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
  const count = (name: string, value: number): void => {
    if (value !== 0) words.push(`${name}:${value}`);
  };
  count("bytes_sent", info.bytesSent);
  count("bytes_retrans", info.bytesRetrans);
  count("bytes_acked", info.bytesAcked);
  count("bytes_received", info.bytesReceived);
  count("segs_out", info.segsOut);
  count("segs_in", info.segsIn);
  count("data_segs_out", info.dataSegsOut);
  count("data_segs_in", info.dataSegsIn);
  if (info.rtt !== 0 && info.sndMss !== 0 && info.sndCwnd !== 0) {
    words.push(`send ${Math.round(info.sndCwnd * info.sndMss * 8e6 / info.rtt)}bps`);
  }
  count("lastsnd", info.lastDataSent);
  count("lastrcv", info.lastDataRecv);
  count("lastack", info.lastAckRecv);
  if (info.pacingRate !== 0) words.push(`pacing_rate ${info.pacingRate * 8}bps`);
  count("delivered", info.delivered);
  count("delivered_ce", info.deliveredCe);
  const listens = socket.state === "LISTEN";
  if (!listens) count("unacked", info.unacked);
  if (info.retrans !== 0 || info.totalRetrans !== 0) words.push(`retrans:${info.retrans}/${info.totalRetrans}`);
  count("lost", info.lost);
  if (!listens) count("sacked", info.sacked);
  count("dsack_dups", info.dsackDups);
  if (info.reordering !== 3) words.push(`reordering:${info.reordering}`);
  count("reord_seen", info.reordSeen);
  if (info.rcvRtt !== 0) words.push(`rcv_rtt:${general(info.rcvRtt / 1000)}`);
  count("rcv_space", info.rcvSpace);
  count("rcv_ssthresh", info.rcvSsthresh);
  count("notsent", info.notsentBytes);
  if (info.minRtt !== 0) words.push(`minrtt:${general(info.minRtt / 1000)}`);
  count("rcv_ooopack", info.rcvOoopack);
  count("snd_wnd", info.sndWnd);
  return words.join(" ");
}
