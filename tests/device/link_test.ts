import { assertEquals, assertThrows } from "@std/assert";
import { changeLink, createLink, deleteAllLinks, deleteLink } from "../../src/device/link.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { formatMac } from "../../src/wire/ethernet.ts";
import { frame, twoOwners } from "./network.ts";

function refusal(action: () => unknown): string {
  const error = assertThrows(action, KernelError) as KernelError;
  return error.message;
}

Deno.test("the peer of a veth is registered first and gets the lower index", () => {
  const { a } = twoOwners();
  const eth0 = createLink(a, { kind: "veth", name: "eth0", mtu: 1450, peer: { name: "p0" } });
  assertEquals([eth0.index, eth0.link!.index, eth0.mtu, eth0.link!.mtu], [3, 2, 1450, 1500]);
  assertEquals(a.events, ["p0 register", "p0 ready", "eth0 register", "eth0 ready"]);
});

Deno.test("carrier and state of a veth follow its peer; the state of the second end waits for the linkwatch", () => {
  const { world, a, b } = twoOwners();
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { owner: b, name: "v1" } });
  const v1 = v0.link!;
  changeLink(v0, { up: true });
  assertEquals([v0.operstate, v0.carrier, v0.qdiscName], ["DOWN", false, "noqueue"]);
  changeLink(v1, { up: true });
  assertEquals([v0.operstate, v0.carrier, v1.operstate, v1.carrier], ["UP", true, "DOWN", true]);
  while (world.scheduler.step());
  assertEquals(v1.operstate, "UP");
  changeLink(v1, { up: false });
  assertEquals([v0.operstate, v0.carrier], ["UP", false]);
  world.linkwatch.sync(v0);
  assertEquals([v0.operstate, v0.carrier], ["DOWN", false]);
  deleteLink(v1);
  assertEquals([a.interfaces.size, b.interfaces.size], [1, 1]);
});

Deno.test("ends in one namespace show LOWERLAYERDOWN while both have no carrier", () => {
  const { a } = twoOwners();
  const eth0 = createLink(a, { kind: "veth", name: "eth0", peer: { name: "p0" } });
  changeLink(eth0, { up: true });
  assertEquals(eth0.operstate, "LOWERLAYERDOWN");
});

Deno.test("a frame crosses a veth as the same object and is counted on both sides", () => {
  const { world, a, b } = twoOwners();
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { owner: b, name: "v1" } });
  const v1 = v0.link!;
  changeLink(v0, { up: true });
  changeLink(v1, { up: true });
  const sent = frame(world, v1.address, v0.address);
  b.onPacket = (packet) => assertEquals(packet === sent, true);
  assertEquals(v0.transmit(sent), 0);
  world.scheduler.drain();
  assertEquals([v0.counters.txPackets, v0.counters.txBytes], [1, 60]);
  assertEquals([v1.counters.rxPackets, v1.counters.rxBytes], [1, 60]);
  const held = frame(world, v1.address, v0.address).hold();
  b.onPacket = (packet) => assertEquals(packet === held, false);
  v0.transmit(held);
  world.scheduler.drain();
  held.release();
  changeLink(v1, { mtu: 100 });
  assertEquals(v0.transmit(frame(world, v1.address, v0.address, 0x0800, 105)), -105); // ENOBUFS, as ping says on Linux
  assertEquals([v0.counters.txDropped, v1.counters.rxDropped], [1, 1]);
  const short = world.packets.allocate(4);
  short.tail += 4;
  v0.transmit(short);
  assertEquals(v0.counters.txDropped, 2);
  changeLink(v1, { up: false });
  v0.transmit(frame(world, v1.address, v0.address));
  assertEquals(v0.counters.txDropped, 3);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("what the kernel refuses it refuses in its words", () => {
  const { a, b } = twoOwners();
  const d0 = createLink(a, { kind: "dummy", name: "d0" });
  assertEquals(refusal(() => createLink(a, { kind: "dummy", name: "d0" })), "File exists");
  assertEquals(refusal(() => createLink(a, { kind: "nonsense", name: "d1" })), "Unknown device type.");
  const long = "name-that-is-too-long";
  assertEquals(refusal(() => createLink(a, { kind: "dummy", name: long })), "Attribute failed policy validation.");
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { name: "v1", index: 9 } });
  assertEquals(refusal(() => changeLink(v0, { mtu: 20 })), "mtu less than device minimum.");
  assertEquals(refusal(() => changeLink(v0, { mtu: 65536 })), "mtu greater than device maximum.");
  assertEquals(refusal(() => createLink(a, { kind: "veth", name: "v2", mtu: 20 })), "Invalid argument");
  assertEquals(refusal(() => createLink(a, { kind: "veth", name: "v2", index: 9 })), "File exists");
  assertEquals(
    refusal(() => createLink(a, { kind: "veth", name: "v2", peer: { index: 9 } })),
    "Device or resource busy",
  );
  assertEquals(refusal(() => createLink(a, { kind: "veth", name: "v2", peer: { name: "v2" } })), "File exists");
  assertEquals(a.interfaces.byName("v2"), undefined);
  assertEquals(refusal(() => deleteLink(a.loopback)), "Operation not supported");
  assertEquals(refusal(() => changeLink(a.loopback, { netns: b })), "The interface netns is immutable.");
  assertEquals(refusal(() => changeLink(v0, { name: "d0" })), "File exists");
  assertEquals(refusal(() => changeLink(v0, { name: "a/b" })), "Invalid argument");
  assertEquals(
    refusal(() => changeLink(v0, { address: Uint8Array.of(1, 0, 0, 0, 0, 1) })),
    "Cannot assign requested address",
  );
  assertEquals(refusal(() => changeLink(v0, { master: d0 })), "Operation not supported");
  assertEquals(refusal(() => changeLink(v0, { carrier: false })), "Operation not supported");
  changeLink(a.loopback, { mtu: 0 });
  changeLink(a.loopback, { mtu: 100000 });
});

Deno.test("indexes go up one by one; one that was asked for does not move the next", () => {
  const { a } = twoOwners();
  assertEquals(createLink(a, { kind: "veth", name: "v0", index: 10, peer: { name: "v1" } }).link!.index, 2);
  assertEquals(createLink(a, { kind: "dummy" }).index, 3);
  assertEquals([...a.interfaces].map((device) => device.name), ["lo", "v1", "dummy0", "v0"]);
});

Deno.test("moving takes an interface down and keeps MTU, MAC, alias and a free index", () => {
  const { a, b } = twoOwners();
  const d0 = createLink(a, { kind: "dummy", name: "d0", mtu: 1300, alias: "x" });
  changeLink(d0, { up: true });
  const mac = formatMac(d0.address);
  a.events.length = 0;
  changeLink(d0, { netns: b, name: "back0" });
  assertEquals(a.events, ["d0 going-down", "d0 down", "d0 unregister"]);
  assertEquals(b.events, ["d0 register", "d0 ready", "back0 name"]);
  assertEquals([d0.up, d0.mtu, d0.index, d0.alias, d0.qdiscName], [false, 1300, 2, "x", "noop"]);
  assertEquals(formatMac(d0.address), mac);
  createLink(a, { kind: "dummy", name: "back0" });
  assertEquals(
    refusal(() => changeLink(d0, { netns: a })),
    "An interface with the same name exists in the target netns.",
  );
  changeLink(d0, { netns: a, name: "d9" });
  assertEquals(d0.name, "d9");
});

Deno.test("a namespace that goes takes both ends of its veths with it", () => {
  const { a, b } = twoOwners();
  createLink(a, { kind: "veth", peer: { owner: b } });
  createLink(a, { kind: "dummy" });
  deleteAllLinks(a);
  assertEquals([a.interfaces.size, b.interfaces.size], [0, 1]);
});

Deno.test("addresses come from the seed and differ", () => {
  const make = (seed: number) => {
    const v = createLink(twoOwners(seed).a, { kind: "veth" });
    return [formatMac(v.address), formatMac(v.link!.address)];
  };
  assertEquals(make(1), make(1));
  assertEquals(new Set([...make(1), ...make(2)]).size, 4);
  for (const mac of make(3)) assertEquals(parseInt(mac.slice(0, 2), 16) & 3, 2);
});
