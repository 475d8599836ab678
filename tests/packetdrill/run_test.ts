import { assertEquals, assertMatch } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { runScript } from "../../src/packetdrill/run.ts";
import { sysctlCommand } from "./sysctl_command.ts";
import type { Option } from "../../src/packetdrill/settings.ts";

/** Runs a script where the only command is `sysctl NAME=VALUE`; the message, or null. */
async function run(text: string, options: Option[] = [], printed: string[] = []): Promise<string | null> {
  const world = new World(1);
  const namespace = new NetworkNamespace(world, "", 1);
  const command = sysctlCommand(namespace);
  const open = () => ({ namespace, command });
  const result = await runScript(text, "t.pkt", { open, options, print: (line) => printed.push(line) });
  assertEquals(result.passed, result.error === null);
  return result.error;
}

const NO_TIMESTAMPS = "`sysctl -q net.ipv4.tcp_timestamps=0`\n";
const SERVER = `${NO_TIMESTAMPS}0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0.1 < S 0:0(0) win 65535 <mss 1000,nop,nop,sackOK,nop,wscale 7>
+0 > S. 0:0(0) ack 1 win 64240 <mss 1460,nop,nop,sackOK,nop,wscale 10>
+0.1 < . 1:1(0) ack 1 win 512
+0 accept(3, ..., ...) = 4
`; // 8 lines

Deno.test("a script that the stack follows passes", async () => {
  assertEquals(
    await run(SERVER + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n+.1 < . 1:1(0) ack 101 win 512\n"),
    null,
  );
});

Deno.test("a field that differs is named, with both packets", async () => {
  assertEquals(
    await run(SERVER.replace("win 64240", "win 29200")),
    "t.pkt:7: error handling packet: live packet field tcp_window: expected: 29200 (0x7210) vs actual: 64240 (0xfaf0)\n" +
      "script packet:  0.100000 S. 0:0(0) ack 1 win 29200 <mss 1460,nop,nop,sackOK,nop,wscale 10>\n" +
      "actual packet:  0.100000 S. 0:0(0) ack 1 win 64240 <mss 1460,nop,nop,sackOK,nop,wscale 10>",
  );
  assertMatch((await run(SERVER.replace("> S.", "> S")))!, /field tcp_ack: expected: 0 \(0x0\) vs actual: 1 \(0x1\)/);
  assertMatch((await run(SERVER.replace("mss 1460", "mss 1400")))!, /bad value outbound TCP option 2\n/);
  assertMatch(
    (await run(SERVER.replace("sackOK,nop,wscale 10", "sackOK,nop,nop,nop,nop")))!,
    /bad outbound TCP options\n/,
  );
  assertMatch(
    (await run(SERVER + "+0 write(4, ..., 5) = 5\n+0 > P. 1:7(6) ack 1")) ?? "",
    /ipv4_total_length: expected: 46 \(0x2e\) vs actual: 45 \(0x2d\)/,
  );
  assertEquals(await run(SERVER.replace("<mss 1460,nop,nop,sackOK,nop,wscale 10>", "<...>")), null);
});

Deno.test("a packet at the wrong time is a timing error, one that does not come is waited for in vain", async () => {
  const late = SERVER + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n+0.5 > P. 1:101(100) ack 1\n";
  assertMatch(
    (await run(late))!,
    /^t\.pkt:12: error handling packet: timing error: expected outbound packet at 0\.700000 sec but happened at 0\.5\d+ sec; tolerance 0\.050000 sec\nscript packet: {2}0\.700000 P\. /,
  );
  assertMatch(
    (await run(SERVER + "+0 > . 1:1(0) ack 1\n"))!,
    /^t\.pkt:10: error handling packet: Timed out waiting for packet\nscript packet:/,
  );
});

Deno.test("tolerance comes from the script or the command line", async () => {
  const text = SERVER + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n+0.35 > P. 1:101(100) ack 1\n";
  assertMatch((await run(text, [{ name: "tolerance_usecs", value: "1000" }]))!, /tolerance 0\.001000 sec/);
  assertEquals(await run("--tolerance_usecs=100000\n" + text), null);
  assertMatch((await run("--tolerance_usecs=x\n" + text))!, /^t\.pkt:1: bad value for --tolerance_usecs/);
});

Deno.test("ranges and * for times", async () => {
  const sent = SERVER + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n";
  assertEquals(await run(sent + "* > P. 1:101(100) ack 1\n+0 < . 1:1(0) ack 101 win 512\n"), null);
  assertEquals(await run(sent + "+0.1~+0.5 > P. 1:101(100) ack 1\n"), null);
  assertEquals(await run(sent + "0.3~0.6 > P. 1:101(100) ack 1\n"), null);
  assertMatch(
    (await run(sent + "+0~+0.1 > P. 1:101(100) ack 1\n"))!,
    /in relative time range \+0\.000000~\+0\.100000 sec but happened at \+0\.\d+ sec|Timed out/,
  );
});

Deno.test("//+N wait: nothing else may come out", async () => {
  const sent = SERVER + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n";
  assertEquals(await run(sent + "//+0.2 wait\n"), null);
  assertMatch(
    (await run(sent + "//+0.6 wait\n"))!,
    /^t\.pkt:12: error handling packet: unexpected outbound packet at 0\.\d+ sec\nactual packet:/,
  );
});

Deno.test("a large segment may come as several", async () => {
  assertEquals(
    await run(
      SERVER + "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:3001(3000) ack 1 win 63\n+.1 < . 1:1(0) ack 3001 win 512\n",
    ),
    null,
  );
  assertMatch(
    (await run(SERVER + "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:3501(3500) ack 1 win 63\n"))!,
    /ipv4_total_length/,
  );
});

Deno.test("results, errnos and unknown things of calls", async () => {
  assertEquals(
    await run("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 listen(3, 1) = -1 EINVAL (Invalid argument)"),
    "t.pkt:2: runtime error in listen call: Expected result -1 but got 0",
  );
  assertEquals(
    await run("0 close(9) = 0"),
    "t.pkt:1: runtime error in close call: Expected result 0 but got -1 with errno 9 (Bad file descriptor)",
  );
  assertEquals(
    await run("0 close(9) = -1 EINVAL (Invalid argument)"),
    "t.pkt:1: runtime error in close call: Expected errno 22 (Invalid argument) but got 9 (Bad file descriptor)",
  );
  assertEquals(await run("0 nothing(1) = 0"), "t.pkt:1: runtime error in nothing call: Unknown system call: 'nothing'");
  assertEquals(
    await run("0 socket(..., SOCK_FOO, 0) = 3"),
    "t.pkt:1: runtime error in socket call: unknown symbol: 'SOCK_FOO'",
  );
  assertEquals(await run("`false`\n0 close(9) = 0"), "t.pkt:1: error executing `false` command: non-zero status 1");
});

Deno.test("blocking calls return when their time has come", async () => {
  assertEquals(
    await run(`${NO_TIMESTAMPS}0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0...0.1 connect(3, ..., ...) = 0
+0 > S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10>
+.1 < S. 0:0(0) ack 1 win 65535 <mss 1000>
+0 > . 1:1(0) ack 1
+0...0.3 read(3, ..., 100) = 50
+.3 < P. 1:51(50) ack 1 win 100
+0 > . 1:1(0) ack 51
`),
    null,
  );
  const listening = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n";
  assertMatch(
    (await run(listening + "+0...0.2 accept(3, ..., ...) = 4\n+.5 `sysctl net.ipv4.tcp_ecn=1`\n"))!,
    /runtime error in accept call: system call did not return/,
  );
  assertEquals(await run(listening + "+0 accept(3, ..., ...) = -1 EAGAIN (Resource temporarily unavailable)"), null);
});

Deno.test("poll, epoll and ioctl say what is there", async () => {
  assertEquals(
    await run(
      SERVER + `+0 epoll_create(1) = 5
+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLRDHUP, fd=4}) = 0
+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 0
+0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1
+0...0.1 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 1000) = 1
+.1 < P. 1:101(100) ack 1 win 512
+0 > . 1:1(0) ack 101
+0 ioctl(4, SIOCINQ, [100]) = 0
+0 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 0) = 1
+0 recv(4, ..., 30, MSG_PEEK) = 30
+0 read(4, ..., 1000) = 100
+0...0.5 poll([{fd=4, events=POLLIN, revents=0}], 1, 500) = 0
+.6 write(4, ..., 10) = 10
+0 > P. 1:11(10) ack 101
+0 ioctl(4, SIOCOUTQ, [10]) = 0
+.05 < F. 101:101(0) ack 11 win 512
*  > . 11:11(0) ack 102
+0 epoll_wait(5, {events=EPOLLIN|EPOLLRDHUP, fd=4}, 1, 0) = 1
`,
    ),
    null,
  );
});

Deno.test("socket options are set and read", async () => {
  assertEquals(
    await run(
      SERVER + `+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, 8) = 0
+0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, [8]) = 0
+0 getsockopt(4, SOL_TCP, TCP_CONGESTION, "cubic", [16]) = 0
+0 setsockopt(4, SOL_TCP, TCP_CONGESTION, "reno", 4) = 0
+0 getsockopt(4, IPPROTO_TCP, TCP_CONGESTION, "reno", [16]) = 0
+0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [1], [4]) = 0
+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
+0 getsockopt(4, SOL_SOCKET, SO_TYPE, [SOCK_STREAM], [4]) = 0
`,
    ),
    null,
  );
  assertMatch(
    (await run(SERVER + "+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [1], [4]) = 0"))!,
    /Bad getsockopt optval: expected: 1 actual: 0/,
  );
});

Deno.test("code asserts on tcp_info and prints", async () => {
  const printed: string[] = [];
  assertEquals(
    await run(
      SERVER + "+0 %{ assert tcpi_state == TCP_ESTABLISHED and tcpi_snd_cwnd == 10; print(tcpi_snd_mss) }%",
      [],
      printed,
    ),
    null,
  );
  assertEquals(printed, ["1000"]);
  assertEquals(
    await run(SERVER + "+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%"),
    "t.pkt:10: error executing code: AssertionError: 10",
  );
});

Deno.test("UDP and ICMP, both ways", async () => {
  assertEquals(
    await run(`0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3
+0 bind(3, ..., ...) = 0
+0 connect(3, ..., ...) = 0
+0 write(3, ..., 10) = 10
+0 > udp (10)
+.1 < udp (20)
+0 recvfrom(3, ..., 100, 0, ..., ...) = 20
+0 send(3, ..., 5, 0) = 5
+0 > udp (5)
+.1 < [udp (5)] icmp unreachable port_unreachable
+0 write(3, ..., 10) = -1 ECONNREFUSED (Connection refused)
+0 sendto(3, ..., 7, 0, {sa_family = AF_INET, sin_port = htons(5000), sin_addr = inet_addr("192.0.2.1")}, ...) = 7
+0 > udp (7)
+0 < icmp echo_request id 9
+0 > icmp echo_reply id 9
+.1 < udp 1 > 9999 (4)
+0 > icmp unreachable port_unreachable
`),
    null,
  );
});

Deno.test("Path MTU discovery cuts what was too large", async () => {
  assertEquals(
    await run(
      SERVER + `+0 write(4, ..., 1000) = 1000
+0 > P. 1:1001(1000) ack 1
+.1 < [1:1001(1000)] icmp unreachable frag_needed mtu 600
+0 > . 1:561(560) ack 1
+0 > P. 561:1001(440) ack 1
+.1 < . 1:1(0) ack 1001 win 512
`,
    ),
    null,
  );
});

Deno.test("timestamps: outgoing ones are the script's, and may be echoed", async () => {
  assertEquals(
    await run(`0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1000,sackOK,TS val 700 ecr 0,nop,wscale 7>
+0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 700,nop,wscale 10>
+.1 < . 1:1(0) ack 1 win 512 <nop,nop,TS val 800 ecr 100>
+0 accept(3, ..., ...) = 4
+0 write(4, ..., 100) = 100
+0 > P. 1:101(100) ack 1 <nop,nop,TS val 200 ecr 800>
+.1 < . 1:1(0) ack 101 win 512 <nop,nop,TS val 900 ecr 200>
+0 %{ assert 90000 < tcpi_rtt < 110000, tcpi_rtt }%
`),
    null,
  );
});

Deno.test("over IPv6", async () => {
  assertEquals(
    await run(
      "--ip_version=ipv6\n" + SERVER.replace("mss 1460", "mss 1440").replace("64240", "64800") +
        "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n",
    ),
    null,
  );
});

Deno.test("after a script nothing is left", async () => {
  const world = new World(1);
  const namespace = new NetworkNamespace(world, "", 1);
  const text = SERVER.replace(NO_TIMESTAMPS, "").replace(/<mss 1460.*>/, "<...>").replace("win 64240", "win 64240");
  const result = await runScript(text, "t", { open: () => ({ namespace, command: () => Promise.resolve(0) }) });
  assertEquals(result.error, null);
  for (let i = 0; i < 1000 && world.scheduler.nextAt() < 1e12; i++) world.scheduler.step();
  assertEquals(world.packets.outstanding, 0);
});
