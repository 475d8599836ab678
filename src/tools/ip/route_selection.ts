/** Which routes `ip route show` and `flush` mean (`iproute_list_flush_or_save`, `filter_nlmsg`). */
import type { Interface } from "../../device/interface.ts";
import type * as nl from "../../ip/netlink.ts";
import { RT_TABLE_MAIN } from "../../ip/netlink.ts";
import { type Arguments, matches, unsigned, usage, wrong } from "./arguments.ts";
import { parseTos, routeProtocols, routeTypes, scopes, tables } from "./names.ts";
import { familyOf, type Prefix, readPrefix, samePrefix } from "./prefix.ts";
import { isWhole, type RoutePrinting } from "./route_show.ts";
import { optionalDevice } from "./route_words.ts";
import type { Session } from "./session.ts";
import { ROUTE_USAGE } from "./usage.ts";

export interface RouteSelection {
  /** 0 is all. */
  table: number;
  /** Routes of the cache, of which a dump has none. */
  cached: boolean;
  tos: number | null;
  protocol: number | null;
  scope: number | null;
  type: number | null;
  metric: number | null;
  device: Interface | null;
  via: Prefix | null;
  source: Prefix | null;
  /** `root`: those within; `match`: those around; both: exactly this. */
  root: Prefix | null;
  match: Prefix | null;
}

export function readRouteSelection(session: Session, args: Arguments): RouteSelection {
  const selection: RouteSelection = {
    table: RT_TABLE_MAIN,
    cached: false,
    tos: null,
    protocol: null,
    scope: null,
    type: null,
    metric: null,
    device: null,
    via: null,
    source: null,
    root: null,
    match: null,
  };
  let device: string | null = null;
  const { family } = session.options;
  while (args.more) {
    const word = args.take();
    const is = (full: string) => word !== "" && matches(word, full);
    if (is("table")) readTable(selection, args.value());
    else if (word === "vrf") wrong(args.value(), "Invalid VRF\n");
    else if (is("cached") || is("cloned")) selection.cached = true;
    else if (word === "tos" || is("dsfield")) {
      const value = args.value();
      selection.tos = parseTos(value) ?? wrong(value, "TOS value is invalid\n");
    } else if (is("protocol")) {
      const value = args.value();
      selection.protocol = value === "all" ? null : routeProtocols.parse(value) ?? wrong(value, 'invalid "protocol"\n');
    } else if (is("scope")) {
      const value = args.value();
      selection.scope = value === "all" ? null : scopes.parse(value) ?? wrong(value, 'invalid "scope"\n');
    } else if (is("type")) {
      const value = args.value();
      selection.type = routeTypes.parse(value) ?? wrong(value, "node type value is invalid\n");
    } else if (word === "dev" || word === "oif" || word === "iif") device = args.value();
    else if (is("metric") || is("priority") || word === "preference") {
      selection.metric = unsigned(args.value(), '"metric" value is invalid\n');
    } else if (word === "via") selection.via = readPrefix(args.value(), family);
    else if (word === "src") selection.source = readPrefix(args.value(), family);
    else readDestination(session, args, word, selection);
  }
  selection.device = optionalDevice(session, device);
  return selection;
}

function readTable(selection: RouteSelection, text: string): void {
  const table = tables.parse(text);
  if (table !== null) selection.table = table;
  else if (text === "all") selection.table = 0;
  else if (text === "cache") selection.cached = true;
  else if (text === "help") usage(ROUTE_USAGE);
  else wrong(text, "table id value is invalid\n");
}

function readDestination(session: Session, args: Arguments, first: string, selection: RouteSelection): void {
  const { family } = session.options;
  const word = first === "to" ? args.value() : first;
  if (word === "root") selection.root = readPrefix(args.value(), family);
  else if (word === "match") selection.match = readPrefix(args.value(), family);
  else {
    const text = word === "exact" ? args.value() : word;
    if (text !== "" && matches(text, "help")) usage(ROUTE_USAGE);
    selection.match = selection.root = readPrefix(text, family);
  }
}

/** What needs no printing since all of the selection have it. */
export function printingFor(selection: RouteSelection): RoutePrinting {
  const { via, source } = selection;
  return {
    table: selection.table,
    device: selection.device !== null,
    protocol: selection.protocol !== null,
    scope: selection.scope !== null,
    metric: selection.metric !== null,
    tos: selection.tos !== null,
    gateway: via !== null && isWhole(via.address, via.length),
    source: source !== null && isWhole(source.address, source.length),
  };
}

export function selects(selection: RouteSelection, route: nl.Route): boolean {
  if (selection.cached) return false;
  if (selection.tos !== null && route.tos !== selection.tos) return false;
  if (selection.protocol !== null && route.protocol !== selection.protocol) return false;
  if (selection.scope !== null && route.scope !== selection.scope) return false;
  if (selection.type !== null && route.type !== selection.type) return false;
  if (selection.metric !== null && route.metric !== selection.metric) return false;
  const single = route.nexthops.length === 1 ? route.nexthops[0] : null;
  if (selection.device !== null && single?.device !== selection.device) return false;
  const { via, source, root, match } = selection;
  if (via !== null && (single?.gateway == null || !within(single.gateway, via))) return false;
  if (source !== null && (route.source === null || !within(route.source, source))) return false;
  if (root !== null) {
    if (Math.max(root.length, 0) > route.prefixLength) return false;
    if (!within(route.destination, root)) return false;
  }
  if (match !== null) {
    const length = Math.max(match.length, 0);
    if (length < route.prefixLength) return false;
    if (!match.unspecified && !samePrefix(route.destination, match.address, route.prefixLength)) return false;
  }
  return true;
}

function within(address: nl.Route["destination"], prefix: Prefix): boolean {
  if (prefix.unspecified) return true;
  return familyOf(address) === prefix.family && samePrefix(address, prefix.address, prefix.length);
}
