/** The lines of a report (iperf_locale.c). */
import type { IntervalRow } from "./json_report.ts";
import type { Settings } from "./settings.ts";
import type { Interval, Stream } from "./stream.ts";
import type { IperfTest } from "./test.ts";
import { unitText } from "./units.ts";

export const SEPARATOR = "- - - - - - - - - - - - - - - - - - - - - - - - -";
const HEAD = " Interval           Transfer     Bitrate";
const JITTER = "         Jitter    Lost/Total Datagrams";

/** Streams of one direction. */
export interface Group {
  /** This side sends. */
  readonly sender: boolean;
  readonly streams: readonly Stream[];
  /** `[TX-C]` and the like in a test of both directions. */
  readonly role: string;
}

/** The directions of a test, in the order of their streams: the client's sending first. */
export function groups(test: IperfTest): Group[] {
  if (!test.settings.bidirectional) return [{ sender: test.sends, streams: test.streams, role: "" }];
  const side = test.server ? "S" : "C";
  return [!test.server, test.server].map((sender) => ({
    sender,
    streams: test.streams.filter((one) => one.sender === sender),
    role: `[${sender ? "TX" : "RX"}-${side}]`,
  }));
}

function head(settings: Settings, rest: string): string {
  return `[ ID]${settings.bidirectional ? "[Role]" : ""}${HEAD}${rest}`;
}

export function intervalHeader(test: IperfTest): string {
  const { settings } = test;
  if (!settings.udp) return head(settings, test.sends ? "         Retr  Cwnd" : "");
  return head(settings, test.sends && !settings.bidirectional ? "         Total Datagrams" : JITTER);
}

export function resultsHeader(test: IperfTest): string {
  const { settings } = test;
  if (settings.udp) return head(settings, JITTER);
  return head(settings, test.sends || (test.remote?.hasRetransmits ?? false) ? "         Retr" : "");
}

/** `%.2g` */
function percentText(lost: number, packets: number): string {
  const value = packets > 0 ? 100 * lost / packets : 0;
  if (value === 0) return "0";
  if (value >= 99.5 || value < 1e-4) {
    const [mantissa, exponent] = value.toExponential(1).split("e");
    return `${mantissa.replace(/\.0$/, "")}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return String(Number(value.toPrecision(2)));
}

function front(id: string, role: string, start: number, end: number, bytes: number, format: string): string {
  const rate = end > start ? bytes / (end - start) : 0;
  const times = `${start.toFixed(2).padStart(6)}-${end.toFixed(2).padEnd(6)}`;
  return `${id}${role} ${times} sec  ${unitText(bytes, "A")}s  ${unitText(rate, format)}s/sec`;
}

export function rowOf(stream: Stream, interval: Interval): IntervalRow {
  return {
    start: (interval.start - stream.start) / 1e9,
    end: (interval.end - stream.start) / 1e9,
    seconds: Math.fround((interval.end - interval.start) / 1e9),
    bytes: interval.bytes,
    omitted: interval.omitted,
    sender: stream.sender,
    udp: stream.udp,
    retransmits: interval.retransmits,
    tcp: interval.tcp,
    packets: interval.packets,
    lost: interval.lost,
    jitter: interval.jitter,
  };
}

export function intervalLine(id: string, role: string, row: IntervalRow, settings: Settings, sum: boolean): string {
  const mark = row.omitted ? "(omitted)" : "";
  const { start, seconds, bytes } = row;
  const text = front(id, role, start, row.end, bytes, settings.format);
  if (row.udp) {
    if (!row.sender) {
      const loss = `${row.lost}/${row.packets} (${percentText(row.lost, row.packets)}%)`;
      return `${text}  ${(row.jitter * 1000).toFixed(3).padStart(5)} ms  ${loss}  ${mark}`;
    }
    return `${text} ${settings.bidirectional ? "          " : ""} ${row.packets}  ${mark}`;
  }
  if (row.sender && seconds >= 0) {
    const retransmits = String(row.retransmits).padStart(3);
    if (sum || row.tcp === null) return `${text}  ${retransmits}             ${mark}`;
    return `${text}  ${retransmits}   ${unitText(row.tcp.cwnd, "A")}s       ${mark}`;
  }
  return `${text}                  ${mark}`;
}

/** What one side of a stream had in the end. */
export interface Side {
  bytes: number;
  /** Seconds. */
  seconds: number;
  retransmits: number;
  packets: number;
  lost: number;
  jitter: number;
}

/** The end of a stream by what is known of its sender and its receiver; zeros while the other side has said nothing. */
export function sides(stream: Stream): { sender: Side; receiver: Side } {
  const own: Side = {
    bytes: stream.bytes - stream.omittedBytes,
    seconds: (stream.end - stream.start) / 1e9,
    retransmits: stream.retransmits,
    packets: stream.packets - stream.omittedPackets,
    lost: stream.sender ? 0 : stream.lost - stream.omittedLost,
    jitter: stream.sender ? 0 : stream.jitter,
  };
  const { remote } = stream;
  const other: Side = remote === null ? { ...own, bytes: 0, retransmits: 0, packets: 0, lost: 0, jitter: 0 } : {
    bytes: remote.bytes,
    seconds: remote.endTime - remote.startTime,
    retransmits: remote.retransmits,
    packets: remote.packets,
    lost: stream.sender ? remote.errors : 0,
    jitter: stream.sender ? remote.jitter : 0,
  };
  return stream.sender ? { sender: own, receiver: other } : { sender: other, receiver: own };
}

export function sumSides(all: readonly Side[]): Side {
  return {
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
    seconds: all[0].seconds,
    retransmits: all.reduce((sum, one) => sum + one.retransmits, 0),
    packets: all.reduce((sum, one) => sum + one.packets, 0),
    lost: all.reduce((sum, one) => sum + one.lost, 0),
    jitter: all.reduce((sum, one) => sum + one.jitter, 0) / all.length,
  };
}

function resultLine(test: IperfTest, id: string, role: string, side: Side, sender: boolean): string {
  const { settings } = test;
  const text = front(id, role, 0, side.seconds, side.bytes, settings.format);
  const name = sender ? "sender" : "receiver";
  if (settings.udp) {
    const lost = sender ? 0 : side.lost;
    const jitter = sender ? 0 : side.jitter;
    const loss = `${lost}/${side.packets} (${percentText(lost, side.packets)}%)`;
    return `${text}  ${(jitter * 1000).toFixed(3).padStart(5)} ms  ${loss}  ${name}`;
  }
  const known = sender && (test.sends || (test.remote?.hasRetransmits ?? false));
  return known
    ? `${text}  ${String(side.retransmits).padStart(3)}             ${name}`
    : `${text}                  ${name}`;
}

/** The lines of one direction at the end; a server knows nothing of the other side yet. */
export function resultLines(test: IperfTest, group: Group): string[] {
  const { settings } = test;
  const lines: string[] = [];
  const both = (id: string, side: { sender: Side; receiver: Side }): void => {
    for (const sender of [true, false]) {
      if (!test.server || sender === group.sender) {
        lines.push(resultLine(test, id, group.role, sender ? side.sender : side.receiver, sender));
      } else if (settings.verbose) lines.push(`${id} (${sender ? "sender" : "receiver"} statistics not available)`);
    }
  };
  const all = group.streams.map(sides);
  group.streams.forEach((one, index) => both(`[${String(one.descriptor).padStart(3)}]`, all[index]));
  if (settings.parallel > 1) {
    both("[SUM]", { sender: sumSides(all.map((it) => it.sender)), receiver: sumSides(all.map((it) => it.receiver)) });
  }
  return lines;
}

/** Programs take no virtual time. */
export function cpuText(settings: Settings): string[] {
  const none = "0.0% (0.0%u/0.0%s)";
  const text = (own: string, other: string): string => `CPU Utilization: local/${own} ${none}, remote/${other} ${none}`;
  const lines = [text("sender", "receiver")];
  if (settings.bidirectional) lines.push(text("receiver", "sender"));
  return lines;
}
