/**
 * Deno's errors: `Deno.errors.*` where Deno runs, so that `instanceof` works as in code written for it, and classes of the
 * same names elsewhere.
 *
 * @module
 */
import { Errno, errnoName, strerror } from "../wire/errno.ts";

type ErrorClass = new (message: string) => Error;

const NAMES = [
  "NotFound",
  "PermissionDenied",
  "ConnectionRefused",
  "ConnectionReset",
  "ConnectionAborted",
  "NotConnected",
  "AddrInUse",
  "AddrNotAvailable",
  "BrokenPipe",
  "AlreadyExists",
  "InvalidData",
  "TimedOut",
  "Interrupted",
  "WriteZero",
  "WouldBlock",
  "UnexpectedEof",
  "BadResource",
  "Http",
  "Busy",
  "NotSupported",
  "FilesystemLoop",
  "IsADirectory",
  "NetworkUnreachable",
  "NotADirectory",
  "NotCapable",
] as const;

/** The name of a class in `Deno.errors`. */
export type DenoErrorName = typeof NAMES[number];

const native = (globalThis as { Deno?: { errors?: Partial<Record<DenoErrorName, ErrorClass>> } })["Deno"]?.errors;

function ownClass(name: string): ErrorClass {
  return {
    [name]: class extends Error {
      override name = name;
    },
  }[name];
}

/** `Deno.errors`, or its like. */
export const errors: { readonly [name in DenoErrorName]: ErrorClass } = Object.fromEntries(
  NAMES.map((name) => [name, native?.[name] ?? ownClass(name)]),
) as { [name in DenoErrorName]: ErrorClass };

const CLASS_OF_ERRNO = new Map<number, ErrorClass>([
  [Errno.ENOENT, errors.NotFound],
  [Errno.EPERM, errors.PermissionDenied],
  [Errno.EACCES, errors.PermissionDenied],
  [Errno.ECONNREFUSED, errors.ConnectionRefused],
  [Errno.ECONNRESET, errors.ConnectionReset],
  [Errno.ECONNABORTED, errors.ConnectionAborted],
  [Errno.ENOTCONN, errors.NotConnected],
  [Errno.EADDRINUSE, errors.AddrInUse],
  [Errno.EADDRNOTAVAIL, errors.AddrNotAvailable],
  [Errno.ENETUNREACH, errors.NetworkUnreachable],
  [Errno.EPIPE, errors.BrokenPipe],
  [Errno.EEXIST, errors.AlreadyExists],
  [Errno.ETIMEDOUT, errors.TimedOut],
  [Errno.EINTR, errors.Interrupted],
  [Errno.EAGAIN, errors.WouldBlock],
  [Errno.EBUSY, errors.Busy],
  [Errno.EISDIR, errors.IsADirectory],
  [Errno.ENOTDIR, errors.NotADirectory],
  [Errno.ELOOP, errors.FilesystemLoop],
  [Errno.EINVAL, TypeError],
]);

/** The error that Deno throws for a system call's errno, negated or not: `Connection refused (os error 111)`. */
export function systemError(errno: number): Error {
  const number = Math.abs(errno);
  const error = new (CLASS_OF_ERRNO.get(number) ?? Error)(`${strerror(number)} (os error ${number})`);
  return Object.defineProperty(error, "code", { value: errnoName(number), enumerable: true });
}

/** What a pending operation meets when its resource is closed. */
export function interrupted(): Error {
  return Object.defineProperty(new errors.Interrupted("operation canceled"), "code", {
    value: "EINTR",
    enumerable: true,
  });
}

/** What using a closed resource gives. */
export function badResource(message = "Bad resource ID"): Error {
  return new errors.BadResource(message);
}
