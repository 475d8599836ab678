/** TCP connections of programs: `connect` with its errno, and what is connected as a byte stream. */
import type { IpAddress } from "../ip/host.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { TcpConn } from "../socket/tcp.ts";
import { Wait } from "../time/waits.ts";
import { TcpSocket } from "../transport/tcp/socket.ts";
import { Errno } from "../wire/errno.ts";
import { formatIpv4 } from "../wire/ipv4.ts";
import { formatIpv6 } from "../wire/ipv6.ts";
import type { LookedUp } from "./name_lookup.ts";
import { lookUp } from "./name_lookup.ts";
import type { Process } from "./process.ts";

/** The process's namespace as the edge sees it: for `listen`, the resolver's sockets, and connections. */
export function edgeOf(process: Process): EdgeHost {
  return {
    kernel: process.namespace,
    files: process.files,
    unixNames: process.machine.unixNames(process.namespace),
    async lookup(hostname) {
      const found = await lookUp(process, hostname);
      if (typeof found === "string") throw new Error(found);
      return found.map((one) => ({ address: one.address, device: one.scope }));
    },
  };
}

export function addressText(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

/** A connection that is being made. */
export interface Connecting {
  /** The errno that `connect` gave at once: 0 when it goes on (or is over). */
  readonly immediate: number;
  /** 0 when it is connected, or a negative errno. */
  readonly result: Promise<number>;
  /** The stream, once `result` is 0. */
  stream(): TcpConn;
  /** Whether the peer has ended it, or sent what nobody asked for, while it was kept. */
  spoilt(): boolean;
  /** Gives it up. */
  cancel(): void;
}

/** Begins to connect to an address that was looked up. */
export function startConnect(process: Process, to: LookedUp, port: number): Connecting {
  const socket = new TcpSocket(process.namespace.tcp, to.version);
  if (to.scope !== null) socket.device = to.scope;
  const errno = socket.connect(to.address, port);
  const stream = () => new TcpConn(edgeOf(process), socket);
  const spoilt = () => socket.closed || socket.read(new Uint8Array(1)) !== -Errno.EAGAIN;
  if (errno !== -Errno.EINPROGRESS) {
    if (errno < 0) socket.close();
    return { immediate: errno, result: Promise.resolve(errno), stream, spoilt, cancel: () => socket.close() };
  }
  const { waits } = process.namespace.world;
  const wait = new Wait<number>(waits, () => `${process.name}: connect to ${addressText(to.address)}:${port}`);
  socket.onWritable = socket.onError = () => {
    const failure = socket.takeError();
    if (failure !== 0) socket.close();
    else if (!socket.connected) return;
    socket.onWritable = socket.onError = null;
    wait.resolve(-failure);
  };
  const cancel = () => {
    if (wait.settled) return;
    socket.close();
    wait.resolve(-Errno.EINTR);
  };
  return { immediate: 0, result: wait.promise, stream, spoilt, cancel };
}

/**
 * Runs `operation` until it is over or `ms` have passed; then `onLimit` is to make it end. Infinity: no limit. A signal that
 * ends the process ends it the same way.
 */
export async function within<T>(
  process: Process,
  ms: number,
  onLimit: () => void,
  operation: () => Promise<T>,
): Promise<T> {
  const { waits } = process.namespace.world;
  let over: () => void = () => {};
  if (ms !== Infinity) {
    waits.wait(`${process.name}'s time limit`, (done) => over = done, ms, undefined, true).then((ended) => {
      if (!ended) onLimit();
    });
  }
  process.signal.addEventListener("abort", onLimit);
  try {
    return await operation();
  } finally {
    process.signal.removeEventListener("abort", onLimit);
    over();
  }
}
