import { assertEquals, assertThrows } from "@std/assert";
import { changeLink, createLink, deleteLink } from "../../src/device/link.ts";
import type { Tap } from "../../src/device/tap.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { BROADCAST_MAC } from "../../src/wire/ethernet.ts";
import { frame, settle, twoOwners } from "./network.ts";

function wired() {
  const { world, a, b } = twoOwners();
  const v0 = createLink(a, { kind: "veth", name: "v0", peer: { owner: b, name: "v1" } });
  const v1 = v0.link!;
  changeLink(v0, { up: true });
  changeLink(v1, { up: true });
  return { world, a, b, v0, v1 };
}

Deno.test("a VLAN's frames reach only the VLAN of that id on the other side, also stacked", () => {
  const { world, a, b, v0, v1 } = wired();
  const left = createLink(a, { kind: "vlan", name: "v0.5", link: v0, vlan: { id: 5 } });
  const right = createLink(b, { kind: "vlan", name: "v1.5", link: v1, vlan: { id: 5 } });
  const other = createLink(b, { kind: "vlan", name: "v1.6", link: v1, vlan: { id: 6 } });
  for (const device of [left, right, other]) changeLink(device, { up: true });
  settle(world);
  assertEquals([left.operstate, left.mtu, left.address], ["UP", 1500, v0.address]);
  left.transmit(frame(world, v1.address, left.address));
  world.scheduler.drain();
  assertEquals(b.received, ["v1.5 800 0 46"]);
  assertEquals([left.counters.txBytes, v0.counters.txBytes, right.counters.rxBytes], [60, 60, 46]);
  const inner0 = createLink(a, { kind: "vlan", name: "q0", link: left, vlan: { id: 7 } });
  const inner1 = createLink(b, { kind: "vlan", name: "q1", link: right, vlan: { id: 7 } });
  changeLink(inner0, { up: true });
  changeLink(inner1, { up: true });
  inner0.transmit(frame(world, v1.address, left.address));
  world.scheduler.drain();
  assertEquals(b.received.slice(1), ["q1 800 0 46"]);
  // A tag that nobody takes is not for this host.
  const stray = frame(world, v1.address, v0.address);
  stray.vlan = 9;
  v0.transmit(stray);
  world.scheduler.drain();
  assertEquals(b.received.slice(2), ["v1 800 3 46"]);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a VLAN goes down, up and away with what it stands on", () => {
  const { world, a, v0, v1 } = wired();
  const vlan = createLink(a, { kind: "vlan", name: "v0.5", link: v0, vlan: { id: 5 } });
  changeLink(vlan, { up: true });
  changeLink(v0, { up: false });
  assertEquals(vlan.up, false);
  assertThrows(() => changeLink(vlan, { up: true }), KernelError, "Network is down");
  changeLink(v0, { up: true });
  assertEquals([vlan.up, vlan.carrier], [true, true]);
  changeLink(v1, { up: false });
  settle(world);
  assertEquals([vlan.up, vlan.carrier], [true, v0.carrier]);
  const refused = (name: string, link: typeof v0 | undefined, id: number) =>
    assertThrows(() => createLink(a, { kind: "vlan", name, link, vlan: { id } }), KernelError).message;
  assertEquals(refused("x", v0, 5), "VLAN device already exists.");
  assertEquals(refused("x", v0, 4095), "Invalid VLAN id.");
  assertEquals(refused("x", a.loopback, 5), "VLANs not supported on device.");
  assertThrows(() => changeLink(vlan, { mtu: 1501 }), KernelError, "Numerical result out of range");
  deleteLink(v0);
  assertEquals(a.interfaces.byName("v0.5"), undefined);
});

Deno.test("macvlans of mode bridge reach each other and the wire; private ones only the wire", () => {
  const { world, a, b, v0, v1 } = wired();
  const make = (name: string, mode: "bridge" | "private") => {
    const device = createLink(a, { kind: "macvlan", name, link: v0, macvlan: { mode } });
    changeLink(device, { up: true });
    return device;
  };
  const m0 = make("m0", "bridge");
  const m1 = make("m1", "bridge");
  const p0 = make("p0", "private");
  m0.transmit(frame(world, m1.address, m0.address));
  world.scheduler.drain();
  assertEquals([a.received, b.received], [["m1 800 0 46"], []]);
  p0.transmit(frame(world, m1.address, p0.address));
  world.scheduler.drain();
  assertEquals([a.received.length, b.received], [1, ["v1 800 3 46"]]);
  v1.transmit(frame(world, p0.address, v1.address));
  v1.transmit(frame(world, BROADCAST_MAC, v1.address));
  world.scheduler.drain();
  assertEquals(a.received.slice(1).sort(), [
    "m0 800 1 46",
    "m1 800 1 46",
    "p0 800 0 46",
    "p0 800 1 46",
    "v0 800 1 46",
  ]);
  changeLink(v0, { up: false });
  assertEquals([m0.up, m0.carrier, m0.operstate], [true, false, "LOWERLAYERDOWN"]);
  assertThrows(() => createLink(a, { kind: "macvlan", link: a.loopback }), KernelError, "Invalid argument");
  deleteLink(v0);
  assertEquals(a.interfaces.size, 1);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a tap hands out whole frames and takes any octets without harm", () => {
  const { world, a } = twoOwners();
  const device = createLink(a, { kind: "tap", name: "t0" });
  const tap = device.driver as Tap;
  const frames: Uint8Array[] = [];
  tap.onFrame = (bytes) => frames.push(bytes);
  assertEquals(tap.write(new Uint8Array(60)), false);
  changeLink(device, { up: true });
  device.transmit(frame(world, BROADCAST_MAC, device.address));
  assertEquals(frames.map((bytes) => bytes.length), [60]);
  let taken = 0;
  for (let i = 0; i < 20000; i++) {
    const octets = new Uint8Array(world.random.below(100));
    world.random.fill(octets);
    if (i % 3 === 0 && octets.length > 14) octets.set([0x81, 0], 12);
    if (tap.write(octets)) taken++;
    world.scheduler.drain();
  }
  const { rxPackets, rxFrame, rxDropped } = device.counters;
  assertEquals(rxPackets, taken);
  assertEquals(rxPackets + rxFrame + 1, 20001);
  assertEquals(rxDropped > 1, true);
  assertEquals(world.packets.outstanding, 0);
});
