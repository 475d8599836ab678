import { assertEquals } from "@std/assert";
import { changeLink, createLink, deleteLink } from "../../src/device/link.ts";
import { PacketSocket } from "../../src/transport/packet_socket.ts";
import { UdpSocket } from "../../src/transport/udp_socket.ts";
import { Errno } from "../../src/wire/errno.ts";
import { ETH_P_ARP, ETH_P_IP } from "../../src/wire/ethernet.ts";
import { OUTGOING, TO_BROADCAST, TO_HOST } from "../../src/wire/packet.ts";
import { Hosts, ip4 } from "./hosts.ts";

function frames(socket: PacketSocket) {
  const list = [];
  for (let frame = socket.receive(); frame !== null; frame = socket.receive()) list.push(frame);
  return list;
}

Deno.test("a socket for all protocols sees what its interface sends and receives", () => {
  const hosts = new Hosts();
  const socket = new PacketSocket(hosts.a.packetSockets);
  assertEquals(socket.bind(hosts.deviceA), 0);
  new UdpSocket(hosts.a.udp).send(new Uint8Array(5), ip4("10.0.0.2"), 9);
  hosts.run(1);
  const seen = frames(socket).filter(({ protocol }) => protocol === ETH_P_ARP || protocol === ETH_P_IP);
  assertEquals(seen.map(({ protocol, kind }) => [protocol, kind]).slice(0, 4), [
    [ETH_P_ARP, OUTGOING],
    [ETH_P_ARP, TO_HOST],
    [ETH_P_IP, OUTGOING],
    [ETH_P_IP, TO_HOST], // the port is closed
  ]);
  assertEquals([seen[2].length, seen[2].checksumPartial, seen[0].sender], [47, true, hosts.deviceA.address]);
});

Deno.test("a socket for one protocol sees only what is received, and may have no link header", () => {
  const hosts = new Hosts();
  const socket = new PacketSocket(hosts.b.packetSockets, "dgram");
  socket.bind(hosts.deviceB, ETH_P_ARP);
  new UdpSocket(hosts.a.udp).send(new Uint8Array(5), ip4("10.0.0.2"), 9);
  hosts.run(1);
  const [request, ...more] = frames(socket);
  assertEquals([request.kind, request.bytes.length, request.bytes[7], more.length], [TO_BROADCAST, 28, 1, 0]);
});

Deno.test("a socket on all interfaces follows those that come", () => {
  const hosts = new Hosts();
  const socket = new PacketSocket(hosts.a.packetSockets);
  socket.bind(null);
  const device = createLink(hosts.a, { kind: "veth", name: "late" });
  changeLink(device, { up: true });
  changeLink(device.link!, { up: true });
  hosts.run(3);
  assertEquals(frames(socket).some((frame) => frame.device === device), true);
  socket.close();
  assertEquals([device.taps, hosts.deviceA.taps], [null, null]);
});

Deno.test("the filter says how much is kept, and the buffer how many", () => {
  const hosts = new Hosts();
  const socket = new PacketSocket(hosts.a.packetSockets);
  socket.bind(hosts.a.loopback);
  socket.filter = (packet, _start, _device, outgoing) => outgoing && packet.length > 60 ? 20 : 0;
  socket.receiveBuffer = 3000;
  const client = new UdpSocket(hosts.a.udp);
  for (let i = 0; i < 10; i++) client.send(new Uint8Array(100), ip4("127.0.0.1"), 9);
  hosts.run();
  const kept = frames(socket);
  assertEquals([kept.length, kept[0].bytes.length, kept[0].length, socket.drops > 0], [3, 20, 142, true]);
});

Deno.test("frames are sent as they are, or with a link header put before them", () => {
  const hosts = new Hosts();
  const raw = new PacketSocket(hosts.a.packetSockets), dgram = new PacketSocket(hosts.a.packetSockets, "dgram");
  const taker = new PacketSocket(hosts.b.packetSockets);
  taker.bind(hosts.deviceB, 0x88b5);
  const frame = new Uint8Array(60);
  frame.set(hosts.deviceB.address);
  frame.set([0x88, 0xb5], 12);
  assertEquals(raw.send(frame), -Errno.ENXIO);
  assertEquals(raw.send(frame, hosts.deviceA), 60);
  assertEquals(dgram.send(new Uint8Array(46), hosts.deviceA, 0x88b5, hosts.deviceB.address), 46);
  assertEquals(raw.send(new Uint8Array(2000), hosts.deviceA), -Errno.EMSGSIZE);
  assertEquals(raw.send(new Uint8Array(10), hosts.deviceA), -Errno.EINVAL);
  hosts.run(1);
  const seen = frames(taker);
  assertEquals(seen.map(({ length }) => length), [60, 60]);
  assertEquals(seen[1].sender, hosts.deviceA.address);
});

Deno.test("an interface that goes down or away is told", () => {
  const hosts = new Hosts();
  const socket = new PacketSocket(hosts.a.packetSockets);
  socket.bind(hosts.deviceA);
  changeLink(hosts.deviceA, { up: false });
  assertEquals([socket.takeError(), socket.takeError()], [Errno.ENETDOWN, 0]);
  assertEquals(socket.send(new Uint8Array(20)), -Errno.ENETDOWN);
  deleteLink(hosts.deviceA);
  assertEquals([socket.takeError(), socket.device], [Errno.ENETDOWN, null]);
});
