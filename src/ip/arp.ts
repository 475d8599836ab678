/** ARP (RFC 826, `net/ipv4/arp.c`): how IPv4 finds its neighbours' link addresses, and answers for its own. */
import { IFF_LOOPBACK, IFF_NOARP, IFF_POINTOPOINT, type Interface } from "../device/interface.ts";
import { MS, Timer } from "../time/scheduler.ts";
import {
  ARP_HARDWARE,
  ARP_HARDWARE_LENGTH,
  ARP_LENGTH,
  ARP_OPERATION,
  ARP_PROTOCOL,
  ARP_PROTOCOL_LENGTH,
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
} from "../wire/arp.ts";
import { ETH_P_ARP, ETH_P_IP, ETHERNET_HEADER } from "../wire/ethernet.ts";
import { IPV4_HEADER, IPV4_SOURCE, isLoopback4, isMulticast4 } from "../wire/ipv4.ts";
import { get16, get32, put16, put32 } from "../wire/octets.ts";
import { type Packet, TO_HOST, TO_OTHER_HOST } from "../wire/packet.ts";
import { onLink, selectAddress } from "./address4.ts";
import { unreachable } from "./icmp4.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { type NeighbourEntry, type NeighbourProtocol, UPDATE_OVERRIDE } from "./neighbour.ts";
import { NeighbourParameters } from "./neighbour_parameters.ts";
import {
  NUD_NOARP,
  NUD_REACHABLE,
  NUD_STALE,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_UNICAST,
} from "./netlink.ts";
import { flow4 } from "./flow4.ts";
import { INPUT_FORWARD, type Route4 } from "./route4.ts";
import { routeInput } from "./route_input4.ts";
import { routeOutput } from "./route_output4.ts";

const STANDARD_PARAMETERS = new NeighbourParameters();

export class ArpProtocol implements NeighbourProtocol {
  readonly etherType = ETH_P_IP;

  constructor(readonly ipv4: Ipv4) {}

  parameters(device: Interface): NeighbourParameters {
    return inDevice(device)?.neighbours ?? STANDARD_PARAMETERS;
  }

  /** `arp_constructor` */
  construct(entry: NeighbourEntry): void {
    const { device } = entry;
    const address = entry.address as number;
    const type = this.ipv4.addressType(address);
    if (type === RTN_MULTICAST) {
      entry.state = NUD_NOARP;
      // RFC 1112 section 6.4
      entry.setLinkAddress(Uint8Array.of(1, 0, 0x5e, (address >>> 16) & 0x7f, address >>> 8, address));
    } else if ((device.flags & (IFF_NOARP | IFF_LOOPBACK)) !== 0) {
      entry.state = NUD_NOARP;
      entry.setLinkAddress(device.address);
    } else if (type === RTN_BROADCAST || (device.flags & IFF_POINTOPOINT) !== 0) {
      entry.state = NUD_NOARP;
      entry.setLinkAddress(device.broadcast);
    }
  }

  /** `arp_solicit` */
  solicit(entry: NeighbourEntry, waiting: Packet | null): void {
    const { device } = entry;
    const own = inDevice(device);
    if (own === null) return;
    const target = entry.address as number;
    const source = this.#announced(own, target, waiting);
    const parameters = own.neighbours;
    const probes = entry.probes - parameters.ucastSolicit;
    if (probes < 0) arpSend(this.ipv4, ARP_REQUEST, target, device, source, entry.linkAddress, device.address, null);
    else if (probes >= parameters.appSolicit) {
      arpSend(this.ipv4, ARP_REQUEST, target, device, source, null, device.address, null);
    }
  }

  /** Which of our addresses a request names (arp_announce). */
  #announced(own: InDevice, target: number, waiting: Packet | null): number {
    const level = own.greater("arp_announce");
    if (waiting !== null && level < 2 && waiting.tail - waiting.head >= IPV4_HEADER) {
      const source = get32(waiting.bytes, waiting.head + IPV4_SOURCE);
      const ours = this.ipv4.addressType(source) === RTN_LOCAL;
      if (ours && (level === 0 || onLink(own, target, source))) return source;
    }
    return selectAddress(this.ipv4, own.device, target, RT_SCOPE_LINK);
  }

  errorReport(_entry: NeighbourEntry, packet: Packet): void {
    unreachable(this.ipv4, packet);
  }
}

/** Sends an ARP packet; `destination` null is the broadcast address, `targetMac` null is all zeros (`arp_send`). */
export function arpSend(
  ipv4: Ipv4,
  operation: number,
  target: number,
  device: Interface,
  source: number,
  destination: Uint8Array | null,
  sourceMac: Uint8Array,
  targetMac: Uint8Array | null,
): void {
  if ((device.flags & IFF_NOARP) !== 0) return;
  const packet = ipv4.host.world.packets.allocate(ARP_LENGTH);
  const { bytes, head } = packet;
  packet.tail = head + ARP_LENGTH;
  packet.network = head;
  packet.protocol = ETH_P_ARP;
  put16(bytes, head + ARP_HARDWARE, 1);
  put16(bytes, head + ARP_PROTOCOL, ETH_P_IP);
  bytes[head + ARP_HARDWARE_LENGTH] = 6;
  bytes[head + ARP_PROTOCOL_LENGTH] = 4;
  put16(bytes, head + ARP_OPERATION, operation);
  bytes.set(sourceMac.subarray(0, 6), head + ARP_SENDER_MAC);
  put32(bytes, head + ARP_SENDER_IP, source);
  if (targetMac === null) bytes.fill(0, head + ARP_TARGET_MAC, head + ARP_TARGET_IP);
  else bytes.set(targetMac.subarray(0, 6), head + ARP_TARGET_MAC);
  put32(bytes, head + ARP_TARGET_IP, target);
  const frame = head - ETHERNET_HEADER;
  bytes.set((destination ?? device.broadcast).subarray(0, 6), frame);
  bytes.set(sourceMac.subarray(0, 6), frame + 6);
  put16(bytes, frame + 12, ETH_P_ARP);
  packet.head = packet.link = frame;
  device.transmit(packet);
}

/** `arp_rcv` */
export function arpReceive(ipv4: Ipv4, packet: Packet, device: Interface): void {
  const own = inDevice(device);
  const unwanted = own === null || (device.flags & (IFF_NOARP | IFF_LOOPBACK)) !== 0 || packet.kind === TO_OTHER_HOST;
  if (unwanted || !isWellFormed(packet)) {
    ipv4.host.world.drop(packet, "ARP_IGNORED");
    return;
  }
  process(ipv4, packet, own);
  packet.release();
}

function isWellFormed({ bytes, head, tail }: Packet): boolean {
  return tail - head >= ARP_LENGTH && bytes[head + ARP_HARDWARE_LENGTH] === 6 &&
    bytes[head + ARP_PROTOCOL_LENGTH] === 4 &&
    get16(bytes, head + ARP_HARDWARE) === 1 && get16(bytes, head + ARP_PROTOCOL) === ETH_P_IP;
}

/** `arp_process` */
function process(ipv4: Ipv4, packet: Packet, own: InDevice): void {
  const { bytes, head } = packet;
  const operation = get16(bytes, head + ARP_OPERATION);
  if (operation !== ARP_REQUEST && operation !== ARP_REPLY) return;
  const { device } = own;
  const mac = bytes.slice(head + ARP_SENDER_MAC, head + ARP_SENDER_MAC + 6);
  const sender = get32(bytes, head + ARP_SENDER_IP);
  const target = get32(bytes, head + ARP_TARGET_IP);
  if (isMulticast4(target) || (isLoopback4(target) && !own.either("route_localnet"))) return;
  const gratuitous = target === sender && (operation === ARP_REQUEST || isSameMac(bytes, head + ARP_TARGET_MAC, mac));
  if (gratuitous && own.either("drop_gratuitous_arp")) return;
  // Duplicate address detection: "tell 0.0.0.0".
  if (sender === 0) {
    if (
      operation === ARP_REQUEST && ipv4.addressType(target) === RTN_LOCAL &&
      !isIgnored(ipv4, own, sender, target)
    ) {
      arpSend(ipv4, ARP_REPLY, sender, device, target, mac, device.address, mac);
    }
    return;
  }
  if (operation === ARP_REQUEST && answer(ipv4, packet, own, mac, sender, target)) return;
  learn(ipv4, packet, own, mac, sender, operation, gratuitous);
}

function isSameMac(bytes: Uint8Array, at: number, mac: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (bytes[at + i] !== mac[i]) return false;
  return true;
}

/** Answers a request for an own address, or for one that we are proxy for. True when there is nothing more to learn from it. */
function answer(ipv4: Ipv4, packet: Packet, own: InDevice, mac: Uint8Array, sender: number, target: number): boolean {
  const { device } = own;
  if (routeInput(ipv4, packet, target, sender, 0, own) < 0) return false;
  const route = packet.route as Route4;
  packet.route = null;
  if (route.type === RTN_LOCAL) {
    const silent = isIgnored(ipv4, own, sender, target) ||
      (own.either("arp_filter") && isFiltered(ipv4, own, sender, target));
    if (silent) return true;
    const entry = ipv4.neighbourTable.obtain(sender, device);
    entry?.update(mac, NUD_STALE, UPDATE_OVERRIDE);
    if (entry !== null) arpSend(ipv4, ARP_REPLY, sender, device, target, mac, device.address, mac);
    return true;
  }
  if (!own.forwarding || route.type !== RTN_UNICAST || route.input !== INPUT_FORWARD) return false;
  if (!isProxyFor(ipv4, own, route.device, sender, target)) return false;
  const entry = ipv4.neighbourTable.obtain(sender, device);
  entry?.update(mac, NUD_STALE, UPDATE_OVERRIDE);
  // Asked for by unicast, the answer is not kept back; else it waits up to proxy_delay, so that the host itself is first.
  const { proxyDelay } = own.neighbours;
  const reply = () => arpSend(ipv4, ARP_REPLY, sender, device, target, mac, device.address, mac);
  if (packet.kind === TO_HOST || proxyDelay === 0) reply();
  else ipv4.host.world.scheduler.after(new Timer(reply), ipv4.host.random.below(proxyDelay) * 10 * MS);
  return true;
}

/** Whether we answer for what we route: proxy_arp, proxy_arp_pvlan on the same link, or an entry of `ip neigh add proxy`. */
function isProxyFor(ipv4: Ipv4, own: InDevice, out: Interface, sender: number, target: number): boolean {
  if (out === own.device) return sender !== target && own.either("proxy_arp_pvlan");
  if (ipv4.neighbourTable.isProxy(target, own.device)) return true;
  if (!own.either("proxy_arp")) return false;
  const ours = own.conf.medium_id;
  if (ours === 0) return true;
  if (ours === -1) return false;
  const theirs = inDevice(out)?.conf.medium_id ?? 0;
  return theirs !== ours && theirs !== -1;
}

/** arp_ignore */
function isIgnored(ipv4: Ipv4, own: InDevice, sender: number, target: number): boolean {
  const level = own.greater("arp_ignore");
  const has = (scope: number, anywhere: boolean) => {
    const addresses = anywhere
      ? [...ipv4.host.interfaces].flatMap((device) => inDevice(device)?.addresses ?? [])
      : own.addresses;
    return addresses.some((address) => address.local === target && address.scope <= scope);
  };
  switch (level) {
    case 0:
      return false;
    case 1:
      return !has(RT_SCOPE_HOST, false);
    case 2:
      return !own.addresses.some((address) => address.local === target && (sender === 0 || address.covers(sender)));
    case 3:
      return !has(RT_SCOPE_LINK, true);
    case 8:
      return true;
  }
  return false;
}

const filterFlow = flow4();

/** arp_filter: whether packets to the sender would leave by another interface. */
function isFiltered(ipv4: Ipv4, own: InDevice, sender: number, target: number): boolean {
  filterFlow.destination = sender;
  filterFlow.source = target;
  filterFlow.oif = 0;
  const route = routeOutput(ipv4, filterFlow);
  if (route !== null && route.device === own.device) return false;
  ipv4.host.mib.tcpExt.ArpFilter++;
  return true;
}

/** What any ARP packet tells of its sender. */
function learn(
  ipv4: Ipv4,
  packet: Packet,
  own: InDevice,
  mac: Uint8Array,
  sender: number,
  operation: number,
  gratuitous: boolean,
): void {
  const { device } = own;
  let entry = ipv4.arpTable?.lookup(sender, device) ?? null;
  const type = entry === null ? ipv4.addressType(sender) : RTN_UNICAST;
  if (entry === null && acceptsUnsolicited(own, sender, type, operation, gratuitous)) {
    entry = ipv4.neighbourTable.obtain(sender, device);
  }
  if (entry === null) return;
  const now = ipv4.host.world.scheduler.now;
  const override = now > entry.updated + own.neighbours.locktime * 10 * MS || gratuitous;
  // A broadcast reply or a request does not assert reachability.
  const state = operation !== ARP_REPLY || packet.kind !== TO_HOST ? NUD_STALE : NUD_REACHABLE;
  entry.update(mac, state, override ? UPDATE_OVERRIDE : 0);
}

/** arp_accept */
function acceptsUnsolicited(
  own: InDevice,
  sender: number,
  type: number,
  operation: number,
  gratuitous: boolean,
): boolean {
  const accept = own.greater("arp_accept");
  if (accept === 0 || type !== RTN_UNICAST) return false;
  if (accept === 2 && !onLink(own, sender, 0)) return false;
  return gratuitous || operation === ARP_REPLY;
}

/** Tells the link of our addresses (`inetdev_send_gratuitous_arp`). */
export function announceAddresses(ipv4: Ipv4, own: InDevice): void {
  for (const address of own.addresses) {
    arpSend(ipv4, ARP_REQUEST, address.local, own.device, address.local, null, own.device.address, null);
  }
}
