import { assert, assertEquals } from "@std/assert";
import { Network } from "../../mod.ts";

Deno.test("what no interface, queue or protocol counts is counted by its reason", async () => {
  using net = new Network({ seed: 4 });
  const a = net.host("a"), b = net.host("b");
  net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"]);
  await net.run(async () => {
    assertEquals((await a.exec("ping -c 1 10.0.0.2")).code, 0);
    const grown = async (reason: keyof typeof net.drops, line: string) => {
      const before = net.drops[reason];
      await a.exec(line);
      return net.drops[reason] - before;
    };
    await b.exec("ip route add blackhole 10.7.0.0/24; sysctl -w net.ipv4.ip_forward=1");
    await a.exec("ip route add 10.7.0.0/24 via 10.0.0.2");
    assertEquals(await grown("IP_BLACKHOLE", "ping -c 2 -i 0.1 -W 1 10.7.0.1"), 2);
    await a.exec("ip neigh replace 10.0.0.9 dev eth0 lladdr 02:00:00:00:00:99");
    assertEquals(await grown("OTHERHOST", "ping -c 3 -i 0.1 -W 1 10.0.0.9"), 3);
    net.partition(a, b);
    assert(await grown("PARTITION", "ping -c 2 -i 0.1 -W 1 10.0.0.2") >= 2);
  });
});
