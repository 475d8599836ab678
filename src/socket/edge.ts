/** What the edge needs of a namespace: the stack, and the names that it knows. */
import type { Interface } from "../device/interface.ts";
import type { FileView } from "../namespace/file_system.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import type { IpAddress } from "../ip/host.ts";
import type { UnixNames } from "../transport/unix.ts";
import type { Waits } from "../time/waits.ts";
import { numericAddress, type ScopedAddress } from "./addresses.ts";

export interface EdgeHost {
  readonly kernel: NetworkNamespace;
  /** The machine's files as this namespace has them. */
  readonly files: FileView;
  /** Where Unix sockets are bound. */
  readonly unixNames: UnixNames;
  /** All addresses of a name, best first; rejects with Deno's error when there is none. */
  lookup(hostname: string): Promise<ScopedAddress[]>;
}

export function waitsOf(host: EdgeHost): Waits {
  return host.kernel.world.waits;
}

/** The addresses that `hostname` stands for; numeric ones without a promise of the resolver. */
export async function addressesOf(host: EdgeHost, hostname: string): Promise<ScopedAddress[]> {
  const numeric = numericAddress(host.kernel, hostname);
  return numeric !== null ? [numeric] : await host.lookup(hostname);
}

/** What `next` gives, one after the other, until `closed`; what it throws because of the closing ends it in silence. */
export async function* untilClosed<T>(next: () => Promise<T>, closed: () => boolean): AsyncIterableIterator<T> {
  while (!closed()) {
    let value: T;
    try {
      value = await next();
    } catch (error) {
      if (closed()) return;
      throw error;
    }
    yield value;
  }
}

export type { Interface, IpAddress, ScopedAddress };
