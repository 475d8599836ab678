/** `tcpdump` 4.99.3: captures from an interface or reads a file, and prints or writes what passes the filter. */
import { IFF_LOOPBACK, IFF_RUNNING, IFF_UP, type Interface } from "../../device/interface.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { type Frame, PacketSocket } from "../../transport/packet_socket.ts";
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { mask4 } from "../../wire/ipv4.ts";
import { put16, put32 } from "../../wire/octets.ts";
import { OUTGOING, type Packet } from "../../wire/packet.ts";
import { hostByAddress, hostByName, readHosts } from "../../namespace/hosts.ts";
import type { Process } from "../process.ts";
import { readServices } from "../services.ts";
import type { NameSource } from "./dissector.ts";
import { compileFilter, FilterError, type FilterNames, FilterPacket } from "./filter.ts";
import { parseTcpdumpOptions, TcpdumpExit, type TcpdumpOptions } from "./options.ts";
import {
  type Captured,
  LINKTYPE_EN10MB,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_NAMES,
  pcapHeader,
  pcapRecord,
  readCapture,
} from "./pcap.ts";
import { PacketPrinter } from "./print.ts";

/** The kernel hands packets over in blocks, this often (ms): to a terminal or with -l, and otherwise. */
const BLOCK_SHORT = 100;
const BLOCK_LONG = 1000;
/** SO_RCVBUF of libpcap: 2 MiB. */
const BUFFER = 2 << 20;

export async function tcpdump(process: Process): Promise<number> {
  try {
    const options = parseTcpdumpOptions(process.args);
    if (options.filterFile !== null) options.expression = readFilter(process, options.filterFile);
    if (options.listDevices) return listDevices(process);
    if (options.readFile !== null) return readFile(process, options, options.readFile);
    return await capture(process, options);
  } catch (error) {
    if (!(error instanceof TcpdumpExit)) throw error;
    (error.toOutput ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

function fail(words: string): TcpdumpExit {
  return new TcpdumpExit(1, `tcpdump: ${words}\n`);
}

function readFilter(process: Process, path: string): string {
  try {
    return process.files.readText(process.files.resolve(path, process.cwd)).replace(/#.*/g, "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(`can't open ${path}: ${strerror(error.errno)}`);
  }
}

function compile(process: Process, options: TcpdumpOptions, netmask: number | null): (packet: FilterPacket) => boolean {
  const services = readServices(process.files);
  const names: FilterNames = {
    netmask,
    hosts(name) {
      const entries = readHosts(process.files);
      return [hostByName(entries, name, 6), hostByName(entries, name, 4)].flatMap((it) => it?.addresses ?? []);
    },
    port: (name, protocol) => services.port(name, protocol),
    protocol: () => null,
  };
  try {
    return compileFilter(options.expression, names);
  } catch (error) {
    if (error instanceof FilterError) throw fail(error.message);
    throw error;
  }
}

function printerOf(process: Process, options: TcpdumpOptions, linkType: number): PacketPrinter {
  const services = readServices(process.files);
  const hosts = readHosts(process.files);
  const names: NameSource = {
    host: (address) => hostByAddress(hosts, address)?.name ?? null,
    port: (port, protocol) => services.name(port, protocol),
    protocol: (number) =>
      ({
        1: "icmp",
        2: "igmp",
        6: "tcp",
        17: "udp",
        41: "ipv6",
        47: "gre",
        50: "esp",
        51: "ah",
        58: "ipv6-icmp",
        89: "ospf",
        132: "sctp",
      })[number] ?? null,
  };
  return new PacketPrinter(
    { ...options, names: options.numeric > 0 ? null : names },
    linkType,
    (index) => process.namespace.interfaces.byIndex(index)?.name ?? String(index),
  );
}

function linkTypeText(linkType: number): string {
  const [name, description] = LINKTYPE_NAMES[linkType] ?? [String(linkType), "unknown"];
  return `link-type ${name} (${description})`;
}

// Files

function readFile(process: Process, options: TcpdumpOptions, path: string): number {
  let bytes: Uint8Array;
  try {
    bytes = process.files.read(process.files.resolve(path, process.cwd));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(`${path}: ${strerror(error.errno)}`);
  }
  const file = readCapture(bytes);
  if (typeof file === "string") throw fail(file);
  process.stderr.write(
    `reading from file ${path}, ${linkTypeText(file.linkType)}, snapshot length ${file.snapLength}\n`,
  );
  const test = compile(process, options, 0);
  const printer = printerOf(process, options, file.linkType);
  const chosen: Captured[] = [];
  const view = new FilterPacket();
  for (const packet of file.packets) {
    view.bytes = packet.bytes;
    view.start = 0;
    view.end = packet.bytes.length;
    if (file.linkType === LINKTYPE_LINUX_SLL || file.linkType === LINKTYPE_LINUX_SLL2) {
      const [header, type] = file.linkType === LINKTYPE_LINUX_SLL ? [16, 14] : [20, 0];
      if (packet.bytes.length < header) continue;
      view.cookedType = packet.bytes[type] << 8 | packet.bytes[type + 1];
      view.start = header;
    }
    if (!test(view)) continue;
    chosen.push(packet);
    if (options.count > 0 && chosen.length === options.count) break;
  }
  if (options.writeFile !== null) {
    new CaptureWriter(process, options.writeFile, file.linkType, file.snapLength).write(...chosen);
  } else if (options.countOnly) process.stdout.write(`${chosen.length} packet${chosen.length === 1 ? "" : "s"}\n`);
  else for (const packet of chosen) process.stdout.write(printer.print(packet));
  if (file.complaint !== null) throw fail(`pcap_loop: ${file.complaint}`);
  return 0;
}

/** Writes a capture file, or to standard output for `-`. */
class CaptureWriter {
  readonly #path: string | null;

  constructor(readonly process: Process, path: string, linkType: number, snapLength: number) {
    this.#path = path === "-" ? null : process.files.resolve(path, process.cwd);
    try {
      this.#append(pcapHeader(linkType, snapLength), false);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw fail(`${path}: ${strerror(error.errno)}`);
    }
  }

  write(...packets: Captured[]): void {
    for (const packet of packets) this.#append(pcapRecord(packet), true);
  }

  #append(bytes: Uint8Array, append: boolean): void {
    if (this.#path === null) this.process.stdout.write(bytes);
    else this.process.files.write(this.#path, bytes, { append });
  }
}

// Interfaces

function isConnected(device: Interface): boolean {
  return (device.flags & IFF_UP) !== 0 && device.carrier;
}

/** Interfaces as `-D` orders them: those that are up and running first, lo after its equals. */
function ranked(namespace: NetworkNamespace): { name: string; rank: number; flags: string[] }[] {
  const all = [...namespace.interfaces].map((device) => {
    const up = (device.flags & IFF_UP) !== 0;
    const running = up && (device.carrier || (device.flags & IFF_RUNNING) !== 0);
    const loopback = (device.flags & IFF_LOOPBACK) !== 0;
    const flags = [...up ? ["Up"] : [], ...running ? ["Running"] : [], ...loopback ? ["Loopback"] : []];
    if (!loopback && up) flags.push(isConnected(device) ? "Connected" : "Disconnected");
    const rank = (loopback ? 4 : 0) + (up ? 0 : 2) + (running ? 0 : 1) * 8;
    return { name: device.name, rank, flags };
  });
  const anyDevice = { name: "any (Pseudo-device that captures on all interfaces)", rank: 1, flags: ["Up", "Running"] };
  return [...all, anyDevice].sort((a, b) => a.rank - b.rank);
}

const OTHER_SOURCES = [
  "bluetooth-monitor (Bluetooth Linux Monitor) [Wireless]",
  "nflog (Linux netfilter log (NFLOG) interface) [none]",
  "nfqueue (Linux netfilter queue (NFQUEUE) interface) [none]",
  "dbus-system (D-Bus system bus) [none]",
  "dbus-session (D-Bus session bus) [none]",
];

function listDevices(process: Process): number {
  const all = ranked(process.namespace);
  const isUp = (it: { flags: string[] }): boolean => it.flags.includes("Up");
  const lines = [
    ...all.filter(isUp).map((it) => `${it.name} [${it.flags.join(", ")}]`),
    ...OTHER_SOURCES,
    ...all.filter((it) => !isUp(it)).map((it) => `${it.name}${it.flags.length > 0 ? ` [${it.flags.join(", ")}]` : ""}`),
  ];
  lines.forEach((line, index) => process.stdout.write(`${index + 1}.${line}\n`));
  return 0;
}

/** The interface to listen on: null is `any`. @throws {TcpdumpExit} */
function chooseDevice(process: Process, options: TcpdumpOptions): Interface | null {
  const { namespace } = process;
  let name = options.device;
  if (name !== null && /^\d+$/.test(name) && namespace.interfaces.byName(name) === undefined) {
    const listed = ranked(namespace)[Number(name) - 1];
    if (listed === undefined) throw fail("Invalid adapter index");
    name = listed.name.split(" ")[0];
  }
  if (name === null) {
    const best = ranked(namespace)[0].name.split(" ")[0];
    name = best;
  }
  if (name === "any") return null;
  const device = namespace.interfaces.byName(name);
  if (device === undefined) throw fail(`${name}: No such device exists\n(No such device exists)`);
  if ((device.flags & IFF_UP) === 0) throw fail(`${name}: That device is not up`);
  return device;
}

// Capture

async function capture(process: Process, options: TcpdumpOptions): Promise<number> {
  const device = chooseDevice(process, options);
  if (options.listLinkTypes) {
    const [name, description] = LINKTYPE_NAMES[device === null ? LINKTYPE_LINUX_SLL2 : LINKTYPE_EN10MB];
    process.stdout.write(
      `Data link types for ${device?.name ?? "any"} (use option -y to set):\n  ${name} (${description})\n`,
    );
    return 0;
  }
  // Without -i tcpdump opens `any` by the older of the two cooked headers.
  const linkType = device !== null
    ? LINKTYPE_EN10MB
    : options.device === null
    ? LINKTYPE_LINUX_SLL
    : LINKTYPE_LINUX_SLL2;
  if (device === null && options.device !== null) process.stderr.write("tcpdump: data link type LINUX_SLL2\n");
  const test = compile(process, options, device === null ? null : netmaskOf(process, device));
  const session = new Session(process, options, device, linkType, test);
  try {
    return await session.run();
  } finally {
    session.close();
  }
}

function netmaskOf(process: Process, device: Interface): number | null {
  const [first] = process.namespace.ipv4.addresses(device);
  return first === undefined ? 0 : mask4(first.prefixLength);
}

class Session {
  readonly #socket: PacketSocket;
  readonly #printer: PacketPrinter;
  readonly #writer: CaptureWriter | null;
  #captured = 0;
  #wakeUp: (() => void) | null = null;

  constructor(
    readonly process: Process,
    readonly options: TcpdumpOptions,
    readonly device: Interface | null,
    readonly linkType: number,
    readonly test: (packet: FilterPacket) => boolean,
  ) {
    const { writeFile, snapLength } = options;
    this.#printer = printerOf(process, options, linkType);
    this.#writer = writeFile === null ? null : new CaptureWriter(process, writeFile, linkType, snapLength);
    const socket = new PacketSocket(process.namespace.packetSockets, device === null ? "dgram" : "raw");
    this.#socket = socket;
    socket.program = "tcpdump";
    socket.pid = process.pid;
    socket.receiveBuffer = BUFFER;
    socket.filter = this.#filter(device === null);
    socket.onReadable = socket.onError = () => this.#wakeUp?.();
    socket.bind(device);
    if (!options.noPromiscuous) socket.setPromiscuous(true);
  }

  close(): void {
    this.#socket.close();
  }

  #filter(cooked: boolean): (packet: Packet, start: number, device: Interface, outgoing: boolean) => number {
    const view = new FilterPacket();
    const { snapLength } = this.options;
    return (packet, start, _device, outgoing) => {
      view.bytes = packet.bytes;
      view.start = start;
      view.end = packet.tail;
      view.cookedType = cooked ? packet.protocol : -1;
      view.outgoing = outgoing;
      if (packet.vlan >= 0 && !cooked) {
        view.bytes = withTag(packet.bytes.subarray(start, packet.tail), packet.vlan);
        view.start = 0;
        view.end = view.bytes.length;
      }
      return this.test(view) ? snapLength : 0;
    };
  }

  async run(): Promise<number> {
    const { options, process, device } = this;
    const quiet = options.verbose === 0 && options.writeFile === null;
    process.stderr.write(
      quiet ? "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n" : "tcpdump: ",
    );
    process.stderr.write(
      `listening on ${device?.name ?? "any"}, ${
        linkTypeText(this.linkType)
      }, snapshot length ${options.snapLength} bytes\n`,
    );
    const error = await this.#loop();
    if (error !== 0) {
      process.stderr.write(
        `tcpdump: pcap_loop: ${error === Errno.ENETDOWN ? "The interface disappeared" : strerror(error)}\n`,
      );
    } else if (process.signal.aborted && options.writeFile === null) process.stdout.write("\n");
    if (process.signal.reason === "SIGKILL") return 137;
    const line = (count: number, words: string): string => `${count} packet${count === 1 ? "" : "s"} ${words}\n`;
    process.stderr.write(
      line(this.#captured, "captured") + line(this.#socket.packets, "received by filter") +
        line(this.#socket.drops, "dropped by kernel"),
    );
    return error === 0 ? 0 : 1;
  }

  /** Until the count is reached, the program is told to end, or the interface goes; then its errno. */
  async #loop(): Promise<number> {
    const { options, process } = this;
    const socket = this.#socket;
    const scheduler = process.namespace.world.scheduler;
    const interactive = options.writeFile === null && (options.lineBuffered || process.stdout.terminal);
    const block = (interactive ? BLOCK_SHORT : BLOCK_LONG) * 1e6;
    // Blocks end at multiples of this time since the start; half of one apart, so that commands at round times fall into the middle.
    const start = scheduler.now - block / 2;
    while (!process.signal.aborted) {
      if (socket.pending === 0) {
        if (socket.error !== 0) return socket.takeError();
        await process.wait("a packet", (done) => this.#wakeUp = done);
        this.#wakeUp = null;
        continue;
      }
      if (!options.immediate) {
        const since = (scheduler.now - start) % block;
        await process.sleep((block - since) / 1e6);
        if (process.signal.aborted) return 0; // what lies in the block that is not full is lost
      }
      for (let frame = socket.receive(); frame !== null; frame = socket.receive()) {
        if (!this.#wanted(frame)) continue;
        this.#take(frame);
        if (options.count > 0 && this.#captured >= options.count) return 0;
      }
    }
    return 0;
  }

  /** What is sent on lo is seen again when received: libpcap leaves the first out; and `-Q`. */
  #wanted(frame: Frame): boolean {
    const outgoing = frame.kind === OUTGOING;
    if (outgoing && (frame.device.flags & IFF_LOOPBACK) !== 0) return false;
    if (this.options.direction === "in") return !outgoing;
    return this.options.direction === "inout" || outgoing;
  }

  #take(frame: Frame): void {
    this.#captured++;
    let { bytes, length } = frame;
    if (this.linkType !== LINKTYPE_EN10MB) {
      const header = cookedHeader(frame, this.linkType);
      const whole = new Uint8Array(header.length + bytes.length);
      whole.set(header);
      whole.set(bytes, header.length);
      bytes = whole;
      length += header.length;
    } else if (frame.vlan >= 0) {
      bytes = withTag(bytes, frame.vlan);
      length += 4;
    }
    const packet: Captured = {
      bytes,
      length,
      seconds: Math.floor(frame.at / 1e9),
      nanoseconds: frame.at % 1e9,
    };
    this.#writer?.write(packet);
    if (this.#writer === null || this.options.print) {
      if (!this.options.countOnly) this.process.stdout.write(this.#printer.print(packet));
    }
  }
}

/** A frame with the 802.1Q tag that the kernel took off it. */
function withTag(bytes: Uint8Array, tci: number): Uint8Array {
  const tagged = new Uint8Array(bytes.length + 4);
  tagged.set(bytes.subarray(0, 12));
  put16(tagged, 12, 0x8100);
  put16(tagged, 14, tci);
  tagged.set(bytes.subarray(12), 16);
  return tagged;
}

/** SLL and SLL2 headers (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2). */
function cookedHeader(frame: Frame, linkType: number): Uint8Array {
  const sender = frame.sender.subarray(0, 8);
  if (linkType === LINKTYPE_LINUX_SLL) {
    const header = new Uint8Array(16);
    put16(header, 0, frame.kind);
    put16(header, 2, frame.device.type);
    put16(header, 4, sender.length);
    header.set(sender, 6);
    put16(header, 14, frame.protocol);
    return header;
  }
  const header = new Uint8Array(20);
  put16(header, 0, frame.protocol);
  put32(header, 4, frame.device.index);
  put16(header, 8, frame.device.type);
  header[10] = frame.kind;
  header[11] = sender.length;
  header.set(sender, 12);
  return header;
}
