/** The machine's files, and the view that a namespace has of them. Errors are `KernelError`s: ENOENT, EISDIR, ENOTDIR, EEXIST, EACCES. */

export interface FileStat {
  readonly kind: "file" | "directory" | "socket" | "device";
  /** Octets; 0 for what is made when read (`/proc`). */
  readonly size: number;
}

/** Paths are absolute (or relative to `cwd` through `resolve`), with `/`; `.` and `..` are resolved. */
export interface FileView {
  resolve(path: string, cwd: string): string;
  stat(path: string): FileStat;
  exists(path: string): boolean;
  read(path: string): Uint8Array;
  readText(path: string): string;
  write(path: string, data: string | Uint8Array, options?: { append?: boolean; exclusive?: boolean }): void;
  makeDirectory(path: string, options?: { parents?: boolean }): void;
  remove(path: string, options?: { recursive?: boolean }): void;
  /** Names in a directory, sorted. */
  list(path: string): string[];
}
