/** ICMPv6: errors, echoes, neighbour discovery and multicast listeners. */
import { bits, type Dissector, hex16, shouldBe } from "./dissector.ts";
import { formatIpv6 as formatPrefix } from "../../wire/ipv6.ts";
import { printName } from "./dns.ts";

const TYPES: Readonly<Record<number, string>> = {
  1: "destination unreachable",
  2: "packet too big",
  3: "time exceeded in-transit",
  4: "parameter problem",
  128: "echo request",
  129: "echo reply",
  130: "multicast listener query",
  131: "multicast listener report",
  132: "multicast listener done",
  133: "router solicitation",
  134: "router advertisement",
  135: "neighbor solicitation",
  136: "neighbor advertisement",
  137: "redirect",
  138: "router renumbering",
  139: "who-are-you request",
  140: "who-are-you reply",
  141: "inverse neighbor solicitation",
  142: "inverse neighbor advertisement",
  143: "multicast listener report v2",
  200: "mtrace response",
  201: "mtrace message",
};

const UNREACHABLE = [
  "unreachable route",
  " unreachable prohibited",
  "beyond scope",
  "unreachable address",
  "unreachable port",
];

const OPTIONS: Readonly<Record<number, string>> = {
  1: "source link-address",
  2: "destination link-address",
  3: "prefix info",
  4: "redirected header",
  5: "mtu",
  7: "advertisement interval",
  8: "homeagent information",
  24: "route info",
  25: "rdnss",
  31: "dnssl",
};

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];
/** Messages that say their length first with `-v`, since options follow. */
const WITH_OPTIONS = [133, 134, 135, 136, 137];
const PREFERENCES = ["medium", "high", "*reserved*", "low"];

export function printIcmp6(dissector: Dissector, at: number, length: number, ip: number, fragmented: boolean): void {
  const { verbose, noChecksum } = dissector.options;
  dissector.protocol = "icmp6";
  dissector.need(at, 4);
  if (verbose > 0 && !fragmented && !noChecksum && dissector.has(at, length)) {
    const sum = dissector.transportSum(ip, at, length, 58);
    const field = dissector.u16(at + 2);
    dissector.print(
      sum === 0xffff
        ? "[icmp6 sum ok] "
        : `[bad icmp6 cksum ${hex16(field)} -> ${hex16(shouldBe(field, ~sum & 0xffff))}!] `,
    );
  }
  const type = dissector.u8(at);
  dissector.print(`ICMP6, ${TYPES[type] ?? `unknown icmp6 type (${type})`}`);
  if (verbose > 0 && WITH_OPTIONS.includes(type)) dissector.print(`, length ${length}`);
  if (!printBody(dissector, at, length, type)) return;
  if (verbose === 0) dissector.print(`, length ${length}`);
}

/** False when the message says no length at its end. */
function printBody(dissector: Dissector, at: number, length: number, type: number): boolean {
  const { verbose } = dissector.options;
  const code = dissector.u8(at + 1);
  const quoted = at + 8;
  switch (type) {
    case 1:
      return printUnreachable(dissector, at, length, code);
    case 2:
      dissector.print(`, mtu ${dissector.u32(at + 4)}`);
      return true;
    case 3:
      dissector.need(quoted + 24, 16);
      if (code === 0) dissector.print(` for ${dissector.ipv6(quoted + 24)}`);
      else dissector.print(code === 1 ? " (reassembly)" : `, unknown code (${code})`);
      return true;
    case 4: {
      dissector.need(quoted + 24, 16);
      const what = ["erroneous", "next header", "option", "incomplete header chain"][code];
      dissector.print(what === undefined ? `, code-#${code}` : `, ${what} - octet ${dissector.u32(at + 4)}`);
      return true;
    }
    case 128:
    case 129:
      dissector.print(`, id ${dissector.u16(at + 4)}, seq ${dissector.u16(at + 6)}`);
      return true;
    case 130:
      if (length === 24) printListener(dissector, at);
      else if (length >= 28) printQuery(dissector, at, length);
      else dissector.print(` unknown-version (len ${length}) `);
      return true;
    case 131:
    case 132:
      printListener(dissector, at);
      return true;
    case 133:
      if (verbose > 0) printOptions(dissector, at + 8, length - 8);
      return true;
    case 134:
      if (verbose > 0) printAdvertisement(dissector, at, length);
      return true;
    case 135:
      dissector.print(`, who has ${dissector.ipv6(at + 8)}`);
      if (verbose > 0) printOptions(dissector, at + 24, length - 24);
      return true;
    case 136:
      dissector.print(`, tgt is ${dissector.ipv6(at + 8)}`);
      if (verbose > 0) {
        const flags = bits(dissector.u8(at + 4), [[0x80, "router"], [0x40, "solicited"], [0x20, "override"]]);
        dissector.print(`, Flags [${flags}]`);
        printOptions(dissector, at + 24, length - 24);
      }
      return true;
    case 137:
      dissector.print(`, ${dissector.ipv6(at + 24)} to ${dissector.ipv6(at + 8)}`);
      if (verbose > 0) printOptions(dissector, at + 40, length - 40);
      return true;
    case 143:
      printReport(dissector, at, length);
      return true;
    default:
      dissector.print(`, length ${length}`);
      if (verbose <= 1) dissector.hex(at, length, "\n\t");
      return false;
  }
}

function printUnreachable(dissector: Dissector, at: number, length: number, code: number): boolean {
  const quoted = at + 8;
  dissector.need(quoted + 24, 16);
  dissector.print(`, ${UNREACHABLE[code] ?? `unknown unreach code (${code})`}`);
  const target = dissector.ipv6(quoted + 24);
  if (code === 0 || code === 1 || code === 3) dissector.print(` ${target}`);
  else if (code === 2) dissector.print(` ${target}, source address ${dissector.ipv6(quoted + 8)}`);
  else if (code === 4) {
    let protocol = dissector.u8(quoted + 6);
    let place = quoted + 40;
    while (protocol === 0 || protocol === 43 || protocol === 60 || protocol === 44) {
      const size = protocol === 44 ? 8 : (dissector.u8(place + 1) + 1) * 8;
      protocol = dissector.u8(place);
      place += size;
    }
    const port = dissector.u16(place + 2);
    if (protocol === 6) dissector.print(`, ${target} tcp port ${dissector.port(port, "tcp")}`);
    else if (protocol === 17) dissector.print(`, ${target} udp port ${dissector.port(port, "udp")}`);
    else dissector.print(`, ${target} protocol ${protocol} port ${port} unreachable`);
  } else if (dissector.options.verbose <= 1) {
    dissector.hex(at, length, "\n\t");
    return false;
  }
  return true;
}

function printAdvertisement(dissector: Dissector, at: number, length: number): void {
  const flags = dissector.u8(at + 5);
  const names = bits(flags, [[0x80, "managed"], [0x40, "other stateful"], [0x20, "home agent"]]);
  dissector.print(`\n\thop limit ${dissector.u8(at + 4)}, Flags [${names}], pref ${PREFERENCES[(flags >>> 3) & 3]}`);
  dissector.print(`, router lifetime ${dissector.u16(at + 6)}s, reachable time ${dissector.u32(at + 8)}ms`);
  dissector.print(`, retrans timer ${dissector.u32(at + 12)}ms`);
  printOptions(dissector, at + 16, length - 16);
}

function lifetime(seconds: number): string {
  return seconds === 0xffffffff ? "infinity" : `${seconds}s`;
}

/** Options of neighbour discovery (RFC 4861 section 4.6). */
function printOptions(dissector: Dissector, at: number, left: number): void {
  const start = at;
  while (at < dissector.end && left > 0) {
    if (!dissector.has(at, 2)) return;
    const type = dissector.u8(at);
    const units = dissector.u8(at + 1);
    const size = units * 8;
    if (units === 0 || !dissector.has(at, size)) {
      dissector.print("[ndp opt]");
      return;
    }
    dissector.print(`\n\t  ${OPTIONS[type] ?? "unknown"} option (${type}), length ${size} (${units}): `);
    // The quoted packet of a redirect is dumped from the first option on: so does tcpdump.
    if (type === 4) dissector.hex(start, size, "\n\t    ");
    else if (!printOption(dissector, at, type, units)) return;
    if (dissector.options.verbose > 1) dissector.hex(at + 2, size - 2, "\n\t    ");
    at += size;
    left -= size;
  }
}

/** False when the rest is not to be printed. */
function printOption(dissector: Dissector, at: number, type: number, units: number): boolean {
  const size = units * 8;
  switch (type) {
    case 1:
    case 2: {
      const address = dissector.bytes.subarray(at + 2, at + size);
      dissector.print(Array.from(address, (octet) => octet.toString(16).padStart(2, "0")).join(":"));
      return true;
    }
    case 3: {
      const flags = bits(dissector.u8(at + 3), [[0x80, "onlink"], [0x40, "auto"], [0x20, "router"]]);
      dissector.print(
        `${dissector.ipv6(at + 16)}/${dissector.u8(at + 2)}${units !== 4 ? "badlen" : ""}, Flags [${flags}]`,
      );
      dissector.print(`, valid time ${lifetime(dissector.u32(at + 4))}, pref. time ${lifetime(dissector.u32(at + 8))}`);
      return true;
    }
    case 5:
      dissector.print(` ${dissector.u32(at + 4)}${units !== 1 ? "bad option length" : ""}`);
      return true;
    case 7:
      dissector.print(` ${dissector.u32(at + 4)}ms`);
      return true;
    case 8:
      dissector.print(` preference ${dissector.u16(at + 4)}, lifetime ${dissector.u16(at + 6)}`);
      return true;
    case 24: {
      const prefix = new Uint8Array(16);
      if (units > 3) return false;
      prefix.set(dissector.bytes.subarray(at + 8, at + size));
      const text = formatPrefix(prefix);
      dissector.print(` ${text}/${dissector.u8(at + 2)}, pref=${PREFERENCES[(dissector.u8(at + 3) >>> 3) & 3]}`);
      dissector.print(`, lifetime=${lifetime(dissector.u32(at + 4))}`);
      return true;
    }
    case 25:
      dissector.print(` lifetime ${dissector.u32(at + 4)}s,`);
      for (let i = 0; i < (units - 1) >> 1; i++) dissector.print(` addr: ${dissector.ipv6(at + 8 + 16 * i)}`);
      return true;
    case 31: {
      dissector.print(` lifetime ${dissector.u32(at + 4)}s, domain(s):`);
      let place = at + 8;
      while (place < at + size && dissector.u8(place) !== 0) {
        dissector.print(" ");
        const after = printName(dissector, place, at);
        if (after === null) return false;
        place = after;
      }
      return true;
    }
    default:
      if (dissector.options.verbose <= 1) {
        dissector.hex(at + 2, size - 2, "\n\t  ");
        return false;
      }
      return true;
  }
}

/** MLDv1 (RFC 2710). */
function printListener(dissector: Dissector, at: number): void {
  if (!dissector.has(at, 24)) return;
  dissector.print(`max resp delay: ${dissector.u16(at + 4)} addr: ${dissector.ipv6(at + 8)}`);
}

/** MLDv2 (RFC 3810 section 5.1). */
function printQuery(dissector: Dissector, at: number, length: number): void {
  const { verbose } = dissector.options;
  dissector.print(" v2");
  const code = dissector.u16(at + 4);
  const delay = code < 32768 ? code : ((code & 0x0fff) | 0x1000) << (((code & 0x7000) >> 12) + 3);
  if (verbose > 0) dissector.print(` [max resp delay=${delay}]`);
  dissector.print(` [gaddr ${dissector.ipv6(at + 8)}`);
  if (verbose > 0) {
    const flags = dissector.u8(at + 24);
    const interval = dissector.u8(at + 25);
    if ((flags & 8) !== 0) dissector.print(" sflag");
    if ((flags & 7) !== 0) dissector.print(` robustness=${flags & 7}`);
    dissector.print(` qqi=${interval < 128 ? interval : ((interval & 15) | 16) << (((interval & 0x70) >> 4) + 3)}`);
  }
  const sources = dissector.u16(at + 26);
  if (sources > 0) {
    if (length < 28 + sources * 16) dissector.print(" [invalid number of sources]");
    else if (verbose > 1) {
      dissector.print(" {");
      for (let i = 0; i < sources; i++) dissector.print(` ${dissector.ipv6(at + 28 + 16 * i)}`);
      dissector.print(" }");
    } else dissector.print(`, ${sources} source(s)`);
  }
  dissector.print("]");
}

/** MLDv2 (RFC 3810 section 5.2). */
function printReport(dissector: Dissector, at: number, length: number): void {
  const { verbose } = dissector.options;
  if (length < 8) {
    dissector.print(` [invalid len ${length}]`);
    return;
  }
  const groups = dissector.u16(at + 6);
  dissector.print(`, ${groups} group record(s)`);
  if (verbose === 0) return;
  let record = 8;
  for (let i = 0; i < groups; i++) {
    if (length < record + 20) {
      dissector.print(" [invalid number of groups]");
      return;
    }
    const type = dissector.u8(at + record);
    dissector.print(` [gaddr ${dissector.ipv6(at + record + 4)} ${RECORDS[type] || ` [v2-report-#${type}]`}`);
    const sources = dissector.u16(at + record + 2);
    if (length < record + 20 + sources * 16) {
      dissector.print(` [invalid number of sources ${sources}]`);
      return;
    }
    if (verbose === 1) dissector.print(`, ${sources} source(s)`);
    else {
      dissector.print(" {");
      for (let j = 0; j < sources; j++) dissector.print(` ${dissector.ipv6(at + record + 20 + 16 * j)}`);
      dissector.print(" }");
    }
    record += 20 + sources * 16;
    dissector.print("]");
  }
}
