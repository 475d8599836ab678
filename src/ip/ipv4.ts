/**
 * IPv4 of one namespace. A packet's way in: `input` (ip_rcv) → `routeInput` → local delivery, or `forward`; its way out:
 * `Path.send` → `output` (ip_output) → neighbour → interface.
 *
 * @module
 */
import { IFF_LOOPBACK, IFF_POINTOPOINT, type Interface, type LinkEvent } from "../device/interface.ts";
import { Timer } from "../time/scheduler.ts";
import { INADDR_BROADCAST, isMulticast4 } from "../wire/ipv4.ts";
import type { Packet } from "../wire/packet.ts";
import type { Address4 } from "./address4.ts";
import { addAddress, configureLoopback, deleteAddress, isBindable, removeAddress, renameLabels } from "./address4.ts";
import { announceAddresses, ArpProtocol, arpReceive } from "./arp.ts";
import { Fib4 } from "./fib4.ts";
import { disable, linkChange, linkUp } from "./fib_frontend4.ts";
import { Fragments4 } from "./fragment4.ts";
import type { IpHost, SysctlEntry } from "./host.ts";
import { Icmp4 } from "./icmp4.ts";
import { groupsDown, groupsUp, joinGroup, leaveGroup, listGroups } from "./igmp.ts";
import { InDevice, inDevice } from "./in_device.ts";
import { ipReceive } from "./ipv4_input.ts";
import { Looped } from "./ipv4_output.ts";
import type { NeighbourEntry } from "./neighbour.ts";
import { NeighbourTable } from "./neighbour_table.ts";
import type {
  AddressFamily,
  AddressRequest,
  ChangeMode,
  InterfaceAddress,
  Neighbour,
  NeighbourRequest,
  PathRequest,
  Route,
  RouteAnswer,
  RouteQuery,
  RouteRequest,
  Rule,
} from "./netlink.ts";
import { RT_TABLE_LOCAL, RTN_BROADCAST, RTN_MULTICAST, RTN_UNICAST } from "./netlink.ts";
import { Path4 } from "./path4.ts";
import { flow4 } from "./flow4.ts";
import { getRoute } from "./route_get4.ts";
import { addRoute, deleteRoute, listRoutes } from "./route_table4.ts";
import { DEFAULT_SETTINGS, ownSettings, type Settings4 } from "./settings4.ts";
import { sysctls4 } from "./sysctl4.ts";

const MIN_MTU = 68;

const typeFlow = flow4();

export class Ipv4 implements AddressFamily {
  /** Read freely; to write, take `ownSettings`: the defaults are shared by all namespaces. */
  settings: Settings4 = DEFAULT_SETTINGS;
  /** Counts every change of routes, addresses, rules, links and settings: what was looked up before is looked up again. */
  generation = 0;
  /** Why the last `routeOutput` gave null: a negative errno. */
  routeError = 0;
  /** Somebody added local routes by hand: sources are checked against the tables. */
  customLocalRoutes = false;
  /** Martian sources seen while log_martians was on. */
  martians = 0;
  #fib: Fib4 | null = null;
  #localAddresses: Map<number, Address4> | null = null;
  #icmp: Icmp4 | null = null;
  #fragments: Fragments4 | null = null;
  #looped: Looped | null = null;
  #identifiers: Uint16Array | null = null;
  #lifetimes: Timer | null = null;
  #hashSeed = 0;
  /** Null until the first neighbour. */
  arpTable: NeighbourTable | null = null;

  constructor(readonly host: IpHost) {}

  get fib(): Fib4 {
    return this.#fib ??= new Fib4(this.host.interfaces);
  }

  /** Own addresses; where several interfaces have one, the first that got it. */
  get localAddresses(): Map<number, Address4> {
    return this.#localAddresses ??= new Map();
  }

  get icmp(): Icmp4 {
    return this.#icmp ??= new Icmp4(this);
  }

  get looped(): Looped {
    return this.#looped ??= new Looped(this);
  }

  get fragments(): Fragments4 {
    return this.#fragments ??= new Fragments4(this);
  }

  get neighbourTable(): NeighbourTable {
    return this.arpTable ??= new NeighbourTable(this.host, new ArpProtocol(this), this.settings.neighbourLimits);
  }

  /** What flows are hashed with, so that each namespace spreads them in its own way. */
  get hashSeed(): number {
    if (this.settings.fib_multipath_hash_seed !== 0) return this.settings.fib_multipath_hash_seed;
    return this.#hashSeed ||= this.host.random.split("multipath").uint32() | 1;
  }

  /** Settings of this namespace alone, to be written to. */
  get ownSettings(): Settings4 {
    if (this.settings === DEFAULT_SETTINGS) {
      this.settings = ownSettings(DEFAULT_SETTINGS);
      if (this.arpTable !== null) this.arpTable.limits = this.settings.neighbourLimits;
    }
    return this.settings;
  }

  /** Something that lookups depend on has changed (`rt_cache_flush`). */
  changed(): void {
    this.generation++;
  }

  /** The entry of a next hop; null when the table is full. lo and point-to-point links have one for all. */
  neighbour(address: number, device: Interface): NeighbourEntry | null {
    const key = (device.flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) !== 0 ? 0 : address;
    return this.neighbourTable.obtain(key, device);
  }

  /** The identifier of the next packet between two hosts that may be fragmented (`__ip_select_ident`). */
  nextIdentifier(source: number, destination: number, protocol: number): number {
    let identifiers = this.#identifiers;
    if (identifiers === null) {
      this.#identifiers = identifiers = new Uint16Array(64);
      const random = this.host.random.split("identifiers");
      for (let i = 0; i < identifiers.length; i++) identifiers[i] = random.uint32();
    }
    return ++identifiers[Math.imul(source ^ destination ^ protocol, 0x9e3779b1) >>> 26];
  }

  /** RTN_* of an address as the local table (or the given one) sees it (`inet_addr_type`). */
  addressType(address: number, table: number = RT_TABLE_LOCAL): number {
    if (address >>> 24 === 0 || address === INADDR_BROADCAST) return RTN_BROADCAST;
    if (isMulticast4(address)) return RTN_MULTICAST;
    const asked = this.#fib?.table(table);
    if (asked === undefined) return RTN_UNICAST;
    typeFlow.destination = address;
    const { result } = this.fib;
    return asked.lookup(typeFlow, 0, false, result) === 0 ? result.type : RTN_UNICAST;
  }

  input(packet: Packet, device: Interface): void {
    ipReceive(this, packet, device);
  }

  arpInput(packet: Packet, device: Interface): void {
    arpReceive(this, packet, device);
  }

  /** `inetdev_event`, then `fib_netdev_event`. */
  linkEvent(device: Interface, event: LinkEvent): void {
    let own = inDevice(device);
    if (own === null || own.ipv4 !== this) {
      if (event !== "register" && !(event === "mtu" && device.mtu >= MIN_MTU)) return;
      if (device.mtu < MIN_MTU) return;
      device.inet = own = new InDevice(this, device);
      if (event === "register") return;
    }
    switch (event) {
      case "up":
        configureLoopback(this, own);
        groupsUp(this, own);
        if (own.either("arp_notify")) announceAddresses(this, own);
        linkUp(this, device);
        break;
      case "down":
        groupsDown(this, own);
        disable(this, device, "down", false);
        break;
      case "change":
        if (!device.carrier && own.both("arp_evict_nocarrier")) this.arpTable?.flush(device, true);
        linkChange(this, device);
        break;
      case "mtu":
        if (device.mtu < MIN_MTU) this.#remove(own);
        this.changed();
        break;
      case "address":
        this.arpTable?.flush(device);
        if (own.either("arp_notify")) announceAddresses(this, own);
        this.changed();
        break;
      case "name":
        renameLabels(own);
        break;
      case "unregister":
        this.#remove(own);
        disable(this, device, "unregister", true);
        this.arpTable?.forget(device);
        break;
    }
  }

  /** IPv4 leaves an interface (`inetdev_destroy`). */
  #remove(own: InDevice): void {
    while (own.addresses.length > 0) removeAddress(this, own, own.addresses[0]);
    own.groups = null;
    own.device.inet = null;
  }

  /** Addresses with a lifetime are looked after (`check_lifetime`). */
  watchLifetime(address: Address4): void {
    if (address.validUntil === Infinity && address.preferredUntil === Infinity) return;
    this.#lifetimes ??= new Timer(() => this.#checkLifetimes());
    this.#checkLifetimes();
  }

  #checkLifetimes(): void {
    const { scheduler } = this.host.world;
    let next = Infinity;
    for (const device of this.host.interfaces) {
      const own = inDevice(device);
      for (const address of own === null ? [] : own.addresses.slice()) {
        if (address.validUntil <= scheduler.now) {
          if (own!.addresses.includes(address)) removeAddress(this, own!, address);
          continue;
        }
        if (address.preferredUntil <= scheduler.now) {
          if (address.deprecate()) this.host.announce({ kind: "address", action: "new", subject: address });
        } else next = Math.min(next, address.preferredUntil);
        next = Math.min(next, address.validUntil);
      }
    }
    if (next < Infinity) scheduler.arm(this.#lifetimes!, next);
  }

  sysctls(): SysctlEntry[] {
    return sysctls4(this);
  }

  addresses(device: Interface): readonly InterfaceAddress[] {
    return inDevice(device)?.addresses ?? [];
  }

  addAddress(device: Interface, request: AddressRequest, mode: ChangeMode): void {
    addAddress(this, device, request, mode);
  }

  deleteAddress(device: Interface, request: AddressRequest): void {
    deleteAddress(this, device, request);
  }

  tables(): number[] {
    return this.fib.tables().map((table) => table.id);
  }

  routes(table: number): Iterable<Route> | undefined {
    const found = this.fib.table(table);
    return found === undefined ? undefined : listRoutes(found);
  }

  addRoute(request: RouteRequest, mode: ChangeMode): void {
    addRoute(this, request, mode);
  }

  deleteRoute(request: RouteRequest): void {
    deleteRoute(this, request);
  }

  getRoute(query: RouteQuery): RouteAnswer {
    return getRoute(this, query);
  }

  rules(): readonly Rule[] {
    return this.fib.rules.list();
  }

  addRule(request: Partial<Rule>, mode: ChangeMode): void {
    const rule = this.fib.rules.add(request, mode);
    this.changed();
    this.host.announce({ kind: "rule", action: "new", subject: rule });
  }

  deleteRule(request: Partial<Rule>): void {
    const rule = this.fib.rules.delete(request);
    this.changed();
    this.host.announce({ kind: "rule", action: "delete", subject: rule });
  }

  neighbours(device?: Interface): Neighbour[] {
    return this.arpTable?.list(device) ?? [];
  }

  proxyNeighbours(device?: Interface): Neighbour[] {
    return this.arpTable?.listProxies(device) ?? [];
  }

  setNeighbour(request: NeighbourRequest, mode: ChangeMode): void {
    this.neighbourTable.set(request, mode);
  }

  deleteNeighbour(request: NeighbourRequest): void {
    this.neighbourTable.delete(request);
  }

  multicastGroups(device: Interface): { group: number; users: number }[] {
    return listGroups(device);
  }

  joinGroup(device: Interface, group: number): void {
    joinGroup(this, device, group);
  }

  leaveGroup(device: Interface, group: number): void {
    leaveGroup(this, device, group);
  }

  isLocal(address: number): boolean {
    return isBindable(this, address);
  }

  path(request: PathRequest): Path4 {
    return new Path4(this, request);
  }
}
