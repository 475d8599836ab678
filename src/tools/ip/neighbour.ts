/** `ip neighbour` (`ip/ipneigh.c`). */
import type { Interface } from "../../device/interface.ts";
import * as nl from "../../ip/netlink.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { formatMac } from "../../wire/ethernet.ts";
import { flushComplete } from "./address.ts";
import { type Arguments, CommandError, duplicate, garbage, matches, usage, wrong } from "./arguments.ts";
import { readHardwareAddress } from "./link_words.ts";
import { nudNames, parseNud } from "./names.ts";
import { type Family, familyOf, formatAddress, type Prefix, readAddress, readPrefix, samePrefix } from "./prefix.ts";
import type { Session } from "./session.ts";
import { NEIGHBOUR_USAGE } from "./usage.ts";

/** Entries without a state, where one asks for `nud none`. */
const NO_STATE = 0x100;
/** Rounds that a flush may take. */
const MAX_ROUNDS = 10;

export function neighbour(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, "add");
  if (matches(command, "change") || command === "chg") return modify(session, args, "change");
  if (matches(command, "replace")) return modify(session, args, "replace");
  if (matches(command, "delete")) return modify(session, args, "delete");
  if (matches(command, "get")) return get(session, args);
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "flush")) return flush(session, args);
  if (matches(command, "help")) usage(NEIGHBOUR_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip neigh help".\n`, 255);
}

function readNud(text: string): number {
  return parseNud(text) ?? wrong(text, "nud state is bad");
}

function modify(session: Session, args: Arguments, how: "add" | "change" | "replace" | "delete"): number {
  const { family } = session.options;
  let destination: Prefix | null = null;
  let deviceName: string | null = null;
  let hardware: string | null = null;
  let state = nl.NUD_PERMANENT;
  let flags = 0;
  while (args.more) {
    const word = args.take();
    if (word === "lladdr") hardware = args.value();
    else if (word === "nud") state = readNud(args.value());
    else if (word === "dev") deviceName = args.value();
    else if (word === "router") flags |= nl.NTF_ROUTER;
    else if (word === "use") flags |= nl.NTF_USE;
    else if (word === "proxy") {
      const text = args.value();
      if (matches(text, "help")) usage(NEIGHBOUR_USAGE);
      if (destination !== null) duplicate("address", text);
      destination = readAddress(text, family);
      flags |= nl.NTF_PROXY;
    } else {
      const text = word === "to" ? args.value() : word;
      if (matches(text, "help")) usage(NEIGHBOUR_USAGE);
      if (destination !== null) garbage("to", text);
      destination = readAddress(text, family);
    }
  }
  if (deviceName === null || destination === null) {
    throw new CommandError("Device and destination are required arguments.\n", 255);
  }
  const linkAddress = hardware === null || hardware === "null" ? null : readHardwareAddress(hardware);
  const device = session.device(deviceName);
  const request: nl.NeighbourRequest = { address: destination.address, device, linkAddress, state, flags };
  const target = session.family(destination.family === "inet6" ? "inet6" : "inet");
  if (how === "delete") target.deleteNeighbour(request);
  else target.setNeighbour(request, how);
  return 0;
}

interface Filter {
  family: Family;
  device: Interface | null;
  to: Prefix | null;
  /** NUD_* that are wanted. */
  state: number;
  proxy: boolean;
  router: boolean;
}

function readFilter(session: Session, args: Arguments, state: number): Filter {
  const filter: Filter = {
    family: session.options.family,
    device: null,
    to: null,
    state,
    proxy: false,
    router: false,
  };
  let device: string | null = null;
  let stateGiven = false;
  while (args.more) {
    const word = args.take();
    if (word === "dev") {
      const text = args.value();
      if (device !== null) duplicate("dev", text);
      device = text;
    } else if (word === "master") {
      const text = args.value();
      if (session.findDevice(text) === undefined) wrong(text, "Device does not exist\n");
    } else if (word === "vrf") wrong(args.value(), "Not a valid VRF name\n");
    else if (word === "nomaster" || word === "unused") continue;
    else if (word === "nud") {
      const text = args.value();
      const wanted = text === "all" ? 0xffff : readNud(text);
      filter.state = (stateGiven ? filter.state : 0) | (wanted === 0 ? NO_STATE : wanted);
      stateGiven = true;
    } else if (word === "proxy") filter.proxy = true;
    else if (word === "router") filter.router = true;
    else {
      const text = word === "to" ? args.value() : word;
      if (text !== "" && matches(text, "help")) usage(NEIGHBOUR_USAGE);
      filter.to = readPrefix(text, filter.family);
      if (filter.family === "unspec") filter.family = filter.to.family;
    }
  }
  if (device !== null) filter.device = session.device(device);
  return filter;
}

function selected(session: Session, filter: Filter): nl.Neighbour[] {
  const found: nl.Neighbour[] = [];
  for (const name of ["inet", "inet6"] as const) {
    if (filter.family !== "unspec" && filter.family !== name) continue;
    const family = session.family(name);
    const device = filter.device ?? undefined;
    const entries = filter.proxy ? family.proxyNeighbours(device) : family.neighbours(device);
    for (const entry of entries) if (passes(filter, entry)) found.push(entry);
  }
  return found;
}

function passes(filter: Filter, entry: nl.Neighbour): boolean {
  const proxy = (entry.flags & nl.NTF_PROXY) !== 0;
  if ((filter.state & entry.state) === 0 && !proxy && (entry.state !== 0 || (filter.state & NO_STATE) === 0)) {
    return false;
  }
  if (filter.router && (entry.flags & nl.NTF_ROUTER) === 0) return false;
  const { to } = filter;
  return to === null || to.unspecified ||
    (to.family === familyOf(entry.address) && samePrefix(entry.address, to.address, to.length));
}

function show(session: Session, args: Arguments): number {
  const filter = readFilter(session, args, 0xff & ~nl.NUD_NOARP);
  session.out.begin();
  for (const entry of selected(session, filter)) printNeighbour(session, entry, filter.device === null);
  session.out.end();
  return 0;
}

export function printNeighbour(session: Session, entry: nl.Neighbour, withDevice: boolean, deleted = false): void {
  const { out } = session;
  const address = formatAddress(entry.address);
  out.openObject();
  if (deleted) out.put("deleted", true, "Deleted ");
  out.put("dst", address, `${address} `, familyOf(entry.address));
  if (withDevice) {
    out.text("dev ");
    out.put("dev", entry.device.name, `${entry.device.name} `, "ifname");
  }
  if (entry.linkAddress !== null) {
    const hardware = formatMac(entry.linkAddress);
    out.text("lladdr ");
    out.put("lladdr", hardware, `${hardware} `, "mac");
  }
  if ((entry.flags & nl.NTF_ROUTER) !== 0) out.put("router", null, "router ");
  if ((entry.flags & nl.NTF_PROXY) !== 0) out.put("proxy", null, "proxy ");
  if (session.options.statistics > 0 && (entry.flags & nl.NTF_PROXY) === 0) printAges(session, entry);
  if (entry.state !== 0) {
    out.openArray("state");
    for (const name of nudNames(entry.state)) out.put("", name, `${name} `);
    out.closeArray();
  }
  out.text("\n");
  out.closeObject();
}

/** Seconds since it was used, confirmed and updated. */
function printAges(session: Session, entry: nl.Neighbour): void {
  const { out } = session;
  const age = (at: number) => Math.max(0, Math.floor((session.now - at) / 1e9));
  if (entry.references > 0) out.put("refcnt", entry.references, ` ref ${entry.references}`);
  out.put("used", age(entry.used), ` used ${age(entry.used)}`);
  out.put("confirmed", age(entry.confirmed), `/${age(entry.confirmed)}`);
  out.put("updated", age(entry.updated), `/${age(entry.updated)}`);
  out.put("probes", entry.probes, `probes ${entry.probes} `);
}

function get(session: Session, args: Arguments): number {
  let destination: Prefix | null = null;
  let deviceName: string | null = null;
  let proxy = false;
  while (args.more) {
    const word = args.take();
    if (word === "dev") deviceName = args.value();
    else {
      if (word === "proxy") proxy = true;
      const text = word === "to" || word === "proxy" ? args.value() : word;
      if (matches(text, "help")) usage(NEIGHBOUR_USAGE);
      if (destination !== null) garbage("to", text);
      destination = readAddress(text, session.options.family);
    }
  }
  if (deviceName === null || destination === null) {
    throw new CommandError("Device and address are required arguments.\n", 1);
  }
  const device = session.device(deviceName);
  const family = session.family(destination.family === "inet6" ? "inet6" : "inet");
  const address = formatAddress(destination.address);
  const entries = proxy ? family.proxyNeighbours(device) : family.neighbours(device);
  const entry = entries.find((candidate) => formatAddress(candidate.address) === address);
  if (entry === undefined) {
    throw new KernelError(Errno.ENOENT, proxy ? "Proxy neighbour entry not found" : "Neighbour entry not found");
  }
  session.out.begin();
  printNeighbour(session, entry, true);
  session.out.end();
  return 0;
}

function flush(session: Session, args: Arguments): number {
  const { out, options } = session;
  if (!args.more) throw new CommandError("Flush requires arguments.\n", 1);
  const filter = readFilter(session, args, 0xffff & ~(nl.NUD_PERMANENT | nl.NUD_NOARP));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const entries = selected(session, filter);
    if (entries.length === 0) {
      if (options.statistics > 0) out.text(round === 0 ? "Nothing to flush.\n" : flushComplete(round));
      return 0;
    }
    for (const entry of entries) {
      if (options.statistics > 1) printNeighbour(session, entry, filter.device === null);
      remove(session, entry);
    }
    if (options.statistics > 0) out.text(`\n*** Round ${round + 1}, deleting ${entries.length} entries ***\n`);
    filter.state &= ~nl.NUD_FAILED;
  }
  throw new CommandError(`*** Flush not complete bailing out after ${MAX_ROUNDS} rounds\n`, 1);
}

function remove(session: Session, entry: nl.Neighbour): void {
  const { address, device, flags } = entry;
  try {
    session.family(familyOf(address)).deleteNeighbour({ address, device, flags: flags & nl.NTF_PROXY });
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== Errno.ENOENT) throw error;
  }
}
