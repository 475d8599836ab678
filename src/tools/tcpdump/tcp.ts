/** TCP segments: flags, relative sequence numbers, options, and the protocols that are text. */
import { type Dissector, hex16, shouldBe } from "./dissector.ts";
import { printDns } from "./dns.ts";
import { printTextProtocol } from "./text.ts";
import { printCutEnds, printEnds } from "./udp.ts";

const FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10, URG = 0x20;
const FLAGS = [[0x01, "F"], [0x02, "S"], [0x04, "R"], [0x08, "P"], [0x10, "."], [0x20, "U"], [0x40, "E"], [
  0x80,
  "W",
]] as const;
/** Octets of a RST's data that are shown. */
const RST_DATA = 30;

export function printTcp(dissector: Dissector, at: number, length: number, ip: number, fragmented: boolean): void {
  const { verbose, quick, noChecksum } = dissector.options;
  dissector.protocol = "tcp";
  if (!dissector.has(at, 4)) {
    printCutEnds(dissector, ip, "tcp");
    return;
  }
  const [source, destination] = [dissector.u16(at), dissector.u16(at + 2)];
  printEnds(dissector, ip, source, destination, "tcp");
  dissector.need(at, 20);
  const headerLength = (dissector.u8(at + 12) >>> 4) * 4;
  if (headerLength < 20) {
    dissector.print(` tcp ${length - headerLength} [bad hdr length ${headerLength} - too short, < 20]`);
    return;
  }
  if (quick) {
    dissector.print(`tcp ${length - headerLength}`);
    if (headerLength > length) dissector.print(` [bad hdr length ${headerLength} - too long, > ${length}]`);
    return;
  }
  const flags = dissector.u8(at + 13);
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name).join("");
  dissector.print(`Flags [${names || "none"}]`);
  let sequence = dissector.u32(at + 4);
  let acknowledgement = dissector.u32(at + 8);
  let sackBase = 0;
  if (!dissector.options.absoluteSequence && (flags & ACK) !== 0) {
    const place = conversation(dissector, ip, source, destination, flags, sequence, acknowledgement);
    sequence = (sequence - place.sequence) >>> 0;
    acknowledgement = (acknowledgement - place.acknowledgement) >>> 0;
    sackBase = place.sackBase;
  }
  if (headerLength > length) {
    dissector.print(` [bad hdr length ${headerLength} - too long, > ${length}]`);
    return;
  }
  if (verbose > 0 && !noChecksum && !fragmented && dissector.has(at, length)) {
    const field = dissector.u16(at + 16);
    const sum = dissector.transportSum(ip, at, length, 6);
    dissector.print(`, cksum ${hex16(field)} `);
    dissector.print(sum === 0xffff ? "(correct)" : `(incorrect -> ${hex16(shouldBe(field, ~sum & 0xffff))})`);
  }
  length -= headerLength;
  if (verbose > 1 || length > 0 || (flags & (SYN | FIN | RST)) !== 0) {
    dissector.print(`, seq ${sequence}`);
    if (length > 0) dissector.print(`:${(sequence + length) >>> 0}`);
  }
  if ((flags & ACK) !== 0) dissector.print(`, ack ${acknowledgement}`);
  dissector.print(`, win ${dissector.u16(at + 14)}`);
  if ((flags & URG) !== 0) dissector.print(`, urg ${dissector.u16(at + 18)}`);
  if (headerLength > 20) {
    dissector.print(", options [");
    if (!printOptions(dissector, at + 20, headerLength - 20, sackBase)) return;
    dissector.print("]");
  }
  dissector.print(`, length ${length}`);
  if (length > 0) printPayload(dissector, at + headerLength, length, source, destination, flags);
}

/** What to subtract from the numbers of a segment, so that its conversation begins at 0 in both directions. */
function conversation(
  dissector: Dissector,
  ip: number,
  source: number,
  destination: number,
  flags: number,
  sequence: number,
  acknowledgement: number,
): { sequence: number; acknowledgement: number; sackBase: number } {
  const six = dissector.bytes[ip] >>> 4 === 6;
  const [from, to] = six ? [ip + 8, ip + 24] : [ip + 12, ip + 16];
  const size = six ? 16 : 4;
  const address = (at: number): string => dissector.bytes.subarray(at, at + size).join(".");
  let reversed = source > destination;
  if (source === destination) {
    for (let i = 0; i < size; i++) {
      const difference = dissector.bytes[from + i] - dissector.bytes[to + i];
      if (difference === 0) continue;
      reversed = difference > 0;
      break;
    }
  }
  const ends = [`${address(from)}:${source}`, `${address(to)}:${destination}`];
  const key = (reversed ? ends.reverse() : ends).join(" ");
  const known = dissector.conversations.get(key);
  if (known === undefined || (flags & SYN) !== 0) {
    const began = reversed
      ? { acknowledgement: sequence, sequence: (acknowledgement - 1) >>> 0 }
      : { sequence, acknowledgement: (acknowledgement - 1) >>> 0 };
    dissector.conversations.set(key, began);
    // The first segment is shown as it is; what it selectively acknowledges is already relative.
    return { sequence: 0, acknowledgement: 0, sackBase: reversed ? began.sequence : began.acknowledgement };
  }
  return reversed
    ? { sequence: known.acknowledgement, acknowledgement: known.sequence, sackBase: known.sequence }
    : { sequence: known.sequence, acknowledgement: known.acknowledgement, sackBase: known.acknowledgement };
}

/** False when an option is malformed: nothing is printed after it. */
function printOptions(dissector: Dissector, at: number, left: number, sackBase: number): boolean {
  let separator = "";
  const bad = (): boolean => {
    dissector.print(`[bad opt]${separator === "" ? "" : "]"}`);
    return false;
  };
  while (left > 0) {
    dissector.print(separator);
    const kind = dissector.u8(at);
    let size = 1;
    if (kind > 1) {
      size = dissector.u8(at + 1);
      if (size < 2 || size > left) return bad();
    }
    const room = left - Math.min(kind > 1 ? 2 : 1, left);
    const used = printOption(dissector, at + 2, kind, size, room, sackBase);
    if (used < 0) return bad();
    const expected = used + (kind > 1 ? 2 : 1);
    if (expected !== size) dissector.print(`[len ${size}]`);
    at += expected;
    left -= expected;
    separator = ",";
    if (kind === 0) break;
  }
  return true;
}

/** One option whose data begins at `at`: the octets of data printed, or -1 when there are too few. */
function printOption(
  dissector: Dissector,
  at: number,
  kind: number,
  size: number,
  room: number,
  sackBase: number,
): number {
  const enough = (length: number): boolean => {
    if (length > room) return false;
    dissector.need(at, length);
    return true;
  };
  const digits = (from: number, length: number): string => {
    let text = "";
    for (let i = 0; i < length; i++) text += dissector.u8(from + i).toString(16).padStart(2, "0");
    return text;
  };
  switch (kind) {
    case 0:
      dissector.print("eol");
      return 0;
    case 1:
      dissector.print("nop");
      return 0;
    case 2:
      dissector.print("mss");
      if (!enough(2)) return -1;
      dissector.print(` ${dissector.u16(at)}`);
      return 2;
    case 3:
      dissector.print("wscale");
      if (!enough(1)) return -1;
      dissector.print(` ${dissector.u8(at)}`);
      return 1;
    case 4:
      dissector.print("sackOK");
      return 0;
    case 5: {
      dissector.print("sack");
      const length = size - 2;
      if (length % 8 !== 0) {
        dissector.print(" invalid sack");
        return length;
      }
      dissector.print(` ${length / 8} `);
      for (let i = 0; i < length; i += 8) {
        if (!enough(i + 8)) return -1;
        const [start, end] = [(dissector.u32(at + i) - sackBase) >>> 0, (dissector.u32(at + i + 4) - sackBase) >>> 0];
        dissector.print(`{${start}:${end}}`);
      }
      return length;
    }
    case 8:
      dissector.print("TS");
      if (!enough(8)) return -1;
      dissector.print(` val ${dissector.u32(at)} ecr ${dissector.u32(at + 4)}`);
      return 8;
    case 19:
      dissector.print("md5");
      if (!enough(16)) return -1;
      dissector.print(` shared secret not supplied with -M, can't check - ${digits(at, 16)}`);
      return 16;
    case 28: {
      dissector.print("uto");
      if (!enough(2)) return -1;
      const value = dissector.u16(at);
      dissector.print(
        ` ${`0x${value.toString(16)}`} ${(value & 1) !== 0 ? (value >> 1) * 60 : value >> 1}`,
      );
      return 2;
    }
    case 34: {
      dissector.print("tfo");
      const length = size - 2;
      if (length === 0) dissector.print("  cookiereq");
      else {
        if (!enough(length)) return -1;
        if (length % 2 !== 0 || length < 4 || length > 16) dissector.print(" invalid");
        else dissector.print(`  cookie ${digits(at, length)}`);
      }
      return length;
    }
    default: {
      dissector.print(`unknown-${kind}`);
      const length = size - 2;
      if (!enough(length)) return -1;
      if (length > 0) dissector.print(` 0x${digits(at, length)}`);
      return length;
    }
  }
}

function printPayload(
  dissector: Dissector,
  at: number,
  length: number,
  source: number,
  destination: number,
  flags: number,
): void {
  if ((flags & RST) !== 0) {
    if (dissector.options.verbose === 0) return;
    dissector.print(dissector.has(at, length) ? " [RST" : " [!RST");
    if (length > RST_DATA) dissector.print("+");
    dissector.print(` ${dissector.safe(at, Math.min(length, RST_DATA))}]`);
    return;
  }
  const either = (...ports: number[]): boolean => ports.includes(source) || ports.includes(destination);
  if (either(53) && length > 2) {
    printDns(dissector, at + 2, length - 2, false, true);
    return;
  }
  const text = either(80, 8080, 3128) ? "http" : either(25) ? "smtp" : either(21) ? "ftp" : either(554) ? "rtsp" : null;
  if (text !== null) {
    dissector.print(": ");
    printTextProtocol(dissector, at, length, text);
  }
}
