/**
 * What rtnetlink carries: the objects that it dumps and the requests that change them, the same for both families
 * (`Ipv4` and `Ipv6` implement `AddressFamily`). Requests that are refused throw a `KernelError` with the kernel's errno and,
 * where the kernel has one, its sentence (extack).
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import type { IpAddress, Path } from "./host.ts";

export const RT_SCOPE_UNIVERSE = 0;
export const RT_SCOPE_SITE = 200;
export const RT_SCOPE_LINK = 253;
export const RT_SCOPE_HOST = 254;
export const RT_SCOPE_NOWHERE = 255;

export const RT_TABLE_UNSPEC = 0;
export const RT_TABLE_DEFAULT = 253;
export const RT_TABLE_MAIN = 254;
export const RT_TABLE_LOCAL = 255;

export const RTN_UNSPEC = 0;
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;
export const RTN_MULTICAST = 5;
export const RTN_BLACKHOLE = 6;
export const RTN_UNREACHABLE = 7;
export const RTN_PROHIBIT = 8;
export const RTN_THROW = 9;

/** What a packet that follows a route of this type meets, as a negative errno; 0 where it goes on (`fib_props`, `fib6_prop`). */
export function typeError(type: number): number {
  switch (type) {
    case RTN_BLACKHOLE:
      return -Errno.EINVAL;
    case RTN_UNREACHABLE:
      return -Errno.EHOSTUNREACH;
    case RTN_PROHIBIT:
      return -Errno.EACCES;
    case RTN_THROW:
      return -Errno.EAGAIN;
  }
  return 0;
}

export const RTPROT_UNSPEC = 0;
export const RTPROT_REDIRECT = 1;
export const RTPROT_KERNEL = 2;
export const RTPROT_BOOT = 3;
export const RTPROT_STATIC = 4;
export const RTPROT_RA = 9;

export const RTNH_F_DEAD = 1;
export const RTNH_F_ONLINK = 4;
export const RTNH_F_LINKDOWN = 16;

export const IFA_F_SECONDARY = 0x01;
export const IFA_F_NODAD = 0x02;
export const IFA_F_OPTIMISTIC = 0x04;
export const IFA_F_DADFAILED = 0x08;
export const IFA_F_HOMEADDRESS = 0x10;
export const IFA_F_DEPRECATED = 0x20;
export const IFA_F_TENTATIVE = 0x40;
export const IFA_F_PERMANENT = 0x80;
export const IFA_F_MANAGETEMPADDR = 0x100;
export const IFA_F_NOPREFIXROUTE = 0x200;
export const IFA_F_MCAUTOJOIN = 0x400;

export const NUD_NONE = 0x00;
export const NUD_INCOMPLETE = 0x01;
export const NUD_REACHABLE = 0x02;
export const NUD_STALE = 0x04;
export const NUD_DELAY = 0x08;
export const NUD_PROBE = 0x10;
export const NUD_FAILED = 0x20;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

export const NTF_USE = 0x01;
export const NTF_SELF = 0x02;
export const NTF_MASTER = 0x04;
export const NTF_PROXY = 0x08;
export const NTF_ROUTER = 0x80;

/** An address on an interface, as `ip addr` lists it. Times are absolute virtual ns; `Infinity` is forever. */
export interface InterfaceAddress {
  readonly device: Interface;
  readonly local: IpAddress;
  /** The other end of a point-to-point address, to which `prefixLength` then belongs; else equal to `local`. */
  readonly peer: IpAddress;
  readonly prefixLength: number;
  /** IPv4 only; null when there is none. */
  readonly broadcast: number | null;
  /** RT_SCOPE_*. */
  readonly scope: number;
  /** IPv4 only: `eth0` or `eth0:1`; "" for IPv6. */
  readonly label: string;
  /** IFA_F_*, as now. */
  readonly flags: number;
  readonly validUntil: number;
  readonly preferredUntil: number;
  /** Metric of its prefix route; 0 for the family's own. */
  readonly metric: number;
}

/** `ip addr add`. What is left out is as the kernel fills it in. */
export interface AddressRequest {
  local: IpAddress;
  /** 32 or 128 when left out; with `deleteAddress`, left out or null matches any (the "wildcard deletion"). */
  prefixLength?: number | null;
  peer?: IpAddress;
  broadcast?: number | null;
  scope?: number;
  label?: string;
  /** IFA_F_NODAD, IFA_F_NOPREFIXROUTE, IFA_F_HOMEADDRESS, IFA_F_MANAGETEMPADDR, IFA_F_MCAUTOJOIN. */
  flags?: number;
  /** Seconds; Infinity or left out is forever. */
  validLifetime?: number;
  preferredLifetime?: number;
  metric?: number;
}

export interface Nexthop {
  readonly device: Interface | null;
  readonly gateway: IpAddress | null;
  /** 1 and up. */
  readonly weight: number;
  /** RTNH_F_*, as now. */
  readonly flags: number;
}

/** RTA_METRICS by the names that `ip route` prints them with; bytes, counts, or ms. */
export interface RouteMetrics {
  mtu?: number;
  /** `mtu lock 1400`. */
  mtuLock?: boolean;
  window?: number;
  rtt?: number;
  rttvar?: number;
  ssthresh?: number;
  cwnd?: number;
  advmss?: number;
  reordering?: number;
  hoplimit?: number;
  initcwnd?: number;
  initrwnd?: number;
  rto_min?: number;
  quickack?: number;
  congctl?: string;
  features?: number;
}

/** A route, as `ip route` lists it. */
export interface Route {
  readonly destination: IpAddress;
  readonly prefixLength: number;
  readonly tos: number;
  readonly table: number;
  /** RTN_*. */
  readonly type: number;
  readonly scope: number;
  readonly protocol: number;
  /** Priority: `metric` in `ip`. */
  readonly metric: number;
  readonly source: IpAddress | null;
  readonly nexthops: readonly Nexthop[];
  readonly metrics: RouteMetrics | null;
  /** IPv6: -1 low, 0 medium, 1 high. */
  readonly preference: number;
  /** Absolute virtual ns, or Infinity. */
  readonly expires: number;
}

/** `ip route add`, `del`, …. What is left out is as the kernel fills it in; for `deleteRoute`, left out matches any. */
export interface RouteRequest {
  destination: IpAddress;
  prefixLength: number;
  tos?: number;
  table?: number;
  type?: number;
  scope?: number;
  protocol?: number;
  metric?: number;
  source?: IpAddress | null;
  nexthops?: { device?: Interface | null; gateway?: IpAddress | null; weight?: number; flags?: number }[];
  metrics?: RouteMetrics | null;
  preference?: number;
  /** Seconds from now (IPv6 `expires`). */
  lifetime?: number;
}

/** `ip route get`. */
export interface RouteQuery {
  destination: IpAddress;
  source?: IpAddress | null;
  input?: Interface | null;
  output?: Interface | null;
  mark?: number;
  tos?: number;
  protocol?: number;
  sourcePort?: number;
  destinationPort?: number;
}

export interface RouteAnswer {
  /** The route that was chosen. */
  route: Route;
  /** The way out: the device is lo for local destinations. */
  device: Interface;
  gateway: IpAddress | null;
  /** The preferred source. */
  source: IpAddress | null;
  /** RTN_* of the result: unicast, local, broadcast, multicast. */
  type: number;
  table: number;
  /** RTCF_* flags that `cache <local,brd>` prints, by those names. */
  cacheFlags: string[];
  /** A learned path MTU and when it expires (ns); 0 when there is none. */
  mtu: number;
  expires: number;
}

/** FR_ACT_*. */
export const FR_ACT_TO_TBL = 1;
export const FR_ACT_GOTO = 2;
export const FR_ACT_NOP = 3;
export const FR_ACT_BLACKHOLE = 6;
export const FR_ACT_UNREACHABLE = 7;
export const FR_ACT_PROHIBIT = 8;

/** A policy routing rule, as `ip rule` lists it; in a request what is left out is as the kernel fills it in. */
export interface Rule {
  priority: number;
  from: IpAddress | null;
  fromLength: number;
  to: IpAddress | null;
  toLength: number;
  iif: string;
  oif: string;
  fwmark: number;
  fwmask: number;
  tos: number;
  action: number;
  table: number;
  /** Priority that FR_ACT_GOTO jumps to. */
  goto: number;
  invert: boolean;
  /** -1 when not given. */
  suppressPrefixLength: number;
  protocol: number;
  ipProtocol: number;
  sourcePorts: [number, number] | null;
  destinationPorts: [number, number] | null;
}

/** An entry of the neighbour table, as `ip neigh` lists it. */
export interface Neighbour {
  readonly address: IpAddress;
  readonly device: Interface;
  /** NUD_*. */
  readonly state: number;
  /** NTF_ROUTER, NTF_PROXY. */
  readonly flags: number;
  /** Six octets, or null while unknown. */
  readonly linkAddress: Uint8Array | null;
  /** Virtual ns of the last use, confirmation and update; references held; probes sent. */
  readonly used: number;
  readonly confirmed: number;
  readonly updated: number;
  readonly references: number;
  readonly probes: number;
}

export interface NeighbourRequest {
  address: IpAddress;
  device: Interface;
  linkAddress?: Uint8Array | null;
  /** NUD_PERMANENT when left out. */
  state?: number;
  flags?: number;
}

export interface PathRequest {
  destination: IpAddress;
  /** The socket's bound address; null lets the route choose (RFC 6724 for IPv6). */
  source?: IpAddress | null;
  /** SO_BINDTODEVICE, or the scope of a link-local address. */
  device?: Interface | null;
  mark?: number;
  tos?: number;
  /** The transport protocol and ports, for rules and multipath hashing. */
  protocol: number;
  sourcePort?: number;
  destinationPort?: number;
  /** A raw socket's IP_HDRINCL or a transparent source: the source need not be local. */
  anySource?: boolean;
}

export type ChangeMode = "add" | "replace" | "change" | "append" | "prepend" | "test";

/** The control plane of one address family in one namespace: what `ip` talks to. */
export interface AddressFamily {
  /** In the kernel's order. */
  addresses(device: Interface): readonly InterfaceAddress[];
  addAddress(device: Interface, request: AddressRequest, mode: ChangeMode): void;
  deleteAddress(device: Interface, request: AddressRequest): void;
  /** The tables that exist, by number, ascending. */
  tables(): number[];
  /** The routes of one table in the kernel's dump order; undefined when the table does not exist. */
  routes(table: number): Iterable<Route> | undefined;
  addRoute(request: RouteRequest, mode: ChangeMode): void;
  deleteRoute(request: RouteRequest): void;
  /** Looks up as output (or, with `input`, as a received packet) would. */
  getRoute(query: RouteQuery): RouteAnswer;
  rules(): readonly Rule[];
  addRule(request: Partial<Rule>, mode: ChangeMode): void;
  deleteRule(request: Partial<Rule>): void;
  /** Of one interface or of all, in the kernel's dump order. */
  neighbours(device?: Interface): Neighbour[];
  proxyNeighbours(device?: Interface): Neighbour[];
  setNeighbour(request: NeighbourRequest, mode: ChangeMode): void;
  deleteNeighbour(request: NeighbourRequest): void;
  /** Joined groups on an interface with how many joined each (`ip maddr`). */
  multicastGroups(device: Interface): { group: IpAddress; users: number }[];
  joinGroup(device: Interface, group: IpAddress): void;
  leaveGroup(device: Interface, group: IpAddress): void;
  /** Whether a socket may bind to this address here (`inet_addr_type` local, broadcast or multicast). */
  isLocal(address: IpAddress, device?: Interface | null): boolean;
  /** A socket's way to a destination. It never fails: `Path.refresh` says whether there is a route. */
  path(request: PathRequest): Path;
}
