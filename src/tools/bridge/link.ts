/** `bridge link`: the ports of bridges (`bridge/link.c`). */
import { type BridgePort, bridgePort } from "../../device/bridge.ts";
import type { Interface } from "../../device/interface.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, matches, noDevice, parseUnsigned } from "../ip/arguments.ts";
import { PORT_STATES, type PortOptions } from "../ip/link_bridge.ts";
import { printFlags, printName } from "../ip/link_show.ts";
import type { Session } from "../ip/session.ts";
import { LINK_USAGE } from "./usage.ts";

export function link(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "set") || matches(command, "change")) return set(session, args);
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "help")) throw new CommandError(LINK_USAGE, 255);
  throw new CommandError(`Command "${command}" is unknown, try "bridge link help".\n`, 255);
}

function show(session: Session, args: Arguments): number {
  const { out } = session;
  let device: Interface | null = null;
  let master: Interface | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "dev") {
      const name = args.value();
      device = session.findDevice(name) ?? noDevice(name, 255);
    } else if (word === "master") {
      const name = args.value();
      master = session.findDevice(name) ?? noDevice(name, 255);
    }
  }
  out.begin();
  for (const each of session.namespace.interfaces) {
    const port = bridgePort(each);
    if (port === null || (device !== null && each !== device)) continue;
    if (master === null || port.bridge.device === master) print(session, port);
  }
  out.end();
  return 0;
}

function print(session: Session, port: BridgePort): void {
  const { out } = session;
  const { device } = port;
  out.openObject();
  out.put("ifindex", device.index, `${device.index}: `);
  const down = printName(session, device, (name) => `${name}: `, true);
  printFlags(session, device.reportedFlags, down);
  out.put("mtu", device.mtu, `mtu ${device.mtu} `);
  const master = port.bridge.device.name;
  out.put("master", master, `master ${master} `, "ifname");
  const state = PORT_STATES[port.state];
  out.put("state", state, `state ${state} `);
  out.put("priority", port.priority, `priority ${port.priority} `);
  out.put("cost", port.cost, `cost ${port.cost} `);
  if (session.options.details) printDetails(session, port);
  out.text("\n");
  out.closeObject();
}

function printDetails(session: Session, port: BridgePort): void {
  const { out } = session;
  const flag = (key: string, value: boolean) => out.put(key, value, `${key} ${value ? "on" : "off"} `);
  out.line();
  out.text("    ");
  flag("hairpin", port.hairpin);
  flag("guard", false);
  flag("root_block", false);
  flag("fastleave", false);
  flag("learning", port.learning);
  flag("flood", port.flood);
  flag("mcast_flood", port.multicastFlood);
  flag("bcast_flood", port.broadcastFlood);
  out.put("mcast_router", 1, "mcast_router 1 ");
  for (const key of ["mcast_to_unicast", "neigh_suppress", "vlan_tunnel"]) flag(key, false);
  flag("isolated", port.isolated);
  flag("locked", false);
}

/** Switches that a port has here; null: read and without effect. */
const SWITCHES: Record<
  string,
  "hairpin" | "learning" | "flood" | "multicastFlood" | "broadcastFlood" | "isolated" | null
> = {
  guard: null,
  hairpin: "hairpin",
  fastleave: null,
  root_block: null,
  learning: "learning",
  learning_sync: null,
  flood: "flood",
  mcast_flood: "multicastFlood",
  bcast_flood: "broadcastFlood",
  mcast_to_unicast: null,
  neigh_suppress: null,
  vlan_tunnel: null,
  isolated: "isolated",
  locked: null,
};

function set(session: Session, args: Arguments): number {
  let name: string | null = null;
  const change: PortOptions = {};
  while (args.more) {
    const word = args.take();
    if (word === "dev") name = args.value();
    else if (word === "cost") change.cost = Number.parseInt(args.value()) || 0;
    else if (word === "priority") change.priority = Number.parseInt(args.value()) || 0;
    else if (word === "state") change.state = readState(args.value());
    else if (word in SWITCHES) {
      const text = args.value();
      if (text !== "on" && text !== "off") {
        throw new CommandError(`Error: argument of "${word}" must be one of "off", "on", not "${text}"\n`, 255);
      }
      const key = SWITCHES[word];
      if (key !== null) change[key] = text === "on";
    } else if (word === "mcast_router" || word === "hwmode" || word === "backup_port") args.value();
    else if (word !== "self" && word !== "master" && word !== "nobackup_port") throw new CommandError(LINK_USAGE, 255);
  }
  if (name === null) throw new CommandError("Device is a required argument.\n", 255);
  const device = session.findDevice(name);
  if (device === undefined) throw new CommandError(`Cannot find bridge device "${name}"\n`, 255);
  const port = bridgePort(device);
  if (port === null) throw new KernelError(Errno.EOPNOTSUPP);
  if (change.priority !== undefined && change.priority > 63) throw new KernelError(Errno.ERANGE);
  if (change.state !== undefined && change.state >= PORT_STATES.length) throw new KernelError(Errno.EINVAL);
  Object.assign(port, change);
  return 0;
}

/** A name or a number, of which an octet is sent. */
function readState(text: string): number {
  const named = PORT_STATES.indexOf(text.toLowerCase());
  const state = named >= 0 ? named : parseUnsigned(text);
  if (state === null) throw new CommandError("Error: invalid STP port state\n", 255);
  return state & 255;
}
