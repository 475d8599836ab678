/** ARP and its relatives. */
import type { Dissector } from "./dissector.ts";
import { hex16 } from "./dissector.ts";

const HARDWARE: Readonly<Record<number, string>> = {
  1: "Ethernet",
  6: "TokenRing",
  7: "ArcNet",
  15: "FrameRelay",
  17: "Strip",
  19: "ATM",
  24: "IEEE 1394",
  32: "Infiniband",
};

const OPERATIONS: Readonly<Record<number, string>> = {
  1: "Request",
  2: "Reply",
  3: "Reverse Request",
  4: "Reverse Reply",
  8: "Inverse Request",
  9: "Inverse Reply",
  10: "NACK Reply",
};

export function printArp(dissector: Dissector, at: number, length: number): void {
  const { verbose, link } = dissector.options;
  dissector.protocol = "arp";
  dissector.need(at, 8);
  const hardware = dissector.u16(at);
  const protocol = dissector.u16(at + 2);
  const hardwareLength = dissector.u8(at + 4);
  const protocolLength = dissector.u8(at + 5);
  const operation = dissector.u16(at + 6);
  const senderMac = at + 8;
  const senderIp = senderMac + hardwareLength;
  const targetMac = senderIp + protocolLength;
  const targetIp = targetMac + hardwareLength;
  dissector.need(at, targetIp + protocolLength - at);
  if (!link) dissector.print("ARP, ");
  const standard = protocol === 0x0800 && protocolLength === 4 && hardwareLength !== 0;
  if (!standard || verbose > 0) {
    const [hardwareName, protocolName] = [
      HARDWARE[hardware] ?? `Unknown Hardware (${hardware})`,
      protocolNameOf(protocol),
    ];
    dissector.print(`${hardwareName} (len ${hardwareLength}), ${protocolName} (len ${protocolLength})`);
    if (verbose === 0) {
      dissector.print(`, length ${length}`);
      return;
    }
  }
  dissector.print(`${verbose > 0 ? ", " : ""}${OPERATIONS[operation] ?? `Unknown (${operation})`} `);
  const mac = (place: number): string => {
    if (hardwareLength === 6) return dissector.mac(place);
    if (hardwareLength === 0) return "<No address>";
    return Array.from(dissector.bytes.subarray(place, place + hardwareLength), (it) => it.toString(16).padStart(2, "0"))
      .join(":");
  };
  const ip = (place: number): string => {
    if (protocol === 0x0800 && protocolLength === 4) return dissector.ipv4(place);
    return protocolLength === 0 ? "<No address>" : "<Wrong proto type>";
  };
  switch (operation) {
    case 1: {
      dissector.print(`who-has ${ip(targetIp)}`);
      const known = dissector.bytes.subarray(targetMac, targetMac + hardwareLength).some((octet) => octet !== 0);
      if (known) dissector.print(` (${mac(targetMac)})`);
      dissector.print(` tell ${ip(senderIp)}`);
      break;
    }
    case 2:
      dissector.print(`${ip(senderIp)} is-at ${mac(senderMac)}`);
      break;
    case 3:
    case 8:
      dissector.print(`who-is ${mac(targetMac)} tell ${mac(senderMac)}`);
      break;
    case 4:
      dissector.print(`${mac(targetMac)} at ${ip(targetIp)}`);
      break;
    case 9:
      dissector.print(`${mac(senderMac)} at ${ip(senderIp)}`);
      break;
    default:
      dissector.hexAndText(at, length);
      return;
  }
  dissector.print(`, length ${length}`);
}

function protocolNameOf(type: number): string {
  if (type === 0x0800) return "IPv4";
  if (type === 0x86dd) return "IPv6";
  return `Unknown Protocol (${hex16(type)})`;
}
