/** `ifconfig`, as of net-tools 2.10: words are applied one after the other, and a failure does not stop those that follow. */
import { NAME_LIMIT } from "../../device/interface.ts";
import type { LinkChange } from "../../device/link.ts";
import { KernelError, strerror } from "../../wire/errno.ts";
import { mask4 } from "../../wire/ipv4.ts";
import { parseMac } from "../../wire/ethernet.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import { lookUp, parseInetAton } from "../name_lookup.ts";
import type { Process, Tool } from "../process.ts";
import * as change from "./change.ts";
import { everything, find, formatLong, formatShort, SHORT_HEADER, type Shown } from "./show.ts";
import { HELP_ERROR, HELP_OUTPUT, USAGE } from "./usage.ts";

/** Ends the program: what it says on standard error, and its exit code. */
class Ended extends Error {
  constructor(readonly text: string, readonly code: number) {
    super(text);
  }
}

interface Options {
  all: boolean;
  short: boolean;
}

export const ifconfig: Tool = async (process: Process): Promise<number> => {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    process.stderr.write(error.text);
    return error.code;
  }
};

async function run(process: Process): Promise<number> {
  const options: Options = { all: false, short: false };
  const words = [...process.args];
  while (words.length > 0 && words[0].startsWith("-")) {
    const option = words.shift()!;
    if (option === "-a") options.all = true;
    else if (option === "-s") options.short = true;
    else if (option === "-V" || option === "-version" || option === "--version") {
      process.stdout.write("net-tools 2.10\n");
      return 0;
    } else if (["-?", "-h", "-help", "--help"].includes(option)) {
      process.stderr.write(HELP_ERROR);
      process.stdout.write(HELP_OUTPUT);
      return 0;
    } else if (option !== "-v") {
      throw new Ended(
        `ifconfig: option \`${option}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
        1,
      );
    }
  }
  if (words.length === 0) return showAll(process, options);
  const name = words.shift()!.slice(0, NAME_LIMIT);
  if (words.length === 0) return showOne(process, options, name);
  return await new Setting(process, name, words).run();
}

function showAll(process: Process, options: Options): number {
  if (options.short) process.stdout.write(SHORT_HEADER);
  for (const shown of everything(process.namespace)) {
    if (options.all || shown.device.up) process.stdout.write(format(process, options, shown));
  }
  return 0;
}

function showOne(process: Process, options: Options, name: string): number {
  if (options.short) process.stdout.write(SHORT_HEADER);
  const shown = find(process.namespace, name);
  if (shown === null) throw new Ended(`${name}: error fetching interface information: Device not found\n`, 1);
  process.stdout.write(format(process, options, shown));
  return 0;
}

function format(process: Process, options: Options, shown: Shown): string {
  return options.short ? formatShort(shown) : formatLong(process.namespace, shown);
}

/** Words that set a flag, and with `-` before them clear it. */
const FLAGS: Record<string, LinkChange> = {
  arp: { arp: true },
  "-arp": { arp: false },
  promisc: { promiscuity: true },
  "-promisc": { promiscuity: false },
  multicast: { multicast: true },
  "-multicast": { multicast: false },
  allmulti: { allMulticast: true },
  "-allmulti": { allMulticast: false },
  up: { up: true },
  down: { up: false },
};

/** Flags that have no effect here. */
const IGNORED = ["trailers", "-trailers", "dynamic", "-dynamic", "-pointopoint"];

/** The settings of one call. */
class Setting {
  readonly #process: Process;
  readonly #words: string[];
  #name: string;
  #family: "inet" | "inet6" = "inet";
  #code = 0;
  /** A mask was given by word; one that came with the address waits for the end. */
  #hasNetmask = false;
  #pendingNetmask: number | null = null;

  constructor(process: Process, name: string, words: string[]) {
    this.#process = process;
    this.#name = name;
    this.#words = words;
  }

  async run(): Promise<number> {
    if (this.#words[0] === "inet" || this.#words[0] === "inet6") this.#family = this.#words.shift() as "inet" | "inet6";
    while (this.#words.length > 0) await this.#word(this.#words.shift()!);
    const mask = this.#pendingNetmask;
    if (mask !== null) this.#try("SIOCSIFNETMASK", () => change.setNetmask(this.#process.namespace, this.#name, mask));
    return this.#code & 255;
  }

  /** The word after a keyword; without one it is wrong use. */
  #value(): string {
    const word = this.#words.shift();
    if (word === undefined) throw new Ended(USAGE, 3);
    return word;
  }

  /** An ioctl: what it refuses is said, and the exit code is 1. */
  #try(call: string, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.#fail(`${call}: ${strerror(error.errno)}\n`, 1);
      return false;
    }
  }

  #fail(text: string, code: number): void {
    this.#process.stderr.write(text);
    this.#code |= code;
  }

  /** `set_flag`, `clr_flag`: exit code 255. */
  #flag(flags: LinkChange): void {
    const { namespace } = this.#process;
    if (find(namespace, this.#name) === null) {
      this.#fail(`${this.#name}: ERROR while getting interface flags: No such device\n`, -1);
      return;
    }
    try {
      change.setFlags(namespace, this.#name, flags);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.#fail(`SIOCSIFFLAGS: ${strerror(error.errno)}\n`, -1);
    }
  }

  async #word(word: string): Promise<void> {
    const { namespace } = this.#process;
    const name = this.#name;
    if (word in FLAGS) this.#flag(FLAGS[word]);
    else if (IGNORED.includes(word)) this.#flag({});
    else if (word === "mtu") {
      const mtu = Number.parseInt(this.#value()) || 0;
      this.#try("SIOCSIFMTU", () => change.setLink(namespace, name, { mtu }));
    } else if (word === "txqueuelen") {
      const txqueuelen = Number.parseInt(this.#value()) || 0;
      this.#try("SIOCSIFTXQLEN", () => change.setLink(namespace, name, { txqueuelen }));
    } else if (word === "-broadcast") {
      this.#fail(`Warning: Interface ${name} still in BROADCAST mode.\n`, 0);
    } else if (word === "broadcast") {
      const given = this.#words.length > 0;
      if (!given || await this.#addressed("SIOCSIFBRDADDR", change.setBroadcast)) this.#flag({});
    } else if (word === "dstaddr") await this.#addressed("SIOCSIFDSTADDR", change.setDestination);
    else if (word === "pointopoint") {
      const given = this.#words.length > 0;
      if (!given || await this.#addressed("SIOCSIFDSTADDR", change.setDestination)) this.#flag({});
    } else if (word === "netmask") {
      if (this.#words.length === 0 || this.#hasNetmask) throw new Ended(USAGE, 3);
      this.#hasNetmask = true;
      await this.#addressed("SIOCSIFNETMASK", change.setNetmask);
    } else if (word === "name") {
      const to = this.#value();
      if (this.#try("SIOCSIFNAME", () => change.setLink(namespace, name, { name: to }))) this.#name = to;
    } else if (word === "hw") this.#hardware();
    else if (word === "add" || word === "del") await this.#addOrDelete(word === "add");
    else if (word === "tunnel") {
      this.#value();
      this.#fail("SIOCSIFDSTADDR: No such device\n", 1);
    } else if (word === "outfill" || word === "keepalive") {
      this.#value();
      this.#fail(`SIOCS${word.toUpperCase()}: Operation not supported\n`, 1);
    } else if (["mem_start", "io_addr", "irq", "media"].includes(word)) {
      this.#value();
      this.#fail(`${word}: SIOCSIFMAP: Operation not supported\n`, 1);
    } else await this.#address(word);
  }

  /** A keyword with an address: a name that nobody knows is said (false), and the next word is taken. */
  async #addressed(
    call: string,
    set: (namespace: Process["namespace"], name: string, address: number) => void,
  ): Promise<boolean> {
    const host = this.#value();
    const address = await this.#resolve(host);
    if (typeof address === "string") {
      this.#fail(`${host}: ${address}\n`, 1);
      return false;
    }
    this.#try(call, () => set(this.#process.namespace, this.#name, address));
    return true;
  }

  #hardware(): void {
    const type = this.#value();
    if (type !== "ether") throw new Ended(USAGE, 3);
    const text = this.#value();
    const address = parseMac(text);
    if (address === null) this.#fail(`${text}: invalid ether address.\n`, 1);
    else this.#try("SIOCSIFHWADDR", () => change.setLink(this.#process.namespace, this.#name, { address }));
  }

  async #addOrDelete(adds: boolean): Promise<void> {
    const { namespace } = this.#process;
    const [host, length] = this.#value().split("/", 2);
    if (host.includes(":")) {
      const prefixLength = length === undefined ? 128 : Number(length);
      if (!(prefixLength >= 0 && prefixLength <= 128)) throw new Ended(USAGE, 3);
      const address = parseIpv6(host);
      if (address === null) this.#fail(`${host}: Unknown host\n`, 1);
      else if (find(namespace, this.#name) === null) this.#fail("SIOGIFINDEX: No such device\n", 1);
      else {
        const call = adds ? "SIOCSIFADDR" : "SIOCDIFADDR";
        this.#try(call, () => change.changeAddress6(namespace, this.#name, address, prefixLength, adds));
      }
      return;
    }
    const address = await this.#resolve(host);
    if (typeof address === "string") this.#fail(`${host}: ${address}\n`, 1);
    else if (find(namespace, this.#name) === null) {
      this.#fail(`${this.#name}: error fetching interface information: Device not found\n`.repeat(2), 0);
    } else if (adds) this.#try("SIOCSIFADDR", () => change.addAlias(namespace, this.#name, address));
    else this.#try("SIOCSIFADDR", () => change.deleteAlias(namespace, this.#name, address));
  }

  /** The address of the interface: it comes up with it. */
  async #address(word: string): Promise<void> {
    const { namespace } = this.#process;
    if (this.#family === "inet6") return this.#address6(word);
    const [host, length] = word.split("/", 2);
    if (length !== undefined) {
      const bits = Number(length);
      if (!/^\d+$/.test(length) || this.#hasNetmask) throw new Ended(USAGE, 3);
      this.#pendingNetmask = bits === 32 ? 0xffffffff : mask4(bits % 32); // as a shift of 32 bits has it
    }
    const address = await this.#resolve(host);
    if (typeof address === "string") {
      throw new Ended(`${host}: ${address}\nifconfig: \`--help' gives usage information.\n`, 1);
    }
    this.#try("SIOCSIFADDR", () => change.setAddress(namespace, this.#name, address));
    // A label whose address was taken away is not there any more.
    if (address !== 0 || !this.#name.includes(":")) this.#flag({ up: true });
  }

  #address6(word: string): void {
    const [host, length] = word.split("/", 2);
    const address = parseIpv6(host);
    if (address === null) {
      throw new Ended(`${host}: Unknown host\nifconfig: \`--help' gives usage information.\n`, 1);
    }
    const prefixLength = length === undefined ? 128 : Number(length);
    const { namespace } = this.#process;
    this.#try("SIOCSIFADDR", () => change.changeAddress6(namespace, this.#name, address, prefixLength, true));
    this.#flag({ up: true });
  }

  /** An IPv4 address by number or name, or why there is none. */
  async #resolve(host: string): Promise<number | string> {
    if (host === "default") return 0;
    const number = parseInetAton(host);
    if (number !== null) return number;
    if (/^[\d.]+$/.test(host)) return "Unknown host";
    const found = await lookUp(this.#process, host);
    if (typeof found === "string") return "Host name lookup failure";
    const four = found.find(({ version }) => version === 4);
    return four === undefined ? "Unknown host" : four.address as number;
  }
}
