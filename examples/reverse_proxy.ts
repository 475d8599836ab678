/** A reverse proxy with two back ends, of which one fails: it is passed over until it answers again. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const [client, proxy, one, two] = ["client", "proxy", "one", "two"].map((name) => net.host(name));
net.veth([client, "eth0", "10.0.0.2/24"], [proxy, "front", "10.0.0.1/24"], { delay: "5ms" });
net.veth([proxy, "back1", "10.1.1.1/24"], [one, "eth0", "10.1.1.2/24"]);
const cable = net.veth([proxy, "back2", "10.1.2.1/24"], [two, "eth0", "10.1.2.2/24"]);

await net.run(async () => {
  const servers = [one, two].map((host) => host.serve({ port: 80 }, () => new Response(`from ${host.name}`)));
  const backends = ["http://10.1.1.2", "http://10.1.2.2"];
  let turn = 0;
  servers.push(proxy.serve({ port: 80 }, async (request) => {
    const { pathname } = new URL(request.url);
    for (let i = 0; i < backends.length; i++) {
      const backend = backends[turn++ % backends.length];
      try {
        return await proxy.fetch(backend + pathname, { signal: net.clock.timeoutSignal(500) });
      } catch {
        console.log(`        proxy: ${backend} does not answer`);
      }
    }
    return new Response("no back end", { status: 502 });
  }));

  const ask = async () => {
    const start = net.clock.now();
    const response = await client.fetch("http://10.0.0.1/");
    console.log(`${response.status} ${await response.text()} (${(net.clock.now() - start).toFixed(1)} ms)`);
  };
  for (let i = 0; i < 3; i++) await ask();
  console.log("-- the cable to two is cut");
  cable.cut();
  for (let i = 0; i < 3; i++) await ask();
  console.log("-- and mended");
  cable.mend();
  for (let i = 0; i < 3; i++) await ask();
  for (const server of servers.reverse()) await server.shutdown();
});
