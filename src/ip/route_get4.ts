/** `ip route get` (`inet_rtm_getroute`): the answer that a packet would get. */
import { Errno, KernelError } from "../wire/errno.ts";
import { IPPROTO_UDP, isMulticast4, mask4 } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import { FibInfo } from "./fib_info4.ts";
import { inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { type Route, type RouteAnswer, type RouteQuery, RT_TABLE_LOCAL, RT_TABLE_MAIN } from "./netlink.ts";
import { type Flow4, flow4 } from "./flow4.ts";
import {
  INPUT_ERROR,
  type Route4,
  RTCF_BROADCAST,
  RTCF_DOREDIRECT,
  RTCF_LOCAL,
  RTCF_MULTICAST,
  RTCF_REDIRECTED,
} from "./route4.ts";
import { multicastInput, routeInput } from "./route_input4.ts";
import { routeOutput } from "./route_output4.ts";
import { listedRoute } from "./route_table4.ts";

export function getRoute(ipv4: Ipv4, query: RouteQuery): RouteAnswer {
  const flow = flow4();
  flow.destination = query.destination as number;
  flow.source = (query.source as number | null | undefined) ?? 0;
  flow.oif = query.output?.index ?? 0;
  flow.mark = query.mark ?? 0;
  flow.tos = (query.tos ?? 0) & 0xfc;
  flow.protocol = query.protocol ?? IPPROTO_UDP;
  flow.sourcePort = query.sourcePort ?? 0;
  flow.destinationPort = query.destinationPort ?? 0;
  if (query.input) return inputAnswer(ipv4, query, flow);
  const route = routeOutput(ipv4, flow);
  if (route === null) throw new KernelError(-ipv4.routeError);
  return answer(ipv4, query, flow, route, route.flags);
}

function inputAnswer(ipv4: Ipv4, query: RouteQuery, flow: Flow4): RouteAnswer {
  const own = inDevice(query.input!);
  if (own === null) throw new KernelError(Errno.EINVAL);
  const packet: Packet = ipv4.host.world.packets.allocate(0);
  packet.mark = flow.mark;
  const { destination, source, tos } = flow;
  const error = isMulticast4(destination) && own.groups?.has(destination)
    ? multicastInput(ipv4, packet, source, destination, tos, own)
    : isMulticast4(destination)
    ? -Errno.EINVAL
    : routeInput(ipv4, packet, destination, source, tos, own);
  const route = packet.route as Route4 | null;
  const redirect = packet.control === 1;
  packet.release();
  // A source that rp_filter refuses is a martian here as well.
  if (error < 0) throw new KernelError(error === -Errno.EXDEV ? Errno.EINVAL : -error);
  if (route!.input === INPUT_ERROR) throw new KernelError(route!.error);
  return answer(ipv4, query, flow, route!, route!.flags | (redirect ? RTCF_DOREDIRECT : 0));
}

function answer(ipv4: Ipv4, query: RouteQuery, flow: Flow4, route: Route4, flags: number): RouteAnswer {
  const { now } = ipv4.host.world.scheduler;
  const asked = (query.source as number | null | undefined) ?? 0;
  const learned = route.learnedMtu(now);
  // While local and main are one trie, what is found there counts as main's.
  const merged = route.table === 0 || (route.table === RT_TABLE_LOCAL && !ipv4.fib.rules.custom);
  const table = merged ? RT_TABLE_MAIN : route.table;
  const source = query.input || flow.source === 0 || flow.source === asked ? null : flow.source;
  return {
    route: chosen(ipv4, query, flow, route, table),
    device: route.device,
    gateway: route.gateway === 0 ? null : route.gateway,
    source,
    type: route.type,
    table,
    cacheFlags: flagNames(flags),
    mtu: learned,
    expires: route.exception !== null ? route.exception.expires : 0,
  };
}

/** The route that was chosen, looked up once more: route objects are shared by all routes of one way. */
function chosen(ipv4: Ipv4, query: RouteQuery, flow: Flow4, route: Route4, table: number): Route {
  const { destination } = flow;
  const { info } = route;
  if (info === null) {
    return listedRoute(destination, 32, 0, table, new FibInfo(table, route.type, 0, 0, 0, 0, [], null));
  }
  flow.source = (query.source as number | null | undefined) ?? 0;
  flow.oif = query.output?.index ?? 0;
  if (query.input) flow.iif = query.input.index;
  const { fib } = ipv4;
  const found = fib.lookup(flow) === 0;
  const length = found ? fib.result.prefixLength : 32;
  return listedRoute((destination & mask4(length)) >>> 0, length, found ? fib.result.tos : 0, table, info);
}

/** As `ip` prints RTCF_*, in its order. */
function flagNames(flags: number): string[] {
  const names: string[] = [];
  if ((flags & RTCF_LOCAL) !== 0) names.push("local");
  if ((flags & RTCF_MULTICAST) !== 0) names.push("mc");
  if ((flags & RTCF_BROADCAST) !== 0) names.push("brd");
  if ((flags & RTCF_REDIRECTED) !== 0) names.push("redirected");
  if ((flags & RTCF_DOREDIRECT) !== 0) names.push("redirect");
  return names;
}
