/** `ip rule` (`ip/iprule.c`). */
import * as nl from "../../ip/netlink.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, matches, parseUnsigned, unsigned, usage, wrong } from "./arguments.ts";
import { formatIpProtocol, formatTos, parseIpProtocol, parseTos, routeProtocols, routeTypes, tables } from "./names.ts";
import { bits, type Family, formatAddress, readPrefix, samePrefix } from "./prefix.ts";
import { type Session, validName } from "./session.ts";
import { RULE_USAGE } from "./usage.ts";

export function rule(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "list";
  if (matches(command, "list") || matches(command, "lst") || matches(command, "show")) return list(session, args);
  if (matches(command, "add")) return modify(session, args, "add");
  if (matches(command, "delete")) return modify(session, args, "del");
  if (matches(command, "flush")) return flush(session, args);
  if (command === "save" || command === "restore") {
    throw new CommandError(`ip rule ${command} is not emulated.\n`, 1);
  }
  if (matches(command, "help")) usage(RULE_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip rule help".\n`, 255);
}

function familyOf(session: Session): "inet" | "inet6" {
  return session.options.family === "inet6" ? "inet6" : "inet";
}

/** What a list is asked for: what is left out matches all. */
type Filter = Partial<nl.Rule>;

function readFilter(session: Session, args: Arguments): Filter {
  const filter: Filter = {};
  const family: Family = session.options.family;
  while (args.more) {
    const word = args.take();
    if (word === "preference" || word === "order" || word === "priority" || matches(word, "pref")) {
      filter.priority = unsigned(args.value(), "preference value is invalid\n");
    } else if (word === "not") filter.invert = true;
    else if (word === "tos" || word === "dsfield") {
      const text = args.value();
      filter.tos = parseTos(text) ?? wrong(text, "TOS value is invalid\n");
    } else if (word === "fwmark") readMark(filter, args.value());
    else if (word === "dev" || word === "iif") filter.iif = args.value();
    else if (word === "oif") filter.oif = args.value();
    else if (word === "lookup" || matches(word, "table")) {
      const text = args.value();
      filter.table = tables.parse(text) ?? wrong(text, "invalid table ID\n");
    } else if (word === "from") [filter.from, filter.fromLength] = readSelector(args.value(), family);
    else if (matches(word, "protocol")) {
      const text = args.value();
      filter.protocol = routeProtocols.parse(text) ?? wrong(text, 'invalid "protocol"\n');
    } else {
      const text = word === "to" ? args.value() : word;
      if (matches(text, "help")) usage(RULE_USAGE);
      [filter.to, filter.toLength] = readSelector(text, family);
    }
  }
  return filter;
}

function readSelector(text: string, family: Family): [nl.Rule["from"], number] {
  const prefix = readPrefix(text, family);
  return [prefix.address, Math.max(prefix.length, 0)];
}

function readMark(rule: Filter, text: string): void {
  const [mark, mask] = text.split("/", 2);
  rule.fwmark = unsigned(mark, "fwmark value is invalid\n");
  rule.fwmask = mask === undefined ? 0xffffffff : unsigned(mask, "fwmask value is invalid\n");
}

function passes(filter: Filter, rule: nl.Rule): boolean {
  const { from, to } = filter;
  if (filter.priority !== undefined && filter.priority !== rule.priority) return false;
  if (filter.invert && !rule.invert) return false;
  if (filter.tos !== undefined && filter.tos !== rule.tos) return false;
  if (filter.fwmark !== undefined && filter.fwmark !== rule.fwmark) return false;
  if (filter.iif !== undefined && filter.iif !== rule.iif) return false;
  if (filter.oif !== undefined && filter.oif !== rule.oif) return false;
  if (filter.table !== undefined && filter.table !== rule.table) return false;
  if (filter.protocol !== undefined && filter.protocol !== rule.protocol) return false;
  if (from != null && (rule.from === null || !within(rule.from, rule.fromLength, from, filter.fromLength!))) {
    return false;
  }
  return to == null || (rule.to !== null && within(rule.to, rule.toLength, to, filter.toLength!));
}

function within(
  address: NonNullable<nl.Rule["from"]>,
  length: number,
  of: NonNullable<nl.Rule["from"]>,
  ofLength: number,
): boolean {
  return length >= ofLength && samePrefix(address, of, ofLength);
}

function list(session: Session, args: Arguments): number {
  const filter = readFilter(session, args);
  session.out.begin();
  for (const each of session.family(familyOf(session)).rules()) {
    if (passes(filter, each)) printRule(session, each);
  }
  session.out.end();
  return 0;
}

/** `from 10.0.0.0/24`, in JSON address and length apart. */
function printSelector(
  session: Session,
  key: "src" | "dst",
  label: string,
  address: NonNullable<nl.Rule["from"]>,
  length: number,
): void {
  const { out } = session;
  const text = formatAddress(address);
  const whole = length === bits(address);
  out.put(key, text, `${label}${text}${whole ? "" : `/${length}`}`, typeof address === "number" ? "inet" : "inet6");
  if (!whole) out.put(`${key}len`, length, null);
}

export function printRule(session: Session, rule: nl.Rule, deleted = false): void {
  const { out, options } = session;
  const { numeric } = options;
  out.openObject();
  if (deleted) out.put("deleted", true, "Deleted ");
  out.put("priority", rule.priority, `${rule.priority}:\t`);
  if (rule.invert) out.put("not", null, "not ");
  if (rule.from === null || rule.fromLength === 0) out.put("src", "all", "from all");
  else {
    out.text("from ");
    printSelector(session, "src", "", rule.from, rule.fromLength);
  }
  if (rule.to !== null && rule.toLength > 0) {
    out.text(" to ");
    printSelector(session, "dst", "", rule.to, rule.toLength);
  }
  if (rule.tos !== 0) out.put("tos", formatTos(rule.tos, numeric), ` tos ${formatTos(rule.tos, numeric)}`);
  if (rule.fwmark !== 0 || (rule.fwmask !== 0 && rule.fwmask !== 0xffffffff)) {
    out.put("fwmark", hex(rule.fwmark), ` fwmark ${hex(rule.fwmark)}`);
    if (rule.fwmask !== 0xffffffff) out.put("fwmask", hex(rule.fwmask), `/${hex(rule.fwmask)}`);
  }
  printDevice(session, "iif", rule.iif);
  printDevice(session, "oif", rule.oif);
  if (rule.ipProtocol !== 0) {
    const protocol = formatIpProtocol(rule.ipProtocol, numeric);
    out.put("ipproto", protocol, ` ipproto ${protocol}`);
  }
  if (rule.sourcePorts !== null) printPorts(session, "sport", rule.sourcePorts);
  if (rule.destinationPorts !== null) printPorts(session, "dport", rule.destinationPorts);
  printAction(session, rule);
  if (rule.protocol !== nl.RTPROT_KERNEL && (rule.protocol !== 0 || options.details) || options.details) {
    const protocol = routeProtocols.name(rule.protocol, numeric);
    out.put("protocol", protocol, ` proto ${protocol}`);
  }
  out.text("\n");
  out.closeObject();
}

function hex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}

/** An interface that does not exist (now) is `[detached]`. */
function printDevice(session: Session, key: "iif" | "oif", name: string): void {
  if (name === "") return;
  const { out } = session;
  out.text(` ${key} `);
  out.put(key, name, name, "ifname");
  if (session.namespace.interfaces.byName(name) === undefined) out.put(`${key}_detached`, null, " [detached]");
}

function printPorts(session: Session, key: "sport" | "dport", [first, last]: [number, number]): void {
  const { out } = session;
  if (first === last) out.put(key, first, ` ${key} ${first}`);
  else {
    out.put(`${key}_start`, first, null);
    out.put(`${key}_end`, last, null);
    out.text(` ${key} ${first}-${last}`);
  }
}

function printAction(session: Session, rule: nl.Rule): void {
  const { out, options } = session;
  if (rule.action === nl.FR_ACT_TO_TBL) {
    const table = tables.name(rule.table, options.numeric);
    out.put("table", table, ` lookup ${table}`);
    if (rule.suppressPrefixLength >= 0) {
      out.put("suppress_prefixlen", rule.suppressPrefixLength, ` suppress_prefixlength ${rule.suppressPrefixLength}`);
    }
  } else if (rule.action === nl.FR_ACT_GOTO) {
    out.put("goto", rule.goto, ` goto ${rule.goto}`);
    const family = rule.from ?? rule.to;
    const name = typeof family === "number" || family === null ? familyOf(session) : "inet6";
    if (!session.family(name).rules().some((other) => other.priority === rule.goto)) {
      out.put("unresolved", null, " [unresolved]");
    }
  } else if (rule.action === nl.FR_ACT_NOP) out.put("nop", null, " nop");
  else {
    const action = routeTypes.name(rule.action, options.numeric);
    out.put("action", action, ` ${action}`);
  }
}

const TYPES: Record<string, number> = {
  blackhole: nl.FR_ACT_BLACKHOLE,
  unreachable: nl.FR_ACT_UNREACHABLE,
  prohibit: nl.FR_ACT_PROHIBIT,
  unicast: nl.FR_ACT_TO_TBL,
};

function modify(session: Session, args: Arguments, how: "add" | "del"): number {
  if (!args.more) throw new CommandError(`"ip rule ${how}" requires arguments.\n`, 1);
  const request: Partial<nl.Rule> = {};
  const family: Family = session.options.family;
  while (args.more) readWord(args, request, family);
  if (how === "add" && request.action === undefined) {
    request.action = nl.FR_ACT_TO_TBL;
    request.table ??= nl.RT_TABLE_MAIN;
  }
  // Without -6 it is a rule of IPv4, whatever its addresses are.
  const target = session.family(familyOf(session));
  const version = familyOf(session) === "inet" ? "number" : "object";
  if (request.fromLength && typeof request.from !== version) {
    throw new KernelError(Errno.EINVAL, "Invalid source address");
  }
  if (request.toLength && typeof request.to !== version) throw new KernelError(Errno.EINVAL, "Invalid dst address");
  if (how === "add") target.addRule(request, "add");
  else target.deleteRule(request);
  return 0;
}

function readWord(args: Arguments, request: Partial<nl.Rule>, family: Family): void {
  const word = args.take();
  const is = (full: string) => word !== "" && matches(word, full);
  if (word === "not") request.invert = true;
  else if (word === "from" || word === "to") {
    const prefix = readPrefix(args.value(), family);
    const length = Math.max(prefix.length, 0);
    if (word === "from") [request.from, request.fromLength] = [prefix.address, length];
    else [request.to, request.toLength] = [prefix.address, length];
  } else if (is("preference") || is("order") || is("priority")) {
    request.priority = unsigned(args.value(), "preference value is invalid\n");
  } else if (word === "tos" || is("dsfield")) {
    const text = args.value();
    request.tos = parseTos(text) ?? wrong(text, "TOS value is invalid\n");
  } else if (word === "fwmark") readMark(request, args.value());
  else if (is("protocol")) {
    const text = args.value();
    request.protocol = routeProtocols.parse(text) ?? wrong(text, '"protocol" value is invalid\n');
  } else if (is("table") || word === "lookup") {
    const text = args.value();
    request.table = tables.parse(text) ?? wrong(text, "invalid table ID\n");
    request.action ??= nl.FR_ACT_TO_TBL;
  } else if (is("suppress_prefixlength") || word === "sup_pl") {
    request.suppressPrefixLength = unsigned(args.value(), "suppress_prefixlength value is invalid\n", 0x7fffffff);
  } else if (word === "dev" || word === "iif") {
    request.iif = args.value();
    if (!validName(request.iif)) wrong(request.iif, '"iif"/"dev" not a valid ifname');
  } else if (word === "oif") {
    request.oif = args.value();
    if (!validName(request.oif)) wrong(request.oif, '"oif" not a valid ifname');
  } else if (word === "ipproto") {
    const text = args.value();
    request.ipProtocol = parseIpProtocol(text) ?? wrong(text, 'Invalid "ipproto" value\n');
  } else if (word === "sport") request.sourcePorts = readPorts(args.value(), "invalid port range\n");
  else if (word === "dport") request.destinationPorts = readPorts(args.value(), "invalid dport range\n");
  else readType(args, word, request);
}

function readPorts(text: string, complaint: string): [number, number] {
  const [first, last = first] = text.split("-", 2);
  const from = parseUnsigned(first, 65535) ?? wrong(text, complaint);
  return [from, parseUnsigned(last, 65535) ?? wrong(text, complaint)];
}

function readType(args: Arguments, first: string, request: Partial<nl.Rule>): void {
  const word = first === "type" ? args.value() : first;
  if (word !== "" && matches(word, "help")) usage(RULE_USAGE);
  if (word === "goto" || (word !== "" && matches(word, "goto"))) {
    request.action = nl.FR_ACT_GOTO;
    request.goto = unsigned(args.value(), "invalid target\n");
  } else if (matches(word, "nop")) request.action = nl.FR_ACT_NOP;
  else if (TYPES[word] !== undefined) request.action = TYPES[word];
  else wrong(word, "Failed to parse rule type");
}

/** All rules but that of priority 0 (and, with `protocol`, only those of one origin). */
function flush(session: Session, args: Arguments): number {
  let protocol: number | null = null;
  while (args.more) {
    const word = args.take();
    if (matches(word, "protocol")) {
      const text = args.value();
      protocol = routeProtocols.parse(text) ?? wrong(text, 'invalid "protocol"\n');
    } else usage(RULE_USAGE);
  }
  const family = session.family(familyOf(session));
  for (const each of [...family.rules()]) {
    if (each.priority === 0 || (protocol !== null && each.protocol !== protocol)) continue;
    family.deleteRule({ ...each });
  }
  return 0;
}
