/** What a host sends to groups that it has joined itself comes up again (`ip6_dev_loopback_xmit`). */
import type { Interface } from "../device/interface.ts";
import type { Task } from "../time/scheduler.ts";
import { type Packet, PacketQueue } from "../wire/packet.ts";
import type { Ipv6 } from "./ipv6.ts";

/** Copies of packets to groups on their way up again; no capture sees them. */
export class LoopedPackets implements Task {
  nextTask: Task | null = null;
  readonly #queue = new PacketQueue();
  constructor(readonly ip: Ipv6) {}

  push(packet: Packet): void {
    if (this.#queue.length === 0) this.ip.host.world.scheduler.defer(this);
    this.#queue.push(packet);
  }

  run(): void {
    const count = this.#queue.length;
    for (let i = 0; i < count; i++) {
      const packet = this.#queue.shift()!;
      const device = packet.device as Interface;
      if (device.up) this.ip.input(packet, device);
      else this.ip.host.world.drop(packet, "DEV_READY");
    }
    if (this.#queue.length > 0) this.ip.host.world.scheduler.defer(this);
  }
}
