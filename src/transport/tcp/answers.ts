/** Segments that no connection sends: RSTs, and the ACKs of TIME-WAIT and of half-open connections. */
import type { Interface } from "../../device/interface.ts";
import type { Path } from "../../ip/host.ts";
import { get16, get32 } from "../../wire/octets.ts";
import type { Packet } from "../../wire/packet.ts";
import { ACK, RST, TCP_HEADER } from "../../wire/tcp.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Incoming } from "./incoming.ts";
import type { Request } from "./listen.ts";
import { writePaddedTimestamps } from "./options.ts";
import type { Tcp } from "./tcp.ts";
import type { TimeWait } from "./time_wait.ts";
import { leaveChecksum, writeHeader } from "./transmit.ts";

const IPPROTO_TCP = 6;

/** The way back to where a packet came from. */
export function pathBack(tcp: Tcp, packet: Packet, options: ConnectionOptions | null): Path {
  const bytes = packet.bytes, network = packet.network;
  const six = bytes[network] >> 4 === 6;
  const source = six ? bytes.slice(network + 24, network + 40) : get32(bytes, network + 16);
  const destination = six ? bytes.slice(network + 8, network + 24) : get32(bytes, network + 12);
  const linkLocal = six && bytes[network + 8] === 0xfe && (bytes[network + 9] & 0xc0) === 0x80;
  const path = tcp.family(six ? 6 : 4).path({
    destination,
    source,
    device: linkLocal ? packet.device as Interface : null,
    mark: options?.mark ?? 0,
    tos: options?.tos ?? 0,
    protocol: IPPROTO_TCP,
    sourcePort: get16(bytes, packet.transport + 2),
    destinationPort: get16(bytes, packet.transport),
  });
  if (options !== null) {
    path.ttl = options.ttl;
    path.pmtuDiscover = options.pmtuDiscover;
  }
  return path;
}

/** A RST for a segment that is for nobody (RFC 9293 section 3.10.7.1; `tcp_v4_send_reset`). */
export function answerReset(tcp: Tcp, packet: Packet, s: Incoming): void {
  if ((s.flags & RST) !== 0) return;
  const path = pathBack(tcp, packet, null);
  if (path.refresh() < 0) return;
  const answer = tcp.host.world.packets.allocate(0);
  const acked = (s.flags & ACK) !== 0;
  writeHeader(
    answer,
    get16(packet.bytes, packet.transport + 2),
    get16(packet.bytes, packet.transport),
    acked ? s.ack : 0,
    acked ? 0 : s.end,
    acked ? RST : RST | ACK,
    0,
    TCP_HEADER,
  );
  leaveChecksum(answer, path.pseudoSum(IPPROTO_TCP, TCP_HEADER));
  tcp.counters.OutSegs++;
  tcp.counters.OutRsts++;
  path.send(answer, IPPROTO_TCP);
}

function sendAck(
  tcp: Tcp,
  path: Path,
  endpoint: Endpoint,
  sequence: number,
  acknowledgement: number,
  window: number,
  value: number,
  echo: number,
  timestamps: boolean,
): void {
  if (path.refresh() < 0) return;
  const packet = tcp.host.world.packets.allocate(0);
  const size = timestamps ? TCP_HEADER + 12 : TCP_HEADER;
  const at = writeHeader(
    packet,
    endpoint.localPort,
    endpoint.remotePort,
    sequence,
    acknowledgement,
    ACK,
    window,
    size,
  );
  if (timestamps) writePaddedTimestamps(packet.bytes, at + TCP_HEADER, value, echo);
  leaveChecksum(packet, path.pseudoSum(IPPROTO_TCP, size));
  tcp.counters.OutSegs++;
  path.send(packet, IPPROTO_TCP);
}

/** What TIME-WAIT answers an old segment with (`tcp_v4_timewait_ack`). */
export function sendTimeWaitAck(tcp: Tcp, tw: TimeWait, packet: Packet): void {
  const value = (Math.floor(tcp.now / 1000) + tw.tsOffset) | 0;
  const window = tw.rcvWnd >> tw.rcvScale;
  sendAck(tcp, pathBack(tcp, packet, null), tw, tw.sndNxt, tw.rcvNxt, window, value, tw.tsRecent, tw.timestampsOk);
}

/** Tells the peer of a half-open connection what we expect (`tcp_v4_reqsk_send_ack`). */
export function sendRequestAck(request: Request, rcvNxt: number): void {
  const { tcp } = request.listener;
  const value = (Math.floor(tcp.now / 1000) + request.tsOffset) | 0;
  const window = request.rcvWnd >> (request.sndScale >= 0 ? request.rcvScale : 0);
  sendAck(
    tcp,
    request.path,
    request,
    (request.sntIsn + 1) | 0,
    rcvNxt,
    Math.min(window, 65535),
    value,
    request.tsRecent,
    request.timestampsOk,
  );
}
