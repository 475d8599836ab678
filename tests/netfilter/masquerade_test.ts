/** Masquerading: what the server sees, and that answers find their way back. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { UdpSocket } from "../../src/transport/udp_socket.ts";
import { CLIENT, masqueradeLab, nft, OUTSIDE, run, SERVER, sysctl } from "./lab.ts";

/** Sends one datagram to port 9 of the server; the source that it had there. */
function ask(
  lab: ReturnType<typeof masqueradeLab>,
  source: UdpSocket,
  sink: UdpSocket,
): { address: number; port: number } {
  const into = new Uint8Array(16);
  source.send(Uint8Array.of(1, 2, 3));
  run(lab.world, 0.1);
  assertEquals(sink.receive(into), 3);
  return { address: sink.sender4, port: sink.senderPort };
}

Deno.test("the server sees the router's address and the client's port, and its answer reaches the client", () => {
  const lab = masqueradeLab();
  const sink = new UdpSocket(lab.server.udp), source = new UdpSocket(lab.client.udp);
  sink.bind(SERVER, 9);
  source.bind(CLIENT, 4000);
  source.connect(SERVER, 9);
  assertEquals(ask(lab, source, sink), { address: OUTSIDE, port: 4000 });
  sink.send(Uint8Array.of(7), OUTSIDE, 4000);
  run(lab.world, 0.1);
  const into = new Uint8Array(16);
  assertEquals(source.receive(into), 1);
  assertEquals(into[0], 7);
});

Deno.test("a port that is taken by another connection is changed, the same for the same seed", () => {
  const ports = [1, 1].map((seed) => {
    const lab = masqueradeLab(seed);
    const sink = new UdpSocket(lab.server.udp),
      source = new UdpSocket(lab.client.udp),
      own = new UdpSocket(lab.router.udp);
    sink.bind(SERVER, 9);
    own.bind(OUTSIDE, 4000);
    own.connect(SERVER, 9);
    assertEquals(ask(lab, own, sink), { address: OUTSIDE, port: 4000 });
    source.bind(CLIENT, 4000);
    source.connect(SERVER, 9);
    const { address, port } = ask(lab, source, sink);
    assertEquals(address, OUTSIDE);
    assertNotEquals(port, 4000);
    return port;
  });
  assertEquals(ports[0], ports[1]);
});

Deno.test("a UDP connection is forgotten after 30 seconds, one with answers after 120", () => {
  const lab = masqueradeLab();
  const { conntrack } = lab.router.ruleset.netfilter;
  const sink = new UdpSocket(lab.server.udp), source = new UdpSocket(lab.client.udp);
  sink.bind(SERVER, 9);
  source.bind(CLIENT, 4000);
  source.connect(SERVER, 9);
  ask(lab, source, sink);
  assertEquals(conntrack.count, 1);
  run(lab.world, 29);
  assertEquals(conntrack.living().length, 1);
  run(lab.world, 2);
  assertEquals(conntrack.count, 0);
  ask(lab, source, sink);
  for (let i = 0; i < 4; i++) {
    sink.send(Uint8Array.of(7), OUTSIDE, 4000);
    run(lab.world, 1);
  }
  run(lab.world, 100);
  assertEquals(conntrack.living().length, 1);
  run(lab.world, 30);
  assertEquals(conntrack.count, 0);
});

Deno.test("nf_conntrack_max: connections that are not assured give way to new ones", () => {
  const lab = masqueradeLab();
  const { conntrack } = lab.router.ruleset.netfilter;
  sysctl(lab.router, "net/netfilter/nf_conntrack_max", "4");
  for (let port = 4000; port < 4100; port++) {
    const source = new UdpSocket(lab.client.udp);
    source.bind(CLIENT, port);
    source.connect(SERVER, 9);
    source.send(Uint8Array.of(1));
  }
  run(lab.world, 0.1);
  assertEquals(conntrack.count <= 4, true);
});

Deno.test("an ICMP error about a translated datagram reaches its sender", () => {
  const lab = masqueradeLab();
  const source = new UdpSocket(lab.client.udp);
  source.bind(CLIENT, 4000);
  source.connect(SERVER, 77);
  source.send(Uint8Array.of(1));
  run(lab.world, 0.1);
  assertEquals(lab.client.mib.icmp.InDestUnreachs, 1);
  assertEquals(lab.client.mib.icmp.InErrors, 0);
  assertEquals(lab.client.mib.icmp.InCsumErrors, 0);
});

Deno.test("fragments are put together, translated, and cut again", () => {
  const lab = masqueradeLab();
  const sink = new UdpSocket(lab.server.udp), source = new UdpSocket(lab.client.udp);
  sink.bind(SERVER, 9);
  source.bind(CLIENT, 4000);
  source.connect(SERVER, 9);
  source.send(new Uint8Array(5000).fill(3));
  run(lab.world, 0.1);
  const into = new Uint8Array(6000);
  assertEquals(sink.receive(into), 5000);
  assertEquals(sink.sender4, OUTSIDE);
  assertEquals(lab.server.mib.udp.InCsumErrors, 0);
});

Deno.test("after the rules are gone, packets pass as before, and no packet is left", () => {
  const lab = masqueradeLab();
  nft(lab.router, "flush ruleset");
  assertEquals(lab.router.netfilter, null);
});
