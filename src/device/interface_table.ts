/** The interfaces of a namespace, by index and by name. */
import type { Interface } from "./interface.ts";

export class InterfaceTable implements Iterable<Interface> {
  readonly #byIndex = new Map<number, Interface>();
  readonly #byName = new Map<string, Interface>();
  #next = 1;

  get size(): number {
    return this.#byIndex.size;
  }

  byIndex(index: number): Interface | undefined {
    return this.#byIndex.get(index);
  }

  byName(name: string): Interface | undefined {
    return this.#byName.get(name);
  }

  /** In the order of their indexes, as netlink and `/proc/net/dev` list them. */
  [Symbol.iterator](): Iterator<Interface> {
    return [...this.#byIndex.values()].sort((a, b) => a.index - b.index)[Symbol.iterator]();
  }

  /** Gives the interface an index (its own when that is free, else the next after the one given last) and lists it. */
  add(device: Interface): void {
    if (device.index === 0 || this.#byIndex.has(device.index)) {
      while (this.#byIndex.has(this.#next)) this.#next++;
      device.index = this.#next++;
    }
    this.#byIndex.set(device.index, device);
    this.#byName.set(device.name, device);
    device.registered = true;
  }

  remove(device: Interface): void {
    this.#byIndex.delete(device.index);
    this.#byName.delete(device.name);
  }

  rename(device: Interface, name: string): void {
    this.#byName.delete(device.name);
    device.name = name;
    this.#byName.set(name, device);
  }

  /** The first free name of a pattern: `veth%d` gives `veth0`, `veth1`, … */
  freeName(prefix: string, suffix = ""): string {
    for (let i = 0;; i++) if (!this.#byName.has(`${prefix}${i}${suffix}`)) return `${prefix}${i}${suffix}`;
  }
}
