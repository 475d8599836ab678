/** The link-layer groups that an interface listens to (`dev->mc`), with how many asked for each: most have three or four. */
import { formatMac } from "../wire/ethernet.ts";

/** A MAC address as a number of 48 bits. */
export function macNumber(bytes: Uint8Array, at = 0): number {
  return ((bytes[at] << 8) | bytes[at + 1]) * 0x1_0000_0000 +
    (((bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]) >>> 0);
}

function octets(mac: number): Uint8Array {
  const bytes = new Uint8Array(6);
  for (let i = 5; i >= 0; i--, mac = Math.floor(mac / 256)) bytes[i] = mac % 256;
  return bytes;
}

/** In the order in which they were first joined. */
export class LinkGroups {
  /** Each group, and twice its users, and one if it was joined by hand: one list of numbers, as short as can be. */
  #list: readonly number[] = [];

  #find(group: number): number {
    for (let i = 0; i < this.#list.length; i += 2) if (this.#list[i] === group) return i;
    return -1;
  }

  /** How many asked for it. */
  users(group: number): number {
    const at = this.#find(group);
    return at < 0 ? 0 : this.#list[at + 1] >> 1;
  }

  /** So many more, or fewer, ask for it; nobody listens to a group that nobody asked for. */
  change(group: number, by: number): void {
    const at = this.#find(group);
    if (at < 0) {
      if (by > 0) this.#list = this.#list.concat(group, 2 * by);
    } else if (this.#list[at + 1] + 2 * by > 1) this.#list = this.#list.with(at + 1, this.#list[at + 1] + 2 * by);
    else this.#list = this.#list.toSpliced(at, 2);
  }

  /** Somebody joins or leaves by hand, which counts as one user (`dev_mc_add_global`). False: was not joined so. */
  changeByHand(group: number, joins: boolean): boolean {
    const at = this.#find(group);
    const joined = at >= 0 && (this.#list[at + 1] & 1) !== 0;
    if (joined === joins) return joins;
    if (joins) {
      this.change(group, 1);
      const made = this.#find(group);
      this.#list = this.#list.with(made + 1, this.#list[made + 1] | 1);
    } else {
      this.#list = this.#list.with(at + 1, this.#list[at + 1] & ~1);
      this.change(group, -1);
    }
    return true;
  }

  /** As `01:00:5e:00:00:01`, their users, and whether they were joined by hand. */
  *[Symbol.iterator](): IterableIterator<[group: string, users: number, byHand: boolean]> {
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) {
      yield [formatMac(octets(list[i])), list[i + 1] >> 1, (list[i + 1] & 1) !== 0];
    }
  }
}
