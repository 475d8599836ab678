/**
 * Drives a world: runs all events of an instant, then, only if they woke user code, gives the JavaScript loop one real turn,
 * and lets time advance when neither made new work at this instant.
 *
 * @module
 */
import type { World } from "../device/world.ts";
import { SECOND } from "../time/scheduler.ts";
import { nextTurn, wallNow, wallTimeout } from "./real_loop.ts";

/** Real turns in which a program that waits for something unknown may still do something by itself. */
const GRACE_TURNS = 16;
/** Real turns in which a library of the platform does what it can do by itself (`process.nextTick`, ciphers that call back). */
const SETTLE_TURNS = 3;
/** Virtual ns without user code being woken, when no timer of the user's is armed, after which only housekeeping goes on. */
const IDLE_LIMIT = 86_400 * SECOND;
/** A world on the real clock looks at least this often (ms) whether the program did something meanwhile. */
const REAL_LOOK_MS = 20;

/** How `drive` ended: the program is done, the time limit was reached, or nothing can happen any more. */
export type DriveEnd = "finished" | "limit" | "deadlock" | "idle";

export class Driver {
  /** Operations of the real world under way: virtual time stands still. */
  #holds = 0;
  #whenReleased: (() => void) | null = null;
  /** Timers that the user armed: only then may the world run on for days without waking anybody. */
  userTimers = 0;
  #lastWoken = 0;

  constructor(readonly world: World, readonly realTime: boolean) {}

  /** Freezes virtual time until `promise` settles. */
  async hold<T>(promise: Promise<T>): Promise<T> {
    this.#holds++;
    try {
      return await promise;
    } finally {
      this.#holds--;
      this.world.scheduler.woken = true;
      const released = this.#whenReleased;
      if (this.#holds === 0 && released !== null) {
        this.#whenReleased = null;
        nextTurn(released);
      }
    }
  }

  /** Freezes virtual time for a few real turns. */
  settle(): Promise<void> {
    return this.hold(
      new Promise((resolve) => {
        let turns = SETTLE_TURNS;
        const turn = () => turns-- > 0 ? nextTurn(turn) : resolve();
        turn();
      }),
    );
  }

  /** Advances the world until `finished` says so, or to the time `limit` (ns of virtual time). */
  drive(finished: () => boolean, limit: number): Promise<DriveEnd> {
    this.#lastWoken = this.world.scheduler.now;
    return new Promise((resolve, reject) => {
      const turn = (this.realTime ? this.#realLoop : this.#virtualLoop).call(this, finished, limit, resolve, reject);
      nextTurn(turn);
    });
  }

  /** What each real turn goes on with: events, until user code was woken or the end is reached. */
  #virtualLoop(
    finished: () => boolean,
    limit: number,
    resolve: (end: DriveEnd) => void,
    reject: (reason: unknown) => void,
  ): () => void {
    const scheduler = this.world.scheduler;
    let grace = 0;
    const loop = () => {
      try {
        for (;;) {
          while (scheduler.nextAt() <= scheduler.now) scheduler.step();
          if (scheduler.woken) {
            scheduler.woken = false;
            this.#lastWoken = scheduler.now;
            grace = 0;
            return nextTurn(loop);
          }
          if (finished()) return resolve("finished");
          if (this.#holds > 0) {
            this.#whenReleased = loop;
            return;
          }
          const next = scheduler.nextAt();
          if (next > limit) {
            scheduler.now = limit;
            return resolve("limit");
          }
          const idle = next === Infinity ||
            (this.userTimers === 0 && this.world.waits.timed === 0 && next - this.#lastWoken > IDLE_LIMIT);
          if (idle) {
            if (grace++ < GRACE_TURNS) return nextTurn(loop);
            return resolve(next === Infinity ? "deadlock" : "idle");
          }
          scheduler.step();
        }
      } catch (error) {
        reject(error);
      }
    };
    return loop;
  }

  /**
   * The same when virtual time follows the wall clock from where it stands. Between its looks the program may be called by the
   * real world (a terminal, a door): what it does then to the stack makes the loop look at once.
   */
  #realLoop(
    finished: () => boolean,
    limit: number,
    resolve: (end: DriveEnd) => void,
    reject: (reason: unknown) => void,
  ): () => void {
    const scheduler = this.world.scheduler;
    const start = wallNow() - scheduler.now;
    let looks = 0; // a timeout that was overtaken by an earlier look does nothing
    let sleeping = false;
    let callOff = () => {};
    const end = (how: () => void) => {
      scheduler.onWork = null;
      looks = -1;
      callOff();
      how();
    };
    const again = (when: (callback: () => void) => unknown) => {
      const look = ++looks;
      when(() => {
        if (look === looks) loop();
      });
    };
    const loop = () => {
      sleeping = false;
      try {
        const now = Math.min(wallNow() - start, limit);
        while (scheduler.nextAt() <= now) scheduler.step();
        if (now > scheduler.now) scheduler.now = now;
        if (scheduler.woken) {
          scheduler.woken = false;
          return again(nextTurn);
        }
        if (finished()) return end(() => resolve("finished"));
        if (now >= limit) return end(() => resolve("limit"));
        const wait = Math.min(scheduler.nextAt(), limit) - now;
        sleeping = true;
        callOff();
        again((look) => callOff = wallTimeout(look, Math.min(Math.ceil(wait / 1e6), REAL_LOOK_MS)));
      } catch (error) {
        end(() => reject(error));
      }
    };
    scheduler.onWork = () => {
      if (!sleeping) return;
      sleeping = false;
      // What the program does now happens now, not at the last look.
      const now = Math.min(wallNow() - start, limit);
      if (now > scheduler.now && scheduler.nextAt() > now) scheduler.now = now;
      again(nextTurn);
    };
    return loop;
  }
}
