/** What ping counts, and what it says at the end: sequence windows, round trip times, losses. Times are microseconds. */

/** Newton's square root of a whole number, as ping takes it for mdev. */
function squareRoot(value: number): number {
  if (value <= 0) return Math.trunc(value);
  let previous = Infinity;
  let root = value;
  while (root < previous) {
    previous = root;
    root = Math.trunc((root + Math.trunc(value / root)) / 2);
  }
  return root;
}

/** `12.345` for 12345 µs. */
export function milliseconds(us: number): string {
  return `${Math.trunc(us / 1000)}.${String(Math.abs(us % 1000)).padStart(3, "0")}`;
}

/** Six significant digits at most, as `%g`. */
function general(value: number): string {
  return String(Number(Math.fround(value).toPrecision(6)));
}

export class PingStatistics {
  transmitted = 0;
  received = 0;
  repeats = 0;
  errors = 0;
  /** The newest sequence number answered, and the most packets ever on their way at once. */
  #acknowledged = 0;
  pipe = -1;
  /** The smoothed round trip time, times eight. */
  rtt = 0;
  least = Infinity;
  most = 0;
  #sum = 0;
  #squares = 0;
  readonly #seen = new Uint8Array(65536 / 8);

  /** Packets sent and not yet answered. */
  get inFlight(): number {
    const gap = (this.transmitted - this.#acknowledged) & 0xffff;
    return gap <= 0x7fff ? gap : this.transmitted - this.received - this.errors;
  }

  sent(): void {
    this.transmitted++;
    const now = this.transmitted & 0xffff;
    if (now - this.#acknowledged > 0x7fff) this.#acknowledged = now + 1;
  }

  /** An answer or an error for this sequence number came. */
  acknowledge(sequence: number): void {
    const gap = (this.transmitted - sequence) & 0xffff;
    if (gap > 0x7fff) return;
    if (gap + 1 > this.pipe) this.pipe = gap + 1;
    const ahead = ((sequence - this.#acknowledged) << 16) >> 16;
    if (ahead > 0 || (this.transmitted & 0xffff) - this.#acknowledged > 0x7fff) this.#acknowledged = sequence;
  }

  seen(sequence: number): boolean {
    return (this.#seen[(sequence & 0xffff) >> 3] & (1 << (sequence & 7))) !== 0;
  }

  forget(sequence: number): void {
    this.#seen[(sequence & 0xffff) >> 3] &= ~(1 << (sequence & 7));
  }

  /** Counts an answer; true when it is a duplicate. */
  answer(sequence: number): boolean {
    this.acknowledge(sequence);
    if (this.seen(sequence)) {
      this.repeats++;
      return true;
    }
    this.received++;
    this.#seen[(sequence & 0xffff) >> 3] |= 1 << (sequence & 7);
    return false;
  }

  roundTrip(us: number): void {
    this.#sum += us;
    this.#squares += us * us;
    if (us < this.least) this.least = us;
    if (us > this.most) this.most = us;
    if (this.rtt === 0) this.rtt = us * 8;
    else this.rtt += us - Math.trunc(this.rtt / 8);
  }

  get average(): number {
    return Math.trunc(this.#sum / (this.received + this.repeats));
  }

  #deviation(): number {
    const total = this.received + this.repeats;
    const variance = this.#sum < 2147483647
      ? Math.trunc((this.#squares - Math.trunc(this.#sum * this.#sum / total)) / total)
      : this.#squares / total - this.average * this.average;
    return squareRoot(variance);
  }

  /**
   * The closing lines, from the blank one on. `elapsed` (ns) lies between the start and the last packet sent; `gaps` asks for the
   * inter-packet gap, as flood and adaptive do.
   */
  summary(host: string, elapsed: number, timed: boolean, gaps: boolean): string {
    let text = `\n--- ${host} ping statistics ---\n${this.transmitted} packets transmitted, ${this.received} received`;
    if (this.repeats > 0) text += `, +${this.repeats} duplicates`;
    if (this.errors > 0) text += `, +${this.errors} errors`;
    if (this.transmitted > 0) {
      text += `, ${general((this.transmitted - this.received) * 100 / this.transmitted)}% packet loss`;
      text += `, time ${Math.floor((elapsed + 500000) / 1e6)}ms`;
    }
    text += "\n";
    let comma = "";
    if (this.received > 0 && timed) {
      const [least, average, most] = [this.least, this.average, this.most].map(milliseconds);
      text += `rtt min/avg/max/mdev = ${least}/${average}/${most}/${milliseconds(this.#deviation())} ms`;
      comma = ", ";
    }
    if (this.pipe > 1) {
      text += `${comma}pipe ${this.pipe}`;
      comma = ", ";
    }
    if (this.received > 0 && gaps && this.transmitted > 1) {
      const gap = Math.trunc(Math.trunc(elapsed / 1000) / (this.transmitted - 1));
      text += `${comma}ipg/ewma ${milliseconds(gap)}/${milliseconds(Math.trunc(this.rtt / 8))} ms`;
    }
    return text + "\n";
  }

  /** The line that SIGQUIT asks for. */
  snapshot(timed: boolean): string {
    const lost = this.transmitted === 0 ? 0 : Math.trunc((this.transmitted - this.received) * 100 / this.transmitted);
    let text = `\r${this.received}/${this.transmitted} packets, ${lost}% loss`;
    if (this.received > 0 && timed) {
      const [least, average, smoothed, most] = [this.least, this.average, Math.trunc(this.rtt / 8), this.most];
      text += `, min/avg/ewma/max = ${[least, average, smoothed, most].map(milliseconds).join("/")} ms`;
    }
    return text + "\n";
  }
}
