/** Namespaces as devices see them: what arrives is listed, events are noted. */
import type { Interface, InterfaceOwner, LinkEvent } from "../../src/device/interface.ts";
import { InterfaceTable } from "../../src/device/interface_table.ts";
import { createLoopback } from "../../src/device/loopback.ts";
import { World } from "../../src/device/world.ts";
import type { Packet } from "../../src/wire/packet.ts";

export class Owner implements InterfaceOwner {
  readonly interfaces = new InterfaceTable();
  readonly loopback: Interface;
  readonly events: string[] = [];
  /** `DEVICE PROTOCOL KIND LENGTH` of each packet that came up. */
  readonly received: string[] = [];
  /** Called with each packet that came up, before it is released. */
  onPacket: ((packet: Packet, device: Interface) => void) | null = null;

  constructor(readonly world: World, readonly name = "") {
    this.loopback = createLoopback(this);
    this.interfaces.add(this.loopback);
  }
  readonly id: number = 0;

  #take(packet: Packet, device: Interface): void {
    if (this.onPacket !== null) this.onPacket(packet, device);
    else this.received.push(`${device.name} ${packet.protocol.toString(16)} ${packet.kind} ${packet.length}`);
    packet.release();
  }
  arpInput(packet: Packet, device: Interface): void {
    this.#take(packet, device);
  }
  ipv4Input(packet: Packet, device: Interface): void {
    this.#take(packet, device);
  }
  ipv6Input(packet: Packet, device: Interface): void {
    this.#take(packet, device);
  }
  linkEvent(device: Interface, event: LinkEvent): void {
    this.events.push(`${device.name} ${event}`);
  }
}

export function twoOwners(seed = 1): { world: World; a: Owner; b: Owner } {
  const world = new World(seed);
  const a = new Owner(world, "a");
  const b = new Owner(world, "b");
  (a as { id: number }).id = 1;
  (b as { id: number }).id = 2;
  return { world, a, b };
}

/** An Ethernet frame with `payload` zero octets. */
export function frame(
  world: World,
  destination: Uint8Array,
  source: Uint8Array,
  protocol = 0x0800,
  payload = 46,
): Packet {
  const packet = world.packets.allocate(payload + 14);
  packet.tail = packet.head + 14 + payload;
  packet.bytes.fill(0, packet.head, packet.tail);
  packet.bytes.set(destination, packet.head);
  packet.bytes.set(source, packet.head + 6);
  packet.bytes[packet.head + 12] = protocol >>> 8;
  packet.bytes[packet.head + 13] = protocol;
  packet.protocol = protocol;
  packet.link = packet.head;
  return packet;
}

/** Lets time pass until nothing waits: the linkwatch has then handled all changes of carriers. */
export function settle(world: World): void {
  while (world.scheduler.step());
}
