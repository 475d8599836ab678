/** Sockets of iperf3: opened, bound and named as it does (net.c, iperf_tcp.c, iperf_udp.c). */
import type { IpAddress } from "../../ip/host.ts";
import { TcpSocket } from "../../transport/tcp/socket.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { Errno } from "../../wire/errno.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import type { LookedUp } from "../name_lookup.ts";
import { lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import type { Settings } from "./settings.ts";

/** Descriptors that a program has open when its first stream comes: streams are named by their numbers. */
export const FIRST_DESCRIPTOR = 5;
/** The kernel's `net.core.rmem_max` and `wmem_max`, octets. */
const RMEM_MAX = 212992;

/** An address's text; a mapped one as IPv4 (`mapped_v4_to_regular_v4`). */
export function hostText(address: IpAddress | null): string {
  if (address === null) return "";
  return typeof address === "number" ? formatIpv4(address) : formatIpv6(address).replace(/^::ffff:(?=\d+\.)/, "");
}

/** A socket of the process, with what every stream has. */
export function newSocket(process: Process, settings: Settings, version: 4 | 6, udp: boolean): TcpSocket | UdpSocket {
  const { namespace } = process;
  const socket = udp ? new UdpSocket(namespace.udp, version) : new TcpSocket(namespace.tcp, version);
  socket.program = "iperf3";
  socket.pid = process.pid;
  if (settings.bindDevice !== null) socket.device = namespace.interfaces.byName(settings.bindDevice) ?? null;
  return socket;
}

/** Sets what the test wants of a stream before it connects or listens. */
export function prepareStream(socket: TcpSocket | UdpSocket, s: Settings): void {
  if (socket instanceof TcpSocket) {
    if (s.noDelay) socket.noDelay = true;
    if (s.mss > 0) socket.maxSegment = s.mss;
  }
  if (s.window <= 0) return;
  if (socket instanceof TcpSocket) {
    socket.setReceiveBuffer(s.window);
    socket.setSendBuffer(s.window);
  } else socket.receiveBuffer = socket.sendBuffer = 2 * Math.min(s.window, RMEM_MAX);
}

/** Binds to `-B` and `--cport`. 0 or a negative errno. */
export async function bindTo(
  process: Process,
  settings: Settings,
  socket: TcpSocket | UdpSocket,
  port: number,
): Promise<number> {
  if (settings.bind === null && port === 0) return 0;
  let address: IpAddress = socket.family === 4 ? 0 : new Uint8Array(16);
  if (settings.bind !== null) {
    const found = await lookUp(process, settings.bind, socket.family);
    if (typeof found === "string") return -Errno.EAGAIN;
    address = found[0].address;
  }
  return socket.bind(address, port);
}

/** Connects, and waits for the answer, at most `ms` (negative: as long as TCP tries). 0 or a negative errno. */
export async function connectTo(
  process: Process,
  socket: TcpSocket | UdpSocket,
  to: LookedUp,
  port: number,
  ms = -1,
): Promise<number> {
  if (to.scope !== null) socket.device = to.scope;
  const errno = socket.connect(to.address, port);
  if (errno !== -Errno.EINPROGRESS || !(socket instanceof TcpSocket)) return errno;
  const decided = await process.wait(`iperf3's connection to ${hostText(to.address)}:${port}`, (done) => {
    socket.onWritable = socket.onError = done;
    if (socket.connected || socket.error !== 0) done();
  }, ms < 0 ? undefined : ms);
  socket.onWritable = socket.onError = null;
  const failure = socket.takeError();
  return failure !== 0 ? -failure : socket.connected ? 0 : decided ? -Errno.ECONNREFUSED : -Errno.EINPROGRESS;
}
