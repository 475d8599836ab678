/** The picture of a key's fingerprint: the walk of a bishop (`sshkey_fingerprint_randomart`). */
import { cryptography, keyKind } from "./keys.ts";

const WIDTH = 17, HEIGHT = 9;
const SYMBOLS = " .o+=*BOX@%&#/^SE";

export function randomArt(blob: Uint8Array): string {
  const field = Array.from({ length: WIDTH }, () => new Array<number>(HEIGHT).fill(0));
  const last = SYMBOLS.length - 1;
  let x = WIDTH >> 1, y = HEIGHT >> 1;
  for (let octet of cryptography().createHash("sha256").update(blob).digest()) {
    for (let step = 0; step < 4; step++, octet >>= 2) {
      x = Math.min(WIDTH - 1, Math.max(0, x + (octet & 1 ? 1 : -1)));
      y = Math.min(HEIGHT - 1, Math.max(0, y + (octet & 2 ? 1 : -1)));
      if (field[x][y] < last - 2) field[x][y]++;
    }
  }
  field[WIDTH >> 1][HEIGHT >> 1] = last - 1;
  field[x][y] = last;
  const edge = (words: string) => {
    const before = (WIDTH - words.length) >> 1;
    return `+${"-".repeat(before)}${words}${"-".repeat(WIDTH - before - words.length)}+\n`;
  };
  let text = edge(`[${keyKind(blob)} 256]`);
  for (let row = 0; row < HEIGHT; row++) {
    text += `|${field.map((column) => SYMBOLS[column[row]]).join("")}|\n`;
  }
  return text + edge("[SHA256]");
}
