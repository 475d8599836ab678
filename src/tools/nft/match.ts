/** Matches: what is looked at, and the values it is compared with. */
import { ACCEPT, CONTINUE, DROP, GOTO, JUMP, RETURN } from "../../netfilter/hook_state.ts";
import type { Chain, Statement } from "../../netfilter/chain.ts";
import type { Family, Table } from "../../netfilter/ruleset.ts";
import { compareValues, type Selector, SELECTORS, type Value } from "../../netfilter/selector.ts";
import { Comparison, type Operator, RangeMatch } from "../../netfilter/statements.ts";
import {
  type Element,
  type Interval,
  SetMatch,
  ValueSet,
  type VerdictData,
  VerdictMap,
} from "../../netfilter/value_set.ts";
import { NftError, type Place, type Reader, type Token } from "./lexer.ts";
import { FLAG_TYPES, flagNames, parseValue, showValue, type Style, widthOf } from "./types.ts";

/** One step of a rule as it was written. */
export interface Written {
  readonly statement: Statement | null;
  readonly place: Place;
  /** Nothing after it is reached. */
  readonly terminal?: boolean;
  show(style: Style): string;
}

/** What the statements of one rule share while it is read. */
export interface RuleContext {
  readonly family: Family;
  readonly table: Table;
  readonly style: Style;
  /** Throws an NftError for a chain that is not there. */
  chain(token: Token): Chain;
  /** The transport and network protocols that matches before have made sure of. */
  transport: string | null;
  network: "ip" | "ip6" | null;
}

/** A selector with its name and the type of its values. */
export interface Named {
  readonly name: string;
  readonly type: string;
  readonly selector: Selector;
  readonly width: number;
}

const HEADERS = new Set(["ip", "ip6", "icmp", "icmpv6", "tcp", "udp", "th", "ether"]);
const TRANSPORTS = new Set(["icmp", "icmpv6", "tcp", "udp"]);
/** Words of `meta` that may stand without it. */
const BARE_META = new Set(["mark", "iif", "oif", "iifname", "oifname", "l4proto"]);
const SHOWN_BARE = new Set(["iif", "oif", "iifname", "oifname"]);

const TYPES: { readonly [name: string]: string } = {
  "ip saddr": "ipv4_addr",
  "ip daddr": "ipv4_addr",
  "ip protocol": "inet_proto",
  "ip dscp": "dscp",
  "ip6 saddr": "ipv6_addr",
  "ip6 daddr": "ipv6_addr",
  "ip6 nexthdr": "inet_proto",
  "ip6 dscp": "dscp",
  "icmp type": "icmp_type",
  "icmp code": "icmp_code",
  "icmp gateway": "ipv4_addr",
  "icmpv6 type": "icmpv6_type",
  "icmpv6 code": "icmpv6_code",
  "tcp flags": "tcp_flag",
  "ether saddr": "ether_addr",
  "ether daddr": "ether_addr",
  "meta mark": "mark",
  "meta iif": "iface_index",
  "meta oif": "iface_index",
  "meta iifname": "ifname",
  "meta oifname": "ifname",
  "meta l4proto": "inet_proto",
  "meta nfproto": "nf_proto",
  "meta protocol": "ether_type",
  "meta pkttype": "pkt_type",
  "ct state": "ct_state",
  "ct mark": "mark",
  "ct status": "ct_status",
  "ct direction": "ct_dir",
};

function typeOf(name: string): string {
  const known = TYPES[name];
  if (known !== undefined) return known;
  if (/ [sd]port$/.test(name) || / proto-(src|dst)$/.test(name)) return "inet_service";
  if (/ ip [sd]addr$/.test(name)) return "ipv4_addr";
  return "integer";
}

export function isSelectorStart(reader: Reader): boolean {
  const { text, kind } = reader.token;
  if (kind !== "string") return false;
  return HEADERS.has(text) || text === "meta" || text === "ct" || BARE_META.has(text);
}

/** Reads the words that name what is looked at. */
export function readSelector(reader: Reader, context: RuleContext): Named {
  const first = reader.next();
  let name: string;
  if (BARE_META.has(first.text)) name = `meta ${first.text}`;
  else {
    const word = reader.token;
    if (word.kind !== "string") reader.fail();
    reader.next();
    name = `${first.text} ${word.text}`;
    if (first.text === "ct" && (word.text === "original" || word.text === "reply")) {
      const family = reader.is("ip") || reader.is("ip6") ? reader.next().text : null;
      const field = reader.name("").text;
      const address = field === "saddr" || field === "daddr";
      if (address && family === null && context.family === "inet") {
        throw new NftError(`cannot determine ip protocol version, use "ip ${field}" or "ip6 ${field}" instead`, {
          from: first.from,
          to: reader.previous.to,
        });
      }
      name += address ? ` ${family ?? context.family} ${field}` : ` ${field}`;
    }
    if (!SELECTORS.has(name)) throw new NftError(`syntax error, unexpected string`, word);
  }
  const place = { from: first.from, to: reader.previous.to };
  checkProtocols(first.text, name, place, context);
  const selector = SELECTORS.get(name)!;
  const type = typeOf(name);
  const shown = name.startsWith("meta ") && SHOWN_BARE.has(name.slice(5)) ? name.slice(5) : name;
  return { name: shown, type, selector, width: widthOf(type, selector.size) };
}

function checkProtocols(header: string, name: string, place: Place, context: RuleContext): void {
  const conflict = (a: string, b: string): never => {
    throw new NftError(`conflicting protocols specified: ${a} vs. ${b}`, place);
  };
  if (header === "ip" || header === "ip6") {
    const known = context.network ?? (context.family === "ip" || context.family === "ip6" ? context.family : null);
    if (known !== null && known !== header) conflict(known, header);
    context.network = header;
  } else if (TRANSPORTS.has(header)) {
    if (context.transport !== null && context.transport !== header && context.transport !== "many") {
      conflict(context.transport, header);
    }
    context.transport = header;
  } else if (name === "meta nfproto" && context.family !== "inet") {
    throw new NftError("meta nfproto is only useful in the inet family", place);
  }
}

/** A word that stands for a value. */
export function readWord(reader: Reader): Token {
  const { token } = reader;
  if (token.kind === "newline" || token.kind === "end" || token.kind === "symbol") reader.fail();
  return reader.next();
}

function readOne(reader: Reader, named: Named, style: Style): { value: Value; place: Place } {
  const token = readWord(reader);
  return {
    value: parseValue(named.type, token.text, token, style, named.width, token.kind === "quoted"),
    place: token,
  };
}

/** A value, a range or a prefix. */
export function readInterval(reader: Reader, named: Named, style: Style): { interval: Interval; place: Place } {
  const first = readOne(reader, named, style);
  if (reader.is("-")) {
    reader.next();
    const last = readOne(reader, named, style);
    const place = { from: first.place.from, to: last.place.to };
    if (compareValues(first.value, last.value) >= 0) throw new NftError("Range has zero or negative size", place);
    return { interval: { low: first.value, high: last.value, prefix: -1 }, place };
  }
  if (reader.is("/") && reader.peek().kind === "number") {
    reader.next();
    const length = reader.next();
    const place = { from: first.place.from, to: length.to };
    return { interval: prefixInterval(first.value, Number(length.text), named.width, place), place };
  }
  return { interval: { low: first.value, high: first.value, prefix: -1 }, place: first.place };
}

function prefixInterval(value: Value, prefix: number, width: number, place: Place): Interval {
  if (prefix > width) throw new NftError(`Prefix length ${prefix} is invalid for type of ${width} bits width`, place);
  if (prefix === width) return { low: value, high: value, prefix: -1 };
  if (typeof value === "number") {
    const size = 2 ** (width - prefix);
    const low = Math.floor(value / size) * size;
    return { low, high: low + size - 1, prefix };
  }
  if (typeof value === "string") throw new NftError("syntax error, unexpected '/'", place);
  const low = value.slice();
  const high = value.slice();
  for (let bit = prefix; bit < value.length * 8; bit++) {
    low[bit >> 3] &= ~(0x80 >> (bit & 7));
    high[bit >> 3] |= 0x80 >> (bit & 7);
  }
  return { low, high, prefix };
}

function showInterval(type: string, { low, high, prefix }: Interval, style: Style): string {
  const text = showValue(type, low, style);
  if (prefix >= 0) return `${text}/${prefix}`;
  return compareValues(low, high) === 0 ? text : `${text}-${showValue(type, high, style)}`;
}

// Sets

/** What the elements of a set consist of. */
export interface ElementTypes {
  readonly key: readonly Named[];
  /** The type that a map leads to, "verdict" among them; null: a set. */
  readonly data: string | null;
}

/** `jump CHAIN`, `accept`, … as a verdict; null when there is none. */
export function readVerdict(reader: Reader, context: RuleContext): VerdictData | null {
  const verdicts: { readonly [word: string]: number } = {
    accept: ACCEPT,
    drop: DROP,
    return: RETURN,
    continue: CONTINUE,
  };
  const { token } = reader;
  if (token.kind !== "string") return null;
  if (token.text in verdicts) {
    reader.next();
    return { verdict: verdicts[token.text], chain: null };
  }
  if (token.text !== "jump" && token.text !== "goto") return null;
  reader.next();
  return { verdict: token.text === "jump" ? JUMP : GOTO, chain: context.chain(reader.name("")) };
}

export function showVerdict({ verdict, chain }: VerdictData): string {
  if (verdict === JUMP) return `jump ${chain!.name}`;
  if (verdict === GOTO) return `goto ${chain!.name}`;
  return verdict === ACCEPT ? "accept" : verdict === DROP ? "drop" : verdict === RETURN ? "return" : "continue";
}

/** `{ ELEMENT, … }` */
export function readElements(
  reader: Reader,
  types: ElementTypes,
  context: RuleContext,
): { element: Element; place: Place }[] {
  reader.expect("{");
  const list: { element: Element; place: Place }[] = [];
  reader.skipNewlines();
  if (reader.is("}")) reader.fail();
  while (!reader.is("}")) {
    list.push(readElement(reader, types, context));
    reader.skipNewlines();
    if (!reader.take(",")) break;
    reader.skipNewlines();
  }
  reader.expect("}");
  return list;
}

function readElement(reader: Reader, types: ElementTypes, context: RuleContext): { element: Element; place: Place } {
  const from = reader.token.from;
  const fields: Interval[] = [];
  let to = from;
  const any = reader.take("*");
  if (!any) {
    types.key.forEach((named, i) => {
      if (i > 0) reader.expect(".");
      const { interval, place } = readInterval(reader, named, context.style);
      fields.push(interval);
      to = place.to;
    });
  }
  const place = { from, to };
  let comment: string | undefined;
  if (reader.take("comment")) comment = reader.next().text;
  if (types.data === null) return { element: { fields, any, comment }, place };
  reader.expect(":");
  if (types.data === "verdict") {
    const verdict = readVerdict(reader, context);
    if (verdict === null) reader.fail();
    return { element: { fields, any, comment, verdict }, place };
  }
  const token = readWord(reader);
  const data = parseValue(types.data, token.text, token, context.style, widthOf(types.data, 4));
  return { element: { fields, any, comment, data }, place };
}

export function showElement(element: Element, types: ElementTypes, style: Style): string {
  let text = element.any ? "*" : element.fields.map((f, i) => showInterval(types.key[i].type, f, style)).join(" . ");
  if (element.comment !== undefined) text += ` comment "${element.comment}"`;
  if (element.verdict !== undefined) text += ` : ${showVerdict(element.verdict)}`;
  else if (element.data !== undefined) text += ` : ${showValue(types.data!, element.data, style)}`;
  return text;
}

/** An anonymous set or map. */
export function readAnonymous(reader: Reader, types: ElementTypes, context: RuleContext): ValueSet {
  const set = new ValueSet();
  for (const { element } of readElements(reader, types, context)) if (set.same(element) === undefined) set.add(element);
  context.table.takeHandle();
  return set;
}

export function showAnonymous(set: ValueSet, types: ElementTypes, style: Style): string {
  return `{ ${set.elements.map((element) => showElement(element, types, style)).join(", ")} }`;
}

/** `@NAME` */
export function readSetName(reader: Reader, context: RuleContext): { set: ValueSet; name: string } {
  const at = reader.expect("@");
  const token = reader.name();
  const set = context.table.set(token.text);
  if (set === undefined) throw new NftError("No such file or directory", { from: at.from, to: token.to });
  return { set, name: token.text };
}

// Matches

const OPERATORS = new Set<string>(["==", "!=", "<", ">", "<=", ">="]);
const OPERATOR_WORDS: { readonly [word: string]: Operator } = {
  eq: "==",
  ne: "!=",
  lt: "<",
  gt: ">",
  le: "<=",
  ge: ">=",
};

/** Reads a match whose first selector has been read. */
export function readMatch(reader: Reader, context: RuleContext, first: Named, from: number): Written {
  const key = [first];
  while (reader.take(".")) key.push(readSelector(reader, context));
  const name = key.map((named) => named.name).join(" . ");
  const selectors = key.map((named) => named.selector);
  const place = () => ({ from, to: reader.previous.to });
  if (reader.take("vmap")) {
    const types = { key, data: "verdict" };
    if (reader.is("@")) {
      const { set, name: setName } = readSetName(reader, context);
      const statement = new VerdictMap(selectors, set);
      return { statement, place: place(), show: () => `${name} vmap @${setName}` };
    }
    const set = readAnonymous(reader, types, context);
    const statement = new VerdictMap(selectors, set);
    return { statement, place: place(), show: (style) => `${name} vmap ${showAnonymous(set, types, style)}` };
  }
  if (key.length === 1 && (reader.is("&") || reader.is("and") || (reader.is("/")))) {
    return readMasked(reader, context, first, from);
  }
  const operator = readOperator(reader);
  if (reader.is("@") || reader.is("{")) {
    const types = { key, data: null };
    const negated = operator === "!=";
    const before = negated ? `${name} != ` : `${name} `;
    if (reader.is("@")) {
      const { set, name: setName } = readSetName(reader, context);
      return { statement: new SetMatch(selectors, set, negated), place: place(), show: () => `${before}@${setName}` };
    }
    const set = readAnonymous(reader, types, context);
    rememberSet(context, first, set, negated);
    return {
      statement: new SetMatch(selectors, set, negated),
      place: place(),
      show: (style) => before + showAnonymous(set, types, style),
    };
  }
  if (key.length > 1) reader.fail();
  return readComparison(reader, context, first, operator, from);
}

function readOperator(reader: Reader): Operator | null {
  const { text } = reader.token;
  if (OPERATORS.has(text)) return reader.next().text as Operator;
  if (text in OPERATOR_WORDS && reader.token.kind === "string") return OPERATOR_WORDS[reader.next().text];
  return null;
}

/** A set of transport protocols lets any with ports be looked at. */
function rememberSet(context: RuleContext, named: Named, set: ValueSet, negated: boolean): void {
  if (negated || named.type !== "inet_proto") return;
  context.transport = set.elements.length === 1 ? protocolName(set.elements[0].fields[0].low) : "many";
}

function protocolName(value: Value): string {
  return value === 6 ? "tcp" : value === 17 ? "udp" : value === 1 ? "icmp" : value === 58 ? "icmpv6" : "many";
}

/** `a | b` or `(a | b)`, of numbers. */
function readBits(reader: Reader, named: Named, style: Style): number {
  const inner = reader.take("(");
  let value = 0;
  do {
    if (reader.is("(")) value |= readBits(reader, named, style);
    else value |= readOne(reader, named, style).value as number;
  } while (reader.take("|") || reader.take("or"));
  if (inner) reader.expect(")");
  return value >>> 0;
}

function showNumber(named: Named, value: number, style: Style): string {
  return named.type === "mark" || named.type === "ipv4_addr" ? showValue(named.type, value, style) : String(value);
}

/** `SELECTOR & MASK OPERATOR VALUE` */
function readMasked(reader: Reader, context: RuleContext, named: Named, from: number): Written {
  reader.next();
  const { style } = context;
  if (named.selector.kind !== "number") reader.fail();
  const mask = readBits(reader, named, style);
  const operator = readOperator(reader) ?? "==";
  const value = readBits(reader, named, style);
  const statement = new Comparison(named.selector, operator, value, mask);
  const place = { from, to: reader.previous.to };
  const { name, type } = named;
  if (FLAG_TYPES.has(type)) {
    return {
      statement,
      place,
      show: (style) => showFlags(name, type, mask, operator, value, style),
    };
  }
  const bits = prefixOf(mask);
  if (type === "ipv4_addr" && bits >= 0 && (operator === "==" || operator === "!=")) {
    const sign = operator === "!=" ? "!= " : "";
    return { statement, place, show: (style) => `${name} ${sign}${showValue(type, value, style)}/${bits}` };
  }
  return {
    statement,
    place,
    show: (style) => `${name} & ${showNumber(named, mask, style)} ${operator} ${showNumber(named, value, style)}`,
  };
}

function showFlags(name: string, type: string, mask: number, operator: Operator, value: number, style: Style): string {
  const all = flagNames(type, mask, style) ?? showValue(type, mask, style);
  if (value === 0 && operator === "!=") return `${name} ${all}`;
  const some = value === 0 ? "0x0" : flagNames(type, value, style) ?? showValue(type, value, style);
  if (value === 0 && operator === "==") return `${name} ! ${all}`;
  return `${name} ${operator === "!=" ? "!= " : ""}${some} / ${all}`;
}

/** Bits of a netmask, or -1. */
function prefixOf(mask: number): number {
  const bits = Math.clz32(~mask);
  return mask === (bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0) ? bits : -1;
}

function readComparison(
  reader: Reader,
  context: RuleContext,
  named: Named,
  operator: Operator | null,
  from: number,
): Written {
  const { style } = context;
  const { name, type, selector } = named;
  if (FLAG_TYPES.has(type)) return readFlags(reader, style, named, operator, from);
  const { interval } = readInterval(reader, named, style);
  const place = { from, to: reader.previous.to };
  const sign = operator === null || operator === "==" ? "" : `${operator} `;
  if (type === "inet_proto" && sign === "") context.transport = protocolName(interval.low);
  if (name === "meta nfproto" && sign === "") context.network = interval.low === 2 ? "ip" : "ip6";
  const show = (style: Style) => `${name} ${sign}${showInterval(type, interval, style)}`;
  if (interval.prefix < 0 && compareValues(interval.low, interval.high) === 0) {
    const statement = new Comparison(selector, operator ?? "==", interval.low);
    // In a table of one network protocol that it is of this protocol goes without saying.
    const implied = name === "meta protocol" && sign === "" &&
      ((context.family === "ip" && interval.low === 0x800) || (context.family === "ip6" && interval.low === 0x86dd));
    return { statement, place, show: implied ? () => "" : show };
  }
  return { statement: new RangeMatch(selector, interval.low, interval.high, operator === "!="), place, show };
}

/** Flags: with no operator, any of those named; `V / M`: of M just V. */
function readFlags(reader: Reader, style: Style, named: Named, operator: Operator | null, from: number): Written {
  const { name, type, selector } = named;
  const negated = reader.take("!");
  let value = readBits(reader, named, style);
  let listed = false;
  while (reader.take(",")) {
    value |= readOne(reader, named, style).value as number;
    listed = true;
  }
  if (reader.take("/")) {
    let mask = readBits(reader, named, style);
    while (reader.take(",")) mask |= readOne(reader, named, style).value as number;
    const sign = operator ?? "==";
    const statement = new Comparison(selector, sign, value, mask);
    const place = { from, to: reader.previous.to };
    return { statement, place, show: (style) => showFlags(name, type, mask, sign, value, style) };
  }
  const place = { from, to: reader.previous.to };
  const names = (style: Style) => flagNames(type, value, style);
  if (negated) {
    return { statement: new Comparison(selector, "==", 0, value), place, show: (style) => `${name} ! ${names(style)}` };
  }
  if (operator === null) {
    const statement = new Comparison(selector, "!=", 0, value);
    return { statement, place, show: (style) => `${name} ${names(style) ?? showValue(type, value, style)}` };
  }
  const statement = listed && operator === "!="
    ? new Comparison(selector, "==", 0, value)
    : new Comparison(selector, operator, value);
  const show = (style: Style) => {
    const text = listed ? names(style) : null;
    return `${name} ${operator} ${text ?? showValue(type, value, style)}`;
  };
  return { statement, place, show };
}
