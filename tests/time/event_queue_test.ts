import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/time/random.ts";
import { EventQueue } from "../../src/time/event_queue.ts";
import { Scheduler, Timer } from "../../src/time/scheduler.ts";

/** Distances from a nanosecond to days, many of them equal. */
function distance(random: Random): number {
  const digits = random.below(16);
  if (random.below(10) === 0) return random.below(3);
  const at = Math.floor(random.float() * 10 ** digits);
  return random.below(2) === 0 ? at : Math.floor(at / 1000) * 1000;
}

/** Runs random operations on a queue and on a plain list, which must agree. */
function compare(seed: number, operations: number, population: number): void {
  const random = new Random(seed);
  const queue = new EventQueue();
  const timers = Array.from({ length: population }, () => new Timer(() => {}));
  const model = new Map<Timer, { at: number; order: number }>();
  let now = 0;
  let order = 0;
  const first = () => {
    let best: Timer | null = null;
    for (const [timer, { at, order }] of model) {
      const other = best === null ? null : model.get(best)!;
      if (other === null || at < other.at || (at === other.at && order < other.order)) best = timer;
    }
    return best;
  };
  for (let i = 0; i < operations; i++) {
    const timer = timers[random.below(population)];
    const what = random.below(10);
    if (what < 6) {
      const at = now + distance(random);
      queue.put(timer, at);
      model.set(timer, { at, order: order++ });
    } else if (what < 7) {
      queue.remove(timer);
      model.delete(timer);
    } else if (what < 9) {
      const expected = first();
      const taken = queue.take();
      assert(taken === expected, `operation ${i}: not the first`);
      if (taken !== null) {
        now = model.get(taken)!.at;
        assertEquals([taken.at, taken.slot], [now, -1]);
        model.delete(taken);
      }
    } else assertEquals(queue.nextAt(), model.get(first()!)?.at ?? Infinity);
    assertEquals(queue.size, model.size);
    assertEquals(timer.armed, model.has(timer));
  }
  for (let expected = first(); expected !== null; expected = first()) {
    assert(queue.take() === expected);
    model.delete(expected);
  }
  assertEquals(queue.take(), null);
  assertEquals(queue.nextAt(), Infinity);
}

Deno.test("timers come out by time and, at one moment, in the order of arming, whatever was cancelled and moved", () => {
  for (let seed = 0; seed < 60; seed++) compare(seed, 1500, 1 + seed);
});

Deno.test("a timer that is moved over and over costs no memory", () => {
  const scheduler = new Scheduler();
  const timers = Array.from({ length: 10 }, () => new Timer(() => {}));
  for (let i = 0; i < 1_000_000; i++) scheduler.after(timers[i % 10], 200e6 + i);
  assertEquals(scheduler.queue.size, 10);
  let fired = 0;
  while (scheduler.step()) fired++;
  assertEquals(fired, 10);
  assertEquals(scheduler.now, 200e6 + 999_999);
});

Deno.test("many timers far away do not slow down those that are near", () => {
  const scheduler = new Scheduler();
  for (let i = 0; i < 20_000; i++) scheduler.after(new Timer(() => {}), 7200e9);
  let left = 100_000;
  const tick: Timer = new Timer(() => {
    if (--left > 0) scheduler.after(tick, 1000);
  });
  scheduler.after(tick, 1000);
  while (left > 0) {
    scheduler.nextAt();
    scheduler.step();
  }
  assertEquals(scheduler.now, 100_000 * 1000);
});

Deno.test("the clock may be set to any time up to the next event", () => {
  const scheduler = new Scheduler();
  const seen: number[] = [];
  const far = new Timer(() => seen.push(scheduler.now));
  const near = new Timer(() => seen.push(scheduler.now));
  scheduler.arm(far, 5e9);
  assertEquals(scheduler.nextAt(), 5e9);
  scheduler.now = 4e9;
  scheduler.after(near, 1);
  assertEquals(scheduler.nextAt(), 4e9 + 1);
  scheduler.arm(far, 1e3); // a moment that has passed means now
  while (scheduler.step());
  assertEquals(seen, [4e9, 4e9 + 1]);
});

Deno.test("times beyond what integers hold come last", () => {
  const queue = new EventQueue();
  const [a, b, c] = [new Timer(() => {}), new Timer(() => {}), new Timer(() => {})];
  queue.put(a, Infinity);
  queue.put(b, 1e12);
  queue.put(c, Number.MAX_SAFE_INTEGER - 5000);
  assert(queue.take() === b);
  assert(queue.take() === c);
  assertEquals(queue.size, 1);
  assert(queue.take() === a);
});
