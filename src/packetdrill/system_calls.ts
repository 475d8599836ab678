/**
 * The system calls of a script: a table of file descriptors, and for each call what it does and what it gave. A call that would
 * wait answers `-EAGAIN`, and can be tried again.
 *
 * @module
 */
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { PingSocket } from "../transport/ping.ts";
import { RawSocket } from "../transport/raw.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { Errno } from "../wire/errno.ts";
import { DatagramDescriptor } from "./datagram_descriptor.ts";
import type { Descriptor, Endpoint, OptionValue } from "./descriptor.ts";
import { Epoll } from "./epoll.ts";
import { checkFields, checkOption, checkPoll } from "./results.ts";
import { StreamDescriptor } from "./stream_descriptor.ts";
import { SYMBOLS as S } from "./symbols.ts";
import type { Expression, SystemCall } from "./syntax.ts";
import { CallError, fieldsOf, isAnything, itemsOf, numberOf, socketAddress } from "./values.ts";

/** A call under way. */
export interface Attempt {
  /** What it gave at first: its result, or -EAGAIN or -EINPROGRESS when it waits. */
  readonly result: number;
  /** Whether it waits for more. */
  readonly waits: boolean;
  /** Tries again: -EAGAIN while it still waits. */
  retry(): number;
  /** ns of virtual time at which waiting ends in any case; Infinity when it does not. */
  readonly deadline: number;
  /** Compares what the call put into its arguments with what the script has there; null or a message. */
  check(): string | null;
}

export interface Addresses {
  readonly version: 4 | 6;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** The calls that take a descriptor which must be open. */
const ON_DESCRIPTOR = new Set(
  ("bind connect listen shutdown read recv recvfrom readv recvmsg write send sendto writev sendmsg fcntl ioctl setsockopt " +
    "getsockopt").split(" "),
);

const NONE = (): null => null;
/** Octets that one read or write may be about. */
const LENGTH_LIMIT = 1 << 26;

export class SystemCalls {
  readonly #descriptors = new Map<number, Descriptor>();
  /** The latest socket that was made or used: code asks it for tcp_info, and UDP packets go to its port. */
  current: Descriptor | null = null;

  constructor(readonly namespace: NetworkNamespace, readonly addresses: Addresses) {}

  get now(): number {
    return this.namespace.world.scheduler.now;
  }

  /** Closes all that is open. */
  closeAll(): void {
    for (const descriptor of this.#descriptors.values()) descriptor.close();
    this.#descriptors.clear();
  }

  start(call: SystemCall): Attempt {
    const argument = call.arguments;
    switch (call.name) {
      case "socket":
        return this.#open(
          call,
          this.#socket(numberOr(argument[0], 0), numberOf(argument[1]), numberOr(argument[2], 0)),
        );
      case "epoll_create":
      case "epoll_create1":
        return this.#open(call, new Epoll());
      case "accept":
      case "accept4":
        return this.#accept(call);
      case "close":
        return done(this.#close(numberOf(argument[0])));
      case "poll":
        return this.#poll(call);
      case "epoll_wait":
        return this.#epollWait(call);
      case "epoll_ctl":
        return done(this.#epollControl(argument));
    }
    if (!ON_DESCRIPTOR.has(call.name)) throw new CallError(`Unknown system call: '${call.name}'`);
    const descriptor = this.#at(argument[0]);
    if (descriptor === null) return done(-Errno.EBADF);
    if (!(descriptor instanceof Epoll)) this.current = descriptor;
    return this.#onDescriptor(call, descriptor);
  }

  #onDescriptor(call: SystemCall, descriptor: Descriptor): Attempt {
    const argument = call.arguments;
    switch (call.name) {
      case "bind":
        return done(descriptor.bind(socketAddress(argument[1]) ?? this.addresses.local));
      case "connect":
        return this.#connect(descriptor, socketAddress(argument[1]) ?? this.addresses.remote);
      case "listen":
        return done(descriptor.listen(numberOf(argument[1])));
      case "shutdown":
        return done(descriptor.shutdown(numberOf(argument[1])));
      case "read":
        return this.#read(descriptor, numberOf(argument[2]), 0, NONE);
      case "recv":
      case "recvfrom":
        return this.#read(descriptor, numberOf(argument[2]), numberOf(argument[3]), NONE);
      case "readv":
        return this.#read(descriptor, vectorLength(argument[1]), 0, NONE);
      case "recvmsg":
        return this.#receiveMessage(descriptor, argument[1], numberOf(argument[2]));
      case "write":
        return this.#write(descriptor, numberOf(argument[2]), 0, null);
      case "send":
        return this.#write(descriptor, numberOf(argument[2]), numberOf(argument[3]), null);
      case "sendto":
        return this.#write(
          descriptor,
          numberOf(argument[2]),
          numberOf(argument[3]),
          this.#destination(descriptor, argument[4]),
        );
      case "writev":
        return this.#write(descriptor, vectorLength(argument[1]), 0, null);
      case "sendmsg": {
        const fields = fieldsOf(argument[1]);
        const to = fields.get("msg_name");
        return this.#write(
          descriptor,
          vectorLength(fields.get("msg_iov")),
          numberOf(argument[2]),
          to === undefined ? null : this.#destination(descriptor, to),
        );
      }
      case "fcntl":
        return done(this.#fileControl(descriptor, numberOf(argument[1]), argument[2]));
      case "ioctl":
        return this.#ioctl(descriptor, numberOf(argument[1]), argument[2]);
      case "setsockopt":
        return done(descriptor.setOption(numberOf(argument[1]), numberOf(argument[2]), optionValue(argument[3])));
      default:
        return this.#getOption(descriptor, numberOf(argument[1]), numberOf(argument[2]), argument[3]);
    }
  }

  #at(expression: Expression | undefined): Descriptor | null {
    return this.#descriptors.get(numberOf(expression)) ?? null;
  }

  /** Puts a descriptor under the number that the script expects, so that the script's numbers are right from then on. */
  #open(call: SystemCall, made: Descriptor | number): Attempt {
    if (typeof made === "number") return done(made);
    const expected = call.result.kind === "number" ? call.result.value : -1;
    let fd = expected;
    if (fd < 0 || this.#descriptors.has(fd)) { for (fd = 3; this.#descriptors.has(fd);) fd++; }
    this.#descriptors.set(fd, made);
    if (!(made instanceof Epoll)) this.current = made;
    return done(fd);
  }

  #socket(domain: number, type: number, protocol: number): Descriptor | number {
    const { namespace } = this;
    const family = (domain || (this.addresses.version === 4 ? S.AF_INET : S.AF_INET6)) === S.AF_INET ? 4 : 6;
    const kind = type & 15;
    let made: Descriptor;
    if (kind === S.SOCK_STREAM && (protocol === 0 || protocol === S.IPPROTO_TCP)) {
      made = new StreamDescriptor(namespace, family);
    } else if (kind === S.SOCK_DGRAM && (protocol === 0 || protocol === S.IPPROTO_UDP)) {
      made = new DatagramDescriptor(new UdpSocket(namespace.udp, family));
    } else if (kind === S.SOCK_DGRAM && (protocol === S.IPPROTO_ICMP || protocol === S.IPPROTO_ICMPV6)) {
      made = new DatagramDescriptor(new PingSocket(namespace.ping, family));
    } else if (kind === S.SOCK_RAW && protocol !== 0) {
      made = new DatagramDescriptor(new RawSocket(namespace.raw, family, protocol));
    } else return -Errno.EPROTONOSUPPORT;
    made.nonblocking = (type & S.SOCK_NONBLOCK) !== 0;
    return made;
  }

  #accept(call: SystemCall): Attempt {
    const listener = this.#at(call.arguments[0]);
    if (listener === null) return done(-Errno.EBADF);
    const flags = call.name === "accept4" ? numberOf(call.arguments[3]) : 0;
    const attempt = (): number => {
      const made = listener.accept();
      if (typeof made !== "number") made.nonblocking = (flags & S.SOCK_NONBLOCK) !== 0;
      return this.#open(call, made).result;
    };
    return waiting(attempt(), !listener.nonblocking, attempt);
  }

  #close(fd: number): number {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return -Errno.EBADF;
    this.#descriptors.delete(fd);
    for (const other of this.#descriptors.values()) if (other instanceof Epoll) other.forget(descriptor);
    descriptor.close();
    return 0;
  }

  #connect(descriptor: Descriptor, to: Endpoint): Attempt {
    return waiting(descriptor.connect(to), !descriptor.nonblocking, () => descriptor.connectResult());
  }

  #destination(descriptor: Descriptor, expression: Expression | undefined): Endpoint | null {
    const to = socketAddress(expression);
    if (to !== null || descriptor instanceof StreamDescriptor) return to;
    return (descriptor as DatagramDescriptor).socket.remoteAddress === null ? this.addresses.remote : null;
  }

  #read(descriptor: Descriptor, length: number, flags: number, check: () => string | null): Attempt {
    if (length < 0 || length > LENGTH_LIMIT) return done(-Errno.EINVAL);
    if ((flags & S.MSG_ERRQUEUE) !== 0) return done(descriptor.nextError() === null ? -Errno.EAGAIN : 0);
    const into = new Uint8Array(length);
    const attempt = () => descriptor.read(into, flags);
    return waiting(attempt(), !descriptor.nonblocking && (flags & S.MSG_DONTWAIT) === 0, attempt, check);
  }

  #receiveMessage(descriptor: Descriptor, message: Expression | undefined, flags: number): Attempt {
    const expected = fieldsOf(message);
    if ((flags & S.MSG_ERRQUEUE) !== 0) {
      const error = descriptor.nextError();
      return error === null ? done(-Errno.EAGAIN) : done(error.payload.length, () => checkFields(expected, error));
    }
    return this.#read(descriptor, vectorLength(expected.get("msg_iov")), flags, () => {
      const wanted = expected.get("msg_flags");
      if (wanted === undefined || isAnything(wanted)) return null;
      const got = descriptor.readFlags | (flags & S.MSG_ERRQUEUE);
      return numberOf(wanted) === got
        ? null
        : `Expected msg_flags 0x${numberOf(wanted).toString(16)} but got 0x${got.toString(16)}`;
    });
  }

  /** A blocking write waits until all is written, and gives what it wrote when it cannot. */
  #write(descriptor: Descriptor, length: number, flags: number, to: Endpoint | null): Attempt {
    if (length < 0 || length > LENGTH_LIMIT) return done(-Errno.EINVAL);
    const bytes = new Uint8Array(length);
    const blocking = !descriptor.nonblocking && (flags & S.MSG_DONTWAIT) === 0;
    const first = descriptor.write(bytes, flags, to);
    if (first < 0 || first === length) {
      return waiting(first, blocking, () => descriptor.write(bytes, flags, to));
    }
    let written = first;
    const retry = (): number => {
      const count = descriptor.write(bytes.subarray(written), flags, to);
      if (count < 0) return count === -Errno.EAGAIN ? count : written;
      written += count;
      return written === length ? written : -Errno.EAGAIN;
    };
    return { result: first, waits: blocking, retry, deadline: Infinity, check: NONE };
  }

  #fileControl(descriptor: Descriptor, command: number, value: Expression | undefined): number {
    if (command === S.F_GETFL) return S.O_RDWR | (descriptor.nonblocking ? S.O_NONBLOCK : 0);
    if (command === S.F_SETFL) descriptor.nonblocking = (numberOf(value) & S.O_NONBLOCK) !== 0;
    else if (command !== S.F_SETFD && command !== S.F_GETFD) return -Errno.EINVAL;
    return 0;
  }

  #ioctl(descriptor: Descriptor, request: number, value: Expression | undefined): Attempt {
    if (request === S.FIONBIO) {
      descriptor.nonblocking = numberOf(value) !== 0;
      return done(0);
    }
    const got = descriptor.ioctl(request);
    if (got < 0) return done(got);
    return done(0, () => {
      if (isAnything(value) || numberOf(value) === got) return null;
      return `Bad result for ioctl: expected: ${numberOf(value)} actual: ${got}`;
    });
  }

  #getOption(descriptor: Descriptor, level: number, name: number, expected: Expression | undefined): Attempt {
    const got = descriptor.getOption(level, name);
    if (typeof got === "number" && got < 0) return done(got);
    return done(0, () => checkOption(expected, got));
  }

  #poll(call: SystemCall): Attempt {
    const entries = itemsOf(call.arguments[0]).map((entry) => {
      const fields = fieldsOf(entry);
      return {
        fd: numberOf(fields.get("fd")),
        events: numberOf(fields.get("events")),
        expected: fields.get("revents"),
        got: 0,
      };
    });
    const attempt = (): number => {
      let ready = 0;
      for (const entry of entries) {
        const descriptor = this.#descriptors.get(entry.fd);
        const mask = entry.events | S.POLLERR | S.POLLHUP;
        entry.got = descriptor === undefined ? S.POLLNVAL : descriptor.ready() & mask;
        if (entry.got !== 0) ready++;
      }
      return ready;
    };
    return this.#untilReady(attempt, numberOf(call.arguments[2]), () => checkPoll(entries));
  }

  #epollWait(call: SystemCall): Attempt {
    const epoll = this.#at(call.arguments[0]);
    if (!(epoll instanceof Epoll)) return done(epoll === null ? -Errno.EBADF : -Errno.EINVAL);
    const list = call.arguments[1];
    const expected = list?.kind === "list" ? list.items : list === undefined ? [] : [list];
    let got: ReturnType<Epoll["wait"]> = [];
    const attempt = (): number => (got = epoll.wait(numberOf(call.arguments[2]))).length;
    return this.#untilReady(attempt, numberOf(call.arguments[3]), () => {
      for (const [index, { events, data }] of got.entries()) {
        const fields = fieldsOf(expected[index]);
        const wanted = fields.get("events");
        if (wanted !== undefined && !isAnything(wanted) && numberOf(wanted) !== events) {
          return `epoll_event->events does not match: expected: 0x${numberOf(wanted).toString(16)} actual: 0x${
            events.toString(16)
          }`;
        }
        const value = fields.get(data.name);
        if (value !== undefined && !isAnything(value) && numberOf(value) !== data.value) {
          return `epoll_event->${data.name} does not match: expected: ${numberOf(value)} actual: ${data.value}`;
        }
      }
      return null;
    });
  }

  #epollControl(argument: readonly Expression[]): number {
    const epoll = this.#at(argument[0]), descriptor = this.#at(argument[2]);
    if (epoll === null || descriptor === null) return -Errno.EBADF;
    if (!(epoll instanceof Epoll)) return -Errno.EINVAL;
    const fields = fieldsOf(argument[3]);
    const name = ["fd", "ptr", "u32", "u64"].find((it) => fields.has(it)) ?? "fd";
    const events = fields.has("events") ? numberOf(fields.get("events")) : 0;
    const value = fields.has(name) ? numberOf(fields.get(name)) : 0;
    return epoll.control(numberOf(argument[1]), numberOf(argument[2]), descriptor, events, { name, value });
  }

  /** `timeout` in ms, -1 for ever. */
  #untilReady(attempt: () => number, timeout: number, check: () => string | null): Attempt {
    const deadline = timeout < 0 ? Infinity : this.now + timeout * 1e6;
    const retry = () => attempt() || (this.now >= deadline ? 0 : -Errno.EAGAIN);
    const result = retry();
    return { result, waits: result === -Errno.EAGAIN, retry, deadline, check };
  }
}

function done(result: number, check: () => string | null = NONE): Attempt {
  return { result, waits: false, retry: () => result, deadline: Infinity, check };
}

function waiting(result: number, blocking: boolean, retry: () => number, check: () => string | null = NONE): Attempt {
  const waits = blocking && (result === -Errno.EAGAIN || result === -Errno.EINPROGRESS);
  return { result, waits, retry, deadline: Infinity, check };
}

/** A number, or for `...` another. */
function numberOr(expression: Expression | undefined, otherwise: number): number {
  return isAnything(expression) ? otherwise : numberOf(expression);
}

/** The octets of `[{..., 10}, {..., 20}]`. */
function vectorLength(expression: Expression | undefined): number {
  let length = 0;
  for (const item of itemsOf(expression)) {
    const fields = fieldsOf(item);
    length += numberOf(fields.get("iov_len") ?? fields.get("1"));
  }
  return length;
}

function optionValue(expression: Expression | undefined): OptionValue {
  if (expression?.kind === "string") return expression.value;
  const fields = fieldsOf(expression);
  if (fields.has("onoff")) return { onoff: numberOf(fields.get("onoff")), linger: numberOf(fields.get("linger")) };
  return numberOf(expression);
}
