/** What a namespace is to the IP layer and the transports, and what a path and a protocol are to each other. */
import type { Interface, InterfaceOwner } from "../device/interface.ts";
import type { Random } from "../time/random.ts";
import type { Packet } from "../wire/packet.ts";
import type { Ipv4 } from "./ipv4.ts";
import type { Ipv6 } from "./ipv6.ts";
import type { Mib } from "./mib.ts";
import type { RouteMetrics } from "./netlink.ts";
import { Errno, KernelError } from "../wire/errno.ts";

/** An IPv4 address as an unsigned number, or an IPv6 address as 16 octets. */
export type IpAddress = number | Uint8Array;

/** What netlink tells those who monitor: `ip monitor` prints these. */
export interface NetlinkEvent {
  kind: "link" | "address" | "route" | "neighbour" | "rule" | "nsid";
  action: "new" | "delete";
  /** The Interface, address, route, neighbour or rule as its own layer defines it. */
  subject: unknown;
}

/** One line of the sysctl tree, made when somebody looks. `write` throws a KernelError for a value that it refuses. */
export interface SysctlEntry {
  /** With slashes and without a leading one: `net/ipv4/ip_forward`. */
  path: string;
  read(): string;
  write?(value: string): void;
}

/** Many small sysctls are numbers in an object: an entry that reads and writes one, within bounds. */
export function numberSysctl<K extends string>(
  path: string,
  object: { [key in K]: number },
  key: K,
  least = -2147483648,
  most = 2147483647,
  written?: (was: number) => void,
): SysctlEntry {
  return {
    path,
    read: () => String(object[key]),
    write(value) {
      const number = Number(value.trim());
      if (!Number.isInteger(number) || number < least || number > most) throw new KernelError(Errno.EINVAL);
      const was = object[key];
      object[key] = number;
      written?.(was);
    },
  };
}

/** Where packets are shown to the netfilter (NF_INET_*). */
export const NF_PRE_ROUTING = 0;
export const NF_LOCAL_IN = 1;
export const NF_FORWARD = 2;
export const NF_LOCAL_OUT = 3;
export const NF_POST_ROUTING = 4;

/** Rules and connection tracking, as the IP layer calls them on a packet's way; src/netfilter is it. */
export interface Netfilter {
  /**
   * Shows a packet, whose `network` and `head` are at its IP header, at one of the NF_* places (`NF_HOOK`). Takes the reference and gives the
   * packet that goes on, perhaps another; null: it was dropped, or is kept.
   */
  pass(
    place: number,
    version: 4 | 6,
    packet: Packet,
    input: Interface | null,
    output: Interface | null,
  ): Packet | null;
  /** After a pass of NF_LOCAL_OUT: what the route depends on was changed, it must be looked up again (`ip_route_me_harder`). */
  readonly rerouted: boolean;
}

/** A namespace, as the IP layer and the transports see it. */
export interface IpHost extends InterfaceOwner {
  readonly loopback: Interface;
  /** Split from the world's seed by machine and namespace name. */
  readonly random: Random;
  readonly ipv4: Ipv4;
  readonly ipv6: Ipv6;
  readonly mib: Mib;
  /** Null while there are no rules: packets pass by. */
  readonly netfilter: Netfilter | null;
  /** The transport that takes packets of this protocol number over this IP version (`inet_protos`, `inet6_protos`); null: nobody. */
  protocol(version: 4 | 6, number: number): Protocol | null;
  /**
   * Raw and ping sockets see a packet before its protocol does (`raw_local_deliver`); it stays the caller's. True when a raw
   * socket took a copy, so that an unknown protocol is not answered with an ICMP error.
   */
  rawInput(version: 4 | 6, number: number, packet: Packet): boolean;
  /**
   * An ICMP error that quotes a packet of protocol `number`, before that protocol's own `error` (`raw_icmp_error`; for quoted echo
   * requests `ping_err`): as `Protocol.error`.
   */
  rawError(
    version: 4 | 6,
    number: number,
    packet: Packet,
    type: number,
    code: number,
    info: number,
    offender: IpAddress,
  ): void;
  announce(event: NetlinkEvent): void;
}

/**
 * A transport protocol of a namespace (`inet_protos`). For both calls `packet.network` is at the IP header (the quoted
 * one in `error`), `packet.head` and `packet.transport` at the transport header, and `packet.tail` at the end of the IP packet.
 */
export interface Protocol {
  /** Takes the packet and its reference. The header may be truncated and wrong: it is checked here. */
  input(packet: Packet): void;
  /**
   * An ICMP error from `offender` quoted a packet that this protocol sent; at least 8 octets of the transport header are there.
   * `info` is the MTU of Fragmentation Needed and Packet Too Big, else 0. Keeps nothing: the packet stays the caller's.
   */
  error?(packet: Packet, type: number, code: number, info: number, offender: IpAddress): void;
}

/** A socket's way to one destination: addresses, the route found for them, and how to send there (Linux's `flowi` and `dst`). */
export interface Path {
  readonly version: 4 | 6;
  /** Octets of the IP header that `send` puts before the packet (options excluded). */
  readonly headerLength: number;
  /** After a successful `refresh`: the bound source or the one that the route prefers. */
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Finds the route again if anything changed since. 0, or a negative errno (ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL). */
  refresh(): number;
  /** The interface that packets leave by; after a successful `refresh`. */
  readonly device: Interface;
  /** The path MTU in octets, IP header included: the route's, a learned one, or the interface's. */
  mtu(): number;
  /** The pseudo header's unfolded sum for `length` octets of `protocol`. */
  pseudoSum(protocol: number, length: number): number;
  /**
   * Puts the IP header before `packet.head` and sends it; takes the reference. Longer than the MTU: fragmented, or -EMSGSIZE
   * where that is not allowed; with `packet.gsoSize` it is handed down whole and cut where a device needs it.
   */
  send(packet: Packet, protocol: number): number;
  /** RTN_* of the route: local, unicast, broadcast, multicast. After a successful `refresh`. */
  readonly type: number;
  /** The route's own metrics (initcwnd, advmss, …), or null. */
  readonly metrics: RouteMetrics | null;
  /** A transport made progress: the neighbour is confirmed (`dst_confirm`). */
  confirm(): void;
  /** The TTL or hop limit to send with; -1 takes the sysctl's or the route's. */
  ttl: number;
  tos: number;
  /** IP_MTU_DISCOVER: whether DF is set, and whether a larger packet is refused. */
  pmtuDiscover: "dont" | "want" | "do" | "probe";
  mark: number;
  /** IP_MULTICAST_LOOP: whether a multicast is handed to this host's own members as well; true when left out. */
  multicastLoop?: boolean;
}
