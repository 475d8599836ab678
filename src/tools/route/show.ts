/** `route` without a verb: /proc/net/route and /proc/net/ipv6_route as tables (`lib/inet_gr.c`, `lib/inet6_gr.c`). */
import { get32 } from "../../wire/octets.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import { nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const RTF_HOST = 0x4;
const RTF_REJECT = 0x200;
const RTF_NONEXTHOP = 0x200000;

export interface ShowOptions {
  numeric: boolean;
  /** How often `-e` was given. */
  extended: number;
}

const HEADERS = [
  "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
  "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n",
  "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n",
];

/** Eight hexadecimal digits in the order of the host: little-endian. */
function littleEndian(hex: string): number {
  const number = parseInt(hex, 16);
  return get32(Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24), 0);
}

/** IPv4's table. The exit code is 1 where the kernel has none. */
export async function showInet(process: Process, options: ShowOptions): Promise<number> {
  const lines = process.files.readText("/proc/net/route").split("\n").filter((line) => line.trim() !== "");
  process.stdout.write("Kernel IP routing table\n" + HEADERS[Math.min(options.extended, 2)]);
  if (lines.length === 0 || process.namespace.ipv4.routes(254) === undefined) return 1;
  for (const line of lines.slice(1)) process.stdout.write(await formatInet(process, options, line.split("\t")));
  return 0;
}

async function formatInet(process: Process, options: ShowOptions, fields: string[]): Promise<string> {
  const [device, destination, gateway, flagText, references, use, metric, mask, mtu, window, irtt] = fields.map((
    field,
  ) => field.trim());
  const flags = parseInt(flagText, 16);
  const reject = (flags & RTF_REJECT) !== 0;
  const to = littleEndian(destination);
  const via = littleEndian(gateway);
  const target = to === 0 && !options.numeric ? "default" : formatIpv4(to);
  let hop = reject ? "-" : formatIpv4(via);
  if (!options.numeric && via !== 0 && !reject) hop = (await nameOf(process, via) ?? hop).slice(0, 15);
  const letters = formatFlags(flags);
  const start = `${target.padEnd(15)} ${hop.padEnd(15)} ${formatIpv4(littleEndian(mask)).padEnd(15)} `;
  const name = reject ? "-" : device;
  const ref = reject ? "-" : references;
  if (options.extended === 1) {
    const [mss, win, rtt] = reject ? ["-", "-", "-"] : [mtu, window, irtt];
    return `${start}${letters.padEnd(6)} ${mss.padStart(4)} ${win.padEnd(5)} ${rtt.padStart(6)} ${name}\n`;
  }
  const plain = `${start}${letters.padEnd(5)} ${metric.padEnd(6)} ${ref.padEnd(2)} ${use.padStart(7)} `;
  if (options.extended === 0) return `${plain}${name}\n`;
  const [mss, win, rtt] = reject ? ["-", "-", "-"] : [mtu, window, irtt];
  return `${plain}${name.padEnd(8)} ${mss.padEnd(5)} ${win.padEnd(6)} ${rtt}\n`;
}

function formatFlags(flags: number): string {
  let letters = (flags & RTF_REJECT) !== 0 ? "!" : (flags & RTF_UP) !== 0 ? "U" : "";
  if ((flags & RTF_GATEWAY) !== 0) letters += "G";
  if ((flags & RTF_HOST) !== 0) letters += "H";
  if ((flags & RTF_NONEXTHOP) !== 0) letters += "n";
  return letters;
}

export async function showInet6(process: Process, options: ShowOptions): Promise<number> {
  process.stdout.write(
    "Kernel IPv6 routing table\n" +
      "Destination                    Next Hop                   Flag Met Ref  Use If\n",
  );
  for (const line of process.files.readText("/proc/net/ipv6_route").split("\n")) {
    const fields = line.trim().split(/\s+/);
    if (fields.length < 10) continue;
    const [destination, length, , , hop, metric, references, use, flags, device] = fields;
    const target = await inet6Name(process, options, destination);
    const via = await inet6Name(process, options, hop);
    const start = `${`${target}/${parseInt(length, 16)}`.padEnd(30)} ${via.padEnd(26)} `;
    const counts = `${String(parseInt(metric, 16) | 0).padEnd(3)} ${String(parseInt(references, 16)).padEnd(2)}`;
    const used = String(parseInt(use, 16)).padStart(5);
    process.stdout.write(`${start}${formatFlags6(parseInt(flags, 16)).padEnd(4)} ${counts} ${used} ${device}\n`);
  }
  return 0;
}

/** Of IPv6 a host's route has no letter of its own. */
function formatFlags6(flags: number): string {
  return formatFlags(flags & ~RTF_HOST);
}

async function inet6Name(process: Process, options: ShowOptions, hex: string): Promise<string> {
  const address = Uint8Array.from({ length: 16 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  const text = formatIpv6(address);
  if (options.numeric) return text;
  return text === "::" ? "[::]" : await nameOf(process, address) ?? text;
}
