/** What single destinations teach: path MTUs (RFC 1191) and redirects (`__ip_rt_update_pmtu`, `__ip_do_redirect`). */
import { SECOND } from "../time/scheduler.ts";
import { IPV4_DESTINATION, IPV4_PROTOCOL, IPV4_SOURCE, IPV4_TOS, isMulticast4 } from "../wire/ipv4.ts";
import { get32 } from "../wire/octets.ts";
import { onLink } from "./address4.ts";
import type { InDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { selectMultipath } from "./multipath4.ts";
import { NUD_VALID } from "./neighbour.ts";
import { RT_SCOPE_LINK, RTN_UNICAST } from "./netlink.ts";
import { flow4 } from "./flow4.ts";
import { Exception4 } from "./route4.ts";

/** Seconds that a redirect holds (RT_GC_TIMEOUT). */
const REDIRECT_TIMEOUT = 300;
/** Destinations that one next hop remembers (FNHE_HASH_SIZE × FNHE_RECLAIM_DEPTH); the oldest gives way. */
const EXCEPTION_LIMIT = 2048 * 6;

const flow = flow4();

/** Looks up as the sender of the quoted packet did. */
function lookupQuoted(ipv4: Ipv4, bytes: Uint8Array, quoted: number): boolean {
  flow.destination = get32(bytes, quoted + IPV4_DESTINATION);
  flow.source = get32(bytes, quoted + IPV4_SOURCE);
  flow.tos = bytes[quoted + IPV4_TOS] & 0xfc;
  flow.protocol = bytes[quoted + IPV4_PROTOCOL];
  flow.oif = flow.mark = 0;
  flow.iif = 1;
  const { fib } = ipv4;
  if (fib.lookup(flow) !== 0) return false;
  if (fib.result.info.nexthops.length > 1) {
    fib.result.nexthop = selectMultipath(ipv4, fib.result.info, fib.result.nexthop, flow);
  }
  return true;
}

/** The exception of the flow's destination at the next hop that was found, made when there is none (`update_or_create_fnhe`). */
function exceptionOf(ipv4: Ipv4): Exception4 {
  const { nexthop } = ipv4.fib.result;
  const exceptions = nexthop.exceptions ??= new Map();
  let exception = exceptions.get(flow.destination);
  if (exception === undefined) {
    if (exceptions.size >= EXCEPTION_LIMIT) exceptions.delete(exceptions.keys().next().value!);
    exception = new Exception4();
    exceptions.set(flow.destination, exception);
  }
  exception.route = null;
  ipv4.changed();
  return exception;
}

/** A router could not pass on the quoted packet: no more than `mtu` octets get through. */
export function learnPathMtu(ipv4: Ipv4, bytes: Uint8Array, quoted: number, mtu: number): void {
  if (!lookupQuoted(ipv4, bytes, quoted)) return;
  const { settings } = ipv4;
  const { nexthop, info } = ipv4.fib.result;
  const { now } = ipv4.host.world.scheduler;
  const known = nexthop.exceptions?.get(flow.destination);
  if (info.metrics?.mtuLock || (known?.locked && now < known.expires)) return;
  const learned = known !== undefined && known.pmtu !== 0 && now < known.expires ? known.pmtu : 0;
  const was = learned !== 0 ? learned : info.metrics?.mtu ?? nexthop.device!.mtu;
  if (was < mtu) return;
  let locked = false;
  if (mtu < settings.min_pmtu) {
    locked = true;
    mtu = Math.min(was, settings.min_pmtu);
  }
  const lifetime = settings.mtu_expires * SECOND;
  if (learned === mtu && !locked && now < known!.expires - lifetime / 2) return;
  const exception = exceptionOf(ipv4);
  exception.pmtu = mtu;
  exception.locked = locked;
  exception.expires = now + lifetime;
}

/** A router told of a better first hop for the quoted packet's destination. */
export function learnRedirect(
  ipv4: Ipv4,
  own: InDevice,
  bytes: Uint8Array,
  quoted: number,
  gateway: number,
  offender: number,
): void {
  if (!lookupQuoted(ipv4, bytes, quoted)) return;
  const { nexthop } = ipv4.fib.result;
  const known = nexthop.exceptions?.get(flow.destination)?.gateway ?? 0;
  const used = known !== 0 ? known : nexthop.scope === RT_SCOPE_LINK ? nexthop.gatewayAddress : 0;
  if (used === 0 || used !== offender || gateway === offender || !own.acceptsRedirects) return;
  if (isMulticast4(gateway) || gateway === 0xffffffff || gateway >>> 24 === 0) return;
  if (!own.either("shared_media")) {
    if (!onLink(own, gateway, offender)) return;
    if (own.either("secure_redirects") && !isDefaultGateway(ipv4, gateway)) return;
  } else if (ipv4.addressType(gateway) !== RTN_UNICAST) return;
  const entry = ipv4.neighbour(gateway, nexthop.device!);
  if (entry === null) return;
  // Only a gateway that answers is taken; one that is not known yet is asked for, and the next redirect will do.
  if ((entry.state & NUD_VALID) === 0) {
    entry.ready(null);
    return;
  }
  if (!lookupQuoted(ipv4, bytes, quoted)) return;
  const exception = exceptionOf(ipv4);
  exception.gateway = gateway;
  exception.expires = ipv4.host.world.scheduler.now + REDIRECT_TIMEOUT * SECOND;
}

/** Whether some route goes by this gateway (`ip_fib_check_default`). */
function isDefaultGateway(ipv4: Ipv4, gateway: number): boolean {
  return ipv4.fib.infos.list.some((info) => info?.nexthops.some((nexthop) => nexthop.gatewayAddress === gateway));
}
