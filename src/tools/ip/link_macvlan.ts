/** What `ip -d link` prints of a macvlan (`ip/iplink_macvlan.c`). */
import type { Interface } from "../../device/interface.ts";
import { Macvlan, MACVLAN_MODES } from "../../device/macvlan.ts";
import type { Session } from "./session.ts";

/** Broadcasts that wait to be copied to the members (MACVLAN_DEFAULT_BC_QUEUE_LEN). */
const BROADCAST_QUEUE = 1000;

export function macvlanDetails(session: Session, device: Interface): void {
  const { driver } = device;
  if (!(driver instanceof Macvlan)) return;
  const { out } = session;
  const mode = Object.keys(MACVLAN_MODES).find((name) => MACVLAN_MODES[name] === driver.mode) ?? "unknown";
  out.openObject("info_data");
  out.put("mode", mode, `mode ${mode} `);
  out.put("bcqueuelen", BROADCAST_QUEUE, `bcqueuelen ${BROADCAST_QUEUE} `);
  out.put("usedbcqueuelen", BROADCAST_QUEUE, `usedbcqueuelen ${BROADCAST_QUEUE} `);
  out.closeObject();
}
