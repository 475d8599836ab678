/** `getent hosts|ahosts|ahostsv4|ahostsv6|services|protocols` (glibc's nss/getent.c). */
import type { IpAddress } from "../ip/host.ts";
import {
  addressFor,
  hostByAddress,
  hostByName,
  type HostEntry,
  type HostsEntry,
  readHosts,
} from "../namespace/hosts.ts";
import { type NameContext, type ResolvedAddress, ResolveError, resolveName } from "../namespace/resolver.ts";
import { formatIpv4, parseIpv4 } from "../wire/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../wire/ipv6.ts";
import { OptionParser } from "./getopt.ts";
import type { Process } from "./process.ts";

const HINT = "Try `getent --help' or `getent --usage' for more information.\n";
/** A key that was not found. */
const NOT_FOUND = 2;

type Database = (process: Process, keys: readonly string[]) => number | Promise<number>;

function text(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

function printHost(process: Process, host: Pick<HostEntry, "name" | "aliases" | "addresses">): void {
  for (const address of host.addresses) {
    process.stdout.write(`${text(address).padEnd(15)} ${[host.name, ...host.aliases].join(" ")}\n`);
  }
}

/** All entries, as `gethostent` gives them: as IPv4 only. */
function allHosts(process: Process, entries: readonly HostsEntry[]): number {
  for (const entry of entries) {
    const address = addressFor(entry, 4);
    if (address !== null) printHost(process, { ...entry, addresses: [address] });
  }
  return 0;
}

function context(process: Process): NameContext {
  return { namespace: process.namespace, files: process.files };
}

async function findHost(process: Process, entries: readonly HostsEntry[], key: string): Promise<HostEntry | null> {
  const service = process.machine.nameService;
  const address = parseIpv6(key) ?? parseIpv4(key);
  if (address !== null) {
    const known = hostByAddress(entries, address);
    if (known !== null || service === null) return known;
    const name = await service.reverse(address, context(process));
    return name === null
      ? null
      : { name, aliases: [], family: typeof address === "number" ? 4 : 6, addresses: [address] };
  }
  const known = hostByName(entries, key, 6) ?? hostByName(entries, key, 4);
  if (known !== null || service === null) return known;
  for (const family of [6, 4] as const) {
    try {
      const { addresses, canonicalName } = await service.lookup(key, family, context(process));
      return { name: canonicalName, aliases: [], family, addresses: addresses.map((one) => one.address) };
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
    }
  }
  return null;
}

async function hosts(process: Process, keys: readonly string[]): Promise<number> {
  const entries = readHosts(process.files);
  if (keys.length === 0) return allHosts(process, entries);
  let status = 0;
  for (const key of keys) {
    const host = await findHost(process, entries, key);
    if (host === null) status = NOT_FOUND;
    else printHost(process, host);
  }
  return status;
}

function printAddress(process: Process, { address, scope }: ResolvedAddress, name: string): void {
  const zone = scope === 0 ? "" : `%${scope}`;
  const shown = `${text(address)}${zone}`.padEnd(15 - zone.length);
  for (const [type, shownName] of [["STREAM", name], ["DGRAM", ""], ["RAW", ""]]) {
    process.stdout.write(`${shown} ${type.padEnd(6)} ${shownName}\n`);
  }
}

function ahosts(family: 4 | 6 | null): Database {
  return async (process, keys) => {
    if (keys.length === 0) return allHosts(process, readHosts(process.files));
    let status = 0;
    for (const key of keys) {
      try {
        const options = { family, addressConfigured: true, service: process.machine.nameService };
        const { addresses, canonicalName } = await resolveName(context(process), key, options);
        addresses.forEach((one, i) => printAddress(process, one, i === 0 ? canonicalName : ""));
      } catch (error) {
        if (!(error instanceof ResolveError)) throw error;
        status = NOT_FOUND;
      }
    }
    return status;
  };
}

/** Lines of a file such as `/etc/services`, without comments. */
function lines(process: Process, path: string): string[][] {
  if (!process.files.exists(path)) return [];
  return process.files.readText(path).split("\n")
    .map((line) => line.replace(/#.*/, "").split(/\s+/).filter((word) => word !== ""))
    .filter((words) => words.length > 1);
}

const WIDTHS = { services: 21, protocols: 21 } as const;

function table(name: "services" | "protocols"): Database {
  return (process, keys) => {
    const rows = lines(process, `/etc/${name}`);
    const print = ([first, second, ...aliases]: string[]) =>
      process.stdout.write(`${first.padEnd(WIDTHS[name])} ${[second, ...aliases].join(" ")}\n`);
    if (keys.length === 0) {
      rows.forEach(print);
      return 0;
    }
    let status = 0;
    for (const key of keys) {
      const [wanted, protocol] = key.split("/");
      const row = rows.find(([first, second, ...aliases]) => {
        const [number, own] = second.split("/");
        if (protocol !== undefined && own !== protocol) return false;
        return first === wanted || number === wanted || aliases.includes(wanted);
      });
      if (row === undefined) status = NOT_FOUND;
      else print(row);
    }
    return status;
  };
}

const DATABASES: ReadonlyMap<string, Database> = new Map<string, Database>([
  ["ahosts", ahosts(null)],
  ["ahostsv4", ahosts(4)],
  ["ahostsv6", ahosts(6)],
  ["hosts", hosts],
  ["protocols", table("protocols")],
  ["services", table("services")],
]);

export async function getent(process: Process): Promise<number> {
  const options = new OptionParser(
    "getent",
    process.args,
    "is:",
    (sentence) => process.stderr.write(`${sentence}\n${HINT}`),
    [{ name: "no-idn", option: "i" }, { name: "service", argument: 1, option: "s" }],
  );
  for (let one = options.next(); one !== null; one = options.next()) if (one.option === "?") return 64;
  const [name, ...keys] = options.operands;
  if (name === undefined) {
    process.stderr.write(`getent: wrong number of arguments\n${HINT}`);
    return 1;
  }
  const database = DATABASES.get(name);
  if (database === undefined) {
    process.stderr.write(`Unknown database: ${name}\n${HINT}`);
    return 1;
  }
  return await database(process, keys);
}
