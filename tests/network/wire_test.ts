import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { Network, NetworkUsageError, StormError } from "../../mod.ts";

function pair(options = {}) {
  const net = new Network({ seed: 3 });
  const a = net.host("a"), b = net.host("b");
  const wire = net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24", "fd00::2/64"], options);
  return { net, a, b, wire };
}

Deno.test("a wire in one line carries a ping with its delay", async () => {
  const { net, a } = pair({ delay: "5ms" });
  using _net = net;
  await net.run(async () => {
    const { stdout } = await a.exec("ping -c 2 -i 0.2 10.0.0.2");
    assertStringIncludes(stdout, "icmp_seq=2 ttl=64 time=10.0 ms");
  });
});

Deno.test("a cut wire takes the carrier away, and mending gives it back", async () => {
  const { net, a, wire } = pair();
  using _net = net;
  await net.run(async () => {
    wire.cut();
    assertStringIncludes((await a.exec("ip link show eth0")).stdout, "NO-CARRIER");
    wire.mend();
    assertEquals((await a.exec("ping -c 1 10.0.0.2")).code, 0);
  });
});

Deno.test("a partition loses packets silently until it is healed", async () => {
  const { net, a, b } = pair();
  using _net = net;
  await net.run(async () => {
    assertEquals((await a.exec("ping -c 1 -W 1 10.0.0.2")).code, 0);
    net.partition(a, b);
    assertStringIncludes((await a.exec("ip link show eth0")).stdout, "LOWER_UP");
    assertEquals((await a.exec("ping -c 1 -W 1 10.0.0.2")).code, 1);
    net.heal();
    assertEquals((await a.exec("ping -c 1 -W 1 10.0.0.2")).code, 0);
  });
});

Deno.test("what a wire does can be changed while it runs", async () => {
  const { net, a, wire } = pair({ delay: "1ms" });
  using _net = net;
  await net.run(async () => {
    await a.exec("ping -c 1 10.0.0.2");
    wire.set({ delay: "20ms" });
    assertStringIncludes((await a.exec("ping -c 1 10.0.0.2")).stdout, "time=40.0 ms");
    wire.set({ delay: 0, mtu: 1400 });
    assertStringIncludes((await a.exec("ip link show eth0")).stdout, "mtu 1400");
  });
});

Deno.test("wires that cannot be are refused with what to do", () => {
  const { net, a, b } = pair();
  using _net = net;
  assertThrows(() => net.veth([a, "eth1", "10.0.0.300/24"], [b, "eth1"]), NetworkUsageError, "10.0.0.300/24");
  assertThrows(() => net.veth([a, "eth0"], [b, "eth1"]), NetworkUsageError, "File exists");
  assertThrows(() => net.veth([a, "a-name-of-16-chrs"], [b, "eth1"]), NetworkUsageError);
  assertThrows(() => net.veth([a, "e"], [b, "e"], { delay: "soon" }), NetworkUsageError, "Not a duration");
  assertThrows(() => net.veth([a, "e"], [b, "e"], { loss: 2 }), NetworkUsageError, "Not a share");
  assertThrows(() => net.veth([a, "e"], [b, "e"], { macs: ["x", "y"] }), NetworkUsageError, "Not a MAC address");
  using other = new Network();
  assertThrows(() => net.veth([a, "e"], [other.host("c"), "e"]), NetworkUsageError, "another network");
  assertThrows(() => net.partition(a, other.machine), NetworkUsageError, "No wire joins");
});

Deno.test("a loop of bridges is a StormError that says where, not a hang", async () => {
  using net = new Network({ seed: 1 });
  const [a, b] = [net.host("a"), net.host("b")];
  net.veth([a, "p1"], [b, "p1"]);
  net.veth([a, "p2"], [b, "p2"]);
  await assertRejects(
    () =>
      net.run(async () => {
        for (const host of [a, b]) {
          await host.exec("ip link add br0 type bridge; ip link set p1 master br0; ip link set p2 master br0");
          await host.exec("ip link set br0 up; ip addr add 10.0.0.1/24 dev br0");
        }
        await a.exec("ping -c 1 -W 1 10.0.0.77");
      }),
    StormError,
    "Packets go in circles",
  );
});
