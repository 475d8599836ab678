/** An interface with nothing behind it: what it sends is counted and gone (`drivers/net/dummy.c`). */
import type { Packet } from "../wire/packet.ts";
import { BROADCAST_MAC } from "../wire/ethernet.ts";
import { type Driver, IFF_BROADCAST, IFF_NOARP, Interface, type InterfaceOwner } from "./interface.ts";
import { RANDOM_ADDRESS } from "./lifecycle.ts";

const dummy: Driver = {
  kind: "dummy",
  transmit(packet: Packet, device: Interface): number {
    device.counters.txPackets++;
    device.counters.txBytes += packet.tail - packet.head;
    packet.release();
    return 0;
  },
  setCarrier(device: Interface, carrier: boolean): number {
    device.setCarrier(carrier);
    return 0;
  },
};

/** Not yet registered. */
export function createDummy(owner: InterfaceOwner, name: string): Interface {
  const device = new Interface(name, dummy, RANDOM_ADDRESS, BROADCAST_MAC, owner);
  device.flags = IFF_BROADCAST | IFF_NOARP;
  device.minMtu = 0;
  device.maxMtu = 0;
  return device;
}
