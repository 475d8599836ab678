/** The names that `ip netns` gave to namespaces. */
import type { InterfaceOwner } from "../../device/interface.ts";
import type { Session } from "./session.ts";

/** The name of `other` under /run/netns, or null. */
export function namespaceName(session: Session, other: InterfaceOwner): string | null {
  for (const [name, namespace] of session.process.machine.namespaces) if (namespace === other) return name;
  return null;
}
