/** The programs of `/bin` and `/sbin`, by name. */
import { arp } from "./arp/main.ts";
import { arping } from "./arping.ts";
import { bridge } from "./bridge/main.ts";
import { curl } from "./curl/curl.ts";
import { dig } from "./dns/dig.ts";
import { host } from "./dns/host.ts";
import { nslookup } from "./dns/nslookup.ts";
import { httpServer, python } from "./http_server/http_server.ts";
import { ifconfig } from "./ifconfig/main.ts";
import { ip } from "./ip/main.ts";
import { iperf3 } from "./iperf3/iperf3.ts";
import { nc } from "./nc/nc.ts";
import { netstat } from "./netstat/netstat.ts";
import { nft } from "./nft/main.ts";
import { nstat } from "./nstat.ts";
import { socat } from "./nc/socat.ts";
import { ss } from "./ss/ss.ts";
import { ping as pingProgram } from "./ping/ping.ts";
import { handling, type Tool } from "./process.ts";
import { route } from "./route/main.ts";
import { standardTools } from "./standard.ts";
import { tc } from "./tc/main.ts";
import { wget } from "./wget/wget.ts";
import { tcpdump } from "./tcpdump/tcpdump.ts";
import { tracepath } from "./tracepath.ts";
import { traceroute } from "./traceroute/traceroute.ts";

const ping = handling(pingProgram, "SIGINT");

export const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ...standardTools,
  ["arp", arp],
  ["arping", handling(arping, "SIGINT")],
  ["tracepath", tracepath],
  ["traceroute", traceroute],
  ["traceroute6", traceroute],
  ["bridge", bridge],
  ["curl", curl],
  ["dig", dig],
  ["host", host],
  ["http-server", handling(httpServer, "SIGINT")],
  ["ifconfig", ifconfig],
  ["ip", ip],
  ["iperf3", handling(iperf3, "SIGINT", "SIGTERM", "SIGHUP")],
  ["ping", ping],
  ["nslookup", nslookup],
  ["python3", handling(python, "SIGINT")],
  ["route", route],
  ["tc", tc],
  ["ping4", ping],
  ["ping6", ping],
  ["nc", nc],
  ["netcat", nc],
  ["netstat", netstat],
  ["nft", nft],
  ["nstat", nstat],
  ["socat", socat],
  ["ss", ss],
  ["tcpdump", handling(tcpdump, "SIGINT", "SIGTERM", "SIGHUP")],
  ["wget", wget],
]);
