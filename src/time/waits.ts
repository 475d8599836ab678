/**
 * What user code waits for. A `Wait` is a promise that the stack settles: settling it tells the scheduler that user code was
 * woken, so that it gets its turn before time goes on. The list of all unsettled ones is what a DeadlockError prints.
 *
 * @module
 */
import { deferred } from "./deferred.ts";
import { type Scheduler, Timer } from "./scheduler.ts";

/** One pending wait of user code, settled once. */
export class Wait<T> {
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (reason: unknown) => void;
  settled = false;
  /** List links; they belong to `Waits`. */
  previous: Wait<unknown> | null = null;
  next: Wait<unknown> | null = null;

  /**
   * `what` says what is waited for: `accept on 10.0.0.1:80`. A `passive` wait is for something that may never come (the next
   * connection, the next datagram): leaving one behind is no mistake, unlike a sleep or a command that nobody awaited.
   */
  constructor(readonly waits: Waits, readonly what: string | (() => string), readonly passive = false) {
    const { promise, resolve, reject } = deferred<T>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    waits.add(this as Wait<unknown>);
  }

  resolve(value: T): void {
    if (this.settled) return;
    this.settled = true;
    this.waits.remove(this as Wait<unknown>);
    this.#resolve(value);
  }

  reject(reason: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.waits.remove(this as Wait<unknown>);
    this.#reject(reason);
  }
}

/** All unsettled waits of a world. */
export class Waits {
  #first: Wait<unknown> | null = null;
  #last: Wait<unknown> | null = null;
  /** How many of them end by themselves at some moment. */
  timed = 0;

  constructor(readonly scheduler: Scheduler) {}

  /** For `Wait` only. */
  add(wait: Wait<unknown>): void {
    wait.previous = this.#last;
    if (this.#last === null) this.#first = wait;
    else this.#last.next = wait;
    this.#last = wait;
  }

  /** For `Wait` only. */
  remove(wait: Wait<unknown>): void {
    if (wait.previous === null) this.#first = wait.next;
    else wait.previous.next = wait.next;
    if (wait.next === null) this.#last = wait.previous;
    else wait.next.previous = wait.previous;
    wait.previous = wait.next = null;
    this.scheduler.woken = true;
  }

  /** What is waited for, oldest first; `activeOnly` leaves out the passive ones. */
  list(activeOnly = false): string[] {
    const list: string[] = [];
    for (let wait = this.#first; wait !== null; wait = wait.next) {
      if (activeOnly && wait.passive) continue;
      list.push(typeof wait.what === "string" ? wait.what : wait.what());
    }
    return list;
  }

  /**
   * Waits until `start`'s argument is called (true), until `ms` of virtual time have passed (false) or until `signal` is
   * aborted (false).
   */
  wait(
    what: string | (() => string),
    start: (done: () => void) => void,
    ms?: number,
    signal?: AbortSignal,
    passive = false,
  ): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    const wait = new Wait<boolean>(this, what, passive);
    let timer: Timer | null = null;
    const onAbort = () => end(false);
    const end = (value: boolean) => {
      if (wait.settled) return;
      if (timer !== null) {
        this.scheduler.cancel(timer);
        this.timed--;
      }
      signal?.removeEventListener("abort", onAbort);
      wait.resolve(value);
    };
    if (ms !== undefined && ms !== Infinity) {
      timer = new Timer(() => end(false));
      this.timed++;
      this.scheduler.after(timer, Math.max(0, Math.round(ms * 1e6)));
    }
    signal?.addEventListener("abort", onAbort);
    start(() => end(true));
    return wait.promise;
  }

  /** Virtual milliseconds; ends early, without an error, when `signal` is aborted. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.wait(() => `sleep of ${ms} ms`, () => {}, ms, signal);
  }
}
