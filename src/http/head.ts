/**
 * The head of an HTTP/1.1 message (RFC 9112): request line or status line, and fields. Everything that lets two readers see
 * two different messages (bare CR, folded lines, spaces before the colon, two lengths) is refused.
 *
 * @module
 */

/** Octets of a head, and fields in it: what Deno takes. */
export const HEAD_LIMIT = 65536;
export const FIELDS_LIMIT = 128;

/** A message that is not HTTP/1.1; `status` is what a server answers. */
export class HttpParseError extends Error {
  override name = "HttpParseError";
  constructor(message: string, readonly status = 400) {
    super(message);
  }
}

export type Fields = [name: string, value: string][];

export interface RequestHead {
  method: string;
  target: string;
  /** 0 or 1: HTTP/1.0 or 1.1. */
  minor: number;
  fields: Fields;
}

export interface ResponseHead {
  minor: number;
  status: number;
  reason: string;
  fields: Fields;
}

const CR = 13, LF = 10, COLON = 58, SPACE = 32, TAB = 9;

/** tchar (RFC 9110 section 5.6.2). */
const TOKEN = new Uint8Array(256);
for (const c of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  TOKEN[c.charCodeAt(0)] = 1;
}
/** Octets of a field's value: no controls but the tab. */
const VALUE = new Uint8Array(256).fill(1);
VALUE.fill(0, 0, 32);
VALUE[TAB] = 1;
VALUE[127] = 0;

/**
 * Where the head that begins at `from` ends (one past its empty line), or -1 when it is not all there yet. A line ends in
 * CRLF, or in LF alone as RFC 9112 section 2.2 lets recipients take it.
 */
export function headEnd(octets: Uint8Array, from: number, to: number): number {
  // A loop, for a head is short and the buffer behind it is not.
  for (let at = from; at < to; at++) {
    if (octets[at] !== LF) continue;
    if (at + 1 < to && octets[at + 1] === LF) return at + 2;
    if (at + 2 < to && octets[at + 1] === CR && octets[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** A place in the octets of a head. */
class Lines {
  readonly #base: number;
  readonly #text: string;

  constructor(readonly bytes: Uint8Array, public at: number, end: number) {
    this.#base = at;
    this.#text = latin1(bytes, at, end);
  }

  /** The next line is [start, stop); `at` goes past its end. */
  start = 0;
  stop = 0;
  next(): void {
    const lf = this.bytes.indexOf(LF, this.at);
    this.start = this.at;
    this.stop = lf > this.at && this.bytes[lf - 1] === CR ? lf - 1 : lf;
    this.at = lf + 1;
  }

  text(from: number, to: number): string {
    return this.#text.slice(from - this.#base, to - this.#base);
  }
}

/** Octets as characters of the same number, as `Headers` takes them. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= 8192) return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  let text = "";
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]);
  return text;
}

/** The request head in [from, end), where `end` is from `headEnd`. */
export function parseRequestHead(bytes: Uint8Array, from: number, end: number): RequestHead {
  const lines = new Lines(bytes, from, end);
  lines.next();
  const { start, stop } = lines;
  let at = start;
  while (at < stop && TOKEN[bytes[at]] === 1) at++;
  if (at === start || bytes[at] !== SPACE) throw new HttpParseError("invalid method");
  const method = lines.text(start, at);
  const targetStart = ++at;
  while (at < stop && bytes[at] > SPACE && bytes[at] !== 127) at++;
  if (at === targetStart || at >= stop || bytes[at] !== SPACE) throw new HttpParseError("invalid target");
  const target = lines.text(targetStart, at);
  const minor = version(lines, at + 1, stop);
  if (at + 9 !== stop) throw new HttpParseError("invalid version");
  return { method, target, minor, fields: parseFields(lines) };
}

/** The response head in [from, end). */
export function parseResponseHead(bytes: Uint8Array, from: number, end: number): ResponseHead {
  const lines = new Lines(bytes, from, end);
  lines.next();
  const { start, stop } = lines;
  const minor = version(lines, start, stop);
  const text = lines.text(start + 8, stop);
  const match = /^ ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(text);
  if (match === null) throw new HttpParseError("invalid status line");
  return { minor, status: Number(match[1]), reason: match[2] ?? "", fields: parseFields(lines) };
}

/** The fields of a trailer section in [from, end). */
export function parseTrailers(bytes: Uint8Array, from: number, end: number): Fields {
  return parseFields(new Lines(bytes, from, end));
}

function version(lines: Lines, at: number, stop: number): number {
  const text = lines.text(at, Math.min(at + 8, stop));
  if (text === "HTTP/1.1") return 1;
  if (text === "HTTP/1.0") return 0;
  throw new HttpParseError("invalid version");
}

function parseFields(lines: Lines): Fields {
  const { bytes } = lines;
  const fields: Fields = [];
  for (;;) {
    lines.next();
    const { start, stop } = lines;
    if (start === stop) return fields;
    if (fields.length >= FIELDS_LIMIT) throw new HttpParseError("too many fields");
    let at = start;
    while (at < stop && TOKEN[bytes[at]] === 1) at++;
    if (at === start || bytes[at] !== COLON) throw new HttpParseError("invalid field name");
    const name = lines.text(start, at);
    at++;
    while (at < stop && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    let last = stop;
    while (last > at && (bytes[last - 1] === SPACE || bytes[last - 1] === TAB)) last--;
    for (let i = at; i < last; i++) if (VALUE[bytes[i]] === 0) throw new HttpParseError("invalid field value");
    fields.push([name, lines.text(at, last)]);
  }
}

/** How the body after a head is framed (RFC 9112 section 6.3). */
export type Framing = { kind: "none" } | { kind: "length"; length: number } | { kind: "chunked" } | { kind: "close" };

const NONE: Framing = { kind: "none" };

const NO_VALUES: string[] = [];

/** The values of a field, in order. */
export function valuesOf(fields: Fields, name: string): string[] {
  let values = NO_VALUES;
  for (let i = 0; i < fields.length; i++) {
    const key = fields[i][0];
    if (key.length !== name.length || (key !== name && key.toLowerCase() !== name)) continue;
    if (values === NO_VALUES) values = [fields[i][1]];
    else values.push(fields[i][1]);
  }
  return values;
}

/** Whether a comma-separated list field has this token. */
export function hasToken(fields: Fields, name: string, token: string): boolean {
  const values = valuesOf(fields, name);
  for (let i = 0; i < values.length; i++) {
    if (values[i].length < token.length) continue;
    if (values[i].split(",").some((item) => item.trim().toLowerCase() === token)) return true;
  }
  return false;
}

/**
 * The framing that Content-Length and Transfer-Encoding give.
 *
 * @throws {HttpParseError} lengths that differ, a length beside a transfer coding, a coding that does not end in `chunked`
 */
export function framingOf(fields: Fields, minor: number): Framing | null {
  const lengths = valuesOf(fields, "content-length");
  const codings = valuesOf(fields, "transfer-encoding");
  if (codings.length > 0) {
    if (lengths.length > 0 || minor === 0) throw new HttpParseError("transfer-encoding and content-length");
    if (!/(^|,)\s*chunked\s*$/i.test(codings.join(","))) throw new HttpParseError("unknown transfer coding");
    if (/chunked\s*,/i.test(codings.join(","))) throw new HttpParseError("chunked more than once");
    return { kind: "chunked" };
  }
  if (lengths.length === 0) return null;
  if (!lengths.every((value) => value === lengths[0]) || !/^\d{1,15}$/.test(lengths[0])) {
    throw new HttpParseError("invalid content-length");
  }
  return { kind: "length", length: Number(lengths[0]) };
}

/** How a request's body is framed: without a length there is none. */
export function requestFraming(head: RequestHead): Framing {
  return framingOf(head.fields, head.minor) ?? NONE;
}

/** How a response's body is framed: without a length it lasts until the connection is closed. */
export function responseFraming(head: ResponseHead, method: string): Framing {
  const { status } = head;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NONE;
  if (method === "CONNECT" && status < 300) return NONE;
  return framingOf(head.fields, head.minor) ?? { kind: "close" };
}

/** Whether the connection may carry another message after this one (RFC 9112 section 9.3). */
export function keepsAlive(fields: Fields, minor: number): boolean {
  if (hasToken(fields, "connection", "close")) return false;
  return minor === 1 || hasToken(fields, "connection", "keep-alive");
}

/** The octets of a head: its first line and fields; and a body behind it. */
export function encodeHead(firstLine: string, fields: Fields, body?: Uint8Array): Uint8Array<ArrayBuffer> {
  let text = firstLine + "\r\n";
  for (let i = 0; i < fields.length; i++) text += fields[i][0] + ": " + fields[i][1] + "\r\n";
  text += "\r\n";
  if (body === undefined || body.length === 0) return latin1Bytes(text);
  const all = new Uint8Array(text.length + body.length);
  if (encoder.encodeInto(text, all).written !== text.length) all.set(latin1Bytes(text));
  all.set(body, text.length);
  return all;
}

const encoder = new TextEncoder();

/** Characters up to U+00FF as octets. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const encoded = encoder.encode(text);
  if (encoded.length === text.length) return encoded; // all of it ASCII: the platform's encoder is faster than a loop
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
