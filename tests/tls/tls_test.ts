import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Host, Network } from "../../mod.ts";

const encoder = new TextEncoder();

async function twoHosts(body: (web: Host, client: Host, net: Network) => Promise<void>): Promise<Uint8Array> {
  using net = new Network({ seed: 3 });
  const [web, client] = [net.host("web"), net.host("client")];
  net.veth([web, "eth0", "10.0.0.1/24"], [client, "eth0", "10.0.0.2/24"], { delay: "5ms" });
  client.hosts.add("10.0.0.1", "web");
  const capture = net.capture();
  await net.run(() => body(web, client, net));
  return capture.bytes();
}

async function readAll(conn: { read(into: Uint8Array): Promise<number | null> }): Promise<number> {
  const buffer = new Uint8Array(70000);
  let sum = 0;
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    for (const octet of buffer.subarray(0, count)) sum = (sum * 31 + octet) % 1_000_003;
    sum += count;
  }
  return sum;
}

async function writeAll(conn: { write(data: Uint8Array): Promise<number> }, data: Uint8Array): Promise<void> {
  for (let sent = 0; sent < data.length;) sent += await conn.write(data.subarray(sent));
}

/** What went wrong on both sides of a connection with this certificate. */
async function failures(
  web: Host,
  client: Host,
  certificate: { cert: string; key: string },
  options: { hostname?: string; caCerts?: string[]; alpnProtocols?: string[]; served?: string[] } = {},
): Promise<string[]> {
  const listener = web.listenTls({ port: 443, ...certificate, alpnProtocols: options.served });
  const served = (async () => {
    using conn = await listener.accept();
    return await conn.handshake().then((info) => JSON.stringify(info), String);
  })();
  using conn = await client.connectTls({ hostname: "web", port: 443, ...options });
  const said = await conn.handshake().then((info) => JSON.stringify(info), String);
  const both = [said, await served];
  listener.close();
  return both;
}

Deno.test("data goes both ways, with goodbyes, and the same seed gives the same octets", async () => {
  const program = (web: Host, client: Host, net: Network) =>
    twoWay(web.listenTls({ port: 443, alpnProtocols: ["h2", "x"], ...net.ca().issue(["web"]) }), client);
  const twoWay = async (listener: ReturnType<Host["listenTls"]>, client: Host) => {
    const data = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const served = (async () => {
      using conn = await listener.accept();
      await writeAll(conn, data);
      await conn.closeWrite();
      return [await conn.handshake(), await readAll(conn)];
    })();
    using conn = await client.connectTls({ hostname: "web", port: 443, alpnProtocols: ["x"] });
    const sum = await readAll(conn);
    await writeAll(conn, data);
    await conn.closeWrite();
    assertEquals(await served, [{ alpnProtocol: "x" }, sum]);
    listener.close();
  };
  const first = await twoHosts(program);
  assertEquals(first, await twoHosts(program));
  assertEquals(new TextDecoder("latin1").decode(first).includes("\x00\x01\x02\x03\x04\x05\x06\x07\x08"), false);
});

Deno.test("a certificate that is not trusted, for another name, expired or not valid yet: Deno's error on each side", async () => {
  await twoHosts(async (web, client, net) => {
    const ca = net.ca();
    const other = new Network({ seed: 4 });
    assertEquals(await failures(web, client, other.ca().issue(["web"])), [
      "InvalidData: invalid peer certificate: UnknownIssuer",
      "InvalidData: received fatal alert: UnknownCA",
    ]);
    assertEquals(await failures(web, client, other.ca().issue(["web"]), { caCerts: [other.ca().cert] }), [
      '{"alpnProtocol":null}',
      '{"alpnProtocol":null}',
    ]);
    other.close();
    assertEquals(await failures(web, client, ca.issue(["other.example"])), [
      'InvalidData: invalid peer certificate: certificate not valid for name "web"; certificate is only valid for DnsName("other.example")',
      "InvalidData: received fatal alert: BadCertificate",
    ]);
    const now = Date.UTC(2025, 0, 1);
    const short = ca.issue(["web"], { until: new Date(now + 3_600_000) });
    assertEquals((await failures(web, client, short))[0], '{"alpnProtocol":null}');
    await net.clock.sleep(3_700_000);
    assertEquals(await failures(web, client, short), [
      "InvalidData: invalid peer certificate: Expired",
      "InvalidData: received fatal alert: CertificateExpired",
    ]);
    const later = ca.issue(["web"], { from: new Date(now + 86_400_000) });
    assertEquals(
      (await failures(web, client, later))[0].slice(0, 47),
      "InvalidData: invalid peer certificate: NotValid",
    );
    assertEquals(await failures(web, client, ca.issue(["*.example", "web", "10.0.0.1"]), { hostname: "10.0.0.1" }), [
      '{"alpnProtocol":null}',
      '{"alpnProtocol":null}',
    ]);
    assertEquals(await failures(web, client, ca.issue(["web"]), { alpnProtocols: ["x"], served: ["h2"] }), [
      "InvalidData: received fatal alert: NoApplicationProtocol",
      "InvalidData: peer doesn't support any known protocol",
    ]);
  });
});

Deno.test("Deno's errors for keys and certificates that are none", async () => {
  await twoHosts((web, _client, net) => {
    const one = net.ca().issue(["web"]), other = net.ca().issue(["web"]);
    const listen = (cert: string, key: string) => () => web.listenTls({ port: 443, cert, key });
    assertThrows(listen("x", "y"), Deno.errors.InvalidData, "No certificates found in certificate data");
    assertThrows(listen(one.cert, "y"), Deno.errors.InvalidData, "No keys found in key data");
    assertThrows(listen(one.cert, other.key), Error, "keys may not be consistent: KeyMismatch");
    return Promise.resolve();
  });
});

Deno.test("https in fetch, serve with cert and key, wss", async () => {
  await twoHosts(async (web, client, net) => {
    const urls: string[] = [];
    const server = web.serve({ port: 443, ...net.ca().issue(["web"]) }, (request) => {
      urls.push(request.url);
      if (request.headers.get("upgrade") !== "websocket") return new Response("secret".repeat(1000));
      const { socket, response } = web.upgradeWebSocket(request);
      socket.onmessage = ({ data }) => socket.send(`echo ${data}`);
      return response;
    });
    assertEquals((await (await client.fetch("https://web/a")).text()).length, 6000);
    assertEquals((await (await client.fetch("https://web/b", { method: "POST", body: "x" })).text()).length, 6000);
    const socket = new client.WebSocket("wss://web/ws");
    const answer = new Promise((resolve) => socket.onmessage = ({ data }) => resolve(data));
    await new Promise((resolve) => socket.onopen = resolve);
    socket.send("hi");
    assertEquals(await answer, "echo hi");
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
    assertEquals(urls, ["https://web/a", "https://web/b", "https://web/ws"]);
    await server.shutdown();
    const wrong = web.serve({ port: 443, ...net.ca().issue(["x.test"]) }, () => new Response(""));
    const error = await assertRejects(() => client.fetch("https://web/"), TypeError);
    assertStringIncludes(`${error.message} ${error.cause}`, "invalid peer certificate: certificate not valid for name");
    await wrong.shutdown();
  });
});

Deno.test("startTls begins on a connection that has talked in the clear", async () => {
  await twoHosts(async (web, client, net) => {
    const listener = web.listenTls({ port: 443, ...net.ca().issue(["web"]) });
    const served = (async () => {
      using conn = await listener.accept();
      await writeAll(conn, encoder.encode("hello"));
    })();
    const plain = await client.connect({ hostname: "web", port: 443 });
    using conn = await client.startTls(plain, { hostname: "web" });
    const buffer = new Uint8Array(10);
    assertEquals(await conn.read(buffer), 5);
    await served;
    listener.close();
  });
});

Deno.test("arbitrary octets at either side's door are an error there, and nothing else", async () => {
  await twoHosts(async (web, client, net) => {
    const listener = web.listenTls({ port: 443, ...net.ca().issue(["web"]) });
    let state = 5;
    const chance = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
    for (let round = 0; round < 300; round++) {
      const served = (async () => {
        using conn = await listener.accept();
        return await conn.handshake().then(() => "done", (error) => error.name);
      })();
      using conn = await client.connect({ hostname: "web", port: 443 });
      const length = chance() % 200;
      const octets = Uint8Array.from({ length: 5 + length }, () => chance());
      // Half of them look like the beginning of a handshake.
      if (round % 2 === 0) {
        octets.set([22, 3, 1, length >> 8, length & 255, 1, 0, 0, Math.max(0, length - 4)].slice(0, 5 + length));
      }
      await conn.write(octets);
      await conn.closeWrite();
      const how = await served;
      assertEquals(["InvalidData", "UnexpectedEof"].includes(how), true, how);
    }
    listener.close();
  });
});

Deno.test("Deno's own TLS and ours understand each other", async () => {
  using net = new Network({ seed: 1, clock: "real" });
  const host = net.host("host");
  for (const algorithm of ["ed25519", "ecdsa"] as const) {
    const ca = net.ca();
    const certificate = ca.issue(["localhost"], { algorithm });
    const caCerts = [algorithm === "ecdsa" ? ca.ecdsa.cert : ca.cert];
    await net.run(async () => {
      const server = host.serve({ port: 443, ...certificate }, async (request) => new Response(await request.text()));
      using door = net.publish(host, { port: 443, to: { port: 0 } });
      using httpClient = Deno.createHttpClient({ caCerts });
      const url = `https://localhost:${door.addr.port}/`;
      for (let i = 0; i < 2; i++) {
        const response = await fetch(url, { client: httpClient, method: "POST", body: "x".repeat(50_000) });
        assertEquals((await response.text()).length, 50_000);
      }
      await server.shutdown();
    });
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...certificate });
    const real = (async () => {
      using conn = await listener.accept();
      await writeAll(conn, encoder.encode("from Deno"));
      await conn.closeWrite();
      await readAll(conn);
    })();
    const { TlsStream } = await import("../../src/tls/tls_stream.ts");
    const { parseCertificates } = await import("../../src/tls/certificates.ts");
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: (listener.addr as Deno.NetAddr).port });
    const stream = TlsStream.client(conn, {
      name: "localhost",
      trusted: caCerts.flatMap(parseCertificates),
      random: net.world.random.split("test"),
      now: () => Date.now(),
    });
    const buffer = new Uint8Array(100);
    assertEquals(new TextDecoder().decode(buffer.subarray(0, await stream.read(buffer) ?? 0)), "from Deno");
    await stream.closeWrite();
    assertEquals(await stream.read(buffer), null);
    await real;
    stream.close();
    listener.close();
  }
});
