/**
 * The door to the real machine, in both directions: `publish` lets real clients reach an emulated server, `uplink` lets a
 * namespace open real addresses that are listed. Both need the real clock, and Deno's permission for the network.
 *
 * @module
 */
import { type ByteStream, closeQuietly } from "../http/byte_reader.ts";
import { IFA_F_NODAD } from "../ip/netlink.ts";
import { errors } from "../socket/errors.ts";
import { numericAddress } from "../socket/addresses.ts";
import { NetworkUsageError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import type { Network } from "./network.ts";

/** A connection of the real machine. */
interface RealConn extends ByteStream {
  closeWrite(): Promise<void>;
}

/** What this file uses of the runtime's network. */
interface RealRuntime {
  connect(options: { hostname: string; port: number }): Promise<RealConn>;
  listen(options: { hostname: string; port: number }): AsyncIterable<RealConn> & {
    addr: { hostname: string; port: number };
    close(): void;
  };
}

/** Which port is published, and where real clients come in. */
export interface PublishOptions {
  /** The port in the namespace. */
  port: number;
  /** Where real clients come in: default `127.0.0.1` and the same port; port 0 takes a free one. */
  to?: { hostname?: string; port?: number };
  /** Says that others than this machine may come in: needed for a `to.hostname` that is not of the loopback. */
  exposeBeyondLoopback?: boolean;
}

/** A published port. */
export interface Door extends Disposable {
  /** Where real clients come in. */
  readonly addr: { hostname: string; port: number };
  /** Connections so far, and those that the namespace refused. */
  readonly counters: { connections: number; refused: number };
  /** Stops listening, and closes the connections that came in. */
  close(): void;
}

/** What a namespace may open of the real network. */
export interface UplinkOptions {
  /** What may be opened: `"127.0.0.1:5432"`, `"example.com:443"`. Nothing else can. */
  allow: string[];
}

/** An open uplink. */
export interface Uplink extends Disposable {
  /** Takes the real addresses away again. */
  close(): void;
}

/** Octets that one direction carries at once. */
const CHUNK = 65536;

function runtime(network: Network, what: string): RealRuntime {
  if (!network.realTime) {
    throw new NetworkUsageError(`${what} joins the real world: it needs new Network({ clock: "real" })`);
  }
  const found = (globalThis as { Deno?: Partial<RealRuntime> })["Deno"];
  if (found?.listen === undefined || found.connect === undefined) {
    throw new errors.NotSupported(`${what} needs Deno's network API: run it with Deno`);
  }
  return found as RealRuntime;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Says what to do where the runtime only says that something is not allowed. */
function permitted<T>(what: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof errors.NotCapable || error instanceof errors.PermissionDenied) {
      throw new errors.NotCapable(`${what} needs the network: run it with --allow-net (${(error as Error).message})`);
    }
    throw error;
  }
}

/** For `Network.publish`. A function is asked for the namespace when somebody comes in: it may be made later. */
export function publish(network: Network, namespace: Namespace | (() => Namespace), options: PublishOptions): Door {
  const real = runtime(network, "publish");
  const hostname = options.to?.hostname ?? "127.0.0.1";
  if (!isLoopback(hostname) && options.exposeBeyondLoopback !== true) {
    throw new NetworkUsageError(
      `publish to ${hostname} would let other machines in: say exposeBeyondLoopback: true if that is meant`,
    );
  }
  const listener = permitted("publish", () => real.listen({ hostname, port: options.to?.port ?? options.port }));
  const counters = { connections: 0, refused: 0 };
  const open = new Set<ByteStream>();
  (async () => {
    for await (const outside of listener) {
      counters.connections++;
      comeIn(namespace, options.port, outside, open, counters);
    }
  })();
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    listener.close();
    for (const stream of open) closeQuietly(stream);
  };
  network.onClose(close);
  return { addr: listener.addr, counters, close, [Symbol.dispose]: close };
}

async function comeIn(
  namespace: Namespace | (() => Namespace),
  port: number,
  outside: RealConn,
  open: Set<ByteStream>,
  counters: Door["counters"],
): Promise<void> {
  open.add(outside);
  try {
    const inside = await connectInside(typeof namespace === "function" ? namespace() : namespace, port);
    open.add(inside);
    await Promise.all([carry(outside, inside), carry(inside, outside)]);
    open.delete(inside);
    closeQuietly(inside);
  } catch {
    counters.refused++;
  } finally {
    open.delete(outside);
    closeQuietly(outside);
  }
}

/** A server may listen on the loopback only, or on one of the namespace's other addresses only. */
async function connectInside(namespace: Namespace, port: number): Promise<RealConn> {
  const addresses = ["127.0.0.1", "::1", ...namespace.networkInterfaces().map((it) => it.address)];
  let last: unknown;
  for (const hostname of new Set(addresses)) {
    try {
      return await namespace.connect({ hostname, port });
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Carries octets one way until the end of the stream, and ends the other stream then. */
async function carry(from: RealConn, to: RealConn): Promise<void> {
  const buffer = new Uint8Array(CHUNK);
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) break;
      for (let sent = 0; sent < count;) sent += await to.write(buffer.subarray(sent, count));
    }
    await to.closeWrite();
  } catch {
    // One side is gone: the other is told by closing it.
    closeQuietly(from);
    closeQuietly(to);
  }
}

/** The wire between a namespace and its uplink: addresses for benchmarking networks (RFC 2544), of which none is real. */
const INSIDE = 0xc6120001; // 198.18.0.1
const OUTSIDE = 0xc6120002;

/** For `Network.uplink`. */
export function uplink(network: Network, namespace: Namespace, options: UplinkOptions): Uplink {
  const real = runtime(network, "uplink");
  const gate = network.host(`uplink-${namespace.name}`);
  network.veth([namespace, "uplink0"], [gate, "uplink0"]);
  const inner = namespace.kernel, outer = gate.kernel;
  const device = inner.interfaces.byName("uplink0")!;
  inner.ipv4.addAddress(device, { local: INSIDE, prefixLength: 30, flags: IFA_F_NODAD }, "add");
  outer.ipv4.addAddress(outer.interfaces.byName("uplink0")!, { local: OUTSIDE, prefixLength: 30 }, "add");
  let next = OUTSIDE + 256;
  const closers: (() => void)[] = [];
  for (const allowed of options.allow) {
    const { hostname, port } = parseAllowed(allowed);
    const numeric = numericAddress(inner, hostname);
    if (numeric !== null && typeof numeric.address !== "number") {
      throw new NetworkUsageError(`uplink: "${allowed}": only IPv4 addresses and names can be let through`);
    }
    const address = (numeric?.address as number | undefined) ?? next++;
    const shown = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
    if (numeric === null) namespace.hosts.add(shown, hostname);
    const known = outer.ipv4.addresses(outer.loopback).some((it) => it.local === address);
    if (!known) {
      outer.ipv4.addAddress(outer.loopback, { local: address, prefixLength: 32 }, "add");
      inner.ipv4.addRoute({ destination: address, prefixLength: 32, nexthops: [{ gateway: OUTSIDE }] }, "add");
    }
    const listener = gate.listen({ hostname: shown, port });
    closers.push(() => listener[Symbol.dispose]());
    goOut(listener, () => permitted("uplink", () => real.connect({ hostname, port })), closers);
  }
  const close = () => {
    for (const closer of closers.splice(0)) closer();
  };
  network.onClose(close);
  return { close, [Symbol.dispose]: close };
}

async function goOut(
  listener: AsyncIterable<RealConn>,
  connect: () => Promise<RealConn>,
  closers: (() => void)[],
): Promise<void> {
  for await (const inside of listener) {
    (async () => {
      try {
        const outside = await connect();
        closers.push(() => closeQuietly(outside));
        await Promise.all([carry(inside, outside), carry(outside, inside)]);
        closeQuietly(outside);
      } catch {
        // The real address refused: so does the emulated one.
      } finally {
        closeQuietly(inside);
      }
    })();
  }
}

function parseAllowed(text: string): { hostname: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65535) {
    throw new NetworkUsageError(`uplink: not a host and port: "${text}" (try "127.0.0.1:5432")`);
  }
  return { hostname: match[1], port };
}
