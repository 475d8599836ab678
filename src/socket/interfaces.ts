/** Deno's `networkInterfaces` and Deno's `hostname`. */
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { formatMac } from "../wire/ethernet.ts";
import { formatIpv4, mask4 } from "../wire/ipv4.ts";
import { formatIpv6, isLinkLocal6 } from "../wire/ipv6.ts";

/** As Deno's `NetworkInterfaceInfo`. */
export interface NetworkInterfaceInfo {
  /** Of the address. */
  family: "IPv4" | "IPv6";
  /** The interface's name, or the address's label (`eth0:1`). */
  name: string;
  /** The address as text. */
  address: string;
  /** Its prefix as a mask: `255.255.255.0`, `ffff:ffff::`. */
  netmask: string;
  /** The interface's index for link-local IPv6 addresses, 0 for others; null for IPv4. */
  scopeid: number | null;
  /** The address with its prefix length: `10.0.0.1/24`. */
  cidr: string;
  /** The interface's link-layer address. */
  mac: string;
}

/** The addresses of all interfaces that are up, IPv4 first, as `getifaddrs` lists them. */
export function networkInterfaces(kernel: NetworkNamespace): NetworkInterfaceInfo[] {
  const list: NetworkInterfaceInfo[] = [];
  const add = (info: NetworkInterfaceInfo) => list.push(Object.assign(Object.create(null), info));
  for (const device of kernel.interfaces) {
    for (const it of kernel.ipv4.addresses(device)) {
      const address = formatIpv4(it.local as number);
      add({
        family: "IPv4",
        name: it.label || device.name,
        address,
        netmask: formatIpv4(mask4(it.prefixLength)),
        scopeid: null,
        cidr: `${address}/${it.prefixLength}`,
        mac: formatMac(device.address),
      });
    }
  }
  for (const device of kernel.interfaces) {
    for (const it of kernel.ipv6.addresses(device)) {
      const local = it.local as Uint8Array;
      const address = formatIpv6(local);
      add({
        family: "IPv6",
        name: device.name,
        address,
        netmask: formatIpv6(mask6(it.prefixLength)),
        scopeid: isLinkLocal6(local) ? device.index : 0,
        cidr: `${address}/${it.prefixLength}`,
        mac: formatMac(device.address),
      });
    }
  }
  return list;
}

function mask6(length: number): Uint8Array {
  const mask = new Uint8Array(16);
  for (let bit = 0; bit < length; bit++) mask[bit >> 3] |= 0x80 >> (bit & 7);
  return mask;
}
