/** What the application writes and reads: from its buffers into the send queue, from the receive queue into its buffers. */
import { Errno } from "../../wire/errno.ts";
import { HEADROOM } from "../../wire/packet.ts";
import { ACK, PSH } from "../../wire/tcp.ts";
import { inQuickAck } from "./acknowledgement.ts";
import {
  ACK_PUSHED,
  ACK_PUSHED2,
  ACK_SCHEDULED,
  type Connection,
  NAGLE_PUSH,
  SHUTDOWN_READ,
  SHUTDOWN_WRITE,
} from "./connection.ts";
import { isPingpong } from "./acknowledgement.ts";
import { memoryFree } from "./send_buffer.ts";
import { currentMss, sizeGoal } from "./mss.ts";
import { restartAfterIdle } from "./cwnd_validation.ts";
import { checkProbeTimer, nonagleOf, PUSH_ONE, pushPending, writeOut } from "./output.ts";
import { appendOctets } from "./resegment.ts";
import { copyOctets, sendAck } from "./transmit.ts";
import { dropFirstReceived } from "./reassembly.ts";
import { makeSegment, type Segment, SEGMENT_OVERHEAD } from "./segment_queue.ts";
import { after } from "./sequence.ts";
import { CAN_SEND, CLOSE, isOneOf, SYN_RECV, SYN_SENT } from "./states.ts";
import { chooseWindow, receiveWindow, spaceFromWindow, windowFromSpace } from "./window.ts";

/** Takes `error` of the connection, negated, or 0. */
export function takeError(c: Connection): number {
  const error = c.error;
  c.error = 0;
  return -error;
}

/**
 * Queues octets to be sent and sends what may go (`tcp_sendmsg_locked`). How many were taken, or a negative errno: -EAGAIN when
 * the buffer is full.
 */
export function write(c: Connection, bytes: Uint8Array, from: number, to: number, more: boolean): number {
  if (!isOneOf(c.state, CAN_SEND)) {
    if (c.error !== 0) return takeError(c);
    if (!isOneOf(c.state, (1 << SYN_SENT) | (1 << SYN_RECV))) return -Errno.EPIPE;
    if ((c.shutdown & SHUTDOWN_WRITE) !== 0) return -Errno.EPIPE;
    c.wantsSpace = true;
    return -Errno.EAGAIN;
  }
  if (c.error !== 0) return takeError(c);
  if ((c.shutdown & SHUTDOWN_WRITE) !== 0) return -Errno.EPIPE;
  let mss = currentMss(c);
  let goal = sizeGoal(c, mss);
  let at = from;
  while (at < to) {
    let segment = c.queue.unsent !== null ? c.queue.last! : null;
    let room = segment === null ? 0 : goal - segment.length;
    if (room <= 0 || (segment!.flags & 1) !== 0) {
      if (!memoryFree(c)) {
        c.wantsSpace = true;
        break;
      }
      segment = newSegment(c, Math.min(goal, to - at));
      room = goal;
    }
    const take = Math.min(room, to - at);
    append(c, segment!, bytes, at, take);
    at += take;
    if (at === to) break;
    if (segment!.length < goal) continue;
    if (after(c.writeSeq, (c.pushedSeq + (c.maxWindow >> 1)) | 0)) {
      markPush(c, segment!);
      pushPending(c, mss, NAGLE_PUSH);
    } else if (segment === c.queue.unsent) {
      if (writeOut(c, mss, NAGLE_PUSH, PUSH_ONE)) checkProbeTimer(c);
    } else continue;
    mss = currentMss(c);
    goal = sizeGoal(c, mss);
  }
  if (at === from) return at === to ? 0 : -Errno.EAGAIN;
  push(c, mss, more);
  return at - from;
}

/** Sends after a write, with PSH on the last segment (`tcp_push`). */
function push(c: Connection, mss: number, more: boolean): void {
  if (c.queue.unsent === null) return;
  if (!more || after(c.writeSeq, (c.pushedSeq + (c.maxWindow >> 1)) | 0)) markPush(c, c.queue.last!);
  pushPending(c, mss, more ? 2 : nonagleOf(c));
}

function markPush(c: Connection, segment: Segment): void {
  segment.flags |= PSH;
  c.pushedSeq = c.writeSeq;
}

/** An empty segment at the end of the queue, whose packet has room for `size` octets at first. */
function newSegment(c: Connection, size: number): Segment {
  restartAfterIdle(c);
  const segment = makeSegment();
  segment.packet = c.tcp.host.world.packets.allocate(size);
  segment.start = HEADROOM;
  segment.flags = ACK;
  segment.sequence = segment.end = c.writeSeq;
  segment.count = 0;
  c.sendQueued += SEGMENT_OVERHEAD;
  c.queue.push(segment);
  return segment;
}

/** Puts octets of the application behind those of the last segment. */
function append(c: Connection, segment: Segment, bytes: Uint8Array, from: number, length: number): void {
  appendOctets(c, segment, bytes, from, length);
  segment.end = (segment.end + length) | 0;
  segment.flags &= ~PSH;
  c.sendQueued += length;
  c.writeSeq = segment.end;
}

/**
 * Copies received octets into `into` (`tcp_recvmsg_locked`). How many; 0 at the end of the stream; -EAGAIN, or the connection's
 * error. With `peek` they stay.
 */
export function read(c: Connection, into: Uint8Array, from: number, to: number, peek: boolean): number {
  let copied = 0;
  if (peek) {
    for (let packet = c.received; packet !== null && from + copied < to; packet = packet.next) {
      const take = Math.min(packet.tail - packet.head, to - from - copied);
      copyOctets(packet.bytes, packet.head, take, into, from + copied);
      copied += take;
    }
  } else {
    for (let packet = c.received; packet !== null && from + copied < to; packet = c.received) {
      const length = packet.tail - packet.head;
      const take = Math.min(length, to - from - copied);
      copyOctets(packet.bytes, packet.head, take, into, from + copied);
      copied += take;
      if (take === length) dropFirstReceived(c);
      else packet.head += take;
    }
    c.copiedSeq = (c.copiedSeq + copied) | 0;
  }
  if (copied > 0) {
    if (!peek) {
      adjustReceiveSpace(c);
      cleanup(c, copied);
    }
    return copied;
  }
  if (to === from) return 0;
  if (c.streamDone) return 0; // the FIN came, whatever came after it
  if (c.error !== 0) return takeError(c);
  if ((c.shutdown & SHUTDOWN_READ) !== 0) return 0;
  if (c.state === CLOSE) return -Errno.ENOTCONN;
  return -Errno.EAGAIN;
}

/** After reading: acknowledges if that has waited for it, or if the window has opened (`tcp_cleanup_rbuf`). */
function cleanup(c: Connection, copied: number): void {
  if (c.state === CLOSE || !c.hashed) return;
  let now = false;
  if ((c.ackPending & ACK_SCHEDULED) !== 0) {
    const unacknowledged = (c.rcvNxt - c.rcvWup) | 0;
    now = unacknowledged > c.rcvMss ||
      (((c.ackPending & ACK_PUSHED2) !== 0 || ((c.ackPending & ACK_PUSHED) !== 0 && !isPingpong(c))) &&
        c.receiveQueued === 0);
  }
  if (!now && (c.shutdown & SHUTDOWN_READ) === 0) {
    const window = receiveWindow(c);
    if (2 * window <= c.windowClamp) {
      const next = chooseWindow(c);
      now = next !== 0 && next >= 2 * window;
    }
  }
  if (now && copied >= 0) sendAck(c);
}

/** Buffer tuning: room for twice what the application read in an RTT (`tcp_rcv_space_adjust`). */
function adjustReceiveSpace(c: Connection): void {
  if (c.rcvRttUs === 0) return;
  const now = c.tcp.now;
  if (now - c.rcvqTime < c.rcvRttUs >> 3) return;
  const copied = (c.copiedSeq - c.rcvqSeq) | 0;
  if (copied > c.rcvqSpace) growReceiveBuffer(c, copied);
  c.rcvqSeq = c.copiedSeq;
  c.rcvqTime = now;
}

/** `tcp_rcvbuf_grow` */
function growReceiveBuffer(c: Connection, copied: number): void {
  const was = c.rcvqSpace;
  c.rcvqSpace = copied;
  if (c.tcp.sysctls.moderateRcvbuf === 0 || c.options.receiveBuffer !== 0) return;
  let window = copied * 2;
  window += 2 * Math.floor(window * (copied - was) / Math.max(was, 1));
  const buffer = Math.min(spaceFromWindow(c, window), c.tcp.sysctls.rmem[2]);
  if (buffer > c.receiveBuffer) {
    c.receiveBuffer = buffer;
    c.windowClamp = windowFromSpace(c, buffer);
  }
}

/** Whether acknowledgements go out at once: TCP_QUICKACK as getsockopt tells it. */
export function quickAckState(c: Connection): boolean {
  return !isPingpong(c) || inQuickAck(c);
}
