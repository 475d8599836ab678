import { assertEquals } from "@std/assert";
import { Errno } from "../../src/wire/errno.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { put16 } from "../../src/wire/octets.ts";
import { RawSocket } from "../../src/transport/raw.ts";
import { Hosts, ip4, ip6 } from "./hosts.ts";

function echo(): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[0] = 8;
  put16(bytes, 2, checksum(bytes, 0, 16));
  return bytes;
}

Deno.test("a raw ICMP socket gets whole packets of the types that its filter lets in", () => {
  const hosts = new Hosts();
  const all = new RawSocket(hosts.a.raw, 4, 1), replies = new RawSocket(hosts.a.raw, 4, 1);
  replies.accept(0);
  assertEquals(all.send(echo(), ip4("127.0.0.1")), 16);
  hosts.run();
  const buffer = new Uint8Array(100);
  assertEquals([all.receive(buffer), buffer[0], buffer[20]], [36, 0x45, 8]);
  assertEquals([all.receive(buffer), buffer[20]], [36, 0]);
  assertEquals([replies.receive(buffer), buffer[20], replies.receive(buffer)], [36, 0, -Errno.EAGAIN]);
});

Deno.test("an unknown protocol is answered only when no raw socket takes it", () => {
  const hosts = new Hosts();
  const sender = new RawSocket(hosts.a.raw, 4, 253);
  sender.receiveErrors = true;
  sender.send(new Uint8Array(8), ip4("10.0.0.2"));
  hosts.run(1);
  assertEquals(sender.nextError()?.errno, Errno.ENOPROTOOPT);
  const taker = new RawSocket(hosts.b.raw, 4, 253);
  sender.send(new Uint8Array(8), ip4("10.0.0.2"));
  hosts.run(1);
  assertEquals([sender.nextError(), taker.nextLength], [null, 28]);
});

Deno.test("IP_HDRINCL sends the caller's header with length and checksum set right", () => {
  const hosts = new Hosts();
  const sender = new RawSocket(hosts.a.raw, 4, 255), taker = new RawSocket(hosts.b.raw, 4, 253);
  const bytes = new Uint8Array(24);
  bytes[0] = 0x45;
  bytes[8] = 9;
  bytes[9] = 253;
  bytes.set([10, 0, 0, 55], 12); // anybody's address
  bytes.set([10, 0, 0, 2], 16);
  assertEquals(sender.send(bytes, ip4("10.0.0.2")), 24);
  hosts.run(1);
  const buffer = new Uint8Array(100);
  assertEquals(taker.receive(buffer), 24);
  assertEquals([taker.sender4, taker.receivedTtl, checksum(buffer, 0, 20)], [ip4("10.0.0.55"), 9, 0]);
  assertEquals(sender.send(bytes.subarray(0, 10), ip4("10.0.0.2")), -Errno.EINVAL);
});

Deno.test("ICMPv6: the kernel fills in the checksum, and a reader gets the message without its header", () => {
  const hosts = new Hosts();
  const socket = new RawSocket(hosts.a.raw, 6, 58);
  socket.accept(129);
  const bytes = new Uint8Array(12);
  bytes[0] = 128;
  assertEquals(socket.send(bytes, ip6("fd00::2")), 12);
  hosts.run(1);
  const buffer = new Uint8Array(100);
  assertEquals([socket.receive(buffer), buffer[0], socket.receive(buffer)], [12, 129, -Errno.EAGAIN]);
  socket.close();
  assertEquals(hosts.world.packets.outstanding, 0);
});
