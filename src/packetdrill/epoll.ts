/** epoll: which of several descriptors are ready, level- or edge-triggered, once or again and again. */
import { Errno } from "../wire/errno.ts";
import { Descriptor } from "./descriptor.ts";
import { SYMBOLS as S } from "./symbols.ts";

interface Watched {
  readonly descriptor: Descriptor;
  events: number;
  /** What epoll_event's data holds, by the name under which the script gave it. */
  data: { name: string; value: number };
  /** What was ready when it was reported last, for EPOLLET. */
  reported: number;
}

export interface EpollEvent {
  readonly events: number;
  readonly data: { readonly name: string; readonly value: number };
}

const ALWAYS = 0x18; // EPOLLERR | EPOLLHUP
const STATES = 0xffff;

export class Epoll extends Descriptor {
  readonly #watched = new Map<number, Watched>();

  control(operation: number, fd: number, descriptor: Descriptor, events: number, data: Watched["data"]): number {
    const known = this.#watched.get(fd);
    if (operation === S.EPOLL_CTL_ADD) {
      if (known !== undefined) return -Errno.EEXIST;
      this.#watched.set(fd, { descriptor, events, data, reported: 0 });
      return 0;
    }
    if (known === undefined) return -Errno.ENOENT;
    if (operation === S.EPOLL_CTL_DEL) this.#watched.delete(fd);
    else if (operation === S.EPOLL_CTL_MOD) Object.assign(known, { events, data, reported: 0 });
    else return -Errno.EINVAL;
    return 0;
  }

  /** Forgets a descriptor that was closed. */
  forget(descriptor: Descriptor): void {
    for (const [fd, watched] of this.#watched) if (watched.descriptor === descriptor) this.#watched.delete(fd);
  }

  /** At most `limit` that are ready; those are taken as told. */
  wait(limit: number): EpollEvent[] {
    const events: EpollEvent[] = [];
    for (const watched of this.#watched.values()) {
      const ready = this.#ready(watched);
      const edge = watched.events >= S.EPOLLET;
      const fresh = edge ? ready & ~watched.reported : ready;
      if (fresh === 0) {
        watched.reported &= ready;
        continue;
      }
      if (events.length === limit) break;
      events.push({ events: ready, data: watched.data });
      watched.reported = ready;
      if ((Math.floor(watched.events / S.EPOLLONESHOT) & 1) !== 0) watched.events = 0;
    }
    return events;
  }

  #ready({ descriptor, events }: Watched): number {
    if (events === 0) return 0;
    return descriptor.ready() & ((events & STATES) | ALWAYS);
  }

  override ready(): number {
    for (const watched of this.#watched.values()) if (this.#ready(watched) !== 0) return S.POLLIN;
    return 0;
  }

  override close(): void {
    this.#watched.clear();
  }
}
