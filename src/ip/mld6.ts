/** Multicast groups of interfaces, and telling routers about them: MLDv2 (RFC 3810; `net/ipv6/mcast.c`). */
import { IFF_LOOPBACK, type Interface } from "../device/interface.ts";
import { joinLinkGroup } from "../device/lifecycle.ts";
import { MS, Timer } from "../time/scheduler.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { ICMPV6_MLD2_REPORT, ICMPV6_MLD_DONE, ICMPV6_MLD_REPORT } from "../wire/icmp.ts";
import { equal6, IN6ADDR_ANY, IPV6_SOURCE, type Ipv6Address, isLinkLocal6, NEXTHDR_HOP } from "../wire/ipv6.ts";
import { get16, get32, put16 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import { smallCopy } from "../wire/slab.ts";
import { INTERFACE_ALL_NODES, isAny6, LINK_ALL_NODES, LINK_ALL_ROUTERS, MLDV2_ROUTERS } from "./address_kind6.ts";
import { finishIcmp6, sendLinkScope } from "./icmp6.ts";
import type { Inet6Device } from "./inet6_device.ts";
import type { Ipv6 } from "./ipv6.ts";
import { IFA_F_TENTATIVE } from "./netlink.ts";

/** Record types (RFC 3810 section 5.2.12). */
const IS_EXCLUDE = 2;
const CHANGE_TO_INCLUDE = 3;
const CHANGE_TO_EXCLUDE = 4;

/** The first report of a change waits this long: two of Linux's ticks of 4 ms. */
const TICKS = 8 * MS;

export interface MulticastGroup6 {
  readonly address: Ipv6Address;
  users: number;
  /** State changes still to report. */
  pending: number;
  /** The last user has left: it goes when that is reported. */
  left: boolean;
  /** When to answer a query; -1 not at all. */
  timer: Timer | null;
}

/** Neither the all-nodes group nor groups of this host are reported (RFC 3810 section 6). */
function reported(group: Uint8Array): boolean {
  if ((group[1] & 15) < 2) return false;
  if (group[1] !== 2 || group[15] !== 1) return true;
  for (let i = 2; i < 15; i++) if (group[i] !== 0) return true;
  return false;
}

export function isMember6(owner: Inet6Device, bytes: Uint8Array, at: number): boolean {
  const groups = owner.groups;
  for (let i = 0; i < groups.length; i++) {
    if (equal6(groups[i].address, bytes, 0, at) && !groups[i].left) return true;
  }
  return false;
}

/** What every interface listens to from the beginning: one list for all that joined nothing else. */
const ALL_NODES: readonly MulticastGroup6[] = [LINK_ALL_NODES, INTERFACE_ALL_NODES].map((address) => ({
  address,
  users: 1,
  pending: 0,
  left: false,
  timer: null,
}));

export function joinAllNodes(owner: Inet6Device): void {
  owner.groups = ALL_NODES;
  listen(owner.device, LINK_ALL_NODES, 1);
}

/** The group as this interface's own, so that it may be changed. */
function unshared(owner: Inet6Device, group: MulticastGroup6): MulticastGroup6 {
  if (!ALL_NODES.includes(group)) return group;
  const own = { ...group };
  owner.groups = owner.groups.map((one) => one === group ? own : one);
  return own;
}

function forget(owner: Inet6Device, group: MulticastGroup6): void {
  owner.groups = owner.groups.filter((one) => one !== group);
}

/** Joins once more; reports when it is the first (`__ipv6_dev_mc_inc`). */
export function joinGroup6(ip: Ipv6, owner: Inet6Device, address: Ipv6Address): void {
  let group = owner.groups.find((one) => equal6(one.address, address));
  if (group !== undefined && !group.left) {
    unshared(owner, group).users++;
    return;
  }
  if (group === undefined) {
    group = { address: smallCopy(address), users: 1, pending: 0, left: false, timer: null };
    owner.groups = [group].concat(owner.groups);
  }
  group.left = false;
  group.users = 1;
  listen(owner.device, address, 1);
  if (owner.ready) announceChange(ip, owner, group);
}

/** Leaves once; when it was the last, says so (`__ipv6_dev_mc_dec`). False when it was not joined. */
export function leaveGroup6(ip: Ipv6, owner: Inet6Device, address: Ipv6Address): boolean {
  let group = owner.groups.find((one) => equal6(one.address, address) && !one.left);
  if (group === undefined) return false;
  group = unshared(owner, group);
  if (--group.users > 0) return true;
  listen(owner.device, address, -1);
  if (group.timer !== null) ip.host.world.scheduler.cancel(group.timer);
  group.timer = null;
  if (owner.ready && !owner.dead && reported(address) && (owner.device.flags & IFF_LOOPBACK) === 0) {
    group.left = true;
    announceChange(ip, owner, group);
  } else forget(owner, group);
  return true;
}

/** Sets the link-layer filter (`dev_mc_add`, `dev_mc_del`). */
function listen(device: Interface, group: Ipv6Address, change: 1 | -1): void {
  if ((device.flags & IFF_LOOPBACK) !== 0 || (group[1] & 15) < 2) return;
  joinLinkGroup(device, 0x333300000000 + get32(group, 12), change); // RFC 2464 section 7
}

/** A socket's membership. */
export function socketJoin6(ip: Ipv6, owner: Inet6Device | null, group: Ipv6Address): void {
  if (group[0] !== 0xff) throw new KernelError(Errno.EINVAL);
  if (owner === null) throw new KernelError(Errno.ENODEV);
  joinGroup6(ip, owner, group);
}

function announceChange(ip: Ipv6, owner: Inet6Device, group: MulticastGroup6): void {
  if (!reported(group.address) || (owner.device.flags & IFF_LOOPBACK) !== 0) return;
  if (speaksVersion1(ip, owner)) {
    sendVersion1(ip, owner, group.left ? ICMPV6_MLD_DONE : ICMPV6_MLD_REPORT, group.address);
    if (group.left) forget(owner, group);
    return;
  }
  group.pending = owner.robustness;
  startReports(ip, owner, 0);
}

function startReports(ip: Ipv6, owner: Inet6Device, spread: number): void {
  const reports = owner.reports ??= { timer: new Timer(() => report(ip, owner)), count: 0 };
  if (spread === 0) reports.count = owner.robustness;
  ip.host.world.scheduler.after(reports.timer, Math.floor(ip.random.float() * spread) + TICKS);
}

/** Sends one report of all changes that are not yet reported often enough (`mld_ifc_work`). */
function report(ip: Ipv6, owner: Inet6Device): void {
  if (owner.dead || !owner.device.up) {
    owner.reports = null;
    return;
  }
  const changes = owner.groups.filter((group) => group.pending > 0);
  if (changes.length > 0) {
    sendReport(ip, owner, changes, (group) => group.left ? CHANGE_TO_INCLUDE : CHANGE_TO_EXCLUDE);
  }
  for (const group of changes) {
    if (--group.pending === 0 && group.left) forget(owner, group);
  }
  const reports = owner.reports!;
  if (--reports.count > 0) startReports(ip, owner, owner.config.mldv2_unsolicited_report_interval * MS);
  else owner.reports = null;
}

/** The interface came up, or was plugged in elsewhere: all groups are reported (`ipv6_mc_up`). */
export function multicastUp(ip: Ipv6, owner: Inet6Device): void {
  for (const group of owner.groups) announceChange(ip, owner, group);
}

export function multicastDown(ip: Ipv6, owner: Inet6Device): void {
  const scheduler = ip.host.world.scheduler;
  for (const running of [owner.reports, owner.dadReports, owner.queries]) {
    if (running !== null) scheduler.cancel(running.timer);
  }
  owner.reports = owner.dadReports = owner.queries = null;
  for (const group of owner.groups) {
    if (group.pending !== 0) group.pending = 0;
    if (group.timer !== null) scheduler.cancel(group.timer);
    if (group.timer !== null) group.timer = null;
    if (group.left) forget(owner, group);
    else if (owner.dead) listen(owner.device, group.address, -1);
  }
}

/** Reports made while the source was tentative came from `::`: they are made again (`ipv6_mc_dad_complete`). */
export function reportAfterDad(ip: Ipv6, owner: Inet6Device): void {
  if (speaksVersion1(ip, owner)) return;
  owner.dadReports = { timer: new Timer(() => reportInitial(ip, owner)), count: owner.robustness };
  reportInitial(ip, owner);
}

function reportInitial(ip: Ipv6, owner: Inet6Device): void {
  const running = owner.dadReports;
  if (running === null || owner.dead) return;
  const groups = owner.groups.filter((group) => reported(group.address) && !group.left);
  if (groups.length > 0) sendReport(ip, owner, groups, () => CHANGE_TO_EXCLUDE);
  if (--running.count > 0) {
    const spread = owner.config.mldv2_unsolicited_report_interval * MS;
    ip.host.world.scheduler.after(running.timer, Math.floor(ip.random.float() * spread) + TICKS);
  } else owner.dadReports = null;
}

/** Octets of the hop-by-hop header with the router alert (RFC 2711) and its padding. */
const ALERT = Uint8Array.of(58, 0, 5, 2, 0, 0, 1, 0);

function sendReport(
  ip: Ipv6,
  owner: Inet6Device,
  groups: MulticastGroup6[],
  kind: (group: MulticastGroup6) => number,
): void {
  if (!owner.device.up) return;
  const most = Math.max(1, Math.floor((owner.mtu - 40 - 8 - 8) / 20));
  for (let from = 0; from < groups.length; from += most) {
    const some = groups.slice(from, from + most);
    const length = 8 + some.length * 20;
    const packet = newMldPacket(ip, length);
    const { bytes, transport: at } = packet;
    bytes[at] = ICMPV6_MLD2_REPORT;
    put16(bytes, at + 6, some.length);
    for (let i = 0; i < some.length; i++) {
      const record = at + 8 + i * 20;
      bytes[record] = kind(some[i]);
      bytes.set(some[i].address, record + 4);
    }
    sendMld(ip, owner, packet, MLDV2_ROUTERS);
  }
}

function sendVersion1(ip: Ipv6, owner: Inet6Device, type: number, group: Ipv6Address): void {
  const packet = newMldPacket(ip, 24);
  const { bytes, transport: at } = packet;
  bytes[at] = type;
  bytes.set(group, at + 8);
  sendMld(ip, owner, packet, type === ICMPV6_MLD_DONE ? LINK_ALL_ROUTERS : group);
}

function newMldPacket(ip: Ipv6, length: number): Packet {
  const packet = ip.host.world.packets.allocate(8 + length);
  packet.tail = packet.head + 8 + length;
  packet.bytes.fill(0, packet.head, packet.tail);
  packet.bytes.set(ALERT, packet.head);
  packet.transport = packet.head + 8;
  return packet;
}

function sendMld(ip: Ipv6, owner: Inet6Device, packet: Packet, destination: Ipv6Address): void {
  const source = owner.linkLocal(IFA_F_TENTATIVE)?.local ?? IN6ADDR_ANY;
  finishIcmp6(packet, source, destination);
  ip.host.mib.icmp6.OutMsgs++;
  sendLinkScope(ip, owner.device, packet, NEXTHDR_HOP, source, destination, 1);
  ip.countIcmpOut(packet.bytes[packet.transport]);
}

function speaksVersion1(ip: Ipv6, owner: Inet6Device): boolean {
  const forced = ip.allConfig.force_mld_version || owner.config.force_mld_version;
  if (forced !== 0) return forced === 1;
  return owner.queries !== null && owner.queries.v1Until > ip.now;
}

/** A querier asks who listens (`igmp6_event_query`): answered after a random part of the time that it allows. */
export function queryInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  const { bytes, head: at } = packet;
  const length = packet.tail - at;
  if (length < 24 || !isLinkLocal6(bytes, packet.network + IPV6_SOURCE)) return;
  const code = get16(bytes, at + 4);
  let most = code;
  if (length >= 28) {
    if (code >= 0x8000) most = ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3);
    if ((bytes[at + 24] & 7) > 0) owner.robustness = bytes[at + 24] & 7;
  } else {
    owner.queries ??= { timer: new Timer(() => {}), v1Until: 0 };
    owner.queries.v1Until = ip.now + (owner.robustness * 125000 + most) * MS;
  }
  const general = isAny6(bytes, at + 8);
  const scheduler = ip.host.world.scheduler;
  for (const group of owner.groups) {
    if (!reported(group.address) || group.left || (!general && !equal6(group.address, bytes, 0, at + 8))) continue;
    const due = ip.now + Math.floor(ip.random.float() * most * MS);
    const timer = group.timer ??= new Timer(() => answerQuery(ip, owner, group));
    if (!timer.armed || timer.at > due) scheduler.arm(timer, due);
  }
}

/** Answers for all groups whose time has come too. */
function answerQuery(ip: Ipv6, owner: Inet6Device, group: MulticastGroup6): void {
  if (owner.dead || group.left) return;
  if (speaksVersion1(ip, owner)) sendVersion1(ip, owner, ICMPV6_MLD_REPORT, group.address);
  else sendReport(ip, owner, [group], () => IS_EXCLUDE);
}

/** Another's version 1 report spares us ours (RFC 2710 section 4). */
export function reportInput(ip: Ipv6, owner: Inet6Device, packet: Packet): void {
  if (packet.tail - packet.head < 24 || !speaksVersion1(ip, owner)) return;
  for (const group of owner.groups) {
    if (group.timer !== null && equal6(group.address, packet.bytes, 0, packet.head + 8)) {
      ip.host.world.scheduler.cancel(group.timer);
    }
  }
}
