/** Room in the send buffer, and who waits for it (`sk_stream_write_space`). */
import { type Connection, WAKE_WRITABLE } from "./connection.ts";
import { expandSendBuffer } from "./establish.ts";

/** `tcp_check_space` */
export function checkSpace(c: Connection): void {
  if (c.options.sendBuffer === 0 && c.packetsOut - c.sackedOut - c.lostOut + c.retransmitOut < c.cwnd) {
    expandSendBuffer(c);
    c.cwndStamp = c.tcp.now;
  }
  if (isWriteable(c)) {
    c.wantsSpace = false;
    c.wake |= WAKE_WRITABLE;
  }
}

/** A third of the buffer is free, and not too much is unsent (`sk_stream_is_writeable`). */
export function isWriteable(c: Connection): boolean {
  return c.sendBuffer - c.sendQueued >= c.sendQueued >> 1 && memoryFree(c);
}

/** `sk_stream_memory_free` */
export function memoryFree(c: Connection): boolean {
  if (c.sendQueued >= c.sendBuffer) return false;
  const lowat = c.options.notSentLowat || c.tcp.sysctls.notsentLowat;
  return lowat >= 0x7fffffff || ((c.writeSeq - c.sndNxt) | 0) < lowat;
}
