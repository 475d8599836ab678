/** One packet's lines: its number and time, what it is, and its octets. */
import { Dissector, type DissectorOptions, TRUNCATED } from "./dissector.ts";
import { printByType, printEthernet } from "./ethernet.ts";
import { type Captured, LINKTYPE_EN10MB, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from "./pcap.ts";

export interface PrintOptions extends Omit<DissectorOptions, "suppressUnknown"> {
  /** `-t` given so many times: 0 time of day, 1 none, 2 since the epoch, 3 since the packet before, 4 date, 5 since the first. */
  time: number;
  nano: boolean;
  number: boolean;
  /** `-x`, `-xx`, `-X`, `-XX`, `-A`, `-AA` given so many times. */
  hex: number;
  hexAndText: number;
  text: number;
}

export class PacketPrinter {
  readonly #dissector: Dissector;
  #count = 0;
  #first: Captured | null = null;
  #previous: Captured | null = null;

  /** `interfaceName` names the interfaces of cooked packets. */
  constructor(
    readonly options: PrintOptions,
    readonly linkType: number,
    readonly interfaceName: (index: number) => string,
  ) {
    const suppressUnknown = options.quick || options.hex > 0 || options.hexAndText > 0;
    this.#dissector = new Dissector({ ...options, suppressUnknown });
  }

  /** The text of a packet, with its line ends. */
  print(packet: Captured): string {
    this.#count++;
    const number = this.options.number ? `${String(this.#count).padStart(5)}  ` : "";
    const time = this.#time(packet);
    let header = 0;
    const text = this.#dissector.dissect(packet.bytes, (dissector) => {
      if (this.linkType === LINKTYPE_EN10MB) header = printEthernet(dissector, packet.length);
      else header = this.#printCooked(dissector, packet.length);
    });
    return `${number}${time}${text}${this.#dump(packet, header)}\n`;
  }

  #time(packet: Captured): string {
    const { seconds, nanoseconds } = packet;
    switch (this.options.time) {
      case 0:
        return `${this.#clock(seconds, nanoseconds)} `;
      case 1:
        return "";
      case 2:
        return `${seconds}.${this.#fraction(nanoseconds)} `;
      case 4:
        return `${new Date(seconds * 1000).toISOString().slice(0, 10)} ${this.#clock(seconds, nanoseconds)} `;
      default: {
        const since = (this.options.time === 3 ? this.#previous : this.#first) ?? packet;
        this.#first ??= packet;
        this.#previous = packet;
        // Time stamps are compared as they are shown.
        const unit = this.options.nano ? 1 : 1000;
        const whole = (it: Captured): number => Math.floor(it.nanoseconds / unit) * unit;
        let difference = (seconds - since.seconds) * 1e9 + whole(packet) - whole(since);
        const sign = difference < 0 ? "-" : " ";
        difference = Math.abs(difference);
        return `${sign}${this.#clock(Math.floor(difference / 1e9), difference % 1e9)} `;
      }
    }
  }

  /** Time of day. */
  #clock(seconds: number, nanoseconds: number): string {
    const two = (value: number): string => String(value).padStart(2, "0");
    const day = seconds % 86400;
    const clock = `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}`;
    return `${clock}.${this.#fraction(nanoseconds)}`;
  }

  #fraction(nanoseconds: number): string {
    if (this.options.nano) return String(nanoseconds).padStart(9, "0");
    return String(Math.floor(nanoseconds / 1000)).padStart(6, "0");
  }

  /** A cooked header (SLL and SLL2) and what is after it; its length. */
  #printCooked(dissector: Dissector, length: number): number {
    const directions = ["In", "B", "M", "P", "Out"];
    if (this.linkType === LINKTYPE_LINUX_SLL2) {
      dissector.protocol = "sll2";
      const type = dissector.u16(0);
      const index = dissector.u32(4);
      dissector.print(`${this.interfaceName(index).padEnd(5)} ${(directions[dissector.u8(10)] ?? "?").padEnd(3)} `);
      if (!printByType(dissector, type, 20, length - 20)) dissector.unknown(20, length - 20);
      return 20;
    }
    if (this.linkType === LINKTYPE_LINUX_SLL) {
      dissector.protocol = "sll";
      const type = dissector.u16(14);
      if (this.options.link) dissector.print(`${(directions[dissector.u16(0)] ?? "?").padStart(3)} `);
      if (!printByType(dissector, type, 16, length - 16)) dissector.unknown(16, length - 16);
      return 16;
    }
    dissector.unknown(0, length);
    throw TRUNCATED;
  }

  /** The octets as the options want them: once without the link header, twice with it. */
  #dump(packet: Captured, header: number): string {
    const { hex, hexAndText, text } = this.options;
    if (hex === 0 && hexAndText === 0 && text === 0) return "";
    const withLink = hexAndText > 1 || text > 1 || hex > 1;
    const from = withLink ? 0 : header;
    const dumper = this.#dissector;
    dumper.dissect(packet.bytes.subarray(from), (dissector) => {
      if (hexAndText > 0) dissector.hexAndText(0, dissector.bytes.length);
      else if (hex > 0) dissector.hex(0, dissector.bytes.length, "\n\t");
      else dissector.print("\n" + asText(dissector.bytes));
    });
    return dumper.text;
  }
}

/** `-A`: printable characters as they are, other octets as dots. */
function asText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const octet = bytes[i];
    if (octet === 13 && i + 1 < bytes.length && bytes[i + 1] === 10) continue; // the line end alone is shown
    const plain = octet === 10 || octet === 9 || (octet >= 32 && octet < 127);
    text += plain ? String.fromCharCode(octet) : ".";
  }
  return text;
}
