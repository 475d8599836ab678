/** Records and messages as BIND's tools print them (`lib/dns/masterdump.c`, `rdata.c`). */
import {
  type Message,
  RCODES,
  type RecordData,
  type ResourceRecord,
  typeName,
  typeOf,
  TYPES,
} from "../../dns/message.ts";

export function rcodeName(rcode: number): string {
  return RCODES[rcode] ?? (rcode < 16 ? `RESERVED${rcode}` : `BADVERS`);
}

export function className(number: number): string {
  return number === 1 ? "IN" : number === 3 ? "CH" : number === 4 ? "HS" : `CLASS${number}`;
}

export function classNumber(text: string): number | null {
  const known = ({ IN: 1, CH: 3, CHAOS: 3, HS: 4, HESIOD: 4, ANY: 255 } as Record<string, number>)[text.toUpperCase()];
  return known ?? (/^CLASS\d+$/i.test(text) ? Number(text.slice(5)) : null);
}

export function typeNumber(text: string): number | null {
  const upper = text.toUpperCase();
  if (upper in TYPES && upper !== "OPT") return TYPES[upper as keyof typeof TYPES];
  const match = /^TYPE(\d{1,5})$/.exec(upper);
  return match !== null && Number(match[1]) < 65536 ? Number(match[1]) : null;
}

/** A character string in quotes. */
function quoted(text: string): string {
  return `"${
    text.replace(/["\\]/g, "\\$&").replace(/[^\x20-\x7e]/g, (c) => `\\${String(c.charCodeAt(0)).padStart(3, "0")}`)
  }"`;
}

/** The data of a record. */
export function dataText(data: RecordData): string {
  switch (data.type) {
    case "A":
    case "AAAA":
      return data.address;
    case "NS":
    case "CNAME":
    case "PTR":
      return data.name;
    case "MX":
      return `${data.preference} ${data.exchange}`;
    case "TXT":
      return data.texts.map(quoted).join(" ");
    case "SRV":
      return `${data.priority} ${data.weight} ${data.port} ${data.target}`;
    case "CAA":
      return `${data.critical ? 128 : 0} ${data.tag} ${quoted(data.value)}`;
    case "NAPTR":
      return `${data.order} ${data.preference} ${quoted(data.flags)} ${quoted(data.services)} ${
        quoted(data.regexp)
      } ${data.replacement}`;
    case "SOA":
      return `${data.mname} ${data.rname} ${data.serial} ${data.refresh} ${data.retry} ${data.expire} ${data.minimum}`;
    case "OTHER": {
      const hex = Array.from(data.octets, (it) => it.toString(16).padStart(2, "0")).join("").toUpperCase();
      return `\\# ${data.octets.length}${hex === "" ? "" : ` ${hex}`}`;
    }
  }
}

/** A line whose fields begin at columns, with tabs of eight (`indent` of masterdump.c). */
class Columns {
  text = "";
  #at = 0;

  add(field: string): this {
    this.text += field;
    this.#at += field.length;
    return this;
  }

  to(column: number): this {
    const target = Math.max(column, this.#at + 1);
    const tabs = Math.floor(target / 8) - Math.floor(this.#at / 8);
    if (tabs > 0) this.text += "\t".repeat(tabs) + " ".repeat(target % 8);
    else this.text += " ".repeat(target - this.#at);
    this.#at = target;
    return this;
  }
}

export interface RecordStyle {
  ttl: boolean;
  class: boolean;
  /** TTLs as `5m`. */
  units: boolean;
  multiline: boolean;
}

export const PLAIN: RecordStyle = { ttl: true, class: true, units: false, multiline: false };

export function questionLine(name: string, type: number, klass: number, style: RecordStyle = PLAIN): string {
  const line = new Columns().add(name);
  if (style.multiline) return `;${line.to(24).add(className(klass)).text} ${typeName(type)}\n`;
  const both = style.ttl && style.class;
  line.to(both ? 32 : 24);
  if (style.class) line.add(className(klass)).to(both ? 40 : 32);
  return `;${line.add(typeName(type)).text}\n`;
}

export function recordLine(record: ResourceRecord, style: RecordStyle = PLAIN): string {
  const { data } = record;
  const line = new Columns().add(record.name);
  const ttl = style.units ? unitsText(record.ttl) : String(record.ttl);
  const type = typeName(typeOf(data));
  if (style.multiline) {
    const middle = [style.ttl ? ttl : "", style.class ? className(record.class) : "", type].filter(Boolean).join(" ");
    return `${line.to(24).add(middle).text} ${data.type === "SOA" ? soaLines(data) : dataText(data)}\n`;
  }
  let column = 24;
  for (const field of [style.ttl ? ttl : null, style.class ? className(record.class) : null, type]) {
    if (field === null) continue;
    line.to(column).add(field);
    column += 8;
  }
  return `${line.to(column).add(dataText(data)).text}\n`;
}

/** `1h30m` */
function unitsText(seconds: number): string {
  let left = seconds, text = "";
  for (const [unit, size] of [["w", 604800], ["d", 86400], ["h", 3600], ["m", 60], ["s", 1]] as const) {
    if (left >= size) text += `${Math.floor(left / size)}${unit}`;
    left %= size;
  }
  return text === "" ? "0s" : text;
}

function verbose(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (
    const [unit, size] of [["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]] as const
  ) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    left %= size;
  }
  return parts.length === 0 ? "0 seconds" : parts.join(" ");
}

function soaLines(soa: RecordData & { type: "SOA" }): string {
  const row = (value: number, what: string) => `\t\t\t\t${String(value).padEnd(10)} ; ${what}\n`;
  return `${soa.mname} ${soa.rname} (\n${row(soa.serial, "serial")}` +
    (["refresh", "retry", "expire", "minimum"] as const).map((it) => row(soa[it], `${it} (${verbose(soa[it])})`)).join(
      "",
    ) +
    "\t\t\t\t)";
}

/** `qr aa rd`: the flags of a message, from its octets. */
export function flagsText(octets: Uint8Array): string {
  const flags = (octets[2] << 8) | octets[3];
  const names: readonly [number, string][] = [
    [0x8000, "qr"],
    [0x0400, "aa"],
    [0x0200, "tc"],
    [0x0100, "rd"],
    [0x0080, "ra"],
    [0x0020, "ad"],
    [0x0010, "cd"],
  ];
  return names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => ` ${name}`).join("");
}

const OPCODES = ["QUERY", "IQUERY", "STATUS", "RESERVED3", "NOTIFY", "UPDATE"];

/** The lines that tell of a message's header. */
export function headerLines(message: Message, octets: Uint8Array): string {
  const opcode = OPCODES[message.opcode] ?? `RESERVED${message.opcode}`;
  const additional = (octets[10] << 8) | octets[11];
  return `;; ->>HEADER<<- opcode: ${opcode}, status: ${rcodeName(message.rcode)}, id: ${message.id}\n` +
    `;; flags:${flagsText(octets)}; QUERY: ${message.questions.length}, ANSWER: ${message.answers.length}, ` +
    `AUTHORITY: ${message.authority.length}, ADDITIONAL: ${additional}\n`;
}
