/**
 * The machine's files, and the view that a namespace has of them: a small tree in memory, over which `/proc`, `/sys` and `/dev`
 * are made when looked at. Errors are `KernelError`s: ENOENT, EISDIR, ENOTDIR, EEXIST, EACCES, ENOSPC.
 *
 * @module
 */
import { Errno, KernelError } from "../wire/errno.ts";

/** Octets that all files of one machine may hold. */
export const STORAGE_LIMIT = 1 << 30;

/** What a file is. */
export interface FileStat {
  /** What it is. */
  readonly kind: "file" | "directory" | "socket" | "device";
  /** Octets; 0 for what is made when read (`/proc`). */
  readonly size: number;
}

/** Paths are absolute (or relative to `cwd` through `resolve`), with `/`; `.` and `..` are resolved. */
export interface FileView {
  /** The absolute path of `path`, which may be relative to the directory `cwd`. */
  resolve(path: string, cwd: string): string;
  /** What is at the path. Throws ENOENT when nothing is. */
  stat(path: string): FileStat;
  /** Whether anything is at the path. */
  exists(path: string): boolean;
  /** A file's octets: not to be changed. Throws ENOENT, EISDIR. */
  read(path: string): Uint8Array;
  /** A file's text. Throws as `read`. */
  readText(path: string): string;
  /** Puts `data` in the place of a file's, or behind it; the file is made when there is none. Throws ENOENT, EISDIR, EEXIST. */
  write(path: string, data: string | Uint8Array, options?: { append?: boolean; exclusive?: boolean }): void;
  /** Makes a directory, with `parents` those above it too. Throws ENOENT, EEXIST. */
  makeDirectory(path: string, options?: { parents?: boolean }): void;
  /** The name of a bound Unix socket. */
  makeSocket(path: string): void;
  /** Removes a file, or with `recursive` a directory and all in it. Throws ENOENT, EISDIR. */
  remove(path: string, options?: { recursive?: boolean }): void;
  /** Names in a directory, sorted. */
  list(path: string): string[];
}

/** A file or directory that is made when looked at. What is left out is refused as the kernel refuses it. */
export interface SyntheticFile {
  readonly kind: FileStat["kind"];
  read?(): string | Uint8Array;
  write?(text: string): void;
  /** Names in a directory, in any order. */
  list?(): Iterable<string>;
  /** What `read` gives would never end (`/dev/zero`): octets of one piece of it. */
  piece?(): Uint8Array;
}

/** Finds what is made at a path: null where nothing is, undefined where the tree on disk is asked instead. */
export type Synthesis = (segments: readonly string[]) => SyntheticFile | null | undefined;

/** A regular file: octets with room to grow, so that appending costs its own length only. */
class StoredFile {
  buffer: Uint8Array = new Uint8Array(0);
  length = 0;

  constructor(readonly kind: "file" | "socket" = "file") {}

  append(data: Uint8Array): void {
    const length = this.length + data.length;
    if (length > this.buffer.length) {
      const buffer = new Uint8Array(Math.max(length, 2 * this.buffer.length));
      buffer.set(this.buffer.subarray(0, this.length));
      this.buffer = buffer;
    }
    this.buffer.set(data, this.length);
    this.length = length;
  }
}

class Directory {
  readonly entries: Map<string, StoredFile | Directory> = new Map();
}

function segmentsOf(path: string): string[] {
  const segments: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") segments.pop();
    else segments.push(part);
  }
  return segments;
}

/** A machine's tree. */
export class FileTree {
  readonly #root = new Directory();
  #stored = 0;

  find(segments: readonly string[]): StoredFile | Directory | null {
    let node: StoredFile | Directory = this.#root;
    for (const name of segments) {
      if (node instanceof StoredFile) throw new KernelError(Errno.ENOTDIR);
      const next: StoredFile | Directory | undefined = node.entries.get(name);
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }

  /** The directory that holds the last segment. */
  parent(segments: readonly string[]): Directory {
    const parent = this.find(segments.slice(0, -1));
    if (parent === null) throw new KernelError(Errno.ENOENT);
    if (parent instanceof StoredFile) throw new KernelError(Errno.ENOTDIR);
    return parent;
  }

  write(segments: readonly string[], data: Uint8Array, append: boolean, exclusive: boolean): void {
    if (segments.length === 0) throw new KernelError(Errno.EISDIR);
    const parent = this.parent(segments);
    const name = segments[segments.length - 1];
    let node = parent.entries.get(name);
    if (node instanceof Directory) throw new KernelError(Errno.EISDIR);
    if (node !== undefined && exclusive) throw new KernelError(Errno.EEXIST);
    if (node?.kind === "socket") throw new KernelError(Errno.ENXIO);
    const kept = append && node !== undefined ? node.length : 0;
    const grown = kept + data.length - (node?.length ?? 0);
    if (this.#stored + grown > STORAGE_LIMIT) throw new KernelError(Errno.ENOSPC);
    this.#stored += grown;
    if (node === undefined) parent.entries.set(name, node = new StoredFile());
    if (kept === 0) {
      // Whoever holds what was read before keeps it: octets that were handed out are never overwritten.
      node.buffer = data.slice();
      node.length = data.length;
    } else node.append(data);
  }

  makeSocket(segments: readonly string[]): void {
    const parent = this.parent(segments);
    const name = segments[segments.length - 1];
    if (parent.entries.has(name)) throw new KernelError(Errno.EADDRINUSE);
    parent.entries.set(name, new StoredFile("socket"));
  }

  makeDirectory(segments: readonly string[], parents: boolean): void {
    if (segments.length === 0 || this.find(parents ? [] : segments) !== null && !parents) {
      if (parents) return;
      throw new KernelError(Errno.EEXIST);
    }
    if (!parents) {
      this.parent(segments).entries.set(segments[segments.length - 1], new Directory());
      return;
    }
    let node = this.#root;
    for (const name of segments) {
      let next = node.entries.get(name);
      if (next instanceof StoredFile) throw new KernelError(Errno.EEXIST);
      if (next === undefined) node.entries.set(name, next = new Directory());
      node = next;
    }
  }

  remove(segments: readonly string[], recursive: boolean): void {
    if (segments.length === 0) throw new KernelError(Errno.EBUSY);
    const parent = this.parent(segments);
    const name = segments[segments.length - 1];
    const node = parent.entries.get(name);
    if (node === undefined) throw new KernelError(Errno.ENOENT);
    if (node instanceof Directory && !recursive) throw new KernelError(Errno.EISDIR);
    parent.entries.delete(name);
    this.#stored -= storedIn(node);
  }
}

function storedIn(node: StoredFile | Directory): number {
  if (node instanceof StoredFile) return node.length;
  let sum = 0;
  for (const entry of node.entries.values()) sum += storedIn(entry);
  return sum;
}

/** Names that stand for other places. */
const ALIASES: readonly [name: string, place: string][] = [["/var/run", "/run"], ["/proc/self/net", "/proc/net"]];

/**
 * The tree as the processes of one namespace see it. `overlay` is the directory whose files stand in the place of those of the
 * same name in `/etc` (`/etc/netns/NAME`), or "".
 */
export class NamespaceFiles implements FileView {
  readonly #overlay: string[];

  constructor(readonly tree: FileTree, readonly synthesis: Synthesis, overlay: string) {
    this.#overlay = segmentsOf(overlay);
  }

  resolve(path: string, cwd: string): string {
    return "/" + segmentsOf(path.startsWith("/") ? path : `${cwd}/${path}`).join("/");
  }

  /** The file that is made when looked at, at this path; undefined when the path is not of that kind. */
  synthetic(path: string): SyntheticFile | undefined {
    const found = this.synthesis(this.#segments(path));
    if (found === null) throw new KernelError(Errno.ENOENT);
    return found;
  }

  #segments(path: string): string[] {
    let segments = segmentsOf(path);
    for (const [name, place] of ALIASES) {
      const from = segmentsOf(name);
      if (from.every((segment, i) => segments[i] === segment)) {
        segments = [...segmentsOf(place), ...segments.slice(from.length)];
      }
    }
    if (this.#overlay.length > 0 && segments[0] === "etc" && segments.length > 1 && segments[1] !== "netns") {
      const laidOver = [...this.#overlay, segments[1]];
      if (this.tree.find(laidOver) !== null) return [...laidOver, ...segments.slice(2)];
    }
    return segments;
  }

  stat(path: string): FileStat {
    const made = this.synthetic(path);
    if (made !== undefined) return { kind: made.kind, size: 0 };
    const node = this.#stored(path);
    return node instanceof StoredFile ? { kind: node.kind, size: node.length } : { kind: "directory", size: 4096 };
  }

  #stored(path: string): StoredFile | Directory {
    const node = this.tree.find(this.#segments(path));
    if (node === null) throw new KernelError(Errno.ENOENT);
    if (node instanceof StoredFile && path.endsWith("/")) throw new KernelError(Errno.ENOTDIR);
    return node;
  }

  exists(path: string): boolean {
    try {
      this.stat(path);
      return true;
    } catch (error) {
      if (error instanceof KernelError) return false;
      throw error;
    }
  }

  read(path: string): Uint8Array {
    const made = this.synthetic(path);
    if (made !== undefined) {
      if (made.kind === "directory") throw new KernelError(Errno.EISDIR);
      if (made.read === undefined) throw new KernelError(made.kind === "socket" ? Errno.ENXIO : Errno.EACCES);
      const data = made.read();
      return typeof data === "string" ? new TextEncoder().encode(data) : data;
    }
    const node = this.#stored(path);
    if (node instanceof Directory) throw new KernelError(Errno.EISDIR);
    if (node.kind === "socket") throw new KernelError(Errno.ENXIO);
    return node.buffer.subarray(0, node.length);
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.read(path));
  }

  write(path: string, data: string | Uint8Array, options: { append?: boolean; exclusive?: boolean } = {}): void {
    const made = this.synthesis(this.#segments(path));
    if (made !== undefined) {
      if (made === null) throw new KernelError(path.startsWith("/proc/") ? Errno.ENOENT : Errno.EACCES);
      if (made.kind === "directory") throw new KernelError(Errno.EISDIR);
      if (made.write === undefined) throw new KernelError(Errno.EACCES);
      made.write(typeof data === "string" ? data : new TextDecoder().decode(data));
      return;
    }
    if (path.endsWith("/")) throw new KernelError(Errno.EISDIR);
    const octets = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.tree.write(this.#segments(path), octets, options.append ?? false, options.exclusive ?? false);
  }

  makeDirectory(path: string, options: { parents?: boolean } = {}): void {
    const made = this.synthesis(this.#segments(path));
    if (made === null) throw new KernelError(path.startsWith("/sys/") ? Errno.EACCES : Errno.ENOENT);
    if (made !== undefined && !options.parents) throw new KernelError(Errno.EEXIST);
    if (made === undefined) this.tree.makeDirectory(this.#segments(path), options.parents ?? false);
  }

  makeSocket(path: string): void {
    if (this.synthesis(this.#segments(path)) !== undefined) throw new KernelError(Errno.EACCES);
    this.tree.makeSocket(this.#segments(path));
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    if (this.synthetic(path) !== undefined) throw new KernelError(Errno.EACCES);
    this.tree.remove(this.#segments(path), options.recursive ?? false);
  }

  list(path: string): string[] {
    const segments = this.#segments(path);
    const made = this.synthesis(segments);
    if (made === null) throw new KernelError(Errno.ENOENT);
    const names = new Set<string>(made?.list?.() ?? []);
    if (made === undefined) {
      const node = this.#stored(path);
      if (node instanceof StoredFile) throw new KernelError(Errno.ENOTDIR);
      for (const name of node.entries.keys()) names.add(name);
      if (segments.length === 0) { for (const name of ["dev", "proc", "sys"]) names.add(name); }
    } else if (made.list === undefined) throw new KernelError(Errno.ENOTDIR);
    return [...names].sort();
  }
}
