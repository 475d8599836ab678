/** `ip monitor`: what netlink tells, as it comes (`ip/ipmonitor.c`). */
import type { Interface } from "../../device/interface.ts";
import type { NetlinkEvent } from "../../ip/host.ts";
import type { InterfaceAddress, Neighbour, Route, Rule } from "../../ip/netlink.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { printAddress } from "./address_show.ts";
import { type Arguments, CommandError, matches, usage } from "./arguments.ts";
import { printLink } from "./link_show.ts";
import { printNeighbour } from "./neighbour.ts";
import { printId } from "./netns.ts";
import { familyOf } from "./prefix.ts";
import { printRoute } from "./route_show.ts";
import { printRule } from "./rule.ts";
import type { Session } from "./session.ts";
import { MONITOR_USAGE } from "./usage.ts";

type Kind = NetlinkEvent["kind"];

/** Words for kinds of messages, tried in this order; null: a kind that the emulator has no messages of. */
const KINDS: readonly [string, Kind | null][] = [
  ["link", "link"],
  ["address", "address"],
  ["route", "route"],
  ["mroute", null],
  ["nexthop", null],
  ["prefix", null],
  ["neigh", "neighbour"],
  ["netconf", null],
  ["rule", "rule"],
  ["nsid", "nsid"],
  ["stats", null],
];

const LABELS: Record<Kind, string> = {
  link: "[LINK]",
  address: "[ADDR]",
  route: "[ROUTE]",
  neighbour: "[NEIGH]",
  rule: "[RULE]",
  nsid: "[NSID]",
};

interface Wanted {
  kinds: Set<Kind>;
  labels: boolean;
  device: string | null;
}

function readWords(args: Arguments): Wanted {
  const wanted: Wanted = { kinds: new Set(), labels: false, device: null };
  let said = false;
  while (args.more) {
    const word = args.take();
    if (word === "file") {
      throw new CommandError(`Cannot fopen: ${args.value()}: files of messages are not emulated\n`, 255);
    }
    const kind = KINDS.find(([name]) => matches(word, name));
    if (matches(word, "label")) wanted.labels = true;
    else if (kind !== undefined) {
      said = true;
      if (kind[1] !== null) wanted.kinds.add(kind[1]);
    } else if (word === "all") said = false;
    else if (matches(word, "all-nsid")) continue;
    else if (matches(word, "help")) usage(MONITOR_USAGE);
    else if (word === "dev") wanted.device = args.value();
    else throw new CommandError(`Argument "${word}" is unknown, try "ip monitor help".\n`, 255);
  }
  if (!said) { for (const [, kind] of KINDS) if (kind !== null) wanted.kinds.add(kind); }
  return wanted;
}

export async function monitor(session: Session, args: Arguments): Promise<number> {
  const wanted = readWords(args);
  const device = wanted.device === null ? null : session.device(wanted.device);
  const { monitors } = session.namespace;
  const listener = (event: NetlinkEvent) => {
    if (wanted.kinds.has(event.kind) && isOf(session, event, device)) print(session, wanted, event);
  };
  monitors.add(listener);
  try {
    await session.process.wait("netlink messages", () => {});
  } finally {
    monitors.delete(listener);
  }
  return 0;
}

/** Whether the message is of the family and the interface that are wanted. */
function isOf(session: Session, event: NetlinkEvent, device: Interface | null): boolean {
  const { family } = session.options;
  const about = subject(event);
  if (device !== null && about.device !== undefined && about.device !== device) return false;
  return family === "unspec" || about.family === undefined || family === about.family;
}

function subject(event: NetlinkEvent): { family?: string; device?: Interface | null } {
  if (event.kind === "link") return { device: event.subject as Interface, family: "link" };
  if (event.kind === "address") {
    const { local, device } = event.subject as InterfaceAddress;
    return { family: familyOf(local), device };
  }
  if (event.kind === "route") {
    const { destination, nexthops } = event.subject as Route;
    return { family: familyOf(destination), device: nexthops.length === 1 ? nexthops[0].device : null };
  }
  if (event.kind === "neighbour") {
    const { address, device } = event.subject as Neighbour;
    return { family: familyOf(address), device };
  }
  return {};
}

function print(session: Session, wanted: Wanted, event: NetlinkEvent): void {
  const { out } = session;
  const deleted = event.action === "delete";
  out.begin();
  if (session.options.timestamp !== "") out.text(timestamp(session));
  if (wanted.labels) out.text(LABELS[event.kind]);
  if (event.kind === "link") {
    out.openObject();
    printLink(session, event.subject as Interface, {
      asLink: false,
      hardware: true,
      deleted,
      noQueueLength: true,
      anonymous: !wanted.kinds.has("nsid"),
    });
    out.closeObject();
  } else if (event.kind === "address") {
    printAddress(session, event.subject as InterfaceAddress, false, true, deleted);
  } else if (event.kind === "route") printRoute(session, event.subject as Route, { table: 0, deleted });
  else if (event.kind === "neighbour") printNeighbour(session, event.subject as Neighbour, true, deleted);
  else if (event.kind === "rule") printRule(session, event.subject as Rule, deleted);
  else {
    const namespace = event.subject as NetworkNamespace;
    printId(session, namespace, session.namespace.ids.of(namespace), deleted);
  }
  out.end();
}

/** Virtual time counts from 1970. */
function timestamp(session: Session): string {
  const seconds = Math.floor(session.now / 1e9);
  const micro = Math.floor((session.now % 1e9) / 1e3);
  const date = new Date(seconds * 1000);
  if (session.options.timestamp === "short") {
    return `[${date.toISOString().slice(0, 19)}.${String(micro).padStart(6, "0")}] `;
  }
  const [day, number, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  return `Timestamp: ${day} ${month} ${String(Number(number)).padStart(2)} ${time} ${year} ${micro} usec\n`;
}
