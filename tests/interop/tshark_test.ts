/** tshark reads what the emulator captures; skipped when it is missing. */
import { assert, assertEquals } from "@std/assert";
import { type Host, Network } from "../../mod.ts";
import { assertSound, tshark } from "./tshark.ts";

const missing = await new Deno.Command("tshark", { args: ["--version"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => !success, () => true);
if (missing) console.log("tshark: skipped, it is not there");

function read(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: missing, fn });
}

/** a and b at the ports of a bridge, with a VLAN between them; c behind the router that hangs on the bridge too. */
function busyNetwork(): { net: Network; sw: Host; a: Host; b: Host; r: Host; c: Host } {
  const net = new Network({ seed: 21 });
  const [sw, a, b, r, c] = ["sw", "a", "b", "r", "c"].map((name) => net.host(name));
  net.veth([a, "eth0", "10.1.0.1/24", "fd01::1/64"], [sw, "p0"], { delay: "1ms" });
  net.veth([b, "eth0", "10.1.0.2/24", "fd01::2/64"], [sw, "p1"], { delay: "1ms" });
  net.veth([r, "eth0", "10.1.0.254/24", "fd01::ff/64"], [sw, "p2"], { delay: "1ms" });
  net.veth([r, "eth1", "10.2.0.254/24", "fd02::ff/64"], [c, "eth0", "10.2.0.3/24", "fd02::3/64"], {
    delay: "4ms",
    jitter: "1ms",
    loss: "2%",
    duplicate: "1%",
  });
  return { net, sw, a, b, r, c };
}

async function setUp({ sw, a, b, r, c }: ReturnType<typeof busyNetwork>): Promise<void> {
  await run(sw, "ip link add br0 type bridge; ip link set br0 up");
  for (const port of ["p0", "p1", "p2"]) await run(sw, `ip link set ${port} master br0`);
  await run(r, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
  for (const host of [a, b]) {
    await run(host, "ip route add default via 10.1.0.254; ip -6 route add default via fd01::ff");
  }
  await run(c, "ip route add default via 10.2.0.254; ip -6 route add default via fd02::ff");
  for (const [host, address] of [[a, "10.10.0.1/24"], [b, "10.10.0.2/24"]] as const) {
    await run(host, `ip link add link eth0 name eth0.10 type vlan id 10; ip addr add ${address} dev eth0.10`);
    await run(host, "ip link set eth0.10 up");
  }
  for (const host of [a, b, c]) await run(host, "echo nameserver 10.1.0.254 > /etc/resolv.conf");
}

async function run(host: Host, line: string): Promise<void> {
  const { code, stderr } = await host.exec(line);
  assertEquals([code, stderr], [0, ""], line);
}

async function exchange(client: Host, url: string, body: string): Promise<void> {
  const response = await client.fetch(url, { method: "POST", body });
  assertEquals(await response.text(), body);
}

async function chat(client: Host, url: string): Promise<void> {
  const socket = new client.WebSocket(url);
  const said = new Promise<string>((resolve) => socket.onmessage = (event) => resolve(event.data));
  socket.onopen = () => socket.send("hello");
  assertEquals(await said, "hello");
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
}

async function datagrams(from: Host, to: Host, hostname: string): Promise<void> {
  using server = to.listenDatagram({ transport: "udp", hostname, port: 47100 });
  using client = from.listenDatagram({
    transport: "udp",
    hostname: hostname.includes(":") ? "::" : "0.0.0.0",
    port: 0,
  });
  for (const size of [0, 1, 1000, 20000]) {
    await client.send(new Uint8Array(size).fill(size), { transport: "udp", hostname, port: 47100 });
    const [received] = await server.receive();
    assertEquals(received.length, size);
  }
}

read("a busy network of everything: nothing malformed, no wrong checksum", async () => {
  const world = busyNetwork();
  const { net, a, b, r, c } = world;
  using _net = net;
  const capture = net.capture();
  await net.run(async () => {
    await setUp(world);
    using _dns = r.dnsServer({ zones: { "example.test": "web A 10.2.0.3\nweb AAAA fd02::3\nalias CNAME web" } });
    const server = c.serve({ port: 80, hostname: "::", onListen: () => {} }, (request) => {
      if (request.headers.get("upgrade") !== "websocket") return new Response(request.body);
      const { socket, response } = c.upgradeWebSocket(request);
      socket.onmessage = ({ data }) => socket.send(data);
      return response;
    });
    for (const size of [56, 4000]) {
      for (const to of ["10.1.0.2", "fd01::2", "10.10.0.2"]) await run(a, `ping -c 2 -i 0.1 -s ${size} ${to}`);
      for (const to of ["10.2.0.3", "fd02::3"]) await a.exec(`ping -c 5 -i 0.1 -s ${size} ${to}`);
    }
    const body = "0123456789abcdef".repeat(20000);
    await Promise.all([
      exchange(a, "http://web.example.test/", body),
      exchange(b, "http://10.2.0.3/", body),
      exchange(b, "http://[fd02::3]/", body),
      chat(a, "ws://alias.example.test/"),
      datagrams(a, b, "10.1.0.2"),
      datagrams(a, b, "fd01::2"),
    ]);
    await a.exec("traceroute -n 10.2.0.3");
    await a.exec("traceroute -n fd02::3");
    await a.exec("nc -z -w 1 10.1.0.2 81");
    await a.exec("nc -u -z -w 1 10.1.0.2 81");
    await a.exec("arping -c 2 -I eth0 10.1.0.2");
    await server.shutdown();
  });
  const bytes = capture.bytes();
  await assertSound(bytes);
  const protocols = (await tshark(bytes, "frame", "-T", "fields", "-e", "frame.protocols")).join("\n");
  for (const name of ["arp", "icmp", "icmpv6", "vlan", "udp:dns", "tcp:http", "websocket", "ip:data", "ipv6:"]) {
    assert(protocols.includes(name), `there is no ${name}`);
  }
  for (const filter of ["tcp.options.sack_le", "tcp.len > 1500", "ip.flags.mf == 1", "ipv6.fraghdr.more == 1"]) {
    assert((await tshark(bytes, filter)).length > 0, `nothing is ${filter}`);
  }
  assert((await tshark(bytes, "icmpv6.type in {143, 135, 136, 1, 3}")).length > 0);
});

read("a calm connection over lo and over a wire shows no sign of trouble", async () => {
  using net = new Network({ seed: 22 });
  const a = net.host("a"), b = net.host("b");
  net.veth([a, "eth0", "10.0.0.1/24", "fd00::1/64"], [b, "eth0", "10.0.0.2/24", "fd00::2/64"], {
    delay: "2ms",
    rate: "100mbit",
  });
  const capture = net.capture({ interfaces: ["a"] });
  await net.run(async () => {
    const body = "x".repeat(300_000);
    for (const host of [a, b]) {
      host.serve({ port: 80, hostname: "::", onListen: () => {} }, (request) => new Response(request.body));
    }
    for (const hostname of ["10.0.0.2", "[fd00::2]", "127.0.0.1", "[::1]"]) {
      await exchange(a, `http://${hostname}/`, body);
    }
  });
  await assertSound(capture.bytes(), { calm: true });
});
