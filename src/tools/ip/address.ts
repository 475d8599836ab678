/** `ip address` (`ip/ipaddress.c`). */
import { NAME_LIMIT } from "../../device/interface.ts";
import type { IpAddress } from "../../ip/host.ts";
import * as nl from "../../ip/netlink.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { isMulticast4 } from "../../wire/ipv4.ts";
import { isMulticast6 } from "../../wire/ipv6.ts";
import { addressesOf, list, matchesAddress, printAddress } from "./address_show.ts";
import { readSelection } from "./address_selection.ts";
import { type Arguments, CommandError, duplicate, garbage, matches, parseUnsigned, usage, wrong } from "./arguments.ts";
import { scopes } from "./names.ts";
import { type Family, type Prefix, readAddress, readPrefix } from "./prefix.ts";
import type { Session } from "./session.ts";
import { ADDRESS_USAGE } from "./usage.ts";

/** Flags that may be given with an address; true: for IPv6 only. */
const FLAGS: Record<string, [number, boolean]> = {
  home: [nl.IFA_F_HOMEADDRESS, true],
  nodad: [nl.IFA_F_NODAD, true],
  mngtmpaddr: [nl.IFA_F_MANAGETEMPADDR, true],
  noprefixroute: [nl.IFA_F_NOPREFIXROUTE, false],
  autojoin: [nl.IFA_F_MCAUTOJOIN, false],
};

/** Flags that the kernel sets by itself. */
const IMMUTABLE = ["secondary", "temporary", "optimistic", "dadfailed", "deprecated", "tentative", "permanent"];

export function address(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, "add");
  if (matches(command, "change") || command === "chg") return modify(session, args, "change");
  if (matches(command, "replace")) return modify(session, args, "replace");
  if (matches(command, "delete")) return modify(session, args, "delete");
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) {
    return list(session, readSelection(session, args, session.options.family, ADDRESS_USAGE), false);
  }
  if (matches(command, "flush")) return flush(session, args);
  if (command === "save" || command === "restore" || command === "showdump") {
    throw new CommandError(`ip address ${command} is not emulated.\n`, 1);
  }
  if (matches(command, "help")) usage(ADDRESS_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip address help".\n`, 255);
}

/** What the words of `add`, `change`, `replace` and `delete` said. */
interface Words {
  family: Family;
  local: Prefix | null;
  localWord: string;
  peer: Prefix | null;
  /** `+`, `-`, or an address. */
  broadcast: "+" | "-" | Prefix | null;
  device: string | null;
  label: string | null;
  scope: number | null;
  metric: number | null;
  valid: number | null;
  preferred: number | null;
  flags: number;
}

function readWords(session: Session, args: Arguments): Words {
  const words: Words = {
    family: session.options.family,
    local: null,
    localWord: "",
    peer: null,
    broadcast: null,
    device: null,
    label: null,
    scope: null,
    metric: null,
    valid: null,
    preferred: null,
    flags: 0,
  };
  const warnings: string[] = [];
  while (args.more) {
    const word = args.take();
    if (word === "peer" || word === "remote") {
      const value = args.value();
      if (words.peer !== null) duplicate("peer", value);
      const peer = readPrefix(value, words.family);
      if (words.family === "unspec") words.family = peer.family;
      if (!peer.unspecified) words.peer = peer;
    } else if (word !== "" && (matches(word, "broadcast") || word === "brd")) {
      const value = args.value();
      if (words.broadcast !== null) duplicate("broadcast", value);
      words.broadcast = value === "+" || value === "-" ? value : readAddress(value, words.family);
      if (words.family === "unspec" && typeof words.broadcast !== "string") words.family = words.broadcast.family;
    } else if (word === "scope") {
      const value = args.value();
      words.scope = scopes.parse(value) ?? wrong(value, "invalid scope value.");
    } else if (word === "dev") words.device = args.value();
    else if (word === "label") words.label = args.value();
    else if (word === "metric" || word === "priority" || word === "preference") {
      const value = args.value();
      words.metric = parseUnsigned(value) ?? wrong(value, '"metric" value is invalid\n');
    } else if (word === "valid_lft" || word === "preferred_lft") readLifetime(words, word, args.value());
    else if (FLAGS[word] !== undefined) {
      const [bit, onlyInet6] = FLAGS[word];
      if (onlyInet6 && words.family === "inet") {
        warnings.push(`Warning: ${word} option can be set only for IPv6 addresses\n`);
      } else words.flags |= bit;
    } else if (IMMUTABLE.includes(word)) {
      warnings.push(`Warning: ${word} option is not mutable from userspace\n`);
    } else readLocal(words, word === "local" ? args.value() : word, word);
  }
  for (const warning of warnings) session.complain(warning);
  return words;
}

function readLocal(words: Words, value: string, word: string): void {
  if (word !== "local" && value !== "" && matches(value, "help")) usage(ADDRESS_USAGE);
  if (words.local !== null) garbage("local", value);
  words.local = readPrefix(value, words.family);
  words.localWord = value;
  if (words.family === "unspec") words.family = words.local.family;
}

function readLifetime(words: Words, word: "valid_lft" | "preferred_lft", value: string): void {
  const key = word === "valid_lft" ? "valid" : "preferred";
  if (words[key] !== null) duplicate(word, value);
  words[key] = value === "forever" ? Infinity : parseUnsigned(value) ?? wrong(value, `${word} value`);
  if (words[key] === 0xffffffff) words[key] = Infinity;
}

function modify(session: Session, args: Arguments, how: "add" | "change" | "replace" | "delete"): number {
  const words = readWords(session, args);
  if (words.device === null) {
    throw new CommandError('Not enough information: "dev" argument is required.\n', 1);
  }
  const { local, peer, family } = words;
  const wildcard = how === "delete" && family === "inet" && peer === null && local !== null && !local.given;
  if (wildcard) session.complain(wildcardWarning(words.localWord));
  const broadcast = how === "delete" ? null : broadcastOf(words);
  const device = session.device(words.device);
  const lifetimes = words.valid !== null || words.preferred !== null;
  if (lifetimes) checkLifetimes(words);
  if (family !== "inet" && family !== "inet6") throw new KernelError(Errno.EOPNOTSUPP);
  if (local !== null && local.unspecified) throw new KernelError(Errno.EOPNOTSUPP);
  if (local === null) throw new KernelError(Errno.EINVAL);
  const request: nl.AddressRequest = {
    local: local.address,
    prefixLength: wildcard ? null : peer !== null ? peer.length : local.length,
  };
  if (peer !== null) request.peer = peer.address;
  if (words.label !== null) {
    if (words.label.length > NAME_LIMIT) throw new KernelError(Errno.ERANGE, "Attribute failed policy validation.");
    request.label = words.label;
  }
  if (how === "delete") {
    session.family(family).deleteAddress(device, request);
    return 0;
  }
  if (broadcast !== null) request.broadcast = broadcast;
  if (words.scope !== null) request.scope = words.scope;
  if (words.flags !== 0) request.flags = words.flags;
  if (words.metric !== null) request.metric = words.metric;
  if (lifetimes) {
    request.validLifetime = words.valid ?? Infinity;
    request.preferredLifetime = words.preferred ?? Infinity;
  }
  if ((words.flags & nl.IFA_F_MCAUTOJOIN) !== 0 && !isMulticast(request.local)) {
    throw new CommandError("autojoin needs multicast address\n", 1);
  }
  session.family(family).addAddress(device, request, how);
  return 0;
}

function isMulticast(address: IpAddress): boolean {
  return typeof address === "number" ? isMulticast4(address) : isMulticast6(address);
}

function wildcardWarning(word: string): string {
  return `Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length (${word}/32) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!
`;
}

function checkLifetimes(words: Words): void {
  const valid = words.valid ?? Infinity;
  if (valid === 0) throw new CommandError("valid_lft is zero\n", 1);
  if (valid < (words.preferred ?? Infinity)) {
    throw new CommandError("preferred_lft is greater than valid_lft\n", 1);
  }
}

/** The broadcast address: given, or the last (`+`) or first (`-`) of the prefix. */
function broadcastOf(words: Words): number | null {
  const { broadcast } = words;
  if (broadcast === null) return null;
  if (typeof broadcast !== "string") return typeof broadcast.address === "number" ? broadcast.address : null;
  if (words.family !== "inet") throw new CommandError("Broadcast can be set only for IPv4 addresses\n", 1);
  const { address, length } = words.peer ?? words.local!;
  if (typeof address !== "number" || length > 30) return null;
  const host = length === 0 ? 0xffffffff : (1 << (32 - length)) - 1;
  return (broadcast === "+" ? address | host : address & ~host) >>> 0;
}

function flush(session: Session, args: Arguments): number {
  const { out, options } = session;
  if (!args.more) throw new CommandError("Flush requires arguments.\n", 1);
  if (options.family === "link") throw new CommandError("Cannot flush link addresses.\n", 1);
  const selection = readSelection(session, args, options.family, ADDRESS_USAGE);
  const { device } = selection;
  if (device !== null && session.findDevice(device) === undefined) {
    throw new CommandError(`Device "${device}" does not exist.\n`, 1);
  }
  let round = 0;
  const single = (selection.flagMask & ~selection.flags & nl.IFA_F_SECONDARY) !== 0;
  while (options.loops === 0 || round < options.loops) {
    const found = [...session.namespace.interfaces]
      .filter((candidate) => device === null || candidate.name === device)
      .flatMap((candidate) => addressesOf(session, candidate))
      .filter((candidate) => matchesAddress(candidate, selection));
    if (found.length === 0) {
      if (options.statistics > 0) out.text(round === 0 ? "Nothing to flush.\n" : flushComplete(round));
      return 0;
    }
    for (const each of found) deleteFound(session, each);
    round++;
    if (options.statistics > 0) out.text(`\n*** Round ${round}, deleting ${found.length} addresses ***\n`);
    // Of primary addresses only one round: their secondaries have become primary.
    if (single) {
      if (options.statistics > 0) out.text(flushComplete(round));
      return 0;
    }
  }
  throw new CommandError(`*** Flush remains incomplete after ${options.loops} rounds. ***\n`, 1);
}

export function flushComplete(rounds: number): string {
  return `*** Flush is complete after ${rounds} round${rounds > 1 ? "s" : ""} ***\n`;
}

/** One of a flush: a secondary address may have gone with its primary already. */
function deleteFound(session: Session, address: nl.InterfaceAddress): void {
  if (session.options.statistics > 1) printAddress(session, address, false, true);
  const family = typeof address.local === "number" ? session.namespace.ipv4 : session.namespace.ipv6;
  const request: nl.AddressRequest = {
    local: address.local,
    peer: address.peer,
    prefixLength: address.prefixLength,
  };
  if (address.label !== "") request.label = address.label;
  try {
    family.deleteAddress(address.device, request);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== Errno.EADDRNOTAVAIL) throw error;
  }
}
