/**
 * The virtual clock and everything that waits on it.
 *
 * Time is integer nanoseconds in a number (exact up to 104 days of virtual time). Events run in the order
 * of (time, sequence of arming); work of no delay runs first-in first-out within the instant, as Linux's
 * softirq backlog does, and never touches the queue of timers.
 *
 * @module
 */

import { EventQueue } from "./event_queue.ts";

/** Nanoseconds in a microsecond, a millisecond and a second. */
export const US = 1e3;
export const MS = 1e6;
export const SECOND = 1e9;

/** Work of no delay. `next` belongs to the scheduler while the task is queued. */
export interface Task {
  run(): void;
  nextTask: Task | null;
}

/** A moment at which `fire` is called. One timer is armed for one moment at a time; arming again moves it. */
export class Timer {
  /** Nanoseconds of virtual time; meaningless unless `slot` says the timer is queued. */
  at = 0;
  /** Tells this arming from earlier ones; belongs to the event queue. */
  sequence = 0;
  /** Where the event queue keeps this timer; -1 when it is not armed. */
  slot = -1;
  /** `fire` is called as a method: it may ask `this` which timer it was, and so be shared by many. */
  constructor(readonly fire: (this: Timer) => void) {}
  get armed(): boolean {
    return this.slot >= 0;
  }
}

export class Scheduler {
  /** Nanoseconds since the world began. */
  now = 0;
  /** Set when user code was woken at this instant: a promise of the edge was settled. */
  woken = false;
  readonly queue: EventQueue = new EventQueue();
  /** Told when work comes: a world on the real clock must look at its next event again. */
  onWork: (() => void) | null = null;
  #first: Task | null = null;
  #last: Task | null = null;

  /** Arms or re-arms `timer` for the absolute time `at` (ns); a moment that has passed means now. */
  arm(timer: Timer, at: number): void {
    this.queue.put(timer, at < this.now ? this.now : at);
    if (this.onWork !== null) this.onWork();
  }

  /** Arms `timer` to fire `delay` ns from now. */
  after(timer: Timer, delay: number): void {
    this.queue.put(timer, this.now + delay);
    if (this.onWork !== null) this.onWork();
  }

  cancel(timer: Timer): void {
    this.queue.remove(timer);
  }

  /** Queues work for this instant, after what was queued before it. */
  defer(task: Task): void {
    task.nextTask = null;
    if (this.#last === null) this.#first = task;
    else this.#last.nextTask = task;
    this.#last = task;
    if (this.onWork !== null) this.onWork();
  }

  /** Whether work of no delay waits. */
  get pending(): boolean {
    return this.#first !== null;
  }

  /** The time of the next event: now when work of no delay waits, `Infinity` when nothing does. */
  nextAt(): number {
    return this.#first !== null ? this.now : this.queue.nextAt();
  }

  /** Runs work of no delay until there is none. */
  drain(): void {
    for (let task = this.#first; task !== null; task = this.#first) {
      this.#first = task.nextTask;
      if (this.#first === null) this.#last = null;
      task.run();
    }
  }

  /** Runs the work of no delay, or else the next timer (moving the clock to it). False when nothing waits. */
  step(): boolean {
    if (this.#first !== null) {
      this.drain();
      return true;
    }
    const timer = this.queue.take();
    if (timer === null) return false;
    this.now = timer.at;
    timer.fire();
    this.drain();
    return true;
  }
}
