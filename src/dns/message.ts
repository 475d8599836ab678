/** DNS messages (RFC 1035 section 4, RFC 6891 for EDNS): reading and writing. */
import { parseIpv4 } from "../wire/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../wire/ipv6.ts";
import { labelsOf, nameOf } from "./name.ts";

export const TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  ANY: 255,
  CAA: 257,
} as const;

/** A type by its name. */
export type TypeName = keyof typeof TYPES;
const NAME_OF_TYPE = new Map<number, TypeName>(Object.entries(TYPES).map(([name, type]) => [type, name as TypeName]));

/** `MX` for 15; `TYPE99` for one that we do not know (RFC 3597). */
export function typeName(type: number): string {
  return NAME_OF_TYPE.get(type) ?? `TYPE${type}`;
}

export const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;
export const NOERROR = 0, FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4, REFUSED = 5;

/** Octets of a message over UDP without EDNS, and what we offer with it. */
export const UDP_LIMIT = 512;
export const EDNS_SIZE = 1232;

export interface Question {
  /** Absolute, with its final dot. */
  name: string;
  type: number;
  class: number;
}

/** A record's data by its type; of one that we do not know, the octets. */
export type RecordData =
  | { type: "A" | "AAAA"; address: string }
  | { type: "NS" | "CNAME" | "PTR"; name: string }
  | { type: "MX"; preference: number; exchange: string }
  | { type: "TXT"; texts: string[] }
  | { type: "SRV"; priority: number; weight: number; port: number; target: string }
  | { type: "CAA"; critical: boolean; tag: string; value: string }
  | {
    type: "NAPTR";
    order: number;
    preference: number;
    flags: string;
    services: string;
    regexp: string;
    replacement: string;
  }
  | {
    type: "SOA";
    mname: string;
    rname: string;
    serial: number;
    refresh: number;
    retry: number;
    expire: number;
    minimum: number;
  }
  | { type: "OTHER"; code: number; octets: Uint8Array };

export interface ResourceRecord {
  name: string;
  class: number;
  /** Seconds. */
  ttl: number;
  data: RecordData;
}

export interface Message {
  id: number;
  response: boolean;
  opcode: number;
  authoritative: boolean;
  truncated: boolean;
  recursionDesired: boolean;
  recursionAvailable: boolean;
  rcode: number;
  questions: Question[];
  answers: ResourceRecord[];
  authority: ResourceRecord[];
  additional: ResourceRecord[];
  /** The UDP payload size of an OPT record; 0 without one. */
  ednsSize: number;
}

/** The type number of a record. */
export function typeOf(data: RecordData): number {
  return data.type === "OTHER" ? data.code : TYPES[data.type];
}

/** A query with one question. */
export function query(id: number, name: string, type: number, recursionDesired = true): Message {
  return {
    id,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired,
    recursionAvailable: false,
    rcode: 0,
    questions: [{ name, type, class: 1 }],
    answers: [],
    authority: [],
    additional: [],
    ednsSize: EDNS_SIZE,
  };
}

/** Reads octets; `null` from `decodeMessage` is all that malformed ones give. */
class Reader {
  failed = false;
  constructor(readonly bytes: Uint8Array, public at = 0, public end: number = bytes.length) {}

  octet(): number {
    if (this.at >= this.end) {
      this.failed = true;
      return 0;
    }
    return this.bytes[this.at++];
  }
  u16(): number {
    const high = this.octet();
    return (high << 8) | this.octet();
  }
  u32(): number {
    const high = this.u16();
    return high * 65536 + this.u16();
  }
  octets(count: number): Uint8Array {
    if (count < 0 || this.at + count > this.end) {
      this.failed = true;
      return new Uint8Array(0);
    }
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }
  text(count: number): string {
    return latin1(this.octets(count));
  }

  /** A name, with its compression pointers, which must point backwards (so that following them ends). */
  name(): string {
    const labels: string[] = [];
    let octets = 1;
    let at = this.at, limit = this.at, jumped = false, end = this.end;
    for (;;) {
      if (at >= end) return this.#fail();
      const length = this.bytes[at];
      if (length === 0) {
        if (!jumped) this.at = at + 1;
        return nameOf(labels);
      }
      if ((length & 0xc0) === 0xc0) {
        if (at + 1 >= end) return this.#fail();
        const target = ((length & 0x3f) << 8) | this.bytes[at + 1];
        if (!jumped) this.at = at + 2;
        if (target >= limit) return this.#fail();
        jumped = true;
        at = limit = target;
        end = this.bytes.length;
        continue;
      }
      if ((length & 0xc0) !== 0 || at + 1 + length > end) return this.#fail();
      octets += length + 1;
      if (octets > 255) return this.#fail();
      labels.push(latin1(this.bytes.subarray(at + 1, at + 1 + length)));
      at += 1 + length;
    }
  }

  #fail(): string {
    this.failed = true;
    return ".";
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}

/** The message, or null when the octets are none. */
export function decodeMessage(bytes: Uint8Array): Message | null {
  if (bytes.length < 12) return null;
  const reader = new Reader(bytes);
  const id = reader.u16(), flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  const message: Message = {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 15,
    authoritative: (flags & 0x400) !== 0,
    truncated: (flags & 0x200) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    recursionAvailable: (flags & 0x80) !== 0,
    rcode: flags & 15,
    questions: [],
    answers: [],
    authority: [],
    additional: [],
    ednsSize: 0,
  };
  for (let i = 0; i < counts[0] && !reader.failed; i++) {
    message.questions.push({ name: reader.name(), type: reader.u16(), class: reader.u16() });
  }
  const sections = [message.answers, message.authority, message.additional];
  for (let s = 0; s < 3; s++) {
    for (let i = 0; i < counts[s + 1] && !reader.failed; i++) {
      const record = readRecord(reader, message);
      if (record !== null && !reader.failed) sections[s].push(record);
    }
  }
  return reader.failed ? null : message;
}

function readRecord(reader: Reader, message: Message): ResourceRecord | null {
  const name = reader.name();
  const type = reader.u16(), klass = reader.u16(), ttl = reader.u32(), length = reader.u16();
  const stop = reader.at + length;
  if (stop > reader.end) {
    reader.failed = true;
    return null;
  }
  if (type === TYPES.OPT) {
    message.ednsSize = klass;
    reader.at = stop;
    return null;
  }
  const whole = reader.end;
  reader.end = stop;
  const data = readData(reader, type, length);
  if (reader.at !== stop) reader.failed = true;
  reader.end = whole;
  return { name, class: klass, ttl, data };
}

function readData(reader: Reader, type: number, length: number): RecordData {
  switch (type) {
    case TYPES.A: {
      const octets = reader.octets(4);
      return { type: "A", address: octets.length === 4 ? octets.join(".") : "0.0.0.0" };
    }
    case TYPES.AAAA: {
      const octets = reader.octets(16);
      return { type: "AAAA", address: octets.length === 16 ? formatIpv6(octets) : "::" };
    }
    case TYPES.NS:
      return { type: "NS", name: reader.name() };
    case TYPES.CNAME:
      return { type: "CNAME", name: reader.name() };
    case TYPES.PTR:
      return { type: "PTR", name: reader.name() };
    case TYPES.MX:
      return { type: "MX", preference: reader.u16(), exchange: reader.name() };
    case TYPES.TXT:
      return { type: "TXT", texts: readTexts(reader) };
    case TYPES.SRV:
      return { type: "SRV", priority: reader.u16(), weight: reader.u16(), port: reader.u16(), target: reader.name() };
    case TYPES.SOA:
      return {
        type: "SOA",
        mname: reader.name(),
        rname: reader.name(),
        serial: reader.u32(),
        refresh: reader.u32(),
        retry: reader.u32(),
        expire: reader.u32(),
        minimum: reader.u32(),
      };
    case TYPES.CAA: {
      const critical = (reader.octet() & 0x80) !== 0;
      const tag = reader.text(reader.octet());
      return { type: "CAA", critical, tag, value: reader.text(reader.end - reader.at) };
    }
    case TYPES.NAPTR:
      return {
        type: "NAPTR",
        order: reader.u16(),
        preference: reader.u16(),
        flags: reader.text(reader.octet()),
        services: reader.text(reader.octet()),
        regexp: reader.text(reader.octet()),
        replacement: reader.name(),
      };
    default:
      return { type: "OTHER", code: type, octets: reader.octets(length) };
  }
}

function readTexts(reader: Reader): string[] {
  const texts: string[] = [];
  while (reader.at < reader.end && !reader.failed) texts.push(reader.text(reader.octet()));
  return texts;
}

/** Writes a message; names are compressed where RFC 1035 and RFC 3597 let them be. */
class Writer {
  readonly bytes: number[] = [];
  readonly #names = new Map<string, number>();

  u16(value: number): void {
    this.bytes.push((value >>> 8) & 255, value & 255);
  }
  u32(value: number): void {
    this.u16(Math.floor(value / 65536));
    this.u16(value & 0xffff);
  }
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes.push(text.charCodeAt(i) & 255);
  }
  counted(text: string): void {
    this.bytes.push(Math.min(text.length, 255));
    this.text(text.slice(0, 255));
  }

  name(name: string, compress = true): void {
    const labels = labelsOf(name) ?? [];
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join("\0").toLowerCase();
      const known = this.#names.get(rest);
      if (compress && known !== undefined) return this.u16(0xc000 | known);
      if (this.bytes.length < 0x4000 && known === undefined) this.#names.set(rest, this.bytes.length);
      this.counted(labels[i]);
    }
    this.bytes.push(0);
  }

  /** A two-octet length before what `body` writes. */
  sized(body: () => void): void {
    const at = this.bytes.length;
    this.u16(0);
    body();
    const length = this.bytes.length - at - 2;
    this.bytes[at] = length >>> 8;
    this.bytes[at + 1] = length & 255;
  }
}

/** The octets of a message. Longer than `limit`, it is cut to its question and marked as truncated. */
export function encodeMessage(message: Message, limit = 65535): Uint8Array<ArrayBuffer> {
  const octets = encodeWhole(message);
  if (octets.length <= limit) return octets;
  return encodeWhole({ ...message, truncated: true, answers: [], authority: [], additional: [] });
}

function encodeWhole(message: Message): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.u16(message.id);
  writer.u16(
    (message.response ? 0x8000 : 0) | (message.opcode << 11) | (message.authoritative ? 0x400 : 0) |
      (message.truncated ? 0x200 : 0) | (message.recursionDesired ? 0x100 : 0) |
      (message.recursionAvailable ? 0x80 : 0) | message.rcode,
  );
  const { questions, answers, authority, additional } = message;
  writer.u16(questions.length);
  writer.u16(answers.length);
  writer.u16(authority.length);
  writer.u16(additional.length + (message.ednsSize > 0 ? 1 : 0));
  for (const question of questions) {
    writer.name(question.name);
    writer.u16(question.type);
    writer.u16(question.class);
  }
  for (const record of [...answers, ...authority, ...additional]) writeRecord(writer, record);
  if (message.ednsSize > 0) {
    writer.bytes.push(0);
    writer.u16(TYPES.OPT);
    writer.u16(message.ednsSize);
    writer.u32(0);
    writer.u16(0);
  }
  return Uint8Array.from(writer.bytes);
}

function writeRecord(writer: Writer, record: ResourceRecord): void {
  writer.name(record.name);
  writer.u16(typeOf(record.data));
  writer.u16(record.class);
  writer.u32(record.ttl);
  writer.sized(() => writeData(writer, record.data));
}

function writeData(writer: Writer, data: RecordData): void {
  switch (data.type) {
    case "A": {
      return writer.u32(parseIpv4(data.address) ?? 0);
    }
    case "AAAA":
      return void writer.bytes.push(...(parseIpv6(data.address) ?? new Uint8Array(16)));
    case "NS":
    case "CNAME":
    case "PTR":
      return writer.name(data.name);
    case "MX":
      writer.u16(data.preference);
      return writer.name(data.exchange);
    case "TXT":
      for (const text of data.texts) writer.counted(text);
      return;
    case "SRV":
      writer.u16(data.priority);
      writer.u16(data.weight);
      writer.u16(data.port);
      return writer.name(data.target, false);
    case "SOA":
      writer.name(data.mname);
      writer.name(data.rname);
      for (const it of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) writer.u32(it);
      return;
    case "CAA":
      writer.bytes.push(data.critical ? 0x80 : 0);
      writer.counted(data.tag);
      return writer.text(data.value);
    case "NAPTR":
      writer.u16(data.order);
      writer.u16(data.preference);
      for (const it of [data.flags, data.services, data.regexp]) writer.counted(it);
      return writer.name(data.replacement, false);
    case "OTHER":
      return void writer.bytes.push(...data.octets);
  }
}
