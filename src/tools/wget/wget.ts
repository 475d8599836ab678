/** `wget`: fetches files over HTTP, as GNU Wget 1.21.3. */
import { latin1, latin1Bytes } from "../../http/head.ts";
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { TransferError } from "../curl/connect.ts";
import { ChunkDecoder, ResponseReader } from "../curl/response.ts";
import { type CurlUrl, parseCurlUrl } from "../curl/url.ts";
import { gaiError, lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { addressText, startConnect, within } from "../tcp_client.ts";
import { type ByteStream, closeQuietly } from "../../http/byte_reader.ts";
import type { TcpConn } from "../../socket/tcp.ts";
import { readCertificateFile } from "../tls_client.ts";
import { parseWgetOptions, type WgetOptions } from "./options.ts";
import { certificateFits, shakeHands } from "./tls.ts";
import { dots, speedText } from "./progress.ts";

/** Exit codes. */
const GENERIC = 1, IO_FAILURE = 3, NETWORK = 4, VERIFICATION = 5, SERVER = 8;
/** ms before the second try; one more before each that follows. */
const RETRY_WAIT_MS = 1000;

export async function wget(process: Process): Promise<number> {
  const options = parseWgetOptions(process);
  if (typeof options === "number") return options;
  let code = 0;
  for (const url of options.urls) {
    const result = await new Fetch(process, options).run(url);
    if (result !== 0) code = code === 0 ? result : Math.min(code, result);
  }
  return code;
}

/** The request is to be tried again, unless this was the last try. */
class Retry extends Error {}

/** There is nothing more to try. */
class Stop extends Error {
  constructor(readonly code: number, words: string) {
    super(words);
  }
}

interface Head {
  status: number;
  reason: string;
  keepAlive: boolean;
  length: number;
  chunked: boolean;
  location: string | null;
  type: string | null;
}

class Fetch {
  #stream: ByteStream | null = null;
  #origin = "";
  #authorities: string[] | null = null;

  constructor(readonly process: Process, readonly options: WgetOptions) {}

  /** What is printed unless `-q` or `-nv`. */
  #log(text: string): void {
    if (!this.options.quiet && this.options.verbose) this.process.stderr.write(text);
  }

  /** What `-nv` prints too. */
  #terse(text: string): void {
    if (!this.options.quiet) this.process.stderr.write(text);
  }

  #date(): string {
    return new Date(this.process.namespace.world.wallClock()).toISOString().replace("T", " ").slice(0, 19);
  }

  async run(text: string): Promise<number> {
    let url = this.#parse(text);
    if (typeof url === "number") return url;
    try {
      for (let redirects = 0;; redirects++) {
        const location = await this.#tries(url);
        if (location === null) return 0;
        if (redirects >= this.options.maxRedirects) {
          this.#terse(`${this.options.maxRedirects} redirections exceeded.\n`);
          return SERVER;
        }
        const next = this.#parse(new URL(location, url.href).href);
        if (typeof next === "number") return next;
        url = next;
      }
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#terse(error.message);
      return error.code;
    } finally {
      closeQuietly(this.#stream);
    }
  }

  #parse(text: string): CurlUrl | number {
    const url = parseCurlUrl(text, false);
    if (url === null) {
      this.#terse(`${text}: Invalid host name.\n`);
      return GENERIC;
    }
    if (url.scheme !== "http" && url.scheme !== "https") {
      this.#terse(`${text}: Unsupported scheme ‘${url.scheme}’.\n`);
      return GENERIC;
    }
    return url;
  }

  async #tries(url: CurlUrl): Promise<string | null> {
    const target = this.#target(url);
    if (this.options.noClobber && this.options.output === null && this.#exists(target)) {
      this.#terse(`File ‘${target}’ already there; not retrieving.\n\n`);
      return null;
    }
    if (this.options.spider) this.#log("Spider mode enabled. Check if remote file exists.\n");
    for (let attempt = 1;; attempt++) {
      this.#log(`--${this.#date()}--  ${attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : ""}${url.href}\n`);
      try {
        return await this.#once(url, target);
      } catch (error) {
        closeQuietly(this.#stream);
        this.#stream = null;
        if (!(error instanceof Retry)) throw error;
        if (attempt >= this.options.tries) {
          this.#log(`${error.message}Giving up.\n\n`);
          return await Promise.reject(new Stop(NETWORK, ""));
        }
        this.#log(`${error.message}Retrying.\n\n`);
        await this.process.sleep(Math.min(attempt, 10) * RETRY_WAIT_MS);
      }
    }
  }

  #exists(path: string): boolean {
    return this.process.files.exists(this.process.files.resolve(path, this.process.cwd));
  }

  /** The file that takes the body. */
  #target(url: CurlUrl): string {
    const { output, prefix } = this.options;
    if (output !== null) return output;
    const name = url.target.replace(/^.*\/(?=[^/]*$)/s, "") || "index.html";
    return prefix === null ? name : `${prefix}/${name}`;
  }

  async #once(url: CurlUrl, target: string): Promise<string | null> {
    await this.#connect(url);
    const stream = this.#stream!;
    this.#log("HTTP request sent, awaiting response... ");
    const reader = new ResponseReader(stream);
    const head = await this.#timed(async () => {
      await this.#send(stream, url);
      return await this.#head(reader);
    }, () => new Retry("Read error (Connection timed out) in headers.\n"));
    this.#log(this.options.serverResponse ? "" : `${head.status} ${head.reason}\n`);
    if (head.location !== null && head.status >= 300 && head.status < 400) {
      this.#log(`Location: ${head.location} [following]\n`);
      await this.#body(reader, head, () => {});
      return head.location;
    }
    if (head.status >= 400) {
      if (!this.options.verbose) this.#terse(`${url.href}:\n`);
      if (this.options.spider) throw new Stop(SERVER, "Remote file does not exist -- broken link!!!\n\n");
      throw new Stop(
        SERVER,
        `${this.#date()} ERROR ${head.status}: ${head.reason || "(no description)"}.\n${
          this.options.verbose ? "\n" : ""
        }`,
      );
    }
    const type = head.type === null ? "" : ` [${head.type.replace(/;.*/, "")}]`;
    if (head.length >= 0) this.#log(`Length: ${head.length}${human(head.length)}${type}\n`);
    else if (head.status !== 204) this.#log(`Length: unspecified${type}\n`);
    if (this.options.spider) {
      this.#log("Remote file exists.\n\n");
      return null;
    }
    await this.#save(reader, head, url, target);
    return null;
  }

  async #timed<T>(operation: () => Promise<T>, late: () => Error): Promise<T> {
    let timedOut = false;
    try {
      return await within(this.process, this.options.timeout * 1000, () => {
        timedOut = true;
        closeQuietly(this.#stream);
      }, operation);
    } catch (error) {
      throw timedOut && error instanceof TransferError ? late() : error;
    }
  }

  async #connect(url: CurlUrl): Promise<void> {
    const origin = `${url.scheme}://${url.host}:${url.port}`;
    if (this.#stream !== null && origin === this.#origin) {
      this.#log(`Reusing existing connection to ${url.host}:${url.port}.\n`);
      return;
    }
    closeQuietly(this.#stream);
    const { process, options } = this;
    if (url.scheme === "https") this.#loadAuthorities();
    const found = await lookUp(process, url.host, options.family);
    if (typeof found === "string") {
      this.#log(`Resolving ${url.host} (${url.host})... failed: ${gaiError(found)}.\n`);
      throw new Stop(NETWORK, `wget: unable to resolve host address ‘${url.host}’\n`);
    }
    if (!found[0].numeric) {
      const shown = found.slice(0, 3).map((it) => addressText(it.address)).join(", ");
      this.#log(`Resolving ${url.host} (${url.host})... ${shown}${found.length > 3 ? ", ..." : ""}\n`);
    }
    let errno = 0;
    for (const to of found) {
      const text = addressText(to.address);
      const bracketed = to.version === 6 && to.numeric ? `[${text}]` : text;
      this.#log(`Connecting to ${to.numeric ? bracketed : `${url.host} (${url.host})|${text}|`}:${url.port}... `);
      const connecting = startConnect(process, to, url.port);
      let late = false;
      errno = await within(process, options.timeout * 1000, () => {
        late = true;
        connecting.cancel();
      }, () => connecting.result);
      if (errno === 0) {
        this.#log("connected.\n");
        this.#stream = url.scheme === "https" ? await this.#secure(connecting.stream(), url.host) : connecting.stream();
        this.#origin = origin;
        return;
      }
      if (late) errno = -Errno.ETIMEDOUT;
      this.#terse(`failed: ${strerror(-errno)}.\n`);
    }
    const final = [Errno.ECONNREFUSED, Errno.ENETUNREACH, Errno.EHOSTUNREACH].some((it) => it === -errno);
    if (final) throw new Stop(NETWORK, "");
    throw new Retry("");
  }

  /** Reads `--ca-certificate`, once. */
  #loadAuthorities(): void {
    const { caFile } = this.options;
    if (caFile === null || this.#authorities !== null) return;
    const text = readCertificateFile(this.process, caFile);
    this.#authorities = text === null ? [] : [text];
    if (text === null) this.#terse(`ERROR: Failed to open cert ${caFile}: (-64).\n`);
    else this.#log(`Loaded CA certificate '${caFile}'\n`);
  }

  async #secure(conn: TcpConn, host: string): Promise<ByteStream> {
    const { process, options } = this;
    const say = (text: string) => this.#terse(text);
    let late = false;
    const stream = await within(process, options.timeout * 1000, () => {
      late = true;
      closeQuietly(conn);
    }, () => shakeHands(process, conn, host, (text) => late || say(text)));
    if (stream === null) {
      closeQuietly(conn);
      throw new Stop(NETWORK, "Unable to establish SSL connection.\n");
    }
    if (certificateFits(process, stream, host, this.#authorities ?? [], options.checkCertificate, say)) return stream;
    closeQuietly(stream);
    throw new Stop(VERIFICATION, "");
  }

  async #send(stream: ByteStream, url: CurlUrl): Promise<void> {
    const { options } = this;
    const body = options.body === null ? null : new TextEncoder().encode(options.body);
    const bracketed = url.host.includes(":") ? `[${url.host}]` : url.host;
    const lines = [
      `${options.method ?? (options.spider ? "HEAD" : "GET")} ${url.target} HTTP/1.1`,
      `Host: ${url.portGiven ? `${bracketed}:${url.port}` : bracketed}`,
      `User-Agent: ${options.userAgent}`,
      "Accept: */*",
      "Accept-Encoding: identity",
      "Connection: Keep-Alive",
    ];
    if (body !== null) lines.push("Content-Type: application/x-www-form-urlencoded", `Content-Length: ${body.length}`);
    if (url.user !== null) lines.push(`Authorization: Basic ${btoa(`${url.user}:${url.password}`)}`);
    for (const header of options.headers) {
      const name = header.slice(0, header.indexOf(":") + 1).toLowerCase();
      const at = lines.findIndex((line, i) => i > 0 && line.toLowerCase().startsWith(name));
      if (at < 0) lines.push(header);
      else lines[at] = header;
    }
    await this.#write(stream, latin1Bytes(`${lines.join("\r\n")}\r\n\r\n`));
    if (body !== null) await this.#write(stream, body);
  }

  async #write(stream: ByteStream, data: Uint8Array): Promise<void> {
    try {
      for (let sent = 0; sent < data.length;) sent += await stream.write(data.subarray(sent));
    } catch {
      throw new Retry("Failed writing HTTP request: Broken pipe.\n");
    }
  }

  async #head(reader: ResponseReader): Promise<Head> {
    const head: Head = {
      status: 0,
      reason: "",
      keepAlive: false,
      length: -1,
      chunked: false,
      location: null,
      type: null,
    };
    if (this.options.serverResponse) this.#terse(this.options.verbose && !this.options.quiet ? "\n" : "");
    let first = true;
    for (;;) {
      let line: Uint8Array | null;
      try {
        line = await reader.line();
      } catch (error) {
        if (error instanceof TransferError && /reset/.test(error.message)) {
          throw new Retry("Read error (Connection reset by peer) in headers.\n");
        }
        throw error;
      }
      if (line === null) throw new Retry("No data received.\n");
      const text = latin1(line, 0, line.length).replace(/\r?\n$/, "");
      if (text === "") {
        if (head.status >= 200) return head;
        first = true;
        continue;
      }
      // `-S` prints even when `-q` hides the rest.
      if (this.options.serverResponse) this.process.stderr.write(`  ${text}\n`);
      if (first) {
        const match = /^HTTP\/(\d\.\d) +(\d{3}) ?(.*)$/.exec(text);
        head.status = match === null ? 200 : Number(match[2]);
        head.reason = match?.[3] ?? "";
        head.keepAlive = match?.[1] === "1.1";
        first = false;
        continue;
      }
      field(head, text);
    }
  }

  /** Reads the body; the number of octets that came. */
  async #body(reader: ResponseReader, head: Head, deliver: (data: Uint8Array) => void): Promise<number> {
    const bodyless = head.status === 204 || head.status === 304 || this.options.spider;
    const chunks = head.chunked ? new ChunkDecoder() : null;
    const length = bodyless ? 0 : chunks !== null || head.length < 0 ? Infinity : head.length;
    let count = 0, received = 0;
    let whole = true;
    while (!(bodyless || (chunks?.done ?? received >= length))) {
      const piece = await reader.piece(length - received).catch(() => null);
      if (piece === null) {
        whole = length === Infinity && chunks === null;
        head.keepAlive = false;
        break;
      }
      received += piece.length;
      const parts = chunks === null ? [piece] : chunks.decode(piece).data;
      for (const part of parts) {
        count += part.length;
        deliver(part);
      }
    }
    if (!head.keepAlive) {
      closeQuietly(this.#stream);
      this.#stream = null;
    }
    if (!whole) throw new CutShort(count);
    return count;
  }

  async #save(reader: ResponseReader, head: Head, url: CurlUrl, target: string): Promise<void> {
    const { options, process } = this;
    const { scheduler } = process.namespace.world;
    const toStdout = target === "-";
    const name = toStdout ? "STDOUT" : this.#unique(target);
    this.#log(`Saving to: ‘${name}’\n`);
    const start = scheduler.now;
    const deliver = toStdout ? (data: Uint8Array) => process.stdout.write(data) : this.#file(name);
    let count: number, cut = false;
    try {
      count = await this.#timed(
        () => this.#body(reader, head, deliver),
        () => new Retry("Read error (Connection timed out).\n"),
      );
    } catch (error) {
      if (!(error instanceof CutShort)) throw error;
      count = error.count;
      cut = true;
    }
    const seconds = (scheduler.now - start) / 1e9;
    this.#log(`${dots(count, head.length, seconds)}\n`);
    const speed = `${this.#date()} (${speedText(count, seconds)})`;
    if (cut) throw new Retry(`${speed} - Connection closed at byte ${count}. `);
    const size = head.length >= 0 ? `[${count}/${head.length}]` : `[${count}]`;
    this.#log(`${speed} - ${toStdout ? "written to stdout" : `‘${name}’ saved`} ${size}\n\n`);
    if (!options.verbose) this.#terse(`${this.#date()} URL:${url.href} ${size} -> "${toStdout ? "-" : name}" [1]\n`);
  }

  /** `ok.1` when there is an `ok`. */
  #unique(target: string): string {
    if (this.options.output !== null || !this.#exists(target)) return target;
    for (let i = 1;; i++) if (!this.#exists(`${target}.${i}`)) return `${target}.${i}`;
  }

  #file(name: string): (data: Uint8Array) => void {
    const { files, cwd } = this.process;
    const path = files.resolve(name, cwd);
    let append = false;
    const put = (data: Uint8Array) => {
      try {
        files.write(path, data, { append });
        append = true;
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        throw new Stop(
          IO_FAILURE,
          `${name}: ${strerror(error.errno)}\n\nCannot write to ‘${name}’ (${strerror(error.errno)}).\n`,
        );
      }
    };
    const slash = path.lastIndexOf("/");
    if (this.options.prefix !== null && !files.exists(path.slice(0, slash))) {
      files.makeDirectory(path.slice(0, slash), { parents: true });
    }
    put(new Uint8Array(0));
    return put;
  }
}

/** The body ended before its length. */
class CutShort extends Error {
  constructor(readonly count: number) {
    super();
  }
}

function human(octets: number): string {
  if (octets < 1024) return "";
  let value = octets / 1024, unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return ` (${value >= 10 ? Math.round(value) : value.toFixed(1)}${"KMGT"[unit]})`;
}

function field(head: Head, text: string): void {
  const colon = text.indexOf(":");
  if (colon < 0) return;
  const value = text.slice(colon + 1).trim();
  switch (text.slice(0, colon).toLowerCase()) {
    case "content-length":
      if (/^\d+$/.test(value)) head.length = Number(value);
      break;
    case "transfer-encoding":
      head.chunked = /chunked/i.test(value);
      if (head.chunked) head.length = -1;
      break;
    case "connection":
      head.keepAlive = /keep-alive/i.test(value) || head.keepAlive && !/close/i.test(value);
      break;
    case "location":
      head.location = value;
      break;
    case "content-type":
      head.type = value;
  }
}
