/** Deno's address objects, and the stack's addresses. */
import type { IpAddress, IpHost } from "../ip/host.ts";
import type { Interface } from "../device/interface.ts";
import { formatIpv4, parseIpv4 } from "../wire/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../wire/ipv6.ts";

/** As Deno's `NetAddr`. */
export interface NetAddr {
  /** The protocol. */
  transport: "tcp" | "udp";
  /** A numeric address, or where an address is asked for also a name. */
  hostname: string;
  /** 0 to 65535. */
  port: number;
}

/** As Deno's `UnixAddr`. */
export interface UnixAddr {
  /** A stream, or datagrams. */
  transport: "unix" | "unixpacket";
  /** A path in the machine's files; null, against its type, where the socket has none, as Deno has it. */
  path: string;
}

/** As Deno's `VsockAddr`: virtual machines' sockets, which this network does not have. */
export interface VsockAddr {
  /** Always `vsock`. */
  transport: "vsock";
  /** The context of a virtual machine. */
  cid: number;
  /** The context's port. */
  port: number;
}

/** As Deno's `Addr`. */
export type Addr = NetAddr | UnixAddr | VsockAddr;

/** `10.0.0.1` or `2001:db8::1`. */
export function formatAddress(address: IpAddress): string {
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
}

/** An address object without a prototype, as Deno's are. */
export function netAddr(transport: "tcp" | "udp", address: IpAddress, port: number): NetAddr {
  return Object.assign(Object.create(null), { hostname: formatAddress(address), port, transport });
}

/** A numeric address with an optional scope (`fe80::1%eth0`). */
export interface ScopedAddress {
  address: IpAddress;
  device: Interface | null;
}

/** The numeric address that `hostname` is, with or without brackets, or null when it is a name. */
export function numericAddress(host: IpHost, hostname: string): ScopedAddress | null {
  const text = hostname.startsWith("[") && hostname.endsWith("]") ? hostname.slice(1, -1) : hostname;
  const four = parseIpv4(text);
  if (four !== null) return { address: four, device: null };
  const [bare, scope] = text.split("%", 2);
  const six = parseIpv6(bare);
  if (six === null) return null;
  if (scope === undefined) return { address: six, device: null };
  const device = host.interfaces.byName(scope) ?? host.interfaces.byIndex(Number(scope));
  return { address: six, device: device ?? null };
}

/** Port numbers as Deno takes them: a number or a string of digits. */
export function checkedPort(port: unknown): number {
  const number = typeof port === "string" && /^\d+$/.test(port) ? Number(port) : port;
  if (typeof number === "number") {
    if (Number.isInteger(number) && number >= 0 && number <= 65535) return number;
    if (Number.isInteger(number)) throw new RangeError(`Invalid port (out of range): ${number}`);
  }
  if (typeof port === "string") throw new TypeError(`Invalid port: '${port}'`);
  throw new TypeError(`Invalid port (expected number): ${port}`);
}
