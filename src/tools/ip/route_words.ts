/** The words of `ip route add`, `change`, `replace`, `append`, `prepend`, `test` and `del` (`iproute_modify` of `ip/iproute.c`). */
import * as nl from "../../ip/netlink.ts";
import {
  type Arguments,
  CommandError,
  garbage,
  matches,
  noDevice,
  parseUnsigned,
  unsigned,
  usage,
  wrong,
} from "./arguments.ts";
import { parseTos, routeProtocols, routeTypes, scopes, tables } from "./names.ts";
import { type Family, readAddress, readPrefix, zeroAddress } from "./prefix.ts";
import type { Session } from "./session.ts";
import { ROUTE_USAGE } from "./usage.ts";

type NexthopRequest = NonNullable<nl.RouteRequest["nexthops"]>[number];

/** What was read, on the way to a request. */
interface Reading {
  family: Family;
  request: nl.RouteRequest;
  hasDestination: boolean;
  device: string | null;
  via: NexthopRequest["gateway"];
  flags: number;
  metrics: nl.RouteMetrics;
  nexthops: NexthopRequest[];
}

const FAMILY_NAMES: readonly string[] = ["inet", "inet6", "mpls", "bridge", "link"];

/** A request and the family that it is of. */
export function readRoute(
  session: Session,
  args: Arguments,
  deletes: boolean,
): { family: "inet" | "inet6"; request: nl.RouteRequest } {
  const reading: Reading = {
    family: session.options.family,
    request: { destination: 0, prefixLength: 0 },
    hasDestination: false,
    device: null,
    via: null,
    flags: 0,
    metrics: {},
    nexthops: [],
  };
  while (args.more) {
    if (args.peek === "nexthop") readNexthops(session, args, reading);
    else readWord(args, reading);
  }
  if (!reading.hasDestination) usage(ROUTE_USAGE);
  const family = reading.family === "inet6" ? "inet6" : "inet";
  const { request } = reading;
  if (request.prefixLength === 0) request.destination = zeroAddress(family);
  complete(session, reading, family, deletes);
  return { family, request };
}

/** What iproute2 fills in for what was not said. */
function complete(session: Session, reading: Reading, family: "inet" | "inet6", deletes: boolean): void {
  const { request } = reading;
  const device = reading.device === null ? null : session.device(reading.device);
  if (reading.nexthops.length > 0) request.nexthops = reading.nexthops;
  else if (device !== null || reading.via !== null || reading.flags !== 0) {
    request.nexthops = [{ device, gateway: reading.via, flags: reading.flags }];
  }
  if (Object.keys(reading.metrics).length > 0) request.metrics = reading.metrics;
  if (!deletes) {
    request.protocol ??= nl.RTPROT_BOOT;
    request.type ??= nl.RTN_UNICAST;
  }
  const local = [nl.RTN_LOCAL, nl.RTN_BROADCAST, 10, nl.RTN_ANYCAST];
  request.table ??= request.type !== undefined && local.includes(request.type) ? nl.RT_TABLE_LOCAL : nl.RT_TABLE_MAIN;
  if (request.scope === undefined && family === "inet") request.scope = scopeFor(reading, deletes);
  else if (request.scope === undefined && !deletes) request.scope = nl.RT_SCOPE_UNIVERSE;
}

function scopeFor(reading: Reading, deletes: boolean): number | undefined {
  const type = reading.request.type;
  if (type === nl.RTN_LOCAL || type === 10) return nl.RT_SCOPE_HOST;
  if (type === nl.RTN_BROADCAST || type === nl.RTN_MULTICAST || type === nl.RTN_ANYCAST) return nl.RT_SCOPE_LINK;
  if (type === undefined || type === nl.RTN_UNICAST) {
    if (deletes) return undefined;
    if (reading.via === null && reading.nexthops.length === 0) return nl.RT_SCOPE_LINK;
  }
  return deletes ? undefined : nl.RT_SCOPE_UNIVERSE;
}

function readWord(args: Arguments, reading: Reading): void {
  const { request, metrics } = reading;
  const word = args.take();
  const is = (full: string) => word !== "" && matches(word, full);
  if (word === "src") {
    const source = readAddress(args.value(), reading.family);
    if (reading.family === "unspec") reading.family = source.family;
    request.source = source.address;
  } else if (word === "via") reading.via = readGateway(args, reading);
  else if (word === "from") readPrefix(args.value(), reading.family);
  else if (word === "tos" || is("dsfield")) {
    const value = args.value();
    request.tos = parseTos(value) ?? wrong(value, '"tos" value is invalid\n');
  } else if (word === "expires") request.lifetime = unsigned(args.value(), '"expires" value is invalid\n');
  else if (is("metric") || is("priority") || word === "preference") {
    request.metric = unsigned(args.value(), '"metric" value is invalid\n');
  } else if (word === "scope") {
    const value = args.value();
    request.scope = scopes.parse(value) ?? wrong(value, 'invalid "scope" value\n');
  } else if (readMetric(args, word, metrics)) return;
  else if (word === "onlink") reading.flags |= nl.RTNH_F_ONLINK;
  else if (is("protocol")) {
    const value = args.value();
    request.protocol = routeProtocols.parse(value) ?? wrong(value, '"protocol" value is invalid\n');
  } else if (is("table")) {
    const value = args.value();
    request.table = tables.parse(value) ?? wrong(value, '"table" value is invalid\n');
  } else if (word === "vrf") wrong(args.value(), "Invalid VRF\n");
  else if (word === "dev" || word === "oif") reading.device = args.value();
  else if (is("pref")) request.preference = readPreference(args.value());
  else readDestination(args, word, reading);
}

function readPreference(text: string): number {
  const at = ["low", "medium", "high"].indexOf(text);
  if (at >= 0) return at - 1;
  const number = parseUnsigned(text, 255);
  return number === 0 ? 0 : number === 1 ? 1 : number === 3 ? -1 : wrong(text, '"pref" value is invalid\n');
}

function readGateway(args: Arguments, reading: Reading): NexthopRequest["gateway"] {
  let text = args.value();
  let family = reading.family;
  if (FAMILY_NAMES.includes(text)) {
    family = text as Family;
    text = args.value();
  }
  const gateway = readAddress(text, family);
  if (reading.family === "unspec") reading.family = gateway.family;
  return gateway.address;
}

function readDestination(args: Arguments, word: string, reading: Reading): void {
  let text = word === "to" ? args.value() : word;
  const type = /^\d/.test(text) ? null : routeTypes.parse(text);
  if (type !== null) {
    text = args.value();
    reading.request.type = type;
  }
  if (text !== "" && matches(text, "help")) usage(ROUTE_USAGE);
  if (reading.hasDestination) garbage("to", text);
  const prefix = readPrefix(text, reading.family);
  if (reading.family === "unspec") reading.family = prefix.family;
  reading.request.destination = prefix.address;
  reading.request.prefixLength = Math.max(prefix.length, 0);
  reading.hasDestination = true;
}

/** Plain numbers: keyword, name in the request, complaint; those with `true` are taken abbreviated. */
const NUMBERS: readonly [string, keyof nl.RouteMetrics, string, boolean][] = [
  ["mtu", "mtu", '"mtu" value is invalid\n', false],
  ["hoplimit", "hoplimit", '"hoplimit" value is invalid\n', false],
  ["advmss", "advmss", '"mss" value is invalid\n', false],
  ["reordering", "reordering", '"reordering" value is invalid\n', true],
  ["window", "window", '"window" value is invalid\n', true],
  ["cwnd", "cwnd", '"cwnd" value is invalid\n', true],
  ["initcwnd", "initcwnd", '"initcwnd" value is invalid\n', true],
  ["initrwnd", "initrwnd", '"initrwnd" value is invalid\n', true],
  ["ssthresh", "ssthresh", '"ssthresh" value is invalid\n', true],
];

/** Times; a bare number counts in the kernel's eighths and quarters of a millisecond. */
const TIMES: readonly [string, "rtt" | "rttvar" | "rto_min", number][] = [
  ["rtt", "rtt", 8],
  ["rttvar", "rttvar", 4],
  ["rto_min", "rto_min", 1],
];

/** Takes a metric; false when the word is none. */
function readMetric(args: Arguments, word: string, metrics: nl.RouteMetrics): boolean {
  const number = NUMBERS.find(([keyword, , , short]) => word === keyword || (short && matches(word, keyword)));
  if (number !== undefined) {
    const [, name, complaint] = number;
    let text = args.value();
    if (text === "lock") {
      if (name === "mtu") metrics.mtuLock = true;
      text = args.value();
    }
    (metrics as Record<string, number>)[name] = unsigned(text, complaint, name === "hoplimit" ? 255 : 0xffffffff);
    return true;
  }
  const time = TIMES.find(([keyword]) => word === keyword || (keyword !== "rtt" && matches(word, keyword)));
  if (time !== undefined) {
    const [, name, unit] = time;
    let text = args.value();
    if (text === "lock") text = args.value();
    metrics[name] = readTime(text, unit, `"${name}" value is invalid\n`);
    return true;
  }
  if (word === "features") metrics.features = readFeatures(args);
  else if (word === "quickack") {
    const text = args.value();
    const value = unsigned(text, '"quickack" value is invalid\n');
    if (value > 1) wrong(text, '"quickack" value should be 0 or 1\n');
    metrics.quickack = value;
  } else if (word === "congctl") {
    const text = args.value();
    metrics.congctl = text === "lock" ? args.value() : text;
  } else return false;
  return true;
}

/** RTAX_FEATURE_ECN is the only one. */
function readFeatures(args: Arguments): number {
  const text = args.value();
  if (text !== "ecn") wrong(text, '"features" value not valid\n');
  while (args.peek === "ecn") args.take();
  return 1;
}

/** `100ms`, `1.5s`, or a number of the kernel's `unit`s: milliseconds. */
function readTime(text: string, unit: number, complaint: string): number {
  const match = /^(\d+(?:\.\d*)?)(s|sec|secs|ms|msec|msecs)?$/.exec(text);
  if (match === null) wrong(text, complaint);
  const value = Number(match[1]);
  if (match[2] === undefined) return value / unit;
  return Math.ceil(match[2].startsWith("s") ? value * 1000 : value);
}

function readNexthops(session: Session, args: Arguments, reading: Reading): void {
  while (args.more) {
    if (args.peek !== "nexthop") {
      throw new CommandError(`Error: "nexthop" or end of line is expected instead of "${args.peek}"\n`, 255);
    }
    args.take();
    if (!args.more) throw new CommandError('Error: unexpected end of line after "nexthop"\n', 255);
    reading.nexthops.push(readNexthop(session, args, reading));
  }
}

function readNexthop(session: Session, args: Arguments, reading: Reading): NexthopRequest {
  const nexthop: NexthopRequest = { device: null, gateway: null, weight: 1, flags: 0 };
  for (;;) {
    if (args.peek === "via") {
      args.take();
      nexthop.gateway = readGateway(args, reading);
    } else if (args.peek === "dev") {
      args.take();
      const name = args.value();
      const device = session.findDevice(name);
      if (device === undefined) {
        session.complain(`Cannot find device "${name}"\n`);
        throw new CommandError("Error: cannot parse nexthop\n", 255);
      }
      nexthop.device = device;
    } else if (args.peek === "weight") {
      args.take();
      const text = args.value();
      const weight = parseUnsigned(text);
      if (weight === null || weight === 0 || weight > 256) wrong(text, '"weight" is invalid\n');
      nexthop.weight = weight;
    } else if (args.peek === "onlink") {
      args.take();
      nexthop.flags = nl.RTNH_F_ONLINK;
    } else return nexthop;
  }
}

/** The interface that a filter or query names. */
export function optionalDevice(session: Session, name: string | null) {
  return name === null ? null : session.findDevice(name) ?? noDevice(name);
}
