/**
 * Received data: the queue in order that the application reads, the queue beyond holes, and the SACK blocks that tell of it
 * (RFC 2018, RFC 2883). Packets are linked by `next`; `control` and `control2` are the sequence numbers of their payload, which
 * lies at [head, tail).
 *
 * @module
 */
import type { Packet } from "../../wire/packet.ts";
import type { Connection } from "./connection.ts";
import { cost, freeSpace } from "./window.ts";
import { after, before } from "./sequence.ts";
import { copyOctets } from "./transmit.ts";
import { SEGMENT_OVERHEAD } from "./segment_queue.ts";

/** Blocks that are remembered (`TCP_NUM_SACKS`). */
const BLOCKS = 4;
/** Payloads up to this size are put into the packet before them, if that has room: many small segments hold few buffers. */
const COALESCE = 512;

/** What a packet takes of the receive buffer, kept while it is queued. */
export function price(packet: Packet): number {
  return cost(packet, packet.tail - packet.head);
}

/** Whether TCP of this world made the packet: its payload lies in pages that may be joined to others' (`skb_try_coalesce`). */
function isOurs(packet: Packet): boolean {
  return packet.truesize === SEGMENT_OVERHEAD + packet.tail - packet.head;
}

/** Appends a packet of data in order. */
export function queueReceived(c: Connection, packet: Packet): void {
  const last = c.receivedLast;
  const length = packet.tail - packet.head;
  if (last !== null) {
    if (
      length <= COALESCE && isOurs(packet) && isOurs(last) && last.exclusive &&
      last.tail + length <= last.bytes.length && last.head < last.tail
    ) {
      copyOctets(packet.bytes, packet.head, length, last.bytes, last.tail);
      last.tail += length;
      last.control2 = packet.control2;
      last.truesize += length;
      c.receiveQueued += length;
      c.tcp.ext.TCPRcvCoalesce++;
      packet.release();
      return;
    }
    last.next = packet;
  } else c.received = packet;
  packet.truesize = price(packet);
  c.receiveQueued += packet.truesize;
  packet.next = null;
  c.receivedLast = packet;
}

/** Takes the first packet off the queue in order, when it has been read. */
export function dropFirstReceived(c: Connection): void {
  const packet = c.received!;
  c.received = packet.next;
  if (c.received === null) c.receivedLast = null;
  c.receiveQueued -= packet.truesize;
  packet.next = null;
  packet.release();
}

/** Whether the buffer takes a packet, after making room if need be (`tcp_try_rmem_schedule`, `tcp_prune_queue`). */
export function makeRoom(c: Connection): boolean {
  if (c.receiveQueued <= c.receiveBuffer) return true;
  c.tcp.ext.PruneCalled++;
  clampWindow(c);
  if (c.receiveQueued <= c.receiveBuffer) return true;
  collapse(c);
  if (c.receiveQueued <= c.receiveBuffer) return true;
  if (c.outOfOrder !== null) {
    // Drops what lies furthest beyond the hole: the peer sends it again (`tcp_prune_ofo_queue`).
    c.tcp.ext.OfoPruned++;
    purgeOutOfOrder(c);
    c.sackCount = 0;
    if (c.receiveQueued <= c.receiveBuffer) return true;
  }
  c.tcp.ext.RcvPruned++;
  return false;
}

/** Lets the buffer follow what is in it, within its bound, and narrows what is offered (`tcp_clamp_window`). */
function clampWindow(c: Connection): void {
  c.quick = 0;
  const most = c.tcp.sysctls.rmem[2];
  if (c.receiveBuffer < most && c.options.receiveBuffer === 0) c.receiveBuffer = Math.min(c.receiveQueued, most);
  if (c.receiveQueued > c.receiveBuffer) c.rcvSsthresh = Math.min(c.windowClamp, 2 * c.advertisedMss);
}

/** Puts small packets of the queue in order together into few large ones (`tcp_collapse`). */
function collapse(c: Connection): void {
  let packet = c.received;
  let previous: Packet | null = null;
  while (packet !== null && packet.next !== null) {
    const next: Packet = packet.next;
    const length = packet.tail - packet.head, more = next.tail - next.head;
    if (length + more > 4096 || packet.truesize < 2 * length) {
      previous = packet;
      packet = next;
      continue;
    }
    const whole = c.tcp.host.world.packets.allocate(4096);
    copyOctets(packet.bytes, packet.head, length, whole.bytes, whole.head);
    whole.tail = whole.head + length;
    whole.control = packet.control;
    let rest: Packet | null = packet;
    c.receiveQueued -= packet.truesize;
    rest = packet.next;
    packet.release();
    while (rest !== null && whole.tail - whole.head + rest.tail - rest.head <= 4096) {
      const after: Packet | null = rest.next;
      copyOctets(rest.bytes, rest.head, rest.tail - rest.head, whole.bytes, whole.tail);
      whole.tail += rest.tail - rest.head;
      whole.control2 = rest.control2;
      c.receiveQueued -= rest.truesize;
      rest.release();
      c.tcp.ext.TCPRcvCollapsed++;
      rest = after;
    }
    whole.truesize = 4096 + 512;
    c.receiveQueued += whole.truesize;
    whole.next = rest;
    if (previous === null) c.received = whole;
    else previous.next = whole;
    if (rest === null) c.receivedLast = whole;
    previous = whole;
    packet = rest;
  }
}

export function purgeReceived(c: Connection): void {
  while (c.received !== null) dropFirstReceived(c);
}

export function purgeOutOfOrder(c: Connection): void {
  for (let packet = c.outOfOrder; packet !== null;) {
    const next = packet.next;
    c.receiveQueued -= packet.truesize;
    packet.next = null;
    packet.release();
    packet = next;
  }
  c.outOfOrder = c.outOfOrderLast = null;
}

/** Reports data received twice (RFC 2883; `tcp_dsack_set`). */
export function setDsack(c: Connection, start: number, end: number): void {
  if (!c.sackOk || c.tcp.sysctls.dsack === 0) return;
  if (before(start, c.rcvNxt)) c.tcp.ext.TCPDSACKOldSent++;
  else c.tcp.ext.TCPDSACKOfoSent++;
  c.hasDsack = true;
  c.dsackStart = start;
  c.dsackEnd = end;
}

function extendDsack(c: Connection, start: number, end: number): void {
  if (!c.hasDsack) {
    setDsack(c, start, end);
    return;
  }
  if (after(start, c.dsackEnd) || after(c.dsackStart, end)) return;
  if (before(start, c.dsackStart)) c.dsackStart = start;
  if (after(end, c.dsackEnd)) c.dsackEnd = end;
}

/** Queues a packet beyond a hole in the order of its sequence number; takes its reference (`tcp_data_queue_ofo`). */
export function queueOutOfOrder(c: Connection, packet: Packet): void {
  const ext = c.tcp.ext;
  if (!makeRoom(c) || freeSpace(c) <= 0 && c.receiveQueued + price(packet) > 2 * c.receiveBuffer) {
    ext.TCPOFODrop++;
    packet.release();
    return;
  }
  ext.TCPOFOQueue++;
  c.outOfOrderPackets++;
  const start = packet.control, end = packet.control2;
  // Usually it goes to the end.
  let previous: Packet | null = null;
  let next: Packet | null = c.outOfOrder;
  const last = c.outOfOrderLast;
  if (last !== null && !before(start, last.control2)) {
    previous = last;
    next = null;
  } else {
    while (next !== null && !after(next.control, start)) {
      previous = next;
      next = next.next;
    }
  }
  if (previous !== null && before(start, previous.control2)) {
    if (!after(end, previous.control2)) {
      ext.TCPOFOMerge++;
      setDsack(c, start, end);
      newBlock(c, start, end);
      packet.release();
      return;
    }
    setDsack(c, start, previous.control2);
    if (previous.control === start) {
      // It covers the one before it wholly: that one goes.
      previous = removeOutOfOrder(c, previous);
      ext.TCPOFOMerge++;
    }
  }
  while (next !== null && after(end, next.control)) {
    if (before(end, next.control2)) {
      extendDsack(c, next.control, end);
      break;
    }
    extendDsack(c, next.control, next.control2);
    ext.TCPOFOMerge++;
    const covered = next;
    next = next.next;
    removeOutOfOrder(c, covered);
  }
  packet.truesize = price(packet);
  c.receiveQueued += packet.truesize;
  packet.next = next;
  if (previous === null) c.outOfOrder = packet;
  else previous.next = packet;
  if (next === null) c.outOfOrderLast = packet;
  if (c.sackOk) newBlock(c, start, end);
}

/** Unlinks and releases; the packet before it. */
function removeOutOfOrder(c: Connection, packet: Packet): Packet | null {
  let previous: Packet | null = null;
  for (let p = c.outOfOrder; p !== null && p !== packet; p = p.next) previous = p;
  if (previous === null) c.outOfOrder = packet.next;
  else previous.next = packet.next;
  if (c.outOfOrderLast === packet) c.outOfOrderLast = previous;
  c.receiveQueued -= packet.truesize;
  packet.next = null;
  packet.release();
  return previous;
}

/** What may follow the data in order now: true when a FIN came with it (`tcp_ofo_queue`). */
export function drainOutOfOrder(c: Connection): boolean {
  let high = c.rcvNxt;
  for (let packet = c.outOfOrder; packet !== null; packet = c.outOfOrder) {
    if (after(packet.control, c.rcvNxt)) break;
    if (before(packet.control, high)) {
      const end = high;
      if (before(packet.control2, high)) high = packet.control2;
      extendDsack(c, packet.control, end);
    }
    c.outOfOrder = packet.next;
    if (c.outOfOrder === null) c.outOfOrderLast = null;
    packet.next = null;
    c.receiveQueued -= packet.truesize;
    const fin = packet.kind === FIN_MARK;
    if (!after(packet.control2, c.rcvNxt)) {
      packet.release();
      continue;
    }
    packet.head += (c.rcvNxt - packet.control) | 0;
    packet.control = c.rcvNxt;
    c.rcvNxt = packet.control2;
    if (packet.head < packet.tail) queueReceived(c, packet);
    else packet.release();
    if (fin) return true;
  }
  return false;
}

/** `packet.kind` of a queued packet that carries a FIN: it has been received, so its kind is not needed any more. */
export const FIN_MARK = 255;

/** A block of data beyond a hole becomes the first one to report (RFC 2018 section 4; `tcp_sack_new_ofo_skb`). */
function newBlock(c: Connection, start: number, end: number): void {
  if (!c.sackOk) return;
  const edges = c.sacks ??= new Int32Array(2 * BLOCKS);
  let at = 0;
  for (; at < c.sackCount; at++) {
    if (after(start, edges[2 * at + 1]) || after(edges[2 * at], end)) continue;
    if (before(edges[2 * at], start)) start = edges[2 * at];
    if (after(edges[2 * at + 1], end)) end = edges[2 * at + 1];
    break;
  }
  if (at === c.sackCount) {
    if (c.sackCount === BLOCKS) at--;
    else c.sackCount++;
  }
  edges.copyWithin(2, 0, 2 * at);
  edges[0] = start;
  edges[1] = end;
  // Growth may have joined it to others.
  for (let i = 1; i < c.sackCount;) {
    if (after(edges[0], edges[2 * i + 1]) || after(edges[2 * i], edges[1])) {
      i++;
      continue;
    }
    if (before(edges[2 * i], edges[0])) edges[0] = edges[2 * i];
    if (after(edges[2 * i + 1], edges[1])) edges[1] = edges[2 * i + 1];
    edges.copyWithin(2 * i, 2 * i + 2, 2 * c.sackCount);
    c.sackCount--;
  }
}

/** Forgets the blocks that are in order now (`tcp_sack_remove`). */
export function forgetBlocks(c: Connection): void {
  if (c.outOfOrder === null) {
    c.sackCount = 0;
    return;
  }
  const edges = c.sacks!;
  for (let i = 0; i < c.sackCount;) {
    if (before(c.rcvNxt, edges[2 * i])) {
      i++;
      continue;
    }
    edges.copyWithin(2 * i, 2 * i + 2, 2 * c.sackCount);
    c.sackCount--;
  }
}
