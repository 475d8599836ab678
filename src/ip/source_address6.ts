/** Choosing the source address of what this host sends (RFC 6724 section 5; `ipv6_dev_get_saddr`). */
import type { Interface } from "../device/interface.ts";
import { equal6, type Ipv6Address, isMulticast6, parseIpv6 } from "../wire/ipv6.ts";
import { commonPrefix6, isLoopback6, isMapped6, prefixEqual6, scope6, SCOPE_LINK } from "./address_kind6.ts";
import { type Address6, inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { IFA_F_DEPRECATED, IFA_F_HOMEADDRESS, IFA_F_OPTIMISTIC, IFA_F_SECONDARY } from "./netlink.ts";

/** The default policy table (`ip6addrlbl_init_table`), the longest prefixes first. */
const LABELS: readonly { prefix: Ipv6Address; length: number; label: number }[] = ([
  ["::1", 128, 0],
  ["::ffff:0:0", 96, 4],
  ["::", 96, 3],
  ["2001::", 32, 6],
  ["2001:10::", 28, 7],
  ["3ffe::", 16, 12],
  ["2002::", 16, 2],
  ["fec0::", 10, 11],
  ["fc00::", 7, 5],
] as const).map(([text, length, label]) => ({ prefix: parseIpv6(text)!, length, label }));

function label(bytes: Uint8Array, at: number): number {
  for (const entry of LABELS) if (prefixEqual6(entry.prefix, bytes, entry.length, 0, at)) return entry.label;
  return 1;
}

/** The rules in the order that decides, each as a number of which the larger wins. */
const RULES: readonly ((address: Address6, to: Destination) => number)[] = [
  (address, to) => equal6(address.local, to.bytes, 0, to.at) ? 1 : 0,
  (address, to) => {
    const scope = scope6(address.local);
    return scope >= to.scope ? -scope : scope - 128;
  },
  (address) => {
    if (isLoopback6(address.local) || isMapped6(address.local)) return 1;
    const avoided = IFA_F_DEPRECATED | (address.inet6.config.use_optimistic !== 0 ? 0 : IFA_F_OPTIMISTIC);
    return (address.flags & avoided) === 0 ? 1 : 0;
  },
  (address) => (address.flags & IFA_F_HOMEADDRESS) !== 0 ? 1 : 0,
  (address, to) => to.device === null || address.device === to.device ? 1 : 0,
  (address, to) => label(address.local, 0) === to.label ? 1 : 0,
  (address) => ((address.flags & IFA_F_SECONDARY) !== 0) === (address.inet6.config.use_tempaddr >= 2) ? 1 : 0,
  (address, to) => Math.min(commonPrefix6(address.local, to.bytes, 0, to.at), address.prefixLength),
  (address) => (address.flags & IFA_F_OPTIMISTIC) === 0 ? 1 : 0,
];

interface Destination {
  bytes: Uint8Array;
  at: number;
  device: Interface | null;
  scope: number;
  label: number;
}

/** The best source for a destination through `device`, or null when there is none. */
export function selectSource(ip: Ipv6, bytes: Uint8Array, at: number, device: Interface | null): Ipv6Address | null {
  const to: Destination = { bytes, at, device, scope: scope6(bytes, at), label: label(bytes, at) };
  const through = device === null ? null : inet6(device);
  const onlyThere = device !== null &&
    (isMulticast6(bytes, at) || to.scope <= SCOPE_LINK ||
      (through !== null && through.config.use_oif_addrs_only !== 0));
  let best: Address6 | null = null;
  if (onlyThere) best = through === null ? null : bestOf(through, to, null);
  else {for (const one of ip.host.interfaces) {
      const owner = inet6(one);
      if (owner !== null) best = bestOf(owner, to, best);
    }}
  return best === null ? null : best.local;
}

function bestOf(owner: Inet6Device, to: Destination, best: Address6 | null): Address6 | null {
  for (const address of owner.addresses) {
    if (!address.usable || isMulticast6(address.local)) continue;
    if (best === null || better(address, best, to)) best = address;
  }
  return best;
}

function better(address: Address6, than: Address6, to: Destination): boolean {
  for (const rule of RULES) {
    const difference = rule(address, to) - rule(than, to);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
