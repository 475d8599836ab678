/** lo: what is sent is received, in the same instant, by the same namespace (`drivers/net/loopback.c`). */
import type { Packet } from "../wire/packet.ts";
import { CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY } from "../wire/packet.ts";
import { ZERO_MAC } from "../wire/ethernet.ts";
import { ethernetInput } from "./ethernet_input.ts";
import { ARPHRD_LOOPBACK, type Driver, IFF_LOOPBACK, Interface, type InterfaceOwner } from "./interface.ts";

export const LOOPBACK_MTU = 65536;

const loopback: Driver = {
  kind: "",
  immutableNetns: true,
  transmit(packet: Packet, device: Interface): number {
    packet.socket = null;
    // Its route stays with it: IP need not look it up again (skb_dst_force).
    // Nothing can damage it on the way: the receiver need not verify.
    if (packet.checksum !== CHECKSUM_PARTIAL) packet.checksum = CHECKSUM_UNNECESSARY;
    if (!ethernetInput(packet, device)) {
      device.counters.rxErrors++;
      packet.release();
      return 0;
    }
    // The link header does not count: eth_type_trans takes it off before.
    const length = packet.tail - packet.head;
    device.counters.txPackets++;
    device.counters.txBytes += length;
    device.counters.rxPackets++;
    device.counters.rxBytes += length;
    device.owner.world.backlog.push(packet);
    return 0;
  },
};

/** The loopback interface of a namespace: index 1, down, MTU 65536, txqueuelen 1000, no queue. */
export function createLoopback(owner: InterfaceOwner): Interface {
  const device = new Interface("lo", loopback, ZERO_MAC, ZERO_MAC, owner);
  device.type = ARPHRD_LOOPBACK;
  device.flags = IFF_LOOPBACK;
  device.mtu = LOOPBACK_MTU;
  device.minMtu = 0;
  device.maxMtu = 0;
  return device;
}
