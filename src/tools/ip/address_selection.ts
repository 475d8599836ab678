/** What `ip address show`, `flush` and `ip link show` are asked for. */
import type { Interface } from "../../device/interface.ts";
import * as nl from "../../ip/netlink.ts";
import { type Arguments, garbage, matches, usage, wrong } from "./arguments.ts";
import { groups, scopes } from "./names.ts";
import { type Family, type Prefix, readPrefix } from "./prefix.ts";
import type { Session } from "./session.ts";

export interface AddressSelection {
  family: Family;
  device: string | null;
  up: boolean;
  to: Prefix | null;
  scope: number | null;
  label: string | null;
  group: number | null;
  master: Interface | null;
  noMaster: boolean;
  type: string | null;
  /** IFA_F_* wanted, of those in `flagMask`. */
  flags: number;
  flagMask: number;
}

/** Names of flags that may be asked for, with `-` before them for those without. */
const FLAGS: Record<string, number> = {
  secondary: nl.IFA_F_SECONDARY,
  temporary: nl.IFA_F_SECONDARY,
  nodad: nl.IFA_F_NODAD,
  optimistic: nl.IFA_F_OPTIMISTIC,
  dadfailed: nl.IFA_F_DADFAILED,
  home: nl.IFA_F_HOMEADDRESS,
  deprecated: nl.IFA_F_DEPRECATED,
  tentative: nl.IFA_F_TENTATIVE,
  permanent: nl.IFA_F_PERMANENT,
  mngtmpaddr: nl.IFA_F_MANAGETEMPADDR,
  noprefixroute: nl.IFA_F_NOPREFIXROUTE,
  autojoin: nl.IFA_F_MCAUTOJOIN,
};

/** Takes a flag's name; false when the word is none. */
function selectFlag(selection: AddressSelection, word: string): boolean {
  if (word === "dynamic" || word === "primary") {
    const bit = word === "dynamic" ? nl.IFA_F_PERMANENT : nl.IFA_F_SECONDARY;
    selection.flags &= ~bit;
    selection.flagMask |= bit;
    return true;
  }
  const inverted = word.startsWith("-");
  const bit = FLAGS[inverted ? word.slice(1) : word];
  if (bit === undefined) return false;
  if (inverted) selection.flags &= ~bit;
  else selection.flags |= bit;
  selection.flagMask |= bit;
  return true;
}

export function readSelection(session: Session, args: Arguments, family: Family, help: string): AddressSelection {
  const selection: AddressSelection = {
    family,
    device: null,
    up: false,
    to: null,
    scope: null,
    label: null,
    group: null,
    master: null,
    noMaster: false,
    type: null,
    flags: 0,
    flagMask: 0,
  };
  while (args.more) {
    const word = args.take();
    if (word === "to") {
      selection.to = readPrefix(args.value(), selection.family);
      if (selection.family === "unspec") selection.family = selection.to.family;
    } else if (word === "scope") {
      const name = args.value();
      selection.scope = name === "all" ? null : scopes.parse(name) ?? wrong(name, 'invalid "scope"\n');
    } else if (word === "up") selection.up = true;
    else if (selectFlag(selection, word)) continue;
    else if (word === "label") selection.label = args.value();
    else if (word === "group") {
      const name = args.value();
      selection.group = groups.parse(name) ?? wrong(name, 'Invalid "group" value\n');
    } else if (word === "master") {
      const name = args.value();
      selection.master = session.findDevice(name) ?? wrong(name, "Device does not exist\n");
    } else if (word === "vrf") wrong(args.value(), "Not a valid VRF name\n");
    else if (word === "nomaster") selection.noMaster = true;
    else if (word === "type") selection.type = args.value();
    else {
      const name = word === "dev" ? args.value() : word;
      if (word !== "dev" && name !== "" && matches(name, "help")) usage(help);
      if (selection.device !== null) garbage("dev", name);
      selection.device = name;
    }
  }
  return selection;
}
