/** `WebSocket` and `upgradeWebSocket` (RFC 6455) over the byte streams of a namespace. */
import { ByteReader, type ByteStream, joined, writeAll } from "./byte_reader.ts";
import {
  encodeHead,
  type Fields,
  hasToken,
  headEnd,
  HttpParseError,
  parseResponseHead,
  type ResponseHead,
} from "./head.ts";
import { sha1 } from "./sha1.ts";
import { ServedRequest } from "./served_request.ts";
import { offerUpgrade } from "./upgrade.ts";
import {
  closePayload,
  encodeFrame,
  type Frame,
  FrameReader,
  MESSAGE_LIMIT,
  OP_BINARY,
  OP_CLOSE,
  OP_CONTINUATION,
  OP_PING,
  OP_PONG,
  OP_TEXT,
  validCloseCode,
  WebSocketProtocolError,
} from "./websocket_frames.ts";

/** What a WebSocket needs of the world. */
export interface WebSocketWorld {
  /** Octets from the seed, for keys and masks. */
  random(bytes: Uint8Array): void;
  open(hostname: string, port: number, secure: boolean, signal: AbortSignal | null): Promise<ByteStream>;
  hold<T>(promise: Promise<T>): Promise<T>;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Octets of a response head that the client reads. */
const HEAD_LIMIT = 16384;
const encoder = new TextEncoder();

const platform = globalThis as unknown as {
  CloseEvent?: new (type: string, init: { code: number; reason: string; wasClean: boolean }) => Event;
  ErrorEvent?: new (type: string, init: { message: string }) => Event;
};

function closeEvent(code: number, reason: string, wasClean: boolean): Event {
  if (platform.CloseEvent !== undefined) return new platform.CloseEvent("close", { code, reason, wasClean });
  return Object.assign(new Event("close"), { code, reason, wasClean });
}

function errorEvent(message: string): Event {
  if (platform.ErrorEvent !== undefined) return new platform.ErrorEvent("error", { message });
  return Object.assign(new Event("error"), { message });
}

function acceptOf(key: string): string {
  return btoa(String.fromCharCode(...sha1(encoder.encode(key + GUID))));
}

// deno-lint-ignore no-explicit-any
type Handler = ((this: WebSocket, event: any) => any) | null;

/** What the two ends of a WebSocket have in common; users get it as the platform's `WebSocket`. */
export class WebSocketBase extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  binaryType: BinaryType;
  #readyState = 0;
  #protocol = "";
  #url = "";
  #bufferedAmount = 0;
  readonly #handlers = new Map<string, { handler: Handler; listener: EventListener }>();
  #stream: ByteStream | null = null;
  #masked = false;
  /** What is sent goes in this order. */
  #sending: Promise<void> = Promise.resolve();
  #closeSent = false;
  #ended = false;
  protected readonly world: WebSocketWorld;

  constructor(world: WebSocketWorld, url: string, binaryType: BinaryType) {
    super();
    this.world = world;
    this.#url = url;
    this.binaryType = binaryType;
  }

  get url(): string {
    return this.#url;
  }
  get readyState(): number {
    return this.#readyState;
  }
  get protocol(): string {
    return this.#protocol;
  }
  get extensions(): string {
    return "";
  }
  /** Octets that were given to `send` and have not gone to the network. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  get onopen(): Handler {
    return this.#handler("open");
  }
  set onopen(handler: Handler) {
    this.#setHandler("open", handler);
  }
  get onmessage(): Handler {
    return this.#handler("message");
  }
  set onmessage(handler: Handler) {
    this.#setHandler("message", handler);
  }
  get onclose(): Handler {
    return this.#handler("close");
  }
  set onclose(handler: Handler) {
    this.#setHandler("close", handler);
  }
  get onerror(): Handler {
    return this.#handler("error");
  }
  set onerror(handler: Handler) {
    this.#setHandler("error", handler);
  }

  #handler(type: string): Handler {
    return this.#handlers.get(type)?.handler ?? null;
  }

  #setHandler(type: string, handler: Handler): void {
    const old = this.#handlers.get(type);
    if (old !== undefined) this.removeEventListener(type, old.listener);
    this.#handlers.delete(type);
    if (typeof handler !== "function") return;
    const listener = (event: Event) => handler.call(this as unknown as WebSocket, event);
    this.#handlers.set(type, { handler, listener });
    this.addEventListener(type, listener);
  }

  /**
   * Sends a message.
   *
   * @throws {DOMException} `InvalidStateError`: the handshake is not over
   */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBufferLike>): void {
    if (this.#readyState === 0) throw new DOMException("'readyState' not OPEN", "InvalidStateError");
    if (data instanceof Blob) {
      this.#enqueue(data.size, async () => {
        const bytes = new Uint8Array(await this.world.hold(data.arrayBuffer()));
        await this.#write(OP_BINARY, bytes);
      });
      return;
    }
    const text = typeof data === "string";
    const bytes = text ? encoder.encode(data) : octetsOf(data).slice();
    this.#enqueue(bytes.length, () => this.#write(text ? OP_TEXT : OP_BINARY, bytes));
  }

  /**
   * Begins the closing handshake.
   *
   * @throws {DOMException} `InvalidAccessError` for a code, `SyntaxError` for a reason that is too long
   */
  close(code?: number, reason = ""): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(
        `The close code must be either 1000 or in the range of 3000 to 4999: received ${code}`,
        "InvalidAccessError",
      );
    }
    if (encoder.encode(reason).length > 123) {
      throw new DOMException("The close reason may not be longer than 123 bytes", "SyntaxError");
    }
    if (this.#readyState >= 2) return;
    const connecting = this.#readyState === 0;
    this.#readyState = 2;
    if (connecting) return this.abandon();
    const payload = code === undefined ? new Uint8Array(0) : closePayload(code, reason);
    this.#enqueue(0, () => this.#writeClose(payload));
  }

  /** A connection attempt is given up. */
  protected abandon(): void {}

  /** The handshake is over: the stream is this socket's. */
  protected established(stream: ByteStream, reader: ByteReader, protocol: string, client: boolean): void {
    if (this.#readyState !== 0) {
      stream.close();
      return;
    }
    this.#stream = stream;
    this.#masked = client;
    this.#protocol = protocol;
    this.#readyState = 1;
    this.dispatchEvent(new Event("open"));
    this.#receive(new FrameReader(reader, !client));
  }

  /** The handshake failed. */
  protected failed(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#readyState = 3;
    this.dispatchEvent(errorEvent(message));
    this.dispatchEvent(closeEvent(0, "", false));
  }

  async #receive(frames: FrameReader): Promise<void> {
    try {
      const parts: Uint8Array[] = [];
      let opcode = 0, size = 0;
      for (;;) {
        const frame = await frames.read();
        if (frame === null) throw new Error("Unexpected EOF");
        if (frame.opcode >= OP_CLOSE) {
          if (await this.#control(frame)) return;
          continue;
        }
        if (frame.opcode === OP_CONTINUATION && parts.length === 0) {
          throw new WebSocketProtocolError(1002, "Invalid continuation frame");
        }
        if (frame.opcode !== OP_CONTINUATION) {
          if (parts.length > 0) throw new WebSocketProtocolError(1002, "Invalid fragment");
          opcode = frame.opcode;
        }
        parts.push(frame.payload);
        size += frame.payload.length;
        if (size > MESSAGE_LIMIT) throw new WebSocketProtocolError(1009, "Message too large");
        if (!frame.fin) continue;
        this.#message(opcode, parts.length === 1 ? parts[0] : joined(parts, size));
        parts.length = size = 0;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #message(opcode: number, payload: Uint8Array): void {
    let data: string | ArrayBuffer | Blob;
    if (opcode === OP_TEXT) data = textOf(payload);
    else if (this.binaryType === "blob") data = new Blob([payload as Uint8Array<ArrayBuffer>]);
    else data = payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.length) as ArrayBuffer;
    if (this.#readyState !== 1) return;
    const origin = this.#masked ? this.#url : "";
    this.dispatchEvent(new MessageEvent("message", { data, origin }));
  }

  /** Answers a control frame; true when the connection is over. */
  async #control(frame: Frame): Promise<boolean> {
    if (frame.opcode === OP_PING) this.#enqueue(0, () => this.#write(OP_PONG, frame.payload));
    if (frame.opcode !== OP_CLOSE) return false;
    const { code, reason } = closeOf(frame.payload);
    this.#readyState = 2;
    this.#enqueue(0, () => this.#writeClose(frame.payload));
    await this.#sending;
    this.#end(code, reason, true);
    return true;
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    if (error instanceof WebSocketProtocolError && !this.#closeSent && this.#stream !== null) {
      // The peer is told why, as far as it still listens (RFC 6455 section 7.1.7).
      this.#enqueue(0, () => this.#writeClose(closePayload(error.code, "")));
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#readyState = 2;
    this.#sending.then(() => {
      this.dispatchEvent(errorEvent(message));
      this.#end(0, "", false);
    });
  }

  #end(code: number, reason: string, clean: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#readyState = 3;
    try {
      this.#stream?.close();
    } catch {
      // It was closed already.
    }
    this.dispatchEvent(closeEvent(code, reason, clean));
  }

  #enqueue(octets: number, operation: () => Promise<void>): void {
    this.#bufferedAmount += octets;
    this.#sending = this.#sending.then(async () => {
      try {
        if (!this.#ended) await operation();
      } catch {
        // The connection is gone: reading from it says so.
      } finally {
        this.#bufferedAmount -= octets;
      }
    });
  }

  async #write(opcode: number, payload: Uint8Array): Promise<void> {
    if (this.#closeSent) return;
    let mask: Uint8Array | null = null;
    if (this.#masked) this.world.random(mask = new Uint8Array(4));
    await writeAll(this.#stream!, encodeFrame(opcode, payload, mask));
  }

  async #writeClose(payload: Uint8Array): Promise<void> {
    if (this.#closeSent) return;
    await this.#write(OP_CLOSE, payload);
    this.#closeSent = true;
  }
}

function octetsOf(data: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function textOf(payload: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    throw new WebSocketProtocolError(1007, "Invalid UTF-8");
  }
}

function closeOf(payload: Uint8Array): { code: number; reason: string } {
  if (payload.length === 0) return { code: 1005, reason: "" };
  if (payload.length === 1) throw new WebSocketProtocolError(1002, "Invalid close frame");
  const code = (payload[0] << 8) | payload[1];
  if (!validCloseCode(code)) throw new WebSocketProtocolError(1002, "Invalid close code");
  return { code, reason: textOf(payload.subarray(2)) };
}

/** The client's end: `new WebSocket(url, protocols)` of one namespace. */
export class ClientWebSocket extends WebSocketBase {
  readonly #abort = new AbortController();

  constructor(world: WebSocketWorld, url: string | URL, protocols: string | string[] = []) {
    const parsed = checkedUrl(url);
    super(world, parsed.href, "blob");
    const list = typeof protocols === "string" ? [protocols] : [...protocols];
    if (new Set(list.map((it) => it.toLowerCase())).size !== list.length) {
      throw new DOMException("Cannot supply multiple times the same protocol", "SyntaxError");
    }
    const wrong = list.find((it) => !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(it));
    if (wrong !== undefined) throw new DOMException(`Invalid protocol value: ${wrong}`, "SyntaxError");
    this.#connect(parsed, list);
  }

  protected override abandon(): void {
    this.#abort.abort(new Error("closed"));
  }

  async #connect(url: URL, protocols: string[]): Promise<void> {
    let stream: ByteStream | null = null;
    try {
      const secure = url.protocol === "wss:";
      const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
      stream = await this.#open(url.hostname.replace(/^\[(.*)\]$/, "$1"), port, secure);
      const key = new Uint8Array(16);
      this.world.random(key);
      const key64 = btoa(String.fromCharCode(...key));
      await writeAll(
        stream,
        encodeHead(`GET ${url.pathname}${url.search} HTTP/1.1`, handshakeFields(url, key64, protocols)),
      );
      const reader = new ByteReader(stream);
      const head = await readHead(reader);
      const protocol = checkedHandshake(head, key64, protocols);
      this.established(stream, reader, protocol, true);
    } catch (error) {
      try {
        stream?.close();
      } catch {
        // It was closed already.
      }
      const message = error instanceof Error ? error.message : String(error);
      this.failed(`NetworkError: failed to connect to WebSocket: ${message}`);
    }
  }

  async #open(hostname: string, port: number, secure: boolean): Promise<ByteStream> {
    try {
      return await this.world.open(hostname, port, secure, this.#abort.signal);
    } catch (error) {
      throw new Error(this.#abort.signal.aborted ? "closed" : "tcp connect error", { cause: error });
    }
  }
}

function checkedUrl(url: string | URL): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new DOMException((error as Error).message, "SyntaxError");
  }
  if (parsed.protocol === "http:") parsed.protocol = "ws:";
  else if (parsed.protocol === "https:") parsed.protocol = "wss:";
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    throw new DOMException(
      `Only ws & wss schemes are allowed in a WebSocket URL: received ${parsed.protocol}`,
      "SyntaxError",
    );
  }
  if (parsed.hash !== "" || parsed.href.endsWith("#")) {
    throw new DOMException("Fragments are not allowed in a WebSocket URL", "SyntaxError");
  }
  return parsed;
}

function handshakeFields(url: URL, key: string, protocols: string[]): Fields {
  const fields: Fields = [["user-agent", "netns-emulator"], ["sec-websocket-version", "13"]];
  if (protocols.length > 0) fields.push(["sec-websocket-protocol", protocols.join(", ")]);
  fields.push(["host", url.host], ["upgrade", "websocket"], ["connection", "Upgrade"], ["sec-websocket-key", key]);
  return fields;
}

async function readHead(reader: ByteReader): Promise<ResponseHead> {
  for (;;) {
    const end = headEnd(reader.buffer, reader.start, reader.end);
    if (end >= 0) {
      const head = parseResponseHead(reader.buffer, reader.start, end);
      reader.start = end;
      return head;
    }
    if (reader.available > HEAD_LIMIT) throw new HttpParseError("message head is too large");
    if (!await reader.fill()) throw new Error("connection closed before message completed");
  }
}

/** The protocol that the server chose. */
function checkedHandshake(head: ResponseHead, key: string, protocols: string[]): string {
  if (head.status !== 101) throw new Error(`Invalid status code: ${head.status}`);
  const headers = new Headers(head.fields);
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") throw new Error("Invalid upgrade header");
  if (!hasToken(head.fields, "connection", "upgrade")) throw new Error("Invalid connection header");
  if (headers.get("sec-websocket-accept") !== acceptOf(key)) throw new Error("Invalid sec-websocket-accept header");
  if (headers.has("sec-websocket-extensions")) throw new Error("Extension that was not asked for");
  const protocol = headers.get("sec-websocket-protocol") ?? "";
  if (protocol !== "" && !protocols.includes(protocol)) throw new Error("Protocol that was not asked for");
  return protocol;
}

/** As Deno's `UpgradeWebSocketOptions`. */
export interface UpgradeWebSocketOptions {
  /** The subprotocol to choose from the request's. */
  protocol?: string;
  /** Seconds without an answer to a ping after which the connection is given up; not used yet. */
  idleTimeout?: number;
}

/** As Deno's `WebSocketUpgrade`. */
export interface WebSocketUpgrade {
  /** To be returned by the handler: 101, and the handshake. */
  response: Response;
  /** Opens when the response was sent. */
  socket: WebSocket;
}

/** The server's end. */
class ServerWebSocket extends WebSocketBase {
  constructor(world: WebSocketWorld) {
    super(world, "", "arraybuffer");
  }

  accept(stream: ByteStream, reader: ByteReader, protocol: string): void {
    this.established(stream, reader, protocol, false);
  }
}

/**
 * Deno's `upgradeWebSocket`: the response to return from the handler, and the socket that it makes.
 *
 * @throws {TypeError} not a WebSocket handshake
 */
export function upgradeWebSocket(
  world: WebSocketWorld,
  request: Request,
  options: UpgradeWebSocketOptions = {},
): WebSocketUpgrade {
  const { headers } = request;
  if (headers.get("upgrade")?.toLowerCase().split(",").some((it) => it.trim() === "websocket") !== true) {
    throw new TypeError("Invalid Header: 'upgrade' header must contain 'websocket'");
  }
  if (headers.get("connection")?.toLowerCase().split(",").some((it) => it.trim() === "upgrade") !== true) {
    throw new TypeError("Invalid Header: 'connection' header must contain 'Upgrade'");
  }
  const key = headers.get("sec-websocket-key");
  if (key === null) throw new TypeError("Invalid Header: 'sec-websocket-key' header must be set");
  if (!(request instanceof ServedRequest)) {
    throw new TypeError("The request's connection cannot be upgraded: it is not of this network");
  }
  const response = new Response(null, { status: 200 });
  response.headers.set("upgrade", "websocket");
  response.headers.set("connection", "Upgrade");
  response.headers.set("sec-websocket-accept", acceptOf(key));
  const protocol = chosenProtocol(headers, options);
  if (protocol !== "") response.headers.set("sec-websocket-protocol", protocol);
  const socket = new ServerWebSocket(world);
  offerUpgrade(response, (stream, reader) => socket.accept(stream, reader, protocol));
  // A Response of the platform cannot be constructed with status 101; the server reads this one's own property.
  Object.defineProperty(response, "status", { value: 101 });
  return { response, socket: socket as unknown as WebSocket };
}

function chosenProtocol(headers: Headers, options: UpgradeWebSocketOptions): string {
  if (options.protocol === undefined) return "";
  const offered = (headers.get("sec-websocket-protocol") ?? "").split(",").map((it) => it.trim());
  if (!offered.includes(options.protocol)) {
    throw new TypeError(`Protocol '${options.protocol}' not in the request's protocol list (non negotiable)`);
  }
  return options.protocol;
}
