/** What `ip -d link` prints of bridges and their ports, and the options of a port (`ip/iplink_bridge.c`, `ip/iplink_bridge_slave.c`). */
import { Bridge, type BridgePort, bridgePort } from "../../device/bridge.ts";
import type { Interface } from "../../device/interface.ts";
import { type Arguments, CommandError, parseUnsigned, wrong } from "./arguments.ts";
import { Decimal } from "./printer.ts";
import type { Session } from "./session.ts";

/** BR_STATE_* as `ip` and `bridge` name them. */
export const PORT_STATES: readonly string[] = ["disabled", "listening", "learning", "forwarding", "blocking"];

/** Octets without leading zeroes behind the priority: `8000.2:0:0:0:0:b0`. Without ports and address given it is zero. */
function bridgeId(bridge: Bridge): string {
  const known = bridge.addressSet || bridge.ports.length > 0;
  const octets = known ? [...bridge.device.address] : [0, 0, 0, 0, 0, 0];
  return `8000.${octets.map((octet) => octet.toString(16)).join(":")}`;
}

const timer = new Decimal("0.00");

/** JSON key, text key (the same when left out) and value of what is as the kernel makes it. */
const MULTICAST: readonly [string, string, number][] = [
  ["mcast_snooping", "", 1],
  ["no_linklocal_learn", "", 0],
  ["mcast_vlan_snooping", "", 0],
  ["mcast_router", "", 1],
  ["mcast_query_use_ifaddr", "", 0],
  ["mcast_querier", "", 0],
  ["mcast_hash_elasticity", "", 16],
  ["mcast_hash_max", "", 4096],
  ["mcast_last_member_cnt", "mcast_last_member_count", 2],
  ["mcast_startup_query_cnt", "mcast_startup_query_count", 2],
  ["mcast_last_member_intvl", "mcast_last_member_interval", 100],
  ["mcast_membership_intvl", "mcast_membership_interval", 26000],
  ["mcast_querier_intvl", "mcast_querier_interval", 25500],
  ["mcast_query_intvl", "mcast_query_interval", 12500],
  ["mcast_query_response_intvl", "mcast_query_response_interval", 1000],
  ["mcast_startup_query_intvl", "mcast_startup_query_interval", 3124],
  ["mcast_stats_enabled", "", 0],
  ["mcast_igmp_version", "", 2],
  ["mcast_mld_version", "", 1],
  ["nf_call_iptables", "", 0],
  ["nf_call_ip6tables", "", 0],
  ["nf_call_arptables", "", 0],
];

function hexadecimal(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}

export function bridgeDetails(session: Session, device: Interface): void {
  const { driver } = device;
  if (!(driver instanceof Bridge)) return;
  const { out } = session;
  const number = (key: string, value: number, text = key) => out.put(key, value, `${text} ${value} `);
  const id = bridgeId(driver);
  out.openObject("info_data");
  number("forward_delay", 1500);
  number("hello_time", 200);
  number("max_age", 2000);
  number("ageing_time", Math.floor(driver.fdb.ageingNs / 1e7));
  number("stp_state", 0);
  number("priority", 32768);
  number("vlan_filtering", 0);
  out.put("bridge_id", id, `bridge_id ${id} `);
  out.put("root_id", id, `designated_root ${id} `);
  for (const key of ["root_port", "root_path_cost", "topology_change", "topology_change_detected"]) number(key, 0);
  for (const key of ["hello_timer", "tcn_timer", "topology_change_timer", "gc_timer"]) {
    out.put(key, timer, `${key}    0.00 `);
  }
  const mask = hexadecimal(driver.groupForwardMask);
  out.put("group_fwd_mask", mask, `group_fwd_mask ${mask} `);
  out.put("group_addr", "01:80:c2:00:00:00", "group_address 01:80:c2:00:00:00 ");
  for (const [key, text, value] of MULTICAST) number(key, value, text || key);
  out.closeObject();
}

export function bridgePortDetails(session: Session, device: Interface): void {
  const port = bridgePort(device);
  if (port === null) return;
  const { out } = session;
  const number = (key: string, value: number, text = key) => out.put(key, value, `${text} ${value} `);
  const flag = (key: string, value: boolean) => out.put(key, value, `${key} ${value ? "on" : "off"} `);
  const id = (port.priority << 10) | port.number;
  const bridge = bridgeId(port.bridge);
  out.openObject("info_slave_data");
  out.put("state", PORT_STATES[port.state], `state ${PORT_STATES[port.state]} `);
  number("priority", port.priority);
  number("cost", port.cost);
  flag("hairpin", port.hairpin);
  flag("guard", false);
  flag("root_block", false);
  flag("fastleave", false);
  flag("learning", port.learning);
  flag("flood", port.flood);
  out.put("id", `0x${id.toString(16)}`, `port_id 0x${id.toString(16)} `);
  out.put("no", `0x${port.number.toString(16)}`, `port_no 0x${port.number.toString(16)} `);
  number("designated_port", id);
  number("designated_cost", 0);
  out.put("bridge_id", bridge, `designated_bridge ${bridge} `);
  out.put("root_id", bridge, `designated_root ${bridge} `);
  for (const key of ["hold_timer", "message_age_timer", "forward_delay_timer"]) out.put(key, timer, `${key}    0.00 `);
  number("topology_change_ack", 0);
  number("config_pending", 0);
  flag("proxy_arp", false);
  flag("proxy_arp_wifi", false);
  number("multicast_router", 1, "mcast_router");
  out.text("mcast_fast_leave off ");
  flag("mcast_flood", port.multicastFlood);
  flag("bcast_flood", port.broadcastFlood);
  flag("mcast_to_unicast", false);
  flag("neigh_suppress", false);
  out.put("group_fwd_mask", "0", "group_fwd_mask 0 ");
  out.put("group_fwd_mask_str", "0x0", "group_fwd_mask_str 0x0 ");
  flag("vlan_tunnel", false);
  flag("isolated", port.isolated);
  flag("locked", false);
  out.closeObject();
}

/** What `bridge_slave` options change of a port. */
export type PortOptions = Partial<
  Pick<
    BridgePort,
    | "state"
    | "priority"
    | "cost"
    | "hairpin"
    | "learning"
    | "flood"
    | "multicastFlood"
    | "broadcastFlood"
    | "isolated"
  >
>;

/** Switches that a port has here; null: read and without effect. */
const SWITCHES: Record<
  string,
  "hairpin" | "learning" | "flood" | "multicastFlood" | "broadcastFlood" | "isolated" | null
> = {
  hairpin: "hairpin",
  learning: "learning",
  flood: "flood",
  mcast_flood: "multicastFlood",
  bcast_flood: "broadcastFlood",
  isolated: "isolated",
  guard: null,
  root_block: null,
  fastleave: null,
  mcast_fast_leave: null,
  proxy_arp: null,
  proxy_arp_wifi: null,
  mcast_to_unicast: null,
  neigh_suppress: null,
  vlan_tunnel: null,
  locked: null,
};

const NUMBERS: Record<string, "state" | "priority" | "cost" | null> = {
  state: "state",
  priority: "priority",
  cost: "cost",
  mcast_router: null,
  group_fwd_mask: null,
};

export function readPortOptions(args: Arguments, unknown: (word: string) => never): PortOptions {
  const options: PortOptions = {};
  while (args.more) {
    const word = args.take();
    if (word in SWITCHES) {
      const text = args.value();
      if (text !== "on" && text !== "off") {
        throw new CommandError(`Error: argument of "${word}" must be one of "off", "on", not "${text}"\n`, 1);
      }
      const key = SWITCHES[word];
      if (key !== null) options[key] = text === "on";
    } else if (word in NUMBERS) {
      const text = args.value();
      const value = parseUnsigned(text) ?? wrong(text, `${word} is invalid`);
      const key = NUMBERS[word];
      if (key !== null) options[key] = value;
    } else if (word !== "fdb_flush" && word !== "nobackup_port") unknown(word);
  }
  return options;
}
