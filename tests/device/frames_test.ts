import { assert, assertEquals } from "@std/assert";
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Tap } from "../../src/device/tap.ts";
import { Random } from "../../src/time/random.ts";
import { settle, twoOwners } from "./network.ts";

Deno.test("random and truncated frames into any device are passed on, or counted and dropped, and none is leaked", () => {
  const { world, a, b } = twoOwners();
  const br0 = createLink(a, { kind: "bridge", name: "br0" });
  const t0 = createLink(a, { kind: "tap", name: "t0" });
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { owner: b, name: "v1" } });
  const v1 = v0.link!;
  changeLink(br0, { up: true });
  for (const device of [t0, v0]) changeLink(device, { master: br0, up: true });
  changeLink(v1, { up: true });
  const stacked = [
    createLink(a, { kind: "vlan", name: "br0.1", link: br0, vlan: { id: 1 } }),
    createLink(b, { kind: "vlan", name: "v1.1", link: v1, vlan: { id: 1 } }),
    createLink(b, { kind: "macvlan", name: "m0", link: v1, macvlan: { mode: "bridge" } }),
    createLink(b, { kind: "macvlan", name: "m1", link: v1, macvlan: { mode: "private" } }),
  ];
  for (const device of stacked) changeLink(device, { up: true });
  settle(world);
  assertEquals(world.packets.outstanding, 0);
  a.onPacket = b.onPacket = () => {};
  const tap = t0.driver as Tap;
  tap.onFrame = () => {};
  const random = new Random(5);
  const addresses = [br0, t0, v0, v1, ...stacked].map((device) => device.address);
  let written = 0;
  for (let i = 0; i < 30_000; i++) {
    const frame = new Uint8Array(random.below(random.below(20) === 0 ? 3000 : 90));
    random.fill(frame);
    if (frame.length > 18 && random.below(4) > 0) {
      frame.set(addresses[random.below(addresses.length)], 0);
      frame.set(addresses[random.below(addresses.length)], 6);
      const protocol = random.below(4);
      if (protocol < 2) frame.set([0x81, 0, 0, random.below(3)], 12);
      else if (protocol === 2) frame.set([0x08, 0], 12);
      if (random.below(4) === 0) frame[0] = 0xff;
    }
    if (tap.write(frame)) written++;
    if (i % 16 === 0) world.scheduler.drain();
  }
  world.scheduler.drain();
  assertEquals(world.packets.outstanding, 0);
  assertEquals([t0.counters.rxPackets, t0.counters.rxFrame], [written, 30_000 - written]);
  assert(v1.counters.rxPackets > 1000 && stacked.every((device) => device.counters.rxPackets > 10));
  // What the bridge sent to v0 was sent, or was longer than the wire takes.
  assertEquals(v0.counters.txPackets, v1.counters.rxPackets);
});
