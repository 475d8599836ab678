/** `socat` between standard input and output and one socket: TCP4, TCP6, UDP4, UDP6, their LISTEN forms, and UNIX-CONNECT. */
import { TcpSocket } from "../../transport/tcp/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { UnixSocket } from "../../transport/unix.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { gaiError, lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { readServices } from "../services.ts";
import { type Channel, tcpChannel, udpChannel, unixChannel } from "./channel.ts";
import { parseNcOptions } from "./options.ts";
import { Relay } from "./relay.ts";

/** Seconds that socat goes on after one side has ended. */
const LINGER = 0.5;
const ANY6 = new Uint8Array(16);

class SocatError extends Error {}

export async function socat(process: Process): Promise<number> {
  try {
    const words = process.args.filter((word) => word === "-" || !word.startsWith("-"));
    if (words.length !== 2) {
      throw new SocatError(`exactly 2 addresses required (there are ${words.length}); use option "-h" for help`);
    }
    const isStandard = (word: string): boolean => word === "-" || /^STDIO$/i.test(word);
    const address = words.find((word) => !isStandard(word));
    if (address === undefined || !words.some(isStandard)) {
      throw new SocatError("one of the two addresses must be standard input and output here");
    }
    const channel = await open(process, address);
    if (channel === null) return 1;
    try {
      // It ends when the net has: as nc does when it listens.
      const options = { ...parseNcOptions(["-l", "-N", "1"]), quit: LINGER };
      await new Relay(process, channel, options).run();
    } finally {
      channel.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SocatError)) throw error;
    process.stderr.write(`socat[${process.pid}] E ${error.message}\n`);
    return 1;
  }
}

async function open(process: Process, address: string): Promise<Channel | null> {
  const [place, ...options] = address.split(",");
  const [keyword, ...rest] = place.split(":");
  const match = /^(TCP|UDP|UNIX)([46]?)(?:-(LISTEN|L|CONNECT|SENDTO|RECVFROM|RECV))?$/i.exec(keyword);
  if (match === null) throw new SocatError(`unknown device/address "${keyword}"`);
  const [, protocol, familyText, verb] = match.map((word) => word?.toUpperCase());
  const family = familyText === "6" ? 6 : 4;
  if (protocol === "UNIX") return connectUnix(process, rest.join(":"));
  const kind = protocol === "UDP" ? "udp" : "tcp";
  const listens = verb === "LISTEN" || verb === "L" || verb === "RECVFROM" || verb === "RECV";
  const portText = rest[rest.length - 1] ?? "";
  const port = /^\d+$/.test(portText) ? Number(portText) : readServices(process.files).port(portText, kind);
  if (port === null) throw new SocatError(`getaddrinfo: "${portText}": ${gaiError("EAI_SERVICE")}`);
  const socket = kind === "udp"
    ? new UdpSocket(process.namespace.udp, family)
    : new TcpSocket(process.namespace.tcp, family);
  socket.program = "socat";
  socket.pid = process.pid;
  socket.reuseAddress = options.some((option) => /^reuseaddr/i.test(option));
  if (listens) return await listen(process, socket, port);
  const host = rest.slice(0, -1).join(":").replace(/^\[|\]$/g, "");
  const found = await lookUp(process, host, family);
  if (typeof found === "string") {
    throw new SocatError(`getaddrinfo("${host}", "NULL", {1,${family === 4 ? 2 : 10},0,0}, {}): ${gaiError(found)}`);
  }
  let errno = socket.connect(found[0].address, port);
  if (errno === -Errno.EINPROGRESS && socket instanceof TcpSocket) {
    await process.wait("a connection", (done) => {
      socket.onWritable = socket.onError = done;
      if (socket.connected || socket.error !== 0) done();
    });
    errno = -socket.takeError();
  }
  if (errno < 0) {
    socket.close();
    throw new SocatError(
      `connect(5, AF=${family === 4 ? 2 : 10} ${host}:${port}, ${family === 4 ? 16 : 28}): ${strerror(errno)}`,
    );
  }
  return socket instanceof TcpSocket ? tcpChannel(socket) : udpChannel(socket);
}

async function listen(process: Process, socket: TcpSocket | UdpSocket, port: number): Promise<Channel | null> {
  let errno = socket.bind(socket.family === 4 ? 0 : ANY6, port);
  if (errno === 0 && socket instanceof TcpSocket) errno = socket.listen(5);
  if (errno < 0) {
    socket.close();
    throw new SocatError(`bind(5, {AF=2 0.0.0.0:${port}}, 16): ${strerror(errno)}`);
  }
  try {
    await process.wait("a peer", (done) => {
      socket.onReadable = done;
      if (socket instanceof TcpSocket ? socket.isReadable : socket.pending > 0) done();
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  if (socket instanceof TcpSocket) {
    const accepted = socket.accept();
    socket.close();
    if (accepted === null) return null;
    accepted.program = "socat";
    accepted.pid = process.pid;
    return tcpChannel(accepted);
  }
  socket.receive(new Uint8Array(0), 0, 0, true);
  socket.connect(socket.senderAddress, socket.senderPort);
  return udpChannel(socket);
}

function connectUnix(process: Process, path: string): Channel {
  const socket = new UnixSocket("stream", process.machine.unixNames(process.namespace));
  const errno = socket.connect(process.files.resolve(path, process.cwd));
  if (errno < 0) throw new SocatError(`connect(5, AF=1 "${path}", ${path.length + 2}): ${strerror(errno)}`);
  return unixChannel(socket);
}
