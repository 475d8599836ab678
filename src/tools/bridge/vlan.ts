/** `bridge vlan`: no bridge here filters by VLAN, so that none has any, and setting one is refused. */
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, matches } from "../ip/arguments.ts";
import type { Session } from "../ip/session.ts";
import { VLAN_USAGE } from "./usage.ts";

export function vlan(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  const changes = ["add", "delete", "set", "global"];
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) {
    session.out.begin();
    session.out.text("port              vlan-id  \n");
    session.out.end();
    return 0;
  }
  if (changes.some((name) => matches(command, name))) throw new KernelError(Errno.EOPNOTSUPP);
  if (matches(command, "help")) throw new CommandError(VLAN_USAGE, 255);
  throw new CommandError(`Command "${command}" is unknown, try "bridge vlan help".\n`, 255);
}
