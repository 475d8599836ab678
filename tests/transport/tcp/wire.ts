/** Two namespaces and a wire between them that may lose, repeat, delay, reorder and damage packets: what the tests of TCP stand on. */
import type { Interface, Qdisc } from "../../../src/device/interface.ts";
import { segment } from "../../../src/device/gso.ts";
import { changeLink, createLink } from "../../../src/device/link.ts";
import { World } from "../../../src/device/world.ts";
import { NetworkNamespace } from "../../../src/namespace/namespace.ts";
import { Random } from "../../../src/time/random.ts";
import { Timer } from "../../../src/time/scheduler.ts";
import { CHECKSUM_NONE, type Packet } from "../../../src/wire/packet.ts";

export const ADDRESS_A = 0x0a000001;
export const ADDRESS_B = 0x0a000002;

/** Chances from 0 to 1; times in ms. */
export interface Faults {
  loss?: number;
  repeat?: number;
  damage?: number;
  delay?: number;
  jitter?: number;
  /** Stops all packets while it is true. */
  cut?: () => boolean;
  /** Sees each packet before its fate is decided; false drops it. */
  filter?: (packet: Packet) => boolean;
}

/** What stands before the interface's driver. Segments are cut first, so that each has its own fate. */
export class FaultyWire implements Qdisc {
  readonly kind = "test";
  readonly #random: Random;
  readonly #waiting: Set<Timer> = new Set();
  constructor(readonly world: World, seed: number, public faults: Faults) {
    this.#random = new Random(`wire ${seed}`);
  }

  enqueue(packet: Packet, device: Interface): number {
    if (packet.gsoSize === 0) this.#one(packet, device);
    else {
      for (let piece = segment(packet); piece !== null;) {
        const next: Packet | null = piece.next;
        piece.next = null;
        this.#one(piece, device);
        piece = next;
      }
    }
    return 0;
  }

  #one(packet: Packet, device: Interface): void {
    const { faults } = this;
    const random = this.#random;
    if (faults.cut?.() || random.float() < (faults.loss ?? 0) || faults.filter?.(packet) === false) {
      packet.release();
      return;
    }
    if (random.float() < (faults.repeat ?? 0)) this.#later(packet.copy(), device);
    if (random.float() < (faults.damage ?? 0)) {
      const own = packet.copy();
      packet.release();
      own.completeChecksum();
      own.checksum = CHECKSUM_NONE;
      own.bytes[own.network + random.below(own.tail - own.network)] ^= 1 << random.below(8);
      packet = own;
    }
    this.#later(packet, device);
  }

  #later(packet: Packet, device: Interface): void {
    const { faults } = this;
    const delay = ((faults.delay ?? 0) + (faults.jitter ?? 0) * this.#random.float()) * 1e6;
    if (delay === 0) {
      device.send(packet);
      return;
    }
    const timer: Timer = new Timer(() => {
      this.#waiting.delete(timer);
      device.send(packet);
    });
    this.#waiting.add(timer);
    this.world.scheduler.after(timer, Math.floor(delay));
  }

  reset(): void {}
}

export interface Pair {
  world: World;
  a: NetworkNamespace;
  b: NetworkNamespace;
  wires: [FaultyWire, FaultyWire];
}

/** `a` and `b` with a veth between them; the neighbours know each other. */
export function pair(seed = 1, faults: Faults = {}, mtu = 1500): Pair {
  const world = new World(seed);
  const a = new NetworkNamespace(world, "a", 1), b = new NetworkNamespace(world, "b", 2);
  for (const namespace of [a, b]) changeLink(namespace.loopback, { up: true });
  const device = createLink(a, { kind: "veth", name: "v0", peer: { name: "v0", owner: b } });
  const peer = device.link!;
  a.ipv4.addAddress(device, { local: ADDRESS_A, prefixLength: 24 }, "add");
  b.ipv4.addAddress(peer, { local: ADDRESS_B, prefixLength: 24 }, "add");
  changeLink(device, { up: true, mtu });
  changeLink(peer, { up: true, mtu });
  a.ipv4.setNeighbour({ address: ADDRESS_B, device, linkAddress: peer.address }, "replace");
  b.ipv4.setNeighbour({ address: ADDRESS_A, device: peer, linkAddress: device.address }, "replace");
  while (world.scheduler.nextAt() < 5e9) world.scheduler.step();
  const wires: [FaultyWire, FaultyWire] = [
    new FaultyWire(world, seed, faults),
    new FaultyWire(world, seed + 0.5, faults),
  ];
  device.qdisc = wires[0];
  peer.qdisc = wires[1];
  return { world, a, b, wires };
}

/** Runs for so many ms of virtual time, or until `done`. */
export function run(world: World, ms: number, done: () => boolean = () => false): void {
  const end = world.scheduler.now + ms * 1e6;
  while (!done() && world.scheduler.nextAt() <= end) world.scheduler.step();
  if (!done()) world.scheduler.now = Math.max(world.scheduler.now, end);
}
