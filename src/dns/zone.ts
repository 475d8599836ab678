/** Zones: the text of a master file (RFC 1035 section 5), and looking up in it (RFC 1034 section 4.3.2). */
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { keyOf, labelsOf } from "./name.ts";
import { NOERROR, NXDOMAIN, type RecordData, type ResourceRecord, typeOf, TYPES } from "./message.ts";

/** A line of a zone that makes no sense. */
export class ZoneError extends Error {
  override name = "ZoneError";
  constructor(readonly line: number, message: string) {
    super(`line ${line}: ${message}`);
  }
}

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

function seconds(text: string): number | null {
  if (!/^(\d+[smhdw]?)+$/i.test(text)) return null;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) sum += Number(number) * UNITS[unit.toLowerCase()];
  return sum <= 0x7fffffff ? sum : null;
}

interface Line {
  number: number;
  /** Whether the line began with a blank: then the owner is that of the line before. */
  blank: boolean;
  words: { text: string; quoted: boolean }[];
}

/** Cuts the text into entries: quotes, comments, parentheses over lines. */
function entriesOf(text: string): Line[] {
  const lines: Line[] = [];
  let current: Line | null = null;
  let depth = 0;
  text.split(/\r?\n/).forEach((source, index) => {
    if (depth === 0) current = { number: index + 1, blank: /^[ \t]/.test(source), words: [] };
    for (const [token] of source.matchAll(/"(?:\\.|[^"\\])*"?|;.*|[()]|(?:\\.|[^\s"();])+/g)) {
      if (token[0] === ";") break;
      if (token === "(") depth++;
      else if (token === ")") {
        if (--depth < 0) throw new ZoneError(index + 1, "a parenthesis too many");
      } else if (token[0] === '"') {
        if (token.length < 2 || !token.endsWith('"')) throw new ZoneError(index + 1, "a quote is not closed");
        current!.words.push({ text: unescape(token.slice(1, -1)), quoted: true });
      } else current!.words.push({ text: token, quoted: false });
    }
    if (depth === 0 && current!.words.length > 0) lines.push(current!);
  });
  if (depth > 0) throw new ZoneError(lines.length + 1, "a parenthesis is not closed");
  return lines;
}

function unescape(text: string): string {
  return text.replace(
    /\\(\d{3}|.)/g,
    (_, it: string) => /^\d{3}$/.test(it) ? String.fromCharCode(Number(it) & 255) : it,
  );
}

/** What an answer is made of. */
export interface ZoneAnswer {
  rcode: number;
  authoritative: boolean;
  answers: ResourceRecord[];
  authority: ResourceRecord[];
  additional: ResourceRecord[];
}

/** Aliases that are followed in one answer. */
const CNAME_LIMIT = 16;

export class Zone {
  readonly origin: string;
  /** Records by owner, in lower case. */
  readonly #records = new Map<string, ResourceRecord[]>();
  /** Names that exist: owners, and those above them. */
  readonly #names = new Set<string>();

  constructor(origin: string, records: ResourceRecord[]) {
    this.origin = keyOf(origin);
    for (const record of records) {
      const key = keyOf(record.name);
      let list = this.#records.get(key);
      if (list === undefined) this.#records.set(key, list = []);
      list.push(record);
      for (let name = key; name.endsWith(this.origin); name = name.slice(name.indexOf(".") + 1)) {
        this.#names.add(name);
        if (name === this.origin || name === ".") break;
      }
    }
  }

  /**
   * Reads the text of a zone. `origin` is what names are relative to until `$ORIGIN` says otherwise.
   *
   * @throws {ZoneError}
   */
  static parse(text: string, origin = "."): Zone {
    const records: ResourceRecord[] = [];
    let base = keyOf(origin), ttl: number | null = null, owner = base, last = 3600;
    for (const line of entriesOf(text)) {
      const words = [...line.words];
      const directive = words[0].quoted ? "" : words[0].text.toUpperCase();
      if (directive === "$ORIGIN") {
        base = absolute(words[1]?.text ?? "", base, line);
        continue;
      }
      if (directive === "$TTL") {
        ttl = seconds(words[1]?.text ?? "");
        if (ttl === null) throw new ZoneError(line.number, "$TTL takes a number of seconds");
        continue;
      }
      if (directive.startsWith("$")) throw new ZoneError(line.number, `unknown directive ${directive}`);
      if (!line.blank) owner = absolute(words.shift()!.text, base, line);
      let own: number | null = null;
      for (let i = 0; i < 2 && words.length > 0; i++) {
        const number = seconds(words[0].text);
        if (number !== null && own === null) own = number;
        else if (!/^(IN|CH|HS)$/i.test(words[0].text)) break;
        words.shift();
      }
      const type = words.shift();
      if (type === undefined) throw new ZoneError(line.number, "a type is missing");
      const data = dataOf(type.text.toUpperCase(), words.map((it) => it.text), base, line);
      last = own ?? ttl ?? (data.type === "SOA" ? data.minimum : last);
      records.push({ name: owner, class: 1, ttl: last, data });
    }
    const soa = records.find((record) => record.data.type === "SOA");
    return new Zone(soa?.name ?? origin, records);
  }

  /** Whether a name is in this zone. */
  contains(name: string): boolean {
    const key = keyOf(name);
    return this.origin === "." || key === this.origin || key.endsWith(`.${this.origin}`);
  }

  /** All records at a name. */
  at(name: string): readonly ResourceRecord[] {
    return this.#records.get(keyOf(name)) ?? [];
  }

  /** The zone's answer to a question: records, an alias followed, a delegation, or that there is nothing. */
  answer(name: string, type: number): ZoneAnswer {
    const result: ZoneAnswer = { rcode: NOERROR, authoritative: true, answers: [], authority: [], additional: [] };
    let sought = name;
    for (let i = 0; i < CNAME_LIMIT; i++) {
      const delegation = this.#delegation(sought, type);
      if (delegation !== null) {
        result.authoritative = result.answers.length > 0;
        result.authority = delegation;
        this.#addAddresses(result, delegation);
        return result;
      }
      const records = this.#recordsAt(sought);
      if (records === null) {
        if (result.answers.length === 0) result.rcode = NXDOMAIN;
        result.authority = this.#soa();
        return result;
      }
      const matching = records.filter((it) => type === TYPES.ANY || typeOf(it.data) === type);
      if (matching.length > 0) {
        result.answers.push(...matching);
        this.#addAddresses(result, matching);
        return result;
      }
      const alias = records.find((it) => it.data.type === "CNAME");
      if (alias === undefined) {
        result.authority = this.#soa();
        return result;
      }
      result.answers.push(alias);
      sought = (alias.data as { name: string }).name;
      if (!this.contains(sought)) return result;
    }
    return result;
  }

  /** The records at a name; those of a wildcard above it, under its own name; null when the name does not exist. */
  #recordsAt(name: string): ResourceRecord[] | null {
    const key = keyOf(name);
    const own = this.#records.get(key);
    if (own !== undefined) return own;
    if (this.#names.has(key)) return [];
    for (let above = key.slice(key.indexOf(".") + 1);; above = above.slice(above.indexOf(".") + 1)) {
      const wild = this.#records.get(above === "." ? "*." : `*.${above}`);
      if (wild !== undefined) return wild.map((record) => ({ ...record, name }));
      if (this.#names.has(above) || above === "" || above === ".") return null;
    }
  }

  /** The name servers of a zone cut on the way down to `name`, or null. */
  #delegation(name: string, type: number): ResourceRecord[] | null {
    const key = keyOf(name);
    const cuts: string[] = [];
    for (let it = key; it !== this.origin && it !== "." && it !== ""; it = it.slice(it.indexOf(".") + 1)) {
      cuts.unshift(it);
    }
    for (const cut of cuts) {
      const servers = this.#records.get(cut)?.filter((record) => record.data.type === "NS") ?? [];
      if (
        servers.length > 0 &&
        !(cut === key && type === TYPES.NS && this.#records.get(cut)!.some((it) => it.data.type === "SOA"))
      ) {
        return servers;
      }
    }
    return null;
  }

  #soa(): ResourceRecord[] {
    const soa = this.at(this.origin).find((record) => record.data.type === "SOA");
    if (soa === undefined) return [];
    const minimum = (soa.data as { minimum: number }).minimum;
    return [{ ...soa, ttl: Math.min(soa.ttl, minimum) }]; // RFC 2308 section 3
  }

  /** The addresses of the hosts that these records name. */
  #addAddresses(result: ZoneAnswer, records: ResourceRecord[]): void {
    for (const { data } of records) {
      const host = data.type === "NS"
        ? data.name
        : data.type === "MX"
        ? data.exchange
        : data.type === "SRV"
        ? data.target
        : null;
      if (host === null) continue;
      for (const record of this.at(host)) {
        if ((record.data.type === "A" || record.data.type === "AAAA") && !result.additional.includes(record)) {
          result.additional.push(record);
        }
      }
    }
  }
}

function absolute(name: string, base: string, line: Line): string {
  const whole = name === "@" ? base : name.endsWith(".") ? name : base === "." ? `${name}.` : `${name}.${base}`;
  if (labelsOf(whole) === null) throw new ZoneError(line.number, `not a name: ${name}`);
  return whole;
}

function dataOf(type: string, words: string[], base: string, line: Line): RecordData {
  const wrong = (what: string) => new ZoneError(line.number, `${type} ${what}`);
  const need = (count: number) => {
    if (words.length !== count) throw wrong(`takes ${count} field${count === 1 ? "" : "s"}`);
  };
  const number = (text: string, most: number) => {
    const value = /^\d+$/.test(text) ? Number(text) : seconds(text) ?? NaN;
    if (!(value <= most)) throw wrong(`has a wrong number: ${text}`);
    return value;
  };
  const name = (text: string) => absolute(text, base, line);
  switch (type) {
    case "A":
      need(1);
      if (parseIpv4(words[0]) === null) throw wrong(`has a wrong address: ${words[0]}`);
      return { type, address: words[0] };
    case "AAAA":
      need(1);
      if (parseIpv6(words[0]) === null) throw wrong(`has a wrong address: ${words[0]}`);
      return { type, address: words[0] };
    case "NS":
    case "CNAME":
    case "PTR":
      need(1);
      return { type, name: name(words[0]) };
    case "MX":
      need(2);
      return { type, preference: number(words[0], 65535), exchange: name(words[1]) };
    case "TXT":
      if (words.length === 0) throw wrong("takes a text");
      if (words.some((text) => text.length > 255)) throw wrong("has a text of more than 255 octets");
      return { type, texts: words };
    case "SRV":
      need(4);
      return {
        type,
        priority: number(words[0], 65535),
        weight: number(words[1], 65535),
        port: number(words[2], 65535),
        target: name(words[3]),
      };
    case "CAA":
      need(3);
      return { type, critical: (number(words[0], 255) & 128) !== 0, tag: words[1], value: words[2] };
    case "NAPTR":
      need(6);
      return {
        type,
        order: number(words[0], 65535),
        preference: number(words[1], 65535),
        flags: words[2],
        services: words[3],
        regexp: words[4],
        replacement: name(words[5]),
      };
    case "SOA":
      need(7);
      return {
        type,
        mname: name(words[0]),
        rname: name(words[1]),
        serial: number(words[2], 0xffffffff),
        refresh: number(words[3], 0x7fffffff),
        retry: number(words[4], 0x7fffffff),
        expire: number(words[5], 0x7fffffff),
        minimum: number(words[6], 0x7fffffff),
      };
    default:
      throw new ZoneError(line.number, `unknown type ${type}`);
  }
}
