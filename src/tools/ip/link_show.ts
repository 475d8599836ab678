/** How an interface is printed: `print_linkinfo` of `ip/ipaddress.c`. */
import {
  ARPHRD_LOOPBACK,
  IFF_ALLMULTI,
  IFF_BROADCAST,
  IFF_DORMANT,
  IFF_LOOPBACK,
  IFF_LOWER_UP,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_POINTOPOINT,
  IFF_PROMISC,
  IFF_RUNNING,
  IFF_UP,
  type Interface,
} from "../../device/interface.ts";
import { formatMac } from "../../wire/ethernet.ts";
import { linkDetails } from "./link_details.ts";
import { groups } from "./names.ts";
import { namespaceName } from "./namespace_name.ts";
import type { Session } from "./session.ts";
import { linkStatistics } from "./statistics.ts";

/** IFF_MASTER, IFF_SLAVE and the like are of kinds that are not emulated. */
const FLAG_NAMES: readonly [number, string][] = [
  [IFF_LOOPBACK, "LOOPBACK"],
  [IFF_BROADCAST, "BROADCAST"],
  [IFF_POINTOPOINT, "POINTOPOINT"],
  [IFF_MULTICAST, "MULTICAST"],
  [IFF_NOARP, "NOARP"],
  [IFF_ALLMULTI, "ALLMULTI"],
  [IFF_PROMISC, "PROMISC"],
  [IFF_UP, "UP"],
  [IFF_LOWER_UP, "LOWER_UP"],
  [IFF_DORMANT, "DORMANT"],
];

export interface LinkPrinting {
  /** It is gone: `ip monitor` says `Deleted`. */
  deleted?: boolean;
  /** Of `ip link`, not of `ip addr`: the mode, alias and statistics are shown. */
  asLink: boolean;
  /** The `link/ether` line is shown. */
  hardware: boolean;
  /** What a dump of AF_INET6 carries: neither queue nor group, and the link by the index in this namespace. */
  asInet6?: boolean;
  /** Without the length of the queue (monitor). */
  noQueueLength?: boolean;
  /** Names of namespaces were not read: their ids are shown. */
  anonymous?: boolean;
}

/** How the name of an interface is followed by what it stands on. */
interface Linked {
  /** `if3`, `eth0` or null. */
  name: string | null;
  /** JSON: `link` when a name of this namespace, else `link_index`. */
  index: number | null;
  /** The other one is down: M-DOWN. */
  down: boolean;
}

function linked(session: Session, device: Interface, asInet6: boolean, gone: boolean): Linked {
  const link = device.link;
  if (gone && device.driver.kind === "veth") return { name: "NONE", index: null, down: false };
  if (link === null) return { name: null, index: null, down: false };
  const here = link.owner === device.owner;
  if (asInet6) {
    if (link.index === device.index) return { name: null, index: null, down: false };
    const named = session.namespace.interfaces.byIndex(link.index);
    return { name: named?.name ?? `if${link.index}`, index: null, down: named !== undefined && !named.up };
  }
  return here
    ? { name: link.name, index: null, down: !link.up }
    : { name: `if${link.index}`, index: link.index, down: false };
}

/** The text of an interface's flags without brackets, as JSON has them too. */
function flagNames(flags: number, down: boolean): string[] {
  const names: string[] = [];
  if ((flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) === 0) names.push("NO-CARRIER");
  for (const [bit, name] of FLAG_NAMES) if ((flags & bit) !== 0) names.push(name);
  if (down) names.push("M-DOWN");
  return names;
}

export function printFlags(session: Session, flags: number, down = false): void {
  const { out } = session;
  const names = flagNames(flags, down);
  out.openArray("flags");
  for (const name of names) out.put("", name, null);
  out.closeArray();
  out.text(`<${names.join(",")}> `);
}

/** The name with what it is linked to: `eth0@if3`, padded to `width`; true when the other one is down. */
export function printName(
  session: Session,
  device: Interface,
  format: (name: string) => string,
  asInet6 = false,
  gone = false,
): boolean {
  const { out } = session;
  const { name, index, down } = linked(session, device, asInet6, gone);
  if (index !== null) out.put("link_index", index, null);
  else if (name !== null) out.put("link", name, null);
  out.put("ifname", device.name, format(name === null ? device.name : `${device.name}@${name}`), "ifname");
  return down;
}

function printOperstate(session: Session, device: Interface, width = 0): void {
  const state = device.operstate;
  const color = state === "UP" ? "up" : state === "DOWN" ? "down" : null;
  session.out.put("operstate", state, `${state.padEnd(width)} `, color);
}

/** `-br`: one line; of `ip link` it ends here, of `ip addr` the addresses follow. */
export function printLinkBriefly(session: Session, device: Interface, printing: LinkPrinting): void {
  const { out } = session;
  const down = printName(session, device, (name) => name.padEnd(16) + " ", printing.asInet6);
  printOperstate(session, device, 14);
  if (!printing.asLink) return;
  out.put("address", formatMac(device.address), `${formatMac(device.address)} `, "mac");
  printFlags(session, device.reportedFlags, down);
  out.text("\n");
}

/** An interface over one or two lines, or with `-d` and `-s` more. */
export function printLink(session: Session, device: Interface, printing: LinkPrinting): void {
  const { out, options } = session;
  const { asLink, asInet6 = false } = printing;
  if (printing.deleted) out.put("deleted", true, "Deleted ");
  out.put("ifindex", device.index, `${device.index}: `);
  const down = printName(session, device, (name) => `${name}: `, asInet6, printing.deleted);
  printFlags(session, device.reportedFlags, down);
  out.put("mtu", device.mtu, `mtu ${device.mtu} `);
  if (!asInet6) {
    out.put("qdisc", device.qdiscName, `qdisc ${device.qdiscName} `);
    if (device.master !== null) out.put("master", device.master.name, `master ${device.master.name} `);
  }
  out.text("state ");
  printOperstate(session, device);
  if (asLink && !asInet6) out.put("linkmode", "DEFAULT", "mode DEFAULT ");
  if (!asInet6) {
    const group = groups.name(device.group, options.numeric);
    out.put("group", group, `group ${group} `);
  }
  if (!printing.noQueueLength && device.txqueuelen !== 0) {
    out.put("txqlen", device.txqueuelen, `qlen ${device.txqueuelen}`);
  }
  if (printing.hardware) printHardware(session, device);
  if (!asInet6 && !printing.deleted) printLinkNamespace(session, device, printing.anonymous ?? false);
  if (options.details && !asInet6) linkDetails(session, device, asLink);
  if ((asLink || options.details) && device.alias !== "") {
    out.line();
    out.put("ifalias", device.alias, `    alias ${device.alias}`);
  }
  if (asLink && options.statistics > 0) linkStatistics(session, device);
  out.text("\n");
}

function printHardware(session: Session, device: Interface): void {
  const { out } = session;
  const type = device.type === ARPHRD_LOOPBACK ? "loopback" : "ether";
  out.line();
  out.put("link_type", type, `    link/${type} `);
  const address = formatMac(device.address);
  out.put("address", address, address, "mac");
  const broadcast = formatMac(device.broadcast);
  if ((device.flags & IFF_POINTOPOINT) !== 0) out.put("link_pointtopoint", true, " peer ");
  else out.text(" brd ");
  out.put("broadcast", broadcast, broadcast, "mac");
}

/** Where the link's other side is in another namespace: its name where `ip netns` knows one, else its id here. */
function printLinkNamespace(session: Session, device: Interface, anonymous: boolean): void {
  const link = device.link;
  if (link === null || link.owner === device.owner) return;
  const id = session.namespace.ids.of(link.owner);
  const name = anonymous ? null : namespaceName(session, link.owner);
  session.out.put("link_netnsid", id, name === null ? ` link-netnsid ${id}` : ` link-netns ${name}`);
}
