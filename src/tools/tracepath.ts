/** `tracepath` of iputils 20221126: the hops to a destination and the path MTU on the way. */
import type { IpAddress } from "../ip/host.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { ORIGIN_LOCAL } from "../transport/datagram_socket.ts";
import type { SocketError } from "../transport/socket.ts";
import { Errno, strerror } from "../wire/errno.ts";
import { formatIpv4 } from "../wire/ipv4.ts";
import { formatIpv6 } from "../wire/ipv6.ts";
import { OptionParser } from "./getopt.ts";
import { gaiError, lookUp, nameOf } from "./name_lookup.ts";
import type { Process } from "./process.ts";

const USAGE = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and ip
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no dns name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  dns name or ip address

For more details see tracepath(8).
`;

const VERSION = `tracepath from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
`;

const BASE_PORT = 44444;
/** Probes remembered, and so ports used one after the other. */
const HISTORY = 64;

class TracepathExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toOutput = false) {
    super(words);
  }
}

export async function tracepath(process: Process): Promise<number> {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof TracepathExit)) throw error;
    (error.toOutput ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

async function run(process: Process): Promise<number> {
  let family: 4 | 6 | null = null;
  let [numeric, both, length, hops, port] = [false, false, 0, 30, 0];
  const number = (text: string, least: number, most: number): number => {
    if (!/^\s*[+-]?\d+$/.test(text)) throw new TracepathExit(1, `tracepath: invalid argument: '${text}'\n`);
    if (Number(text) < least || Number(text) > most) {
      const range = `${least} <= value <= ${most}`;
      throw new TracepathExit(1, `tracepath: invalid argument: '${text}': out of range: ${range}\n`);
    }
    return Number(text);
  };
  let complaint = "";
  const parser = new OptionParser("tracepath", process.args, "46nbh?l:m:p:V", (words) => complaint += words + "\n");
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    const { option, argument } = parsed;
    if (option === "4" || option === "6") {
      const wanted: 4 | 6 = option === "4" ? 4 : 6;
      if (family !== null && family !== wanted) {
        throw new TracepathExit(2, "tracepath: Only one -4 or -6 option may be specified\n");
      }
      family = wanted;
    } else if (option === "n") numeric = true;
    else if (option === "b") both = true;
    else if (option === "l") length = number(argument, 1, 2147483647);
    else if (option === "m") hops = number(argument, 0, 255);
    else if (option === "p") port = number(argument, 0, 65535);
    else if (option === "V") throw new TracepathExit(0, VERSION, true);
    else throw new TracepathExit(255, complaint + USAGE);
  }
  if (parser.operands.length !== 1) throw new TracepathExit(255, USAGE);
  let target = parser.operands[0];
  const slash = target.indexOf("/");
  if (slash >= 0) {
    port = number(target.slice(slash + 1), 0, 65535);
    target = target.slice(0, slash);
  }
  const found = await lookUp(process, target, family);
  if (typeof found === "string") throw new TracepathExit(1, `tracepath: ${target}: ${gaiError(found)}\n`);
  const [{ address, version }] = found;
  const trace = new Tracepath(process, version, address, { numeric, both, length, hops, port: port || BASE_PORT });
  try {
    await trace.run();
  } finally {
    trace.close();
  }
  return 0;
}

interface TracepathOptions {
  readonly numeric: boolean;
  readonly both: boolean;
  readonly length: number;
  readonly hops: number;
  readonly port: number;
}

interface Sent {
  hops: number;
  at: number;
}

class Tracepath {
  readonly #socket: UdpSocket;
  #mtu: number;
  readonly #overhead: number;
  readonly #history: (Sent | null)[] = new Array<Sent | null>(HISTORY).fill(null);
  #slot = 0;
  #hopsTo = -1;
  #hopsFrom = -1;
  #wake: (() => void) | null = null;

  constructor(
    readonly process: Process,
    readonly version: 4 | 6,
    readonly address: IpAddress,
    readonly options: TracepathOptions,
  ) {
    const socket = new UdpSocket(process.namespace.udp, version);
    this.#socket = socket;
    socket.program = "tracepath";
    socket.pid = process.pid;
    socket.pmtuDiscover = "do";
    socket.receiveErrors = true;
    socket.onError = socket.onReadable = () => this.#wake?.();
    this.#mtu = options.length || (version === 4 ? 65535 : 128000);
    this.#overhead = version === 4 ? 28 : 48;
  }

  close(): void {
    this.#socket.close();
  }

  get #now(): number {
    return this.process.namespace.world.scheduler.now;
  }

  #print(text: string): void {
    this.process.stdout.write(text);
  }

  async run(): Promise<void> {
    await this.#allHops();
    if (this.process.signal.aborted) return;
    this.#print(`     Resume: pmtu ${this.#mtu} `);
    if (this.#hopsTo >= 0) this.#print(`hops ${this.#hopsTo} `);
    if (this.#hopsFrom >= 0) this.#print(`back ${this.#hopsFrom} `);
    this.#print("\n");
  }

  async #allHops(): Promise<void> {
    for (let ttl = 1; ttl <= this.options.hops; ttl++) {
      let result = -1;
      for (let tries = 0; tries < 3; tries++) {
        const mtu = this.#mtu;
        result = await this.#probe(ttl);
        if (this.process.signal.aborted) return;
        if (this.#mtu !== mtu) {
          tries = -1; // the packets are of another size now: from the start
          continue;
        }
        if (result === 0) return;
        if (result > 0) break;
      }
      if (result < 0) this.#print(`${pad(ttl)}:  no reply\n`);
    }
    this.#print(`     Too many hops: pmtu ${this.#mtu}\n`);
  }

  /** One packet: 0 ends the trace, more goes on to the next hop, less tries again. */
  async #probe(ttl: number): Promise<number> {
    const socket = this.#socket;
    socket.ttl = ttl;
    for (let tries = 0; tries < 10;) {
      const size = this.#mtu - this.#overhead;
      const slot = this.#slot;
      this.#history[slot] = { hops: ttl, at: this.#now };
      const count = size <= 65535
        ? socket.send(new Uint8Array(Math.max(0, size)), this.address, this.options.port + slot)
        : this.#tooLong();
      if (count >= 0) {
        this.#slot = (slot + 1) % HISTORY;
        return await this.#answer(ttl);
      }
      const result = await this.#readErrors(ttl);
      this.#history[slot] = null;
      if (result === 0) return 0;
      if (result < 0) tries++;
    }
    this.#print(`${pad(ttl)}:  send failed\n`);
    return 0;
  }

  /** A packet longer than any datagram: the kernel says how long one may be. */
  #tooLong(): number {
    const family = this.version === 4 ? this.process.namespace.ipv4 : this.process.namespace.ipv6;
    const path = family.path({ destination: this.address, protocol: 17 });
    const errno = path.refresh();
    if (errno < 0) return errno;
    this.#socket.errors ??= [];
    this.#socket.errors.push({
      errno: Errno.EMSGSIZE,
      origin: ORIGIN_LOCAL,
      type: 0,
      code: 0,
      info: path.mtu(),
      offender: null,
      destination: this.address,
      destinationPort: this.options.port + this.#slot,
      payload: new Uint8Array(0),
    });
    return -Errno.EMSGSIZE;
  }

  async #answer(ttl: number): Promise<number> {
    const socket = this.#socket;
    if (socket.error === 0 && socket.pending === 0 && (socket.errors?.length ?? 0) === 0) {
      await this.process.wait("an answer", (done) => this.#wake = done, 1000);
      this.#wake = null;
    }
    if (socket.pending > 0) {
      this.#print(`${pad(ttl)}?: reply received 8)\n`);
      return 0;
    }
    return await this.#readErrors(ttl);
  }

  async #readErrors(ttl: number): Promise<number> {
    let progress = -1;
    for (;;) {
      const error = this.#socket.nextError();
      if (error === null) return progress;
      progress = this.#mtu;
      const result = await this.#report(error, ttl);
      if (result !== null) return result;
      if (error.errno === Errno.EMSGSIZE) progress = this.#mtu;
    }
  }

  /** Prints one error; 0 when it ends the trace, else null. */
  async #report(error: SocketError, ttl: number): Promise<number | null> {
    const slot = error.destinationPort - this.options.port;
    const sent = slot >= 0 && slot < HISTORY ? this.#history[slot] : null;
    if (sent !== null && error.origin !== ORIGIN_LOCAL) this.#history[slot] = null;
    const hops = error.origin === ORIGIN_LOCAL ? -1 : sent?.hops ?? -1;
    if (error.origin === ORIGIN_LOCAL) this.#print(`${pad(ttl)}?: ${"[LOCALHOST]".padEnd(32)} `);
    else {this.#print(
        `${hops > 0 ? `${pad(hops)}:  ` : `${pad(ttl)}?: `}${(await this.#host(error.offender!)).padEnd(51)} `,
      );}
    // Over IPv4 a local error has no port to find its packet by.
    if (sent !== null && (error.origin !== ORIGIN_LOCAL || this.version === 6)) {
      const us = Math.floor((this.#now - sent.at) / 1000);
      this.#print(`${String(Math.floor(us / 1000)).padStart(3)}.${String(us % 1000).padStart(3, "0")}ms `);
    }
    const back = error.ttl === undefined
      ? -1
      : error.ttl <= 64
      ? 65 - error.ttl
      : error.ttl <= 128
      ? 129 - error.ttl
      : 256 - error.ttl;
    switch (error.errno) {
      case Errno.EMSGSIZE:
        this.#print(`pmtu ${error.info}\n`);
        this.#mtu = error.info;
        return null;
      case Errno.ECONNREFUSED:
        this.#print("reached\n");
        this.#hopsTo = hops < 0 ? ttl : hops;
        this.#hopsFrom = back;
        return 0;
      case Errno.EPROTO:
        this.#print("!P\n");
        return 0;
      case Errno.EHOSTUNREACH: {
        const exceeded = this.version === 4 ? error.type === 11 : error.type === 3;
        if (!exceeded || error.code !== 0) {
          this.#print("!H\n");
          return 0;
        }
        if (back >= 0 && back !== (hops >= 0 ? hops : ttl)) this.#print(`asymm ${pad(back)} `);
        this.#print("\n");
        return null;
      }
      case Errno.ENETUNREACH:
        this.#print("!N\n");
        return 0;
      case Errno.EACCES:
        this.#print("!A\n");
        return 0;
      case Errno.ETIMEDOUT:
        this.#print("\n");
        return null;
      default:
        this.#print("\n");
        this.process.stderr.write(`NET ERROR: ${strerror(error.errno)}\n`);
        return 0;
    }
  }

  async #host(address: IpAddress): Promise<string> {
    const { numeric, both } = this.options;
    const text = typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
    if (numeric && !both) return text;
    const name = await nameOf(this.process, address) ?? "???";
    return both ? `${name} (${text})` : name;
  }
}

function pad(value: number): string {
  return String(value).padStart(2);
}
