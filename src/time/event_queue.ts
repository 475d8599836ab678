/**
 * Timers ordered by (time, order of arming): a hierarchy of wheels like the kernel's timer wheel, but exact to the nanosecond.
 *
 * A time has digits of ten bits. The lowest digit spans a window of 1024 ns: timers within the window of the last event lie
 * on a wheel of moments. A later one lies on the wheel of the highest digit in which its time differs from that window's, in the slot of
 * its own digit there. When no other is earlier, a slot's timers move to lower wheels, and those of a window onto its wheel.
 * Slots keep the order of arming, and so does all moving, so that timers of one moment fire in it.
 *
 * What is in slots is copied there, 16 octets a timer, and read in sequence: with 100,000 timers, following pointers would cost more than
 * all else. So a cancelled timer's entry stays where it is, stale, until its slot is read, or until most entries are stale.
 *
 * @module
 */
import type { Timer } from "./scheduler.ts";

/** Slots of a wheel: values of a digit. Wheel 0 is the window. */
const SLOTS = 1024;
const WHEELS = 6;
/** A time is split into two integers: `high * HALF + low`, each of three digits. */
const HALF = 2 ** 30;
/** Latest time that is kept apart from others: what lies beyond fires last. */
const LAST = Number.MAX_SAFE_INTEGER;
const NONE = -1;
/** Armings are numbered modulo this, to tell an entry from a stale one of the same slot. */
const NUMBERS = 0x3fffffff;
/** Stale entries tolerated beyond as many as are live. */
const STALE_TOLERATED = 1024;

/** A chunk holds a link and seven entries of four integers: high, low, slot of the timer, number of its arming. */
const CHUNK = 32;
const ENTRY = 4;

export class EventQueue {
  /** Armed timers by their `slot`; free slots are linked through `#free`. */
  readonly #timers: (Timer | null)[] = [];
  readonly #free: number[] = [];
  #size = 0;
  #entries = 0;
  #number = 0;

  /** The window's entries in the order in which they came: slot, number, and the next of the same moment. */
  #window = new Int32Array(64 * 4);
  #windowEnd = 0;
  #windowSize = 0;

  /** Chunks, and the first of the free ones. */
  #chunks = new Int32Array(64 * CHUNK);
  #freeChunk = NONE;
  #usedChunks = 0;
  /**
   * First chunk of each place (wheel × 1024 + slot), and where its next entry goes; of a moment of the window (wheel 0) its
   * first and last entry there.
   */
  readonly #first = new Int32Array(WHEELS * SLOTS).fill(NONE);
  readonly #tail = new Int32Array(WHEELS * SLOTS);
  /** Which places have any, a bit each, and which words of these bits are not zero. */
  readonly #filled = new Int32Array(WHEELS * SLOTS / 32);
  readonly #words = new Int32Array(WHEELS);

  /** The beginning of the window. */
  #windowHigh = 0;
  #windowLow = 0;
  /** What `nextAt` found, or -1 when that may have changed. */
  #nextAt = -1;

  get size(): number {
    return this.#size;
  }

  /** The time of the event that `take` would give; Infinity when there is none. */
  nextAt(): number {
    if (this.#nextAt < 0) this.#nextAt = this.#findNext();
    return this.#nextAt;
  }

  /** Queues a timer, or moves it, behind those of the same moment. `at` is not before the time of the last event taken. */
  put(timer: Timer, at: number): void {
    const slot = timer.slot;
    if (slot >= 0) {
      if (timer.at === this.#nextAt) this.#nextAt = -1;
      timer.sequence = NONE;
      this.#sweepWhenStale();
    } else {
      timer.slot = this.#free.length > 0 ? this.#free.pop()! : this.#timers.length;
      this.#timers[timer.slot] = timer;
      this.#size++;
    }
    timer.at = at;
    const number = this.#number = (this.#number + 1) & NUMBERS;
    timer.sequence = number;
    if (at < this.#nextAt) this.#nextAt = at;
    if (at > LAST) at = LAST;
    const high = Math.floor(at * (1 / HALF));
    const low = at - high * HALF;
    this.#entries++;
    this.#place(high | 0, low | 0, timer.slot, number);
  }

  take(): Timer | null {
    this.#nextAt = -1;
    for (;;) {
      const place = this.#firstPlace();
      if (place === NONE) return null;
      if (place >= SLOTS) {
        const timer = this.#open(place);
        if (timer === null) continue;
        this.#release(timer);
        return timer;
      }
      const window = this.#window;
      const entry = this.#first[place];
      this.#shiftWindow(place, entry);
      const timer = this.#timers[window[entry]];
      if (timer === null || timer.sequence !== window[entry + 1]) continue;
      this.#release(timer);
      return timer;
    }
  }

  remove(timer: Timer): void {
    if (timer.slot < 0) return;
    if (timer.at === this.#nextAt) this.#nextAt = -1;
    this.#release(timer);
    this.#sweepWhenStale();
  }

  #release(timer: Timer): void {
    this.#timers[timer.slot] = null;
    this.#free.push(timer.slot);
    timer.slot = NONE;
    timer.sequence = NONE;
    this.#size--;
  }

  /** Looks without moving anything: the clock may still be set to a time before the next event. */
  #findNext(): number {
    for (let place = this.#firstPlace(); place !== NONE; place = this.#firstPlace()) {
      if (place < SLOTS) {
        const entry = this.#first[place];
        if (this.#live(this.#window[entry], this.#window[entry + 1])) {
          return this.#windowHigh * HALF + this.#windowLow + place;
        }
        this.#shiftWindow(place, entry);
        continue;
      }
      let least = Infinity;
      const chunks = this.#chunks;
      for (let p = this.#first[place] * CHUNK + ENTRY, tail = this.#tail[place];; p += ENTRY) {
        if (p === tail) break;
        if ((p & (CHUNK - 1)) === 0) p = chunks[p - CHUNK] * CHUNK + ENTRY;
        const at = chunks[p] * HALF + chunks[p + 1];
        if (at < least && this.#live(chunks[p + 2], chunks[p + 3])) least = at;
      }
      if (least < Infinity) return least;
      this.#discard(place);
    }
    return Infinity;
  }

  #live(slot: number, number: number): boolean {
    const timer = this.#timers[slot];
    return timer !== null && timer.sequence === number;
  }

  /** The first place that has any: the lowest of the lowest wheel, since all is later than the window. */
  #firstPlace(): number {
    const words = this.#words;
    for (let wheel = 0; wheel < WHEELS; wheel++) {
      const word = words[wheel];
      if (word === 0) continue;
      const index = (wheel << 5) | (31 - Math.clz32(word & -word));
      const bits = this.#filled[index];
      return (index << 5) | (31 - Math.clz32(bits & -bits));
    }
    return NONE;
  }

  #place(high: number, low: number, slot: number, number: number): void {
    let place: number;
    if (high === this.#windowHigh) {
      const other = low ^ this.#windowLow;
      if (other < SLOTS) {
        this.#insert(low & (SLOTS - 1), slot, number);
        return;
      }
      place = other < SLOTS * SLOTS ? SLOTS | ((low >>> 10) & (SLOTS - 1)) : 2 * SLOTS | (low >>> 20);
    } else {
      const other = high ^ this.#windowHigh;
      if (other < SLOTS) place = 3 * SLOTS | (high & (SLOTS - 1));
      else if (other < SLOTS * SLOTS) place = 4 * SLOTS | ((high >>> 10) & (SLOTS - 1));
      else place = 5 * SLOTS | (high >>> 20);
    }
    let tail = this.#tail[place];
    if (this.#first[place] === NONE) {
      const chunk = this.#newChunk();
      this.#first[place] = chunk;
      tail = chunk * CHUNK + ENTRY;
      this.#filled[place >>> 5] |= 1 << (place & 31);
      this.#words[place >>> 10] |= 1 << ((place >>> 5) & 31);
    } else if ((tail & (CHUNK - 1)) === 0) {
      const chunk = this.#newChunk();
      this.#chunks[tail - CHUNK] = chunk;
      tail = chunk * CHUNK + ENTRY;
    }
    const chunks = this.#chunks;
    chunks[tail] = high;
    chunks[tail + 1] = low;
    chunks[tail + 2] = slot;
    chunks[tail + 3] = number;
    this.#tail[place] = tail + ENTRY;
  }

  /** Into the window, behind those of the same moment. */
  #insert(place: number, slot: number, number: number): void {
    if (this.#windowSize++ === 0) this.#windowEnd = 0;
    const entry = this.#windowEnd;
    this.#windowEnd += 4;
    if (entry === this.#window.length) this.#growWindow();
    const window = this.#window;
    window[entry] = slot;
    window[entry + 1] = number;
    window[entry + 2] = NONE;
    if (this.#first[place] === NONE) {
      this.#first[place] = entry;
      this.#filled[place >>> 5] |= 1 << (place & 31);
      this.#words[0] |= 1 << (place >>> 5);
    } else window[this.#tail[place] + 2] = entry;
    this.#tail[place] = entry;
  }

  #shiftWindow(place: number, entry: number): void {
    this.#windowSize--;
    this.#entries--;
    const next = this.#window[entry + 2];
    if (next === NONE) this.#clear(place);
    else this.#first[place] = next;
  }

  #growWindow(): void {
    const window = new Int32Array(this.#window.length * 2);
    window.set(this.#window);
    this.#window = window;
  }

  /**
   * Moves the window to the beginning of a slot, and the slot's entries to lower wheels. A single one, which is next whatever its wheel,
   * is given at once.
   */
  #open(place: number): Timer | null {
    let chunk = this.#first[place];
    const tail = this.#tail[place];
    this.#clear(place);
    let p = chunk * CHUNK + ENTRY;
    if (tail === p + ENTRY) {
      const chunks = this.#chunks;
      this.#windowHigh = chunks[p];
      this.#windowLow = chunks[p + 1] & -SLOTS;
      const timer = this.#timers[chunks[p + 2]];
      const live = timer !== null && timer.sequence === chunks[p + 3];
      this.#entries--;
      this.#freeOf(chunk);
      return live ? timer : null;
    }
    const wheel = place >>> 10;
    const digit = place & (SLOTS - 1);
    if (wheel < 3) this.#windowLow = replaceDigit(this.#windowLow, wheel, digit);
    else {
      this.#windowHigh = replaceDigit(this.#windowHigh, wheel - 3, digit);
      this.#windowLow = 0;
    }
    for (; p !== tail; p += ENTRY) {
      if ((p & (CHUNK - 1)) === 0) {
        const next = this.#chunks[p - CHUNK];
        this.#freeOf(chunk);
        chunk = next;
        p = chunk * CHUNK + ENTRY;
      }
      const chunks = this.#chunks;
      if (wheel > 1) this.#place(chunks[p], chunks[p + 1], chunks[p + 2], chunks[p + 3]);
      else if (this.#live(chunks[p + 2], chunks[p + 3])) { // touches the timers while nothing waits for them
        this.#insert(chunks[p + 1] & (SLOTS - 1), chunks[p + 2], chunks[p + 3]);
      } else this.#entries--;
    }
    this.#freeOf(chunk);
    return null;
  }

  /** Forgets a place whose entries are all stale. */
  #discard(place: number): void {
    const tail = this.#tail[place];
    let chunk = this.#first[place];
    this.#clear(place);
    for (let p = chunk * CHUNK + ENTRY; p !== tail; p += ENTRY) {
      if ((p & (CHUNK - 1)) === 0) {
        const next = this.#chunks[p - CHUNK];
        this.#freeOf(chunk);
        chunk = next;
        p = chunk * CHUNK + ENTRY;
      }
      this.#entries--;
    }
    this.#freeOf(chunk);
  }

  #clear(place: number): void {
    this.#first[place] = NONE;
    const bits = this.#filled[place >>> 5] & ~(1 << (place & 31));
    this.#filled[place >>> 5] = bits;
    if (bits === 0) this.#words[place >>> 10] &= ~(1 << ((place >>> 5) & 31));
  }

  #newChunk(): number {
    const chunk = this.#freeChunk;
    if (chunk !== NONE) {
      this.#freeChunk = this.#chunks[chunk * CHUNK];
      return chunk;
    }
    if (this.#usedChunks * CHUNK === this.#chunks.length) {
      const chunks = new Int32Array(this.#chunks.length * 2);
      chunks.set(this.#chunks);
      this.#chunks = chunks;
    }
    return this.#usedChunks++;
  }

  #freeOf(chunk: number): void {
    this.#chunks[chunk * CHUNK] = this.#freeChunk;
    this.#freeChunk = chunk;
  }

  /** Drops the stale entries when they are most: a step or two for each that became stale. */
  #sweepWhenStale(): void {
    if (this.#entries <= 2 * this.#size + STALE_TOLERATED) return;
    const live: number[] = [];
    const keep = (high: number, low: number, slot: number, number: number): void => {
      if (this.#live(slot, number)) live.push(high, low, slot, number);
    };
    for (let place = this.#firstPlace(); place !== NONE; place = this.#firstPlace()) {
      if (place < SLOTS) {
        const entry = this.#first[place];
        keep(this.#windowHigh, this.#windowLow + place, this.#window[entry], this.#window[entry + 1]);
        this.#shiftWindow(place, entry);
        continue;
      }
      const chunks = this.#chunks;
      for (let p = this.#first[place] * CHUNK + ENTRY, tail = this.#tail[place]; p !== tail; p += ENTRY) {
        if ((p & (CHUNK - 1)) === 0) p = chunks[p - CHUNK] * CHUNK + ENTRY;
        keep(chunks[p], chunks[p + 1], chunks[p + 2], chunks[p + 3]);
      }
      this.#clear(place);
    }
    this.#freeChunk = NONE;
    this.#usedChunks = 0;
    this.#entries = live.length / 4;
    for (let i = 0; i < live.length; i += 4) this.#place(live[i], live[i + 1], live[i + 2], live[i + 3]);
  }
}

/** The number with a digit replaced and those below it zero. */
function replaceDigit(number: number, digit: number, value: number): number {
  const shift = digit * 10;
  return (digit === 2 ? 0 : number >>> (shift + 10) << (shift + 10)) | (value << shift);
}
