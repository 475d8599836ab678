/**
 * `/etc/hosts`: looked up as glibc's `files` service does (nss/nss_files/files-hosts.c), and edited as text, so that comments,
 * order and tabs stay as the user wrote them.
 *
 * @module
 */
import type { IpAddress } from "../ip/host.ts";
import { equal6, formatIpv6, IN6ADDR_LOOPBACK, parseIpv6 } from "../wire/ipv6.ts";
import { formatIpv4, INADDR_LOOPBACK, parseIpv4 } from "../wire/ipv4.ts";
import { KernelError } from "../wire/errno.ts";
import type { FileView } from "./file_system.ts";

/** One line that says something. */
export interface HostsEntry {
  /** As a number (IPv4) or 16 octets. */
  readonly address: IpAddress;
  /** As written. */
  readonly addressText: string;
  /** The first name; "" where the line has none. */
  readonly name: string;
  /** The names after the first. */
  readonly aliases: readonly string[];
}

/** What one name or address has, as `struct hostent` holds it. */
export interface HostEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly family: 4 | 6;
  readonly addresses: readonly IpAddress[];
}

/** Octets of `/etc/hosts` beyond which the rest is not read. */
export const HOSTS_LIMIT = 16 << 20;

function parseLine(line: string): HostsEntry | null {
  const fields = line.replace(/#.*$/, "").split(/[ \t\r\v\f]+/).filter((field) => field !== "");
  if (fields.length === 0) return null;
  const address = parseIpv4(fields[0]) ?? parseIpv6(fields[0]);
  if (address === null) return null;
  return { address, addressText: fields[0], name: fields[1] ?? "", aliases: fields.slice(2) };
}

/** All entries of the text of a hosts file; lines that say nothing, or that glibc does not understand, are passed over. */
export function parseHosts(text: string): HostsEntry[] {
  const entries: HostsEntry[] = [];
  for (const line of text.split("\n")) {
    const entry = parseLine(line);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

function isMapped(address: Uint8Array): boolean {
  return address.subarray(0, 10).every((octet) => octet === 0) && address[10] === 255 && address[11] === 255;
}

/** What an entry's address is to a look-up of one family: null when it has none. An IPv4 look-up takes `::1` for 127.0.0.1. */
export function addressFor(entry: HostsEntry, family: 4 | 6): IpAddress | null {
  const address = entry.address;
  if (typeof address === "number") return family === 4 ? address : null;
  if (family === 6) return address;
  if (isMapped(address)) return ((address[12] << 24) | (address[13] << 16) | (address[14] << 8) | address[15]) >>> 0;
  return equal6(address, IN6ADDR_LOOPBACK) ? INADDR_LOOPBACK : null;
}

function sameName(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase() === b.toLowerCase();
}

function hasName(entry: HostsEntry, name: string): boolean {
  return sameName(entry.name, name) || entry.aliases.some((alias) => sameName(alias, name));
}

/** `gethostbyname2`: all addresses of a name in one family, with the names of all lines that have it. Null: not found. */
export function hostByName(entries: readonly HostsEntry[], name: string, family: 4 | 6): HostEntry | null {
  let found: { name: string; aliases: string[]; addresses: IpAddress[] } | null = null;
  for (const entry of entries) {
    if (!hasName(entry, name)) continue;
    const address = addressFor(entry, family);
    if (address === null) continue;
    if (found === null) found = { name: entry.name, aliases: [...entry.aliases], addresses: [address] };
    else {
      found.addresses.push(address);
      for (const alias of [entry.name, ...entry.aliases]) if (alias !== found.name) found.aliases.push(alias);
    }
  }
  return found === null ? null : { ...found, family };
}

/** `gethostbyaddr`: the first line that has the address. */
export function hostByAddress(entries: readonly HostsEntry[], address: IpAddress): HostEntry | null {
  const family = typeof address === "number" ? 4 : 6;
  for (const entry of entries) {
    const own = addressFor(entry, family);
    if (own === null) continue;
    const same = typeof own === "number" ? own === address : equal6(own, address as Uint8Array);
    if (same) return { name: entry.name, aliases: entry.aliases, family, addresses: [address] };
  }
  return null;
}

/** Entries of the file as a process sees it; none when it cannot be read. */
export function readHosts(files: FileView): HostsEntry[] {
  try {
    return parseHosts(files.readText("/etc/hosts").slice(0, HOSTS_LIMIT));
  } catch (error) {
    if (error instanceof KernelError) return [];
    throw error;
  }
}

function addressText(address: string | IpAddress): string {
  if (typeof address === "string") return address;
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

/** The hosts file of a machine or namespace, for programs that edit it. */
export class HostsFile {
  /** Where the file is. */
  readonly files: FileView;
  /** `/etc/hosts`, or `/etc/netns/NAME/hosts`. */
  readonly path: string;

  /** For those who make namespaces. */
  constructor(files: FileView, path = "/etc/hosts") {
    this.files = files;
    this.path = path;
  }

  /** The file's text; "" when there is none. */
  get text(): string {
    return this.files.exists(this.path) ? this.files.readText(this.path) : "";
  }

  /** Puts other text in its place. */
  set text(text: string) {
    this.files.write(this.path, text);
  }

  /** The lines that say something. */
  entries(): HostsEntry[] {
    return parseHosts(this.text);
  }

  /**
   * Adds a line for an address and its names at the end of the file.
   *
   * @throws {TypeError} not an address, or a name that a hosts file cannot hold
   */
  add(address: string, ...names: string[]): void {
    if (parseIpv4(address) === null && parseIpv6(address) === null) {
      throw new TypeError(`Not an IP address: "${address}"`);
    }
    if (names.length === 0) throw new TypeError("A name is needed beside the address");
    const wrong = names.find((name) => !/^[^\s#]+$/.test(name));
    if (wrong !== undefined) throw new TypeError(`A hosts file cannot hold the name "${wrong}"`);
    const text = this.text;
    const between = text === "" || text.endsWith("\n") ? "" : "\n";
    this.text = `${text}${between}${address}\t${names.join(" ")}\n`;
  }

  /**
   * Takes a name, or all lines of an address, out of the file. A line that keeps other names stays, with its comment and
   * spaces. Returns whether anything was taken out.
   */
  remove(nameOrAddress: string): boolean {
    const address = parseIpv4(nameOrAddress) ?? parseIpv6(nameOrAddress);
    const wanted = address === null ? null : addressText(address);
    let changed = false;
    const lines: string[] = [];
    for (const line of this.text.split("\n")) {
      const entry = parseLine(line);
      const gone = entry !== null &&
        (wanted !== null ? addressText(entry.address) === wanted : hasName(entry, nameOrAddress));
      if (!gone) {
        lines.push(line);
        continue;
      }
      changed = true;
      const kept = wanted !== null ? null : withoutName(line, nameOrAddress);
      if (kept !== null) lines.push(kept);
    }
    if (changed) this.text = lines.join("\n");
    return changed;
  }
}

/** A line without one of its names; null when none is left. */
function withoutName(line: string, name: string): string | null {
  const [, before, names, comment] = /^([ \t]*[^ \t#]+)([^#]*)(#.*)?$/.exec(line)!;
  const kept = names.replace(/[ \t]+([^ \t]+)/g, (field, one: string) => sameName(one, name) ? "" : field);
  return kept.trim() === "" ? null : before + kept + (comment ?? "");
}
