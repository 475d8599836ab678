import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Network } from "../../mod.ts";
import { errors } from "../../src/socket/errors.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const octets = (it: string) => new TextEncoder().encode(it);

Deno.test("a Unix stream carries octets both ways, and ends", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    const listener = host.listen({ transport: "unix", path: "/tmp/s.sock" });
    assertEquals(listener.addr.path, "/tmp/s.sock");
    const client = await host.connect({ transport: "unix", path: "/tmp/s.sock" });
    const server = await listener.accept();
    await client.write(octets("hello"));
    await client.closeWrite();
    const buffer = new Uint8Array(64);
    assertEquals(text(buffer.subarray(0, (await server.read(buffer))!)), "hello");
    assertEquals(await server.read(buffer), null);
    await server.write(octets("bye"));
    server.close();
    assertEquals(text(buffer.subarray(0, (await client.read(buffer))!)), "bye");
    assertEquals(await client.read(buffer), null);
    client.close();
    listener.close();
  });
});

Deno.test("a Unix path is a file of the machine: bound once, and nobody there is refused", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    const listener = host.listen({ transport: "unix", path: "/tmp/s.sock" });
    assertThrows(() => host.listen({ transport: "unix", path: "/tmp/s.sock" }), errors.AddrInUse);
    await assertRejects(() => host.connect({ transport: "unix", path: "/tmp/none" }), errors.NotFound);
    assertEquals(host.files.stat("/tmp/s.sock").kind, "socket");
    listener.close();
    assertEquals(host.files.exists("/tmp/s.sock"), false);
    // another namespace of the machine shares its paths, but not its abstract names
    const other = host.namespace("other");
    using shared = host.listen({ transport: "unix", path: "/tmp/shared" });
    (await other.connect({ transport: "unix", path: "/tmp/shared" })).close();
    (await shared.accept()).close();
    using _abstract = host.listen({ transport: "unix", path: "\0abstract" });
    await assertRejects(() => other.connect({ transport: "unix", path: "\0abstract" }), errors.ConnectionRefused);
  });
});

Deno.test("closing with unread data resets the peer", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    using listener = host.listen({ transport: "unix", path: "/tmp/s.sock" });
    using client = await host.connect({ transport: "unix", path: "/tmp/s.sock" });
    const server = await listener.accept();
    await client.write(octets("unread"));
    server.close();
    await assertRejects(() => client.read(new Uint8Array(8)), errors.ConnectionReset);
  });
});

Deno.test("Unix datagrams say where they come from", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    using a = host.listenDatagram({ transport: "unixpacket", path: "/tmp/a" });
    using b = host.listenDatagram({ transport: "unixpacket", path: "/tmp/b" });
    assertEquals(await a.send(octets("x"), b.addr), 1);
    const [data, from] = await b.receive();
    assertEquals([text(data), from], ["x", { transport: "unixpacket", path: "/tmp/a" }]);
    await assertRejects(() => a.send(octets("x"), { transport: "unixpacket", path: "/tmp/c" }), errors.NotFound);
  });
});

Deno.test("a writer waits for its reader", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    using listener = host.listen({ transport: "unix", path: "/tmp/s.sock" });
    const client = await host.connect({ transport: "unix", path: "/tmp/s.sock" });
    const server = await listener.accept();
    const sent = (async () => {
      const data = new Uint8Array(1 << 20).fill(7);
      for (let at = 0; at < data.length;) at += await client.write(data.subarray(at));
      client.close();
    })();
    let got = 0;
    for await (const chunk of server.readable) got += chunk.length;
    await sent;
    assertEquals(got, 1 << 20);
  });
});

Deno.test("serve answers over a Unix path", async () => {
  using net = new Network();
  const host = net.host("host");
  await net.run(async () => {
    const server = host.serve({ path: "/tmp/http.sock" }, (request) => new Response(`you asked ${request.url}`));
    const conn = await host.connect({ transport: "unix", path: "/tmp/http.sock" });
    await conn.write(octets("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    const answer = await new Response(conn.readable).text();
    assertEquals(answer.startsWith("HTTP/1.1 200 OK\r\n"), true);
    assertEquals(answer.endsWith("\r\n\r\nyou asked http://h/x"), true);
    await server.shutdown();
  });
});
