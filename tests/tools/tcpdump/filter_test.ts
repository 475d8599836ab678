import { assertEquals, assertThrows } from "@std/assert";
import { compileFilter, FilterError, type FilterNames, FilterPacket } from "../../../src/tools/tcpdump/filter.ts";
import { FRAMES } from "./frames.ts";

const NAMES: FilterNames = {
  hosts: () => null,
  port: (name) => ({ domain: 53, http: 80 })[name] ?? null,
  protocol: () => null,
  netmask: null,
};

/** The lines of the frames that pass. */
function passing(expression: string): string[] {
  const test = compileFilter(expression, NAMES);
  const packet = new FilterPacket();
  return FRAMES.filter(([hex]) => {
    packet.bytes = Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
    packet.end = packet.bytes.length;
    return test(packet);
  }).map(([, plain]) => plain);
}

Deno.test("words of protocols choose their packets", () => {
  assertEquals(passing("arp").every((line) => line.startsWith("ARP") || line.includes("arp")), true);
  assertEquals(passing("icmp").every((line) => line.includes("ICMP ")), true);
  assertEquals(passing("icmp6 or icmp").length, passing("icmp").length + passing("icmp6").length);
});

Deno.test("and and or bind alike, from left to right", () => {
  assertEquals(passing("arp or icmp and icmp").length, passing("icmp").length);
  assertEquals(passing("arp or (icmp and icmp)").length, passing("icmp").length + passing("arp").length);
});

Deno.test("octets of headers can be compared", () => {
  assertEquals(passing("tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn").every((line) => line.includes("[S")), true);
  assertEquals(passing("icmp[icmptype] == icmp-echo"), passing("icmp[0] = 8"));
});

Deno.test("an id alone has the qualifiers of the one before", () => {
  assertEquals(passing("port 53 or 8000"), passing("port 53 or port 8000"));
});

Deno.test("what cannot be is refused in libpcap's words", () => {
  const words: Record<string, string> = {
    "tcp and": "can't parse filter expression: syntax error",
    "host 1.2.3.4.5": "unknown host '1.2.3.4.5'",
    "port nosuch": "unknown port 'nosuch'",
    "port 70000": "illegal port number 70000 > 65535",
    "net 10.0.0.1/8": 'non-network bits set in "10.0.0.1/8"',
    "icmp port 5": "illegal qualifier of 'port'",
    "ether host 1.2.3.4": "illegal link layer address",
  };
  for (const [expression, message] of Object.entries(words)) {
    assertThrows(() => compileFilter(expression, NAMES), FilterError, message);
  }
});
