/** Random programs of both ends of a connection over a faulty wire, and what must hold of them. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { Random } from "../../../src/time/random.ts";
import { Timer } from "../../../src/time/scheduler.ts";
import { ADDRESS_B, type Faults, pair, run } from "./wire.ts";

const EAGAIN = -11;

/** A program for one side of a connection: it writes so many octets in pieces, reads in pieces, and half closes when it has written all. */
class Side {
  sent = 0;
  got = 0;
  ended = false;
  failed = 0;
  wrong = false;
  readonly timer: Timer;
  constructor(
    readonly socket: TcpSocket,
    readonly random: Random,
    readonly total: number,
    readonly salt: number,
    readonly pause: number,
  ) {
    this.timer = new Timer(() => this.readOn());
    socket.onReadable = () => this.readOn();
    socket.onWritable = () => this.writeOn();
    socket.onError = () => this.failed = socket.takeError();
  }

  writeOn(): void {
    while (this.sent < this.total) {
      const piece = new Uint8Array(1 + this.random.below(20000));
      for (let i = 0; i < piece.length; i++) piece[i] = octet(this.sent + i, this.salt);
      const n = this.socket.write(piece, 0, Math.min(piece.length, this.total - this.sent));
      if (n < 0) {
        if (n !== EAGAIN) this.failed ||= -n;
        return;
      }
      this.sent += n;
    }
    if (this.sent === this.total) {
      this.sent++;
      this.socket.shutdown("write");
    }
  }

  readOn(): void {
    if (this.timer.armed) return;
    const into = new Uint8Array(1 + this.random.below(30000));
    for (;;) {
      const n = this.socket.read(into);
      if (n === 0) this.ended = true;
      if (n <= 0) {
        if (n < 0 && n !== EAGAIN) this.failed ||= -n;
        return;
      }
      for (let i = 0; i < n; i++) if (into[i] !== octet(this.got + i, 1 - this.salt)) this.wrong = true;
      this.got += n;
      if (this.pause > 0 && this.random.below(4) === 0) {
        this.socket.tcp.host.world.scheduler.after(this.timer, this.random.below(this.pause) * 1e6);
        return;
      }
    }
  }
}

function octet(at: number, salt: number): number {
  return (Math.imul(at, 0x9e3779b1) >>> 24) ^ (at & 255) ^ salt;
}

export interface Program {
  seed: number;
  up: number;
  down: number;
  pause: number;
  mtu: number;
  faults: Faults;
  sysctls: { timestamps: boolean; sack: boolean; reno: boolean };
}

export const programs: fc.Arbitrary<Program> = fc.record({
  seed: fc.nat(),
  up: fc.integer({ min: 0, max: 200000 }),
  down: fc.integer({ min: 0, max: 100000 }),
  pause: fc.constantFrom(0, 0, 3, 300),
  mtu: fc.constantFrom(1500, 576, 9000),
  faults: fc.record({
    loss: fc.constantFrom(0, 0.01, 0.1, 0.25),
    repeat: fc.constantFrom(0, 0.05),
    damage: fc.constantFrom(0, 0.03),
    delay: fc.constantFrom(0, 1, 20),
    jitter: fc.constantFrom(0, 0, 1, 10),
  }),
  sysctls: fc.record({ timestamps: fc.boolean(), sack: fc.boolean(), reno: fc.boolean() }),
});

/** Runs a program to its end; throws when what arrives is not what was written. */
export function runProgram(program: Program): void {
  const { world, a, b, wires } = pair(program.seed, program.faults, program.mtu);
  const housekeeping = world.scheduler.queue.size;
  for (const { tcp } of [a, b]) {
    tcp.sysctls.timestamps = Number(program.sysctls.timestamps);
    tcp.sysctls.sack = Number(program.sysctls.sack);
    tcp.sysctls.congestionControl = program.sysctls.reno ? "reno" : "cubic";
  }
  const random = new Random(program.seed);
  const listener = new TcpSocket(b.tcp);
  assertEquals(listener.bind(ADDRESS_B, 80), 0);
  assertEquals(listener.listen(5), 0);
  let server: Side | null = null;
  listener.onReadable = () => {
    const socket = listener.accept();
    if (socket === null) return;
    server = new Side(socket, random, program.down, 1, program.pause);
    server.writeOn();
    server.readOn();
  };
  const client = new Side(new TcpSocket(a.tcp), random, program.up, 0, program.pause);
  assertEquals(client.socket.connect(ADDRESS_B, 80), -115);
  const over = () =>
    client.failed !== 0 || (server !== null && (server.failed !== 0 || (server.ended && client.ended)));
  run(world, 1e8, over);
  const s = server as Side | null;
  const failed = client.failed || (s?.failed ?? 0);
  assert(!client.wrong && !(s?.wrong ?? false), "octets are not those that were written");
  if (failed === 0) {
    assert(
      s !== null && client.ended && s.ended,
      `no end: ${client.got} of ${program.down}, ${s?.got} of ${program.up}`,
    );
    assertEquals([client.got, s.got], [program.down, program.up]);
  } else assert(failed === 110 || failed === 104 || failed === 32, `errno ${failed}`);
  const port = client.socket.localPort;
  client.socket.close();
  s?.socket.close();
  listener.close();
  for (const timer of [client.timer, s?.timer]) if (timer !== undefined) world.scheduler.cancel(timer);
  for (const wire of wires) wire.faults = {};
  run(world, 2000e3);
  assertEquals([a.tcp.connections.size, b.tcp.connections.size], [0, 0], "connections left behind");
  assertEquals(world.packets.outstanding, 0, "packets left behind");
  assertEquals(world.scheduler.queue.size, housekeeping, "timers left behind");
  for (const { tcp } of [a, b]) {
    assertEquals([tcp.listeners.size, tcp.timeWaiters, tcp.orphans], [0, 0, 0], "sockets left behind");
    assert(tcp.bindings.isFree(80) && tcp.bindings.isFree(port), "ports left behind");
  }
  assertEquals([a.tcp.counters.CurrEstab, b.tcp.counters.CurrEstab], [0, 0], "CurrEstab");
}
