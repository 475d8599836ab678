/** The words that `ip link add` and `set` share, and those of a veth's peer (`iplink_parse` of `ip/iplink.c`). */
import type { Interface } from "../../device/interface.ts";
import type { LinkAttributes } from "../../device/link.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import {
  type Arguments,
  CommandError,
  duplicate,
  garbage,
  matches,
  onOff,
  parseNumber,
  usage,
  wrong,
} from "./arguments.ts";
import { groups } from "./names.ts";
import { type Session, validName } from "./session.ts";
import { LINK_USAGE } from "./usage.ts";

export interface LinkWords {
  device: string | null;
  name: string | null;
  link: string | null;
  type: string | null;
  index: number | null;
  up: boolean | null;
  address: Uint8Array | null;
  broadcast: Uint8Array | null;
  txqueuelen: number | null;
  mtu: number | null;
  namespace: NetworkNamespace | null;
  multicast: boolean | null;
  allMulticast: boolean | null;
  promiscuity: boolean | null;
  arp: boolean | null;
  carrier: boolean | null;
  /** null: `nomaster`; undefined: not said. */
  master: Interface | null | undefined;
  alias: string | null;
  group: number | null;
  addressGeneration: string | null;
  /** What the kernel does not do for any of these devices; it says so. */
  refused: KernelError | null;
}

/** A hardware address of any length, in hexadecimal with colons (`ll_addr_a2n`). */
export function readHardwareAddress(text: string): Uint8Array {
  const words = text.split(":");
  if (words.some((word) => !/^[0-9a-fA-F]{1,2}$/.test(word))) {
    throw new CommandError(`"${text}" is invalid lladdr.\n`, 1);
  }
  return Uint8Array.from(words, (word) => parseInt(word, 16));
}

/** Reads up to `type TYPE` or the end. */
export function readLinkWords(session: Session, args: Arguments): LinkWords {
  const words: LinkWords = {
    device: null,
    name: null,
    link: null,
    type: null,
    index: null,
    up: null,
    address: null,
    broadcast: null,
    txqueuelen: null,
    mtu: null,
    namespace: null,
    multicast: null,
    allMulticast: null,
    promiscuity: null,
    arp: null,
    carrier: null,
    master: undefined,
    alias: null,
    group: null,
    addressGeneration: null,
    refused: null,
  };
  while (args.more && words.type === null) readWord(session, args, words);
  return words;
}

function readWord(session: Session, args: Arguments, words: LinkWords): void {
  const word = args.take();
  const is = (full: string) => word !== "" && matches(word, full);
  if (word === "up") words.up = true;
  else if (word === "down") words.up = false;
  else if (word === "name") {
    const name = args.value();
    if (words.name !== null) duplicate("name", name);
    if (!validName(name)) wrong(name, '"name" not a valid ifname');
    words.name = name;
    words.device ??= name;
  } else if (word === "index") {
    const index = args.value();
    if (words.index !== null) duplicate("index", index);
    words.index = Number.parseInt(index) || 0;
    if (words.index <= 0) wrong(index, 'Invalid "index" value');
  } else if (is("link")) words.link = args.value();
  else if (is("address")) words.address = readHardwareAddress(args.value());
  else if (is("broadcast") || word === "brd") words.broadcast = readHardwareAddress(args.value());
  else if (is("txqueuelen") || word === "qlen" || is("txqlen")) {
    words.txqueuelen = number(args.value(), "txqueuelen", words.txqueuelen);
  } else if (word === "mtu") words.mtu = number(args.value(), "mtu", words.mtu);
  else if (word === "netns") words.namespace = namespaceOf(session, args.value());
  else if (word === "multicast") words.multicast = onOff(word, args.value());
  else if (word === "allmulticast") words.allMulticast = onOff(word, args.value());
  else if (word === "promisc") words.promiscuity = onOff(word, args.value());
  else if (word === "arp") words.arp = onOff(word, args.value());
  else if (word === "carrier") words.carrier = onOff(word, args.value());
  else if (word === "trailers" || word === "dynamic") onOff(word, args.value());
  else if (word === "vf") {
    args.rest();
    words.refused = new KernelError(Errno.EOPNOTSUPP);
  } else if (word === "master") {
    const name = args.value();
    words.master = session.findDevice(name) ?? wrong(name, "Device does not exist\n");
  } else if (word === "vrf") wrong(args.value(), "Not a valid VRF name\n");
  else if (word === "nomaster") words.master = null;
  else if (is("type")) words.type = args.value();
  else if (is("alias")) words.alias = args.value();
  else if (word === "group") {
    const name = args.value();
    if (words.group !== null) duplicate("group", name);
    words.group = groups.parse(name) ?? wrong(name, 'Invalid "group" value\n');
  } else if (word === "mode") {
    if (!["default", "dormant"].includes(args.value())) wrong(args.words.at(-1)!, "Invalid link mode\n");
  } else if (word === "state") readOperstate(args.value());
  else if (word === "numtxqueues" || word === "numrxqueues") number(args.value(), word, null);
  else if (word === "addrgenmode") {
    const mode = args.value();
    if (!(mode in ADDRESS_GENERATION)) wrong(mode, "Invalid address generation mode\n");
    words.addressGeneration = ADDRESS_GENERATION[mode];
  } else if (word === "protodown") {
    onOff(word, args.value());
    words.refused = new KernelError(Errno.EOPNOTSUPP, "Protodown not supported by device.");
  } else readDevice(args, word, words);
}

/** By name the values of `net.ipv6.conf.*.addr_gen_mode`. */
const ADDRESS_GENERATION: Record<string, string> = { eui64: "0", none: "1", stable_secret: "2", random: "3" };

const OPERSTATES = ["UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"];

/** The kernel lets user space set the state of devices that are dormant only: it is read and otherwise ignored. */
function readOperstate(text: string): void {
  if (!OPERSTATES.includes(text.toUpperCase()) && parseNumber(text) === null) wrong(text, "Invalid operstate\n");
}

function readDevice(args: Arguments, word: string, words: LinkWords): void {
  if (word !== "" && matches(word, "help")) usage(LINK_USAGE);
  const name = word === "dev" ? args.value() : word;
  if (words.device !== null) garbage("dev", name);
  if (name === "" || name.length > 127 || /[\s/]/.test(name)) wrong(name, '"dev" not a valid ifname');
  words.device = name;
}

function number(text: string, what: string, was: number | null): number {
  if (was !== null) duplicate(what, text);
  const value = parseNumber(text);
  if (value === null || Math.abs(value) > 0x7fffffff) wrong(text, `Invalid "${what}" value\n`);
  return value;
}

/** A namespace by name or by the number of a process in it. */
function namespaceOf(session: Session, text: string): NetworkNamespace {
  const { machine } = session.process;
  const named = machine.namespaces.get(text);
  if (named !== undefined) return named;
  const pid = parseNumber(text);
  if (pid === null) wrong(text, 'Invalid "netns" value\n');
  if (pid === 1) return machine.initial;
  const process = machine.processes.get(pid);
  if (process === undefined) throw new KernelError(Errno.ESRCH);
  return process.namespace;
}

/** What a new link is made with. */
export function attributes(words: LinkWords): LinkAttributes {
  const made: LinkAttributes = {};
  if (words.device !== null) made.name = words.device;
  if (words.index !== null) made.index = words.index;
  if (words.address !== null) made.address = words.address;
  if (words.broadcast !== null) made.broadcast = words.broadcast;
  if (words.mtu !== null) made.mtu = words.mtu;
  if (words.txqueuelen !== null) made.txqueuelen = words.txqueuelen;
  if (words.group !== null) made.group = words.group;
  return made;
}
