/** One transfer of curl: requests and responses until a redirect leads no further. */
import { type ByteStream, closeQuietly } from "../../http/byte_reader.ts";
import { latin1, latin1Bytes } from "../../http/head.ts";
import type { Process } from "../process.ts";
import { within } from "../tcp_client.ts";
import { type Connection, type Connections, TransferError } from "./connect.ts";
import type { CurlOptions } from "./options.ts";
import type { Sink } from "./output.ts";
import type { Progress } from "./progress.ts";
import { buildRequest, type BuiltRequest, type Message } from "./request.ts";
import { ChunkDecoder, ResponseReader } from "./response.ts";
import type { Trace } from "./trace.ts";
import { type CurlUrl, parseCurlUrl } from "./url.ts";

/** Octets that are sent at once. */
const UPLOAD = 65536;
/** ms that curl waits for `100 Continue`. */
const EXPECT_MS = 1000;

const NOT_BUILT_IN =
  "A requested feature, protocol or option was not found built-in in this libcurl due to a build-time decision.";

/** What `-w` tells of a transfer. */
export interface Statistics {
  status: number;
  version: string;
  method: string;
  headers: [name: string, value: string][];
  headerOctets: number;
  requestOctets: number;
  redirects: number;
  redirectUrl: string | null;
  connects: number;
  connection: Connection | null;
  effectiveUrl: string;
  scheme: string;
  referer: string | null;
  /** Virtual ns. */
  times: {
    start: number;
    legStart: number;
    namelookup: number;
    connect: number;
    appconnect: number;
    pretransfer: number;
    starttransfer: number;
    total: number;
    redirect: number;
  };
}

export class Transfer {
  readonly statistics: Statistics;
  #cancel: () => void = () => {};
  #phase: "resolving" | "connecting" | "running" = "resolving";
  #timedOut = false;
  #progressOpen = true;
  #referer: string | null;

  constructor(
    readonly process: Process,
    readonly options: CurlOptions,
    readonly connections: Connections,
    readonly trace: Trace,
    readonly progress: Progress,
    readonly body: Sink,
    readonly header: (line: Uint8Array) => void,
    url: string,
  ) {
    const start = this.#now();
    this.#referer = options.referer;
    this.statistics = {
      status: 0,
      version: "0",
      method: "GET",
      headers: [],
      headerOctets: 0,
      requestOctets: 0,
      redirects: 0,
      redirectUrl: null,
      connects: 0,
      connection: null,
      effectiveUrl: url,
      scheme: "",
      referer: null,
      times: {
        start,
        legStart: start,
        namelookup: 0,
        connect: 0,
        appconnect: 0,
        pretransfer: 0,
        starttransfer: 0,
        total: 0,
        redirect: 0,
      },
    };
  }

  #now(): number {
    return this.process.namespace.world.scheduler.now;
  }

  /** @throws {TransferError} */
  async run(text: string, message: Message): Promise<void> {
    const { times } = this.statistics;
    const onLimit = () => {
      this.#timedOut = true;
      this.#cancel();
    };
    try {
      await within(this.process, this.options.maxTimeMs, onLimit, () => this.#run(text, message));
    } catch (error) {
      throw this.#timedOut && error instanceof TransferError && error.code !== 22 ? this.#timeout() : error;
    } finally {
      times.total = this.#now() - times.start;
    }
  }

  #timeout(): TransferError {
    const ms = Math.round((this.#now() - this.statistics.times.start) / 1e6);
    const { downloaded, downloadSize } = this.progress;
    const words = this.#phase === "resolving"
      ? `Resolving timed out after ${ms} milliseconds`
      : this.#phase === "connecting"
      ? `Connection timed out after ${ms} milliseconds`
      : `Operation timed out after ${ms} milliseconds with ${downloaded} ${
        downloadSize > 0 ? `out of ${downloadSize} ` : ""
      }bytes received`;
    return new TransferError(28, words);
  }

  async #run(text: string, first: Message): Promise<void> {
    if (/^file:\/\//i.test(text)) return this.#file(text);
    let url = this.#parse(text);
    let message = first;
    const origin = url;
    for (let redirects = 0;; redirects++) {
      const elsewhere = url.host !== origin.host || url.port !== origin.port;
      const next = await this.#exchange(url, message, elsewhere);
      if (next === null) return;
      if (redirects >= this.options.maxRedirects) {
        const words = `Maximum (${this.options.maxRedirects}) redirects followed`;
        this.trace.info(words);
        throw new TransferError(47, words);
      }
      const to = this.#parse(next.href);
      const { host, port } = url;
      if (this.#authorised() && host === to.host && port !== to.port && !this.options.locationTrusted) {
        this.trace.info(`Clear auth, redirects to port from ${port} to ${to.port}`);
      }
      this.trace.info(`Issue another request to this URL: '${to.href}'`);
      if (next.get && message.kind !== "get") {
        this.trace.info(this.statistics.status === 303 ? "Switch to GET" : "Switch from POST to GET");
        message = { kind: "get", body: null, contentType: null, chunked: false };
      }
      if (this.options.autoReferer) this.#referer = url.href.replace(/#.*/, "");
      const { times } = this.statistics;
      times.redirect = this.#now() - times.start;
      this.progress.reset();
      this.#progressOpen = true;
      this.statistics.redirects++;
      url = to;
    }
  }

  /** A `file:` URL names a file of this machine. */
  #file(text: string): void {
    const path = decodeURIComponent(text.replace(/^file:\/\/[^/]*/i, "").replace(/[?#].*/s, ""));
    const { files } = this.process;
    if (!files.exists(path) || files.stat(path).kind === "directory") {
      throw new TransferError(37, `Couldn't open file ${path}`);
    }
    const octets = files.read(path);
    this.progress.downloadSize = octets.length;
    this.#deliver(octets, false);
    this.#endProgress();
  }

  #authorised(): boolean {
    return this.options.user !== null || this.options.bearer !== null;
  }

  #parse(text: string): CurlUrl {
    const url = parseCurlUrl(text, this.options.pathAsIs);
    if (url === null) throw new TransferError(3, "URL using bad/illegal format or missing URL");
    if (url.scheme !== "http" && url.scheme !== "https") {
      throw new TransferError(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`);
    }
    this.statistics.effectiveUrl = url.href;
    this.statistics.scheme = url.scheme.toUpperCase();
    return url;
  }

  /** One request and its answer: where to go next, or null. */
  async #exchange(url: CurlUrl, message: Message, elsewhere: boolean): Promise<{ href: string; get: boolean } | null> {
    const { statistics: { times }, connections } = this;
    const secured = url.scheme === "https";
    const named = this.options.proxy ?? this.process.env.get(`${url.scheme}_proxy`) ?? "";
    const proxy = named === "" ? null : this.#parseProxy(named);
    // A tunnel through a proxy is what this curl was built without.
    if (secured && (proxy !== null || this.options.unixSocket !== null)) throw new TransferError(4, NOT_BUILT_IN);
    const { host, port } = proxy ?? url;
    this.progress.update();
    let connection = connections.take(host, port, secured);
    const start = this.#now();
    times.legStart = start;
    if (connection === null) {
      this.statistics.connects++;
      this.#phase = "resolving";
      try {
        connection = await connections.open(host, port, secured, start, (cancel) => this.#cancel = cancel, () => {
          times.namelookup = this.#now() - times.start;
          this.#phase = "connecting";
        }, () => times.connect = this.#now() - times.start);
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        if (this.#timedOut) this.trace.info(this.#timeout().message);
        if (error.code !== 6 || this.#timedOut) this.#endProgress();
        connections.sayClosed();
        throw error;
      }
      times.pretransfer = this.#now() - times.start;
      if (secured) times.appconnect = times.pretransfer;
    }
    this.#phase = "running";
    this.statistics.connection = connection;
    const { stream } = connection;
    this.#cancel = () => closeQuietly(stream);
    if (this.#timedOut) throw this.#timeout();
    const referer = this.#referer;
    this.statistics.referer = referer;
    const request = buildRequest(this.options, message, url, { elsewhere, referer, proxied: proxy !== null });
    if (this.options.user !== null && !elsewhere) {
      this.trace.info(`Server auth using Basic with user '${this.options.user.replace(/:.*/s, "")}'`);
    }
    let keep = false;
    try {
      const answer = await this.#answer(connection, request, message);
      keep = answer.keep;
      return this.#next(url, answer.location, message, request);
    } catch (error) {
      const failed = error instanceof TransferError ? error : null;
      if (this.#timedOut) this.trace.info(this.#timeout().message);
      else if (failed !== null) this.trace.info(failed.message);
      throw error;
    } finally {
      this.#endProgress();
      if (keep) connections.keep(connection);
      else connections.close(connection);
      this.#cancel = () => {};
    }
  }

  #endProgress(): void {
    if (!this.#progressOpen) return;
    this.#progressOpen = false;
    this.progress.done();
  }

  #parseProxy(text: string): { host: string; port: number } {
    const url = parseCurlUrl(text, true);
    if (url === null) throw new TransferError(5, `Unsupported proxy syntax in '${text}'`);
    return { host: url.host, port: /:\d+\/?$/.test(text) ? url.port : 1080 };
  }

  #next(
    url: CurlUrl,
    location: string | null,
    message: Message,
    request: BuiltRequest,
  ): { href: string; get: boolean } | null {
    if (location === null) return null;
    const { status } = this.statistics;
    let href: string;
    try {
      href = new URL(location, url.href).href;
    } catch {
      href = location;
    }
    if (!this.options.follow) {
      this.statistics.redirectUrl = href;
      return null;
    }
    const posted = message.kind === "post" || message.kind === "form";
    const get = (posted && (status === 301 || status === 302) && !this.options.keepPost.has(status)) ||
      (status === 303 && request.method !== "GET" && request.method !== "HEAD" && !this.options.keepPost.has(status));
    return { href, get };
  }

  /** Sends the request and reads the response. */
  async #answer(
    connection: Connection,
    request: BuiltRequest,
    message: Message,
  ): Promise<{ keep: boolean; location: string | null }> {
    const { stream } = connection;
    const { statistics } = this;
    statistics.method = request.method;
    statistics.requestOctets += request.head.length;
    const { body } = request;
    const together = body !== null && !request.expects && message.kind === "post";
    this.trace.header(">", request.head);
    if (together) {
      const all = new Uint8Array(request.head.length + body.length);
      all.set(request.head);
      all.set(body, request.head.length);
      if (body.length > 0) this.trace.data("}", body);
      this.progress.uploaded = this.progress.uploadSize = body.length;
      await this.#write(stream, all);
    } else await this.#write(stream, request.head);
    const reader = new ResponseReader(stream);
    let unsent = together ? null : body;
    if (unsent !== null && !message.chunked) this.progress.uploadSize = unsent.length;
    if (unsent !== null && !request.expects) {
      await this.#upload(stream, unsent, message.chunked);
      unsent = null;
    }
    if (unsent !== null) {
      const ready = await this.#soon(reader);
      if (!ready) {
        this.trace.info("Done waiting for 100-continue");
        await this.#upload(stream, unsent, message.chunked);
        unsent = null;
      }
    }
    for (;;) {
      const head = await this.#head(reader, message);
      if (head.status >= 200) {
        const keep = await this.#body(reader, head, request) && unsent === null;
        const redirecting = head.location !== null && head.status >= 300 && head.status < 400;
        return { keep, location: redirecting ? head.location : null };
      }
      if (head.status === 101) throw new TransferError(56, "Received 101 response without asking for it");
      if (unsent !== null) {
        await this.#upload(stream, unsent, message.chunked);
        unsent = null;
      }
    }
  }

  /** Whether something comes within the time that curl waits for `100 Continue`. */
  async #soon(reader: ResponseReader): Promise<boolean> {
    const { waits } = this.process.namespace.world;
    const waiting = new AbortController();
    const some = reader.more().then(() => waiting.abort(), () => waiting.abort());
    await waits.sleep(EXPECT_MS, waiting.signal);
    if (waiting.signal.aborted) await some;
    else this.#pending = some;
    return waiting.signal.aborted;
  }

  /** A read that goes on: the next must wait for it. */
  #pending: Promise<void> | null = null;

  async #write(stream: ByteStream, data: Uint8Array): Promise<void> {
    try {
      for (let sent = 0; sent < data.length;) sent += await stream.write(sent === 0 ? data : data.subarray(sent));
    } catch (error) {
      const words = error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
      throw new TransferError(55, `Send failure: ${words}`);
    }
  }

  async #upload(stream: ByteStream, body: Uint8Array, chunked: boolean): Promise<void> {
    for (let at = 0; at < body.length; at += UPLOAD) {
      const piece = body.subarray(at, at + UPLOAD);
      this.trace.data("}", piece);
      if (chunked) await this.#write(stream, latin1Bytes(`${piece.length.toString(16)}\r\n`));
      await this.#write(stream, piece);
      if (chunked) await this.#write(stream, latin1Bytes("\r\n"));
      this.progress.uploaded += piece.length;
      this.progress.update();
    }
    if (chunked) await this.#write(stream, latin1Bytes("0\r\n\r\n"));
    this.trace.info("We are completely uploaded and fine");
  }

  /** The lines of a head, printed as they come. */
  async #head(reader: ResponseReader, message: Message): Promise<ResponseLines> {
    if (this.#pending !== null) await this.#pending;
    this.#pending = null;
    const { statistics, options } = this;
    const head = new ResponseLines();
    reader.headerOctets = 0;
    if (!await reader.more()) throw new TransferError(52, "Empty reply from server");
    const { times } = statistics;
    times.starttransfer = this.#now() - times.start;
    if (!"HTTP/".startsWith(reader.peek(5).slice(0, 5)) && reader.peek(5) !== "HTTP/") {
      if (!options.http09) throw new TransferError(1, "Received HTTP/0.9 when not allowed");
      head.status = 200;
      return head;
    }
    for (;;) {
      const line = await reader.line();
      if (line === null) {
        throw new TransferError(
          head.status === 0 ? 52 : 56,
          head.status === 0 ? "Empty reply from server" : "Recv failure: Connection reset by peer",
        );
      }
      const text = latin1(line, 0, line.length).replace(/\r?\n$/, "");
      if (text === "" && head.begun) {
        if (head.length >= 0 && !head.chunked) this.progress.downloadSize = head.length;
        if (head.status >= 200 && this.#fails(head.status)) throw this.#failure(head.status);
        if (head.status >= 200) this.trace.header("<", line);
        this.#sayHeader(line);
        return head;
      }
      this.#line(head, text, message);
      this.trace.header("<", line);
      this.#sayHeader(line);
    }
  }

  #sayHeader(line: Uint8Array): void {
    this.statistics.headerOctets += line.length;
    this.header(line);
  }

  #fails(status: number): boolean {
    return this.options.fail && status >= 400;
  }

  #failure(status: number): TransferError {
    return new TransferError(22, `The requested URL returned error: ${status}`);
  }

  #line(head: ResponseLines, text: string, message: Message): void {
    const { statistics } = this;
    if (!head.begun) {
      const match = /^HTTP\/(\d(?:\.\d)?) +(\d{3})(?: .*)?$/.exec(text);
      if (match === null) throw new TransferError(1, `Unsupported HTTP version in response`);
      head.begun = true;
      head.status = Number(match[2]);
      head.old = match[1] === "1.0";
      head.keepAlive = !head.old;
      statistics.status = head.status;
      statistics.version = match[1];
      statistics.headers = [];
      if (head.old) this.trace.info("HTTP 1.0, assume close after body");
      return;
    }
    const colon = text.indexOf(":");
    if (colon < 0) return;
    const name = text.slice(0, colon).trim(), value = text.slice(colon + 1).trim();
    statistics.headers.push([name.toLowerCase(), value]);
    switch (name.toLowerCase()) {
      case "content-length":
        if (!/^\d{1,18}(\s*,.*)?$/.test(value)) throw new TransferError(8, "Invalid Content-Length: value");
        head.length = parseInt(value);
        break;
      case "transfer-encoding":
        head.chunked ||= /(^|,)\s*chunked\s*$/i.test(value);
        break;
      case "connection":
        if (/(^|,)\s*close\s*(,|$)/i.test(value)) head.keepAlive = false;
        if (/(^|,)\s*keep-alive\s*(,|$)/i.test(value)) head.keepAlive = true;
        break;
      case "location":
        if (head.status >= 300 && head.status < 400) {
          head.location = value || null;
          const rewinds = message.body !== null && this.options.follow;
          if (rewinds && head.location !== null) this.trace.info("Please rewind output before next send");
        }
    }
  }

  /** Reads the body; true when the connection can be used again. */
  async #body(reader: ResponseReader, head: ResponseLines, request: BuiltRequest): Promise<boolean> {
    const { progress, options } = this;
    const { status } = head;
    const ignored = head.location !== null && options.follow;
    if (options.head || request.method === "HEAD" || status === 204 || status === 304) return head.keepAlive;
    if (head.length > options.maxFilesize) throw new TransferError(63, "Maximum file size exceeded");
    if (options.resumeFrom !== null && options.resumeFrom > 0 && status === 200) {
      throw new TransferError(33, "HTTP server doesn't seem to support byte ranges. Cannot resume.");
    }
    if (ignored && (head.length !== 0 || head.chunked)) this.trace.info("Ignoring the response-body");
    const chunks = head.chunked ? new ChunkDecoder() : null;
    const length = head.chunked || head.length < 0 ? Infinity : head.length;
    if (length === 0) return head.keepAlive;
    let received = 0;
    while (!(chunks?.done ?? received >= length)) {
      const piece = await reader.piece(length - received);
      if (piece === null) {
        if (chunks !== null) throw new TransferError(18, "transfer closed with outstanding read data remaining");
        if (length !== Infinity) {
          throw new TransferError(18, `transfer closed with ${length - received} bytes remaining to read`);
        }
        this.#failWithBody(status);
        return false;
      }
      this.trace.data("{", piece);
      received += piece.length;
      if (chunks === null) this.#deliver(piece, ignored);
      else {
        const { data, used } = chunks.decode(piece);
        if (options.raw) this.#deliver(piece.subarray(0, used), ignored);
        else for (const part of data) this.#deliver(part, ignored);
        reader.unread(piece.length - used);
      }
      progress.update();
    }
    this.#failWithBody(status);
    return head.keepAlive && (chunks !== null || length !== Infinity);
  }

  #failWithBody(status: number): void {
    if (this.options.failWithBody && status >= 400) throw this.#failure(status);
  }

  #deliver(data: Uint8Array, ignored: boolean): void {
    if (data.length === 0) return;
    this.progress.downloaded += data.length;
    if (this.progress.downloaded > this.options.maxFilesize) throw new TransferError(63, "Maximum file size exceeded");
    if (!ignored && !this.body.write(data)) throw new TransferError(23, "Failure writing output to destination");
  }
}

/** What the lines of a head say. */
class ResponseLines {
  begun = false;
  status = 0;
  old = false;
  keepAlive = true;
  chunked = false;
  length = -1;
  location: string | null = null;
}
