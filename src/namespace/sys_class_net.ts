/** `/sys/class/net/DEV/*` (net/core/net-sysfs.c). */
import { IFF_LOWER_UP, IFF_RUNNING, type Interface } from "../device/interface.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { formatMac } from "../wire/ethernet.ts";
import type { SyntheticFile } from "./file_system.ts";
import type { NetworkNamespace } from "./namespace.ts";

function invalid(): never {
  throw new KernelError(Errno.EINVAL);
}

const ATTRIBUTES: { readonly [name: string]: (device: Interface) => string | number } = {
  addr_assign_type: (device) => device.driver.kind === "" ? 0 : 3,
  addr_len: (device) => device.address.length,
  address: (device) => formatMac(device.address),
  broadcast: (device) => formatMac(device.broadcast),
  carrier(device) {
    if (!device.up) invalid();
    device.owner.world.linkwatch.sync(device);
    return device.carrier ? 1 : 0;
  },
  dev_id: () => "0x0",
  dev_port: () => 0,
  dormant: (device) => !device.up ? invalid() : 0,
  duplex: (device) => device.driver.kind === "veth" ? "full" : invalid(),
  flags: (device) => `0x${(device.flags & ~(IFF_RUNNING | IFF_LOWER_UP)).toString(16)}`,
  ifalias: (device) => device.alias,
  ifindex: (device) => device.index,
  iflink: (device) => device.link?.index ?? device.index,
  link_mode: () => 0,
  mtu: (device) => device.mtu,
  netdev_group: (device) => device.group,
  operstate: (device) => device.operstate.toLowerCase(),
  proto_down: () => 0,
  speed: (device) => device.driver.kind === "veth" && device.up ? 10000 : invalid(),
  tx_queue_len: (device) => device.txqueuelen,
  type: (device) => device.type,
  uevent: (device) => `INTERFACE=${device.name}\nIFINDEX=${device.index}`,
};

const STATISTICS: { readonly [name: string]: (device: Interface) => number } = {
  collisions: (device) => device.counters.collisions,
  multicast: (device) => device.counters.multicast,
  rx_bytes: (device) => device.counters.rxBytes,
  rx_compressed: () => 0,
  rx_crc_errors: () => 0,
  rx_dropped: (device) => device.counters.rxDropped,
  rx_errors: (device) => device.counters.rxErrors,
  rx_fifo_errors: (device) => device.counters.rxOverruns,
  rx_frame_errors: (device) => device.counters.rxFrame,
  rx_length_errors: () => 0,
  rx_missed_errors: (device) => device.counters.rxMissed,
  rx_nohandler: (device) => device.counters.rxNoHandler,
  rx_over_errors: () => 0,
  rx_packets: (device) => device.counters.rxPackets,
  tx_aborted_errors: () => 0,
  tx_bytes: (device) => device.counters.txBytes,
  tx_carrier_errors: (device) => device.counters.txCarrier,
  tx_compressed: () => 0,
  tx_dropped: (device) => device.counters.txDropped,
  tx_errors: (device) => device.counters.txErrors,
  tx_fifo_errors: () => 0,
  tx_heartbeat_errors: () => 0,
  tx_packets: (device) => device.counters.txPackets,
  tx_window_errors: () => 0,
};

function attribute<T extends string | number>(
  table: { readonly [name: string]: (device: Interface) => T },
  name: string,
  device: Interface,
): SyntheticFile | null {
  return Object.hasOwn(table, name) ? { kind: "file", read: () => `${table[name](device)}\n` } : null;
}

/** What is at `/sys/class/net/…`. */
export function classNet(namespace: NetworkNamespace, segments: readonly string[]): SyntheticFile | null {
  if (segments.length === 0) return { kind: "directory", list: () => [...namespace.interfaces].map((one) => one.name) };
  const device = namespace.interfaces.byName(segments[0]);
  if (device === undefined) return null;
  if (segments.length === 1) return { kind: "directory", list: () => [...Object.keys(ATTRIBUTES), "statistics"] };
  if (segments[1] !== "statistics") return segments.length === 2 ? attribute(ATTRIBUTES, segments[1], device) : null;
  if (segments.length === 2) return { kind: "directory", list: () => Object.keys(STATISTICS) };
  return segments.length === 3 ? attribute(STATISTICS, segments[2], device) : null;
}
