/** curl's progress meter (`progress.c`). */

const TITLE = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
  "                                 Dload  Upload   Total   Spent    Left  Speed\n";

const K = 1024;

/** Five characters for any number of octets. */
function five(octets: number): string {
  const scaled = (unit: number, letter: string) => `${String(Math.floor(octets / unit)).padStart(4)}${letter}`;
  const tenths = (unit: number, letter: string) =>
    `${String(Math.floor(octets / unit)).padStart(2)}.${Math.floor((octets % unit) / (unit / 10))}${letter}`;
  if (octets < 100_000) return String(Math.floor(octets)).padStart(5);
  if (octets < 10_000 * K) return scaled(K, "k");
  if (octets < 100 * K ** 2) return tenths(K ** 2, "M");
  if (octets < 10_000 * K ** 2) return scaled(K ** 2, "M");
  if (octets < 100 * K ** 3) return tenths(K ** 3, "G");
  return scaled(K ** 3, "G");
}

function clock(seconds: number): string {
  if (seconds <= 0) return "--:--:--";
  const hours = Math.floor(seconds / 3600);
  const two = (n: number) => String(n).padStart(2, "0");
  if (hours <= 99) return `${String(hours).padStart(2)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const days = Math.floor(seconds / 86400);
  if (days <= 999) return `${String(days).padStart(3)}d ${two(hours % 24)}h`;
  return `${String(days).padStart(7)}d`;
}

const percent = (part: number, of: number) => of > 0 ? Math.floor(100 * part / of) : 0;

/** Columns of the bar that `-#` draws. */
const BAR = 72;

/** Counts what one transfer moves, and draws it. */
export class Progress {
  downloaded = 0;
  uploaded = 0;
  /** -1: not known. */
  downloadSize = -1;
  uploadSize = -1;
  /** The title has been drawn: a retry goes on below it. */
  titled = false;
  #shownSecond = -1;
  /** Octets moved at each second, for the current speed. */
  readonly #samples: { at: number; moved: number }[] = [];

  /** `write` null: it only counts. `now` gives nanoseconds. */
  constructor(
    readonly write: ((text: string) => void) | null,
    readonly now: () => number,
    readonly start: number,
    readonly bar = false,
  ) {}

  /** A new leg of the same transfer: after a redirect. */
  reset(): void {
    this.downloaded = this.uploaded = 0;
    this.downloadSize = this.uploadSize = -1;
  }

  /** Octets per second, on average. */
  speed(octets: number): number {
    const us = Math.floor((this.now() - this.start) / 1000);
    return us < 1 ? octets * 1_000_000 : Math.floor(octets * 1_000_000 / us);
  }

  /** Draws, if a second has passed since the last time. */
  update(): void {
    const second = Math.floor((this.now() - this.start) / 1e9);
    if (second === this.#shownSecond) return;
    this.#shownSecond = second;
    this.#draw();
  }

  /** Draws the last line of this leg. */
  done(): void {
    this.#draw();
    this.write?.("\n");
  }

  #draw(): void {
    if (this.write === null) return;
    if (this.bar) return this.#drawBar(this.write);
    if (!this.titled) {
      this.titled = true;
      this.write(TITLE);
    }
    const { downloaded, uploaded, downloadSize, uploadSize } = this;
    const spent = Math.floor((this.now() - this.start) / 1e9);
    const down = this.speed(downloaded), up = this.speed(uploaded);
    const estimate = Math.max(
      downloadSize > 0 && down > 0 ? Math.floor(downloadSize / down) : 0,
      uploadSize > 0 && up > 0 ? Math.floor(uploadSize / up) : 0,
    );
    const expected = (downloadSize >= 0 ? downloadSize : downloaded) + (uploadSize >= 0 ? uploadSize : uploaded);
    const left = estimate > 0 ? estimate - spent : 0;
    const downPercent = percent(downloaded, downloadSize), upPercent = percent(uploaded, uploadSize);
    const column = (n: number) => String(n).padStart(3);
    this.write(
      `\r${column(percent(downloaded + uploaded, downloadSize < 0 && uploadSize < 0 ? 0 : expected))} ${
        five(expected)
      }  ` +
        `${column(downPercent)} ${five(downloaded)}  ${column(upPercent)} ${five(uploaded)}  ${five(down)}  ${
          five(up)
        } ` +
        `${clock(estimate)} ${clock(spent)} ${clock(left)} ${five(this.#current(down + up))}`,
    );
  }

  #drawBar(write: (text: string) => void): void {
    const total = Math.max(0, this.downloadSize) + Math.max(0, this.uploadSize);
    const moved = this.downloaded + this.uploaded;
    if (total <= 0 || moved === 0) return;
    const part = Math.min(1, moved / total);
    write(`\r${"#".repeat(Math.floor(part * BAR)).padEnd(BAR)} ${(part * 100).toFixed(1).padStart(5)}%`);
  }

  /** Over the last five seconds. */
  #current(average: number): number {
    const moved = this.downloaded + this.uploaded, at = this.now();
    this.#samples.push({ at, moved });
    if (this.#samples.length > 6) this.#samples.shift();
    if (this.#samples.length === 1) return average;
    const first = this.#samples[0];
    const ms = Math.floor((at - first.at) / 1e6) || 1;
    return Math.max(0, Math.floor((moved - first.moved) * 1000 / ms));
  }
}
