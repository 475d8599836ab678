/** `traceroute` 2.1.2: by UDP to rising ports, by ICMP echoes, or by TCP segments. */
import type { Interface } from "../../device/interface.ts";
import type { IpAddress } from "../../ip/host.ts";
import { ORIGIN_LOCAL } from "../../transport/datagram_socket.ts";
import { RawSocket } from "../../transport/raw.ts";
import type { SocketError } from "../../transport/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { checksum } from "../../wire/checksum.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { ICMP_ECHO, ICMP_ECHO_REPLY, ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from "../../wire/icmp.ts";
import { formatIpv4, IPPROTO_ICMP, IPPROTO_ICMPV6 } from "../../wire/ipv4.ts";
import { equal6, formatIpv6 } from "../../wire/ipv6.ts";
import { get16, put16 } from "../../wire/octets.ts";
import { gaiError, lookUp, nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { TcpProbes } from "./tcp.ts";
import { parseTracerouteOptions, TracerouteExit, type TracerouteOptions } from "./options.ts";

const BASE_PORT = 33434;
/** Seconds that are added to the time an answer took before it is multiplied. */
const PRECISION = 0.001;

interface Probe {
  readonly index: number;
  readonly ttl: number;
  /** Virtual ns; -1 while not sent or not answered. */
  sentAt: number;
  answeredAt: number;
  from: IpAddress | null;
  mark: string;
  /** What is shown between the address and the time. */
  extra: string;
  done: boolean;
  final: boolean;
  /** The destination port or the sequence number by which an answer finds it. */
  key: number;
  socket: UdpSocket | null;
}

export async function traceroute(process: Process): Promise<number> {
  try {
    const options = parseTracerouteOptions(process.args);
    if (process.name.endsWith("6")) options.family ??= 6;
    const found = await lookUp(process, options.host, options.family);
    if (typeof found === "string") {
      const position = process.args.indexOf(options.host) + 1;
      throw new TracerouteExit(
        2,
        `${options.host}: ${
          gaiError(found)
        }\nCannot handle "host" cmdline arg \`${options.host}' on position 1 (argc ${position})\n`,
      );
    }
    // Of a name's addresses the first IPv4 one is taken, unless -6 says otherwise.
    const target = found.find((it) => it.version === (options.family ?? 4)) ?? found[0];
    const trace = new Traceroute(process, options, target.version, target.address, target.scope);
    try {
      return await trace.run();
    } finally {
      trace.close();
    }
  } catch (error) {
    if (!(error instanceof TracerouteExit)) throw error;
    (error.toOutput ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

function format(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

function same(a: IpAddress, b: IpAddress): boolean {
  return typeof a === "number" || typeof b === "number" ? a === b : equal6(a, b);
}

class Traceroute {
  readonly #probes: Probe[] = [];
  #data: Uint8Array;
  #size: number;
  readonly #buffer = new Uint8Array(2048);
  #icmp: RawSocket | null = null;
  #tcp: TcpProbes | null = null;
  #identifier = 0;
  #device: Interface | null = null;
  #source: IpAddress | null = null;
  #wake: (() => void) | null = null;
  #printed = 0;

  constructor(
    readonly process: Process,
    readonly options: TracerouteOptions,
    readonly version: 4 | 6,
    readonly address: IpAddress,
    readonly scope: Interface | null,
  ) {
    const headers = (version === 4 ? 20 : 40) + 8;
    this.#size = Math.max(options.length ?? headers - 8 + 40, headers);
    this.#data = new Uint8Array(this.#size - headers);
    for (let i = 0; i < this.#data.length; i++) this.#data[i] = 0x40 + (i & 0x3f);
    const count = options.hops * options.queries;
    for (let index = 0; index < count; index++) {
      this.#probes.push({
        index,
        ttl: Math.floor(index / options.queries) + 1,
        sentAt: -1,
        answeredAt: -1,
        from: null,
        mark: "",
        extra: "",
        done: false,
        final: false,
        key: 0,
        socket: null,
      });
    }
  }

  close(): void {
    this.#icmp?.close();
    this.#tcp?.close();
    for (const probe of this.#probes) probe.socket?.close();
  }

  get #now(): number {
    return this.process.namespace.world.scheduler.now;
  }

  async run(): Promise<number> {
    const { options, process } = this;
    await this.#prepare();
    process.stdout.write(
      `traceroute to ${options.host} (${format(this.address)}), ${options.hops} hops max, ${this.#size} byte packets\n`,
    );
    const begin = (options.first - 1) * options.queries;
    this.#printed = begin;
    let next = begin;
    let end = this.#probes.length;
    let sendAt = this.#now;
    while (!process.signal.aborted) {
      this.#expire(begin, next);
      end = Math.min(end, this.#finalEnd(begin, next));
      await this.#print(end);
      if (this.#printed >= end) break;
      let outstanding = 0;
      for (let i = begin; i < next; i++) if (!this.#probes[i].done) outstanding++;
      if (next < end && outstanding < options.simultaneous && this.#now >= sendAt) {
        this.#send(this.#probes[next++]);
        sendAt = this.#now + options.sendWait * 1e6;
        continue;
      }
      const limit = Math.min(
        this.#earliest(begin, next),
        next < end && outstanding < options.simultaneous ? sendAt : Infinity,
      );
      await process.wait("answers", (done) => this.#wake = done, Math.max(0, (limit - this.#now) / 1e6));
      this.#wake = null;
    }
    process.stdout.write("\n");
    return 0;
  }

  async #prepare(): Promise<void> {
    const { options, process, version } = this;
    const { namespace } = process;
    if (options.device !== null) {
      this.#device = namespace.interfaces.byName(options.device) ?? null;
      if (this.#device === null) throw new TracerouteExit(1, `setsockopt SO_BINDTODEVICE: ${strerror(Errno.ENODEV)}\n`);
    }
    if (options.source !== null) {
      const found = await lookUp(process, options.source, version);
      if (typeof found === "string") throw new TracerouteExit(2, `${options.source}: ${gaiError(found)}\n`);
      this.#source = found[0].address;
      const source = this.#source;
      const local = typeof source === "number" ? namespace.ipv4.isLocal(source) : namespace.ipv6.isLocal(source);
      if (!local) throw new TracerouteExit(1, `bind: ${strerror(Errno.EADDRNOTAVAIL)}\n`);
    }
    if (options.method === "icmp") this.#openIcmp();
    if (options.method === "tcp") this.#openTcp();
  }

  #openIcmp(): void {
    const four = this.version === 4;
    const socket = new RawSocket(this.process.namespace.raw, this.version, four ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    this.#icmp = socket;
    socket.accept(four ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY);
    this.#adjust(socket);
    if (this.#source !== null) socket.bind(this.#source);
    this.#identifier = this.process.pid & 0xffff;
    socket.onReadable = () => {
      this.#readReplies();
      this.#wake?.();
    };
    socket.onError = () => {
      this.#readIcmpErrors();
      this.#wake?.();
    };
    const errno = socket.connect(this.address);
    if (errno < 0) throw new TracerouteExit(1, `connect: ${strerror(errno)}\n`);
  }

  #adjust(socket: RawSocket | UdpSocket): void {
    socket.program = "traceroute";
    socket.pid = this.process.pid;
    socket.receiveErrors = true;
    socket.pmtuDiscover = this.options.dontFragment ? "probe" : "dont";
    socket.tos = this.options.tos & 255;
    socket.mark = this.options.mark;
    socket.device = this.#device ?? this.scope;
  }

  #send(probe: Probe): void {
    probe.sentAt = this.#now;
    const { method } = this.options;
    const errno = method === "icmp"
      ? this.#sendEcho(probe)
      : method === "tcp"
      ? this.#sendTcp(probe)
      : this.#sendUdp(probe);
    if (errno >= 0) return;
    probe.done = true;
    if (errno === -Errno.EMSGSIZE) {
      probe.answeredAt = this.#now;
      probe.final = true;
      return;
    }
    throw new TracerouteExit(1, `send: ${strerror(errno)}\n`);
  }

  #sendUdp(probe: Probe): number {
    const { options } = this;
    const socket = new UdpSocket(this.process.namespace.udp, this.version);
    probe.socket = socket;
    this.#adjust(socket);
    socket.ttl = probe.ttl;
    if (this.#source !== null || options.sourcePort !== 0) {
      socket.reuseAddress = true;
      const errno = socket.bind(this.#source ?? socket.localAddress, options.sourcePort);
      if (errno < 0) throw new TracerouteExit(1, `bind: ${strerror(errno)}\n`);
    }
    const rising = options.method === "default";
    const port = rising
      ? (options.port ?? BASE_PORT) + probe.index - (options.first - 1) * options.queries
      : options.port ?? 53;
    probe.key = port & 0xffff;
    const errno = socket.connect(this.address, probe.key);
    if (errno < 0) throw new TracerouteExit(1, `connect: ${strerror(errno)}\n`);
    socket.onReadable = () => {
      this.#answer(probe, this.address, "", true);
      this.#wake?.();
    };
    socket.onError = () => {
      const error = socket.nextError();
      if (error !== null) this.#error(probe, error);
      this.#wake?.();
    };
    const count = socket.send(this.#data);
    if (count < 0) {
      const error = socket.nextError();
      if (error !== null) this.#error(probe, error);
    }
    return count;
  }

  #sendEcho(probe: Probe): number {
    const socket = this.#icmp!;
    socket.ttl = probe.ttl;
    probe.key = ((this.options.port ?? 1) + probe.index) & 0xffff;
    const message = new Uint8Array(8 + this.#data.length);
    message[0] = this.version === 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
    put16(message, 4, this.#identifier);
    put16(message, 6, probe.key);
    message.set(this.#data, 8);
    if (this.version === 4) put16(message, 2, checksum(message, 0, message.length));
    // The path is made anew: it keeps the TTL that it was made with.
    return socket.send(message, this.address);
  }

  #openTcp(): void {
    const { options, process, version } = this;
    const port = options.port ?? 80;
    const probes = new TcpProbes(process, version, this.address, port, this.#source, (socket) => this.#adjust(socket));
    this.#tcp = probes;
    this.#size = (version === 4 ? 20 : 40) + probes.header(options.tcp); // whatever length is asked for
    this.#data = new Uint8Array(0);
    probes.answered = (key, flags) => {
      const probe = this.#byKey(key);
      if (probe !== null) {
        this.#answer(probe, this.address, "", true);
        if (options.tcp.info) probe.extra = ` <${flags}>`;
      }
      this.#wake?.();
    };
    probes.failed = (key, error) => {
      const probe = this.#byKey(key);
      if (probe !== null) this.#error(probe, error);
      this.#wake?.();
    };
  }

  #sendTcp(probe: Probe): number {
    const [key, errno] = this.#tcp!.send(probe.ttl, this.options.sourcePort, this.#data);
    probe.key = key;
    return errno;
  }

  #readReplies(): void {
    const socket = this.#icmp!;
    for (;;) {
      const count = socket.receive(this.#buffer);
      if (count < 0) return;
      const at = this.version === 4 ? (this.#buffer[0] & 15) * 4 : 0;
      if (count < at + 8 || get16(this.#buffer, at + 4) !== this.#identifier) continue;
      const probe = this.#byKey(get16(this.#buffer, at + 6));
      if (probe !== null) this.#answer(probe, socket.senderAddress, "", true);
    }
  }

  #readIcmpErrors(): void {
    const socket = this.#icmp!;
    for (let error = socket.nextError(); error !== null; error = socket.nextError()) {
      if (error.payload.length < 8 || get16(error.payload, 4) !== this.#identifier) continue;
      const probe = this.#byKey(get16(error.payload, 6));
      if (probe !== null) this.#error(probe, error);
    }
  }

  #byKey(key: number): Probe | null {
    return this.#probes.find((probe) => probe.sentAt >= 0 && !probe.done && probe.key === key) ?? null;
  }

  #answer(probe: Probe, from: IpAddress | null, mark: string, final: boolean): void {
    if (probe.done) return;
    probe.answeredAt = this.#now;
    probe.from = from;
    probe.mark = mark;
    probe.final = final;
    probe.done = true;
    if (probe.socket !== null) {
      probe.socket.onReadable = probe.socket.onError = null;
      probe.socket.close();
      probe.socket = null;
    }
  }

  /** What an ICMP error says of a probe (`parse_icmp_res`). */
  #error(probe: Probe, error: SocketError): void {
    const { type, code, info } = error;
    if (error.origin === ORIGIN_LOCAL) {
      if (error.errno === Errno.EMSGSIZE) this.#answer(probe, null, `!F-${info}`, true);
      return;
    }
    const four = this.version === 4;
    if (type === (four ? 11 : 3)) {
      if (code === 0) this.#answer(probe, error.offender, "", false);
      return;
    }
    let mark = "";
    if (four) {
      if (type !== 3) mark = `!<${type}-${code}>`;
      else {
        const marks: Readonly<Record<number, string>> = {
          0: "!N",
          1: "!H",
          2: "!P",
          3: "",
          4: `!F-${info}`,
          5: "!S",
          6: "!N",
          7: "!H",
          11: "!N",
          12: "!H",
          13: "!X",
          14: "!V",
          15: "!C",
        };
        mark = marks[code] ?? `!<${code}>`;
        if (code === 9 || code === 10) mark = "!X";
      }
    } else if (type === 1) mark = ["!N", "!X", "!S", "!H", ""][code] ?? `!<${code}>`;
    else if (type === 2) mark = `!F-${info}`;
    else mark = type === 4 && code === 1 ? "!P" : `!<${type}-${code}>`;
    this.#answer(probe, error.offender, mark, true);
  }

  /** When a probe is given up (`get_timeout`), ns. */
  #expiresAt(probe: Probe): number {
    const { wait, here, near, queries } = this.options;
    const bounded = (answered: Probe, factor: number): number => {
      const seconds = ((answered.answeredAt - answered.sentAt) / 1e9 + PRECISION) * factor;
      return probe.sentAt + Math.min(seconds, wait) * 1e9;
    };
    if (here > 0) {
      const hop = probe.index - (probe.index % queries);
      for (let i = hop; i < hop + queries; i++) {
        if (this.#probes[i].done && this.#probes[i].answeredAt >= 0) return bounded(this.#probes[i], here);
      }
    }
    if (near > 0) {
      for (let i = probe.index + 1; i < this.#probes.length && this.#probes[i].sentAt >= 0; i++) {
        if (this.#probes[i].done && this.#probes[i].answeredAt >= 0) return bounded(this.#probes[i], near);
      }
    }
    return probe.sentAt + wait * 1e9;
  }

  #expire(begin: number, next: number): void {
    for (let i = begin; i < next; i++) {
      const probe = this.#probes[i];
      if (!probe.done && this.#now >= this.#expiresAt(probe)) {
        probe.done = true;
        probe.socket?.close();
        probe.socket = null;
      }
    }
  }

  #earliest(begin: number, next: number): number {
    let earliest = Infinity;
    for (let i = begin; i < next; i++) {
      if (!this.#probes[i].done) earliest = Math.min(earliest, this.#expiresAt(this.#probes[i]));
    }
    return earliest;
  }

  /** The probes end with the hop at which one found its destination. */
  #finalEnd(begin: number, next: number): number {
    for (let i = begin; i < next; i++) {
      if (this.#probes[i].final) return this.#probes[i].ttl * this.options.queries;
    }
    return this.#probes.length;
  }

  async #print(end: number): Promise<void> {
    for (; this.#printed < end && this.#probes[this.#printed].done; this.#printed++) {
      await this.#printProbe(this.#probes[this.#printed]);
    }
  }

  async #printProbe(probe: Probe): Promise<void> {
    const { options, process } = this;
    const place = probe.index % options.queries;
    let text = "";
    if (place === 0) {
      if (probe.index > (options.first - 1) * options.queries) text += "\n";
      text += `${String(probe.ttl).padStart(2)} `;
    }
    if (probe.from === null) text += " *";
    else {
      let previous = probe.index - 1;
      const first = probe.index - place;
      while (previous >= first && this.#probes[previous].from === null) previous--;
      const before = previous >= first ? this.#probes[previous].from : null;
      if (before === null || !same(before, probe.from)) {
        const address = format(probe.from);
        if (options.numeric) text += ` ${address}`;
        else text += ` ${await nameOf(process, probe.from) ?? address} (${address})`;
      }
    }
    text += probe.extra;
    if (probe.answeredAt >= 0) text += `  ${((probe.answeredAt - probe.sentAt) / 1e6).toFixed(3)} ms`;
    if (probe.mark !== "") text += ` ${probe.mark}`;
    process.stdout.write(text);
  }
}
