/** `arp`, as of net-tools 2.10: /proc/net/arp as a table, and SIOCSARP and SIOCDARP over netlink's requests. */
import { ARPHRD_ETHER, type Interface } from "../../device/interface.ts";
import { NTF_PROXY, NUD_PERMANENT, NUD_STALE } from "../../ip/netlink.ts";
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { formatMac, parseMac } from "../../wire/ethernet.ts";
import { formatIpv4, parseIpv4 } from "../../wire/ipv4.ts";
import { lookUp, nameOf, parseInetAton } from "../name_lookup.ts";
import type { Process, Tool } from "../process.ts";
import { HELP_ERROR, HELP_OUTPUT, USAGE, VERSION } from "./usage.ts";

const ATF_COM = 0x02;
const ATF_PERM = 0x04;
const ATF_PUBL = 0x08;

/** Ends the program: what it says on standard error, and its exit code. */
class Ended extends Error {
  constructor(readonly text: string, readonly code: number) {
    super(text);
  }
}

interface Options {
  numeric: boolean;
  verbose: boolean;
  /** `-a`: `? (10.0.0.1) at …`. */
  bsd: boolean;
  device: string;
  useDevice: boolean;
  action: "show" | "set" | "delete" | "file" | "help" | "version";
}

export const arp: Tool = async (process: Process): Promise<number> => {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    process.stderr.write(error.text);
    return error.code;
  }
};

const LONG: Record<string, string> = {
  "--verbose": "v",
  "--numeric": "n",
  "--all": "a",
  "--device": "i",
  "--set": "s",
  "--delete": "d",
  "--file": "f",
  "--version": "V",
  "--use-device": "D",
  "--help": "h",
  "--hw-type": "H",
  "--protocol": "p",
};

function readOptions(words: string[]): Options {
  const options: Options = {
    numeric: false,
    verbose: false,
    bsd: false,
    device: "",
    useDevice: false,
    action: "show",
  };
  while (words.length > 0 && words[0].startsWith("-") && words[0] !== "-") {
    const word = words.shift()!;
    const letters = word.startsWith("--") ? LONG[word] ?? "?" : word.slice(1);
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i];
      if (!"iHtAp".includes(letter)) readLetter(options, letter, word);
      else {
        const rest = letters.slice(i + 1);
        readValue(options, letter, rest !== "" ? rest : words.shift() ?? "");
        break;
      }
    }
  }
  return options;
}

function readLetter(options: Options, letter: string, word: string): void {
  if (letter === "n") options.numeric = true;
  else if (letter === "v") options.verbose = true;
  else if (letter === "a") options.bsd = true;
  else if (letter === "e") options.bsd = false;
  else if (letter === "D") options.useDevice = true;
  else if (letter === "s") options.action = "set";
  else if (letter === "d") options.action = "delete";
  else if (letter === "f") options.action = "file";
  else if (letter === "V") options.action = "version";
  else if (letter === "h") options.action = "help";
  else {
    const what = word.startsWith("--") ? `unrecognized option '${word}'` : `invalid option -- '${letter}'`;
    throw new Ended(`arp: ${what}\n${USAGE}`, 3);
  }
}

function readValue(options: Options, letter: string, value: string): void {
  if (letter === "i") options.device = value;
  else if (letter === "H" || letter === "t") {
    if (value !== "ether") throw new Ended(`arp: ${value}: unknown hardware type.\n`, 255);
  } else if (value !== "inet") throw new Ended(`arp: ${value}: unknown address family.\n`, 255);
}

async function run(process: Process): Promise<number> {
  const words = [...process.args];
  const options = readOptions(words);
  switch (options.action) {
    case "version":
      process.stdout.write(VERSION);
      return 0;
    case "help":
      process.stderr.write(HELP_ERROR);
      process.stdout.write(HELP_OUTPUT);
      return 0;
    case "set":
      return await set(process, options, words);
    case "delete":
      return await remove(process, options, words);
    case "file":
      return await setFromFile(process, options, words[0] ?? "/etc/ethers");
    default:
      return await show(process, options, words[0]);
  }
}

async function resolve(process: Process, host: string): Promise<number> {
  const number = parseInetAton(host);
  if (number !== null) return number;
  const found = /^[\d.]+$/.test(host) ? [] : await lookUp(process, host);
  if (typeof found === "string") throw new Ended(`${host}: Host name lookup failure\n`, 255);
  const four = found.find(({ version }) => version === 4);
  if (four === undefined) throw new Ended(`${host}: Unknown host\n`, 255);
  return four.address as number;
}

async function show(process: Process, options: Options, host: string | undefined): Promise<number> {
  const wanted = host === undefined ? null : formatIpv4(await resolve(process, host));
  let entries = 0;
  let shown = 0;
  for (const line of process.files.readText("/proc/net/arp").split("\n").slice(1)) {
    const [address, , flags, hardware, , device] = line.trim().split(/\s+/);
    if (device === undefined) continue;
    entries++;
    if ((wanted !== null && address !== wanted) || (options.device !== "" && device !== options.device)) continue;
    if (shown++ === 0 && !options.bsd) {
      process.stdout.write(
        "Address                  HWtype  HWaddress           Flags Mask            Iface\n",
      );
    }
    const name = options.numeric ? null : await nameOf(process, parseIpv4(address)!);
    const entry = { address, flags: Number(flags), hardware, device };
    process.stdout.write(options.bsd ? formatBsd(entry, name) : formatLinux(entry, name));
  }
  if (options.verbose) {
    process.stdout.write(`Entries: ${entries}\tSkipped: ${entries - shown}\tFound: ${shown}\n`);
  }
  if (shown === 0) {
    if (host !== undefined) process.stdout.write(`${host} (${wanted}) -- no entry\n`);
    else if (options.device !== "") process.stdout.write(`arp: in ${entries} entries no match found.\n`);
  }
  return 0;
}

interface Entry {
  address: string;
  flags: number;
  hardware: string;
  device: string;
}

function formatLinux(entry: Entry, name: string | null): string {
  const { flags } = entry;
  const [type, hardware] = (flags & ATF_COM) !== 0
    ? ["ether", entry.hardware]
    : (flags & ATF_PUBL) !== 0
    ? ["*", "<from_interface>"]
    : ["", "(incomplete)"];
  let letters = (flags & ATF_COM) !== 0 ? "C" : "";
  if ((flags & ATF_PERM) !== 0) letters += "M";
  if ((flags & ATF_PUBL) !== 0) letters += "P";
  const start = `${(name ?? entry.address).slice(0, 23).padEnd(23)}  ${type.padEnd(8)}${hardware.padEnd(20)}`;
  return `${start}${letters.padEnd(6)}${" ".repeat(15)} ${entry.device}\n`;
}

function formatBsd(entry: Entry, name: string | null): string {
  const { flags } = entry;
  let text = `${name ?? "?"} (${entry.address}) at `;
  if ((flags & ATF_COM) !== 0) text += `${entry.hardware} [ether] `;
  else text += (flags & ATF_PUBL) !== 0 ? "<from_interface> " : "<incomplete> ";
  if ((flags & ATF_PERM) !== 0) text += "PERM ";
  if ((flags & ATF_PUBL) !== 0) text += "PUB ";
  return `${text}on ${entry.device}\n`;
}

/** Words behind host and address. */
interface Flags {
  permanent: boolean;
  published: boolean;
  device: string;
}

function readFlags(options: Options, words: string[], permanent: boolean): Flags {
  const flags: Flags = { permanent, published: false, device: options.device };
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === "pub") flags.published = flags.permanent = true;
    else if (word === "priv") flags.published = false;
    else if (word === "temp") flags.permanent = false;
    else if (word === "trail" || word === "dontpub") continue;
    else if (word === "auto") flags.published = true;
    else if (word === "dev") {
      const name = words.shift();
      if (name === undefined) throw new Ended(USAGE, 3);
      flags.device = name;
    } else if (word === "netmask") {
      if (words.shift() === undefined) throw new Ended(USAGE, 3);
    } else throw new Ended(USAGE, 3);
  }
  return flags;
}

/** The interface that an entry is of: the one named, or where the address is on the link (`arp_req_set`). */
function deviceFor(process: Process, name: string, address: number): Interface {
  if (name !== "") {
    const device = process.namespace.interfaces.byName(name);
    if (device === undefined) throw new KernelError(Errno.ENODEV);
    return device;
  }
  return process.namespace.ipv4.getRoute({ destination: address }).device;
}

async function set(process: Process, options: Options, words: string[]): Promise<number> {
  const host = words.shift();
  if (host === undefined) throw new Ended("arp: need host name\n", 255);
  const address = await resolve(process, host);
  const text = words.shift();
  if (text === undefined) throw new Ended("arp: need hardware address\n", 255);
  const hardware = options.useDevice ? addressOf(process, text) : parseMac(text);
  if (hardware === null) throw new Ended("arp: invalid hardware address\n", 255);
  const flags = readFlags(options, words, true);
  attempt("SIOCSARP", () => {
    if (address === 0) throw new KernelError(Errno.EINVAL);
    if (flags.published && flags.device === "") throw new KernelError(Errno.ENODEV);
    const device = deviceFor(process, flags.device, address);
    if (device.type !== ARPHRD_ETHER) throw new KernelError(Errno.EINVAL);
    const state = flags.permanent ? NUD_PERMANENT : NUD_STALE;
    const request = flags.published
      ? { address, device, flags: NTF_PROXY }
      : { address, device, linkAddress: hardware, state };
    process.namespace.ipv4.setNeighbour(request, "replace");
  });
  return 0;
}

function addressOf(process: Process, name: string): Uint8Array {
  const device = process.namespace.interfaces.byName(name);
  if (device === undefined) throw new Ended(`arp: cant get HW-Address for \`${name}': No such device.\n`, 255);
  return parseMac(formatMac(device.address))!;
}

async function remove(process: Process, options: Options, words: string[]): Promise<number> {
  const host = words.shift();
  if (host === undefined) throw new Ended("arp: need host name\n", 255);
  const address = await resolve(process, host);
  const flags = readFlags(options, words, false);
  const { ipv4 } = process.namespace;
  attempt(flags.published ? "SIOCDARP(pub)" : "SIOCDARP(dontpub)", () => {
    if (flags.published) {
      const entry = ipv4.proxyNeighbours().find((each) => each.address === address);
      if (entry === undefined) throw new Ended(`No ARP entry for ${host}\n`, 255);
      ipv4.deleteNeighbour({ address, device: entry.device, flags: NTF_PROXY });
      return;
    }
    const device = deviceFor(process, flags.device, address);
    if (!ipv4.neighbours(device).some((each) => each.address === address)) {
      throw new Ended(`No ARP entry for ${host}\n`, 255);
    }
    ipv4.deleteNeighbour({ address, device });
  });
  return 0;
}

/** `-f FILE`: a line an entry, as the words behind `-s`. */
async function setFromFile(process: Process, options: Options, name: string): Promise<number> {
  let text: string;
  try {
    text = process.files.readText(process.files.resolve(name, process.cwd));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new Ended(`arp: cannot open etherfile ${name} !\n`, 255);
  }
  let number = 0;
  for (const line of text.split("\n")) {
    number++;
    const words = line.replace(/#.*/, "").trim().split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) continue;
    if (words.length === 1) throw new Ended(`arp: format error on line ${number} of etherfile ${name} !\n`, 255);
    // /etc/ethers has the hardware address first.
    if (parseMac(words[0]) !== null) [words[0], words[1]] = [words[1], words[0]];
    await set(process, options, words);
  }
  return 0;
}

function attempt(call: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new Ended(`${call}: ${strerror(error.errno)}\n`, 255);
  }
}
