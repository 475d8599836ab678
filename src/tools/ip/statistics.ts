/** The counters of an interface as `ip -s` prints them (`print_stats64` of `ip/ipaddress.c`). */
import type { Interface } from "../../device/interface.ts";
import type { Session } from "./session.ts";

/** Widths that the columns have at least; the last is for `compressed`, which no emulated device counts. */
const WIDTHS = [10, 7, 6, 7, 7, 7];

/** On lines of their own: of a link they continue its record, of `ip addr` they follow the last address. */
export function linkStatistics(session: Session, device: Interface, continues = true): void {
  if (session.out.json) printJson(session, device);
  else printText(session, device, continues);
}

function printJson(session: Session, device: Interface): void {
  const { out } = session;
  const c = device.counters;
  const number = (key: string, value: number) => out.put(key, value, null);
  const more = session.options.statistics > 1;
  out.openObject("stats64");
  out.openObject("rx");
  number("bytes", c.rxBytes);
  number("packets", c.rxPackets);
  number("errors", c.rxErrors);
  number("dropped", c.rxDropped);
  number("over_errors", c.rxOverruns);
  number("multicast", c.multicast);
  if (more) {
    number("length_errors", 0);
    number("crc_errors", 0);
    number("frame_errors", c.rxFrame);
    number("fifo_errors", 0);
    number("missed_errors", c.rxMissed);
    if (c.rxNoHandler > 0) number("nohandler", c.rxNoHandler);
  }
  out.closeObject();
  out.openObject("tx");
  number("bytes", c.txBytes);
  number("packets", c.txPackets);
  number("errors", c.txErrors);
  number("dropped", c.txDropped);
  number("carrier_errors", c.txCarrier);
  number("collisions", c.collisions);
  if (more) {
    for (const key of ["aborted_errors", "fifo_errors", "window_errors", "heartbeat_errors"]) number(key, 0);
    number("carrier_changes", device.carrierChanges);
  }
  out.closeObject();
  out.closeObject();
}

function printText(session: Session, device: Interface, continues: boolean): void {
  const { out } = session;
  const c = device.counters;
  const rows = [
    [c.rxBytes, c.rxPackets, c.rxErrors, c.rxDropped, c.rxMissed, c.multicast],
    [0, 0, 0, c.rxFrame, 0, c.rxOverruns],
    [c.txBytes, c.txPackets, c.txErrors, c.txDropped, c.txCarrier, c.collisions],
    [0, 0, 0, 0, 0, device.carrierChanges],
  ];
  const more = session.options.statistics > 1;
  const widths = WIDTHS.map((least, i) =>
    Math.max(least, ...rows.filter((_, row) => more || row % 2 === 0).map((row) => String(row[i]).length))
  );
  const head = (title: string, names: string[]) =>
    `    ${title}${names.map((name, i) => name.padStart(widths[i] - (i === 0 ? title.length : 0))).join(" ")}`;
  const values = (row: (number | null)[]) =>
    "    " +
    row.map((value, i) => (value === null ? "" : formatCount(session, value)).padStart(widths[i]) + " ").join("");
  const block = (title: string, names: string[], end: string, row: (number | null)[]) => {
    if (continues) out.line();
    continues = true;
    out.text(head(title, names) + end);
    out.line();
    out.text(values(row));
  };
  // Where nothing is compressed the column stays, without its name.
  const compressed = " " + " ".repeat("compressed".length);
  block("RX:", ["bytes", "packets", "errors", "dropped", "missed", "mcast"], compressed, rows[0]);
  if (more) block("RX errors:", ["", "length", "crc", "frame", "fifo", "overrun"], "", [null, ...rows[1].slice(1)]);
  block("TX:", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"], compressed, rows[2]);
  if (more) {
    block("TX errors:", ["", "aborted", "fifo", "window", "heartbt", "transns"], "", [null, ...rows[3].slice(1)]);
  }
}

/** A count in full, or with `-h` in thousands (`-iec`: 1024s). */
function formatCount(session: Session, count: number): string {
  if (!session.options.human) return String(count);
  const base = session.options.iec ? 1024 : 1000;
  if (count < base) return String(count);
  let power = 0;
  let scaled = count;
  while (scaled >= base && power < 6) {
    scaled /= base;
    power++;
  }
  const places = scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${scaled.toFixed(places)}${"kMGTPE"[power - 1]}${session.options.iec ? "i" : ""}`;
}
