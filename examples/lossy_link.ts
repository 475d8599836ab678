/** A slow, lossy link: what ping sees of it, and a TCP transfer that arrives whole all the same. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 42 });
const a = net.host("a"), b = net.host("b");
const wire = net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"], {
  delay: "50ms",
  jitter: "5ms",
  rate: "2mbit",
  loss: "5%",
});

await net.run(async () => {
  console.log("a$ ping -q -c 100 -i 0.2 10.0.0.2");
  console.log((await a.exec("ping -q -c 100 -i 0.2 10.0.0.2")).stdout);

  const listener = b.listen({ port: 5000 });
  const received = (async () => {
    const conn = await listener.accept();
    let octets = 0, sum = 0;
    for await (const chunk of conn.readable) {
      octets += chunk.length;
      for (const octet of chunk) sum = (sum * 31 + octet) >>> 0;
    }
    return { octets, sum };
  })();
  const data = Uint8Array.from({ length: 256 * 1024 }, (_, i) => i * 13);
  const start = net.clock.now();
  const conn = await a.connect({ hostname: "10.0.0.2", port: 5000 });
  for (let at = 0; at < data.length;) at += await conn.write(data.subarray(at));
  conn.close();
  const { octets, sum } = await received;
  listener.close();
  const seconds = (net.clock.now() - start) / 1000;
  const expected = data.reduce((all, octet) => (all * 31 + octet) >>> 0, 0);
  console.log(`${octets} octets in ${seconds.toFixed(1)} s of virtual time, ${sum === expected ? "whole" : "damaged"}`);

  wire.set({ delay: "1ms", jitter: 0, loss: 0 });
  console.log("\na$ ping -q -c 10 -i 0.2 10.0.0.2   # after the wire was mended");
  console.log((await a.exec("ping -q -c 10 -i 0.2 10.0.0.2")).stdout);
});
