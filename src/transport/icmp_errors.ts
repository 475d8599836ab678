/** What an ICMP error means to a socket: its errno, and whether it ends a connection (`icmp_err_convert`, `icmpv6_err_convert`). */
import { Errno } from "../wire/errno.ts";
import {
  ICMP_DEST_UNREACH,
  ICMP_PARAMETER_PROBLEM,
  ICMPV6_DEST_UNREACH,
  ICMPV6_PARAMPROB,
  ICMPV6_PKT_TOOBIG,
} from "../wire/icmp.ts";

export interface IcmpError {
  readonly errno: number;
  /** Told to a connected socket even when it did not ask for errors (IP_RECVERR). */
  readonly fatal: boolean;
}

const meaning = (errno: number, fatal: boolean): IcmpError => ({ errno, fatal });

/** By the code of Destination Unreachable. */
const UNREACHABLE: readonly IcmpError[] = [
  meaning(Errno.ENETUNREACH, false), // network
  meaning(Errno.EHOSTUNREACH, false), // host
  meaning(Errno.ENOPROTOOPT, true), // protocol
  meaning(Errno.ECONNREFUSED, true), // port
  meaning(Errno.EMSGSIZE, false), // fragmentation needed
  meaning(Errno.EOPNOTSUPP, false), // source route failed
  meaning(Errno.ENETUNREACH, true), // network unknown
  meaning(Errno.EHOSTDOWN, true), // host unknown
  meaning(Errno.ENONET, true), // source host isolated
  meaning(Errno.ENETUNREACH, true), // network prohibited
  meaning(Errno.EHOSTUNREACH, true), // host prohibited
  meaning(Errno.ENETUNREACH, false), // network, for this type of service
  meaning(Errno.EHOSTUNREACH, false), // host, for this type of service
  meaning(Errno.EHOSTUNREACH, true), // filtered
  meaning(Errno.EHOSTUNREACH, true), // host precedence violation
  meaning(Errno.EHOSTUNREACH, true), // precedence cut off
];

const UNREACHABLE6: readonly IcmpError[] = [
  meaning(Errno.ENETUNREACH, false), // no route
  meaning(Errno.EACCES, true), // administratively prohibited
  meaning(Errno.EHOSTUNREACH, false), // beyond scope
  meaning(Errno.EHOSTUNREACH, false), // address
  meaning(Errno.ECONNREFUSED, true), // port
  meaning(Errno.EACCES, true), // source address failed policy
  meaning(Errno.EACCES, true), // reject route
];

const PROTOCOL_ERROR = meaning(Errno.EPROTO, true);
const TOO_BIG = meaning(Errno.EMSGSIZE, true);
const UNREACHED = meaning(Errno.EHOSTUNREACH, false);

export function icmpError(type: number, code: number): IcmpError {
  if (type === ICMP_DEST_UNREACH) return UNREACHABLE[code] ?? UNREACHED;
  return type === ICMP_PARAMETER_PROBLEM ? PROTOCOL_ERROR : UNREACHED;
}

export function icmpError6(type: number, code: number): IcmpError {
  if (type === ICMPV6_DEST_UNREACH) return UNREACHABLE6[code] ?? PROTOCOL_ERROR;
  if (type === ICMPV6_PKT_TOOBIG) return TOO_BIG;
  return type === ICMPV6_PARAMPROB ? PROTOCOL_ERROR : UNREACHED;
}
