/** `ip link` (`ip/iplink.c`). */
import type { Interface } from "../../device/interface.ts";
import { changeLink, createLink, deleteLink, type LinkChange, type LinkRequest } from "../../device/link.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { list } from "./address_show.ts";
import { readSelection } from "./address_selection.ts";
import { type Arguments, CommandError, matches, usage } from "./arguments.ts";
import { changeKind, isKnownKind, kindUsage, type PortRequest, readKindOptions } from "./link_kinds.ts";
import { addressGenerationEntry } from "./link_details.ts";
import { attributes, type LinkWords, readLinkWords } from "./link_words.ts";
import { groups } from "./names.ts";
import type { Session } from "./session.ts";
import { LINK_USAGE } from "./usage.ts";

type Verb = "add" | "set" | "replace" | "delete";

export function link(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, "add");
  if (matches(command, "set") || matches(command, "change")) return modify(session, args, "set");
  if (matches(command, "replace")) return modify(session, args, "replace");
  if (matches(command, "delete")) return modify(session, args, "delete");
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) {
    return list(session, readSelection(session, args, "link", LINK_USAGE), true);
  }
  for (const absent of ["xstats", "afstats", "property"]) {
    if (matches(command, absent)) throw new CommandError(`ip link ${absent} is not emulated.\n`, 1);
  }
  if (matches(command, "help")) return help(session, args);
  throw new CommandError(`Command "${command}" is unknown, try "ip link help".\n`, 255);
}

/** `ip link help TYPE` prints on standard output; without a type that has a text of its own it is the usage. */
function help(session: Session, args: Arguments): number {
  const text = args.more ? kindUsage(args.take()) : null;
  if (text === null) usage(LINK_USAGE);
  session.process.stdout.write(text);
  return 0;
}

function modify(session: Session, args: Arguments, verb: Verb): number {
  const words = readLinkWords(session, args);
  const creates = verb === "add" || verb === "replace";
  if (!creates && words.index !== null) {
    throw new CommandError("index can be used only when creating devices.\n", 255);
  }
  if (words.group !== null && words.device === null) return modifyGroup(session, words, verb, words.group);
  if (creates) return create(session, args, words, verb);
  if (words.device === null) {
    throw new CommandError('Not enough information: "dev" argument is required.\n', 255);
  }
  const device = session.device(words.device);
  if (verb === "delete") {
    readTypeOptions(session, args, words.type, {});
    deleteLink(device);
    return 0;
  }
  set(session, args, words, device);
  return 0;
}

function create(session: Session, args: Arguments, words: LinkWords, verb: Verb): number {
  if (words.device !== words.name && words.name !== null) {
    throw new CommandError('both "name" and "dev" cannot be used when creating devices.\n', 255);
  }
  const link = words.link === null ? undefined : session.device(words.link);
  if (words.type === null) throw new CommandError('Not enough information: "type" argument is required\n', 1);
  const request: LinkRequest = { kind: words.type, ...attributes(words) };
  if (link !== undefined) request.link = link;
  if (words.alias !== null) request.alias = words.alias;
  readTypeOptions(session, args, words.type, request);
  // The kernel replaces no link: one that is there is refused.
  if (verb === "replace" && words.device !== null && session.findDevice(words.device) !== undefined) {
    throw new KernelError(Errno.EOPNOTSUPP);
  }
  const owner = words.namespace ?? session.namespace;
  const device = createLink(owner, request);
  const change = changes(words);
  if (Object.keys(change).length > 0) changeLink(device, change);
  return 0;
}

/** What `type KIND` is followed by. */
function readTypeOptions(session: Session, args: Arguments, type: string | null, request: Partial<LinkRequest>): void {
  if (type === null || !args.more) return;
  if (isKnownKind(type)) readKindOptions(session, args, type, request);
  else {
    if (matches(args.peek, "help")) usage(LINK_USAGE);
    throw new CommandError(`Garbage instead of arguments "${args.peek} ...". Try "ip link help".\n`, 1);
  }
}

/** What a link is changed to beside what it can be made with. */
function changes(words: LinkWords): LinkChange {
  const change: LinkChange = {};
  if (words.master !== undefined) change.master = words.master;
  if (words.up !== null) change.up = words.up;
  if (words.arp !== null) change.arp = words.arp;
  if (words.multicast !== null) change.multicast = words.multicast;
  if (words.promiscuity !== null) change.promiscuity = words.promiscuity;
  if (words.allMulticast !== null) change.allMulticast = words.allMulticast;
  if (words.carrier !== null) change.carrier = words.carrier;
  return change;
}

function set(session: Session, args: Arguments, words: LinkWords, device: Interface): void {
  const request: PortRequest = {};
  readTypeOptions(session, args, words.type, request);
  checkLengths(words, device);
  const change: LinkChange = changes(words);
  if (words.address !== null) change.address = words.address;
  if (words.broadcast !== null) change.broadcast = words.broadcast;
  if (words.mtu !== null) change.mtu = words.mtu;
  if (words.txqueuelen !== null) change.txqueuelen = words.txqueuelen;
  if (words.group !== null) change.group = words.group;
  if (words.alias !== null) change.alias = words.alias;
  if (words.name !== null && words.name !== words.device) change.name = words.name;
  if (words.namespace !== null) change.netns = words.namespace;
  const from = session.namespace;
  if (words.refused !== null) throw words.refused;
  changeLink(device, change);
  if (words.namespace !== null && words.namespace !== from) from.ids.of(words.namespace);
  if (words.type !== null) changeKind(device, words.type, request);
  if (words.addressGeneration !== null) setAddressGeneration(session, device, words.addressGeneration);
}

/** iproute2 looks at the length of an address before it asks. */
function checkLengths(words: LinkWords, device: Interface): void {
  for (const address of [words.address, words.broadcast]) {
    if (address !== null && address.length !== device.address.length) {
      throw new CommandError(
        `Invalid address length ${address.length} - must be ${device.address.length} bytes\n`,
        1,
      );
    }
  }
}

function setAddressGeneration(session: Session, device: Interface, mode: string): void {
  addressGenerationEntry(session, device)?.write?.(mode);
}

/** `ip link set group N …`, `ip link del group N`: all of that group (`rtnl_group_changelink`). */
function modifyGroup(session: Session, words: LinkWords, verb: Verb, group: number): number {
  if (verb === "delete") {
    if (group === groups.parse("default")) throw new KernelError(Errno.EPERM);
    const members = [...session.namespace.interfaces].filter((device) => device.group === group);
    if (members.length === 0) throw new KernelError(Errno.ENODEV);
    for (const device of members) if (session.namespace.interfaces.byIndex(device.index) === device) deleteLink(device);
    return 0;
  }
  const change = changes(words);
  if (words.mtu !== null) change.mtu = words.mtu;
  if (words.txqueuelen !== null) change.txqueuelen = words.txqueuelen;
  for (const device of session.namespace.interfaces) if (device.group === group) changeLink(device, change);
  return 0;
}
