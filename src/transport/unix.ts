/**
 * Unix domain sockets: streams and datagrams between programs of one machine, synchronous as all sockets of the stack. What is
 * bound to a path lies in the machine's files; an abstract name (first octet zero) belongs to a namespace.
 *
 * @module
 */
import { Errno } from "../wire/errno.ts";

/** Octets that wait for a reader (`net.core.wmem_default`), and datagrams that wait (`net.unix.max_dgram_qlen`). */
const STREAM_LIMIT = 212992;
const DATAGRAM_LIMIT = 10;
/** Largest backlog of `listen` (`net.core.somaxconn`). */
const BACKLOG_LIMIT = 4096;

export type UnixType = "stream" | "datagram";

/** Where sockets are bound: the files of a machine, or the abstract names of a namespace. */
export interface UnixNames {
  /** 0, or a negative errno: EADDRINUSE, ENOENT, EACCES. */
  bind(path: string, socket: UnixSocket): number;
  /** The socket bound there, or a negative errno: ENOENT, ECONNREFUSED. */
  find(path: string): UnixSocket | number;
  /** The socket is closed; Deno removes the file of a listener, Linux leaves it. */
  unbind(path: string, socket: UnixSocket): void;
}

interface QueuedDatagram {
  data: Uint8Array;
  from: string | null;
}

export class UnixSocket {
  /** The path it is bound to; null when it is not. */
  path: string | null = null;
  state: "unconnected" | "listening" | "connected" | "closed" = "unconnected";
  peer: UnixSocket | null = null;
  /** The path that the peer was bound to when they were connected. */
  peerPath: string | null = null;
  onReadable: (() => void) | null = null;
  onWritable: (() => void) | null = null;
  onError: (() => void) | null = null;
  program = "";
  pid = 0;
  inode = 0;

  readonly #chunks: Uint8Array[] = [];
  #used = 0;
  #firstRead = 0;
  readonly #datagrams: QueuedDatagram[] = [];
  readonly #waiting: UnixSocket[] = [];
  #backlog = 0;
  /** No more is read; no more is written. */
  #readClosed = false;
  #writeClosed = false;
  /** The peer closed with data of ours unread. */
  #reset = false;

  constructor(readonly type: UnixType, readonly names: UnixNames) {}

  get closed(): boolean {
    return this.state === "closed";
  }

  /** Octets of a stream, or of the first datagram, that wait to be read. */
  get readable(): number {
    return this.type === "stream" ? this.#used : this.#datagrams[0]?.data.length ?? 0;
  }

  /** Connections that wait to be accepted. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get backlog(): number {
    return this.#backlog;
  }

  bind(path: string): number {
    if (this.path !== null) return -Errno.EINVAL;
    const errno = this.names.bind(path, this);
    if (errno === 0) this.path = path;
    return errno;
  }

  listen(backlog: number): number {
    if (this.type !== "stream") return -Errno.EOPNOTSUPP;
    if (this.path === null) return -Errno.EINVAL;
    this.#backlog = Math.min(Math.max(backlog, 0), BACKLOG_LIMIT);
    this.state = "listening";
    return 0;
  }

  /** Connects at once (`unix_stream_connect`); EAGAIN when the listener's backlog is full. */
  connect(path: string): number {
    const found = this.names.find(path);
    if (typeof found === "number") return found;
    if (found.type !== this.type) return -Errno.EPROTOTYPE;
    if (this.type === "datagram") {
      this.peer = found;
      this.peerPath = path;
      return 0;
    }
    if (this.state === "connected") return -Errno.EISCONN;
    if (found.state !== "listening") return -Errno.ECONNREFUSED;
    if (found.#waiting.length > found.#backlog) return -Errno.EAGAIN;
    const other = new UnixSocket("stream", this.names);
    other.path = found.path;
    this.#join(other);
    other.#join(this);
    this.peerPath = path;
    other.peerPath = this.path;
    found.#waiting.push(other);
    found.onReadable?.();
    return 0;
  }

  #join(peer: UnixSocket): void {
    this.peer = peer;
    this.state = "connected";
  }

  accept(): UnixSocket | null {
    const accepted = this.#waiting.shift();
    if (accepted === undefined) return null;
    // A client that found the backlog full may try again.
    accepted.peer?.onWritable?.();
    return accepted;
  }

  write(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
    if (this.type === "datagram") return this.send(bytes.subarray(from, to), null);
    const peer = this.peer;
    if (this.state !== "connected") return -Errno.ENOTCONN;
    if (this.#writeClosed || peer === null || peer.#readClosed) return -Errno.EPIPE;
    const count = Math.min(to - from, STREAM_LIMIT - peer.#used);
    if (count === 0) return to === from ? 0 : -Errno.EAGAIN;
    peer.#chunks.push(bytes.slice(from, from + count));
    peer.#used += count;
    peer.onReadable?.();
    return count;
  }

  read(into: Uint8Array, from = 0, to: number = into.length): number {
    if (this.#used === 0) {
      if (this.#reset) {
        this.#reset = false;
        return -Errno.ECONNRESET;
      }
      if (this.#readClosed || this.peer === null || this.peer.#writeClosed) {
        return this.state === "connected" ? 0 : -Errno.EINVAL;
      }
      return -Errno.EAGAIN;
    }
    let at = from;
    while (at < to && this.#used > 0) {
      const chunk = this.#chunks[0];
      const count = Math.min(to - at, chunk.length - this.#firstRead);
      into.set(chunk.subarray(this.#firstRead, this.#firstRead + count), at);
      at += count;
      this.#used -= count;
      this.#firstRead += count;
      if (this.#firstRead === chunk.length) {
        this.#chunks.shift();
        this.#firstRead = 0;
      }
    }
    this.peer?.onWritable?.();
    return at - from;
  }

  /** Sends a datagram to a path, or to the connected peer. */
  send(data: Uint8Array, path: string | null): number {
    if (data.length > STREAM_LIMIT) return -Errno.EMSGSIZE;
    const to = path === null ? this.peer ?? -Errno.ENOTCONN : this.names.find(path);
    if (typeof to === "number") return to;
    if (to.type !== "datagram") return -Errno.EPROTOTYPE;
    if (to.closed) return -Errno.ECONNREFUSED;
    if (to.#datagrams.length > DATAGRAM_LIMIT) return -Errno.EAGAIN;
    to.#datagrams.push({ data: data.slice(), from: this.path });
    to.onReadable?.();
    return data.length;
  }

  /** The next datagram and where it came from, or null. */
  receive(): { data: Uint8Array; from: string | null } | null {
    return this.#datagrams.shift() ?? null;
  }

  shutdown(how: "read" | "write" | "both"): number {
    if (this.state !== "connected") return -Errno.ENOTCONN;
    if (how !== "write") this.#readClosed = true;
    if (how !== "read") {
      this.#writeClosed = true;
      this.peer?.onReadable?.();
    }
    return 0;
  }

  close(): void {
    if (this.closed) return;
    const peer = this.peer;
    for (const waiting of this.#waiting) waiting.close();
    this.state = "closed";
    if (this.path !== null) this.names.unbind(this.path, this);
    this.peer = null;
    if (this.type !== "stream" || peer === null) return;
    peer.#reset = this.#used > 0;
    peer.peer = null;
    peer.onReadable?.();
    peer.onError?.();
  }
}
