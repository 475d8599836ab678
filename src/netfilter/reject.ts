/** `reject`: the sender is told, and the packet goes no further (`nf_reject_ipv4.c`, `nf_reject_ipv6.c`). */
import { icmp6Error } from "../ip/icmp6.ts";
import { type IpHost, NF_PRE_ROUTING } from "../ip/host.ts";
import { inDevice } from "../ip/in_device.ts";
import { filteredOutput, localOutput, putHeader } from "../ip/ipv4_output.ts";
import { flow4 } from "../ip/flow4.ts";
import { type Route4, RTCF_BROADCAST, RTCF_MULTICAST } from "../ip/route4.ts";
import { routeInput } from "../ip/route_input4.ts";
import { routeOutput } from "../ip/route_output4.ts";
import { fold, sumOctets } from "../wire/checksum.ts";
import { ICMP_DEST_UNREACH, ICMPV6_DEST_UNREACH } from "../wire/icmp.ts";
import { IP_DF, IPPROTO_TCP } from "../wire/ipv4.ts";
import { get32, put16, put32 } from "../wire/octets.ts";
import { CHECKSUM_UNNECESSARY, type Packet } from "../wire/packet.ts";
import { ACK, FIN, RST, SYN, TCP_CHECKSUM, TCP_FLAGS, TCP_HEADER } from "../wire/tcp.ts";
import type { Statement } from "./chain.ts";
import { CT_IS_REPLY, CT_RELATED } from "./connection.ts";
import { BREAK, DROP, type HookState } from "./hook_state.ts";

/** With a TCP reset, or with the code of Destination Unreachable for either version; -1: not for that version. */
export class Reject implements Statement {
  constructor(readonly reset: boolean, readonly code4: number, readonly code6: number) {}

  run(state: HookState): number {
    const { packet, version } = state;
    const { host } = state.netfilter;
    if (this.reset) {
      if (state.protocol !== IPPROTO_TCP) return BREAK;
      if (!state.has(IPPROTO_TCP, TCP_HEADER) || (state.bytes[state.transport + TCP_FLAGS] & RST) !== 0) return DROP;
      if (version === 4) sendReset4(host, state);
      else sendReset6(host, state);
    } else if (version === 4) {
      if (this.code4 < 0) return BREAK;
      if (packet.route === null && !findRoute(state)) return DROP;
      host.ipv4.icmp.send(packet, ICMP_DEST_UNREACH, this.code4, 0);
    } else {
      if (this.code6 < 0) return BREAK;
      icmp6Error(host.ipv6, packet, ICMPV6_DEST_UNREACH, this.code6, 0);
    }
    return DROP;
  }
}

/** A packet that has not been routed yet needs a route for its error (`nf_reject_fill_skb_dst`). */
function findRoute(state: HookState): boolean {
  const { packet, input, bytes, network } = state;
  if (state.place !== NF_PRE_ROUTING || input === null) return false;
  const own = inDevice(input);
  if (own === null) return false;
  const destination = get32(bytes, network + 16);
  return routeInput(
    state.netfilter.host.ipv4,
    packet,
    destination,
    get32(bytes, network + 12),
    bytes[network + 1],
    own,
  ) ===
    0;
}

/** The reset that answers the segment of `state`, with its TCP header only (`nf_reject_ip_tcphdr_put`). */
function resetSegment(host: IpHost, state: HookState): Packet {
  const { bytes, transport, tail } = state;
  const reset = host.world.packets.allocate(TCP_HEADER);
  const { bytes: out, head } = reset;
  reset.tail = head + TCP_HEADER;
  reset.transport = head;
  out.fill(0, head, reset.tail);
  out[head] = bytes[transport + 2];
  out[head + 1] = bytes[transport + 3];
  out[head + 2] = bytes[transport];
  out[head + 3] = bytes[transport + 1];
  out[head + 12] = 0x50;
  const flags = bytes[transport + TCP_FLAGS];
  if ((flags & ACK) !== 0) {
    put32(out, head + 4, get32(bytes, transport + 8));
    out[head + TCP_FLAGS] = RST;
  } else {
    const header = (bytes[transport + 12] >>> 4) << 2;
    let length = tail - transport - header;
    if ((flags & SYN) !== 0) length++;
    if ((flags & FIN) !== 0) length++;
    put32(out, head + 8, (get32(bytes, transport + 4) + length) >>> 0);
    out[head + TCP_FLAGS] = RST | ACK;
  }
  reset.checksum = CHECKSUM_UNNECESSARY;
  return reset;
}

function sendReset4(host: IpHost, state: HookState): void {
  const { ipv4 } = host;
  const { bytes, network, packet } = state;
  if (packet.route === null && !findRoute(state)) return;
  if (((packet.route as Route4).flags & (RTCF_BROADCAST | RTCF_MULTICAST)) !== 0) return;
  const flow = flow4();
  const source = flow.source = get32(bytes, network + 16);
  const destination = flow.destination = get32(bytes, network + 12);
  flow.protocol = IPPROTO_TCP;
  const route = routeOutput(ipv4, flow, true);
  if (route === null) return;
  const reset = resetSegment(host, state);
  const sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + IPPROTO_TCP +
    TCP_HEADER;
  put16(reset.bytes, reset.head + TCP_CHECKSUM, ~fold(sumOctets(reset.bytes, reset.head, reset.tail, sum)) & 0xffff);
  const ttl = route.info?.metrics?.hoplimit ?? ipv4.settings.ip_default_ttl;
  putHeader(ipv4, reset, source, destination, IPPROTO_TCP, 0, ttl, IP_DF, 0);
  const mtu = route.mtu(host.world.scheduler.now);
  if (packet.connection === null) {
    localOutput(ipv4, reset, route, mtu);
    return;
  }
  // It belongs to the connection that it ends (`nf_ct_attach`).
  reset.connection = packet.connection;
  reset.connectionInfo = packet.connectionInfo >= CT_IS_REPLY ? CT_RELATED : CT_RELATED + CT_IS_REPLY;
  filteredOutput(ipv4, reset, route, mtu);
}

function sendReset6(host: IpHost, state: HookState): void {
  const { bytes, network } = state;
  if (bytes[network + 24] === 0xff) return;
  const path = host.ipv6.path({
    destination: bytes.slice(network + 8, network + 24),
    source: bytes.slice(network + 24, network + 40),
    protocol: IPPROTO_TCP,
    anySource: true,
  });
  if (path.refresh() < 0) return;
  const reset = resetSegment(host, state);
  const sum = path.pseudoSum(IPPROTO_TCP, TCP_HEADER);
  put16(reset.bytes, reset.head + TCP_CHECKSUM, ~fold(sumOctets(reset.bytes, reset.head, reset.tail, sum)) & 0xffff);
  path.send(reset, IPPROTO_TCP);
}
