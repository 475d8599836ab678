/** `ip netconf`: what the sysctls of interfaces say (`ip/ipnetconf.c`). */
import type { SysctlEntry } from "../../ip/host.ts";
import { type Arguments, CommandError, matches, usage } from "./arguments.ts";
import type { Session } from "./session.ts";
import { NETCONF_USAGE } from "./usage.ts";

export function netconf(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "help")) usage(NETCONF_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip netconf help".\n`, 255);
}

type Conf = (name: string) => number;

function show(session: Session, args: Arguments): number {
  const { out, options } = session;
  let device: string | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "dev") {
      device = args.value();
      session.device(device);
    } else usage(NETCONF_USAGE);
  }
  const entries = session.namespace.sysctls();
  const families = options.family === "unspec" ? ["inet", "inet6"] : [options.family];
  const names = device !== null
    ? [device]
    : [...[...session.namespace.interfaces].map(({ name }) => name), "all", "default"];
  out.begin();
  for (const family of families) {
    for (const name of names) print(session, family, name, reader(entries, family, name));
  }
  out.end();
  return 0;
}

/** Reads `net.ipv4.conf.NAME.KEY`; 0 where there is none. */
function reader(entries: SysctlEntry[], family: string, name: string): Conf {
  const start = `net/ipv${family === "inet" ? 4 : 6}/conf/${name}/`;
  return (key) => Number(entries.find(({ path }) => path === start + key)?.read() ?? 0);
}

function print(session: Session, family: string, name: string, conf: Conf): void {
  const { out } = session;
  const flag = (key: string, value: number) => out.put(key, value !== 0, `${key} ${value ? "on" : "off"} `);
  out.openObject();
  out.put("family", family, `${family} `);
  out.put("interface", name, `${name} `, "ifname");
  flag("forwarding", conf("forwarding"));
  if (family === "inet") {
    const mode = ["off", "strict", "loose"][conf("rp_filter")] ?? "off";
    out.put("rp_filter", mode, `rp_filter ${mode} `);
  }
  flag("mc_forwarding", conf("mc_forwarding"));
  flag("proxy_neigh", conf(family === "inet" ? "proxy_arp" : "proxy_ndp"));
  flag("ignore_routes_with_linkdown", conf("ignore_routes_with_linkdown"));
  out.text("\n");
  out.closeObject();
}
