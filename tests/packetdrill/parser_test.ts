import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { packetText } from "../../src/packetdrill/packet_text.ts";
import { parseScript } from "../../src/packetdrill/parser.ts";
import { type PacketSpec, ParseError } from "../../src/packetdrill/syntax.ts";
import { Random } from "../../src/time/random.ts";

function packet(text: string): PacketSpec {
  const { action } = parseScript(`+0 ${text}`, "t").events[0];
  assert(action.kind === "packet");
  return action.packet;
}

Deno.test("packets are printed as they were written", () => {
  for (
    const text of [
      "S 0:0(0) win 65535 <mss 1000,nop,nop,sackOK,nop,wscale 7>",
      "S. 0:0(0) ack 1 win 64240 <mss 1460,sackOK,TS val 100 ecr 200,nop,wscale 10>",
      "P. 1:1001(1000) ack 1 win 512",
      "F. 4294967295:5(6) ack 4294967295",
      "R 1:1(0)",
      "- 1:1(0) win 0",
      "SEW 0:0(0) win 100 <FO 0123456789abcdef,nop,nop>",
      ". 1:1(0) ack 1 win 512 <nop,nop,sack 4001:8001 1001:3001>",
      "udp (10)",
      "icmp unreachable frag_needed mtu 1200",
      "icmp echo_request id 7",
    ]
  ) assertEquals(packetText(packet(`> ${text}`)), text);
});

Deno.test("what the IP header is to have stands in brackets", () => {
  const { ip } = packet("> [ect0] . 1:1(0) ack 1");
  assertEquals([ip.tosMask, ip.tos], [3, 2]);
  assertEquals(packet("< [tos 0x10] . 1:1(0) ack 1").ip.tos, 16);
  assertEquals(packet("> (ttl 7) udp (1)").ip.ttl, 7);
});

Deno.test("an ICMP error quotes a segment", () => {
  const { body } = packet("< [1:1001(1000)] icmp unreachable frag_needed mtu 1200");
  assert(body.protocol === "icmp");
  assertEquals(body.quoted, { protocol: "tcp", sequence: 1, payload: 1000 });
});

Deno.test("times are relative, absolute, any, and ranges of either", () => {
  const script = parseScript("0 `a`\n+.1 `b`\n* `c`\n0.1~0.2 `d`\n+0~+.5 `e`\n//+0.25 wait\n", "t");
  assertEquals(script.events.map(({ time }) => [time.kind, time.at / 1e6, time.end / 1e6]), [
    ["absolute", 0, 0],
    ["relative", 100, 100],
    ["any", 0, 0],
    ["absolute range", 100, 200],
    ["relative range", 0, 500],
    ["relative", 250, 250],
  ]);
});

Deno.test("a call has arguments, an end, a result, an errno and its words", () => {
  const { action } = parseScript(
    `+0...0.2 connect(3, {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("192.0.2.1")}, ...) = -1 ETIMEDOUT (Connection timed out)`,
    "t",
  ).events[0];
  assert(action.kind === "call");
  assertEquals([action.call.name, action.call.end, action.call.errno], ["connect", 200e6, "ETIMEDOUT"]);
  assertEquals(action.call.arguments.length, 3);
});

Deno.test("options and commands stand before the events, and a command may stand after them", () => {
  const script = parseScript("--tolerance_usecs=5000\n`sysctl -q a=1\nsysctl -q b=2`\n0 `x`\n`done`", "t");
  assertEquals(script.options.map(({ name, value }) => [name, value]), [["tolerance_usecs", "5000"]]);
  assertEquals(script.init.map(({ text }) => text), ["sysctl -q a=1\nsysctl -q b=2"]);
  assertEquals(script.cleanup.map(({ text }) => text), ["done"]);
});

Deno.test("errors name file, line and what is wrong", () => {
  const message = (text: string) => assertThrows(() => parseScript(text, "a.pkt"), ParseError).message;
  assertEquals(
    message("0 `x`\n+0 > Q. 1:1(0)"),
    "a.pkt:2: semantic error: The TCP flags have an invalid character 'Q'",
  );
  assertEquals(message("+0 < . 1:5(3)"), "a.pkt:1: semantic error: inconsistent TCP sequence numbers and payload size");
  assertEquals(
    message("+0 < . 1:1(0) <...>"),
    "a.pkt:1: semantic error: <...> for TCP options can only be used with outbound packets",
  );
  assertEquals(message("+0 socket(1, 2 = 3"), "a.pkt:1: parse error at '=': syntax error");
  assertEquals(message("+0 > . 1:1(0) win 70000"), "a.pkt:1: semantic error: TCP window value out of range");
});

Deno.test("any text is parsed or refused with a ParseError", () => {
  const random = new Random("packetdrill");
  const pieces =
    '0 +0 +0.1 * ~ ... 0.1 -1 0x1f < > ( ) [ ] { } , = | . S. P. F R - 1:1(0) 1:1001(1000) ack win urg 512 <mss 1460,nop> <...> socket( bind( read( 3 SOCK_STREAM TS val ecr sack 1:2 FO md5 icmp unreachable mtu udp (10) `x` ` " "a" %{ }% // /* */ --a=b \n //+1 wait htons( fd= \\ \u0000 é'
      .split(" ");
  for (let i = 0; i < 3000; i++) {
    let text = "";
    for (let n = random.below(30); n >= 0; n--) {
      text += pieces[random.below(pieces.length)] + (random.below(3) > 0 ? " " : "");
    }
    try {
      parseScript(text, "fuzz");
    } catch (error) {
      assertInstanceOf(error, ParseError, text);
    }
  }
});

Deno.test("a good script with a few characters changed is parsed or refused with a ParseError", () => {
  const good = `--tolerance_usecs=10000
\`sysctl -q net.ipv4.tcp_timestamps=0\`
0.000 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0...0.2 connect(3, {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("1.2.3.4")}, ...) = 0
+0 > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 8>
+0 %{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%
*  < [1:1001(1000)] icmp unreachable frag_needed mtu 1200
`;
  const random = new Random("mutate");
  for (let i = 0; i < 3000; i++) {
    let text = good;
    for (let n = random.below(4); n >= 0; n--) {
      const at = random.below(text.length);
      text = text.slice(0, at) + String.fromCharCode(random.below(128)) + text.slice(at + random.below(3));
    }
    try {
      parseScript(text, "fuzz");
    } catch (error) {
      assertInstanceOf(error, ParseError, text);
    }
  }
});
