/**
 * The door to the real machine, with the clients that are installed: curl, ab, wrk, ssh, Chromium. What is not there is passed over
 * and said so.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Host, Network, NetworkUsageError } from "../../mod.ts";
import "../../src/ssh/mod.ts";

const root = new URL("../../", import.meta.url);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a real program, or says that there is none. */
async function real(program: string, args: string[], stdin = ""): Promise<Ended | null> {
  try {
    const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin)).then(() => writer.close()).catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const text = (data: Uint8Array) => new TextDecoder().decode(data);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`skipped: there is no ${program} on this machine`);
    return null;
  }
}

/** A server behind a door, while `body` runs. */
async function behindDoor(
  handler: (request: Request) => Response | Promise<Response>,
  body: (url: string, host: Host) => Promise<void>,
): Promise<void> {
  using net = new Network({ seed: 1, clock: "real" });
  const host = net.host("web");
  await net.run(async () => {
    const server = host.serve({ port: 80 }, handler);
    using door = net.publish(host, { port: 80, to: { port: 0 } });
    await body(`http://127.0.0.1:${door.addr.port}/`, host);
    await server.shutdown();
  });
}

Deno.test("a door needs the real clock, and the loopback unless more was asked for", () => {
  using virtual = new Network();
  assertThrows(() => virtual.publish(virtual.host("a"), { port: 80 }), NetworkUsageError, "real world");
  assertThrows(() => virtual.uplink(virtual.host("b"), { allow: [] }), NetworkUsageError, "real world");
  using net = new Network({ clock: "real" });
  const host = net.host("a");
  const wide = { port: 80, to: { hostname: "0.0.0.0", port: 0 } };
  assertThrows(() => net.publish(host, wide), NetworkUsageError, "exposeBeyondLoopback");
});

Deno.test("fetch, requests in one go, and a namespace where nobody listens", async () => {
  await behindDoor(async (request) => new Response(`${request.method} ${await request.text()}`), async (url, host) => {
    assertEquals(await (await fetch(url, { method: "POST", body: "hello" })).text(), "POST hello");
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
    const one = "GET / HTTP/1.1\r\nHost: web\r\n\r\n",
      last = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
    await conn.write(new TextEncoder().encode(one.repeat(9) + last));
    const answers = await new Response(conn.readable).text();
    assertEquals(answers.match(/HTTP\/1\.1 200 OK\r\n/g)?.length, 10);
    using closed = host.network.publish(host, { port: 81, to: { port: 0 } });
    const nobody = `http://127.0.0.1:${closed.addr.port}/`;
    await assertRejects(() => fetch(nobody), TypeError);
    assertEquals(closed.counters, { connections: 1, refused: 1 });
  });
});

Deno.test("an uplink lets through what is listed only", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("real"));
  using net = new Network({ seed: 1, clock: "real" });
  const host = net.host("a");
  using _uplink = net.uplink(host, { allow: [`localhost.test:${server.addr.port}`, `127.0.0.1:${server.addr.port}`] });
  await net.run(async () => {
    const url = `http://localhost.test:${server.addr.port}/`;
    await assertRejects(() => host.connect({ hostname: "192.0.2.1", port: 9 }), Error);
    const refused = await host.fetch(url).then((response) => response.text(), (error) => error.name);
    assert(["real", "TypeError"].includes(refused), refused);
  });
  await server.shutdown();
});

Deno.test("real curl: kept connections, a chunked upload, HTTPS with the network's authority", async () => {
  await behindDoor(async (request) => new Response(`${(await request.bytes()).length}\n`), async (url, host) => {
    const several = await real("curl", ["-sS", "-v", url, url, url]);
    if (several === null) return;
    assertEquals(several.stdout, "0\n0\n0\n");
    assertEquals(several.stderr.match(/Re-using existing connection/g)?.length, 2);
    const chunked = ["-sS", "-H", "Transfer-Encoding: chunked", "-T", "-", url];
    assertEquals((await real("curl", chunked, "x".repeat(300_000)))?.stdout, "300000\n");
    const ca = host.network.ca();
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/ca.pem`, ca.cert);
    const server = host.serve({ port: 443, ...ca.issue(["localhost"]) }, () => new Response("over TLS"));
    using door = host.network.publish(host, { port: 443, to: { port: 0 } });
    const secure = `https://localhost:${door.addr.port}/`;
    assertEquals((await real("curl", ["-sS", "--cacert", `${folder}/ca.pem`, secure]))?.stdout, "over TLS");
    const refused = await real("curl", ["-sS", secure]);
    assertEquals([refused?.code, refused?.stderr.includes("certificate")], [60, true]);
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  });
});

Deno.test("ab and wrk for a second or two without an error", async () => {
  await behindDoor(() => new Response("Hello, World!"), async (url) => {
    const ab = await real("ab", ["-q", "-k", "-c", "10", "-n", "2000", url]);
    if (ab !== null) {
      assertStringIncludes(ab.stdout, "Complete requests:      2000");
      assertStringIncludes(ab.stdout, "Failed requests:        0");
    }
    const wrk = await real("wrk", ["-t1", "-c10", "-d2s", url]);
    if (wrk !== null) {
      assertStringIncludes(wrk.stdout, "requests in");
      assertEquals(/Socket errors|Non-2xx/.test(wrk.stdout), false, wrk.stdout);
    }
  });
});

Deno.test("a real ssh logs in, runs a command, and carries data both ways", async () => {
  if (await real("sshpass", ["-V"]) === null || await real("ssh", ["-V"]) === null) return;
  using net = new Network({ seed: 1, clock: "real" });
  const host = net.host("ubuntu-host");
  using _server = host.sshd({ users: { root: "secret" } });
  using door = net.publish(host, { port: 22, to: { port: 0 } });
  await net.run(async () => {
    const ssh = (password: string, ...words: string[]) => {
      const quiet = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"];
      return [
        "-p",
        password,
        "ssh",
        "-F",
        "/dev/null",
        ...quiet,
        "-p",
        `${door.addr.port}`,
        "root@127.0.0.1",
        ...words,
      ];
    };
    const shown = await real("sshpass", ssh("secret", "hostname; exit 5"));
    assertEquals(shown, { code: 5, stdout: "ubuntu-host\n", stderr: "" });
    const login = await real("sshpass", ssh("secret"), "hostname\nexit 3\n");
    assert(login!.stdout.startsWith("Welcome to Ubuntu 22.04.1 LTS"), login!.stdout);
    assertEquals([login!.code, login!.stdout.endsWith("ubuntu-host\n")], [3, true]);
    assertEquals((await real("sshpass", ssh("secret", "wc -c"), "x".repeat(200_000)))?.stdout, "200000\n");
    assertStringIncludes((await real("sshpass", ssh("wrong", "true")))!.stderr, "Permission denied, please try again.");
  });
});

Deno.test("headless Chromium shows the article's page through the door", async () => {
  if (await real("chromium", ["--version"]) === null) return;
  const args = ["run", "--allow-net", "--no-check", "--no-lock", "examples/web_server_browser.ts", "0"];
  const server = new Deno.Command(Deno.execPath(), { args, cwd: root, stdout: "piped", stderr: "inherit" }).spawn();
  const reader = server.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  const folder = await Deno.makeTempDir();
  try {
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}`, "--timeout=10000"];
    const page = await real("chromium", [...flags, "--dump-dom", url]);
    assertStringIncludes(page!.stdout, "<b>ubuntu-host</b>");
    assertStringIncludes(page!.stdout, "inet 192.33.136.6  netmask 255.255.255.0  broadcast 192.33.136.255");
  } finally {
    server.kill();
    await reader.cancel();
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("netns run --publish opens a port of a namespace that the script makes", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(
    file,
    "ip netns add web\nip -n web link set lo up\nip netns exec web nc -l -p 80 -q 1 < /etc/hostname\n",
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "tests/jsr/std.ts"], cwd: root })
    .output();
  const map = new TextDecoder().decode(stdout).trim();
  const args = ["run", "-A", "--no-check", "--no-lock", ...(map === "" ? [] : [map]), "src/cli/main.ts"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, "run", "--publish", "0:web:80", file],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.getReader();
  const said = new TextDecoder().decode((await reader.read()).value);
  const port = Number(/^netns: 127\.0\.0\.1:(\d+) is port 80 of web\n/.exec(said)?.[1]);
  let text = "";
  for (let tries = 0; text === "" && tries < 100; tries++) {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(100);
    const count = await conn.read(buffer).catch(() => null);
    text = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  }
  assertEquals(text, "ubuntu-host\n");
  await child.stdout.cancel();
  await reader.cancel();
  assertEquals((await child.status).code, 0);
  await Deno.remove(file);
});
