/**
 * The stack against the real kernel's, frame by frame over a TAP: needs root, `ip`, `python3`, and for each subject its program.
 * Says why when it is skipped.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Host, Network, type TcpConn } from "../../mod.ts";
import { has, KernelHost, whyNot } from "./kernel.ts";
import { assertSound } from "./tshark.ts";

const reason = await whyNot();
if (reason !== null) console.log(`interop with the kernel: skipped, ${reason}`);
const there = new Set<string>();
for (const program of ["iperf3", "nc", "curl", "ping", "tshark", "traceroute", "ss"]) {
  if (await has(program)) there.add(program);
  else if (reason === null) console.log(`interop with the kernel: no ${program}, what needs it is skipped`);
}

/** A host of ours beside the kernel's. */
interface Neighbours {
  net: Network;
  ours: Host;
  kernel: KernelHost;
}

/** A kernel's host, our router, and a host of ours behind a wire that loses. */
interface Routed extends Neighbours {
  router: Host;
}

/** The kernels' addresses, as tshark's filters name senders. */
const FROM_KERNEL = "ip.src in {10.9.0.2, 10.9.1.2} || ipv6.src in {fd09::2, fd09:1::2}";
const SIZE = 3 << 20;
const TIME_LIMIT = "60s";

function interop(name: string, programs: string[], body: () => Promise<void>): void {
  const ignore = reason !== null || programs.some((program) => !there.has(program));
  Deno.test({ name, ignore, fn: () => body().finally(() => KernelHost.disposeOfAll()) });
}

async function neighbours(body: (all: Neighbours) => Promise<void>): Promise<void> {
  using net = new Network({ clock: "real", seed: 5 });
  const ours = net.host("ours");
  await net.run(async () => {
    await using kernel = await KernelHost.join(ours, "eth0", "10.9.0.2/24", "fd09::2/64");
    await ours.exec("ip addr add 10.9.0.1/24 dev eth0; ip addr add fd09::1/64 dev eth0 nodad");
    await body({ net, ours, kernel });
  }, { timeLimit: TIME_LIMIT });
}

async function routed(body: (all: Routed) => Promise<void>, wire = { delay: "3ms", loss: "1%" }): Promise<void> {
  using net = new Network({ clock: "real", seed: 6 });
  const router = net.host("router"), ours = net.host("ours");
  net.veth([router, "eth1", "10.9.1.1/24", "fd09:1::1/64"], [ours, "eth0", "10.9.1.3/24", "fd09:1::3/64"], wire);
  await net.run(async () => {
    await using kernel = await KernelHost.join(router, "eth0", "10.9.0.2/24", "fd09::2/64");
    await router.exec("ip addr add 10.9.0.1/24 dev eth0; ip addr add fd09::1/64 dev eth0 nodad");
    await router.exec("sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await ours.exec("ip route add default via 10.9.1.1; ip -6 route add default via fd09:1::1");
    await kernel.sh("ip route add default via 10.9.0.1; ip -6 route add default via fd09::1");
    await body({ net, ours, router, kernel });
  }, { timeLimit: TIME_LIMIT });
}

function pattern(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = 0x40 | (Math.imul(i, 0x9e3779b1) >>> 26); // no dissector takes it for its own
  return bytes;
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function readAll(conn: TcpConn): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(conn.readable).arrayBuffer());
}

async function writeAll(conn: TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
  await conn.closeWrite();
}

const content = pattern(SIZE);
const sum = await digest(content);

/** The kernel's nc sends a file to ours, and ours sends it back before it closes. */
async function echoThroughOurs(ours: Host, kernel: KernelHost, hostname: string): Promise<void> {
  using listener = ours.listen({ hostname, port: 47000 });
  const served = listener.accept().then(async (conn) => {
    const received = await readHalf(conn);
    await writeAll(conn, received);
    conn.close();
    return await digest(received);
  });
  const file = await Deno.makeTempFile();
  await Deno.writeFile(file, content);
  const back = await kernel.sh(`nc -N ${hostname} 47000 < ${file} | sha256sum`);
  await Deno.remove(file);
  assertEquals([await served, back.slice(0, 64)], [sum, sum]);
}

/** Reads until the peer's FIN, without closing. */
async function readHalf(conn: TcpConn): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(SIZE + 1); // a read into nothing would be 0 for ever
  let got = 0;
  for (let n = await conn.read(all); n !== null; n = await conn.read(all.subarray(got))) got += n;
  return all.subarray(0, got);
}

/** Ours sends to the kernel's nc, and reads what another one of the kernel's sends. */
async function throughTheKernels(ours: Host, kernel: KernelHost, hostname: string): Promise<void> {
  const file = await Deno.makeTempFile();
  const receiver = kernel.start("sh", "-c", `nc -l ${hostname} 47001 | sha256sum`);
  await kernel.listening(47001);
  const up = await ours.connect({ hostname, port: 47001 });
  await writeAll(up, content);
  assertEquals(await up.read(new Uint8Array(1)), null);
  up.close();
  assertStringIncludes(await new Response(receiver.stdout).text(), sum);

  await Deno.writeFile(file, content);
  kernel.start("sh", "-c", `nc -N -l ${hostname} 47002 < ${file}`);
  await kernel.listening(47002);
  const down = await ours.connect({ hostname, port: 47002 });
  assertEquals(await digest(await readAll(down)), sum); // no half close: this nc would stop sending
  await Deno.remove(file);
}

for (const [family, ours4, kernel4] of [["IPv4", "10.9.0.1", "10.9.0.2"], ["IPv6", "fd09::1", "fd09::2"]]) {
  interop(`${family}: nc of the kernel through ours, ours through nc of the kernel; the trace is sound`, [
    "nc",
    "ss",
    "tshark",
  ], () =>
    neighbours(async ({ net, ours, kernel }) => {
      // Without probes for the loss of the tail: a busy machine answers later than after two round trips.
      for (const side of [ours, kernel]) await side.exec("sysctl -w net.ipv4.tcp_early_retrans=0");
      const capture = net.capture({ interfaces: ["ours/eth0"] });
      await echoThroughOurs(ours, kernel, ours4);
      await throughTheKernels(ours, kernel, kernel4);
      capture.stop();
      assertEquals(kernel.frames.dropped, 0);
      await assertSound(capture.bytes(), { calm: true, kernel: FROM_KERNEL });
    }));
}

for (const [family, oursAt, kernelAt] of [["IPv4", "10.9.1.3", "10.9.0.2"], ["IPv6", "fd09:1::3", "fd09::2"]]) {
  interop(
    `${family}: the same over our router and a wire that delays and loses`,
    ["nc", "ss", "tshark"],
    () =>
      routed(async ({ net, ours, kernel }) => {
        const capture = net.capture({ interfaces: ["ours/eth0"] });
        await echoThroughOurs(ours, kernel, oursAt);
        await throughTheKernels(ours, kernel, kernelAt);
        capture.stop();
        await assertSound(capture.bytes(), { kernel: FROM_KERNEL });
      }),
  );
}

interop("ping both ways in both families, also in fragments", ["ping"], () =>
  neighbours(async ({ ours, kernel }) => {
    for (const size of [56, 1472, 8000, 60000]) {
      for (const [from, to] of [["10.9.0.2", "10.9.0.1"], ["fd09::2", "fd09::1"]]) {
        const line = `ping -c 2 -i 0.3 -s ${size}`;
        assertStringIncludes((await kernel.exec(`${line} ${to}`)).stdout, "2 received", `${line} ${to}`);
        assertStringIncludes((await ours.exec(`${line} ${from}`)).stdout, "2 received", `${line} ${from}`);
      }
    }
    assertMatch(await kernel.sh("ip neigh"), /10\.9\.0\.1 dev tap0 lladdr/);
    assertMatch((await ours.exec("ip neigh")).stdout, /fd09::2 dev eth0 lladdr/);
  }));

interop(
  "curl of the kernel against serve of ours, fetch and curl of ours against the kernel's python",
  ["curl"],
  () =>
    routed(async ({ ours, kernel }) => {
      await using server = ours.serve({ port: 80, hostname: "::", onListen: () => {} }, async (request) => {
        if (request.method === "POST") return new Response(await digest(new Uint8Array(await request.arrayBuffer())));
        return new Response(content);
      });
      for (const host of ["10.9.1.3", "[fd09:1::3]"]) {
        const down = await kernel.sh(`curl -sS http://${host}/ | sha256sum`);
        assertEquals(down.slice(0, 64), sum);
      }
      const folder = await Deno.makeTempDir();
      await Deno.writeFile(`${folder}/file`, content);
      assertEquals(await kernel.sh(`curl -sS --data-binary @${folder}/file http://10.9.1.3/`), sum);
      kernel.start("python3", "-m", "http.server", "-b", "::", "-d", folder, "8000");
      await kernel.listening(8000);
      for (const host of ["10.9.0.2", "[fd09::2]"]) {
        const response = await ours.fetch(`http://${host}:8000/file`);
        assertEquals(await digest(new Uint8Array(await response.arrayBuffer())), sum);
      }
      const { stdout } = await ours.exec("curl -s http://10.9.0.2:8000/file | sha256sum");
      assertEquals(stdout.slice(0, 64), sum);
      await Deno.remove(folder, { recursive: true });
      await server.shutdown();
    }, { delay: "2ms", loss: "0.5%" }),
);

interop(
  "iperf3 of ours against the kernel's, and the kernel's against ours, both ways",
  ["iperf3", "ss"],
  () =>
    routed(async ({ ours, kernel }) => {
      kernel.start("iperf3", "-s");
      await kernel.listening(5201);
      for (const options of ["-n 2M", "-n 2M -R", "-6 -n 1M -P 2"]) {
        const to = options.includes("-6") ? "fd09::2" : "10.9.0.2";
        await kernel.listening(5201); // it closes its socket after each test, and opens another
        const { code, stdout, stderr } = await ours.exec(`iperf3 -c ${to} ${options}`);
        assertEquals(code, 0, `${options}\n${stdout}${stderr}`);
        assertStringIncludes(stdout, "receiver");
      }
      const stop = new AbortController();
      const server = ours.exec("iperf3 -s -p 5202", { signal: stop.signal }).catch(() => {});
      for (const options of ["-n 2M", "-n 2M -R"]) {
        const result = JSON.parse(await kernel.sh(`iperf3 -J -c 10.9.1.3 -p 5202 ${options}`));
        assertEquals(result.error, undefined, options);
      }
      stop.abort();
      await server;
    }, { delay: "1ms", loss: "0.2%" }),
);

interop(
  "iperf3 over UDP, ours against the kernel's and the kernel's against ours",
  ["iperf3", "ss"],
  () =>
    neighbours(async ({ ours, kernel }) => {
      kernel.start("iperf3", "-s");
      await kernel.listening(5201);
      const { code, stdout, stderr } = await ours.exec("iperf3 -c 10.9.0.2 -u -b 5M -n 300K");
      assertEquals(code, 0, stdout + stderr);
      const stop = new AbortController();
      const server = ours.exec("iperf3 -s", { signal: stop.signal }).catch(() => {});
      const result = JSON.parse(await kernel.sh("iperf3 -J -c 10.9.0.1 -u -b 5M -n 300K"));
      assertEquals(result.error, undefined);
      stop.abort();
      await server;
    }),
);

interop(
  "a closed port refuses, a reset resets, in both directions",
  ["nc", "ss"],
  () =>
    neighbours(async ({ ours, kernel }) => {
      const refused = await ours.connect({ hostname: "10.9.0.2", port: 1 }).catch((error: Error) => error);
      assert(refused instanceof Deno.errors.ConnectionRefused, String(refused));
      assertStringIncludes((await kernel.exec("nc -v -z 10.9.0.1 1")).stderr, "Connection refused");
      const child = kernel.start("nc", "-l", "10.9.0.2", "47003");
      await kernel.listening(47003);
      const conn = await ours.connect({ hostname: "10.9.0.2", port: 47003 });
      child.kill("SIGSTOP");
      await writeAll(conn, content.subarray(0, 50000));
      child.kill("SIGKILL"); // unread data: the kernel resets
      const end = await conn.read(new Uint8Array(1)).catch((error: Error) => error);
      assert(end instanceof Deno.errors.ConnectionReset, String(end));
      conn.close();
    }),
);

interop("the kernel's traceroute, PMTU and iperf3 through our router between two kernels", [
  "traceroute",
  "iperf3",
  "nc",
  "ss",
  "ping",
  "tshark",
], async () => {
  using net = new Network({ clock: "real", seed: 7 });
  const router = net.host("router");
  await net.run(async () => {
    await using a = await KernelHost.join(router, "eth0", "10.9.0.2/24", "fd09::2/64");
    await using b = await KernelHost.join(router, "eth1", "10.9.1.2/24", "fd09:1::2/64");
    await router.exec("ip addr add 10.9.0.1/24 dev eth0; ip addr add fd09::1/64 dev eth0 nodad");
    await router.exec("ip addr add 10.9.1.1/24 dev eth1; ip addr add fd09:1::1/64 dev eth1 nodad");
    await router.exec("sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; ip link set eth1 mtu 1280");
    await b.sh("ip link set tap0 mtu 1280");
    await a.sh("ip route add default via 10.9.0.1; ip -6 route add default via fd09::1");
    await b.sh("ip route add default via 10.9.1.1; ip -6 route add default via fd09:1::1");
    const capture = net.capture({ interfaces: ["router/eth0"] });

    assertMatch(await a.sh("traceroute -n -w 1 10.9.1.2"), / 1 {2}10\.9\.0\.1 .*\n 2 {2}10\.9\.1\.2 /);
    assertMatch(await a.sh("traceroute -n -w 1 fd09:1::2"), / 1 {2}fd09::1 .*\n 2 {2}fd09:1::2 /);
    for (const to of ["10.9.1.2", "fd09:1::2"]) {
      await a.exec(`ping -c 2 -i 0.3 -M do -s 1400 ${to}`);
      assertMatch(await a.sh(`ip route get ${to}`), /mtu 1280/);
      assertStringIncludes(await a.sh(`ping -c 2 -i 0.3 -s 8000 ${to}`), "2 received");
    }
    b.start("iperf3", "-s");
    await b.listening(5201);
    await router.exec("tc qdisc add dev eth1 root netem delay 2ms loss 0.5%");
    for (const options of ["-n 2M", "-n 2M -R", "-6 -n 2M", "-6 -n 2M -R", "-u -b 5M -n 500K"]) {
      await b.listening(5201);
      const result = JSON.parse(
        await a.sh(`iperf3 -J -c ${options.includes("-6") ? "fd09:1::2" : "10.9.1.2"} ${options}`),
      );
      assertEquals(result.error, undefined, options);
      if (!options.includes("-u")) assert(result.end.sum_sent.bytes >= 2 << 20, options);
    }
    capture.stop();
    await assertSound(capture.bytes(), { kernel: FROM_KERNEL });
  }, { timeLimit: TIME_LIMIT });
});
