/** Multicast groups of an interface, and telling routers of them (IGMPv3, RFC 3376; v2 where an old querier is; `net/ipv4/igmp.c`). */
import { ARPHRD_ETHER, IFF_LOOPBACK, IFF_UP, type Interface } from "../device/interface.ts";
import { joinLinkGroup } from "../device/lifecycle.ts";
import { MS, SECOND, Timer } from "../time/scheduler.ts";
import { checksum, fold, sumOctets } from "../wire/checksum.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { IP_DF, IPPROTO_IGMP, IPV4_DESTINATION, IPV4_HEADER } from "../wire/ipv4.ts";
import { get16, get32, put16, put32 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, type Packet } from "../wire/packet.ts";
import { type InDevice, inDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { localOutput, setHeaderChecksum } from "./ipv4_output.ts";
import { flow4 } from "./flow4.ts";
import { routeOutput } from "./route_output4.ts";

export const ALL_HOSTS = 0xe0000001;
const ALL_ROUTERS = 0xe0000002;
/** Where version 3 reports go. */
const IGMPV3_ROUTERS = 0xe0000016;

const MEMBERSHIP_QUERY = 0x11;
const V2_REPORT = 0x16;
const LEAVE = 0x17;
const V3_REPORT = 0x22;

/** Group record types (RFC 3376 section 4.2.12). */
const MODE_IS_EXCLUDE = 2;
const CHANGE_TO_INCLUDE = 3;
const CHANGE_TO_EXCLUDE = 4;

const CONTROL_TOS = 0xc0;
/** Router alert (RFC 2113): routers look at the message though it is not for them. */
const ROUTER_ALERT = 0x94040000;

/** A group that somebody joined on an interface (`ip_mc_list`). */
export class Group4 {
  users = 1;
  /** State change reports still to be repeated. */
  reports = 0;
  timer: Timer | null = null;
  /** What the next report says. */
  record: number = CHANGE_TO_EXCLUDE;
  /** Joined on the link layer too: the interface is up. */
  loaded = false;
  constructor(readonly address: number) {}
}

export function listGroups(device: Interface): { group: number; users: number }[] {
  return [...inDevice(device)?.groups?.values() ?? []].reverse().map(({ address, users }) => ({
    group: address,
    users,
  }));
}

/** `ip_mc_inc_group` */
export function joinGroup(ipv4: Ipv4, device: Interface, address: number): void {
  const own = inDevice(device);
  if (own === null) throw new KernelError(Errno.ENODEV);
  const groups = own.groups ??= new Map();
  const known = groups.get(address);
  if (known !== undefined) {
    known.users++;
    return;
  }
  const group = new Group4(address);
  groups.set(address, group);
  ipv4.changed();
  if (device.up) load(ipv4, own, group);
}

/** `ip_mc_dec_group` */
export function leaveGroup(ipv4: Ipv4, device: Interface, address: number): void {
  const own = inDevice(device);
  const group = own?.groups?.get(address);
  if (own === null || group === undefined) throw new KernelError(Errno.EADDRNOTAVAIL);
  if (--group.users > 0) return;
  own.groups!.delete(address);
  ipv4.changed();
  if (group.loaded) unload(ipv4, own, group, true);
}

/** The interface came up (`ip_mc_up`): every host is in 224.0.0.1. */
export function groupsUp(ipv4: Ipv4, own: InDevice): void {
  const groups = own.groups ??= new Map();
  if (!groups.has(ALL_HOSTS)) groups.set(ALL_HOSTS, new Group4(ALL_HOSTS));
  for (const group of groups.values()) if (!group.loaded) load(ipv4, own, group);
}

/** `ip_mc_down` */
export function groupsDown(ipv4: Ipv4, own: InDevice): void {
  const { groups } = own;
  if (groups === null) return;
  for (const group of groups.values()) if (group.loaded) unload(ipv4, own, group, false);
  groups.delete(ALL_HOSTS);
}

function listen(device: Interface, address: number, by: 1 | -1): void {
  if (device.type !== ARPHRD_ETHER) return;
  joinLinkGroup(device, 0x01005e000000 + (address & 0x7fffff), by); // RFC 1112 section 6.4
}

/** Whether routers hear of the group: never of 224.0.0.1, of other link-local ones if igmp_link_local_mcast_reports. */
function isReported(ipv4: Ipv4, own: InDevice, address: number): boolean {
  if (address === ALL_HOSTS || (own.device.flags & IFF_LOOPBACK) !== 0) return false;
  return address >>> 8 !== 0xe00000 || ipv4.settings.igmp_link_local_mcast_reports !== 0;
}

/** `igmp_group_added` */
function load(ipv4: Ipv4, own: InDevice, group: Group4): void {
  group.loaded = true;
  listen(own.device, group.address, 1);
  if (!isReported(ipv4, own, group.address)) return;
  group.reports = ipv4.settings.igmp_qrv;
  group.record = CHANGE_TO_EXCLUDE;
  schedule(ipv4, own, group, 0);
}

/** `igmp_group_dropped` */
function unload(ipv4: Ipv4, own: InDevice, group: Group4, leaving: boolean): void {
  group.loaded = false;
  listen(own.device, group.address, -1);
  if (group.timer !== null) ipv4.host.world.scheduler.cancel(group.timer);
  if (!leaving || !isReported(ipv4, own, group.address) || !own.device.up) return;
  if (version(ipv4, own) === 2) sendV2(ipv4, own, LEAVE, group.address);
  else {
    group.reports = ipv4.settings.igmp_qrv;
    group.record = CHANGE_TO_INCLUDE;
    schedule(ipv4, own, group, 0);
  }
}

function version(ipv4: Ipv4, own: InDevice): number {
  const forced = own.greater("force_igmp_version");
  if (forced !== 0) return forced >= 3 ? 3 : 2;
  return ipv4.host.world.scheduler.now < own.querierUntil ? own.querierVersion : 3;
}

function schedule(ipv4: Ipv4, own: InDevice, group: Group4, delay: number): void {
  const { scheduler } = ipv4.host.world;
  group.timer ??= new Timer(() => report(ipv4, own, group));
  scheduler.after(group.timer, delay);
}

function report(ipv4: Ipv4, own: InDevice, group: Group4): void {
  if ((own.device.flags & IFF_UP) === 0 || own.device.inet !== own) return;
  const old = version(ipv4, own) === 2;
  if (old) sendV2(ipv4, own, V2_REPORT, group.address);
  else sendV3(ipv4, own, [group], group.record);
  if (--group.reports <= 0) return;
  const interval = old ? own.conf.igmpv2_unsolicited_report_interval : own.conf.igmpv3_unsolicited_report_interval;
  schedule(ipv4, own, group, Math.floor(ipv4.host.random.float() * interval) * MS);
}

function sendV2(ipv4: Ipv4, own: InDevice, type: number, group: number): void {
  const packet = ipv4.host.world.packets.allocate(8);
  const { bytes, head } = packet;
  bytes[head] = type;
  bytes[head + 1] = 0;
  put16(bytes, head + 2, 0);
  put32(bytes, head + 4, group);
  packet.tail = head + 8;
  send(ipv4, own, packet, type === LEAVE ? ALL_ROUTERS : group);
}

function sendV3(ipv4: Ipv4, own: InDevice, groups: Group4[], record: number): void {
  const length = 8 + 8 * groups.length;
  const packet = ipv4.host.world.packets.allocate(length);
  const { bytes, head } = packet;
  packet.tail = head + length;
  put32(bytes, head, V3_REPORT << 24);
  put32(bytes, head + 4, groups.length);
  groups.forEach(({ address }, i) => {
    put32(bytes, head + 8 + 8 * i, record << 24);
    put32(bytes, head + 12 + 8 * i, address);
  });
  send(ipv4, own, packet, IGMPV3_ROUTERS);
}

const flow = flow4();

/** Sends with TTL 1 and a router alert (`igmpv3_newpack`). */
function send(ipv4: Ipv4, own: InDevice, packet: Packet, destination: number): void {
  const { bytes, head, tail } = packet;
  put16(bytes, head + 2, checksum(bytes, head, tail));
  flow.destination = destination;
  flow.source = 0;
  flow.oif = own.device.index;
  flow.protocol = IPPROTO_IGMP;
  const route = routeOutput(ipv4, flow);
  if (route === null) {
    ipv4.host.world.drop(packet, "IP_OUTNOROUTES");
    return;
  }
  const at = packet.head = packet.network = head - IPV4_HEADER - 4;
  packet.transport = head;
  put32(bytes, at, 0x46000000 | (CONTROL_TOS << 16) | (tail - at));
  put16(bytes, at + 4, ipv4.nextIdentifier(flow.source, destination, IPPROTO_IGMP));
  put16(bytes, at + 6, IP_DF);
  put16(bytes, at + 8, (1 << 8) | IPPROTO_IGMP);
  put16(bytes, at + 10, 0);
  put32(bytes, at + 12, flow.source);
  put32(bytes, at + IPV4_DESTINATION, destination);
  put32(bytes, at + IPV4_HEADER, ROUTER_ALERT);
  setHeaderChecksum(bytes, at);
  packet.checksum = CHECKSUM_UNNECESSARY;
  ipv4.host.mib.ip.OutRequests++;
  localOutput(ipv4, packet, route, own.device.mtu, false);
}

/** `igmp_rcv`: takes a packet whose `head` is at the IGMP header. */
export function igmpReceive(ipv4: Ipv4, packet: Packet, own: InDevice): void {
  const { bytes, head, tail } = packet;
  const right = packet.checksum !== CHECKSUM_NONE || fold(sumOctets(bytes, head, tail)) === 0xffff;
  if (tail - head >= 8 && right) {
    if (bytes[head] === MEMBERSHIP_QUERY) heardQuery(ipv4, packet, own);
    else if (bytes[head] === V2_REPORT) heardReport(ipv4, own, get32(bytes, head + 4), packet);
  }
  packet.release();
}

/** Somebody else reported the group: version 2 keeps quiet then. */
function heardReport(ipv4: Ipv4, own: InDevice, address: number, packet: Packet): void {
  const group = own.groups?.get(address);
  if (group?.timer && packet.kind !== 5 && version(ipv4, own) === 2) ipv4.host.world.scheduler.cancel(group.timer);
}

/** `igmp_heard_query`: all groups, or the one asked for, are reported within the time that the querier gives. */
function heardQuery(ipv4: Ipv4, packet: Packet, own: InDevice): void {
  const { bytes, head, tail } = packet;
  const code = bytes[head + 1];
  const asked = get32(bytes, head + 4);
  let most = code * 100;
  if (tail - head === 8) {
    own.querierVersion = 2;
    own.querierUntil = ipv4.host.world.scheduler.now + 260 * SECOND;
    if (code === 0) most = 10_000;
  } else if (tail - head < 12) return;
  else {
    if (code >= 128) most = ((code & 15) | 16) << (((code >> 4) & 7) + 3) * 100;
    // Queries for sources would need source filters.
    if (get16(bytes, head + 10) > 0 && asked === 0) return;
  }
  for (const group of own.groups?.values() ?? []) {
    if ((asked !== 0 && asked !== group.address) || !isReported(ipv4, own, group.address)) continue;
    group.record = MODE_IS_EXCLUDE;
    group.reports = 1;
    schedule(ipv4, own, group, ipv4.host.random.float() * Math.max(most, 1) * MS);
  }
}
