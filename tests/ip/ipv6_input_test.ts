import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { finishIcmp6 } from "../../src/ip/icmp6.ts";
import { fragment6 } from "../../src/ip/fragment6.ts";
import { putHeader6 } from "../../src/ip/ipv6_output.ts";
import { Random } from "../../src/time/random.ts";
import type { Packet } from "../../src/wire/packet.ts";
import { type Host6, ip6, run, twoHosts } from "./host6.ts";

/** Puts octets into a host as if they had come by `v0`, behind an IPv6 header from the other host. */
function receive(host: Host6, next: number, body: Uint8Array, edit?: (bytes: Uint8Array, at: number) => void): void {
  const packet = host.world.packets.allocate(40 + body.length);
  packet.bytes.set(body, packet.head + 40);
  packet.tail = packet.head + 40 + body.length;
  putHeader6(packet, packet.head, next, 64, 0, 0, ip6("2001:db8::1"), ip6("2001:db8::2"));
  edit?.(packet.bytes, packet.head);
  packet.device = host.device("v0");
  host.ipv6.input(packet, host.device("v0"));
}

function octets(...parts: (number | number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => typeof part === "number" ? [part] : [...part]));
}

const BODY = Uint8Array.from({ length: 16 }, (_, i) => i);

Deno.test("extension headers before a transport are passed over", () => {
  const { b } = twoHosts();
  receive(b, 0, octets([60, 0, 1, 4, 0, 0, 0, 0], [43, 0, 1, 4, 0, 0, 0, 0], [17, 0, 0, 0, 0, 0, 0, 0], BODY));
  assertEquals(b.datagrams, [BODY]);
  assertEquals(b.mib.ip6.InDelivers >= 1, true);
});

Deno.test("options that nobody knows are answered as their type asks", () => {
  const { world, a, b } = twoHosts();
  const errors = (type: number, many = false) => {
    a.take();
    receive(b, 60, octets([17, 0, type, 4, 0, 0, 0, 0], BODY), (bytes, at) => {
      if (many) bytes.set(ip6("ff02::1"), at + 24);
    });
    run(world, 1);
    return a.take().filter((line) => line.startsWith("error"));
  };
  assertEquals(errors(0x1e), []);
  assertEquals(b.datagrams.splice(0).length, 1);
  assertEquals(errors(0x5e), []);
  assertEquals(errors(0x9e), ["error 4/2 0 from 2001:db8::2"]);
  assertEquals(errors(0xde), ["error 4/2 0 from 2001:db8::2"]);
  assertEquals(errors(0xde, true), []);
  assertEquals(b.datagrams, []);
});

Deno.test("a routing header with segments left and an unknown protocol meet Parameter Problem", () => {
  const { world, a, b } = twoHosts();
  receive(b, 43, octets([17, 0, 0, 1, 0, 0, 0, 0], BODY));
  run(world, 1);
  assertEquals(a.take().filter((line) => line.startsWith("error")), ["error 4/0 0 from 2001:db8::2"]);
  receive(b, 253, BODY);
  run(world, 1);
  assertEquals(b.mib.ip6.InUnknownProtos, 1);
  assertEquals(b.mib.icmp6.OutParmProblems, 2);
});

Deno.test("what is malformed is dropped and counted", () => {
  const { b } = twoHosts();
  const mib = b.mib.ip6;
  receive(b, 17, BODY, (bytes, at) => bytes[at] = 0x40);
  receive(b, 17, BODY, (bytes, at) => bytes.set(ip6("ff02::1"), at + 8));
  receive(b, 17, BODY, (bytes, at) => bytes.set(ip6("::1"), at + 24));
  receive(b, 0, octets([17, 9, 1, 4, 0, 0, 0, 0], BODY));
  assertEquals(mib.InHdrErrors, 4);
  receive(b, 17, BODY, (bytes, at) => bytes[at + 5] = 200);
  assertEquals(mib.InTruncatedPkts, 1);
  receive(b, 17, BODY, (bytes, at) => bytes.set(ip6("ff02::77"), at + 24));
  assertEquals(mib.InMcastPkts > 0, true);
  assertEquals(b.datagrams, []);
});

function fragment(id: number, offset: number, more: boolean, body: Uint8Array): Uint8Array {
  return octets([17, 0, offset >> 8, (offset & 0xf8) | (more ? 1 : 0), 0, 0, 0, id], body);
}

Deno.test("an atomic fragment is whole, overlapping ones spoil their packet, missing ones time out", () => {
  const { world, a, b } = twoHosts();
  receive(b, 44, fragment(1, 0, false, BODY));
  assertEquals(b.datagrams.splice(0), [BODY]);
  receive(b, 44, fragment(2, 0, true, BODY));
  receive(b, 44, fragment(2, 8, false, BODY));
  assertEquals(b.mib.ip6.ReasmFails, 1);
  receive(b, 44, fragment(3, 0, true, BODY));
  receive(b, 44, fragment(4, 16, false, BODY));
  run(world, 61);
  assertEquals(b.mib.ip6.ReasmTimeout, 2);
  assertEquals(a.take().filter((line) => line.startsWith("error")), ["error 3/1 0 from 2001:db8::2"]);
  assertEquals(b.ipv6.reassembly().weight, 0);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("cut anywhere, reordered and repeated, a packet is put together as it was", () => {
  const { world, a, b } = twoHosts();
  const route = a.ipv6.getRoute({ destination: ip6("2001:db8::2") }).route;
  let id = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20000 }),
      fc.integer({ min: 1280, max: 9000 }),
      fc.integer(),
      fc.boolean(),
      (size, mtu, seed, repeat) => {
        const random = new Random(seed);
        const body = new Uint8Array(size);
        random.fill(body);
        // The cutting is taken as it leaves, and handed over in another order.
        const cut: Packet[] = [];
        const device = a.device("v0");
        const send = device.transmit;
        device.transmit = (packet: Packet) => (cut.push(packet), 0);
        const packet = world.packets.allocate(40 + size);
        packet.bytes.set(body, packet.head + 40);
        packet.tail = packet.head + 40 + size;
        putHeader6(packet, packet.head, 17, 64, 0, 0, ip6("2001:db8::1"), ip6("2001:db8::2"));
        packet.transport = packet.head + 40;
        a.ipv6.neighbourTable().set(
          { address: ip6("2001:db8::2"), device, linkAddress: b.device("v0").address },
          "replace",
        );
        fragment6(a.ipv6, packet, route as never, device, mtu);
        device.transmit = send;
        for (let i = cut.length - 1; i > 0; i--) {
          const j = random.below(i + 1);
          [cut[i], cut[j]] = [cut[j], cut[i]];
        }
        if (repeat && cut.length > 2) cut.splice(1, 0, cut[0].copy());
        for (const piece of cut) {
          piece.head += 14;
          assert(piece.tail - piece.head <= mtu);
          b.ipv6.input(piece, b.device("v0"));
        }
        assertEquals(b.datagrams.splice(0), [body]);
        id++;
      },
    ),
    { numRuns: 200, seed: 4 },
  );
  run(world, 61);
  assertEquals(id, 200);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("a million random and damaged packets are taken without harm", () => {
  const { world, a, b } = twoHosts(9);
  b.sysctl("conf/all/forwarding", "1");
  const random = new Random(66);
  const nexts = [0, 6, 17, 41, 43, 44, 50, 51, 58, 58, 58, 59, 60, 253];
  const types = [1, 2, 3, 4, 100, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143, 200];
  const destinations = [
    "2001:db8::2",
    "2001:db8::2",
    "ff02::1",
    "fe80::1",
    "2001:db8::77",
    "::1",
    "3000::1",
    "2001:db8::",
  ].map(ip6);
  const sources = ["2001:db8::1", "fe80::5", "::", "::1", "ff02::1", "2001:db8::2"].map(ip6);
  const device = b.device("v0");
  for (let i = 0; i < 1_000_000; i++) {
    const size = random.below(90);
    const packet = world.packets.allocate(40 + size);
    const { bytes, head } = packet;
    for (let j = 0; j < size; j++) bytes[head + 40 + j] = random.below(4) === 0 ? random.below(256) : 0;
    packet.tail = head + 40 + size;
    const next = nexts[random.below(nexts.length)];
    const source = sources[random.below(sources.length)];
    const destination = destinations[random.below(destinations.length)];
    if (size > 4 && next < 60 && next !== 58) bytes[head + 40] = nexts[random.below(nexts.length)];
    if (next === 58 && size >= 4) {
      bytes[head + 40] = types[random.below(types.length)];
      packet.transport = head + 40;
      if (random.below(3) > 0) finishIcmp6(packet, source, destination);
    }
    packet.checksum = 0;
    putHeader6(packet, head, next, random.below(2) === 0 ? 255 : random.below(256), 0, 0, source, destination);
    if (random.below(20) === 0) bytes[head + random.below(8)] = random.below(256);
    if (random.below(20) === 0) packet.tail = head + random.below(41 + size);
    packet.kind = random.below(4) === 0 ? 2 : 0;
    packet.device = device;
    b.ipv6.input(packet, device);
    if ((i & 255) === 0) run(world, 0.01);
  }
  run(world, 120);
  assertEquals(world.packets.outstanding, 0);
  assertEquals(b.ipv6.reassembly().weight, 0);
  a.take();
});
