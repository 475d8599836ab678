/** `nstat` of iproute2 6.1: the counters of the namespace, and what they grew by since the last call. */
import { KernelError } from "../wire/errno.ts";
import { OptionParser } from "./getopt.ts";
import type { Process } from "./process.ts";

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help           this message
   -a, --ignore         ignore history
   -d, --scan=SECS      sample every statistics every SECS
   -j, --json           format output in JSON
   -n, --nooutput       do history only
   -p, --pretty         pretty print
   -r, --reset          reset history
   -s, --noupdate       don't update history
   -t, --interval=SECS  report average over the last SECS
   -V, --version        output version information
   -z, --zeros          show entries with zero activity
`;

/** nstat keeps what it saw here. */
const HISTORY = "/tmp/.nstat.u0";

const LONG = [
  { name: "help", option: "h" },
  { name: "ignore", option: "a" },
  { name: "scan", argument: 1, option: "d" },
  { name: "nooutput", option: "n" },
  { name: "json", option: "j" },
  { name: "reset", option: "r" },
  { name: "noupdate", option: "s" },
  { name: "pretty", option: "p" },
  { name: "interval", argument: 1, option: "t" },
  { name: "version", option: "V" },
  { name: "zeros", option: "z" },
] as const;

/** Counters that are settings: they are left out. */
const SETTINGS = ["IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn"];

/** All counters in the order of the files. */
function counters(process: Process): Map<string, number> {
  const all = new Map<string, number>();
  const pairs = (path: string): void => {
    const lines = process.files.readText(path).split("\n").filter((line) => line !== "");
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const [title, names] = lines[i].split(":", 2);
      const values = lines[i + 1].slice(lines[i + 1].indexOf(":") + 1).trim().split(/\s+/);
      names.trim().split(/\s+/).forEach((name, at) => {
        if (!SETTINGS.includes(title + name)) all.set(title + name, Number(values[at]));
      });
    }
  };
  pairs("/proc/net/snmp");
  for (const line of process.files.readText("/proc/net/snmp6").split("\n")) {
    const [name, value] = line.trim().split(/\s+/);
    if (value !== undefined) all.set(name, Number(value));
  }
  pairs("/proc/net/netstat");
  return all;
}

function history(process: Process): Map<string, number> {
  try {
    const lines = process.files.readText(historyPath(process)).split("\n");
    return new Map(
      lines.filter((line) => line !== "").map((line) => {
        const [name, value] = line.split(" ");
        return [name, Number(value)];
      }),
    );
  } catch (error) {
    if (error instanceof KernelError) return new Map();
    throw error;
  }
}

/** One a namespace: the counters are its own. */
function historyPath(process: Process): string {
  return `${HISTORY}.${process.namespace.id}`;
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(name);
}

export function nstat(process: Process): number {
  const flags = new Set<string>();
  const complain = (sentence: string): void => process.stderr.write(sentence + "\n");
  const parser = new OptionParser("nstat", process.args, "h?vVzrnasd:t:jp", complain, LONG);
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    if (parsed.option === "V" || parsed.option === "v") {
      process.stdout.write("nstat utility, iproute2-6.1.0\n");
      return 0;
    }
    if (parsed.option === "h" || parsed.option === "?") {
      (parsed.option === "h" ? process.stdout : process.stderr).write(USAGE);
      return parsed.option === "h" ? 0 : 255;
    }
    flags.add(parsed.option);
  }
  const now = counters(process);
  const before = flags.has("a") || flags.has("r") ? new Map<string, number>() : history(process);
  const patterns = parser.operands;
  if (!flags.has("n")) {
    const shown: [string, number][] = [];
    for (const [name, value] of now) {
      const growth = value - (before.get(name) ?? 0);
      if (growth === 0 && !flags.has("z")) continue;
      if (patterns.length > 0 && !patterns.some((pattern) => matches(pattern, name))) continue;
      shown.push([name, growth]);
    }
    process.stdout.write(flags.has("j") ? json(shown, flags.has("p")) : table(shown));
  }
  if (!flags.has("s")) {
    process.files.makeDirectory("/tmp", { parents: true });
    process.files.write(historyPath(process), [...now].map(([name, value]) => `${name} ${value}\n`).join(""));
  }
  return 0;
}

function table(shown: readonly [string, number][]): string {
  return "#kernel\n" + shown.map(([name, value]) => `${name.padEnd(32)}${String(value).padEnd(18)} 0.0\n`).join("");
}

function json(shown: readonly [string, number][], pretty: boolean): string {
  return JSON.stringify({ kernel: Object.fromEntries(shown) }, null, pretty ? 4 : undefined) + "\n";
}
