/** The interfaces of a namespace, by index and by name. Most have two or three: a list is smaller than maps, and as fast. */
import type { Interface } from "./interface.ts";

/** With more interfaces than this, names are looked up in a map. */
const LISTED = 16;

const NONE: readonly never[] = [];

export class InterfaceTable implements Iterable<Interface> {
  /** In the order of their indexes. The list is replaced, not changed. */
  #devices: readonly Interface[] = NONE;
  #byName: Map<string, Interface> | null = null;
  #next = 1;

  get size(): number {
    return this.#devices.length;
  }

  byIndex(index: number): Interface | undefined {
    const device = this.#devices[this.#position(index)];
    return device !== undefined && device.index === index ? device : undefined;
  }

  byName(name: string): Interface | undefined {
    if (this.#byName !== null) return this.#byName.get(name);
    for (const device of this.#devices) if (device.name === name) return device;
    return undefined;
  }

  /** In the order of their indexes, as netlink and `/proc/net/dev` list them; those there now, whatever happens meanwhile. */
  [Symbol.iterator](): Iterator<Interface> {
    return this.#devices[Symbol.iterator]();
  }

  /** Gives the interface an index (its own when that is free, else the next after the one given last) and lists it. */
  add(device: Interface): void {
    if (device.index === 0 || this.byIndex(device.index) !== undefined) {
      while (this.byIndex(this.#next) !== undefined) this.#next++;
      device.index = this.#next++;
    }
    this.#devices = this.#devices.toSpliced(this.#position(device.index), 0, device);
    if (this.#byName !== null) this.#byName.set(device.name, device);
    else if (this.#devices.length > LISTED) this.#byName = new Map(this.#devices.map((each) => [each.name, each]));
    device.registered = true;
  }

  remove(device: Interface): void {
    const position = this.#position(device.index);
    if (this.#devices[position] !== device) return;
    this.#devices = this.#devices.toSpliced(position, 1);
    this.#byName?.delete(device.name);
  }

  rename(device: Interface, name: string): void {
    this.#byName?.delete(device.name);
    device.name = name;
    this.#byName?.set(name, device);
  }

  /** The first free name of a pattern: `veth%d` gives `veth0`, `veth1`, … */
  freeName(prefix: string, suffix = ""): string {
    for (let i = 0;; i++) if (this.byName(`${prefix}${i}${suffix}`) === undefined) return `${prefix}${i}${suffix}`;
  }

  /** Where the interface of this index is, or would be. */
  #position(index: number): number {
    const devices = this.#devices;
    let from = 0;
    let to = devices.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (devices[middle].index < index) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
