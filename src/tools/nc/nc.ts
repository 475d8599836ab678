/** `nc`: connects or listens, and copies between the net and its standard streams. */
import type { IpAddress } from "../../ip/host.ts";
import { TcpSocket } from "../../transport/tcp/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { UnixSocket } from "../../transport/unix.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import { gaiError, type LookedUp, lookUp, nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { readServices } from "../services.ts";
import { type Channel, tcpChannel, udpChannel, unixChannel } from "./channel.ts";
import { fail, NcExit, type NcOptions, parseNcOptions, parsePorts } from "./options.ts";
import { Relay } from "./relay.ts";

/** Seconds that a UDP scan waits for an ICMP error, without -w. */
const UDP_SCAN = 3;
/** Virtual milliseconds that taking a connection costs. */
const ACCEPT_TIME = 0.01;
const ANY6 = new Uint8Array(16);

export async function nc(process: Process): Promise<number> {
  try {
    const options = parseNcOptions(process.args);
    if (options.unix) return await unix(process, options);
    return options.listen ? await listen(process, options) : await connect(process, options);
  } catch (error) {
    if (!(error instanceof NcExit)) throw error;
    process.stderr.write(error.words);
    return error.code;
  }
}

function numericText(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

async function addressesOf(process: Process, options: NcOptions, host: string, port: string): Promise<LookedUp[]> {
  const found = await lookUp(process, host, options.family === 0 ? null : options.family);
  const what = `getaddrinfo for host "${host}" port ${port}`;
  if (typeof found === "string") throw fail(`${what}: ${gaiError(found)}`);
  if (options.numeric && !found[0].numeric) throw fail(`${what}: ${gaiError("EAI_NONAME")}`);
  return found;
}

// Connecting

async function connect(process: Process, options: NcOptions): Promise<number> {
  const host = options.host!;
  const services = readServices(process.files);
  const protocol = options.udp ? "udp" : "tcp";
  const ports = parsePorts(options.port!, (name) => services.port(name, protocol));
  let code = 1;
  for (const port of ports) {
    const reached = await reach(process, options, host, port);
    if (reached === null) continue;
    code = 0;
    const { channel, address } = reached;
    try {
      if (options.udp && (options.verbose || options.scan) && !await answersUdp(process, options, channel)) {
        code = 1;
        continue;
      }
      if (options.verbose) {
        const service = options.numeric ? "*" : services.name(port, protocol) ?? "*";
        const shown = options.numeric || numericText(address) === host ? "" : ` (${numericText(address)})`;
        process.stderr.write(`Connection to ${host}${shown} ${port} port [${protocol}/${service}] succeeded!\n`);
      }
      if (!options.scan) await new Relay(process, channel, options).run();
    } finally {
      channel.close();
    }
    if (options.interval > 0 && ports.length > 1) await process.sleep(options.interval * 1000);
    if (process.signal.aborted) break;
  }
  return code;
}

/** The first address of a host that can be connected to. */
async function reach(
  process: Process,
  options: NcOptions,
  host: string,
  port: number,
): Promise<{ channel: Channel; address: IpAddress } | null> {
  for (const found of await addressesOf(process, options, host, String(port))) {
    const { channel, errno } = options.udp
      ? await openUdp(process, options, found, port)
      : await openTcp(process, options, found, port);
    if (channel !== null) return { channel, address: found.address };
    if (process.signal.aborted) return null;
    if (!options.verbose) continue;
    const shown = numericText(found.address);
    const address = options.numeric || shown === host ? "" : ` (${shown})`;
    const protocol = options.udp ? "udp" : "tcp";
    const outcome = -errno === Errno.EINPROGRESS ? "timed out" : "failed"; // by -w
    process.stderr.write(
      `nc: connect to ${host}${address} port ${port} (${protocol}) ${outcome}: ${strerror(errno)}\n`,
    );
  }
  return null;
}

/** Binds to what `-s` and `-p` say. @throws {NcExit} */
async function bindSource(process: Process, options: NcOptions, socket: TcpSocket | UdpSocket): Promise<void> {
  if (options.sourceAddress === null && options.sourcePort === null) return;
  socket.reusePort = socket.reuseAddress = true;
  let port = 0;
  if (options.sourcePort !== null) {
    const text = options.sourcePort;
    const named = readServices(process.files).port(text, options.udp ? "udp" : "tcp");
    if (!/^\d+$/.test(text) && named === null) throw fail(`getaddrinfo: ${gaiError("EAI_SERVICE")}`);
    port = named ?? Number(text) & 0xffff;
  }
  let address: IpAddress = socket.family === 4 ? 0 : ANY6;
  if (options.sourceAddress !== null) {
    const found = await lookUp(process, options.sourceAddress, socket.family);
    if (typeof found === "string") throw fail(`getaddrinfo: ${gaiError(found)}`);
    address = found[0].address;
  }
  const errno = socket.bind(address, port);
  if (errno < 0) {
    socket.close();
    throw fail(`bind failed: ${strerror(errno)}`);
  }
}

interface Opened {
  channel: Channel | null;
  errno: number;
}

async function openTcp(process: Process, options: NcOptions, found: LookedUp, port: number): Promise<Opened> {
  const socket = new TcpSocket(process.namespace.tcp, found.version);
  prepare(process, options, socket);
  if (found.scope !== null) socket.device = found.scope;
  await bindSource(process, options, socket);
  let errno = socket.connect(found.address, port);
  if (errno === -Errno.EINPROGRESS) {
    const what = `connection to ${numericText(found.address)}:${port}`;
    let decided = false;
    try {
      decided = await process.wait(what, (done) => {
        socket.onWritable = socket.onError = done;
        if (socket.connected || socket.error !== 0) done();
      }, options.timeout < 0 ? undefined : options.timeout);
    } catch (error) {
      socket.close(); // a signal ended the program
      throw error;
    }
    socket.onWritable = socket.onError = null;
    const failure = socket.takeError();
    errno = failure !== 0 ? -failure : socket.connected ? 0 : decided ? -Errno.ECONNREFUSED : -Errno.EINPROGRESS;
  }
  if (errno < 0) {
    socket.close();
    return { channel: null, errno };
  }
  return { channel: tcpChannel(socket), errno: 0 };
}

async function openUdp(process: Process, options: NcOptions, found: LookedUp, port: number): Promise<Opened> {
  const socket = new UdpSocket(process.namespace.udp, found.version);
  prepare(process, options, socket);
  if (found.scope !== null) socket.device = found.scope;
  await bindSource(process, options, socket);
  const errno = socket.connect(found.address, port);
  if (errno < 0) {
    socket.close();
    return { channel: null, errno };
  }
  return { channel: udpChannel(socket), errno: 0 };
}

function prepare(process: Process, options: NcOptions, socket: TcpSocket | UdpSocket): void {
  socket.program = "nc";
  socket.pid = process.pid;
  if (options.tos >= 0) socket.tos = options.tos;
  if (options.ttl >= 0) socket.ttl = options.ttl;
  if (options.broadcast) socket.broadcast = true;
}

/** Sends an X a few times: an ICMP error that comes back says that nobody listens (`udptest`). */
async function answersUdp(process: Process, options: NcOptions, channel: Channel): Promise<boolean> {
  const probe = Uint8Array.of(88);
  if (channel.write(probe) !== 1) return false;
  await process.sleep(0); // the error of a neighbour of no delay is there before the second one
  if (channel.write(probe) === -Errno.ECONNREFUSED) return false;
  const seconds = options.timeout < 0 ? UDP_SCAN : Math.floor(options.timeout / 1000);
  for (let i = 0; i < seconds; i++) {
    await process.sleep(1000);
    if (process.signal.aborted) return false;
    if (channel.write(probe) === -Errno.ECONNREFUSED) return false;
  }
  return true;
}

// Listening

async function listen(process: Process, options: NcOptions): Promise<number> {
  const services = readServices(process.files);
  const [port] = parsePorts(options.port!, (name) => services.port(name, options.udp ? "udp" : "tcp"));
  const version = options.family === 6 ? 6 : 4;
  const places = options.host === null
    ? [{ version, address: version === 4 ? 0 : ANY6 } as { version: 4 | 6; address: IpAddress }]
    : await addressesOf(process, options, options.host, String(port));
  let errno = 0;
  for (const { version, address } of places) {
    const socket = options.udp
      ? new UdpSocket(process.namespace.udp, version)
      : new TcpSocket(process.namespace.tcp, version);
    prepare(process, options, socket);
    socket.reuseAddress = socket.reusePort = true;
    errno = socket.bind(address, port);
    if (errno === 0 && socket instanceof TcpSocket) errno = socket.listen(1);
    if (errno < 0) {
      socket.close();
      continue;
    }
    if (options.verbose) await report(process, options, "Listening", address, port);
    try {
      return socket instanceof TcpSocket
        ? await serveTcp(process, options, socket)
        : await serveUdp(process, options, socket);
    } finally {
      socket.close();
    }
  }
  throw fail(strerror(errno));
}

/** `Listening on a port`, unless the address has no name and names are wanted. */
async function report(
  process: Process,
  options: NcOptions,
  what: string,
  address: IpAddress,
  port: number,
): Promise<void> {
  const name = options.numeric ? numericText(address) : await nameOf(process, address);
  process.stderr.write(
    name === null ? `nc: getnameinfo: ${gaiError("EAI_AGAIN")}\n` : `${what} on ${name} ${port}\n`,
  );
}

async function serveTcp(process: Process, options: NcOptions, listener: TcpSocket): Promise<number> {
  do {
    let socket = listener.accept();
    while (socket === null) {
      await process.wait("a connection", (done) => listener.onReadable = done);
      listener.onReadable = null;
      if (process.signal.aborted) return 1;
      socket = listener.accept();
    }
    socket.program = "nc";
    socket.pid = process.pid;
    // The peer was awake before: what it has to say at once is there by the first poll.
    await process.sleep(ACCEPT_TIME);
    if (options.verbose) {
      await report(process, options, "Connection received", socket.remoteAddress!, socket.remotePort);
    }
    const channel = tcpChannel(socket);
    try {
      if (await new Relay(process, channel, options).run()) break;
    } finally {
      channel.close();
    }
  } while (options.keep);
  return 0;
}

async function serveUdp(process: Process, options: NcOptions, socket: UdpSocket): Promise<number> {
  if (options.keep) {
    await new Relay(process, udpChannel(socket), options).run();
    return 0;
  }
  if (socket.pending === 0) {
    await process.wait("a datagram", (done) => socket.onReadable = done);
    socket.onReadable = null;
    if (process.signal.aborted) return 1;
  }
  socket.receive(new Uint8Array(0), 0, 0, true);
  const [address, port] = [socket.senderAddress, socket.senderPort];
  const errno = socket.connect(address, port);
  if (errno < 0) throw fail(`connect: ${strerror(errno)}`);
  if (options.verbose) await report(process, options, "Connection received", address, port);
  await new Relay(process, udpChannel(socket), options).run();
  return 0;
}

// Unix sockets

async function unix(process: Process, options: NcOptions): Promise<number> {
  const path = options.host!;
  const full = process.files.resolve(path, process.cwd);
  const names = process.machine.unixNames(process.namespace);
  const socket = new UnixSocket("stream", names);
  socket.program = "nc";
  socket.pid = process.pid;
  if (!options.listen) {
    const errno = socket.connect(full);
    if (errno < 0) {
      process.stderr.write(`nc: ${path}: ${strerror(errno)}\n`);
      return 1;
    }
    try {
      if (!options.scan) await new Relay(process, unixChannel(socket), options).run();
    } finally {
      socket.close();
    }
    return 0;
  }
  const errno = socket.bind(full);
  if (errno < 0) throw fail(strerror(errno));
  socket.listen(5);
  if (options.verbose) process.stderr.write(`Listening on ${path}\n`);
  try {
    do {
      let accepted = socket.accept();
      while (accepted === null) {
        await process.wait("a connection", (done) => socket.onReadable = done);
        socket.onReadable = null;
        if (process.signal.aborted) return 1;
        accepted = socket.accept();
      }
      if (options.verbose) process.stderr.write(`Connection received on ${path}\n`);
      const channel = unixChannel(accepted);
      try {
        await new Relay(process, channel, options).run();
      } finally {
        channel.close();
      }
    } while (options.keep);
  } finally {
    socket.close();
  }
  return 0;
}
