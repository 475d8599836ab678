/** epoll: which of several descriptors are ready, level- or edge-triggered, once or again and again. */
import { Errno } from "../wire/errno.ts";
import { Descriptor } from "./descriptor.ts";
import { SYMBOLS as S } from "./symbols.ts";

interface Watched {
  readonly descriptor: Descriptor;
  events: number;
  /** What epoll_event's data holds, by the name under which the script gave it. */
  data: { name: string; value: number };
  /** It was woken since it was reported last: with EPOLLET only then it is looked at (`ep_poll_callback`). */
  fresh: boolean;
  readonly wake: () => void;
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
      const watched: Watched = { descriptor, events, data, fresh: true, wake: () => watched.fresh = true };
      descriptor.watchers.add(watched.wake);
      this.#watched.set(fd, watched);
      return 0;
    }
    if (known === undefined) return -Errno.ENOENT;
    if (operation === S.EPOLL_CTL_DEL) this.#drop(fd, known);
    else if (operation === S.EPOLL_CTL_MOD) Object.assign(known, { events, data, fresh: true });
    else return -Errno.EINVAL;
    return 0;
  }

  #drop(fd: number, watched: Watched): void {
    watched.descriptor.watchers.delete(watched.wake);
    this.#watched.delete(fd);
  }

  /** Forgets a descriptor that was closed. */
  forget(descriptor: Descriptor): void {
    for (const [fd, watched] of this.#watched) if (watched.descriptor === descriptor) this.#drop(fd, watched);
  }

  /** At most `limit` that are ready; those are taken as told. */
  wait(limit: number): EpollEvent[] {
    const events: EpollEvent[] = [];
    for (const watched of this.#watched.values()) {
      const edge = watched.events >= S.EPOLLET;
      if (edge && !watched.fresh) continue;
      const ready = this.#ready(watched);
      if (ready !== 0 && events.length === limit) break;
      watched.fresh = false;
      if (ready === 0) continue;
      events.push({ events: ready, data: watched.data });
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
    for (const [fd, watched] of this.#watched) this.#drop(fd, watched);
  }
}
