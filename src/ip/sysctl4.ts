/** The tree below `net/ipv4` but for the transports' settings (`net/ipv4/devinet.c`, `sysctl_net_ipv4.c`, `route.c`). */
import type { Interface } from "../device/interface.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { DevConf4, type DevConfKey, withConf } from "./devconf4.ts";
import { numberSysctl, type SysctlEntry } from "./host.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { neighbourLimitSysctls, neighbourSysctls } from "./neighbour_parameters.ts";
import type { Settings4 } from "./settings4.ts";

const CONF_KEYS = Object.keys(new DevConf4()).sort() as DevConfKey[];

type NumberKey = { [K in keyof Settings4]: Settings4[K] extends number ? K : never }[keyof Settings4];

/** Name, least and greatest value; a folder before the name where it lies in one. */
const NUMBERS: readonly [NumberKey, number, number, string?][] = [
  ["fib_multipath_hash_fields", 1, 0xfff],
  ["fib_multipath_hash_policy", 0, 3],
  ["fib_multipath_hash_seed", 0, 0xffffffff],
  ["fib_multipath_use_neigh", 0, 1],
  ["fib_notify_on_flag_change", 0, 2],
  ["fwmark_reflect", 0, 255],
  ["icmp_echo_enable_probe", 0, 1],
  ["icmp_echo_ignore_all", 0, 1],
  ["icmp_echo_ignore_broadcasts", 0, 1],
  ["icmp_errors_use_inbound_ifaddr", 0, 1],
  ["icmp_ignore_bogus_error_responses", 0, 1],
  ["icmp_msgs_burst", 0, 0x7fffffff],
  ["icmp_msgs_per_sec", 0, 0x7fffffff],
  ["icmp_ratelimit", 0, 0x7fffffff],
  ["icmp_ratemask", -0x80000000, 0x7fffffff],
  ["igmp_link_local_mcast_reports", 0, 1],
  ["igmp_max_memberships", 0, 0x7fffffff],
  ["igmp_max_msf", 0, 0x7fffffff],
  ["igmp_qrv", 1, 0x7fffffff],
  ["ip_autobind_reuse", 0, 1],
  ["ip_default_ttl", 1, 255],
  ["ip_dynaddr", 0, 255],
  ["ip_early_demux", 0, 255],
  ["ip_forward_update_priority", 0, 1],
  ["ip_forward_use_pmtu", 0, 255],
  ["ip_no_pmtu_disc", 0, 255],
  ["ip_nonlocal_bind", 0, 255],
  ["ipfrag_high_thresh", 0, 0x7fffffff],
  ["ipfrag_low_thresh", 0, 0x7fffffff],
  ["ipfrag_max_dist", 0, 0x7fffffff],
  ["ipfrag_time", 0, 0x7fffffff],
  ["nexthop_compat_mode", 0, 1],
  ["raw_l3mdev_accept", 0, 1],
  ["min_adv_mss", 0, 0x7fffffff, "route/"],
  ["min_pmtu", 68, 0x7fffffff, "route/"],
  ["mtu_expires", 0, 0x7fffffff, "route/"],
  ["xfrm4_gc_thresh", 0, 0x7fffffff],
];

export function sysctls4(ipv4: Ipv4): SysctlEntry[] {
  const entries: SysctlEntry[] = [];
  confEntries(entries, "all", () => ipv4.settings.allConf, (key, value) => writeAll(ipv4, key, value));
  confEntries(entries, "default", () => ipv4.settings.defaultConf, (key, value) => writeDefault(ipv4, key, value));
  for (const device of ipv4.host.interfaces) {
    const own = inDevice(device);
    if (own !== null) {
      confEntries(entries, device.name, () => own.conf, (key, value) => writeOwn(ipv4, own, key, value));
    }
  }
  for (const [key, least, most, folder] of NUMBERS) entries.push(settingEntry(ipv4, key, least, most, folder ?? ""));
  entries.push({
    path: "net/ipv4/ip_forward",
    read: () => String(ipv4.settings.allConf.forwarding),
    write: (value) => writeAll(ipv4, "forwarding", parse(value)),
  });
  entries.push({
    path: "net/ipv4/route/flush",
    read() {
      throw new KernelError(Errno.EACCES);
    },
    write: () => ipv4.changed(),
  });
  neighbourEntries(ipv4, entries);
  return entries;
}

function parse(text: string): number {
  const value = Number(text.trim());
  if (text.trim() === "" || !Number.isInteger(value) || value < -0x80000000 || value > 0x7fffffff) {
    throw new KernelError(Errno.EINVAL);
  }
  return value;
}

function settingEntry(ipv4: Ipv4, key: NumberKey, least: number, most: number, folder: string): SysctlEntry {
  const path = `net/ipv4/${folder}${key}`;
  return {
    path,
    read: () => String(ipv4.settings[key]),
    write(value) {
      numberSysctl(path, { ...ipv4.settings }, key, least, most).write!(value);
      ipv4.ownSettings[key] = parse(value);
      ipv4.changed();
    },
  };
}

function confEntries(
  entries: SysctlEntry[],
  name: string,
  conf: () => DevConf4,
  write: (key: DevConfKey, value: number) => void,
): void {
  for (const key of CONF_KEYS) {
    entries.push({
      path: `net/ipv4/conf/${name}/${key}`,
      read: () => String(conf()[key]),
      write(text) {
        if (key === "mc_forwarding") throw new KernelError(Errno.EACCES);
        write(key, parse(text));
      },
    });
  }
}

/** conf/all; forwarding is everybody's at once, and who forwards no longer believes redirects (`inet_forward_change`). */
function writeAll(ipv4: Ipv4, key: DevConfKey, value: number): void {
  const settings = ipv4.ownSettings;
  const was = settings.allConf[key];
  settings.allConf = withConf(settings.allConf, key, value);
  if (key === "forwarding" && was !== value) {
    settings.allConf.accept_redirects = value === 0 ? 1 : 0;
    settings.defaultConf = withConf(settings.defaultConf, key, value);
    for (const device of ipv4.host.interfaces) setOwn(device, key, value);
  }
  ipv4.changed();
}

function setOwn(device: Interface, key: DevConfKey, value: number): void {
  const own = inDevice(device);
  if (own === null) return;
  own.conf = withConf(own.conf, key, value);
  (own.written ??= new Set()).add(key);
}

/** conf/default; interfaces on which nothing was set by hand, and that never had an address, follow (`devinet_copy_dflt_conf`). */
function writeDefault(ipv4: Ipv4, key: DevConfKey, value: number): void {
  const settings = ipv4.ownSettings;
  settings.defaultConf = withConf(settings.defaultConf, key, value);
  if (key === "forwarding") return;
  for (const device of ipv4.host.interfaces) {
    const own = inDevice(device);
    if (own !== null && !own.configured && !own.written?.has(key)) own.conf = withConf(own.conf, key, value);
  }
  ipv4.changed();
}

function writeOwn(ipv4: Ipv4, own: InDevice, key: DevConfKey, value: number): void {
  setOwn(own.device, key, value);
  ipv4.changed();
}

function neighbourEntries(ipv4: Ipv4, entries: SysctlEntry[]): void {
  if (ipv4.host.name === "") {
    const folder = "net/ipv4/neigh/default";
    const { settings } = ipv4;
    entries.push(...neighbourSysctls(folder, settings.neighbours, () => ipv4.ownSettings.neighbours));
    for (const entry of neighbourLimitSysctls(folder, { ...settings.neighbourLimits })) {
      entries.push({
        path: entry.path,
        read: entry.read,
        write(value) {
          entry.write!(value);
          const own = neighbourLimitSysctls(folder, ipv4.ownSettings.neighbourLimits);
          own.find((other) => other.path === entry.path)!.write!(value);
        },
      });
    }
  }
  for (const device of ipv4.host.interfaces) {
    const own = inDevice(device);
    if (own !== null) entries.push(...neighbourSysctls(`net/ipv4/neigh/${device.name}`, own.neighbours));
  }
}
