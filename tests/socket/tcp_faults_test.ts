/** What a program over Deno's API meets, and when, if the peer or the path to it fails. Times are Linux's with its defaults. */
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { type Host, Network, type TcpConn, type TcpListener } from "../../mod.ts";

const SERVER = "10.0.0.2";
const PORT = 9000;

interface Pair {
  net: Network;
  a: Host;
  b: Host;
  /** Seconds of virtual time. */
  now: () => number;
}

/** Two hosts on a wire, who know each other's link address for good. */
async function onAWire(body: (pair: Pair) => Promise<void>): Promise<void> {
  using net = new Network({ seed: 11 });
  const a = net.host("a"), b = net.host("b");
  net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", `${SERVER}/24`], { delay: "1ms", macs: [MAC_A, MAC_B] });
  await net.run(async () => {
    await a.exec(`ip neigh replace ${SERVER} dev eth0 lladdr ${MAC_B}`);
    await b.exec(`ip neigh replace 10.0.0.1 dev eth0 lladdr ${MAC_A}`);
    await body({ net, a, b, now: () => net.clock.now() / 1000 });
  });
}
const MAC_A = "02:00:00:00:00:01", MAC_B = "02:00:00:00:00:02";

async function connected({ a, b }: Pair): Promise<[TcpConn, TcpConn, TcpListener]> {
  const listener = b.listen({ hostname: SERVER, port: PORT });
  const accepted = listener.accept();
  const client = await a.connect({ hostname: SERVER, port: PORT });
  return [client, await accepted, listener];
}

/** The error that a promise rejects with, and after how many seconds of virtual time. */
async function failure(pair: Pair, promise: Promise<unknown>): Promise<{ error: Error; after: number }> {
  const begun = pair.now();
  try {
    await promise;
  } catch (error) {
    return { error: error as Error, after: pair.now() - begun };
  }
  throw new Error("it did not fail");
}

function assertBetween(value: number, low: number, high: number): void {
  assert(value >= low && value <= high, `${value} is not between ${low} and ${high}`);
}

function assertTimedOut(error: Error): void {
  assert(error instanceof Deno.errors.TimedOut, String(error));
  assertEquals(error.message, "Connection timed out (os error 110)");
}

/** Writes until the peer's window and the send buffer are full; gives the write that waits. */
async function fill(conn: TcpConn, net: Network): Promise<{ write: Promise<number> }> {
  const piece = new Uint8Array(65536);
  for (;;) {
    let done = false;
    const write = conn.write(piece).finally(() => done = true);
    write.catch(() => {});
    await net.clock.sleep(1000);
    if (!done) return { write };
  }
}

Deno.test("connect to a host that answers nothing ends after six more SYNs", () =>
  onAWire(async (pair) => {
    pair.net.partition(pair.a, pair.b);
    const { error, after } = await failure(pair, pair.a.connect({ hostname: SERVER, port: PORT }));
    assertTimedOut(error);
    assertBetween(after, 127, 137);
  }));

Deno.test("connect to an address that nobody has ends when ARP gives up", () =>
  onAWire(async (pair) => {
    const { error, after } = await failure(pair, pair.a.connect({ hostname: "10.0.0.77", port: PORT }));
    assertEquals(error.message, "No route to host (os error 113)");
    assertBetween(after, 2.9, 3.2);
  }));

Deno.test("a signal ends a connect that gets no answer", () =>
  onAWire(async (pair) => {
    pair.net.partition(pair.a, pair.b);
    const abort = new AbortController();
    pair.net.clock.setTimeout(() => abort.abort(new Error("enough")), 5000);
    const { error, after } = await failure(
      pair,
      pair.a.connect({ hostname: SERVER, port: PORT, signal: abort.signal }),
    );
    assertEquals([error.message, after], ["enough", 5]);
  }));

Deno.test("what was written to a peer that vanished is given up after fifteen retransmissions", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _server = server;
    using _listener = listener;
    pair.net.partition(pair.a, pair.b);
    await client.write(new Uint8Array(100));
    const { error, after } = await failure(pair, client.read(new Uint8Array(1)));
    assertTimedOut(error);
    assertBetween(after, 920, 950); // tcp_retries2: 924.6 s and what the first timeout is longer than 200 ms
    await assertRejects(() => client.write(new Uint8Array(1)), Deno.errors.BrokenPipe);
    assertEquals(await client.read(new Uint8Array(1)), null);
    client.close();
  }));

Deno.test("a write that waits for a peer that vanished fails with the connection", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _server = server;
    using _listener = listener;
    const { write } = await fill(client, pair.net);
    pair.net.partition(pair.a, pair.b);
    const { error, after } = await failure(pair, write);
    assertTimedOut(error);
    assertBetween(after, 600, 1600);
    client.close();
  }));

Deno.test("a window that never opens holds the writer as long as the peer answers probes", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _listener = listener;
    const { write } = await fill(client, pair.net);
    let settled = false;
    write.finally(() => settled = true);
    await pair.net.clock.sleep(3600_000);
    assertEquals(settled, false);
    assertStringIncludes((await pair.a.exec("ss -tno state established")).stdout, "timer:(persist,");
    const into = new Uint8Array(1 << 20);
    for (let got = 0; got < 200_000;) got += (await server.read(into))!;
    await write;
    server.close();
    client.close();
  }));

Deno.test("keepalive finds out that an idle peer vanished", () =>
  onAWire(async (pair) => {
    await pair.a.exec(
      "sysctl -w net.ipv4.tcp_keepalive_time=60 net.ipv4.tcp_keepalive_intvl=10 net.ipv4.tcp_keepalive_probes=3",
    );
    const [client, server, listener] = await connected(pair);
    using _server = server;
    using _listener = listener;
    client.setKeepAlive(true);
    let failed = false;
    const read = client.read(new Uint8Array(1));
    read.catch(() => failed = true);
    await pair.net.clock.sleep(600_000);
    assertEquals(failed, false);
    pair.net.partition(pair.a, pair.b);
    const { error, after } = await failure(pair, read);
    assertTimedOut(error);
    assertBetween(after, 30, 95);
    client.close();
  }));

Deno.test("a peer without keepalive that vanished is never missed", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _server = server;
    using _listener = listener;
    pair.net.partition(pair.a, pair.b);
    let settled = false;
    client.read(new Uint8Array(1)).catch(() => {}).finally(() => settled = true);
    await pair.net.clock.sleep(86_400_000);
    assertEquals(settled, false);
    client.close();
  }));

Deno.test("a reset in the middle of the stream: a read says so once, then the stream is at its end and broken", () =>
  onAWire(async (pair) => {
    const listener = pair.b.tcpSocket();
    listener.bind(0x0a000002, PORT);
    listener.listen(1);
    const client = await pair.a.connect({ hostname: SERVER, port: PORT });
    await client.write(new Uint8Array(10));
    await pair.net.clock.sleep(10);
    const server = listener.accept()!;
    server.write(new Uint8Array(5));
    await pair.net.clock.sleep(10);
    server.close(); // with ten octets unread
    await pair.net.clock.sleep(10);
    assertEquals(await client.read(new Uint8Array(10)), 5);
    const { error } = await failure(pair, client.read(new Uint8Array(1)));
    assert(error instanceof Deno.errors.ConnectionReset, String(error));
    assertEquals(error.message, "Connection reset by peer (os error 104)");
    assertEquals(await client.read(new Uint8Array(1)), null);
    await assertRejects(() => client.write(new Uint8Array(1)), Deno.errors.BrokenPipe);
    client.close();
    listener.close();
  }));

Deno.test("Deno's close with unread data sends FIN, then RST: the peer reads the end, and its write is broken", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _listener = listener;
    await client.write(new Uint8Array(10));
    await pair.net.clock.sleep(10);
    server.close();
    assertEquals(await client.read(new Uint8Array(1)), null);
    await pair.net.clock.sleep(10);
    await assertRejects(() => client.write(new Uint8Array(1)), Deno.errors.BrokenPipe);
    client.close();
  }));

Deno.test("a peer that closed resets what is written to it, and the next write is broken", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _listener = listener;
    server.close();
    await pair.net.clock.sleep(10);
    assertEquals(await client.read(new Uint8Array(1)), null);
    assertEquals(await client.write(new Uint8Array(1)), 1);
    await pair.net.clock.sleep(10);
    await assertRejects(() => client.write(new Uint8Array(1)), Deno.errors.BrokenPipe);
    client.close();
  }));

Deno.test("a peer that restarted resets what reaches it", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    pair.net.partition(pair.a, pair.b);
    server.close();
    listener.close();
    // The FIN is given up, as an orphan's, long before anybody can hear it.
    await pair.net.clock.sleep(3600_000);
    assertEquals((await pair.b.exec("ss -Htan")).stdout, "");
    pair.net.heal();
    await client.write(new Uint8Array(10));
    const { error, after } = await failure(pair, client.read(new Uint8Array(1)));
    assert(error instanceof Deno.errors.ConnectionReset, String(error));
    assertBetween(after, 0.001, 0.01);
    client.close();
  }));

Deno.test("a peer that sends an octet at a time, and a reader that takes one at a time, lose nothing", () =>
  onAWire(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _listener = listener;
    client.setNoDelay(true);
    const sends = (async () => {
      for (let i = 0; i < 500; i++) await client.write(new Uint8Array([i]));
      await client.closeWrite();
    })();
    const one = new Uint8Array(1);
    let got = 0;
    for (; await server.read(one) !== null; got++) assertEquals(one[0], got & 255);
    await sends;
    assertEquals(got, 500);
    server.close();
    client.close();
  }));

Deno.test("an accept queue that is full drops SYNs, counts them, and takes the clients in when there is room", () =>
  onAWire(async (pair) => {
    const { a, b, net } = pair;
    using listener = b.listen({ hostname: SERVER, port: PORT, tcpBacklog: 1 });
    const connect = () => a.connect({ hostname: SERVER, port: PORT });
    const clients = [await connect(), await connect()]; // it is full when it holds more than the backlog
    const late = [connect(), connect()];
    let there = 0;
    for (const connecting of late) connecting.then(() => there++);
    await net.clock.sleep(2500);
    assertEquals(there, 0);
    const { stdout } = await b.exec("nstat -asz");
    assertMatch(stdout, /TcpExtListenOverflows\s+6 /);
    assertMatch(stdout, /TcpExtListenDrops\s+6 /);
    const served: TcpConn[] = [];
    for (let i = 0; i < 4; i++) served.push(await listener.accept());
    for (const conn of [...clients, ...await Promise.all(late), ...served]) conn.close();
  }));

Deno.test("with tcp_abort_on_overflow a handshake that ends at a full accept queue is reset", () =>
  onAWire(async (pair) => {
    const { a, b, net } = pair;
    await b.exec("sysctl -w net.ipv4.tcp_abort_on_overflow=1");
    using _listener = b.listen({ hostname: SERVER, port: PORT, tcpBacklog: 4 });
    const connect = () => a.connect({ hostname: SERVER, port: PORT });
    for (let i = 0; i < 4; i++) await connect();
    const three = await Promise.all([connect(), connect(), connect()]); // one finds room when its ACK arrives
    const outcomes: string[] = [];
    for (const conn of three) {
      conn.read(new Uint8Array(1)).then(() => {}, (error) => outcomes.push(error.name));
    }
    await net.clock.sleep(500);
    assertEquals(outcomes, ["ConnectionReset", "ConnectionReset"]);
  }));

/** a – router – b, where the router can lose its way to b. */
async function behindARouter(body: (pair: Pair & { router: Host }) => Promise<void>): Promise<void> {
  using net = new Network({ seed: 12 });
  const a = net.host("a"), b = net.host("b"), router = net.host("router");
  net.veth([a, "eth0", "10.0.1.1/24"], [router, "eth0", "10.0.1.254/24"], { delay: "1ms" });
  net.veth([b, "eth0", `${SERVER}/24`], [router, "eth1", "10.0.0.254/24"], { delay: "1ms" });
  await net.run(async () => {
    await router.exec("sysctl -w net.ipv4.ip_forward=1");
    await a.exec("ip route add default via 10.0.1.254");
    await b.exec("ip route add default via 10.0.0.254");
    await body({ net, a, b, router, now: () => net.clock.now() / 1000 });
  });
}

for (const route of ["unreachable", "prohibit"]) {
  Deno.test(`an ICMP error from a router ends a connect at once (${route})`, () =>
    behindARouter(async (pair) => {
      await pair.router.exec(`ip route add ${route} ${SERVER}/32`);
      const { error, after } = await failure(pair, pair.a.connect({ hostname: SERVER, port: PORT }));
      assertEquals(error.message, "No route to host (os error 113)");
      assertBetween(after, 0.001, 0.1);
    }));
}

Deno.test("a router without a route to the peer ends a connect at once", () =>
  behindARouter(async (pair) => {
    await pair.router.exec("ip route del 10.0.0.0/24 dev eth1");
    const { error, after } = await failure(pair, pair.a.connect({ hostname: SERVER, port: PORT }));
    assertEquals(error.message, "Network is unreachable (os error 101)");
    assert(error instanceof Deno.errors.NetworkUnreachable);
    assertBetween(after, 0.001, 0.1);
  }));

Deno.test("an ICMP error does not end an established connection: it goes on when the way is back", () =>
  behindARouter(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _listener = listener;
    await pair.router.exec(`ip route add unreachable ${SERVER}/32`);
    await client.write(new TextEncoder().encode("late"));
    await pair.net.clock.sleep(60_000);
    await pair.router.exec(`ip route del unreachable ${SERVER}/32`);
    const into = new Uint8Array(10);
    assertEquals(await server.read(into), 4);
    server.close();
    client.close();
  }));

Deno.test("a connection that is given up tells the ICMP error that it met, not only the timeout", () =>
  behindARouter(async (pair) => {
    const [client, server, listener] = await connected(pair);
    using _server = server;
    using _listener = listener;
    await pair.router.exec(`ip route add unreachable ${SERVER}/32`);
    await client.write(new Uint8Array(4));
    const { error, after } = await failure(pair, client.read(new Uint8Array(1)));
    assertEquals(error.message, "No route to host (os error 113)");
    assertBetween(after, 900, 960);
    client.close();
  }));
