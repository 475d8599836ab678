/** An interface that sends and takes the frames of one 802.1Q VLAN on another interface (`net/8021q`). */
import { Errno, KernelError } from "../wire/errno.ts";
import { BROADCAST_MAC } from "../wire/ethernet.ts";
import type { Packet } from "../wire/packet.ts";
import { TO_HOST, TO_MULTICAST, TO_OTHER_HOST } from "../wire/packet.ts";
import { pushTag } from "./ethernet_input.ts";
import {
  ARPHRD_ETHER,
  type Driver,
  IFF_ALLMULTI,
  IFF_PROMISC,
  IFF_UP,
  Interface,
  type InterfaceOwner,
  type LinkEvent,
  type ReceiveHandler,
} from "./interface.ts";
import { addUpper, followCarrier, notify, removeUpper, setUp, unregister } from "./lifecycle.ts";

export interface VlanOptions {
  /** 0 to 4094. */
  id: number;
  /** The frame is seen without its tag on the VLAN's interface; on by default. */
  reorderHeader?: boolean;
  /** It stays up when the interface below goes down. */
  looseBinding?: boolean;
}

/** The VLANs of one interface, by id (`vlan_info`). */
class VlanGroup implements ReceiveHandler {
  readonly byId = new Map<number, Interface>();

  /** `vlan_do_receive` */
  handle(packet: Packet): boolean {
    const device = this.byId.get(packet.vlan & 0xfff);
    if (device === undefined) return false;
    if (!device.up) {
      device.owner.world.drop(packet, "DEV_READY");
      return true;
    }
    if (packet.kind === TO_OTHER_HOST && isFor(packet, device.address)) packet.kind = TO_HOST;
    packet.vlan = -1;
    packet.device = device;
    device.counters.rxPackets++;
    device.counters.rxBytes += packet.tail - packet.head;
    if (packet.kind === TO_MULTICAST) device.counters.multicast++;
    device.input(packet);
    return true;
  }
}

function isFor(packet: Packet, address: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (packet.bytes[packet.link + i] !== address[i]) return false;
  return true;
}

export class Vlan implements Driver {
  readonly kind = "vlan";
  readonly id: number;
  reorderHeader: boolean;
  looseBinding: boolean;

  constructor(
    readonly lower: Interface,
    options: VlanOptions,
    /** It has its lower's address and follows it. */ public inherits: boolean,
  ) {
    this.id = options.id;
    this.reorderHeader = options.reorderHeader ?? true;
    this.looseBinding = options.looseBinding ?? false;
  }

  /** The tag goes beside the frame; an inner one that came beside it goes into it (`vlan_dev_hard_start_xmit`). */
  transmit(packet: Packet, device: Interface): number {
    let own = packet;
    if (packet.vlan >= 0) {
      if (!packet.owned) {
        own = packet.copy();
        packet.release();
      }
      pushTag(own);
    }
    own.vlan = this.id;
    const length = own.tail - own.head;
    const result = this.lower.transmit(own);
    if (result < 0) device.counters.txDropped++;
    else {
      device.counters.txPackets++;
      device.counters.txBytes += length;
    }
    return result;
  }

  open(device: Interface): number {
    if (!this.lower.up && !this.looseBinding) return -Errno.ENETDOWN;
    if (this.lower.carrier) device.setCarrier(true);
    return 0;
  }

  stop(device: Interface): void {
    device.setCarrier(false);
  }

  remove(device: Interface): void {
    removeUpper(this.lower, device);
    const group = this.lower.vlanHandler as VlanGroup;
    group.byId.delete(this.id);
    if (group.byId.size === 0) this.lower.vlanHandler = null;
  }

  setMtu(_device: Interface, mtu: number): number {
    return mtu > this.lower.mtu ? -Errno.ERANGE : 0;
  }

  setAddress(): number {
    this.inherits = false;
    return 0;
  }

  /** `vlan_device_event` */
  lowerEvent(device: Interface, lower: Interface, event: LinkEvent): void {
    if (event === "change") followCarrier(device, lower);
    else if (event === "up") {
      if (!this.looseBinding) setUp(device, true);
      followCarrier(device, lower);
    } else if (event === "down") {
      if (!this.looseBinding) setUp(device, false);
      followCarrier(device, lower);
    } else if (event === "mtu" && device.mtu > lower.mtu) {
      device.mtu = lower.mtu;
      notify(device, "mtu");
    } else if (event === "address" && this.inherits) {
      device.address = lower.address.slice();
      notify(device, "address");
    } else if (event === "unregister" && !lower.registered) unregister([device]);
  }
}

/**
 * Not yet registered; `joinVlan` follows.
 *
 * @throws {KernelError} EINVAL, ERANGE, EOPNOTSUPP, EEXIST
 */
export function createVlan(
  owner: InterfaceOwner,
  name: string,
  lower: Interface | undefined,
  options: VlanOptions | undefined,
  inherits: boolean,
): Interface {
  if (options === undefined) throw new KernelError(Errno.EINVAL, "VLAN properties not specified.");
  if (options.id < 0 || options.id > 4094) throw new KernelError(Errno.ERANGE, "Invalid VLAN id.");
  if (lower === undefined) throw new KernelError(Errno.EINVAL, "link not specified.");
  if (lower.loopback || lower.type !== ARPHRD_ETHER) {
    throw new KernelError(Errno.EOPNOTSUPP, "VLANs not supported on device.");
  }
  const group = lower.vlanHandler as VlanGroup | null;
  if (group?.byId.has(options.id)) throw new KernelError(Errno.EEXIST, "VLAN device already exists.");
  const device = new Interface(name, new Vlan(lower, options, inherits), lower.address.slice(), BROADCAST_MAC, owner);
  device.flags = lower.flags & ~(IFF_UP | IFF_PROMISC | IFF_ALLMULTI);
  device.broadcast = lower.broadcast;
  device.mtu = lower.mtu;
  device.minMtu = 0;
  device.link = lower;
  device.carrier = false;
  return device;
}

/** After registration: from now on it gets frames and follows its lower. */
export function joinVlan(device: Interface): void {
  const { lower, id } = device.driver as Vlan;
  lower.vlanHandler ??= new VlanGroup();
  (lower.vlanHandler as VlanGroup).byId.set(id, device);
  addUpper(lower, device);
  followCarrier(device, lower);
  device.owner.world.linkwatch.fire(device); // rfc2863_policy has to be called
}
