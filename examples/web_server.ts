/** The article's web server, tried on the same machine: the page shows the machine's own `ifconfig`. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const host = net.host("ubuntu-host");

await net.run(async () => {
  const server = host.serve({ port: 80, hostname: "127.0.0.1" }, async () => {
    const { stdout } = await host.exec("ifconfig");
    return new Response(`<h1>It works!</h1>\n<pre>${stdout}</pre>\n`, { headers: { "content-type": "text/html" } });
  });
  const page = await host.fetch("http://localhost/");
  console.log(`fetch: ${page.status} ${page.headers.get("content-type")}\n${await page.text()}`);
  await server.shutdown();
});
