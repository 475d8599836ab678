/** What `ip -d link` prints of a TAP interface (`ip/iptuntap.c`). */
import type { Interface } from "../../device/interface.ts";
import type { Session } from "./session.ts";

export function tapDetails(session: Session, _device: Interface): void {
  const { out } = session;
  const flag = (key: string, value: boolean) => out.put(key, value, `${key} ${value ? "on" : "off"} `);
  out.openObject("info_data");
  out.put("type", "tap", "type tap ");
  flag("pi", false);
  flag("vnet_hdr", false);
  out.put("multi_queue", false, null);
  flag("persist", true);
  out.closeObject();
}
