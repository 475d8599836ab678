import { assert, assertEquals } from "@std/assert";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { Random } from "../../../src/time/random.ts";
import { checksum, pseudoHeader } from "../../../src/wire/checksum.ts";
import { put16, put32 } from "../../../src/wire/octets.ts";
import { ETH_P_IP } from "../../../src/wire/ethernet.ts";
import { ADDRESS_A, ADDRESS_B, type Pair, pair, run } from "./wire.ts";

interface Forged {
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  window?: number;
  options?: number[];
  payload?: Uint8Array;
}

/** Hands `b` a packet as if it had come from `a`. */
function inject(p: Pair, tcp: Uint8Array, right = true): void {
  const device = p.b.interfaces.byName("v0")!;
  const packet = p.world.packets.allocate(20 + tcp.length);
  const { bytes, head } = packet;
  bytes.fill(0, head, head + 20);
  bytes[head] = 0x45;
  put16(bytes, head + 2, 20 + tcp.length);
  bytes[head + 8] = 64;
  bytes[head + 9] = 6;
  put32(bytes, head + 12, ADDRESS_A);
  put32(bytes, head + 16, ADDRESS_B);
  put16(bytes, head + 10, checksum(bytes, head, head + 20));
  bytes.set(tcp, head + 20);
  packet.tail = head + 20 + tcp.length;
  if (right && tcp.length >= 20) {
    put16(bytes, head + 36, 0);
    const sum = pseudoHeader(bytes, head + 12, head + 16, 4, 6, tcp.length);
    put16(bytes, head + 36, checksum(bytes, head + 20, packet.tail, sum));
  }
  packet.network = packet.head;
  packet.protocol = ETH_P_IP;
  packet.device = device;
  p.world.backlog.push(packet);
  while (p.world.scheduler.pending) p.world.scheduler.drain();
}

function forge(f: Forged): Uint8Array {
  const options = f.options ?? [];
  const head = 20 + options.length;
  const bytes = new Uint8Array(head + (f.payload?.length ?? 0));
  put16(bytes, 0, f.sourcePort);
  put16(bytes, 2, f.destinationPort);
  put32(bytes, 4, f.sequence >>> 0);
  put32(bytes, 8, f.acknowledgement >>> 0);
  bytes[12] = (head >> 2) << 4;
  bytes[13] = f.flags;
  put16(bytes, 14, f.window ?? 1000);
  bytes.set(options, 20);
  if (f.payload !== undefined) bytes.set(f.payload, head);
  return bytes;
}

function established(p: Pair): [TcpSocket, TcpSocket] {
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(50);
  const client = new TcpSocket(p.a.tcp);
  client.connect(ADDRESS_B, 80);
  run(p.world, 100);
  return [client, listener.accept()!];
}

Deno.test("any octets at the input are taken without a throw, and leave nothing behind", () => {
  const p = pair();
  const [client, server] = established(p);
  p.wires[1].faults = { loss: 1 };
  const random = new Random("fuzz");
  for (let i = 0; i < 60000; i++) {
    const bytes = new Uint8Array(random.below(80));
    random.fill(bytes);
    if (bytes.length >= 20 && i % 8 !== 0) {
      // Mostly to the listener or to the connection, with sequence numbers near the window.
      put16(bytes, 0, i % 3 === 0 ? random.below(65536) : client.localPort);
      put16(bytes, 2, 80);
      const c = server.connection!;
      if (i % 2 === 0) put32(bytes, 4, (c.rcvNxt + random.below(200000) - 1000) >>> 0);
      if (i % 4 === 0) put32(bytes, 8, (c.sndNxt + random.below(2000) - 1000) >>> 0);
      if (i % 5 !== 0) bytes[12] = (5 + random.below(10)) << 4;
      if (i % 3 !== 0) bytes[13] &= ~4;
    }
    inject(p, bytes, i % 4 !== 1);
    if (i % 1000 === 0) run(p.world, 5000);
  }
  assert(p.b.tcp.connections.size < 10000);
  assert(p.b.tcp.counters.InErrs > 0);
  p.wires[1].faults = {};
  client.abort();
  server.close();
  run(p.world, 400e3);
  assertEquals(p.world.packets.outstanding, 0);
});

Deno.test("options of any shape are read to their end and no further", () => {
  const p = pair();
  established(p);
  const random = new Random("options");
  for (let i = 0; i < 20000; i++) {
    const options = Array.from({ length: 4 * random.below(11) }, () => random.below(random.below(2) === 0 ? 12 : 256));
    inject(p, forge({ sourcePort: 1024 + i, destinationPort: 80, sequence: i, acknowledgement: 0, flags: 2, options }));
  }
  run(p.world, 200e3);
  assertEquals(p.b.tcp.connections.size, 1);
});

Deno.test("data beyond holes is bounded by the receive buffer", () => {
  const p = pair();
  const [client, server] = established(p);
  const c = server.connection!;
  const payload = new Uint8Array(100);
  for (let i = 1; i < 20000; i++) {
    inject(
      p,
      forge({
        sourcePort: client.localPort,
        destinationPort: 80,
        sequence: c.rcvNxt + 1 + (i * 200) % 60000,
        acknowledgement: c.sndNxt,
        flags: 16,
        payload,
      }),
    );
  }
  assert(c.receiveQueued <= 3 * c.receiveBuffer, `${c.receiveQueued} of ${c.receiveBuffer}`);
  assert(p.world.packets.outstanding < 2000, `${p.world.packets.outstanding} packets`);
  server.abort();
  client.close();
  run(p.world, 100e3);
  assertEquals(p.world.packets.outstanding, 0);
});

Deno.test("a peer that sends an octet at a time to one that does not read is stopped by the window", () => {
  const p = pair();
  const [client, server] = established(p);
  client.noDelay = true;
  let sent = 0;
  for (let i = 0; i < 300000; i++) {
    if (client.write(new Uint8Array(1)) !== 1) break;
    sent++;
    if (i % 50 === 0) run(p.world, 1);
  }
  run(p.world, 1000);
  const outstanding = p.world.packets.outstanding;
  assert(outstanding < 3000, `${outstanding} packets for ${sent} octets`);
  let got = 0;
  for (let i = 0; i < 100; i++) {
    for (let n = server.read(new Uint8Array(65536)); n > 0; n = server.read(new Uint8Array(65536))) got += n;
    run(p.world, 1000);
  }
  assertEquals(got, sent);
});

Deno.test("a segment of damaged octets is dropped and counted", () => {
  const p = pair();
  const [client] = established(p);
  const c = client.connection!;
  const bytes = forge({
    sourcePort: client.localPort,
    destinationPort: 80,
    sequence: c.sndNxt,
    acknowledgement: c.rcvNxt,
    flags: 24,
    payload: new Uint8Array(10),
  });
  bytes[16] = 1;
  inject(p, bytes, false);
  assertEquals([p.b.tcp.counters.InCsumErrors, p.b.tcp.counters.InErrs], [1, 1]);
});

Deno.test("the same seed gives the same packets, octet by octet", () => {
  const trace = () => {
    const p = pair(42, { loss: 0.05, delay: 3, jitter: 5, repeat: 0.02 });
    let sum = 0, count = 0;
    p.world.capture = (packet) => {
      for (let i = packet.network; i < Math.min(packet.tail, packet.network + 80); i++) {
        sum = (Math.imul(sum, 31) + packet.bytes[i]) | 0;
      }
      count++;
    };
    const [client, server] = established(p);
    let left = 300000;
    client.onWritable = () => {
      for (let n = 1; n > 0 && left > 0; left -= Math.max(n, 0)) n = client.write(new Uint8Array(Math.min(left, 5000)));
    };
    client.onWritable();
    server.onReadable = () => server.read(new Uint8Array(65536));
    run(p.world, 60e3);
    return [sum, count];
  };
  assertEquals(trace(), trace());
});
