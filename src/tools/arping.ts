/** `arping` of iputils 20221126. */
import { IFF_LOOPBACK, IFF_NOARP, IFF_UP, type Interface } from "../device/interface.ts";
import { PacketSocket } from "../transport/packet_socket.ts";
import {
  ARP_LENGTH,
  ARP_OPERATION,
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
} from "../wire/arp.ts";
import { Errno, strerror } from "../wire/errno.ts";
import { BROADCAST_MAC, ETH_P_ARP, formatMac } from "../wire/ethernet.ts";
import { formatIpv4, IPPROTO_UDP, parseIpv4 } from "../wire/ipv4.ts";
import { get16, get32, put16, put32 } from "../wire/octets.ts";
import { TO_BROADCAST, TO_HOST, TO_MULTICAST } from "../wire/packet.ts";
import { OptionParser } from "./getopt.ts";
import { gaiError, lookUp } from "./name_lookup.ts";
import type { Process } from "./process.ts";

const USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source ip address
  <destination> dns name or ip address

For more details see arping(8).
`;

const VERSION = `arping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
`;

class ArpingExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toOutput = false) {
    super(words);
  }
}

interface ArpingOptions {
  first: boolean;
  quiet: boolean;
  broadcastOnly: boolean;
  detect: boolean;
  unsolicited: boolean;
  answer: boolean;
  count: number;
  /** Seconds; 0 is none. */
  timeout: number;
  interval: number;
  device: string | null;
  source: number | null;
  target: string;
}

export async function arping(process: Process): Promise<number> {
  try {
    const options = parse(process);
    const found = await lookUp(process, options.target, 4);
    if (typeof found === "string") throw new ArpingExit(2, `arping: ${options.target}: ${gaiError(found)}\n`);
    return await new Arping(process, options, found[0].address as number).run();
  } catch (error) {
    if (!(error instanceof ArpingExit)) throw error;
    (error.toOutput ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

function parse(process: Process): ArpingOptions {
  const options: ArpingOptions = {
    first: false,
    quiet: false,
    broadcastOnly: false,
    detect: false,
    unsolicited: false,
    answer: false,
    count: -1,
    timeout: 0,
    interval: 1,
    device: null,
    source: null,
    target: "",
  };
  let complaint = "";
  const number = (text: string, least: number): number => {
    if (!/^\s*[+-]?\d+$/.test(text)) throw new ArpingExit(1, `arping: invalid argument: '${text}'\n`);
    const value = Number(text);
    const most = 2147483647;
    if (value < least || value > most) {
      const range = `${least} <= value <= ${most}`;
      throw new ArpingExit(1, `arping: invalid argument: '${text}': out of range: ${range}\n`);
    }
    return value;
  };
  const parser = new OptionParser("arping", process.args, "h?bfDUAqc:w:i:s:I:V", (words) => complaint += words + "\n");
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    switch (parsed.option) {
      case "b":
        options.broadcastOnly = true;
        break;
      case "D":
        options.detect = options.first = true;
        break;
      case "U":
        options.unsolicited = true;
        break;
      case "A":
        options.answer = options.unsolicited = true;
        break;
      case "q":
        options.quiet = true;
        break;
      case "f":
        options.first = true;
        break;
      case "c":
        options.count = number(parsed.argument, 1);
        break;
      case "w":
        options.timeout = number(parsed.argument, 0);
        break;
      case "i":
        options.interval = number(parsed.argument, 0);
        break;
      case "I":
        options.device = parsed.argument;
        break;
      case "s":
        options.source = parseIpv4(parsed.argument);
        if (options.source === null) throw new ArpingExit(2, `arping: invalid source ${parsed.argument}\n`);
        break;
      case "V":
        throw new ArpingExit(0, VERSION, true);
      default:
        throw new ArpingExit(2, complaint + USAGE);
    }
  }
  if (parser.operands.length !== 1) throw new ArpingExit(2, USAGE);
  options.target = parser.operands[0];
  return options;
}

class Arping {
  #sent = 0;
  #broadcasts = 0;
  #received = 0;
  #requestsReceived = 0;
  #sentAt = 0;
  /** Whom requests go to: everybody, and after an answer the one who gave it. */
  #destination: Uint8Array = BROADCAST_MAC;
  #wake: (() => void) | null = null;

  constructor(readonly process: Process, readonly options: ArpingOptions, readonly target: number) {}

  get #now(): number {
    return this.process.namespace.world.scheduler.now;
  }

  #print(text: string): void {
    if (!this.options.quiet) this.process.stdout.write(text);
  }

  async run(): Promise<number> {
    const { process, options } = this;
    const device = this.#device();
    const source = this.#source(device);
    const socket = new PacketSocket(process.namespace.packetSockets, "dgram");
    socket.program = "arping";
    socket.pid = process.pid;
    socket.bind(device, ETH_P_ARP);
    socket.onReadable = () => this.#wake?.();
    try {
      this.#print(`ARPING ${formatIpv4(this.target)} from ${formatIpv4(source)} ${device.name}\n`);
      await this.#loop(socket, device, source);
    } finally {
      socket.close();
    }
    this.#print(`Sent ${this.#sent} probes (${this.#broadcasts} broadcast(s))\nReceived ${this.#received} response(s)`);
    const others = this.#requestsReceived;
    this.#print(`${others > 0 ? ` (${others} request(s))` : ""}\n`);
    if (options.detect) return this.#received > 0 ? 1 : 0;
    if (options.unsolicited) return 0;
    return this.#received > 0 ? 0 : 1;
  }

  #device(): Interface {
    const { namespace } = this.process;
    const { device: name } = this.options;
    if (name === null) {
      const path = namespace.ipv4.path({ destination: this.target, protocol: IPPROTO_UDP });
      const best = path.refresh() === 0 ? path.device : null;
      if (best !== null && (best.flags & (IFF_LOOPBACK | IFF_NOARP)) === 0) return best;
      throw new ArpingExit(2, "arping: Suitable device could not be determined. Please, use option -I.\n");
    }
    const device = namespace.interfaces.byName(name);
    if (device === undefined) throw new ArpingExit(2, `arping: Device ${name} not available.\n`);
    if ((device.flags & IFF_UP) === 0) throw new ArpingExit(2, `arping: Interface "${name}" is down\n`);
    if ((device.flags & (IFF_LOOPBACK | IFF_NOARP)) !== 0) {
      throw new ArpingExit(2, `Interface "${name}" is not ARPable\n`, true);
    }
    return device;
  }

  #source(device: Interface): number {
    const { namespace } = this.process;
    const { source, detect, unsolicited } = this.options;
    if (source !== null) {
      if (!detect && !namespace.ipv4.isLocal(source)) {
        throw new ArpingExit(2, `arping: bind: ${strerror(Errno.EADDRNOTAVAIL)}\n`);
      }
      return source;
    }
    if (unsolicited) return this.target;
    if (detect) return 0;
    const path = namespace.ipv4.path({ destination: this.target, device, protocol: IPPROTO_UDP });
    const errno = path.refresh();
    if (errno < 0) throw new ArpingExit(2, `arping: connect: ${strerror(errno)}\n`);
    return path.source as number;
  }

  async #loop(socket: PacketSocket, device: Interface, source: number): Promise<void> {
    const { process, options } = this;
    const endsAt = options.timeout > 0 ? this.#now + options.timeout * 1e9 : Infinity;
    let nextAt = this.#now;
    let left = options.count;
    while (!process.signal.aborted && this.#now <= endsAt) {
      if (this.#now >= nextAt) {
        // After the last probe one more interval passes, in which answers count.
        if (left === 0) return;
        this.#send(socket, device, source);
        left--;
        nextAt = this.#now + options.interval * 1e9;
        if (left === 0 && options.unsolicited) return;
      }
      if (socket.pending === 0) {
        const limit = (Math.min(nextAt, endsAt + 1) - this.#now) / 1e6;
        await process.wait("an ARP reply", (done) => this.#wake = done, Math.max(0, limit));
        this.#wake = null;
      }
      for (let frame = socket.receive(); frame !== null; frame = socket.receive()) {
        if (this.#receive(frame.bytes, frame.kind, device, source) && options.first) return;
      }
      if (options.count >= 0 && this.#received >= options.count) return;
    }
  }

  #send(socket: PacketSocket, device: Interface, source: number): void {
    const arp = new Uint8Array(ARP_LENGTH);
    put16(arp, 0, 1);
    put16(arp, 2, 0x0800);
    arp[4] = 6;
    arp[5] = 4;
    put16(arp, ARP_OPERATION, this.options.answer ? ARP_REPLY : ARP_REQUEST);
    arp.set(device.address, ARP_SENDER_MAC);
    put32(arp, ARP_SENDER_IP, source);
    arp.set(this.options.answer ? device.address : BROADCAST_MAC, ARP_TARGET_MAC);
    put32(arp, ARP_TARGET_IP, this.target);
    this.#sentAt = this.#now;
    if (socket.send(arp, device, ETH_P_ARP, this.#destination) < 0) return;
    this.#sent++;
    if (this.#destination === BROADCAST_MAC) this.#broadcasts++;
  }

  /** True for an answer to our question. */
  #receive(arp: Uint8Array, kind: number, device: Interface, source: number): boolean {
    const { options } = this;
    if (kind !== TO_HOST && kind !== TO_BROADCAST && kind !== TO_MULTICAST) return false;
    if (arp.length < ARP_LENGTH || get16(arp, 2) !== 0x0800 || arp[4] !== 6 || arp[5] !== 4) return false;
    const operation = get16(arp, ARP_OPERATION);
    if (operation !== ARP_REQUEST && operation !== ARP_REPLY) return false;
    const sender = get32(arp, ARP_SENDER_IP);
    const own = (at: number): boolean => device.address.every((octet, i) => arp[at + i] === octet);
    if (sender !== this.target) return false;
    if (options.detect) {
      // RFC 2131: somebody else has the address, or asks for it too.
      if (own(ARP_SENDER_MAC)) return false;
      if (source !== 0 && get32(arp, ARP_TARGET_IP) !== source) return false;
    } else if (get32(arp, ARP_TARGET_IP) !== source || !own(ARP_TARGET_MAC)) return false;
    const cast = kind === TO_HOST ? "Unicast" : "Broadcast";
    const what = operation === ARP_REPLY ? "reply" : "request";
    let text = `${cast} ${what} from ${formatIpv4(sender)} [${formatMac(arp, ARP_SENDER_MAC)}]`;
    const us = Math.floor((this.#now - this.#sentAt) / 1000);
    text += `  ${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, "0")}ms\n`;
    this.#print(text);
    this.#received++;
    if (operation === ARP_REQUEST) this.#requestsReceived++;
    if (!options.broadcastOnly) this.#destination = arp.slice(ARP_SENDER_MAC, ARP_SENDER_MAC + 6);
    return true;
  }
}
