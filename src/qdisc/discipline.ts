/** What every queueing discipline has: a handle, statistics, and the walk of a packet through it (`net/sched/sch_generic.c`). */
import type { Interface, Qdisc } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import type { Packet } from "../wire/packet.ts";

/** Parent of what stands at the root of an interface. */
export const TC_H_ROOT = 0xffffffff;

/** As `tc -s qdisc` shows them. */
export interface QdiscStatistics {
  /** Octets and packets that left. */
  bytes: number;
  packets: number;
  dropped: number;
  overlimits: number;
  requeues: number;
  /** What is queued now. */
  backlogBytes: number;
  backlogPackets: number;
}

export abstract class Discipline implements Qdisc {
  abstract readonly kind: string;
  /** The major number in the upper half: 0x10000 for `1:`; 0 for one that the kernel put there. */
  handle = 0;
  /** `TC_H_ROOT`, or the class that it hangs on: 0x10001 for `1:1`. */
  parent = TC_H_ROOT;
  readonly statistics: QdiscStatistics = {
    bytes: 0,
    packets: 0,
    dropped: 0,
    overlimits: 0,
    requeues: 0,
    backlogBytes: 0,
    backlogPackets: 0,
  };

  constructor(readonly device: Interface) {}

  /** Takes a packet from the interface: queues it and sends what may go now (`__dev_xmit_skb`). -ENOBUFS when it was dropped. */
  enqueue(packet: Packet, _device: Interface): number {
    packet.control = wireLength(packet);
    const result = this.push(packet);
    this.run();
    return result;
  }

  /** Sends what may go now (`__qdisc_run`). */
  run(): void {
    for (let packet = this.pull(); packet !== null; packet = this.pull()) this.device.send(packet);
  }

  /** What a watchdog does: packets leave through the qdisc at the root. */
  protected runRoot(): void {
    const root = this.device.rootQdisc;
    if (root instanceof Discipline && this.device.qdisc === root) root.run();
  }

  /** Queues a packet whose `control` is its length on the wire; takes the reference. 0, or -ENOBUFS: dropped and counted. */
  abstract push(packet: Packet): number;
  /** The packet that `pull` would give, left where it is. */
  abstract peek(): Packet | null;
  /** A packet that may be sent now. */
  abstract pull(): Packet | null;
  abstract reset(): void;

  /** The child of a qdisc that can have one; undefined for those that cannot. */
  get child(): Discipline | null | undefined {
    return undefined;
  }

  /** Puts a child in place, or `null` takes it away. */
  graft(_child: Discipline | null): void {}

  protected drop(packet: Packet): number {
    this.statistics.dropped++;
    packet.release();
    return -Errno.ENOBUFS;
  }

  protected added(packet: Packet): void {
    this.statistics.backlogBytes += packet.control;
    this.statistics.backlogPackets++;
  }

  protected removed(packet: Packet): void {
    this.statistics.backlogBytes -= packet.control;
    this.statistics.backlogPackets--;
  }

  /** Counts a packet that leaves (`qdisc_bstats_update`). */
  protected sent(packet: Packet): void {
    this.statistics.bytes += packet.control;
    this.statistics.packets += packet.gsoSize === 0 ? 1 : segments(packet);
  }
}

/** Octets from the frame's start to the end of the transport header. */
function headerOctets(packet: Packet): number {
  const { bytes, head, network } = packet;
  const version = bytes[network] >>> 4;
  const protocol = version === 4 ? bytes[network + 9] : bytes[network + 6];
  const transport = network + (version === 4 ? (bytes[network] & 15) * 4 : 40);
  return transport + (protocol === 6 ? (bytes[transport + 12] >>> 4) * 4 : 8) - head;
}

function segments(packet: Packet): number {
  return Math.max(1, Math.ceil((packet.tail - packet.head - headerOctets(packet)) / packet.gsoSize));
}

/** Octets that a packet takes on the wire: with the headers that its segments will have (`qdisc_pkt_len_segs_init`). */
export function wireLength(packet: Packet): number {
  const length = packet.tail - packet.head;
  return packet.gsoSize === 0 ? length : length + (segments(packet) - 1) * headerOctets(packet);
}

/** Nanoseconds that `octets` take at `rate` octets a second. */
export function transmissionTime(octets: number, rate: number): number {
  return Math.floor(octets * 1e9 / rate);
}
