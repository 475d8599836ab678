/** Runs one program on `Deno` and on a namespace, and expects the same of both. */
import { assertEquals } from "@std/assert";
import { Network } from "../../mod.ts";

/** What a program uses: `Deno`, or a namespace. */
export type Api =
  & Pick<
    typeof Deno,
    "connect" | "listen" | "listenDatagram" | "hostname" | "serve" | "upgradeWebSocket" | "resolveDns"
  >
  & {
    fetch: typeof fetch;
    WebSocket: typeof WebSocket;
    /** Real or virtual milliseconds: let what was sent arrive. */
    sleep(ms: number): Promise<void>;
    /** A path that nobody uses. */
    path(name: string): string;
  };

/** Gives what it saw: that must be equal. */
export type Program = (api: Api) => Promise<unknown>;

const real: Api = {
  connect: Deno.connect,
  listen: Deno.listen,
  listenDatagram: Deno.listenDatagram,
  hostname: Deno.hostname,
  serve: Deno.serve,
  upgradeWebSocket: Deno.upgradeWebSocket,
  resolveDns: Deno.resolveDns,
  fetch,
  WebSocket,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  path: (name) => `${Deno.makeTempDirSync()}/${name}`,
};

export function parity(name: string, program: Program): void {
  Deno.test(`the same on Deno and on a namespace: ${name}`, async () => {
    using net = new Network({ seed: 1 });
    const host = net.host("parity");
    const emulated: Api = {
      connect: host.connect.bind(host) as Api["connect"],
      listen: host.listen.bind(host) as Api["listen"],
      listenDatagram: host.listenDatagram.bind(host) as Api["listenDatagram"],
      hostname: () => host.hostname(),
      serve: host.serve.bind(host) as Api["serve"],
      upgradeWebSocket: host.upgradeWebSocket.bind(host),
      resolveDns: host.resolveDns.bind(host) as Api["resolveDns"],
      fetch: host.fetch.bind(host),
      WebSocket: host.WebSocket,
      sleep: (ms) => net.clock.sleep(ms),
      path: (name) => `/tmp/${name}`,
    };
    const expected = normal(await program(real));
    const actual = normal(await net.run(() => program(emulated)));
    assertEquals(actual, expected);
  });
}

/** Plain values, with ports that either side chose as `port`. */
function normal(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, it) => {
      if (key === "port" && typeof it === "number" && it > 30000) return "port";
      if (typeof it === "string") return it.replace(/127\.0\.0\.1:\d{5}/g, "127.0.0.1:port");
      if (it instanceof Uint8Array) return [...it];
      if (it === undefined) return null; // what a call gives that gives nothing: Deno's ops differ in which it is
      return it;
    }),
  );
}

/** What a call gives, or the error that it throws, as one value. */
export async function outcome(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    return { class: (error as Error).constructor.name, name, message, code };
  }
}

export const octets = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A connected pair over the loopback. */
export async function pair(api: Api): Promise<[client: Deno.TcpConn, server: Deno.TcpConn]> {
  const listener = api.listen({ port: 0, hostname: "127.0.0.1" });
  const accepted = listener.accept();
  const client = await api.connect({ port: listener.addr.port, hostname: "127.0.0.1" });
  const server = await accepted;
  listener.close();
  return [client, server];
}

/** Reads to the end. */
export async function readAll(conn: { read(into: Uint8Array): Promise<number | null> }): Promise<string> {
  const buffer = new Uint8Array(4096);
  let all = "";
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    all += text(buffer.subarray(0, count));
  }
  return all;
}
