import { assertEquals, assertThrows } from "@std/assert";
import { type Bridge, bridgePort, deleteFdbEntry, setFdbEntry } from "../../src/device/bridge.ts";
import type { Interface } from "../../src/device/interface.ts";
import { changeLink, createLink, deleteLink } from "../../src/device/link.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { BROADCAST_MAC, formatMac } from "../../src/wire/ethernet.ts";
import { frame, Owner, settle, twoOwners } from "./network.ts";

/** A bridge in `a` with ports p0…, each wired to e0… in a namespace of its own. */
function bridged(count: number) {
  const { world, a } = twoOwners();
  const br0 = createLink(a, { kind: "bridge", name: "br0" });
  changeLink(br0, { up: true });
  const hosts: Owner[] = [];
  const ends: Interface[] = [];
  const ports: Interface[] = [];
  for (let i = 0; i < count; i++) {
    const host = new Owner(world, `h${i}`);
    (host as { id: number }).id = 10 + i;
    const end = createLink(host, {
      kind: "veth",
      name: "e0",
      address: Uint8Array.of(2, 0, 0, 0, 0, i + 1),
      peer: { owner: a, name: `p${i}`, address: Uint8Array.of(2, 0, 0, 0, 1, i + 1) },
    });
    changeLink(end, { up: true });
    changeLink(end.link!, { master: br0, up: true });
    hosts.push(host);
    ends.push(end);
    ports.push(end.link!);
  }
  return { world, a, br0, bridge: br0.driver as Bridge, hosts, ends, ports };
}

Deno.test("a bridge floods what it does not know and learns who is where", () => {
  const { world, bridge, hosts, ends, ports } = bridged(3);
  ends[0].transmit(frame(world, ends[1].address, ends[0].address));
  world.scheduler.drain();
  assertEquals(hosts.map((host) => host.received.length), [0, 1, 1]);
  assertEquals(hosts[2].received, ["e0 800 3 46"]); // PACKET_OTHERHOST
  ends[1].transmit(frame(world, ends[0].address, ends[1].address));
  world.scheduler.drain();
  ends[0].transmit(frame(world, ends[1].address, ends[0].address));
  world.scheduler.drain();
  assertEquals(hosts.map((host) => host.received.length), [1, 2, 1]);
  const now = world.scheduler.now;
  const learned = bridge.fdb.entries(now).filter((entry) => !entry.local);
  assertEquals(learned.map((entry) => `${formatMac(entry.address)} ${entry.port!.device.name}`), [
    "02:00:00:00:00:02 p1",
    "02:00:00:00:00:01 p0",
  ]);
  world.scheduler.now = 300e9;
  assertEquals(bridge.fdb.entries(world.scheduler.now).filter((entry) => !entry.local).length, 0);
  assertEquals(bridgePort(ports[0])!.state, 3);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("group frames reach the bridge and all ports; link-local groups go no further", () => {
  const { world, a, hosts, ends, br0 } = bridged(2);
  ends[0].transmit(frame(world, BROADCAST_MAC, ends[0].address));
  world.scheduler.drain();
  assertEquals([a.received, hosts[1].received], [["br0 800 1 46"], ["e0 800 1 46"]]);
  assertEquals([br0.counters.rxPackets, br0.counters.rxBytes], [1, 46]);
  const group = (last: number) => Uint8Array.of(0x01, 0x80, 0xc2, 0, 0, last);
  for (const last of [1, 2, 3, 0xe]) ends[0].transmit(frame(world, group(last), ends[0].address));
  world.scheduler.drain();
  assertEquals(hosts[1].received.length, 1);
  ends[0].transmit(frame(world, group(0), ends[0].address));
  world.scheduler.drain();
  assertEquals(hosts[1].received.length, 2);
});

Deno.test("MAC, MTU and carrier of a bridge are those of its ports", () => {
  const { world, br0, ports, ends } = bridged(2);
  assertEquals([formatMac(br0.address), br0.mtu, br0.carrier], ["02:00:00:00:01:01", 1500, true]);
  changeLink(ports[1], { mtu: 1400 });
  assertEquals(br0.mtu, 1400);
  changeLink(ends[0], { up: false });
  changeLink(ends[1], { up: false });
  settle(world);
  assertEquals(br0.operstate, "DOWN");
  changeLink(br0, { mtu: 1300 });
  changeLink(ports[1], { master: null });
  assertEquals([br0.mtu, ports[1].promiscuity, ports[1].handler], [1300, 0, null]);
  deleteLink(ports[0]);
  assertEquals(formatMac(br0.address), "00:00:00:00:00:00");
  deleteLink(br0);
});

Deno.test("the fdb takes entries by hand and refuses in the kernel's words", () => {
  const { bridge, ports } = bridged(2);
  const mac = Uint8Array.of(2, 0, 0, 0, 0, 0x99);
  setFdbEntry(ports[0], mac, "static", "add");
  assertThrows(() => setFdbEntry(ports[0], mac, "static", "add"), KernelError, "File exists");
  setFdbEntry(ports[1], mac, "static", "replace");
  assertEquals(bridge.fdb.get(mac, 0)!.port!.device.name, "p1");
  assertThrows(() => deleteFdbEntry(ports[0], mac), KernelError, "No such file or directory");
  deleteFdbEntry(ports[1], mac);
  assertThrows(
    () => changeLink(ports[0], { master: createLink(ports[0].owner, { kind: "dummy" }) }),
    KernelError,
    "Operation not supported",
  );
});

Deno.test("a bridge without ports has a carrier until somebody looks at its ports: an address, a port", () => {
  const { a } = twoOwners();
  const plain = createLink(a, { kind: "bridge", name: "br0" });
  const given = createLink(a, { kind: "bridge", name: "br1", address: Uint8Array.of(2, 0, 0, 0, 0, 1) });
  changeLink(plain, { up: true });
  changeLink(given, { up: true });
  assertEquals([plain.operstate, given.operstate], ["UNKNOWN", "DOWN"]);
  const port = createLink(a, { kind: "dummy", name: "p0" });
  changeLink(port, { master: plain });
  assertEquals([plain.carrier, plain.operstate], [false, "UNKNOWN"]); // the linkwatch has yet to come
  changeLink(port, { up: true });
  assertEquals(plain.carrier, true);
});

Deno.test("frames to the bridge's own address go up, whether it was given or is a port's", () => {
  for (const address of [undefined, Uint8Array.of(2, 0, 0, 0, 0, 0xb0)]) {
    const { world, a } = twoOwners();
    const br0 = createLink(a, { kind: "bridge", name: "br0", address });
    const host = new Owner(world, "h");
    const end = createLink(host, { kind: "veth", name: "e0", peer: { owner: a, name: "p0" } });
    changeLink(br0, { up: true });
    changeLink(end, { up: true });
    changeLink(end.link!, { master: br0, up: true });
    end.transmit(frame(world, br0.address, end.address));
    world.scheduler.drain();
    assertEquals(a.received, ["br0 800 0 46"]);
  }
});

Deno.test("a loop of bridges ends at the storm limit and says where", () => {
  const { world, a, br0, ends, bridge } = bridged(1);
  const br1 = createLink(a, { kind: "bridge", name: "br1" });
  changeLink(br1, { up: true });
  for (const name of ["x", "y", "z"]) {
    const x = createLink(a, { kind: "veth", name: `${name}0`, peer: { name: `${name}1` } });
    changeLink(x, { master: br0, up: true });
    changeLink(x.link!, { master: br1, up: true });
  }
  settle(world);
  assertEquals(bridge.ports.length, 4);
  ends[0].transmit(frame(world, BROADCAST_MAC, ends[0].address));
  a.onPacket = () => {};
  world.scheduler.drain();
  assertEquals(world.backlog.stormDrops > 0, true);
  assertEquals(world.backlog.stormedOn !== null, true);
  assertEquals(world.packets.outstanding, 0);
});
