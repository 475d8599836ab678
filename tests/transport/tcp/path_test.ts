import { assert, assertEquals } from "@std/assert";
import { changeLink, createLink } from "../../../src/device/link.ts";
import { World } from "../../../src/device/world.ts";
import { NetworkNamespace } from "../../../src/namespace/namespace.ts";
import { TcpSocket } from "../../../src/transport/tcp/socket.ts";
import { parseIpv4 } from "../../../src/wire/ipv4.ts";
import { parseIpv6 } from "../../../src/wire/ipv6.ts";
import { run } from "./wire.ts";

const ip = (text: string): number | Uint8Array => parseIpv4(text) ?? parseIpv6(text)!;

/** Two hosts and a router, whose second wire takes packets of `mtu` octets. */
function routed(
  mtu: number,
  six: boolean,
): { world: World; h1: NetworkNamespace; r: NetworkNamespace; h2: NetworkNamespace } {
  const world = new World(1);
  const [h1, r, h2] = ["h1", "r", "h2"].map((name, i) => new NetworkNamespace(world, name, i + 1));
  const left = createLink(h1, { kind: "veth", name: "v0", peer: { name: "left", owner: r } });
  const right = createLink(r, { kind: "veth", name: "right", peer: { name: "v0", owner: h2 } });
  const net = (n: number, host: number) => ip(six ? `2001:db8:${n}::${host}` : `10.0.${n}.${host}`);
  const prefixLength = six ? 64 : 24;
  const family = (namespace: NetworkNamespace) => six ? namespace.ipv6 : namespace.ipv4;
  family(h1).addAddress(left, { local: net(1, 1), prefixLength, flags: 2 }, "add");
  family(r).addAddress(left.link!, { local: net(1, 2), prefixLength, flags: 2 }, "add");
  family(r).addAddress(right, { local: net(2, 1), prefixLength, flags: 2 }, "add");
  family(h2).addAddress(right.link!, { local: net(2, 2), prefixLength, flags: 2 }, "add");
  for (const device of [left, left.link!, right, right.link!]) changeLink(device, { up: true });
  changeLink(right, { mtu });
  changeLink(right.link!, { mtu });
  run(world, 5000);
  const forwarding = six ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward";
  r.sysctls().find((entry) => entry.path === forwarding)!.write!("1");
  const everywhere = { destination: ip(six ? "::" : "0.0.0.0"), prefixLength: 0 };
  family(h1).addRoute({ ...everywhere, nexthops: [{ gateway: net(1, 2) }] }, "add");
  family(h2).addRoute({ ...everywhere, nexthops: [{ gateway: net(2, 1) }] }, "add");
  return { world, h1, r, h2 };
}

for (const six of [false, true]) {
  const version = six ? "IPv6" : "IPv4";

  Deno.test(`a path that takes less than the interface: the MTU is discovered and the octets arrive (${version})`, () => {
    const { world, h1, h2 } = routed(1300, six);
    const listener = new TcpSocket(h2.tcp, six ? 6 : 4);
    // Its SYN-ACK would tell the smaller MSS; what the client knows is only its own link.
    listener.maxSegment = 1460;
    listener.bind(ip(six ? "::" : "0.0.0.0"), 80);
    listener.listen(5);
    const client = new TcpSocket(h1.tcp, six ? 6 : 4);
    client.connect(ip(six ? "2001:db8:2::2" : "10.0.2.2"), 80);
    run(world, 2000);
    const server = listener.accept()!;
    // As if the other end were on a link of 1500 (a tunnel between): it offered more than the way takes.
    client.connection!.mssClamp = 1460;
    client.connection!.pmtu = 0;
    let got = 0;
    server.onReadable = () => {
      for (let n = server.read(new Uint8Array(65536)); n > 0; n = server.read(new Uint8Array(65536))) got += n;
    };
    assertEquals(client.write(new Uint8Array(40000)), 40000);
    run(world, 10e3);
    assertEquals(got, 40000);
    assertEquals(client.info().pmtu, 1300);
    assertEquals(client.info().sndMss, 1300 - (six ? 60 : 40) - 12);
    assert(client.info().totalRetrans > 0);
  });

  Deno.test(`a way that ends at a router: connect fails with its error (${version})`, () => {
    const { world, h1, r } = routed(1500, six);
    const family = six ? r.ipv6 : r.ipv4;
    const destination = ip(six ? "2001:db8:9::" : "10.9.0.0");
    family.addRoute({ destination, prefixLength: six ? 48 : 16, type: 7 }, "add");
    const client = new TcpSocket(h1.tcp, six ? 6 : 4);
    let failed = 0;
    client.onError = () => failed = client.takeError();
    client.connect(ip(six ? "2001:db8:9::1" : "10.9.0.1"), 80);
    run(world, 10e3, () => failed !== 0);
    assertEquals(failed, six ? 101 : 113);
  });

  Deno.test(`an established connection outlives an unreachable that passes (${version})`, () => {
    const { world, h1, r, h2 } = routed(1500, six);
    const listener = new TcpSocket(h2.tcp, six ? 6 : 4);
    listener.bind(ip(six ? "::" : "0.0.0.0"), 80);
    listener.listen(5);
    const client = new TcpSocket(h1.tcp, six ? 6 : 4);
    client.connect(ip(six ? "2001:db8:2::2" : "10.0.2.2"), 80);
    run(world, 2000);
    const server = listener.accept()!;
    const family = six ? r.ipv6 : r.ipv4;
    const route = { destination: ip(six ? "2001:db8:2::2" : "10.0.2.2"), prefixLength: six ? 128 : 32, type: 7 };
    family.addRoute(route, "add");
    client.write(new Uint8Array(1000));
    run(world, 3000);
    assertEquals([client.state, client.connection!.softError], ["ESTAB", six ? 101 : 113]);
    family.deleteRoute(route);
    run(world, 10e3);
    assertEquals(server.read(new Uint8Array(2000)), 1000);
  });
}
