/**
 * The article's web server for a browser of this machine: `deno run --allow-net examples/web_server_browser.ts [PORT]`, and open
 * the address that it prints. The page shows the namespace's own ifconfig. Ctrl-C ends it.
 */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1, clock: "real" });
const host = net.host("ubuntu-host");
const other = net.host("other");
net.veth([host, "eth0", "192.33.136.6/24"], [other, "eth0", "192.33.136.7/24"]);

const style = "body{font:16px sans-serif;margin:2em}pre{background:#f3f3f3;padding:1em;border-radius:6px}";
const server = host.serve({ port: 80, onListen() {} }, async (request) => {
  if (new URL(request.url).pathname !== "/") return new Response("Not Found", { status: 404 });
  const { stdout } = await host.exec("ifconfig");
  const text = stdout.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const page =
    `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${host.hostname()}</title><style>${style}</style>
<h1>It works</h1><p>You reached <b>${host.hostname()}</b>, which exists in one JavaScript process only.</p>
<pre>$ ifconfig
${text}</pre></html>`;
  return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
});
const door = net.publish(host, { port: 80, to: { port: Number(Deno.args[0] ?? 8080) } });
console.log(`http://${door.addr.hostname}:${door.addr.port}/`);
await net.run(() => server.finished);
