/** How a route is printed, of a dump or as the answer of `ip route get` (`print_route` of `ip/iproute.c`). */
import type { IpAddress } from "../../ip/host.ts";
import * as nl from "../../ip/netlink.ts";
import { formatTos, routeProtocols, routeTypes, scopes, tables } from "./names.ts";
import { bits, familyOf, formatAddress, formatPrefix } from "./prefix.ts";
import type { Session } from "./session.ts";

/** What the command's filter makes needless to print. */
export interface RoutePrinting {
  /** Which table was asked for: the name of another than main is printed only when none was. */
  table: number;
  device?: boolean;
  protocol?: boolean;
  scope?: boolean;
  metric?: boolean;
  tos?: boolean;
  /** A whole address as `via`, as `src`. */
  gateway?: boolean;
  source?: boolean;
  deleted?: boolean;
}

/** What a route and an answer have in common once they are to be printed. */
interface Line {
  type: number;
  family: "inet" | "inet6";
  destination: string;
  from: string | null;
  tos: number;
  nexthops: readonly nl.Nexthop[];
  device: string | null;
  gateway: IpAddress | null;
  table: number;
  /** Of a dump, not of a cached entry. */
  protocol: number | null;
  scope: number | null;
  source: IpAddress | null;
  metric: number | null;
  /** RTNH_F_*, by name. */
  flags: string[];
  mark: number;
  uid: number | null;
  /** `<local,brd>`; null when there is no such line. */
  cache: string[] | null;
  expires: number;
  metrics: nl.RouteMetrics | null;
  input: string | null;
  preference: number | null;
}

const FLAG_NAMES: readonly [number, string][] = [
  [nl.RTNH_F_DEAD, "dead"],
  [nl.RTNH_F_ONLINK, "onlink"],
  [nl.RTNH_F_LINKDOWN, "linkdown"],
];

function nexthopFlags(flags: number): string[] {
  return FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

export function printRoute(session: Session, route: nl.Route, printing: RoutePrinting): void {
  const family = familyOf(route.destination);
  const single = route.nexthops.length === 1 ? route.nexthops[0] : null;
  printLine(session, {
    type: route.type,
    family,
    destination: route.prefixLength === 0 ? "default" : formatPrefix(route.destination, route.prefixLength),
    from: null,
    tos: route.tos,
    nexthops: single === null ? route.nexthops : [],
    device: single?.device?.name ?? null,
    gateway: single?.gateway ?? null,
    table: route.table,
    protocol: route.protocol,
    scope: route.scope,
    source: route.source,
    metric: family === "inet6" || route.metric !== 0 ? route.metric : null,
    flags: single === null ? [] : nexthopFlags(single.flags),
    mark: 0,
    uid: null,
    cache: null,
    expires: route.expires,
    metrics: route.metrics,
    input: null,
    preference: family === "inet6" ? route.preference : null,
  }, printing);
}

/** The answer to `ip route get`. */
export function printAnswer(session: Session, query: nl.RouteQuery, answer: nl.RouteAnswer): void {
  if (familyOf(query.destination) === "inet") printAnswer4(session, query, answer);
  else printAnswer6(session, query, answer);
}

/** The routing code's flags of a result share bits with those of an offloaded route. */
const OFFLOAD_FLAGS: Record<string, string> = { mc: "rt_offload_failed" };

function printAnswer4(session: Session, query: nl.RouteQuery, answer: nl.RouteAnswer): void {
  const input = query.input ?? null;
  const from = query.source ?? null;
  const prints = input === null && answer.source !== null && answer.source !== from;
  printLine(session, {
    type: answer.type,
    family: "inet",
    destination: formatAddress(query.destination),
    from: from === null ? null : formatAddress(from),
    tos: answer.route.tos,
    nexthops: [],
    device: answer.device.name,
    gateway: answer.gateway,
    table: answer.table,
    protocol: null,
    scope: null,
    source: prints ? answer.source : null,
    metric: null,
    flags: answer.cacheFlags.map((flag) => OFFLOAD_FLAGS[flag]).filter((flag) => flag !== undefined),
    mark: query.mark ?? 0,
    uid: input === null ? 0 : null,
    cache: answer.cacheFlags,
    expires: answer.expires,
    metrics: withMtu(answer),
    input: input?.name ?? null,
    preference: null,
  }, { table: 0 });
}

function printAnswer6(session: Session, query: nl.RouteQuery, answer: nl.RouteAnswer): void {
  const { route } = answer;
  const learned = answer.mtu !== 0;
  printLine(session, {
    type: answer.type,
    family: "inet6",
    destination: formatAddress(query.destination),
    from: formatAddress(query.source ?? new Uint8Array(16)),
    tos: route.tos,
    nexthops: [],
    device: answer.device.name,
    gateway: answer.gateway,
    table: answer.table,
    protocol: learned ? null : route.protocol,
    scope: learned ? null : nl.RT_SCOPE_UNIVERSE,
    source: answer.source,
    metric: route.metric,
    flags: [],
    mark: 0, // rt6_fill_node has none
    uid: null,
    cache: null,
    expires: learned ? answer.expires : route.expires,
    metrics: withMtu(answer),
    input: query.input?.name ?? null,
    preference: route.preference,
  }, { table: 0 });
}

function withMtu(answer: nl.RouteAnswer): nl.RouteMetrics | null {
  return answer.mtu === 0 ? answer.route.metrics : { ...answer.route.metrics, mtu: answer.mtu };
}

function printLine(session: Session, line: Line, printing: RoutePrinting): void {
  const { out, options } = session;
  const { details, numeric } = options;
  out.openObject();
  if (printing.deleted) out.put("deleted", true, "Deleted ");
  if (line.type !== nl.RTN_UNICAST || details) {
    const type = routeTypes.name(line.type, numeric);
    out.put("type", type, `${type} `);
  }
  out.put("dst", line.destination, `${line.destination} `, line.destination === "default" ? null : line.family);
  if (line.from !== null) out.put("from", line.from, `from ${line.from} `);
  if (line.tos !== 0 && !printing.tos) {
    const tos = formatTos(line.tos, numeric);
    out.put("tos", tos, `tos ${tos} `);
  }
  if (line.gateway !== null && !printing.gateway) printGateway(session, line.gateway, line.family);
  if (line.device !== null && !printing.device) {
    out.text("dev ");
    out.put("dev", line.device, `${line.device} `, "ifname");
  }
  if (line.table !== 0 && (line.table !== nl.RT_TABLE_MAIN || details) && printing.table === 0) {
    const table = tables.name(line.table, numeric);
    out.put("table", table, `table ${table} `);
  }
  if (line.protocol !== null && (line.protocol !== nl.RTPROT_BOOT || details) && !printing.protocol) {
    const protocol = routeProtocols.name(line.protocol, numeric);
    out.put("protocol", protocol, `proto ${protocol} `);
  }
  if (line.scope !== null && (line.scope !== nl.RT_SCOPE_UNIVERSE || details) && !printing.scope) {
    const scope = scopes.name(line.scope, numeric);
    out.put("scope", scope, `scope ${scope} `);
  }
  if (line.source !== null && !printing.source) {
    const source = formatAddress(line.source);
    out.text("src ");
    out.put("prefsrc", source, `${source} `, line.family);
  }
  if (line.metric !== null && !printing.metric) out.put("metric", line.metric, `metric ${line.metric} `);
  printFlags(session, line.flags);
  if (line.mark !== 0) {
    if (line.mark >= 16) out.put("mark", `0x${line.mark.toString(16)}`, `mark 0x${line.mark.toString(16)} `);
    else out.put("mark", line.mark, `mark ${line.mark} `);
  }
  if (line.uid !== null) out.put("uid", line.uid, `uid ${line.uid} `);
  if (line.cache !== null) printCache(session, line.cache);
  if (line.expires !== 0 && line.expires !== Infinity) {
    const seconds = Math.floor((line.expires - session.now) / 1e9);
    out.put("expires", seconds, `expires ${seconds}sec `);
  }
  if (line.metrics !== null) printMetrics(session, line.metrics);
  if (line.input !== null) {
    out.text("iif ");
    out.put("iif", line.input, `${line.input} `, "ifname");
  }
  if (line.preference !== null) {
    const preference = ["low", "medium", "high"][line.preference + 1];
    out.put("pref", preference, `pref ${preference}`);
  }
  if (line.nexthops.length > 0) printNexthops(session, line.nexthops, line.family);
  out.text("\n");
  out.closeObject();
}

/** `via 10.0.0.1`, or with the family where it is another than the route's. */
function printGateway(session: Session, gateway: IpAddress, family: "inet" | "inet6"): void {
  const { out } = session;
  const own = familyOf(gateway);
  const text = formatAddress(gateway);
  if (own === family) {
    out.text("via ");
    out.put("gateway", text, `${text} `, own);
    return;
  }
  out.openObject("via");
  out.put("family", own, `via ${own} `);
  out.put("host", text, `${text} `, own);
  out.closeObject();
}

function printFlags(session: Session, flags: string[]): void {
  const { out } = session;
  out.openArray("flags");
  for (const flag of flags) out.put("", flag, `${flag} `);
  out.closeArray();
}

function printCache(session: Session, flags: string[]): void {
  const { out } = session;
  out.line();
  out.text("    cache ");
  out.openArray("cache");
  for (const flag of flags) out.put("", flag, null);
  out.closeArray();
  if (flags.length > 0) out.text(`<${flags.join(",")}> `);
}

function printNexthops(session: Session, nexthops: readonly nl.Nexthop[], family: "inet" | "inet6"): void {
  const { out } = session;
  out.openArray("nexthops");
  for (const nexthop of nexthops) {
    out.openObject();
    out.line();
    out.text("\tnexthop ");
    if (nexthop.gateway !== null) printGateway(session, nexthop.gateway, family);
    if (nexthop.device !== null) out.put("dev", nexthop.device.name, `dev ${nexthop.device.name} `);
    out.put("weight", nexthop.weight, `weight ${nexthop.weight} `);
    printFlags(session, nexthopFlags(nexthop.flags));
    out.closeObject();
  }
  out.closeArray();
}

/** In the order of RTAX_*. */
const METRICS: readonly (keyof nl.RouteMetrics)[] = [
  "mtu",
  "window",
  "rtt",
  "rttvar",
  "ssthresh",
  "cwnd",
  "advmss",
  "reordering",
  "hoplimit",
  "initcwnd",
  "features",
  "rto_min",
  "initrwnd",
  "quickack",
  "congctl",
];

const TIMES = ["rtt", "rttvar", "rto_min"];

function printMetrics(session: Session, metrics: nl.RouteMetrics): void {
  const { out } = session;
  const present = METRICS.filter((name) => metrics[name] !== undefined);
  if (present.length === 0) return;
  out.openArray("metrics");
  out.openObject();
  for (const name of present) {
    const value = metrics[name]!;
    // `rto_min` is always locked.
    const lock = name === "rto_min" || (name === "mtu" && metrics.mtuLock) ? "lock " : "";
    if (name === "features") {
      if ((value as number) & 1) out.put("ecn", null, "features ecn ");
    } else if (name === "congctl") out.put("congestion", value as string, `congctl ${value} `);
    else if (TIMES.includes(name)) {
      const ms = Math.floor(value as number);
      out.put(name, ms, `${name} ${lock}${ms >= 1000 ? `${ms / 1000}s` : `${ms}ms`} `);
    } else out.put(name, value as number, `${name} ${lock}${value} `);
  }
  out.closeObject();
  out.closeArray();
}

/** Whether `length` bits are all of the address: what makes a filter exact. */
export function isWhole(address: IpAddress, length: number): boolean {
  return length === bits(address);
}
