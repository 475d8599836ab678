/** Linux's error numbers: their values, names and words. Kernel calls return them negated, as Linux's do. */

const TABLE = {
  EPERM: [1, "Operation not permitted"],
  ENOENT: [2, "No such file or directory"],
  ESRCH: [3, "No such process"],
  EINTR: [4, "Interrupted system call"],
  EIO: [5, "Input/output error"],
  ENXIO: [6, "No such device or address"],
  EBADF: [9, "Bad file descriptor"],
  EAGAIN: [11, "Resource temporarily unavailable"],
  ENOMEM: [12, "Cannot allocate memory"],
  EACCES: [13, "Permission denied"],
  EBUSY: [16, "Device or resource busy"],
  EEXIST: [17, "File exists"],
  EXDEV: [18, "Invalid cross-device link"],
  ENODEV: [19, "No such device"],
  ENOTDIR: [20, "Not a directory"],
  EISDIR: [21, "Is a directory"],
  EINVAL: [22, "Invalid argument"],
  EFBIG: [27, "File too large"],
  ENOSPC: [28, "No space left on device"],
  EMLINK: [31, "Too many links"],
  EPIPE: [32, "Broken pipe"],
  ERANGE: [34, "Numerical result out of range"],
  ELOOP: [40, "Too many levels of symbolic links"],
  ENONET: [64, "Machine is not on the network"],
  EXFULL: [54, "Exchange full"],
  EPROTO: [71, "Protocol error"],
  EOVERFLOW: [75, "Value too large for defined data type"],
  ENOTUNIQ: [76, "Name not unique on network"],
  ENOTSOCK: [88, "Socket operation on non-socket"],
  EDESTADDRREQ: [89, "Destination address required"],
  EMSGSIZE: [90, "Message too long"],
  EPROTOTYPE: [91, "Protocol wrong type for socket"],
  ENOPROTOOPT: [92, "Protocol not available"],
  EPROTONOSUPPORT: [93, "Protocol not supported"],
  EOPNOTSUPP: [95, "Operation not supported"],
  EPFNOSUPPORT: [96, "Protocol family not supported"],
  EAFNOSUPPORT: [97, "Address family not supported by protocol"],
  EADDRINUSE: [98, "Address already in use"],
  EADDRNOTAVAIL: [99, "Cannot assign requested address"],
  ENETDOWN: [100, "Network is down"],
  ENETUNREACH: [101, "Network is unreachable"],
  ENETRESET: [102, "Network dropped connection on reset"],
  ECONNABORTED: [103, "Software caused connection abort"],
  ECONNRESET: [104, "Connection reset by peer"],
  ENOBUFS: [105, "No buffer space available"],
  EISCONN: [106, "Transport endpoint is already connected"],
  ENOTCONN: [107, "Transport endpoint is not connected"],
  ETIMEDOUT: [110, "Connection timed out"],
  ECONNREFUSED: [111, "Connection refused"],
  EHOSTDOWN: [112, "Host is down"],
  EHOSTUNREACH: [113, "No route to host"],
  EALREADY: [114, "Operation already in progress"],
  EINPROGRESS: [115, "Operation now in progress"],
} as const;

export type ErrnoName = keyof typeof TABLE;

/** `Errno.ENOENT === 2` */
export const Errno: { readonly [name in ErrnoName]: number } = Object.fromEntries(
  Object.entries(TABLE).map(([name, [number]]) => [name, number]),
) as { [name in ErrnoName]: number };

const BY_NUMBER = new Map<number, [name: ErrnoName, words: string]>(
  Object.entries(TABLE).map(([name, [number, words]]) => [number, [name as ErrnoName, words]]),
);

/** `strerror`: the words for an error number, negated or not. */
export function strerror(errno: number): string {
  return BY_NUMBER.get(Math.abs(errno))?.[1] ?? `Unknown error ${Math.abs(errno)}`;
}

/** `ENOENT` for 2 or -2. */
export function errnoName(errno: number): string {
  return BY_NUMBER.get(Math.abs(errno))?.[0] ?? `E${Math.abs(errno)}`;
}

/**
 * A refusal by the control plane: what a netlink request or an ioctl answers. `extack` is the kernel's own sentence where it
 * has one (`Nexthop has invalid gateway.`); iproute2 prints that, else `RTNETLINK answers: ` and the errno's words.
 */
export class KernelError extends Error {
  override name = "KernelError";
  constructor(readonly errno: number, readonly extack?: string) {
    super(extack ?? strerror(errno));
  }
}
