/**
 * What happens after a carrier came or went (`net/core/link_watch.c`): the operational state follows, the qdisc is attached
 * or taken off, and listeners hear "change". As on Linux this is at once for what is urgent (an interface whose qdisc waits for the
 * carrier, or which stands on another), else at most once in a second: until then `ip link` shows the old state.
 *
 * @module
 */
import { type Scheduler, SECOND, type Task, Timer } from "../time/scheduler.ts";
import type { Interface } from "./interface.ts";

/** RFC 2863 operational states (`IF_OPER_*`). */
export const IF_OPER_UNKNOWN = 0;
export const IF_OPER_NOTPRESENT = 1;
export const IF_OPER_DOWN = 2;
export const IF_OPER_LOWERLAYERDOWN = 3;
export const IF_OPER_TESTING = 4;
export const IF_OPER_DORMANT = 5;
export const IF_OPER_UP = 6;

/** As `ip link` and `/sys/class/net/NAME/operstate` (in lower case) name them. */
export const OPERSTATE_NAMES: readonly string[] = [
  "UNKNOWN",
  "NOTPRESENT",
  "DOWN",
  "LOWERLAYERDOWN",
  "TESTING",
  "DORMANT",
  "UP",
];

export class Linkwatch implements Task {
  nextTask: Task | null = null;
  /** All that wait, in order; those handled since have lost `linkwatchPending`. */
  #waiting: Interface[] = [];
  /** Those among them that became urgent, or may have. */
  #candidates: Interface[] = [];
  #urgent = false;
  #due = false;
  #deferred = false;
  /** No run for what is not urgent before this time (`linkwatch_nextevent`). */
  #nextRun = 0;
  readonly #timer: Timer;

  constructor(readonly scheduler: Scheduler, readonly handle: (device: Interface) => void) {
    this.#timer = new Timer(() => {
      this.#due = true;
      this.flush();
    });
  }

  /** The carrier of `device` changed (`linkwatch_fire_event`). */
  fire(device: Interface): void {
    const urgent = isUrgent(device);
    if (!device.linkwatchPending) {
      device.linkwatchPending = true;
      this.#waiting.push(device);
    } else if (!urgent) return;
    if (urgent) this.#candidates.push(device);
    this.#schedule(urgent);
  }

  /** `device` was opened or moved: if it waits, it may have become urgent. */
  touch(device: Interface): void {
    if (device.linkwatchPending) this.#candidates.push(device);
  }

  /**
   * Brings the state of one interface up to date (`linkwatch_sync_dev`): done when somebody asks about this one by RTM_GETLINK (`ip link show
   * DEV`) or reads `/sys/class/net/DEV/carrier`; a dump of all (`ip link`) shows the old state.
   */
  sync(device: Interface): void {
    if (!device.linkwatchPending) return;
    device.linkwatchPending = false;
    this.handle(device);
  }

  /** Does what is due: at the end of a request to the control plane, or as a task within the instant. */
  flush(): void {
    while (this.#due) {
      this.#due = false;
      this.scheduler.cancel(this.#timer);
      const urgentOnly = this.#nextRun > this.scheduler.now;
      if (!urgentOnly) this.#nextRun = this.scheduler.now + SECOND;
      this.#urgent = false;
      const list = urgentOnly ? this.#candidates : this.#waiting;
      this.#candidates = [];
      if (!urgentOnly) this.#waiting = [];
      for (const device of list) {
        if (!device.linkwatchPending || (urgentOnly && !isUrgent(device))) continue;
        device.linkwatchPending = false;
        this.handle(device);
      }
      if (this.#waiting.length > 0) this.#schedule(false);
    }
  }

  run(): void {
    this.#deferred = false;
    this.flush();
  }

  #schedule(urgent: boolean): void {
    if (this.#urgent) return;
    this.#urgent = urgent;
    if (!urgent && this.#nextRun > this.scheduler.now) {
      if (!this.#timer.armed) this.scheduler.arm(this.#timer, this.#nextRun);
      return;
    }
    this.#due = true;
    if (this.#deferred) return;
    this.#deferred = true;
    this.scheduler.defer(this);
  }
}

/** `linkwatch_urgent_event` */
function isUrgent(device: Interface): boolean {
  if (!device.up) return false;
  if (device.link !== null && device.link.index !== device.index) return true;
  return device.carrier && device.qdisc !== device.rootQdisc;
}

/** The state that the carrier and what the interface stands on give it (`default_operstate`). */
export function operationalState(device: Interface): number {
  if (device.carrier) return IF_OPER_UP;
  const link = device.link;
  if (link === null || link.index === device.index) return IF_OPER_DOWN;
  const below = device.owner.interfaces.byIndex(link.index);
  return below === undefined || below.carrier ? IF_OPER_DOWN : IF_OPER_LOWERLAYERDOWN;
}
