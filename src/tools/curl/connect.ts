/** How curl gets its connection: names, happy eyeballs (`connect.c`), and connections that are kept (`conncache.c`). */
import { type ByteStream, closeQuietly } from "../../http/byte_reader.ts";
import type { TcpConn } from "../../socket/tcp.ts";
import { connectUnix } from "../../socket/unix.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { INADDR_LOOPBACK } from "../../wire/ipv4.ts";
import { IN6ADDR_LOOPBACK } from "../../wire/ipv6.ts";
import { type LookedUp, lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { addressText, type Connecting, edgeOf, startConnect, within } from "../tcp_client.ts";
import type { CurlOptions } from "./options.ts";
import { secure, type Secured } from "./tls.ts";
import type { Trace } from "./trace.ts";

/** What went wrong with one transfer: curl's code, and its words. */
export class TransferError extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

/** ms after which the other family is tried too (RFC 8305). */
const HAPPY_EYEBALLS_MS = 200;
/** ms that connecting may take when nothing is said. */
const CONNECT_LIMIT_MS = 300_000;

export interface Connection {
  readonly number: number;
  readonly stream: ByteStream;
  /** The host's name as it was asked for, and where it is. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** OpenSSL's verdict on the server's certificates: 0 is good. Null: it is not TLS. */
  readonly verifyResult: number | null;
  readonly local: { address: string; port: number };
  spoilt(): boolean;
}

/** The connections of one run of curl. */
export class Connections {
  #count = 0;
  readonly #kept = new Map<string, Connection[]>();
  /** `--resolve`'s. */
  readonly #known = new Map<string, string[]>();

  constructor(readonly process: Process, readonly options: CurlOptions, readonly trace: Trace) {}

  /** Reads `--resolve`. @throws {TransferError} */
  readResolve(): void {
    for (const entry of this.options.resolve) {
      const match = /^(\+?)(\*|[^:[\]]+|\[[^\]]*\]):(\d+):(.+)$/.exec(entry);
      if (match === null) {
        if (/^-[^:]+:\d+$/.test(entry)) continue;
        throw new TransferError(49, `Couldn't parse CURLOPT_RESOLVE entry '${entry}'`);
      }
      const key = `${match[2].toLowerCase()}:${match[3]}`;
      this.#known.set(key, match[4].split(",").map((it) => it.replace(/^\[(.*)\]$/, "$1")));
      this.trace.info(`Added ${match[2]}:${match[3]}:${match[4]} to DNS cache`);
    }
  }

  /** A kept connection, or null. */
  take(host: string, port: number, secured: boolean): Connection | null {
    const list = this.#kept.get(keyOf(host, port, secured));
    for (let one = list?.pop(); one !== undefined; one = list?.pop()) {
      if (!one.spoilt()) {
        this.trace.info("Found bundle for host: 0x55d5c4b0ac90 [serially]");
        this.trace.info("Can not multiplex, even if we wanted to");
        this.trace.info(`Re-using existing connection #${one.number} with host ${one.host}`);
        return one;
      }
      this.trace.info("Found bundle for host: 0x55d5c4b0ac90 [serially]");
      this.trace.info("Can not multiplex, even if we wanted to");
      this.trace.info(`Connection ${one.number} seems to be dead`);
      this.close(one);
    }
    return null;
  }

  keep(connection: Connection): void {
    const key = keyOf(connection.host, connection.port, connection.verifyResult !== null);
    const list = this.#kept.get(key);
    if (list === undefined) this.#kept.set(key, [connection]);
    else list.push(connection);
    this.trace.info(`Connection #${connection.number} to host ${connection.host} left intact`);
  }

  close(connection: Connection): void {
    this.trace.info(`Closing connection ${connection.number}`);
    closeQuietly(connection.stream);
  }

  /** The end of the program: nothing is said of it. */
  closeAll(): void {
    for (const list of this.#kept.values()) for (const one of list) closeQuietly(one.stream);
  }

  /**
   * Opens a new one. `startedAt` and `now` in ns; `onCancel` is handed what gives the attempt up.
   *
   * @throws {TransferError}
   */
  async open(
    host: string,
    port: number,
    secured: boolean,
    startedAt: number,
    onCancel: (cancel: () => void) => void,
    onResolved: () => void,
    onConnected: () => void,
  ): Promise<Connection> {
    const { scheduler } = this.process.namespace.world;
    const number = this.#count++;
    const elapsed = () => Math.round((scheduler.now - startedAt) / 1e6);
    const fail = (error: TransferError): TransferError => {
      this.trace.info(error.message);
      return error;
    };
    try {
      if (this.options.unixSocket !== null) return await this.#openUnix(number, host, port, elapsed);
      const addresses = await this.#resolve(host, port);
      onResolved();
      if (addresses.length === 0) throw fail(new TransferError(7, "Couldn't connect to server"));
      const race = new Race(this.process, this.trace, addresses, port);
      onCancel(() => race.cancel());
      const limit = this.options.connectTimeoutMs === Infinity ? CONNECT_LIMIT_MS : this.options.connectTimeoutMs;
      const won = await race.run(limit - elapsed());
      if (won === null) {
        const words = race.timedOut ? "Timeout was reached" : "Couldn't connect to server";
        const code = race.timedOut || race.lastErrno === -Errno.ETIMEDOUT ? 28 : 7;
        throw fail(
          new TransferError(code, `Failed to connect to ${host} port ${port} after ${elapsed()} ms: ${words}`),
        );
      }
      const { connecting, to } = won;
      const conn = connecting.stream();
      const address = addressText(to.address);
      this.trace.info(`Connected to ${host} (${address}) port ${port} (#${number})`);
      onConnected();
      const left = limit - elapsed();
      const { stream, verifyResult } = secured
        ? await this.#secure(conn, host, port, left, onCancel)
        : { stream: conn, verifyResult: null };
      return {
        number,
        stream,
        host,
        address,
        port,
        verifyResult,
        local: { address: conn.localAddr.hostname, port: conn.localAddr.port },
        spoilt: connecting.spoilt,
      };
    } catch (error) {
      if (error instanceof TransferError) this.pendingClose = number;
      throw error;
    }
  }

  async #secure(
    conn: TcpConn,
    host: string,
    port: number,
    ms: number,
    onCancel: (cancel: () => void) => void,
  ): Promise<Secured> {
    const { process, options, trace } = this;
    let late = false;
    onCancel(() => closeQuietly(conn));
    try {
      return await within(process, ms, () => {
        late = true;
        closeQuietly(conn);
      }, () => secure(process, options, trace, conn, host, port));
    } catch (error) {
      closeQuietly(conn);
      if (!(error instanceof TransferError)) throw error;
      const failure = late ? new TransferError(28, "SSL connection timeout") : error;
      trace.info(failure.message);
      throw failure;
    }
  }

  /** The number of a connection that could not be made, until that is said. */
  pendingClose: number | null = null;

  /** Says that a failed connection is closed. */
  sayClosed(): void {
    if (this.pendingClose !== null) this.trace.info(`Closing connection ${this.pendingClose}`);
    this.pendingClose = null;
  }

  async #openUnix(number: number, host: string, port: number, elapsed: () => number): Promise<Connection> {
    const path = this.process.files.resolve(this.options.unixSocket!, this.process.cwd);
    this.trace.info(`  Trying ${path}:0...`);
    try {
      const stream = await connectUnix(edgeOf(this.process), { transport: "unix", path });
      this.trace.info(`Connected to ${host} (${path}) port ${port} (#${number})`);
      const local = { address: "", port: 0 };
      return { number, stream, host, address: "", port: 0, verifyResult: null, local, spoilt: () => true };
    } catch (error) {
      const failure = new TransferError(
        7,
        `Failed to connect to ${host} port ${port} after ${elapsed()} ms: Couldn't connect to server`,
      );
      this.trace.info(failure.message);
      failure.cause = error;
      throw failure;
    }
  }

  async #resolve(host: string, port: number): Promise<LookedUp[]> {
    const { family } = this.options;
    const known = this.#known.get(`${host.toLowerCase()}:${port}`) ?? this.#known.get(`*:${port}`);
    let found: LookedUp[] = [];
    if (known !== undefined) {
      this.trace.info(`Hostname ${host} was found in DNS cache`);
      for (const one of known) {
        const list = await lookUp(this.process, one, family);
        if (typeof list !== "string") found.push(...list);
      }
    } else if (/^(.*\.)?localhost$/i.test(host)) found = loopback(host);
    else {
      const list = await lookUp(this.process, host, family);
      if (typeof list === "string" && list !== "EAI_ADDRFAMILY") {
        const words = `Could not resolve host: ${host}`;
        this.trace.info(words);
        throw new TransferError(6, words);
      }
      if (typeof list !== "string") found = list;
    }
    return found.filter((it) => family === null || it.version === family);
  }
}

function keyOf(host: string, port: number, secured: boolean): string {
  return `${secured ? "https" : "http"}://${host}:${port}`;
}

/** curl knows `localhost` without asking anybody. */
function loopback(name: string): LookedUp[] {
  const rest = { scope: null, numeric: false, canonicalName: name };
  return [
    { version: 4, address: INADDR_LOOPBACK, ...rest },
    { version: 6, address: IN6ADDR_LOOPBACK, ...rest },
  ];
}

interface Won {
  connecting: Connecting;
  to: LookedUp;
}

/** Attempts to connect, of both families. */
class Race {
  lastErrno = -Errno.ECONNREFUSED;
  timedOut = false;
  readonly #lists: LookedUp[][];
  readonly #running = new Set<Connecting>();
  #cancelled = false;
  #wake: () => void = () => {};
  #won: Won | null = null;
  #busy = 0;

  constructor(readonly process: Process, readonly trace: Trace, addresses: readonly LookedUp[], readonly port: number) {
    const first = addresses[0].version;
    this.#lists = [
      addresses.filter((it) => it.version === first),
      addresses.filter((it) => it.version !== first),
    ];
  }

  cancel(): void {
    this.#cancelled = true;
    for (const one of this.#running) one.cancel();
    this.#wake();
  }

  /** The first that is connected; null when none can be. */
  async run(limitMs: number): Promise<Won | null> {
    const { waits, scheduler } = this.process.namespace.world;
    const end = scheduler.now + limitMs * 1e6;
    const [first, second] = this.#lists;
    this.#family(first);
    let begun = second.length === 0;
    while (this.#won === null && !this.#cancelled) {
      if (this.#busy === 0 && begun) break;
      if (this.#busy === 0) {
        begun = true;
        this.#family(second);
        continue;
      }
      const left = (end - scheduler.now) / 1e6;
      if (left <= 0) {
        this.#timeOut(limitMs);
        break;
      }
      const ms = begun ? left : Math.min(left, HAPPY_EYEBALLS_MS);
      const woken = await waits.wait("curl: a connection", (done) => this.#wake = done, ms);
      if (!woken && !begun && scheduler.now < end) {
        begun = true;
        this.#family(second);
      }
    }
    for (const one of this.#running) if (one !== this.#won?.connecting) one.cancel();
    return this.#won;
  }

  #timeOut(limitMs: number): void {
    this.timedOut = true;
    for (const one of this.#running) one.cancel();
    this.trace.info(`ipv${this.#lists[0][0].version} connect timeout after ${limitMs}ms, move on!`);
  }

  /** Tries the addresses of one family, one after the other. */
  async #family(addresses: readonly LookedUp[]): Promise<void> {
    this.#busy++;
    for (const to of addresses) {
      const text = addressText(to.address);
      this.trace.info(`  Trying ${to.version === 6 ? `[${text}]` : text}:${this.port}...`);
      const connecting = startConnect(this.process, to, this.port);
      this.#running.add(connecting);
      const errno = connecting.immediate < 0 ? connecting.immediate : await connecting.result;
      this.#running.delete(connecting);
      if (this.#cancelled || this.timedOut) break;
      if (errno === 0 && this.#won === null) {
        this.#won = { connecting, to };
        break;
      }
      if (this.#won !== null) {
        connecting.cancel();
        break;
      }
      this.lastErrno = errno;
      if (connecting.immediate < 0) this.trace.info(`Immediate connect fail for ${text}: ${strerror(-errno)}`);
      else this.trace.info(`connect to ${text} port ${this.port} failed: ${strerror(-errno)}`);
    }
    this.#busy--;
    this.#wake();
  }
}
