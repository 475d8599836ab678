/** `socat` between two of: standard streams, files, programs, and TCP, UDP and Unix sockets. */
import { TcpSocket } from "../../transport/tcp/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { UnixSocket } from "../../transport/unix.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { gaiError, lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { readServices } from "../services.ts";
import { type Channel, tcpChannel, udpChannel, unixChannel } from "./channel.ts";
import { channelEnd, type End, FileError, openFile, programEnd, standardEnd } from "./end.ts";

/** Seconds that socat goes on after one side has ended, without -t. */
const LINGER = 0.5;
const ANY6 = new Uint8Array(16);

class SocatError extends Error {}

export async function socat(process: Process): Promise<number> {
  try {
    const options = parseOptions(process.args);
    const [first, second] = options.addresses;
    const direction = options.reverse ? "left" : options.unidirectional ? "right" : "both";
    const listener = await listenToMany(process, first);
    if (listener !== null) return await serveMany(process, listener, second, options.linger, direction);
    const left = await openEnd(process, first, direction !== "left", direction !== "right");
    try {
      const right = await openEnd(process, second, direction !== "right", direction !== "left");
      try {
        await transfer(process, left, right, options.linger, direction);
      } finally {
        right.close();
      }
    } finally {
      left.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SocatError)) throw error;
    complain(process, error.message);
    return 1;
  }
}

/** A line of socat's log, with the time of the world. */
function complain(process: Process, words: string): void {
  const time = new Date(process.machine.world.wallClock()).toISOString().slice(0, 19).replace(/-/g, "/").replace(
    "T",
    " ",
  );
  process.stderr.write(`${time} socat[${process.pid}] E ${words}\n`);
}

interface SocatOptions {
  readonly addresses: readonly string[];
  readonly unidirectional: boolean;
  readonly reverse: boolean;
  /** Seconds. */
  readonly linger: number;
}

function parseOptions(words: readonly string[]): SocatOptions {
  const addresses: string[] = [];
  let unidirectional = false, reverse = false, linger = LINGER;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (addresses.length > 0 || word === "-" || !word.startsWith("-")) {
      addresses.push(word);
      continue;
    }
    if (word === "-u") unidirectional = true;
    else if (word === "-U") reverse = true;
    else if (/^-[tTb]/.test(word)) {
      const value = word.length > 2 ? word.slice(2) : words[++i] ?? "";
      if (word[1] === "t") linger = Number(value) || 0;
    } else if (/^-l[fpshu]/.test(word)) i += word === "-lf" || word === "-lp" ? 1 : 0;
    else if (!/^-(d+\d?|[vxsg46]|D|ly.*|lm.*|L.*|W.*)$/.test(word)) {
      throw new SocatError(`unknown option "${word}"; use option "-h" for help`);
    }
  }
  if (addresses.length !== 2) {
    throw new SocatError(`exactly 2 addresses required (there are ${addresses.length}); use option "-h" for help`);
  }
  return { addresses, unidirectional, reverse, linger };
}

/** Copies between two ends until one has ended and the other has been quiet for `linger` seconds. */
async function transfer(
  process: Process,
  left: End,
  right: End,
  linger: number,
  direction: "left" | "right" | "both",
): Promise<void> {
  let ended: (() => void) | null = null;
  let over = 0;
  const copy = async (from: End, to: End): Promise<void> => {
    try {
      for (let data = await from.read(); data !== null; data = await from.read()) {
        if (!await to.write(data)) break;
      }
      to.finish();
    } finally {
      over++;
      ended?.();
    }
  };
  let ways = 0;
  const start = (from: End, to: End): void => {
    ways++;
    copy(from, to).catch(() => {}); // a signal ended the program: who waits below is told
  };
  if (direction !== "left") start(left, right);
  if (direction !== "right") start(right, left);
  await process.wait("the end of socat's data", (done) => {
    ended = done;
    if (over > 0) done();
  });
  if (over < ways && !process.signal.aborted) {
    await process.wait("the rest of socat's data", (done) => {
      ended = done;
      if (over === ways) done();
    }, linger * 1000);
  }
  await left.done();
  await right.done();
}

/** The listening socket of an address with `fork`; null for any other. */
function listenToMany(process: Process, address: string): Promise<TcpSocket | null> {
  const match = /^TCP([46]?)-(?:LISTEN|L):([^,]+)((?:,[^,]*)*)$/i.exec(address);
  if (match === null || !/,fork\b/i.test(match[3])) return Promise.resolve(null);
  const family = match[1] === "6" ? 6 : 4;
  const port = /^\d+$/.test(match[2]) ? Number(match[2]) : readServices(process.files).port(match[2], "tcp") ?? 0;
  const socket = new TcpSocket(process.namespace.tcp, family);
  socket.program = "socat";
  socket.pid = process.pid;
  socket.reuseAddress = /,(reuseaddr|so-reuseaddr)/i.test(match[3]);
  let errno = socket.bind(family === 4 ? 0 : ANY6, port);
  if (errno === 0) errno = socket.listen(5);
  if (errno === 0) return Promise.resolve(socket);
  socket.close();
  throw new SocatError(`bind(5, {AF=2 0.0.0.0:${port}}, 16): ${strerror(errno)}`);
}

/** Each connection has the second address to itself, until the program is told to end. */
async function serveMany(
  process: Process,
  listener: TcpSocket,
  second: string,
  linger: number,
  direction: "left" | "right" | "both",
): Promise<number> {
  const session = async (socket: TcpSocket): Promise<void> => {
    const left = channelEnd(process, tcpChannel(socket));
    try {
      const right = await openEnd(process, second, direction !== "right", direction !== "left");
      try {
        await transfer(process, left, right, linger, direction);
      } finally {
        right.close();
      }
    } catch (error) {
      if (!(error instanceof SocatError)) return; // a signal ended the program
      complain(process, error.message);
    } finally {
      left.close();
    }
  };
  try {
    for (;;) {
      const socket = listener.accept();
      if (socket !== null) {
        socket.program = "socat";
        socket.pid = process.pid;
        void session(socket);
        continue;
      }
      await process.wait("a connection", (done) => listener.onReadable = done);
      listener.onReadable = null;
      if (process.signal.aborted) return 128;
    }
  } finally {
    listener.close();
  }
}

/** Opens any address: what is read from it, what is written to it. */
async function openEnd(process: Process, address: string, reads: boolean, writes: boolean): Promise<End> {
  const [place, ...options] = address.split(",");
  const colon = place.indexOf(":");
  const keyword = (colon < 0 ? place : place.slice(0, colon)).toUpperCase();
  const rest = colon < 0 ? "" : place.slice(colon + 1);
  switch (keyword) {
    case "-":
    case "STDIO":
    case "STDIN":
    case "STDOUT":
    case "STDERR":
      return standardEnd(process, keyword === "STDERR");
    case "EXEC":
    case "SYSTEM":
    case "SHELL":
      return programEnd(
        process,
        keyword === "EXEC" ? rest.split(/ +/) : ["bash", "-c", address.slice(colon + 1)],
        reads,
        writes,
      );
    case "OPEN":
    case "FILE":
    case "GOPEN":
    case "CREATE":
    case "CREAT": {
      const create = keyword.startsWith("CREA") || keyword === "GOPEN" ||
        options.some((one) => /^(o-)?creat(=1)?$/i.test(one));
      const append = options.some((one) => /^(o-)?append(=1)?$/i.test(one));
      return fileEnd(process, rest, reads, writes, { create, append, truncate: keyword.startsWith("CREA") });
    }
    default: {
      if (colon < 0 && place.includes("/")) {
        return fileEnd(process, place, reads, writes, { create: writes, append: true, truncate: false });
      }
      const channel = await open(process, address);
      if (channel === null) throw new SocatError("accept(): interrupted");
      return channelEnd(process, channel);
    }
  }
}

async function open(process: Process, address: string): Promise<Channel | null> {
  const [place, ...options] = address.split(",");
  const [keyword, ...rest] = place.split(":");
  const match = /^(TCP|UDP|UNIX)([46]?)(?:-(LISTEN|L|CONNECT|SENDTO|RECVFROM|RECV))?$/i.exec(keyword);
  if (match === null) throw new SocatError(`unknown device/address "${keyword}"`);
  const [, protocol, familyText, verb] = match.map((word) => word?.toUpperCase());
  const family = familyText === "6" ? 6 : 4;
  if (protocol === "UNIX") {
    return verb === "LISTEN" || verb === "L"
      ? await listenUnix(process, rest.join(":"))
      : connectUnix(process, rest.join(":"));
  }
  const wanted = verb === "LISTEN" || verb === "L" || verb === "RECVFROM" || verb === "RECV" ? 1 : 2;
  if (rest.length < wanted) {
    throw new SocatError(`${keyword}: wrong number of parameters (${rest.length} instead of ${wanted})`);
  }
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
  if (errno < 0) throw new SocatError(`connect(, AF=1 "${path}", ${path.length + 2}): ${strerror(errno)}`);
  return unixChannel(socket);
}

async function listenUnix(process: Process, path: string): Promise<Channel> {
  const socket = new UnixSocket("stream", process.machine.unixNames(process.namespace));
  socket.program = "socat";
  const errno = socket.bind(process.files.resolve(path, process.cwd));
  if (errno < 0) throw new SocatError(`bind(5, {AF=1 "${path}"}, ${path.length + 2}): ${strerror(errno)}`);
  socket.listen(5);
  try {
    for (;;) {
      const accepted = socket.accept();
      if (accepted !== null) return unixChannel(accepted);
      await process.wait("a connection", (done) => socket.onReadable = done);
      socket.onReadable = null;
    }
  } finally {
    socket.close();
  }
}

function fileEnd(
  process: Process,
  path: string,
  reads: boolean,
  writes: boolean,
  how: { create: boolean; append: boolean; truncate: boolean },
): End {
  try {
    return openFile(process, path, reads && !how.truncate, writes, how);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new SocatError(error.message);
  }
}
