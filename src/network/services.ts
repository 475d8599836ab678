/** What services speak, on one namespace: HTTP, WebSocket, DNS, over its sockets. */
import { type NameContext, type NameService, type ResolvedName, ResolveError } from "../namespace/resolver.ts";
import { type RecordData, TYPES } from "../dns/message.ts";
import { reverseName } from "../dns/name.ts";
import { parseResolvConf, type ResolvConf } from "../dns/resolv_conf.ts";
import { dnsSockets } from "../dns/sockets.ts";
import { type DnsSockets, lookup, type LookupResult } from "../dns/stub_resolver.ts";
import type { ByteStream } from "../http/byte_reader.ts";
import { ConnectionPool, type FetchWorld } from "../http/fetch.ts";
import type { ServeWorld } from "../http/serve.ts";
import type { WebSocketWorld } from "../http/websocket.ts";
import type { IpAddress } from "../ip/host.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { connectTcp } from "../socket/tcp.ts";
import { secureClient } from "../tls/deno_tls.ts";
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { KernelError } from "../wire/errno.ts";
import type { Network } from "./network.ts";

/** Made when a namespace first speaks one of these. */
export class Services implements FetchWorld, ServeWorld, WebSocketWorld {
  readonly pool: ConnectionPool = new ConnectionPool(this);
  readonly dns: DnsSockets;
  readonly #random;
  /** The date of the second that was asked for last. */
  #dateSecond = -1;
  #date = "";

  constructor(readonly network: Network, readonly host: EdgeHost) {
    this.dns = dnsSockets(host);
    this.#random = host.kernel.random.split("services");
    network.onClose(() => this.pool.close());
  }

  async open(hostname: string, port: number, secure: boolean, signal: AbortSignal | null): Promise<ByteStream> {
    const conn = await connectTcp(this.host, { hostname, port, signal: signal ?? undefined });
    if (!secure) return conn;
    const stream = secureClient(this.host, conn, { hostname, alpnProtocols: ["http/1.1"] });
    const onAbort = () => conn[Symbol.dispose]();
    signal?.addEventListener("abort", onAbort);
    try {
      await stream.handshake();
      return stream;
    } catch (error) {
      conn[Symbol.dispose]();
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  hold<T>(promise: Promise<T>): Promise<T> {
    return this.network.hold(promise);
  }

  /** `Tue, 24 Nov 2026 22:01:07 GMT`, in virtual time. */
  date(): string {
    const second = Math.floor(this.host.kernel.world.wallClock() / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = new Date(second * 1000).toUTCString();
    }
    return this.#date;
  }

  random(bytes: Uint8Array): void {
    this.#random.fill(bytes);
  }

  /** Timers of the pool: they neither keep a run alive nor count as work left running. */
  setTimeout(callback: () => void, ms: number): number {
    return this.network.clock.housekeeping(callback, ms);
  }

  clearTimeout(id: number): void {
    this.network.clock.clearTimeout(id);
  }

  /** `/etc/resolv.conf` as this namespace has it. */
  resolvConf(): ResolvConf {
    return resolvConfOf(this.host.files);
  }
}

function resolvConfOf(files: { readText(path: string): string }): ResolvConf {
  try {
    return parseResolvConf(files.readText("/etc/resolv.conf"));
  } catch (error) {
    if (error instanceof KernelError) return parseResolvConf("");
    throw error;
  }
}

/** The `dns` service of a machine: asks the name servers of `/etc/resolv.conf` of whoever asks. */
export class DnsNameService implements NameService {
  constructor(readonly socketsOf: (context: NameContext) => DnsSockets) {}

  async lookup(name: string, family: 4 | 6 | null, context: NameContext): Promise<ResolvedName> {
    const conf = resolvConfOf(context.files);
    // glibc asks the server on this machine when the file names none; where nobody listens, that is EAI_AGAIN at once.
    if (conf.nameservers.length === 0) throw new ResolveError("EAI_AGAIN");
    const sockets = this.socketsOf(context);
    const types = family === 4 ? [TYPES.A] : family === 6 ? [TYPES.AAAA] : [TYPES.A, TYPES.AAAA];
    const results = await Promise.all(types.map((type) => lookup(sockets, conf, name, type)));
    const addresses = results.flatMap((result) => result.records.map((record) => addressOf(record.data)))
      .filter((address) => address !== null);
    if (addresses.length === 0) throw failure(results);
    return {
      canonicalName: canonicalName(results.find((result) => result.failure === null)!),
      addresses: addresses.map((address) => ({ family: typeof address === "number" ? 4 : 6, address, scope: 0 })),
    };
  }

  async reverse(address: IpAddress, context: NameContext): Promise<string | null> {
    const conf = resolvConfOf(context.files);
    if (conf.nameservers.length === 0) return null;
    const result = await lookup(this.socketsOf(context), conf, reverseName(address), TYPES.PTR);
    const data = result.records[0]?.data;
    return data?.type === "PTR" ? data.name.replace(/\.$/, "") : null;
  }
}

function addressOf(data: RecordData): IpAddress | null {
  if (data.type === "A") return parseIpv4(data.address);
  return data.type === "AAAA" ? parseIpv6(data.address) : null;
}

function failure(results: LookupResult[]): ResolveError {
  const reasons = results.map((result) => result.failure);
  if (reasons.includes("TIMEOUT") || reasons.includes("SERVFAIL") || reasons.includes("REFUSED")) {
    return new ResolveError("EAI_AGAIN");
  }
  return new ResolveError(reasons.includes("NODATA") ? "EAI_NODATA" : "EAI_NONAME");
}

/** The owner of the addresses, after all aliases. */
function canonicalName(result: LookupResult): string {
  return result.records[0].name.replace(/\.$/, "");
}
