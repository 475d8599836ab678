/** What `ip -d` adds of an interface: limits, what its kind was set to, queues and offloads (`print_linktype` and the rest). */
import { Bridge } from "../../device/bridge.ts";
import type { Interface } from "../../device/interface.ts";
import { IPV6_MIN_MTU } from "../../ip/addrconf6.ts";
import type { SysctlEntry } from "../../ip/host.ts";
import type { Session } from "./session.ts";
import { bridgeDetails, bridgePortDetails } from "./link_bridge.ts";
import { macvlanDetails } from "./link_macvlan.ts";
import { tapDetails } from "./link_tap.ts";
import { vlanDetails } from "./link_vlan.ts";

/** What each kind prints of itself after its name. */
const KINDS: Record<string, (session: Session, device: Interface) => void> = {
  bridge: bridgeDetails,
  macvlan: macvlanDetails,
  tun: tapDetails,
  vlan: vlanDetails,
};

/** Octets that a segment may have before the device cuts it: GSO_MAX_SIZE, or GSO_LEGACY_MAX_SIZE. */
function tsoMaxSize(device: Interface): number {
  const { driver } = device;
  return driver.kind === "tap" || (driver instanceof Bridge && !driver.hadPorts) ? 65536 : 524280;
}

/** Transmit and receive queues: a veth has one for each of the machine's two processors. */
export function queues(device: Interface): number {
  return device.driver.kind === "veth" ? 2 : 1;
}

const ADDRESS_GENERATION = ["eui64", "none", "stable_secret", "random"];

/** The sysctl that says how IPv6 makes the addresses of an interface. */
export function addressGenerationEntry(session: Session, device: Interface): SysctlEntry | undefined {
  const path = `net/ipv6/conf/${device.name}/addr_gen_mode`;
  return session.namespace.sysctls().find((entry) => entry.path === path);
}

export function linkDetails(session: Session, device: Interface, asLink: boolean): void {
  const { out } = session;
  const number = (key: string, value: number, text: string) => out.put(key, value, text.replace("%", String(value)));
  number("promiscuity", device.promiscuity, " promiscuity % ");
  number("allmulti", device.allMulticast, " allmulti % ");
  number("min_mtu", device.minMtu, "minmtu % ");
  number("max_mtu", device.maxMtu, "maxmtu % ");
  linkKind(session, device);
  if (asLink && device.mtu >= IPV6_MIN_MTU) {
    const mode = ADDRESS_GENERATION[Number(addressGenerationEntry(session, device)?.read() ?? 0)];
    out.put("inet6_addr_gen_mode", mode, `addrgenmode ${mode} `);
  }
  number("num_tx_queues", queues(device), "numtxqueues % ");
  number("num_rx_queues", queues(device), "numrxqueues % ");
  number("gso_max_size", 65536, "gso_max_size % ");
  number("gso_max_segs", 65535, "gso_max_segs % ");
  number("tso_max_size", tsoMaxSize(device), "tso_max_size % ");
  number("tso_max_segs", 65535, "tso_max_segs % ");
  number("gro_max_size", 65536, "gro_max_size % ");
}

function linkKind(session: Session, device: Interface): void {
  const { out } = session;
  const { kind } = device.driver;
  const shown = kind === "tap" ? "tun" : kind;
  if (shown === "" && device.master === null) return;
  out.openObject("linkinfo");
  if (shown !== "") {
    out.line();
    out.put("info_kind", shown, `    ${shown} `);
    KINDS[shown]?.(session, device);
  }
  if (device.master !== null) {
    out.line();
    out.put("info_slave_kind", "bridge", "    bridge_slave ");
    bridgePortDetails(session, device);
  }
  out.closeObject();
}
