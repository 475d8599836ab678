/** `ip route` (`ip/iproute.c`). */
import * as nl from "../../ip/netlink.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { flushComplete } from "./address.ts";
import { type Arguments, CommandError, kernelComplaint, matches, parseUnsigned, usage, wrong } from "./arguments.ts";
import { parseIpProtocol, parseTos } from "./names.ts";
import { type Family, readPrefix } from "./prefix.ts";
import { printAnswer, printRoute } from "./route_show.ts";
import { printingFor, readRouteSelection, type RouteSelection, selects } from "./route_selection.ts";
import { optionalDevice, readRoute } from "./route_words.ts";
import type { Session } from "./session.ts";
import { ROUTE_USAGE } from "./usage.ts";

const MODES: readonly [string, nl.ChangeMode][] = [
  ["add", "add"],
  ["change", "change"],
  ["replace", "replace"],
  ["prepend", "prepend"],
  ["append", "append"],
  ["test", "test"],
];

export function route(session: Session, args: Arguments): number {
  if (!args.more) return show(session, args);
  const command = args.take();
  if (matches(command, "list") || matches(command, "show") || matches(command, "lst")) return show(session, args);
  if (matches(command, "get")) return get(session, args);
  const mode = command === "chg" ? MODES[1] : MODES.find(([name]) => matches(command, name));
  if (mode !== undefined) {
    const { family, request } = readRoute(session, args, false);
    session.family(family).addRoute(request, mode[1]);
    return 0;
  }
  if (matches(command, "delete")) {
    const { family, request } = readRoute(session, args, true);
    session.family(family).deleteRoute(request);
    return 0;
  }
  if (matches(command, "flush")) return flush(session, args);
  if (command === "save" || command === "restore" || command === "showdump") {
    throw new CommandError(`ip route ${command} is not emulated.\n`, 1);
  }
  if (matches(command, "help")) usage(ROUTE_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip route help".\n`, 255);
}

/** The families of a dump: IPv4's alone unless all tables are meant or another is asked for. */
function families(session: Session, selection: RouteSelection): ("inet" | "inet6")[] {
  const { family } = session.options;
  if (family === "inet" || family === "inet6") return [family];
  if (family !== "unspec") return [];
  return selection.table === 0 ? ["inet", "inet6"] : ["inet"];
}

/** Tables as the kernel walks them: by the last octet of their numbers. */
function tablesOf(family: nl.AddressFamily, selection: RouteSelection): number[] {
  if (selection.table !== 0) return [selection.table];
  return family.tables().sort((a, b) => (a & 255) - (b & 255) || a - b);
}

function* selected(session: Session, selection: RouteSelection, ending: string): Generator<nl.Route> {
  if (selection.cached) return;
  for (const name of families(session, selection)) {
    const family = session.family(name);
    for (const table of tablesOf(family, selection)) {
      const routes = family.routes(table);
      if (routes === undefined) {
        // Of the main table a list says nothing: there may be no route yet.
        if (selection.table === 0 || (selection.table === nl.RT_TABLE_MAIN && ending === "Dump")) continue;
        const missing = new KernelError(Errno.ENOENT, `ipv${name === "inet" ? 4 : 6}: FIB table does not exist.`);
        throw new CommandError(`${kernelComplaint(missing)}${ending} terminated\n`, 2);
      }
      for (const route of routes) if (selects(selection, route)) yield route;
    }
  }
}

function show(session: Session, args: Arguments): number {
  const selection = readRouteSelection(session, args);
  const printing = printingFor(selection);
  session.out.begin();
  for (const route of selected(session, selection, "Dump")) printRoute(session, route, printing);
  session.out.end();
  return 0;
}

function flush(session: Session, args: Arguments): number {
  const { out, options } = session;
  if (!args.more) throw new CommandError('"ip route flush" requires arguments.\n', 1);
  const selection = readRouteSelection(session, args);
  if (selection.cached && options.family !== "inet6") {
    if (options.statistics > 0) out.text("*** IPv4 routing cache is flushed.\n");
    return 0;
  }
  const printing = printingFor(selection);
  for (let round = 0;; round++) {
    const routes = [...selected(session, selection, "Flush")];
    if (routes.length === 0) {
      if (options.statistics > 0) out.text(round === 0 ? "Nothing to flush.\n" : flushComplete(round));
      return 0;
    }
    for (const each of routes) {
      if (options.statistics > 1) printRoute(session, each, printing);
      remove(session, each);
    }
    if (options.statistics > 0) out.text(`\n*** Round ${round + 1}, deleting ${routes.length} entries ***\n`);
  }
}

/** One of a flush: it may have gone with another. */
function remove(session: Session, route: nl.Route): void {
  const family = session.family(typeof route.destination === "number" ? "inet" : "inet6");
  try {
    family.deleteRoute({
      destination: route.destination,
      prefixLength: route.prefixLength,
      tos: route.tos,
      table: route.table,
      type: route.type,
      scope: route.scope,
      protocol: route.protocol,
      metric: route.metric,
      source: route.source,
      nexthops: route.nexthops.map(({ device, gateway, weight }) => ({ device, gateway, weight })),
    });
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== Errno.ESRCH) throw error;
  }
}

function get(session: Session, args: Arguments): number {
  const query: Partial<nl.RouteQuery> = {};
  let family: Family = session.options.family;
  let input: string | null = null;
  let output: string | null = null;
  let fibMatch = false;
  while (args.more) {
    const word = args.take();
    if (word === "from" || (word !== "" && matches(word, "from"))) {
      const prefix = readPrefix(args.value(), family);
      if (family === "unspec") family = prefix.family;
      if (!prefix.unspecified) query.source = prefix.address;
    } else if (word === "iif") input = args.value();
    else if (word === "oif" || word === "dev") output = args.value();
    else if (word === "mark") {
      const text = args.value();
      query.mark = parseUnsigned(text) ?? wrong(text, "invalid mark value");
    } else if (word === "tos" || word === "dsfield") {
      const text = args.value();
      query.tos = parseTos(text) ?? wrong(text, "TOS value is invalid\n");
    } else if (word === "uid") {
      const text = args.value();
      if (parseUnsigned(text) === null) wrong(text, "invalid UID\n");
    } else if (word === "sport" || word === "dport") {
      const text = args.value();
      const port = parseUnsigned(text, 65535) ?? wrong(text, `invalid ${word}\n`);
      query[word === "sport" ? "sourcePort" : "destinationPort"] = port;
    } else if (word === "ipproto") {
      const text = args.value();
      query.protocol = parseIpProtocol(text) ?? wrong(text, 'Invalid "ipproto" value\n');
    } else if (word === "vrf") wrong(args.value(), "Invalid VRF\n");
    else if (word === "fibmatch") fibMatch = true;
    else if (word === "notify" || word === "connected") continue;
    else {
      const text = word === "to" ? args.value() : word;
      if (text !== "" && matches(text, "help")) usage(ROUTE_USAGE);
      const prefix = readPrefix(text, family);
      if (family === "unspec") family = prefix.family;
      const whole = prefix.family === "inet6" ? 128 : 32;
      if (prefix.length >= 0 && prefix.length !== whole) {
        session.complain(`Warning: /${prefix.length} as prefix is invalid, only /${whole} (or none) is supported.\n`);
      }
      if (prefix.length !== -1) query.destination = prefix.address;
    }
  }
  if (query.destination === undefined) throw new CommandError("need at least a destination address\n", 1);
  query.input = optionalDevice(session, input);
  query.output = optionalDevice(session, output);
  const answer = session.family(family === "inet6" ? "inet6" : "inet").getRoute(query as nl.RouteQuery);
  session.out.begin();
  if (fibMatch) printRoute(session, answer.route, { table: 0 });
  else printAnswer(session, query as nl.RouteQuery, answer);
  session.out.end();
  return 0;
}
