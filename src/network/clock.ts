/** The virtual clock as user code sees it: the names of the platform's timers, in virtual milliseconds. */
import type { World } from "../device/world.ts";
import { Timer } from "../time/scheduler.ts";
import type { Driver } from "./driver.ts";

/** Virtual time for user code: `net.clock`. */
export class Clock {
  readonly #timers = new Map<number, { timer: Timer; what: string; housekeeping?: boolean }>();
  #lastId = 0;
  readonly #world: World;
  readonly #driver: Driver;
  readonly #onError: (error: unknown) => void;

  /**
   * For `Network` only. `onError` takes what a timer's callback throws.
   *
   * @internal
   */
  constructor(world: World, driver: Driver, onError: (error: unknown) => void) {
    this.#world = world;
    this.#driver = driver;
    this.#onError = onError;
  }

  /** Virtual milliseconds since the network began, with fractions down to the nanosecond. */
  now(): number {
    return this.#world.scheduler.now / 1e6;
  }

  /** Calls `callback` once, `ms` virtual milliseconds from now. The number is for `clearTimeout`. */
  // deno-lint-ignore no-explicit-any
  setTimeout<A extends any[]>(callback: (...args: A) => void, ms = 0, ...args: A): number {
    const id = ++this.#lastId;
    const timer = new Timer(() => {
      this.#forget(id);
      this.#call(() => callback(...args));
    });
    return this.#arm(id, timer, ms, `setTimeout of ${ms} ms`);
  }

  /** Calls `callback` every `ms` virtual milliseconds (at least one). */
  // deno-lint-ignore no-explicit-any
  setInterval<A extends any[]>(callback: (...args: A) => void, ms = 0, ...args: A): number {
    const id = ++this.#lastId;
    const period = Math.max(1, ms);
    const timer = new Timer(() => {
      this.#world.scheduler.after(timer, Math.round(period * 1e6));
      this.#call(() => callback(...args));
    });
    return this.#arm(id, timer, period, `setInterval of ${period} ms`);
  }

  /**
   * As `setTimeout`, for what the network itself tidies up: it neither keeps a run alive nor counts as work left running.
   *
   * @internal
   */
  housekeeping(callback: () => void, ms: number): number {
    const id = ++this.#lastId;
    const timer = new Timer(() => {
      this.#timers.delete(id);
      callback();
    });
    this.#timers.set(id, { timer, what: "", housekeeping: true });
    this.#world.scheduler.after(timer, Math.round(ms * 1e6));
    return id;
  }

  /** Calls the callback of that number no more. */
  clearTimeout(id?: number): void {
    const entry = id === undefined ? undefined : this.#timers.get(id);
    if (entry === undefined) return;
    this.#world.scheduler.cancel(entry.timer);
    this.#forget(id!);
  }

  /** As `clearTimeout`. */
  clearInterval(id?: number): void {
    this.clearTimeout(id);
  }

  /**
   * Waits `ms` virtual milliseconds.
   *
   * @throws what `signal` was aborted with, when that comes first
   */
  async sleep(ms: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.#world.waits.sleep(ms, options.signal);
    options.signal?.throwIfAborted();
  }

  /** A signal that is aborted after `ms` virtual milliseconds with a `TimeoutError`, as `AbortSignal.timeout` gives. */
  timeoutSignal(ms: number): AbortSignal {
    const controller = new AbortController();
    const timer = new Timer(() =>
      this.#call(() => controller.abort(new DOMException("Signal timed out.", "TimeoutError")))
    );
    this.#world.scheduler.after(timer, Math.max(0, Math.round(ms * 1e6)));
    return controller.signal;
  }

  /**
   * Timers that are armed, for the list of work left running.
   *
   * @internal
   */
  pending(): string[] {
    return [...this.#timers.values()].filter((entry) => !entry.housekeeping).map((entry) => entry.what);
  }

  /**
   * Clears all timers: the network is closed.
   *
   * @internal
   */
  clear(): void {
    for (const id of [...this.#timers.keys()]) this.clearTimeout(id);
  }

  #arm(id: number, timer: Timer, ms: number, what: string): number {
    this.#timers.set(id, { timer, what });
    this.#driver.userTimers++;
    this.#world.scheduler.after(timer, Math.max(0, Math.round(ms * 1e6)));
    return id;
  }

  #forget(id: number): void {
    const entry = this.#timers.get(id);
    if (this.#timers.delete(id) && !entry!.housekeeping) this.#driver.userTimers--;
  }

  #call(callback: () => void): void {
    this.#world.scheduler.woken = true;
    try {
      callback();
    } catch (error) {
      this.#onError(error);
    }
  }
}
