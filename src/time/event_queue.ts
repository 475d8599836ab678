/** Timers ordered by (time, sequence): a 4-ary heap whose entries know their place, so that cancel and re-arm are cheap. */
import type { Timer } from "./scheduler.ts";

export class EventQueue {
  #heap: Timer[] = [];

  get size(): number {
    return this.#heap.length;
  }

  nextAt(): number {
    return this.#heap.length > 0 ? this.#heap[0].at : Infinity;
  }

  put(timer: Timer, at: number, sequence: number): void {
    if (timer.slot >= 0) this.remove(timer);
    timer.at = at;
    timer.sequence = sequence;
    this.#heap.push(timer);
    this.#up(timer, this.#heap.length - 1);
  }

  take(): Timer | null {
    if (this.#heap.length === 0) return null;
    const timer = this.#heap[0];
    this.remove(timer);
    return timer;
  }

  remove(timer: Timer): void {
    const slot = timer.slot;
    if (slot < 0) return;
    timer.slot = -1;
    const last = this.#heap.pop()!;
    if (last === timer) return;
    if (before(last, timer)) this.#up(last, slot);
    else this.#down(last, slot);
  }

  #up(timer: Timer, slot: number): void {
    const heap = this.#heap;
    while (slot > 0) {
      const parent = (slot - 1) >> 2;
      const other = heap[parent];
      if (!before(timer, other)) break;
      heap[slot] = other;
      other.slot = slot;
      slot = parent;
    }
    heap[slot] = timer;
    timer.slot = slot;
  }

  #down(timer: Timer, slot: number): void {
    const heap = this.#heap;
    const length = heap.length;
    for (;;) {
      let child = (slot << 2) + 1;
      if (child >= length) break;
      const end = Math.min(child + 4, length);
      let least = heap[child];
      for (let i = child + 1; i < end; i++) {
        if (before(heap[i], least)) {
          least = heap[i];
          child = i;
        }
      }
      if (!before(least, timer)) break;
      heap[slot] = least;
      least.slot = slot;
      slot = child;
    }
    heap[slot] = timer;
    timer.slot = slot;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
