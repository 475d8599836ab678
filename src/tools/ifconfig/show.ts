/** How net-tools' `ifconfig` prints interfaces (`lib/interface.c`). */
import { ARPHRD_LOOPBACK, IFF_BROADCAST, IFF_POINTOPOINT, type Interface } from "../../device/interface.ts";
import type { InterfaceAddress } from "../../ip/netlink.ts";
import { RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_SITE } from "../../ip/netlink.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { formatMac } from "../../wire/ethernet.ts";
import { formatIpv4, mask4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";

/** An interface as ifconfig sees it: itself, or one of its labelled addresses (`eth0:1`), which has no counters. */
export interface Shown {
  name: string;
  device: Interface;
  alias: boolean;
}

/** By their order in `ifr_flags`; bits that the ioctl does not carry are not among them. */
const FLAGS: readonly [number, string][] = [
  [0x1, "UP"],
  [0x2, "BROADCAST"],
  [0x4, "DEBUG"],
  [0x8, "LOOPBACK"],
  [0x10, "POINTOPOINT"],
  [0x20, "NOTRAILERS"],
  [0x40, "RUNNING"],
  [0x80, "NOARP"],
  [0x100, "PROMISC"],
  [0x200, "ALLMULTI"],
  [0x800, "SLAVE"],
  [0x400, "MASTER"],
  [0x1000, "MULTICAST"],
  [0x8000, "DYNAMIC"],
];

/** `nstrcmp`: numbers within names compare as numbers. */
export function compareNames(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  while (i > 0 && /\d/.test(a[i - 1])) i--;
  const [first, second] = [/^\d+/.exec(a.slice(i)), /^\d+/.exec(b.slice(i))];
  if (first !== null && second !== null && first[0] !== second[0]) return Number(first[0]) - Number(second[0]);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All interfaces and labels of the namespace, by name. */
export function everything(namespace: NetworkNamespace): Shown[] {
  const shown: Shown[] = [];
  for (const device of namespace.interfaces) {
    shown.push({ name: device.name, device, alias: false });
    const labels = new Set(namespace.ipv4.addresses(device).map(({ label }) => label));
    for (const label of labels) {
      if (label.includes(":")) shown.push({ name: label, device, alias: true });
    }
  }
  return shown.sort((a, b) => compareNames(a.name, b.name));
}

/** The interface or label of that name. A label need not have an address. */
export function find(namespace: NetworkNamespace, name: string): Shown | null {
  const colon = name.indexOf(":");
  const device = namespace.interfaces.byName(colon < 0 ? name : name.slice(0, colon));
  return device === undefined ? null : { name, device, alias: colon >= 0 };
}

/** The first address with that label (SIOCGIFADDR). */
export function labelled(namespace: NetworkNamespace, { name, device }: Shown): InterfaceAddress | null {
  return namespace.ipv4.addresses(device).find(({ label }) => label === name) ?? null;
}

/** `ifr_flags` is 16 bits wide. */
export function ioctlFlags(device: Interface): number {
  device.owner.world.linkwatch.sync(device);
  return device.reportedFlags & 0xffff;
}

export function formatLong(namespace: NetworkNamespace, shown: Shown): string {
  const { device } = shown;
  const flags = ioctlFlags(device);
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  let text = `${shown.name}: flags=${flags}<${names.join(",")}>  mtu ${device.mtu}\n`;
  text += formatInet(namespace, shown, flags);
  if (!shown.alias) text += formatInet6(namespace, device);
  const loop = device.type === ARPHRD_LOOPBACK;
  text += loop ? "        loop" : `        ether ${formatMac(device.address)}`;
  text += `  txqueuelen ${device.txqueuelen}  (${loop ? "Local Loopback" : "Ethernet"})\n`;
  if (!shown.alias) text += formatCounters(device);
  return text + "\n";
}

function formatInet(namespace: NetworkNamespace, shown: Shown, flags: number): string {
  const address = labelled(namespace, shown);
  if (address === null) return "";
  let text = `        inet ${formatIpv4(address.local as number)}  netmask ${formatIpv4(mask4(address.prefixLength))}`;
  if ((flags & IFF_BROADCAST) !== 0) text += `  broadcast ${formatIpv4(address.broadcast ?? 0)}`;
  if ((flags & IFF_POINTOPOINT) !== 0) text += `  destination ${formatIpv4(address.peer as number)}`;
  return text + "\n";
}

/** As /proc/net/if_inet6 has the scope (IPV6_ADDR_*), and what ifconfig calls it. */
function scopeOf(address: InterfaceAddress): [number, string] {
  if (address.scope === RT_SCOPE_HOST) return [0x10, "host"];
  if (address.scope === RT_SCOPE_LINK) return [0x20, "link"];
  if (address.scope === RT_SCOPE_SITE) return [0x40, "site"];
  return [0, "global"];
}

function formatInet6(namespace: NetworkNamespace, device: Interface): string {
  let text = "";
  for (const address of namespace.ipv6.addresses(device)) {
    const [number, name] = scopeOf(address);
    text += `        inet6 ${formatIpv6(address.local as Uint8Array)}  prefixlen ${address.prefixLength}`;
    text += `  scopeid 0x${number.toString(16)}<${name}>\n`;
  }
  return text;
}

function formatCounters(device: Interface): string {
  const c = device.counters;
  const lines = [
    `RX packets ${c.rxPackets}  bytes ${c.rxBytes} (${formatSize(c.rxBytes)})`,
    `RX errors ${c.rxErrors}  dropped ${c.rxDropped + c.rxMissed}  overruns ${c.rxOverruns}  frame ${c.rxFrame}`,
    `TX packets ${c.txPackets}  bytes ${c.txBytes} (${formatSize(c.txBytes)})`,
    `TX errors ${c.txErrors}  dropped ${c.txDropped} overruns 0  carrier ${c.txCarrier}  collisions ${c.collisions}`,
  ];
  return lines.map((line) => `        ${line}\n`).join("");
}

/** `1.2 KiB`: one decimal, cut off. */
function formatSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let power = 0;
  while (power < 5 && bytes > 1024 ** (power + 1)) power++;
  const tenths = Math.floor((bytes * 10) / 1024 ** power);
  return `${Math.floor(tenths / 10)}.${tenths % 10} ${units[power]}`;
}

export const SHORT_HEADER = "Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n";

/** A letter a flag, as `ifconfig -s` and `netstat -i` have them. */
const LETTERS: readonly [number, string][] = [
  [0x200, "A"],
  [0x2, "B"],
  [0x4, "D"],
  [0x8, "L"],
  [0x100, "P"],
  [0x20, "N"],
  [0x80, "O"],
  [0x10, "P"],
  [0x400, "m"],
  [0x800, "s"],
  [0x1000, "M"],
  [0x40, "R"],
  [0x1, "U"],
];

/** One line of `ifconfig -s`. */
export function formatShort(shown: Shown): string {
  const { device } = shown;
  const c = device.counters;
  let text = `${shown.name.padEnd(16)}${String(device.mtu).padStart(5)}`;
  const column = (value: number) => ` ${String(value).padStart(6)}`;
  if (shown.alias) text = `${text}      - no statistics available -                        `;
  else {
    text += ` ${String(c.rxPackets).padStart(8)}${column(c.rxErrors)}${column(c.rxDropped + c.rxMissed)} ${
      String(c.rxOverruns).padEnd(6)
    }`;
    text += ` ${String(c.txPackets).padStart(8)}${column(c.txErrors)}${column(c.txDropped)}${column(0)} `;
  }
  const flags = ioctlFlags(device);
  const letters = LETTERS.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter).join("");
  return `${text}${letters === "" ? "[NO FLAGS]" : letters}\n`;
}
