import { assert, assertEquals } from "@std/assert";
import { qdiscs, setQdisc, TC_H_ROOT } from "../../src/qdisc/control.ts";
import type { NetemOptions } from "../../src/qdisc/netem.ts";
import { Wire } from "../../src/qdisc/wire.ts";
import { line, until } from "./line.ts";

const COUNT = 100_000;
const GAP = 1e6;

/** Sends `COUNT` packets, one a ms, through a netem; what arrived, and the delays (ns) by number. */
function run(netem: NetemOptions, seed = 1, count = COUNT) {
  const wire = line(seed);
  const start = wire.world.scheduler.now;
  setQdisc(wire.v0, { kind: "netem", parent: TC_H_ROOT, netem: { limit: 1e6, ...netem } }, "add");
  for (let i = 0; i < count; i++) {
    until(wire.world, start + i * GAP);
    wire.send();
  }
  while (wire.world.scheduler.step());
  assertEquals(wire.world.packets.outstanding, 0);
  const delays = wire.arrived.map(({ number, at }) => at - start - number * GAP);
  return { ...wire, delays, statistics: qdiscs(wire.v0)[0].statistics };
}

function moments(values: number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, variance: central(2), fourth: central(4) };
}

/** Within 3 standard errors, which come from the sample's own moments. */
function assertMoments(values: number[], mean: number, variance: number) {
  const sample = moments(values);
  const n = values.length;
  assert(Math.abs(sample.mean - mean) <= 3 * Math.sqrt(sample.variance / n), `mean ${sample.mean}, not ${mean}`);
  const error = Math.sqrt((sample.fourth - sample.variance ** 2) / n);
  assert(Math.abs(sample.variance - variance) <= 3 * error, `variance ${sample.variance}, not ${variance}`);
}

function assertShare(hits: number, share: number, of = COUNT) {
  const error = Math.sqrt(share * (1 - share) / of);
  assert(Math.abs(hits / of - share) <= 3 * error, `${hits / of}, not ${share}`);
}

Deno.test("netem delay: every packet, exactly, and in order", () => {
  const { delays } = run({ delay: 5e6 }, 1, 1000);
  assertEquals(new Set(delays), new Set([5e6]));
});

Deno.test("netem jitter is uniform", () => {
  const { delays, arrived } = run({ delay: 100e6, jitter: 10e6 });
  assertMoments(delays, 100e6, (20e6) ** 2 / 12);
  assert(Math.min(...delays.slice(0, 5e4)) >= 90e6 && Math.max(...delays.slice(0, 5e4)) < 110e6);
  assert(arrived.some(({ number }, i) => i > 0 && number < arrived[i - 1].number), "jitter reorders");
});

for (const distribution of ["normal", "pareto", "paretonormal"] as const) {
  Deno.test(`netem jitter of distribution ${distribution}`, () => {
    const { delays } = run({ delay: 100e6, jitter: 10e6, distribution });
    // Of the table: its tails are cut at four times the jitter.
    const quantiles = Array.from({ length: 4096 }, (_, i) => (i + 0.5) / 4096).map((p) => {
      const pareto = 4 / 3 * ((1 - p) ** (-1 / 3) - 1.5);
      const value = distribution === "pareto"
        ? pareto
        : distribution === "normal"
        ? inverseNormal(p)
        : 0.25 * inverseNormal(p) + 0.75 * pareto;
      return Math.min(4, Math.max(-4, value));
    });
    const table = moments(quantiles);
    assertMoments(delays, 100e6 + 10e6 * table.mean, (10e6) ** 2 * table.variance);
  });
}

/** By bisection of the series of the error function: independent of what is tested. */
function inverseNormal(p: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    let sum = middle;
    let term = middle;
    for (let k = 1; k < 200; k++) {
      term *= -middle * middle / (2 * k);
      sum += term / (2 * k + 1);
    }
    if (0.5 + sum / Math.sqrt(2 * Math.PI) < p) low = middle;
    else high = middle;
  }
  return low;
}

function assertCorrelation(values: number[], rho: number) {
  const { mean, variance } = moments(values);
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += (values[i] - mean) * (values[i - 1] - mean);
  const correlation = sum / (values.length - 1) / variance;
  // Of a mixture, the estimate is wider than of a linear process: at most by the share of repetitions.
  const error = Math.sqrt((1 + rho) / values.length);
  assert(Math.abs(correlation - rho) <= 3 * error, `correlation ${correlation}, not ${rho}`);
}

Deno.test("netem correlation: delays and losses hang together and keep their shares", () => {
  const rho = 0.25;
  for (const distribution of ["uniform", "normal"] as const) {
    const { arrived, delays } = run({ delay: 100e6, jitter: 10e6, delayCorrelation: rho, distribution });
    const byNumber: number[] = [];
    arrived.forEach(({ number }, i) => byNumber[number] = delays[i]);
    assertCorrelation(byNumber, rho);
    const { mean, variance } = moments(byNumber);
    const expected = distribution === "uniform" ? (20e6) ** 2 / 12 : (10e6) ** 2;
    // Successive values repeat: the sample is worth (1 - rho) / (1 + rho) of its size.
    const worth = COUNT * (1 - rho) / (1 + rho);
    assert(Math.abs(mean - 100e6) <= 3 * Math.sqrt(variance / worth), `mean ${mean}`);
    assert(Math.abs(variance / expected - 1) <= 3 * Math.sqrt(2 / worth), `variance ${variance}`);
  }
  const lossy = run({ loss: { model: "random", share: 0.1, correlation: rho } });
  const lost = new Array(COUNT).fill(1);
  for (const { number } of lossy.arrived) lost[number] = 0;
  assertCorrelation(lost, rho);
  const error = Math.sqrt(0.09 / COUNT * (1 + rho) / (1 - rho));
  assert(Math.abs(moments(lost).mean - 0.1) <= 3 * error);
});

Deno.test("netem loses, duplicates, corrupts and reorders the shares asked for", () => {
  const lost = run({ loss: { model: "random", share: 0.1 } });
  assertShare(COUNT - lost.arrived.length, 0.1);
  assertEquals(lost.statistics.dropped, COUNT - lost.arrived.length);
  const doubled = run({ duplicate: 0.02 });
  assertShare(doubled.arrived.length - COUNT, 0.02);
  const reordered = run({ delay: 10e6, reorder: 0.25 });
  assertShare(reordered.delays.filter((delay) => delay === 0).length, 0.25);
  assertEquals(reordered.statistics.requeues, reordered.delays.filter((delay) => delay === 0).length);
  const every = run({ delay: 10e6, gap: 5 }, 1, 1000);
  assertEquals(every.delays.filter((delay) => delay === 0).length, 200);
});

Deno.test("netem corrupts one bit of a copy", () => {
  const { world, v0, v1, b } = line();
  setQdisc(v0, { kind: "netem", parent: TC_H_ROOT, netem: { corrupt: 1 } }, "add");
  let flipped = 0;
  b.onPacket = (packet) => {
    for (let i = packet.link; i < packet.tail; i++) {
      const was = i - packet.link < 6 ? v1.address[i - packet.link] : i - packet.link === 12 ? 8 : 0;
      for (let bits = packet.bytes[i] ^ was; bits !== 0; bits &= bits - 1) flipped++;
    }
  };
  let arrivals = 0;
  for (let i = 0; i < 500; i++) {
    const packet = world.packets.allocate(60);
    packet.tail = packet.head + 60;
    packet.bytes.fill(0, packet.head, packet.tail);
    packet.bytes.set(v1.address, packet.head);
    packet.bytes[packet.head + 12] = 8;
    packet.hold();
    v0.transmit(packet);
    world.scheduler.drain();
    assertEquals(packet.bytes[packet.head + 20], 0);
    packet.release();
  }
  arrivals = v1.counters.rxPackets;
  // Those whose EtherType was hit are not seen by IPv4.
  assert(arrivals === 500 && flipped > 450 && flipped <= 500, `${flipped}`);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("netem Gilbert-Elliott and four-state losses have the shares of their chains", () => {
  const [p, r, h, k] = [0.05, 0.3, 0.1, 0.99];
  const ge = run({ loss: { model: "gemodel", p, r, h, k } });
  const bad = p / (p + r);
  const share = bad * (1 - h) + (1 - bad) * (1 - k);
  // Successive losses hang together: the variance of the mean grows by (1 + c) / (1 - c), c = 1 - p - r.
  const factor = (2 - p - r) / (p + r);
  const error = Math.sqrt(share * (1 - share) / COUNT * factor);
  const seen = 1 - ge.arrived.length / COUNT;
  assert(Math.abs(seen - share) <= 3 * error, `gemodel ${seen}, not ${share}`);

  const [p13, p31, p32, p23, p14] = [0.02, 0.4, 0.2, 0.3, 0.01];
  const state = run({ loss: { model: "state", p13, p31, p32, p23, p14 } });
  // Stationary shares with gap state 1: 3 = burst loss, 2 = burst received, 4 = isolated loss.
  const three = p13 / p31;
  const two = three * p32 / p23;
  const total = 1 + two + three + p14;
  const expected = (three + p14) / total;
  const got = 1 - state.arrived.length / COUNT;
  assert(Math.abs(got - expected) <= 3 * Math.sqrt(expected / COUNT * 8), `state ${got}, not ${expected}`);
});

Deno.test("netem rate: packets follow each other as they would on a wire, cells included", () => {
  const wire = line();
  const start = wire.world.scheduler.now;
  const netem = { rate: { rate: 125000, packetOverhead: 20, cellSize: 100, cellOverhead: 5 }, limit: 3 };
  setQdisc(wire.v0, { kind: "netem", parent: TC_H_ROOT, netem }, "add");
  for (let i = 0; i < 5; i++) wire.send(200);
  while (wire.world.scheduler.step());
  // 220 octets are 3 cells of 105: 2.52 ms at 1 Mbit/s.
  assertEquals(wire.arrived.map(({ at }) => (at - start) / 1e6), [2.52, 5.04, 7.56]);
  assertEquals(qdiscs(wire.v0)[0].statistics.dropped, 2);
});

Deno.test("a wire is set, cut, mended and parted", () => {
  const { world, v0, v1, send, arrived } = line();
  const wire = new Wire(v0, v1);
  const start = world.scheduler.now;
  wire.set({ delay: 5e6, txqueuelen: 10, mtu: 1400 });
  assertEquals([v0.mtu, v1.mtu, v0.txqueuelen, v0.qdiscName, v1.qdiscName], [1400, 1400, 10, "netem", "netem"]);
  send();
  while (world.scheduler.step());
  assertEquals(arrived.map(({ at }) => at - start), [5e6]);
  wire.set({ delay: 0 });
  assertEquals([v0.qdiscName, v1.qdiscName], ["noqueue", "noqueue"]);
  wire.cut();
  assertEquals([v0.carrier, v1.carrier, v0.operstate, v1.operstate], [false, false, "DOWN", "DOWN"]);
  send();
  assertEquals(v0.counters.txDropped, 1);
  wire.mend();
  assertEquals([v0.operstate, v1.operstate], ["UP", "UP"]);
  send();
  wire.part(true);
  send();
  wire.part(false);
  send();
  assertEquals(arrived.map(({ number }) => number), [0, 2, 4]);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("same seed, same fate; another seed, another", () => {
  const fate = (seed: number) =>
    run({ delay: 1e6, jitter: 1e5, loss: { model: "random", share: 0.5 } }, seed, 1000).arrived
      .map(({ number, at }) => `${number}@${at}`).join();
  assertEquals(fate(7), fate(7));
  assert(fate(7) !== fate(8));
});
