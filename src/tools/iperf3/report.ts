/** What a test prints: lines, or JSON at its end (iperf_locale.c, `iperf_print_intermediate`, `iperf_print_results`). */
import type { Process } from "../process.ts";
import { jsonText, Members } from "./cjson.ts";
import { intervalJson, type IntervalRow, resultsJson, sumRow, testStartJson } from "./json_report.ts";
import {
  cpuText,
  groups,
  intervalHeader,
  intervalLine,
  resultLines,
  resultsHeader,
  rowOf,
  SEPARATOR,
} from "./lines.ts";
import { type Settings, systemText } from "./settings.ts";
import type { IperfTest } from "./test.ts";

export class Report {
  readonly start: Members = new Members();
  readonly connected: Members[] = [];
  readonly intervals: Members[] = [];
  end: Members = new Members();
  serverText: string | null = null;
  error: string | null = null;
  /** What a server has printed, when its client wants it. */
  captured: string | null = null;

  constructor(readonly process: Process, readonly settings: Settings) {
    this.start.add("connected", this.connected);
    this.start.add("version", "iperf 3.12").add("system_info", systemText(process));
  }

  line(text: string): void {
    if (this.settings.json) return;
    const titled = this.settings.title === "" ? text : `${this.settings.title}:  ${text}`;
    if (this.captured !== null) this.captured += `${titled}\n`;
    this.process.stdout.write(`${titled}\n`);
  }

  timestamp(): void {
    const ms = this.process.machine.world.wallClock();
    const time = new Date(ms).toUTCString();
    this.start.add("timestamp", new Members().add("time", time).add("timesecs", Math.floor(ms / 1000)));
    if (this.settings.verbose) this.line(`Time: ${time}`);
  }

  /** The connection of one stream. */
  stream(descriptor: number, local: [host: string, port: number], remote: [host: string, port: number]): void {
    this.line(
      `[${String(descriptor).padStart(3)}] local ${local[0]} port ${local[1]} connected to ${remote[0]} port ${
        remote[1]
      }`,
    );
    this.connected.push(
      new Members().add("socket", descriptor).add("local_host", local[0]).add("local_port", local[1])
        .add("remote_host", remote[0]).add("remote_port", remote[1]),
    );
  }

  testStart(): void {
    const s = this.settings;
    this.start.add("test_start", testStartJson(s));
    if (!s.verbose) return;
    const what = s.bytes > 0
      ? `${s.bytes} bytes to send`
      : s.blocks > 0
      ? `${s.blocks} blocks to send`
      : `${s.duration} second test`;
    this.line(
      `Starting Test: protocol: ${s.udp ? "UDP" : "TCP"}, ${s.parallel} streams, ${s.length} byte blocks, ` +
        `omitting ${s.omit} seconds, ${what}, tos ${s.tos}`,
    );
  }

  /** The last interval of each stream. An interval of next to no length without data is left out. */
  interval(test: IperfTest): void {
    const { settings } = test;
    const last = test.streams.map((one) => one.intervals.at(-1));
    const worth = last.some((one) =>
      one !== undefined && ((one.end - one.start) / 1e9 >= settings.interval * 0.1 || one.bytes > 0)
    );
    if (!worth) return;
    if (settings.json) {
      this.intervals.push(intervalJson(test));
      return;
    }
    if (test.streams[0].intervals.length === 1) this.line(intervalHeader(test));
    else if (settings.parallel > 1) this.line(SEPARATOR);
    for (const { streams, role } of groups(test)) {
      const rows: IntervalRow[] = streams.map((one) => rowOf(one, one.intervals.at(-1)!));
      rows.forEach((row, index) =>
        this.line(intervalLine(`[${String(streams[index].descriptor).padStart(3)}]`, role, row, settings, false))
      );
      if (settings.parallel > 1) this.line(intervalLine("[SUM]", role, sumRow(rows), settings, true));
    }
  }

  results(test: IperfTest): void {
    if (this.settings.json) {
      this.end = resultsJson(test);
      return;
    }
    const { settings } = test;
    this.line(SEPARATOR);
    if (settings.verbose) this.line("Test Complete. Summary Results:");
    this.line(resultsHeader(test));
    for (const group of groups(test)) {
      for (const line of resultLines(test, group)) this.line(line);
      if (settings.verbose && group.sender) { for (const line of cpuText(settings)) this.line(line); }
      if (!settings.verbose || settings.udp) continue;
      const own = test.congestion, other = test.remote?.congestion ?? "";
      const [sending, receiving] = group.sender ? [own, other] : [other, own];
      if (sending !== "") this.line(`snd_tcp_congestion ${sending}`);
      if (receiving !== "") this.line(`rcv_tcp_congestion ${receiving}`);
    }
    const output = test.remote?.outputText ?? null;
    if (output !== null) this.line(`\nServer output:\n${output}`);
  }

  /** A complaint behind `iperf3: `; JSON has it as a member. */
  complain(words: string): void {
    if (this.settings.json) this.error = words;
    else this.process.stderr.write(`iperf3: ${words}\n`);
  }

  /** Prints the JSON. */
  finish(test: IperfTest | null): void {
    if (!this.settings.json) return;
    const top = new Members().add("start", this.start).add("intervals", this.intervals).add("end", this.end);
    const output = test?.remote?.outputText ?? null;
    if (output !== null) top.add("server_output_text", output);
    if (this.settings.title !== "") top.add("title", this.settings.title);
    if (this.settings.extraData !== "") top.add("extra_data", this.settings.extraData);
    if (this.error !== null) top.add("error", this.error);
    this.process.stdout.write(`${jsonText(top)}\n`);
  }
}
