/** What nc moves octets over: a TCP connection, a UDP socket or a Unix stream, alike. Calls answer with a count or a negative errno. */
import type { UnixSocket } from "../../transport/unix.ts";
import type { TcpSocket } from "../../transport/tcp/socket.ts";
import type { UdpSocket } from "../../transport/udp_socket.ts";

export interface Channel {
  /** 0 is the end of a stream; -EAGAIN when there is nothing yet. */
  read(into: Uint8Array): number;
  write(bytes: Uint8Array): number;
  shutdownWrite(): void;
  close(): void;
  /** Takes the pending error (POLLERR): a positive errno, or 0. */
  takeError(): number;
  /** Called whenever it is worth looking again. */
  onEvent(wake: (() => void) | null): void;
  /** A UDP read gives one datagram, of any length: 0 is no end. */
  readonly datagrams: boolean;
}

export function tcpChannel(socket: TcpSocket): Channel {
  return {
    datagrams: false,
    read: (into) => socket.read(into),
    write: (bytes) => socket.write(bytes),
    shutdownWrite: () => void socket.shutdown("write"),
    close: () => socket.close(),
    takeError: () => 0, // a read or a write says it
    onEvent: (wake) => {
      socket.onReadable = socket.onWritable = socket.onError = wake;
    },
  };
}

export function udpChannel(socket: UdpSocket): Channel {
  return {
    datagrams: true,
    read: (into) => socket.receive(into),
    write: (bytes) => socket.send(bytes),
    shutdownWrite: () => void socket.shutdown(false, true),
    close: () => socket.close(),
    takeError: () => socket.takeError(),
    onEvent: (wake) => {
      socket.onReadable = socket.onWritable = socket.onError = wake;
    },
  };
}

export function unixChannel(socket: UnixSocket): Channel {
  return {
    datagrams: false,
    read: (into) => socket.read(into),
    write: (bytes) => socket.write(bytes),
    shutdownWrite: () => void socket.shutdown("write"),
    close: () => socket.close(),
    takeError: () => 0,
    onEvent: (wake) => {
      socket.onReadable = socket.onWritable = socket.onError = wake;
    },
  };
}
