/** TCP probes: segments from ports of their own through a raw socket, and what comes back to those (mod-tcp.c). */
import type { IpAddress } from "../../ip/host.ts";
import { RawSocket } from "../../transport/raw.ts";
import type { SocketError } from "../../transport/socket.ts";
import { TcpSocket } from "../../transport/tcp/socket.ts";
import { checksum, sumOctets } from "../../wire/checksum.ts";
import { strerror } from "../../wire/errno.ts";
import { IPPROTO_TCP } from "../../wire/ipv4.ts";
import { get16, put16, put32 } from "../../wire/octets.ts";
import {
  ACK,
  CWR,
  ECE,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
  RST,
  SYN,
  TCP_CHECKSUM,
  TCP_FLAGS,
  TCP_HEADER,
  TCP_OFFSET,
  TCP_SEQUENCE,
  TCP_WINDOW,
} from "../../wire/tcp.ts";
import type { Process } from "../process.ts";
import { type TcpProbeOptions, TracerouteExit } from "./options.ts";

/** The shift that a probe offers. */
const WINDOW_SCALE = 2;
const FLAG_NAMES = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];

export class TcpProbes {
  /** An answer to the probe from the port `key`, with the names of its flags. */
  answered: (key: number, flags: string) => void = () => {};
  failed: (key: number, error: SocketError) => void = () => {};
  readonly #socket: RawSocket;
  /** They only hold the ports of probes. */
  readonly #ports: TcpSocket[] = [];
  readonly #buffer = new Uint8Array(2048);
  #segment = new Uint8Array(0);

  /** @throws {TracerouteExit} when there is no route. */
  constructor(
    readonly process: Process,
    readonly version: 4 | 6,
    readonly address: IpAddress,
    readonly port: number,
    source: IpAddress | null,
    adjust: (socket: RawSocket) => void,
  ) {
    const socket = this.#socket = new RawSocket(process.namespace.raw, version, IPPROTO_TCP);
    adjust(socket);
    if (source !== null) socket.bind(source);
    const errno = socket.connect(address);
    if (errno < 0) throw new TracerouteExit(1, `connect: ${strerror(errno)}\n`);
    socket.onReadable = () => this.#read();
    socket.onError = () => {
      for (let error = socket.nextError(); error !== null; error = socket.nextError()) {
        if (error.payload.length >= 4) this.failed(get16(error.payload, 0), error);
      }
    };
  }

  close(): void {
    this.#socket.close();
    for (const socket of this.#ports) socket.close();
  }

  /** Lays out what all probes have. Its octets. */
  header(options: TcpProbeOptions): number {
    const { version } = this;
    const plain = options.flags === 0;
    const flags = plain ? SYN : options.flags;
    const room = this.#socket.pathMtu();
    const mss = options.mss > 0 ? options.mss : (room > 0 ? room : 1500) - (version === 4 ? 40 : 60);
    const words: number[] = [];
    if ((flags & SYN) !== 0) words.push(OPTION_MSS, 4, mss >>> 8 & 255, mss & 255);
    const [stamps, sack] = [plain || options.timestamps, plain || options.sack];
    if (stamps) {
      words.push(...(sack ? [OPTION_SACK_PERMITTED, 2] : [OPTION_NOP, OPTION_NOP]));
      words.push(OPTION_TIMESTAMPS, 10, ...this.#now(), 0, 0, 0, 0);
    } else if (sack) words.push(OPTION_NOP, OPTION_NOP, OPTION_SACK_PERMITTED, 2);
    if (plain || options.windowScaling) words.push(OPTION_NOP, OPTION_WINDOW_SCALE, 3, WINDOW_SCALE);
    const length = TCP_HEADER + words.length;
    const segment = this.#segment = new Uint8Array(length);
    put16(segment, 2, this.port);
    segment[TCP_OFFSET] = length / 4 << 4;
    segment[TCP_FLAGS] = flags;
    put16(segment, TCP_WINDOW, (4 * mss) & 0xffff);
    segment.set(words, TCP_HEADER);
    return length;
  }

  #now(): number[] {
    const ms = Math.floor(this.process.namespace.world.scheduler.now / 1e6) >>> 0;
    return [ms >>> 24, ms >>> 16 & 255, ms >>> 8 & 255, ms & 255];
  }

  /** Sends a probe. The port by which its answers are known, and a count or a negative errno. */
  send(ttl: number, port: number, data: Uint8Array): [key: number, errno: number] {
    const { process } = this;
    const holder = new TcpSocket(process.namespace.tcp, this.version);
    if (port !== 0) holder.reuseAddress = true;
    const bound = holder.bind(this.#socket.localAddress, port);
    if (bound < 0) throw new TracerouteExit(1, `bind: ${strerror(bound)}\n`);
    this.#ports.push(holder);
    const header = this.#segment;
    const segment = new Uint8Array(header.length + data.length);
    segment.set(header);
    segment.set(data, header.length);
    put16(segment, 0, holder.localPort);
    put32(segment, TCP_SEQUENCE, process.namespace.random.uint32());
    put16(segment, TCP_CHECKSUM, checksum(segment, 0, segment.length, this.#pseudoSum(segment.length)));
    this.#socket.ttl = ttl;
    return [holder.localPort, this.#socket.send(segment, this.address)];
  }

  #pseudoSum(length: number): number {
    const octets = (address: IpAddress): Uint8Array =>
      typeof address === "number" ? Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address) : address;
    const source = octets(this.#socket.localAddress), destination = octets(this.address);
    return sumOctets(source, 0, source.length) + sumOctets(destination, 0, destination.length) + IPPROTO_TCP + length;
  }

  #read(): void {
    for (;;) {
      const count = this.#socket.receive(this.#buffer);
      if (count < 0) return;
      const at = this.version === 4 ? (this.#buffer[0] & 15) * 4 : 0;
      if (count < at + TCP_HEADER || get16(this.#buffer, at) !== this.port) continue;
      const flags = this.#buffer[at + TCP_FLAGS];
      if ((flags & RST) === 0 && (flags & (SYN | ACK)) === 0 && (flags & (ECE | CWR)) === 0) continue;
      const names = FLAG_NAMES.filter((_, bit) => (flags & (1 << bit)) !== 0).join(",");
      this.answered(get16(this.#buffer, at + 2), names);
    }
  }
}
