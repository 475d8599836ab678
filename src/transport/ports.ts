/**
 * Local ports: the range from which ephemeral ones are taken (of the namespace, for all transports), and a table of who holds
 * which port (one for each transport). Whether two sockets may hold one port is the transport's own rule, made of the
 * predicates below.
 *
 * @module
 */
import type { IpAddress } from "../ip/host.ts";
import { numberSysctl, type SysctlEntry } from "../ip/host.ts";
import type { Random } from "../time/random.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import type { Socket } from "./socket.ts";

/** `net.ipv4.ip_local_port_range` and its kin of one namespace. */
export class LocalPorts {
  low = 32768;
  high = 60999;
  /** `ip_local_reserved_ports`: inclusive ranges that are never chosen, ascending. */
  reserved: [first: number, last: number][] = [];
  /** Shown and set like the kernel's, without an effect: programs here are root's, and there is one hash table of any size. */
  readonly #shown = {
    ip_unprivileged_port_start: 1024,
    udp_child_hash_entries: 0,
    udp_early_demux: 1,
    udp_l3mdev_accept: 0,
    udp_rmem_min: 4096,
    udp_wmem_min: 4096,
  };
  #pingGroups = "1\t0";

  constructor(readonly random: Random) {}

  isReserved(port: number): boolean {
    for (const [first, last] of this.reserved) if (port >= first && port <= last) return true;
    return false;
  }

  /** A port of the range that `free` takes, searched from a random one on; 0 when there is none. */
  choose(free: (port: number) => boolean): number {
    const size = this.high - this.low + 1;
    let port = this.low + this.random.below(size);
    for (let i = 0; i < size; i++) {
      if (!this.isReserved(port) && free(port)) return port;
      port = port === this.high ? this.low : port + 1;
    }
    return 0;
  }

  sysctls(): SysctlEntry[] {
    return [
      {
        path: "net/ipv4/ip_local_port_range",
        read: () => `${this.low}\t${this.high}`,
        write: (value) => this.#writeRange(value),
      },
      {
        path: "net/ipv4/ip_local_reserved_ports",
        read: () => this.reserved.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(","),
        write: (value) => this.#writeReserved(value),
      },
      {
        path: "net/ipv4/ping_group_range",
        read: () => this.#pingGroups,
        write: (value) => this.#writePingGroups(value),
      },
      { path: "net/ipv4/udp_hash_entries", read: () => "-16384" }, // negative: the table is the machine's, not the namespace's
      numberSysctl("net/ipv4/ip_unprivileged_port_start", this.#shown, "ip_unprivileged_port_start", 0, 65535),
      numberSysctl("net/ipv4/udp_child_hash_entries", this.#shown, "udp_child_hash_entries", 0, 16384),
      numberSysctl("net/ipv4/udp_early_demux", this.#shown, "udp_early_demux", 0, 255),
      numberSysctl("net/ipv4/udp_l3mdev_accept", this.#shown, "udp_l3mdev_accept", 0, 1),
      numberSysctl("net/ipv4/udp_rmem_min", this.#shown, "udp_rmem_min", 1),
      numberSysctl("net/ipv4/udp_wmem_min", this.#shown, "udp_wmem_min", 1),
    ];
  }

  #writeRange(value: string): void {
    const [low, high] = value.trim().split(/\s+/).map(Number);
    // ipv4_local_port_range: only one number, a reversed or an impossible range is EINVAL
    if (!(Number.isInteger(low) && Number.isInteger(high) && low >= 1 && high <= 65535 && low <= high)) {
      throw new KernelError(Errno.EINVAL);
    }
    this.low = low;
    this.high = high;
  }

  #writePingGroups(value: string): void {
    const words = value.trim().split(/\s+/);
    if (words.length !== 2 || !words.every((word) => /^\d+$/.test(word) && Number(word) < 2 ** 32 - 1)) {
      throw new KernelError(Errno.EINVAL);
    }
    // ipv4_ping_group_range: a reversed range is no group at all
    this.#pingGroups = Number(words[0]) > Number(words[1]) ? "1\t0" : words.join("\t");
  }

  #writeReserved(value: string): void {
    const ports = new Set<number>();
    for (const word of value.trim().split(",")) {
      if (word === "") continue;
      const match = /^(\d+)(?:-(\d+))?$/.exec(word.trim());
      const first = Number(match?.[1]), last = Number(match?.[2] ?? match?.[1]);
      if (match === null || last > 65535 || first > last) throw new KernelError(Errno.EINVAL);
      for (let port = first; port <= last; port++) ports.add(port);
    }
    this.reserved = [];
    for (const port of [...ports].sort((a, b) => a - b)) {
      const open = this.reserved.at(-1);
      if (open !== undefined && open[1] === port - 1) open[1] = port;
      else this.reserved.push([port, port]);
    }
  }
}

/** Who is bound to which port of one transport in one namespace, in the order in which they bound. */
export class PortTable<S extends Socket> {
  readonly #byPort = new Map<number, S[]>();

  /** `conflict` says whether `socket` may not have the port since `other` has it. */
  constructor(readonly local: LocalPorts, readonly conflict: (socket: S, other: S) => boolean) {}

  /** The sockets on a port. */
  at(port: number): readonly S[] | undefined {
    return this.#byPort.get(port);
  }

  /** Binds a socket, whose `localAddress` is set, to a port, 0 for an ephemeral one. 0, or -EADDRINUSE. */
  claim(socket: S, port: number): number {
    if (port === 0) {
      port = this.local.choose((candidate) => this.#free(socket, candidate));
      if (port === 0) return -Errno.EADDRINUSE;
    } else if (!this.#free(socket, port)) return -Errno.EADDRINUSE;
    this.insert(socket, port);
    return 0;
  }

  /** Puts a socket on a port without asking (an accepted connection shares its listener's). */
  insert(socket: S, port: number): void {
    socket.localPort = port;
    const holders = this.#byPort.get(port);
    if (holders === undefined) this.#byPort.set(port, [socket]);
    else holders.push(socket);
  }

  /** Takes a socket off its port; `localPort` stays. */
  release(socket: S): void {
    const holders = this.#byPort.get(socket.localPort);
    if (holders === undefined) return;
    const index = holders.indexOf(socket);
    if (index < 0) return;
    if (holders.length === 1) this.#byPort.delete(socket.localPort);
    else holders.splice(index, 1);
  }

  /** All sockets by ascending port; on one port the latest first, as the kernel's chains have them. */
  *sockets(): IterableIterator<S> {
    for (const port of [...this.#byPort.keys()].sort((a, b) => a - b)) yield* this.#byPort.get(port)!.toReversed();
  }

  #free(socket: S, port: number): boolean {
    const holders = this.#byPort.get(port);
    if (holders === undefined) return true;
    for (const other of holders) if (other !== socket && this.conflict(socket, other)) return false;
    return true;
  }
}

/** Whether both may receive from the same interface: neither is bound to one, or both to the same. */
export function devicesOverlap(a: Socket, b: Socket): boolean {
  return a.device === null || b.device === null || a.device === b.device;
}

/** Whether some packet's destination would fit both sockets (`inet_rcv_saddr_equal` with wildcards matching). */
export function addressesOverlap(a: Socket, b: Socket): boolean {
  const a4 = ipv4Of(a.localAddress), b4 = ipv4Of(b.localAddress);
  const aAny = isAny(a.localAddress), bAny = isAny(b.localAddress);
  if (a4 >= 0 && b4 >= 0) return a4 === b4 || aAny || bAny;
  // one of them has a proper IPv6 address, or ::, which stands for IPv4 as well unless the socket is IPv6 only
  if (a4 >= 0) return bAny && !b.v6Only;
  if (b4 >= 0) return aAny && !a.v6Only;
  return aAny || bAny || equalAddress(a.localAddress, b.localAddress);
}

/** The IPv4 address that an address is or maps (RFC 4291 section 2.5.5.2); -1 for a proper IPv6 address. */
export function ipv4Of(address: IpAddress): number {
  if (typeof address === "number") return address;
  if (address[10] !== 255 || address[11] !== 255) return -1;
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return -1;
  return ((address[12] << 24) | (address[13] << 16) | (address[14] << 8) | address[15]) >>> 0;
}

/** 0.0.0.0, :: or ::ffff:0.0.0.0. */
export function isAny(address: IpAddress): boolean {
  if (typeof address === "number") return address === 0;
  for (let i = 0; i < 16; i++) if (address[i] !== 0) return ipv4Of(address) === 0;
  return true;
}

export function equalAddress(a: IpAddress, b: IpAddress): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}
