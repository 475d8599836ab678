/** DNS messages (RFC 1035), as far as lookups need them. */
import type { Dissector } from "./dissector.ts";
import { safeCharacter } from "./dissector.ts";

const OPERATIONS = [
  "",
  " inv_q",
  " stat",
  " op3",
  " notify",
  " update",
  " op6",
  " op7",
  " op8",
  " updateA",
  " updateD",
  " updateDA",
  " updateM",
  " updateMA",
  " zoneInit",
  " zoneRef",
];

const RESPONSES = [
  "",
  " FormErr",
  " ServFail",
  " NXDomain",
  " NotImp",
  " Refused",
  " YXDomain",
  " YXRRSet",
  " NXRRSet",
  " NotAuth",
  " NotZone",
  " Resp11",
  " Resp12",
  " Resp13",
  " Resp14",
  " NoChange",
];

const TYPES: Readonly<Record<number, string>> = {
  1: "A",
  2: "NS",
  3: "MD",
  4: "MF",
  5: "CNAME",
  6: "SOA",
  7: "MB",
  8: "MG",
  9: "MR",
  10: "NULL",
  11: "WKS",
  12: "PTR",
  13: "HINFO",
  14: "MINFO",
  15: "MX",
  16: "TXT",
  17: "RP",
  18: "AFSDB",
  28: "AAAA",
  29: "LOC",
  33: "SRV",
  35: "NAPTR",
  39: "DNAME",
  41: "OPT",
  43: "DS",
  44: "SSHFP",
  46: "RRSIG",
  47: "NSEC",
  48: "DNSKEY",
  50: "NSEC3",
  52: "TLSA",
  64: "SVCB",
  65: "HTTPS",
  250: "TSIG",
  251: "IXFR",
  252: "AXFR",
  253: "MAILB",
  254: "MAILA",
  255: "ANY",
  257: "CAA",
};

const CLASSES: Readonly<Record<number, string>> = { 1: "IN", 3: "CHAOS", 4: "HS", 255: "ANY" };
const HEADER = 12;
/** The longest run of pointers that a name may have before it is taken for a loop. */
const POINTERS_LIMIT = 128;

/** Prints a domain name; where the octets after it begin, or null when it is malformed or not captured. */
export function printName(dissector: Dissector, at: number, message: number): number | null {
  let after = -1;
  let text = "";
  let jumps = 0;
  for (;;) {
    if (!dissector.has(at, 1)) {
      dissector.print(text);
      return null;
    }
    const length = dissector.u8(at);
    if ((length & 0xc0) === 0xc0) {
      if (!dissector.has(at, 2)) return null;
      if (after < 0) after = at + 2;
      at = message + (dissector.u16(at) & 0x3fff);
      if (++jumps > POINTERS_LIMIT) {
        dissector.print(text + "<LOOP>");
        return null;
      }
      continue;
    }
    if ((length & 0xc0) !== 0) {
      dissector.print(text + (length === 0x41 ? "" : `<ELT ${length & 0x3f}>`));
      return null;
    }
    at++;
    if (length === 0) break;
    for (let i = 0; i < length && dissector.has(at + i, 1); i++) text += safeCharacter(dissector.u8(at + i));
    if (!dissector.has(at, length)) {
      dissector.print(text);
      return null;
    }
    text += ".";
    at += length;
  }
  dissector.print(text === "" ? "." : text);
  return after < 0 ? at : after;
}

function skipName(dissector: Dissector, at: number): number | null {
  for (;;) {
    if (!dissector.has(at, 1)) return null;
    const length = dissector.u8(at);
    if ((length & 0xc0) === 0xc0) return at + 2;
    if ((length & 0xc0) !== 0) return null;
    at += 1 + length;
    if (length === 0) return at;
  }
}

/** A message of `length` octets at `at`. */
export function printDns(dissector: Dissector, at: number, length: number, multicast: boolean, overTcp = false): void {
  void overTcp;
  dissector.protocol = "domain";
  if (length < HEADER) {
    dissector.print(`domain [length ${length} < ${HEADER}]`);
    dissector.invalid();
    return;
  }
  dissector.need(at, HEADER);
  if (overTcp) dissector.print(" ");
  if (!printMessage(dissector, at, multicast)) {
    dissector.truncated();
    return;
  }
  dissector.print(` (${length})`);
}

function printMessage(dissector: Dissector, at: number, multicast: boolean): boolean {
  const { verbose } = dissector.options;
  const flags = dissector.u16(at + 2);
  const [questions, answers, authorities, additional] = [4, 6, 8, 10].map((place) => dissector.u16(at + place));
  const operation = (flags >>> 11) & 15;
  dissector.print(`${dissector.u16(at)}${OPERATIONS[operation]}`);
  const cursor = new Cursor(dissector, at, multicast);
  if ((flags & 0x8000) !== 0) {
    dissector.print(RESPONSES[flags & 15]);
    if ((flags & 0x0400) !== 0) dissector.print("*");
    if ((flags & 0x0080) === 0) dissector.print("-");
    if ((flags & 0x0200) !== 0) dissector.print("|");
    if ((flags & 0x0020) !== 0) dissector.print("$");
    if ((flags & 0x0010) !== 0) dissector.print("%");
    if (questions !== 1) dissector.print(` [${questions}q]`);
    if (verbose > 1 && questions > 0) {
      dissector.print(" q:");
      for (let i = 0; i < questions; i++) {
        if (i > 0) dissector.print(",");
        if (!cursor.question()) return false;
      }
    } else for (let i = 0; i < questions; i++) if (!cursor.skipQuestion()) return false;
    dissector.print(` ${answers}/${authorities}/${additional}`);
    if (!cursor.records(answers, "")) return false;
    if (verbose < 2) return true;
    return cursor.records(authorities, " ns:") && cursor.records(additional, " ar:");
  }
  if ((flags & 0x0100) !== 0) dissector.print("+");
  if ((flags & 0x0010) !== 0) dissector.print("%");
  if ((flags & 0x06cf) !== 0) dissector.print(` [b2&3=0x${flags.toString(16)}]`);
  if (operation === 1) {
    if (questions !== 0) dissector.print(` [${questions}q]`);
    if (answers !== 1) dissector.print(` [${answers}a]`);
  } else {
    if (answers !== 0) dissector.print(` [${answers}a]`);
    if (questions !== 1) dissector.print(` [${questions}q]`);
  }
  if (authorities !== 0) dissector.print(` [${authorities}n]`);
  if (additional !== 0) dissector.print(` [${additional}au]`);
  for (let i = 0; i < questions; i++) {
    if (i > 0) dissector.print(",");
    if (!cursor.question()) return false;
  }
  if (verbose < 2) return true;
  return cursor.records(answers, "") && cursor.records(authorities, " ns:") && cursor.records(additional, " ar:");
}

/** Walks the sections of a message. */
class Cursor {
  #at: number;

  constructor(readonly dissector: Dissector, readonly message: number, readonly multicast: boolean) {
    this.#at = message + HEADER;
  }

  skipQuestion(): boolean {
    const after = skipName(this.dissector, this.#at);
    if (after === null) return false;
    this.#at = after + 4;
    return true;
  }

  question(): boolean {
    const { dissector } = this;
    const after = skipName(dissector, this.#at);
    if (after === null || !dissector.has(after, 4)) return false;
    const type = dissector.u16(after);
    let group = dissector.u16(after + 2);
    dissector.print(` ${TYPES[type] ?? `Type${type}`}`);
    if (this.multicast && (group & 0x8000) !== 0) {
      dissector.print(" (QU)");
      group &= 0x7fff;
    } else if (this.multicast) dissector.print(" (QM)");
    if (group !== 1) dissector.print(` ${CLASSES[group] ?? `(Class ${group})`}`);
    dissector.print("? ");
    if (printName(dissector, this.#at, this.message) === null) return false;
    this.#at = after + 4;
    return true;
  }

  /** Records of one section after `heading`, parted by commas. */
  records(count: number, heading: string): boolean {
    if (count === 0) return true;
    if (this.#at >= this.dissector.end) return heading !== "";
    this.dissector.print(heading);
    for (let i = 0; i < count; i++) {
      if (i > 0) {
        if (this.#at >= this.dissector.end) return false;
        this.dissector.print(",");
      }
      if (!this.#record()) return false;
    }
    return true;
  }

  #record(): boolean {
    const { dissector, message } = this;
    let at: number | null;
    if (dissector.options.verbose > 0) {
      dissector.print(" ");
      at = printName(dissector, this.#at, message);
    } else at = skipName(dissector, this.#at);
    if (at === null || !dissector.has(at, 10)) return false;
    const type = dissector.u16(at);
    let group = dissector.u16(at + 2);
    if (this.multicast && (group & 0x8000) !== 0 && type !== 41) {
      dissector.print(" (Cache flush)");
      group &= 0x7fff;
    }
    if (group !== 1 && type !== 41) dissector.print(` ${CLASSES[group] ?? `(Class ${group})`}`);
    const length = dissector.u16(at + 8);
    const data = at + 10;
    this.#at = data + length;
    dissector.print(` ${TYPES[type] ?? `Type${type}`}`);
    if (!dissector.has(data, length)) return false;
    return this.#data(type, data, length, group);
  }

  #data(type: number, at: number, length: number, group: number): boolean {
    const { dissector, message } = this;
    const name = (place: number): number | null => printName(dissector, place, message);
    switch (type) {
      case 1:
        if (!dissector.has(at, 4)) return false;
        dissector.print(` ${dissector.ipv4(at)}`);
        return true;
      case 28:
        if (!dissector.has(at, 16)) return false;
        dissector.print(` ${dissector.ipv6(at)}`);
        return true;
      case 2:
      case 5:
      case 12:
      case 39:
        dissector.print(" ");
        return name(at) !== null;
      case 6: {
        if (dissector.options.verbose === 0) return true;
        dissector.print(" ");
        const server = name(at);
        if (server === null) return false;
        dissector.print(" ");
        const box = name(server);
        if (box === null || !dissector.has(box, 20)) return false;
        for (let i = 0; i < 5; i++) dissector.print(` ${dissector.u32(box + 4 * i)}`);
        return true;
      }
      case 15:
        dissector.print(" ");
        if (!dissector.has(at, 2) || name(at + 2) === null) return false;
        dissector.print(` ${dissector.u16(at)}`);
        return true;
      case 16: {
        for (let place = at; place < at + length; place += 1 + dissector.u8(place)) {
          const size = dissector.u8(place);
          dissector.print(` "${dissector.safe(place + 1, size)}"`);
        }
        return true;
      }
      case 33:
        dissector.print(" ");
        if (!dissector.has(at, 8) || name(at + 6) === null) return false;
        dissector.print(`:${dissector.u16(at + 4)} ${dissector.u16(at)} ${dissector.u16(at + 2)}`);
        return true;
      case 41:
        dissector.print(` UDPsize=${group}`);
        if ((dissector.u16(at - 4) & 0x8000) !== 0) dissector.print(" DO");
        return true;
      default:
        return true;
    }
  }
}
