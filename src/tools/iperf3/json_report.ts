/** A report as JSON: the members that iperf3 gives, in its order. */
import { type Json, Members } from "./cjson.ts";
import { groups, rowOf, type Side, sides, sumSides } from "./lines.ts";
import type { Settings } from "./settings.ts";
import type { Stream, TcpState } from "./stream.ts";
import type { IperfTest } from "./test.ts";

/** One stream's interval, or the sum of several. Times in seconds since the test's start. */
export interface IntervalRow {
  start: number;
  end: number;
  seconds: number;
  bytes: number;
  omitted: boolean;
  sender: boolean;
  udp: boolean;
  retransmits: number;
  tcp: TcpState | null;
  packets: number;
  lost: number;
  /** Seconds. */
  jitter: number;
}

export function sumRow(rows: readonly IntervalRow[]): IntervalRow {
  const sum = (of: (row: IntervalRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
  return {
    ...rows[0],
    bytes: sum((row) => row.bytes),
    retransmits: sum((row) => row.retransmits),
    tcp: null,
    packets: sum((row) => row.packets),
    lost: sum((row) => row.lost),
    jitter: sum((row) => row.jitter) / rows.length,
  };
}

export function testStartJson(s: Settings): Members {
  return new Members().add("protocol", s.udp ? "UDP" : "TCP").add("num_streams", s.parallel).add("blksize", s.length)
    .add("omit", s.omit).add("duration", s.duration).add("bytes", s.bytes).add("blocks", s.blocks)
    .add("reverse", s.reverse ? 1 : 0).add("tos", s.tos).add("target_bitrate", s.rate);
}

function rate(bytes: number, seconds: number): number {
  return seconds > 0 ? bytes * 8 / seconds : 0;
}

/** `start`, `end`, `seconds`, `bytes`, `bits_per_second`. */
function amounts(into: Members, start: number, end: number, seconds: number, bytes: number, bits: number): Members {
  return into.add("start", start).add("end", end).add("seconds", seconds).add("bytes", bytes)
    .add("bits_per_second", bits);
}

function loss(into: Members, jitter: number, lost: number, packets: number): Members {
  return into.add("jitter_ms", jitter * 1000).add("lost_packets", lost).add("packets", packets)
    .add("lost_percent", packets > 0 ? 100 * lost / packets : 0);
}

function rowJson(into: Members, row: IntervalRow): Members {
  amounts(into, row.start, row.end, row.seconds, row.bytes, rate(row.bytes, row.seconds));
  if (row.udp) {
    if (row.sender) into.add("packets", row.packets);
    else loss(into, row.jitter, row.lost, row.packets);
  } else if (row.sender) {
    into.add("retransmits", row.retransmits);
    if (row.tcp !== null) {
      into.add("snd_cwnd", row.tcp.cwnd).add("snd_wnd", row.tcp.window).add("rtt", row.tcp.rtt)
        .add("rttvar", row.tcp.rttvar).add("pmtu", row.tcp.pmtu);
    }
  }
  return into.add("omitted", row.omitted).add("sender", row.sender);
}

export function intervalJson(test: IperfTest): Members {
  const streams: Json[] = [];
  const sums: Members[] = [];
  for (const group of groups(test)) {
    const rows = group.streams.map((one) => rowOf(one, one.intervals.at(-1)!));
    rows.forEach((row, index) =>
      streams.push(rowJson(new Members().add("socket", group.streams[index].descriptor), row))
    );
    sums.push(rowJson(new Members(), sumRow(rows)));
  }
  const interval = new Members().add("streams", streams).add("sum", sums[0]);
  if (sums.length > 1) interval.add("sum_bidir_reverse", sums[1]);
  return interval;
}

function udpStream(stream: Stream, sender: boolean): Members {
  const both = sides(stream);
  const side = both.sender;
  const into = new Members().add("socket", stream.descriptor);
  amounts(into, 0, side.seconds, side.seconds, side.bytes, rate(side.bytes, side.seconds));
  const { receiver } = both;
  const packets = sender ? side.packets : receiver.packets;
  loss(into, receiver.jitter, receiver.lost, packets);
  into.add("out_of_order", stream.outOfOrder - stream.omittedOutOfOrder).add("sender", sender);
  return new Members().add("udp", into);
}

function tcpStream(stream: Stream, sender: boolean): Members {
  const both = sides(stream);
  const sent = new Members().add("socket", stream.descriptor);
  amounts(
    sent,
    0,
    both.sender.seconds,
    both.sender.seconds,
    both.sender.bytes,
    rate(both.sender.bytes, both.sender.seconds),
  );
  if (both.sender.retransmits >= 0) {
    sent.add("retransmits", both.sender.retransmits).add("max_snd_cwnd", stream.maxCwnd)
      .add("max_snd_wnd", stream.maxWindow).add("max_rtt", stream.maxRtt).add("min_rtt", stream.minRtt)
      .add("mean_rtt", stream.countRtt > 0 ? Math.floor(stream.sumRtt / stream.countRtt) : 0);
  }
  sent.add("sender", sender);
  const { receiver } = both;
  const received = new Members().add("socket", stream.descriptor);
  amounts(received, 0, receiver.seconds, both.sender.seconds, receiver.bytes, rate(receiver.bytes, receiver.seconds));
  received.add("sender", sender);
  return new Members().add("sender", sent).add("receiver", received);
}

function sumJson(side: Side, udp: boolean, sender: boolean, retransmits: boolean): Members {
  const into = amounts(new Members(), 0, side.seconds, side.seconds, side.bytes, rate(side.bytes, side.seconds));
  if (udp) loss(into, side.jitter, side.lost, side.packets);
  else if (retransmits) into.add("retransmits", side.retransmits);
  return into.add("sender", sender);
}

export function resultsJson(test: IperfTest): Members {
  const { udp } = test.settings;
  const streams: Json[] = [];
  const end = new Members().add("streams", streams);
  groups(test).forEach((group, index) => {
    const suffix = index > 0 ? "_bidir_reverse" : "";
    for (const one of group.streams) streams.push(udp ? udpStream(one, group.sender) : tcpStream(one, group.sender));
    const all = group.streams.map(sides);
    const sent = sumSides(all.map((it) => it.sender)), received = sumSides(all.map((it) => it.receiver));
    if (udp) {
      const sum = amounts(
        new Members(),
        0,
        received.seconds,
        received.seconds,
        sent.bytes,
        rate(sent.bytes, sent.seconds),
      );
      loss(sum, received.jitter, received.lost, group.sender ? sent.packets : received.packets);
      end.add(`sum${suffix}`, sum.add("sender", group.sender));
    }
    end.add(`sum_sent${suffix}`, sumJson(sent, udp, udp || group.sender, sent.retransmits >= 0));
    end.add(`sum_received${suffix}`, sumJson(received, udp, udp ? false : group.sender, false));
  });
  end.add(
    "cpu_utilization_percent",
    ["host_total", "host_user", "host_system", "remote_total", "remote_user", "remote_system"]
      .reduce((all, name) => all.add(name, 0), new Members()),
  );
  if (!udp) {
    const own = test.congestion, other = test.remote?.congestion ?? "";
    const [sending, receiving] = test.sends ? [own, other] : [other, own];
    if (sending !== "") end.add("sender_tcp_congestion", sending);
    if (receiving !== "") end.add("receiver_tcp_congestion", receiving);
  }
  return end;
}
