/** What `ip -d link` prints of a VLAN (`ip/iplink_vlan.c`). */
import type { Interface } from "../../device/interface.ts";
import { Vlan } from "../../device/vlan.ts";
import type { Session } from "./session.ts";

export function vlanDetails(session: Session, device: Interface): void {
  const { driver } = device;
  if (!(driver instanceof Vlan)) return;
  const { out } = session;
  const flags: string[] = [];
  if (driver.reorderHeader) flags.push("REORDER_HDR");
  if (driver.looseBinding) flags.push("LOOSE_BINDING");
  out.openObject("info_data");
  out.put("protocol", "802.1Q", "protocol 802.1Q ");
  out.put("id", driver.id, `id ${driver.id} `);
  out.openArray("flags");
  for (const flag of flags) out.put("", flag, null);
  out.closeArray();
  if (flags.length > 0) out.text(`<${flags.join(",")}> `);
  out.closeObject();
}
