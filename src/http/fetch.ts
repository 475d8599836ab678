/** `fetch` over the byte streams of a namespace: redirects, bodies, a pool of kept connections. */
import { BodyReader, writeChunk, writeLastChunk } from "./body.ts";
import { ByteReader, type ByteStream, closeQuietly, writeAll } from "./byte_reader.ts";
import {
  encodeHead,
  type Fields,
  HEAD_LIMIT,
  headEnd,
  HttpParseError,
  keepsAlive,
  parseResponseHead,
  responseFraming,
  type ResponseHead,
  valuesOf,
} from "./head.ts";
import { reasonOf } from "./status.ts";
import { bodyStream, peekBody, type Pieces } from "./message_body.ts";

/** What `fetch` needs of the world: connections, and the platform's slow work held. */
export interface FetchWorld {
  /** Opens a stream to a host; `secure` with TLS. */
  open(hostname: string, port: number, secure: boolean, signal: AbortSignal | null): Promise<ByteStream>;
  hold<T>(promise: Promise<T>): Promise<T>;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** Redirects that one fetch follows. */
const REDIRECT_LIMIT = 20;
/** Idle connections kept for one origin. */
const IDLE_LIMIT = 64;
/** Milliseconds between two looks for idle connections; one that is found idle twice is closed: after 90 s at the most. */
const SWEEP_MS = 45_000;
/** Octets of a body that is sent together with its head. */
const TOGETHER = 65536;

/** Ports that fetch refuses (Fetch Standard, section 2.9). */
const BLOCKED = new Set(
  ("1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 " +
    "143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 " +
    "3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080").split(" ").map(Number),
);

interface Idle {
  stream: ByteStream;
  reader: ByteReader;
  /** Sweeps that it has seen. */
  age: number;
}

/** The kept connections of one namespace. */
export class ConnectionPool {
  readonly #idle = new Map<string, Idle[]>();
  /** One timer for all, armed while there is something to keep. */
  #sweep = 0;

  constructor(readonly world: FetchWorld) {}

  /** A kept connection to this origin, or null. */
  take(origin: string): Idle | null {
    const list = this.#idle.get(origin);
    for (let idle = list?.pop(); idle !== undefined; idle = list?.pop()) {
      if (!idle.reader.ended) return idle;
      closeQuietly(idle.stream);
    }
    return null;
  }

  /** Keeps a connection whose exchange is over. */
  put(origin: string, stream: ByteStream, reader: ByteReader): void {
    let list = this.#idle.get(origin);
    if (list === undefined) this.#idle.set(origin, list = []);
    if (list.length >= IDLE_LIMIT || reader.available > 0) return closeQuietly(stream);
    list.push({ stream, reader, age: 0 });
    if (this.#sweep === 0) this.#sweepLater();
  }

  /** Closes all. */
  close(): void {
    this.world.clearTimeout(this.#sweep);
    this.#sweep = 0;
    for (const list of this.#idle.values()) for (const idle of list) closeQuietly(idle.stream);
    this.#idle.clear();
  }

  #sweepLater(): void {
    this.#sweep = this.world.setTimeout(() => {
      this.#sweep = 0;
      for (const [origin, list] of this.#idle) {
        const kept = list.filter((idle) => idle.age++ < 1);
        for (const idle of list) if (idle.age > 1) closeQuietly(idle.stream);
        if (kept.length > 0) this.#idle.set(origin, kept);
        else this.#idle.delete(origin);
      }
      if (this.#idle.size > 0) this.#sweepLater();
    }, SWEEP_MS);
  }
}

/** One request of a fetch; redirects make the next. */
interface Outgoing {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Fields;
  body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** null: nobody can abort it. */
  signal: AbortSignal | null;
  redirect: RequestRedirect;
}

/** `fetch`, with the connections of `pool`. */
export async function fetchWith(
  pool: ConnectionPool,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  let outgoing = init === undefined && !(input instanceof Request)
    ? plainGet(input)
    : await outgoingOf(pool.world, new Request(input, init), init?.body);
  for (let redirects = 0;; redirects++) {
    checkUrl(outgoing.url);
    const { response, close } = await exchange(pool, outgoing, redirects > 0);
    const { status } = response;
    const location = status >= 300 && status < 400 ? response.headers.get("location") : null;
    const redirected = location !== null && [301, 302, 303, 307, 308].includes(status);
    if (!redirected || outgoing.redirect === "manual") return response;
    await response.body?.cancel();
    close();
    if (outgoing.redirect === "error") {
      throw new TypeError("Fetch failed: Encountered redirect while redirect mode is set to 'error'");
    }
    if (redirects >= REDIRECT_LIMIT) {
      throw new TypeError(`Fetch failed: Maximum number of redirects (${REDIRECT_LIMIT}) reached`);
    }
    outgoing = redirectedTo(outgoing, new URL(location, outgoing.url), response.status);
  }
}

const NO_HEADERS: Fields = [];
let lastText = "", lastUrl: URL | null = null;

/** A fetch of which nothing but the address is said: it needs no Request. */
function plainGet(input: string | URL): Outgoing {
  const text = String(input);
  if (lastUrl === null || text !== lastText) {
    const { url } = new Request(text);
    lastUrl = new URL(url);
    lastText = text;
  }
  return { url: lastUrl, method: "GET", headers: NO_HEADERS, body: null, signal: null, redirect: "follow" };
}

async function outgoingOf(
  world: FetchWorld,
  request: Request,
  given: BodyInit | null | undefined,
): Promise<Outgoing> {
  request.signal.throwIfAborted();
  return {
    url: new URL(request.url),
    method: request.method,
    headers: [...request.headers],
    body: await bodyOf(world, request, given),
    signal: request.signal,
    redirect: request.redirect,
  };
}

function checkUrl(url: URL): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`Url scheme '${url.protocol.slice(0, -1)}' not supported`);
  }
  if (url.port !== "" && BLOCKED.has(Number(url.port))) {
    throw new TypeError(`Fetch failed: Requests to port ${url.port} are blocked`);
  }
}

/** A body that is all there is sent with its length, and can be sent again after a redirect; a stream is sent as it comes. */
async function bodyOf(
  world: FetchWorld,
  request: Request,
  given: BodyInit | null | undefined,
): Promise<Outgoing["body"]> {
  if (request.body === null) return null;
  if (given instanceof ReadableStream) return request.body;
  if (given != null) return new Uint8Array(await world.hold(request.arrayBuffer()));
  const peeked = await peekBody(request.body);
  return peeked instanceof Uint8Array ? peeked : piecesStream(peeked);
}

function piecesStream(pieces: Pieces): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const piece = await pieces.read();
      if (piece.done) controller.close();
      else controller.enqueue(piece.value);
    },
    cancel: (reason) => pieces.cancel(reason),
  });
}

/** What a redirect asks for next (Fetch Standard, HTTP-redirect fetch). */
function redirectedTo(from: Outgoing, url: URL, status: number): Outgoing {
  let { method, body, headers } = from;
  const drop = (names: readonly string[]) => headers = headers.filter(([name]) => !names.includes(name));
  if (body instanceof ReadableStream && status !== 303) {
    throw new TypeError("Fetch failed: a streaming body cannot be sent again after a redirect");
  }
  if ((status === 303 && method !== "GET" && method !== "HEAD") || (status <= 302 && method === "POST")) {
    method = "GET";
    body = null;
    drop(["content-encoding", "content-language", "content-location", "content-type", "content-length"]);
  }
  if (url.origin !== from.url.origin) {
    drop(["authorization", "cookie", "proxy-authorization", "host"]);
  }
  if (url.hash === "") url.hash = from.url.hash;
  return { ...from, url, headers, method, body };
}

interface Exchanged {
  response: Response;
  /** Gives the connection up, whatever was read of the body. */
  close: () => void;
}

async function exchange(pool: ConnectionPool, request: Outgoing, redirected: boolean): Promise<Exchanged> {
  const { url } = request;
  const kept = pool.take(url.origin);
  if (kept !== null) {
    try {
      return await exchangeOn(pool, request, kept.stream, kept.reader, redirected);
    } catch (error) {
      // The server closed the kept connection meanwhile: what can be sent again is, on a new one (RFC 9112 section 9.3.1).
      request.signal?.throwIfAborted();
      if (!(error instanceof UnansweredError) || request.body instanceof ReadableStream) throw failure(error, url);
    }
  }
  try {
    const secure = url.protocol === "https:";
    const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
    const stream = await pool.world.open(hostname, port, secure, request.signal);
    return await exchangeOn(pool, request, stream, new ByteReader(stream), redirected);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw failure(error, url);
  }
}

/** The connection ended before anything of an answer came. */
class UnansweredError extends Error {
  constructor() {
    super("client error (SendRequest): connection closed before message completed");
  }
}

function failure(error: unknown, url: URL): TypeError {
  const what = error instanceof HttpParseError
    ? `client error (SendRequest): ${error.message} parsed`
    : error instanceof UnansweredError
    ? error.message
    : `client error (Connect): ${connectWords(error)}`;
  return new TypeError("fetch failed", {
    cause: new Error(`error sending request for url (${url.href}): ${what}`, { cause: error }),
  });
}

function connectWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("failed to lookup") ? `dns error: ${message}` : `tcp connect error: ${message}`;
}

async function exchangeOn(
  pool: ConnectionPool,
  request: Outgoing,
  stream: ByteStream,
  reader: ByteReader,
  redirected: boolean,
): Promise<Exchanged> {
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    request.signal?.removeEventListener("abort", close);
    closeQuietly(stream);
  };
  request.signal?.addEventListener("abort", close);
  try {
    const sending = send(request, stream);
    sending.catch(() => {}); // the answer may come, and matter, although the body could not be sent
    const head = await readHead(reader);
    const finish = (reusable: boolean) => {
      if (!open) return;
      if (!reusable) return close();
      open = false;
      request.signal?.removeEventListener("abort", close);
      // Only once the request's body is out may another request follow it.
      sending.then(() => pool.put(request.url.origin, stream, reader), () => closeQuietly(stream));
    };
    return { response: await responseOf(pool, request, head, reader, finish, redirected), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function send(request: Outgoing, stream: ByteStream): Promise<void> {
  const { url, headers, body } = request;
  const fields: Fields = [];
  const chunked = body instanceof ReadableStream;
  if (body instanceof Uint8Array) fields.push(["content-length", String(body.length)]);
  else if (body === null && (request.method === "POST" || request.method === "PUT" || request.method === "PATCH")) {
    fields.push(["content-length", "0"]);
  }
  for (const field of headers) if (!FRAMING.has(field[0])) fields.push(field);
  for (const field of USUAL) if (headers.length === 0 || !has(headers, field[0])) fields.push(field);
  fields.push(["host", headers.find(([name]) => name === "host")?.[1] ?? url.host]);
  if (url.username !== "" && !has(headers, "authorization")) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    fields.push(["authorization", `Basic ${btoa(credentials)}`]);
  }
  if (chunked) fields.push(["transfer-encoding", "chunked"]);
  const line = `${request.method} ${url.pathname}${url.search} HTTP/1.1`;
  if (body === null) return await writeAll(stream, encodeHead(line, fields));
  if (body instanceof Uint8Array && body.length <= TOGETHER) {
    return await writeAll(stream, encodeHead(line, fields, body));
  }
  await writeAll(stream, encodeHead(line, fields));
  if (body instanceof Uint8Array) return await writeAll(stream, body);
  for await (const piece of body) await writeChunk(stream, piece);
  await writeLastChunk(stream);
}

/** What is said when the program does not say it. */
const USUAL: Fields = [
  ["accept", "*/*"],
  ["accept-language", "*"],
  ["user-agent", "netns-emulator"],
  ["accept-encoding", "gzip"],
];

function has(fields: Fields, name: string): boolean {
  return fields.some(([key]) => key === name);
}

/** Fields that say how a message is framed: ours to write. */
const FRAMING = new Set(["content-length", "transfer-encoding", "host"]);

/** The final response head; interim ones (100 Continue) are passed over. */
async function readHead(reader: ByteReader): Promise<ResponseHead> {
  let begun = false;
  for (;;) {
    const end = headEnd(reader.buffer, reader.start, reader.end);
    if (end >= 0) {
      const head = parseResponseHead(reader.buffer, reader.start, end);
      reader.start = end;
      if (head.status >= 200 || head.status === 101) return head;
      continue;
    }
    if (reader.available > HEAD_LIMIT) throw new HttpParseError("message head is too large");
    begun ||= reader.available > 0;
    let more: boolean;
    try {
      more = await reader.fill();
    } catch (error) {
      if (begun) throw error;
      throw new UnansweredError();
    }
    if (!more) throw new UnansweredError();
  }
}

async function responseOf(
  pool: ConnectionPool,
  request: Outgoing,
  head: ResponseHead,
  reader: ByteReader,
  finish: (reusable: boolean) => void,
  redirected: boolean,
): Promise<Response> {
  const body = new BodyReader(reader, responseFraming(head, request.method));
  const reusable = keepsAlive(head.fields, head.minor) && body.framing.kind !== "close";
  const bodyless = head.status === 101 || head.status === 204 || head.status === 205 || head.status === 304;
  let content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  if (body.done) {
    finish(reusable);
    if (!bodyless && request.method !== "HEAD") content = new Uint8Array(0);
  } else {
    content = body.whole();
    if (content !== null) finish(reusable);
    else {
      content = bodyStream(
        body,
        (reason) => finish(reason === null && reusable),
        () => request.signal?.aborted ? request.signal.reason : new TypeError("error reading a body from connection"),
      );
    }
  }
  let headers: HeadersInit = head.fields;
  const codings = valuesOf(head.fields, "content-encoding");
  if (content !== null && codings.length > 0) {
    const decodedHeaders = new Headers(head.fields);
    content = await decoded(pool.world, content, decodedHeaders, codings);
    headers = decodedHeaders;
  }
  const init = { status: head.status, statusText: head.reason || reasonOf(head.status), headers };
  return new FetchedResponse(content, init, request.url, redirected);
}

/** Undoes the content codings that the platform knows. */
async function decoded(
  world: FetchWorld,
  content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
  headers: Headers,
  codings: string[],
): Promise<typeof content> {
  const coding = codings.join(",").trim().toLowerCase();
  if (coding !== "gzip" && coding !== "deflate") return content;
  headers.delete("content-encoding");
  headers.delete("content-length");
  const decompression = new DecompressionStream(coding);
  if (content instanceof ReadableStream) return content.pipeThrough(decompression);
  if (content.length === 0) return content;
  const whole = new Response(new Blob([content]).stream().pipeThrough(decompression)).arrayBuffer();
  return new Uint8Array(await world.hold(whole));
}

/** The platform's Response; a constructed one does not know where it came from. */
class FetchedResponse extends Response {
  readonly #url: URL;
  readonly #redirected: boolean;

  constructor(body: BodyInit | null, init: ResponseInit, url: URL, redirected: boolean) {
    super(body, init);
    this.#url = url;
    this.#redirected = redirected;
  }

  override get url(): string {
    const { href, hash } = this.#url;
    return hash === "" ? href : href.slice(0, -hash.length);
  }

  override get redirected(): boolean {
    return this.#redirected;
  }

  override get type(): ResponseType {
    return "basic";
  }
}
