/** What routes of one way have in common, shared among them (`struct fib_info`, `struct fib_nh`). */
import type { Interface } from "../device/interface.ts";
import type { Nexthop, RouteMetrics } from "./netlink.ts";
import { RTNH_F_DEAD, RTNH_F_LINKDOWN } from "./netlink.ts";
import type { Exception4, Route4 } from "./route4.ts";

export class FibNexthop implements Nexthop {
  /** The scope in which the gateway was found: RT_SCOPE_LINK makes it a gateway, RT_SCOPE_NOWHERE is a local address. */
  scope = 0;
  /** The source that an interface's addresses give for this way, and for which generation of addresses that holds. */
  source = 0;
  sourceGeneration = -1;
  /** Upper bound of its share of the hash space (RFC 2992), -1 while it has none. */
  upperBound = -1;
  /** The route objects that output and input share while nothing changes, and those of single destinations (`fib_nh_exception`). */
  output: Route4 | null = null;
  input: Route4 | null = null;
  exceptions: Map<number, Exception4> | null = null;

  constructor(
    public device: Interface | null,
    public gatewayAddress: number,
    readonly weight: number,
    public flags: number,
  ) {}

  get gateway(): number | null {
    return this.gatewayAddress === 0 ? null : this.gatewayAddress;
  }
}

export class FibInfo {
  /** Aliases that refer to it. */
  references = 0;
  /** RTNH_F_DEAD: every nexthop is. */
  flags = 0;
  /** Its place in `FibInfos`. */
  index = -1;

  constructor(
    readonly table: number,
    readonly type: number,
    readonly scope: number,
    readonly protocol: number,
    readonly metric: number,
    readonly source: number,
    readonly nexthops: FibNexthop[],
    readonly metrics: RouteMetrics | null,
  ) {}

  /** Shares of the hash space by weight, for the nexthops that are alive (`fib_rebalance`). */
  rebalance(ignoreLinkdown: (device: Interface) => boolean): void {
    if (this.nexthops.length < 2) return;
    const alive = (nexthop: FibNexthop) =>
      (nexthop.flags & RTNH_F_DEAD) === 0 &&
      !((nexthop.flags & RTNH_F_LINKDOWN) !== 0 && nexthop.device !== null && ignoreLinkdown(nexthop.device));
    let total = 0;
    for (const nexthop of this.nexthops) if (alive(nexthop)) total += nexthop.weight;
    let sum = 0;
    for (const nexthop of this.nexthops) {
      if (alive(nexthop)) {
        sum += nexthop.weight;
        nexthop.upperBound = Math.round(sum * 0x80000000 / total) - 1;
      } else nexthop.upperBound = -1;
    }
  }
}

function contentKey(info: FibInfo): string {
  let key = `${info.table} ${info.type} ${info.scope} ${info.protocol} ${info.metric} ${info.source}`;
  for (const { device, gatewayAddress, scope, weight, flags } of info.nexthops) {
    key += ` ${device?.index} ${gatewayAddress} ${scope} ${weight} ${flags & ~(RTNH_F_DEAD | RTNH_F_LINKDOWN)}`;
  }
  return info.metrics === null ? key : key + JSON.stringify(info.metrics);
}

/** `contentKey`s are equal. */
function equalContent(a: FibInfo, b: FibInfo): boolean {
  if (
    a.table !== b.table || a.type !== b.type || a.scope !== b.scope || a.protocol !== b.protocol ||
    a.metric !== b.metric || a.source !== b.source || a.nexthops.length !== b.nexthops.length
  ) return false;
  const states = RTNH_F_DEAD | RTNH_F_LINKDOWN;
  for (let i = 0; i < a.nexthops.length; i++) {
    const one = a.nexthops[i];
    const other = b.nexthops[i];
    if (
      one.device !== other.device || one.gatewayAddress !== other.gatewayAddress || one.scope !== other.scope ||
      one.weight !== other.weight || ((one.flags ^ other.flags) & ~states) !== 0
    ) return false;
  }
  return JSON.stringify(a.metrics) === JSON.stringify(b.metrics);
}

/** So many are found as fast without a map, which an idle namespace can do without. */
const FEW = 16;

/** All of a namespace, one for each content (`fib_info_hash`), found by number from the compact alias records. */
export class FibInfos {
  list: (FibInfo | null)[] = [];
  #free: number[] | null = null;
  /** Kept once there are more than a few. */
  #byKey: Map<string, FibInfo> | null = null;

  /** The one of equal content that is there already, or this one, now listed. */
  share(info: FibInfo): FibInfo {
    const known = this.#find(info);
    if (known !== undefined && (known.flags & RTNH_F_DEAD) === 0) return known;
    info.index = this.#free?.pop() ?? this.list.length;
    if (info.index < FEW) this.list = this.list.slice(0, info.index).concat(info, this.list.slice(info.index + 1));
    else this.list[info.index] = info;
    this.#byKey?.set(contentKey(info), info);
    return info;
  }

  #find(info: FibInfo): FibInfo | undefined {
    if (this.#byKey === null && this.list.length > FEW) {
      this.#byKey = new Map();
      for (const one of this.list) if (one !== null) this.#byKey.set(contentKey(one), one);
    }
    if (this.#byKey !== null) return this.#byKey.get(contentKey(info));
    return this.list.find((one) => one !== null && equalContent(one, info)) ?? undefined;
  }

  /** An alias gave it up. */
  release(info: FibInfo): void {
    if (--info.references > 0) return;
    this.list[info.index] = null;
    (this.#free ??= []).push(info.index);
    if (this.#byKey === null) return;
    const key = contentKey(info);
    if (this.#byKey.get(key) === info) this.#byKey.delete(key);
  }
}
