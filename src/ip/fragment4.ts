/** Putting IPv4 fragments together (RFC 791, `net/ipv4/ip_fragment.c`): overlaps and liars lose the whole packet. */
import type { Interface } from "../device/interface.ts";
import { SECOND, Timer } from "../time/scheduler.ts";
import { ICMP_EXC_FRAGTIME, ICMP_TIME_EXCEEDED } from "../wire/icmp.ts";
import {
  IP_DF,
  IP_MF,
  IP_OFFSET,
  IPV4_DESTINATION,
  IPV4_FRAGMENT,
  IPV4_ID,
  IPV4_LENGTH,
  IPV4_PROTOCOL,
  IPV4_SOURCE,
  IPV4_TOS,
} from "../wire/ipv4.ts";
import { copyOctets, get16, get32, put16 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet } from "../wire/packet.ts";
import { inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { setHeaderChecksum } from "./ipv4_output.ts";
import { type Route4, RTCF_LOCAL } from "./route4.ts";
import { routeInput } from "./route_input4.ts";

/** What a fragment weighs against ipfrag_high_thresh beside its octets. */
const OVERHEAD = 576;
const LONGEST = 65535;

/** A packet of which some fragments are there (`struct ipq`). Fragments are kept by ascending offset; `control` is where one begins, `control2` its end. */
class Incomplete {
  next: Incomplete | null = null;
  first: Packet | null = null;
  /** Octets of payload there, and in all as far as known. */
  meat = 0;
  length = 0;
  lastIn = false;
  /** Which ECN codepoints its fragments had, a bit for each. */
  ecn = 0;
  largest = 0;
  largestDf = 0;
  bytes = 0;
  /** How many fragments of its sender had come when its last one did (ipfrag_max_dist). */
  arrival = 0;
  device: Interface | null = null;

  constructor(
    readonly source: number,
    readonly destination: number,
    readonly identifier: number,
    readonly protocol: number,
    readonly timer: Timer,
  ) {}
}

function keyOf(source: number, destination: number, identifier: number, protocol: number): number {
  return Math.imul(source ^ destination, 0x9e3779b1) ^ (identifier << 8) ^ protocol;
}

export class Fragments4 {
  readonly #queues = new Map<number, Incomplete>();
  /** Fragments that came from each sender. */
  readonly #arrivals = new Map<number, number>();
  /** Octets held, as ipfrag_high_thresh counts them; and packets that wait for their rest. */
  bytes = 0;
  count = 0;

  constructor(readonly ipv4: Ipv4) {}

  /** Takes a fragment whose `network` is at its header (`ip_defrag`). The whole packet, when this was its last piece; else null. */
  receive(packet: Packet, device: Interface): Packet | null {
    const { ip } = this.ipv4.host.mib;
    ip.ReasmReqds++;
    const queue = this.#find(packet);
    if (queue === null) {
      ip.ReasmFails++;
      packet.release();
      return null;
    }
    if (this.#isTooFar(queue)) {
      ip.ReasmFails++;
      this.#restart(queue);
    }
    queue.device = device;
    return this.#insert(queue, packet);
  }

  #find(packet: Packet): Incomplete | null {
    const { bytes, network } = packet;
    const source = get32(bytes, network + IPV4_SOURCE);
    const destination = get32(bytes, network + IPV4_DESTINATION);
    const identifier = get16(bytes, network + IPV4_ID);
    const protocol = bytes[network + IPV4_PROTOCOL];
    const key = keyOf(source, destination, identifier, protocol);
    const first = this.#queues.get(key) ?? null;
    for (let queue = first; queue !== null; queue = queue.next) {
      if (
        queue.source === source && queue.destination === destination && queue.identifier === identifier &&
        queue.protocol === protocol
      ) return queue;
    }
    const { settings, host } = this.ipv4;
    if (settings.ipfrag_high_thresh === 0 || this.bytes > settings.ipfrag_high_thresh) return null;
    const queue: Incomplete = new Incomplete(
      source,
      destination,
      identifier,
      protocol,
      new Timer(() => this.#expire(queue)),
    );
    queue.next = first;
    this.#queues.set(key, queue);
    this.count++;
    host.world.scheduler.after(queue.timer, settings.ipfrag_time * SECOND);
    return queue;
  }

  /** So many fragments of other packets came between that an identifier may have been used again (`ip_frag_too_far`). */
  #isTooFar(queue: Incomplete): boolean {
    const most = this.ipv4.settings.ipfrag_max_dist;
    if (most === 0) return false;
    if (this.#arrivals.size > 4096) this.#arrivals.clear();
    const arrival = (this.#arrivals.get(queue.source) ?? 0) + 1;
    this.#arrivals.set(queue.source, arrival);
    const far = queue.first !== null && arrival - queue.arrival > most;
    queue.arrival = arrival;
    return far;
  }

  #restart(queue: Incomplete): void {
    this.#releaseFragments(queue);
    queue.meat =
      queue.length =
      queue.ecn =
      queue.largest =
      queue.largestDf =
        0;
    queue.lastIn = false;
    this.ipv4.host.world.scheduler.after(queue.timer, this.ipv4.settings.ipfrag_time * SECOND);
  }

  /** `ip_frag_queue` */
  #insert(queue: Incomplete, packet: Packet): Packet | null {
    const { bytes, network } = packet;
    const word = get16(bytes, network + IPV4_FRAGMENT);
    const header = (bytes[network] & 15) << 2;
    const offset = (word & IP_OFFSET) << 3;
    let end = offset + packet.tail - network - header;
    if ((word & IP_MF) === 0) {
      if (end < queue.length || (queue.lastIn && end !== queue.length)) return this.#discard(queue, packet);
      queue.lastIn = true;
      queue.length = end;
    } else {
      end &= ~7;
      if (end > queue.length) {
        if (queue.lastIn) return this.#discard(queue, packet);
        queue.length = end;
      }
    }
    if (end === offset) return this.#discard(queue, packet);
    packet.head = network + header;
    packet.tail = packet.head + end - offset;
    packet.control = offset;
    packet.control2 = end;
    const placed = this.#place(queue, packet);
    if (placed === 0) {
      this.ipv4.host.world.drop(packet, "DUP_FRAG");
      return null;
    }
    if (placed < 0) {
      this.ipv4.host.mib.ipExt.ReasmOverlaps++;
      return this.#discard(queue, packet);
    }
    queue.meat += end - offset;
    queue.ecn |= 1 << (bytes[network + IPV4_TOS] & 3);
    const weight = bytes.length + OVERHEAD;
    queue.bytes += weight;
    this.bytes += weight;
    const size = end - offset + header;
    if (size > queue.largest) queue.largest = size;
    if ((word & IP_DF) !== 0 && size > queue.largestDf) queue.largestDf = size;
    if (!queue.lastIn || queue.meat !== queue.length || queue.first!.control !== 0) return null;
    return this.#assemble(queue, packet);
  }

  /** Links a fragment in at its place: 1; 0 when what it brings is there already, -1 when it overlaps (`inet_frag_queue_insert`). */
  #place(queue: Incomplete, packet: Packet): number {
    const { control: offset, control2: end } = packet;
    let before: Packet | null = null;
    // Runs of fragments that join each other count as one.
    let runStart = -1;
    let runEnd = -1;
    for (let at = queue.first; at !== null; at = at.next) {
      if (at.control !== runEnd) runStart = at.control;
      runEnd = at.control2;
      if (at.control < offset) before = at;
      const joined = at.next !== null && at.next.control === runEnd;
      if (joined || end <= runStart || offset >= runEnd) continue;
      return offset >= runStart && end <= runEnd ? 0 : -1;
    }
    if (before === null) {
      packet.next = queue.first;
      queue.first = packet;
    } else {
      packet.next = before.next;
      before.next = packet;
    }
    return 1;
  }

  #discard(queue: Incomplete, packet: Packet): null {
    this.#kill(queue);
    this.ipv4.host.mib.ip.ReasmFails++;
    packet.release();
    return null;
  }

  /** `ip_frag_reasm`: `newest` is the piece that was missing. */
  #assemble(queue: Incomplete, newest: Packet): Packet | null {
    const { ip } = this.ipv4.host.mib;
    const first = queue.first!;
    const header = first.head - first.network;
    const ecn = combinedEcn(queue.ecn);
    if (header + queue.length > LONGEST || ecn < 0) {
      ip.ReasmFails++;
      this.#kill(queue);
      return null;
    }
    const whole = this.ipv4.host.world.packets.allocate(header + queue.length);
    const { bytes, head } = whole;
    copyOctets(first.bytes, first.network, bytes, head, header);
    whole.checksum = CHECKSUM_UNNECESSARY;
    for (let at: Packet | null = first; at !== null; at = at.next) {
      copyOctets(at.bytes, at.head, bytes, head + header + at.control, at.control2 - at.control);
      if (at.checksum === CHECKSUM_NONE) whole.checksum = CHECKSUM_NONE;
    }
    whole.network = head;
    whole.link = head;
    whole.tail = head + header + queue.length;
    whole.protocol = newest.protocol;
    whole.kind = newest.kind;
    whole.mark = newest.mark;
    whole.device = newest.device;
    whole.route = newest.route;
    whole.at = newest.at;
    put16(bytes, head + IPV4_LENGTH, header + queue.length);
    put16(bytes, head + IPV4_FRAGMENT, queue.largestDf === queue.largest ? IP_DF : 0);
    bytes[head + IPV4_TOS] = (bytes[head + IPV4_TOS] & 0xfc) | ecn;
    setHeaderChecksum(bytes, head);
    ip.ReasmOKs++;
    this.#kill(queue);
    return whole;
  }

  /** Nobody sent the rest in time (`ip_expire`): the sender of a first fragment hears of it. */
  #expire(queue: Incomplete): void {
    const { ipv4 } = this;
    const { ip } = ipv4.host.mib;
    ip.ReasmFails++;
    ip.ReasmTimeout++;
    const first = queue.first;
    const own = queue.device === null ? null : inDevice(queue.device);
    if (first !== null && first.control === 0 && own !== null) {
      first.head = first.network;
      first.device = queue.device;
      const tos = first.bytes[first.network + IPV4_TOS];
      const local = routeInput(ipv4, first, queue.destination, queue.source, tos, own) === 0 &&
        ((first.route as Route4).flags & RTCF_LOCAL) !== 0;
      if (local) ipv4.icmp.send(first, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
    }
    this.#kill(queue);
  }

  #releaseFragments(queue: Incomplete): void {
    for (let at = queue.first, next; at !== null; at = next) {
      next = at.next;
      at.next = null;
      at.release();
    }
    queue.first = null;
    this.bytes -= queue.bytes;
    queue.bytes = 0;
  }

  #kill(queue: Incomplete): void {
    this.ipv4.host.world.scheduler.cancel(queue.timer);
    this.#releaseFragments(queue);
    this.count--;
    const key = keyOf(queue.source, queue.destination, queue.identifier, queue.protocol);
    const first = this.#queues.get(key)!;
    if (first === queue) {
      if (queue.next === null) this.#queues.delete(key);
      else this.#queues.set(key, queue.next);
      return;
    }
    for (let at: Incomplete | null = first; at !== null; at = at.next) if (at.next === queue) at.next = queue.next;
  }
}

/** The codepoint of the whole (RFC 3168 section 5.3): CE wins, and a mixture with Not-ECT is dropped (-1). */
function combinedEcn(seen: number): number {
  const plain = (seen & 1) !== 0;
  const congested = (seen & 8) !== 0;
  const capable = (seen & 6) !== 0;
  if (congested) return plain ? -1 : 3;
  if (plain) return capable ? -1 : 0;
  return (seen & 2) !== 0 ? 1 : 2;
}
