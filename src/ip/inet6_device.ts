/** What IPv6 keeps of an interface (`inet6_dev`), and its addresses (`inet6_ifaddr`). */
import type { Interface } from "../device/interface.ts";
import type { Timer } from "../time/scheduler.ts";
import { equal6, type Ipv6Address, isLinkLocal6 } from "../wire/ipv6.ts";
import { scope6 } from "./address_kind6.ts";
import type { DeviceConfig6 } from "./config6.ts";
import type { MulticastGroup6 } from "./mld6.ts";
import type { NeighbourParameters } from "./neighbour_parameters.ts";
import {
  IFA_F_DEPRECATED,
  IFA_F_OPTIMISTIC,
  IFA_F_TENTATIVE,
  type InterfaceAddress,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_SITE,
  RT_SCOPE_UNIVERSE,
} from "./netlink.ts";
import type { Route6 } from "./route6.ts";

/** Where an address is on its way through duplicate address detection (INET6_IFADDR_STATE_*). */
export const DAD_PRE = 0;
export const DAD_RUNNING = 1;
export const DAD_POST = 2;
export const DAD_ERROR = 3;
export const DAD_DEAD = 4;

export class Address6 implements InterfaceAddress {
  flags = 0;
  validUntil = Infinity;
  preferredUntil = Infinity;
  metric = 0;
  state = DAD_PRE;
  /** Solicitations still to send. */
  probes = 0;
  /** What tells our own solicitations from another's (RFC 7527); null when not used. */
  nonce: Uint8Array | null = null;
  timer: Timer | null = null;
  /** The route of table local; in the table once the address may be used. */
  route: Route6 | null = null;
  /** The subnet-router anycast address was joined for it. */
  anycast = false;

  constructor(
    readonly inet6: Inet6Device,
    readonly local: Ipv6Address,
    public peer: Ipv6Address,
    readonly prefixLength: number,
  ) {}

  get device(): Interface {
    return this.inet6.device;
  }

  get broadcast(): null {
    return null;
  }

  get label(): string {
    return "";
  }

  get scope(): number {
    return rtScope(this.local);
  }

  /** May be the source of a packet and the target of a solicitation. */
  get usable(): boolean {
    return (this.flags & IFA_F_TENTATIVE) === 0 || (this.flags & IFA_F_OPTIMISTIC) !== 0;
  }

  get deprecated(): boolean {
    return (this.flags & IFA_F_DEPRECATED) !== 0;
  }
}

/** The scope that netlink gives an address (`rt_scope`). */
export function rtScope(address: Ipv6Address): number {
  if (address[0] === 0xfe) {
    const kind = address[1] & 0xc0;
    if (kind === 0x80) return RT_SCOPE_LINK;
    if (kind === 0xc0) return RT_SCOPE_SITE;
  }
  for (let i = 0; i < 15; i++) if (address[i] !== 0) return RT_SCOPE_UNIVERSE;
  return address[15] === 1 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
}

const NONE: readonly never[] = [];

export class Inet6Device {
  /** By scope, and of one scope the newest first (`ipv6_link_dev_addr`). The lists are replaced, not changed: most stay tiny. */
  addresses: readonly Address6[] = NONE;
  /** The newest first. */
  groups: readonly MulticastGroup6[] = NONE;
  /** Joined subnet-router anycast addresses, with their users and their routes. */
  anycasts: { address: Ipv6Address; users: number; route: Route6 }[] | null = null;
  /** IF_READY: it came up with carrier; routers were solicited; one has answered. */
  ready = false;
  solicited = false;
  advertised = false;
  /** Removed from its interface. */
  dead = false;
  /** The router solicitations under way. */
  solicitation: { timer: Timer; probes: number; interval: number } | null = null;
  /** The state changes to report by MLD. */
  reports: { timer: Timer; count: number } | null = null;
  dadReports: { timer: Timer; count: number } | null = null;
  queries: { timer: Timer; v1Until: number } | null = null;
  /** Queriers' robustness (RFC 3810 section 9.1). */
  robustness = 2;
  neighbourParameters: NeighbourParameters | null = null;
  /** Learned from router advertisements; 0 when not. */
  hopLimit = 0;
  /** The link's MTU for IPv6 (`net.ipv6.conf.DEV.mtu`). */
  mtu: number;
  raMtu = 0;
  secret: Ipv6Address | null = null;

  constructor(readonly device: Interface, public config: DeviceConfig6) {
    this.mtu = device.mtu;
  }

  find(address: Uint8Array, at = 0): Address6 | null {
    const addresses = this.addresses;
    for (let i = 0; i < addresses.length; i++) {
      if (equal6(addresses[i].local, address, 0, at)) return addresses[i];
    }
    return null;
  }

  /** Into the list at its place. */
  link(address: Address6): void {
    const scope = scope6(address.local);
    let place = 0;
    while (place < this.addresses.length && scope6(this.addresses[place].local) > scope) place++;
    this.addresses = this.addresses.toSpliced(place, 0, address);
  }

  unlink(address: Address6): void {
    this.addresses = this.addresses.filter((other) => other !== address);
  }

  /** A link-local address without any of the banned flags (`ipv6_get_lladdr`). */
  linkLocal(banned: number): Address6 | null {
    for (let i = this.addresses.length - 1; i >= 0; i--) {
      const address = this.addresses[i];
      if (isLinkLocal6(address.local) && (address.flags & banned) === 0) return address;
    }
    return null;
  }
}

/** IPv6's part of an interface; null when it has none (its MTU is too small, or it is not of this namespace). */
export function inet6(device: Interface): Inet6Device | null {
  return device.inet6 as Inet6Device | null;
}
