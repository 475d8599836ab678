/** A namespace as users hold it: Deno's network API, Linux's commands, and its names. */
import { changeLink } from "../device/link.ts";
import type { FileView } from "../namespace/file_system.ts";
import { HostsFile } from "../namespace/hosts.ts";
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { ResolveError, resolveName } from "../namespace/resolver.ts";
import {
  type CaaRecord,
  type DnsResult,
  type MxRecord,
  type NaptrRecord,
  type RecordType,
  resolveDns,
  type ResolveDnsOptions,
  type SoaRecord,
  type SrvRecord,
} from "../dns/resolve_dns.ts";
import { type DnsCounters, DnsServer } from "../dns/server.ts";
import { Zone } from "../dns/zone.ts";
import { fetchWith } from "../http/fetch.ts";
import type {
  HttpServer,
  ServeHandler,
  ServeInit,
  ServeTcpOptions,
  ServeUnixOptions,
  ServeVsockOptions,
} from "../http/deno_serve.ts";
import { serve } from "../http/deno_serve.ts";
import {
  ClientWebSocket,
  upgradeWebSocket,
  type UpgradeWebSocketOptions,
  type WebSocketUpgrade,
} from "../http/websocket.ts";
import { execute } from "../shell/execute.ts";
import type { NetAddr, UnixAddr, VsockAddr } from "../socket/addresses.ts";
import { Command, type CommandOptions } from "./command.ts";
import { Services } from "./services.ts";
import { type Sshd, type SshdOptions, startSshd } from "./ssh_door.ts";
import type { ScopedAddress } from "../socket/addresses.ts";
import type { DatagramConn, UdpListenOptions } from "../socket/datagram.ts";
import { connect, listen, listenDatagram } from "../socket/deno.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { type NetworkInterfaceInfo, networkInterfaces } from "../socket/interfaces.ts";
import type { ConnectOptions, TcpConn, TcpListener, TcpListenOptions } from "../socket/tcp.ts";
import type {
  UnixConn,
  UnixConnectOptions,
  UnixDatagramConn,
  UnixListenDatagramOptions,
  UnixListener,
  UnixListenOptions,
} from "../socket/unix.ts";
import type { SynchronousTcpSocket, SynchronousUdpSocket } from "../socket/synchronous.ts";
import {
  connectTls,
  type ConnectTlsOptions,
  listenTls,
  type ListenTlsOptions,
  type PlainConn,
  startTls,
  type StartTlsOptions,
  type TlsCertifiedKeyPem,
  type TlsConn,
  type TlsListener,
} from "../tls/deno_tls.ts";
import { TcpSocket } from "../transport/tcp/socket.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { KernelError } from "../wire/errno.ts";
import { NetworkUsageError } from "./errors.ts";
import type { Network } from "./network.ts";

/** What a command printed and how it ended. */
export interface ExecResult {
  /** 0 when all went well. */
  code: number;
  /** What it wrote to standard output. */
  stdout: string;
  /** What it wrote to standard error. */
  stderr: string;
}

/** A name server's zones and manners. */
export interface DnsServerOptions {
  /** The text of each zone by its origin: `{ "example.test": "www A 10.0.0.1" }`. */
  zones: Record<string, string>;
  /** Default `0.0.0.0`. */
  hostname?: string;
  /** Default 53. */
  port?: number;
  /** Addresses of servers to ask for names outside of the zones. */
  forwarders?: string[];
  /** Turns the order of a name's addresses with each answer; default true. */
  rotate?: boolean;
}

/** A name server that runs. */
export interface DnsServerHandle extends Disposable {
  /** Where it listens, over UDP and TCP. */
  readonly addr: NetAddr;
  /** Queries so far, and what became of them. */
  readonly counters: DnsCounters;
  /** Settles when the server is closed. */
  readonly finished: Promise<void>;
  /** Stops answering. */
  close(): void;
}

/**
 * A network namespace of a machine: its methods are those of `Deno`, so that code written for it takes a namespace instead.
 */
export class Namespace {
  /** The network it is in. */
  readonly network: Network;
  /**
   * The machine it is on.
   *
   * @internal
   */
  readonly machine: Machine;
  /**
   * The stack's side of the namespace.
   *
   * @internal
   */
  readonly kernel: NetworkNamespace;
  #files: FileView | null = null;
  #hosts: HostsFile | null = null;
  #edgeHost: EdgeHost | null = null;
  #services: Services | null = null;

  /**
   * For `Network` only.
   *
   * @internal
   */
  constructor(network: Network, machine: Machine, kernel: NetworkNamespace) {
    this.network = network;
    this.machine = machine;
    this.kernel = kernel;
  }

  /** The machine's files as programs in this namespace see them. */
  get files(): FileView {
    return this.#files ??= this.machine.files(this.kernel, true);
  }

  /** The namespace's hosts file: `/etc/hosts`, or `/etc/netns/NAME/hosts`. */
  get hosts(): HostsFile {
    return this.#hosts ??= hostsOf(this.machine, this.kernel);
  }

  get #edge(): EdgeHost {
    this.#checkThere();
    return this.#edgeHost ??= {
      kernel: this.kernel,
      files: this.files,
      unixNames: this.machine.unixNames(this.kernel),
      lookup: (hostname) => this.#lookup(hostname),
    };
  }

  /** The name of `ip netns add`, or the machine's for its own namespace. */
  get name(): string {
    return this.kernel.name === "" ? this.machine.hostname : this.kernel.name;
  }

  /**
   * Runs a command line, as typed into a shell in this namespace, and gives what it printed.
   *
   * ```ts
   * import { Network } from "@netns/emulator";
   *
   * using net = new Network();
   * const host = net.host("host");
   * await net.run(async () => {
   *   const { code, stdout } = await host.exec("ip -br addr show lo");
   *   if (code !== 0 || !stdout.includes("127.0.0.1/8")) throw new Error(stdout);
   * });
   * ```
   */
  async exec(commandLine: string, options: { signal?: AbortSignal; stdin?: string } = {}): Promise<ExecResult> {
    this.#checkThere();
    return await execute(this.machine, this.kernel, commandLine, options);
  }

  /** As Deno's `connect`. */
  connect(options: ConnectOptions): Promise<TcpConn>;
  /** As Deno's `connect` to a Unix path. */
  connect(options: UnixConnectOptions & { signal?: AbortSignal }): Promise<UnixConn>;
  /** Not supported: it rejects. */
  connect(options: VsockAddr): Promise<never>;
  /** As Deno's `connect`. */
  connect(options: ConnectOptions | (UnixConnectOptions & { signal?: AbortSignal })): Promise<TcpConn | UnixConn>;
  connect(
    options: ConnectOptions | (UnixConnectOptions & { signal?: AbortSignal }) | VsockAddr,
  ): Promise<TcpConn | UnixConn> {
    return connect(this.#edge, options as ConnectOptions);
  }

  /** As Deno's `listen`. */
  listen(options: TcpListenOptions): TcpListener;
  /** As Deno's `listen` on a Unix path. */
  listen(options: UnixListenOptions & { transport: "unix" }): UnixListener;
  /** Not supported: it throws. */
  listen(options: { transport: "vsock"; cid: number; port: number }): never;
  /** As Deno's `listen`. */
  listen(options: TcpListenOptions | (UnixListenOptions & { transport: "unix" })): TcpListener | UnixListener;
  listen(
    options: TcpListenOptions | (UnixListenOptions & { transport: "unix" }) | VsockAddr,
  ): TcpListener | UnixListener {
    return listen(this.#edge, options as TcpListenOptions);
  }

  /** As Deno's `listenDatagram`. */
  listenDatagram(options: UdpListenOptions & { transport: "udp" }): DatagramConn;
  /** As Deno's `listenDatagram` on a Unix path. */
  listenDatagram(options: UnixListenDatagramOptions & { transport: "unixpacket" }): UnixDatagramConn;
  listenDatagram(
    options: (UdpListenOptions & { transport: "udp" }) | (UnixListenDatagramOptions & { transport: "unixpacket" }),
  ): DatagramConn | UnixDatagramConn {
    return listenDatagram(this.#edge, options);
  }

  /** As Deno's `connectTls`: trusts `caCerts`, and the network's own authority (`net.ca()`). */
  connectTls(options: ConnectTlsOptions): Promise<TlsConn> {
    return connectTls(this.#edge, options);
  }

  /** As Deno's `listenTls`. */
  listenTls(options: ListenTlsOptions & TlsCertifiedKeyPem): TlsListener {
    return listenTls(this.#edge, options);
  }

  /** As Deno's `startTls`. */
  startTls(conn: PlainConn, options?: StartTlsOptions): Promise<TlsConn> {
    return startTls(this.#edge, conn, options);
  }

  /** As Deno's `serve`. */
  serve(handler: ServeHandler<NetAddr>): HttpServer<NetAddr>;
  /** As Deno's `serve` on a Unix path. */
  serve(options: ServeUnixOptions, handler: ServeHandler<UnixAddr>): HttpServer<UnixAddr>;
  /** Not supported: it throws. */
  serve(options: ServeVsockOptions, handler: ServeHandler<VsockAddr>): never;
  /** As Deno's `serve`. */
  serve(options: ServeTcpOptions, handler: ServeHandler<NetAddr>): HttpServer<NetAddr>;
  /** As Deno's `serve` on a Unix path. */
  serve(options: ServeUnixOptions & ServeInit<UnixAddr>): HttpServer<UnixAddr>;
  /** Not supported: it throws. */
  serve(options: ServeVsockOptions & ServeInit<VsockAddr>): never;
  /** As Deno's `serve`. */
  serve(options: ServeTcpOptions & ServeInit<NetAddr>): HttpServer<NetAddr>;
  // deno-lint-ignore no-explicit-any
  serve(...args: any[]): any {
    return serve(this.services, this.#edge, args);
  }

  /** As `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return fetchWith(this.services.pool, input, init);
  }

  /** As the platform's `WebSocket`. */
  get WebSocket(): typeof WebSocket {
    const { services } = this;
    return class extends ClientWebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(services, url, protocols);
      }
    } as unknown as typeof WebSocket;
  }

  /** As Deno's `upgradeWebSocket`. */
  upgradeWebSocket(request: Request, options?: UpgradeWebSocketOptions): WebSocketUpgrade {
    return upgradeWebSocket(this.services, request, options);
  }

  /** As Deno's `resolveDns`: asks the name servers of `/etc/resolv.conf`, or the one that the options name. */
  resolveDns(
    query: string,
    recordType: "A" | "AAAA" | "ANAME" | "CNAME" | "NS" | "PTR",
    options?: ResolveDnsOptions,
  ): Promise<string[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "CAA", options?: ResolveDnsOptions): Promise<CaaRecord[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "MX", options?: ResolveDnsOptions): Promise<MxRecord[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "NAPTR", options?: ResolveDnsOptions): Promise<NaptrRecord[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "SOA", options?: ResolveDnsOptions): Promise<SoaRecord[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "SRV", options?: ResolveDnsOptions): Promise<SrvRecord[]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: "TXT", options?: ResolveDnsOptions): Promise<string[][]>;
  /** As Deno's `resolveDns`. */
  resolveDns(query: string, recordType: RecordType, options?: ResolveDnsOptions): Promise<DnsResult>;
  // deno-lint-ignore no-explicit-any
  resolveDns(query: string, recordType: RecordType, options?: ResolveDnsOptions): Promise<any> {
    return resolveDns(this.services.dns, this.services.resolvConf(), query, recordType, options);
  }

  /**
   * Starts a name server on port 53 (UDP and TCP): authoritative for the zones, whose text is that of a master file by origin, and
   * for other names a cache before `forwarders`.
   *
   * @throws {ZoneError} a line of a zone that makes no sense
   */
  dnsServer(options: DnsServerOptions): DnsServerHandle {
    const zones = Object.entries(options.zones).map(([origin, text]) => Zone.parse(text, origin));
    const hostname = options.hostname ?? "0.0.0.0";
    const port = options.port ?? 53;
    const server = new DnsServer({ ...options, zones }, this.services.dns, () => this.network.clock.now());
    const datagrams = this.listenDatagram({ transport: "udp", hostname, port });
    const listener = this.listen({ hostname, port: (datagrams.addr as NetAddr).port });
    const finished = Promise.all([server.serveUdp(datagrams), server.serveTcp(listener)]).then(() => {});
    const close = () => {
      datagrams[Symbol.dispose]();
      listener[Symbol.dispose]();
    };
    return { addr: listener.addr, counters: server.counters, finished, close, [Symbol.dispose]: close };
  }

  /**
   * Starts an SSH server, whose sessions run the machine's programs in this namespace. Needs `import "@netns/emulator/ssh"`.
   *
   * @throws {NetworkUsageError} that was not imported
   * @throws {AddrInUse} another socket listens there
   */
  sshd(options: SshdOptions = {}): Sshd {
    return startSshd({ machine: this.machine, namespace: this.kernel, edge: this.#edge }, options);
  }

  /** As Deno's `Command`, with the programs of the emulated machine. */
  get Command(): new (command: string | URL, options?: CommandOptions) => Command {
    const { machine, kernel } = this;
    return class extends Command {
      constructor(command: string | URL, options?: CommandOptions) {
        super(machine, kernel, command, options);
      }
    };
  }

  /** A UDP socket without promises, of IPv4 or IPv6. */
  udpSocket(family: 4 | 6 = 4): SynchronousUdpSocket {
    return new UdpSocket(this.kernel.udp, family);
  }

  /** A TCP socket without promises, of IPv4 or IPv6. */
  tcpSocket(family: 4 | 6 = 4): SynchronousTcpSocket {
    return new TcpSocket(this.kernel.tcp, family);
  }

  /** As Deno's `networkInterfaces`. */
  networkInterfaces(): NetworkInterfaceInfo[] {
    return networkInterfaces(this.kernel);
  }

  /** As Deno's `hostname`. */
  hostname(): string {
    return this.machine.hostname;
  }

  /** `ip link set DEVICE up`. */
  setUp(device: string): void {
    changeLink(this.#interface(device), { up: true });
  }

  /** `ip link set DEVICE down`. */
  setDown(device: string): void {
    changeLink(this.#interface(device), { up: false });
  }

  /**
   * What speaks HTTP, WebSocket and DNS here.
   *
   * @internal
   */
  get services(): Services {
    return this.#services ??= new Services(this.network, this.#edge);
  }

  #checkThere(): void {
    if (this.network.closed) throw new NetworkUsageError("This network is closed: make a new one");
    if (this.kernel.closed) {
      throw new NetworkUsageError(
        `The namespace "${this.name}" was deleted: make a new one with namespace("${this.name}")`,
      );
    }
  }

  #interface(name: string): ReturnType<NetworkNamespace["interfaces"]["byName"]> & object {
    const device = this.kernel.interfaces.byName(name);
    if (device === undefined) throw new NetworkUsageError(`There is no interface "${name}" in "${this.name}"`);
    return device;
  }

  async #lookup(hostname: string): Promise<ScopedAddress[]> {
    try {
      const context = { namespace: this.kernel, files: this.files };
      const { addresses } = await resolveName(context, hostname, { service: this.machine.nameService });
      return addresses.map(({ address, scope }) => ({
        address,
        device: this.kernel.interfaces.byIndex(scope) ?? null,
      }));
    } catch (error) {
      if (error instanceof ResolveError) throw new Error(`failed to lookup address information: ${error.message}`);
      throw error;
    }
  }
}

/** A machine: its own namespace, and those of `ip netns add` beside it. */
export class Host extends Namespace {
  /**
   * `ip netns add NAME`: a namespace of this machine, with a `lo` that is down.
   *
   * @throws {NetworkUsageError} there is one of this name already, or the name cannot be
   */
  namespace(name: string): Namespace {
    if (this.machine.namespaces.has(name)) {
      throw new NetworkUsageError(
        `There is a namespace "${name}" already: use another name, or get it with namespaces.get("${name}")`,
      );
    }
    if (name === "" || name.includes("/") || name === "." || name === ".." || name.length > 255) {
      throw new NetworkUsageError(`Not a name for a namespace: "${name}"`);
    }
    return this.network.namespaceOf(this.machine.addNamespace(name));
  }

  /** The namespaces of `ip netns add`, by name, whoever added them. */
  get namespaces(): ReadonlyMap<string, Namespace> {
    const list = new Map<string, Namespace>();
    for (const [name, kernel] of this.machine.namespaces) list.set(name, this.network.namespaceOf(kernel));
    return list;
  }

  /**
   * `ip netns del NAME`: its interfaces, and the peers of its veths, go with it.
   *
   * @throws {NetworkUsageError} there is none of this name
   */
  removeNamespace(name: string): void {
    try {
      this.machine.removeNamespace(name);
    } catch (error) {
      if (error instanceof KernelError) {
        throw new NetworkUsageError(`There is no namespace "${name}" on "${this.name}"`);
      }
      throw error;
    }
  }
}

function hostsOf(machine: Machine, kernel: NetworkNamespace): HostsFile {
  const files = machine.files(machine.initial);
  if (kernel === machine.initial) return new HostsFile(files);
  return new HostsFile(files, `/etc/netns/${kernel.name}/hosts`);
}
