/** Code written for `Deno` takes a namespace instead: each member is assignable to Deno's own type. Checked by the compiler. */
import { Network } from "../../mod.ts";

Deno.test("a namespace's members have Deno's types", () => {
  using net = new Network();
  const ns = net.host("host");
  const _connect: typeof Deno.connect = ns.connect;
  const _listen: typeof Deno.listen = ns.listen;
  const _listenDatagram: typeof Deno.listenDatagram = ns.listenDatagram;
  const _networkInterfaces: typeof Deno.networkInterfaces = ns.networkInterfaces;
  const _hostname: typeof Deno.hostname = ns.hostname;
  const _connectTls: typeof Deno.connectTls = ns.connectTls;
  const _listenTls: typeof Deno.listenTls = ns.listenTls;
  const _startTls: typeof Deno.startTls = ns.startTls;
  const _serve: typeof Deno.serve = ns.serve;
  const _resolveDns: typeof Deno.resolveDns = ns.resolveDns;
  const _upgradeWebSocket: typeof Deno.upgradeWebSocket = ns.upgradeWebSocket;
  const _fetch: typeof fetch = ns.fetch;
  const _WebSocket: typeof WebSocket = ns.WebSocket;
  const _Command: typeof Deno.Command = ns.Command;
  const _members: Pick<
    typeof Deno,
    | "connect"
    | "listen"
    | "listenDatagram"
    | "connectTls"
    | "listenTls"
    | "startTls"
    | "networkInterfaces"
    | "hostname"
    | "serve"
    | "resolveDns"
    | "upgradeWebSocket"
  > = ns;
});
