/**
 * IPv6 in one namespace: what the layers above and below call, and what its parts share.
 *
 * Up: `input` → ipv6_input.ts → extension headers, reassembly, icmp6.ts or a transport; for others ipv6_forward.ts.
 * Down: `Path6.send` → ipv6_output.ts → neighbour → interface.
 * Control: addresses (address6.ts, dad6.ts, addrconf6.ts), routes (route_change6.ts, route_table6.ts, fib6.ts), neighbours
 * (ndisc6.ts), routers (router_discovery6.ts), groups (mld6.ts).
 *
 * @module
 */
import { IFF_LOOPBACK, type Interface, type LinkEvent } from "../device/interface.ts";
import type { Random } from "../time/random.ts";
import type { Timer } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { get32 } from "../wire/octets.ts";
import { equal6, IPV6_DESTINATION, IPV6_SOURCE, type Ipv6Address, isLinkLocal6, isMulticast6 } from "../wire/ipv6.ts";
import type { Packet } from "../wire/packet.ts";
import { attachDevice, linkEvent6 } from "./addrconf6.ts";
import { requestAddress, requestDeletion } from "./address6.ts";
import {
  changedConfig,
  DEFAULT_ALL_CONFIG,
  DEFAULT_CONFIG,
  DEFAULT_LOOPBACK_CONFIG,
  DEFAULT_SETTINGS,
  type DeviceConfig6,
  type Settings6,
} from "./config6.ts";
import { Fib6Table } from "./fib6.ts";
import { FibRules } from "./fib_rules.ts";
import type { IpAddress, IpHost, SysctlEntry } from "./host.ts";
import { countOut, icmp6Error } from "./icmp6.ts";
import { IcmpLimits6 } from "./icmp6_limit.ts";
import { inet6, type Inet6Device } from "./inet6_device.ts";
import { input6, InputCache6, LOOPED } from "./ipv6_input.ts";
import { Flow6, lookup, needsInterface } from "./lookup6.ts";
import { joinGroup6, leaveGroup6, socketJoin6 } from "./mld6.ts";
import { Ndisc, sendNeighbourSolicitation } from "./ndisc6.ts";
import { solicitedNode } from "./address_kind6.ts";
import { NeighbourTable } from "./neighbour_table.ts";
import { NeighbourLimits, NeighbourParameters } from "./neighbour_parameters.ts";
import {
  type AddressFamily,
  type AddressRequest,
  type ChangeMode,
  IFA_F_OPTIMISTIC,
  IFA_F_TENTATIVE,
  type InterfaceAddress,
  type Neighbour,
  type NeighbourRequest,
  NTF_PROXY,
  type PathRequest,
  type Route,
  type RouteAnswer,
  type RouteQuery,
  type RouteRequest,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTPROT_KERNEL,
  type Rule,
} from "./netlink.ts";
import { LoopedPackets } from "./multicast_loop6.ts";
import { Path6 } from "./path6.ts";
import { Reassembly6 } from "./reassembly6.ts";
import { lookupByRules } from "./rules6.ts";
import type { Route6 } from "./route6.ts";
import { answerRoute, changeRoute, deleteRoute } from "./route_change6.ts";
import { sysctls6 } from "./sysctl6.ts";

const DEFAULT_NEIGHBOURS = new NeighbourParameters();
DEFAULT_NEIGHBOURS.locktime = 0;

/** For all namespaces: nothing else happens between the filling in and the answer. */
const FLOW = new Flow6();
const SCRATCH = new Uint8Array(16);

export class Ipv6 implements AddressFamily {
  /** Sysctls; replaced as a whole when one is written. */
  allConfig: DeviceConfig6 = DEFAULT_ALL_CONFIG;
  defaultConfig: DeviceConfig6 = DEFAULT_CONFIG;
  settings: Settings6 = DEFAULT_SETTINGS;
  /** Types of ICMPv6 errors whose rate is limited, as ranges. */
  ratemask = "0-1,3-127";
  /** A number of 56 bits, which nothing here asks for. */
  ioam6IdWide = "72057594037927935";
  /** `conf/default/stable_secret`. */
  secret: Ipv6Address | null = null;
  localTable: Fib6Table | null = null;
  mainTable: Fib6Table | null = null;
  /** Counts changes of routes, addresses and sysctls: what was found before one must be looked up again. */
  generation = 0;
  neighbourCache: NeighbourTable | null = null;
  /** Wakes when the lifetime of an address ends, and when routes may have expired. */
  lifetimes: Timer | null = null;
  routeGc: Timer | null = null;
  inputCache: InputCache6 | null = null;
  /** Solicitations whose answer waits. */
  proxied = 0;
  #otherTables: Map<number, Fib6Table> | null = null;
  #rules: FibRules | null = null;
  #limits: IcmpLimits6 | null = null;
  #reassembly: Reassembly6 | null = null;
  #looped: LoopedPackets | null = null;
  #random: Random | null = null;
  #flowKey = 0;
  #reply: Path6 | null = null;
  #replyDevice: Interface | null = null;
  #defaultNeighbours: NeighbourParameters = DEFAULT_NEIGHBOURS;
  #neighbourLimits: NeighbourLimits | null = null;

  constructor(readonly host: IpHost) {}

  /** ns */
  get now(): number {
    return this.host.world.scheduler.now;
  }

  get random(): Random {
    return this.#random ??= this.host.random.split("ipv6");
  }

  /** Makes hashes of flows this namespace's own. */
  get flowKey(): number {
    return this.#flowKey === 0 ? this.#flowKey = this.host.random.split("flow").uint32() | 1 : this.#flowKey;
  }

  /** The one question to the routing tables, filled in before each. */
  get flow(): Flow6 {
    return FLOW;
  }

  /** 16 octets for the moment. */
  get scratch(): Uint8Array {
    return SCRATCH;
  }

  /** Something that lookups depend on has changed. */
  changed(): void {
    this.generation++;
  }

  input(packet: Packet, device: Interface): void {
    input6(this, packet, device);
  }

  linkEvent(device: Interface, event: LinkEvent): void {
    linkEvent6(this, device, event);
  }

  sysctls(): SysctlEntry[] {
    return sysctls6(this);
  }

  attach(device: Interface): Inet6Device | null {
    return attachDevice(this, device);
  }

  /** lo has the defaults, but neither DAD nor temporary addresses. */
  loopbackConfig(): DeviceConfig6 {
    if (this.defaultConfig === DEFAULT_CONFIG) return DEFAULT_LOOPBACK_CONFIG;
    return changedConfig(changedConfig(this.defaultConfig, "accept_dad", -1), "use_tempaddr", -1);
  }

  /** Whether an interface believes router advertisements (`ipv6_accept_ra`). */
  acceptsAdvertisements(owner: Inet6Device): boolean {
    const { forwarding, accept_ra } = owner.config;
    return forwarding !== 0 ? accept_ra === 2 : accept_ra !== 0;
  }

  // Addresses

  addresses(device: Interface): readonly InterfaceAddress[] {
    return inet6(device)?.addresses ?? [];
  }

  addAddress(device: Interface, request: AddressRequest, mode: ChangeMode): void {
    requestAddress(this, device, request, mode);
  }

  deleteAddress(device: Interface, request: AddressRequest): void {
    requestDeletion(this, device, request);
  }

  /** Whether a usable address of this host is at `at` (`ipv6_chk_addr`): such have their route in table local. */
  isOwn(bytes: Uint8Array, at: number): boolean {
    if (this.localTable === null) return false;
    const w0 = get32(bytes, at) | 0;
    const w1 = get32(bytes, at + 4) | 0;
    const w2 = get32(bytes, at + 8) | 0;
    let route = this.localTable.routes(w0, w1, w2, get32(bytes, at + 12) | 0, 128);
    while (route !== null && (route.type !== RTN_LOCAL || route.protocol !== RTPROT_KERNEL)) route = route.next;
    return route !== null;
  }

  /** Whether the address is on this interface, or with null on any, tentative ones included. */
  isOwnAt(address: Ipv6Address, device: Interface | null): boolean {
    if (device !== null) return inet6(device)?.find(address) != null;
    for (const one of this.host.interfaces) if (inet6(one)?.find(address)) return true;
    return false;
  }

  isLocal(address: IpAddress, device: Interface | null = null): boolean {
    const bytes = address as Ipv6Address;
    if (isMulticast6(bytes)) return true;
    for (const one of this.host.interfaces) {
      if (device !== null && one !== device && isLinkLocal6(bytes)) continue;
      const own = inet6(one)?.find(bytes);
      if (own && (own.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) !== IFA_F_TENTATIVE) return true;
    }
    return false;
  }

  // Routes

  tables(): number[] {
    const ids = [...this.#otherTables?.keys() ?? []];
    if (this.mainTable !== null) ids.push(RT_TABLE_MAIN);
    if (this.localTable !== null) ids.push(RT_TABLE_LOCAL);
    return ids.sort((a, b) => (a & 255) - (b & 255) || b - a);
  }

  table(id: number): Fib6Table | undefined {
    if (id === RT_TABLE_MAIN) return this.mainTable ?? undefined;
    if (id === RT_TABLE_LOCAL) return this.localTable ?? undefined;
    return this.#otherTables?.get(id);
  }

  obtainTable(id: number): Fib6Table {
    if (id === RT_TABLE_MAIN) return this.mainTable ??= new Fib6Table(id);
    if (id === RT_TABLE_LOCAL) return this.localTable ??= new Fib6Table(id);
    const others = this.#otherTables ??= new Map();
    let table = others.get(id);
    if (table === undefined) others.set(id, table = new Fib6Table(id));
    return table;
  }

  routes(id: number): Iterable<Route> | undefined {
    const table = this.table(id);
    return table === undefined ? undefined : wholeRoutes(table);
  }

  addRoute(request: RouteRequest, mode: ChangeMode): void {
    changeRoute(this, request, mode);
  }

  deleteRoute(request: RouteRequest): void {
    deleteRoute(this, request);
  }

  getRoute(query: RouteQuery): RouteAnswer {
    return answerRoute(this, query);
  }

  /** The route to a destination by one interface. */
  routeTo(destination: Ipv6Address, device: Interface): Route6 | null {
    const flow = this.flow;
    flow.destination = destination;
    flow.destinationAt = 0;
    flow.source = destination;
    flow.sourceAt = 0;
    flow.input = this.host.loopback;
    flow.output = device;
    flow.pinned = flow.strict = true;
    flow.mark =
      flow.tos =
      flow.protocol =
      flow.sourcePort =
      flow.destinationPort =
        0;
    return lookup(this, flow);
  }

  /** Keeps what a lookup for input found, where nothing but a change can make it another. */
  remember(bytes: Uint8Array, at: number, device: Interface, route: Route6): void {
    if (route.siblings !== null || route.expires !== Infinity) return;
    if (this.allConfig.forwarding === 0 && route.type !== RTN_LOCAL) return;
    (this.inputCache ??= new InputCache6()).put(bytes, at, device, this.generation, route);
  }

  flushExceptions(): void {
    for (const id of this.tables()) {
      for (const route of this.table(id)!) {
        route.exceptions = null;
        route.exceptionCount = 0;
      }
    }
    this.changed();
  }

  // Rules

  get customRules(): boolean {
    return this.#rules !== null && this.#rules.custom;
  }

  get #ruleTable(): FibRules {
    return this.#rules ??= new FibRules(6, this.host.interfaces);
  }

  rules(): readonly Rule[] {
    return this.#ruleTable.list();
  }

  addRule(request: Partial<Rule>, mode: ChangeMode): void {
    const rule = this.#ruleTable.add(request, mode);
    this.changed();
    this.host.announce({ kind: "rule", action: "new", subject: rule });
  }

  deleteRule(request: Partial<Rule>): void {
    const rule = this.#ruleTable.delete(request);
    this.changed();
    this.host.announce({ kind: "rule", action: "delete", subject: rule });
  }

  lookupByRules(flow: Flow6): Route6 | null {
    return lookupByRules(this, this.#ruleTable, flow);
  }

  // Neighbours

  neighbourTable(): NeighbourTable {
    return this.neighbourCache ??= new NeighbourTable(this.host, new Ndisc(this), this.neighbourLimits());
  }

  neighbourLimits(): NeighbourLimits {
    return this.#neighbourLimits ??= new NeighbourLimits();
  }

  /** Those of the interface, or the defaults that it shares. */
  neighbourParameters(device: Interface): NeighbourParameters {
    return inet6(device)?.neighbourParameters ?? this.#defaultNeighbours;
  }

  /** Those of the interface, to be written to. */
  ownNeighbourParameters(device: Interface): NeighbourParameters {
    const owner = inet6(device);
    if (owner === null) throw new KernelError(Errno.ENODEV);
    return owner.neighbourParameters ??= Object.assign(new NeighbourParameters(), this.#defaultNeighbours, {
      reachableTime: 0,
    });
  }

  defaultNeighbours(): NeighbourParameters {
    return this.#defaultNeighbours;
  }

  /** Writing the defaults leaves the interfaces that there are as they were. */
  ownDefaultNeighbours(): NeighbourParameters {
    for (const device of this.host.interfaces) if (inet6(device) !== null) this.ownNeighbourParameters(device);
    return this.#defaultNeighbours = Object.assign(new NeighbourParameters(), this.#defaultNeighbours, {
      reachableTime: 0,
    });
  }

  neighbours(device?: Interface): Neighbour[] {
    return this.neighbourCache?.list(device) ?? [];
  }

  proxyNeighbours(device?: Interface): Neighbour[] {
    return this.neighbourCache?.listProxies(device) ?? [];
  }

  setNeighbour(request: NeighbourRequest, mode: ChangeMode): void {
    const proxied = ((request.flags ?? 0) & NTF_PROXY) !== 0;
    if (proxied && inet6(request.device) === null) throw new KernelError(Errno.ENOBUFS); // pndisc_constructor
    this.neighbourTable().set(request, mode);
    if (proxied) this.#listenFor(request, true);
  }

  deleteNeighbour(request: NeighbourRequest): void {
    this.neighbourTable().delete(request);
    if (((request.flags ?? 0) & NTF_PROXY) !== 0) this.#listenFor(request, false);
  }

  /** Who answers for an address listens to what asks for it (`pndisc_constructor`). */
  #listenFor(request: NeighbourRequest, joins: boolean): void {
    const owner = inet6(request.device);
    if (owner === null) return;
    const group = solicitedNode(request.address as Ipv6Address);
    if (joins) joinGroup6(this, owner, group);
    else leaveGroup6(this, owner, group);
  }

  /** Asks an unreachable gateway whether it is back (`rt6_probe`). */
  probeGateway(route: Route6): void {
    const gateway = route.gateway!;
    sendNeighbourSolicitation(this, route.device, gateway, solicitedNode(gateway), null, null, null);
  }

  /** Subnet-router anycast addresses joined on an interface, the newest first. */
  anycasts(device: Interface): readonly { address: Ipv6Address; users: number }[] {
    return inet6(device)?.anycasts?.toReversed() ?? [];
  }

  // Groups

  multicastGroups(device: Interface): { group: IpAddress; users: number }[] {
    const groups = inet6(device)?.groups ?? [];
    return groups.filter((one) => !one.left).map((one) => ({ group: one.address, users: one.users }));
  }

  joinGroup(device: Interface, group: IpAddress): void {
    socketJoin6(this, inet6(device), group as Ipv6Address);
  }

  leaveGroup(device: Interface, group: IpAddress): void {
    const owner = inet6(device);
    if (owner === null || !leaveGroup6(this, owner, group as Ipv6Address)) throw new KernelError(Errno.EADDRNOTAVAIL);
  }

  // Paths and packets

  path(request: PathRequest): Path6 {
    return new Path6(this, request);
  }

  /** The way back to the sender of a packet; from its destination when that is at `answered`, not -1. The last one is kept. */
  replyPath(packet: Packet, answered: number): Path6 {
    const { bytes, network } = packet;
    const device = packet.device as Interface;
    const known = this.#reply;
    if (
      known !== null && answered >= 0 && this.#replyDevice === device &&
      equal6(known.destination, bytes, 0, network + IPV6_SOURCE) && equal6(known.source, bytes, 0, answered)
    ) return known;
    const destination = bytes.slice(network + IPV6_SOURCE, network + IPV6_SOURCE + 16);
    const path = this.path({
      destination,
      source: answered >= 0 ? bytes.slice(answered, answered + 16) : null,
      device: needsInterface(destination) && (device.flags & IFF_LOOPBACK) === 0 ? device : null,
      protocol: 58,
    });
    if (answered >= 0) {
      this.#reply = path;
      this.#replyDevice = device;
    }
    return path;
  }

  /** Whether a received packet was to a group, by its route. */
  isMany(packet: Packet): boolean {
    return (packet.route as Route6 | null)?.type === RTN_MULTICAST ||
      isMulticast6(packet.bytes, packet.network + IPV6_DESTINATION);
  }

  sendError(packet: Packet, type: number, code: number, info: number): void {
    icmp6Error(this, packet, type, code, info);
  }

  countIcmpOut(type: number): void {
    countOut(this.host.mib.icmp6, type);
  }

  limits(): IcmpLimits6 {
    return this.#limits ??= new IcmpLimits6();
  }

  isRateLimited(type: number): boolean {
    return this.ratemask.split(",").some((part) => {
      const [from, to = from] = part.split("-").map(Number);
      return part !== "" && type >= from && type <= to;
    });
  }

  reassembly(): Reassembly6 {
    return this.#reassembly ??= new Reassembly6(this);
  }

  /** Gives this host a copy of what it sends to a group, within this instant. */
  loopMulticast(packet: Packet, device: Interface): void {
    const copy = packet.copy();
    copy.device = device;
    copy.kind = LOOPED;
    (this.#looped ??= new LoopedPackets(this)).push(copy);
  }
}

/** Each route once, with all its next hops. */
function* wholeRoutes(table: Fib6Table): IterableIterator<Route> {
  for (const route of table) if (route.siblings === null || route.siblings[0] === route) yield route;
}
