import { assert, assertEquals } from "@std/assert";
import type { Interface, Qdisc } from "../../../src/device/interface.ts";
import { segment } from "../../../src/device/gso.ts";
import type { World } from "../../../src/device/world.ts";
import { Random } from "../../../src/time/random.ts";
import { Timer } from "../../../src/time/scheduler.ts";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { updateAt } from "../../../src/wire/checksum.ts";
import { get16 } from "../../../src/wire/octets.ts";
import type { Packet } from "../../../src/wire/packet.ts";
import { ADDRESS_B, type Pair, pair, run } from "./wire.ts";

/** A link of so many octets a second behind a queue of `limit` packets, then a way of `delay` ms. */
class Bottleneck implements Qdisc {
  readonly kind = "test";
  drops = 0;
  #free = 0;
  #queued = 0;
  readonly #random = new Random("bottleneck");

  constructor(
    readonly world: World,
    readonly rate: number,
    readonly limit: number,
    readonly delay: number,
    readonly loss = 0,
  ) {}

  enqueue(packet: Packet, device: Interface): number {
    if (packet.gsoSize === 0) this.#one(packet, device);
    else {
      for (let piece = segment(packet); piece !== null;) {
        const next: Packet | null = piece.next;
        piece.next = null;
        this.#one(piece, device);
        piece = next;
      }
    }
    return 0;
  }

  #one(packet: Packet, device: Interface): void {
    const { scheduler } = this.world;
    if (this.#queued >= this.limit || this.#random.float() < this.loss) {
      this.drops++;
      packet.release();
      return;
    }
    this.#queued++;
    this.#free = Math.max(this.#free, scheduler.now) + (packet.tail - packet.head) / this.rate * 1e9;
    const arrival = new Timer(() => device.send(packet));
    const departure = new Timer(() => {
      this.#queued--;
      scheduler.after(arrival, this.delay * 1e6);
    });
    scheduler.arm(departure, Math.floor(this.#free));
  }

  reset(): void {}
}

interface Outcome {
  /** Share of the link's rate that came out as payload. */
  share: number;
  drops: number;
  client: TcpSocket;
  p: Pair;
}

function bulk(seconds: number, limit: number, loss: number, set: (p: Pair) => void = () => {}): Outcome {
  const p = pair();
  set(p);
  const rate = 1.25e6;
  const link = new Bottleneck(p.world, rate, limit, 20, loss);
  p.a.interfaces.byName("v0")!.qdisc = link;
  p.b.interfaces.byName("v0")!.qdisc = new Bottleneck(p.world, 1e12, 1e9, 20);
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  let got = 0;
  const into = new Uint8Array(1 << 18), data = new Uint8Array(65536);
  listener.onReadable = () => {
    const server = listener.accept()!;
    server.onReadable = () => {
      for (let n = server.read(into); n > 0; n = server.read(into)) got += n;
    };
  };
  const client = new TcpSocket(p.a.tcp);
  client.onWritable = () => {
    while (client.write(data) > 0);
  };
  client.connect(ADDRESS_B, 80);
  run(p.world, seconds * 1000);
  return { share: got / seconds / rate, drops: link.drops, client, p };
}

for (const name of ["cubic", "reno"]) {
  Deno.test(`${name} fills a link of 10 Mbit/s and 40 ms, and sends again little more than was lost`, () => {
    const { share, drops, client, p } = bulk(10, 100, 0, (p) => p.a.tcp.sysctls.congestionControl = name);
    assert(share > 0.9, `${share}`);
    const { totalRetrans } = client.info();
    assert(totalRetrans >= drops && totalRetrans <= drops * 1.1 + 5, `${totalRetrans} for ${drops}`);
    assertEquals(p.a.tcp.ext.TCPTimeouts, 0);
  });
}

Deno.test("without SACK and without timestamps the link is filled as well", () => {
  const { share } = bulk(10, 100, 0, (p) => p.a.tcp.sysctls.sack = p.a.tcp.sysctls.timestamps = 0);
  assert(share > 0.85, `${share}`);
});

Deno.test("HyStart leaves slow start before a deep queue is full", () => {
  const { p, drops } = bulk(5, 1000, 0);
  assert(p.a.tcp.ext.TCPHystartDelayDetect + p.a.tcp.ext.TCPHystartTrainDetect > 0);
  assertEquals(drops, 0);
});

Deno.test("losses by chance are repaired without time-outs, mostly", () => {
  const { client, drops, p } = bulk(20, 100, 0.01);
  const { totalRetrans } = client.info();
  assert(drops > 20 && totalRetrans <= drops * 1.2 + 2, `${totalRetrans} for ${drops}`);
  assert(p.a.tcp.ext.TCPTimeouts <= 2, `${p.a.tcp.ext.TCPTimeouts} time-outs`);
  assert(p.a.tcp.ext.TCPSackRecovery > 10);
});

Deno.test("Congestion Experienced halves the window without a loss (RFC 3168)", () => {
  const p = pair(1, { delay: 10 });
  for (const { tcp } of [p.a, p.b]) tcp.sysctls.ecn = 1;
  let marked = 0, capable = 0;
  p.wires[0].faults.filter = (packet) => {
    const { bytes, network } = packet;
    if ((bytes[network + 1] & 3) !== 2) return true;
    if (++capable % 50 !== 0) return true;
    const was = get16(bytes, network);
    bytes[network + 1] |= 3;
    updateAt(bytes, network + 10, was, get16(bytes, network));
    marked++;
    return true;
  };
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  let got = 0;
  listener.onReadable = () => {
    const server = listener.accept()!;
    server.onReadable = () => {
      for (let n = server.read(new Uint8Array(65536)); n > 0; n = server.read(new Uint8Array(65536))) got += n;
    };
  };
  const client = new TcpSocket(p.a.tcp);
  let left = 2e6;
  client.onWritable = () => {
    for (let n = 1; n > 0 && left > 0; left -= Math.max(n, 0)) n = client.write(new Uint8Array(Math.min(left, 65536)));
  };
  client.connect(ADDRESS_B, 80);
  run(p.world, 60e3, () => got === 2e6);
  assertEquals(got, 2e6);
  assert(marked > 5 && capable > 500);
  const info = client.info();
  assertEquals([info.options & 8, info.totalRetrans], [8, 0]);
  assert(info.sndSsthresh < 100 && p.a.tcp.ext.TCPDeliveredCE > 0, `${info.sndSsthresh}`);
});

Deno.test("segments larger than the MTU go over a veth whole", () => {
  const p = pair();
  p.a.interfaces.byName("v0")!.qdisc = null;
  let largest = 0;
  p.world.capture = (packet) => largest = Math.max(largest, packet.tail - packet.network);
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  const client = new TcpSocket(p.a.tcp);
  client.onWritable = () => client.write(new Uint8Array(1e6));
  client.connect(ADDRESS_B, 80);
  run(p.world, 10);
  assert(largest > 10000, `${largest}`);
});

Deno.test("the receive buffer grows with what a long fat path holds", () => {
  const p = pair(1, { delay: 50 });
  const listener = new TcpSocket(p.b.tcp);
  listener.bind(ADDRESS_B, 80);
  listener.listen(5);
  let server: TcpSocket | null = null;
  listener.onReadable = () => {
    server = listener.accept()!;
    const into = new Uint8Array(1 << 20);
    server.onReadable = () => {
      while (server!.read(into) > 0);
    };
  };
  const client = new TcpSocket(p.a.tcp);
  client.onWritable = () => {
    while (client.write(new Uint8Array(65536)) > 0);
  };
  client.connect(ADDRESS_B, 80);
  run(p.world, 3000);
  const buffer = server!.connection!.receiveBuffer;
  assert(buffer > 1e6 && buffer <= 33554432, `${buffer}`);
});
