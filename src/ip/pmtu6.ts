/** Path MTU discovery (RFC 8201; `__ip6_rt_update_pmtu`): what Packet Too Big says about one destination is kept for a while. */
import type { Interface } from "../device/interface.ts";
import { SECOND } from "../time/scheduler.ts";
import { IPV6_DESTINATION, IPV6_SOURCE, isLinkLocal6 } from "../wire/ipv6.ts";
import { IPV6_MIN_MTU } from "./addrconf6.ts";
import type { Ipv6 } from "./ipv6.ts";
import { lookup } from "./lookup6.ts";
import { exceptionRoute } from "./redirect6.ts";
import { routeMtu } from "./path6.ts";
import { startRouteGc } from "./route_table6.ts";

/** A quoted packet of this host, whose IPv6 header is at `quoted`, was too long for a link of `mtu` octets. */
export function learnMtu(ip: Ipv6, bytes: Uint8Array, quoted: number, mtu: number, device: Interface): void {
  if (!ip.isOwn(bytes, quoted + IPV6_SOURCE)) return;
  const destination = bytes.slice(quoted + IPV6_DESTINATION, quoted + IPV6_DESTINATION + 16);
  const flow = ip.flow;
  flow.destination = destination;
  flow.destinationAt = 0;
  flow.source = bytes.slice(quoted + IPV6_SOURCE, quoted + IPV6_SOURCE + 16);
  flow.sourceAt = 0;
  flow.input = ip.host.loopback;
  flow.output = isLinkLocal6(destination) ? device : null;
  flow.strict = flow.pinned = flow.output !== null;
  flow.mark =
    flow.tos =
    flow.protocol =
    flow.sourcePort =
    flow.destinationPort =
      0;
  const found = lookup(ip, flow);
  if (found === null || found.rejects || found.metrics?.mtuLock) return;
  mtu = Math.max(mtu, IPV6_MIN_MTU);
  if (mtu >= routeMtu(found)) return;
  const expires = ip.now + ip.settings["route/mtu_expires"] * SECOND;
  if (found.from !== null) {
    found.learnedMtu = mtu;
    found.expires = expires;
  } else {
    const made = exceptionRoute(found, destination, found.gateway);
    made.learnedMtu = mtu;
    made.expires = expires;
    found.addException(made);
  }
  startRouteGc(ip);
  ip.changed();
}
