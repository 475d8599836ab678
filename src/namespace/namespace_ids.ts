/** The small numbers by which one namespace speaks of others in netlink messages (`net/core/net_namespace.c`). */
import type { InterfaceOwner } from "../device/interface.ts";
import { Errno, KernelError } from "../wire/errno.ts";

export class NamespaceIds {
  readonly #ids = new Map<InterfaceOwner, number>();

  /** The id of `other`, given now when it has none (`peernet2id_alloc`). */
  of(other: InterfaceOwner): number {
    const known = this.#ids.get(other);
    if (known !== undefined) return known;
    const taken = new Set(this.#ids.values());
    let id = 0;
    while (taken.has(id)) id++;
    this.#ids.set(other, id);
    return id;
  }

  /** The id of `other` where it has one. */
  known(other: InterfaceOwner): number | undefined {
    return this.#ids.get(other);
  }

  /** All that have one, by id. */
  all(): [InterfaceOwner, number][] {
    return [...this.#ids].sort(([, a], [, b]) => a - b);
  }

  /** Gives `other` this id; -1 the next free one (RTM_NEWNSID). Throws EEXIST and ENOSPC. */
  set(other: InterfaceOwner, id: number): void {
    if (this.#ids.has(other)) throw new KernelError(Errno.EEXIST, "Peer netns already has a nsid assigned");
    if (id < 0) this.of(other);
    else {
      for (const taken of this.#ids.values()) {
        if (taken === id) throw new KernelError(Errno.EEXIST, "The specified nsid is already used");
      }
      this.#ids.set(other, id);
    }
  }

  /** `other` is gone. */
  forget(other: InterfaceOwner): void {
    this.#ids.delete(other);
  }
}
