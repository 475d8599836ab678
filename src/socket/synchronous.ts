/**
 * Sockets without promises, for simulations and benches: each call answers at once, and slots say when it is worth calling
 * again. These are the stack's own sockets; the interfaces here are what of them is stable.
 *
 * @module
 */
import type { IpAddress } from "../ip/host.ts";

/** A socket whose calls answer at once: with a count, with 0, or with a negative errno (`-11`, EAGAIN, when it would wait). */
export interface SynchronousSocket {
  /** Called from within the stack when there is something to read, also at the end of a stream. */
  onReadable: (() => void) | null;
  /** Called when there is room to write again, and when a connection is made. */
  onWritable: (() => void) | null;
  /** Called when an error is pending, or the connection has ended for good. */
  onError: (() => void) | null;
  /** The address it is bound to: an unsigned number, or 16 octets. */
  readonly localAddress: IpAddress;
  /** The port it is bound to. */
  readonly localPort: number;
  /** The peer's address; null when it is not connected. */
  readonly remoteAddress: IpAddress | null;
  /** The peer's port. */
  readonly remotePort: number;
  /** Whether `close` was called. */
  readonly closed: boolean;
  /** SO_REUSEADDR. */
  reuseAddress: boolean;
  /** SO_REUSEPORT. */
  reusePort: boolean;
  /** SO_BROADCAST. */
  broadcast: boolean;
  /** Binds to an address and port; port 0 takes a free one. */
  bind(address: IpAddress, port: number): number;
  /** Connects; a TCP socket gives `-115` (EINPROGRESS), and then `onWritable` or `onError`. */
  connect(address: IpAddress, port: number): number;
  /** The pending error's errno, which is cleared by reading it; 0 when there is none. */
  takeError(): number;
  /** Closes the socket; its slots are called no more. */
  close(): void;
}

/** A UDP socket whose calls answer at once. */
export interface SynchronousUdpSocket extends SynchronousSocket {
  /** Sends the octets [from, to) as one datagram, to the peer when no address is given. */
  send(bytes: Uint8Array, address?: IpAddress | null, port?: number, from?: number, to?: number): number;
  /** Copies the next datagram into `into`, and its sender into the fields below. */
  receive(into: Uint8Array, from?: number, to?: number): number;
  /** The last datagram's sender, when it was of IPv4: an unsigned number. */
  readonly sender4: number;
  /** The last datagram's sender: a number, or for IPv6 16 octets of its own. */
  readonly senderAddress: IpAddress;
  /** The last datagram's source port. */
  readonly senderPort: number;
  /** The last datagram's whole length, also when `into` was shorter. */
  readonly receivedLength: number;
}

/** A TCP socket whose calls answer at once. */
export interface SynchronousTcpSocket extends SynchronousSocket {
  /** Listens; `onReadable` is called when a connection waits. */
  listen(backlog: number): number;
  /** The next connection that waits, or null. */
  accept(): SynchronousTcpSocket | null;
  /** Octets copied, 0 at the end of the stream. */
  read(into: Uint8Array, from?: number, to?: number): number;
  /** Octets that the send buffer took. */
  write(bytes: Uint8Array, from?: number, to?: number): number;
  /** Ends one direction or both. */
  shutdown(how: "read" | "write" | "both"): number;
  /** Resets the connection. */
  abort(): void;
  /** Octets that can be read at once. */
  readonly readable: number;
  /** By the name that `ss` prints: `ESTAB`, `SYN-SENT`, `LISTEN`, …. */
  readonly state: string;
  /** TCP_NODELAY. */
  noDelay: boolean;
  /** SO_KEEPALIVE. */
  keepAlive: boolean;
}

export type { IpAddress };
