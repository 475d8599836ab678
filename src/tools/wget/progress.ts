/** The dots that wget draws when its output is no terminal (`progress.c`). */

const DOT = 1024, CLUSTER = 10, ROW = 50;

/** `963K`, `1.17M`: octets per second. */
function rateText(octets: number, seconds: number): string {
  let rate = octets / Math.max(seconds, 1e-6), unit = 0;
  while (rate >= 1024 && unit < 3) {
    rate /= 1024;
    unit++;
  }
  const digits = rate >= 99.95 ? 0 : rate >= 9.995 ? 1 : 2;
  return `${rate.toFixed(digits).padStart(4)}${["", "K", "M", "G"][unit]}`;
}

/** `(963 KB/s)` as in the last line. */
export function speedText(octets: number, seconds: number): string {
  let rate = octets / Math.max(seconds, 1e-6), unit = 0;
  while (rate >= 1024 && unit < 3) {
    rate /= 1024;
    unit++;
  }
  const digits = rate >= 99.95 ? 0 : rate >= 9.995 ? 1 : 2;
  return `${rate.toFixed(digits)} ${["B", "KB", "MB", "GB"][unit]}/s`;
}

function secondsText(seconds: number): string {
  const digits = seconds < 1e-9
    ? 0
    : seconds < 0.001
    ? 0
    : seconds < 0.01
    ? 3
    : seconds < 0.1
    ? 2
    : seconds < 10
    ? 1
    : 0;
  return `${seconds.toFixed(digits)}s`;
}

/** All rows of a body of `length` octets (-1: unknown) of which `count` came in `seconds`. */
export function dots(count: number, length: number, seconds: number): string {
  let text = "";
  const size = DOT * ROW;
  const rows = Math.max(1, Math.ceil(count / size));
  for (let row = 0; row < rows; row++) {
    text += `\n${String(row * ROW).padStart(6)}K`;
    const here = Math.floor(Math.min(count - row * size, size) / DOT);
    for (let i = 0; i < ROW; i++) {
      if (i % CLUSTER === 0) text += " ";
      text += i < here ? "." : " ";
    }
    const last = row === rows - 1;
    const got = Math.min(count, (row + 1) * size);
    text += length > 0 ? ` ${String(Math.floor(100 * got / length)).padStart(2)}%`.padStart(4) : "    ";
    text += ` ${rateText(got - row * size, seconds / rows)}`;
    text += last ? `=${secondsText(seconds)}` : ` ${secondsText(0)}`;
  }
  return `${text}\n`;
}
