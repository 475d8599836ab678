/** Quantities as iperf3 reads and writes them (units.c). */

const BYTES = ["Byte", "KByte", "MByte", "GByte", "TByte"];
const BITS = ["bit", "Kbit", "Mbit", "Gbit", "Tbit"];

/**
 * Octets in four places with a unit, which is to be followed by `s`: `1.05 Mbit`. `format` is `a` (bits) or `A` (octets) for a unit
 * that suits, or one of `kmgtKMGT` (`unit_snprintf`).
 */
export function unitText(octets: number, format: string): string {
  const upper = format === format.toUpperCase();
  const step = upper ? 1024 : 1000;
  let value = upper ? octets : octets * 8;
  let unit = "BKMGT".indexOf(format.toUpperCase());
  if (unit < 0) {
    unit = 0;
    for (let rest = value; rest >= step && unit < 4; rest /= step) unit++;
  }
  value /= step ** unit;
  const text = value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0).padStart(4);
  return `${text} ${(upper ? BYTES : BITS)[unit]}`;
}

/** `10M` and the like; what is no number is 0, as for `sscanf` (`unit_atof` with 1024, `unit_atof_rate` with 1000). */
export function parseQuantity(text: string, step: 1000 | 1024): number {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(.?)/i.exec(text);
  if (match === null) return 0;
  const power = "KMGT".indexOf(match[2].toUpperCase() || "?") + 1;
  return Number(match[1]) * step ** power;
}
