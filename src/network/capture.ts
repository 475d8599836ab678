/** Records what interfaces send and receive, as Wireshark reads it. */
import type { Interface } from "../device/interface.ts";
import type { World } from "../device/world.ts";
import { fold, sumOctets } from "../wire/checksum.ts";
import { CHECKSUM_PARTIAL, type Packet } from "../wire/packet.ts";
import { PcapngWriter } from "../wire/pcapng.ts";
import { UDP_CHECKSUM } from "../wire/udp.ts";

/** What a capture records. */
export interface CaptureOptions {
  /** Names of the interfaces to record, as `HOST/DEVICE` or `NAMESPACE/DEVICE` or only the first part; all by default. */
  interfaces?: string[];
  /** Octets after which packets are only counted (default 1 GiB). */
  maxBytes?: number;
}

const GIB = 1 << 30;

/**
 * A running capture of a network: pcapng with an interface block for each interface that carried a packet, named
 * `NAMESPACE/DEVICE`, and nanosecond stamps of virtual time. A packet on a wire is there twice, as sent and as received; on lo
 * once.
 */
export class Capture {
  readonly #world: World;
  readonly #writer = new PcapngWriter();
  readonly #interfaces = new Map<Interface, { id: number; name: string; owner: unknown }>();
  readonly #previous: World["capture"];
  readonly #see: NonNullable<World["capture"]>;
  #running = true;
  /** Packets recorded. */
  packets = 0;
  /** Packets left out since `maxBytes` was reached. */
  dropped = 0;

  /** What it records. */
  readonly options: CaptureOptions;
  readonly #nameOf: (device: Interface) => string;

  /**
   * For `Network.capture`. `nameOf` gives the name of the namespace that an interface is in.
   *
   * @internal
   */
  constructor(world: World, nameOf: (device: Interface) => string, options: CaptureOptions = {}) {
    this.options = options;
    this.#nameOf = nameOf;
    this.#world = world;
    this.#previous = world.capture;
    this.#see = (packet, device, outgoing) => {
      this.#previous?.(packet, device, outgoing);
      if (this.#running) this.#record(packet, device, outgoing);
    };
    world.capture = this.#see;
  }

  /** Everything recorded so far, as a pcapng file. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#writer.bytes();
  }

  /** Records no more. */
  stop(): void {
    this.#running = false;
    if (this.#world.capture === this.#see) this.#world.capture = this.#previous;
  }

  /** As `stop`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #record(packet: Packet, device: Interface, outgoing: boolean): void {
    if (outgoing && device.loopback) return;
    const id = this.#idOf(device);
    if (id < 0) return;
    const from = outgoing ? packet.head : packet.link;
    const tag = packet.vlan >= 0 ? 4 : 0;
    const size = packet.tail - from + tag;
    if (this.#writer.length + size > (this.options.maxBytes ?? GIB)) {
      this.dropped++;
      return;
    }
    this.packets++;
    const into = this.#writer.packet(id, this.#world.scheduler.now, size, outgoing);
    if (tag === 0) into.set(packet.bytes.subarray(from, packet.tail));
    else {
      into.set(packet.bytes.subarray(from, from + 12));
      into.set([0x81, 0, packet.vlan >>> 8, packet.vlan], 12);
      into.set(packet.bytes.subarray(from + 12, packet.tail), 16);
    }
    if (packet.checksum === CHECKSUM_PARTIAL) fillChecksum(into, packet, from - tag);
  }

  /** The interface's block; a new one when it was renamed or moved. -1 when it is not to be recorded. */
  #idOf(device: Interface): number {
    const known = this.#interfaces.get(device);
    if (known !== undefined && known.name === device.name && known.owner === device.owner) return known.id;
    const namespace = this.#nameOf(device);
    const name = `${namespace}/${device.name}`;
    const wanted = this.options.interfaces;
    const id = wanted === undefined || wanted.includes(name) || wanted.includes(namespace)
      ? this.#writer.interface(name, `${device.driver.kind || "loopback"} ${device.name} in ${namespace}`)
      : -1;
    this.#interfaces.set(device, { id, name: device.name, owner: device.owner });
    return id;
  }
}

/** A checksum that was left to the hardware, filled into the recorded octets only (`skb_checksum_help`). */
function fillChecksum(octets: Uint8Array, packet: Packet, from: number): void {
  const start = packet.checksumStart - from;
  const field = start + packet.checksumField;
  let sum = ~fold(sumOctets(octets, start, octets.length)) & 0xffff;
  if (sum === 0 && packet.checksumField === UDP_CHECKSUM) sum = 0xffff;
  octets[field] = sum >>> 8;
  octets[field + 1] = sum;
}
