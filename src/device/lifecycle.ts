/**
 * The life of an interface: registered, opened, closed, moved, unregistered (`net/core/dev.c`), with the events in the
 * order of Linux's notifier chain: the namespace's layers first, then what stands on the interface, then its bridge.
 *
 * @module
 */
import { Errno, KernelError } from "../wire/errno.ts";
import {
  defaultQdisc,
  IFF_ALLMULTI,
  IFF_PROMISC,
  IFF_UP,
  type Interface,
  type InterfaceOwner,
  type LinkEvent,
  NAME_LIMIT,
  NOOP,
} from "./interface.ts";
import { LinkGroups } from "./link_groups.ts";
import { operationalState } from "./linkwatch.ts";

/** `call_netdevice_notifiers` */
export function notify(device: Interface, event: LinkEvent): void {
  device.owner.linkEvent(device, event);
  if (device.uppers !== null) {
    for (const upper of [...device.uppers]) {
      upper.driver.lowerEvent?.(upper, device, event);
    }
  }
  const master = device.master;
  if (master !== null) master.driver.lowerEvent?.(master, device, event);
}

/** Whether the kernel takes this name (`dev_valid_name`). */
export function validName(name: string): boolean {
  return name !== "" && name.length <= NAME_LIMIT && name !== "." && name !== ".." && !/[\/:\s]/.test(name);
}

/** A random unicast address, locally administered (`eth_random_addr`), that depends on the seed and on what it is for. */
function randomAddress(device: Interface): Uint8Array {
  const { owner } = device;
  const address = owner.world.newAddress();
  owner.world.random.split(`mac ${owner.id} ${device.index} ${device.name}`).fill(address);
  address[0] = (address[0] & 0xfe) | 2;
  return address;
}

/** An address that stands for "choose one" until the interface is registered. */
export const RANDOM_ADDRESS: Uint8Array = new Uint8Array(6);

/**
 * Lists a new interface in its namespace (`register_netdevice`). `name` may hold one `%d`, which becomes the first free
 * number. Index 0 takes the next.
 *
 * @throws {KernelError} EINVAL, EEXIST for the name; EBUSY for the index.
 */
export function register(device: Interface): void {
  const { interfaces } = device.owner;
  device.name = allocateName(device.owner, device.name);
  if (device.index !== 0 && interfaces.byIndex(device.index) !== undefined) throw new KernelError(Errno.EBUSY);
  interfaces.add(device);
  if (device.address === RANDOM_ADDRESS) device.address = randomAddress(device);
  if (!device.carrier) device.operState = operationalState(device); // linkwatch_init_dev
  notify(device, "register");
}

/** `dev_get_valid_name`: the name, with `%d` filled in. Throws EINVAL and EEXIST. */
export function allocateName(owner: InterfaceOwner, name: string): string {
  if (!validName(name)) throw new KernelError(Errno.EINVAL);
  if (name.includes("%")) {
    const at = name.indexOf("%d");
    if (at < 0 || name.indexOf("%", at + 1) >= 0) throw new KernelError(Errno.EINVAL);
    return owner.interfaces.freeName(name.slice(0, at), name.slice(at + 2));
  }
  if (owner.interfaces.byName(name) !== undefined) throw new KernelError(Errno.EEXIST);
  return name;
}

/** Closes and removes interfaces together (`unregister_netdevice_many`). */
export function unregister(devices: Interface[]): void {
  devices = devices.filter((device) => device.registered);
  for (const device of devices) if (device.up) setUp(device, false);
  for (const device of devices) {
    device.registered = false;
    device.linkwatchPending = false;
    device.owner.interfaces.remove(device);
  }
  for (const device of devices) {
    shutdownQueue(device);
    notify(device, "unregister");
    device.taps = null;
    device.multicastList = null;
    device.driver.remove?.(device);
    device.master?.driver.deletePort?.(device.master, device);
  }
}

/** Sets or clears IFF_UP (`dev_open`, `dev_close`); returns 0 or the negative errno of the driver. */
export function setUp(device: Interface, up: boolean): number {
  if (device.up === up) return 0;
  if (up) {
    const refused = openInterface(device);
    if (refused < 0) return refused;
    notify(device, "up");
  } else {
    closeInterface(device);
    notify(device, "down");
  }
  return 0;
}

function openInterface(device: Interface): number {
  device.flags |= IFF_UP;
  const refused = device.driver.open?.(device) ?? 0;
  if (refused < 0) {
    device.flags &= ~IFF_UP;
    return refused;
  }
  activate(device);
  device.owner.world.linkwatch.touch(device);
  return 0;
}

function closeInterface(device: Interface): void {
  notify(device, "going-down");
  deactivate(device);
  device.flags &= ~IFF_UP;
  device.driver.stop?.(device);
}

/** Puts the qdisc before the driver, making the default one if there is none yet (`dev_activate`). */
export function activate(device: Interface): void {
  if (device.rootQdisc === NOOP) {
    const queued = device.driver.queued === true && defaultQdisc.create !== null;
    device.rootQdisc = queued ? defaultQdisc.create!(device) : null;
  }
  if (device.carrier) device.qdisc = device.rootQdisc;
}

/** Drops what is queued, and all that comes (`dev_deactivate`). */
function deactivate(device: Interface): void {
  device.qdisc = NOOP;
  device.rootQdisc?.reset();
}

/** `dev_shutdown` */
function shutdownQueue(device: Interface): void {
  deactivate(device);
  device.rootQdisc = NOOP;
}

/** What the linkwatch does for an interface whose carrier changed (`linkwatch_do_dev`). */
export function carrierChanged(device: Interface): void {
  device.operState = operationalState(device);
  if (!device.up) return;
  if (device.carrier) activate(device);
  else deactivate(device);
  notify(device, "change");
}

/** Copies the carrier of the interface below (`netif_stacked_transfer_operstate`). */
export function followCarrier(device: Interface, lower: Interface): void {
  device.setCarrier(lower.carrier);
}

/**
 * Moves an interface (`__dev_change_net_namespace`): it is closed, loses addresses, queue, multicast list and bridge, and keeps its MTU,
 * MAC, alias, group and, when free there, its index and name. `pattern` names it where its own name is taken.
 *
 * @throws {KernelError} EINVAL for an interface that stays, EEXIST, EBUSY
 */
export function moveTo(device: Interface, owner: InterfaceOwner, pattern: string | undefined, index = 0): void {
  if (device.driver.immutableNetns === true) {
    throw new KernelError(Errno.EINVAL, "The interface netns is immutable.");
  }
  if (device.owner === owner) return;
  let name = device.name;
  if (owner.interfaces.byName(name) !== undefined) {
    if (pattern === undefined) {
      throw new KernelError(Errno.EEXIST, "An interface with the same name exists in the target netns.");
    }
    try {
      name = allocateName(owner, pattern);
    } catch (error) {
      const words = `Unable to use '${pattern}' for the new interface name in the target netns.`;
      throw new KernelError((error as KernelError).errno, words);
    }
  }
  if (index !== 0 && owner.interfaces.byIndex(index) !== undefined) {
    throw new KernelError(Errno.EBUSY, `The ifindex ${index} is not available in the target netns.`);
  }
  setUp(device, false);
  device.owner.interfaces.remove(device);
  shutdownQueue(device);
  notify(device, "unregister");
  device.master?.driver.deletePort?.(device.master, device);
  device.multicastList = null;
  device.taps = null;
  device.owner = owner;
  device.name = name;
  if (index !== 0) device.index = index;
  owner.interfaces.add(device);
  owner.world.linkwatch.touch(device);
  notify(device, "register");
  owner.linkEvent(device, "ready");
}

/** One more or one less who wants every frame (`dev_set_promiscuity`). */
export function changePromiscuity(device: Interface, by: number): void {
  device.promiscuity += by;
  if (device.promiscuity > 0) device.flags |= IFF_PROMISC;
  else device.flags &= ~IFF_PROMISC;
}

/** One more or one less who wants every multicast frame (`dev_set_allmulti`). */
export function changeAllMulticast(device: Interface, by: number): void {
  device.allMulticast += by;
  if (device.allMulticast > 0) device.flags |= IFF_ALLMULTI;
  else device.flags &= ~IFF_ALLMULTI;
}

/** One more or one less who listens to a link-layer group, given as a number (`dev_mc_add`, `dev_mc_del`). */
export function joinLinkGroup(device: Interface, group: number, by: 1 | -1): void {
  (device.multicastList ??= new LinkGroups()).change(group, by);
}

/** Whether `device` stands, at whatever distance, on `lower` (or is it). */
export function standsOn(device: Interface, lower: Interface): boolean {
  if (device === lower) return true;
  if (lower.master !== null && standsOn(device, lower.master)) return true;
  return lower.uppers !== null && lower.uppers.some((upper) => standsOn(device, upper));
}

/** Lists `upper` as standing on `lower`: it hears of its events. */
export function addUpper(lower: Interface, upper: Interface): void {
  (lower.uppers ??= []).push(upper);
}

export function removeUpper(lower: Interface, upper: Interface): void {
  const rest = (lower.uppers ?? []).filter((other) => other !== upper);
  lower.uppers = rest.length > 0 ? rest : null;
}
