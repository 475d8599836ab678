/** Whom to ping and from where: names, the trial connection that ping makes, and the opened socket. */
import type { Interface } from "../../device/interface.ts";
import type { IpAddress } from "../../ip/host.ts";
import { RTN_BROADCAST } from "../../ip/netlink.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { formatIpv4, IPPROTO_UDP, isMulticast4 } from "../../wire/ipv4.ts";
import { equal6, formatIpv6, isLinkLocal6, isMulticast6 } from "../../wire/ipv6.ts";
import { failure, type PingOptions } from "./options.ts";

export interface Target {
  readonly version: 4 | 6;
  /** As the first line and the last ones name it. */
  readonly name: string;
  address: IpAddress;
  /** `%eth0` of the address. */
  readonly scope: Interface | null;
}

/** A source, the device to bind to (`-I`), and whether the target is a group or broadcast address. */
export interface Origin {
  source: IpAddress;
  device: Interface | null;
  multicast: boolean;
}

const ANY6 = new Uint8Array(16);
/** ping connects a UDP socket to this port to learn its source address. */
const PROBE_PORT = 1025;

export function formatAddress(address: IpAddress, scope: Interface | null = null): string {
  if (typeof address === "number") return formatIpv4(address);
  if (scope === null) return formatIpv6(address);
  // getnameinfo: by name only where the scope is the link
  if (isScoped(address)) return `${formatIpv6(address)}%${scope.name}`;
  return formatIpv6(address) + (isMulticast6(address) ? `%${scope.index}` : "");
}

/** Whether an address means something only together with an interface. */
export function isScoped(address: Uint8Array): boolean {
  return isLinkLocal6(address) || (address[0] === 0xff && (address[1] & 15) === 2);
}

/** What a kernel's `connect` of a UDP socket says: the source, or a negative errno. */
function probe(
  namespace: NetworkNamespace,
  options: PingOptions,
  destination: IpAddress,
  device: Interface | null,
  broadcast: boolean,
): IpAddress | number {
  const family = typeof destination === "number" ? namespace.ipv4 : namespace.ipv6;
  const path = family.path({
    destination,
    device,
    mark: options.mark ?? 0,
    tos: options.tos,
    protocol: IPPROTO_UDP,
    destinationPort: PROBE_PORT,
  });
  const errno = path.refresh();
  if (errno !== 0) return errno;
  if (path.type === RTN_BROADCAST && !broadcast) return -Errno.EACCES;
  return path.source;
}

/**
 * Where to ping `target` from over IPv4; null when the next address of the name is to be tried. Remarks go to `remark`.
 *
 * @throws PingExit
 */
export function originOf4(
  namespace: NetworkNamespace,
  options: PingOptions,
  target: Target,
  isLast: boolean,
  remark: (line: string) => void,
): Origin | null {
  let device: Interface | null = null;
  if (options.device !== null) {
    device = namespace.interfaces.byName(options.device) ?? null;
    if (device === null) {
      const unknown = isMulticast4(target.address as number) ? `unknown iface: ${options.device}` : null;
      throw failure(2, unknown ?? `SO_BINDTODEVICE ${options.device}: ${strerror(Errno.ENODEV)}`);
    }
  }
  let source = options.source4 ?? 0;
  if (source === 0) {
    let found = probe(namespace, options, target.address, device, false);
    if (found === -Errno.EACCES) {
      if (!options.broadcast) {
        throw failure(2, "Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
      }
      remark("WARNING: pinging broadcast address");
      found = probe(namespace, options, target.address, device, true);
    }
    if (typeof found === "number" && found < 0) {
      if ((found === -Errno.ENETUNREACH || found === -Errno.EHOSTUNREACH) && !isLast) return null;
      throw failure(2, `connect: ${strerror(found)}`);
    }
    source = found as number;
    if (device !== null) {
      const own = namespace.ipv4.addresses(device).some((address) => address.local === source);
      if (own && source === target.address) device = null;
      if (!own) remark(`ping: Warning: source address might be selected on device other than: ${options.device}`);
    }
  }
  if (target.address === 0) target.address = source;
  return { source, device, multicast: options.broadcast || isMulticast4(target.address as number) };
}

/** As `originOf4`, over IPv6. */
export function originOf6(
  namespace: NetworkNamespace,
  options: PingOptions,
  target: Target,
  isLast: boolean,
  remark: (line: string) => void,
): Origin | null {
  const destination = target.address as Uint8Array;
  let device: Interface | null = null;
  if (options.device !== null) {
    device = namespace.interfaces.byName(options.device) ?? null;
    if (device === null) throw failure(2, `unknown iface: ${options.device}`);
  }
  let source: IpAddress = options.source6 ?? ANY6;
  if (equal6(source, ANY6)) {
    // A link-local target is not connected to: the trial gives no source then.
    if (!isScoped(destination)) {
      const found = probe(namespace, options, destination, device ?? target.scope, false);
      if (typeof found === "number") {
        if ((found === -Errno.ENETUNREACH || found === -Errno.EHOSTUNREACH) && !isLast) return null;
        throw failure(2, `connect: ${strerror(found)}`);
      }
      source = found;
    }
    if (device !== null) {
      const own = namespace.ipv6.addresses(device).some((it) => equal6(it.local as Uint8Array, source as Uint8Array));
      if (!own) remark(`ping: Warning: source address might be selected on device other than: ${options.device}`);
    }
  }
  return { source, device, multicast: isMulticast6(destination) };
}
