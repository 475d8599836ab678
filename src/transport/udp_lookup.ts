/**
 * How well a datagram fits a socket (`compute_score` in net/ipv4/udp.c and net/ipv6/udp.c). A socket bound to the very address
 * goes before one bound to any, whatever else they have; -1 does not fit at all.
 *
 * @module
 */
import type { Interface } from "../device/interface.ts";
import { IPV4_DESTINATION, IPV4_SOURCE } from "../wire/ipv4.ts";
import { equal6, IPV6_DESTINATION, IPV6_SOURCE } from "../wire/ipv6.ts";
import { get16, get32 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import { UDP_SOURCE } from "../wire/udp.ts";
import type { UdpSocket } from "./udp_socket.ts";

const BOUND_ADDRESS = 64;

export function score4(
  socket: UdpSocket,
  source: number,
  sourcePort: number,
  destination: number,
  device: Interface | null,
): number {
  let score = socket.family === 4 ? 2 : 1;
  const local = socket.local4;
  if (local === destination) score += BOUND_ADDRESS;
  else if (local !== 0) return -1;
  if (socket.remoteAddress !== null) {
    if (socket.remote4 !== source || (socket.remotePort !== sourcePort && socket.remotePort !== 0)) return -1;
    score += 8;
  }
  if (socket.device !== null) {
    if (socket.device !== device) return -1;
    score += 4;
  }
  return score;
}

/** The addresses are at offsets of `bytes`. */
export function score6(
  socket: UdpSocket,
  bytes: Uint8Array,
  source: number,
  sourcePort: number,
  destination: number,
  device: Interface | null,
): number {
  if (socket.family === 4) return -1;
  let score = 0;
  if (!socket.localAny) {
    if (!equal6(socket.localAddress as Uint8Array, bytes, 0, destination)) return -1;
    score += BOUND_ADDRESS;
  }
  if (socket.remoteAddress !== null) {
    if (socket.remotePort !== sourcePort && socket.remotePort !== 0) return -1;
    if (!equal6(socket.remoteAddress as Uint8Array, bytes, 0, source)) return -1;
    score += 2;
  }
  if (socket.device !== null) {
    if (socket.device !== device) return -1;
    score++;
  }
  return score;
}

/** Whether a broadcast or multicast is for this socket (`__udp_is_mcast_sock`). */
export function takes4(socket: UdpSocket, packet: Packet): boolean {
  const bytes = packet.bytes, ip = packet.network;
  const group = get32(bytes, ip + IPV4_DESTINATION);
  const source = get32(bytes, ip + IPV4_SOURCE), sourcePort = get16(bytes, packet.transport + UDP_SOURCE);
  const device = packet.device as Interface | null;
  if (score4(socket, source, sourcePort, group, device) < 0) return false;
  return group >>> 28 !== 14 || socket.takesGroup(group, device);
}

export function takes6(socket: UdpSocket, packet: Packet): boolean {
  const bytes = packet.bytes, ip = packet.network;
  const sourcePort = get16(bytes, packet.transport + UDP_SOURCE);
  const device = packet.device as Interface | null;
  if (score6(socket, bytes, ip + IPV6_SOURCE, sourcePort, ip + IPV6_DESTINATION, device) < 0) return false;
  return socket.takesGroup(bytes.subarray(ip + IPV6_DESTINATION, ip + IPV6_DESTINATION + 16), device);
}
