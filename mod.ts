/**
 * A virtual network in one process: namespaces, interfaces, routing and real packets in virtual time, with Deno's network API
 * and Linux's commands. No root, no permission; the same seed gives the same bytes on the wire.
 *
 * ```ts
 * import { Network } from "@netns/emulator";
 *
 * using net = new Network({ seed: 1 });
 * const web = net.host("web");
 * const client = net.host("client");
 * net.veth([web, "eth0", "192.33.136.6/24"], [client, "eth0", "192.33.136.7/24"], { delay: "5ms", rate: "10mbit" });
 * client.hosts.add("192.33.136.6", "web");
 * await net.run(async () => {
 *   const { stdout } = await client.exec("ping -c 1 web");
 *   if (!stdout.includes("1 received")) throw new Error(stdout);
 * });
 * ```
 *
 * @module
 */

export type { Drops } from "./src/device/drops.ts";
export { Network, type NetworkOptions, type RunOptions } from "./src/network/network.ts";
export type { DnsCounters } from "./src/dns/server.ts";
export {
  type DnsServerHandle,
  type DnsServerOptions,
  type ExecResult,
  Host,
  Namespace,
} from "./src/network/namespace.ts";
export { type Wire, type WireEnd, type WireOptions, type WireSetOptions } from "./src/network/wire.ts";
export { type Capture, type CaptureOptions } from "./src/network/capture.ts";
export { type Clock } from "./src/network/clock.ts";
export type { Door, PublishOptions, Uplink, UplinkOptions } from "./src/network/door.ts";
export type { Sshd, SshdOptions } from "./src/network/ssh_door.ts";
export { DeadlockError, LeftRunningError, NetworkUsageError, StormError } from "./src/network/errors.ts";
export type { Duration, Rate, Share } from "./src/network/units.ts";
export type {
  ChildProcess,
  Command,
  CommandOptions,
  CommandOutput,
  CommandStatus,
  PrintedStream,
  Signal,
} from "./src/network/command.ts";
export type { FileStat, FileView } from "./src/namespace/file_system.ts";
export type { HostsEntry, HostsFile } from "./src/namespace/hosts.ts";
export type { Addr, NetAddr, UnixAddr, VsockAddr } from "./src/socket/addresses.ts";
export type {
  DatagramConn,
  MulticastV4Membership,
  MulticastV6Membership,
  UdpListenOptions,
} from "./src/socket/datagram.ts";
export type { NetworkInterfaceInfo } from "./src/socket/interfaces.ts";
export type { ConnectOptions, TcpConn, TcpListener, TcpListenOptions } from "./src/socket/tcp.ts";
export type {
  IpAddress,
  SynchronousSocket,
  SynchronousTcpSocket,
  SynchronousUdpSocket,
} from "./src/socket/synchronous.ts";
export { formatIpv4, parseIpv4 } from "./src/wire/ipv4.ts";
export { formatIpv6, parseIpv6 } from "./src/wire/ipv6.ts";
export type { StreamConn, StreamListener } from "./src/socket/stream.ts";
export type {
  UnixConn,
  UnixConnectOptions,
  UnixDatagramConn,
  UnixListenDatagramOptions,
  UnixListener,
  UnixListenOptions,
} from "./src/socket/unix.ts";
export type {
  HttpServer,
  ServeHandler,
  ServeHandlerInfo,
  ServeInit,
  ServeOptions,
  ServeTcpOptions,
  ServeUnixOptions,
  ServeVsockOptions,
} from "./src/http/deno_serve.ts";
export type { UpgradeWebSocketOptions, WebSocketUpgrade } from "./src/http/websocket.ts";
export type { Certificate, CertificateAuthority, IssueOptions } from "./src/tls/authority.ts";
export type {
  ConnectTlsOptions,
  ListenTlsOptions,
  PlainConn,
  StartTlsOptions,
  TlsCertifiedKeyPem,
  TlsConn,
  TlsHandshakeInfo,
  TlsListener,
} from "./src/tls/deno_tls.ts";
export type {
  CaaRecord,
  DnsResult,
  MxRecord,
  NaptrRecord,
  RecordType,
  ResolveDnsOptions,
  SoaRecord,
  SrvRecord,
} from "./src/dns/resolve_dns.ts";
