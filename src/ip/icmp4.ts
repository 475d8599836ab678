/** ICMP (RFC 792, RFC 1122 section 3.2.2, `net/ipv4/icmp.c`): echo, errors sent and received, and how many of them. */
import { MS, SECOND } from "../time/scheduler.ts";
import { checksum, fold, sumOctets } from "../wire/checksum.ts";
import {
  ICMP_CHECKSUM,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_EXC_FRAGTIME,
  ICMP_FRAG_NEEDED,
  ICMP_HEADER,
  ICMP_HOST_UNREACH,
  ICMP_PARAMETER_PROBLEM,
  ICMP_REDIRECT,
  ICMP_SOURCE_QUENCH,
  ICMP_TIME_EXCEEDED,
  ICMP_TIMESTAMP,
  ICMP_TIMESTAMP_REPLY,
} from "../wire/icmp.ts";
import {
  IP_OFFSET,
  IPPROTO_ICMP,
  IPV4_DESTINATION,
  IPV4_FRAGMENT,
  IPV4_HEADER,
  IPV4_LENGTH,
  IPV4_PROTOCOL,
  IPV4_SOURCE,
  IPV4_TOS,
} from "../wire/ipv4.ts";
import { copyOctets, get16, get32, put16, put32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet, TO_HOST } from "../wire/packet.ts";
import { selectAddress } from "./address4.ts";
import type { InDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { isForMany } from "./ipv4_input.ts";
import { localOutput, putHeader } from "./ipv4_output.ts";
import { countIn, countOut } from "./icmp_mib.ts";
import { learnPathMtu, learnRedirect } from "./pmtu4.ts";
import { RT_SCOPE_LINK, RT_SCOPE_UNIVERSE, RTN_BROADCAST } from "./netlink.ts";
import { type Flow4, flow4 } from "./flow4.ts";
import { type Route4, RTCF_BROADCAST, RTCF_LOCAL, RTCF_MULTICAST } from "./route4.ts";
import { preferredSource, routeOutput } from "./route_output4.ts";

/** The highest type that is known (NR_ICMP_TYPES), and code of Destination Unreachable (NR_ICMP_UNREACH). */
const HIGHEST_TYPE = 18;
const HIGHEST_UNREACH = 15;
/** The longest error (RFC 1812 section 4.3.2.3). */
const ERROR_LIMIT = 576;
/** Precedence of errors: internetwork control. */
const CONTROL_TOS = 0xc0;
/** The source of an error from a router without any address (RFC 7600: INADDR_DUMMY). */
const INADDR_DUMMY = 0xc0000008;

/** Buckets of one destination: tokens in ns, filled by the passing of time. */
interface Peer {
  tokens: number;
  last: number;
  redirects: number;
}

/** Peers remembered; the oldest give way. */
const PEER_LIMIT = 4096;
const ROUTE_ERROR_COST = SECOND;
const ROUTE_ERROR_BURST = 5 * SECOND;
const RATE_BURST_FACTOR = 6;
const REDIRECT_LOAD = 20 * MS;
const REDIRECT_NUMBER = 9;
const REDIRECT_SILENCE = REDIRECT_LOAD * 1024;

function isError(type: number): boolean {
  return type === ICMP_DEST_UNREACH || type === ICMP_SOURCE_QUENCH || type === ICMP_REDIRECT ||
    type === ICMP_TIME_EXCEEDED || type === ICMP_PARAMETER_PROBLEM;
}

export class Icmp4 {
  readonly #peers = new Map<number, Peer>();
  readonly #flow: Flow4 = flow4();
  /** Tokens of all errors together, and when they were last filled (ns). */
  #credit = 0;
  #filled = -SECOND;

  constructor(readonly ipv4: Ipv4) {}

  get #now(): number {
    return this.ipv4.host.world.scheduler.now;
  }

  #peer(address: number): Peer {
    let peer = this.#peers.get(address);
    if (peer === undefined) {
      if (this.#peers.size >= PEER_LIMIT) this.#peers.delete(this.#peers.keys().next().value!);
      peer = { tokens: 0, last: this.#now - 60 * SECOND, redirects: 0 };
      this.#peers.set(address, peer);
    }
    return peer;
  }

  #spend(address: number, cost: number, burst: number): boolean {
    const peer = this.#peer(address);
    const now = this.#now;
    peer.tokens = Math.min(peer.tokens + now - peer.last, burst);
    peer.last = now;
    if (peer.tokens < cost) return false;
    peer.tokens -= cost;
    return true;
  }

  /** The limit on errors of packets that cannot be routed (`ip_error`): one a second, five at once. */
  allowRouteError(source: number): boolean {
    return this.#spend(source, ROUTE_ERROR_COST, ROUTE_ERROR_BURST);
  }

  #unlimited(type: number, code: number): boolean {
    if (type > HIGHEST_TYPE || (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED)) return true;
    return ((1 << type) & this.ipv4.settings.icmp_ratemask) === 0;
  }

  /** icmp_msgs_per_sec (`icmp_global_allow`). */
  #allowGlobally(): boolean {
    const { icmp_msgs_per_sec, icmp_msgs_burst } = this.ipv4.settings;
    const now = this.#now;
    const passed = Math.min(now - this.#filled, SECOND);
    if (passed >= SECOND / 50) {
      const more = Math.floor(icmp_msgs_per_sec * passed / SECOND);
      if (more > 0) {
        this.#credit = Math.min(this.#credit + more, icmp_msgs_burst);
        this.#filled = now;
      }
    }
    if (this.#credit > 0) return true;
    this.ipv4.host.mib.icmp.OutRateLimitGlobal++;
    return false;
  }

  /** icmp_ratelimit (`icmpv4_xrlim_allow`). */
  #allowTo(destination: number, route: Route4): boolean {
    if (route.device.loopback) return true;
    const cost = this.ipv4.settings.icmp_ratelimit * MS;
    if (cost === 0 || this.#spend(destination, cost, RATE_BURST_FACTOR * cost)) {
      this.#credit--;
      return true;
    }
    this.ipv4.host.mib.icmp.OutRateLimitHost++;
    return false;
  }

  /**
   * Sends an error about a packet whose `network` is at its IPv4 header (`icmp_send`), unless there must be none: about errors, fragments
   * but the first, and what was for many. `info` is what stands after the checksum. The packet stays the caller's.
   */
  send(packet: Packet, type: number, code: number, info: number): void {
    const { ipv4 } = this;
    const { bytes, network } = packet;
    const about = packet.route as Route4 | null;
    if (about === null || packet.kind !== TO_HOST) return;
    if ((about.flags & (RTCF_BROADCAST | RTCF_MULTICAST)) !== 0) return;
    if ((get16(bytes, network + IPV4_FRAGMENT) & IP_OFFSET) !== 0) return;
    if (isError(type) && this.#isAboutError(packet)) return;
    const limited = !this.#unlimited(type, code);
    const looped = packet.device !== null && (packet.device as InDevice["device"]).loopback;
    if (limited && !looped && !this.#allowGlobally()) return;
    const flow = this.#flow;
    const source = get32(bytes, network + IPV4_SOURCE);
    const tos = (bytes[network + IPV4_TOS] & 0x1e) | (isError(type) ? CONTROL_TOS : 0);
    flow.destination = source;
    flow.source = this.#errorSource(packet, about, source);
    flow.oif = 0;
    flow.tos = tos;
    flow.mark = ipv4.settings.fwmark_reflect !== 0 ? packet.mark : 0;
    flow.protocol = IPPROTO_ICMP;
    const route = routeOutput(ipv4, flow);
    if (route === null || (limited && !this.#allowTo(source, route))) return;
    const mtu = route.mtu(this.#now);
    const room = Math.min(mtu, ERROR_LIMIT) - IPV4_HEADER - ICMP_HEADER;
    if (room <= IPV4_HEADER) return;
    packet.completeChecksum();
    const quoted = Math.min(packet.tail - network, room);
    const error = this.#message(type, code, info, quoted);
    copyOctets(bytes, network, error.bytes, error.head + ICMP_HEADER, quoted);
    this.#push(error, route, flow.source === 0 ? INADDR_DUMMY : flow.source, source, tos);
  }

  /** Errors are never about errors, nor about messages of a type that nobody knows. */
  #isAboutError({ bytes, network, tail }: Packet): boolean {
    if (bytes[network + IPV4_PROTOCOL] !== IPPROTO_ICMP) return false;
    const at = network + ((bytes[network] & 15) << 2);
    return at < tail && (bytes[at] > HIGHEST_TYPE || isError(bytes[at]));
  }

  #errorSource(packet: Packet, about: Route4, towards: number): number {
    if ((about.flags & RTCF_LOCAL) !== 0) return get32(packet.bytes, packet.network + IPV4_DESTINATION);
    if (this.ipv4.settings.icmp_errors_use_inbound_ifaddr === 0 || packet.device === null || about.input === 0) {
      return 0;
    }
    return selectAddress(this.ipv4, packet.device as InDevice["device"], towards, RT_SCOPE_LINK);
  }

  /** A packet with an ICMP header and room for `octets` after it; its checksum is still to be set. */
  #message(type: number, code: number, info: number, octets: number): Packet {
    const message = this.ipv4.host.world.packets.allocate(ICMP_HEADER + octets);
    const { bytes, head } = message;
    message.tail = head + ICMP_HEADER + octets;
    bytes[head] = type;
    bytes[head + 1] = code;
    put16(bytes, head + ICMP_CHECKSUM, 0);
    put32(bytes, head + 4, info);
    return message;
  }

  /** Completes the checksum and sends (`icmp_push_reply`). */
  #push(message: Packet, route: Route4, source: number, destination: number, tos: number): void {
    const { ipv4 } = this;
    const { bytes, head, tail } = message;
    countOut(ipv4.host.mib.icmp, bytes[head]);
    put16(bytes, head + ICMP_CHECKSUM, checksum(bytes, head, tail));
    message.checksum = CHECKSUM_UNNECESSARY;
    const ttl = route.info?.metrics?.hoplimit ?? ipv4.settings.ip_default_ttl;
    putHeader(ipv4, message, source, destination, IPPROTO_ICMP, tos, ttl, 0, -1);
    localOutput(ipv4, message, route, route.mtu(this.#now));
  }

  /** Answers an echo or timestamp request (`icmp_reply`) with what the packet carries after its ICMP header. */
  reply(packet: Packet, own: InDevice, type: number): void {
    const { ipv4 } = this;
    const { bytes, network, head } = packet;
    if (!this.#unlimited(type, 0) && !this.#allowGlobally()) return;
    const flow = this.#flow;
    const destination = get32(bytes, network + IPV4_SOURCE);
    const tos = bytes[network + IPV4_TOS];
    const source = this.#specificDestination(packet, own);
    flow.destination = destination;
    flow.source = source;
    flow.oif = 0;
    flow.tos = tos & 0x1e;
    flow.mark = ipv4.settings.fwmark_reflect !== 0 ? packet.mark : 0;
    flow.protocol = IPPROTO_ICMP;
    const route = routeOutput(ipv4, flow);
    if (route === null) return;
    const octets = packet.tail - head - ICMP_HEADER;
    const message = this.#message(type, 0, get32(bytes, head + 4), octets);
    copyOctets(bytes, head + ICMP_HEADER, message.bytes, message.head + ICMP_HEADER, octets);
    if (type === ICMP_TIMESTAMP_REPLY) this.#stamp(message);
    this.#push(message, route, flow.source, destination, tos);
  }

  /** Receive and transmit time in ms since midnight. */
  #stamp(message: Packet): void {
    const ms = Math.floor(this.#now / MS) % 86_400_000;
    message.tail = message.head + ICMP_HEADER + 12;
    put32(message.bytes, message.head + 12, ms);
    put32(message.bytes, message.head + 16, ms);
  }

  /** The address that a packet was meant for, to answer from (`fib_compute_spec_dst`). */
  #specificDestination(packet: Packet, own: InDevice): number {
    const { ipv4 } = this;
    const { bytes, network } = packet;
    const { flags } = packet.route as Route4;
    if ((flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) === RTCF_LOCAL) {
      return get32(bytes, network + IPV4_DESTINATION);
    }
    const source = get32(bytes, network + IPV4_SOURCE);
    if (source >>> 24 === 0) return selectAddress(ipv4, own.device, source, RT_SCOPE_LINK);
    const flow = this.#flow;
    flow.destination = source;
    flow.source = flow.oif = flow.mark = 0;
    flow.iif = 1;
    if (ipv4.fib.lookup(flow) === 0) return preferredSource(ipv4, ipv4.fib.result.info, ipv4.fib.result.nexthop);
    return selectAddress(ipv4, own.device, source, RT_SCOPE_UNIVERSE);
  }

  /** Tells a sender of a better first hop (`ip_rt_send_redirect`). */
  redirect(packet: Packet, route: Route4): void {
    const { bytes, network } = packet;
    const peer = this.#peer(get32(bytes, network + IPV4_SOURCE));
    const now = this.#now;
    if (now > peer.last + REDIRECT_SILENCE) {
      peer.tokens = 0;
      peer.redirects = 0;
    }
    if (peer.redirects >= REDIRECT_NUMBER) {
      peer.last = now;
      return;
    }
    if (peer.redirects > 0 && now <= peer.last + REDIRECT_LOAD * 2 ** peer.redirects) return;
    const gateway = route.gateway !== 0 ? route.gateway : get32(bytes, network + IPV4_DESTINATION);
    this.send(packet, ICMP_REDIRECT, 1, gateway);
    peer.last = now;
    peer.redirects++;
  }
}

/** Nobody answered for the next hop of a packet: its sender hears of it (`ipv4_link_failure`). Takes the packet. */
export function unreachable(ipv4: Ipv4, packet: Packet): void {
  packet.network = packet.head;
  ipv4.icmp.send(packet, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
  packet.release();
}

/** `icmp_rcv`: takes a packet whose `head` is at the ICMP header. */
export function icmpReceive(ipv4: Ipv4, packet: Packet, own: InDevice): void {
  const { icmp } = ipv4.host.mib;
  const { bytes, head, tail } = packet;
  icmp.InMsgs++;
  if (packet.checksum === CHECKSUM_NONE && fold(sumOctets(bytes, head, tail)) !== 0xffff) {
    icmp.InCsumErrors++;
    icmp.InErrors++;
  } else if (tail - head < ICMP_HEADER) icmp.InErrors++;
  else {
    const type = bytes[head];
    countIn(icmp, type);
    if (type > HIGHEST_TYPE || !isWelcome(ipv4, packet, type)) icmp.InErrors++;
    else handle(ipv4, packet, own, type);
  }
  packet.release();
}

/** Broadcasts ask for echo and time stamps at most, and that only where it is allowed. */
function isWelcome(ipv4: Ipv4, packet: Packet, type: number): boolean {
  if (!isForMany(packet)) return true;
  if (type === ICMP_ECHO || type === ICMP_TIMESTAMP) return ipv4.settings.icmp_echo_ignore_broadcasts === 0;
  return type === 17 || type === 18;
}

function handle(ipv4: Ipv4, packet: Packet, own: InDevice, type: number): void {
  switch (type) {
    case ICMP_ECHO:
      if (ipv4.settings.icmp_echo_ignore_all === 0) ipv4.icmp.reply(packet, own, ICMP_ECHO_REPLY);
      break;
    case ICMP_TIMESTAMP:
      if (packet.tail - packet.head < ICMP_HEADER + 4) ipv4.host.mib.icmp.InErrors++;
      else {
        packet.tail = Math.min(packet.tail, packet.head + ICMP_HEADER + 12);
        ipv4.icmp.reply(packet, own, ICMP_TIMESTAMP_REPLY);
      }
      break;
    case ICMP_DEST_UNREACH:
    case ICMP_SOURCE_QUENCH:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETER_PROBLEM:
    case ICMP_REDIRECT:
      receiveError(ipv4, packet, own, type);
      break;
  }
}

/** `icmp_unreach`, `icmp_redirect`: an error that quotes a packet of ours. */
function receiveError(ipv4: Ipv4, packet: Packet, own: InDevice, type: number): void {
  const { bytes, head, tail } = packet;
  const code = bytes[head + 1];
  const quoted = head + ICMP_HEADER;
  const header = (bytes[quoted] & 15) << 2;
  if (tail - quoted < IPV4_HEADER || header < IPV4_HEADER) {
    ipv4.host.mib.icmp.InErrors++;
    return;
  }
  const offender = get32(bytes, packet.network + IPV4_SOURCE);
  if (type === ICMP_REDIRECT) {
    if (code <= 3) learnRedirect(ipv4, own, bytes, quoted, get32(bytes, head + 4), offender);
    return;
  }
  let info = 0;
  if (type === ICMP_DEST_UNREACH) {
    if (code > HIGHEST_UNREACH) return;
    if (code === ICMP_FRAG_NEEDED) {
      const mode = ipv4.settings.ip_no_pmtu_disc;
      if (mode === 2) return;
      if (mode === 0 || mode === 3) info = get16(bytes, head + 6);
    }
  } else if (type === ICMP_PARAMETER_PROBLEM) info = bytes[head + 4];
  else if (type === ICMP_TIME_EXCEEDED && code === ICMP_EXC_FRAGTIME) return;
  if (
    ipv4.settings.icmp_ignore_bogus_error_responses === 0 &&
    ipv4.addressType(get32(bytes, quoted + IPV4_DESTINATION)) === RTN_BROADCAST
  ) return;
  if (tail - quoted < header + 8) {
    ipv4.host.mib.icmp.InErrors++;
    return;
  }
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) learnPathMtu(ipv4, bytes, quoted, info);
  deliverError(ipv4, packet, quoted, header, type, code, info, offender);
}

/** `icmp_socket_deliver` */
function deliverError(
  ipv4: Ipv4,
  packet: Packet,
  quoted: number,
  header: number,
  type: number,
  code: number,
  info: number,
  offender: number,
): void {
  const { host } = ipv4;
  const { bytes } = packet;
  const protocol = bytes[quoted + IPV4_PROTOCOL];
  packet.network = quoted;
  packet.head = packet.transport = quoted + header;
  packet.tail = Math.max(packet.head + 8, Math.min(packet.tail, quoted + get16(bytes, quoted + IPV4_LENGTH)));
  host.rawError(4, protocol, packet, type, code, info, offender);
  host.protocol(4, protocol)?.error?.(packet, type, code, info, offender);
}
