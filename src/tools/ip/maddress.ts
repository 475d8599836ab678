/** `ip maddress`: multicast addresses of interfaces (`ip/ipmaddr.c`). */
import type { Interface } from "../../device/interface.ts";
import { LinkGroups, macNumber } from "../../device/link_groups.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, garbage, matches, usage } from "./arguments.ts";
import { readHardwareAddress } from "./link_words.ts";
import { formatAddress } from "./prefix.ts";
import type { Session } from "./session.ts";
import { MADDRESS_USAGE } from "./usage.ts";

export function multicastAddress(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, true);
  if (matches(command, "delete")) return modify(session, args, false);
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "help")) usage(MADDRESS_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip maddr help".\n`, 255);
}

/** One line of an interface: of the link, with who joined by hand, or a group of IP. */
interface Member {
  family: "link" | "inet" | "inet6";
  address: string;
  users: number;
  byHand?: boolean;
}

function members(session: Session, device: Interface): Member[] {
  const { family } = session.options;
  const { ipv4, ipv6 } = session.namespace;
  const found: Member[] = [];
  if (family === "unspec" || family === "link") {
    for (const [address, users, byHand] of device.multicastList ?? []) {
      found.push({ family: "link", address, users, byHand });
    }
  }
  if (family === "unspec" || family === "inet") {
    for (const { group, users } of ipv4.multicastGroups(device)) {
      found.push({ family: "inet", address: formatAddress(group), users });
    }
  }
  if (family === "unspec" || family === "inet6") {
    for (const { group, users } of ipv6.multicastGroups(device)) {
      found.push({ family: "inet6", address: formatAddress(group), users });
    }
  }
  return found;
}

function show(session: Session, args: Arguments): number {
  const { out } = session;
  let name: string | null = null;
  while (args.more) {
    const word = args.take();
    const text = word === "dev" ? args.value() : word;
    if (word !== "dev" && matches(text, "help")) usage(MADDRESS_USAGE);
    if (name !== null) garbage("dev", text);
    name = text;
  }
  out.begin();
  for (const device of session.namespace.interfaces) {
    if (name !== null && device.name !== name) continue;
    const list = members(session, device);
    if (list.length === 0) continue;
    out.openObject();
    out.put("ifindex", device.index, `${device.index}:`);
    out.put("ifname", device.name, `\t${device.name}`);
    out.text("\n");
    out.openArray("maddr");
    for (const member of list) printMember(session, member);
    out.closeArray();
    out.closeObject();
  }
  out.end();
  return 0;
}

function printMember(session: Session, member: Member): void {
  const { out } = session;
  out.openObject();
  if (member.family === "link") out.put("link", member.address, `\tlink  ${member.address}`);
  else {
    out.put("family", member.family, `\t${member.family.padEnd(5)} `);
    out.put("address", member.address, member.address);
  }
  if (member.users > 1) out.put("users", member.users, ` users ${member.users}`);
  if (member.byHand) out.put("features", "static", " static");
  out.text("\n");
  out.closeObject();
}

function modify(session: Session, args: Arguments, adds: boolean): number {
  let name: string | null = null;
  let address: Uint8Array | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "dev") {
      const text = args.value();
      if (name !== null) garbage("dev", text);
      name = text;
    } else {
      const text = word === "address" ? args.value() : word;
      if (matches(text, "help")) usage(MADDRESS_USAGE);
      if (address !== null) garbage("address", text);
      address = readHardwareAddress(text);
      if (address.length !== 6) {
        throw new CommandError(`Error: Invalid address length ${address.length} - must be 6 bytes\n`, 1);
      }
    }
  }
  if (name === null) throw new CommandError('Not enough information: "dev" is required.\n', 255);
  const device = session.findDevice(name);
  if (device === undefined) throw new CommandError("ioctl: No such device\n", 1);
  if (device.loopback) throw failed(new KernelError(Errno.EINVAL)); // lo filters nothing
  changeList(device, address ?? new Uint8Array(6), adds);
  return 0;
}

/** `dev_mc_add_global`, `dev_mc_del_global`: SIOCADDMULTI takes group addresses only. */
function changeList(device: Interface, address: Uint8Array, adds: boolean): void {
  const list = device.multicastList ??= new LinkGroups();
  if (!list.changeByHand(macNumber(address), adds)) throw failed(new KernelError(Errno.ENOENT));
}

function failed(error: KernelError): CommandError {
  return new CommandError(`ioctl: ${error.message}\n`, 1);
}
