/** One connection of a server: requests in, responses out, one after the other. */
import type { NetAddr } from "../socket/addresses.ts";
import { errors } from "../socket/errors.ts";
import { BodyReader, writeChunk, writeLastChunk } from "./body.ts";
import { ByteReader, writeAll } from "./byte_reader.ts";
import { codingFor, compress } from "./compression.ts";
import {
  encodeHead,
  type Fields,
  hasToken,
  HEAD_LIMIT,
  headEnd,
  HttpParseError,
  keepsAlive,
  latin1Bytes,
  parseRequestHead,
  requestFraming,
  type RequestHead,
  valuesOf,
} from "./head.ts";
import { bodyStream, peekBody, type Pieces } from "./message_body.ts";
import type { ServedConn, Server } from "./serve.ts";
import { clientGone, Exchange, HandlerInfo, ServedRequest } from "./served_request.ts";
import { reasonOf } from "./status.ts";
import { takeUpgrade } from "./upgrade.ts";

/** Octets of an unread request body that are skipped to keep a connection; past that it is closed. */
const SKIP_LIMIT = 1 << 20;
const CONTINUE = latin1Bytes("HTTP/1.1 100 Continue\r\n\r\n");
/** Octets of a body that are sent in one piece with the head. */
const TOGETHER = 65536;

/** Methods that the platform's Request refuses. */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);

export class Connection {
  readonly #server: Server;
  readonly #conn: ServedConn;
  readonly #reader: ByteReader;
  /** The request whose answer is being made. */
  #current: Exchange | null = null;
  #closed = false;
  #idle = true;

  constructor(server: Server, conn: ServedConn) {
    this.#server = server;
    this.#conn = conn;
    this.#reader = new ByteReader(conn);
  }

  /** Settles `serve` when the connection is given up, whatever its handler still does. */
  #over: () => void = () => {};

  /** Answers requests until the connection ends. Never throws. */
  serve(): Promise<void> {
    return new Promise((resolve) => {
      this.#over = resolve;
      this.#serve().then(resolve);
    });
  }

  async #serve(): Promise<void> {
    try {
      while (await this.#exchange());
    } catch (error) {
      if (error instanceof HttpParseError) await this.#refuse(error.status);
      // Otherwise the client went away: there is nobody to tell.
    }
    this.#giveUp();
  }

  /** `shutdown`: ends a connection that waits for its next request. */
  closeIfIdle(): void {
    if (this.#idle) this.#close();
  }

  /** The server's signal was aborted, or the client has gone: everything ends at once. */
  abort(): void {
    this.#giveUp();
    this.#over();
  }

  #giveUp(): void {
    const current = this.#current;
    this.#current = null;
    current?.settle(clientGone());
    current?.abort();
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#conn.close();
    } catch (error) {
      if (!(error instanceof errors.BadResource)) throw error;
    }
  }

  /** One request and its response. False when the connection is done with. */
  async #exchange(): Promise<boolean> {
    const head = await this.#readHead();
    if (head === null || this.#closed) return false;
    this.#idle = false;
    if (valuesOf(head.fields, "host").length > 1) throw new HttpParseError("more than one host");
    const body = new BodyReader(this.#reader, requestFraming(head));
    if (hasToken(head.fields, "expect", "100-continue") && !body.done && this.#reader.available === 0) {
      await writeAll(this.#conn, CONTINUE);
    }
    const exchange = this.#current = new Exchange();
    const request = this.#request(head, body, exchange);
    const answer = this.#server.respond(request, new HandlerInfo(this.#conn.remoteAddr, exchange));
    if (body.done) this.#watch(exchange);
    const response = await answer;
    if (body.broken || this.#current === null) {
      exchange.settle(clientGone());
      return false;
    }
    const takeover = takeUpgrade(response);
    const alive = !this.#server.stopping && takeover === undefined && keepsAlive(head.fields, head.minor);
    try {
      const keep = await this.#send(head, response, alive);
      exchange.settle(null);
      this.#current = null;
      if (takeover !== undefined) {
        this.#closed = true; // it is the socket's now
        takeover(this.#conn, this.#reader);
        return false;
      }
      exchange.abort();
      if (!keep || (!body.done && !await body.skip(SKIP_LIMIT))) return false;
    } catch (error) {
      exchange.settle(clientGone());
      throw error;
    }
    this.#idle = true;
    return !this.#server.stopping;
  }

  /**
   * Reads ahead while the handler works, to see the client go. One that has only closed its half is still answered, as Deno
   * does; of a connection that was reset nobody is left.
   */
  async #watch(exchange: Exchange): Promise<void> {
    const reader = this.#reader;
    if (reader.available > 0) return;
    try {
      if (!await reader.fill()) exchange.abort();
    } catch {
      if (this.#current === exchange) this.abort();
    }
  }

  async #readHead(): Promise<RequestHead | null> {
    const reader = this.#reader;
    let scanned = 0;
    for (;;) {
      // RFC 9112 section 2.2: empty lines before a request are passed over
      while (reader.available > 0 && (reader.buffer[reader.start] === 13 || reader.buffer[reader.start] === 10)) {
        reader.start++;
        scanned = 0;
      }
      const { start } = reader;
      // An end of line that came last may be the first half of the head's end.
      const end = headEnd(reader.buffer, start + Math.max(0, scanned - 3), reader.end);
      if ((end >= 0 ? end - start : reader.available) > HEAD_LIMIT) throw new HttpParseError("the head is too long");
      if (end >= 0) {
        const head = parseRequestHead(reader.buffer, start, end);
        reader.start = end;
        return head;
      }
      scanned = reader.available;
      if (!await reader.fill()) return null;
    }
  }

  #request(head: RequestHead, body: BodyReader, exchange: Exchange): Request {
    const bodied = head.method !== "GET" && head.method !== "HEAD" && !body.done;
    if (FORBIDDEN.has(head.method.toUpperCase())) throw new HttpParseError("a method that Request cannot have", 405);
    const init: RequestInit & { duplex?: "half" } = { method: head.method, headers: head.fields };
    if (bodied) {
      init.body = body.whole() ?? bodyStream(body, () => {}, unavailable);
      init.duplex = "half";
    }
    return new ServedRequest(this.#url(head), init, exchange);
  }

  #url(head: RequestHead): string {
    const { target } = head;
    if (/^https?:\/\//i.test(target)) return checkedUrl(target);
    const scheme = this.#server.secure ? "https" : "http";
    const host = valuesOf(head.fields, "host")[0] || this.#authority();
    if (target === "*") return checkedUrl(`${scheme}://${host}/`);
    if (target[0] !== "/") throw new HttpParseError("invalid target");
    return checkedUrl(`${scheme}://${host}${target}`);
  }

  #authority(): string {
    const addr = this.#server.addr as Partial<NetAddr>;
    return addr.port === undefined ? "localhost" : `localhost:${addr.port}`;
  }

  /** Sends a response; false when the connection must be closed after it. */
  async #send(head: RequestHead, response: Response, alive: boolean): Promise<boolean> {
    const bodyless = response.status < 200 || response.status === 204 || response.status === 304;
    let body: Uint8Array | Pieces | null = null;
    if (response.body !== null && !bodyless) body = await peekBody(response.body);
    const fields = fieldsOf(response);
    if (body instanceof Uint8Array && this.#server.compress) {
      body = await this.#compressed(head, response.headers, body, fields);
    }
    const chunked = body !== null && !(body instanceof Uint8Array) && head.minor === 1;
    if (body instanceof Uint8Array) fields.push(["content-length", String(body.length)]);
    else if (chunked && head.method !== "HEAD") fields.push(["transfer-encoding", "chunked"]);
    else if (body === null && !bodyless) fields.push(["content-length", "0"]);
    if (!fields.some(isDate)) fields.push(["date", this.#server.world.date()]);
    const keep = alive && (body === null || body instanceof Uint8Array || chunked);
    if (!keep && response.status !== 101 && head.minor === 1) fields.push(["connection", "close"]);
    if (keep && head.minor === 0) fields.push(["connection", "keep-alive"]);
    const reason = response.statusText || reasonOf(response.status);
    const line = `HTTP/1.${head.minor} ${response.status} ${reason}`;
    if (body instanceof Uint8Array && body.length <= TOGETHER && head.method !== "HEAD") {
      await writeAll(this.#conn, encodeHead(line, fields, body));
      return keep;
    }
    const first = encodeHead(line, fields);
    if (head.method === "HEAD" || body === null) {
      await writeAll(this.#conn, first);
      if (body !== null && !(body instanceof Uint8Array)) await body.cancel();
    } else if (body instanceof Uint8Array) {
      await writeAll(this.#conn, first);
      await writeAll(this.#conn, body);
    } else await this.#sendPieces(first, body, chunked);
    return keep;
  }

  async #compressed(head: RequestHead, headers: Headers, body: Uint8Array, fields: Fields): Promise<Uint8Array> {
    const coding = codingFor(valuesOf(head.fields, "accept-encoding").join(",") || null, headers, body.length);
    if (coding === null) return body;
    fields.push(["content-encoding", coding], ["vary", "Accept-Encoding"]);
    return await this.#server.world.hold(compress(body, coding));
  }

  async #sendPieces(head: Uint8Array, pieces: Pieces, chunked: boolean): Promise<void> {
    try {
      await writeAll(this.#conn, head);
      for (;;) {
        const piece = await pieces.read();
        if (piece.done) break;
        if (chunked) await writeChunk(this.#conn, piece.value);
        else await writeAll(this.#conn, piece.value);
      }
      if (chunked) await writeLastChunk(this.#conn);
    } catch (error) {
      await pieces.cancel(error).catch(() => {});
      throw error;
    }
  }

  async #refuse(status: number): Promise<void> {
    const fields: Fields = [["content-length", "0"], ["date", this.#server.world.date()], ["connection", "close"]];
    try {
      await writeAll(this.#conn, encodeHead(`HTTP/1.1 ${status} ${reasonOf(status)}`, fields));
    } catch {
      // The client went away before it could be told.
    }
  }
}

function unavailable(): Error {
  return new errors.BadResource("Cannot read body as underlying resource unavailable");
}

function isDate(field: readonly [string, string]): boolean {
  return field[0] === "date";
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url)) throw new HttpParseError("invalid target");
  return url;
}

/** The response's fields, less those that frame the body. */
function fieldsOf(response: Response): Fields {
  const fields: Fields = [];
  for (const [name, value] of response.headers) {
    if (name === "content-length" || name === "transfer-encoding" || name === "connection" && response.status !== 101) {
      continue;
    }
    fields.push([name, value]);
  }
  return fields;
}
