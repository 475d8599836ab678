/** The sysctls of neighbours (`net.ipv4.neigh.*`, `net.ipv6.neigh.*`), shared by both families (`struct neigh_parms`). */
import type { Random } from "../time/random.ts";
import { MS } from "../time/scheduler.ts";
import { numberSysctl, type SysctlEntry } from "./host.ts";

/** Those of one interface, or the defaults. Units as the sysctls have them. */
export class NeighbourParameters {
  /** USER_HZ ticks (10 ms), as are `locktime` and `proxyDelay`. */
  anycastDelay = 100;
  appSolicit = 0;
  baseReachableMs = 30000;
  /** Seconds. */
  delayFirstProbe = 5;
  /** Seconds. */
  gcStaleTime = 60;
  intervalProbeMs = 5000;
  locktime = 100;
  mcastResolicit = 0;
  mcastSolicit = 3;
  proxyDelay = 80;
  proxyQlen = 64;
  retransMs = 1000;
  ucastSolicit = 3;
  unresQlenBytes = 212992;
  /** The random reachable time (ns) and when it was drawn; 0: not yet. */
  reachableTime = 0;
  randomizedAt = 0;
}

/** Bounds of a table; `gcThresh1` entries may always stay. */
export class NeighbourLimits {
  gcInterval = 30;
  gcThresh1 = 128;
  gcThresh2 = 512;
  gcThresh3 = 1024;
}

/** Between half and one and a half of the base (`neigh_rand_reach_time`). */
export function randomizeReachableTime(parameters: NeighbourParameters, random: Random, now: number): void {
  const base = parameters.baseReachableMs * MS;
  parameters.reachableTime = Math.floor(base / 2 + random.float() * base);
  parameters.randomizedAt = now;
}

/** Octets that one full-sized frame weighs (SKB_TRUESIZE(ETH_FRAME_LEN)): unres_qlen is unres_qlen_bytes in these. */
const FRAME_TRUESIZE = 2090;

/** The entries below `net/ipv4/neigh/eth0`; `change` gives the object to write to (a fresh copy where it was shared). */
export function neighbourSysctls(
  folder: string,
  parameters: NeighbourParameters,
  change: () => NeighbourParameters = () => parameters,
): SysctlEntry[] {
  const number = (name: string, key: keyof NeighbourParameters, least = 0): SysctlEntry => ({
    path: `${folder}/${name}`,
    read: () => String(parameters[key]),
    write(value) {
      // Judged on a copy first, so that a refused value does not make an object of its own.
      const probe = { ...parameters };
      numberSysctl(folder, probe, key, least).write!(value);
      parameters = change();
      parameters[key] = probe[key];
      if (key === "baseReachableMs") parameters.reachableTime = 0;
    },
  });
  return [
    number("anycast_delay", "anycastDelay"),
    number("app_solicit", "appSolicit"),
    {
      path: `${folder}/base_reachable_time`,
      read: () => String(Math.floor(parameters.baseReachableMs / 1000)),
      write(value) {
        number("", "baseReachableMs").write!(String(Number(value) * 1000));
      },
    },
    number("base_reachable_time_ms", "baseReachableMs"),
    number("delay_first_probe_time", "delayFirstProbe"),
    number("gc_stale_time", "gcStaleTime"),
    number("interval_probe_time_ms", "intervalProbeMs", 1),
    number("locktime", "locktime"),
    number("mcast_resolicit", "mcastResolicit"),
    number("mcast_solicit", "mcastSolicit"),
    number("proxy_delay", "proxyDelay"),
    number("proxy_qlen", "proxyQlen"),
    {
      path: `${folder}/retrans_time`,
      read: () => String(Math.floor(parameters.retransMs / 10)),
      write(value) {
        number("", "retransMs").write!(String(Number(value) * 10));
      },
    },
    number("retrans_time_ms", "retransMs"),
    number("ucast_solicit", "ucastSolicit"),
    {
      path: `${folder}/unres_qlen`,
      read: () => String(Math.floor(parameters.unresQlenBytes / FRAME_TRUESIZE)),
      write(value) {
        number("", "unresQlenBytes").write!(String(Number(value) * FRAME_TRUESIZE));
      },
    },
    number("unres_qlen_bytes", "unresQlenBytes"),
  ];
}

/** What only the defaults have. */
export function neighbourLimitSysctls(folder: string, limits: NeighbourLimits): SysctlEntry[] {
  return [
    numberSysctl(`${folder}/gc_interval`, limits, "gcInterval", 0),
    numberSysctl(`${folder}/gc_thresh1`, limits, "gcThresh1", 0),
    numberSysctl(`${folder}/gc_thresh2`, limits, "gcThresh2", 0),
    numberSysctl(`${folder}/gc_thresh3`, limits, "gcThresh3", 0),
  ];
}
