/** Domain names: absolute, lower or upper case as written, compared without regard to case (RFC 1035 section 2.3.3). */

/** Octets of a name on the wire, and of one label. */
export const NAME_LIMIT = 255;
export const LABEL_LIMIT = 63;

/** The labels of a name in its text form (`a.b.` or `a.b`; `\.` and `\123` escaped); null when it is none. */
export function labelsOf(name: string): string[] | null {
  if (name === "." || name === "") return [];
  const labels: string[] = [];
  let label = "";
  for (let i = 0; i < name.length; i++) {
    const c = name[i];
    if (c === "\\") {
      const decimal = /^\d{3}/.exec(name.slice(i + 1));
      if (decimal !== null && Number(decimal[0]) < 256) {
        label += String.fromCharCode(Number(decimal[0]));
        i += 3;
      } else if (i + 1 < name.length) label += name[++i];
      else return null;
    } else if (c === ".") {
      if (label === "") return null;
      labels.push(label);
      label = "";
    } else label += c;
  }
  if (label !== "") labels.push(label);
  let octets = 1;
  for (const it of labels) {
    if (it.length > LABEL_LIMIT || [...it].some((c) => c.charCodeAt(0) > 255)) return null;
    octets += it.length + 1;
  }
  return octets <= NAME_LIMIT ? labels : null;
}

/** The text form, with its final dot. */
export function nameOf(labels: readonly string[]): string {
  if (labels.length === 0) return ".";
  return labels.map((label) =>
    label.replace(/[.\\"();@$]/g, "\\$&").replace(
      /[^\x21-\x7e]/g,
      (c) => "\\" + String(c.charCodeAt(0)).padStart(3, "0"),
    )
  ).join(".") + ".";
}

/** A name as a key: absolute and in lower case. */
export function keyOf(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith(".") ? lower : lower + ".";
}

/** The name under which the address is looked up backwards: `1.0.0.10.in-addr.arpa.` or `….ip6.arpa.`. */
export function reverseName(address: number | Uint8Array): string {
  if (typeof address === "number") {
    return `${address & 255}.${(address >>> 8) & 255}.${(address >>> 16) & 255}.${address >>> 24}.in-addr.arpa.`;
  }
  const nibbles: string[] = [];
  for (let i = 15; i >= 0; i--) nibbles.push((address[i] & 15).toString(16), (address[i] >>> 4).toString(16));
  return nibbles.join(".") + ".ip6.arpa.";
}
