/** The resolver's exchanges over a namespace's sockets. */
import { readMessage, writeMessage } from "./server.ts";
import type { DnsSockets } from "./stub_resolver.ts";
import { connectTcp } from "../socket/tcp.ts";
import { type EdgeHost, waitsOf } from "../socket/edge.ts";
import { numericAddress } from "../socket/addresses.ts";
import { UdpSocket } from "../transport/udp_socket.ts";
import { Errno } from "../wire/errno.ts";

/** Octets of the largest answer over UDP. */
const ANSWER_LIMIT = 65535;

/** The sockets of one namespace, for its resolver. */
export function dnsSockets(host: EdgeHost): DnsSockets {
  const random = host.kernel.random.split("dns");
  return {
    randomId: () => random.below(65536),
    exchange: (server, port, data, accept, ms, signal) => exchange(host, server, port, data, accept, ms, signal),
    exchangeTcp: (server, port, data, ms, signal) => exchangeTcp(host, server, port, data, ms, signal),
  };
}

async function exchange(
  host: EdgeHost,
  server: string,
  port: number,
  data: Uint8Array,
  accept: (answer: Uint8Array) => boolean,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  const to = numericAddress(host.kernel, server);
  if (to === null) return null;
  const socket = new UdpSocket(host.kernel.udp, typeof to.address === "number" ? 4 : 6);
  socket.device = to.device;
  try {
    if (socket.connect(to.address, port) < 0 || socket.send(data) < 0) return null;
    const waits = waitsOf(host);
    const into = new Uint8Array(ANSWER_LIMIT);
    const end = waits.scheduler.now + ms * 1e6;
    for (;;) {
      const count = socket.receive(into);
      if (count >= 0) {
        const answer = into.slice(0, count);
        if (accept(answer)) return answer;
        continue;
      }
      if (count !== -Errno.EAGAIN) return null;
      const left = (end - waits.scheduler.now) / 1e6;
      if (left <= 0 || signal?.aborted) return null;
      await waits.wait(
        `answer of the name server ${server}`,
        (done) => {
          socket.onReadable = socket.onError = done;
        },
        left,
        signal,
      );
    }
  } finally {
    socket.close();
  }
}

async function exchangeTcp(
  host: EdgeHost,
  server: string,
  port: number,
  data: Uint8Array,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal!.reason);
  signal?.addEventListener("abort", onAbort);
  const world = host.kernel.world;
  try {
    const waiting = world.waits.sleep(ms, controller.signal).then(() => null);
    const asking = (async () => {
      const conn = await connectTcp(host, { hostname: server, port, signal: controller.signal });
      const onEnd = () => conn[Symbol.dispose]();
      controller.signal.addEventListener("abort", onEnd);
      try {
        await writeMessage(conn, data);
        return await readMessage(conn);
      } finally {
        controller.signal.removeEventListener("abort", onEnd);
        conn[Symbol.dispose]();
      }
    })().catch(() => null);
    return await Promise.race([asking, waiting]);
  } finally {
    controller.abort(new Error("over"));
    signal?.removeEventListener("abort", onAbort);
  }
}
