/** The window that we offer (RFC 9293 section 3.8.6, RFC 7323 section 2; `tcp_select_window`), and what packets cost of the buffer. */
import type { Connection } from "./connection.ts";
import type { Packet } from "../../wire/packet.ts";

/** What a received packet takes of the receive buffer: `skb->truesize`. */
export function cost(packet: Packet, length: number): number {
  if (packet.truesize !== 0) return packet.truesize;
  // A linear buffer as a driver makes it: padding, the data and skb_shared_info from kmalloc, and the sk_buff.
  const size = length + packet.head - packet.network + 64 + 320;
  if (size <= 704) return 704 + 256;
  return (1 << (32 - Math.clz32(size - 1))) + 256;
}

/** How much of `space` octets of buffer is payload (`tcp_win_from_space`). */
export function windowFromSpace(c: Connection, space: number): number {
  return Math.floor(space * c.scalingRatio / 256);
}

export function spaceFromWindow(c: Connection, window: number): number {
  return Math.floor(window * 256 / c.scalingRatio);
}

export function freeSpace(c: Connection): number {
  return windowFromSpace(c, c.receiveBuffer - c.receiveQueued);
}

export function fullSpace(c: Connection): number {
  return windowFromSpace(c, c.receiveBuffer);
}

/** What is left of the window that we offered last (`tcp_receive_window`). */
export function receiveWindow(c: Connection): number {
  const window = (c.rcvWup + c.rcvWnd - c.rcvNxt) | 0;
  return window < 0 ? 0 : window;
}

/** A window that may be offered without silly-window syndrome (RFC 9293 section 3.8.6.2.2; `__tcp_select_window`). */
export function chooseWindow(c: Connection): number {
  let mss = c.rcvMss;
  let free = freeSpace(c);
  const allowed = fullSpace(c);
  const full = Math.min(c.windowClamp, allowed);
  if (mss > full) {
    mss = full;
    if (mss <= 0) return 0;
  }
  const shrink = c.tcp.sysctls.shrinkWindow !== 0 && c.rcvScale !== 0;
  const unit = 1 << c.rcvScale;
  if (free < full >> 1) {
    c.quick = 0; // buffer space is short: do not ask for more by quick acknowledgements
    if (!shrink) {
      free = Math.floor(free / unit) * unit;
      if (free < allowed >> 4 || free < mss) return 0;
    } else if (free <= 0) return 0;
  }
  if (free > c.rcvSsthresh) free = c.rcvSsthresh;
  if (c.rcvScale !== 0) return alignUp(free, unit);
  let window = c.rcvWnd;
  if (window <= free - mss || window > free) window = free - free % mss;
  else if (mss === full && free > window + (full >> 1)) window = free;
  return window;
}

export function alignUp(value: number, unit: number): number {
  return value + (unit - value % unit) % unit;
}

/** Decides on the window of the segment about to be sent; the value of the header's field. */
export function selectWindow(c: Connection): number {
  const was = c.rcvWnd;
  const current = receiveWindow(c);
  let window = chooseWindow(c);
  if (window < current && !(c.tcp.sysctls.shrinkWindow !== 0 && c.rcvScale !== 0)) {
    // Never shrink what was offered.
    if (window === 0) c.tcp.ext.TCPWantZeroWindowAdv++;
    window = alignUp(current, 1 << c.rcvScale);
  }
  c.rcvWnd = window;
  c.rcvWup = c.rcvNxt;
  window = c.rcvScale === 0 ? Math.min(window, 65535) : Math.min(window, 65535 << c.rcvScale) >>> c.rcvScale;
  if (window === 0) {
    if (was !== 0) c.tcp.ext.TCPToZeroWindowAdv++;
  } else if (was === 0) c.tcp.ext.TCPFromZeroWindowAdv++;
  return window;
}

/** The first window and the scale to offer (`tcp_select_initial_window`). */
export function initialWindow(
  space: number,
  mss: number,
  clamp: number,
  scaling: boolean,
  maxBuffer: number,
  routeWindow: number,
): { window: number; scale: number; clamp: number } {
  if (clamp === 0) clamp = 65535 << 14;
  space = Math.min(clamp, space);
  if (space > mss) space -= space % mss;
  let window = space; // what a SYN's field cannot say is offered all the same
  if (routeWindow > 0) window = Math.min(window, routeWindow * mss);
  let scale = 0;
  if (scaling) {
    space = Math.min(Math.max(space, maxBuffer, 212992), clamp);
    scale = Math.min(Math.max(31 - Math.clz32(space) - 15, 0), 14);
  }
  return { window, scale, clamp: Math.min(65535 << scale >>> 0, clamp) };
}
