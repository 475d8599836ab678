/** A segment's text and FIN (RFC 9293 section 3.10.7.4, seventh and eighth; `tcp_data_queue`, `tcp_fin`). */
import type { Packet } from "../../wire/packet.ts";
import { CWR, FIN, SYN } from "../../wire/tcp.ts";
import { dataReceived, enterPingpong, enterQuickAck, MAX_QUICK_ACKS } from "./acknowledgement.ts";
import { TIME_WAIT_NS } from "./closing.ts";
import {
  ACK_NOW,
  ACK_SCHEDULED,
  type Connection,
  ECN_DEMAND_CWR,
  ECN_OK,
  ECN_SEEN,
  SHUTDOWN_READ,
  WAKE_READABLE,
} from "./connection.ts";
import type { Incoming } from "./incoming.ts";
import {
  drainOutOfOrder,
  FIN_MARK,
  forgetBlocks,
  makeRoom,
  price,
  purgeOutOfOrder,
  queueOutOfOrder,
  queueReceived,
  setDsack,
} from "./reassembly.ts";
import { measureReceiverRtt } from "./rtt.ts";
import { after, before } from "./sequence.ts";
import { CLOSE_WAIT, CLOSING, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, SYN_RECV, TIME_WAIT } from "./states.ts";
import { sendAck } from "./transmit.ts";
import { receiveWindow } from "./window.ts";

/** `tcp_data_queue` */
export function queueData(c: Connection, packet: Packet, s: Incoming): void {
  if (s.sequence === s.end) {
    packet.release();
    return;
  }
  noteEcn(c, s);
  c.hasDsack = false;
  if (s.sequence !== c.rcvNxt) {
    if (!after(s.end, c.rcvNxt)) {
      c.tcp.ext.DelayedACKLost++;
      setDsack(c, s.sequence, s.end);
      answerAtOnce(c, packet);
      return;
    }
    if (!before(s.sequence, (c.rcvNxt + receiveWindow(c)) | 0)) {
      answerAtOnce(c, packet);
      return;
    }
    if (!before(s.sequence, c.rcvNxt)) {
      c.ackPending |= ACK_SCHEDULED;
      packet.control = s.sequence;
      packet.control2 = s.end;
      if ((s.flags & FIN) !== 0) packet.kind = FIN_MARK;
      queueOutOfOrder(c, packet);
      return;
    }
    setDsack(c, s.sequence, c.rcvNxt);
    if (receiveWindow(c) === 0) {
      c.tcp.ext.TCPZeroWindowDrop++;
      answerAtOnce(c, packet);
      return;
    }
    // The part that is new. A SYN's sequence number has no octet.
    const old = (c.rcvNxt - s.sequence) | 0;
    packet.head += Math.min((s.flags & SYN) !== 0 ? old - 1 : old, s.length);
    s.length = packet.tail - packet.head;
    s.sequence = c.rcvNxt;
  } else if (receiveWindow(c) === 0 && s.length > 0) {
    c.tcp.ext.TCPZeroWindowDrop++;
    answerAtOnce(c, packet);
    return;
  }
  if (!makeRoom(c)) {
    c.ackPending |= ACK_SCHEDULED | ACK_NOW;
    c.wake |= WAKE_READABLE;
    if (c.received !== null && s.length > 0) {
      c.tcp.ext.TCPRcvQDrop++;
      packet.release();
      return;
    }
  }
  takeInOrder(c, packet, s);
}

function answerAtOnce(c: Connection, packet: Packet): void {
  enterQuickAck(c, MAX_QUICK_ACKS);
  c.ackPending |= ACK_SCHEDULED;
  packet.release();
}

function takeInOrder(c: Connection, packet: Packet, s: Incoming): void {
  c.rcvNxt = s.end;
  c.bytesReceived += s.length;
  if (s.length > 0) {
    if (!c.timestampsOk) measureReceiverRtt(c);
    const spent = price(packet);
    packet.control = s.sequence;
    packet.control2 = (s.sequence + s.length) | 0;
    queueReceived(c, packet);
    dataReceived(c, s.length, spent, s.flags);
  } else packet.release();
  let fin = (s.flags & FIN) !== 0;
  if (!fin && c.outOfOrder !== null) {
    fin = drainOutOfOrder(c);
    // RFC 5681 section 4.2: a gap that is filled is acknowledged at once.
    if (c.outOfOrder === null) c.ackPending |= ACK_NOW;
  }
  if (fin) takeFin(c);
  if (c.sackCount !== 0) forgetBlocks(c);
  if (!c.orphan) {
    const ready = (c.rcvNxt - c.copiedSeq) | 0;
    if (ready >= c.options.receiveLowat || c.streamDone || c.receiveQueued * 8 > c.receiveBuffer * 7) {
      c.wake |= WAKE_READABLE;
    }
  }
}

/** `tcp_fin` */
function takeFin(c: Connection): void {
  c.ackPending |= ACK_SCHEDULED;
  c.shutdown |= SHUTDOWN_READ;
  c.streamDone = true;
  purgeOutOfOrder(c);
  c.sackCount = 0;
  switch (c.state) {
    case SYN_RECV:
    case ESTABLISHED:
      c.state = CLOSE_WAIT;
      enterPingpong(c);
      break;
    case FIN_WAIT1:
      sendAck(c);
      c.state = CLOSING;
      break;
    case FIN_WAIT2:
      sendAck(c);
      c.wake |= WAKE_READABLE;
      c.tcp.timeWait(c, TIME_WAIT, TIME_WAIT_NS);
      return;
  }
  c.wake |= WAKE_READABLE;
}

/** RFC 3168 section 6.1.3: Congestion Experienced is echoed until CWR comes (`tcp_ecn_check_ce`). */
function noteEcn(c: Connection, s: Incoming): void {
  if ((c.ecn & ECN_OK) === 0) return;
  if ((s.flags & CWR) !== 0) {
    c.ecn &= ~ECN_DEMAND_CWR;
    if (s.length > 0) c.ackPending |= ACK_NOW;
  }
  if (s.ecn === 3) {
    if ((c.ecn & ECN_DEMAND_CWR) === 0) {
      enterQuickAck(c, 2);
      c.ecn |= ECN_DEMAND_CWR;
    }
    c.ecn |= ECN_SEEN;
  } else if (s.ecn !== 0) c.ecn |= ECN_SEEN;
  else if ((c.ecn & ECN_SEEN) !== 0) enterQuickAck(c, 2); // not capable: perhaps a retransmission
}
