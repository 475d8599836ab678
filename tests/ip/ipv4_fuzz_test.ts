import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/time/random.ts";
import { ETH_P_ARP, ETH_P_IP } from "../../src/wire/ethernet.ts";
import { setHeaderChecksum } from "../../src/ip/ipv4_output.ts";
import { put16, put32 } from "../../src/wire/octets.ts";
import { ip4, run, threeHosts } from "./host4.ts";

const ADDRESSES = [
  "10.0.1.2",
  "10.0.1.1",
  "10.0.2.2",
  "10.0.2.77",
  "10.0.1.255",
  "224.0.0.1",
  "255.255.255.255",
  "127.0.0.1",
  "0.0.0.0",
  "1.2.3.4",
].map(ip4);

/** Random octets, made likelier to get far: a right version, length, checksum and known addresses in most. */
function craft(random: Random, bytes: Uint8Array, at: number): number {
  const words = random.uint32();
  const length = (words & 0xff) === 0 ? random.below(1400) : random.below(90);
  for (let i = 0; i < length; i += 4) put32(bytes, at + i, random.uint32());
  if ((words & 0x700) === 0 || length < 20) return length;
  if ((words & 0x3800) !== 0) bytes[at] = 0x45;
  else bytes[at] = 0x40 | (bytes[at] & 15);
  if ((words & 0x4000) !== 0) put16(bytes, at + 2, length);
  if ((words & 0x8000) !== 0) put16(bytes, at + 6, 0);
  if ((words & 0x30000) !== 0) bytes[at + 9] = [1, 2, 17, 6][(words >>> 18) & 3];
  put32(bytes, at + 12, ADDRESSES[random.below(ADDRESSES.length)]);
  put32(bytes, at + 16, ADDRESSES[random.below(ADDRESSES.length)]);
  if ((words & 0x300000) !== 0 && (bytes[at] & 15) * 4 <= length) setHeaderChecksum(bytes, at);
  return length;
}

Deno.test("a million random packets into a router neither throw nor leak", () => {
  const { world, r, h1 } = threeHosts("fuzz");
  const random = new Random("ipv4 fuzz");
  const device = r.device("left");
  r.write("net/ipv4/icmp_msgs_per_sec", "1000000");
  for (let i = 0; i < 1_000_000; i++) {
    const packet = world.packets.allocate(1500);
    packet.tail = packet.head + craft(random, packet.bytes, packet.head);
    packet.protocol = ETH_P_IP;
    packet.network = packet.head;
    packet.device = device;
    packet.checksum = (i & 3) === 0 ? 1 : 0;
    r.ipv4Input(packet, device);
    if ((i & 255) === 0) run(world, 0.001);
  }
  run(world, 120);
  assert(r.mib.ip.InHdrErrors > 1000 && r.mib.ip.ForwDatagrams > 1000 && r.mib.ip.ReasmReqds > 1000);
  assertEquals(world.packets.outstanding, 0);
  h1.echo("10.0.2.2");
  run(world, 5);
  assert(h1.take().includes("reply from 10.0.2.2 ttl 63"));
});

Deno.test("random ARP packets neither throw nor leak", () => {
  const { world, r } = threeHosts("arp fuzz");
  const random = new Random("arp fuzz");
  const device = r.device("left");
  r.write("net/ipv4/conf/left/arp_accept", "1");
  r.write("net/ipv4/conf/left/proxy_arp", "1");
  for (let i = 0; i < 200_000; i++) {
    const packet = world.packets.allocate(64);
    const { bytes, head } = packet;
    const length = random.below(40);
    for (let j = 0; j < 40; j += 4) put32(bytes, head + j, random.uint32());
    if (length >= 28 && (i & 7) !== 0) {
      put32(bytes, head, 0x00010800);
      put32(bytes, head + 4, 0x06040000 | random.below(4));
      put32(bytes, head + 14, ADDRESSES[random.below(ADDRESSES.length)]);
      if ((i & 8) === 0) put32(bytes, head + 24, ADDRESSES[random.below(ADDRESSES.length)]);
    }
    packet.tail = head + length;
    packet.protocol = ETH_P_ARP;
    packet.network = head;
    packet.device = device;
    r.arpInput(packet, device);
    if ((i & 63) === 0) run(world, 0.001);
  }
  run(world, 200);
  assertEquals(world.packets.outstanding, 0);
  assert(r.ipv4.arpTable!.size <= 1024);
});
