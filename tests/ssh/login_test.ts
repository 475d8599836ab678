import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { type Capture, type Host, Network, NetworkUsageError } from "../../mod.ts";
import "../../src/ssh/mod.ts";

const MOTD = `Welcome to Ubuntu 22.04.1 LTS (GNU/Linux 5.4.0-1106-gcp x86_64)
 * Documentation:  https://help.ubuntu.com
 * Management:     https://landscape.canonical.com
 * Support:        https://ubuntu.com/advantage
`;
const NEW = "-o StrictHostKeyChecking=accept-new";

async function onHost(body: (host: Host, network: Network, capture: Capture) => Promise<void>): Promise<void> {
  using network = new Network({ seed: 7 });
  const host = network.host("ubuntu-host");
  const capture = network.capture();
  await network.run(() => body(host, network, capture));
}

Deno.test("nobody listens: connection refused, 255", () =>
  onHost(async (host) => {
    assertEquals(await host.exec("ssh root@localhost"), {
      code: 255,
      stdout: "",
      stderr: "ssh: connect to host localhost port 22: Connection refused\r\n",
    });
    const { stderr } = await host.exec("ssh nosuch.invalid");
    assertMatch(stderr, /^ssh: Could not resolve hostname nosuch\.invalid: /);
  }));

Deno.test("a new key is asked about, a wrong password refused, the right one gives the banner and a shell", () =>
  onHost(async (host, _network, capture) => {
    const server = host.sshd({ users: { root: "tops3cret" } });
    const first = await host.exec("ssh root@localhost", { stdin: "yes\nwrong1\ntops3cret\nhostname\nexit 3\n" });
    assertEquals(first, {
      code: 3,
      stdout: `${MOTD}ubuntu-host\n`,
      stderr: `The authenticity of host 'localhost (127.0.0.1)' can't be established.
ED25519 key fingerprint is ${server.fingerprint}.
This key is not known by any other names
Are you sure you want to continue connecting (yes/no/[fingerprint])? yes
Warning: Permanently added 'localhost' (ED25519) to the list of known hosts.\r
root@localhost's password: 
Permission denied, please try again.\r
root@localhost's password: 
`,
    });
    const again = await host.exec("ssh root@localhost 'echo out; echo err >&2; cat; exit 7'", {
      stdin: "tops3cret\nin\n",
    });
    assertEquals(again, { code: 7, stdout: "out\nin\n", stderr: "root@localhost's password: \nerr\n" });
    const octets = new TextDecoder("latin1").decode(capture.bytes());
    for (const secret of ["tops3cret", "wrong1"]) assertEquals(octets.includes(secret), false);
    assertEquals(server.counters, { connections: 2, refused: 1 });
    server.close();
  }));

Deno.test("three wrong passwords end in Permission denied, 255", () =>
  onHost(async (host) => {
    using _server = host.sshd({ users: { root: "secret" } });
    assertEquals(await host.exec(`ssh -q ${NEW} root@localhost true`, { stdin: "a\nb\nc\nd\n" }), {
      code: 255,
      stdout: "",
      stderr: "root@localhost's password: \nroot@localhost's password: \nroot@localhost's password: \n",
    });
    assertEquals(
      (await host.exec("ssh root@localhost true", { stdin: "a\nb\nc\nd\n" })).stderr,
      [
        "root@localhost's password: \n",
        "Permission denied, please try again.\r\nroot@localhost's password: \n",
        "Permission denied, please try again.\r\nroot@localhost's password: \n",
        "root@localhost: Permission denied (publickey,password).\r\n",
      ].join(""),
    );
    assertEquals(
      (await host.exec("ssh -o BatchMode=yes nobody@localhost true")).stderr,
      "nobody@localhost: Permission denied (publickey,password).\r\n",
    );
  }));

Deno.test("a host that is not confirmed, not known or another one than before is refused", () =>
  onHost(async (host) => {
    using _server = host.sshd({ users: { root: "secret" } });
    const refused = "Host key verification failed.\r\n";
    const no = await host.exec("ssh localhost true", { stdin: "maybe\nno\n" });
    assertStringIncludes(
      no.stderr,
      `connecting (yes/no/[fingerprint])? maybe\nPlease type 'yes', 'no' or the fingerprint: no\n${refused}`,
    );
    assertEquals(no.code, 255);
    assertEquals(
      (await host.exec("ssh -o StrictHostKeyChecking=yes localhost true")).stderr,
      `No ED25519 host key is known for localhost and you have requested strict checking.\r\n${refused}`,
    );
    await host.exec(
      "mkdir -p .ssh; ssh-keygen -q -t ed25519 -f k -N ''; echo localhost $(cut -d' ' -f1,2 k.pub) > .ssh/known_hosts",
    );
    const changed = await host.exec("ssh localhost true", { stdin: "secret\n" });
    assertEquals(changed.code, 255);
    assertStringIncludes(changed.stderr, "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n");
    assertStringIncludes(
      changed.stderr,
      'Offending ED25519 key in /root/.ssh/known_hosts:1\r\n  remove with:\r\n  ssh-keygen -f "/root/.ssh/known_hosts" -R "localhost"\r\n',
    );
    assertStringIncludes(
      changed.stderr,
      `Host key for localhost has changed and you have requested strict checking.\r\n${refused}`,
    );
    assertEquals(
      (await host.exec("ssh-keygen -R localhost")).stdout,
      "# Host localhost found: line 1\n/root/.ssh/known_hosts updated.\nOriginal contents retained as /root/.ssh/known_hosts.old\n",
    );
    assertEquals((await host.exec(`ssh ${NEW} localhost hostname`, { stdin: "secret\n" })).stdout, "ubuntu-host\n");
  }));

Deno.test("a key of authorized_keys logs in without a password, from another host, on another port", () =>
  onHost(async (host, network) => {
    const client = network.host("client");
    network.veth([host, "eth0", "10.0.0.1/24"], [client, "eth0", "10.0.0.2/24"], { delay: "5ms" });
    client.hosts.add("10.0.0.1", "web");
    using _server = host.sshd({ port: 2222 });
    await client.exec(
      "ssh-keygen -q -t ed25519 -f ~/.ssh/id_ed25519 -N ''; mkdir -p .ssh; ssh-keygen -q -t ed25519 -f .ssh/id_ed25519 -N ''",
    );
    host.files.makeDirectory("/root/.ssh", { parents: true });
    host.files.write("/root/.ssh/authorized_keys", `# keys\n${client.files.readText("/root/.ssh/id_ed25519.pub")}`);
    const { stdout, code, stderr } = await client.exec(
      `ssh ${NEW} -p 2222 -l root web 'hostname; echo $SSH_CONNECTION; exit 9'`,
    );
    assertEquals(stderr, "Warning: Permanently added '[web]:2222' (ED25519) to the list of known hosts.\r\n");
    assertMatch(stdout, /^ubuntu-host\n10\.0\.0\.2 \d+ 10\.0\.0\.1 2222\n$/);
    assertEquals(code, 9);
    const other = await client.exec(
      "ssh-keygen -q -t ed25519 -f other -N ''; ssh -o BatchMode=yes -i other -p 2222 root@web true",
    );
    assertEquals(other.stderr, "root@web: Permission denied (publickey,password).\r\n");
  }));

Deno.test("sshd as a program takes passwords of /etc/shadow, shows /etc/motd, and ends by a signal", () =>
  onHost(async (host) => {
    const { stdout, stderr, code } = await host.exec(`
echo root:secret | chpasswd
echo Welcome here > /etc/motd
/usr/sbin/sshd -p 2200
ss -tln | wc -l
echo secret | ssh -p 2200 ${NEW} root@localhost
kill $(pgrep sshd 2>/dev/null || ps -C sshd -o pid= 2>/dev/null) 2>/dev/null
`);
    assertEquals({ stdout, code: code < 2 }, { stdout: "3\nWelcome here\n", code: true });
    assertStringIncludes(stderr, "root@localhost's password: \n");
    assertMatch(host.files.readText("/etc/shadow"), /^root:\$6\$[./0-9a-z]{16}\$[./0-9A-Za-z]{86}:/);
  }));

Deno.test("a login takes the same virtual time and the same packets each time", async () => {
  const once = async () => {
    const seen: unknown[] = [];
    await onHost(async (host, network, capture) => {
      using _server = host.sshd({ users: { root: "secret" } });
      for (let i = 0; i < 2; i++) {
        seen.push(
          await host.exec(`ssh ${NEW} root@localhost hostname`, { stdin: "secret\n" }),
          network.clock.now(),
          capture.packets,
        );
      }
      seen.push((await host.exec("ip -s link show lo")).stdout);
    });
    return seen;
  };
  assertEquals(await once(), await once());
});

Deno.test("arbitrary octets at the server's door are the end of that connection only", () =>
  onHost(async (host, network) => {
    using server = host.sshd({ users: { root: "secret" } });
    let state = 1;
    for (let round = 0; round < 40; round++) {
      const conn = await host.connect({ hostname: "127.0.0.1", port: 22 });
      const octets = Uint8Array.from(
        { length: 1 + round * 20 },
        () => (state = (state * 1103515245 + 12345) >>> 0) >>> 16,
      );
      const opening = new TextEncoder().encode("SSH-2.0-x\r\n");
      if (round % 2 === 1) await conn.write(opening);
      await conn.write(octets);
      await network.clock.sleep(10);
      conn.close();
    }
    assertEquals((await host.exec(`ssh -q ${NEW} localhost hostname`, { stdin: "secret\n" })).stdout, "ubuntu-host\n");
    assertEquals(server.counters.connections, 41);
  }));

Deno.test("bad words are answered as OpenSSH does", () =>
  onHost(async (host) => {
    const said = async (command: string) => {
      const { stderr, code } = await host.exec(command);
      return [code, stderr];
    };
    assertEquals(await said("ssh -p 99999 x"), [255, "Bad port '99999'\n"]);
    assertEquals(await said("ssh -o Foo=bar x"), [255, "command-line: line 0: Bad configuration option: foo\r\n"]);
    const [code, text] = await said("ssh -Z x");
    assertEquals(code, 255);
    assertMatch(String(text), /^unknown option -- Z\r\nusage: ssh \[-46/);
    assertMatch(String((await said("ssh"))[1]), /^usage: ssh \[-46/);
  }));

Deno.test("SHA-512 crypt gives what crypt(3) gives", async () => {
  const { sha512Crypt } = await import("../../src/ssh/crypt.ts");
  // The vectors of its specification.
  assertEquals(
    sha512Crypt("Hello world!", "$6$saltstring"),
    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
  );
  assertEquals(
    sha512Crypt("Hello world!", "$6$rounds=10000$saltstringsaltstring"),
    "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
  );
});

Deno.test("sshd() says what is missing where a network was not given SSH", async () => {
  const { startSshd, onSshd } = await import("../../src/network/ssh_door.ts");
  assertEquals(typeof startSshd, "function");
  assertEquals(typeof onSshd, "function");
  using network = new Network();
  const host = network.host("a");
  using _one = host.sshd();
  assertThrows(() => host.sshd(), Deno.errors.AddrInUse);
  assertEquals(NetworkUsageError.name, "NetworkUsageError");
});

Deno.test("a terminal's login has a prompt, an echo, and Ctrl-C for what runs", async () => {
  using network = new Network({ seed: 7 });
  const host = network.host("ubuntu-host");
  await network.run(async () => {
    using _server = host.sshd({ users: { root: "secret" }, banner: "Hello\n" });
    const child = new host.Command("ssh", { args: ["-t", "-q", ...NEW.split(" "), "root@localhost"], stdin: "piped" })
      .spawn();
    const writer = child.stdin.getWriter();
    const type = async (text: string) => {
      await writer.write(new TextEncoder().encode(text));
      await network.clock.sleep(1000);
    };
    await type("secret\n");
    await type("sleep 1000\r");
    await type("\x03");
    await type("echo $?; exit 4\r");
    const { code, stdout } = await child.output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "Hello\r\nroot@ubuntu-host:~# sleep 1000\r\n^C\r\nroot@ubuntu-host:~# echo $?; exit 4\r\n130\r\nlogout\r\n",
    );
    assertEquals(code, 4);
  });
});

Deno.test("examples/ssh_login.sh is the article's login as scenario text", async () => {
  const script = await Deno.readTextFile(new URL("../../examples/ssh_login.sh", import.meta.url));
  using network = new Network();
  await network.run(async () => {
    const { stdout, stderr, code } = await network.machine.exec(script);
    assertEquals({ stdout, code }, { stdout: `${MOTD}ubuntu-host\n`, code: 0 });
    assertStringIncludes(stderr, "root@localhost's password: \n");
  });
});
