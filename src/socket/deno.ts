/** Deno's `connect`, Deno's `listen` and Deno's `listenDatagram` of a namespace: by transport. */
import { hostByName, readHosts } from "../namespace/hosts.ts";
import type { IpAddress } from "../ip/host.ts";
import { type DatagramConn, listenUdp, type UdpListenOptions } from "./datagram.ts";
import { errors } from "./errors.ts";
import type { EdgeHost } from "./edge.ts";
import {
  type ConnectOptions,
  connectTcp,
  listenTcp,
  type TcpConn,
  type TcpListener,
  type TcpListenOptions,
} from "./tcp.ts";
import {
  connectUnix,
  listenUnix,
  listenUnixDatagram,
  type UnixConn,
  type UnixConnectOptions,
  type UnixDatagramConn,
  type UnixListenDatagramOptions,
  type UnixListener,
  type UnixListenOptions,
} from "./unix.ts";

/** What a name stands for without asking anybody: `listen` is synchronous, and only the hosts file answers at once. */
function localName(host: EdgeHost, hostname: string): IpAddress {
  const entries = readHosts(host.files);
  const found = hostByName(entries, hostname, 4) ?? hostByName(entries, hostname, 6);
  if (found === null) throw new Error("failed to lookup address information: Name or service not known");
  return found.addresses[0];
}

/** As Deno's `connect`. */
export function connect(
  host: EdgeHost,
  options: ConnectOptions | (UnixConnectOptions & { signal?: AbortSignal }),
): Promise<TcpConn | UnixConn> {
  switch (options.transport) {
    case "unix":
      return connectUnix(host, options);
    case undefined:
    case "tcp":
      return connectTcp(host, options);
    default:
      return Promise.reject(unknownTransport(options));
  }
}

/** As Deno's `listen`. */
export function listen(
  host: EdgeHost,
  options: TcpListenOptions | (UnixListenOptions & { transport: "unix" }),
): TcpListener | UnixListener {
  switch (options.transport) {
    case "unix":
      return listenUnix(host, options);
    case undefined:
    case "tcp":
      return listenTcp(host, options, (hostname) => localName(host, hostname));
    default:
      throw unknownTransport(options);
  }
}

/** As Deno's `listenDatagram`. */
export function listenDatagram(
  host: EdgeHost,
  options: (UdpListenOptions & { transport: "udp" }) | (UnixListenDatagramOptions & { transport: "unixpacket" }),
): DatagramConn | UnixDatagramConn {
  switch (options.transport) {
    case "udp":
      return listenUdp(host, options, (hostname) => localName(host, hostname));
    case "unixpacket":
      return listenUnixDatagram(host, options);
    default:
      throw unknownTransport(options);
  }
}

function unknownTransport(options: { transport?: unknown }): Error {
  if (options.transport === "vsock") {
    return new errors.NotSupported("vsock: there are no virtual machines in this network");
  }
  return new TypeError(`Unsupported transport: '${options.transport}'`);
}
