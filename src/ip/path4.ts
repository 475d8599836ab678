/** A socket's way to an IPv4 destination: the route is looked up once and again only after something changed. */
import type { Interface } from "../device/interface.ts";
import { Errno } from "../wire/errno.ts";
import { IP_DF, IPPROTO_TCP, IPV4_HEADER, IPV4_ID, IPV4_LENGTH, IPV4_PROTOCOL, IPV4_SOURCE } from "../wire/ipv4.ts";
import { get16, get32, put16, put32 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import type { Path } from "./host.ts";
import type { Ipv4 } from "./ipv4.ts";
import { localOutput, putHeader, setHeaderChecksum } from "./ipv4_output.ts";
import type { PathRequest, RouteMetrics } from "./netlink.ts";
import { RTN_MULTICAST, RTN_UNICAST } from "./netlink.ts";
import { type Flow4, flow4 } from "./flow4.ts";
import { IP_MAX_MTU, type Route4 } from "./route4.ts";
import { routeOutput } from "./route_output4.ts";

/** Multicasts stay on the link unless the socket says otherwise. */
const MULTICAST_TTL = 1;

const flow: Flow4 = flow4();

export class Path4 implements Path {
  readonly version = 4;
  readonly headerLength = IPV4_HEADER;
  source: number;
  destination: number;
  ttl = -1;
  tos: number;
  mark: number;
  pmtuDiscover: "dont" | "want" | "do" | "probe";
  multicastLoop = true;
  readonly #device: Interface | null;
  readonly #bound: number;
  readonly #protocol: number;
  readonly #sourcePort: number;
  readonly #destinationPort: number;
  readonly #anySource: boolean;
  /** The asked-for destination: 0 becomes an own address. */
  readonly #asked: number;
  #route: Route4 | null = null;
  /** What `mark` and `tos` were when the route was looked up. */
  #routeMark = 0;
  #routeTos = 0;
  /** The identifier of a connected socket's next packet; -1: chosen for each packet. */
  #identifier = -1;

  constructor(readonly ipv4: Ipv4, request: PathRequest) {
    this.#asked = this.destination = request.destination as number;
    this.#bound = this.source = (request.source as number | null | undefined) ?? 0;
    this.#device = request.device ?? null;
    this.mark = request.mark ?? 0;
    this.tos = request.tos ?? 0;
    this.#protocol = request.protocol;
    this.#sourcePort = request.sourcePort ?? 0;
    this.#destinationPort = request.destinationPort ?? 0;
    this.#anySource = request.anySource ?? false;
    this.pmtuDiscover = ipv4.settings.ip_no_pmtu_disc !== 0 ? "dont" : "want";
  }

  refresh(): number {
    const { ipv4 } = this;
    const route = this.#route;
    if (
      route !== null && route.generation === ipv4.generation && this.#routeMark === this.mark &&
      this.#routeTos === this.tos &&
      (route.exception === null || ipv4.host.world.scheduler.now < route.exception.expires)
    ) return 0;
    return this.#lookup();
  }

  #lookup(): number {
    const { ipv4 } = this;
    flow.destination = this.#asked;
    flow.source = this.#bound;
    flow.oif = this.#device?.index ?? 0;
    flow.mark = this.#routeMark = this.mark;
    this.#routeTos = this.tos;
    flow.tos = this.tos & 0xfc;
    flow.protocol = this.#protocol;
    flow.sourcePort = this.#sourcePort;
    flow.destinationPort = this.#destinationPort;
    const route = this.#route = routeOutput(ipv4, flow, this.#anySource);
    if (route === null) {
      const error = ipv4.routeError;
      if (error === -Errno.ENETUNREACH) ipv4.host.mib.ip.OutNoRoutes++;
      return error;
    }
    this.source = flow.source;
    this.destination = flow.destination;
    return 0;
  }

  get device(): Interface {
    return this.#route?.device ?? this.ipv4.host.loopback;
  }

  get type(): number {
    return this.#route?.type ?? RTN_UNICAST;
  }

  get metrics(): RouteMetrics | null {
    return this.#route?.info?.metrics ?? null;
  }

  mtu(): number {
    if (this.refresh() < 0) return IP_MAX_MTU;
    const route = this.#route!;
    return route.mtu(this.pmtuDiscover === "probe" ? -1 : this.ipv4.host.world.scheduler.now);
  }

  pseudoSum(protocol: number, length: number): number {
    const { source, destination } = this;
    return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol +
      (length >>> 16) + (length & 0xffff);
  }

  send(packet: Packet, protocol: number): number {
    const error = this.refresh();
    if (error < 0) {
      packet.release();
      return error;
    }
    const { ipv4, pmtuDiscover } = this;
    const route = this.#route!;
    const length = packet.tail - packet.head + IPV4_HEADER;
    const cut = packet.gsoSize > 0;
    const mtu = route.mtu(pmtuDiscover === "probe" ? -1 : ipv4.host.world.scheduler.now);
    const strict = pmtuDiscover === "do" || pmtuDiscover === "probe";
    if (!cut && length > mtu && (strict || length > IP_MAX_MTU)) {
      packet.release();
      return -Errno.EMSGSIZE;
    }
    const locked = route.exception !== null && route.exception.locked;
    const word = strict || (pmtuDiscover === "want" && !locked && (cut || length <= mtu)) ? IP_DF : 0;
    const ttl = this.ttl >= 0
      ? this.ttl
      : route.type === RTN_MULTICAST
      ? MULTICAST_TTL
      : route.info?.metrics?.hoplimit ?? ipv4.settings.ip_default_ttl;
    packet.mark = this.mark;
    putHeader(ipv4, packet, this.source, this.destination, protocol, this.tos, ttl, word, this.#nextIdentifier(packet));
    return localOutput(ipv4, packet, route, mtu, this.multicastLoop);
  }

  /**
   * Sends a packet that begins with its IPv4 header (IP_HDRINCL, `raw_send_hdrinc`): length and checksum are filled in, and
   * identifier and source where they are zero. Takes the reference.
   */
  sendWithHeader(packet: Packet): number {
    const error = this.refresh();
    if (error < 0) {
      packet.release();
      return error;
    }
    const { bytes, head } = packet;
    packet.network = head;
    packet.transport = head + ((bytes[head] & 15) << 2);
    put16(bytes, head + IPV4_LENGTH, packet.tail - head);
    if (get32(bytes, head + IPV4_SOURCE) === 0) put32(bytes, head + IPV4_SOURCE, this.source);
    if (get16(bytes, head + IPV4_ID) === 0) {
      const identifier = this.ipv4.nextIdentifier(this.source, this.destination, bytes[head + IPV4_PROTOCOL]);
      put16(bytes, head + IPV4_ID, identifier);
    }
    setHeaderChecksum(bytes, head);
    return localOutput(this.ipv4, packet, this.#route!, IP_MAX_MTU, this.multicastLoop);
  }

  /** A connection counts its packets; others have 0 where a packet will not be cut (`ip_select_ident_segs`). */
  #nextIdentifier(packet: Packet): number {
    if (this.#protocol !== IPPROTO_TCP) return -1;
    if (this.#identifier < 0) {
      this.#identifier = this.ipv4.nextIdentifier(this.source, this.destination, IPPROTO_TCP);
    }
    const identifier = this.#identifier;
    const segments = packet.gsoSize > 0 ? Math.ceil((packet.tail - packet.head) / packet.gsoSize) : 1;
    this.#identifier = (identifier + segments) & 0xffff;
    return identifier;
  }

  confirm(): void {
    if (this.#route === null || this.#route.generation !== this.ipv4.generation) return;
    this.#route.neighbour(this.ipv4, this.destination)?.confirm();
  }
}
