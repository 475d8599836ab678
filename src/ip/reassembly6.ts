/** Putting fragments together (RFC 8200 section 4.5, RFC 5722; `net/ipv6/reassembly.c`). */
import type { Interface } from "../device/interface.ts";
import { SECOND, Timer } from "../time/scheduler.ts";
import { ICMPV6_PARAMPROB, ICMPV6_TIME_EXCEED } from "../wire/icmp.ts";
import {
  equal6,
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_LENGTH,
  IPV6_NEXT_HEADER,
  IPV6_SOURCE,
  isLinkLocal6,
  isMulticast6,
  NEXTHDR_FRAGMENT,
} from "../wire/ipv6.ts";
import { get16, get32, put16 } from "../wire/octets.ts";
import { CHECKSUM_NONE, type Packet } from "../wire/packet.ts";
import { hash6 } from "./address_kind6.ts";
import { ERRONEOUS_FIELD, INCOMPLETE_FIRST_FRAGMENT, skipExtensions } from "./extension_headers6.ts";
import { FRAGMENT_HEADER } from "./fragment6.ts";
import { icmp6Error } from "./icmp6.ts";
import type { Inet6Device } from "./inet6_device.ts";
import { deliver6 } from "./ipv6_input.ts";
import type { Ipv6 } from "./ipv6.ts";

/** What a fragment weighs besides its octets. */
const OVERHEAD = 512;
const EXCEEDED_REASSEMBLY = 1;

/** The fragments of one packet, in order of their offsets; each piece's `head` is at its payload and `control` is its offset. */
class FragmentQueue {
  first: Packet | null = null;
  received = 0;
  /** The whole length, once the last fragment has come; -1 before. */
  length = -1;
  end = 0;
  weight = 0;
  /** The header octets before the fragment header, and where in them the next-header field is. */
  header: Packet | null = null;
  device: Interface | null = null;
  done = false;
  constructor(
    readonly source: Uint8Array,
    readonly destination: Uint8Array,
    readonly identification: number,
    readonly index: number,
    readonly timer: Timer,
  ) {}
}

export class Reassembly6 {
  readonly #ip: Ipv6;
  /** By a hash of addresses and identification; few share one. */
  readonly #queues = new Map<number, FragmentQueue[]>();
  #weight = 0;

  constructor(ip: Ipv6) {
    this.#ip = ip;
  }

  /** Octets held. */
  get weight(): number {
    return this.#weight;
  }

  find(packet: Packet, identification: number, index: number): FragmentQueue | null {
    const { bytes, network } = packet;
    const key = this.#key(bytes, network, identification);
    let chain = this.#queues.get(key);
    const source = network + IPV6_SOURCE;
    const destination = network + IPV6_DESTINATION;
    if (chain !== undefined) {
      for (const queue of chain) {
        if (
          queue.identification === identification && queue.index === index && equal6(queue.source, bytes, 0, source) &&
          equal6(queue.destination, bytes, 0, destination)
        ) return queue;
      }
    }
    if (this.#weight > this.#ip.settings.ip6frag_high_thresh || this.#ip.settings.ip6frag_high_thresh === 0) {
      return null;
    }
    const queue: FragmentQueue = new FragmentQueue(
      bytes.slice(source, source + 16),
      bytes.slice(destination, destination + 16),
      identification,
      index,
      new Timer(() => this.#expire(queue)),
    );
    if (chain === undefined) this.#queues.set(key, chain = []);
    chain.push(queue);
    this.#ip.host.world.scheduler.after(queue.timer, this.#ip.settings.ip6frag_time * SECOND);
    return queue;
  }

  #key(bytes: Uint8Array, network: number, identification: number): number {
    return hash6(bytes, network + IPV6_SOURCE) ^ Math.imul(hash6(bytes, network + IPV6_DESTINATION), 31) ^
      identification;
  }

  grow(queue: FragmentQueue, weight: number): void {
    queue.weight += weight;
    this.#weight += weight;
  }

  /** Forgets a queue and releases what it still holds. */
  kill(queue: FragmentQueue): void {
    queue.done = true;
    this.#ip.host.world.scheduler.cancel(queue.timer);
    this.#weight -= queue.weight;
    for (let piece = queue.first; piece !== null;) {
      const next: Packet | null = piece.next;
      piece.next = null;
      piece.release();
      piece = next;
    }
    queue.first = null;
    const header = new Uint8Array(40);
    header.set(queue.source, IPV6_SOURCE);
    header.set(queue.destination, IPV6_DESTINATION);
    const key = this.#key(header, 0, queue.identification);
    const chain = this.#queues.get(key);
    if (chain === undefined) return;
    const at = chain.indexOf(queue);
    if (at >= 0) chain.splice(at, 1);
    if (chain.length === 0) this.#queues.delete(key);
  }

  /** `ip6frag_expire_frag_queue`: said to the sender only when the first fragment is there to be quoted. */
  #expire(queue: FragmentQueue): void {
    const mib = this.#ip.host.mib.ip6;
    mib.ReasmFails++;
    mib.ReasmTimeout++;
    const first = queue.first;
    if (first !== null && first.control === 0) {
      first.head = first.network;
      icmp6Error(this.#ip, first, ICMPV6_TIME_EXCEED, EXCEEDED_REASSEMBLY, 0);
    }
    this.kill(queue);
  }
}

const found = new Int32Array(2);

/**
 * A fragment header at `at`. The offset behind it when the packet is whole as it is (RFC 6946); else -1, and the packet was taken.
 */
export function fragmentInput(ip: Ipv6, owner: Inet6Device, packet: Packet, at: number): number {
  const { bytes, network, tail } = packet;
  const mib = ip.host.mib.ip6;
  mib.ReasmReqds++;
  if (get16(bytes, network + IPV6_LENGTH) === 0 || at + FRAGMENT_HEADER > tail) {
    refuse(ip, packet, at - network);
    return -1;
  }
  const field = get16(bytes, at + 2);
  if ((field & 0xfff9) === 0) {
    mib.ReasmOKs++;
    return at + FRAGMENT_HEADER;
  }
  const offset = field & 0xfff8;
  if (offset === 0 && !hasAllHeaders(bytes, at, tail)) {
    mib.InHdrErrors++;
    icmp6Error(ip, packet, ICMPV6_PARAMPROB, INCOMPLETE_FIRST_FRAGMENT, 0);
    packet.release();
    return -1;
  }
  const local = isMulticast6(bytes, network + IPV6_DESTINATION) || isLinkLocal6(bytes, network + IPV6_DESTINATION);
  const index = local ? (packet.device as Interface).index : 0;
  const queue = ip.reassembly().find(packet, get32(bytes, at + 4), index);
  if (queue === null) {
    mib.ReasmFails++;
    packet.release();
    return -1;
  }
  enqueue(ip, owner, queue, packet, at, offset, (field & 1) !== 0);
  return -1;
}

function refuse(ip: Ipv6, packet: Packet, pointer: number): void {
  ip.host.mib.ip6.InHdrErrors++;
  icmp6Error(ip, packet, ICMPV6_PARAMPROB, ERRONEOUS_FIELD, pointer);
  packet.release();
}

/** RFC 7112: the first fragment holds the whole chain of headers, the transport's first octets among them. */
function hasAllHeaders(bytes: Uint8Array, at: number, tail: number): boolean {
  const transport = skipExtensions(bytes, at + FRAGMENT_HEADER, tail, bytes[at], found);
  if (transport < 0) return found[0] === 59;
  const least = found[0] === 6 ? 20 : found[0] === 17 ? 8 : found[0] === 58 ? 8 : 1;
  return transport + least <= tail;
}

/** `ip6_frag_queue`. Takes the packet. */
function enqueue(
  ip: Ipv6,
  owner: Inet6Device,
  queue: FragmentQueue,
  packet: Packet,
  at: number,
  offset: number,
  more: boolean,
): void {
  const { network } = packet;
  const end = offset + packet.tail - at - FRAGMENT_HEADER;
  const mib = ip.host.mib.ip6;
  if (end > 65535) return refuse(ip, packet, at + 2 - network);
  if (!more) {
    if (end < queue.end || (queue.length >= 0 && end !== queue.length)) return discardQueue(ip, queue, packet);
    queue.length = queue.end = end;
  } else {
    if ((end & 7) !== 0) return refuse(ip, packet, IPV6_LENGTH);
    if (end > queue.end) {
      if (queue.length >= 0) return discardQueue(ip, queue, packet);
      queue.end = end;
    }
  }
  if (end === offset) return discardQueue(ip, queue, packet);
  packet.completeChecksum();
  packet.control = offset;
  packet.head = at + FRAGMENT_HEADER;
  let before: Packet | null = null;
  let after = queue.first;
  while (after !== null && after.control < offset) {
    before = after;
    after = after.next;
  }
  if (after !== null && after.control === offset && after.tail - after.head === end - offset) {
    ip.host.world.drop(packet, "DUP_FRAG"); // the very same again
    return;
  }
  if ((before !== null && pieceEnd(before) > offset) || (after !== null && after.control < end)) {
    return discardQueue(ip, queue, packet);
  }
  packet.next = after;
  if (before === null) queue.first = packet;
  else before.next = packet;
  queue.received += end - offset;
  ip.reassembly().grow(queue, end - offset + OVERHEAD);
  if (queue.received !== queue.length) return;
  if (queue.first!.head - FRAGMENT_HEADER - queue.first!.network - IPV6_HEADER + queue.length > 65535) {
    ip.reassembly().kill(queue);
    mib.ReasmFails++;
    return;
  }
  const whole = assemble(ip, queue);
  mib.ReasmOKs++;
  const device = queue.first!.device as Interface;
  const kind = queue.first!.kind;
  ip.reassembly().kill(queue);
  whole.device = device;
  whole.kind = kind;
  deliver6(ip, owner, whole);
}

function pieceEnd(piece: Packet): number {
  return piece.control + piece.tail - piece.head;
}

/** Overlapping or contradicting fragments spoil the whole packet (RFC 5722). */
function discardQueue(ip: Ipv6, queue: FragmentQueue, packet: Packet): void {
  ip.reassembly().kill(queue);
  ip.host.mib.ip6.ReasmFails++;
  packet.release();
}

/** One packet of all: the headers before the first fragment's header, then the payloads. */
function assemble(ip: Ipv6, queue: FragmentQueue): Packet {
  const first = queue.first!;
  const fragmentHeader = first.head - FRAGMENT_HEADER;
  const headers = fragmentHeader - first.network;
  const whole = ip.host.world.packets.allocate(headers + queue.length);
  const at = whole.head;
  const out = whole.bytes;
  out.set(first.bytes.subarray(first.network, fragmentHeader), at);
  let tail = at + headers;
  for (let piece: Packet | null = first; piece !== null; piece = piece.next) {
    out.set(piece.bytes.subarray(piece.head, piece.tail), tail);
    tail += piece.tail - piece.head;
  }
  whole.tail = tail;
  whole.network = at;
  whole.protocol = first.protocol;
  whole.mark = first.mark;
  whole.checksum = CHECKSUM_NONE;
  put16(out, at + IPV6_LENGTH, headers - IPV6_HEADER + queue.length);
  out[nextHeaderField(out, at, headers)] = first.bytes[fragmentHeader];
  return whole;
}

/** Where the fragment header was named. */
function nextHeaderField(bytes: Uint8Array, at: number, headers: number): number {
  let field = at + IPV6_NEXT_HEADER;
  for (let header = at + IPV6_HEADER; bytes[field] !== NEXTHDR_FRAGMENT && header < at + headers;) {
    field = header;
    header += (bytes[header + 1] + 1) * 8;
  }
  return field;
}
