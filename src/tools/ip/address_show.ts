/** `ip address show` and `ip link show`: which interfaces and addresses, and how they are printed (`ip/ipaddress.c`). */
import type { Interface } from "../../device/interface.ts";
import * as nl from "../../ip/netlink.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import type { AddressSelection } from "./address_selection.ts";
import { CommandError } from "./arguments.ts";
import { type LinkPrinting, printLink, printLinkBriefly } from "./link_show.ts";
import { scopes } from "./names.ts";
import { familyOf, formatAddress, sameAddress, samePrefix } from "./prefix.ts";
import type { Session } from "./session.ts";
import { linkStatistics } from "./statistics.ts";

/** In the order in which iproute2 prints them; what is not permanent is `dynamic`. */
const FLAG_NAMES: readonly [number, string][] = [
  [nl.IFA_F_SECONDARY, "secondary"],
  [nl.IFA_F_NODAD, "nodad"],
  [nl.IFA_F_OPTIMISTIC, "optimistic"],
  [nl.IFA_F_DADFAILED, "dadfailed"],
  [nl.IFA_F_HOMEADDRESS, "home"],
  [nl.IFA_F_DEPRECATED, "deprecated"],
  [nl.IFA_F_TENTATIVE, "tentative"],
  [nl.IFA_F_PERMANENT, "permanent"],
  [nl.IFA_F_MANAGETEMPADDR, "mngtmpaddr"],
  [nl.IFA_F_NOPREFIXROUTE, "noprefixroute"],
  [nl.IFA_F_MCAUTOJOIN, "autojoin"],
];

const INFINITY_LIFE_TIME = 0xffffffff;

/** Prints what was selected; of `ip link` without addresses. */
export function list(session: Session, selection: AddressSelection, asLink: boolean): number {
  const { out, options } = session;
  const family = selection.family;
  const devices = selectedDevices(session, selection);
  const shown = family === "link"
    ? devices
    : devices.filter((device) => hasSelected(session, device, selection) || isBare(session, device, selection));
  const withLink = options.brief || (!options.oneLine || family === "link") && selection.label === null;
  const printing: LinkPrinting = {
    asLink,
    hardware: family === "unspec" || family === "link" || options.details,
    asInet6: family === "inet6" && selection.device === null,
  };
  out.begin();
  for (const device of shown) {
    out.openObject();
    if (options.brief) printLinkBriefly(session, device, printing);
    else if (withLink) printLink(session, device, printing);
    if (family !== "link") {
      printAddresses(session, device, selection);
      if (withLink && !options.brief && options.statistics > 0) {
        linkStatistics(session, device, false);
        out.text("\n");
      }
    }
    out.closeObject();
  }
  out.end();
  return 0;
}

function selectedDevices(session: Session, selection: AddressSelection): Interface[] {
  if (selection.device !== null) {
    const device = session.findDevice(selection.device);
    if (device === undefined) throw new CommandError(`Device "${selection.device}" does not exist.\n`, 1);
    return matchesLink(device, selection) ? [device] : [];
  }
  return [...session.namespace.interfaces].filter((device) => matchesLink(device, selection));
}

function matchesLink(device: Interface, selection: AddressSelection): boolean {
  if (selection.up && !device.up) return false;
  if (selection.group !== null && device.group !== selection.group) return false;
  if (selection.master !== null && device.master !== selection.master) return false;
  if (selection.noMaster && device.master !== null) return false;
  if (selection.type !== null) {
    const kind = device.driver.kind === "tap" ? "tun" : device.driver.kind;
    const slave = device.master === null ? "" : "bridge_slave";
    if (selection.type.endsWith("_slave") ? selection.type !== slave : selection.type !== kind) return false;
  }
  return true;
}

/** All addresses of an interface: IPv4's, then IPv6's. */
export function addressesOf(session: Session, device: Interface): nl.InterfaceAddress[] {
  const { ipv4, ipv6 } = session.namespace;
  const family = session.options.family;
  const addresses: nl.InterfaceAddress[] = [];
  if (family !== "inet6") addresses.push(...ipv4.addresses(device));
  if (family !== "inet") addresses.push(...ipv6.addresses(device));
  return addresses;
}

/** Whether the address passes the filters of the command. */
export function matchesAddress(address: nl.InterfaceAddress, selection: AddressSelection): boolean {
  const family = familyOf(address.local);
  if (selection.family !== "unspec" && selection.family !== family) return false;
  if (selection.scope !== null && address.scope !== selection.scope) return false;
  if (((address.flags ^ selection.flags) & selection.flagMask) !== 0) return false;
  if (selection.label !== null && !globMatches(selection.label, address.label || address.device.name)) return false;
  const to = selection.to;
  return to === null || (to.family === family && samePrefix(address.local, to.address, Math.max(to.length, 0)));
}

function hasSelected(session: Session, device: Interface, selection: AddressSelection): boolean {
  return addressesOf(session, device).some((address) => matchesAddress(address, selection));
}

/** An interface without any address is shown where no family was asked for. */
function isBare(session: Session, device: Interface, selection: AddressSelection): boolean {
  return selection.family === "unspec" && addressesOf(session, device).length === 0;
}

function printAddresses(session: Session, device: Interface, selection: AddressSelection): void {
  const { out } = session;
  const { brief } = session.options;
  out.openArray("addr_info");
  for (const address of addressesOf(session, device)) {
    if (matchesAddress(address, selection)) printAddress(session, address, brief);
  }
  out.closeArray();
  if (brief) out.text("\n");
}

/** One address: two lines, or in brief only `10.0.0.1/24`. `indexed` puts the interface before it (`-o`, flush, monitor). */
export function printAddress(
  session: Session,
  address: nl.InterfaceAddress,
  brief: boolean,
  indexed: boolean = session.options.oneLine,
  deleted = false,
): void {
  const { out } = session;
  const family = familyOf(address.local);
  const device = address.device;
  out.openObject();
  if (deleted) out.put("deleted", true, "Deleted ");
  if (!brief) {
    if (indexed) {
      out.put("index", device.index, `${device.index}: `);
      out.put("dev", device.name, device.name);
    }
    out.put("family", family, `    ${family} `);
  }
  const local = formatAddress(address.local);
  out.put("local", local, local, family);
  if (!sameAddress(address.peer, address.local)) {
    const peer = formatAddress(address.peer);
    out.text(" peer ");
    out.put("address", peer, peer, family);
  }
  out.put("prefixlen", address.prefixLength, `/${address.prefixLength} `);
  if (address.metric !== 0) out.put("metric", address.metric, `metric ${address.metric} `);
  if (!brief) printRest(session, address);
  out.closeObject();
}

function printRest(session: Session, address: nl.InterfaceAddress): void {
  const { out } = session;
  if (address.broadcast !== null) {
    const broadcast = formatIpv4(address.broadcast);
    out.text("brd ");
    out.put("broadcast", broadcast, `${broadcast} `, "inet");
  }
  const scope = scopes.name(address.scope, session.options.numeric);
  out.put("scope", scope, `scope ${scope} `);
  for (const [bit, name] of FLAG_NAMES) {
    const set = (address.flags & bit) !== 0;
    if (bit === nl.IFA_F_PERMANENT) {
      if (!set) out.put("dynamic", true, "dynamic ");
    } else if (set) {
      const shown = bit === nl.IFA_F_SECONDARY && familyOf(address.local) === "inet6" ? "temporary" : name;
      out.put(shown, true, `${shown} `);
    }
  }
  if (address.label !== "") out.put("label", address.label, address.label);
  out.line();
  const valid = secondsLeft(session, address.validUntil);
  out.put("valid_life_time", valid, `       valid_lft ${lifetime(valid)}`);
  const preferred = secondsLeft(session, address.preferredUntil);
  out.put("preferred_life_time", preferred, ` preferred_lft ${lifetime(preferred)}\n`);
}

function secondsLeft(session: Session, until: number): number {
  if (until === Infinity) return INFINITY_LIFE_TIME;
  return Math.max(0, Math.floor((until - session.now) / 1e9));
}

function lifetime(seconds: number): string {
  return seconds === INFINITY_LIFE_TIME ? "forever" : `${seconds}sec`;
}

/** `fnmatch`: `*`, `?` and `[…]`. */
function globMatches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".").replace(
    /\[!/g,
    "[^",
  );
  try {
    return new RegExp(`^${source}$`, "s").test(text);
  } catch {
    return pattern === text;
  }
}
