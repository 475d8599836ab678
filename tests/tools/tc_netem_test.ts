import { assertEquals } from "@std/assert";
import { Network } from "../../src/network/network.ts";

/** What iproute2 6.1's tc printed of the same messages, handed to it in place of a kernel's (the kernel at hand had no netem). */
const SHOWN: readonly [words: string, text: string][] = [
  [
    "delay 100ms 10ms 25% loss 0.3% 25% duplicate 1% 12.5% reorder 25% 50% corrupt 0.1%",
    "limit 1000 delay 100ms  10ms 25% loss 0.3% 25% duplicate 1% 12.5% reorder 25% 50% corrupt 0.1% gap 1",
  ],
  ["delay 100", "limit 1000 delay 99us"],
  ["rate 1mbit 5 10 3", "limit 1000 rate 1Mbit packetoverhead 5 cellsize 10 celloverhead 3"],
  ["slot 1ms 2ms packets 5 bytes 7", "limit 1000 slot 1ms 2ms packets 5 bytes 7"],
  ["loss gemodel 1% 10% 70% 0.1%", "limit 1000 loss gemodel p 1% r 10% 1-h 70% 1-k 0.1%"],
  ["loss state 1% 5%", "limit 1000 loss state p13 1% p31 5% p32 0% p23 100% p14 0%"],
  ["loss 1% ecn", "limit 1000 loss 1% ecn "],
];

Deno.test("netem is shown as tc shows it", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  await net.run(async () => {
    await host.exec("ip link add d0 type dummy; ip link set d0 up");
    for (const [words, text] of SHOWN) {
      const { code, stderr } = await host.exec(`tc qdisc add dev d0 root handle 1: netem ${words}`);
      assertEquals([code, stderr], [0, ""], words);
      assertEquals((await host.exec("tc qdisc show dev d0")).stdout, `qdisc netem 1: root refcnt 2 ${text}\n`);
      await host.exec("tc qdisc del dev d0 root");
    }
  });
});

Deno.test("wrong words for netem get tc's answers", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  const complaints: readonly [words: string, first: string][] = [
    ["delay x", 'Illegal "latency"'],
    ["loss x", "Unknown loss parameter: x"],
    ["loss 101%", 'Illegal "loss percent"'],
    ["limit x", 'Illegal "limit"'],
    ["foo", 'What is "foo"?'],
    ["gap 5 delay 1ms", "gap specified without reorder probability"],
    ["reorder 5%", "reordering not possible without specifying some delay"],
    ["ecn", "ecn requested without loss model"],
    ["delay 10ms distribution normal", "distribution specified but no latency and jitter values"],
    ["delay", 'Command line is not complete. Try option "help"'],
  ];
  await net.run(async () => {
    for (const [words, first] of complaints) {
      const { code, stderr } = await host.exec(`tc qdisc add dev lo root netem ${words}`);
      assertEquals([code > 0, stderr.split("\n")[0]], [true, first], words);
    }
  });
});
