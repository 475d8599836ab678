/** IPv6 headers and extension headers. */
import type { Dissector } from "./dissector.ts";
import { hasPorts, printProtocol, protocolName } from "./ip.ts";

const HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60;

export function printIpv6(dissector: Dissector, at: number, length: number): void {
  const { verbose, link } = dissector.options;
  dissector.protocol = "ip6";
  if (!link) dissector.print("IP6 ");
  if (length < 40) {
    dissector.print(`truncated-ip6 ${length}`);
    return;
  }
  const version = dissector.u8(at) >>> 4;
  if (version !== 6) {
    dissector.print(`version error: ${version} != 6`);
    return;
  }
  dissector.need(at, 40);
  const payload = dissector.u16(at + 4);
  let total = payload + 40;
  if (payload === 0 && length > 65535) total = length;
  if (length < total) {
    dissector.print(`truncated-ip6 - ${total - length} bytes missing!`);
    total = length;
  }
  let next = dissector.u8(at + 6);
  if (verbose > 0) {
    const flow = dissector.u32(at);
    dissector.print("(");
    const traffic = (flow >>> 20) & 0xff;
    if (traffic !== 0) dissector.print(`class 0x${traffic.toString(16).padStart(2, "0")}, `);
    if ((flow & 0xfffff) !== 0) dissector.print(`flowlabel 0x${(flow & 0xfffff).toString(16).padStart(5, "0")}, `);
    dissector.print(
      `hlim ${dissector.u8(at + 7)}, next-header ${protocolName(next)} (${next}) payload length: ${payload}) `,
    );
  }
  const outer = dissector.end;
  dissector.end = Math.min(outer, at + total);
  let place = at + 40;
  let left = total - 40;
  let fragmented = false;
  let addressed = false;
  dissector.finalDestination = -1;
  for (;;) {
    if (!addressed && (place === at + 40) && !hasPorts(next)) {
      dissector.print(`${dissector.ipv6(at + 8)} > ${dissector.ipv6(at + 24)}: `);
      addressed = true;
    }
    if (place > dissector.end || (place === dissector.end && left > 0 && isExtension(next))) {
      dissector.protocol = "ip6";
      dissector.need(place, 1);
    }
    let size: number;
    switch (next) {
      case HOP_BY_HOP:
      case DESTINATION:
        dissector.print(next === HOP_BY_HOP ? "HBH " : "DSTOPT ");
        size = (dissector.u8(place + 1) + 1) * 8;
        if (verbose > 0) printOptions(dissector, place + 2, size - 2);
        break;
      case FRAGMENT: {
        size = 8;
        dissector.need(place, 8);
        const field = dissector.u16(place + 2);
        const offset = field & 0xfff8;
        const span = `${offset}|${left - 8}`;
        const id = dissector.u32(place + 4).toString(16).padStart(8, "0");
        dissector.print(verbose > 0 ? `frag (0x${id}:${span})` : `frag (${span})`);
        if (offset !== 0) {
          dissector.end = outer;
          return;
        }
        dissector.print(" ");
        fragmented = true;
        break;
      }
      case ROUTING:
        size = (dissector.u8(place + 1) + 1) * 8;
        printRouting(dissector, place, size);
        break;
      default:
        printProtocol(dissector, next, place, left, at, fragmented, dissector.u8(at + 7));
        dissector.end = outer;
        return;
    }
    next = dissector.u8(place);
    place += size;
    left -= size;
  }
}

function isExtension(next: number): boolean {
  return next === HOP_BY_HOP || next === DESTINATION || next === FRAGMENT || next === ROUTING;
}

/** Options of a hop-by-hop or destination header (RFC 8200 section 4.2). */
function printOptions(dissector: Dissector, at: number, length: number): void {
  const end = at + length;
  while (at < end) {
    const type = dissector.u8(at);
    if (type === 0) {
      if (end - at < 1) return;
      dissector.print("(pad1) ");
      at++;
      continue;
    }
    const size = dissector.u8(at + 1) + 2;
    if (at + size > end) {
      return;
    }
    if (type === 1) dissector.print("(padn) ");
    else if (type === 5) dissector.print(`(rtalert: 0x${dissector.u16(at + 2).toString(16).padStart(4, "0")}) `);
    else if (type === 0xc2) dissector.print(`(jumbo: ${dissector.u32(at + 2)}) `);
    else dissector.print(`(opt_type 0x${type.toString(16).padStart(2, "0")}: len=${size - 2}) `);
    at += size;
  }
}

/** A routing header (RFC 5095, 6275, 8754). */
function printRouting(dissector: Dissector, at: number, size: number): void {
  dissector.protocol = "rt6";
  const length = dissector.u8(at + 1);
  const type = dissector.u8(at + 2);
  const left = dissector.u8(at + 3);
  const verbose = dissector.options.verbose > 0;
  dissector.print(`RT6 (len=${length}, `);
  if (type === 4) {
    dissector.print(
      `type=4, segleft=${left}, last-entry=${dissector.u8(at + 4)}, `,
    );
    if (verbose) dissector.print(`flags=0x${dissector.u8(at + 5).toString(16)}, `);
    dissector.print(`tag=${dissector.u16(at + 6).toString(16)}`);
  } else {
    const deprecated = type === 0 ? " [Deprecated]" : "";
    dissector.print(`type=${type}${deprecated}, segleft=${left}`);
    if (verbose) dissector.print(`, rsv=0x${dissector.u32(at + 4).toString(16)}`);
  }
  for (let i = 0; 8 + 16 * i + 16 <= size; i++) dissector.print(`, [${i}]${dissector.ipv6(at + 8 + 16 * i)}`);
  if (left > 0 && size >= 24) dissector.finalDestination = type === 4 ? at + 8 : at + size - 16;
  dissector.print(") ");
}
