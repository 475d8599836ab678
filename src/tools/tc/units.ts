/** tc's rates, sizes, times and shares: read and printed as `tc/tc_util.c` and `lib/utils_math.c` do. */

function split(text: string): [number, string] | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z%]*)$/.exec(text);
  return match === null ? null : [Number(match[1]), match[2].toLowerCase()];
}

const RATES: Record<string, number> = {
  "": 1,
  bit: 1,
  kibit: 1024,
  kbit: 1e3,
  mibit: 1024 ** 2,
  mbit: 1e6,
  gibit: 1024 ** 3,
  gbit: 1e9,
  tibit: 1024 ** 4,
  tbit: 1e12,
  bps: 8,
  kibps: 8 * 1024,
  kbps: 8e3,
  mibps: 8 * 1024 ** 2,
  mbps: 8e6,
  gibps: 8 * 1024 ** 3,
  gbps: 8e9,
  tibps: 8 * 1024 ** 4,
  tbps: 8e12,
};

/** Octets a second, or null. A bare number is bits a second. */
export function parseRate(text: string): number | null {
  const [value, unit] = split(text) ?? [-1, ""];
  const scale = RATES[unit];
  return value < 0 || scale === undefined ? null : Math.floor((value * scale) / 8);
}

const SIZES: Record<string, number> = {
  "": 1,
  b: 1,
  kb: 1024,
  k: 1024,
  mb: 1024 ** 2,
  m: 1024 ** 2,
  gb: 1024 ** 3,
  g: 1024 ** 3,
  kbit: 1024 / 8,
  mbit: 1024 ** 2 / 8,
  gbit: 1024 ** 3 / 8,
};

/** Octets, or null. */
export function parseSize(text: string): number | null {
  const [value, unit] = split(text) ?? [-1, ""];
  const scale = SIZES[unit];
  return value < 0 || scale === undefined ? null : Math.floor(value * scale);
}

const TIMES: Record<string, number> = {
  "": 1,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
  ms: 1e3,
  msec: 1e3,
  msecs: 1e3,
  us: 1,
  usec: 1,
  usecs: 1,
};

/** Microseconds (with fractions cut off), or null. A bare number is microseconds. */
export function parseTime(text: string): number | null {
  const [value, unit] = split(text) ?? [0, "?"];
  const scale = TIMES[unit];
  return scale === undefined ? null : Math.trunc(value * scale);
}

/** A share from 0 to 1, or null; a bare number is a percentage too. */
export function parsePercent(text: string): number | null {
  const [value, unit] = split(text) ?? [-1, "?"];
  const share = value / 100;
  return (unit !== "" && unit !== "%") || share < 0 || share > 1 ? null : share;
}

const RATE_UNITS = ["", "K", "M", "G", "T"];

/** `1500Kbit`: the largest unit that leaves a whole number, or four digits. */
export function formatRate(octets: number, iec = false): string {
  const kilo = iec ? 1024 : 1000;
  let rate = octets * 8;
  let i = 0;
  while (i < RATE_UNITS.length - 1 && rate >= kilo && (rate % kilo === 0 || rate >= 1000 * kilo)) {
    rate /= kilo;
    i++;
  }
  return `${Math.round(rate)}${RATE_UNITS[i]}${iec ? "i" : ""}bit`;
}

/** C's `%g`, or with `digits` `%.{digits}g`. */
export function formatG(value: number, digits = 6): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const sign = power[0];
  return `${Number(mantissa)}e${sign}${power.slice(1).padStart(2, "0")}`;
}

/** `10Kb`, `1Mb`, `1514000b`: a unit only where it is all but whole. */
export function formatSize(octets: number): string {
  const mega = 1024 * 1024;
  if (octets >= mega && Math.abs(mega * Math.round(octets / mega) - octets) < 1024) {
    return `${formatG(Math.round(octets / mega))}Mb`;
  }
  if (octets >= 1024 && Math.abs(1024 * Math.round(octets / 1024) - octets) < 16) {
    return `${formatG(Math.round(octets / 1024))}Kb`;
  }
  return `${octets}b`;
}

/** Microseconds as `50ms`. */
export function formatTime(us: number): string {
  if (us >= 1e6) return `${formatG(us / 1e6, 3)}s`;
  if (us >= 1e3) return `${formatG(us / 1e3, 3)}ms`;
  return `${Math.trunc(us)}us`;
}

/** Nanoseconds as `50ms` or `99ns`. */
export function formatTime64(ns: number): string {
  if (ns >= 1e9) return `${formatG(ns / 1e9, 3)}s`;
  if (ns >= 1e6) return `${formatG(ns / 1e6, 3)}ms`;
  if (ns >= 1e3) return `${formatG(ns / 1e3, 3)}us`;
  return `${Math.trunc(ns)}ns`;
}

/** A tick of the packet scheduler is 64 ns (/proc/net/psched). */
const TICKS_PER_US = 1000 / 64;

/** 32 bits of ticks: more come round. */
export function usToTicks(us: number): number {
  return Math.trunc(us * TICKS_PER_US) % 2 ** 32;
}

export function ticksToUs(ticks: number): number {
  return Math.trunc(ticks / TICKS_PER_US);
}

/** What the kernel takes of a time: whole ticks, in ns. */
export function wholeTicksNs(us: number): number {
  return usToTicks(us) * 64;
}

/** Ticks that `octets` take at a rate of octets a second. */
export function transmissionTicks(rate: number, octets: number): number {
  return usToTicks((1e6 * octets) / rate);
}

/** Octets that so many ticks carry. */
export function octetsOf(rate: number, ticks: number): number {
  return Math.trunc((rate * ticksToUs(ticks)) / 1e6);
}

/** Hexadecimal `1:` as 0x10000, whatever follows the colon; null when it is no handle (`get_qdisc_handle`). */
export function parseHandle(text: string): number | null {
  if (text === "none") return 0;
  const match = /^0*([0-9a-fA-F]{1,4})(?::.*)?$/.exec(text);
  return match === null ? null : parseInt(match[1], 16) * 0x10000;
}

/** Hexadecimal `1:1` as 0x10001, `root`; null when it is no class. */
export function parseClass(text: string): number | null {
  if (text === "root") return 0xffffffff;
  if (text === "none") return 0;
  const match = /^([0-9a-fA-F]{0,4}):([0-9a-fA-F]{0,4})$/.exec(text);
  if (match === null) return null;
  return parseInt(match[1] || "0", 16) * 0x10000 + parseInt(match[2] || "0", 16);
}

export function formatClass(id: number): string {
  if (id === 0xffffffff) return "root";
  const [major, minor] = [id >>> 16, id & 0xffff];
  return `${major === 0 ? "" : major.toString(16)}:${minor === 0 ? "" : minor.toString(16)}`;
}
