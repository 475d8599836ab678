/** `ping` of iputils 20221126. */
import type { Interface } from "../../device/interface.ts";
import type { IpAddress } from "../../ip/host.ts";
import type { DatagramSocket } from "../../transport/datagram_socket.ts";
import type { SocketError } from "../../transport/socket.ts";
import { ORIGIN_ICMP, ORIGIN_ICMP6, ORIGIN_LOCAL } from "../../transport/datagram_socket.ts";
import { checksum } from "../../wire/checksum.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { ICMP_ECHO, ICMP_ECHO_REPLY, ICMP_REDIRECT, ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from "../../wire/icmp.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPV4_DESTINATION } from "../../wire/ipv4.ts";
import { equal6 } from "../../wire/ipv6.ts";
import { get16, get32, put16 } from "../../wire/octets.ts";
import { gaiError, lookUp, nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { icmp6Words, icmpWords } from "./icmp_words.ts";
import { failure, parsePattern, parsePingOptions, PingExit, type PingOptions, usage } from "./options.ts";
import { PingStatistics } from "./statistics.ts";
import { formatAddress, type Origin, originOf4, originOf6, type Target } from "./target.ts";
import { RawSocket } from "../../transport/raw.ts";

/** Milliseconds: the shortest wait, and what an interval is at least when something is waited for. */
const SHORTEST_WAIT = 10;
const HEADER = 8;
/** A `struct timeval` opens the data when there is room: from then on packets are timed. */
const TIMEVAL = 16;
/** Nanoseconds that sending takes in a flood that would otherwise go on within one instant for ever. */
const SYSTEM_CALL = 10_000;

export async function ping(process: Process): Promise<number> {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof PingExit)) throw error;
    (error.toOutput ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

async function run(process: Process): Promise<number> {
  const options = parsePingOptions(process.name, process.args);
  for (const remark of options.remarks) process.stderr.write(remark + "\n");
  const pattern = options.pattern === null ? null : parsePattern(options.pattern);
  if (pattern !== null && !options.quiet) {
    const digits = Array.from(pattern, (octet) => octet.toString(16).padStart(2, "0")).join("");
    process.stdout.write(`PATTERN: 0x${digits}\n`);
  }
  if (options.verbose) {
    const [four, six] = [options.family !== 6, options.family !== 4];
    const socket = (open: boolean, fd: number) => open ? `${fd} (socktype: SOCK_RAW)` : "-1 (socktype: 0)";
    const family = ["AF_UNSPEC", "", "", "", "AF_INET", "", "AF_INET6"][options.family];
    process.stderr.write(
      `ping: sock4.fd: ${socket(four, 3)}, sock6.fd: ${socket(six, four ? 4 : 3)}, hints.ai_family: ${family}\n\n`,
    );
  }
  if (options.tos < -1 && options.family !== 4) throw failure(2, "setsockopt: Invalid argument");
  const word = options.targets[options.targets.length - 1];
  const found = await lookUp(process, word);
  if (typeof found === "string") throw failure(2, `${word}: ${gaiError(found)}`);
  for (let i = 0; i < found.length; i++) {
    const answer = found[i];
    const isLast = i === found.length - 1;
    if (options.verbose) {
      const family = answer.version === 4 ? "AF_INET" : "AF_INET6";
      process.stdout.write(`ai->ai_family: ${family}, ai->ai_canonname: '${i === 0 ? answer.canonicalName : ""}'\n`);
    }
    if (options.family !== 0 && options.family !== answer.version) {
      if (isLast) throw failure(2, `${word}: ${gaiError("EAI_ADDRFAMILY")}`);
      continue;
    }
    if (answer.version === 6 && options.targets.length > 1) throw usage();
    if (answer.version === 4 && options.targets.length > 1) {
      if (options.targets.length > 10) throw usage();
      throw failure(2, `record route: ${strerror(Errno.EPERM)}`); // source routes are IP options
    }
    if (answer.numeric || word.includes(":")) options.numeric = true;
    const target: Target = {
      version: answer.version,
      // Over IPv4 it is the canonical name, which only the first address of a list has.
      name: answer.numeric || answer.version === 6 ? word : i === 0 ? answer.canonicalName : "",
      address: answer.address,
      scope: answer.scope,
    };
    const remark = (line: string) => process.stderr.write(line + "\n");
    const origin = answer.version === 4
      ? originOf4(process.namespace, options, target, isLast, remark)
      : originOf6(process.namespace, options, target, isLast, remark);
    if (origin !== null) return await new Pinger(process, options, target, origin, pattern).run();
  }
  return 2;
}

/** One run: the socket, what is sent, and what becomes of it. */
class Pinger {
  readonly #statistics = new PingStatistics();
  readonly #message: Uint8Array;
  readonly #buffer: Uint8Array;
  readonly #socket: RawSocket;
  readonly #timed: boolean;
  readonly #identifier: number;
  #interval: number;
  #rttAddend = 0;
  /** The send budget in milliseconds, and the moment (ns) of the last packet. */
  #tokens = 0;
  #sentAt = 0;
  #startedAt = 0;
  #exhausted = 0;
  /** When to give up (ns). */
  #endsAt = Infinity;
  #lingering = false;
  #wakeUp: (() => void) | null = null;
  #lastAddress: { text: string; address: IpAddress; scope: Interface | null } | null = null;

  constructor(
    readonly process: Process,
    readonly options: PingOptions,
    readonly target: Target,
    readonly origin: Origin,
    pattern: Uint8Array | null,
  ) {
    const size = options.size;
    this.#timed = size >= TIMEVAL;
    this.#interval = options.flood && !options.intervalGiven ? 0 : options.interval;
    if (this.#interval >= 2147483647 / options.preload) {
      throw failure(2, `illegal preload and/or interval: ${this.#interval}`);
    }
    this.#socket = this.#open();
    const world = process.namespace.world;
    this.#identifier = options.identifier ?? world.random.split(`ping ${process.pid}`).below(65536);
    // Larger than a datagram can be, it is refused all the same: no need to hold it.
    this.#message = new Uint8Array(HEADER + Math.min(size, 65536));
    this.#buffer = new Uint8Array(this.#message.length + 60);
    for (let i = HEADER; i < this.#message.length; i++) {
      this.#message[i] = pattern === null || pattern.length === 0 ? i - HEADER : pattern[(i - HEADER) % pattern.length];
    }
  }

  /** A raw ICMP socket, as root's ping has one, with the options of the command line. */
  #open(): RawSocket {
    const { options, target, origin } = this;
    const four = target.version === 4;
    const socket = new RawSocket(this.process.namespace.raw, target.version, four ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    socket.program = "ping";
    socket.pid = this.process.pid;
    if (four) socket.accept(ICMP_ECHO_REPLY, ICMP_REDIRECT);
    else socket.accept(ICMPV6_ECHO_REPLY);
    if (origin.device !== null) socket.device = origin.device;
    if (options.strictSource) {
      const errno = socket.bind(origin.source, 0);
      if (errno < 0) {
        socket.close();
        throw failure(2, `${four ? "bind" : "bind icmp socket"}: ${strerror(errno)}`);
      }
    }
    if (options.ttl !== null) {
      if (four && options.ttl === 0) {
        socket.close();
        throw failure(2, "cannot set unicast time-to-live: Invalid argument");
      }
      socket.ttl = socket.multicastTtl = options.ttl;
    }
    socket.broadcast = options.broadcast;
    socket.receiveErrors = true;
    socket.pmtuDiscover = options.pmtuDiscover ?? (origin.multicast ? "do" : four ? "want" : "want");
    socket.multicastLoop = !options.noLoop;
    socket.tos = options.tos & 255;
    if (options.mark !== null) socket.mark = options.mark;
    const wake = () => this.#wakeUp?.();
    socket.onReadable = wake;
    socket.onError = wake;
    return socket;
  }

  get #now(): number {
    return this.process.namespace.world.scheduler.now;
  }

  async run(): Promise<number> {
    try {
      await this.#announce();
      await this.#loop();
    } finally {
      this.#socket.close();
    }
    const { options } = this;
    const statistics = this.#statistics;
    const elapsed = statistics.transmitted > 0 ? this.#sentAt - this.#startedAt : 0;
    const gaps = this.#interval === 0 || options.flood || options.adaptive;
    this.process.stdout.write(statistics.summary(this.target.name, elapsed, this.#timed, gaps));
    return statistics.received === 0 || (options.deadline > 0 && statistics.received < options.count) ? 1 : 0;
  }

  /** The first line. */
  async #announce(): Promise<void> {
    const { options, target, origin } = this;
    const from = options.device !== null || options.strictSource
      ? `from ${formatAddress(origin.source)} ${options.device ?? ""}: `
      : "";
    const line = target.version === 4
      ? `PING ${target.name} (${formatAddress(target.address)}) ${from}${options.size}(${
        options.size + 28
      }) bytes of data.`
      : `PING ${target.name}(${await this.#address(target.address, target.scope)}) ` +
        (options.flowLabel !== null && options.flowLabel !== 0
          ? `, flow 0x${options.flowLabel.toString(16).padStart(5, "0")}, `
          : "") +
        `${from}${options.size} data bytes`;
    this.process.stdout.write(line + "\n");
  }

  async #loop(): Promise<void> {
    const { options } = this;
    const statistics = this.#statistics;
    const { count, deadline } = options;
    this.#startedAt = this.#sentAt = this.#now;
    if (deadline > 0) this.#endsAt = this.#startedAt + deadline * 1e9;
    for (;;) {
      if (this.process.signal.aborted || this.#now >= this.#endsAt) return;
      if (count > 0 && statistics.received + statistics.errors >= count) return;
      if (deadline > 0 && statistics.errors > 0) return;
      let next: number;
      do next = this.#lingerIfDone(await this.#send()); while (next <= 0);
      if (next <= SHORTEST_WAIT && statistics.inFlight > 0) next = SHORTEST_WAIT;
      await this.#wait(next);
      await this.#drain();
    }
  }

  /** Once all are sent, the end is set: two round trips, an interval at least, or `-W` while nothing came back. */
  #lingerIfDone(next: number): number {
    const { count, deadline, linger } = this.options;
    if (count === 0 || this.#statistics.transmitted < count || deadline > 0 || this.#lingering) return next;
    this.#lingering = true;
    const us = this.#statistics.received > 0
      ? Math.max(2 * this.#statistics.most, 1000 * this.#interval)
      : linger * 1000;
    if (us > 0) this.#endsAt = this.#now + us * 1000;
    return Math.max(next, us / 1000);
  }

  /** Milliseconds to wait at most for something to read. */
  async #wait(ms: number): Promise<void> {
    const socket = this.#socket;
    if (socket.pending > 0 || socket.error !== 0) return;
    const limit = Math.min(ms, (this.#endsAt - this.#now) / 1e6);
    await this.process.wait("an echo reply", (done) => this.#wakeUp = done, limit);
    this.#wakeUp = null;
  }

  /** Sends what is due (`pinger`). Milliseconds until the next is; 0 or less: at once. */
  async #send(): Promise<number> {
    const { options } = this;
    const statistics = this.#statistics;
    if (this.process.signal.aborted) return 1000;
    if (options.count > 0 && statistics.transmitted >= options.count && options.deadline === 0) return 1000;
    if (statistics.transmitted === 0 && this.#exhausted === 0) {
      this.#tokens = this.#interval * (options.preload - 1);
      this.#sentAt = this.#now;
    } else {
      let tokens = Math.trunc((this.#now - this.#sentAt) / 1e6);
      if (this.#interval === 0 && tokens < SHORTEST_WAIT && statistics.inFlight >= options.preload) {
        return SHORTEST_WAIT - tokens;
      }
      tokens = Math.min(tokens + this.#tokens, this.#interval * options.preload);
      if (tokens < this.#interval) return this.#interval - tokens;
      if (this.#interval <= 0 && this.#now === this.#sentAt) await this.process.sleep(SYSTEM_CALL / 1e6);
      this.#sentAt = this.#now;
      this.#tokens = tokens - this.#interval;
    }
    if (options.outstanding && statistics.transmitted > 0 && !statistics.seen(statistics.transmitted)) {
      this.#print(`${this.#timestamp()}no answer yet for icmp_seq=${statistics.transmitted % 65536}\n`);
    }
    const errno = this.#transmit();
    if (errno >= 0) {
      this.#exhausted = 0;
      statistics.sent();
      if (!options.quiet && options.flood) this.#print(".");
      return this.#interval - this.#tokens;
    }
    if (errno === -Errno.ENOBUFS || errno === -Errno.ENOMEM) {
      const pause = this.#slowDown();
      if (pause > 0) return pause;
      this.#complain(errno);
    } else if (errno === -Errno.EAGAIN) {
      this.#tokens += this.#interval;
      return SHORTEST_WAIT;
    } else {
      this.#socket.takeError();
      const error = this.#socket.nextError();
      // An ICMP error of an earlier packet: this one is still told of as a failure of its own.
      if (error !== null && await this.#error(error)) this.#complain(errno);
    }
    statistics.sent();
    this.#tokens = 0;
    return Math.max(this.#interval, SHORTEST_WAIT);
  }

  #complain(errno: number): void {
    if (this.options.quiet) return;
    if (this.options.flood) this.#print("E");
    else this.process.stderr.write(`ping: sendmsg: ${strerror(errno)}\n`);
  }

  /** A full device queue: milliseconds until the next try, or 0 when it has been tried long enough. */
  #slowDown(): number {
    const { rtt } = this.#statistics;
    this.#tokens = 0;
    this.#rttAddend += rtt < 8 * 50000 ? Math.trunc(rtt / 8) : 50000;
    if (this.options.adaptive) this.#adapt();
    const half = Math.trunc(this.#interval / 2);
    const pause = Math.min(Math.max(half, SHORTEST_WAIT), 500);
    this.#exhausted++;
    return this.#exhausted * pause < this.options.linger ? pause : 0;
  }

  /** `-A`: the interval follows the round trip time. */
  #adapt(): void {
    const { rtt, received } = this.#statistics;
    // Here a round trip may take no time at all: 0 is a measurement.
    const estimate = rtt !== 0 || received > 0 ? Math.trunc(rtt / 8) : this.#interval * 1000;
    this.#interval = Math.trunc((estimate + this.#rttAddend + 500) / 1000);
  }

  #transmit(): number {
    const { target, options } = this;
    const message = this.#message;
    const sequence = this.#statistics.transmitted + 1;
    this.#statistics.forget(sequence);
    message[0] = target.version === 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
    message[1] = message[2] = message[3] = 0;
    put16(message, 4, this.#identifier);
    put16(message, 6, sequence & 0xffff);
    if (this.#timed) this.#stamp(message);
    if (target.version === 4) put16(message, 2, checksum(message, 0, message.length));
    if (options.size > 65535) return -Errno.EMSGSIZE;
    return this.#socket.send(message, target.address, 0, message.length, target.scope);
  }

  /** A `struct timeval` of the time of day, little-endian as on amd64. */
  #stamp(message: Uint8Array): void {
    const [seconds, us] = this.#timeOfDay();
    const view = new DataView(message.buffer, message.byteOffset + HEADER, TIMEVAL);
    view.setBigInt64(0, BigInt(seconds), true);
    view.setBigInt64(8, BigInt(us), true);
  }

  #timeOfDay(): [seconds: number, us: number] {
    const us = Math.floor(this.#now / 1000);
    return [Math.floor(us / 1e6), us % 1e6];
  }

  #timestamp(): string {
    if (!this.options.timestamps) return "";
    const [seconds, us] = this.#timeOfDay();
    return `[${seconds}.${String(us).padStart(6, "0")}] `;
  }

  /** Reads what there is, until nothing more is on its way or waits. */
  async #drain(): Promise<void> {
    const socket: DatagramSocket = this.#socket;
    for (;;) {
      const count = socket.receive(this.#buffer);
      if (count === -Errno.EAGAIN) return;
      if (count < 0) {
        const error = socket.nextError();
        if (error === null) {
          this.process.stderr.write(`ping: recvmsg: ${strerror(count)}\n`);
          return;
        }
        await this.#error(error);
      } else await this.#received(count);
      if (this.#statistics.inFlight === 0) return;
    }
  }

  async #received(length: number): Promise<void> {
    const bytes = this.#buffer;
    const socket = this.#socket;
    let at = 0;
    if (this.target.version === 4) {
      at = (bytes[0] & 15) * 4; // a raw IPv4 socket gets the header too
      if (length < at + HEADER) return;
    } else if (length < HEADER) return;
    const type = bytes[at];
    if (type === (this.target.version === 4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY)) {
      if (get16(bytes, at + 4) === this.#identifier) await this.#answered(at, length - at, socket.receivedTtl);
    } else if (this.target.version === 4 && type === ICMP_REDIRECT) await this.#redirected(at, length - at);
  }

  async #answered(at: number, length: number, ttl: number): Promise<void> {
    const { options, target } = this;
    const statistics = this.#statistics;
    const bytes = this.#buffer;
    const sequence = get16(bytes, at + 6);
    let us = 0;
    if (this.#timed && length >= HEADER + TIMEVAL) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at + HEADER, TIMEVAL);
      us = Math.max(
        0,
        Math.floor(this.#now / 1000) - Number(view.getBigInt64(0, true)) * 1e6 - Number(view.getBigInt64(8, true)),
      );
      statistics.roundTrip(us);
    }
    const duplicate = statistics.answer(sequence);
    if (options.adaptive) this.#adapt();
    if (options.quiet) return;
    if (options.flood) {
      this.#print("\b \b");
      if (options.audible) this.#print("\x07");
      return;
    }
    const from = this.#socket.senderAddress;
    const scope = this.#socket.receivedDevice;
    let text = `${this.#timestamp()}${length} bytes from ${await this.#address(from, scope)}: icmp_seq=${sequence}`;
    if (options.verbose) text += ` ident=${this.#identifier}`;
    text += ` ttl=${ttl}`;
    if (length < options.size + HEADER) {
      this.#print(text + " (truncated)\n");
      return;
    }
    if (this.#timed) text += ` time=${roundTripText(us)} ms`;
    if (duplicate && (!this.origin.multicast || options.verbose)) text += " (DUP!)";
    if (!this.origin.multicast && !isAnycast(target.address) && !sameAddress(from, target.address)) {
      text += " (DIFFERENT ADDRESS!)";
    }
    text += this.#wrongData(at + HEADER);
    if (options.audible) text += "\x07";
    this.#print(text + "\n");
  }

  /** The data came back changed: where first, and all of it. */
  #wrongData(at: number): string {
    const bytes = this.#buffer;
    for (let i = TIMEVAL; i < this.options.size; i++) {
      if (bytes[at + i] === this.#message[HEADER + i]) continue;
      const [was, is] = [this.#message[HEADER + i].toString(16), bytes[at + i].toString(16)];
      let text = `\nwrong data byte #${i} should be 0x${was} but was 0x${is}`;
      for (let j = TIMEVAL; j < this.options.size; j++) {
        if (j % 32 === TIMEVAL) text += `\n#${j}\t`;
        text += bytes[at + j].toString(16) + " ";
      }
      return text;
    }
    return "";
  }

  async #redirected(at: number, length: number): Promise<void> {
    const bytes = this.#buffer;
    const quoted = at + HEADER;
    const echo = quoted + (bytes[quoted] & 15) * 4;
    if (length < HEADER + 20 + 8 || echo + 8 > at + length) return;
    if (bytes[echo] !== ICMP_ECHO || get16(bytes, echo + 4) !== this.#identifier) return;
    if (get32(bytes, quoted + IPV4_DESTINATION) !== this.target.address) return;
    if (this.options.quiet || this.options.flood) return;
    const from = await this.#address(this.#socket.senderAddress, null);
    const words = icmpWords(bytes[at], bytes[at + 1], get32(bytes, at + 4));
    this.#print(`${this.#timestamp()}From ${from}: icmp_seq=${get16(bytes, echo + 6)} ${words}\n`);
  }

  /** Reports an error; true when it came over the net for one of this ping's packets. */
  async #error(error: SocketError): Promise<boolean> {
    const { options, target } = this;
    const statistics = this.#statistics;
    if (error.origin === ORIGIN_LOCAL) {
      if (options.quiet) return false;
      statistics.errors++;
      if (options.flood) this.#print("E");
      else if (error.errno !== Errno.EMSGSIZE) {
        this.process.stderr.write(`ping: local error: ${strerror(error.errno)}\n`);
      } else {
        const mtu = target.version === 4 ? `mtu=${error.info}` : `mtu: ${error.info}`;
        this.process.stderr.write(`ping: local error: message too long, ${mtu}\n`);
      }
      return false;
    }
    if (error.origin !== ORIGIN_ICMP && error.origin !== ORIGIN_ICMP6) return false;
    const quoted = error.payload;
    const echo = target.version === 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
    if (quoted.length < HEADER || quoted[0] !== echo || get16(quoted, 4) !== this.#identifier) return false;
    if (!sameAddress(error.destination, target.address)) return false;
    const sequence = get16(quoted, 6);
    if (target.version === 4) statistics.acknowledge(sequence);
    statistics.errors++;
    if (options.quiet) return true;
    if (options.flood) {
      this.#print("\bE");
      return true;
    }
    const stamp = this.#timestamp();
    const from = error.offender === null
      ? ""
      : await this.#address(error.offender, error.device ?? this.origin.device ?? target.scope);
    const words = target.version === 4 ? icmpWords : icmp6Words;
    this.#print(`${stamp}From ${from} icmp_seq=${sequence} ${words(error.type, error.code, error.info)}\n`);
    return true;
  }

  /** `name (address)`, or the address alone. */
  async #address(address: IpAddress, scope: Interface | null): Promise<string> {
    const last = this.#lastAddress;
    if (last !== null && last.scope === scope && sameAddress(last.address, address)) return last.text;
    const text = formatAddress(address, scope);
    const name = this.options.numeric ? null : await nameOf(this.process, address);
    const full = name === null ? text : `${name} (${text})`;
    this.#lastAddress = { text: full, address, scope };
    return full;
  }

  #print(text: string): void {
    this.process.stdout.write(text);
  }
}

function sameAddress(a: IpAddress, b: IpAddress): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return equal6(a, b);
}

/** The subnet-router anycast address of a /64: whoever answers, answers for it. */
function isAnycast(address: IpAddress): boolean {
  return typeof address !== "number" && address.subarray(8).every((octet) => octet === 0);
}

/** A round trip with as many digits as ping gives it. */
function roundTripText(us: number): string {
  if (us >= 100000 - 50) return String(Math.floor((us + 500) / 1000));
  if (us >= 10000 - 5) return (Math.floor((us + 50) / 100) / 10).toFixed(1);
  if (us >= 1000) return (Math.floor((us + 5) / 10) / 100).toFixed(2);
  return (us / 1000).toFixed(3);
}
