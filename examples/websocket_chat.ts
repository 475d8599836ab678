/** A chat over WebSocket between two hosts, with a router between each of them and the server. */
import { Network } from "@netns/emulator";

using net = new Network({ seed: 1 });
const [ada, bob, router, server] = ["ada", "bob", "router", "server"].map((name) => net.host(name));
net.veth([ada, "eth0", "10.0.1.2/24"], [router, "eth1", "10.0.1.1/24"], { delay: "10ms" });
net.veth([bob, "eth0", "10.0.2.2/24"], [router, "eth2", "10.0.2.1/24"], { delay: "30ms" });
net.veth([server, "eth0", "10.0.3.2/24"], [router, "eth3", "10.0.3.1/24"], { delay: "1ms" });

await net.run(async () => {
  await router.exec("sysctl -qw net.ipv4.ip_forward=1");
  for (const [host, gateway] of [[ada, "10.0.1.1"], [bob, "10.0.2.1"], [server, "10.0.3.1"]] as const) {
    await host.exec(`ip route add default via ${gateway}`);
    host.hosts.add("10.0.3.2", "chat.test");
  }

  const members = new Set<WebSocket>();
  const chat = server.serve({ port: 80 }, (request) => {
    const { socket, response } = server.upgradeWebSocket(request);
    socket.onopen = () => members.add(socket);
    socket.onclose = () => members.delete(socket);
    socket.onmessage = (event) => members.forEach((member) => member.send(event.data));
    return response;
  });

  const join = (host: typeof ada) => {
    const socket = new host.WebSocket("ws://chat.test/");
    socket.onmessage = (event) =>
      console.log(`${net.clock.now().toFixed(1).padStart(6)} ms  ${host.name} hears: ${event.data}`);
    return new Promise<WebSocket>((resolve) => socket.onopen = () => resolve(socket));
  };
  const [a, b] = await Promise.all([join(ada), join(bob)]);
  a.send("ada: is anybody here?");
  await net.clock.sleep(200);
  b.send("bob: I am, thirty milliseconds away");
  await net.clock.sleep(200);
  for (const socket of [a, b]) {
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  }
  await chat.shutdown();
});
