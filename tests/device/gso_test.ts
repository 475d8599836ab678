import { assertEquals } from "@std/assert";
import { segment } from "../../src/device/gso.ts";
import { World } from "../../src/device/world.ts";
import { checksum, pseudoHeader } from "../../src/wire/checksum.ts";
import { get16, get32, put16, put32 } from "../../src/wire/octets.ts";
import { CHECKSUM_PARTIAL, type Packet } from "../../src/wire/packet.ts";
import { ACK, CWR, FIN, PSH } from "../../src/wire/tcp.ts";

function big(world: World, version: 4 | 6, protocol: 6 | 17, octets: number, gsoSize: number): Packet {
  const ip = version === 4 ? 20 : 40;
  const transport = protocol === 6 ? 32 : 8;
  const packet = world.packets.allocate(14 + ip + transport + octets);
  const bytes = packet.bytes;
  packet.tail = packet.head + 14 + ip + transport + octets;
  world.random.fill(bytes.subarray(packet.head, packet.tail));
  packet.link = packet.head;
  packet.network = packet.head + 14;
  packet.transport = packet.network + ip;
  const at = packet.network;
  if (version === 4) {
    bytes[at] = 0x45;
    put16(bytes, at + 4, 0xffff);
    bytes[at + 9] = protocol;
  } else {
    bytes[at] = 0x60;
    bytes[at + 6] = protocol;
  }
  if (protocol === 6) {
    put32(bytes, packet.transport + 4, 0xfffffff0);
    bytes[packet.transport + 12] = 8 << 4;
    bytes[packet.transport + 13] = ACK | PSH | FIN | CWR;
  } else put16(bytes, packet.transport + 6, 1);
  packet.checksum = CHECKSUM_PARTIAL;
  packet.gsoSize = gsoSize;
  return packet;
}

for (const version of [4, 6] as const) {
  for (const protocol of [6, 17] as const) {
    Deno.test(`IPv${version} protocol ${protocol}: the segments carry the same octets with right headers`, () => {
      const world = new World(1);
      const ip = version === 4 ? 20 : 40;
      const packet = big(world, version, protocol, 3500, 1000);
      const header = 14 + ip + (protocol === 6 ? 32 : 8);
      const payload = packet.bytes.slice(packet.head + header, packet.tail);
      const seen: number[] = [];
      let count = 0;
      for (let piece = segment(packet); piece !== null;) {
        const { bytes, network, transport, tail } = piece;
        seen.push(...bytes.subarray(piece.head + header, tail));
        if (version === 4) {
          assertEquals(get16(bytes, network + 2), tail - network);
          assertEquals(get16(bytes, network + 4), (0xffff + count) & 0xffff);
          assertEquals(checksum(bytes, network, network + 20), 0);
        } else assertEquals(get16(bytes, network + 4), tail - network - 40);
        if (protocol === 6) {
          assertEquals(get32(bytes, transport + 4), (0xfffffff0 + count * 1000) >>> 0);
          const flags = ACK | (count === 0 ? CWR : 0) | (count === 3 ? PSH | FIN : 0);
          assertEquals(bytes[transport + 13], flags);
        } else assertEquals(get16(bytes, transport + 4), tail - transport);
        piece.completeChecksum();
        const size = version === 4 ? 4 : 16;
        const source = network + (version === 4 ? 12 : 8);
        const pseudo = pseudoHeader(bytes, source, source + size, size, protocol, tail - transport);
        assertEquals(checksum(bytes, transport, tail, pseudo), 0);
        count++;
        const next: Packet | null = piece.next;
        piece.release();
        piece = next;
      }
      assertEquals(count, 4);
      assertEquals(new Uint8Array(seen), payload);
      assertEquals(world.packets.outstanding, 0);
    });
  }
}

Deno.test("headers that make no sense are dropped", () => {
  const world = new World(1);
  for (let i = 0; i < 2000; i++) {
    const packet = big(world, world.random.below(2) === 0 ? 4 : 6, 6, 100, 1 + world.random.below(99));
    const from = packet.network;
    packet.tail = from + world.random.below(packet.tail - from);
    for (let j = 0; j < 5; j++) packet.bytes[from + world.random.below(60)] = world.random.uint32();
    for (let piece = segment(packet); piece !== null;) {
      const next: Packet | null = piece.next;
      piece.release();
      piece = next;
    }
  }
  assertEquals(world.packets.outstanding, 0);
});
