/** The request that curl sends (`http.c`): its lines in curl's order, and its body. */
import { latin1Bytes } from "../../http/head.ts";
import { KernelError } from "../../wire/errno.ts";
import { readAll } from "../input.ts";
import type { Process } from "../process.ts";
import { TransferError } from "./connect.ts";
import type { CurlOptions, FormPart, Target } from "./options.ts";
import type { CurlUrl } from "./url.ts";

/** Octets of a POST above which curl asks first whether it is welcome. */
const EXPECT_THRESHOLD = 1024 * 1024;

/** What is to be sent, whatever its address. */
export interface Message {
  kind: "get" | "post" | "form" | "put";
  body: Uint8Array | null;
  contentType: string | null;
  /** `-T -`: the length is not said. */
  chunked: boolean;
}

export interface BuiltRequest {
  head: Uint8Array<ArrayBuffer>;
  method: string;
  expects: boolean;
  body: Uint8Array | null;
}

/** What is sent with every request of a transfer. @throws {TransferError} */
export async function messageOf(process: Process, options: CurlOptions, target: Target): Promise<Message> {
  if (target.upload !== null) {
    const chunked = target.upload === "-" || target.upload === ".";
    return { kind: "put", body: await contents(process, target.upload), contentType: null, chunked };
  }
  if (options.form.length > 0) {
    const boundary = boundaryOf(process);
    const body = await multipart(process, options.form, boundary);
    return { kind: "form", body, contentType: `multipart/form-data; boundary=${boundary}`, chunked: false };
  }
  if (options.data !== null && !options.get) {
    const contentType = options.json ? null : "application/x-www-form-urlencoded";
    return { kind: "post", body: options.data, contentType, chunked: false };
  }
  return { kind: "get", body: null, contentType: null, chunked: false };
}

async function contents(process: Process, file: string): Promise<Uint8Array> {
  if (file === "-" || file === ".") return await readAll(process.stdin);
  try {
    return process.files.read(process.files.resolve(file, process.cwd));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(
      `curl: Can't open '${file}'!\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    throw new TransferError(26, "Failed to open/read local data from file/application");
  }
}

function boundaryOf(process: Process): string {
  const random = process.namespace.random.split(`curl ${process.pid}`);
  let digits = "";
  for (let i = 0; i < 16; i++) digits += random.below(16).toString(16);
  return `------------------------${digits}`;
}

const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  pdf: "application/pdf",
  xml: "application/xml",
};

async function multipart(process: Process, parts: readonly FormPart[], boundary: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const octets: number[] = [];
  const add = (text: string) => octets.push(...encoder.encode(text));
  const quoted = (text: string) => text.replace(/"/g, "%22").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  for (const part of parts) {
    const filename = part.filename === null ? "" : `; filename="${quoted(part.filename)}"`;
    add(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(part.name)}"${filename}\r\n`);
    const guessed = part.filename === null
      ? null
      : TYPES[part.filename.split(".").pop()!.toLowerCase()] ?? "application/octet-stream";
    const type = part.type ?? guessed;
    if (type !== null) add(`Content-Type: ${type}\r\n`);
    add("\r\n");
    if (part.file === null) add(part.text!);
    else for (const octet of await contents(process, part.file)) octets.push(octet);
    add("\r\n");
  }
  add(`--${boundary}--\r\n`);
  return Uint8Array.from(octets);
}

/** The fields that `-H` gives. */
class CustomFields {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();

  constructor(headers: readonly string[]) {
    for (const header of headers) {
      const match = /^([^:;]+)([:;])\s*(.*?)\s*$/s.exec(header);
      if (match === null) continue;
      const [, name, separator, value] = match;
      const key = name.trim().toLowerCase();
      if (separator === ";" && value !== "") continue;
      this.#names.set(key, value);
      if (key === "host") continue;
      if (separator === ";") this.lines.push(`${name}:`);
      else if (value !== "") this.lines.push(header.trimEnd());
    }
  }

  /** What stands in the place of curl's own; undefined when nothing does. */
  get(name: string): string | undefined {
    return this.#names.get(name);
  }
}

/** The request for one address. `elsewhere`: a redirect led to another host. */
export function buildRequest(
  options: CurlOptions,
  message: Message,
  url: CurlUrl,
  how: { elsewhere: boolean; referer: string | null; proxied: boolean },
): BuiltRequest {
  const json = options.json ? ["Content-Type: application/json", "Accept: application/json"] : [];
  const own = new Set(options.headers.map((it) => it.split(/[:;]/)[0].trim().toLowerCase()));
  const headers = [...options.headers, ...json.filter((it) => !own.has(it.split(":")[0].toLowerCase()))];
  const custom = new CustomFields(
    how.elsewhere && !options.locationTrusted
      ? headers.filter((it) => !/^(authorization|cookie|host)\s*:/i.test(it))
      : headers,
  );
  const lines: string[] = [];
  const field = (name: string, value: string | null) => {
    if (value !== null && custom.get(name.toLowerCase()) === undefined) lines.push(`${name}: ${value}`);
  };
  const version = options.http10 ? "1.0" : "1.1";
  const method = options.method ?? methodOf(options, message);
  const bracketed = url.host.includes(":") ? `[${url.host}]` : url.host;
  const authority = url.portGiven ? `${bracketed}:${url.port}` : bracketed;
  const target = options.requestTarget ?? (how.proxied ? `http://${authority}${url.target}` : url.target);
  lines.push(`${method} ${target} HTTP/${version}`);
  const host = custom.get("host");
  if (host !== "") lines.push(`Host: ${host ?? authority}`);
  field("Authorization", authorization(options, url, how.elsewhere));
  field("Range", options.range === null ? null : `bytes=${options.range}`);
  field("User-Agent", options.userAgent === "" ? null : options.userAgent ?? "curl/7.88.1");
  field("Accept", "*/*");
  field("Accept-Encoding", options.compressed ? "deflate, gzip, br, zstd" : null);
  field("Referer", how.referer);
  if (how.proxied) field("Proxy-Connection", "Keep-Alive");
  if (message.chunked && !options.http10) field("Transfer-Encoding", "chunked");
  if (options.cookies.length > 0 && !how.elsewhere) field("Cookie", options.cookies.join("; "));
  field("If-Modified-Since", options.timeCondition);
  lines.push(...custom.lines);
  const { body } = message;
  if (body !== null && !message.chunked) field("Content-Length", String(body.length));
  field("Content-Type", message.contentType);
  const expected = custom.get("expect");
  let expects = body !== null && /100-continue/i.test(expected ?? "");
  if (body !== null && expected === undefined && !options.http10) {
    expects = message.kind === "put" ? message.chunked || body.length > 0 : body.length > EXPECT_THRESHOLD;
    if (expects) lines.push("Expect: 100-continue");
  }
  return { head: latin1Bytes(utf8AsLatin1(`${lines.join("\r\n")}\r\n\r\n`)), method, expects, body };
}

function methodOf(options: CurlOptions, message: Message): string {
  if (options.head) return "HEAD";
  if (message.kind === "put") return "PUT";
  return message.kind === "get" ? "GET" : "POST";
}

function authorization(options: CurlOptions, url: CurlUrl, elsewhere: boolean): string | null {
  if (url.user !== null) return basic(`${url.user}:${url.password}`);
  if (elsewhere && !options.locationTrusted) return null;
  if (options.bearer !== null) return `Bearer ${options.bearer}`;
  if (options.user === null) return null;
  return basic(options.user.includes(":") ? options.user : `${options.user}:`);
}

function basic(credentials: string): string {
  return `Basic ${btoa(utf8AsLatin1(credentials))}`;
}

/** Text as its UTF-8 octets, each a character. */
function utf8AsLatin1(text: string): string {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return String.fromCharCode(...new TextEncoder().encode(text));
}
