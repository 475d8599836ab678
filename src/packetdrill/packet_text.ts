/** Packets in packetdrill's notation, as its messages show them. */
import { get16, get32 } from "../wire/octets.ts";
import {
  ACK,
  CWR,
  ECE,
  FIN,
  OPTION_END,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
  PSH,
  RST,
  SYN,
  URG,
} from "../wire/tcp.ts";
import { AE, OPTION_EXPERIMENTAL, OPTION_FAST_OPEN, OPTION_MD5 } from "./packet_parser.ts";
import type { IcmpSpec, PacketSpec, TcpOption, TcpSpec } from "./syntax.ts";

const LETTERS: readonly [number, string][] = [
  [FIN, "F"],
  [SYN, "S"],
  [RST, "R"],
  [PSH, "P"],
  [URG, "U"],
  [ECE, "E"],
  [CWR, "W"],
  [AE, "A"],
  [ACK, "."],
];

export function packetText({ body }: PacketSpec): string {
  if (body.protocol === "tcp") return tcpText(body);
  return body.protocol === "udp" ? `udp (${body.payload})` : icmpText(body);
}

function icmpText({ type, code, mtu, identifier }: IcmpSpec): string {
  return `icmp ${type}` + (code === null ? "" : ` ${code}`) + (mtu >= 0 ? ` mtu ${mtu}` : "") +
    (identifier > 0 ? ` id ${identifier}` : "");
}

function tcpText(tcp: TcpSpec): string {
  let flags = "";
  for (const [bit, letter] of LETTERS) if ((tcp.flags & bit) !== 0) flags += letter;
  let text = `${flags || "-"} ${tcp.sequence}:${(tcp.sequence + tcp.payload) >>> 0}(${tcp.payload})`;
  if ((tcp.flags & ACK) !== 0) text += ` ack ${tcp.acknowledgement}`;
  if (tcp.window >= 0) text += ` win ${tcp.window}`;
  if ((tcp.flags & URG) !== 0) text += ` urg ${tcp.urgent}`;
  if (tcp.options === null) return text + " <...>";
  return tcp.options.length === 0 ? text : `${text} <${tcp.options.map(optionText).join(",")}>`;
}

function optionText({ kind, data }: TcpOption): string {
  switch (kind) {
    case OPTION_END:
      return "eol";
    case OPTION_NOP:
      return "nop";
    case OPTION_MSS:
      if (data.length === 2) return `mss ${get16(data, 0)}`;
      break;
    case OPTION_WINDOW_SCALE:
      if (data.length === 1) return `wscale ${data[0]}`;
      break;
    case OPTION_SACK_PERMITTED:
      return "sackOK";
    case OPTION_SACK: {
      const blocks: string[] = [];
      for (let at = 0; at + 8 <= data.length; at += 8) blocks.push(`${get32(data, at)}:${get32(data, at + 4)}`);
      return `sack ${blocks.join(" ")}`;
    }
    case OPTION_TIMESTAMPS:
      if (data.length === 8) return `TS val ${get32(data, 0)} ecr ${get32(data, 4)}`;
      break;
    case OPTION_FAST_OPEN:
      return data.length === 0 ? "FO" : `FO ${hex(data)}`;
    case OPTION_EXPERIMENTAL:
      if (data[0] === 0xf9 && data[1] === 0x89) return data.length === 2 ? "FOEXP" : `FOEXP ${hex(data.subarray(2))}`;
      break;
    case OPTION_MD5:
      return `md5 ${hex(data)}`;
  }
  return `unknown(${kind}) ${hex(data)}`;
}

function hex(data: Uint8Array): string {
  return Array.from(data, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** `script packet:  0.100000 S. 0:0(0) ack 1 win 64240` */
export function dump(which: "script" | "actual", packet: PacketSpec, at: number): string {
  return `${which} packet: ${(at / 1e9).toFixed(6).padStart(9)} ${packetText(packet)}`;
}
