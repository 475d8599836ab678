/** What `ifconfig` sets: the ioctls of `net/ipv4/devinet.c`, `net/ipv6/addrconf.c` and `net/core/dev_ioctl.c`, over netlink's requests. */
import { IFF_POINTOPOINT, type Interface } from "../../device/interface.ts";
import { changeLink, type LinkChange } from "../../device/link.ts";
import type { AddressRequest, InterfaceAddress } from "../../ip/netlink.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { mask4 } from "../../wire/ipv4.ts";
import { find, labelled, type Shown } from "./show.ts";

/** The interface or label that an ioctl names; throws ENODEV. */
export function target(namespace: NetworkNamespace, name: string): Shown {
  const shown = find(namespace, name);
  if (shown === null) throw new KernelError(Errno.ENODEV);
  return shown;
}

/** `inet_abc_len`: the length of the class's network; -1 for a group. */
function classLength(address: number): number {
  if (address === 0 || address === 0xffffffff) return 0;
  const first = address >>> 24;
  if (first < 128) return 8;
  if (first < 192) return 16;
  if (first < 224) return 24;
  return first < 240 ? -1 : 32;
}

function withBroadcast(device: Interface, request: AddressRequest): AddressRequest {
  const length = request.prefixLength ?? 32;
  if ((device.flags & 2) !== 0 && length < 31) {
    request.broadcast = ((request.local as number) | ~mask4(length)) >>> 0;
  }
  return request;
}

/** SIOCSIFADDR: the label's address is another, with the mask of its class; 0.0.0.0 takes it away. */
export function setAddress(namespace: NetworkNamespace, name: string, address: number): void {
  const shown = target(namespace, name);
  const { device } = shown;
  const length = (device.flags & IFF_POINTOPOINT) !== 0 ? 32 : classLength(address);
  if (length < 0) throw new KernelError(Errno.EINVAL);
  const was = labelled(namespace, shown);
  if (was !== null) {
    if (was.local === address) return;
    remove(namespace, was);
  }
  if (address === 0) return;
  const request: AddressRequest = { local: address, prefixLength: length, label: name };
  namespace.ipv4.addAddress(device, withBroadcast(device, request), "add");
}

function remove(namespace: NetworkNamespace, address: InterfaceAddress): void {
  const { device, local, peer, prefixLength, label } = address;
  namespace.ipv4.deleteAddress(device, { local, peer, prefixLength, label });
}

/** The label's address; throws EADDRNOTAVAIL where it has none. */
function current(namespace: NetworkNamespace, name: string): InterfaceAddress {
  const address = labelled(namespace, target(namespace, name));
  if (address === null) throw new KernelError(Errno.EADDRNOTAVAIL);
  return address;
}

/** Takes the address away and puts it back changed. */
function replace(namespace: NetworkNamespace, was: InterfaceAddress, change: Partial<AddressRequest>): void {
  const request: AddressRequest = {
    local: was.local,
    prefixLength: was.prefixLength,
    label: was.label,
    broadcast: was.broadcast,
    scope: was.scope,
    ...change,
  };
  if (was.peer !== was.local && request.peer === undefined) request.peer = was.peer;
  remove(namespace, was);
  namespace.ipv4.addAddress(was.device, request, "add");
}

/** SIOCSIFNETMASK: a broadcast address that fitted the old mask follows. */
export function setNetmask(namespace: NetworkNamespace, name: string, mask: number): void {
  const was = current(namespace, name);
  const length = mask === 0 ? 0 : 32 - Math.log2((~mask >>> 0) + 1);
  if (!Number.isInteger(length)) throw new KernelError(Errno.EINVAL);
  if (length === was.prefixLength) return;
  const fitted = ((was.local as number) | ~mask4(was.prefixLength)) >>> 0;
  const follows = (was.device.flags & 2) !== 0 && length < 31 && was.broadcast === fitted;
  const broadcast = follows ? ((was.local as number) | ~mask) >>> 0 : was.broadcast;
  replace(namespace, was, { prefixLength: length, broadcast });
}

/** SIOCSIFBRDADDR */
export function setBroadcast(namespace: NetworkNamespace, name: string, broadcast: number): void {
  const was = current(namespace, name);
  if ((was.broadcast ?? 0) !== broadcast) replace(namespace, was, { broadcast: broadcast === 0 ? null : broadcast });
}

/** SIOCSIFDSTADDR */
export function setDestination(namespace: NetworkNamespace, name: string, peer: number): void {
  const was = current(namespace, name);
  if (classLength(peer) < 0) throw new KernelError(Errno.EINVAL);
  if (was.peer !== peer) replace(namespace, was, { peer });
}

/** SIOCSIFFLAGS: of a label, down removes its address. */
export function setFlags(namespace: NetworkNamespace, name: string, change: LinkChange): void {
  const shown = target(namespace, name);
  if (!shown.alias) {
    changeLink(shown.device, change);
    return;
  }
  const address = labelled(namespace, shown);
  if (address === null) throw new KernelError(Errno.EADDRNOTAVAIL);
  if (change.up === false) remove(namespace, address);
}

/** What else an ioctl sets of an interface, by its whole name. */
export function setLink(namespace: NetworkNamespace, name: string, change: LinkChange): void {
  changeLink(target(namespace, name).device, change);
}

/** `add ADDRESS` of IPv4: the next free label takes it, with mask and broadcast of the interface. What fails on the way is not told. */
export function addAlias(namespace: NetworkNamespace, name: string, address: number): void {
  const shown = target(namespace, name);
  const parent = labelled(namespace, shown);
  for (let i = 0; i < 255; i++) {
    const alias = { name: `${name}:${i}`, device: shown.device, alias: true };
    if (labelled(namespace, alias) !== null) continue;
    try {
      setAddress(namespace, alias.name, address);
      setNetmask(namespace, alias.name, parent === null ? 0 : mask4(parent.prefixLength));
      setBroadcast(namespace, alias.name, parent?.broadcast ?? 0);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
    return;
  }
}

/** `del ADDRESS` of IPv4: the label that has it goes. */
export function deleteAlias(namespace: NetworkNamespace, name: string, address: number): void {
  const { device } = target(namespace, name);
  const found = namespace.ipv4.addresses(device).find((each) => each.local === address && each.label.includes(":"));
  if (found !== undefined) remove(namespace, found);
}

/** IPv6's SIOCSIFADDR and SIOCDIFADDR. */
export function changeAddress6(
  namespace: NetworkNamespace,
  name: string,
  local: Uint8Array,
  prefixLength: number,
  adds: boolean,
): void {
  const { device } = target(namespace, name);
  if (adds) namespace.ipv6.addAddress(device, { local, prefixLength }, "add");
  else namespace.ipv6.deleteAddress(device, { local, prefixLength });
}
