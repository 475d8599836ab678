/** The route objects that packets carry (`struct rtable`), and what single destinations add to them (`fib_nh_exception`). */
import { IFF_LOOPBACK, IFF_POINTOPOINT, type Interface } from "../device/interface.ts";
import type { FibInfo, FibNexthop } from "./fib_info4.ts";
import type { Ipv4 } from "./ipv4.ts";
import type { NeighbourEntry } from "./neighbour.ts";

/** Flags of a route object (RTCF_*). */
export const RTCF_LOCAL = 1;
export const RTCF_BROADCAST = 2;
export const RTCF_MULTICAST = 4;
export const RTCF_REDIRECTED = 8;
/** The sender should be told of a better first hop: of a packet that came in, never of a route object. */
export const RTCF_DOREDIRECT = 16;

/** What becomes of a packet that comes in with this route (`dst.input`). */
export const INPUT_NONE = 0;
export const INPUT_LOCAL = 1;
export const INPUT_FORWARD = 2;
export const INPUT_ERROR = 3;

/** The largest packet that IPv4 can say (IP_MAX_MTU). */
export const IP_MAX_MTU = 65535;

/** What was learned of the way to one destination: a path MTU, or a better gateway (`fib_nh_exception`). */
export class Exception4 {
  pmtu = 0;
  locked = false;
  gateway = 0;
  /** Virtual ns until which the path MTU holds. */
  expires = 0;
  route: Route4 | null = null;
}

export class Route4 {
  flags = 0;
  /** 0 is on-link: the destination itself is the next hop. */
  gateway = 0;
  input: number = INPUT_NONE;
  /** Positive errno of an INPUT_ERROR. */
  error = 0;
  /** Where it was found; 0 and -1 when no table was asked. */
  table = 0;
  exception: Exception4 | null = null;
  /** The last next hop's entry. */
  #neighbour: NeighbourEntry | null = null;
  /** The interface has but one neighbour (lo, point-to-point links). */
  readonly #single: boolean;

  constructor(
    readonly generation: number,
    public type: number,
    readonly device: Interface,
    readonly info: FibInfo | null,
    readonly nexthop: FibNexthop | null,
  ) {
    this.#single = (device.flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) !== 0;
  }

  /** The neighbour for a destination, made when there is none; null when the table is full. */
  neighbour(ipv4: Ipv4, destination: number): NeighbourEntry | null {
    const next = this.#single ? 0 : this.gateway !== 0 ? this.gateway : destination;
    const known = this.#neighbour;
    if (known !== null && known.address === next && !known.dead) return known;
    return this.#neighbour = ipv4.neighbour(next, this.device);
  }

  /** A path MTU that was learned and still holds, or 0. */
  learnedMtu(now: number): number {
    const exception = this.exception;
    return exception !== null && exception.pmtu !== 0 && now < exception.expires ? exception.pmtu : 0;
  }

  /** `ip_dst_mtu_maybe_forward`; `now` is virtual time, or -1 to leave learned path MTUs aside. */
  mtu(now: number): number {
    if (now >= 0 && this.exception !== null) {
      const learned = this.learnedMtu(now);
      if (learned !== 0) return learned;
    }
    const mtu = this.info !== null && this.info.metrics !== null && this.info.metrics.mtu !== undefined
      ? this.info.metrics.mtu
      : this.device.mtu;
    return mtu > IP_MAX_MTU ? IP_MAX_MTU : mtu;
  }
}

/** What the last packet that came in by an interface was, and where it went: flows rarely change from packet to packet. */
export class InputCache {
  generation = -1;
  destination = 0;
  source = 0;
  tos = 0;
  mark = 0;
  redirect = false;
  route: Route4 | null = null;
  /** For interfaces without an entry in any table: limited broadcasts, and errors. */
  broadcast: Route4 | null = null;
}

/** What is known of the destination beyond this next hop, and still holds (`find_exception`). */
export function exceptionFor(ipv4: Ipv4, nexthop: FibNexthop, destination: number): Exception4 | null {
  const { exceptions } = nexthop;
  if (exceptions === null) return null;
  const exception = exceptions.get(destination);
  if (exception === undefined) return null;
  if (ipv4.host.world.scheduler.now < exception.expires) return exception;
  exceptions.delete(destination);
  return null;
}

/** 0.0.0.0/8 */
export function isZeronet(address: number): boolean {
  return address >>> 24 === 0;
}

/** 224.0.0.0/24, which no router passes on. */
export function isLocalMulticast(address: number): boolean {
  return address >>> 8 === 0xe00000;
}
