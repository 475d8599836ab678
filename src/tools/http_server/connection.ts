/** One connection of `python3 -m http.server`: `BaseHTTPRequestHandler` and `SimpleHTTPRequestHandler` of Python 3.11. */
import { ByteReader, type ByteStream, writeAll } from "../../http/byte_reader.ts";
import { latin1, latin1Bytes } from "../../http/head.ts";
import { KernelError } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import { errorPage, listing, reasonOf, typeOfFile } from "./pages.ts";

/** Octets of one line, and lines of a head. */
const LINE_LIMIT = 65536;
const HEADERS_LIMIT = 100;
const LF = 10;

export interface SiteOptions {
  readonly root: string;
  /** `HTTP/1.1` keeps connections. */
  readonly protocol: string;
  /** Milliseconds since 1970 that files are said to be from. */
  readonly modifiedAt: number;
}

interface Request {
  line: string;
  method: string;
  path: string;
  /** `HTTP/0.9` answers have no head. */
  version: string;
  fields: Map<string, string>;
}

export class SiteConnection {
  readonly #reader: ByteReader;
  #close = true;
  #request: Request = { line: "", method: "", path: "", version: "HTTP/0.9", fields: new Map() };

  constructor(
    readonly process: Process,
    readonly options: SiteOptions,
    readonly stream: ByteStream,
    readonly client: string,
  ) {
    this.#reader = new ByteReader(stream);
  }

  /** Answers what comes until the connection is over. */
  async serve(): Promise<void> {
    try {
      do await this.#one(); while (!this.#close);
    } catch {
      // The client went away.
    }
  }

  async #one(): Promise<void> {
    this.#close = true;
    this.#request = { line: "", method: "", path: "", version: "HTTP/0.9", fields: new Map() };
    const raw = await this.#line();
    if (raw === null) return;
    if (raw.length > LINE_LIMIT) return await this.#error(414);
    this.#request.line = raw.replace(/[\r\n]+$/, "");
    const words = this.#request.line.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return;
    if (!await this.#parse(words)) return;
    const { method } = this.#request;
    if (method !== "GET" && method !== "HEAD") return await this.#error(501, `Unsupported method ('${method}')`);
    await this.#file(method === "HEAD");
  }

  /** `parse_request`. False when the answer has been given. */
  async #parse(words: string[]): Promise<boolean> {
    const request = this.#request;
    if (words.length >= 3) {
      const version = words[words.length - 1];
      const match = /^HTTP\/(\d{1,10})\.(\d{1,10})$/.exec(version);
      if (match === null) return await this.#refuse(400, `Bad request version ('${version}')`);
      const major = Number(match[1]), minor = Number(match[2]);
      if (major >= 2) return await this.#refuse(505, `Invalid HTTP version (${match[1]}.${match[2]})`);
      if (major === 1 && minor >= 1 && this.options.protocol >= "HTTP/1.1") this.#close = false;
      request.version = version;
    }
    if (words.length < 2 || words.length > 3) return await this.#refuse(400, `Bad request syntax ('${request.line}')`);
    if (words.length === 2 && words[0] !== "GET") {
      return await this.#refuse(400, `Bad HTTP/0.9 request type ('${words[0]}')`);
    }
    request.method = words[0];
    request.path = words[1].replace(/^\/\/+/, "/");
    if (words.length === 2) this.#close = true;
    for (let count = 0;; count++) {
      const line = await this.#line();
      if (line === null || line === "\r\n" || line === "\n") break;
      if (line.length > LINE_LIMIT) return await this.#refuse(431, "Line too long");
      if (count > HEADERS_LIMIT) return await this.#refuse(431, "Too many headers");
      const colon = line.indexOf(":");
      if (colon > 0) request.fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const connection = request.fields.get("connection")?.toLowerCase();
    if (connection === "close") this.#close = true;
    else if (connection === "keep-alive" && this.options.protocol >= "HTTP/1.1") this.#close = false;
    if (request.fields.get("expect")?.toLowerCase() === "100-continue" && this.options.protocol >= "HTTP/1.1") {
      if (request.version >= "HTTP/1.1") await writeAll(this.stream, latin1Bytes("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    return true;
  }

  async #refuse(status: number, message: string): Promise<false> {
    await this.#error(status, message);
    return false;
  }

  /** `send_head` and `list_directory`. */
  async #file(head: boolean): Promise<void> {
    const { files } = this.process;
    const [path, query] = split(this.#request.path);
    const decoded = decodePath(path);
    if (decoded.includes("\0")) return;
    const where = this.#translate(decoded);
    if (where !== null && files.exists(where) && files.stat(where).kind === "directory") {
      if (!path.endsWith("/")) {
        const location = query === "" ? `${path}/` : `${path}/?${query}`;
        return await this.#answer(301, [["Location", location], ["Content-Length", "0"]]);
      }
      for (const index of ["index.html", "index.htm"]) {
        if (files.exists(`${where}/${index}`) && files.stat(`${where}/${index}`).kind === "file") {
          return await this.#send(`${where}/${index}`, head);
        }
      }
      return await this.#list(where, decoded, head);
    }
    if (where === null || decoded.endsWith("/")) return await this.#error(404, "File not found");
    await this.#send(where, head);
  }

  /** Where the file of a path lies: dots go nowhere above the root. */
  #translate(path: string): string | null {
    const segments: string[] = [];
    for (const segment of path.split("/")) {
      if (segment === "" || segment === ".") continue;
      if (segment === "..") segments.pop();
      else segments.push(segment);
    }
    return [this.options.root === "/" ? "" : this.options.root, ...segments].join("/") || "/";
  }

  async #send(path: string, head: boolean): Promise<void> {
    let octets: Uint8Array;
    try {
      octets = this.process.files.read(path);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return await this.#error(404, "File not found");
    }
    const since = Date.parse(this.#request.fields.get("if-modified-since") ?? "");
    const modified = Math.floor(this.options.modifiedAt / 1000) * 1000;
    if (since >= modified && !this.#request.fields.has("if-none-match")) return await this.#answer(304, []);
    await this.#answer(200, [
      ["Content-type", typeOfFile(path)],
      ["Content-Length", String(octets.length)],
      ["Last-Modified", new Date(modified).toUTCString()],
    ], head ? null : octets);
  }

  async #list(where: string, path: string, head: boolean): Promise<void> {
    const { files } = this.process;
    const directory = where === "/" ? "" : where;
    const entries = files.list(where).map((name) => ({
      name,
      directory: files.stat(`${directory}/${name}`).kind === "directory",
    }));
    const page = new TextEncoder().encode(listing(path, entries));
    await this.#answer(200, [
      ["Content-type", "text/html; charset=utf-8"],
      ["Content-Length", String(page.length)],
    ], head ? null : page);
  }

  async #error(status: number, message = reasonOf(status)): Promise<void> {
    this.#close = true;
    this.#log(`code ${status}, message ${message}`);
    const page = new TextEncoder().encode(errorPage(status, message));
    await this.#answer(
      status,
      [
        ["Connection", "close"],
        ["Content-Type", "text/html;charset=utf-8"],
        ["Content-Length", String(page.length)],
      ],
      this.#request.method === "HEAD" ? null : page,
      message,
    );
  }

  async #answer(
    status: number,
    fields: [string, string][],
    body: Uint8Array | null = null,
    reason = reasonOf(status),
  ): Promise<void> {
    this.#log(`"${this.#request.line}" ${status} -`);
    if (this.#request.version !== "HTTP/0.9") {
      let head = `${this.options.protocol} ${status} ${reason}\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\n`;
      head += `Date: ${new Date(this.process.namespace.world.wallClock()).toUTCString()}\r\n`;
      for (const [name, value] of fields) head += `${name}: ${value}\r\n`;
      await writeAll(this.stream, latin1Bytes(`${head}\r\n`));
    }
    if (body !== null) await writeAll(this.stream, body);
  }

  #log(text: string): void {
    const shown = text.replace(/\\/g, "\\\\").replace(
      // deno-lint-ignore no-control-regex
      /[\x00-\x1f\x7f-\x9f]/g,
      (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
    this.process.stderr.write(`${this.client} - - [${this.#logDate()}] ${shown}\n`);
  }

  #logDate(): string {
    const [, day, month, year, time] = new Date(this.process.namespace.world.wallClock()).toUTCString().split(" ");
    return `${day}/${month}/${year} ${time}`;
  }

  /** A line with its end; what is longer than the limit is cut there; null at the end of the stream. */
  async #line(): Promise<string | null> {
    const reader = this.#reader;
    for (;;) {
      const at = reader.buffer.subarray(0, reader.end).indexOf(LF, reader.start);
      const stop = at >= 0 ? at + 1 : reader.available > LINE_LIMIT ? reader.start + LINE_LIMIT + 1 : -1;
      if (stop >= 0) {
        const line = latin1(reader.buffer, reader.start, stop);
        reader.start = stop;
        return line;
      }
      if (!await reader.fill()) {
        if (reader.available === 0) return null;
        const rest = latin1(reader.buffer, reader.start, reader.end);
        reader.start = reader.end;
        return rest;
      }
    }
  }
}

function split(target: string): [path: string, query: string] {
  const path = target.replace(/[?#].*/s, "");
  return [path, /\?([^#]*)/.exec(target)?.[1] ?? ""];
}

/** Percent-decoding; octets that are no UTF-8 become U+FFFD. */
function decodePath(path: string): string {
  const octets: number[] = [];
  for (let i = 0; i < path.length; i++) {
    const hex = /^%([0-9a-fA-F]{2})/.exec(path.slice(i, i + 3));
    if (hex === null) octets.push(path.charCodeAt(i));
    else {
      octets.push(parseInt(hex[1], 16));
      i += 2;
    }
  }
  return new TextDecoder().decode(Uint8Array.from(octets));
}
