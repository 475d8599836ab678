/** What a file descriptor of a script is, as the system calls see it. Calls answer at once, with a negative errno when they would wait. */
import type { IpAddress } from "../ip/host.ts";
import type { SocketError } from "../transport/socket.ts";
import { Errno } from "../wire/errno.ts";
import type { Variables } from "./code_expression.ts";

export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** An option's value as a script writes it: a number, `{onoff, linger}`, or a name. */
export type OptionValue = number | string | { readonly onoff: number; readonly linger: number };

export abstract class Descriptor {
  /** Told when the kernel would wake who waits for it: something may be ready that was not. */
  readonly watchers: Set<() => void> = new Set();
  /** O_NONBLOCK. */
  nonblocking = false;
  /** The port that packets for it go to; 0 when it is not bound. */
  get localPort(): number {
    return 0;
  }
  /** UDP and what is like it. */
  get isDatagram(): boolean {
    return false;
  }
  bind(_to: Endpoint): number {
    return -Errno.ENOTSOCK;
  }
  connect(_to: Endpoint): number {
    return -Errno.ENOTSOCK;
  }
  /** How a connect that would have waited stands: -EAGAIN, or its result. */
  connectResult(): number {
    return 0;
  }
  listen(_backlog: number): number {
    return -Errno.EOPNOTSUPP;
  }
  accept(): Descriptor | number {
    return -Errno.EOPNOTSUPP;
  }
  read(_into: Uint8Array, _flags: number): number {
    return -Errno.EINVAL;
  }
  write(_bytes: Uint8Array, _flags: number, _to: Endpoint | null): number {
    return -Errno.EINVAL;
  }
  /** MSG_TRUNC and the like of the last read. */
  get readFlags(): number {
    return 0;
  }
  /** The next of the error queue (MSG_ERRQUEUE). */
  nextError(): SocketError | null {
    return null;
  }
  shutdown(_how: number): number {
    return -Errno.ENOTSOCK;
  }
  setOption(_level: number, _name: number, _value: OptionValue): number {
    return -Errno.ENOTSOCK;
  }
  /** A negative number is an errno. */
  getOption(_level: number, _name: number): OptionValue {
    return -Errno.ENOTSOCK;
  }
  /** The number that the request asks for, or a negative errno. */
  ioctl(_request: number): number {
    return -Errno.EINVAL;
  }
  /** POLL* bits. */
  ready(): number {
    return 0;
  }
  /** tcp_info, for code; null where there is none. */
  info(): Variables | null {
    return null;
  }
  abstract close(): void;

  protected readonly woken = (): void => {
    for (const watcher of this.watchers) watcher();
  };
}
