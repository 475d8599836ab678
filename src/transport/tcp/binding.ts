/** Who holds which local port, and who may join (`inet_csk_get_port`). */
import type { IpAddress } from "../../ip/host.ts";
import { equal6, IN6ADDR_ANY } from "../../wire/ipv6.ts";
import { BINDING, Endpoint, sameAddress } from "./endpoint.ts";
import { CLOSE, LISTEN } from "./states.ts";

/** A socket that is bound without being connected. */
export class Binding extends Endpoint {
  override readonly kind = BINDING;
  constructor() {
    super();
    this.state = CLOSE;
  }
}

export function isAny(address: IpAddress): boolean {
  return typeof address === "number" ? address === 0 : equal6(address, IN6ADDR_ANY);
}

/** Whether two bindings want packets to the same address (`inet_rcv_saddr_equal`): the any address of IPv6 may take IPv4 too. */
function overlap(a: Endpoint, b: Endpoint): boolean {
  const anyA = isAny(a.local), anyB = isAny(b.local);
  if (a.version === b.version) return anyA || anyB || sameAddress(a.local, b.local);
  const six = a.version === 6 ? a : b;
  return isAny(six.local) && !six.v6Only;
}

export class BindTable {
  readonly #ports: Map<number, Endpoint> = new Map();

  /** Whether nobody holds the port. */
  isFree(port: number): boolean {
    return !this.#ports.has(port);
  }

  /** Whether a socket is bound to the port by `bind`: connections may share an ephemeral port, with such a one they do not. */
  heldByBinding(port: number): boolean {
    for (let holder = this.#ports.get(port) ?? null; holder !== null; holder = holder.bindNext) {
      if (holder.kind === BINDING) return true;
    }
    return false;
  }

  /** Whether `endpoint`, whose `localPort` is set, may not have it (`inet_csk_bind_conflict`). */
  conflicts(endpoint: Endpoint, port: number): boolean {
    for (let other = this.#ports.get(port) ?? null; other !== null; other = other.bindNext) {
      if (other === endpoint) continue;
      if (other.boundIndex !== 0 && endpoint.boundIndex !== 0 && other.boundIndex !== endpoint.boundIndex) continue;
      if (endpoint.reuseAddress && other.reuseAddress && other.state !== LISTEN) continue;
      if (endpoint.reusePort && other.reusePort) continue;
      if (overlap(endpoint, other)) return true;
    }
    return false;
  }

  insert(endpoint: Endpoint): void {
    const first = this.#ports.get(endpoint.localPort) ?? null;
    endpoint.bindNext = first;
    endpoint.bindPrevious = null;
    if (first !== null) first.bindPrevious = endpoint;
    this.#ports.set(endpoint.localPort, endpoint);
    endpoint.bound = true;
  }

  remove(endpoint: Endpoint): void {
    if (!endpoint.bound) return;
    endpoint.bound = false;
    const next = endpoint.bindNext;
    if (next !== null) next.bindPrevious = endpoint.bindPrevious;
    if (endpoint.bindPrevious !== null) endpoint.bindPrevious.bindNext = next;
    else if (next !== null) this.#ports.set(endpoint.localPort, next);
    else this.#ports.delete(endpoint.localPort);
    endpoint.bindNext = endpoint.bindPrevious = null;
  }
}
