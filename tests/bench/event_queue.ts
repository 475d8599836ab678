/**
 * W5, the hold model: P timers wait; each that fires arms itself again at now + U(1, 2²⁰) ns. Events a second of the world's
 * scheduler: `deno run tests/bench/event_queue.ts`
 */
import { Scheduler, Timer } from "../../src/time/scheduler.ts";

/** Events a second. `elapsed` gives ms of real time. */
export function holdModel(pending: number, events: number, elapsed: () => number): number {
  const scheduler = new Scheduler();
  let state = 123456789;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 0xfffff) + 1;
  };
  function again(this: Timer): void {
    scheduler.after(this, draw());
  }
  for (let i = 0; i < pending; i++) scheduler.after(new Timer(again), draw());
  for (let i = 0; i < pending * 2 + 200_000; i++) scheduler.step();
  const start = elapsed();
  for (let i = 0; i < events; i++) scheduler.step();
  return events / (elapsed() - start) * 1000;
}

if (import.meta.main) {
  for (const pending of [1000, 100_000]) {
    let best = 0;
    for (let round = 0; round < 5; round++) {
      best = Math.max(best, holdModel(pending, 1_000_000, () => performance.now()));
    }
    console.log(JSON.stringify({ peer: "netns", w: "W5", variant: `${pending}`, pending, eps: Math.round(best) }));
  }
}
