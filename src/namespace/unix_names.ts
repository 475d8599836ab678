/** Where Unix sockets are bound: paths in a machine's files, abstract names in a namespace (`unix(7)`). */
import type { UnixNames, UnixSocket } from "../transport/unix.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import type { FileView } from "./file_system.ts";

/** Longest path or name, in octets (`sun_path`). */
export const UNIX_PATH_LIMIT = 107;

/** The names of one namespace on one machine. */
export class UnixNameTable implements UnixNames {
  /** `paths` is shared by all namespaces of a machine, `abstract` is the namespace's own. */
  constructor(
    readonly paths: Map<string, UnixSocket>,
    readonly abstract: Map<string, UnixSocket>,
    readonly files: FileView,
  ) {}

  bind(path: string, socket: UnixSocket): number {
    if (path.length > UNIX_PATH_LIMIT || path === "") return -Errno.EINVAL;
    if (path[0] === "\0") {
      if (this.abstract.has(path)) return -Errno.EADDRINUSE;
      this.abstract.set(path, socket);
      return 0;
    }
    const place = this.files.resolve(path, "/");
    try {
      if (this.files.exists(place)) return -Errno.EADDRINUSE;
      this.files.makeSocket(place);
    } catch (error) {
      if (error instanceof KernelError) return -error.errno;
      throw error;
    }
    this.paths.set(place, socket);
    return 0;
  }

  find(path: string): UnixSocket | number {
    if (path[0] === "\0") return this.abstract.get(path) ?? -Errno.ECONNREFUSED;
    const place = this.files.resolve(path, "/");
    if (!this.files.exists(place)) return -Errno.ENOENT;
    return this.paths.get(place) ?? -Errno.ECONNREFUSED;
  }

  unbind(path: string, socket: UnixSocket): void {
    if (path[0] === "\0") {
      if (this.abstract.get(path) === socket) this.abstract.delete(path);
      return;
    }
    const place = this.files.resolve(path, "/");
    if (this.paths.get(place) === socket) this.paths.delete(place);
  }

  /** Those that are bound, for `ss -x` and `/proc/net/unix`. */
  *sockets(): IterableIterator<UnixSocket> {
    yield* this.paths.values();
    yield* this.abstract.values();
  }
}
