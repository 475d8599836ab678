/** Redirects (RFC 4861 section 8): a router tells a host of a better first hop. */
import type { Interface } from "../device/interface.ts";
import { NDISC_REDIRECT } from "../wire/icmp.ts";
import { equal6, IPV6_DESTINATION, IPV6_SOURCE, type Ipv6Address, isLinkLocal6, isMulticast6 } from "../wire/ipv6.ts";
import type { Packet } from "../wire/packet.ts";
import { inet6, type Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { lookup } from "./lookup6.ts";
import {
  learn,
  linkAddressOption,
  OPTION_REDIRECTED,
  OPTION_TARGET_LINK_ADDRESS,
  putOption,
  sendNdisc,
} from "./ndisc6.ts";
import {
  NUD_VALID,
  UPDATE_ISROUTER,
  UPDATE_OVERRIDE,
  UPDATE_OVERRIDE_ISROUTER,
  UPDATE_WEAK_OVERRIDE,
} from "./neighbour.ts";
import { IFA_F_TENTATIVE, NUD_STALE } from "./netlink.ts";
import { Route6, RTF_DYNAMIC } from "./route6.ts";
import { RATE_SECOND } from "./icmp6_limit.ts";

/** The route of one destination that departs from what the table has (`ip6_rt_cache_alloc`). */
export function exceptionRoute(route: Route6, destination: Ipv6Address, gateway: Ipv6Address | null): Route6 {
  const made = new Route6(
    destination,
    128,
    route.table,
    route.type,
    route.protocol,
    route.metric,
    route.device,
    gateway,
  );
  made.source = route.source;
  made.metrics = route.metrics;
  made.preference = route.preference;
  made.expires = route.expires;
  return made;
}

/** A redirect whose checksum is right (`rt6_do_redirect`). */
export function redirectInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at, network, tail } = packet;
  if (tail - at < 40 || !isLinkLocal6(bytes, network + IPV6_SOURCE)) return;
  if (isMulticast6(bytes, at + 24)) return;
  const onLink = equal6(bytes, bytes, at + 8, at + 24);
  if (!onLink && (!isLinkLocal6(bytes, at + 8))) return;
  if (owner.config.forwarding !== 0 || owner.config.accept_redirects === 0) return;
  const linkAddress = linkAddressOption(bytes, at + 40, tail, OPTION_TARGET_LINK_ADDRESS);
  if (linkAddress === undefined) return;
  const destination = bytes.slice(at + 24, at + 40);
  const flow = ip.flow;
  flow.destination = destination;
  flow.destinationAt = 0;
  flow.source = bytes.slice(network + IPV6_DESTINATION, network + IPV6_DESTINATION + 16);
  flow.sourceAt = 0;
  flow.input = ip.host.loopback;
  flow.output = owner.device;
  flow.strict = flow.pinned = true;
  flow.mark =
    flow.tos =
    flow.protocol =
    flow.sourcePort =
    flow.destinationPort =
      0;
  const found = lookup(ip, flow);
  const route = found?.from ?? found;
  if (
    route === null || found === null || found.gateway === null ||
    !equal6(found.gateway, bytes, 0, network + IPV6_SOURCE)
  ) return;
  const target = bytes.slice(at + 8, at + 24);
  const router = onLink ? 0 : UPDATE_OVERRIDE_ISROUTER | UPDATE_ISROUTER;
  learn(ip, owner.device, target, linkAddress, NUD_STALE, UPDATE_WEAK_OVERRIDE | UPDATE_OVERRIDE | router, true);
  const made = exceptionRoute(route, destination, onLink ? null : target);
  made.origin |= RTF_DYNAMIC;
  if (found !== route) {
    made.learnedMtu = found.learnedMtu;
    route.removeException(found);
  }
  route.addException(made);
  ip.changed();
  ip.host.announce({ kind: "route", action: "new", subject: made });
}

/** Tells the sender of a packet, whose network header is at `network`, of the better first hop (`ndisc_send_redirect`). */
export function sendRedirect(ip: Ipv6, packet: Packet, device: Interface, target: Uint8Array, targetAt: number): void {
  const { bytes, network } = packet;
  const owner = inet6(device);
  const source = owner?.linkLocal(IFA_F_TENTATIVE)?.local ?? null;
  if (owner === null || source === null) return;
  const destination = network + IPV6_DESTINATION;
  if (!equal6(bytes, target, destination, targetAt) && !isLinkLocal6(target, targetAt)) return;
  const sender = bytes.slice(network + IPV6_SOURCE, network + IPV6_SOURCE + 16);
  const back = ip.routeTo(sender, device);
  if (back === null || back.gateway !== null || back.rejects) return;
  if (!ip.limits().allowPeer(sender, RATE_SECOND, ip.now)) return;
  const better = target.slice(targetAt, targetAt + 16);
  const entry = ip.neighbourCache === null ? null : ip.neighbourCache.lookup(better, device);
  const linkAddress = entry !== null && (entry.state & NUD_VALID) !== 0 ? entry.linkAddress : null;
  const optionLength = linkAddress === null ? 0 : 8;
  const quoted = Math.min(1280 - 40 - 40 - optionLength, packet.tail - network + 8) & ~7;
  const message = ip.host.world.packets.allocate(40 + optionLength + quoted);
  const out = message.bytes;
  const at = message.head;
  out.fill(0, at, at + 8);
  out[at] = NDISC_REDIRECT;
  out.set(better, at + 8);
  out.set(bytes.subarray(destination, destination + 16), at + 24);
  let tail = at + 40;
  if (linkAddress !== null) tail = putOption(out, tail, OPTION_TARGET_LINK_ADDRESS, linkAddress);
  out.fill(0, tail, tail + 8);
  out[tail] = OPTION_REDIRECTED;
  out[tail + 1] = quoted >> 3;
  out.set(bytes.subarray(network, network + quoted - 8), tail + 8);
  message.tail = tail + quoted;
  sendNdisc(ip, device, message, source, sender, null);
}
