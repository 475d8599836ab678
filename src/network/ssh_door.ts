/** Where the SSH server (`@netns/emulator/ssh`) is hung in: the core knows what it offers, not how it is made. */
import type { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import type { NetAddr } from "../socket/addresses.ts";
import type { EdgeHost } from "../socket/edge.ts";
import { NetworkUsageError } from "./errors.ts";

/** How an SSH server is to be. */
export interface SshdOptions {
  /** Default 22. */
  port?: number;
  /** Where to listen: default `0.0.0.0`. */
  hostname?: string;
  /** Passwords by user; who is not here is looked for in `/etc/shadow`, which `chpasswd` writes. */
  users?: { [name: string]: string };
  /** What a login shows, in the place of `/etc/motd`, or of the welcome of an Ubuntu when there is no such file. */
  banner?: string;
}

/** An SSH server that runs. */
export interface Sshd extends Disposable {
  /** Where it listens. */
  readonly addr: NetAddr;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  /** Settles when it is closed. */
  readonly finished: Promise<void>;
  /** Connections so far, and passwords and keys that were refused. */
  readonly counters: { connections: number; refused: number };
  /** Stops listening and closes all connections. */
  close(): void;
}

/** What a server runs on. */
export interface SshdPlace {
  readonly machine: Machine;
  readonly namespace: NetworkNamespace;
  readonly edge: EdgeHost;
}

let starter: ((place: SshdPlace, options: SshdOptions) => Sshd) | null = null;

/** For `@netns/emulator/ssh`. */
export function onSshd(start: (place: SshdPlace, options: SshdOptions) => Sshd): void {
  starter = start;
}

/** Starts a server; throws when nobody has hung one in. */
export function startSshd(place: SshdPlace, options: SshdOptions): Sshd {
  if (starter === null) {
    throw new NetworkUsageError('SSH stands beside the core: import "@netns/emulator/ssh" where sshd() is called');
  }
  return starter(place, options);
}
