/** Quantities as users write them: `"5ms"`, `"10mbit"`, `"1%"`. */
import { NetworkUsageError } from "./errors.ts";

const NS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Milliseconds, or a number with `ns`, `us`, `ms`, `s`, `m` or `h`. */
export type Duration = number | string;

/** Nanoseconds of a duration. */
export function durationNs(duration: Duration): number {
  const [, number, unit] = /^\s*([0-9.]+)\s*(ns|us|ms|s|m|h)?\s*$/.exec(String(duration)) ?? [];
  const ns = Number(number) * NS[unit ?? "ms"];
  if (!(ns >= 0)) throw new NetworkUsageError(`Not a duration: ${duration} (try "5ms", "1.5s" or a number of ms)`);
  return Math.round(ns);
}

/** Bits a second, or a number with tc's units: `kbit`, `mbit`, `gbit`, `tbit`, `kbps` (octets), … */
export type Rate = number | string;

const BITS: Record<string, number> = {
  "": 1,
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  tbit: 1e12,
  kibit: 1024,
  mibit: 1024 ** 2,
  gibit: 1024 ** 3,
  bps: 8,
  kbps: 8e3,
  mbps: 8e6,
  gbps: 8e9,
};

/** Bits a second of a rate. */
export function rateBits(rate: Rate): number {
  const [, number, unit] = /^\s*([0-9.]+)\s*([a-z]*)\s*$/i.exec(String(rate)) ?? [];
  const bits = Number(number) * BITS[(unit ?? "").toLowerCase()];
  if (!(bits >= 0)) throw new NetworkUsageError(`Not a rate: ${rate} (try "10mbit" or a number of bits a second)`);
  return bits;
}

/** A share from 0 to 1, or a percentage: `"1%"`. */
export type Share = number | string;

/** The number from 0 to 1. */
export function shareOf(share: Share): number {
  const [, number, percent] = /^\s*([0-9.]+)\s*(%)?\s*$/.exec(String(share)) ?? [];
  const value = Number(number) / (percent === "%" ? 100 : 1);
  if (!(value >= 0 && value <= 1)) {
    throw new NetworkUsageError(`Not a share: ${share} (try "1%" or a number from 0 to 1)`);
  }
  return value;
}
