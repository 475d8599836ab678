/** Two namespaces and a wire whose far end notes when packets arrive. */
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Interface } from "../../src/device/interface.ts";
import type { World } from "../../src/device/world.ts";
import type { Packet } from "../../src/wire/packet.ts";
import { frame, type Owner, settle, twoOwners } from "../device/network.ts";

export interface Line {
  world: World;
  a: Owner;
  b: Owner;
  v0: Interface;
  v1: Interface;
  /** Sends a frame of so many octets in all, numbered in its payload. */
  send(octets?: number): number;
  /** Number, time and length of each that arrived. */
  arrived: { number: number; at: number; octets: number }[];
}

export function line(seed = 1): Line {
  const { world, a, b } = twoOwners(seed);
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { owner: b, name: "v0" } });
  const v1 = v0.link!;
  changeLink(v0, { up: true });
  changeLink(v1, { up: true });
  settle(world);
  const arrived: Line["arrived"] = [];
  b.onPacket = (packet: Packet) => {
    const { bytes, head } = packet;
    const number = (bytes[head] << 16) | (bytes[head + 1] << 8) | bytes[head + 2];
    arrived.push({ number, at: world.scheduler.now, octets: packet.length + 14 });
  };
  let number = 0;
  const send = (octets = 60): number => {
    const packet = frame(world, v1.address, v0.address, 0x0800, octets - 14);
    packet.network = packet.head + 14;
    packet.bytes[packet.head + 14] = number >>> 16;
    packet.bytes[packet.head + 15] = number >>> 8;
    packet.bytes[packet.head + 16] = number++;
    const result = v0.transmit(packet);
    world.scheduler.drain();
    return result;
  };
  return { world, a, b, v0, v1, send, arrived };
}

/** Lets time pass to `at` (ns). */
export function until(world: World, at: number): void {
  while (world.scheduler.nextAt() <= at) world.scheduler.step();
  world.scheduler.now = at;
}
