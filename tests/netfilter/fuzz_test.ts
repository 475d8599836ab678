/** Packets of any contents through NAT, and text of any kind into nft. */
import { assert, assertEquals } from "@std/assert";
import { TcpSocket } from "../../src/transport/tcp/socket.ts";
import { Random } from "../../src/time/random.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { World } from "../../src/device/world.ts";
import { checksum, fold, pseudoHeader, sumOctets } from "../../src/wire/checksum.ts";
import { put16, put32 } from "../../src/wire/octets.ts";
import { NftError } from "../../src/tools/nft/lexer.ts";
import { CLIENT, masqueradeLab, nft, OUTSIDE, run, SERVER } from "./lab.ts";

Deno.test("a TCP stream through a masquerading router arrives whole, with a segment cut where a device needs it", () => {
  const lab = masqueradeLab();
  const listener = new TcpSocket(lab.server.tcp), client = new TcpSocket(lab.client.tcp);
  listener.bind(SERVER, 80);
  listener.listen(5);
  client.connect(SERVER, 80);
  run(lab.world, 0.5);
  const accepted = listener.accept();
  assert(accepted !== null);
  const data = new Uint8Array(200_000).map((_, i) => i * 7);
  const got = new Uint8Array(data.length), piece = new Uint8Array(65536);
  let sent = 0, received = 0;
  for (let i = 0; i < 2000 && received < data.length; i++) {
    if (sent < data.length) sent += Math.max(0, client.write(data, sent));
    run(lab.world, 0.01);
    for (let n = accepted.read(piece); n > 0; n = accepted.read(piece)) {
      got.set(piece.subarray(0, n), received);
      received += n;
    }
  }
  assertEquals(received, data.length);
  assertEquals(got, data);
  assertEquals(lab.server.mib.tcp.InCsumErrors, 0);
  const [connection] = lab.router.ruleset.netfilter.conntrack.living();
  assertEquals(connection.reply.d3, OUTSIDE);
});

/** An IPv4 packet of random contents from the client to the server, right or wrong. */
function randomPacket(random: Random): Uint8Array {
  const octets = 20 + random.below(80);
  const bytes = new Uint8Array(octets);
  random.fill(bytes);
  bytes[0] = random.below(8) === 0 ? 0x46 : 0x45;
  put16(bytes, 2, octets);
  put16(bytes, 6, random.below(6) === 0 ? random.uint32() & 0x3fff : 0);
  bytes[8] = 64;
  bytes[9] = [1, 6, 17, 47][random.below(4)];
  put32(bytes, 12, CLIENT);
  put32(bytes, 16, SERVER);
  put16(bytes, 10, 0);
  const header = (bytes[0] & 15) * 4;
  if (header > octets) bytes[0] = 0x45;
  if (bytes[9] === 17 && octets >= 28) put16(bytes, 24, octets - 20);
  const at = bytes[9] === 1 ? 22 : bytes[9] === 6 ? 36 : 26;
  if (at + 2 <= octets && bytes[9] !== 47 && bytes[0] === 0x45) {
    put16(bytes, at, 0);
    const pseudo = bytes[9] === 1 ? 0 : pseudoHeader(bytes, 12, 16, 4, bytes[9], octets - 20);
    put16(bytes, at, checksum(bytes, 20, octets, pseudo) || 0xffff);
  }
  put16(bytes, 10, checksum(bytes, 0, (bytes[0] & 15) * 4));
  return bytes;
}

Deno.test("packets of any contents are translated with right checksums, or dropped, and none is lost", () => {
  const lab = masqueradeLab(), { world } = lab, random = new Random(5);
  let seen = 0;
  lab.server.netfilter = {
    rerouted: false,
    pass(place, _version, packet) {
      const { bytes, network, tail } = packet;
      if (place !== 0 || (bytes[network] & 15) !== 5 || (bytes[network + 6] & 0x3f) !== 0 || bytes[network + 7] !== 0) {
        return packet;
      }
      seen++;
      assertEquals(fold(sumOctets(bytes, network, network + 20)), 0xffff);
      packet.completeChecksum();
      const protocol = bytes[network + 9];
      if (protocol === 1 && tail - network >= 28) assertEquals(fold(sumOctets(bytes, network + 20, tail)), 0xffff);
      else if (protocol === 6 && tail - network >= 40) {
        const pseudo = pseudoHeader(bytes, network + 12, network + 16, 4, 6, tail - network - 20);
        assertEquals(fold(sumOctets(bytes, network + 20, tail, pseudo)), 0xffff);
      }
      return packet;
    },
  };
  for (let i = 0; i < 3000; i++) {
    const bytes = randomPacket(random);
    const packet = world.packets.allocate(bytes.length);
    packet.bytes.set(bytes, packet.head);
    packet.tail = packet.head + bytes.length;
    packet.network = packet.head;
    lab.router.ipv4.input(packet, lab.inside);
    if (i % 50 === 0) run(world, 0.01);
  }
  run(world, 700);
  assert(seen > 500, `${seen} packets came through`);
  assertEquals(lab.router.ruleset.netfilter.conntrack.count, 0);
  assertEquals(world.packets.outstanding, 0);
});

const WORDS =
  ("add create delete list flush insert replace table chain rule set map element ruleset ip ip6 inet t c s { } ; , . : / - = == != < " +
    '> & | ! ( ) [ ] @ @s " # \n tcp udp icmp icmpv6 dport sport flags syn type code echo-request ct state mark established new meta iif iifname lo ' +
    "l4proto saddr daddr 10.0.0.1 10.0.0.0/8 fd00::1 1 22 80 70000 0x10 accept drop reject with reset to masquerade snat dnat redirect counter " +
    'packets bytes limit rate second over burst log prefix "x" jump goto return vmap hook input output forward prerouting postrouting priority ' +
    "filter nat policy comment handle index elements typeof flags interval timeout 1h size").split(" ");

Deno.test("nft answers any text with what it says or with an error of its own, and a refused one changes nothing", () => {
  const random = new Random(9), namespace = new NetworkNamespace(new World(1), "a", 1);
  const setUp = "add table ip t; add chain ip t c; add set ip t s { type ipv4_addr; }";
  nft(namespace, setUp);
  for (let i = 0; i < 5000; i++) {
    const start =
      ["", "add rule ip t c ", "add chain ip t c { type ", "add set ip t s ", "table ip t { "][random.below(5)];
    const text = start +
      Array.from({ length: 1 + random.below(10) }, () => WORDS[random.below(WORDS.length)]).join(" ");
    const before = nft(namespace, "list ruleset");
    try {
      nft(namespace, text);
    } catch (error) {
      assert(error instanceof NftError, `${JSON.stringify(text)}: ${error}\n${(error as Error).stack}`);
      assertEquals(nft(namespace, "list ruleset"), before, text);
    }
    if (i % 100 === 0) nft(namespace, `flush ruleset; ${setUp}`);
  }
});

Deno.test("what is listed is read again as the same", () => {
  const namespace = new NetworkNamespace(new World(1), "a", 1);
  nft(
    namespace,
    "add table inet f; add set inet f s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1-192.0.2.9 }; }",
  );
  nft(namespace, "add chain inet f out; add chain inet f in { type filter hook input priority -1; policy drop; }");
  for (
    const rule of [
      "ct state established,related accept",
      "ip saddr @s counter packets 3 bytes 4 drop",
      "tcp dport { 22, 80-90 } limit rate 3/minute accept",
      "tcp flags syn / fin,syn jump out",
      "ip6 saddr fd00::/8 reject with icmpx admin-prohibited",
      "meta mark & 0x000000ff == 0x00000001 return",
      'iifname "eth*" log prefix "x"',
    ]
  ) nft(namespace, `add rule inet f in ${rule}`);
  const listed = nft(namespace, "list ruleset");
  nft(namespace, "flush ruleset");
  nft(namespace, listed);
  assertEquals(nft(namespace, "list ruleset"), listed);
});
