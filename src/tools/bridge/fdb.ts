/** `bridge fdb`: which port an address is behind (`bridge/fdb.c`). */
import { Bridge, bridgePort, deleteFdbEntry, setFdbEntry } from "../../device/bridge.ts";
import type { FdbEntry } from "../../device/fdb.ts";
import { ARPHRD_ETHER, type Interface } from "../../device/interface.ts";
import { joinLinkGroup } from "../../device/lifecycle.ts";
import { macNumber } from "../../device/link_groups.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { formatMac, parseMac } from "../../wire/ethernet.ts";
import { type Arguments, CommandError, duplicate, garbage, matches, noDevice, parseUnsigned } from "../ip/arguments.ts";
import type { Session } from "../ip/session.ts";
import { FDB_USAGE } from "./usage.ts";

export function fdb(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, "add");
  if (matches(command, "append")) return modify(session, args, "append");
  if (matches(command, "replace")) return modify(session, args, "replace");
  if (matches(command, "delete")) return modify(session, args, "delete");
  if (matches(command, "get")) return get(session, args);
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "flush")) return flush(session, args);
  if (matches(command, "help")) throw new CommandError(FDB_USAGE, 255);
  throw new CommandError(`Command "${command}" is unknown, try "bridge fdb help".\n`, 255);
}

type State = "permanent" | "static" | "";

/** A line: an entry of a bridge (`master`), or an address that an interface itself listens to (`self`). */
interface Line {
  address: string;
  device: Interface;
  bridge: Bridge | null;
  state: State;
  entry: FdbEntry | null;
}

function stateOf(entry: FdbEntry): State {
  return entry.local ? "permanent" : entry.isStatic ? "static" : "";
}

/** The lines of one interface: of a port its bridge's entries first, of a bridge those it listens to itself. */
function linesOf(session: Session, device: Interface): Line[] {
  const own: Line[] = [];
  if (device.type === ARPHRD_ETHER) {
    for (const address of [...device.unicastList ?? [], ...[...device.multicastList ?? []].map(([group]) => group)]) {
      own.push({ address, device, bridge: null, state: "permanent", entry: null });
    }
  }
  const port = bridgePort(device);
  const bridge = port?.bridge ?? (device.driver instanceof Bridge ? device.driver : null);
  if (bridge === null) return own;
  const entries: Line[] = bridge.fdb.entries(session.now)
    .filter((entry) => entry.port === port)
    .map((entry) => ({ address: formatMac(entry.address), device, bridge, state: stateOf(entry), entry }));
  return port === null ? [...own, ...entries] : [...entries, ...own];
}

interface Filter {
  bridge: Interface | null;
  port: Interface | null;
  state: State | null;
  dynamic: boolean;
  vlan: boolean;
}

function readFilter(session: Session, args: Arguments): Filter {
  const filter: Filter = { bridge: null, port: null, state: null, dynamic: false, vlan: false };
  const find = (name: string, what: string): Interface => {
    const device = session.findDevice(name);
    if (device === undefined) throw new CommandError(`Cannot find ${what} "${name}"\n`, 255);
    return device;
  };
  while (args.more) {
    const word = args.take();
    if (word === "brport" || word === "dev") filter.port = find(args.value(), "device");
    else if (word === "br") filter.bridge = find(args.value(), "bridge device");
    else if (word === "vlan") {
      if (parseUnsigned(args.value(), 4095) === null) throw new CommandError('Invalid VLAN ID "0"\n', 255);
      filter.vlan = true;
    } else if (word === "state") {
      const state = args.value();
      if (matches(state, "permanent")) filter.state = "permanent";
      else if (matches(state, "static") || matches(state, "temp")) filter.state = "static";
      else if (matches(state, "use") || matches(state, "stale")) filter.state = "";
      else if (!matches(state, "all")) throw new CommandError("invalid state\n", 255);
    } else if (matches(word, "dynamic")) filter.dynamic = true;
    else if (matches(word, "help")) throw new CommandError(FDB_USAGE, 255);
  }
  return filter;
}

function show(session: Session, args: Arguments): number {
  const { out } = session;
  const filter = readFilter(session, args);
  out.begin();
  for (const device of session.namespace.interfaces) {
    if (filter.port !== null && device !== filter.port) continue;
    // `rtnl_fdb_dump`: of what is no bridge there is nothing.
    if (filter.bridge !== null && device.master !== filter.bridge) {
      if (device !== filter.bridge || !(device.driver instanceof Bridge)) continue;
    }
    for (const line of linesOf(session, device)) {
      if (filter.vlan || (filter.dynamic && line.state === "permanent")) continue;
      if (filter.state === null || filter.state === line.state) print(session, line, filter.port === null);
    }
  }
  out.end();
  return 0;
}

function print(session: Session, line: Line, withDevice: boolean): void {
  const { out } = session;
  out.openObject();
  out.put("mac", line.address, `${line.address} `, "mac");
  if (withDevice) {
    out.text("dev ");
    out.put("ifname", line.device.name, `${line.device.name} `, "ifname");
  }
  if (session.options.statistics > 0 && line.entry !== null) {
    const age = (at: number) => Math.max(0, Math.floor((session.now - at) / 1e9));
    const [used, updated] = [age(line.entry.used), age(line.entry.updated)];
    out.put("used", used, `used ${used}/`);
    out.put("updated", updated, `${updated} `);
  }
  out.openArray("flags");
  if (line.bridge === null) out.put("", "self", "self ");
  out.closeArray();
  if (line.bridge !== null) {
    const { name } = line.bridge.device;
    out.put("master", name, `master ${name} `, "ifname");
  }
  out.put("state", line.state, line.state);
  out.text("\n");
  out.closeObject();
}

/** What the words of `add` and the others say. */
interface Words {
  device: Interface;
  address: Uint8Array;
  master: boolean;
  kind: "local" | "static" | "dynamic";
}

function readWords(session: Session, args: Arguments): Words {
  let name: string | null = null;
  let text: string | null = null;
  let master = false;
  let kind: Words["kind"] = "local";
  while (args.more) {
    const word = args.take();
    if (word === "dev") name = args.value();
    else if (matches(word, "self") || matches(word, "router") || matches(word, "sticky")) continue;
    else if (matches(word, "master")) master = true;
    else if (matches(word, "local") || matches(word, "permanent")) kind = "local";
    else if (matches(word, "temp") || matches(word, "static")) kind = "static";
    else if (matches(word, "dynamic")) kind = "dynamic";
    else if (["dst", "port", "vni", "src_vni", "via", "nhid", "activity_notify"].includes(word)) args.value();
    else if (matches(word, "vlan")) {
      if (text === null) text = word;
      else {
        const vid = args.value();
        if (parseUnsigned(vid, 4095) === null) duplicate("vlan", vid);
      }
    } else if (word === "use" || matches(word, "extern_learn")) continue;
    else {
      const address = word === "to" ? args.value() : word;
      if (matches(address, "help")) throw new CommandError(FDB_USAGE, 255);
      if (text !== null) garbage("to", address);
      text = address;
    }
  }
  if (name === null || text === null) {
    throw new CommandError("Device and address are required arguments.\n", 255);
  }
  const address = parseMac(text);
  if (address === null) throw new CommandError(`Invalid mac address ${text}\n`, 255);
  const device = session.findDevice(name) ?? noDevice(name, 255);
  return { device, address, master, kind };
}

function modify(session: Session, args: Arguments, how: "add" | "append" | "replace" | "delete"): number {
  const { device, address, master, kind } = readWords(session, args);
  if (device.type !== ARPHRD_ETHER) {
    throw new KernelError(
      Errno.EINVAL,
      `FDB ${how === "delete" ? "delete" : "add"} only supported for Ethernet devices`,
    );
  }
  if (master && bridgePort(device) === null) throw new KernelError(Errno.EOPNOTSUPP);
  if (!master && !(device.driver instanceof Bridge)) changeOwn(device, address, how);
  else if (how === "delete") deleteFdbEntry(device, address);
  else setFdbEntry(device, address, kind, how);
  return 0;
}

/** Without `master` it is the interface itself that is to listen (`ndo_dflt_fdb_add`). */
function changeOwn(device: Interface, address: Uint8Array, how: "add" | "append" | "replace" | "delete"): void {
  const text = formatMac(address);
  const group = (address[0] & 1) !== 0;
  const number = macNumber(address);
  const present = group ? (device.multicastList?.users(number) ?? 0) > 0 : device.unicastList?.has(text) ?? false;
  if (how === "delete") {
    if (!present) throw new KernelError(Errno.ENOENT);
    if (group) device.multicastList!.change(number, -Infinity);
    else device.unicastList!.delete(text);
  } else if (present) {
    if (how === "add") throw new KernelError(Errno.EEXIST);
  } else if (group) joinLinkGroup(device, number, 1);
  else (device.unicastList ??= new Set()).add(text);
}

function get(session: Session, args: Arguments): number {
  let text: string | null = null;
  let device: Interface | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "br" || word === "brport" || word === "dev") {
      const name = args.value();
      device = session.findDevice(name) ?? noDevice(name, 255);
    } else if (word === "vlan" || word === "vni") args.value();
    else if (word !== "self" && word !== "master" && word !== "dynamic") {
      text = word === "to" ? args.value() : word;
    }
  }
  if (text === null) throw new CommandError("No address specified.\n", 255);
  const address = parseMac(text);
  if (address === null) throw new CommandError(`Invalid mac address ${text}\n`, 255);
  if (device === null) throw new CommandError("No device specified.\n", 255);
  const bridge = bridgePort(device)?.bridge ?? (device.driver instanceof Bridge ? device.driver : null);
  const entry = bridge?.fdb.find(address, 0, session.now) ?? null;
  if (bridge === null || entry === null) throw new CommandError("Error: Fdb entry not found.\n", 254);
  const behind = entry.port?.device ?? bridge.device;
  session.out.begin();
  print(session, { address: formatMac(address), device: behind, bridge, state: stateOf(entry), entry }, true);
  session.out.end();
  return 0;
}

/** All entries of a bridge, or those behind one of its ports. */
function flush(session: Session, args: Arguments): number {
  let device: Interface | null = null;
  let behind: Interface | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "dev" || word === "brport") {
      const name = args.value();
      const found = session.findDevice(name);
      const what = word === "dev" ? "bridge device" : "bridge port device";
      if (found === undefined) throw new CommandError(`Cannot find ${what} "${name}"\n`, 255);
      if (word === "dev") device = found;
      else behind = found;
    } else if (word === "vlan" || word === "state") args.value();
  }
  if (device === null) throw new CommandError("Device argument is required.\n", 255);
  if (device.type !== ARPHRD_ETHER) {
    throw new KernelError(Errno.EINVAL, "FDB delete only supported for Ethernet devices");
  }
  const port = bridgePort(behind ?? device);
  const bridge = port?.bridge ?? (device.driver instanceof Bridge ? device.driver : null);
  if (bridge === null) throw new KernelError(Errno.EOPNOTSUPP);
  bridge.fdb.purge((entry) => port === null || entry.port === port);
  return 0;
}
