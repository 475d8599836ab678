/** IPv4's own state of an interface (`struct in_device`), kept in `Interface.inet`. */
import { IFF_LOOPBACK, type Interface } from "../device/interface.ts";
import type { Address4 } from "./address4.ts";
import { type DevConf4, type DevConfKey, LOOPBACK_CONF } from "./devconf4.ts";
import type { Group4 } from "./igmp.ts";
import type { Ipv4 } from "./ipv4.ts";
import { NeighbourParameters } from "./neighbour_parameters.ts";
import { InputCache } from "./route4.ts";

const NONE: readonly never[] = [];

export class InDevice {
  /** In the order that `ip addr` shows. The list is replaced, not changed: most stay tiny. */
  addresses: readonly Address4[] = NONE;
  conf: DevConf4;
  /** Settings that were made here, which the defaults no longer change; with `configured` (an address was set) every one counts as made. */
  written: Set<DevConfKey> | null = null;
  configured = false;
  /** Multicast groups joined, by address. */
  groups: Map<number, Group4> | null = null;
  /** IGMP: until when (ns) an old querier binds us to its version, and the version. */
  querierUntil = 0;
  querierVersion = 3;
  #cache: InputCache | null = null;
  #neighbours: NeighbourParameters | null = null;

  constructor(readonly ipv4: Ipv4, readonly device: Interface) {
    this.conf = (device.flags & IFF_LOOPBACK) !== 0 ? LOOPBACK_CONF : ipv4.settings.defaultConf;
  }

  /** What was looked up for the last packet that came in here. */
  get cache(): InputCache {
    return this.#cache ??= new InputCache();
  }

  /** The neighbours' settings here; an own copy of the defaults from the first use on. */
  get neighbours(): NeighbourParameters {
    return this.#neighbours ??= Object.assign(new NeighbourParameters(), this.ipv4.settings.neighbours, {
      reachableTime: 0,
    });
  }

  /** IN_DEV_ORCONF: set here or for all. */
  either(key: DevConfKey): boolean {
    return this.conf[key] !== 0 || this.ipv4.settings.allConf[key] !== 0;
  }

  /** IN_DEV_ANDCONF: set here and for all. */
  both(key: DevConfKey): boolean {
    return this.conf[key] !== 0 && this.ipv4.settings.allConf[key] !== 0;
  }

  /** IN_DEV_MAXCONF: the greater of here and all. */
  greater(key: DevConfKey): number {
    return Math.max(this.conf[key], this.ipv4.settings.allConf[key]);
  }

  get forwarding(): boolean {
    return this.conf.forwarding !== 0;
  }

  /** IN_DEV_RX_REDIRECTS */
  get acceptsRedirects(): boolean {
    return this.forwarding ? this.both("accept_redirects") : this.either("accept_redirects");
  }
}

/** The interface's, or null where IPv4 does not run (its MTU is below 68). */
export function inDevice(device: Interface): InDevice | null {
  return device.inet as InDevice | null;
}

/** IN_DEV_IGNORE_ROUTES_WITH_LINKDOWN */
export function ignoresLinkdown(device: Interface): boolean {
  const own = inDevice(device);
  return own !== null && own.either("ignore_routes_with_linkdown");
}
