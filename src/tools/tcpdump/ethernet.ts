/** Ethernet, 802.1Q, 802.2 and spanning tree frames, and the cooked headers of the `any` device. */
import { printArp } from "./arp.ts";
import { bits, type Dissector, hex16 } from "./dissector.ts";
import { printIpv4 } from "./ip.ts";
import { printIpv6 } from "./ip6.ts";

const ETHERTYPES: Readonly<Record<number, string>> = {
  0x0600: "NS",
  0x0800: "IPv4",
  0x0806: "ARP",
  0x2000: "CDP",
  0x6003: "DN",
  0x8035: "Reverse ARP",
  0x809b: "Appletalk",
  0x80f3: "Appletalk ARP",
  0x8100: "802.1Q",
  0x8137: "IPX",
  0x86dd: "IPv6",
  0x8808: "MPCP",
  0x8809: "Slow Protocols",
  0x880b: "PPP",
  0x8847: "MPLS unicast",
  0x8848: "MPLS multicast",
  0x8863: "PPPoE D",
  0x8864: "PPPoE S",
  0x888e: "EAPOL",
  0x88a8: "802.1Q-QinQ",
  0x88c7: "RRCP",
  0x88cc: "LLDP",
  0x9000: "Loopback",
  0x9100: "802.1Q-9100",
  0x9200: "802.1Q-9200",
};

const VLAN_TYPES = [0x8100, 0x88a8, 0x9100, 0x9200];

function etherType(dissector: Dissector, type: number): string {
  const name = ETHERTYPES[type] ?? "Unknown";
  if (dissector.options.quick) return name === "Unknown" ? `Unknown Ethertype (${hex16(type)})` : name;
  return `ethertype ${name} (${hex16(type)})`;
}

/** A frame from its destination address on; `length` octets were on the wire. Returns the octets of its link header. */
export function printEthernet(dissector: Dissector, length: number): number {
  const { link } = dissector.options;
  dissector.protocol = "ether";
  let at = 0;
  if (!dissector.has(0, 14)) {
    dissector.truncated();
    return 0;
  }
  if (link) dissector.print(`${dissector.mac(6)} > ${dissector.mac(0)}, `);
  let type = dissector.u16(12);
  const whole = length;
  let lengthPrinted = false;
  const withLength = (): string => {
    const text = lengthPrinted ? ", " : `, length ${whole}: `;
    lengthPrinted = true;
    return text;
  };
  at = 14;
  length -= 14;
  while (VLAN_TYPES.includes(type)) {
    if (!dissector.has(at, 4)) {
      dissector.protocol = "vlan";
      dissector.truncated();
      return at;
    }
    const tci = dissector.u16(at);
    if (link) {
      dissector.print(`${etherType(dissector, type)}${withLength()}vlan ${tci & 0xfff}, p ${tci >>> 13}`);
      dissector.print(`${(tci & 0x1000) !== 0 ? ", DEI" : ""}, `);
    }
    type = dissector.u16(at + 2);
    at += 4;
    length -= 4;
  }
  if (type <= 1500) {
    if (link) dissector.print(`802.3${lengthPrinted ? ": " : `, length ${type}: `}`);
    // What follows the length that the frame names is padding.
    if (type < length) {
      length = type;
      dissector.end = Math.min(dissector.end, at + length);
    }
    const header = printLlc(dissector, at, length, whole);
    if (header < 0) dissector.unknown(at, length);
    return header < 0 ? at : at + header;
  }
  if (link) dissector.print(etherType(dissector, type) + withLength());
  if (printByType(dissector, type, at, length)) return at;
  if (!link) {
    dissector.print(`${dissector.mac(6)} > ${dissector.mac(0)}, ${etherType(dissector, type)}, length ${whole}: `);
  }
  dissector.unknown(at, length);
  return at;
}

/** The packet of an EtherType; false when there is no printer for it. */
export function printByType(dissector: Dissector, type: number, at: number, length: number): boolean {
  switch (type) {
    case 0x0800:
      printIpv4(dissector, at, length);
      return true;
    case 0x86dd:
      printIpv6(dissector, at, length);
      return true;
    case 0x0806:
    case 0x8035:
      printArp(dissector, at, length);
      return true;
    default:
      return false;
  }
}

const SERVICE_POINTS: Readonly<Record<number, string>> = {
  0x00: "Null",
  0x02: "Global",
  0x04: "SNA",
  0x06: "IP",
  0x42: "STP",
  0xaa: "SNAP",
  0xe0: "IPX",
  0xf0: "NetBeui",
  0xfe: "ISO NLPID",
  0xff: "Global",
};

/** An 802.2 header: spanning tree and SNAP. Its octets, or -1 when what follows is not known. */
function printLlc(dissector: Dissector, at: number, length: number, whole: number): number {
  dissector.protocol = "llc";
  if (length < 3 || !dissector.has(at, 3)) {
    dissector.truncated();
    return 0;
  }
  const [dsap, ssap, control] = [dissector.u8(at), dissector.u8(at + 1), dissector.u8(at + 2)];
  const { link } = dissector.options;
  if (link) {
    const name = (point: number) => `${SERVICE_POINTS[point] ?? "Unknown"} (0x${point.toString(16).padStart(2, "0")})`;
    dissector.print(`LLC, dsap ${name(dsap & ~1)} ${(dsap & 1) !== 0 ? "Group" : "Individual"}, `);
    dissector.print(`ssap ${name(ssap & ~1)} ${(ssap & 1) !== 0 ? "Response" : "Command"}, `);
    dissector.print(`ctrl 0x${control.toString(16).padStart(2, "0")}: `);
  }
  if (dsap === 0x42 && ssap === 0x42 && control === 3) {
    printStp(dissector, at + 3, length - 3);
    return 3;
  }
  if (dsap === 0xaa && ssap === 0xaa && control === 3 && length >= 8) {
    const organisation = dissector.u8(at + 3) << 16 | dissector.u16(at + 4);
    const type = dissector.u16(at + 6);
    if (link) {
      const name = organisation === 0 ? "Ethernet" : "Unknown";
      dissector.print(`oui ${name} (0x${organisation.toString(16).padStart(6, "0")}), `);
      dissector.print(
        organisation === 0
          ? `ethertype ${ETHERTYPES[type] ?? "Unknown"} (${hex16(type)}), length ${length - 8}: `
          : `pid Unknown (${hex16(type)}), length ${length - 8}: `,
      );
    }
    return organisation === 0 && printByType(dissector, type, at + 8, length - 8) ? 8 : -1;
  }
  if (!link) dissector.print(`${dissector.mac(6)} > ${dissector.mac(0)} `);
  if ((control & 3) === 3) {
    const commands: Readonly<Record<number, string>> = {
      0x03: "ui",
      0x0f: "sabme",
      0x43: "disc",
      0x63: "ua",
      0x6f: "sabme",
      0xaf: "xid",
      0xe3: "test",
    };
    const name = SERVICE_POINTS[dsap & ~1] ?? "Unknown DSAP";
    if (!link) dissector.print(`${name} `);
    dissector.print(`Unnumbered, ${commands[control & 0xef] ?? control.toString(16)}, `);
    dissector.print(
      `Flags [${(ssap & 1) !== 0 ? "Response" : "Command"}${(control & 0x10) !== 0 ? ", Poll" : ""}], length ${length}`,
    );
  } else dissector.print(`LLC, length ${whole}`);
  return -1;
}

const BPDU_TYPES: Readonly<Record<number, string>> = { 0x00: "Config", 0x02: "Rapid STP", 0x80: "Topology Change" };
const STP_VERSIONS: Readonly<Record<number, string>> = {
  0: "STP 802.1d",
  2: "STP 802.1w",
  3: "STP 802.1s",
  4: "STP 802.1aq",
};

/** A bridge protocol data unit (IEEE 802.1D section 9). */
function printStp(dissector: Dissector, at: number, length: number): void {
  dissector.protocol = "stp";
  if (length < 4) {
    dissector.truncated();
    return;
  }
  const protocol = dissector.u16(at);
  dissector.print("STP");
  if (protocol !== 0) {
    dissector.print(` unknown protocol ID 0x${protocol.toString(16).padStart(4, "0")}`);
    return;
  }
  const version = dissector.u8(at + 2);
  dissector.print(`${(STP_VERSIONS[version] ?? "STP Unknown STP protocol").slice(3)} `.replace(/ $/, ""));
  if (version === 1 || version > 4) {
    dissector.print(` (0x${version.toString(16).padStart(2, "0")})`);
    return;
  }
  const type = dissector.u8(at + 3);
  dissector.print(`, ${BPDU_TYPES[type] ?? `Unknown BPDU Type (0x${type.toString(16).padStart(2, "0")})`}`);
  if (type === 0x80) return;
  if (type !== 0 && type !== 2) return;
  if (length < (type === 2 ? 36 : 35)) {
    dissector.invalid();
    return;
  }
  printConfiguration(dissector, at, length, type);
}

const STP_FLAGS = [[0x01, "Topology change"], [0x80, "Topology change ACK"]] as const;
const RSTP_FLAGS = [
  [0x01, "Topology change"],
  [0x02, "Proposal"],
  [0x10, "Learn"],
  [0x20, "Forward"],
  [0x40, "Agreement"],
  [0x80, "Topology change ACK"],
] as const;
const ROLES = ["Unknown", "Alternate", "Root", "Designated"];

function printConfiguration(dissector: Dissector, at: number, length: number, type: number): void {
  const bridge = (place: number): string =>
    `${dissector.u16(place).toString(16).padStart(4, "0")}.${dissector.mac(place + 2)}`;
  const port = dissector.u16(at + 25).toString(16).padStart(4, "0");
  const flags = dissector.u8(at + 4);
  const names = bits(flags, type === 2 ? RSTP_FLAGS : STP_FLAGS);
  dissector.print(`, Flags [${names}], bridge-id ${bridge(at + 17)}.${port}, length ${length}`);
  if (dissector.options.verbose === 0) return;
  const seconds = (place: number): string => `${(dissector.u16(place) / 256).toFixed(2)}s`;
  dissector.print(`\n\tmessage-age ${seconds(at + 27)}, max-age ${seconds(at + 29)}`);
  dissector.print(`, hello-time ${seconds(at + 31)}, forwarding-delay ${seconds(at + 33)}`);
  dissector.print(`\n\troot-id ${bridge(at + 5)}, root-pathcost ${dissector.u32(at + 13)}`);
  if (type === 2) dissector.print(`, port-role ${ROLES[(flags >>> 2) & 3]}`);
}
