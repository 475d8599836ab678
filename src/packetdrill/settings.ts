/** What `--name=value` sets, in a script or on the command line. */
import type { IpAddress } from "../ip/host.ts";
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { ParseError, type Script } from "./syntax.ts";

const MS = 1e6;

export interface Settings {
  version: 4 | 6;
  local: IpAddress;
  remote: IpAddress;
  /** Of the local address. */
  prefixLength: number;
  bindPort: number;
  connectPort: number;
  mtu: number;
  /** How far (ns) from its time something may happen, and how far in hundredths of the time since what came before; the larger counts. */
  tolerance: number;
  tolerancePercent: number;
  /** A tick of the outgoing timestamps in ns; 0 does not compare them. */
  timestampTick: number;
}

/** Those of the recorded scripts: the kernel's timer wheel is late by up to an eighth. */
export function defaultSettings(): Settings {
  return {
    version: 4,
    local: parseIpv4("192.168.0.1")!,
    remote: parseIpv4("192.0.2.1")!,
    prefixLength: 16,
    bindPort: 8080,
    connectPort: 8080,
    mtu: 1500,
    tolerance: 30 * MS,
    tolerancePercent: 10,
    timestampTick: 0,
  };
}

export interface Option {
  readonly name: string;
  readonly value: string;
}

/** Applies options in order. An unknown one that packetdrill has is ignored; a bad value gives a message, else null. */
export function applyOptions(settings: Settings, options: readonly Option[]): string | null {
  for (const { name, value } of options) {
    const bad = applyOption(settings, name, value);
    if (bad !== null) return bad;
  }
  return null;
}

function applyOption(settings: Settings, name: string, value: string): string | null {
  const number = Number(value);
  const bad = `bad value for --${name}: '${value}'`;
  const inRange = (least: number, most: number) => value !== "" && number >= least && number <= most;
  switch (name) {
    case "tolerance_usecs":
    case "tolerance":
      if (!inRange(0, 1e9)) return bad;
      settings.tolerance = number * 1e3;
      settings.tolerancePercent = 0;
      return null;
    case "tolerance_percent":
      if (!inRange(0, 100)) return bad;
      settings.tolerancePercent = number;
      return null;
    case "tcp_ts_tick_usecs":
      if (!inRange(0, 1e6)) return bad;
      settings.timestampTick = number * 1e3;
      return null;
    case "bind_port":
      if (!inRange(1, 65535)) return bad;
      settings.bindPort = number;
      return null;
    case "connect_port":
      if (!inRange(1, 65535)) return bad;
      settings.connectPort = number;
      return null;
    case "mtu":
      if (!inRange(68, 65535)) return bad;
      settings.mtu = number;
      return null;
    case "ip_version":
      return applyVersion(settings, value) ? null : bad;
    case "local_ip":
    case "remote_ip": {
      const address = settings.version === 4 ? parseIpv4(value) : parseIpv6(value);
      if (address === null) return bad;
      settings[name === "local_ip" ? "local" : "remote"] = address;
      return null;
    }
    case "netmask_ip": {
      const mask = parseIpv4(value);
      if (mask === null) return bad;
      settings.prefixLength = Math.clz32(~mask);
      return null;
    }
  }
  return null;
}

function applyVersion(settings: Settings, value: string): boolean {
  if (value === "ipv4") return true;
  if (value !== "ipv6") return false;
  settings.version = 6;
  settings.local = parseIpv6("fd3d:fa7b:d17d::1")!;
  settings.remote = parseIpv6("2001:db8::1")!;
  settings.prefixLength = 48;
  return true;
}

/** The settings of one script: the defaults, its own options, then those of the command line. */
export function settingsOf(script: Script, path: string, given: readonly Option[]): Settings {
  const settings = defaultSettings();
  for (const option of script.options) {
    const bad = applyOptions(settings, [option]);
    if (bad !== null) throw new ParseError(path, option.line, bad);
  }
  const bad = applyOptions(settings, given);
  if (bad !== null) throw new ParseError(path, 0, bad);
  return settings;
}
