/** The statements of a rule. */
import { Counter, Limit, MarkSet, NoTrack, Verdict } from "../../netfilter/statements.ts";
import { NatStatement, type NatType, setAddress } from "../../netfilter/nat_statement.ts";
import { NatRange } from "../../netfilter/nat.ts";
import { Reject } from "../../netfilter/reject.ts";
import { SELECTORS } from "../../netfilter/selector.ts";
import { describe, NftError, type Reader } from "./lexer.ts";
import {
  isSelectorStart,
  type Named,
  readAnonymous,
  readMatch,
  readSelector,
  readSetName,
  readVerdict,
  readWord,
  type RuleContext,
  showAnonymous,
  showVerdict,
  type Written,
} from "./match.ts";
import { parseValue, showValue, type Style } from "./types.ts";

/** A whole rule: its statements, and its comment. */
export function readRule(reader: Reader, context: RuleContext): { written: Written[]; comment: string | null } {
  const written: Written[] = [];
  let comment: string | null = null;
  if (reader.atEnd) reader.fail();
  while (!reader.atEnd) {
    if (reader.is("comment")) {
      reader.next();
      comment = reader.next().text;
      break;
    }
    const last = written[written.length - 1];
    const one = readStatement(reader, context);
    if (last?.terminal) {
      throw new NftError("Statement after terminal statement has no effect", one.place, last.place);
    }
    written.push(one);
  }
  return { written, comment };
}

function readStatement(reader: Reader, context: RuleContext): Written {
  const start = reader.token;
  const from = start.from;
  const place = () => ({ from, to: reader.previous.to });
  if (start.kind !== "string") reader.fail();
  const verdict = readVerdict(reader, context);
  if (verdict !== null) {
    const statement = new Verdict(verdict.verdict, verdict.chain);
    return {
      statement,
      place: place(),
      terminal: start.text !== "continue" && start.text !== "jump",
      show: () => showVerdict(verdict),
    };
  }
  switch (start.text) {
    case "counter":
      return readCounter(reader, context);
    case "limit":
      return readLimit(reader);
    case "log":
      return readLog(reader);
    case "reject":
      return readReject(reader, context);
    case "masquerade":
    case "redirect":
    case "snat":
    case "dnat":
      return readNat(reader, context, start.text);
    case "notrack":
      reader.next();
      return { statement: new NoTrack(), place: place(), show: () => "notrack" };
  }
  if (!isSelectorStart(reader)) return unknownWord(reader);
  const named = readSelector(reader, context);
  if (reader.is("set") && (named.name === "meta mark" || named.name === "ct mark" || named.name === "meta priority")) {
    return readMarkSet(reader, context, named, from);
  }
  return readMatch(reader, context, named, from);
}

/** A word by itself is taken for a symbol, whose value is missed. */
function unknownWord(reader: Reader): never {
  const word = reader.next();
  if (reader.atEnd) reader.fail();
  throw new NftError("No symbol type information", word);
}

function readCounter(reader: Reader, context: RuleContext): Written {
  const { from } = reader.next();
  if (reader.take("name")) {
    const token = reader.name();
    const named = context.table.counters.find((one) => one.name === token.text);
    if (named === undefined) throw new NftError("Could not process rule: No such file or directory", token);
    return {
      statement: named.counter,
      place: { from, to: token.to },
      show: () => `counter name "${named.name}"`,
    };
  }
  const counter = new Counter();
  readCounts(reader, counter);
  return {
    statement: counter,
    place: { from, to: reader.previous.to },
    show: (style) => style.stateless ? "counter" : `counter packets ${counter.packets} bytes ${counter.bytes}`,
  };
}

export function readCounts(reader: Reader, counter: Counter): void {
  if (!reader.take("packets")) return;
  counter.packets = Number(reader.next().text);
  reader.expect("bytes");
  counter.bytes = Number(reader.next().text);
}

const PERIODS: { readonly [unit: string]: number } = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800 };
const UNITS: { readonly [unit: string]: number } = { bytes: 1, kbytes: 1024, mbytes: 1024 * 1024 };

function number(reader: Reader): number {
  if (reader.token.kind !== "number") reader.fail();
  return Number(reader.next().text);
}

function inUnits(octets: number): string {
  if (octets > 0 && octets % UNITS.mbytes === 0) return `${octets / UNITS.mbytes} mbytes`;
  if (octets > 0 && octets % UNITS.kbytes === 0) return `${octets / UNITS.kbytes} kbytes`;
  return `${octets} bytes`;
}

function readLimit(reader: Reader): Written {
  const { from } = reader.next();
  reader.expect("rate", "rate");
  const over = reader.take("over");
  if (!over) reader.take("until");
  let rate = number(reader);
  let octets = false;
  let unit = "";
  const { token } = reader;
  const [size, period] = token.kind === "string" ? token.text.split("/") : [""];
  if (size in UNITS) {
    octets = true;
    rate *= UNITS[size];
    reader.next();
    if (period !== undefined) unit = period;
  }
  if (unit === "") {
    reader.expect("/", "/ or string or bytes");
    unit = reader.next().text;
  }
  const per = PERIODS[unit];
  if (per === undefined) throw new NftError(`syntax error, unexpected ${describe(reader.previous)}`, reader.previous);
  let burst = octets ? 0 : 5;
  if (reader.take("burst")) {
    burst = number(reader);
    if (reader.token.text in UNITS) burst *= UNITS[reader.next().text];
    else reader.take("packets");
  }
  const statement = new Limit(rate, per, burst, octets, over);
  let text = `limit rate ${over ? "over " : ""}${octets ? inUnits(rate) : rate}/${unit}`;
  if (octets && burst !== 0) text += ` burst ${inUnits(burst)}`;
  else if (!octets && burst !== 5) text += ` burst ${burst} packets`;
  return { statement, place: { from, to: reader.previous.to }, show: () => text };
}

const LOG_WORDS = new Set(["prefix", "level", "flags", "group", "snaplen", "queue-threshold"]);
const LOG_LEVELS = new Set(["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit"]);

/** Logged packets of a namespace but the first appear nowhere (nf_log_all_netns), and here none do. */
function readLog(reader: Reader): Written {
  const { from } = reader.next();
  let text = "log";
  while (LOG_WORDS.has(reader.token.text) && reader.token.kind === "string") {
    const word = reader.next().text;
    const value = readWord(reader);
    if (word === "level" && !LOG_LEVELS.has(value.text)) throw new NftError("invalid log level", value);
    if (word === "level" && value.text === "warn") continue;
    let shown = value.text;
    if (word === "flags" && shown !== "all") shown += ` ${reader.next().text}`;
    text += ` ${word} ${word === "prefix" ? `"${shown}"` : shown}`;
  }
  return { statement: null, place: { from, to: reader.previous.to }, show: () => text };
}

/** The codes of Destination Unreachable that `icmpx` stands for, of each version. */
const ICMPX: readonly (readonly [code4: number, code6: number])[] = [[0, 0], [3, 4], [1, 3], [13, 1]];

function readReject(reader: Reader, context: RuleContext): Written {
  const start = reader.next();
  const { from } = start;
  const { family } = context;
  const network = family === "inet" ? context.network : family;
  if (!reader.take("with")) {
    const text = family !== "inet" || network === null
      ? "reject"
      : `reject with ${network === "ip" ? "icmp" : "icmpv6"} port-unreachable`;
    return {
      statement: new Reject(false, network === "ip6" ? -1 : 3, network === "ip" ? -1 : 4),
      place: start,
      terminal: true,
      show: () => text,
    };
  }
  const kind = reader.next();
  if (kind.text === "tcp") {
    reader.expect("reset", "reset");
    const place = { from, to: reader.previous.to };
    if (context.transport !== null && context.transport !== "tcp" && context.transport !== "many") {
      throw new NftError(`conflicting protocols specified: ${context.transport} vs. tcp`, place);
    }
    return { statement: new Reject(true, -1, -1), place, terminal: true, show: () => "reject with tcp reset" };
  }
  if (kind.text !== "icmp" && kind.text !== "icmpv6" && kind.text !== "icmpx") {
    throw new NftError(`syntax error, unexpected ${kind.text}`, kind);
  }
  reader.take("type");
  const token = readWord(reader);
  const type = `${kind.text}_code`;
  const code = parseValue(type, token.text, token, context.style, 8) as number;
  if (kind.text === "icmpx" && family !== "inet") {
    throw new NftError("abstracted ICMP unreachable not supported", token, start);
  }
  const usual = kind.text === "icmp" ? 3 : kind.text === "icmpv6" ? 4 : 1;
  const statement = kind.text === "icmpx"
    ? new Reject(false, ICMPX[code][0], ICMPX[code][1])
    : new Reject(false, kind.text === "icmp" ? code : -1, kind.text === "icmpv6" ? code : -1);
  const plain = code === usual && (family !== "inet" || kind.text === "icmpx");
  const show = (style: Style) => plain ? "reject" : `reject with ${kind.text} ${showValue(type, code, style)}`;
  return { statement, place: { from, to: token.to }, terminal: true, show };
}

function readMarkSet(reader: Reader, context: RuleContext, named: Named, from: number): Written {
  reader.next();
  const what = named.name as "meta mark" | "ct mark" | "meta priority";
  const literal = () => {
    const token = readWord(reader);
    return parseValue("mark", token.text, token, context.style, 32) as number;
  };
  if (!isSelectorStart(reader)) {
    const value = literal();
    const shown = what === "meta priority"
      ? `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
      : showValue("mark", value, context.style);
    return {
      statement: new MarkSet(what, null, 0, value),
      place: { from, to: reader.previous.to },
      show: () => `${what} set ${shown}`,
    };
  }
  const source = readSelector(reader, context);
  let mask = -1;
  let xor = 0;
  let text = `${what} set ${source.name}`;
  for (;;) {
    const operator = reader.token.text;
    if (operator === "&" || operator === "and") {
      reader.next();
      const value = literal();
      mask &= value;
      xor &= value;
      text += ` & ${showValue("mark", value, context.style)}`;
    } else if (operator === "|" || operator === "or") {
      reader.next();
      const value = literal();
      mask &= ~value;
      xor |= value;
      text += ` | ${showValue("mark", value, context.style)}`;
    } else if (operator === "^" || operator === "xor") {
      reader.next();
      const value = literal();
      xor ^= value;
      text += ` ^ ${showValue("mark", value, context.style)}`;
    } else break;
  }
  const statement = new MarkSet(what, SELECTORS.get(source.name)!, mask, xor);
  return { statement, place: { from, to: reader.previous.to }, show: () => text };
}

function addressType(context: RuleContext, network: "ip" | "ip6"): string {
  return (context.family === "inet" ? network : context.family) === "ip6" ? "ipv6_addr" : "ipv4_addr";
}

function readNat(reader: Reader, context: RuleContext, type: NatType): Written {
  const start = reader.next();
  const place = () => ({ from: start.from, to: reader.previous.to });
  const range = new NatRange();
  let text: string = type;
  let network: "ip" | "ip6" = context.family === "ip6" ? "ip6" : "ip";
  if ((type === "snat" || type === "dnat") && (reader.is("ip") || reader.is("ip6"))) {
    network = reader.next().text as "ip" | "ip6";
    text += ` ${network}`;
  } else if ((type === "snat" || type === "dnat") && context.family === "inet") {
    if (context.network === null) {
      throw new NftError("ip or ip6 must be specified with address for inet tables.", place());
    }
    network = context.network;
    text += ` ${network}`;
  }
  const told = reader.take("to");
  if (isSelectorStart(reader) && type !== "masquerade") {
    return readNatMap(reader, context, type, text, network, start.from);
  }
  const targeted = told || ((type === "snat" || type === "dnat") && !reader.atEnd);
  if (targeted) text += " to ";
  if (targeted && (type === "snat" || type === "dnat")) {
    if (!reader.is(":")) text += readNatAddress(reader, context, range, addressType(context, network));
    if (reader.take(":")) text += readNatPorts(reader, context, range, start);
  } else if (targeted) {
    reader.take(":");
    text += readNatPorts(reader, context, range, start);
  }
  const flags: string[] = [];
  while (["random", "fully-random", "persistent"].includes(reader.token.text)) {
    const flag = reader.next().text;
    if (flag === "persistent") range.persistent = true;
    else range.random = true;
    flags.push(flag);
    if (!reader.take(",")) break;
  }
  if (flags.length > 0) text += ` ${flags.join(",")}`;
  return { statement: new NatStatement(type, range), place: place(), terminal: true, show: () => text };
}

function readNatAddress(reader: Reader, context: RuleContext, range: NatRange, type: string): string {
  const bracketed = reader.take("[");
  const read = () => {
    const token = readWord(reader);
    return parseValue(type, token.text, token, context.style, 128) as number | Uint8Array;
  };
  const first = read();
  if (bracketed) reader.expect("]");
  setAddress(range, first);
  let text = showValue(type, first, context.style);
  if (bracketed) text = `[${text}]`;
  if (!reader.take("-")) return text;
  const last = read();
  const most = new NatRange();
  setAddress(most, last);
  range.most.set(most.least);
  return `${text}-${showValue(type, last, context.style)}`;
}

function readNatPorts(
  reader: Reader,
  context: RuleContext,
  range: NatRange,
  statement: { from: number; to: number },
): string {
  const start = reader.token;
  const read = () => {
    const token = readWord(reader);
    return parseValue("inet_service", token.text, token, context.style, 16) as number;
  };
  range.leastPort = range.mostPort = read();
  if (reader.take("-")) range.mostPort = read();
  if (context.transport === null || context.transport === "icmp" || context.transport === "icmpv6") {
    throw new NftError("transport protocol mapping is only valid after transport protocol match", {
      from: start.from,
      to: reader.previous.to,
    }, statement);
  }
  return range.leastPort === range.mostPort ? `:${range.leastPort}` : `:${range.leastPort}-${range.mostPort}`;
}

/** `dnat to KEY map { … }` */
function readNatMap(
  reader: Reader,
  context: RuleContext,
  type: NatType,
  text: string,
  network: "ip" | "ip6",
  from: number,
): Written {
  const key = [readSelector(reader, context)];
  while (reader.take(".")) key.push(readSelector(reader, context));
  reader.expect("map");
  const types = { key, data: addressType(context, network) };
  const before = `${text} to ${key.map((named) => named.name).join(" . ")} map `;
  let name: string | null = null;
  let set;
  if (reader.is("@")) ({ set, name } = readSetName(reader, context));
  else set = readAnonymous(reader, types, context);
  const statement = new NatStatement(type, new NatRange(), key.map((named) => named.selector), set);
  return {
    statement,
    place: { from, to: reader.previous.to },
    terminal: true,
    show: (style) => before + (name === null ? showAnonymous(set, types, style) : `@${name}`),
  };
}
