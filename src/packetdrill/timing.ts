/** When things were to happen, when they did, and whether that is near enough. */
import type { EventTime } from "./syntax.ts";

/** ns that a recorded script writes as +0. */
const AT_ONCE = 4e6;

/** Something that happened: when the script had it and when it was. ns. */
interface Moment {
  readonly script: number;
  readonly actual: number;
}

/** What later times may be counted from. */
export type Cause = "out" | "in" | "call";

export class Timing {
  /** The script's time of the event before: the sum of all relative times. */
  last = 0;
  readonly #start: number;
  readonly #causes = new Map<Cause, Moment>();
  #previous: Moment = { script: 0, actual: 0 };

  /** `start`: ns of virtual time at which the script begins. */
  constructor(start: number, readonly tolerance: number, readonly percent: number) {
    this.#start = start;
  }

  /** Virtual time of a time in the script, and the other way round. */
  toLive(script: number): number {
    return this.#start + script;
  }
  toScript(live: number): number {
    return live - this.#start;
  }

  /** From when to when an event may happen, in the script's time; `now` is when one without a time may come. */
  window(time: EventTime, now: number): { from: number; to: number } {
    switch (time.kind) {
      case "absolute":
      case "absolute range":
        return { from: time.at, to: time.end };
      case "relative":
      case "relative range":
        return { from: this.last + time.at, to: this.last + time.end };
      default:
        return { from: this.toScript(now), to: Infinity };
    }
  }

  /** An event took place: `script` is its time there, `actual` when it did, in the script's time. */
  happened(cause: Cause | null, script: number, actual: number): void {
    this.last = script;
    this.#previous = { script, actual };
    if (cause !== null) this.#causes.set(cause, this.#previous);
  }

  /** What comes at once was caused by what came before it; what comes later, perhaps by something earlier. */
  #possibleCauses(at: number): Moment[] {
    if (at - this.#previous.script < AT_ONCE) return [this.#previous];
    return [this.#previous, ...this.#causes.values()];
  }

  /** How far something at `script` may be off that follows a moment. */
  #allowed(script: number, moment: Moment): number {
    return Math.max(this.tolerance, this.percent / 100 * Math.max(0, script - moment.script));
  }

  /**
   * Whether something that the script has in [from, to] may have been at `actual`: by the script's own clock, or counted from
   * what came before it or may have caused it, which in fact was at another time than the script has.
   */
  accepts(from: number, to: number, actual: number): boolean {
    const allowed = this.#allowed(from, this.#previous);
    if (actual >= from - allowed && actual <= to + allowed) return true;
    for (const moment of this.#possibleCauses(from)) {
      const shift = moment.actual - moment.script, off = this.#allowed(from, moment);
      if (actual >= from + shift - off && actual <= to + shift + off) return true;
    }
    return false;
  }

  /** The last moment at which `accepts` could hold. */
  latest(from: number, to: number): number {
    let latest = to + this.#allowed(from, this.#previous);
    for (const moment of this.#possibleCauses(from)) {
      latest = Math.max(latest, to + moment.actual - moment.script + this.#allowed(from, moment));
    }
    return latest;
  }

  /** packetdrill's words. */
  error(what: string, time: EventTime, from: number, to: number, actual: number): string {
    const seconds = (ns: number) => (ns / 1e9).toFixed(6);
    if (time.kind === "absolute range") {
      return `timing error: expected ${what} in time range ${seconds(from)}~${seconds(to)} sec ` +
        `but happened at ${seconds(actual)} sec`;
    }
    if (time.kind === "relative range") {
      const base = from - time.at, off = actual - base;
      return `timing error: expected ${what} in relative time range +${seconds(time.at)}~+${seconds(time.end)} sec ` +
        `but happened at ${off < 0 ? "" : "+"}${seconds(off)} sec`;
    }
    const allowed = this.#allowed(from, this.#previous);
    return `timing error: expected ${what} at ${seconds(from)} sec but happened at ${seconds(actual)} sec; ` +
      `tolerance ${seconds(allowed)} sec`;
  }
}
