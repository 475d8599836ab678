import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Packet } from "../../src/wire/packet.ts";
import { ETH_P_IP } from "../../src/wire/ethernet.ts";
import { setHeaderChecksum } from "../../src/ip/ipv4_output.ts";
import { put16, put32 } from "../../src/wire/octets.ts";
import { World } from "../../src/device/world.ts";
import { Host4, ip4, run, wire } from "./host4.ts";

const PROTOCOL = 253;

class Receiver extends Host4 {
  readonly received: Uint8Array[] = [];
  override protocol(version: 4 | 6, number: number): ReturnType<Host4["protocol"]> {
    if (number !== PROTOCOL) return super.protocol(version, number);
    return {
      input: (packet: Packet) => {
        this.received.push(packet.bytes.slice(packet.head, packet.tail));
        packet.release();
      },
    };
  }
}

function receiver(): { world: Host4["world"]; b: Receiver } {
  const world = new World(1);
  const b = new Receiver(world, "b").up("lo") as Receiver;
  wire(b, "v0", new Host4(world, "a"), "v0");
  b.addr("10.0.0.1/24", "v0");
  return { world, b };
}

interface Piece {
  offset: number;
  data: Uint8Array;
  more: boolean;
  id?: number;
  tos?: number;
}

/** A fragment from 10.0.0.2 comes in by v0. */
function give(b: Host4, { offset, data, more, id = 1, tos = 0 }: Piece): void {
  const packet = b.world.packets.allocate(20 + data.length);
  const { bytes, head } = packet;
  packet.tail = head + 20 + data.length;
  packet.protocol = ETH_P_IP;
  put32(bytes, head, 0x45000000 | (tos << 16) | (20 + data.length));
  put32(bytes, head + 4, (id << 16) | (more ? 0x2000 : 0) | (offset >>> 3));
  put32(bytes, head + 8, (64 << 24) | (PROTOCOL << 16));
  put32(bytes, head + 12, ip4("10.0.0.2"));
  put32(bytes, head + 16, ip4("10.0.0.1"));
  put16(bytes, head + 10, 0);
  setHeaderChecksum(bytes, head);
  bytes.set(data, head + 20);
  packet.network = head;
  packet.device = b.device("v0");
  b.ipv4.input(packet, b.device("v0"));
}

function payload(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 7 + (i >> 8));
}

/** Cuts a payload at multiples of 8. */
function cut(data: Uint8Array, cuts: number[]): Piece[] {
  const at = [...new Set(cuts.map((one) => 8 * (one % Math.ceil(data.length / 8))))].filter((one) => one > 0).sort((
    a,
    b,
  ) => a - b);
  const bounds = [0, ...at, data.length];
  return bounds.slice(0, -1).map((from, i) => ({
    offset: from,
    data: data.slice(from, bounds[i + 1]),
    more: bounds[i + 1] < data.length,
  }));
}

Deno.test("fragments in any order, with repetitions, make the packet that was cut", () => {
  const { world, b } = receiver();
  let id = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 9000 }),
      fc.array(fc.nat(2000), { maxLength: 12 }),
      fc.array(fc.nat(1000), { maxLength: 6 }),
      fc.infiniteStream(fc.nat(1000)),
      (length, cuts, repeated, order) => {
        id = (id + 1) & 0xffff;
        const data = payload(length);
        const pieces = cut(data, cuts).map((piece) => ({ ...piece, id }));
        // The last to come completes it, so repetitions come before.
        const shuffled = pieces.map((piece) => ({ piece, key: order.next().value as number })).sort((x, y) =>
          x.key - y.key
        );
        const all = shuffled.map((one) => one.piece);
        const last = all.pop()!;
        for (const at of repeated) if (all.length > 0) all.push(all[at % all.length]);
        for (const piece of all) give(b, piece);
        assertEquals(b.received, []);
        give(b, last);
        assertEquals(b.received.splice(0), [data]);
        assertEquals([b.ipv4.fragments.count, b.ipv4.fragments.bytes, world.packets.outstanding], [0, 0, 0]);
      },
    ),
    { seed: 9, numRuns: 300 },
  );
});

Deno.test("an overlap loses the whole packet", () => {
  const { world, b } = receiver();
  const data = payload(64);
  give(b, { offset: 0, data: data.slice(0, 32), more: true });
  give(b, { offset: 24, data: data.slice(24, 48), more: true });
  assertEquals(b.mib.ipExt.ReasmOverlaps, 1);
  assertEquals([b.ipv4.fragments.count, world.packets.outstanding], [0, 0]);
  give(b, { offset: 48, data: data.slice(48), more: false });
  run(world, 31);
  assertEquals([b.mib.ip.ReasmFails, b.mib.ip.ReasmTimeout, b.received.length], [2, 1, 0]);
});

Deno.test("two ends that differ, or octets beyond the end, lose the whole packet", () => {
  const { b } = receiver();
  give(b, { offset: 32, data: payload(8), more: false });
  give(b, { offset: 40, data: payload(8), more: false });
  assertEquals([b.ipv4.fragments.count, b.mib.ip.ReasmFails], [0, 1]);
  give(b, { offset: 32, data: payload(8), more: false });
  give(b, { offset: 40, data: payload(8), more: true });
  assertEquals([b.ipv4.fragments.count, b.mib.ip.ReasmFails], [0, 2]);
});

Deno.test("after 30 s without the rest the sender of the first fragment is told", () => {
  const { world, b } = receiver();
  give(b, { offset: 8, data: payload(8), more: true, id: 1 });
  give(b, { offset: 0, data: payload(8), more: true, id: 2 });
  run(world, 29.9);
  assertEquals(b.ipv4.fragments.count, 2);
  run(world, 0.2);
  assertEquals(b.ipv4.fragments.count, 0);
  assertEquals([b.mib.ip.ReasmTimeout, b.mib.icmp.OutTimeExcds], [2, 1]);
});

Deno.test("memory for fragments is bounded by ipfrag_high_thresh", () => {
  const { world, b } = receiver();
  b.write("net/ipv4/ipfrag_max_dist", "0");
  for (let id = 1; id < 4000; id++) give(b, { offset: 0, data: payload(1000), more: true, id });
  assertEquals(b.ipv4.fragments.bytes < 4194304 + 4096, true);
  assertEquals(b.mib.ip.ReasmFails > 1000, true);
  run(world, 36);
  assertEquals([b.ipv4.fragments.bytes, world.packets.outstanding], [0, 0]);
});

Deno.test("an identifier that comes again after more than ipfrag_max_dist others begins anew", () => {
  const { b } = receiver();
  give(b, { offset: 0, data: payload(8), more: true, id: 1 });
  for (let id = 100; id < 170; id++) give(b, { offset: 0, data: payload(8), more: true, id });
  give(b, { offset: 8, data: payload(8), more: false, id: 1 });
  assertEquals(b.received.length, 0);
  assertEquals(b.mib.ip.ReasmFails, 1);
});

Deno.test("congestion marks of fragments are kept; a mixture with not-capable ones is dropped", () => {
  const { b } = receiver();
  give(b, { offset: 0, data: payload(8), more: true, id: 1, tos: 2 });
  give(b, { offset: 8, data: payload(8), more: false, id: 1, tos: 3 });
  assertEquals(b.received.length, 1);
  give(b, { offset: 0, data: payload(8), more: true, id: 2, tos: 0 });
  give(b, { offset: 8, data: payload(8), more: false, id: 2, tos: 3 });
  assertEquals([b.received.length, b.mib.ip.ReasmFails], [1, 1]);
});
