import { assertEquals } from "@std/assert";
import { PacketPrinter, type PrintOptions } from "../../../src/tools/tcpdump/print.ts";
import { LINKTYPE_EN10MB, pcapHeader, pcapRecord, readCapture } from "../../../src/tools/tcpdump/pcap.ts";
import { Random } from "../../../src/time/random.ts";
import { FRAMES } from "./frames.ts";

const OPTIONS: PrintOptions = {
  verbose: 0,
  link: false,
  quick: false,
  absoluteSequence: false,
  noChecksum: false,
  names: null,
  time: 1,
  nano: false,
  number: false,
  hex: 0,
  hexAndText: 0,
  text: 0,
};

function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
}

function print(bytes: Uint8Array, options: Partial<PrintOptions> = {}): string {
  const printer = new PacketPrinter({ ...OPTIONS, ...options }, LINKTYPE_EN10MB, String);
  return printer.print({ bytes, length: bytes.length, seconds: 0, nanoseconds: 0 }).trimEnd();
}

Deno.test("each kind of packet has tcpdump's line", () => {
  for (const [hex, plain] of FRAMES) assertEquals(print(octets(hex)), plain.trimEnd());
});

Deno.test("each kind of packet has tcpdump's lines with -v", () => {
  for (const [hex, , verbose] of FRAMES) assertEquals(print(octets(hex), { verbose: 1 }), verbose.trimEnd());
});

Deno.test("each kind of packet has tcpdump's line with -e", () => {
  for (const [hex, , , link] of FRAMES) assertEquals(print(octets(hex), { link: true }), link.trimEnd());
});

Deno.test("a packet that was captured in part ends with the name of the protocol", () => {
  const tcp = FRAMES.find(([, plain]) => plain.includes("Flags [S]"))!;
  assertEquals(print(octets(tcp[0]).subarray(0, 14 + 20 + 10)).endsWith("[|tcp]"), true);
});

Deno.test("printing never throws, whatever was captured", () => {
  const random = new Random(1);
  for (let i = 0; i < 20_000; i++) {
    const bytes = octets(FRAMES[random.below(FRAMES.length)][0]);
    for (let change = random.below(6); change > 0; change--) bytes[random.below(bytes.length)] = random.below(256);
    const kept = bytes.subarray(0, random.below(bytes.length + 1));
    print(kept, { verbose: random.below(3), link: random.below(2) === 0, hexAndText: random.below(2) });
  }
});

Deno.test("what is written as pcap is read again", () => {
  const packet = { bytes: octets(FRAMES[0][0]), length: 1500, seconds: 1700000000, nanoseconds: 123456000 };
  const parts = [pcapHeader(LINKTYPE_EN10MB, 262144), pcapRecord(packet)];
  const file = new Uint8Array(parts[0].length + parts[1].length);
  file.set(parts[0]);
  file.set(parts[1], parts[0].length);
  const read = readCapture(file);
  if (typeof read === "string") throw new Error(read);
  assertEquals(read.packets, [packet]);
  assertEquals(readCapture(octets("6a756e6b0a")), "unknown file format");
});
