/** ICMP messages, with the packets that errors quote. */
import { type Dissector, hex16, shouldBe } from "./dissector.ts";
import { printIpv4 } from "./ip.ts";

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: "net %s unreachable",
  1: "host %s unreachable",
  5: "%s unreachable - source route failed",
  6: "net %s unreachable - unknown",
  7: "host %s unreachable - unknown",
  8: "%s unreachable - source host isolated",
  9: "net %s unreachable - admin prohibited",
  10: "host %s unreachable - admin prohibited",
  11: "net %s unreachable - tos prohibited",
  12: "host %s unreachable - tos prohibited",
  13: "host %s unreachable - admin prohibited filter",
  14: "host %s unreachable - host precedence violation",
  15: "host %s unreachable - precedence cutoff",
};

const REDIRECTS = [
  "redirect %s to net %s",
  "redirect %s to host %s",
  "redirect-tos %s to net %s",
  "redirect-tos %s to host %s",
];

const OTHERS: Readonly<Record<number, string>> = {
  4: "source quench",
  10: "router solicitation",
  15: "information request",
  16: "information reply",
  17: "address mask request",
};

/** Messages that quote the packet they are about. */
const ERRORS = [3, 4, 5, 11, 12];
/** Octets of a message from which on RFC 4884 has extensions after the quoted packet. */
const EXTENDED = 136;

export function printIcmp(dissector: Dissector, at: number, length: number, fragmented: boolean): void {
  const { verbose, noChecksum } = dissector.options;
  dissector.protocol = "icmp";
  dissector.need(at, 2);
  const type = dissector.u8(at);
  dissector.print(`ICMP ${describe(dissector, at, type, dissector.u8(at + 1))}, length ${length}`);
  if (verbose > 0 && !fragmented && !noChecksum && dissector.has(at, length)) {
    const sum = dissector.sum(at, at + length);
    if (sum !== 0xffff) {
      const field = dissector.u16(at + 2);
      dissector.print(` (wrong icmp cksum ${field.toString(16)} (->${shouldBe(field, ~sum & 0xffff).toString(16)})!)`);
    }
  }
  if (verbose === 0 || !ERRORS.includes(type)) return;
  dissector.print("\n\t");
  const outer = dissector.end;
  printIpv4(dissector, at + 8, dissector.u16(at + 10));
  dissector.end = outer;
  dissector.protocol = "icmp";
  if (length > EXTENDED && (type === 3 || type === 11)) printExtension(dissector, at, length);
}

/** What RFC 4884 puts after 128 octets of the quoted packet. */
function printExtension(dissector: Dissector, at: number, length: number): void {
  const start = at + EXTENDED;
  dissector.need(start, 4);
  const size = length - EXTENDED;
  // Without a length of what is quoted, only a right checksum says that this is an extension at all.
  if (dissector.u8(at + 5) === 0 && dissector.has(start, size) && dissector.sum(start, start + size) !== 0xffff) return;
  const version = dissector.u8(start) >>> 4;
  dissector.print(`\n\tMPLS extension v${version}`);
  if (version !== 2) {
    dissector.print(", packet not supported");
    return;
  }
  const checksum = dissector.u16(start + 2);
  if (dissector.has(start, size)) {
    const right = dissector.sum(start, start + size) === 0xffff;
    dissector.print(`, checksum ${hex16(checksum)} (${right ? "correct" : "incorrect"}), length ${size}`);
  }
}

function describe(dissector: Dissector, at: number, type: number, code: number): string {
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? "request" : "reply"}, id ${dissector.u16(at + 4)}, seq ${dissector.u16(at + 6)}`;
    case 3:
      return describeUnreachable(dissector, at, code);
    case 5: {
      const [target, gateway] = [dissector.ipv4(at + 24), dissector.ipv4(at + 4)];
      return (REDIRECTS[code] ?? `redirect-#${code} %s to %s`).replace("%s", target).replace("%s", gateway);
    }
    case 9:
      return describeAdvertisement(dissector, at);
    case 11:
      dissector.need(at + 24, 4);
      if (code === 0) return "time exceeded in-transit";
      return code === 1 ? "ip reassembly time exceeded" : `time exceeded-#${code}`;
    case 12:
      return code !== 0 ? `parameter problem - code ${code}` : `parameter problem - octet ${dissector.u8(at + 4)}`;
    case 13:
      return `time stamp query id ${dissector.u16(at + 4)} seq ${dissector.u16(at + 6)}`;
    case 14: {
      const [origin, received, sent] = [8, 12, 16].map((place) => timeOfDay(dissector.u32(at + place)));
      const id = `id ${dissector.u16(at + 4)} seq ${dissector.u16(at + 6)}`;
      return `time stamp reply ${id}: org ${origin}, recv ${received}, xmit ${sent}`;
    }
    case 18:
      return `address mask is 0x${dissector.u32(at + 8).toString(16).padStart(8, "0")}`;
    default:
      return OTHERS[type] ?? `type-#${type}`;
  }
}

function describeUnreachable(dissector: Dissector, at: number, code: number): string {
  const quoted = at + 8;
  const target = dissector.ipv4(quoted + 16);
  const protocol = dissector.u8(quoted + 9);
  if (code === 2) return `${target} protocol ${protocol} unreachable`;
  if (code === 3) {
    const port = dissector.u16(quoted + (dissector.u8(quoted) & 15) * 4 + 2);
    if (protocol === 6) return `${target} tcp port ${dissector.port(port, "tcp")} unreachable`;
    if (protocol === 17) return `${target} udp port ${dissector.port(port, "udp")} unreachable`;
    return `${target} protocol ${protocol} port ${port} unreachable`;
  }
  if (code === 4) {
    const mtu = dissector.u16(at + 6);
    return `${target} unreachable - need to frag${mtu !== 0 ? ` (mtu ${mtu})` : ""}`;
  }
  return (UNREACHABLE[code] ?? `%s unreachable - #${code}`).replace("%s", target);
}

function describeAdvertisement(dissector: Dissector, at: number): string {
  const [count, size, lifetime] = [dissector.u8(at + 4), dissector.u8(at + 5), dissector.u16(at + 6)];
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(lifetime / 3600), Math.floor(lifetime / 60) % 60, lifetime % 60];
  const time = lifetime < 60
    ? `${lifetime}`
    : lifetime < 3600
    ? `${minutes}:${two(seconds)}`
    : `${hours}:${two(minutes)}:${two(seconds)}`;
  let text = `router advertisement lifetime ${time} ${count}:`;
  if (size !== 2) return text + ` [size ${size}]`;
  for (let i = 0; i < count; i++) text += ` {${dissector.ipv4(at + 8 + 8 * i)} ${dissector.u32(at + 12 + 8 * i)}}`;
  return text;
}

/** Milliseconds since midnight as a time of day. */
function timeOfDay(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}.${String(ms % 1000).padStart(3, "0")}`;
}
