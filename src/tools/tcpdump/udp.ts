/** UDP datagrams. */
import { type Dissector, hex16, shouldBe } from "./dissector.ts";
import { printDns } from "./dns.ts";

const DOMAIN = 53, MULTICAST_DNS = 5353;

/** `a.1 > b.2: `, or the ports alone when other headers stand between the addresses and them. */
export function printEnds(
  dissector: Dissector,
  ip: number,
  source: number,
  destination: number,
  protocol: "tcp" | "udp",
): void {
  const [from, to] = [dissector.port(source, protocol), dissector.port(destination, protocol)];
  const number = protocol === "tcp" ? 6 : 17;
  const six = dissector.bytes[ip] >>> 4 === 6;
  if (dissector.u8(six ? ip + 6 : ip + 9) !== number) dissector.print(`${from} > ${to}: `);
  else if (six) dissector.print(`${dissector.ipv6(ip + 8)}.${from} > ${dissector.ipv6(ip + 24)}.${to}: `);
  else dissector.print(`${dissector.ipv4(ip + 12)}.${from} > ${dissector.ipv4(ip + 16)}.${to}: `);
}

/** The addresses without ports, and that the rest was not captured. */
export function printCutEnds(dissector: Dissector, ip: number, protocol: "tcp" | "udp"): void {
  const six = dissector.bytes[ip] >>> 4 === 6;
  if (dissector.u8(six ? ip + 6 : ip + 9) === (protocol === "tcp" ? 6 : 17)) {
    const [from, to] = six
      ? [dissector.ipv6(ip + 8), dissector.ipv6(ip + 24)]
      : [dissector.ipv4(ip + 12), dissector.ipv4(ip + 16)];
    dissector.print(`${from} > ${to}: `);
  }
  dissector.truncated();
}

export function printUdp(dissector: Dissector, at: number, length: number, ip: number, fragmented: boolean): void {
  const { verbose, quick, noChecksum } = dissector.options;
  dissector.protocol = "udp";
  if (!dissector.has(at, 4)) {
    printCutEnds(dissector, ip, "udp");
    return;
  }
  const [source, destination] = [dissector.u16(at), dissector.u16(at + 2)];
  printEnds(dissector, ip, source, destination, "udp");
  if (length < 8) {
    dissector.print(`truncated-udp ${length}`);
    return;
  }
  if (!dissector.has(at + 4, 2)) {
    dissector.truncated();
    return;
  }
  let size = dissector.u16(at + 4);
  if (size === 0 && length > 65535) size = length;
  if (size < 8) {
    dissector.print(`truncated-udplength ${size}`);
    return;
  }
  size -= 8;
  length -= 8;
  const room = length;
  if (size < length) length = size;
  if (at + 8 > dissector.end) {
    dissector.truncated();
    return;
  }
  if (verbose > 0 && !noChecksum && !fragmented) printChecksum(dissector, at, length, ip);
  if (!quick) {
    if (source === DOMAIN || destination === DOMAIN || source === MULTICAST_DNS || destination === MULTICAST_DNS) {
      printDns(dissector, at + 8, length, source === MULTICAST_DNS || destination === MULTICAST_DNS);
      return;
    }
  }
  if (size > room && !fragmented) dissector.print(`UDP, bad length ${size} > ${room}`);
  else dissector.print(`UDP, length ${size}`);
}

function printChecksum(dissector: Dissector, at: number, length: number, ip: number): void {
  const field = dissector.u16(at + 6);
  const six = dissector.bytes[ip] >>> 4 === 6;
  if (!six && dissector.options.verbose < 2) return; // over IPv4 only with -vv
  if (field === 0 && !six) {
    dissector.print("[no cksum] ");
    return;
  }
  if (!dissector.has(at, length + 8)) return;
  const sum = dissector.transportSum(ip, at, length + 8, 17);
  if (sum === 0xffff) dissector.print("[udp sum ok] ");
  else dissector.print(`[bad udp cksum ${hex16(field)} -> ${hex16(shouldBe(field, ~sum & 0xffff))}!] `);
}
