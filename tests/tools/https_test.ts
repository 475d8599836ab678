/** `curl` and `wget` over TLS, in the words of curl 7.88.1 (OpenSSL 3.0) and Wget 1.21.3 (GnuTLS) against the same faults. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Host, Network } from "../../mod.ts";

interface Setting {
  readonly web: Host;
  readonly client: Host;
  readonly net: Network;
  /** Standard output, standard error, exit code. */
  run(command: string): Promise<[string, string, number]>;
}

async function setting(body: (setting: Setting) => Promise<void>): Promise<void> {
  using net = new Network({ seed: 6 });
  const [web, client] = [net.host("web"), net.host("client")];
  net.veth([web, "eth0", "10.0.0.1/24"], [client, "eth0", "10.0.0.2/24"]);
  client.hosts.add("10.0.0.1", "web");
  client.hosts.add("10.0.0.1", "other");
  const run = async (command: string): Promise<[string, string, number]> => {
    const { stdout, stderr, code } = await client.exec(command);
    return [stdout, stderr, code];
  };
  await net.run(() => body({ web, client, net, run }));
}

const HINT = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
`;

Deno.test("a trusted server is spoken to, on one connection as long as it lasts", async () => {
  await setting(async ({ web, net, run }) => {
    const server = web.serve({ port: 443, ...net.ca().issue(["web", "10.0.0.1"]) }, () => new Response("hi\n"));
    assertEquals(await run("curl -sS https://web/ https://10.0.0.1/"), ["hi\nhi\n", "", 0]);
    assertEquals(
      await run(
        'curl -s -o /dev/null -o /dev/null -w "%{scheme} %{ssl_verify_result} %{num_connects}\\n" https://web/ https://web/',
      ),
      [
        "HTTPS 0 1\nHTTPS 0 0\n",
        "",
        0,
      ],
    );
    assertEquals(await run("wget -qO- https://web/ https://web/"), ["hi\nhi\n", "", 0]);
    const [, told] = await run("curl -sv https://web/");
    for (
      const line of [
        "* ALPN: offers http/1.1",
        "*  CAfile: /etc/ssl/certs/ca-certificates.crt",
        "* SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256",
        '*  subjectAltName: host "web" matched cert\'s "web"',
        "*  SSL certificate verify ok.",
      ]
    ) assertStringIncludes(told, `${line}\n`);
    await server.shutdown();
  });
});

Deno.test("an authority that is unknown ends it, unless the user says so or names the authority", async () => {
  await setting(async ({ web, client, run }) => {
    using other = new Network({ seed: 7 });
    const ca = other.ca();
    const server = web.serve({ port: 443, ...ca.issue(["web"]) }, () => new Response("hi\n"));
    client.files.write("/ca.pem", ca.cert);
    client.files.write("/text", "nothing");
    const words = "curl: (60) SSL certificate problem: unable to get local issuer certificate\n";
    assertEquals(await run("curl -sS https://web/"), ["", words + HINT, 60]);
    assertEquals(await run("curl -s https://web/"), ["", "", 60]);
    assertEquals(await run("curl -sSk https://web/"), ["hi\n", "", 0]);
    assertEquals(await run('curl -sk -o /dev/null -w "%{ssl_verify_result}" https://web/'), ["20", "", 0]);
    assertEquals(await run("curl -sS --cacert /ca.pem https://web/"), ["hi\n", "", 0]);
    for (const file of ["/none", "/text"]) {
      const said = `curl: (77) error setting certificate file: ${file}\n`;
      assertEquals(await run(`curl -sS --cacert ${file} https://web/`), ["", said, 77]);
    }
    const complaint = (level: string, name: string) =>
      `${level}: The certificate of ‘${name}’ is not trusted.\n${level}: The certificate of ‘${name}’ doesn't have a known issuer.\n`;
    assertEquals(await run("wget -nv -O- https://web/"), ["", complaint("ERROR", "web"), 5]);
    assertEquals((await run("wget -q -O- --ca-certificate=/ca.pem https://web/"))[0], "hi\n");
    assertStringIncludes(
      (await run("wget -O- --ca-certificate=/ca.pem https://web/"))[1],
      "Loaded CA certificate '/ca.pem'\n",
    );
    const [body, said, code] = await run("wget -O- --no-check-certificate https://other/");
    assertEquals([body, code], ["hi\n", 0]);
    assertStringIncludes(
      said,
      `connected.\n${
        complaint("WARNING", "other")
      }The certificate's owner does not match hostname ‘other’\nHTTP request`,
    );
    await server.shutdown();
  });
});

Deno.test("another's certificate, one that has ended, one that has not begun", async () => {
  await setting(async ({ web, net, run }) => {
    const ca = net.ca();
    const expect = async (certificate: { cert: string; key: string }, curl: string, wget: string) => {
      const server = web.serve({ port: 443, ...certificate }, () => new Response("hi\n"));
      assertEquals(await run("curl -sS https://web/"), ["", `curl: (60) ${curl}\n${HINT}`, 60]);
      assertEquals(await run("wget -nv -O- https://web/"), ["", wget, 5]);
      await server.shutdown();
    };
    await expect(
      ca.issue(["x.test"]),
      "SSL: no alternative certificate subject name matches target host name 'web'",
      "The certificate's owner does not match hostname ‘web’\n",
    );
    const whose = "ERROR: The certificate of ‘web’";
    await expect(
      ca.issue(["web"], { until: new Date(Date.UTC(2024, 0, 1)) }),
      "SSL certificate problem: certificate has expired",
      `${whose} is not trusted.\n${whose} has expired.\nThe certificate has expired\n`,
    );
    await expect(
      ca.issue(["web"], { from: new Date(Date.UTC(2040, 0, 1)) }),
      "SSL certificate problem: certificate is not yet valid",
      `${whose} is not trusted.\n${whose} is not yet activated.\nThe certificate has not yet been activated\n`,
    );
  });
});

Deno.test("servers that speak no TLS, object, go, or say nothing", async () => {
  await setting(async ({ web, run }) => {
    const failed = "Unable to establish SSL connection.\n";
    const expect = async (answer: string | null, curl: string, wget: string) => {
      const listener = web.listen({ port: 443 });
      const serving = (async () => {
        for await (const conn of listener) {
          await conn.read(new Uint8Array(2000));
          if (answer !== null) await conn.write(Uint8Array.from(answer, (c) => c.charCodeAt(0)));
          conn.close();
        }
      })();
      assertEquals(await run("curl -sS https://web/"), ["", `curl: (35) ${curl}\n`, 35]);
      assertEquals(await run("wget -nv -O- https://web/"), ["", `GnuTLS: ${wget}\n${failed}`, 4]);
      listener.close();
      await serving;
    };
    await expect(
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number",
      "An unexpected TLS packet was received.",
    );
    await expect(
      "\x15\x03\x03\x00\x02\x02\x28",
      "OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure",
      "A TLS fatal alert has been received.\nGnuTLS: received alert [40]: Handshake failed",
    );
    await expect(
      null,
      "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to web:443 ",
      "The TLS connection was non-properly terminated.",
    );
    const silent = web.listen({ port: 443 });
    assertEquals(await run("curl -sS --connect-timeout 0.4 https://web/"), [
      "",
      "curl: (28) SSL connection timeout\n",
      28,
    ]);
    const late = "curl: (28) Connection timed out after 400 milliseconds\n";
    assertEquals(await run("curl -sS -m 0.4 https://web/"), ["", late, 28]);
    assertEquals(await run("wget -nv -T 1 -O- https://web/"), ["", failed, 4]);
    silent.close();
  });
});
