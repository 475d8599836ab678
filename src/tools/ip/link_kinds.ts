/** What `type KIND` may be followed by (`ip/link_veth.c`, `ip/iplink_*.c`). */
import type { Interface } from "../../device/interface.ts";
import { bridgePort } from "../../device/bridge.ts";
import { changeLink, type LinkRequest } from "../../device/link.ts";
import { MACVLAN_MODES } from "../../device/macvlan.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, matches, onOff, parseUnsigned, wrong } from "./arguments.ts";
import { attributes, readLinkWords } from "./link_words.ts";
import { readPortOptions } from "./link_bridge.ts";
import type { Session } from "./session.ts";
import { BRIDGE_SLAVE_USAGE, BRIDGE_USAGE, DUMMY_USAGE, MACVLAN_USAGE, VETH_USAGE, VLAN_USAGE } from "./usage.ts";

type Reader = (session: Session, args: Arguments, request: Partial<LinkRequest>) => void;

const KINDS: Record<string, { usage: string; read: Reader }> = {
  veth: { usage: VETH_USAGE, read: readVeth },
  bridge: { usage: BRIDGE_USAGE, read: readBridge },
  bridge_slave: { usage: BRIDGE_SLAVE_USAGE, read: readBridgePort },
  vlan: { usage: VLAN_USAGE, read: readVlan },
  macvlan: { usage: MACVLAN_USAGE, read: readMacvlan },
  dummy: { usage: DUMMY_USAGE, read: readNothing },
};

export function isKnownKind(kind: string): boolean {
  return kind in KINDS;
}

export function kindUsage(kind: string): string | null {
  return KINDS[kind]?.usage ?? null;
}

export function readKindOptions(
  session: Session,
  args: Arguments,
  kind: string,
  request: Partial<LinkRequest>,
): void {
  KINDS[kind].read(session, args, request);
}

/** What `ip link set DEV type KIND OPTIONS` changes. */
export function changeKind(device: Interface, kind: string, request: PortRequest): void {
  if (kind === "bridge_slave") {
    const port = bridgePort(device);
    if (port === null) throw new KernelError(Errno.EOPNOTSUPP);
    Object.assign(port, request.port);
    return;
  }
  if (device.driver.kind !== kind) throw new KernelError(Errno.EOPNOTSUPP);
  if (request.bridge !== undefined) changeLink(device, { bridge: request.bridge });
}

/** Options of a port travel beside those of a link. */
export interface PortRequest extends Partial<LinkRequest> {
  port?: ReturnType<typeof readPortOptions>;
}

/** The usage of a kind that did not know a word: exit code 1. */
function unknown(kind: string, what: string, word: string): never {
  const text = KINDS[kind].usage;
  throw new CommandError(matches(word, "help") ? text : `${kind}: unknown ${what} "${word}"?\n${text}`, 1);
}

function readNothing(_session: Session, args: Arguments): void {
  if (args.more) throw new CommandError(DUMMY_USAGE, 1);
}

/** `peer` and what a link may have of its own. */
function readVeth(session: Session, args: Arguments, request: Partial<LinkRequest>): void {
  if (args.take() !== "peer") throw new CommandError(VETH_USAGE, 1);
  const words = readLinkWords(session, args);
  if (words.name !== null) words.device = words.name;
  request.peer = attributes(words);
  if (words.namespace !== null) request.peer.owner = words.namespace;
}

/** Options that have no effect without a spanning tree, a multicast querier or a firewall: a number is read. */
const BRIDGE_NUMBERS = [
  "forward_delay",
  "hello_time",
  "max_age",
  "priority",
  "no_linklocal_learn",
  "vlan_default_pvid",
  "vlan_stats_enabled",
  "vlan_stats_per_port",
  "mcast_snooping",
  "mcast_vlan_snooping",
  "mcast_router",
  "mcast_query_use_ifaddr",
  "mcast_querier",
  "mcast_hash_elasticity",
  "mcast_hash_max",
  "mcast_last_member_count",
  "mcast_startup_query_count",
  "mcast_last_member_interval",
  "mcast_membership_interval",
  "mcast_querier_interval",
  "mcast_query_interval",
  "mcast_query_response_interval",
  "mcast_startup_query_interval",
  "mcast_stats_enabled",
  "mcast_igmp_version",
  "mcast_mld_version",
  "nf_call_iptables",
  "nf_call_ip6tables",
  "nf_call_arptables",
];

function readBridge(_session: Session, args: Arguments, request: Partial<LinkRequest>): void {
  const bridge = request.bridge ??= {};
  while (args.more) {
    const word = args.take();
    const number = (): number => {
      const text = args.value();
      return parseUnsigned(text) ?? wrong(text, `invalid ${word}`);
    };
    if (word === "ageing_time") bridge.ageingNs = number() * 1e7;
    else if (word === "group_fwd_mask") bridge.groupForwardMask = number();
    else if (word === "stp_state" || word === "vlan_filtering") {
      if (number() !== 0) throw new KernelError(Errno.EOPNOTSUPP);
    } else if (word === "fdb_flush") continue;
    else if (BRIDGE_NUMBERS.includes(word)) number();
    else unknown("bridge", "command", word);
  }
}

function readBridgePort(_session: Session, args: Arguments, request: PortRequest): void {
  request.port = readPortOptions(args, (word) => unknown("bridge_slave", "option", word));
}

function readVlan(_session: Session, args: Arguments, request: Partial<LinkRequest>): void {
  let id: number | null = null;
  const vlan: { reorderHeader?: boolean; looseBinding?: boolean } = {};
  while (args.more) {
    const word = args.take();
    if (word === "protocol") {
      const protocol = args.value();
      if (protocol.toLowerCase() === "802.1ad") throw new KernelError(Errno.EPROTONOSUPPORT);
      if (protocol.toLowerCase() !== "802.1q") wrong(protocol, "protocol is invalid");
    } else if (word === "id") {
      const text = args.value();
      id = parseUnsigned(text, 65535) ?? wrong(text, "id is invalid");
    } else if (word === "reorder_hdr") vlan.reorderHeader = onOff(word, args.value());
    else if (word === "loose_binding") vlan.looseBinding = onOff(word, args.value());
    else if (word === "gvrp" || word === "mvrp" || word === "bridge_binding") onOff(word, args.value());
    else unknown("vlan", "command", word);
  }
  if (id !== null) request.vlan = { id, ...vlan };
}

function readMacvlan(_session: Session, args: Arguments, request: Partial<LinkRequest>): void {
  const macvlan = request.macvlan ??= {};
  while (args.more) {
    const word = args.take();
    if (word === "mode") {
      const mode = args.value();
      if (mode === "source") throw new KernelError(Errno.EOPNOTSUPP);
      if (!(mode in MACVLAN_MODES)) {
        throw new CommandError(
          `Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "${mode}"\n`,
          1,
        );
      }
      macvlan.mode = mode as "private" | "vepa" | "bridge" | "passthru";
    } else if (word === "flag") {
      const flag = args.value();
      if (!["nopromisc", "nodst", "null"].includes(flag)) {
        throw new CommandError(
          `Error: argument of "flag" must be "nopromisc", "nodst" or "null", not "${flag}"\n`,
          1,
        );
      }
    } else if (word === "bcqueuelen") {
      const text = args.value();
      if (parseUnsigned(text) === null) {
        throw new CommandError(
          `Error: argument of "bcqueuelen" must be a positive integer [0-4294967295], not "${text}"\n`,
          1,
        );
      }
    } else if (word in MACVLAN_MODES) macvlan.mode = word as "private" | "vepa" | "bridge" | "passthru";
    else unknown("macvlan", "option", word);
  }
}
