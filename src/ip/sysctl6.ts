/** `net/ipv6/…` of `/proc/sys`, made when somebody looks. */
import { Errno, KernelError } from "../wire/errno.ts";
import { formatIpv6, parseIpv6 } from "../wire/ipv6.ts";
import { setAddressGeneration, setDisabled, setForwarding } from "./addrconf6.ts";
import {
  changedConfig,
  changedSettings,
  DEFAULT_CONFIG,
  DEFAULT_SETTINGS,
  type DeviceConfig6,
  type DeviceSysctl6,
  type Sysctl6,
} from "./config6.ts";
import type { SysctlEntry } from "./host.ts";
import { numberSysctl } from "./host.ts";
import { inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { neighbourSysctls } from "./neighbour_parameters.ts";

/** Bounds where the kernel has some; all others take any 32-bit number. */
const DEVICE_BOUNDS: { [name in DeviceSysctl6]?: [number, number] } = {
  hop_limit: [1, 255],
  router_solicitations: [-1, 2147483647],
  accept_ra_min_hop_limit: [-2147483648, 2147483647],
  ndisc_evict_nocarrier: [0, 255],
  ndisc_tclass: [0, 255],
  accept_untracked_na: [0, 2],
  force_forwarding: [0, 1],
  ra_defrtr_metric: [1, 4294967295],
  ioam6_enabled: [0, 1],
  ioam6_id: [0, 65535],
  ioam6_id_wide: [0, 4294967295],
  addr_gen_mode: [0, 3],
};

const SETTING_BOUNDS: { [name in Sysctl6]?: [number, number] } = {
  auto_flowlabels: [0, 3],
  fib_multipath_hash_policy: [0, 3],
  flowlabel_reflect: [0, 7],
  fib_notify_on_flag_change: [0, 2],
  ioam6_id: [0, 16777215],
  "icmp/ratelimit": [0, 2147483647],
};

function parse(value: string, bounds: [number, number] = [-2147483648, 2147483647]): number {
  const text = value.trim();
  const number = Number(text);
  if (text === "" || !Number.isInteger(number) || number < bounds[0] || number > bounds[1]) {
    throw new KernelError(Errno.EINVAL);
  }
  return number;
}

export function sysctls6(ip: Ipv6): SysctlEntry[] {
  const entries: SysctlEntry[] = [];
  for (const name of Object.keys(DEFAULT_SETTINGS) as Sysctl6[]) {
    entries.push({
      path: `net/ipv6/${name}`,
      read: () => String(ip.settings[name]),
      write: (value) => {
        ip.settings = changedSettings(ip.settings, name, parse(value, SETTING_BOUNDS[name]));
        ip.changed();
      },
    });
  }
  entries.push(ratemask(ip), ioam6IdWide(ip), {
    path: "net/ipv6/route/flush",
    read: () => "",
    write: () => ip.flushExceptions(),
  });
  pushConf(ip, entries, "all", () => ip.allConfig, null);
  pushConf(ip, entries, "default", () => ip.defaultConfig, null);
  for (const device of ip.host.interfaces) {
    const owner = inet6(device);
    if (owner === null) continue;
    pushConf(ip, entries, device.name, () => owner.config, owner);
    const parameters = ip.neighbourParameters(device);
    const change = () => ip.ownNeighbourParameters(device);
    entries.push(...neighbourSysctls(`net/ipv6/neigh/${device.name}`, parameters, change));
  }
  // Only the machine's own namespace has the defaults.
  if (ip.host.name !== "") return entries;
  entries.push(...neighbourSysctls("net/ipv6/neigh/default", ip.defaultNeighbours(), () => ip.ownDefaultNeighbours()));
  const limits = ip.neighbourLimits();
  for (
    const [name, key] of [
      ["gc_interval", "gcInterval"],
      ["gc_thresh1", "gcThresh1"],
      ["gc_thresh2", "gcThresh2"],
      ["gc_thresh3", "gcThresh3"],
    ] as const
  ) entries.push(numberSysctl(`net/ipv6/neigh/default/${name}`, limits, key, 0));
  return entries;
}

function pushConf(
  ip: Ipv6,
  entries: SysctlEntry[],
  folder: string,
  config: () => DeviceConfig6,
  owner: Inet6Device | null,
): void {
  for (const name of Object.keys(DEFAULT_CONFIG) as DeviceSysctl6[]) {
    entries.push({
      path: `net/ipv6/conf/${folder}/${name}`,
      read: () => String(config()[name]),
      write: (value) => writeConf(ip, folder, owner, name, parse(value, DEVICE_BOUNDS[name])),
    });
  }
  entries.push({
    path: `net/ipv6/conf/${folder}/mtu`,
    read: () => String(owner === null ? 1280 : owner.mtu),
    write: (value) => {
      if (owner === null) throw new KernelError(Errno.EINVAL);
      owner.mtu = parse(value, [1280, owner.device.mtu]);
      ip.changed();
    },
  }, {
    path: `net/ipv6/conf/${folder}/stable_secret`,
    read: () => {
      const secret = owner === null ? ip.secret : owner.secret;
      if (secret === null) throw new KernelError(Errno.EIO);
      return formatIpv6(secret);
    },
    write: (value) => {
      const secret = parseIpv6(value.trim());
      if (secret === null) throw new KernelError(Errno.EINVAL);
      if (owner === null) ip.secret = secret;
      else {
        owner.secret = secret;
        setAddressGeneration(ip, owner, 2);
      }
    },
  });
}

function writeConf(ip: Ipv6, folder: string, owner: Inet6Device | null, name: DeviceSysctl6, value: number): void {
  if (owner !== null) writeDevice(ip, owner, name, value);
  else if (folder === "default") ip.defaultConfig = changedConfig(ip.defaultConfig, name, value);
  else writeAll(ip, name, value);
  ip.changed();
}

function writeDevice(ip: Ipv6, owner: Inet6Device, name: DeviceSysctl6, value: number): void {
  if (name === "disable_ipv6") setDisabled(ip, owner, value);
  else if (name === "forwarding") setForwarding(ip, owner, value);
  else if (name === "addr_gen_mode") setAddressGeneration(ip, owner, value);
  else owner.config = changedConfig(owner.config, name, value);
}

/** Some of `all` are for every interface, and for those to come. */
function writeAll(ip: Ipv6, name: DeviceSysctl6, value: number): void {
  ip.allConfig = changedConfig(ip.allConfig, name, value);
  const spreads = name === "disable_ipv6" || name === "forwarding" || name === "addr_gen_mode" ||
    name === "ignore_routes_with_linkdown";
  if (!spreads) return;
  ip.defaultConfig = changedConfig(ip.defaultConfig, name, value);
  for (const device of ip.host.interfaces) {
    const owner = inet6(device);
    if (owner !== null) writeDevice(ip, owner, name, value);
  }
}

function ioam6IdWide(ip: Ipv6): SysctlEntry {
  return {
    path: "net/ipv6/ioam6_id_wide",
    read: () => ip.ioam6IdWide,
    write: (value) => {
      const text = value.trim();
      if (!/^[0-9]{1,17}$/.test(text) || BigInt(text) >= 1n << 56n) throw new KernelError(Errno.EINVAL);
      ip.ioam6IdWide = String(BigInt(text));
    },
  };
}

/** Which error types are limited: a list of ranges (`proc_do_large_bitmap`). */
function ratemask(ip: Ipv6): SysctlEntry {
  return {
    path: "net/ipv6/icmp/ratemask",
    read: () => ip.ratemask,
    write: (value) => {
      const text = value.trim();
      for (const part of text === "" ? [] : text.split(",")) {
        const [from, to] = part.split("-").map(Number);
        if (
          !Number.isInteger(from) || from > 255 ||
          (to !== undefined && (!Number.isInteger(to) || to > 255 || to < from))
        ) {
          throw new KernelError(Errno.EINVAL);
        }
      }
      ip.ratemask = text;
    },
  };
}
