/** The grammar of pcap-filter(7): text to a tree. */

export type Protocol = "link" | "ip" | "ip6" | "arp" | "rarp" | "tcp" | "udp" | "sctp" | "icmp" | "icmp6" | "igmp";
export type Direction = "src" | "dst" | "src or dst" | "src and dst";
export type Kind = "host" | "net" | "port" | "portrange" | "proto" | "gateway";

export interface Qualifiers {
  readonly protocol: Protocol | null;
  readonly direction: Direction | null;
  readonly kind: Kind | null;
}

/** A number made from the packet. */
export type Arithmetic =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "length" }
  | { readonly kind: "load"; readonly protocol: Protocol; readonly offset: Arithmetic; readonly size: number }
  | { readonly kind: "operation"; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic }
  | { readonly kind: "negative"; readonly of: Arithmetic };

export type Expression =
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "primitive"; readonly qualifiers: Qualifiers; readonly id: string; readonly mask: string | null }
  | { readonly kind: "protocol"; readonly name: string }
  | { readonly kind: "cast"; readonly protocol: Protocol | null; readonly cast: "broadcast" | "multicast" }
  | { readonly kind: "vlan"; readonly id: number | null }
  | { readonly kind: "direction"; readonly outgoing: boolean }
  | { readonly kind: "relation"; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic };

/** Says what is wrong in libpcap's words. */
export class FilterError extends Error {
  override name = "FilterError";
}

const SYNTAX = "can't parse filter expression: syntax error";

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ether: "link",
  link: "link",
  fddi: "link",
  tr: "link",
  wlan: "link",
  ip: "ip",
  ip6: "ip6",
  arp: "arp",
  rarp: "rarp",
  tcp: "tcp",
  udp: "udp",
  sctp: "sctp",
  icmp: "icmp",
  icmp6: "icmp6",
  igmp: "igmp",
};

/** Words that stand alone for a protocol without being qualifiers. */
const ABBREVIATIONS = ["ah", "esp", "pim", "vrrp", "stp", "igrp", "carp", "atalk", "aarp", "ipx", "iso", "llc"];
const KINDS: readonly string[] = ["host", "net", "port", "portrange", "proto", "gateway"];

/** Named offsets and values. */
const CONSTANTS: Readonly<Record<string, number>> = {
  icmptype: 0,
  icmpcode: 1,
  "icmp-echoreply": 0,
  "icmp-unreach": 3,
  "icmp-sourcequench": 4,
  "icmp-redirect": 5,
  "icmp-echo": 8,
  "icmp-routeradvert": 9,
  "icmp-routersolicit": 10,
  "icmp-timxceed": 11,
  "icmp-paramprob": 12,
  "icmp-tstamp": 13,
  "icmp-tstampreply": 14,
  "icmp-ireq": 15,
  "icmp-ireqreply": 16,
  "icmp-maskreq": 17,
  "icmp-maskreply": 18,
  icmp6type: 0,
  icmp6code: 1,
  "icmp6-destinationunreach": 1,
  "icmp6-packettoobig": 2,
  "icmp6-timeexceeded": 3,
  "icmp6-parameterproblem": 4,
  "icmp6-echo": 128,
  "icmp6-echoreply": 129,
  "icmp6-multicastlistenerquery": 130,
  "icmp6-multicastlistenerreportv1": 131,
  "icmp6-multicastlistenerdone": 132,
  "icmp6-routersolicit": 133,
  "icmp6-routeradvert": 134,
  "icmp6-neighborsolicit": 135,
  "icmp6-neighboradvert": 136,
  "icmp6-redirect": 137,
  "icmp6-multicastlistenerreportv2": 143,
  tcpflags: 13,
  "tcp-fin": 0x01,
  "tcp-syn": 0x02,
  "tcp-rst": 0x04,
  "tcp-push": 0x08,
  "tcp-ack": 0x10,
  "tcp-urg": 0x20,
  "tcp-ece": 0x40,
  "tcp-cwr": 0x80,
};

const TOKEN = new RegExp(
  [
    "[0-9a-fA-F]{1,2}(?:[:-][0-9a-fA-F]{1,2}){5}(?![0-9a-fA-F:])", // link address
    "(?:[0-9a-fA-F]{0,4}:){2,}(?:[0-9.a-fA-F]*)(?::[0-9a-fA-F]*)*", // IPv6 address
    "\\d+-\\d+(?![\\w.])", // a range of ports
    "\\\\?[A-Za-z0-9_][-\\w.]*",
    "<<|>>|<=|>=|==|!=|&&|\\|\\||[()\\[\\]&|^!<>=+\\-*/%:]",
  ].join("|"),
  "y",
);

function tokens(text: string): string[] {
  const list: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at])) at++;
    if (at >= text.length) return list;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new FilterError(SYNTAX);
    list.push(match[0]);
    at += match[0].length;
  }
}

const NONE: Qualifiers = { protocol: null, direction: null, kind: null };
const LEVELS: readonly (readonly string[])[] = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];
const RELATIONS: readonly string[] = ["<", ">", "<=", ">=", "=", "==", "!="];

class Parser {
  #tokens: string[];
  #at = 0;
  /** Of the primitive before: an id that follows `and` or `or` alone has the same. */
  #qualifiers: Qualifiers = NONE;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#at < this.#tokens.length) throw new FilterError(SYNTAX);
    return expression;
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(...words: string[]): boolean {
    if (this.#next === undefined || !words.includes(this.#next)) return false;
    this.#at++;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw new FilterError(SYNTAX);
  }

  /** `and` and `or` bind alike, from left to right. */
  #expression(): Expression {
    let left = this.#term();
    for (;;) {
      const kind = this.#take("and", "&&") ? "and" : this.#take("or", "||") ? "or" : null;
      if (kind === null) return left;
      left = { kind, left, right: this.#term() };
    }
  }

  #term(): Expression {
    if (this.#take("not", "!")) return { kind: "not", of: this.#term() };
    const relation = this.#relation();
    if (relation !== null) return relation;
    if (this.#take("(")) {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    return this.#primitive();
  }

  /** `tcp[13] & 2 != 0`; null when it is not a relation, and nothing is taken. */
  #relation(): Expression | null {
    const start = this.#at;
    if (!/^(\d|0x|len$|\(|-)/.test(this.#next ?? "") && this.#tokens[this.#at + 1] !== "[") {
      if (!((this.#next ?? "") in CONSTANTS)) return null;
    }
    try {
      const left = this.#arithmetic(0);
      const operator = this.#next;
      if (operator !== undefined && RELATIONS.includes(operator)) {
        this.#at++;
        return { kind: "relation", operator: operator === "==" ? "=" : operator, left, right: this.#arithmetic(0) };
      }
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      if (this.#tokens[start + 1] === "[") throw error;
    }
    this.#at = start;
    return null;
  }

  #arithmetic(level: number): Arithmetic {
    if (level === LEVELS.length) return this.#factor();
    let left = this.#arithmetic(level + 1);
    for (;;) {
      const operator = this.#next;
      if (operator === undefined || !LEVELS[level].includes(operator)) return left;
      this.#at++;
      left = { kind: "operation", operator, left, right: this.#arithmetic(level + 1) };
    }
  }

  #factor(): Arithmetic {
    const word = this.#next;
    if (word === undefined) throw new FilterError(SYNTAX);
    this.#at++;
    if (word === "-") return { kind: "negative", of: this.#factor() };
    if (word === "(") {
      const inner = this.#arithmetic(0);
      this.#expect(")");
      return inner;
    }
    if (word === "len") return { kind: "length" };
    if (word in CONSTANTS) return { kind: "number", value: CONSTANTS[word] };
    const number = parseNumber(word);
    if (number !== null) return { kind: "number", value: number };
    const protocol = PROTOCOLS[word];
    if (protocol === undefined || !this.#take("[")) throw new FilterError(SYNTAX);
    const offset = this.#arithmetic(0);
    let size = 1;
    if (this.#take(":")) {
      size = parseNumber(this.#next ?? "") ?? 0;
      this.#at++;
      if (size !== 1 && size !== 2 && size !== 4) throw new FilterError("data size must be 1, 2, or 4");
    }
    this.#expect("]");
    return { kind: "load", protocol, offset, size };
  }

  #primitive(): Expression {
    const start = this.#at;
    const word = this.#next;
    if (word === undefined) throw new FilterError(SYNTAX);
    if (this.#take("broadcast", "multicast")) return { kind: "cast", protocol: null, cast: word as "broadcast" };
    if (this.#take("less", "greater")) {
      const value = parseNumber(this.#next ?? "");
      if (value === null) throw new FilterError(SYNTAX);
      this.#at++;
      const right: Arithmetic = { kind: "number", value };
      return { kind: "relation", operator: word === "less" ? "<=" : ">=", left: { kind: "length" }, right };
    }
    if (this.#take("inbound", "outbound")) return { kind: "direction", outgoing: word === "outbound" };
    if (this.#take("vlan")) {
      const id = parseNumber(this.#next ?? "");
      if (id !== null) this.#at++;
      if (id !== null && id > 4095) throw new FilterError(`VLAN tag ${id} greater than maximum 4095`);
      return { kind: "vlan", id };
    }
    if (this.#take(...ABBREVIATIONS)) return { kind: "protocol", name: word };
    const protocol = PROTOCOLS[word] ?? null;
    if (protocol !== null) this.#at++;
    if (protocol !== null && this.#take("broadcast", "multicast")) {
      return { kind: "cast", protocol, cast: this.#tokens[this.#at - 1] as "broadcast" };
    }
    const direction = this.#direction();
    const kind = this.#next !== undefined && KINDS.includes(this.#next) ? this.#tokens[this.#at++] as Kind : null;
    if (protocol !== null && direction === null && kind === null && !this.#isId()) {
      if (protocol === "link") throw new FilterError(SYNTAX);
      return { kind: "protocol", name: word };
    }
    if (!this.#isId()) throw new FilterError(SYNTAX);
    // An id alone has the qualifiers of the primitive before it.
    if (this.#at > start) this.#qualifiers = { protocol, direction, kind };
    else if (this.#qualifiers === NONE) throw new FilterError(SYNTAX);
    if (this.#take("(")) return this.#group();
    return this.#id();
  }

  /** `host (a or b)` */
  #group(): Expression {
    let left = this.#id();
    for (;;) {
      const kind = this.#take("and", "&&") ? "and" : this.#take("or", "||") ? "or" : null;
      if (kind === null) break;
      left = { kind, left, right: this.#take("not", "!") ? { kind: "not", of: this.#id() } : this.#id() };
    }
    this.#expect(")");
    return left;
  }

  #direction(): Direction | null {
    if (this.#take("src")) {
      const joined = this.#tokens[this.#at + 1] === "dst" ? this.#next : undefined;
      if (joined !== "or" && joined !== "and") return "src";
      this.#at += 2;
      return `src ${joined} dst`;
    }
    if (this.#take("dst")) {
      const joined = this.#tokens[this.#at + 1] === "src" ? this.#next : undefined;
      if (joined !== "or" && joined !== "and") return "dst";
      this.#at += 2;
      return `src ${joined} dst`;
    }
    return null;
  }

  #isId(): boolean {
    const word = this.#next;
    if (word === undefined) return false;
    if (word === "(") return true;
    return /^\\?[\w:]/.test(word) && !isKeyword(word);
  }

  #id(): Expression {
    const word = this.#next;
    if (word === undefined || !this.#isId() || word === "(") throw new FilterError(SYNTAX);
    this.#at++;
    let id = word.replace(/^\\/, "");
    let mask: string | null = null;
    if (this.#take("/")) id += `/${this.#tokens[this.#at++] ?? ""}`;
    else if (this.#take("mask")) mask = this.#tokens[this.#at++] ?? "";
    return { kind: "primitive", qualifiers: this.#qualifiers, id, mask };
  }
}

/** Words that stand for names only after a backslash. */
function isKeyword(word: string): boolean {
  return word in PROTOCOLS || KINDS.includes(word) || ABBREVIATIONS.includes(word) ||
    ["and", "or", "not", "src", "dst", "broadcast", "multicast", "less", "greater", "len", "vlan", "mask"].includes(
      word,
    );
}

export function parseNumber(text: string): number | null {
  if (/^0x[0-9a-f]+$/i.test(text)) return parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** @throws {FilterError} */
export function parseFilter(text: string): Expression {
  return new Parser(text).whole();
}
