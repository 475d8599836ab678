/** JSON as cJSON prints it: tabs, a tab behind the colon, arrays on one line; names may come twice, as iperf3 has them. */

/** An object, in the order of its members. */
export class Members {
  readonly list: [name: string, value: Json][] = [];

  add(name: string, value: Json): this {
    this.list.push([name, value]);
    return this;
  }
}

export type Json = string | number | boolean | Members | Json[];

/** `%1.15g`, or `%1.17g` where that would lose something (`print_number`). */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return String(value);
  for (const digits of [15, 17]) {
    const text = value.toPrecision(digits);
    if (digits === 17 || Number(text) === value) return general(text);
  }
  return "";
}

/** What `%g` makes of digits: no zeros at the end, an exponent of two digits. */
function general(text: string): string {
  const [mantissa, exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  if (exponent === undefined) {
    const value = Math.abs(Number(text));
    if (value !== 0 && value < 1e-4) {
      const scaled = Number(text).toExponential(text.replace(/^-?0\.0*/, "").length - 1);
      return general(scaled);
    }
    return short;
  }
  const sign = exponent[0] === "-" ? "-" : "+";
  return `${short}e${sign}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
}

export function jsonText(value: Json, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => jsonText(one, depth + 1)).join(", ")}]`;
  const tabs = "\t".repeat(depth);
  const members = value.list.map(([name, one]) => `${tabs}\t${JSON.stringify(name)}:\t${jsonText(one, depth + 1)}`);
  return `{\n${members.join(",\n")}${members.length > 0 ? "\n" : ""}${tabs}}`;
}
